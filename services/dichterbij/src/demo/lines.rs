//! Invented lines for Open Hiring, and the invented people who stand in them.
//!
//! A professional put them there, as at the desk of a market: nobody has to read a code.

use std::time::Duration;

use chassis::{Bus, Chance as _, chance::OsChance};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use proto::{
    Actor, OpeningId, Service,
    intake::{AtDesk, Newcomer, Recognise, Recognised},
    open_hiring::{AnswerHours, Arrival, FirstDay, OpenQueue, SignUp},
    vacancies::Terms,
};
use tokio::time::Instant;

use super::{
    dice::Dice,
    fill::{ACCOUNT, FillError, PATIENCE, refused},
    openings::Opening,
    people::person,
    world::World,
};

/// The usual time to answer, as the page gives it.
const ANSWER_HOURS: AnswerHours = AnswerHours { hours: 24, from: 9, until: 18 };
/// Who put the people in line, as they read it.
const ORGANISATION: &str = "Dichterbij-markt";

/// The line of an opening.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// First days with their places.
    first_days: Vec<FirstDay>,
    /// From when on people sign up; a moment that has passed means now.
    opens_at: DateTime<Utc>,
    /// Whether people may wait for places that are not there yet.
    is_standing: bool,
    /// The numbers of the people in it, in order of arrival.
    people: Vec<usize>,
}

impl Line {
    /// The line of opening number so and so, among so many people. Not every opening has one: it must be published, take who
    /// comes first and name its first days, and for a few somebody still has to open it.
    pub(super) fn of(
        world: &World<'_>,
        number: usize,
        opening: &Opening,
        people: usize,
        today: NaiveDate,
    ) -> Option<Self> {
        let Terms::OpenHiring { starts } = &opening.details.terms else { return None };
        let mut dice = Dice::of(world.seed, "line", number);
        if !opening.publish || starts.is_empty() || dice.yes(0.15) {
            return None;
        }
        let first_days: Vec<_> =
            starts.iter().map(|start| FirstDay { on: start.on, places: start.places }).collect();
        let places: u32 = first_days.iter().map(|day| u32::from(day.places)).sum();
        let opens_in = if dice.yes(0.15) { dice.between(1, 6) } else { 0 };
        let opens_at = (today + Days::new(opens_in.into())).and_time(NaiveTime::MIN).and_utc();
        let is_standing = dice.yes(0.5);
        let count = if opens_in == 0 { dice.between(0, 3 * places + 3) } else { 0 };
        let everyone: Vec<usize> = (0..people).collect();
        Some(Self { first_days, opens_at, is_standing, people: dice.some(&everyone, count as usize) })
    }

    /// Opens it, as soon as Open Hiring heard of the opening, and puts its people in. Harmless when it is there already.
    pub(super) async fn open(
        &self,
        bus: &Bus,
        world: &World<'_>,
        manager: &Actor,
        opening_id: OpeningId,
    ) -> Result<(), FillError> {
        let until = Instant::now() + PATIENCE;
        let call = OpenQueue {
            opening_id,
            opens_at: self.opens_at,
            answer_hours: ANSWER_HOURS,
            is_standing: self.is_standing,
            first_days: self.first_days.clone(),
        };
        loop {
            match bus.call(manager, &call).await {
                Ok(_) => break,
                Err(problem) if problem.code == "queue-exists" => break,
                Err(problem) if problem.code == "opening-unknown" && Instant::now() < until => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(problem) => return Err(refused("opening a line")(problem)),
            }
        }
        if self.people.is_empty() { Ok(()) } else { self.sign_up(bus, world, opening_id).await }
    }

    async fn sign_up(&self, bus: &Bus, world: &World<'_>, opening_id: OpeningId) -> Result<(), FillError> {
        let come: Vec<_> = self.people.iter().map(|number| newcomer(world, *number)).collect();
        let recognise = Recognise { people: bus.seal(Service::Intake, &come) };
        let known = bus.call_as_service(OsChance.uuid_v4(), &recognise).await;
        let arrivals = known.map_err(refused("finding people"))?.into_iter().filter_map(|one| match one {
            Recognised::Person { seeker_id, ways, .. } => Some(Arrival {
                opening_id,
                seeker_id,
                is_confirmed: true,
                ways,
                with_help_of: Some(ACCOUNT),
                first_days: Vec::new(),
            }),
            Recognised::Refused { .. } => None,
        });
        let sign_up = SignUp { people: arrivals.collect() };
        let signed = bus.call_as_service(OsChance.uuid_v4(), &sign_up).await;
        signed.map(drop).map_err(refused("standing in line"))
    }
}

fn newcomer(world: &World<'_>, number: usize) -> Newcomer {
    let person = person(world, number);
    let desk = AtDesk { account_id: ACCOUNT, organisation: ORGANISATION.to_owned(), shared: false };
    Newcomer { name: person.name, contact: person.contact, language: person.language, desk: Some(desk) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use reference::{Reference, demo::Demo};

    use super::*;
    use crate::demo::{employers::employers, openings::openings};

    #[test]
    fn most_openings_for_who_comes_first_have_a_line_that_repeats() {
        let (reference, material) = (Reference::small(), Demo::built_in());
        let world = World::of(&reference, &material, 7, &["AM11".parse().unwrap()]).unwrap();
        let today: NaiveDate = "2026-11-23".parse().unwrap();
        let openings = openings(&world, &employers(&world, 60), 800, today);
        let lines: Vec<_> = openings
            .iter()
            .enumerate()
            .filter_map(|(number, opening)| Some((opening, Line::of(&world, number, opening, 300, today)?)))
            .collect();
        assert!((60..160).contains(&lines.len()), "{}", lines.len());
        assert!(lines.iter().any(|(_, line)| line.opens_at > today.and_time(NaiveTime::MIN).and_utc()));
        for (opening, line) in &lines {
            assert!(opening.publish && matches!(opening.details.terms, Terms::OpenHiring { .. }));
            assert!(!line.first_days.is_empty() && line.first_days.iter().all(|day| day.on > today));
            assert_eq!(line.people.iter().collect::<BTreeSet<_>>().len(), line.people.len(), "each once");
            assert!(line.people.iter().all(|person| *person < 300));
        }
        let number = openings.iter().position(|opening| std::ptr::eq(opening, lines[0].0)).unwrap();
        assert_eq!(Line::of(&world, number, lines[0].0, 300, today).as_ref(), Some(&lines[0].1));
    }
}
