//! A queue under its lock: what is decided about it, its ledger and what others hear of it are written together or not
//! at all.

use std::collections::BTreeMap;

use chassis::{Caller, Chance, Fault, Tx, clock};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use proto::{
    AccountId, CallTaskId, PlaceId, Problem, QueueId, SeekerId, TicketId,
    open_hiring::{
        CallResult, CallTaskClosed, ChangeReason, QueueChanged, Rung, TicketChanged, TicketStep, Ways,
    },
};

use super::after_restore::{UNKNOWN_WAYS, again};
use crate::{
    domain::{
        Entry, Place, PlaceState, State, Ticket, What, ladder,
        ledger::{Kept, Nonce},
        offer,
        queue::{ChangeRefused, takes_over},
        ticket::{Deed, Refused},
    },
    events::publish,
    may,
    store::{
        call_tasks, ledger, places,
        queues::{self, Stored as Queue},
        tickets::{self, Stored},
    },
};

/// How many people are read at a time when places are offered.
const CANDIDATES: i64 = 100;

/// A queue under its lock, and what this transaction makes of it.
pub(crate) struct InHand {
    pub(crate) queue: Queue,
    /// The moment of everything that is entered now. It is read before the lock was there, so it may lie before the last
    /// entry: then it is that one's. In a ledger no moment comes before an earlier one.
    pub(crate) now: DateTime<Utc>,
    tickets: BTreeMap<TicketId, Touched>,
    entries: Vec<Entered>,
    places: BTreeMap<PlaceId, Option<ChangeReason>>,
    settings_changed: bool,
    /// Whether something was noted on the queue that nobody else hears.
    is_noted: bool,
    asked: u32,
    /// On whose behalf entries are made.
    by: Option<AccountId>,
}

/// What was entered, and what will hide it behind its commitment.
struct Entered {
    nonce: Nonce,
    entry: Entry,
    by: Option<AccountId>,
}

/// What others hear of a queue in hand, once everything about it is decided.
pub(crate) struct Settled {
    /// Tickets with which something happened, in order of number, as others hear of them.
    pub(crate) tickets: Vec<TicketChanged>,
    /// The queue, if its settings or places changed.
    pub(crate) queue: Option<QueueChanged>,
    /// Whose offers are over: nobody has to call about them.
    pub(crate) over: Vec<TicketId>,
    /// Calls to make about new offers.
    pub(crate) calls: Vec<call_tasks::New>,
}

/// A ticket as it was read, and as it is now.
struct Touched {
    was_waiting: bool,
    had_offer: Option<PlaceId>,
    stored: Stored,
    /// Whether anything happened to it that others hear.
    changed: bool,
    /// Whether something was noted on it that is for this service alone.
    noted: bool,
}

impl InHand {
    /// Takes a queue in hand: nobody else writes about it until the transaction ends. `None` when there is none.
    pub(crate) async fn take(tx: &mut Tx, queue_id: QueueId) -> Result<Option<Self>, Fault> {
        Ok(take_all(tx, &[queue_id]).await?.remove(&queue_id))
    }

    /// The same for a queue that must be there.
    pub(crate) async fn must(tx: &mut Tx, queue_id: QueueId) -> Result<Self, Fault> {
        Ok(Self::take(tx, queue_id).await?.ok_or_else(|| Problem::not_found("queue"))?)
    }

    /// The queue of a ticket, with the ticket read, for somebody who may act for its person and on whose behalf entries are
    /// made.
    pub(crate) async fn of_ticket(tx: &mut Tx, caller: &Caller, ticket_id: TicketId) -> Result<Self, Fault> {
        let found = tickets::find(tx.conn(), ticket_id).await?.ok_or_else(|| Problem::not_found("ticket"))?;
        let account = may::act_for(&caller.actor, found.seeker_id)?;
        let mut queue = Self::must(tx, found.queue_id).await?;
        queue.by(account);
        queue.ticket(tx, ticket_id).await?;
        Ok(queue)
    }

