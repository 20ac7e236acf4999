//! Schemas of texts that have no type of their own in the domain.

use utoipa::ToSchema;

macro_rules! texts {
    ($($(#[$attributes:meta])* $name:ident;)*) => {$(
        #[derive(ToSchema)]
        $(#[$attributes])*
        #[expect(dead_code, reason = "a schema of the document; the value is a secret or a file")]
        pub(crate) struct $name(String);
    )*};
}

texts! {
    /// A password.
    #[schema(format = Password, min_length = 1, max_length = 256)]
    PasswordText;
    /// A new password of 15 to 256 characters. No rules of composition; ones that are easy to guess are refused.
    #[schema(format = Password, min_length = 15, max_length = 256)]
    NewPasswordText;
    /// A file's or a bank's reference: one line.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    Reference;
    /// A page of HTML for people: it brings its own style, and loads and runs nothing.
    PrintedForm;
    /// An entry for a calendar (RFC 5545).
    CalendarEntry;
    /// Bytes.
    #[schema(format = Binary)]
    FileBytes;
}
