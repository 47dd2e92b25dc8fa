//! The model: three people, two places with two first days, written from docs/queue-ledger.md and not from the code.
//!
//! Time is only what it changes: a deadline passes at any moment, or it does not. Any deed can come at any moment, so a
//! late answer and a repeat are among them.

/// Of people.
pub(crate) const PEOPLE: u8 = 3;
/// Of places; place `p` begins on day `p`.
pub(crate) const PLACES: u8 = 2;

/// Where a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum At {
    /// Never signed up.
    Nowhere,
    /// In line.
    Line,
    /// A place is offered; whether the time to answer is over.
    Asked { place: u8, late: bool },
    /// Said yes.
    Begins(u8),
    /// On pause.
    Pause,
    /// Had her first day.
    Began(u8),
    /// Left; whether she can still come back.
    Left { can_return: bool },
}

/// A person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Person {
    /// 1, 2, 3 in the order of signing up; 0 before.
    pub(crate) number: u8,
    pub(crate) at: At,
    pub(crate) confirmed: bool,
    /// Days on which she cannot.
    pub(crate) refuses: [bool; PLACES as usize],
}

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Free,
    Offered(u8),
    Given(u8),
    Used(u8),
    Gone,
}

/// Everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) people: [Person; PEOPLE as usize],
    pub(crate) places: [Place; PLACES as usize],
    /// Places that the employer takes back once they are free.
    pub(crate) leaves: [bool; PLACES as usize],
    /// A labour conflict.
    pub(crate) stopped: bool,
    /// So many places, the earliest first day first, begin so soon that nobody could answer in time.
    pub(crate) soon: u8,
}

/// What can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    SignUp(u8),
    Confirm(u8),
    ForgetUnconfirmed(u8),
    Yes(u8, u8),
    No(u8, u8),
    NotThatDay(u8, u8),
    /// On which days she cannot begin, in place of what was said before.
    RefuseDays(u8, [bool; PLACES as usize]),
    Later(u8, u8),
    RunOut(u8, u8),
    NotReached(u8, u8),
    Pause(u8),
    GoOn(u8),
    StepDown(u8),
    ComeBack(u8),
    GiveBack(u8, u8),
    Start(u8, u8),
    NotCome(u8, u8),
    SetRight(u8),
    Withdraw(u8),
    Stop,
    GoOnOffering,
}

/// What the clock does by itself: nobody decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Passes {
    /// Her time to answer.
    Deadline(u8),
    /// Her time to come back.
    Return(u8),
    /// The time in which somebody could be asked about the next first day.
    Nearer,
}

/// Mistakes that the explorer must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planted {
    /// A replica decides on what it read before another one committed.
    NoLock,
    /// The sweep ends an offer although she answered.
    SweepIgnoresAnswers,
    /// A yes after the deadline counts.
    LateYesCounts,
    /// The last in line is asked first.
    LastFirst,
    /// A place that the employer takes back is offered once more.
    OffersWhatLeaves,
    /// Somebody is asked about a day on which she cannot.
    OffersRefusedDay,
    /// A place is offered although nobody could answer before it begins.
    OffersTooSoon,
    /// Setting right puts her before others.
    SetRightTakesAnotherNumber,
}

impl Planted {
    pub(crate) const ALL: [Self; 8] = [
        Self::NoLock,
        Self::SweepIgnoresAnswers,
        Self::LateYesCounts,
        Self::LastFirst,
        Self::OffersWhatLeaves,
        Self::OffersRefusedDay,
        Self::OffersTooSoon,
        Self::SetRightTakesAnotherNumber,
    ];
}

impl World {
    pub(crate) const fn new() -> Self {
        let nobody =
            Person { number: 0, at: At::Nowhere, confirmed: false, refuses: [false; PLACES as usize] };
        Self {
            people: [nobody; PEOPLE as usize],
            places: [Place::Free; PLACES as usize],
            leaves: [false; PLACES as usize],
            stopped: false,
            soon: 0,
        }
    }

