//! Profiles, openings and proposals in the simulator: read models by version, marks and answers by the real rules,
//! whatever comes in whatever order (`chassis::proof`).

use chassis::proof::{Dice, Proof, Stop, Table, Told, Work};
use chrono::{DateTime, TimeDelta, Utc};
use proto::{
    OpeningId, ProposalId, SeekerId, Service,
    intake::{ProfilePublished, SeekerErased},
    matcher::{
        EmployerAnswer, MadeWith, Mark, NotForMe, ProposalErased, ProposalMarked, ProposalShown,
        SeekerForgotten,
    },
    vacancies::{OpeningClosed, OpeningPaused, OpeningPublished},
};
use uuid::Uuid;

use crate::{
    domain::said::{self, Said},
    events::consume::Gathered,
};

/// The lock that whoever appends to the change log holds (`store::changes::lock`).
const CHANGES: Uuid = Uuid::nil();

/// The matcher, as the simulator knows it.
#[derive(Default)]
pub struct MatcherProof;

/// What the matcher keeps under one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A profile as last published.
    Profile {
        /// The version of the person.
        version: i64,
        /// Whether she takes part now.
        paused: bool,
    },
    /// An opening as last published, or not public any more.
    Opening {
        /// The version of the opening.
        version: i64,
        /// Whether it is public, and for how many people.
        places: Option<u16>,
    },
    /// A proposal that was shown.
    Proposal {
        /// Raised at each change.
        version: i64,
        /// To whom.
        seeker: Uuid,
        /// Which opening.
        opening: Uuid,
        /// What both sides said.
        said: Option<Said>,
    },
}

/// What someone asks.
#[derive(Debug, Clone)]
pub enum Ask {
    /// A page showed her openings.
    Show(Uuid, Vec<Uuid>),
    /// She says what she wants.
    Mark(Uuid, Mark),
    /// The employer answers.
    Answer(Uuid, EmployerAnswer),
}

/// The id of the one proposal of a pair: the unique key of the table, as a number.
fn pair(seeker: Uuid, opening: Uuid) -> Uuid {
    Uuid::from_u128(seeker.as_u128() ^ opening.as_u128().rotate_left(1))
}

fn marked(id: Uuid, version: i64, (seeker, opening): (Uuid, Uuid), said: &Said) -> ProposalMarked {
    ProposalMarked {
        proposal_id: ProposalId(id),
        version,
        seeker_id: SeekerId(seeker),
        opening_id: OpeningId(opening),
        mark: said.mark,
        answer: said.answer.map(|(answer, _)| answer),
    }
}

impl MatcherProof {
    /// `use_cases::record_shown`.
    fn show(work: &mut Work<'_, Row>, seeker: Uuid, openings: &[Uuid]) -> Result<(), Stop> {
        if work.is_forgotten(seeker)? {
            return Err(Stop::Refused("seeker-unknown"));
        }
        for opening in openings {
            if !matches!(work.look(*opening), Some(Row::Opening { .. })) {
                return Err(Stop::Refused("opening-unknown"));
            }
            let id = pair(seeker, *opening);
            // What she saw before stays as first recorded.
            if work.hold(id)?.is_some() {
                continue;
            }
            work.keep(id, Row::Proposal { version: 1, seeker, opening: *opening, said: None });
            let made_with = MadeWith { rules: String::new(), vocabulary: String::new(), change: 0 };
            work.tell(ProposalShown {
                proposal_id: ProposalId(id),
                version: 1,
                seeker_id: SeekerId(seeker),
                opening_id: OpeningId(*opening),
                reasons: Vec::new(),
                made_with,
            });
        }
        Ok(())
    }

