//! People in view of staff: the open file, people who want a job and the answers to them, contact data
//! shown once.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use proto::matcher::EmployerAnswer;

use crate::pages::posting::PersonCard;
use crate::pages::work::support_name;
use crate::pages::{Choice, Layout, Pager};
use crate::texts::Texts;

/// What an employer answers, in the words that she reads.
pub fn answer_words(t: Texts, answer: EmployerAnswer) -> String {
    t.get(match answer {
        EmployerAnswer::Meet => "answer-meet",
        EmployerAnswer::NoPlaces => "answer-no-places",
        EmployerAnswer::Times => "answer-times",
        EmployerAnswer::Requirement => "answer-requirement",
    })
}

/// Someone who wants a job. Field `antwoord`.
#[derive(Debug, Clone, PartialEq)]
pub struct InterestLine {
    /// Where an answer goes, and below it where her contact data are asked.
    pub href: String,
    /// The job's title.
    pub job: String,
    /// The job's page.
    pub job_href: String,
    /// The employer's name.
    pub employer: String,
    /// What may be known of her.
    pub person: PersonCard,
    /// When she said yes.
    pub at: NaiveDate,
    /// Before which moment to answer.
    pub answer_by: NaiveDateTime,
    /// Whether that moment has passed.
    pub overdue: bool,
    /// What was answered, and when.
    pub answer: Option<(EmployerAnswer, NaiveDate)>,
}

impl InterestLine {
    /// Whether the employer wants to meet her, so that her contact data can be asked.
    pub fn meets(&self) -> bool {
        matches!(self.answer, Some((EmployerAnswer::Meet, _)))
    }

    /// "Antwoord: Ja, wij willen kennismaken. Gezegd op maandag 7 december."
    pub fn answer_words(&self, t: Texts) -> Option<String> {
        let (answer, on) = self.answer?;
        Some(t.two("interest-answered", "answer", answer_words(t, answer), "date", t.date(on)))
    }

    /// The answers that say "not now".
    pub fn not_now(&self, t: Texts) -> Vec<(&'static str, String)> {
        [EmployerAnswer::NoPlaces, EmployerAnswer::Times, EmployerAnswer::Requirement]
            .into_iter()
            .map(|answer| (answer.name(), answer_words(t, answer)))
            .collect()
    }
}

/// `/bedrijf/interesse` and `/interesse`: who wants to work here, who waits longest first.
#[derive(Debug, Clone, Template)]
#[template(path = "interest.html")]
pub struct InterestList {
    /// What every page shares.
    pub l: Layout,
    /// Whether the reader is an account manager: then the employer stands with each line.
    pub by_manager: bool,
    /// This page of them.
    pub rows: Vec<InterestLine>,
    /// How many in all.
    pub total: u64,
    /// Where in the list.
    pub pager: Pager,
    /// The address with answered ones too, or only those that wait; empty when there is no choice.
    pub other: String,
    /// Whether only those that wait are shown.
    pub only_open: bool,
}

/// Contact data of someone who looks for work: shown once, as an answer, and in no address.
#[derive(Debug, Clone, Template)]
#[template(path = "reach.html")]
pub struct ReachPage {
    /// What every page shares.
    pub l: Layout,
    /// The page to go back to.
    pub back: String,
    /// Her code.
    pub code: String,
    /// Whether it was asked because she shared it with the employer, rather than by an adviser.
    pub shared: bool,
    /// Her name, her number or address, what she likes best; `None` when she did not give it.
    pub reach: Option<Reached>,
    /// Where an adviser confirms from what she lives (field `uitkering`); empty for others.
    pub confirm: String,
    /// What there is to confirm.
    pub benefits: Vec<Choice>,
}

/// How to reach someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Her name or nickname.
    pub name: String,
    /// Her number or address; empty for someone who gets letters.
    pub contact: String,
    /// A number of somebody who knows where she is, and whose it is, for who calls it; empty for others.
    pub second: String,
    /// What she likes best.
    pub channel: String,
    /// What she wants her adviser to know; empty for others.
    pub remark: String,
}

/// Someone in the open file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Her code.
    pub code: String,
    /// Where an account manager asks for her contact data; empty for others.
    pub href: String,
    /// Whole kilometres.
    pub km: u16,
    /// The municipality.
    pub municipality: String,
    /// Tasks she likes, in words.
    pub tasks: Vec<String>,
    /// "Alles mag."
    pub any_task: bool,
    /// Hours, times, languages, licences in words.
    pub facts: Vec<String>,
    /// From when.
    pub from: String,
    /// What is arranged for her, as far as she lets it be seen.
    pub support: Vec<proto::work::Support>,
}

impl PersonRow {
    /// What she likes to do, in one line.
    pub fn task_words(&self, t: Texts) -> String {
        if self.any_task { t.get("open-file-any-task") } else { t.list(&self.tasks) }
    }

    /// The chips: facts first, then what is arranged.
    pub fn chips(&self, t: Texts) -> Vec<String> {
        let arranged = self.support.iter().map(|support| support_name(t, *support));
        self.facts.iter().cloned().chain(arranged).collect()
    }
}

/// `/bedrijf/mensen` and `/mensen`: the open file around a place, nearest first. Fields `vestiging` or
/// `postcode`, `km`, `groep`.
#[derive(Debug, Clone, Template)]
#[template(path = "open_file.html")]
pub struct OpenFile {
    /// What every page shares.
    pub l: Layout,
    /// Where the search goes: the page's own address.
    pub action: String,
    /// The sites to choose from; empty for account managers, who type a postcode.
    pub sites: Vec<Choice>,
    /// The postcode as typed.
    pub postcode: String,
    /// How far.
    pub distances: Vec<Choice>,
    /// The groups of tasks.
    pub groups: Vec<Choice>,
    /// What was found; `None` before a place is known.
    pub found: Option<FoundPeople>,
}

/// People around a place.
#[derive(Debug, Clone)]
pub struct FoundPeople {
    /// The place name.
    pub place: String,
    /// How many people agreed to be seen there.
    pub total: u64,
    /// This page of them, nearest first.
    pub rows: Vec<PersonRow>,
    /// Where in the list.
    pub pager: Pager,
}

impl OpenFile {
    /// The distances to choose from, in km.
    pub fn distances(t: Texts, chosen: u16) -> Vec<Choice> {
        [5_u16, 10, 20, 40]
            .into_iter()
            .map(|km| Choice::new(&km.to_string(), t.one("openings-within", "km", km), km == chosen))
            .collect()
    }

    /// Whether the reader is an account manager.
    pub fn by_manager(&self) -> bool {
        self.sites.is_empty()
    }
}
