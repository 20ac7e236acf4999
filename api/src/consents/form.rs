//! The consent form, filled in, as a page that prints on A4.

use std::sync::LazyLock;

use application::{Error, Fault};
use askama::Template;
use domain::case::{Case, Refusal, Rules};
use domain::consents::{ConsentForm, ConsentKind, ConsentSettings};
use domain::people::{LanguageTag, PersonName, PostalAddress};

use crate::http::messages::{Language, Messages};
use crate::http::reply::Reply;

/// The forms that are part of the program.
static BUILT_IN: LazyLock<Vec<ConsentForm>> = LazyLock::new(|| {
    let texts = [include_str!("../../messages/consent-forms/en.json"), include_str!("../../messages/consent-forms/ja.json")];
    texts.into_iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
});

/// What is asked for.
pub(super) struct Wanted<'a> {
    /// The language, if one is named.
    pub(super) language: Option<&'a LanguageTag>,
    /// The language of the request.
    pub(super) reader: Language,
    /// The kind of consent.
    pub(super) kind: ConsentKind,
    /// The name of the agency.
    pub(super) agency: Option<&'a str>,
}

/// A text in the language of the form, and in Japanese for the hospital's people where that is another.
struct Both {
    own: String,
    japanese: Option<String>,
}

impl Both {
    /// The same with the days for which a consent holds.
    fn with_days(self, days: u16) -> Self {
        let put = |text: String| text.replace("{days}", &days.to_string());
        Self { own: put(self.own), japanese: self.japanese.map(put) }
    }
}

#[derive(Template)]
#[template(path = "consent-form.html")]
struct FormPage<'a> {
    language: &'a str,
    /// The hospital's name; empty until it is entered.
    hospital: &'a str,
    case_label: String,
    case: &'a str,
    version: &'a str,
    title: Both,
    patient: Both,
    patient_lines: Vec<String>,
    named: Both,
    names: Vec<String>,
    sections: Vec<Both>,
    signature: Both,
    legal_representative: Both,
    legal_lines: Vec<String>,
    translator: Both,
    hospital_use: Both,
}

