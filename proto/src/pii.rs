//! Personal data that cannot slip out.

use std::fmt;

/// A name, an address, a number: something about one person.
///
/// It has no `Serialize`, its `Debug` shows nothing and it has no `Display`, so it cannot compile
/// into an event, a log line or a URL. Between services it travels only as [`crate::Sealed`].
/// Taking it out is one visible word: [`Pii::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Wraps a value that came from a person.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: for the screen of the person meant, for sending, for encrypting.
    pub fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself, given away.
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pii(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Pii::new("Samira")), "Pii(…)");
    }
}
