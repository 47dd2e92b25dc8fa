//! The world of one run: services, a network, a stream, a clock, people who ask, and everything that goes wrong.

use std::collections::BTreeMap;

use chassis::{
    faults::{Bug, CrashPoint},
    proof::{Dice, Told},
    protocol::{self, AfterCall, Attempt, COMMAND_SECONDS, QUERY_SECONDS, REFUSAL_SECONDS, Whom},
};
use chrono::{DateTime, TimeDelta, Utc};
use intake::proof::IntakeProof;
use matcher::proof::MatcherProof;
use open_hiring::proof::OpenHiringProof;
use proto::{Kind, Service, catalogue::READINGS};
use vacancies::proof::VacanciesProof;

use super::{
    coverage::Coverage,
    shop::{REPLICAS, Shop, Stand},
    stream::{Brought, EventId, Sent, Stream},
};

/// Steps with faults, before everything is let come to rest; a line takes longer to get anywhere.
const STORMY_STEPS: u32 = 150;
const STORMY_STEPS_OF_A_LINE: u32 = 300;
/// Steps in which what was asked in a quiet hour is done and heard.
const MORNING_STEPS: u32 = 200;
/// Steps in which everything comes to rest; more is "waits for ever".
const CALM_STEPS: u32 = 4_000;
/// Most calls in one run, and in one about a line.
const MOST_CALLS: usize = 30;
const MOST_CALLS_OF_A_LINE: usize = 80;
/// The places of the services in [`stands`].
const INTAKE: usize = 0;
const VACANCIES: usize = 1;
const MATCHER: usize = 2;
const OPEN_HIRING: usize = 3;

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The test of RELIABILITY part 8 that says so.
    pub rule: &'static str,
    /// What happened.
    pub what: String,
}

impl Violation {
    /// This rule does not hold.
    pub(super) fn new(rule: &'static str, what: String) -> Self {
        Self { rule, what }
    }
}

/// A request as it arrives.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Whose.
    pub(super) call: usize,
    /// Which attempt of it.
    pub(super) attempt: u32,
    /// Whether it wants something done, or looks.
    pub(super) kind: Kind,
    /// Its idempotency key.
    pub(super) key: u32,
    /// Stands for its body.
    pub(super) hash: u8,
    /// What is asked.
    pub(super) ask: usize,
    /// Nobody waits for an answer after this moment.
    pub(super) deadline: i64,
}

/// An answer as it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Done, by this commit.
    Done(u32),
    /// Refused, with a code, at this moment.
    Refused(&'static str, DateTime<Utc>),
    /// What was looked for: the number of the last commit.
    Seen(u32),
    /// Not now.
    Busy,
    /// The key was used for something else.
    KeyReused,
}

/// What is under way.
#[derive(Debug, Clone)]
pub(super) enum Packet {
    /// A request to one replica of a service, or to every one.
    Call(Service, Asked, Whom),
    /// Its answer.
    Reply {
        /// To which call.
        call: usize,
        /// To which attempt.
        attempt: u32,
        /// It.
        answer: Answer,
    },
    /// Events to the stream.
    Publish {
        /// Whose.
        service: Service,
        /// From which replica.
        replica: usize,
        /// In which of its lives.
        life: u32,
        /// Joins the answer to it.
        token: u32,
        /// They.
        sent: Vec<Sent>,
        /// All or none.
        batch: bool,
    },
    /// The stream's word about them.
    Stored {
        /// To whom.
        service: Service,
        /// To which replica.
        replica: usize,
        /// In which of its lives.
        life: u32,
        /// Joins it to what was sent.
        token: u32,
        /// The last number, or why not.
        answer: Result<i64, u64>,
    },
    /// An event is done with.
    Acknowledge(Service, u64, u32),
    /// An event comes back later.
    GiveBack(Service, u64, u32, i64),
}

