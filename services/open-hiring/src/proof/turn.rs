//! Transactions about queues, as the use cases do them: a queue is taken in hand under its lock, decided with the same
//! functions, and kept as a whole.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use chassis::{
    Chance,
    clock::day,
    proof::{Dice, Stop, Told, Work},
};
use chrono::NaiveDate;
use proto::{
    OpeningId, PlaceId, QueueId, SeekerId, TicketId,
    intake::{ContactChanged, ContactConfirmed, SeekerErased},
    open_hiring::{
        Answer, Arrival, CallResult, CallTaskClosed, ChangeReason, QueueChange, SeekerForgotten,
        TicketErased, TicketState, TicketWish, WentWrong,
    },
    vacancies::{OpeningClosed, OpeningPaused, OpeningPublished},
    work::Route,
};
use uuid::Uuid;

use super::{Ask, Queue, Row, Whole, is_due, named};
use crate::{
    domain::{
        Entry, Stage, State, What,
        answer_time::AnswerTime,
        ledger::Hash,
        offer,
        queue::ChangeRefused,
        ticket::{Deed, Refused},
    },
    events::publish,
    store::{call_tasks, openings::Opening},
    use_cases::{
        follow_opening::{Follows, ended, follows},
        in_hand::InHand,
        move_on::release,
        sign_up::{OVERTAKES, admit},
    },
};

/// The chance of one transaction.
struct Luck(Mutex<Dice>);

impl Luck {
    fn of(work: &Work<'_, Row>) -> Self {
        Self(Mutex::new(work.dice.clone()))
    }
}

impl Chance for Luck {
    fn fill(&self, bytes: &mut [u8]) {
        let mut dice = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(16) {
            chunk.copy_from_slice(&dice.id().as_bytes()[..chunk.len()]);
        }
    }
}

fn refused(refused: Refused) -> Stop {
    Stop::Refused(publish::code(refused))
}

const fn change_refused(refused: ChangeRefused) -> Stop {
    Stop::Refused(match refused {
        ChangeRefused::Closed => "queue-closed",
        ChangeRefused::NoSuchPlace => "place-unknown",
        ChangeRefused::Started => "place-started",
        ChangeRefused::DayHasCome => "first-day-past",
    })
}

fn held(work: &mut Work<'_, Row>, id: Uuid) -> Result<Option<Whole>, Stop> {
    match work.hold(id)? {
        Some(Row::Queue(whole)) => Ok(Some(*whole)),
        _ => Ok(None),
    }
}

/// A queue in hand, and the rest of what is kept under its lock.
struct Turn {
    id: Uuid,
    whole: Whole,
    hand: InHand,
}

impl Turn {
    /// `InHand::take`.
    fn take(work: &mut Work<'_, Row>, id: Uuid) -> Result<Option<Self>, Stop> {
        let Some(mut whole) = held(work, id)? else { return Ok(None) };
        let Some(queue) = whole.queue.take() else { return Ok(None) };
        let now = Entry::moment(work.now).max(queue.last_at);
        let mut hand = InHand::of(queue, now);
        for stored in std::mem::take(&mut whole.tickets).into_values() {
            hand.read(stored);
        }
        Ok(Some(Self { id, whole, hand }))
    }

    fn must(work: &mut Work<'_, Row>, id: Uuid) -> Result<Self, Stop> {
        Self::take(work, id)?.ok_or(Stop::Refused("queue-unknown"))
    }

    fn take_all(work: &mut Work<'_, Row>, ids: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, Self>, Stop> {
        ids.iter().map(|id| Ok((*id, Self::must(work, *id)?))).collect()
    }

    /// A ticket of a queue that somebody holds.
    fn deed(&mut self, luck: &Luck, ticket_id: TicketId, deed: Deed) -> Result<bool, Stop> {
        self.hand.decide(luck, ticket_id, deed).map_err(refused)
    }

    fn state(&self, ticket_id: TicketId) -> Option<State> {
        Some(self.hand.seen(ticket_id)?.ticket.state)
    }

