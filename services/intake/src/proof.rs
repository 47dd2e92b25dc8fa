//! People in the simulator: wishes, consents, pauses, silence, help and erasure by the real rules, whoever asks
//! what, in whatever order (`chassis::proof`).

use std::sync::Arc;

use chassis::{
    clock::day,
    proof::{Dice, Proof, Stop, Table, Told, Work},
};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proto::{
    BackgroundId, OpenFileId, SeekerId, Service,
    intake::{ContactChanged, ContactConfirmed, Purpose, SeekerErased, Wishes},
    matcher, notifier, open_hiring, portal,
    work::{Area, Cell},
};
use uuid::Uuid;

use crate::{
    domain::{
        assisted::HELPER_ACCESS,
        availability::{
            self, ASK_AFTER, Asked, KEEP_AFTER, Paused, Silence, Step, is_waking_hour, pauses_ended,
            unsound_pause,
        },
        consent::{self, ConsentChannel},
        erasure::confirmers,
        may::{PersonAct, Standing, may_to_person},
        person::{Home, Ids, Said, TakesPart},
    },
    events::publish,
};

/// Most people in one run, erased ones included.
const MOST: usize = 4;
/// Two helpers, who are never the same.
const HELPERS: [Uuid; 2] = [Uuid::from_u128(1), Uuid::from_u128(2)];

/// Intake, as the simulator knows it.
pub struct IntakeProof {
    home: Arc<Home>,
}

impl Default for IntakeProof {
    fn default() -> Self {
        let wishes = Wishes {
            postcode: "1315".to_owned(),
            tasks: Vec::new(),
            any_task: true,
            dayparts: proto::work::Dayparts::default(),
            hours: None,
            travel: None,
            days: proto::work::Days::default(),
            available_from: None,
            languages: Vec::new(),
            licences: Vec::new(),
            cannot: Vec::new(),
            shown_support: Vec::new(),
            remark: String::new(),
        };
        let area = Area { cell: Cell { x: 0, y: 0 }, municipality: String::new(), region: String::new() };
        Self { home: Arc::new(Home { wishes, area }) }
    }
}

/// What intake keeps under one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A person.
    Person(Box<Person>),
    /// What is left of her: who has confirmed that they forgot her, too.
    Erased {
        /// The version that erased her.
        version: i64,
        /// Who has.
        confirmed: Vec<Service>,
    },
}

/// A person.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    version: i64,
    /// How often it was told that a contact is hers, or another one.
    contact_version: i64,
    ids: Ids,
    home: Arc<Home>,
    said: Said,
    silence: Silence,
    paused_by_silence: bool,
    helpers: Vec<Helper>,
    /// How the last yes or no came.
    last_word: Option<(Standing, bool, ConsentChannel)>,
    /// Which helper did something, last.
    helped: Option<(Uuid, DateTime<Utc>)>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { version, silence, helpers, said, .. } = self;
        write!(f, "v{version} {silence:?} {said:?} {helpers:?} {:?} {:?}", self.last_word, self.helped)
    }
}

/// A helper's access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Helper {
    account: Uuid,
    until: DateTime<Utc>,
    ended: Option<DateTime<Utc>>,
}

impl Helper {
    fn runs(&self, now: DateTime<Utc>) -> bool {
        self.until > now && self.ended.is_none()
    }
}

impl Person {
    fn standing(&self, by: By, now: DateTime<Utc>) -> Standing {
        match by {
            By::Herself => Standing::Herself,
            By::Account(account) => {
                let helps = self.helpers.iter().any(|helper| helper.account == account && helper.runs(now));
                if helps { Standing::Helper } else { Standing::Stranger }
            }
        }
    }

    fn takes_part(&self) -> TakesPart {
        if self.silence.pause.is_some() { TakesPart::Paused } else { TakesPart::Looking }
    }

