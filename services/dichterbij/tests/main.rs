//! The program as an operator meets it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod demo;
mod reference;
mod schemas;
mod verbs;
