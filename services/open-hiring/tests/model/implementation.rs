//! The implementation held to the model: the same deeds, in any order, lead both to the same world.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use open_hiring::domain::{
    Entry, PlaceState, Stage, State, Ticket, What,
    answer_time::AnswerTime,
    line::Line,
    offer,
    ticket::{self, COMES_BACK_WITHIN, CONFIRMED_WITHIN},
};
use proptest::prelude::*;
use proto::{PlaceId, QueueId, TicketId, open_hiring::WentWrong};
use uuid::Uuid;

use super::world::{At, Deed, PEOPLE, PLACES, Passes, Place, World};

/// A queue as the implementation keeps it, driven by the model's deeds.
pub(crate) struct Driven {
    line: Line,
    pub(crate) now: DateTime<Utc>,
    /// Whose time to come back is over.
    gone_for_good: BTreeSet<u8>,
    /// Whose time to answer is over.
    late: BTreeSet<u8>,
    /// How many places begin so soon that nobody could answer in time.
    soon: u8,
    pub(crate) entries: Vec<Entry>,
}

fn ticket_id(person: u8) -> TicketId {
    TicketId(Uuid::from_u128(100 + u128::from(person)))
}

fn place_id(place: u8) -> PlaceId {
    PlaceId(Uuid::from_u128(200 + u128::from(place)))
}

fn first_day(place: u8) -> NaiveDate {
    // So far away that no deadline and no jump of time here comes near.
    NaiveDate::from_ymd_opt(2096, 1, 2).unwrap() + Days::new(u64::from(place))
}

impl Driven {
    pub(crate) fn new() -> Self {
        let now: DateTime<Utc> = "2026-12-01T09:00:00Z".parse().unwrap();
        let queue_id = QueueId(Uuid::from_u128(1));
        let answer_time = AnswerTime::new(9, 9, 18).unwrap();
        let mut driven = Self {
            line: Line::new(queue_id, now, answer_time, false),
            now,
            gone_for_good: BTreeSet::new(),
            late: BTreeSet::new(),
            soon: 0,
            entries: Vec::new(),
        };
        driven.add(now, What::QueueOpened { opens_at: now });
        for place in 0..PLACES {
            let today = chassis::clock::day(now);
            let added = driven.line.queue.add_place(place_id(place), first_day(place), today).unwrap();
            driven.add(now, added);
        }
        driven
    }

    pub(crate) fn queue_id(&self) -> QueueId {
        self.line.queue.queue_id
    }

    pub(crate) fn ticket(&self, person: u8) -> Option<&Ticket> {
        self.line.ticket(ticket_id(person))
    }

    fn add(&mut self, at: DateTime<Utc>, what: What) {
        let entry = Entry::new(at, what);
        self.line.add(&entry).unwrap_or_else(|wrong| panic!("{wrong}: {entry:?} after {:?}", self.entries));
        self.entries.push(entry);
    }

    /// A moment at which her time is over exactly when the model says so.
    fn moment_for(&self, person: u8) -> DateTime<Utc> {
        let Some(ticket) = self.line.ticket(ticket_id(person)) else { return self.now };
        match ticket.state {
            State::Offered { until, .. } if self.late.contains(&person) => until,
            State::Ended { back_until: Some(until) } if self.gone_for_good.contains(&person) => until,
            _ => self.now,
        }
    }

    /// A moment at which exactly so many places begin too soon as the model says.
    fn moment_of_offers(&self) -> DateTime<Utc> {
        match self.soon {
            0 => self.now,
            soon => chassis::clock::at_hour(first_day(soon - 1), 0) - TimeDelta::hours(1),
        }
    }