    /// A queue that is not stored yet.
    pub(crate) fn of(queue: Queue, now: DateTime<Utc>) -> Self {
        Self {
            queue,
            now,
            tickets: BTreeMap::new(),
            entries: Vec::new(),
            places: BTreeMap::new(),
            settings_changed: false,
            is_noted: false,
            asked: 0,
            by: None,
        }
    }

    /// What is entered from now on, a member of staff does.
    pub(crate) fn by(&mut self, account: Option<AccountId>) {
        self.by = account;
    }

    /// A ticket of this queue, as it now is.
    pub(crate) async fn ticket(&mut self, tx: &mut Tx, ticket_id: TicketId) -> Result<&Stored, Fault> {
        if !self.tickets.contains_key(&ticket_id) {
            let stored = tickets::find(tx.conn(), ticket_id).await?;
            let stored = stored.filter(|stored| stored.queue_id == self.queue.queue.queue_id);
            self.read(stored.ok_or_else(|| Problem::not_found("ticket"))?);
        }
        Ok(&self.tickets[&ticket_id].stored)
    }

    /// Takes in a ticket that was read under the lock.
    pub(crate) fn read(&mut self, stored: Stored) {
        self.tickets.entry(stored.ticket.ticket_id).or_insert_with(|| Touched {
            was_waiting: stored.ticket.state == State::Waiting,
            had_offer: offered(&stored),
            stored,
            changed: false,
            noted: false,
        });
    }

    /// Somebody new stands in line, with the next number.
    pub(crate) fn sign_up(
        &mut self,
        chance: &dyn Chance,
        seeker_id: SeekerId,
        ways: Ways,
        with_help_of: Option<AccountId>,
    ) -> TicketId {
        let ticket_id = TicketId(chance.uuid_v4());
        let number = self.queue.last_number + 1;
        self.queue.last_number = number;
        let stored = Stored {
            ticket: Ticket::sign_up(ticket_id, number, self.now),
            queue_id: self.queue.queue.queue_id,
            seeker_id,
            version: 0,
            step: TicketStep::SignedUp,
            changed_at: self.now,
            left_for: None,
            ways,
            offered_at: None,
            rung: None,
            rung_due_at: None,
            called: false,
            with_help_of,
        };
        let touched = Touched { was_waiting: false, had_offer: None, stored, changed: true, noted: false };
        self.tickets.insert(ticket_id, touched);
        self.enter(chance, What::SignedUp { ticket: ticket_id, number });
        ticket_id
    }

    /// Somebody stands in line at the number that she was told before a restore.
    pub(super) fn sign_up_again(&mut self, chance: &dyn Chance, told: &TicketChanged, at: DateTime<Utc>) {
        self.queue.last_number = self.queue.last_number.max(told.ticket_number);
        let stored = Stored {
            ticket: again(told, at),
            queue_id: told.queue_id,
            seeker_id: told.seeker_id,
            version: told.version,
            step: told.step,
            changed_at: at,
            left_for: None,
            ways: UNKNOWN_WAYS,
            offered_at: None,
            rung: None,
            rung_due_at: None,
            called: false,
            with_help_of: None,
        };
        let touched = Touched { was_waiting: false, had_offer: None, stored, changed: true, noted: false };
        self.tickets.insert(told.ticket_id, touched);
        self.enter(chance, What::SignedUp { ticket: told.ticket_id, number: told.ticket_number });
    }

