//! What this service hears and says.

pub(crate) mod announce;
pub(crate) mod consume;
pub(crate) mod publish;
