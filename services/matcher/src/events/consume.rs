//! Heard event → what we do with it: one table, "ignored on purpose" included.

use std::collections::HashMap;

use chassis::{Fault, Heard, Tx};
use proto::{
    Fact, OpeningId, SeekerId,
    intake::{ProfilePublished, SeekerErased},
    vacancies::{OpeningClosed, OpeningPaused, OpeningPublished},
};

use crate::{
    store::{
        changes,
        openings::{self, NotPublic},
        profiles,
    },
    use_cases::forget_seeker::forget_seeker,
};

/// What an event leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reaction {
    /// The profile is kept as it now is.
    KeepProfile,
    /// The opening is kept as it now is.
    KeepOpening,
    /// The opening is out until a newer publication.
    PauseOpening,
    /// The opening is gone.
    CloseOpening,
    /// Everything about the person is deleted and never comes back.
    ForgetSeeker,
}

/// The events we react to. Everything else is ignored on purpose: progress of imports, changed searches
/// and messages sent say nothing new about who fits where, background facts are not ours to read, and our
/// own events are for others.
const REACTIONS: &[(&str, Reaction)] = &[
    (ProfilePublished::DUTCH_TYPE, Reaction::KeepProfile),
    (OpeningPublished::DUTCH_TYPE, Reaction::KeepOpening),
    (OpeningPaused::DUTCH_TYPE, Reaction::PauseOpening),
    (OpeningClosed::DUTCH_TYPE, Reaction::CloseOpening),
    (SeekerErased::DUTCH_TYPE, Reaction::ForgetSeeker),
];

/// Brings the tables up to date with events that came together. Neither their order nor repeats
/// matter: of each profile and opening only the greatest version counts.
pub(crate) async fn take_in(tx: &mut Tx, events: &[Heard]) -> Result<(), Fault> {
    let news = News::of(events)?;
    // Before anything is written, so that change numbers commit in order and two replicas never
    // wait for each other's rows.
    changes::lock(tx).await?;
    for erased in &news.erased {
        forget_seeker(tx, erased).await?;
    }
    // After the notes of who is erased: they are asked before anything is kept.
    profiles::keep(tx, &news.profiles).await?;
    openings::take_out(tx, &news.not_public).await?;
    openings::keep(tx, &news.openings).await
}

/// The latest of each profile and opening.
#[derive(Debug, Default)]
pub(crate) struct News {
    pub(crate) profiles: Vec<ProfilePublished>,
    pub(crate) openings: Vec<OpeningPublished>,
    pub(crate) not_public: Vec<NotPublic>,
    pub(crate) erased: Vec<SeekerErased>,
}

/// News while it is gathered, in whatever order it comes.
#[derive(Default)]
pub(crate) struct Gathered {
    profiles: HashMap<SeekerId, ProfilePublished>,
    openings: HashMap<OpeningId, Told>,
    erased: HashMap<SeekerId, SeekerErased>,
}

/// An opening's fate as one event tells it.
enum Told {
    Open(OpeningPublished),
    Out(NotPublic),
}

impl Told {
    /// Which of two events counts: the greater version; going, if one and the same version did both.
    fn rank(&self) -> (i64, bool) {
        match self {
            Self::Open(opening) => (opening.version, false),
            Self::Out(gone) => (gone.version, true),
        }
    }
}

impl Gathered {
    pub(crate) fn profile(&mut self, profile: ProfilePublished) {
        let known = self.profiles.get(&profile.seeker_id);
        if known.is_none_or(|known| known.version < profile.version) {
            self.profiles.insert(profile.seeker_id, profile);
        }
    }

    pub(crate) fn opened(&mut self, opening: OpeningPublished) {
        self.note(opening.opening_id, Told::Open(opening));
    }

    pub(crate) fn paused(&mut self, paused: &OpeningPaused) {
        let gone = NotPublic { opening_id: paused.opening_id, version: paused.version };
        self.note(gone.opening_id, Told::Out(gone));
    }

    pub(crate) fn closed(&mut self, closed: &OpeningClosed) {
        let gone = NotPublic { opening_id: closed.opening_id, version: closed.version };
        self.note(gone.opening_id, Told::Out(gone));
    }

    pub(crate) fn erased(&mut self, told: SeekerErased) {
        self.erased.insert(told.seeker_id, told);
    }

    fn note(&mut self, id: OpeningId, told: Told) {
        if self.openings.get(&id).is_none_or(|known| known.rank() < told.rank()) {
            self.openings.insert(id, told);
        }
    }

    pub(crate) fn news(self) -> News {
        let mut news = News {
            profiles: self.profiles.into_values().collect(),
            erased: self.erased.into_values().collect(),
            ..News::default()
        };
        for told in self.openings.into_values() {
            match told {
                Told::Open(opening) => news.openings.push(opening),
                Told::Out(gone) => news.not_public.push(gone),
            }
        }
        // Same events, same change numbers.
        news.profiles.sort_by_key(|profile| profile.seeker_id);
        news.openings.sort_by_key(|opening| opening.opening_id);
        news.not_public.sort_by_key(|gone| gone.opening_id);
        news.erased.sort_by_key(|erased| erased.seeker_id);
        news
    }
}

impl News {
    fn of(events: &[Heard]) -> Result<Self, Fault> {
        let mut gathered = Gathered::default();
        for event in events {
            let reaction = REACTIONS.iter().find(|(kind, _)| *kind == event.kind);
            match reaction.map(|(_, reaction)| reaction) {
                Some(Reaction::KeepProfile) => gathered.profile(event.read::<ProfilePublished>()?.data),
                Some(Reaction::KeepOpening) => gathered.opened(event.read::<OpeningPublished>()?.data),
                Some(Reaction::PauseOpening) => gathered.paused(&event.read::<OpeningPaused>()?.data),
                Some(Reaction::CloseOpening) => gathered.closed(&event.read::<OpeningClosed>()?.data),
                Some(Reaction::ForgetSeeker) => gathered.erased(event.read::<SeekerErased>()?.data),
                None => tracing::debug!(event = %event.event_id, kind = event.kind, "ignored on purpose"),
            }
        }
        Ok(gathered.news())
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
