//! A job-seeker's own pages: her work, her details, her yes and no.

use askama::Template;
use chrono::NaiveDate;
use proto::intake::Purpose;
use proto::work::Means;

use crate::pages::work::{OpeningCard, OpeningDetail, ReasonLine, means_icon, means_name};
use crate::pages::{Choice, Layout, Pager};
use crate::texts::Texts;

/// How far the search for her work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkState {
    /// The matcher has not caught up with her profile yet: the page looks again by itself.
    Searching,
    /// There is work.
    Found,
    /// Nothing within reach.
    Nothing,
}

/// One question that would give more work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoreTask {
    /// Where it is asked.
    pub href: &'static str,
    /// Its words.
    pub label: String,
    /// Whether it was answered.
    pub done: bool,
}

/// `/mijn` Mijn werk
#[derive(Debug, Clone, Template)]
#[template(path = "my_work.html")]
pub struct MyWork {
    /// What every page shares.
    pub l: Layout,
    /// Her name as she gave it.
    pub name: String,
    /// Whether she just registered.
    pub welcome: bool,
    /// How far the search is.
    pub state: WorkState,
    /// How many openings fit in all.
    pub total: u32,
    /// This page of them, best first, with reasons.
    pub proposals: Vec<OpeningCard>,
    /// Where in the list.
    pub pager: Pager,
    /// While searching, and while nothing fits: openings nearby, without reasons.
    pub nearby: Vec<OpeningCard>,
    /// Questions that would give more work.
    pub more: Vec<MoreTask>,
}

impl MyWork {
    /// How many questions are open.
    pub fn open_questions(&self) -> usize {
        self.more.iter().filter(|task| !task.done).count()
    }

    /// The questions, with what was answered.
    pub fn more(t: Texts, travel: bool, tasks: bool, when: bool) -> Vec<MoreTask> {
        vec![
            MoreTask { href: "/mijn/gegevens/vervoer", label: t.get("mywork-more-travel"), done: travel },
            MoreTask { href: "/mijn/gegevens/wat", label: t.get("mywork-more-tasks"), done: tasks },
            MoreTask { href: "/mijn/gegevens/wanneer", label: t.get("mywork-more-hours"), done: when },
        ]
    }
}

/// `/mijn/voorstel/{id}`
#[derive(Debug, Clone, Template)]
#[template(path = "proposal.html")]
pub struct ProposalPage {
    /// What every page shares.
    pub l: Layout,
    /// The opening.
    pub o: OpeningDetail,
    /// Why it fits, and what to look at.
    pub reasons: Vec<ReasonLine>,
}

/// `/mijn/gegevens`
#[derive(Debug, Clone, Template)]
#[template(path = "my_details.html")]
pub struct MyDetails {
    /// What every page shares.
    pub l: Layout,
    /// Her name.
    pub name: String,
    /// Her telephone number or e-mail address.
    pub contact: String,
    /// What she likes best, in words.
    pub channel: String,
    /// Her postcode as typed.
    pub postcode: String,
    /// The place name of it.
    pub place: String,
    /// What she likes, in words.
    pub tasks: Vec<String>,
    /// When she can work, in words; empty if not told.
    pub dayparts: String,
    /// Hours a week in words; empty if not told.
    pub hours: String,
    /// How far and how she travels, in words; empty if not told.
    pub travel: String,
}

impl MyDetails {
    /// The words, or that it was not told yet.
    pub fn or_not_told(&self, words: &str) -> String {
        if words.is_empty() { self.l.t.get("details-not-told") } else { words.to_owned() }
    }
}

/// One purpose on the page of yes and no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentLine {
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Since when.
    pub since: NaiveDate,
    /// Which text she saw.
    pub text_version: String,
}

/// `/mijn/toestemming`. Each line posts `doel` and `geef` (`ja` or `nee`).
#[derive(Debug, Clone, Template)]
#[template(path = "my_consent.html")]
pub struct MyConsent {
    /// What every page shares.
    pub l: Layout,
    /// Every purpose, in the order of the form.
    pub lines: Vec<ConsentLine>,
}

/// `/mijn/gegevens/vervoer`. Fields `vervoer` and `km`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_travel.html")]
pub struct EditTravel {
    /// What every page shares.
    pub l: Layout,
    /// By which means.
    pub means: Vec<Choice>,
    /// How far.
    pub distances: Vec<Choice>,
}

impl EditTravel {
    /// The means to choose from.
    pub fn means(t: Texts, chosen: Option<Means>) -> Vec<Choice> {
        Means::ALL
            .into_iter()
            .map(|means| {
                Choice::new(means.name(), means_name(t, means), chosen == Some(means)).icon(means_icon(means))
            })
            .collect()
    }

    /// The distances to choose from, in kilometres.
    pub fn distances(t: Texts, chosen: Option<u8>) -> Vec<Choice> {
        [3, 5, 10, 20, 40]
            .into_iter()
            .map(|km: u8| Choice::new(&km.to_string(), t.one("travel-up-to", "km", km), chosen == Some(km)))
            .collect()
    }
}