    fn open_calls(&mut self, work: &mut Work<'_, Row>, calls: &[call_tasks::New]) {
        for call in calls {
            self.whole.calls.insert(call.ticket_id, call.task_id);
            work.tell(publish::call_task_opened(call));
        }
    }

    fn close_call(&mut self, work: &mut Work<'_, Row>, ticket_id: TicketId, result: Option<CallResult>) {
        if let Some(task_id) = self.whole.calls.remove(&ticket_id) {
            work.tell(CallTaskClosed { task_id, version: 2, result });
        }
    }

    /// `stop_offers` of `use_cases::change_queue`.
    fn stop_offers(&mut self, luck: &Luck, reason: ChangeReason) -> Result<(), Stop> {
        for (ticket_id, place_id) in self.hand.stop_offers(luck, reason).map_err(change_refused)? {
            self.deed(luck, ticket_id, Deed::EndOffer(place_id))?;
        }
        Ok(())
    }

    fn go_on(&mut self, luck: &Luck) -> Result<(), Stop> {
        let is_paused = self.whole.opening.is_paused();
        self.hand.go_on(luck, is_paused).map_err(change_refused)
    }

    fn close(&mut self, luck: &Luck, reason: ChangeReason) {
        if let Some(what) = self.hand.queue.queue.close(reason.name()) {
            self.hand.because(Some(reason));
            self.hand.queue.to_tell = true;
            self.hand.enter(luck, what);
        }
    }

    /// Offers what is free, and writes and tells everything: the end of every transaction.
    fn finish(mut self, work: &mut Work<'_, Row>, luck: &Luck) {
        if !offer::free_days(&self.hand.queue.queue, self.hand.now).is_empty() {
            self.hand.offer(luck, 0, u32::MAX);
        }
        self.save(work, luck);
    }

    /// `InHand::save`.
    fn save(mut self, work: &mut Work<'_, Row>, luck: &Luck) {
        let settled = self.hand.settle(luck);
        for ticket_id in settled.over {
            self.close_call(work, ticket_id, None);
        }
        for changed in settled.tickets {
            work.tell(changed);
        }
        self.open_calls(work, &settled.calls);
        if let Some(changed) = settled.queue {
            work.tell(changed);
        }
        let Self { id, mut whole, hand } = self;
        let (queue, tickets, entered) = hand.into_parts();
        whole.queue = Some(queue);
        whole.tickets = tickets.map(|stored| (stored.ticket.number, stored)).collect();
        let mut entered = entered.map(Some).peekable();
        if entered.peek().is_some() {
            Arc::make_mut(&mut whole.ledger).extend(entered);
        }
        work.keep(id, Row::Queue(Box::new(whole)));
    }
}

fn finish_all(work: &mut Work<'_, Row>, turns: BTreeMap<Uuid, Turn>, luck: &Luck) {
    for turn in turns.into_values() {
        turn.finish(work, luck);
    }
}

/// The queue of a ticket and whose it is, as a plain look finds them before anything is locked.
fn find(work: &Work<'_, Row>, ticket_id: TicketId) -> Result<(Uuid, SeekerId), Stop> {
    let all = work.find(|row| matches!(row, Row::Queue(_)));
    let hers = all.into_iter().find_map(|id| {
        let Some(Row::Queue(whole)) = work.look(id) else { return None };
        let mut tickets = whole.tickets.values();
        let stored = tickets.find(|stored| stored.ticket.ticket_id == ticket_id)?;
        Some((id, stored.seeker_id))
    });
    hers.ok_or(Stop::Refused("ticket-unknown"))
}

/// Queues with a ticket that fits.
fn queues_with(work: &Work<'_, Row>, fits: impl Fn(&super::Ticket) -> bool) -> BTreeSet<Uuid> {
    let has = |row: &Row| matches!(row, Row::Queue(whole) if whole.tickets.values().any(&fits));
    work.find(has).into_iter().collect()
}

