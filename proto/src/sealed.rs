//! Personal data in transit: readable by one service only.

use std::{fmt, marker::PhantomData};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A `T` encrypted to one service's public key (an anonymous X25519 sealed box).
///
/// The chassis opens and closes it; everything in between, a stray stream or a trace included,
/// holds nothing readable. The plain text is the JSON of `T`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Sealed<T> {
    /// The box in base64.
    pub base64: String,
    #[serde(skip)]
    #[schemars(skip)]
    content: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// Wraps a finished box. Only the chassis makes these.
    pub fn from_base64(base64: String) -> Self {
        Self { base64, content: PhantomData }
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self::from_base64(self.base64.clone())
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}