    /// One deed, as a use case does it: decide, write down, make the offers that follow. Refusals and repeats change nothing.
    pub(crate) fn does(&mut self, deed: Deed) {
        let now = self.now;
        let said = match deed {
            Deed::SignUp(person) => {
                let number = u32::try_from(self.line.tickets().count() + 1).unwrap();
                let is_new = self.line.ticket(ticket_id(person)).is_none();
                // As in the model, people sign up in the order of their names.
                let is_next = u32::from(person) < number;
                let is_admitted = is_new && is_next && self.line.queue.admits(now).is_ok();
                is_admitted.then(|| vec![What::SignedUp { ticket: ticket_id(person), number }])
            }
            Deed::Withdraw(place) => {
                let said = self.line.queue.withdraw_place(place_id(place), "no-work");
                said.ok().flatten().map(|what| vec![what])
            }
            Deed::Stop => self.line.queue.stop_offers("labour-conflict").unwrap().map(|stopped| {
                let mut said = vec![stopped];
                said.extend(self.line.tickets().filter_map(|ticket| match ticket.state {
                    State::Offered { place, .. } => {
                        ticket.decide(ticket::Deed::EndOffer(place), now).unwrap()
                    }
                    _ => None,
                }));
                said
            }),
            Deed::GoOnOffering => self.line.queue.go_on_offering().unwrap().map(|what| vec![what]),
            _ => {
                // At a moment at which her time is over exactly when the model says so.
                if let Some((said, at)) = self.of_ticket(deed) {
                    self.add(at, said);
                    Some(Vec::new())
                } else {
                    None
                }
            }
        };
        let Some(said) = said else { return };
        for what in said {
            self.add(now, what);
        }
        let line: Vec<_> = self.line.tickets().cloned().collect();
        for offered in offer::offers(&self.line.queue, &line, self.moment_of_offers()) {
            if let Some(person) = person_of(&offered) {
                self.late.remove(&person);
            }
            self.add(now, offered);
        }
        self.line.check().unwrap();
    }

    /// What follows, and when; nothing when it is refused or is so already.
    fn of_ticket(&self, deed: Deed) -> Option<(What, DateTime<Utc>)> {
        use ticket::Deed as Does;
        let (person, deed) = match deed {
            Deed::RefuseDays(person, refuses) => {
                let days = (0..PLACES).filter(|place| refuses[usize::from(*place)]).map(first_day).collect();
                let ticket = self.line.ticket(ticket_id(person))?;
                return Some((ticket.refuse_days(days).ok()??, self.now));
            }
            Deed::Confirm(person) => (person, Does::Confirm),
            Deed::ForgetUnconfirmed(person) => (person, Does::ForgetUnconfirmed),
            Deed::Yes(person, place) => (person, Does::Yes(place_id(place))),
            Deed::No(person, place) => (person, Does::No(place_id(place))),
            Deed::NotThatDay(person, place) => (person, Does::NotThatDay(place_id(place), first_day(place))),
            Deed::Later(person, place) => (person, Does::Later(place_id(place))),
            Deed::RunOut(person, place) => (person, Does::RunOut(place_id(place))),
            Deed::NotReached(person, place) => (person, Does::NotReached(place_id(place))),
            Deed::Pause(person) => (person, Does::Pause),
            Deed::GoOn(person) => (person, Does::GoOn),
            Deed::StepDown(person) => (person, Does::StepDown),
            Deed::ComeBack(person) => (person, Does::ComeBack),
            Deed::GiveBack(person, place) => (person, Does::GiveBack(place_id(place))),
            Deed::Start(person, place) => (person, Does::Start(place_id(place))),
            Deed::NotCome(person, place) => (person, Does::NotCome(place_id(place))),
            Deed::SetRight(person) => (person, Does::SetRight(WentWrong::OtherPerson)),
            Deed::SignUp(_) | Deed::Withdraw(_) | Deed::Stop | Deed::GoOnOffering => return None,
        };
        let ticket = self.line.ticket(ticket_id(person))?;
        let at = if deed == Does::ForgetUnconfirmed {
            self.now.max(ticket.signed_up_at + CONFIRMED_WITHIN)
        } else {
            self.moment_for(person)
        };
        Some((ticket.decide(deed, at).ok()??, at))
    }

    pub(crate) fn passes(&mut self, passes: Passes) {
        match passes {
            Passes::Deadline(person) => {
                self.late.insert(person);
            }
            Passes::Return(person) => {
                self.gone_for_good.insert(person);
            }
            Passes::Nearer => self.soon = PLACES.min(self.soon + 1),
        }
        self.forget_what_is_over();
    }

    /// Time that passed counts for what stands now, not for what comes later.
    fn forget_what_is_over(&mut self) {
        let state = |person: &u8| self.line.ticket(ticket_id(*person)).map(|ticket| ticket.state);
        self.late.retain(|person| matches!(state(person), Some(State::Offered { .. })));
        self.gone_for_good
            .retain(|person| matches!(state(person), Some(State::Ended { back_until: Some(_) })));
    }

