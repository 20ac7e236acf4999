//! How hard a password is to guess, by a kept estimator.

use domain::people::{EmailAddress, PersonName};
use domain::settings::HospitalSettings;
use zxcvbn::{Score, zxcvbn};

/// Words that somebody who knows the person and the hospital would try.
#[derive(Clone, Debug, Default)]
pub struct Known(Vec<String>);

impl Known {
    /// Those that everybody knows of a hospital.
    pub fn of_hospital(settings: &HospitalSettings) -> Self {
        Self::default()
            .with("second opinion")
            .with("correct horse battery staple")
            .with("correcthorsebatterystaple")
            .with(&settings.billing.issuer.name)
            .with(&settings.contact.name)
            .with(&settings.contact.email)
    }

    /// With a text and each of its words.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 2);
        self.0.extend(words.map(str::to_lowercase));
        self.0.push(text.to_lowercase());
        self
    }

    /// A password without these words, in lower case. The longest go first.
    fn taken_out_of(&self, password: &str) -> String {
        let mut words: Vec<&str> = self.0.iter().map(String::as_str).filter(|word| word.chars().count() > 2).collect();
        words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
        words.iter().fold(password.to_lowercase(), |left, word| left.replace(word, ""))
    }

    /// With a person's address and the forms of their name.
    #[must_use]
    pub fn with_person(self, address: &EmailAddress, name: Option<&PersonName>) -> Self {
        name.into_iter().flat_map(PersonName::forms).fold(self.with(address.as_str()), Self::with)
    }
}

/// How many characters the estimator looks at: what follows only makes a password stronger, and the work grows faster than the length.
const LOOKED_AT: usize = 40;

/// Whether the estimator gives its best mark: to the password, and to what is left of it without the words that are known. It takes
/// milliseconds: not for the threads that serve.
pub(super) fn is_best(password: &str, known: &Known) -> bool {
    let words: Vec<&str> = known.0.iter().map(String::as_str).collect();
    let is_best = |text: &str| {
        let start: String = text.chars().take(LOOKED_AT).collect();
        zxcvbn(&start, &words).score() == Score::Four
    };
    is_best(password) && is_best(&known.taken_out_of(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_a_person_does_not_make_a_password() {
        let name = PersonName::new(Some("Wilhelmina Oberstaller".into()), None, None).unwrap();
        let address = "wilhelmina.oberstaller@example.org".parse().unwrap();
        let settings = HospitalSettings::default();
        let known = Known::of_hospital(&settings).with_person(&address, Some(&name));
        for guessable in [
            "wilhelmina-oberstaller-1",
            "wilhelmina.oberstaller@example",
            "example.org.wilhelmina",
            "Correct Horse Battery Staple",
            "WilhelminaOberstaller",
            "wilhelmina.oberstaller@example.org",
            "Oberstaller2026!",
            "internationalservices",
        ] {
            assert!(!is_best(guessable, &known), "{guessable}");
        }
        assert!(is_best("plum tree in the rain", &known));
    }
}
