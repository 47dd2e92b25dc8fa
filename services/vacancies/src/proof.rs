//! Openings in the simulator: their course by the real rules, whoever asks what, in whatever order (`chassis::proof`).

use chassis::{
    clock::day,
    proof::{Dice, Proof, Stop, Table, Told, Work},
};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proto::{
    EmployerId, OpeningId, Service,
    vacancies::{CloseReason, OpeningDetails, OpeningPaused, Terms},
    work::{Area, Cell, Dayparts, Days as Weekdays, Hours, Route},
};
use uuid::Uuid;

use crate::{
    domain::{
        course,
        opening::{Content, Effect, Opening, Stage, StepRefused},
    },
    events::publish::{opening_closed, opening_published},
};

/// Most openings in one run.
const MOST: usize = 4;

/// Vacancies, as the simulator knows it.
pub struct VacanciesProof {
    content: Content,
}

impl Default for VacanciesProof {
    fn default() -> Self {
        let details = OpeningDetails {
            terms: Terms::Regular {},
            title: "Medewerker keuken".to_owned(),
            tasks: Vec::new(),
            description: String::new(),
            site_id: None,
            postcode: "1315 RC".to_owned(),
            hours: Hours { min: 16, max: 24 },
            dayparts: Dayparts::default(),
            days: Weekdays::default(),
            starts_on: None,
            closes_on: None,
            places: 1,
            pay_cents_per_hour: None,
            cao: String::new(),
            requirements: Vec::new(),
            self_checks: Vec::new(),
            support: Vec::new(),
        };
        let area = Area { cell: Cell { x: 0, y: 0 }, municipality: String::new(), region: String::new() };
        Self { content: Content::stored(details, String::new(), area) }
    }
}

/// What someone who may write asks.
#[derive(Debug, Clone)]
pub enum Ask {
    /// Post one, with a last day.
    Post {
        /// Its route.
        route: Route,
        /// Published at once.
        publish: bool,
        /// The last day.
        closes_on: Option<NaiveDate>,
    },
    /// Change the route, the number of places and the last day.
    Change {
        /// Which.
        id: Uuid,
        /// The version that the writer saw.
        seen: i64,
        /// The route.
        route: Route,
        /// How many.
        places: u16,
        /// The last day.
        closes_on: Option<NaiveDate>,
    },
    /// Publish a draft, or show a paused one again.
    Publish(Uuid),
    /// Do not show it for a while.
    Pause(Uuid),
    /// Answer that it is still open.
    KeepOpen(Uuid, NaiveDate),
    /// Close it.
    Close(Uuid, CloseReason),
}

/// What the clock does.
#[derive(Debug, Clone, Copy)]
pub enum Due {
    /// Its last day has passed.
    Close,
    /// It is time to ask whether it is still open.
    Ask,
}

impl VacanciesProof {
    fn content(&self, route: Route, places: u16, closes_on: Option<NaiveDate>) -> Content {
        let terms = match route {
            Route::OpenHiring => Terms::OpenHiring { starts: Vec::new() },
            _ => Terms::Regular {},
        };
        let details = OpeningDetails { terms, places, closes_on, ..self.content.details().clone() };
        Content::stored(details, self.content.place().to_owned(), self.content.area().clone())
    }

    /// Stores what changed and says what others hear of it, as the use cases do.
    fn save(work: &mut Work<'_, Opening>, mut opening: Opening, effect: Effect) {
        if effect == Effect::Nothing {
            return;
        }
        opening.changed_at = work.now;
        match effect {
            Effect::Nothing | Effect::Unheard => {}
            Effect::Published => work.tell(opening_published(&opening)),
            Effect::Paused => {
                work.tell(OpeningPaused { opening_id: opening.opening_id, version: opening.version });
            }
            Effect::Closed(reason) => work.tell(opening_closed(&opening, reason)),
        }
        work.keep(opening.opening_id.0, opening);
    }
}

const fn code(refused: StepRefused) -> Stop {
    Stop::Refused(match refused {
        StepRefused::ChangedMeanwhile { .. } => "opening-changed-meanwhile",
        StepRefused::Closed => "opening-closed",
        StepRefused::Draft => "opening-is-draft",
        StepRefused::DayOutOfRange => "until-out-of-range",
    })
}

impl Proof for VacanciesProof {
    type Row = Opening;
    type Ask = Ask;
    type Due = Due;

    fn service(&self) -> Service {
        Service::Vacancies
    }