    /// `use_cases::mark_proposal`.
    fn mark(work: &mut Work<'_, Row>, id: Uuid, mark: Mark) -> Result<(), Stop> {
        let Some(Row::Proposal { version, seeker, opening, said }) = work.hold(id)? else {
            return Err(Stop::Refused("proposal-unknown"));
        };
        let Some(said) = said::say(said.as_ref(), mark, work.now) else { return Ok(()) };
        let is_public = matches!(work.look(opening), Some(Row::Opening { places: Some(_), .. }));
        if said.mark == Mark::Wanted && !is_public {
            return Err(Stop::Refused("opening-not-public"));
        }
        let version = version + 1;
        work.tell(marked(id, version, (seeker, opening), &said));
        work.keep(id, Row::Proposal { version, seeker, opening, said: Some(said) });
        Ok(())
    }

    /// `use_cases::answer_interest`.
    fn answer(work: &mut Work<'_, Row>, id: Uuid, answer: EmployerAnswer) -> Result<(), Stop> {
        let unknown = Stop::Refused("proposal-unknown");
        let Some(Row::Proposal { version, seeker, opening, said: Some(before) }) = work.hold(id)? else {
            return Err(unknown);
        };
        let takes_part = matches!(work.look(seeker), Some(Row::Profile { paused: false, .. }));
        if before.mark != Mark::Wanted || !takes_part {
            return Err(unknown);
        }
        let Some(said) = said::answer(&before, answer, work.now) else { return Ok(()) };
        let version = version + 1;
        work.tell(marked(id, version, (seeker, opening), &said));
        work.keep(id, Row::Proposal { version, seeker, opening, said: Some(said) });
        Ok(())
    }

    /// `use_cases::forget_seeker`.
    fn forget(work: &mut Work<'_, Row>, erased: &SeekerErased) -> Result<(), Stop> {
        let seeker = erased.seeker_id.0;
        work.forget(seeker)?;
        work.delete(seeker);
        for id in work.find(|row| matches!(row, Row::Proposal { seeker: of, .. } if *of == seeker)) {
            if let Some(Row::Proposal { version, .. }) = work.hold(id)? {
                work.delete(id);
                work.forget(id)?;
                work.tell(ProposalErased { proposal_id: ProposalId(id), version: version + 1 });
            }
        }
        work.tell(SeekerForgotten { seeker_id: erased.seeker_id, version: erased.version });
        Ok(())
    }

    /// `store::openings`: what is newer wins; going wins over coming under one and the same version.
    fn opening(work: &mut Work<'_, Row>, id: Uuid, version: i64, places: Option<u16>) -> Result<(), Stop> {
        let wins = match work.hold(id)? {
            Some(Row::Opening { version: known, places: Some(_) }) if places.is_none() => known <= version,
            Some(Row::Opening { version: known, .. }) => known < version,
            _ => true,
        };
        if wins {
            work.keep(id, Row::Opening { version, places });
        }
        Ok(())
    }
}

impl Proof for MatcherProof {
    type Row = Row;
    type Ask = Ask;
    type Due = ();

    fn service(&self) -> Service {
        Service::Matcher
    }

    fn ask(&self, seen: &Table<Row>, _: DateTime<Utc>, dice: &mut Dice) -> Option<Ask> {
        use EmployerAnswer::{Meet, NoPlaces, Times};
        let (mut seekers, mut openings, mut proposals) = (Vec::new(), Vec::new(), Vec::new());
        for (id, row) in &seen.rows {
            match row {
                Row::Profile { .. } => seekers.push(*id),
                Row::Opening { .. } => openings.push(*id),
                Row::Proposal { .. } => proposals.push(*id),
            }
        }
        // Someone may have the page open still, whom the matcher has forgotten meanwhile.
        seekers.extend(seen.forgotten.iter().take(1).copied());
        if proposals.is_empty() || dice.one_in(3) {
            if seekers.is_empty() || openings.is_empty() {
                return None;
            }
            let shown = (0..=dice.below(2)).map(|_| dice.pick(&openings)).collect();
            return Some(Ask::Show(dice.pick(&seekers), shown));
        }
        let id = dice.pick(&proposals);
        Some(match dice.below(8) {
            0..=2 => Ask::Mark(id, Mark::Wanted),
            3 => Ask::Mark(id, Mark::TakenBack),
            4 => Ask::Mark(id, Mark::NotForMe { reason: dice.one_in(2).then_some(NotForMe::TooFar) }),
            _ => Ask::Answer(id, dice.pick(&[Meet, NoPlaces, Times])),
        })
    }

