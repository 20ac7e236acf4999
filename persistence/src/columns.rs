//! Column types that are native on both engines, so that one `table!` serves two databases:
//!
//! | type | `PostgreSQL` | `SQLite` | Rust |
//! |---|---|---|---|
//! | [`Uid`] | `uuid` | 16 bytes `BLOB` | [`uuid::Uuid`], [`domain::ids::Id`] |
//! | [`Instant`] | `timestamptz` | `INTEGER`, microseconds since 1970 | [`jiff::Timestamp`] |
//! | [`Day`] | `date` | `TEXT`, `2026-11-23` | [`jiff::civil::Date`] |

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow, Queryable};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Integer, SqlType};
use diesel::sqlite::{Sqlite, SqliteValue};
use domain::ids::{Id, IdKind};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// An identifier.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
pub struct Uid;

/// An instant, to the microsecond.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Long"))]
pub struct Instant;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1082, array_oid = 1182), sqlite_type(name = "Text"))]
pub struct Day;

/// A value on its way into a query: `users::id.eq(Bind(id))`. Diesel's own traits cannot be given to other crates' types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Uid, sql_type = Instant, sql_type = Day)]
pub(crate) struct Bind<T: std::fmt::Debug>(pub(crate) T);

impl<T, ST, DB> FromSql<ST, DB> for Bind<T>
where
    T: FromSql<ST, DB> + std::fmt::Debug,
    DB: Backend,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        T::from_sql(value).map(Self)
    }
}

/// Lets another crate's type come out of rows as it is.
macro_rules! comes_from {
    ($sql:ty, $rust:ty $(, $generic:ident: $bound:path)?) => {
        impl<$($generic: $bound)?> Queryable<$sql, Pg> for $rust {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
        impl<$($generic: $bound)?> Queryable<$sql, Sqlite> for $rust {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

comes_from!(Uid, Uuid);
comes_from!(Uid, Id<K>, K: IdKind);
comes_from!(Instant, Timestamp);
comes_from!(Day, Date);

fn write_bytes(out: &mut Output<'_, '_, Pg>, bytes: &[u8]) -> serialize::Result {
    std::io::Write::write_all(out, bytes)?;
    Ok(IsNull::No)
}

impl ToSql<Uid, Pg> for Bind<Uuid> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write_bytes(out, self.0.as_bytes())
    }
}

impl ToSql<Uid, Sqlite> for Bind<Uuid> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl FromSql<Uid, Pg> for Uuid {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_slice(value.as_bytes())?)
    }
}

impl FromSql<Uid, Sqlite> for Uuid {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::from_slice(value.read_blob())?)
    }
}

impl<K: IdKind> ToSql<Uid, Pg> for Bind<Id<K>> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write_bytes(out, self.0.uuid().as_bytes())
    }
}

impl<K: IdKind> ToSql<Uid, Sqlite> for Bind<Id<K>> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl<K: IdKind> FromSql<Uid, Pg> for Id<K> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<Uid, Pg>>::from_sql(value).map(Self::from_uuid)
    }
}

impl<K: IdKind> FromSql<Uid, Sqlite> for Id<K> {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<Uid, Sqlite>>::from_sql(value).map(Self::from_uuid)
    }
}

/// Microseconds from 1970, `SQLite`'s zero here, to 2000, `PostgreSQL`'s.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

impl ToSql<Instant, Pg> for Bind<Timestamp> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write_bytes(out, &(self.0.as_microsecond() - POSTGRES_EPOCH).to_be_bytes())
    }
}

impl ToSql<Instant, Sqlite> for Bind<Timestamp> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_microsecond());
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let since_2000 = <i64 as FromSql<BigInt, Pg>>::from_sql(value)?;
        let since_1970 = since_2000.checked_add(POSTGRES_EPOCH).ok_or("an infinite instant")?;
        Ok(Self::from_microsecond(since_1970)?)
    }
}

impl FromSql<Instant, Sqlite> for Timestamp {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::from_microsecond(value.read_long())?)
    }
}

/// `PostgreSQL` counts days from here.
const POSTGRES_DAY_ZERO: Date = jiff::civil::date(2000, 1, 1);

impl ToSql<Day, Pg> for Bind<Date> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write_bytes(out, &self.0.since(POSTGRES_DAY_ZERO)?.get_days().to_be_bytes())
    }
}

impl ToSql<Day, Sqlite> for Bind<Date> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<Day, Pg> for Date {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let days = <i32 as FromSql<Integer, Pg>>::from_sql(value)?;
        Ok(POSTGRES_DAY_ZERO.checked_add(jiff::Span::new().try_days(days)?)?)
    }
}

impl FromSql<Day, Sqlite> for Date {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(value.read_text().parse()?)
    }
}