    /// A ticket stands as was told before a restore, and its place with it.
    pub(super) fn put_back(&mut self, ticket_id: TicketId, told: &TicketChanged, state: State, version: i64) {
        let Some(touched) = self.tickets.get_mut(&ticket_id) else { return };
        let before = touched.stored.place();
        let stored = &mut touched.stored;
        stored.ticket.state = state;
        stored.ticket.is_confirmed = told.is_confirmed;
        stored.step = told.step;
        stored.version = stored.version.max(version);
        let after = stored.place();
        for place in &mut self.queue.queue.places {
            let is_hers = Some(place.place_id) == after;
            if is_hers {
                place.state = match state {
                    State::Offered { .. } => PlaceState::Offered(ticket_id),
                    State::Yes { .. } => PlaceState::Taken(ticket_id),
                    _ => PlaceState::Started(ticket_id),
                };
            } else if Some(place.place_id) == before {
                place.state = if place.leaves { PlaceState::Withdrawn } else { PlaceState::Free };
            }
            if is_hers || Some(place.place_id) == before {
                self.places.entry(place.place_id).or_default();
            }
        }
    }

    /// Does something to a ticket that was read; says whether anything followed from it.
    ///
    /// # Errors
    /// The refusal of the rules, as an answer.
    pub(crate) fn deed(
        &mut self,
        chance: &dyn Chance,
        ticket_id: TicketId,
        deed: Deed,
    ) -> Result<bool, Problem> {
        let number = self.tickets[&ticket_id].stored.ticket.number;
        self.decide(chance, ticket_id, deed).map_err(|refused| publish::refusal(refused, number))
    }

    /// The same, with the refusal as the rules have it.
    pub(crate) fn decide(
        &mut self,
        chance: &dyn Chance,
        ticket_id: TicketId,
        deed: Deed,
    ) -> Result<bool, Refused> {
        let what = self.tickets[&ticket_id].stored.ticket.decide(deed, self.now)?;
        Ok(self.follows(chance, what))
    }

    /// Enters what was decided, if anything was; says whether.
    fn follows(&mut self, chance: &dyn Chance, what: Option<What>) -> bool {
        let Some(what) = what else { return false };
        self.enter(chance, what);
        true
    }

    /// Of a ticket that was read, on which first days she wants to begin; says whether anything followed from it.
    ///
    /// # Errors
    /// The refusal as the rules have it.
    pub(crate) fn choose_days(
        &mut self,
        chance: &dyn Chance,
        ticket_id: TicketId,
        wanted: &[NaiveDate],
    ) -> Result<bool, Refused> {
        let refused = self.queue.queue.days_besides(wanted, clock::day(self.now));
        let what = self.tickets[&ticket_id].stored.ticket.refuse_days(refused)?;
        Ok(self.follows(chance, what))
    }

    /// Enters something that was decided, and lets it take effect.
    pub(crate) fn enter(&mut self, chance: &dyn Chance, what: What) {
        let mut nonce = [0; 32];
        chance.fill(&mut nonce);
        let (ticket_id, place_id) = (what.ticket(), what.place());
        self.queue.queue.apply(&what);
        if let Some(place_id) = place_id {
            let reason = match &what {
                What::PlaceWithdrawn { reason, .. } => ChangeReason::from_name(reason),
                _ => None,
            };
            let known = self.places.entry(place_id).or_default();
            *known = known.or(reason);
        }
        if matches!(what, What::Offered { .. }) {
            self.asked += 1;
        }
        if let Some(touched) = ticket_id.and_then(|ticket_id| self.tickets.get_mut(&ticket_id)) {
            touched.stored.ticket.apply(&what, self.now);
            touched.changed = true;
            touched.stored.changed_at = self.now;
            touched.stored.step = publish::step(&what).unwrap_or(touched.stored.step);
        }
        self.settings_changed |= ticket_id.is_none() || place_id.is_some();
        self.queue.entries += 1;
        self.queue.last_at = self.now;
        let entry = Entry::new(self.now, what);
        self.entries.push(Entered { nonce: Nonce(nonce), entry, by: self.by });
    }

