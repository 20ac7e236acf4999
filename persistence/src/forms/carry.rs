//! Carries over the parts that a newer program wrote and this one does not know, into the value that replaces it.

use serde_json::Value;

/// Puts into `new` what `whole` has beyond `known`: keys of objects, and the same within elements of lists that have the same `id`.
pub(super) fn over(whole: &Value, known: &Value, new: &mut Value) {
    match (whole, known, new) {
        (Value::Object(whole), Value::Object(known), Value::Object(new)) => {
            for (key, value) in whole {
                match (known.get(key), new.get_mut(key)) {
                    (Some(known), Some(new)) => over(value, known, new),
                    // Taken away since it was read, or put there by this program.
                    (Some(_), None) | (None, Some(_)) => {}
                    (None, None) => drop(new.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(whole), Value::Array(known), Value::Array(new)) => {
            for new in new {
                let same = |element: &&Value| element.get("id").is_some_and(|id| Some(id) == new.get("id"));
                if let (Some(whole), Some(known)) = (whole.iter().find(same), known.iter().find(same)) {
                    over(whole, known, new);
                }
            }
        }
        _ => {}
    }
}