    fn ask(&self, seen: &Table<Opening>, now: DateTime<Utc>, dice: &mut Dice) -> Option<Ask> {
        let today = day(now);
        let in_days = |dice: &mut Dice, days| today + Days::new(dice.below(days) as u64);
        // A line needs time: most often its opening has no last day.
        let closes_on = |route, dice: &mut Dice| {
            let has_last_day = if route == Route::OpenHiring { dice.one_in(3) } else { !dice.one_in(4) };
            has_last_day.then(|| today + Days::new(dice.below(9) as u64))
        };
        let number = dice.below(seen.rows.len() + 1);
        let Some((id, opening)) = seen.rows.iter().nth(number) else {
            let publish = !dice.one_in(3);
            let route = dice.pick(&[Route::OpenHiring, Route::OpenHiring, Route::Regular]);
            let post = |dice: &mut Dice| Ask::Post { route, publish, closes_on: closes_on(route, dice) };
            return (seen.rows.len() < MOST).then(|| post(dice));
        };
        Some(match dice.below(8) {
            0 | 1 => {
                let before = opening.content.details().route();
                let route = if dice.one_in(6) { Route::Regular } else { before };
                Ask::Change {
                    id: *id,
                    seen: opening.version - i64::from(dice.one_in(5)),
                    route,
                    places: 1 + dice.below(5) as u16,
                    closes_on: closes_on(route, dice),
                }
            }
            2 => Ask::Publish(*id),
            3 => Ask::Pause(*id),
            4..=6 => Ask::KeepOpen(*id, in_days(dice, 40)),
            _ => Ask::Close(*id, dice.pick(&[CloseReason::Filled, CloseReason::Withdrawn])),
        })
    }

    fn decide(&self, work: &mut Work<'_, Opening>, ask: &Ask) -> Result<(), Stop> {
        let now = work.now;
        let today = day(now);
        let id = match ask {
            Ask::Post { route, publish, closes_on } => {
                let id = work.dice.id();
                work.hold(id)?;
                let content = self.content(*route, 1, *closes_on);
                let (opening, effect) =
                    Opening::post(OpeningId(id), EmployerId(Uuid::nil()), content, *publish, now);
                Self::save(work, opening, effect);
                return Ok(());
            }
            Ask::Change { id, .. }
            | Ask::Publish(id)
            | Ask::Pause(id)
            | Ask::KeepOpen(id, _)
            | Ask::Close(id, _) => *id,
        };
        let mut opening = work.hold(id)?.ok_or(Stop::Refused("opening-unknown"))?;
        let effect = match ask {
            Ask::Post { .. } => Ok(Effect::Nothing),
            Ask::Change { seen, route, places, closes_on, .. } => {
                opening.change(*seen, self.content(*route, *places, *closes_on))
            }
            Ask::Publish(_) if opening.is_over(today) => return Err(Stop::Refused("closes-in-past")),
            Ask::Publish(_) => opening.publish(now),
            Ask::Pause(_) => opening.pause(false),
            Ask::KeepOpen(_, until) => opening.keep_open(*until, today),
            Ask::Close(_, reason) => Ok(opening.close(*reason)),
        };
        Self::save(work, opening, effect.map_err(code)?);
        Ok(())
    }

    fn hear(&self, _: &mut Work<'_, Opening>, _: &[Told]) -> Result<(), Stop> {
        Ok(())
    }

    fn due(&self, opening: &Opening, now: DateTime<Utc>) -> Option<Due> {
        let today = day(now);
        let is_shown = matches!(opening.stage, Stage::Published { .. } | Stage::Paused { .. });
        if is_shown && opening.is_over(today) {
            return Some(Due::Close);
        }
        let may_be_asked = is_shown && opening.question.is_none();
        (may_be_asked && opening.clone().ask(now, today, day(opening.changed_at))).then_some(Due::Ask)
    }

    fn by_clock(&self, work: &mut Work<'_, Opening>, id: Uuid, due: Due) -> Result<(), Stop> {
        let Some(mut opening) = work.hold(id)? else { return Ok(()) };
        match due {
            Due::Close => {
                let effect = opening.close(CloseReason::Expired);
                Self::save(work, opening, effect);
            }
            Due::Ask => {
                if opening.ask(work.now, day(work.now), day(opening.changed_at)) {
                    work.keep(id, opening);
                }
            }
        }
        Ok(())
    }