    /// A sign of life (`store::seekers::hear`).
    fn hear(&mut self, now: DateTime<Utc>) {
        self.silence.last_heard = self.silence.last_heard.max(now);
        self.silence.asked = Asked::default();
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// She herself.
    Herself,
    /// An account that may be her helper's.
    Account(Uuid),
}

/// What someone asks about a person.
#[derive(Debug, Clone)]
pub enum Ask {
    /// Register, alone or with a helper.
    Register {
        /// Whose help.
        helper: Option<Uuid>,
    },
    /// Do something to one person.
    Do(Uuid, By, Deed),
    /// A code came back: her contact is hers, and it may be another one than before.
    Code(Uuid, bool),
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Other wishes.
    ChangeWishes {
        /// Now free from this day.
        available_from: Option<NaiveDate>,
    },
    /// Yes or no.
    SetConsent(Purpose, bool, ConsentChannel),
    /// Not now.
    Pause(Option<NaiveDate>),
    /// Still, or again.
    StillLooking,
    /// A helper goes on, or ends.
    SetHelperAccess(Uuid, bool),
    /// Everything goes.
    Erase,
}

/// What the clock does.
#[derive(Debug, Clone, Copy)]
pub enum Due {
    /// A pause is over.
    EndPause,
    /// It looks at her silence.
    Silence,
}

impl IntakeProof {
    /// Publishes the profile as it now stands, with the next version, and keeps her.
    fn republish(work: &mut Work<'_, Row>, mut person: Person) {
        person.version += 1;
        let takes_part = person.takes_part();
        work.tell(publish::profile(person.ids, person.version, &person.home, &person.said, takes_part));
        Self::keep(work, person);
    }

    fn keep(work: &mut Work<'_, Row>, person: Person) {
        work.keep(person.ids.seeker.0, Row::Person(Box::new(person)));
    }

    fn register(&self, work: &mut Work<'_, Row>, helper: Option<Uuid>) -> Result<(), Stop> {
        let now = work.now;
        let mut id = || work.dice.id();
        let ids = Ids { seeker: SeekerId(id()), open_file: OpenFileId(id()), background: BackgroundId(id()) };
        work.hold(ids.seeker.0)?;
        let helpers = helper.map(|account| Helper { account, until: now + HELPER_ACCESS, ended: None });
        let silence =
            Silence { last_heard: now, resumed: None, reachable: true, pause: None, asked: Asked::default() };
        let person = Person {
            version: 0,
            contact_version: 0,
            ids,
            home: self.home.clone(),
            said: Said::yes_to(&[Purpose::OpenFile]),
            silence,
            paused_by_silence: false,
            helpers: helpers.into_iter().collect(),
            last_word: None,
            helped: None,
        };
        Self::republish(work, person);
        Ok(())
    }

    /// `use_cases::{arrive, bind_contact}`, when a confirmation is expected.
    fn code(work: &mut Work<'_, Row>, id: Uuid, is_other: bool) -> Result<(), Stop> {
        let Some(Row::Person(mut person)) = work.hold(id)? else {
            return Err(Stop::Refused("seeker-unknown"));
        };
        let seeker_id = person.ids.seeker;
        if is_other {
            person.contact_version += 1;
            work.tell(ContactChanged { seeker_id, version: person.contact_version });
        }
        person.contact_version += 1;
        work.tell(ContactConfirmed { seeker_id, version: person.contact_version });
        Self::keep(work, *person);
        Ok(())
    }

    fn erase(work: &mut Work<'_, Row>, person: &Person) -> Result<(), Stop> {
        let (seeker_id, version) = (person.ids.seeker, person.version + 1);
        work.forget(seeker_id.0)?;
        work.keep(seeker_id.0, Row::Erased { version, confirmed: Vec::new() });
        work.tell(SeekerErased { seeker_id, version });
        Ok(())
    }

    /// Takes every step that is due, as `use_cases::watch_silence` does.
    fn watch_silence(work: &mut Work<'_, Row>, mut person: Person) -> Result<(), Stop> {
        let now = work.now;
        loop {
            match person.silence.next_step(now) {
                Step::Nothing => {
                    Self::keep(work, person);
                    return Ok(());
                }
                Step::Ask => person.silence.asked.first = Some(now),
                Step::AskAgain => person.silence.asked.again = Some(now),
                Step::TellKeep { .. } => person.silence.asked.keep_told = Some(now),
                Step::Pause => {
                    person.silence.pause = Some(Paused { until: None });
                    person.paused_by_silence = true;
                    Self::republish(work, person.clone());
                    person.version += 1;
                }
                Step::Erase => return Self::erase(work, &person),
            }
        }
    }
}

fn act(deed: &Deed) -> PersonAct {
    match deed {
        Deed::ChangeWishes { .. } => PersonAct::ChangeWishes,
        Deed::SetConsent(..) => PersonAct::SetConsent,
        Deed::Pause(_) | Deed::StillLooking => PersonAct::ChangeAvailability,
        Deed::SetHelperAccess(..) => PersonAct::SetHelperAccess,
        Deed::Erase => PersonAct::Erase,
    }
}

impl Proof for IntakeProof {
    type Row = Row;
    type Ask = Ask;
    type Due = Due;

