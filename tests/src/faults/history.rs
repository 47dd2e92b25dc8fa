//! What was asked and what was answered.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use proto::{OpeningId, SeekerId, Service, TicketId};
use tokio::time::Instant;
use uuid::Uuid;

use super::explain::{OpeningStep, PairStep, PersonStep};

/// From when on a test gives up.
const STANDS_STILL: Duration = Duration::from_mins(1);

/// How a command ended for who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered: its effect must be there, once.
    Done,
    /// It was refused with this code: no effect of it may be there.
    Refused(String),
    /// Nobody knows: its effect may be there, once at most.
    Unknown,
}

/// One command about one thing, as whoever sent it saw it.
#[derive(Debug, Clone)]
pub struct Step<T> {
    /// What was asked.
    pub what: T,
    /// How it ended.
    pub outcome: Outcome,
}

/// Everything about one thing, in the order in which it was asked: one client acts on a thing, and asks nothing more
/// about it after an answer that it never got.
#[derive(Debug, Clone)]
pub struct Life<T> {
    /// Its id, if that was answered.
    pub id: Option<Uuid>,
    /// What was asked.
    pub steps: Vec<Step<T>>,
}

impl<T> Default for Life<T> {
    fn default() -> Self {
        Self { id: None, steps: Vec::new() }
    }
}

impl<T> Life<T> {
    /// Whether the last answer never came: then nothing more is asked.
    pub fn is_abandoned(&self) -> bool {
        self.steps.last().is_some_and(|step| step.outcome == Outcome::Unknown)
    }

    /// How many steps of a kind ended so.
    pub fn count(&self, is: impl Fn(&Step<T>) -> bool) -> u64 {
        self.steps.iter().filter(|step| is(step)).count() as u64
    }
}

/// The life of an opening, which is found by its title when its id was never answered.
#[derive(Debug, Clone, Default)]
pub struct OpeningLife {
    /// A title that no other opening has.
    pub title: String,
    /// What was asked.
    pub life: Life<OpeningStep>,
}

/// A person and an opening: what she says, and what is answered.
#[derive(Debug, Clone)]
pub struct PairLife {
    /// The person.
    pub seeker_id: Uuid,
    /// The opening.
    pub opening_id: Uuid,
    /// What was said.
    pub life: Life<PairStep>,
}

/// What makes one row each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Made {
    /// An employer.
    Employer,
    /// A request for a code.
    Challenge,
    /// An invitation.
    Invitation,
}

/// Everything that happened to whoever asked.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    /// People.
    pub people: Vec<Life<PersonStep>>,
    /// Openings.
    pub openings: Vec<OpeningLife>,
    /// People and openings.
    pub pairs: Vec<PairLife>,
    /// Places in line that somebody was told she has.
    pub lines: Vec<InLine>,
    /// Rows that were asked for: the id that was answered, `None` when nothing was.
    pub made: BTreeMap<Made, Vec<Option<Uuid>>>,
    /// What no fault excuses, seen by who asked: two answers to one key, both of two rivals told yes.
    pub wrong: Vec<String>,
    /// Commands that were sent several times at one moment, and done once, while a copy of them was refused.
    pub mixed: u64,
    /// Numbers given out, so that names, titles and contacts differ.
    pub numbers: u64,
    /// Commands asked for, however often each was sent.
    pub commands: u64,
    /// Times that a command was sent again or beside itself with the same key.
    pub repeats: u64,
    /// Requests that were let go half-way.
    pub cancelled: u64,
    /// Commands that ended unknown.
    pub unknown: u64,
    /// Answers "not now".
    pub unavailable: u64,
    /// Whether clocks jumped: then a call that is on its way can be older than its signature may be.
    pub clocks_jumped: bool,
    /// Calls whose actor was not believed.
    pub not_believed: u64,
    /// The longest that anybody waited for an answer of any kind to one request.
    pub longest: Duration,
    /// When the last request was sent that a service then answered with yes.
    pub last_yes: BTreeMap<Service, Instant>,
}

/// A place in line that somebody was told she has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InLine {
    /// For which opening.
    pub opening_id: OpeningId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// Whose.
    pub seeker_id: SeekerId,
    /// Its number.
    pub number: u32,
}

/// A history that many write.
#[derive(Debug, Default)]
pub struct History(Mutex<Everything>);

impl History {
    /// Changes it.
    pub fn with<R>(&self, change: impl FnOnce(&mut Everything) -> R) -> R {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until so many more commands are under way or answered than now.
    ///
    /// # Panics
    /// When people stand still for a minute.
    pub async fn goes_on(&self, commands: u64) {
        let wanted = self.with(|history| history.commands) + commands;
        let began = Instant::now();
        while self.with(|history| history.commands) < wanted {
            assert!(began.elapsed() < STANDS_STILL, "nobody can do anything any more");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until each of these services said yes to something that was asked from now on; how long that took.
    ///
    /// # Panics
    /// When one of them says nothing for a minute.
    pub async fn answers_again(&self, services: &[Service]) -> Duration {
        let began = Instant::now();
        let answered = |service: &Service| {
            self.with(|history| history.last_yes.get(service).is_some_and(|asked| *asked >= began))
        };
        while !services.iter().all(answered) {
            let silent: Vec<_> = services.iter().filter(|service| !answered(service)).collect();
            assert!(began.elapsed() < STANDS_STILL, "no answer any more from {silent:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        began.elapsed()
    }

    /// As it now is.
    pub fn read(&self) -> Everything {
        self.with(|everything| everything.clone())
    }
}
