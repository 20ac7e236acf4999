//! The settings of a hospital, by area. Every default is the published page's, or customary where the page is silent.

mod contact;
mod faults;

use serde::{Deserialize, Serialize};

use crate::access::SessionLimits;
use crate::appointments::AppointmentSettings;
use crate::billing::{BankAccount, BillingSettings, Issuer};
use crate::calendar::CalendarSettings;
use crate::consents::ConsentSettings;
use crate::intake::items::IntakeSettings;
use crate::review::ReviewSettings;
use crate::visitors::VisitSettings;
use crate::written::OpinionSettings;
pub use contact::Contact;
pub(crate) use faults::Faults;
pub use faults::SettingFault;

/// The settings of the hospital.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HospitalSettings {
    /// The needs of an application.
    pub intake: IntakeSettings,
    /// Consents, and the form that the patient signs.
    pub consents: ConsentSettings,
    /// The days on which the hospital is closed besides the usual ones.
    pub calendar: CalendarSettings,
    /// Appointments, and the day of the visit.
    pub appointments: AppointmentSettings,
    /// The texts for those who visit.
    pub visits: VisitSettings,
    /// How an application is decided on.
    pub review: ReviewSettings,
    /// Estimates, invoices and payments.
    pub billing: BillingSettings,
    /// The written opinion.
    pub opinions: OpinionSettings,
    /// How long sessions last.
    pub sessions: SessionLimits,
    /// International Services, whom a declined applicant may ask (seed).
    pub contact: Contact,
}

impl HospitalSettings {
    /// Settings without a usable default: JSON Pointers to those that an administrator has still to enter before the hospital receives people.
    pub fn not_entered(&self) -> Vec<&'static str> {
        let open = [
            (self.billing.bank == BankAccount::default(), "/billing/bank"),
            (self.billing.issuer == Issuer::default(), "/billing/issuer"),
            (self.contact == Contact::default(), "/contact"),
        ];
        open.into_iter().filter(|(is_open, _)| *is_open).map(|(_, pointer)| pointer).collect()
    }

    /// All faults of the settings; none if they make sense together.
    pub fn faults(&self) -> Vec<SettingFault> {
        let mut faults = Faults::default();
        self.intake.check(&mut faults);
        self.calendar.check(&mut faults);
        self.consents.check(&mut faults);
        self.appointments.check(&mut faults);
        self.visits.check(&mut faults);
        self.review.check(&mut faults);
        self.billing.check(&mut faults);
        self.opinions.check(&mut faults);
        for pointer in self.sessions.faults() {
            faults.unless(false, pointer, "time_out_of_range");
        }
        self.contact.check(&mut faults);
        faults.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::DeclineCode;

    #[test]
    fn the_defaults_make_sense_and_are_the_published_figures() {
        let settings = HospitalSettings::default();
        assert_eq!(settings.faults(), []);
        assert_eq!((settings.opinions.due_from_days, settings.opinions.due_to_days), (7, 10));
        assert!(!settings.review.decline_reasons.contains(&DeclineCode::TransferWish), "this service is for people who wish treatment");
    }

    #[test]
    fn each_fault_is_named() {
        let mut settings = HospitalSettings::default();
        settings.opinions.due_from_days = 11;
        settings.billing.short_payment_tolerance = -1;
        settings.billing.issuer = Issuer { registration_number: "T1234567890123".into(), name: "Hospital".into(), ..Issuer::default() };
        settings.billing.bank = BankAccount { swift: "EXAMJPJ".into(), number: " ".into(), ..BankAccount::default() };
        let pointers: Vec<&str> = settings.faults().iter().map(|fault| fault.pointer).collect();
        assert_eq!(
            pointers,
            [
                "/billing/short_payment_tolerance",
                "/billing/bank/bank",
                "/billing/bank/branch",
                "/billing/bank/swift",
                "/billing/bank/number",
                "/billing/bank/holder",
                "/billing/issuer/address",
                "/billing/issuer/registration_number",
                "/opinions/due_to_days"
            ]
        );
    }

    #[test]
    fn what_no_default_can_know_is_to_be_entered() {
        let settings = HospitalSettings::default();
        assert_eq!(settings.not_entered(), ["/billing/bank", "/billing/issuer", "/contact"]);
        assert!(!settings.billing.can_invoice());
    }

    #[test]
    fn a_setting_that_is_absent_has_its_default() {
        assert_eq!(serde_json::from_str::<HospitalSettings>("{}").unwrap(), HospitalSettings::default());
        let one: HospitalSettings = serde_json::from_str(r#"{"billing": {"quote_valid_days": 14}}"#).unwrap();
        assert_eq!((one.billing.quote_valid_days, one.billing.payment_expires_after_days), (14, 30));
    }
}