pub(super) fn decide(work: &mut Work<'_, Row>, ask: &Ask) -> Result<(), Stop> {
    let luck = Luck::of(work);
    match ask {
        Ask::Open { .. } => open(work, &luck, ask),
        Ask::Change(id, change) => change_queue(work, &luck, *id, change),
        Ask::SignUp(id, people) => sign_up(work, &luck, *id, people),
        Ask::Answer(ticket_id, place_id, answer) => answer_offer(work, &luck, *ticket_id, *place_id, *answer),
        Ask::Wish(ticket_id, wish) => change_ticket(work, &luck, *ticket_id, *wish),
        Ask::Days(ticket_id, days) => choose_days(work, &luck, *ticket_id, days),
        Ask::FirstDay(ticket_id, came) => tell_first_day(work, &luck, *ticket_id, *came),
        Ask::Call(ticket_id, result) => report_call(work, &luck, *ticket_id, *result),
        Ask::SetRight(ticket_id, reason) => set_right(work, &luck, *ticket_id, *reason),
    }
}

/// `use_cases::open_queue`.
fn open(work: &mut Work<'_, Row>, luck: &Luck, ask: &Ask) -> Result<(), Stop> {
    let Ask::Open { id, opens_at, hours, is_standing, days } = ask else { return Ok(()) };
    let Some(mut whole) = held(work, *id)? else { return Err(Stop::Refused("opening-unknown")) };
    let Some((employer_id, region)) = whole.opening.is_open_for() else {
        return Err(Stop::Refused("opening-not-open"));
    };
    if whole.queue.is_some() {
        return Err(Stop::Refused("queue-exists"));
    }
    let now = Entry::moment(work.now);
    let answer_time = AnswerTime::new(hours.hours, hours.from, hours.until)
        .map_err(|_| Stop::Refused("answer-hours-out-of-range"))?;
    let queue_id = QueueId::of(OpeningId(*id));
    let stored = Queue {
        queue: crate::domain::Queue {
            queue_id,
            opens_at: Entry::moment(*opens_at),
            answer_time,
            is_standing: *is_standing,
            stage: Stage::Running,
            places: Vec::new(),
        },
        version: 0,
        employer_id,
        region: region.to_owned(),
        opened_at: now,
        answer_hours: *hours,
        reason: None,
        to_tell: false,
        entries: 0,
        head: Hash::genesis(queue_id),
        last_at: now,
        last_number: 0,
    };
    let mut hand = InHand::of(stored, now);
    hand.enter(luck, What::QueueOpened { opens_at: Entry::moment(*opens_at) });
    whole.queue = None;
    let mut turn = Turn { id: *id, whole, hand };
    add_places(work, luck, &mut turn, days)?;
    turn.save(work, luck);
    Ok(())
}

fn add_places(
    work: &Work<'_, Row>,
    luck: &Luck,
    turn: &mut Turn,
    days: &[proto::open_hiring::FirstDay],
) -> Result<(), Stop> {
    let today = day(work.now);
    for first_day in days {
        for _ in 0..first_day.places {
            let place = PlaceId(luck.uuid_v4());
            let added =
                turn.hand.queue.queue.add_place(place, first_day.on, today).map_err(change_refused)?;
            turn.hand.enter(luck, added);
        }
    }
    Ok(())
}

/// `use_cases::change_queue`.
fn change_queue(work: &mut Work<'_, Row>, luck: &Luck, id: Uuid, change: &QueueChange) -> Result<(), Stop> {
    let mut turn = Turn::must(work, id)?;
    match change {
        QueueChange::AddPlaces { first_days } => add_places(work, luck, &mut turn, first_days)?,
        QueueChange::WithdrawPlace { place_id, reason } => {
            let withdrawn = turn.hand.queue.queue.withdraw_place(*place_id, reason.name());
            if let Some(what) = withdrawn.map_err(change_refused)? {
                turn.hand.enter(luck, what);
            }
        }
        QueueChange::StopOffers { reason } => {
            turn.stop_offers(luck, *reason)?;
            let before = turn.whole.stopped_for;
            let stays = before == Some(ChangeReason::LabourConflict);
            turn.whole.stopped_for = if stays { before } else { Some(*reason) };
        }
        QueueChange::GoOn {} => {
            turn.go_on(luck)?;
            turn.whole.stopped_for = None;
        }
        QueueChange::Close { reason } => turn.close(luck, *reason),
    }
    turn.finish(work, luck);
    Ok(())
}

