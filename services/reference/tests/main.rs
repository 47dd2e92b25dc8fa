//! The reference data, held to its sources.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod coverage;
mod import;
mod search;
mod shared;
mod shared_data;
