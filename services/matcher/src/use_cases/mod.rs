//! What the matcher does, one sentence per file.

pub(crate) mod keep_level;
pub(crate) mod record_shown;
pub(crate) mod tidy_up;
