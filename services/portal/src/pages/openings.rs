//! Openings near a postcode, and one opening, for everyone.

use askama::Template;

use crate::pages::queue::QueuePart;
use crate::pages::seeker::{Choosing, Said};
use crate::pages::work::{OpeningCard, OpeningDetail};
use crate::pages::{Choice, Layout, Pager};

/// What was found around a postcode.
#[derive(Debug, Clone)]
pub struct Found {
    /// The place name of the postcode.
    pub place: String,
    /// Within so many kilometres.
    pub km: u16,
    /// How many openings there are within that distance.
    pub total: u64,
    /// This page of them, nearest first.
    pub cards: Vec<OpeningCard>,
    /// When there are none: the nearest three outside.
    pub outside: Vec<OpeningCard>,
    /// Where in the list.
    pub pager: Pager,
}

/// `/werk`: the postcode goes into a cookie by a post, never into the address.
#[derive(Debug, Clone, Template)]
#[template(path = "openings.html")]
pub struct Openings {
    /// What every page shares.
    pub l: Layout,
    /// The postcode as typed or kept.
    pub postcode: String,
    /// How far: 5, 10, 20, 50 km (field `km`).
    pub distances: Vec<Choice>,
    /// What was found; `None` before a postcode was given.
    pub found: Option<Found>,
}

impl Openings {
    /// The distances on offer, with the chosen one.
    pub fn distances(t: crate::texts::Texts, chosen: u16) -> Vec<Choice> {
        [5, 10, 20, 50]
            .into_iter()
            .map(|km: u16| Choice::new(&km.to_string(), t.one("openings-within", "km", km), km == chosen))
            .collect()
    }
}

/// `/werk/{id}`
#[derive(Debug, Clone, Template)]
#[template(path = "opening.html")]
pub struct OpeningPage {
    /// What every page shares.
    pub l: Layout,
    /// All it says.
    pub o: OpeningDetail,
    /// Whether it is not shown for a while: then nobody can say that she wants it.
    pub paused: bool,
    /// The same for search engines, safe inside a script element; empty for one that is paused.
    pub markup: String,
    /// What someone who is signed in can say, when it stands on her list or she said something about it.
    pub choosing: Option<Choosing>,
    /// The line that people stand in, instead of choosing.
    pub queue: Option<QueuePart>,
}

/// `/werk/{id}` after it closed (410), with what else is near.
#[derive(Debug, Clone, Template)]
#[template(path = "opening_gone.html")]
pub struct OpeningGone {
    /// What every page shares.
    pub l: Layout,
    /// Up to three others.
    pub nearby: Vec<OpeningCard>,
}

impl Found {
    /// "38 banen binnen 10 km van Almere"
    pub fn heading(&self, t: crate::texts::Texts) -> String {
        t.with("openings-found", &[("count", &self.total), ("km", &self.km), ("place", &self.place)])
    }
}