/// `use_cases::sign_up`.
fn sign_up(work: &mut Work<'_, Row>, luck: &Luck, id: Uuid, people: &[Arrival]) -> Result<(), Stop> {
    let ids: BTreeSet<Uuid> = people.iter().map(|arrival| arrival.seeker_id.0).collect();
    let (mut gone, mut confirmed) = (HashSet::new(), HashSet::new());
    for seeker in &ids {
        if work.is_forgotten(*seeker)? {
            gone.insert(*seeker);
        }
    }
    let mut turn = Turn::must(work, id)?;
    let since = work.now - OVERTAKES;
    for seeker in ids {
        if matches!(work.look(seeker), Some(Row::Confirmed(at)) if *at >= since) {
            confirmed.insert(seeker);
        }
    }
    let queue_id = QueueId::of(OpeningId(id));
    let mut in_line = HashMap::new();
    if let Some(Row::Queue(whole)) = work.look(id) {
        let stays = whole.tickets.values().filter(|of| !of.ticket.is_out_for_good(turn.hand.now));
        in_line.extend(stays.map(|stored| ((queue_id, stored.seeker_id), stored.ticket.ticket_id)));
    }
    for arrival in people.iter().filter(|arrival| !gone.contains(&arrival.seeker_id.0)) {
        let is_confirmed = arrival.is_confirmed || confirmed.contains(&arrival.seeker_id.0);
        admit(luck, &mut turn.hand, &mut in_line, arrival, is_confirmed);
    }
    turn.finish(work, luck);
    Ok(())
}

/// `use_cases::answer_offer`.
fn answer_offer(
    work: &mut Work<'_, Row>,
    luck: &Luck,
    ticket_id: TicketId,
    place_id: PlaceId,
    answer: Answer,
) -> Result<(), Stop> {
    let (id, seeker_id) = find(work, ticket_id)?;
    let leaves = matches!(answer, Answer::Yes { leave_others: true });
    let waits =
        |stored: &super::Ticket| stored.seeker_id == seeker_id && named(stored) == TicketState::Waiting;
    let mut ids = if leaves { queues_with(work, waits) } else { BTreeSet::new() };
    ids.insert(id);
    let mut turns = Turn::take_all(work, &ids)?;
    let turn = turns.get_mut(&id).ok_or(Stop::Refused("queue-unknown"))?;
    turn.hand.seen(ticket_id).ok_or(Stop::Refused("ticket-unknown"))?;
    let deed = match answer {
        Answer::Yes { .. } => Deed::Yes(place_id),
        Answer::No => Deed::No(place_id),
        Answer::Later => Deed::Later(place_id),
        Answer::NotThatDay => {
            let place = turn.hand.queue.queue.place(place_id).ok_or(Stop::Refused("place-unknown"))?;
            Deed::NotThatDay(place_id, place.first_day)
        }
    };
    turn.deed(luck, ticket_id, deed)?;
    if leaves {
        for turn in turns.values_mut() {
            let Some(Row::Queue(whole)) = work.look(turn.id) else { continue };
            for other in whole.tickets.values().filter(|other| waits(other)) {
                let other_id = other.ticket.ticket_id;
                if other_id != ticket_id && turn.deed(luck, other_id, Deed::Pause)? {
                    turn.hand.note(other_id, |stored| stored.left_for = Some(ticket_id));
                }
            }
        }
    }
    finish_all(work, turns, luck);
    Ok(())
}

/// `use_cases::change_ticket`.
fn change_ticket(
    work: &mut Work<'_, Row>,
    luck: &Luck,
    ticket_id: TicketId,
    wish: TicketWish,
) -> Result<(), Stop> {
    let (id, _) = find(work, ticket_id)?;
    let mut turn = Turn::must(work, id)?;
    let stored = turn.hand.seen(ticket_id).ok_or(Stop::Refused("ticket-unknown"))?;
    let deed = match wish {
        TicketWish::Pause => Deed::Pause,
        TicketWish::GoOn => Deed::GoOn,
        TicketWish::StepDown => Deed::StepDown,
        TicketWish::ComeBack => Deed::ComeBack,
        TicketWish::GiveBack => Deed::GiveBack(stored.place().ok_or(refused(Refused::NotYet))?),
    };
    turn.deed(luck, ticket_id, deed)?;
    turn.hand.note(ticket_id, |stored| stored.left_for = None);
    turn.finish(work, luck);
    Ok(())
}