    fn service(&self) -> Service {
        Service::Intake
    }

    fn ask(&self, seen: &Table<Row>, now: DateTime<Utc>, dice: &mut Dice) -> Option<Ask> {
        use ConsentChannel::{Code, Herself, Paper, ReadAloud};
        let number = dice.below(seen.rows.len() + 1);
        let Some(id) = seen.rows.keys().nth(number) else {
            let helper = dice.one_in(2).then(|| dice.pick(&HELPERS));
            return (seen.rows.len() < MOST).then_some(Ask::Register { helper });
        };
        if dice.one_in(3) {
            return Some(Ask::Code(*id, dice.one_in(2)));
        }
        let by = if dice.one_in(3) { By::Account(dice.pick(&HELPERS)) } else { By::Herself };
        let in_days = |dice: &mut Dice, days| day(now) + Days::new(dice.below(days) as u64);
        let deed = match dice.below(12) {
            0 | 1 => Deed::ChangeWishes { available_from: Some(in_days(dice, 5)) },
            2..=4 => {
                let purpose = dice.pick(Purpose::ALL);
                Deed::SetConsent(
                    purpose,
                    dice.one_in(2),
                    dice.pick(&[Herself, Herself, Code, ReadAloud, Paper]),
                )
            }
            5 | 6 => Deed::Pause((!dice.one_in(3)).then(|| in_days(dice, 8))),
            7 | 8 => Deed::StillLooking,
            9 | 10 => Deed::SetHelperAccess(dice.pick(&HELPERS), dice.one_in(2)),
            _ => Deed::Erase,
        };
        Some(Ask::Do(*id, by, deed))
    }

    fn decide(&self, work: &mut Work<'_, Row>, ask: &Ask) -> Result<(), Stop> {
        let now = work.now;
        let (id, by, deed) = match ask {
            Ask::Register { helper } => return self.register(work, *helper),
            Ask::Code(id, is_other) => return Self::code(work, *id, *is_other),
            Ask::Do(id, by, deed) => (*id, *by, deed),
        };
        let Some(Row::Person(person)) = work.hold(id)? else { return Err(Stop::Refused("seeker-unknown")) };
        let mut person = *person;
        let standing = person.standing(by, now);
        may_to_person(standing, act(deed)).map_err(|_| Stop::Refused("forbidden"))?;
        let before = person.clone();
        match standing {
            Standing::Herself => person.hear(now),
            Standing::Helper | Standing::Stranger => {}
        }
        if let (Standing::Helper, By::Account(account)) = (standing, by) {
            person.helped = Some((account, now));
        }
        match deed {
            Deed::ChangeWishes { available_from } => {
                let mut home = Home::clone(&person.home);
                home.wishes.available_from = *available_from;
                if *person.home != home {
                    person.home = Arc::new(home);
                    Self::republish(work, person);
                    return Ok(());
                }
            }
            Deed::SetConsent(purpose, given, channel) => {
                consent::holds(standing, *given, *channel).map_err(Stop::Refused)?;
                if before.said.yes(*purpose) != *given {
                    person.said.say(*purpose, *given);
                    person.last_word = Some((standing, *given, *channel));
                    Self::republish(work, person);
                    return Ok(());
                }
            }
            Deed::Pause(until) => {
                if let Some(code) = until.and_then(|until| unsound_pause(until, now)) {
                    return Err(Stop::Refused(code));
                }
                person.hear(now);
                let pause = Some(Paused { until: *until });
                if before.silence.pause != pause || before.paused_by_silence {
                    person.silence.pause = pause;
                    person.paused_by_silence = false;
                    Self::republish(work, person);
                    return Ok(());
                }
            }
            Deed::StillLooking => {
                person.hear(now);
                if before.silence.pause.is_some() {
                    person.silence.pause = None;
                    person.paused_by_silence = false;
                    Self::republish(work, person);
                    return Ok(());
                }
            }
            Deed::SetHelperAccess(account, go_on) => {
                let helper = person.helpers.iter_mut().find(|helper| helper.account == *account);
                let helper = helper.ok_or(Stop::Refused("helper-unknown"))?;
                if *go_on {
                    *helper = Helper { account: *account, until: now + HELPER_ACCESS, ended: None };
                } else if helper.until > now {
                    helper.ended = helper.ended.or(Some(now));
                }
            }
            Deed::Erase => return Self::erase(work, &person),
        }
        Self::keep(work, person);
        Ok(())
    }