    /// What the implementation keeps, in the words of the model.
    fn world(&self) -> World {
        let mut world = World::new();
        let person_of = |ticket: TicketId| (0..PEOPLE).find(|person| ticket_id(*person) == ticket).unwrap();
        let place_of = |place: PlaceId| (0..PLACES).find(|other| place_id(*other) == place).unwrap();
        for ticket in self.line.tickets() {
            let person = person_of(ticket.ticket_id);
            let one = &mut world.people[usize::from(person)];
            one.number = u8::try_from(ticket.number).unwrap();
            one.confirmed = ticket.is_confirmed;
            for place in 0..PLACES {
                one.refuses[usize::from(place)] = ticket.refused_days.contains(&first_day(place));
            }
            one.at = match ticket.state {
                State::Waiting => At::Line,
                State::Offered { place, .. } => {
                    At::Asked { place: place_of(place), late: self.late.contains(&person) }
                }
                State::Yes { place } => At::Begins(place_of(place)),
                State::Paused => At::Pause,
                State::Started { place } => At::Began(place_of(place)),
                State::Ended { back_until } => {
                    At::Left { can_return: back_until.is_some() && !self.gone_for_good.contains(&person) }
                }
            };
        }
        for (index, place) in self.line.queue.places.iter().enumerate() {
            world.leaves[index] = place.leaves;
            world.places[index] = match place.state {
                PlaceState::Free => Place::Free,
                PlaceState::Offered(ticket) => Place::Offered(person_of(ticket)),
                PlaceState::Taken(ticket) => Place::Given(person_of(ticket)),
                PlaceState::Started(ticket) => Place::Used(person_of(ticket)),
                PlaceState::Withdrawn => Place::Gone,
            };
        }
        world.stopped = self.line.queue.stage == Stage::Stopped;
        world.soon = self.soon;
        world
    }
}

fn person_of(what: &What) -> Option<u8> {
    let ticket = what.ticket()?;
    (0..PEOPLE).find(|person| ticket_id(*person) == ticket)
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Does(Deed),
    Passes(Passes),
}

/// Deeds that would do something, most of the time; any deed now and then.
fn steps() -> impl Strategy<Value = Vec<(prop::sample::Index, bool)>> {
    prop::collection::vec((any::<prop::sample::Index>(), prop::bool::weighted(0.8)), 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_implementation_does_what_the_model_does(steps in steps()) {
        let all: Vec<Step> = World::deeds().into_iter().map(Step::Does)
            .chain(World::passing().into_iter().map(Step::Passes)).collect();
        let (mut world, mut driven) = (World::new(), Driven::new());
        for (chosen, sensible) in steps {
            let choices: Vec<Step> = all.iter().copied().filter(|step| !sensible || match step {
                Step::Does(deed) => world.with(*deed, None).is_some(),
                Step::Passes(passes) => world.after(*passes).is_some(),
            }).collect();
            let step = *chosen.get(&choices);
            match step {
                Step::Does(deed) => {
                    driven.does(deed);
                    world = world.with(deed, None).unwrap_or(world);
                }
                Step::Passes(passes) => {
                    driven.passes(passes);
                    world = world.after(passes).unwrap_or(world);
                }
            }
            driven.forget_what_is_over();
            prop_assert_eq!(driven.world(), world, "after {:?}", step);
        }
    }
}

#[test]
fn whoever_comes_back_in_time_comes_back_to_her_own_number() {
    let mut driven = Driven::new();
    for person in 0..2 {
        driven.does(Deed::SignUp(person));
    }
    driven.does(Deed::StepDown(0));
    driven.now += COMES_BACK_WITHIN - TimeDelta::milliseconds(1);
    driven.does(Deed::ComeBack(0));
    assert_eq!(
        driven.line.ticket(ticket_id(0)).map(|ticket| (ticket.number, ticket.state)),
        Some((1, State::Waiting))
    );
    driven.does(Deed::StepDown(0));
    driven.now += COMES_BACK_WITHIN;
    driven.does(Deed::ComeBack(0));
    assert!(matches!(driven.line.ticket(ticket_id(0)).unwrap().state, State::Ended { .. }));
}
