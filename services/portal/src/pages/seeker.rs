//! A job-seeker's own pages: her work, one proposal, her details.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::intake::{ReferralState, Wishes};
use proto::matcher::{EmployerAnswer, NotForMe};
use proto::work::Means;

use crate::domain::own_fit::OwnFit;
use crate::pages::profile::{cannot_name, need_name};
use crate::pages::queue::QueuePart;
use crate::pages::ticket::TicketLine;
use crate::pages::work::{
    OpeningCard, OpeningDetail, ReasonLine, day_list, means_icon, means_name, self_check_words,
};
use crate::pages::{Choice, Layout, Pager};
use crate::texts::Texts;

/// How far the search for her work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkState {
    /// She did not tell where she lives and what she wants.
    NotTold,
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

/// What an employer has to say to someone who wants a job of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The employer's name.
    pub employer: String,
    /// Before which moment it answers, and whether that moment has passed.
    pub answer_by: Option<(NaiveDateTime, bool)>,
    /// What it answered, and on which day.
    pub answer: Option<(EmployerAnswer, NaiveDate)>,
    /// Until which day the employer may see her name and contact, if she shared them.
    pub shared_until: Option<NaiveDate>,
}

impl Wanted {
    /// How it stands: "De Linde antwoordt voor dinsdag 24 november om 18:00 uur."
    pub fn words(&self, t: Texts) -> String {
        let employer = &self.employer;
        match (&self.answer, &self.answer_by) {
            (Some((EmployerAnswer::Meet, _)), _) => t.one("wanted-answer-meet", "employer", employer),
            (Some((EmployerAnswer::NoPlaces, _)), _) => {
                t.one("wanted-answer-no-places", "employer", employer)
            }
            (Some((EmployerAnswer::Times, _)), _) => t.one("wanted-answer-times", "employer", employer),
            (Some((EmployerAnswer::Requirement, _)), _) => {
                t.one("wanted-answer-requirement", "employer", employer)
            }
            (None, Some((by, false))) => {
                t.two("wanted-waiting", "employer", employer, "moment", t.moment(*by))
            }
            (None, Some((_, true))) => t.one("wanted-overdue", "employer", employer),
            (None, None) => t.one("wanted-waiting-open", "employer", employer),
        }
    }

    /// Whether the employer wants to meet, so that she decides about her name and number.
    pub fn asks_contact(&self) -> bool {
        matches!(self.answer, Some((EmployerAnswer::Meet, _))) && self.shared_until.is_none()
    }
}

/// What she said to an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing yet.
    Nothing,
    /// "Ik wil dit."
    Wanted(Wanted),
    /// "Niets voor mij."
    NotForMe,
}

/// An opening that she wanted, on her page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedLine {
    /// The page of the proposal.
    pub href: String,
    /// The job's name, or that it is gone.
    pub title: String,
    /// How it stands.
    pub wanted: Wanted,
}

/// A referral to a desk, on her page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralLine {
    /// For the button.
    pub id: String,
    /// The desk.
    pub desk: String,
    /// Where it stands, in words.
    pub state: String,
    /// Whether it can be taken back.
    pub open: bool,
}

/// Where a referral stands, in words.
pub fn referral_words(t: Texts, state: ReferralState, answer_by: NaiveDateTime) -> String {
    match state {
        ReferralState::Open => t.one("refer-open", "moment", t.moment(answer_by)),
        ReferralState::NotReached => t.one("refer-not-reached", "moment", t.moment(answer_by)),
        ReferralState::Spoken => t.get("refer-spoken"),
        ReferralState::Closed => t.get("refer-closed"),
        ReferralState::Withdrawn => t.get("refer-withdrawn"),
    }
}

/// That she pauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// The day on which she takes part again by herself.
    pub until: Option<NaiveDate>,
    /// Whether it came because she did not answer.
    pub by_silence: bool,
}

impl Paused {
    /// "U staat op pauze tot 1 maart 2027."
    pub fn words(&self, t: Texts) -> String {
        match (self.until, self.by_silence) {
            (_, true) => t.get("paused-by-silence"),
            (Some(day), false) => t.one("paused-until", "date", t.date_year(day)),
            (None, false) => t.get("paused-open"),
        }
    }
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
    /// Whether she takes part now.
    pub paused: Option<Paused>,
    /// Whether we ask if she still looks for work.
    pub still_looking: bool,
    /// Whether there is a second record that may be hers.
    pub duplicate: bool,
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
    /// Openings that she wants, newest first.
    pub wanted: Vec<WantedLine>,
    /// Her places in line, an offer first.
    pub tickets: Vec<TicketLine>,
    /// Her referrals to desks, newest first.
    pub referrals: Vec<ReferralLine>,
    /// Questions that would give more work.
    pub more: Vec<MoreTask>,
}

impl MyWork {
    /// How many questions are open.
    pub fn open_questions(&self) -> usize {
        self.more.iter().filter(|task| !task.done).count()
    }

    /// Work that waits for her yes or no.
    pub fn offered(&self) -> Option<&TicketLine> {
        self.tickets.iter().find(|line| line.is_offered())
    }

