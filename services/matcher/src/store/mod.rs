//! All SQL of the matcher, one file per aggregate.

pub(crate) mod changes;
pub(crate) mod erased;
pub(crate) mod looks;
pub(crate) mod marks;
pub(crate) mod openings;
pub(crate) mod profiles;
pub(crate) mod proposals;

/// Task codes of many rows in one bound array: codes have no spaces, and `unnest` does not take
/// arrays of arrays.
fn joined<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
    codes.into_iter().collect::<Vec<_>>().join(" ")
}

/// A number from a column whose values we wrote ourselves.
fn number<T: TryFrom<i16>>(value: i16) -> Result<T, sqlx::Error>
where
    T::Error: std::error::Error + Send + Sync + 'static,
{
    T::try_from(value).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// A name from a column whose values we wrote ourselves.
fn named<T>(what: &str, name: &str, find: impl Fn(&str) -> Option<T>) -> Result<T, sqlx::Error> {
    find(name).ok_or_else(|| sqlx::Error::Decode(format!("no {what} is called {name}").into()))
}

/// Names from a list that we wrote ourselves.
fn all_named<T>(
    what: &str,
    names: &[String],
    find: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, sqlx::Error> {
    names.iter().map(|name| named(what, name, &find)).collect()
}