    fn hear(&self, work: &mut Work<'_, Row>, told: &[Told]) -> Result<(), Stop> {
        for told in told {
            let Some(by) = told
                .read::<matcher::SeekerForgotten>()
                .map(|_| Service::Matcher)
                .or_else(|| told.read::<open_hiring::SeekerForgotten>().map(|_| Service::OpenHiring))
                .or_else(|| told.read::<notifier::SeekerForgotten>().map(|_| Service::Notifier))
                .or_else(|| told.read::<portal::SeekerForgotten>().map(|_| Service::Portal))
            else {
                continue;
            };
            if let Some(Row::Erased { version, mut confirmed }) = work.hold(told.aggregate)? {
                if !confirmed.contains(&by) {
                    confirmed.push(by);
                }
                work.keep(told.aggregate, Row::Erased { version, confirmed });
            }
        }
        Ok(())
    }

    fn due(&self, row: &Row, now: DateTime<Utc>) -> Option<Due> {
        let Row::Person(person) = row else { return None };
        match person.silence.pause {
            Some(Paused { until: Some(until) }) if until <= pauses_ended(now) => Some(Due::EndPause),
            _ if is_waking_hour(now) && person.silence.next_step(now) != Step::Nothing => Some(Due::Silence),
            _ => None,
        }
    }

    fn by_clock(&self, work: &mut Work<'_, Row>, id: Uuid, due: Due) -> Result<(), Stop> {
        let Some(Row::Person(person)) = work.hold(id)? else { return Ok(()) };
        let mut person = *person;
        match due {
            Due::EndPause => {
                person.silence.pause = None;
                person.paused_by_silence = false;
                person.silence.resumed = Some(work.now);
                Self::republish(work, person);
                Ok(())
            }
            Due::Silence => Self::watch_silence(work, person),
        }
    }

    fn announces(&self, id: Uuid, row: &Row) -> Vec<Told> {
        vec![match row {
            Row::Person(person) => {
                let takes_part = person.takes_part();
                Told::of(publish::profile(person.ids, person.version, &person.home, &person.said, takes_part))
            }
            Row::Erased { version, .. } => {
                Told::of(SeekerErased { seeker_id: SeekerId(id), version: *version })
            }
        }]
    }

    fn mirrors(&self, _: &Row) -> Option<String> {
        None
    }

    fn waits_for(&self, row: &Row) -> Vec<Service> {
        match row {
            Row::Person(_) => Vec::new(),
            Row::Erased { confirmed, .. } => {
                confirmers().into_iter().filter(|service| !confirmed.contains(service)).collect()
            }
        }
    }

    fn steps(&self) -> &'static [&'static str] {
        &[
            "registered alone",
            "registered with help",
            "gave a sign of life",
            "contact confirmed",
            "contact changed",
            "changed her wishes",
            "said yes",
            "said no",
            "paused",
            "took part again",
            "pause ended by itself",
            "asked whether still looking",
            "asked once more",
            "paused by silence",
            "told when she is erased",
            "helper went on",
            "helper ended",
            "did something with a helper",
            "erased",
            "erased by silence",
            "erasure confirmed",
        ]
    }

    fn step(
        &self,
        before: Option<&Row>,
        after: Option<&Row>,
        now: DateTime<Utc>,
    ) -> Result<&'static str, String> {
        match (before, after) {
            (None, Some(Row::Person(after))) if after.version == 1 => {
                Ok(if after.helpers.is_empty() { "registered alone" } else { "registered with help" })
            }
            (Some(Row::Person(before)), Some(Row::Person(after))) => person_step(before, after, now),
            (Some(Row::Person(before)), Some(Row::Erased { version, .. }))
                if *version == before.version + 1 =>
            {
                let is_silent = before.silence.next_step(now) == Step::Erase;
                Ok(if is_silent { "erased by silence" } else { "erased" })
            }
            (
                Some(Row::Erased { version: was, confirmed: before }),
                Some(Row::Erased { version, confirmed }),
            ) if was == version && confirmed.len() > before.len() && confirmed.starts_with(before) => {
                Ok("erasure confirmed")
            }
            (Some(Row::Erased { .. }), _) => Err(format!("an erased person came back as {after:?}")),
            _ => Err(format!("no such step: from {before:?} to {after:?}")),
        }
    }

    fn check(&self, table: &Table<Row>) -> Result<(), String> {
        for (id, row) in &table.rows {
            let is_erased = matches!(row, Row::Erased { .. });
            if is_erased != table.forgotten.contains(id) {
                return Err(format!("a tombstone and a row do not agree: {row:?}"));
            }
        }
        Ok(())
    }

    fn jumps(&self) -> &'static [TimeDelta] {
        const _: () = assert!(ASK_AFTER.num_weeks() == 8 && KEEP_AFTER.num_weeks() == 26);
        const JUMPS: &[TimeDelta] = &[
            TimeDelta::days(2),
            TimeDelta::days(7),
            HELPER_ACCESS,
            ASK_AFTER,
            availability::AGAIN_AFTER,
            availability::PAUSE_AFTER,
            TimeDelta::days(30),
            KEEP_AFTER,
        ];
        JUMPS
    }
}