/// `use_cases::choose_days`.
fn choose_days(
    work: &mut Work<'_, Row>,
    luck: &Luck,
    ticket_id: TicketId,
    days: &[NaiveDate],
) -> Result<(), Stop> {
    let (id, _) = find(work, ticket_id)?;
    let mut turn = Turn::must(work, id)?;
    turn.hand.seen(ticket_id).ok_or(Stop::Refused("ticket-unknown"))?;
    turn.hand.choose_days(luck, ticket_id, days).map_err(refused)?;
    turn.finish(work, luck);
    Ok(())
}

/// `use_cases::set_right`.
fn set_right(
    work: &mut Work<'_, Row>,
    luck: &Luck,
    ticket_id: TicketId,
    reason: WentWrong,
) -> Result<(), Stop> {
    let (id, seeker_id) = find(work, ticket_id)?;
    let mut turn = Turn::must(work, id)?;
    turn.hand.seen(ticket_id).ok_or(Stop::Refused("ticket-unknown"))?;
    if turn.hand.queue.queue.stage == Stage::Closed {
        return Err(change_refused(ChangeRefused::Closed));
    }
    let stands_anew = |stored: &super::Ticket| {
        stored.seeker_id == seeker_id
            && stored.ticket.ticket_id != ticket_id
            && !matches!(stored.ticket.state, State::Ended { .. })
    };
    if matches!(work.look(id), Some(Row::Queue(whole)) if whole.tickets.values().any(stands_anew)) {
        return Err(Stop::Refused("stands-anew"));
    }
    turn.deed(luck, ticket_id, Deed::SetRight(reason))?;
    turn.hand.note(ticket_id, |stored| stored.left_for = None);
    turn.finish(work, luck);
    Ok(())
}

/// `use_cases::tell_first_day`.
fn tell_first_day(
    work: &mut Work<'_, Row>,
    luck: &Luck,
    ticket_id: TicketId,
    came: bool,
) -> Result<(), Stop> {
    let (id, _) = find(work, ticket_id)?;
    let is_left = |stored: &super::Ticket| stored.left_for == Some(ticket_id);
    let mut ids = if came { queues_with(work, is_left) } else { BTreeSet::new() };
    ids.insert(id);
    let mut turns = Turn::take_all(work, &ids)?;
    let turn = turns.get_mut(&id).ok_or(Stop::Refused("queue-unknown"))?;
    let stored = turn.hand.seen(ticket_id).ok_or(Stop::Refused("ticket-unknown"))?;
    let place_id = match (stored.place(), stored.ticket.state) {
        (Some(place_id), _) => place_id,
        (None, State::Ended { .. }) => return Err(refused(Refused::Over)),
        (None, _) => return Err(refused(Refused::NotYet)),
    };
    let first_day = turn.hand.queue.queue.place(place_id).map(|place| place.first_day);
    if first_day.is_none_or(|first_day| day(work.now) < first_day) {
        return Err(refused(Refused::NotYet));
    }
    turn.deed(luck, ticket_id, if came { Deed::Start(place_id) } else { Deed::NotCome(place_id) })?;
    if came {
        for turn in turns.values_mut() {
            let Some(Row::Queue(whole)) = work.look(turn.id) else { continue };
            for other in whole.tickets.values().filter(|other| is_left(other)) {
                let other_id = other.ticket.ticket_id;
                let _ = turn.hand.decide(luck, other_id, Deed::StepDown);
                turn.hand.note(other_id, |stored| stored.left_for = None);
            }
        }
    }
    finish_all(work, turns, luck);
    Ok(())
}

