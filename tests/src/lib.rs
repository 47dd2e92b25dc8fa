//! The whole platform in stories: what stories share.

pub mod browser;
pub mod faults;
pub mod installation;
pub mod site;
#[cfg(feature = "faults")]
pub mod simulator;

pub use reqwest;