/// The step of a person who stays, and whether she may take it.
fn person_step(before: &Person, after: &Person, now: DateTime<Utc>) -> Result<&'static str, String> {
    let wrong = |what: &str| Err(format!("{what}: from {before:?} to {after:?}"));
    let seen_by_others = |person: &Person| (person.home.clone(), person.said.clone(), person.takes_part());
    let is_new =
        seen_by_others(before) != seen_by_others(after) || before.silence.pause != after.silence.pause;
    if after.version
        != before.version + i64::from(is_new || before.paused_by_silence != after.paused_by_silence)
    {
        return wrong("the version does not say whether something changed");
    }
    if after.silence.last_heard < before.silence.last_heard {
        return wrong("a sign of life was lost");
    }
    if after.contact_version != before.contact_version {
        let same = Person { contact_version: before.contact_version, ..after.clone() };
        return match after.contact_version - before.contact_version {
            _ if same != *before => wrong("something else changed with a contact"),
            1 => Ok("contact confirmed"),
            2 => Ok("contact changed"),
            _ => wrong("a version of a contact was left out or used twice"),
        };
    }
    if after.helped != before.helped {
        let running =
            |account| before.helpers.iter().any(|helper| helper.account == account && helper.runs(now));
        if !after.helped.is_some_and(|(account, at)| at == now && running(account)) {
            return wrong("a helper without access did something");
        }
    }
    if before.helpers != after.helpers {
        if before.helpers.len() != after.helpers.len() || is_new {
            return wrong("nobody becomes a helper this way");
        }
        let went_on = after.helpers.iter().any(|helper| helper.until == now + HELPER_ACCESS);
        return Ok(if went_on { "helper went on" } else { "helper ended" });
    }
    if before.said != after.said {
        return match after.last_word {
            Some((Standing::Stranger, ..)) => wrong("a stranger said it"),
            Some((Standing::Helper, true, ConsentChannel::Herself)) => {
                wrong("a helper's word alone is never a yes")
            }
            Some((_, given, _)) => Ok(if given { "said yes" } else { "said no" }),
            None => wrong("nobody said it"),
        };
    }
    if before.home != after.home {
        return Ok("changed her wishes");
    }
    let is_new_question = |of: fn(&Asked) -> Option<DateTime<Utc>>| {
        of(&after.silence.asked).is_some() && of(&after.silence.asked) != of(&before.silence.asked)
    };
    if is_new_question(|asked| asked.keep_told) {
        return Ok("told when she is erased");
    }
    match (before.silence.pause, after.silence.pause) {
        (was, Some(_)) if after.paused_by_silence && !before.paused_by_silence => {
            if was.is_none() {
                Ok("paused by silence")
            } else {
                wrong("paused by silence while she paused")
            }
        }
        (Some(pause), None) if after.silence.resumed != before.silence.resumed => match pause.until {
            Some(until) if until <= pauses_ended(now) => Ok("pause ended by itself"),
            _ => wrong("a pause ended before its day"),
        },
        (Some(_), None) => Ok("took part again"),
        (was, Some(is)) if was != Some(is) || before.paused_by_silence != after.paused_by_silence => {
            Ok("paused")
        }
        _ if is_new_question(|asked| asked.again) => Ok("asked once more"),
        _ if is_new_question(|asked| asked.first) => Ok("asked whether still looking"),
        _ if before.helped != after.helped => Ok("did something with a helper"),
        _ if before.silence != after.silence => Ok("gave a sign of life"),
        _ => wrong("nothing changed"),
    }
}
