//! How the domain's values look on the wire, for the OpenAPI document.

use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};

/// The extension of a list that may get more names within a version of the API.
pub const MAY_GROW: &str = "x-may-grow";

/// The schema of a list of names.
pub(crate) fn choices(names: &[&str], docs: &[&str], grows: bool) -> RefOr<Schema> {
    let growth = grows.then(|| ExtensionsBuilder::new().add(MAY_GROW, true).build());
    let list = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .enum_values(Some(names.iter().copied()))
        .description(Some(plain(docs)))
        .extensions(growth);
    list.into()
}

/// The schema of an identifier.
pub(crate) fn identifier(prefix: &str, what: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .pattern(Some(format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$")))
        .description(Some(format!("Identifies {what}; sortable by age.")));
    text.into()
}

/// The schema of a text of one form.
pub(crate) fn text(format: &str, pattern: &str, description: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .format(Some(SchemaFormat::Custom(format.to_owned())))
        .pattern(Some(pattern))
        .description(Some(description));
    text.into()
}

/// The lines of a doc comment as one text.
fn plain(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Describes a list of names.
macro_rules! describe_choices {
    ($name:ident, [$($text:literal),*], [$($doc:literal),*], [$($grows:expr)?]) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let grows: &[&str] = &[$($grows)?];
                $crate::schema::choices(&[$($text),*], &[$($doc),*], !grows.is_empty())
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    };
}
pub(crate) use describe_choices;
