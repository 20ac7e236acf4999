//! The texts for those who visit, which the hospital may replace.

use serde::{Deserialize, Serialize};

use crate::people::LongText;
use crate::settings::Faults;

/// Where a visit takes place and how to prepare for it. A text that is null is the built-in one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitSettings {
    /// Where to come, and how.
    pub place: Option<LongText>,
    /// The same in Japanese.
    pub place_ja: Option<LongText>,
    /// What to bring.
    pub to_bring: Option<LongText>,
    /// The same in Japanese.
    pub to_bring_ja: Option<LongText>,
    /// The things to be discussed at the first consultation (seed).
    pub to_be_discussed: Option<LongText>,
    /// The same in Japanese.
    pub to_be_discussed_ja: Option<LongText>,
}

impl VisitSettings {
    pub(crate) fn check(&self, faults: &mut Faults) {
        let pairs = [
            (&self.place, &self.place_ja, "/visits/place_ja"),
            (&self.to_bring, &self.to_bring_ja, "/visits/to_bring_ja"),
            (&self.to_be_discussed, &self.to_be_discussed_ja, "/visits/to_be_discussed_ja"),
        ];
        // Whoever reads the other language would read the built-in text beside the hospital's own.
        for (english, japanese, pointer) in pairs {
            faults.unless(english.is_some() == japanese.is_some(), pointer, "both_languages");
        }
    }
}
