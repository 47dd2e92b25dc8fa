//! Portal: it asks and listens; no service asks it anything.

use crate::CallSpec;

/// Every call this service answers.
pub const CALLS: &[CallSpec] = &[];
