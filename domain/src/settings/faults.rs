//! Faults of settings.

/// A setting that makes no sense: where, and which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFault {
    /// JSON Pointer into the settings.
    pub pointer: &'static str,
    /// Stable code of the rule.
    pub code: &'static str,
}

/// Collects the faults of an area.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub(super) Vec<SettingFault>);

impl Faults {
    /// Notes a fault unless the rule holds.
    pub(crate) fn unless(&mut self, holds: bool, pointer: &'static str, code: &'static str) {
        if !holds {
            self.0.push(SettingFault { pointer, code });
        }
    }

    /// Notes a number of days that is none, or beyond ten years.
    pub(crate) fn days(&mut self, days: u16, pointer: &'static str) {
        self.unless((1..=3650).contains(&days), pointer, "days_out_of_range");
    }

    /// Notes a text that says nothing.
    pub(crate) fn said(&mut self, text: &str, pointer: &'static str) {
        self.unless(!text.trim().is_empty(), pointer, "too_short");
    }
}