/// The page.
///
/// # Errors
/// A language that the hospital has not added.
pub(super) fn page(case: &Case, rules: &Rules<'_>, messages: &Messages, wanted: &Wanted<'_>) -> Result<Reply, Error> {
    let form = form_in(case, rules, wanted)?;
    let japanese =
        Language::Japanese.as_str().parse().ok().and_then(|tag| find(rules, &tag)).filter(|other| other.language != form.language);
    let both = |text: fn(&ConsentForm) -> &str| Both { own: text(form).to_owned(), japanese: japanese.map(|other| text(other).to_owned()) };
    let is_for_agency = wanted.kind == ConsentKind::AgencyDisclosure;
    let application = case.application();
    let patient = &application.patient;
    let mut patient_lines: Vec<String> = patient.name.iter().flat_map(PersonName::forms).map(str::to_owned).collect();
    patient_lines.extend(patient.birth_on.map(|day| day.to_string()));
    patient_lines.extend(patient.address.as_ref().map(in_one_line));
    patient_lines.extend(patient.phone.as_ref().map(ToString::to_string));
    patient_lines.extend(patient.email.as_ref().map(ToString::to_string));
    let labels = if form.language.primary() == Language::Japanese.as_str() { Language::Japanese } else { Language::English };
    let label = |relation: &str| messages.label(labels, "relation_to_patient", relation);
    let visitors = application.representatives.iter().filter(|one| case.consent_for(one, rules).is_some());
    let names = visitors.map(|one| {
        let forms: Vec<&str> = one.name.forms().collect();
        let relation = one.relation.map(|relation| format!(" ({})", label(relation.as_str()))).unwrap_or_default();
        format!("{}{relation}", forms.join(" / "))
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() && !is_for_agency {
        // Only family visits.
        return Err(Error::Refused(Refusal::NoConsentNeeded));
    }
    let legal = patient.legal_representative.as_ref();
    let legal_lines = legal.map(|one| {
        let forms: Vec<&str> = one.name.forms().collect();
        let ground = messages.label(labels, "legal_ground", one.ground.as_str());
        vec![format!("{}: {ground}", forms.join(" / "))]
    });
    let sections: Vec<fn(&ConsentForm) -> &str> = if is_for_agency {
        vec![|form| form.agency_purpose.as_str(), |form| form.records.as_str(), |form| form.abroad.as_str(), |form| form.validity.as_str()]
    } else {
        vec![
            |form| form.purpose.as_str(),
            |form| form.may_be_told.as_str(),
            |form| form.records.as_str(),
            |form| form.recipients.as_str(),
            |form| form.abroad.as_str(),
            |form| form.understandings.as_str(),
            |form| form.validity.as_str(),
        ]
    };
    let shown = FormPage {
        hospital: &rules.settings.billing.issuer.name,
        case_label: messages.label(labels, "consent_form", "application"),
        language: form.language.as_str(),
        case: case.number(),
        version: form.version.as_str(),
        title: if is_for_agency { both(|form| form.agency_title.as_str()) } else { both(|form| form.title.as_str()) },
        patient: both(|form| form.patient.as_str()),
        patient_lines,
        named: if is_for_agency { both(|form| form.agency.as_str()) } else { both(|form| form.representatives.as_str()) },
        names: if is_for_agency { wanted.agency.map(str::to_owned).into_iter().collect() } else { names },
        sections: sections.into_iter().map(both).map(|section| section.with_days(rules.settings.consents.valid_days)).collect(),
        signature: both(|form| form.signature.as_str()),
        legal_representative: both(|form| form.legal_representative.as_str()),
        legal_lines: legal_lines.unwrap_or_default(),
        translator: both(|form| form.translator.as_str()),
        hospital_use: both(|form| form.hospital_use.as_str()),
    };
    let html = shown.render().map_err(|_| Error::Internal("the consent form could not be written"))?;
    Ok(Reply::page(html, &form.language))
}

/// The languages in which there is a form.
pub(crate) fn languages(settings: &ConsentSettings) -> Vec<LanguageTag> {
    let own = settings.forms.iter().map(|form| form.language.clone());
    let built_in = BUILT_IN.iter().map(|form| form.language.clone());
    own.clone().chain(built_in.filter(|language| own.clone().all(|other| other != *language))).collect()
}

/// The form in the language that is asked for; else in the patient's, or the reader's.
fn form_in<'a>(case: &Case, rules: &'a Rules<'_>, wanted: &Wanted<'_>) -> Result<&'a ConsentForm, Error> {
    if let Some(language) = wanted.language {
        return find(rules, language).ok_or_else(|| Error::Invalid(vec![Fault::at("/query/language", "not_a_choice")]));
    }
    let patient = case.application().patient.language.as_ref().and_then(|language| find(rules, language));
    let reader = || wanted.reader.as_str().parse().ok().and_then(|language: LanguageTag| find(rules, &language));
    patient.or_else(reader).ok_or(Error::Internal("no consent form"))
}

/// The form in a language: the hospital's own, or one that is built in.
fn find<'a>(rules: &'a Rules<'_>, language: &LanguageTag) -> Option<&'a ConsentForm> {
    let own = rules.settings.consents.form_in(language);
    own.or_else(|| BUILT_IN.iter().find(|form| form.language.primary() == language.primary()))
}

fn in_one_line(address: &PostalAddress) -> String {
    let lines = address.lines.iter().map(ToString::to_string);
    let rest = [&address.city, &address.region, &address.postal_code].into_iter().flatten().map(ToString::to_string);
    lines.chain(rest).chain([address.country.to_string()]).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_program_can_be_read_and_are_of_one_version() {
        let languages: Vec<&str> = BUILT_IN.iter().map(|form| form.language.as_str()).collect();
        assert_eq!(languages, ["en", "ja"]);
        assert_eq!(BUILT_IN[0].version, BUILT_IN[1].version);
    }
}