    fn decide(&self, work: &mut Work<'_, Row>, ask: &Ask) -> Result<(), Stop> {
        match ask {
            Ask::Show(seeker, openings) => Self::show(work, *seeker, openings),
            Ask::Mark(id, mark) => Self::mark(work, *id, *mark),
            Ask::Answer(id, answer) => Self::answer(work, *id, *answer),
        }
    }

    fn hear(&self, work: &mut Work<'_, Row>, told: &[Told]) -> Result<(), Stop> {
        let mut gathered = Gathered::default();
        for told in told {
            if let Some(profile) = told.read::<ProfilePublished>() {
                gathered.profile(profile.clone());
            } else if let Some(opening) = told.read::<OpeningPublished>() {
                gathered.opened(opening.clone());
            } else if let Some(paused) = told.read::<OpeningPaused>() {
                gathered.paused(paused);
            } else if let Some(closed) = told.read::<OpeningClosed>() {
                gathered.closed(closed);
            } else if let Some(erased) = told.read::<SeekerErased>() {
                gathered.erased(erased.clone());
            }
        }
        let news = gathered.news();
        work.hold(CHANGES)?;
        for erased in &news.erased {
            Self::forget(work, erased)?;
        }
        for profile in &news.profiles {
            let id = profile.seeker_id.0;
            let known = match work.hold(id)? {
                Some(Row::Profile { version, .. }) => version,
                _ => 0,
            };
            if known < profile.version && !work.is_forgotten(id)? {
                work.keep(id, Row::Profile { version: profile.version, paused: profile.paused });
            }
        }
        for gone in &news.not_public {
            Self::opening(work, gone.opening_id.0, gone.version, None)?;
        }
        for opening in &news.openings {
            Self::opening(work, opening.opening_id.0, opening.version, Some(opening.places))?;
        }
        Ok(())
    }

    fn due(&self, _: &Row, _: DateTime<Utc>) -> Option<()> {
        None
    }

    fn by_clock(&self, _: &mut Work<'_, Row>, _: Uuid, (): ()) -> Result<(), Stop> {
        Ok(())
    }

    fn announces(&self, id: Uuid, row: &Row) -> Vec<Told> {
        match row {
            Row::Profile { .. } | Row::Opening { .. } | Row::Proposal { said: None, .. } => Vec::new(),
            Row::Proposal { version, seeker, opening, said: Some(said) } => {
                vec![Told::of(marked(id, *version, (*seeker, *opening), said))]
            }
        }
    }

    fn mirrors(&self, row: &Row) -> Option<String> {
        match row {
            // One that is not public any more is as good as one that was never heard of.
            Row::Opening { places: None, .. } | Row::Proposal { .. } => None,
            Row::Profile { .. } | Row::Opening { .. } => Some(format!("{row:?}")),
        }
    }

    fn waits_for(&self, _: &Row) -> Vec<Service> {
        Vec::new()
    }