    /// Everything that can come.
    pub(crate) fn deeds() -> Vec<Deed> {
        let mut deeds = vec![Deed::Stop, Deed::GoOnOffering];
        deeds.extend((0..PLACES).map(Deed::Withdraw));
        for person in 0..PEOPLE {
            deeds.extend([
                Deed::SignUp(person),
                Deed::Confirm(person),
                Deed::ForgetUnconfirmed(person),
                Deed::Pause(person),
                Deed::GoOn(person),
                Deed::StepDown(person),
                Deed::ComeBack(person),
                Deed::SetRight(person),
            ]);
            deeds.extend(
                [[false, false], [false, true], [true, false], [true, true]]
                    .map(|days| Deed::RefuseDays(person, days)),
            );
            for place in 0..PLACES {
                deeds.extend([
                    Deed::Yes(person, place),
                    Deed::No(person, place),
                    Deed::NotThatDay(person, place),
                    Deed::Later(person, place),
                    Deed::RunOut(person, place),
                    Deed::NotReached(person, place),
                    Deed::GiveBack(person, place),
                    Deed::Start(person, place),
                    Deed::NotCome(person, place),
                ]);
            }
        }
        deeds
    }

    /// What can pass.
    pub(crate) fn passing() -> Vec<Passes> {
        let of_people = (0..PEOPLE).flat_map(|person| [Passes::Deadline(person), Passes::Return(person)]);
        of_people.chain([Passes::Nearer]).collect()
    }

    /// The world after time passed; `None` when nothing changed.
    pub(crate) fn after(mut self, passes: Passes) -> Option<Self> {
        let before = self;
        match passes {
            Passes::Deadline(person) => {
                if let At::Asked { late, .. } = &mut self.people[usize::from(person)].at {
                    *late = true;
                }
            }
            Passes::Return(person) => {
                if let At::Left { can_return } = &mut self.people[usize::from(person)].at {
                    *can_return = false;
                }
            }
            Passes::Nearer => self.soon = PLACES.min(self.soon + 1),
        }
        (self != before).then_some(self)
    }

    /// The world after a deed, with the offers that follow in the same transaction; `None` when it is refused or
    /// changes nothing.
    pub(crate) fn with(mut self, deed: Deed, planted: Option<Planted>) -> Option<Self> {
        self.do_it(deed, planted)?;
        self.offer(planted);
        Some(self)
    }

    fn at(&mut self, person: u8) -> &mut At {
        &mut self.people[usize::from(person)].at
    }

    /// The place is nobody's any more.
    fn free(&mut self, place: u8) {
        let place = usize::from(place);
        self.places[place] = if self.leaves[place] { Place::Gone } else { Place::Free };
    }

    /// An answer in time.
    fn is_asked(&self, person: u8, place: u8) -> bool {
        self.people[usize::from(person)].at == At::Asked { place, late: false }
    }

