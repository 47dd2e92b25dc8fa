//! Heard event → what we do with it: one table, "ignored on purpose" included.

use std::collections::HashMap;

use chassis::{Fault, Heard, Tx};
use proto::{
    Fact, OpeningId, SeekerId,
    intake::ProfilePublished,
    vacancies::{OpeningClosed, OpeningPublished},
};

use crate::store::{changes, openings, profiles};

/// What an event leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reaction {
    /// The profile is kept as it now is.
    KeepProfile,
    /// The opening is kept as it now is.
    KeepOpening,
    /// The opening is gone.
    CloseOpening,
}

/// The events we react to. Everything else is ignored on purpose: progress of imports and messages
/// sent say nothing about who fits where, entry points are not ours to read, and our own
/// `proposal_shown` is for others.
const REACTIONS: &[(&str, Reaction)] = &[
    (ProfilePublished::DUTCH_TYPE, Reaction::KeepProfile),
    (OpeningPublished::DUTCH_TYPE, Reaction::KeepOpening),
    (OpeningClosed::DUTCH_TYPE, Reaction::CloseOpening),
];

/// Brings the tables up to date with events that came together. Neither their order nor repeats
/// matter: of each profile and opening only the greatest version counts.
pub(crate) async fn take_in(tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    let news = News::of(events)?;
    // Before anything is written, so that change numbers commit in order and two replicas never
    // wait for each other's rows.
    changes::lock(tx).await?;
    profiles::keep(tx, &news.profiles).await?;
    openings::close(tx, &news.closed).await?;
    openings::keep(tx, &news.openings).await
}

/// The latest of each profile and opening.
#[derive(Debug, Default)]
struct News {
    profiles: Vec<ProfilePublished>,
    openings: Vec<OpeningPublished>,
    closed: Vec<OpeningClosed>,
}

/// An opening's fate as one event tells it.
enum Told {
    Open(OpeningPublished),
    Closed(OpeningClosed),
}

impl Told {
    /// Which of two events counts: the greater version; closing, if one and the same version did both.
    fn rank(&self) -> (i64, bool) {
        match self {
            Self::Open(opening) => (opening.version, false),
            Self::Closed(closed) => (closed.version, true),
        }
    }
}

impl News {
    fn of(events: &[Heard]) -> Result<Self, Fault> {
        let mut profiles: HashMap<SeekerId, ProfilePublished> = HashMap::new();
        let mut openings: HashMap<OpeningId, Told> = HashMap::new();
        for event in events {
            let reaction = REACTIONS.iter().find(|(kind, _)| *kind == event.kind);
            match reaction.map(|(_, reaction)| reaction) {
                Some(Reaction::KeepProfile) => {
                    let profile = event.read::<ProfilePublished>()?.data;
                    let known = profiles.get(&profile.seeker_id);
                    if known.is_none_or(|known| known.version < profile.version) {
                        profiles.insert(profile.seeker_id, profile);
                    }
                }
                Some(Reaction::KeepOpening) => {
                    let opening = event.read::<OpeningPublished>()?.data;
                    note(&mut openings, opening.opening_id, Told::Open(opening));
                }
                Some(Reaction::CloseOpening) => {
                    let closed = event.read::<OpeningClosed>()?.data;
                    note(&mut openings, closed.opening_id, Told::Closed(closed));
                }
                None => tracing::debug!(event = %event.event_id, kind = event.kind, "ignored on purpose"),
            }
        }
        let mut news = Self { profiles: profiles.into_values().collect(), ..Self::default() };
        for told in openings.into_values() {
            match told {
                Told::Open(opening) => news.openings.push(opening),
                Told::Closed(closed) => news.closed.push(closed),
            }
        }
        // Same events, same change numbers.
        news.profiles.sort_by_key(|profile| profile.seeker_id);
        news.openings.sort_by_key(|opening| opening.opening_id);
        news.closed.sort_by_key(|closed| closed.opening_id);
        Ok(news)
    }
}

fn note(openings: &mut HashMap<OpeningId, Told>, id: OpeningId, told: Told) {
    if openings.get(&id).is_none_or(|known| known.rank() < told.rank()) {
        openings.insert(id, told);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proto::{Service, catalogue};

    use super::*;

    #[test]
    fn the_table_has_exactly_the_events_that_we_read() {
        let read: BTreeSet<&str> = catalogue::READINGS
            .iter()
            .filter(|reading| reading.by == Service::Matcher)
            .flat_map(|reading| reading.events)
            .filter_map(|name| catalogue::EVENTS.iter().find(|event| event.name == *name))
            .map(|event| event.dutch_type)
            .collect();
        assert_eq!(REACTIONS.iter().map(|(kind, _)| *kind).collect::<BTreeSet<_>>(), read);
    }
}