    fn steps(&self) -> &'static [&'static str] {
        &[
            "profile kept",
            "profile renewed",
            "profile forgotten",
            "opening kept",
            "opening renewed",
            "opening taken out",
            "opening gone before it was heard of",
            "opening gone once more",
            "opening back",
            "proposal shown",
            "proposal wanted",
            "proposal not wanted",
            "proposal taken back",
            "proposal answered",
            "proposal answered otherwise",
            "proposal forgotten",
        ]
    }

    fn step(
        &self,
        before: Option<&Row>,
        after: Option<&Row>,
        now: DateTime<Utc>,
    ) -> Result<&'static str, String> {
        use Row::{Opening, Profile, Proposal};
        match (before, after) {
            (None, Some(Profile { .. })) => Ok("profile kept"),
            (Some(Profile { version: was, .. }), Some(Profile { version, .. })) if was < version => {
                Ok("profile renewed")
            }
            (Some(Profile { .. }), None) => Ok("profile forgotten"),
            (None, Some(Opening { places, .. })) => {
                Ok(if places.is_some() { "opening kept" } else { "opening gone before it was heard of" })
            }
            (Some(Opening { version: was, places: before }), Some(Opening { version, places })) => {
                match (before, places) {
                    (Some(_), Some(_)) if was < version => Ok("opening renewed"),
                    (Some(_), None) if was <= version => Ok("opening taken out"),
                    (None, Some(_)) if was < version => Ok("opening back"),
                    (None, None) if was < version => Ok("opening gone once more"),
                    _ => Err(format!("an opening went back from v{was} to v{version}")),
                }
            }
            (None, Some(Proposal { version: 1, said: None, .. })) => Ok("proposal shown"),
            (
                Some(Proposal { version: was, said: before, .. }),
                Some(Proposal { version, said: Some(after), .. }),
            ) => {
                if *version != was + 1 {
                    return Err(format!("a proposal went from v{was} to v{version}"));
                }
                said_step(before.as_ref(), after, now)
            }
            (Some(Proposal { .. }), None) => Ok("proposal forgotten"),
            _ => Err(format!("no such step: from {before:?} to {after:?}")),
        }
    }

    fn check(&self, table: &Table<Row>) -> Result<(), String> {
        for (id, row) in &table.rows {
            let about = if let Row::Proposal { seeker, .. } = row { seeker } else { id };
            if table.forgotten.contains(id) || table.forgotten.contains(about) {
                return Err(format!("something of an erased person is here: {row:?}"));
            }
            if let Row::Proposal { said: Some(said), .. } = row
                && said.answer_by.is_some_and(|by| by > said.at) != (said.mark == Mark::Wanted)
            {
                return Err(format!("only a yes has a moment to answer, and that lies ahead: {said:?}"));
            }
        }
        Ok(())
    }

    fn jumps(&self) -> &'static [TimeDelta] {
        const JUMPS: &[TimeDelta] = &[TimeDelta::days(7), TimeDelta::days(10)];
        JUMPS
    }
}

/// The step of what both sides say, and whether they may take it.
fn said_step(before: Option<&Said>, after: &Said, now: DateTime<Utc>) -> Result<&'static str, String> {
    let wrong = |what: &str| Err(format!("{what}: from {before:?} to {after:?}"));
    match (before, after.answer) {
        // An answer came, or another one.
        (Some(before), Some((_, at))) if before.answer != after.answer => match () {
            () if before.mark != Mark::Wanted => wrong("an answer to what is not wanted any more"),
            () if (before.mark, before.at, before.answer_by) != (after.mark, after.at, after.answer_by) => {
                wrong("an answer changed what she said")
            }
            () if at != now => wrong("an answer from another time"),
            () => {
                Ok(if before.answer.is_none() { "proposal answered" } else { "proposal answered otherwise" })
            }
        },
        (_, Some(_)) => wrong("an answer to another yes"),
        (before, None) => match after.mark {
            _ if before.is_some_and(|before| before.mark == after.mark) => wrong("she said the same"),
            _ if after.at != now => wrong("a word from another time"),
            Mark::Wanted => Ok("proposal wanted"),
            Mark::NotForMe { .. } => Ok("proposal not wanted"),
            Mark::TakenBack => {
                if before.is_some() {
                    Ok("proposal taken back")
                } else {
                    wrong("nothing was said")
                }
            }
        },
    }
}
