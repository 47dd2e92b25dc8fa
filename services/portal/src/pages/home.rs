//! The first page: three doors and a postcode.

use askama::Template;

use crate::pages::Layout;
use crate::pages::work::OpeningCard;

/// `/`
#[derive(Debug, Clone, Template)]
#[template(path = "home.html")]
pub struct Home {
    /// What every page shares.
    pub l: Layout,
    /// The postcode that was given before (from a cookie), or empty.
    pub postcode: String,
    /// Up to three openings near that postcode.
    pub nearby: Vec<OpeningCard>,
}