/// What every part of the world has in hand.
pub(super) struct Cx {
    /// Milliseconds since the run began.
    pub(super) now: i64,
    /// How far the clock of the store was set back meanwhile, in milliseconds.
    set_back: i64,
    /// Chance.
    pub(super) dice: Dice,
    /// The stream.
    pub(super) stream: Stream,
    /// The planted bug, if any.
    pub(super) bug: Option<Bug>,
    packets: Vec<Packet>,
    coverage: Coverage,
    trace: Option<Vec<String>>,
    is_calm: bool,
    away_until: i64,
    events: EventId,
    tokens: u32,
    commits: u32,
    /// How often each event took effect at each reader.
    effects: BTreeMap<(Service, EventId), u32>,
    /// What was committed under each key: the commit, the body, and the moment.
    done: BTreeMap<(Service, u32), (u32, u8, DateTime<Utc>)>,
    /// Events that fail so many times more.
    failing: BTreeMap<(Service, EventId), u32>,
}

impl Cx {
    fn new(seed: u64, bug: Option<Bug>, traced: bool) -> Self {
        Self {
            now: 0,
            set_back: 0,
            dice: Dice::new(seed),
            stream: Stream::default(),
            bug,
            packets: Vec::new(),
            coverage: Coverage::default(),
            trace: traced.then(Vec::new),
            is_calm: false,
            away_until: 0,
            events: 0,
            tokens: 0,
            commits: 0,
            effects: BTreeMap::new(),
            done: BTreeMap::new(),
            failing: BTreeMap::new(),
        }
    }

    /// The moment, for rules: a Monday morning when the run begins.
    pub(super) fn moment(&self) -> DateTime<Utc> {
        const MONDAY: DateTime<Utc> = DateTime::from_timestamp_millis(1_795_424_400_000).expect("a moment");
        MONDAY + TimeDelta::milliseconds(self.now - self.set_back)
    }

    /// Counts that something was reached.
    pub(super) fn reach(&mut self, name: &'static str) {
        self.coverage.reach(name);
    }

    /// Whether somebody reads what happens.
    pub(super) fn traced(&self) -> bool {
        self.trace.is_some()
    }

    /// Writes down what happens.
    pub(super) fn note(&mut self, text: String) {
        let now = self.now;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{now:>12} {text}"));
        }
    }

    /// Puts a message under way.
    pub(super) fn send(&mut self, packet: Packet) {
        self.packets.push(packet);
    }

    /// A reader is done with an event.
    pub(super) fn acknowledge(&mut self, by: Service, brought: &Brought) {
        self.send(Packet::Acknowledge(by, brought.seq, brought.life));
    }

    /// A reader wants an event again, after so long.
    pub(super) fn give_back(&mut self, by: Service, brought: &Brought, wait: std::time::Duration) {
        self.send(Packet::GiveBack(by, brought.seq, brought.life, wait.as_millis() as i64));
    }

    /// Whether a process dies here now.
    pub(super) fn crashes(&mut self, point: CrashPoint) -> bool {
        // What few runs come by at all is deadlier.
        let is_rare = matches!(point, CrashPoint::AuditBeforeRefill | CrashPoint::ScheduleBeforePass);
        let dies = !self.is_calm && self.dice.one_in(if is_rare { 6 } else { 60 });
        if dies {
            self.reach(point.name());
        }
        dies
    }

    /// Whether the store cannot be reached.
    pub(super) fn store_is_away(&self) -> bool {
        self.away_until > self.now
    }

    /// The id of a new event.
    pub(super) fn next_event(&mut self) -> EventId {
        self.events += 1;
        self.events
    }

    /// Joins an answer to what was sent.
    pub(super) fn next_token(&mut self) -> u32 {
        self.tokens += 1;
        self.tokens
    }

    /// Whether one of these events fails this time.
    pub(super) fn fails(&mut self, by: Service, brought: &[Brought]) -> bool {
        for brought in brought {
            if let Some(left) = self.failing.get_mut(&(by, brought.event)).filter(|left| **left > 0) {
                *left -= 1;
                return true;
            }
            if !self.is_calm && self.dice.one_in(40) {
                self.reach("fault: event that fails");
                let times = self.dice.pick(&[1, 1, 2, 20]);
                self.failing.insert((by, brought.event), times);
                return true;
            }
        }
        false
    }

    /// Somebody has mended what made an event fail.
    pub(super) fn mend(&mut self, by: Service, event: EventId) {
        self.failing.insert((by, event), 0);
    }

    /// An event took effect at a reader.
    ///
    /// # Errors
    /// For the second time (T4).
    pub(super) fn took_effect(&mut self, by: Service, event: EventId) -> Result<(), Violation> {
        let times = self.effects.entry((by, event)).or_default();
        *times += 1;
        if *times > 1 {
            return Err(Violation::new("T4", format!("event {event} took effect twice at {by}")));
        }
        Ok(())
    }

    /// A command is committed under its key; the number of the commit.
    ///
    /// # Errors
    /// When one was before (T7).
    pub(super) fn committed(
        &mut self,
        service: Service,
        asked: &Asked,
        at: DateTime<Utc>,
    ) -> Result<u32, Violation> {
        self.commits += 1;
        let key = asked.key;
        if self.done.insert((service, key), (self.commits, asked.hash, at)).is_some() {
            return Err(Violation::new("T7", format!("key {key} was done twice by {service}")));
        }
        Ok(self.commits)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    /// For an answer, until then.
    ForAnswer(i64),
    /// Before it asks again, until then.
    ToAsk(i64),
    /// For nothing.
    Done(Option<Answer>),
}