    fn do_it(&mut self, deed: Deed, planted: Option<Planted>) -> Option<()> {
        match deed {
            Deed::SignUp(person) => {
                let is_left = (0..PLACES).any(|place| {
                    matches!(self.places[usize::from(place)], Place::Free | Place::Offered(_))
                        && !self.leaves[usize::from(place)]
                });
                let last = self.people.iter().map(|other| other.number).max()?;
                let one = &mut self.people[usize::from(person)];
                // Before they sign up people are all alike: whoever is next is as good as anybody.
                if one.number > 0 || !is_left || person > last {
                    return None;
                }
                (one.number, one.at) = (last + 1, At::Line);
            }
            Deed::Confirm(person) => {
                let one = &mut self.people[usize::from(person)];
                if one.confirmed || matches!(one.at, At::Nowhere | At::Left { .. } | At::Began(_)) {
                    return None;
                }
                one.confirmed = true;
            }
            Deed::ForgetUnconfirmed(person) => {
                let one = &mut self.people[usize::from(person)];
                if one.confirmed || !matches!(one.at, At::Line | At::Pause) {
                    return None;
                }
                one.at = At::Left { can_return: false };
            }
            Deed::Yes(person, place) => {
                let counts = self.is_asked(person, place)
                    || planted == Some(Planted::LateYesCounts)
                        && matches!(*self.at(person), At::Asked { place: asked, late: true } if asked == place)
                    || planted == Some(Planted::LateYesCounts)
                        && *self.at(person) == At::Pause
                        && !self.people[usize::from(person)].refuses[usize::from(place)];
                if !counts {
                    return None;
                }
                *self.at(person) = At::Begins(place);
                self.places[usize::from(place)] = Place::Given(person);
            }
            Deed::No(person, place) => {
                self.is_asked(person, place).then_some(())?;
                *self.at(person) = At::Left { can_return: true };
                self.free(place);
            }
            Deed::NotThatDay(person, place) => {
                self.is_asked(person, place).then_some(())?;
                *self.at(person) = At::Line;
                self.people[usize::from(person)].refuses[usize::from(place)] = true;
                self.free(place);
            }
            Deed::RefuseDays(person, days) => {
                let one = &mut self.people[usize::from(person)];
                (matches!(one.at, At::Line | At::Pause) && one.refuses != days).then_some(())?;
                one.refuses = days;
            }
            Deed::Later(person, place) => {
                self.is_asked(person, place).then_some(())?;
                *self.at(person) = At::Pause;
                self.free(place);
            }
            Deed::RunOut(person, place) => {
                let is_due = *self.at(person) == At::Asked { place, late: true }
                    || planted == Some(Planted::SweepIgnoresAnswers) && *self.at(person) == At::Begins(place);
                is_due.then_some(())?;
                *self.at(person) = At::Pause;
                self.free(place);
            }
            Deed::NotReached(person, place) => {
                matches!(*self.at(person), At::Asked { place: asked, .. } if asked == place).then_some(())?;
                *self.at(person) = At::Pause;
                self.free(place);
            }
            Deed::Pause(person) => {
                (*self.at(person) == At::Line).then_some(())?;
                *self.at(person) = At::Pause;
            }
            Deed::GoOn(person) => {
                (*self.at(person) == At::Pause).then_some(())?;
                *self.at(person) = At::Line;
            }
            Deed::StepDown(person) => {
                matches!(*self.at(person), At::Line | At::Pause).then_some(())?;
                *self.at(person) = At::Left { can_return: true };
            }
            Deed::ComeBack(person) => {
                (*self.at(person) == At::Left { can_return: true }).then_some(())?;
                *self.at(person) = At::Line;
            }
            Deed::GiveBack(person, place) => {
                (*self.at(person) == At::Begins(place)).then_some(())?;
                *self.at(person) = At::Pause;
                self.free(place);
            }
            Deed::Start(person, place) => {
                (*self.at(person) == At::Begins(place)).then_some(())?;
                *self.at(person) = At::Began(place);
                self.places[usize::from(place)] = Place::Used(person);
            }
            Deed::NotCome(person, place) => {
                (*self.at(person) == At::Begins(place)).then_some(())?;
                *self.at(person) = At::Left { can_return: false };
                self.free(place);
            }
            Deed::SetRight(person) => match self.people[usize::from(person)].at {
                At::Left { .. } if self.people[usize::from(person)].confirmed => *self.at(person) = At::Line,
                At::Began(place) => {
                    *self.at(person) = At::Line;
                    self.free(place);
                    if planted == Some(Planted::SetRightTakesAnotherNumber) {
                        // Whoever was said to have begun is put before everybody.
                        for one in &mut self.people {
                            one.number += u8::from(one.number > 0);
                        }
                        self.people[usize::from(person)].number = 1;
                    }
                }
                _ => return None,
            },
            Deed::Withdraw(place) => {
                let leaves = &mut self.leaves[usize::from(place)];
                if *leaves || matches!(self.places[usize::from(place)], Place::Used(_)) {
                    return None;
                }
                *leaves = true;
                if self.places[usize::from(place)] == Place::Free {
                    self.places[usize::from(place)] = Place::Gone;
                }
            }
            Deed::Stop => {
                (!self.stopped).then_some(())?;
                self.stopped = true;
                for person in 0..PEOPLE {
                    if let At::Asked { place, .. } = *self.at(person) {
                        *self.at(person) = At::Line;
                        self.free(place);
                    }
                }
            }
            Deed::GoOnOffering => {
                self.stopped.then_some(())?;
                self.stopped = false;
            }
        }
        Some(())
    }

    /// Offers every free place to the lowest number that could take it.
    fn offer(&mut self, planted: Option<Planted>) {
        if self.stopped {
            return;
        }
        let mut line: Vec<u8> = (0..PEOPLE).collect();
        line.sort_by_key(|person| self.people[usize::from(*person)].number);
        if planted == Some(Planted::LastFirst) {
            line.reverse();
        }
        for person in line {
            let taken = (0..PLACES).find(|place| {
                let is_there = match self.places[usize::from(*place)] {
                    Place::Free => true,
                    Place::Gone => planted == Some(Planted::OffersWhatLeaves),
                    _ => false,
                };
                let is_in_time = *place >= self.soon || planted == Some(Planted::OffersTooSoon);
                let can = self.could_take(person, *place)
                    || planted == Some(Planted::OffersRefusedDay) && self.waits(person);
                is_there && is_in_time && can
            });
            if let Some(place) = taken {
                *self.at(person) = At::Asked { place, late: false };
                self.places[usize::from(place)] = Place::Offered(person);
            }
        }
    }

    /// Whether somebody in line could take a place.
    pub(crate) fn could_take(&self, person: u8, place: u8) -> bool {
        self.waits(person) && !self.people[usize::from(person)].refuses[usize::from(place)]
    }