    /// The first employer that wants to meet her and may not see her name yet.
    pub fn asks_contact(&self) -> Option<&WantedLine> {
        self.wanted.iter().find(|line| line.wanted.asks_contact())
    }

    /// The questions that give more work, with what was answered.
    pub fn more(t: Texts, wishes: &Wishes) -> Vec<MoreTask> {
        let task = |href, label, done| MoreTask { href, label: t.get(label), done };
        vec![
            task("/mijn/gegevens/vervoer", "mywork-more-travel", wishes.travel.is_some()),
            task("/mijn/gegevens/wat", "mywork-more-tasks", wishes.any_task || !wishes.tasks.is_empty()),
            task(
                "/mijn/gegevens/wanneer",
                "mywork-more-hours",
                wishes.hours.is_some() && !wishes.dayparts.is_empty() && !wishes.days.is_empty(),
            ),
            task("/mijn/gegevens/talen", "mywork-more-languages", !wishes.languages.is_empty()),
            task("/mijn/gegevens/papieren", "mywork-more-licences", !wishes.licences.is_empty()),
        ]
    }
}

/// `/mijn/voorstel/{id}`. Posts `keuze` (`wil`, `niet`, `terug`) and `reden`; `/contact` below it posts
/// `mag` (`ja`, `nee`).
#[derive(Debug, Clone, Template)]
#[template(path = "proposal.html")]
pub struct ProposalPage {
    /// What every page shares.
    pub l: Layout,
    /// The opening.
    pub o: OpeningDetail,
    /// Why it fits, and what to look at; empty when it stands on her list no more.
    pub reasons: Vec<ReasonLine>,
    /// The same from what only she and we know.
    pub own: Vec<ReasonLine>,
    /// What she can say, or has said.
    pub choosing: Choosing,
    /// The line that people stand in, instead of choosing.
    pub queue: Option<QueuePart>,
}

/// What she can say to an opening on her list, or has said: the same words on every page of that opening.
#[derive(Debug, Clone)]
pub struct Choosing {
    /// What she said.
    pub said: Said,
    /// The address of the opening as a proposal to her, where the answers go.
    pub href: String,
    /// What the employer sees when she says yes: what, and its value in words.
    pub seen: Vec<(String, String)>,
    /// Why not, if she wants to say.
    pub reasons_not: Vec<Choice>,
}

impl Choosing {
    /// Reasons for "Niets voor mij".
    pub fn reasons_not(t: Texts) -> Vec<Choice> {
        let choice = |&reason: &NotForMe| {
            let words = match reason {
                NotForMe::TooFar => "not-for-me-too-far",
                NotForMe::Times => "not-for-me-times",
                NotForMe::Tasks => "not-for-me-tasks",
                NotForMe::Pay => "not-for-me-pay",
                NotForMe::Other => "not-for-me-other",
            };
            Choice::new(reason.name(), t.get(words), false)
        };
        NotForMe::ALL.iter().map(choice).collect()
    }
}

/// What only she and we know, in words: a need that is met, something that she said she cannot.
pub fn own_lines(t: Texts, fits: &[OwnFit]) -> Vec<ReasonLine> {
    let line = |fit: &OwnFit| match *fit {
        OwnFit::NeedMet(need) => {
            ReasonLine { fits: true, fact: t.one("own-need-met", "need", need_name(t, need)), way_out: None }
        }
        OwnFit::NeedOpen(need) => mind(t, t.one("own-need-open", "need", need_name(t, need)), "own-need-way"),
        OwnFit::Cannot(cannot, check) => {
            let said = t.one("own-cannot", "cannot", cannot_name(t, cannot));
            mind(t, format!("{said} {}", self_check_words(t, check)), "own-cannot-way")
        }
        OwnFit::DaysMissing(days) => mind(t, t.one("own-days", "days", day_list(t, days)), "own-days-way"),
    };
    fits.iter().map(line).collect()
}

fn mind(t: Texts, fact: String, way_out: &str) -> ReasonLine {
    ReasonLine { fits: false, fact, way_out: Some(t.get(way_out)) }
}

/// A fact of hers that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is.
    pub what: String,
    /// What she said, in words; empty when she did not.
    pub words: String,
    /// Where it is changed.
    pub href: &'static str,
}

/// `/mijn/gegevens`
#[derive(Debug, Clone, Template)]
#[template(path = "my_details.html")]
pub struct MyDetails {
    /// What every page shares.
    pub l: Layout,
    /// Whether she did not tell where she lives and what she wants yet.
    pub not_told: bool,
    /// What she wants and can: seen by employers and advisers as far as she agreed.
    pub work: Vec<Told>,
    /// What only she sees.
    pub own: Vec<Told>,
    /// How she is reached.
    pub reach: Vec<Told>,
    /// Background, kept only for figures.
    pub background: Vec<Told>,
    /// By which channel new work is told each week, in words; `None` for not.
    pub digest: Option<String>,
    /// Whether she has a contact to send to.
    pub may_digest: bool,
}

impl MyDetails {
    /// The words, or that it was not told yet.
    pub fn or_not_told(&self, words: &str) -> String {
        if words.is_empty() { self.l.t.get("details-not-told") } else { words.to_owned() }
    }
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