    /// What was entered, as the next links of the chain.
    fn chain(&mut self) -> Vec<ledger::New> {
        let entered = std::mem::take(&mut self.entries);
        let first = self.queue.entries + 1 - entered.len() as u64;
        let mut links = Vec::with_capacity(entered.len());
        for (n, Entered { nonce, entry, by }) in (first..).zip(entered) {
            let kept = Kept::new(nonce, entry.text());
            self.queue.head = self.queue.head.then(kept.commitment);
            links.push(ledger::New {
                queue_id: self.queue.queue.queue_id,
                n,
                head: self.queue.head,
                kept,
                at: entry.at,
                ticket_id: entry.what.ticket(),
                step: publish::name(&entry.what),
                account_id: by,
            });
        }
        links
    }

    /// Why the queue makes no offers, or is over, as everyone reads it.
    pub(crate) fn because(&mut self, reason: Option<ChangeReason>) {
        self.settings_changed |= self.queue.reason != reason;
        self.queue.reason = reason;
    }

    /// No offers for now; the offers that are out and end with it. While there is a labour conflict nobody may be sent there,
    /// also when offers were stopped before for something else (Waadi art. 10).
    ///
    /// # Errors
    /// [`ChangeRefused::Closed`].
    pub(crate) fn stop_offers(
        &mut self,
        chance: &dyn Chance,
        reason: ChangeReason,
    ) -> Result<Vec<(TicketId, PlaceId)>, ChangeRefused> {
        let stopped = self.queue.queue.stop_offers(reason.name())?;
        if !takes_over(reason, self.queue.reason) {
            return Ok(Vec::new());
        }
        self.because(Some(reason));
        if let Some(what) = stopped {
            self.enter(chance, what);
        }
        let offered = |place: &Place| match place.state {
            PlaceState::Offered(ticket_id) => Some((ticket_id, place.place_id)),
            _ => None,
        };
        let is_conflict = reason == ChangeReason::LabourConflict;
        Ok(self.queue.queue.places.iter().filter(|_| is_conflict).filter_map(offered).collect())
    }

    /// Offers are made again, as soon as everyone sees the opening again.
    ///
    /// # Errors
    /// [`ChangeRefused::Closed`].
    pub(crate) fn go_on(
        &mut self,
        chance: &dyn Chance,
        opening_is_paused: bool,
    ) -> Result<(), ChangeRefused> {
        match self.queue.queue.go_on_offering()? {
            Some(_) if opening_is_paused => self.because(Some(ChangeReason::OpeningPaused)),
            Some(what) => {
                self.because(None);
                self.enter(chance, what);
            }
            None => {}
        }
        Ok(())
    }

    /// Notes something on a ticket that nobody else hears: why she left, what was tried to reach her.
    pub(crate) fn note(&mut self, ticket_id: TicketId, note: impl FnOnce(&mut Stored)) {
        if let Some(touched) = self.tickets.get_mut(&ticket_id) {
            note(&mut touched.stored);
            touched.noted = true;
        }
    }

    /// Whether everybody who waited when it closed was told.
    pub(crate) fn are_told(&mut self, all: bool) {
        if all {
            self.queue.to_tell = false;
            self.is_noted = true;
        }
    }

    /// The queue is over, and she was told.
    pub(crate) fn tell_closed(&mut self, ticket_id: TicketId) {
        let now = self.now;
        if let Some(touched) = self.tickets.get_mut(&ticket_id) {
            touched.stored.step = TicketStep::QueueClosed;
            touched.stored.changed_at = now;
            touched.changed = true;
        }
    }

    /// Offers what is free to whoever is first among those who could take it.
    pub(crate) async fn offer_free_places(&mut self, tx: &mut Tx) -> Result<(), Fault> {
        let chance = tx.chance();
        // Nobody offers a place: it goes by the rule.
        self.by = None;
        let mut after = 0;
        loop {
            let days = offer::free_days(&self.queue.queue, self.now);
            if days.is_empty() {
                break;
            }
            let queue_id = self.queue.queue.queue_id;
            let read = tickets::candidates(tx.conn(), queue_id, &days, after, CANDIDATES).await?;
            let is_last = read.len() < CANDIDATES as usize;
            let last = read.last().map(|stored| stored.ticket.number);
            for stored in read {
                self.read(stored);
            }
            // What this transaction itself put in line is not in the table yet, and stands behind everybody in it; it is
            // looked at once nobody else is left.
            let up_to = if is_last { u32::MAX } else { last.unwrap_or(u32::MAX) };
            self.offer(&*chance, after, up_to);
            match last {
                Some(last) if !is_last => after = last,
                _ => break,
            }
        }
        Ok(())
    }

