//! The limits of one client. Every figure is a setting; the defaults are here and nowhere else.

use anyhow::bail;
use clap::Args;
use serde::Deserialize;

macro_rules! limits {
    ($($name:ident $env:literal $unit:literal = $default:literal within $least:literal to $most:literal, $text:literal;)*) => {
        /// The limits that were chosen, by flag, environment or in the part `[limits]` of the file.
        #[derive(Args, Clone, Debug, Default, Deserialize, PartialEq, Eq)]
        #[serde(deny_unknown_fields, default)]
        pub struct LimitChoices {
            $(
                #[doc = $text]
                #[arg(long, env = $env, value_name = $unit, help_heading = "Limits", help = concat!($text, " [default: ", $default, "]"))]
                pub $name: Option<u64>,
            )*
        }

        /// The limits that hold.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Limits {
            $(#[doc = $text] pub $name: u64,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl LimitChoices {
            /// These choices, with others behind them.
            #[must_use]
            pub fn or(self, behind: Self) -> Self {
                Self { $($name: self.$name.or(behind.$name),)* }
            }

            /// The limits that hold.
            ///
            /// # Errors
            /// The first limit that is out of its range.
            pub fn resolve(&self) -> anyhow::Result<Limits> {
                $(
                    if let Some(chosen) = self.$name && !($least..=$most).contains(&chosen) {
                        let name = stringify!($name).replace('_', "-");
                        bail!("{name}: {chosen} is not within {} to {}", $least, $most);
                    }
                )*
                Ok(Limits { $($name: self.$name.unwrap_or($default),)* })
            }
        }
    };
}

limits! {
    http_connections "SECOND_OPINION_HTTP_CONNECTIONS" "N" = 2_048 within 16 to 100_000,
        "Connections that clients may keep open in all";
    http_connections_per_source "SECOND_OPINION_HTTP_CONNECTIONS_PER_SOURCE" "N" = 128 within 1 to 100_000,
        "Connections that one source may keep open; those of trusted proxies are not counted";
    head_timeout "SECOND_OPINION_HEAD_TIMEOUT" "SECONDS" = 10 within 1 to 600,
        "How long the head of a request may take, and how long a new connection may be silent";
    idle_timeout "SECOND_OPINION_IDLE_TIMEOUT" "SECONDS" = 75 within 1 to 3_600,
        "How long a connection is kept open between requests: longer than the proxy keeps it";
    body_timeout "SECOND_OPINION_BODY_TIMEOUT" "SECONDS" = 30 within 1 to 3_600,
        "How long a body may take that is no form with a file";
    upload_timeout "SECOND_OPINION_UPLOAD_TIMEOUT" "SECONDS" = 1_200 within 1 to 86_400,
        "How long a form with a file may take";
    write_timeout "SECOND_OPINION_WRITE_TIMEOUT" "SECONDS" = 30 within 1 to 600,
        "How long a client may take no byte of its answer";
    least_rate "SECOND_OPINION_LEAST_RATE" "BYTES" = 1_024 within 1 to 1_048_576,
        "Bytes in a second that a client must send of a body, and take of an answer, while it is waited for";
    least_free_space "SECOND_OPINION_LEAST_FREE_SPACE" "MIB" = 256 within 0 to 1_000_000_000,
        "Free space on the disk of an embedded database, in MiB, below which only the trail and sign-ins are written";
    reserved_space "SECOND_OPINION_RESERVED_SPACE" "MIB" = 64 within 0 to 1_000_000_000,
        "Free space, in MiB, below which nothing is written";
    uploads_per_person "SECOND_OPINION_UPLOADS_PER_PERSON" "N" = 4 within 1 to 1_000,
        "Files that each person may send at once";
    stop_delay "SECOND_OPINION_STOP_DELAY" "SECONDS" = 5 within 0 to 600,
        "How long the server says that it is not ready before it stops: longer than the proxy needs to notice";
    person_rate "SECOND_OPINION_PERSON_RATE" "N" = 100 within 1 to 1_000_000,
        "Requests in a second that each signed-in person may make for long";
    person_burst "SECOND_OPINION_PERSON_BURST" "N" = 500 within 1 to 1_000_000,
        "Requests that each signed-in person may make at once";
    costly_rate "SECOND_OPINION_COSTLY_RATE" "N" = 10 within 1 to 1_000_000,
        "Costly requests in a second that each signed-in person may make for long: files, new cases, letters, passwords, the trail";
    costly_burst "SECOND_OPINION_COSTLY_BURST" "N" = 50 within 1 to 1_000_000,
        "Costly requests that each signed-in person may make at once";
    source_rate "SECOND_OPINION_SOURCE_RATE" "N" = 20 within 1 to 1_000_000,
        "Requests in a second that each source may make for long without a good token";
    source_burst "SECOND_OPINION_SOURCE_BURST" "N" = 100 within 1 to 1_000_000,
        "Requests that each source may make at once without a good token";
    quote_rate "SECOND_OPINION_QUOTE_RATE" "N" = 2 within 1 to 1_000_000,
        "Estimates in a second that each source may ask for";
    quote_burst "SECOND_OPINION_QUOTE_BURST" "N" = 20 within 1 to 1_000_000,
        "Estimates that each source may ask for at once";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_out_of_its_range_is_refused_by_name() {
        let wrong = LimitChoices { head_timeout: Some(0), ..LimitChoices::default() };
        assert_eq!(wrong.resolve().unwrap_err().to_string(), "head-timeout: 0 is not within 1 to 600");
        assert_eq!(LimitChoices::default().resolve().unwrap(), Limits::default());
    }

    #[test]
    fn what_is_chosen_stands_before_what_is_behind() {
        let first = LimitChoices { head_timeout: Some(1), ..LimitChoices::default() };
        let behind = LimitChoices { head_timeout: Some(2), idle_timeout: Some(3), ..LimitChoices::default() };
        let merged = first.or(behind).resolve().unwrap();
        assert_eq!((merged.head_timeout, merged.idle_timeout), (1, 3));
    }
}