#[derive(Debug)]
struct Call {
    service: Service,
    asked: Asked,
    deadline: i64,
    before: Option<Attempt>,
    /// The last commit that anybody had been told of when it began: a look must show it.
    told_before: u32,
    waits: Waits,
}

/// What a run is like: a generator that throws everything at once reaches little of what takes several steps.
#[derive(Debug, Clone, Copy)]
struct Mood {
    /// Faults: none, now and then, often, all the time.
    faults: usize,
    /// Which of them: from, and how many kinds.
    kinds: (usize, usize),
    /// At most so many milliseconds pass between two steps.
    pace: usize,
    /// Whether the network loses and repeats.
    network: bool,
    /// The service that everybody asks.
    stand: Option<usize>,
    /// Steps with faults.
    steps: u32,
    /// Most calls.
    calls: usize,
}

impl Mood {
    fn of(dice: &mut Dice) -> Self {
        let all = [None, None, Some(INTAKE), Some(VACANCIES), Some(MATCHER), Some(MATCHER)];
        let is_line = dice.one_in(4);
        Self {
            faults: if is_line { dice.pick(&[0, 0, 1, 2, 4]) } else { dice.pick(&[0, 1, 1, 2, 4]) },
            // Everything; only what hurts processes; only the stream; only the clock.
            kinds: dice.pick(&[(0, 24), (0, 24), (0, 10), (14, 6), (20, 4)]),
            pace: dice.pick(&[100, 700, 3_000]),
            network: if is_line { dice.one_in(3) } else { !dice.one_in(3) },
            stand: if is_line { Some(OPEN_HIRING) } else { dice.pick(&all) },
            steps: if is_line { STORMY_STEPS_OF_A_LINE } else { STORMY_STEPS },
            calls: if is_line { MOST_CALLS_OF_A_LINE } else { MOST_CALLS },
        }
    }
}

/// One run.
struct World {
    cx: Cx,
    mood: Mood,
    stands: Vec<Box<dyn Stand>>,
    calls: Vec<Call>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    /// How many steps it took.
    pub steps: u32,
    /// What did not hold.
    pub violation: Option<Violation>,
    /// What was reached.
    pub coverage: Coverage,
    /// What happened, if it was asked for.
    pub trace: Vec<String>,
}

/// Every step that rows of the services can take.
pub fn steps_of_services() -> Vec<&'static str> {
    stands().iter().flat_map(|stand| stand.steps().iter().copied()).collect()
}

fn stands() -> Vec<Box<dyn Stand>> {
    vec![
        Box::new(Shop::new(IntakeProof::default())),
        Box::new(Shop::new(VacanciesProof::default())),
        Box::new(Shop::new(MatcherProof)),
        Box::new(Shop::new(OpenHiringProof)),
    ]
}