    /// Offers what is free to tickets in hand with these numbers.
    pub(crate) fn offer(&mut self, chance: &dyn Chance, after: u32, up_to: u32) {
        let line: Vec<&Ticket> = self.in_line(after, up_to);
        for what in offer::offers(&self.queue.queue, line, self.now) {
            self.enter(chance, what);
        }
    }

    /// Tickets in hand, in order of number.
    fn in_line(&self, after: u32, up_to: u32) -> Vec<&Ticket> {
        let mut line: Vec<&Ticket> = self
            .tickets
            .values()
            .map(|touched| &touched.stored.ticket)
            .filter(|ticket| after < ticket.number && ticket.number <= up_to)
            .collect();
        line.sort_unstable_by_key(|ticket| ticket.number);
        line
    }

    /// A ticket goes with its person: a place that she had is free again, and her entries are readable no more.
    pub(crate) async fn erase(&mut self, tx: &mut Tx, ticket_id: TicketId) -> Result<i64, Fault> {
        let stored = self.ticket(tx, ticket_id).await?.clone();
        self.close_call(tx, ticket_id, None, None).await?;
        let leaves = (stored.ticket.number, stored.ticket.state == State::Waiting, false);
        let moved = moved(self.queue.queue.queue_id, [leaves].into_iter());
        queues::count_waiting(tx.conn(), &moved).await?;
        ledger::erase(tx.conn(), ticket_id).await?;
        tickets::delete(tx.conn(), ticket_id).await?;
        self.let_go(&*tx.chance(), ticket_id);
        Ok(stored.version)
    }

    /// A ticket is in nobody's hands any more; where its person did not begin, her place is free.
    pub(crate) fn let_go(&mut self, chance: &dyn Chance, ticket_id: TicketId) {
        let gone = self.tickets.remove(&ticket_id);
        if let Some(State::Offered { place, .. } | State::Yes { place }) =
            gone.map(|touched| touched.stored.ticket.state)
        {
            self.enter(chance, What::PlaceFreed { place });
        }
    }

    /// Closes the call about a ticket, if one is to be made.
    pub(crate) async fn close_call(
        &mut self,
        tx: &mut Tx,
        ticket_id: TicketId,
        result: Option<CallResult>,
        account_id: Option<AccountId>,
    ) -> Result<(), Fault> {
        let now = tx.now();
        if let Some(task_id) = call_tasks::close(tx.conn(), ticket_id, result, account_id, now).await? {
            tx.publish(CallTaskClosed { task_id, version: 2, result }).await?;
        }
        Ok(())
    }

    /// Tells tickets and queue under their next versions, and what is tried about offers. Nothing is written yet.
    pub(crate) fn settle(&mut self, chance: &dyn Chance) -> Settled {
        let mut calls = Vec::new();
        let mut changed: Vec<TicketId> =
            self.tickets.iter().filter(|(_, touched)| touched.changed).map(|(id, _)| *id).collect();
        changed.sort_by_key(|ticket_id| self.tickets[ticket_id].stored.ticket.number);
        let over: Vec<TicketId> =
            changed.iter().copied().filter(|id| self.tell_ladder(chance, *id, &mut calls)).collect();
        if self.settings_changed {
            self.queue.version += 1;
        }
        let mut tickets = Vec::with_capacity(changed.len());
        for ticket_id in &changed {
            let touched = self.tickets.get_mut(ticket_id).expect("it is one of these");
            touched.stored.version += 1;
            let place = touched.stored.place().and_then(|place| self.queue.queue.place(place));
            tickets.push(publish::ticket_changed(&self.queue, &touched.stored, place));
        }
        let queue = self.settings_changed.then(|| publish::queue_changed(&self.queue));
        Settled { tickets, queue, over, calls }
    }

