//! The whole platform in stories: what stories share.

pub mod browser;
pub mod site;

pub use reqwest;