/// `use_cases::report_call`.
fn report_call(
    work: &mut Work<'_, Row>,
    luck: &Luck,
    ticket_id: TicketId,
    result: CallResult,
) -> Result<(), Stop> {
    let (id, _) = find(work, ticket_id)?;
    let mut turn = Turn::must(work, id)?;
    if !turn.whole.calls.contains_key(&ticket_id) {
        return Ok(());
    }
    turn.close_call(work, ticket_id, Some(result));
    if result != CallResult::Reached && matches!(turn.state(ticket_id), Some(State::Offered { .. })) {
        turn.hand.note(ticket_id, |stored| stored.called = true);
        let calls = turn.hand.next_way(luck, ticket_id);
        turn.open_calls(work, &calls);
    }
    turn.save(work, luck);
    Ok(())
}

/// `use_cases::move_on`.
pub(super) fn move_on(work: &mut Work<'_, Row>, id: Uuid) -> Result<(), Stop> {
    let luck = Luck::of(work);
    let Some(mut turn) = Turn::take(work, id)? else { return Ok(()) };
    let now = turn.hand.now;
    let Some(Row::Queue(whole)) = work.look(id).cloned() else { return Ok(()) };
    for stored in whole.tickets.values().filter(|stored| is_due(stored, now)) {
        let ticket_id = stored.ticket.ticket_id;
        if let State::Offered { place, until } = stored.ticket.state {
            if until <= now {
                let deed = if stored.called { Deed::NotReached(place) } else { Deed::RunOut(place) };
                turn.deed(&luck, ticket_id, deed)?;
            } else {
                let calls = turn.hand.next_way(&luck, ticket_id);
                turn.open_calls(work, &calls);
            }
        } else if !stored.ticket.is_confirmed {
            let _ = turn.hand.decide(&luck, ticket_id, Deed::ForgetUnconfirmed);
        }
        release(&mut turn.hand, ticket_id);
    }
    if turn.hand.queue.to_tell {
        turn.hand.are_told(true);
        for stored in whole.tickets.values() {
            // As the tickets are in the table: what this transaction does is not there yet.
            let is_in_line = matches!(named(stored), TicketState::Waiting | TicketState::Paused);
            if is_in_line && stored.step != proto::open_hiring::TicketStep::QueueClosed {
                turn.hand.tell_closed(stored.ticket.ticket_id);
            }
        }
    }
    turn.finish(work, &luck);
    Ok(())
}

pub(super) fn hear(work: &mut Work<'_, Row>, told: &[Told]) -> Result<(), Stop> {
    let luck = Luck::of(work);
    let (mut openings, mut contacts) = (Vec::new(), Vec::new());
    for told in told {
        if let Some(told) = told.read::<OpeningPublished>() {
            openings.push(Opening {
                id: told.opening_id.0,
                version: told.version,
                employer_id: Some(told.employer_id.0),
                region: Some(told.area.region.clone()),
                state: "published".to_owned(),
                is_route: told.route == Route::OpenHiring,
            });
        } else if let Some(told) = told.read::<OpeningPaused>() {
            openings.push(ended(told.opening_id.0, told.version, "paused"));
        } else if let Some(told) = told.read::<OpeningClosed>() {
            openings.push(ended(told.opening_id.0, told.version, "closed"));
        } else if let Some(told) = told.read::<ContactConfirmed>() {
            contacts.push((told.seeker_id, Deed::Confirm));
        } else if let Some(told) = told.read::<ContactChanged>() {
            contacts.push((told.seeker_id, Deed::ChangeContact));
        }
    }
    openings.sort_by_key(|opening| (opening.id, opening.version));
    for opening in openings {
        follow(work, &luck, opening)?;
    }
    if !contacts.is_empty() {
        hear_contacts(work, &luck, &contacts)?;
    }
    for erased in told.iter().filter_map(Told::read::<SeekerErased>) {
        forget(work, &luck, erased)?;
    }
    Ok(())
}

/// `store::openings::keep`: what is newer wins; the end wins over the beginning under one and the same version.
fn newer(known: &Opening, told: Opening) -> Option<Opening> {
    let ends = known.state == "published" && told.state != "published";
    let wins = known.version < told.version || known.version == told.version && ends;
    wins.then(|| Opening {
        is_route: if told.state == "published" { told.is_route } else { known.is_route },
        employer_id: told.employer_id.or(known.employer_id),
        region: told.region.or_else(|| known.region.clone()),
        ..told
    })
}