    /// Writes everything, and says what others hear of it.
    pub(crate) async fn save(self, tx: &mut Tx) -> Result<Queue, Fault> {
        Ok(save_all(tx, vec![self]).await?.pop().expect("one for each"))
    }

    /// How many more wait now in each block of numbers.
    fn moved(&self) -> Vec<queues::Moved> {
        let moves = self.tickets.values().map(|touched| {
            let ticket = &touched.stored.ticket;
            (ticket.number, touched.was_waiting, ticket.state == State::Waiting)
        });
        moved(self.queue.queue.queue_id, moves)
    }

    /// Places that changed.
    fn changed_places(&self) -> impl Iterator<Item = places::Changed<'_>> {
        let all = self.queue.queue.places.iter().enumerate();
        all.filter_map(|(ordinal, place)| {
            let withdrawn_for = *self.places.get(&place.place_id)?;
            Some(places::Changed { queue_id: self.queue.queue.queue_id, place, ordinal, withdrawn_for })
        })
    }

    /// A ticket in hand.
    pub(crate) fn seen(&self, ticket_id: TicketId) -> Option<&Stored> {
        Some(&self.tickets.get(&ticket_id)?.stored)
    }

    /// The queue, its tickets and what was entered, for the simulator, which writes nothing.
    #[cfg(feature = "faults")]
    pub(crate) fn into_parts(self) -> (Queue, impl Iterator<Item = Stored>, impl Iterator<Item = Entry>) {
        let tickets = self.tickets.into_values().map(|touched| touched.stored);
        (self.queue, tickets, self.entries.into_iter().map(|entered| entered.entry))
    }

    /// What is tried about an offer that is new, and what is over with one that is. Whether the offer that it had is over.
    fn tell_ladder(
        &mut self,
        chance: &dyn Chance,
        ticket_id: TicketId,
        tasks: &mut Vec<call_tasks::New>,
    ) -> bool {
        let (answer_time, region) = (self.queue.queue.answer_time, self.queue.region.clone());
        let touched = self.tickets.get_mut(&ticket_id).expect("it is in hand");
        let stored = &mut touched.stored;
        let has_offer = offered(stored);
        if has_offer == touched.had_offer {
            return false;
        }
        stored.offered_at = has_offer.map(|_| self.now);
        stored.called = false;
        let first = has_offer.and_then(|_| ladder::next(stored.ways, None));
        climb(chance, stored, first, (answer_time, self.now, region), tasks);
        touched.had_offer.is_some()
    }

    /// Tries the next way to reach somebody about her offer, if there is one.
    pub(crate) async fn climb(&mut self, tx: &mut Tx, ticket_id: TicketId) -> Result<(), Fault> {
        let calls = self.next_way(&*tx.chance(), ticket_id);
        open_calls(tx, &calls).await
    }

    /// The next way to reach somebody about her offer, and the call to make if it is one.
    pub(crate) fn next_way(&mut self, chance: &dyn Chance, ticket_id: TicketId) -> Vec<call_tasks::New> {
        let (answer_time, region) = (self.queue.queue.answer_time, self.queue.region.clone());
        let mut calls = Vec::new();
        let Some(touched) = self.tickets.get_mut(&ticket_id) else { return calls };
        let stored = &mut touched.stored;
        let next = ladder::next(stored.ways, stored.rung);
        if next.is_some() {
            climb(chance, stored, next, (answer_time, self.now, region), &mut calls);
        } else {
            stored.rung_due_at = None;
        }
        touched.noted = true;
        calls
    }

    /// Somebody can be reached in these ways from now on. About an offer that waits for her answer, a way that is new comes
    /// after those that were tried.
    pub(crate) async fn reach_by(
        &mut self,
        tx: &mut Tx,
        ticket_id: TicketId,
        ways: Ways,
    ) -> Result<(), Fault> {
        let about = (self.queue.queue.answer_time, self.now, self.queue.region.clone());
        let Some(touched) = self.tickets.get_mut(&ticket_id) else { return Ok(()) };
        let stored = &mut touched.stored;
        stored.ways = ways;
        touched.noted = true;
        if offered(stored).is_none() {
            return Ok(());
        }
        match stored.rung {
            // When it is time to call is reckoned anew: there may be somebody to call by now, or nobody any more.
            Some(Rung::Message) => {
                climb(&*tx.chance(), stored, Some(Rung::Message), about, &mut Vec::new());
                Ok(())
            }
            None => self.climb(tx, ticket_id).await,
            Some(_) if stored.called && !call_tasks::is_open(tx.conn(), ticket_id).await? => {
                self.climb(tx, ticket_id).await
            }
            Some(_) => Ok(()),
        }
    }

    /// Has somebody called about her offer at once: she wrote, and nobody can tell what she meant. Nothing more when a call is
    /// to be made already. When every way was tried, it begins anew: she is at her telephone.
    pub(crate) async fn call_now(&mut self, tx: &mut Tx, ticket_id: TicketId) -> Result<(), Fault> {
        if call_tasks::is_open(tx.conn(), ticket_id).await? {
            return Ok(());
        }
        let (answer_time, region) = (self.queue.queue.answer_time, self.queue.region.clone());
        let mut tasks = Vec::new();
        let Some(touched) = self.tickets.get_mut(&ticket_id) else { return Ok(()) };
        let stored = &mut touched.stored;
        let tried = stored.rung.unwrap_or(Rung::Message);
        let next = ladder::next(stored.ways, Some(tried)).unwrap_or(Rung::Call);
        climb(&*tx.chance(), stored, Some(next), (answer_time, self.now, region), &mut tasks);
        touched.noted = true;
        open_calls(tx, &tasks).await
    }
}