    fn announces(&self, _: Uuid, opening: &Opening) -> Vec<Told> {
        let Opening { opening_id, version, .. } = *opening;
        match opening.stage {
            Stage::Draft | Stage::Closed { published_at: None, .. } => Vec::new(),
            Stage::Published { .. } => vec![Told::of(opening_published(opening))],
            Stage::Paused { .. } => vec![Told::of(OpeningPaused { opening_id, version })],
            Stage::Closed { reason, .. } => vec![Told::of(opening_closed(opening, reason))],
        }
    }

    fn mirrors(&self, _: &Opening) -> Option<String> {
        None
    }

    fn waits_for(&self, _: &Opening) -> Vec<Service> {
        Vec::new()
    }

    fn steps(&self) -> &'static [&'static str] {
        &[
            "draft made",
            "draft changed",
            "draft published",
            "draft thrown away",
            "opening published at once",
            "opening changed",
            "opening kept open",
            "opening paused",
            "opening changed while paused",
            "opening shown again",
            "opening asked whether still open",
            "opening filled",
            "opening withdrawn",
            "opening expired",
        ]
    }

    fn step(
        &self,
        before: Option<&Opening>,
        after: Option<&Opening>,
        now: DateTime<Utc>,
    ) -> Result<&'static str, String> {
        let (before, after) = match (before, after) {
            (None, Some(after)) => {
                return match (after.version, after.stage) {
                    (1, Stage::Draft) => Ok("draft made"),
                    (1, Stage::Published { .. }) => Ok("opening published at once"),
                    _ => Err(format!("an opening began as {:?} v{}", after.stage, after.version)),
                };
            }
            (Some(before), Some(after)) => (before, after),
            (_, None) => return Err("an opening disappeared".to_owned()),
        };
        let wrong = |what: &str| Err(format!("{what}: from {before:?} to {after:?}"));
        if after.version == before.version {
            let asked = Opening { question: after.question, changed_at: after.changed_at, ..before.clone() };
            let is_asked = before.question.is_none() && after.question.is_some() && asked == *after;
            return if is_asked {
                Ok("opening asked whether still open")
            } else {
                wrong("changed under one version")
            };
        }
        if after.version != before.version + 1 {
            return wrong("a version was left out or used twice");
        }
        if before.published_at().is_some() && after.published_at() != before.published_at() {
            return wrong("the day of publication changed");
        }
        match (before.stage, after.stage) {
            (Stage::Closed { .. }, _) => wrong("a closed opening stays closed"),
            (Stage::Draft, Stage::Draft) => Ok("draft changed"),
            (Stage::Draft, Stage::Published { .. }) => Ok("draft published"),
            (Stage::Draft, Stage::Closed { reason: CloseReason::Filled | CloseReason::Withdrawn, .. }) => {
                Ok("draft thrown away")
            }
            (Stage::Published { .. }, Stage::Published { .. }) => {
                let is_kept = before.content.details().places == after.content.details().places;
                Ok(if is_kept { "opening kept open" } else { "opening changed" })
            }
            (Stage::Published { .. }, Stage::Paused { .. }) => Ok("opening paused"),
            (Stage::Paused { .. }, Stage::Paused { .. }) => Ok("opening changed while paused"),
            (Stage::Paused { .. }, Stage::Published { .. }) => Ok("opening shown again"),
            (Stage::Published { .. } | Stage::Paused { .. }, Stage::Closed { reason, .. }) => match reason {
                CloseReason::Filled => Ok("opening filled"),
                CloseReason::Withdrawn => Ok("opening withdrawn"),
                CloseReason::Expired if before.is_over(day(now)) => Ok("opening expired"),
                CloseReason::Expired => wrong("closed before its last day had passed"),
                CloseReason::Undone => wrong("nothing was imported"),
            },
            (Stage::Draft | Stage::Published { .. } | Stage::Paused { .. }, _) => wrong("no such step"),
        }
    }

    fn check(&self, table: &Table<Opening>) -> Result<(), String> {
        for opening in table.rows.values() {
            let is_closed = matches!(opening.stage, Stage::Closed { .. });
            if is_closed && opening.question.is_some() {
                return Err(format!("a closed opening is asked whether it is open: {opening:?}"));
            }
            if opening.content.details().places == 0 {
                return Err(format!("an opening without places: {opening:?}"));
            }
        }
        Ok(())
    }

    fn jumps(&self) -> &'static [TimeDelta] {
        const ASKED_AFTER: i64 = course::UNTOUCHED_DAYS as i64 + 1;
        const JUMPS: &[TimeDelta] =
            &[TimeDelta::days(1), TimeDelta::days(4), TimeDelta::days(8), TimeDelta::days(ASKED_AFTER)];
        JUMPS
    }
}