/// Plays one run to its end: the same seed plays the same run.
pub fn play(seed: u64, bug: Option<Bug>, traced: bool) -> Run {
    let mut cx = Cx::new(seed, bug, traced);
    let stands = stands();
    for stand in &stands {
        let events = READINGS.iter().filter(|reading| reading.by == stand.service());
        cx.stream
            .reader(stand.service(), events.flat_map(|reading| reading.events.iter().copied()).collect());
    }
    let mood = Mood::of(&mut cx.dice);
    let mut world = World { cx, mood, stands, calls: Vec::new() };
    let mut steps = 0;
    let violation = world.play(&mut steps).err();
    let trace = world.cx.trace.take().unwrap_or_default();
    Run { steps, violation, coverage: world.cx.coverage, trace }
}

impl World {
    fn play(&mut self, steps: &mut u32) -> Result<(), Violation> {
        if let Some(MATCHER | OPEN_HIRING) = self.mood.stand {
            self.quiet_morning()?;
        }
        while *steps < self.mood.steps {
            *steps += 1;
            // Time is slow, as long as anybody is in the middle of something.
            if !self.storm()? && (self.cx.dice.one_in(40) || !self.anything()?) {
                self.pass_time();
            }
        }
        self.calm_down();
        let mut rested = 0;
        for _ in 0..CALM_STEPS {
            *steps += 1;
            if self.settle()? {
                continue;
            }
            if self.waiting().is_none() {
                return self.check_rest();
            }
            let before = self.cx.now;
            self.pass_time();
            // Nothing is left that time could bring, and still something waits.
            rested = if self.cx.now == before { rested + 1 } else { 0 };
            if rested > 10 {
                break;
            }
        }
        Err(Violation::new("T6", format!("waits for ever: {}", self.waiting().unwrap_or_default())))
    }

    /// Openings and people must be known before anybody can be matched or stand in line, and lines must be open.
    fn quiet_morning(&mut self) -> Result<(), Violation> {
        self.cx.is_calm = true;
        for asked in [
            [VACANCIES, VACANCIES, INTAKE, INTAKE],
            [INTAKE, INTAKE, OPEN_HIRING, OPEN_HIRING],
            [INTAKE, OPEN_HIRING, OPEN_HIRING, OPEN_HIRING],
        ] {
            for which in asked {
                self.somebody_asks(which);
            }
            for _ in 0..MORNING_STEPS {
                if !self.settle()? {
                    break;
                }
            }
        }
        self.cx.is_calm = false;
        Ok(())
    }

    /// One step in which anything may happen.
    fn storm(&mut self) -> Result<bool, Violation> {
        let any = self.cx.dice.below(self.stands.len());
        let which = self.mood.stand.filter(|_| self.cx.dice.one_in(3)).unwrap_or(any);
        let replica = self.cx.dice.below(REPLICAS);
        match self.cx.dice.below(100) {
            0..26 => self.deliver(),
            26..48 => self.stands[which].transact(&mut self.cx),
            48..62 => self.stands[which].relay(replica, &mut self.cx),
            62..74 => self.stands[which].read(replica, &mut self.cx),
            74..86 => Ok(self.people(which)),
            86..91 => self.stands[which].pass(replica, &mut self.cx),
            91..94 => self.stands[which].audit(replica, &mut self.cx),
            94..97 => {
                self.cx.now += 1 + self.cx.dice.below(self.mood.pace) as i64;
                self.revive();
                Ok(true)
            }
            // What happens in a line happens over days.
            97 if self.mood.stand == Some(OPEN_HIRING) => Ok(self.jump(OPEN_HIRING)),
            _ if self.cx.dice.below(4) < self.mood.faults => Ok(self.fault(which, replica)),
            _ => Ok(false),
        }
    }

