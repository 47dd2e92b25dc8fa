//! What the matcher does, one sentence per file.

pub(crate) mod after_restore;
pub(crate) mod answer_interest;
pub(crate) mod forget_seeker;
pub(crate) mod keep_level;
pub(crate) mod mark_proposal;
pub(crate) mod record_shown;
pub(crate) mod tidy_up;