/// Takes queues in hand, in the order of their ids, as everybody does: nobody waits crosswise. Those that there are.
pub(crate) async fn take_all(tx: &mut Tx, queue_ids: &[QueueId]) -> Result<BTreeMap<QueueId, InHand>, Fault> {
    if queue_ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<_> = queue_ids.iter().map(|queue_id| queue_id.0).collect();
    queues::take_turns(tx.conn(), &ids).await?;
    let now = Entry::moment(tx.now());
    let found = queues::find_all(tx.conn(), &ids).await?.into_iter();
    Ok(found
        .map(|queue| {
            let now = now.max(queue.last_at);
            (queue.queue.queue_id, InHand::of(queue, now))
        })
        .collect())
}

/// Moves queues on and writes them.
pub(crate) async fn finish(tx: &mut Tx, mut in_hand: BTreeMap<QueueId, InHand>) -> Result<(), Fault> {
    for queue in in_hand.values_mut() {
        queue.offer_free_places(tx).await?;
    }
    save_all(tx, in_hand.into_values().collect()).await?;
    Ok(())
}

/// Writes everything about queues in hand, and says what others hear of it: as many statements for all as for one.
async fn save_all(tx: &mut Tx, mut in_hand: Vec<InHand>) -> Result<Vec<Queue>, Fault> {
    let chance = tx.chance();
    let (mut told, mut settings, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    let (mut entries, mut written) = (Vec::new(), Vec::with_capacity(in_hand.len()));
    for queue in &mut in_hand {
        let mut settled = queue.settle(&*chance);
        let mut links = queue.chain();
        written.push(!links.is_empty() || queue.settings_changed || queue.is_noted);
        for ticket_id in settled.over {
            queue.close_call(tx, ticket_id, None, None).await?;
        }
        entries.append(&mut links);
        told.append(&mut settled.tickets);
        settings.extend(settled.queue);
        calls.append(&mut settled.calls);
    }
    let moved: Vec<_> = in_hand.iter().flat_map(InHand::moved).collect();
    queues::count_waiting(tx.conn(), &moved).await?;
    let asked = in_hand.iter().filter(|queue| queue.asked > 0);
    let asked: Vec<_> =
        asked.map(|queue| (queue.queue.queue.queue_id, monday(queue.now), queue.asked)).collect();
    queues::count_asked(tx.conn(), &asked).await?;
    let written = in_hand.iter().zip(written).filter(|(_, is_written)| *is_written);
    queues::save(tx.conn(), &written.map(|(queue, _)| &queue.queue).collect::<Vec<_>>()).await?;
    let places: Vec<_> = in_hand.iter().flat_map(InHand::changed_places).collect();
    places::save(tx.conn(), &places).await?;
    let touched = in_hand.iter().flat_map(|queue| queue.tickets.values());
    let rows = touched.filter(|touched| touched.changed || touched.noted).map(|touched| &touched.stored);
    tickets::save(tx.conn(), &rows.collect::<Vec<_>>()).await?;
    if !told.is_empty() {
        tx.publish_all(told).await?;
    }
    ledger::add(tx.conn(), &entries).await?;
    open_calls(tx, &calls).await?;
    if !settings.is_empty() {
        tx.publish_all(settings).await?;
    }
    Ok(in_hand.into_iter().map(|queue| queue.queue).collect())
}

/// How many more wait now: of numbers, whether each waited and waits.
fn moved(queue_id: QueueId, moves: impl Iterator<Item = (u32, bool, bool)>) -> Vec<queues::Moved> {
    let mut blocks: BTreeMap<u32, i32> = BTreeMap::new();
    for (number, was_waiting, waits) in moves {
        *blocks.entry(number / queues::BLOCK).or_default() += i32::from(waits) - i32::from(was_waiting);
    }
    let blocks = blocks.into_iter().filter(|(_, more)| *more != 0);
    blocks.map(|(block, more)| queues::Moved { queue_id, block, more }).collect()
}

/// Keeps calls to make, and says so.
async fn open_calls(tx: &mut Tx, tasks: &[call_tasks::New]) -> Result<(), Fault> {
    let now = tx.now();
    for task in tasks {
        call_tasks::add(tx.conn(), task, now).await?;
        tx.publish(publish::call_task_opened(task)).await?;
    }
    Ok(())
}

type About = (crate::domain::answer_time::AnswerTime, DateTime<Utc>, String);

/// Notes which way is tried now, when the next one is due, and the call to make if it is one.
fn climb(
    chance: &dyn Chance,
    stored: &mut Stored,
    rung: Option<Rung>,
    (answer_time, now, region): About,
    tasks: &mut Vec<call_tasks::New>,
) {
    stored.rung = rung;
    stored.rung_due_at = match rung {
        // Somebody calls when half of the time is over; where nobody can, the notifier reminds her.
        Some(Rung::Message) => ladder::next(stored.ways, rung)
            .map(|_| ladder::due(Some((Rung::Message, now)), answer_time, stored.offered_at.unwrap_or(now))),
        _ => None,
    };
    if let (Some(rung), State::Offered { until, .. }) = (rung, stored.ticket.state)
        && rung != Rung::Message
    {
        tasks.push(call_tasks::New {
            task_id: CallTaskId(chance.uuid_v4()),
            queue_id: stored.queue_id,
            ticket_id: stored.ticket.ticket_id,
            region,
            rung,
            answer_until: until,
        });
    }
}

const fn offered(stored: &Stored) -> Option<PlaceId> {
    match stored.ticket.state {
        State::Offered { place, .. } => Some(place),
        _ => None,
    }
}

/// The Monday of a moment's week in the Netherlands.
pub(crate) fn monday(moment: DateTime<Utc>) -> NaiveDate {
    let day = clock::day(moment);
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}