    fn waits(&self, person: u8) -> bool {
        let one = self.people[usize::from(person)];
        one.at == At::Line && one.confirmed
    }

    /// What must hold whenever nobody is in the middle of something.
    pub(crate) fn holds(&self) -> Result<(), String> {
        let mut numbers: Vec<u8> =
            self.people.iter().map(|one| one.number).filter(|number| *number > 0).collect();
        numbers.sort_unstable();
        if !numbers.iter().copied().eq(1..=u8::try_from(numbers.len()).expect("three")) {
            return Err(format!("numbers {numbers:?}"));
        }
        for place in 0..PLACES {
            let whose: Vec<u8> = (0..PEOPLE)
                .filter(|person| match self.people[usize::from(*person)].at {
                    At::Asked { place: hers, .. } | At::Begins(hers) | At::Began(hers) => hers == place,
                    _ => false,
                })
                .collect();
            let state = self.places[usize::from(place)];
            let fits = match (state, whose.as_slice()) {
                (Place::Free | Place::Gone, []) => true,
                (Place::Offered(person), [one]) => {
                    person == *one && matches!(self.people[usize::from(person)].at, At::Asked { .. })
                }
                (Place::Given(person), [one]) => {
                    person == *one && matches!(self.people[usize::from(person)].at, At::Begins(_))
                }
                (Place::Used(person), [one]) => {
                    person == *one && matches!(self.people[usize::from(person)].at, At::Began(_))
                }
                _ => false,
            };
            if !fits {
                return Err(format!("place {place} is {state:?}, and it is of {whose:?}"));
            }
            if state == Place::Free
                && !self.stopped
                && place >= self.soon
                && let Some(person) = (0..PEOPLE).find(|person| self.could_take(*person, place))
            {
                return Err(format!("place {place} is free and {person} waits for it"));
            }
        }
        Ok(())
    }

    /// What must hold between two worlds, whatever came.
    pub(crate) fn follows(&self, before: &Self, deed: Deed) -> Result<(), String> {
        for person in 0..PEOPLE {
            let (was, is) = (before.people[usize::from(person)], self.people[usize::from(person)]);
            if was.number > 0 && was.number != is.number {
                return Err(format!("{person} had number {} and has {}", was.number, is.number));
            }
            let by_her = |place| {
                matches!(deed, Deed::GiveBack(who, what) | Deed::Start(who, what) | Deed::NotCome(who, what)
                    if (who, what) == (person, place))
            };
            if let At::Begins(place) = was.at
                && is.at != was.at
                && !by_her(place)
            {
                return Err(format!("{person} said yes to {place} and is {:?} by {deed:?}", is.at));
            }
            if let At::Began(place) = was.at
                && is.at != was.at
                && deed != Deed::SetRight(person)
            {
                return Err(format!("{person} began at {place} and is {:?} by {deed:?}", is.at));
            }
            if let Deed::SetRight(who) = deed
                && who != person
                && ((is.refuses, is.confirmed) != (was.refuses, was.confirmed)
                    || is.at != was.at && !(was.at == At::Line && matches!(is.at, At::Asked { .. })))
            {
                return Err(format!("{person} was {:?} and is {:?} by {deed:?}", was.at, is.at));
            }
            let new_yes = matches!(is.at, At::Begins(_)) && !matches!(was.at, At::Begins(_));
            if new_yes && !matches!(was.at, At::Asked { late: false, .. }) {
                return Err(format!("{person} was {:?} and begins", was.at));
            }
            if let At::Asked { place, .. } = is.at
                && !matches!(was.at, At::Asked { place: before, .. } if before == place)
            {
                if before.places[usize::from(place)] == Place::Gone {
                    return Err(format!("place {place} was gone and is offered"));
                }
                if is.refuses[usize::from(place)] {
                    return Err(format!("{person} is asked about day {place}, on which she cannot"));
                }
                if place < self.soon {
                    return Err(format!("place {place} is offered and nobody could answer in time"));
                }
                let passed_over = (0..PEOPLE).find(|other| {
                    self.people[usize::from(*other)].number < is.number && self.could_take(*other, place)
                });
                let overtook = (0..PEOPLE).find(|other| {
                    let other_was = before.people[usize::from(*other)];
                    other_was.number > 0
                        && other_was.number < is.number
                        && before.could_take(*other, place)
                        && self.people[usize::from(*other)].at == At::Line
                });
                if let Some(other) = passed_over.or(overtook) {
                    return Err(format!("{other} was passed over for place {place}"));
                }
            }
        }
        Ok(())
    }
}
