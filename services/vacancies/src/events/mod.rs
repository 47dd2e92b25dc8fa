//! What others hear of this service. It hears nothing of others.

pub mod announce;
pub mod publish;