/// `use_cases::follow_opening`.
fn follow(work: &mut Work<'_, Row>, luck: &Luck, told: Opening) -> Result<(), Stop> {
    let id = told.id;
    let Some(mut whole) = held(work, id)? else {
        work.keep(id, Row::Queue(Box::new(Whole::of(told))));
        return Ok(());
    };
    let Some(opening) = newer(&whole.opening, told.clone()) else { return Ok(()) };
    let Some(mut turn) = Turn::take(work, id)? else {
        whole.opening = opening;
        work.keep(id, Row::Queue(Box::new(whole)));
        return Ok(());
    };
    turn.whole.opening = opening;
    match follows(&told, turn.hand.queue.reason) {
        Follows::Nothing => {}
        Follows::GoOn => turn.go_on(luck)?,
        Follows::Stop => turn.stop_offers(luck, ChangeReason::OpeningPaused)?,
        Follows::Close => turn.close(luck, ChangeReason::OpeningEnded),
    }
    turn.finish(work, luck);
    Ok(())
}

/// `use_cases::hear_contact`.
fn hear_contacts(work: &mut Work<'_, Row>, luck: &Luck, heard: &[(SeekerId, Deed)]) -> Result<(), Stop> {
    let mut of: Vec<(Uuid, TicketId, Deed)> = Vec::new();
    for (seeker_id, deed) in heard {
        if work.is_forgotten(seeker_id.0)? {
            continue;
        }
        if *deed == Deed::Confirm {
            let before = match work.look(seeker_id.0) {
                Some(Row::Confirmed(at)) => *at,
                _ => work.now,
            };
            work.keep(seeker_id.0, Row::Confirmed(before.max(work.now)));
        }
        for id in queues_with(work, |stored| stored.seeker_id == *seeker_id) {
            let Some(Row::Queue(whole)) = work.look(id) else { continue };
            let hers = whole.tickets.values().filter(|stored| stored.seeker_id == *seeker_id);
            of.extend(hers.map(|stored| (id, stored.ticket.ticket_id, *deed)));
        }
    }
    let mut turns = Turn::take_all(work, &of.iter().map(|(id, ..)| *id).collect())?;
    for (id, ticket_id, deed) in of {
        if let Some(turn) = turns.get_mut(&id) {
            let _ = turn.hand.decide(luck, ticket_id, deed);
        }
    }
    finish_all(work, turns, luck);
    Ok(())
}

/// `use_cases::forget_seeker`.
fn forget(work: &mut Work<'_, Row>, luck: &Luck, erased: &SeekerErased) -> Result<(), Stop> {
    let seeker_id = erased.seeker_id;
    work.forget(seeker_id.0)?;
    let mut turns = Turn::take_all(work, &queues_with(work, |stored| stored.seeker_id == seeker_id))?;
    let mut gone = Vec::new();
    for turn in turns.values_mut() {
        let Some(Row::Queue(whole)) = work.look(turn.id).cloned() else { continue };
        for stored in whole.tickets.values().filter(|stored| stored.seeker_id == seeker_id) {
            let ticket_id = stored.ticket.ticket_id;
            turn.close_call(work, ticket_id, None);
            let about_her = |entry: &Option<Entry>| {
                entry.as_ref().is_some_and(|entry| entry.what.ticket() == Some(ticket_id))
            };
            for entry in Arc::make_mut(&mut turn.whole.ledger).iter_mut().filter(|entry| about_her(entry)) {
                *entry = None;
            }
            turn.hand.let_go(luck, ticket_id);
            turn.whole.erased.insert(stored.ticket.number, ticket_id);
            gone.push(TicketErased { ticket_id, version: stored.version + 1 });
        }
    }
    work.delete(seeker_id.0);
    for erased in gone {
        work.forget(erased.ticket_id.0)?;
        work.tell(erased);
    }
    finish_all(work, turns, luck);
    work.tell(SeekerForgotten { seeker_id, version: erased.version });
    Ok(())
}
