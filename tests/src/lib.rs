//! The whole platform in stories: what stories share.

pub mod apart;
pub mod browser;
pub mod faults;
pub mod installation;
pub mod invented;
pub mod lines;
pub mod rush;
#[cfg(feature = "faults")]
pub mod simulator;
pub mod site;

pub use reqwest;
