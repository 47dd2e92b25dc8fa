//! What intake tells. It hears nothing.

pub mod publish;