    /// Whatever somebody is in the middle of.
    fn anything(&mut self) -> Result<bool, Violation> {
        let first = self.cx.dice.below(self.stands.len());
        let count = self.stands.len();
        for which in (first..first + count).map(|which| which % count) {
            let (stand, cx) = (&mut self.stands[which], &mut self.cx);
            if stand.transact(cx)? || stand.relay(0, cx)? || stand.relay(1, cx)? {
                return Ok(true);
            }
        }
        self.deliver()
    }

    /// One step towards rest, if there is one.
    fn settle(&mut self) -> Result<bool, Violation> {
        if self.deliver()? || self.callers() {
            return Ok(true);
        }
        for which in 0..self.stands.len() {
            let (stand, cx) = (&mut self.stands[which], &mut self.cx);
            if stand.transact(cx)? {
                return Ok(true);
            }
            for replica in 0..REPLICAS {
                if stand.relay(replica, cx)? || stand.read(replica, cx)? {
                    return Ok(true);
                }
            }
        }
        for which in 0..self.stands.len() {
            let (stand, cx) = (&mut self.stands[which], &mut self.cx);
            if stand.pass(0, cx)? || stand.pass(1, cx)? {
                return Ok(true);
            }
            if stand.audit(0, cx)? || stand.audit(1, cx)? || stand.try_dead_letter(cx) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn calm_down(&mut self) {
        self.cx.is_calm = true;
        self.cx.away_until = 0;
        self.cx.note("calm".to_owned());
        // Whoever was killed or frozen comes back within this time.
        self.cx.now += 50_000;
        self.revive();
    }

    fn revive(&mut self) {
        for stand in &mut self.stands {
            stand.revive(&mut self.cx);
        }
    }

    /// To the next moment at which something goes on by itself.
    fn pass_time(&mut self) {
        let now = self.cx.now;
        let calls = self.calls.iter().filter_map(|call| match call.waits {
            Waits::ForAnswer(until) | Waits::ToAsk(until) => Some(until),
            Waits::Done(_) => None,
        });
        let stands = self.stands.iter().filter_map(|stand| stand.next_timer(now));
        let next = calls.chain(stands).chain(self.cx.stream.next_due()).filter(|at| *at > now).min();
        self.cx.now = next.unwrap_or(now);
        self.revive();
    }

    /// A message arrives, or does not.
    fn deliver(&mut self) -> Result<bool, Violation> {
        if self.cx.packets.is_empty() {
            return Ok(false);
        }
        let index = self.cx.dice.below(self.cx.packets.len());
        if index > 0 {
            self.cx.reach("fault: packet late");
        }
        let packet = self.cx.packets.swap_remove(index);
        if !self.cx.is_calm && self.mood.network {
            if self.cx.dice.one_in(20) {
                self.cx.reach("fault: packet lost");
                return Ok(true);
            }
            // A request is repeated by its caller only.
            if !matches!(packet, Packet::Call(..)) && self.cx.dice.one_in(25) {
                self.cx.reach("fault: packet repeated");
                self.cx.packets.push(packet.clone());
            }
        }
        match packet {
            Packet::Call(service, asked, whom) => {
                let call = asked.call;
                let attempt = asked.attempt;
                if let Some(stand) = self.stands.iter_mut().find(|stand| stand.service() == service)
                    && !stand.call(asked, whom, &mut self.cx)
                {
                    self.after_attempt(call, attempt, Attempt::Nobody, None);
                }
            }
            Packet::Reply { call, attempt, answer } => {
                let led_to = if answer == Answer::Busy { Attempt::Passing } else { Attempt::Answered };
                self.after_attempt(call, attempt, led_to, Some(answer));
            }
            Packet::Publish { service, replica, life, token, sent, batch } => {
                let now = self.cx.now;
                let order = |what| Violation::new("T5", what);
                let answer = if batch {
                    self.cx.stream.store_batch(sent, now).map_err(order)?
                } else {
                    match sent.into_iter().next() {
                        Some(sent) => Ok(self.cx.stream.store(sent, now).map_err(order)? as i64),
                        None => Ok(0),
                    }
                };
                self.cx.send(Packet::Stored { service, replica, life, token, answer });
            }
            Packet::Stored { service, replica, life, token, answer } => {
                if let Some(stand) = self.stands.iter_mut().find(|stand| stand.service() == service) {
                    stand.stored(replica, life, token, answer, &mut self.cx);
                }
            }
            Packet::Acknowledge(by, seq, life) => self.cx.stream.acknowledge(by, seq, life),
            Packet::GiveBack(by, seq, life, wait) => {
                let at = self.cx.now + wait;
                self.cx.stream.give_back(by, seq, life, at);
            }
        }
        Ok(true)
    }

    /// Somebody asks something new, or goes on with a call.
    fn people(&mut self, which: usize) -> bool {
        if self.cx.dice.one_in(2) && self.callers() {
            return true;
        }
        if self.calls.len() >= self.mood.calls {
            return self.callers();
        }
        if self.cx.dice.one_in(8) {
            self.look(which);
            return true;
        }
        // Now and then a form is sent again, by another page or with another body.
        let last = self.calls.iter().rfind(|call| call.asked.kind == Kind::Command);
        if let Some(last) = last.filter(|_| self.cx.dice.one_in(12)) {
            let hash = if self.cx.dice.one_in(4) { last.asked.hash + 1 } else { last.asked.hash };
            let (service, asked) = (last.service, Asked { hash, ..last.asked.clone() });
            self.send_form(service, &asked);
            return true;
        }
        // Who stands in lines is told of by intake.
        let is_line = self.mood.stand == Some(OPEN_HIRING);
        let which = if is_line && !self.cx.dice.one_in(4) { INTAKE } else { which };
        let favoured = self.mood.stand.filter(|_| !self.cx.dice.one_in(4)).unwrap_or(which);
        self.somebody_asks(favoured) || self.somebody_asks(which)
    }

    /// Somebody thinks of something to ask a service.
    fn somebody_asks(&mut self, which: usize) -> bool {
        let Some(ask) = self.stands[which].think(&mut self.cx) else { return false };
        let (service, key) = (self.stands[which].service(), self.cx.next_token());
        let asked = Asked { call: 0, attempt: 0, kind: Kind::Command, key, hash: 0, ask, deadline: 0 };
        self.send_form(service, &asked);
        true
    }

    fn send_form(&mut self, service: Service, asked: &Asked) {
        // A double click: the same form several times at one moment.
        let copies = if self.cx.dice.one_in(8) { 1 + self.cx.dice.below(4) } else { 1 };
        for _ in 0..copies {
            self.ask(service, asked.clone());
        }
    }

    /// Somebody looks at what a service has.
    fn look(&mut self, which: usize) {
        let (service, key) = (self.stands[which].service(), self.cx.next_token());
        let asked = Asked { call: 0, attempt: 0, kind: Kind::Query, key, hash: 0, ask: 0, deadline: 0 };
        self.ask(service, asked);
    }

    fn ask(&mut self, service: Service, asked: Asked) {
        let (now, call) = (self.cx.now, self.calls.len());
        let seconds = if asked.kind == Kind::Command { COMMAND_SECONDS } else { QUERY_SECONDS };
        let deadline = now + seconds as i64 * 1_000;
        let told = |call: &Call| match call.waits {
            Waits::Done(Some(Answer::Done(commit) | Answer::Seen(commit))) if call.service == service => {
                Some(commit)
            }
            _ => None,
        };
        let told_before = self.calls.iter().filter_map(told).max().unwrap_or_default();
        self.calls.push(Call {
            service,
            asked: Asked { call, attempt: 0, ..asked },
            deadline,
            before: None,
            told_before,
            waits: Waits::ToAsk(now),
        });
        self.attempt(call);
    }

    /// One caller whose time has come goes on.
    fn callers(&mut self) -> bool {
        let now = self.cx.now;
        for call in 0..self.calls.len() {
            match self.calls[call].waits {
                Waits::ForAnswer(until) if until <= now => {
                    let attempt = self.calls[call].asked.attempt;
                    self.after_attempt(call, attempt, Attempt::Silence { forbidden: false }, None);
                    return true;
                }
                Waits::ToAsk(until) if until <= now => {
                    self.attempt(call);
                    return true;
                }
                Waits::ForAnswer(_) | Waits::ToAsk(_) | Waits::Done(_) => {}
            }
        }
        false
    }

    /// Sends an attempt, if there is patience left.
    fn attempt(&mut self, call: usize) {
        let now = self.cx.now;
        let of = &mut self.calls[call];
        let left = std::time::Duration::from_millis((of.deadline - now).max(0) as u64);
        let Some(patience) = protocol::patience(of.asked.attempt, left) else {
            of.waits = Waits::Done(None);
            self.cx.reach("caller: gave up in time");
            return;
        };
        let until = now + patience.as_millis() as i64;
        of.waits = Waits::ForAnswer(until);
        of.asked.deadline = of.deadline;
        let whom = protocol::whom(of.asked.kind, of.before);
        if whom == Whom::Every {
            self.cx.reach("caller: asked every replica");
        }
        self.cx.send(Packet::Call(of.service, of.asked.clone(), whom));
    }

    fn after_attempt(&mut self, call: usize, attempt: u32, led_to: Attempt, answer: Option<Answer>) {
        let pause = 20 + self.cx.dice.below(180) as i64;
        let of = &mut self.calls[call];
        // An answer to an attempt that nobody waits for any more goes nowhere.
        if of.asked.attempt != attempt || !matches!(of.waits, Waits::ForAnswer(_)) {
            self.cx.reach("caller: an answer that nobody waits for");
            return;
        }
        self.cx.reach(match led_to {
            Attempt::Answered => "caller: answered",
            Attempt::Passing => "caller: passing problem, asked again",
            Attempt::Nobody => "caller: nobody listens, asked again",
            Attempt::Silence { .. } => "caller: silence, asked again",
        });
        match protocol::after_call(led_to) {
            AfterCall::Return | AfterCall::GiveUp => of.waits = Waits::Done(answer),
            AfterCall::AskAgain => {
                of.asked.attempt += 1;
                of.before = Some(led_to);
                of.waits = Waits::ToAsk(self.cx.now + pause);
            }
        }
        if self.cx.traced() {
            let said =
                format!("call {call} (key {}), attempt {attempt}: {answer:?}", self.calls[call].asked.key);
            self.cx.note(said);
        }
    }

    /// Something goes wrong.
    fn fault(&mut self, which: usize, replica: usize) -> bool {
        let now = self.cx.now;
        let (from, kinds) = self.mood.kinds;
        let name = match from + self.cx.dice.below(kinds) {
            0..6 => {
                let until = now + 200 + self.cx.dice.below(4_000) as i64;
                self.stands[which].kill(replica, until, &mut self.cx);
                "fault: replica killed"
            }
            6..10 => {
                // Shorter and longer than what the store waits for a session that stands still.
                let until =
                    now + 500 + self.cx.dice.pick(&[2_000, 9_000, 40_000]) + self.cx.dice.below(500) as i64;
                self.stands[which].freeze(replica, until, &mut self.cx);
                "fault: replica frozen"
            }
            10..12 => {
                self.lose_store();
                "fault: store restarted"
            }
            12..14 => {
                self.cx.away_until = now + 100 + self.cx.dice.below(3_000) as i64;
                self.lose_store();
                "fault: store away"
            }
            14..16 => {
                self.restart_stream(0);
                "fault: stream restarted"
            }
            16..19 => {
                let lost = 1 + self.cx.dice.below(5);
                self.restart_stream(lost);
                "fault: end of the stream lost"
            }
            19 => {
                self.restart_stream(usize::MAX);
                "fault: whole stream lost"
            }
            20 if self.cx.dice.one_in(3) => {
                // As far as it must not be when a service starts, and further.
                self.cx.set_back += 1_000 + self.cx.dice.pick(&[5_000, 100_000, 7_200_000]);
                "fault: clock went back"
            }
            20 => {
                // As long as the stream remembers ids, and longer.
                self.cx.now += 100_000 + self.cx.dice.below(40_000) as i64;
                self.revive();
                "fault: clock jumped"
            }
            _ => return self.jump(which),
        };
        self.cx.reach(name);
        if self.cx.traced() {
            self.cx.note(name.to_owned());
        }
        true
    }

    /// The clock jumps past a deadline of a service, or just not.
    fn jump(&mut self, which: usize) -> bool {
        let jump = self.cx.dice.pick(self.stands[which].jumps());
        let off = self.cx.dice.below(7_200_000) as i64 - 3_600_000;
        self.cx.now += (jump.num_milliseconds() + off).max(0);
        self.revive();
        self.cx.reach("fault: clock jumped");
        if self.cx.traced() {
            self.cx.note(format!("the clock jumps by some {} hours", jump.num_hours()));
        }
        true
    }

    fn lose_store(&mut self) {
        for stand in &mut self.stands {
            stand.lose_store(&mut self.cx);
        }
    }

    /// The stream starts again; what was under way to it and from it is gone with the connections.
    fn restart_stream(&mut self, lost: usize) {
        let kept = self.cx.stream.len().saturating_sub(lost);
        self.cx.note(format!("the stream keeps {kept} of {}", self.cx.stream.len()));
        self.cx.packets.clear();
        let remembers = self.cx.dice.one_in(2);
        self.cx.stream.restart(lost, remembers);
    }

    /// Something that is not done yet.
    fn waiting(&self) -> Option<String> {
        if !self.cx.packets.is_empty() {
            return Some(format!("{} packets", self.cx.packets.len()));
        }
        if let Some(call) = self.calls.iter().find(|call| !matches!(call.waits, Waits::Done(_))) {
            return Some(format!("call {} to {}", call.asked.call, call.service));
        }
        let in_stand = || self.stands.iter().find_map(|stand| stand.waiting(&self.cx));
        self.cx.stream.waiting().or_else(in_stand)
    }

    /// What must hold when all is quiet.
    fn check_rest(&self) -> Result<(), Violation> {
        for call in &self.calls {
            let done = self.cx.done.get(&(call.service, call.asked.key)).copied();
            let (key, own) = (call.asked.key, call.asked.hash);
            match (call.waits, done) {
                (Waits::Done(Some(Answer::Done(answer))), _) if done.map(|done| done.0) != Some(answer) => {
                    let what = format!("key {key} was answered {answer}, done is {done:?}");
                    return Err(Violation::new(if done.is_none() { "T3" } else { "T7" }, what));
                }
                // Done much later is another try of the same person.
                (Waits::Done(Some(Answer::Refused(code, refused_at))), Some((_, hash, done_at)))
                    if hash == own && done_at <= refused_at + TimeDelta::seconds(REFUSAL_SECONDS) =>
                {
                    let what = format!("key {key} was refused ({code}, {refused_at}) and done ({done_at})");
                    return Err(Violation::new("T3", what));
                }
                (Waits::Done(Some(Answer::Seen(commit))), _) if commit < call.told_before => {
                    let what = format!(
                        "call {} saw {commit}, {} was answered before",
                        call.asked.call, call.told_before
                    );
                    return Err(Violation::new("T3", what));
                }
                _ => {}
            }
        }
        for stand in &self.stands {
            for (event, told) in stand.events() {
                for reading in READINGS.iter().filter(|reading| reading.events.contains(&told.name)) {
                    let by = reading.by;
                    let is_here = self.stands.iter().any(|stand| stand.service() == by);
                    if is_here && !self.cx.effects.contains_key(&(by, event)) {
                        let what = format!("event {event}, {told:?}, never took effect at {by}");
                        return Err(Violation::new("T4", what));
                    }
                }
            }
        }
        let announced: Vec<Told> = self.stands.iter().flat_map(|stand| stand.announced()).collect();
        for stand in &self.stands {
            stand.compare(&announced, &self.cx)?;
            stand.at_rest(&self.cx)?;
            for (service, what) in stand.owed() {
                if self.stands.iter().any(|stand| stand.service() == service) {
                    return Err(Violation::new("T6", format!("{what} waits for {service} for ever")));
                }
            }
        }
        Ok(())
    }
}
