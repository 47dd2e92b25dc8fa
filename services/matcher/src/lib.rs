//! Matcher: who fits where, in words that a person can check.
//!
//! It keeps every anonymous profile and every open opening that it hears of, and answers questions
//! about pairs of them: openings for a person, people for an opening, weights of pairs, counts.
//!
//! # Invariants
//! - **Fixed rules.** What passes and what weighs how much stands in [`domain::rules`], written by
//!   people and published; nothing is learned from data. Same data, same answer, on every replica.
//! - **Only what she said.** The rules can read [`domain::pair::Wishes`] and [`domain::pair::Work`]
//!   and nothing else. Age, sex, origin, nationality, benefit, health, needs, gaps and name never
//!   come here (DESIGN rule 11).
//! - **Every point has its reason.** [`domain::reasons`] names all that fits, most telling first,
//!   and all that she should look at herself. Nothing is rejected on what she was not asked.
//! - **She comes first.** Openings for a person are for her own eyes. Others see only people who
//!   agreed, nearest first and never by weight; all others are a number, and small ones are hidden.
//! - **The tables are the record, the index follows.** Events bring the tables up to date: the
//!   greatest version wins, in whatever order they come. Each process follows its tables through
//!   `changes` and is at every moment exactly what they were at its change number
//!   ([`use_cases::keep_level`]). A restart loses nothing.
//! - **A yes is hers to give and to take back.** Who wants an opening is seen by that employer for that
//!   opening, anonymously, until she takes it back, pauses or is erased; what is not for her is proposed
//!   no more. Each side speaks in turn on a proposal, under one version ([`domain::said`]).
//! - **Who pauses is nobody's.** She is in no list, no pair and no number until she takes part again.
//! - **Who is erased stays erased.** Her id and the moment are kept, and asked before anything is written
//!   about anyone: an event that comes late, or a replay, brings nothing back.
//! - **A proposal becomes a row and an event when it was shown**, the first time, with its rules,
//!   its data and its reasons; every look at people or proposals leaves a row.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chassis::{Chassis, Fault, Handles, Service};
use proto::{
    Problem,
    matcher::{
        AnswerInterest, CountOpenings, CountPeople, InterestIn, MadeWith, MarkProposal, MyMarks, MyTrail,
        NewProposals, PairWeights, PeopleNear, ProposalErased, ProposalShown, ProposalsForOpening,
        ProposalsForSeeker, RecordShown, Rules,
    },
};
use sqlx::migrate::Migrator;

use crate::{
    domain::{rules::RULES_VERSION, words::Words},
    use_cases::keep_level::Level,
};

pub mod domain;
pub mod may;
#[cfg(feature = "faults")]
pub mod proof;

mod events;
mod queries;
mod store;
mod use_cases;

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// How often the tables are looked at when no bell rings.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often old rows are forgotten.
const TIDY_EVERY: Duration = Duration::from_hours(1);

/// The state of the matcher: the index of this process, and nothing that is not in the tables.
struct Matcher {
    chassis: Chassis,
    words: Arc<Words>,
    /// `None` until everything was read once.
    level: RwLock<Option<Level>>,
}

impl Handles for Matcher {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }

    fn is_ready(&self) -> bool {
        self.change().is_some()
    }
}

impl Matcher {
    fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// Reads the index. Never held across a wait.
    fn look<T>(&self, at: impl FnOnce(&Level) -> T) -> Result<T, Problem> {
        let level = self.level.read().unwrap_or_else(PoisonError::into_inner);
        level.as_ref().map(at).ok_or_else(Problem::unavailable)
    }

    fn change(&self) -> Option<i64> {
        self.look(|level| level.change).ok()
    }

    fn set_level(&self, level: Level) {
        *self.level.write().unwrap_or_else(PoisonError::into_inner) = Some(level);
    }

    fn update_level(&self, update: impl FnOnce(&mut Level)) {
        if let Some(level) = self.level.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            update(level);
        }
    }

    fn made_with(&self, change: i64) -> MadeWith {
        MadeWith { rules: RULES_VERSION.to_owned(), vocabulary: self.words.version().to_owned(), change }
    }
}

/// The matcher, ready to be started.
pub fn service(reference: Arc<reference::Reference>) -> Service {
    Service::new(
        proto::Service::Matcher,
        &MIGRATOR,
        |chassis| {
            Box::pin(async move {
                let words = Words::of(&reference)
                    .map_err(|error| Fault::broken("numbering the vocabulary", error))?;
                Ok(Matcher { chassis, words: Arc::new(words), level: RwLock::new(None) })
            })
        },
        |wiring| {
            wiring
                .events(|_, tx, events| Box::pin(events::consume::take_in(tx, events)))
                .after_restore(|_, tx, told| Box::pin(use_cases::after_restore::after_restore(tx, told)))
                .announces::<ProposalShown>(|_, tx, after| Box::pin(events::announce::proposals(tx, after)))
                .announces::<ProposalErased>(|_, tx, after| Box::pin(events::announce::erased(tx, after)))
                .moments(events::announce::MOMENTS)
                .query::<ProposalsForSeeker>(|app, caller, query| {
                    Box::pin(queries::proposals_for_seeker(app, caller, query))
                })
                .query::<ProposalsForOpening>(|app, caller, query| {
                    Box::pin(queries::proposals_for_opening(app, caller, query))
                })
                .query::<PairWeights>(|app, caller, query| {
                    Box::pin(queries::pair_weights(app, caller, query))
                })
                .query::<CountOpenings>(|app, caller, query| {
                    Box::pin(queries::count_openings(app, caller, query))
                })
                .query::<CountPeople>(|app, caller, query| {
                    Box::pin(queries::count_people(app, caller, query))
                })
                .query::<Rules>(|_, _, _| Box::pin(async { Ok(domain::published::rules()) }))
                .command::<RecordShown>(|_, tx, caller, command| {
                    Box::pin(use_cases::record_shown::record_shown(tx, caller, command))
                })
                .command::<MarkProposal>(|_, tx, caller, command| {
                    Box::pin(use_cases::mark_proposal::mark_proposal(tx, caller, command))
                })
                .query::<MyMarks>(|app, caller, query| Box::pin(queries::my_marks(app, caller, query)))
                .query::<InterestIn>(|app, caller, query| Box::pin(queries::interest(app, caller, query)))
                .command::<AnswerInterest>(|app, tx, caller, command| {
                    Box::pin(use_cases::answer_interest::answer_interest(app, tx, caller, command))
                })
                .query::<PeopleNear>(|app, caller, query| Box::pin(queries::people_near(app, caller, query)))
                .query::<NewProposals>(|app, caller, query| {
                    Box::pin(queries::new_proposals(app, caller, query))
                })
                .query::<MyTrail>(|app, caller, query| Box::pin(queries::my_trail(app, caller, query)))
                .every_and_on_bell(LOOK_EVERY, "keep level", |app| {
                    Box::pin(use_cases::keep_level::keep_level(app))
                })
                .every(TIDY_EVERY, "tidy up", |app| Box::pin(use_cases::tidy_up::tidy_up(app)))
        },
    )
}
