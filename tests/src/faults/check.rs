//! The verdict (RELIABILITY T3 to T5, T7): what was answered against what the tables and the streams hold.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt,
    time::Duration,
};

use proto::{
    Service, Stream,
    catalogue::{EVENTS, READINGS},
    intake::{ProfilePublished, SeekerErased},
    matcher::ProposalMarked,
    notifier::MessageSent,
    vacancies::{OpeningClosed, OpeningPaused, OpeningPublished},
};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Observer,
    explain::{Opening, Pair, PersonStep, Profile, Stage, explain},
    history::{Everything, Made, Outcome},
    level::heard_within,
    observer::Told,
};
use crate::installation::{Installation, OnStream};

/// What was looked at, and what was wrong.
#[derive(Debug, Default)]
pub struct Report {
    /// How many of what were checked.
    pub checked: BTreeMap<&'static str, u64>,
    /// What was lost, doubled or out of order; must be empty.
    pub wrong: Vec<String>,
}

impl Report {
    pub(super) fn add(&mut self, what: &'static str, count: u64) {
        *self.checked.entry(what).or_default() += count;
    }

    fn judge(&mut self, what: &'static str, judged: Result<(), String>) {
        self.add(what, 1);
        if let Err(wrong) = judged {
            self.wrong.push(format!("{what}: {wrong}"));
        }
    }

    /// Fails when anything is wrong, or when of something nothing was checked.
    ///
    /// # Panics
    /// Then.
    pub fn holds(&self) {
        println!("{self}");
        assert!(self.wrong.is_empty(), "{} wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
        let zero: Vec<_> = self.checked.iter().filter(|(_, count)| **count == 0).collect();
        assert!(!self.checked.is_empty() && zero.is_empty(), "nothing was checked of {zero:?}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, count) in &self.checked {
            writeln!(f, "{what:<44} {count:>7}")?;
        }
        writeln!(f, "{:<44} {:>7}", "lost, doubled or out of order", self.wrong.len())
    }
}

/// Judges everything. Call it when all has come to rest ([`super::level()`]). Streams that were damaged may hold events
/// in another order than they were told in; `order_of_streams` says whether they must not.
///
/// # Panics
/// When the servers do not answer.
pub async fn check(
    installation: &Installation,
    observer: &Observer,
    history: &Everything,
    order_of_streams: bool,
) -> Report {
    let mut report = Report::default();
    report.wrong.extend(history.wrong.iter().cloned());
    if history.mixed > 0 {
        let mixed = format!("{} commands were done once while a copy of them was refused", history.mixed);
        if history.clocks_jumped {
            // A refusal stands for half a minute, and a clock that jumps makes it older.
            println!("{mixed}; clocks jumped");
        } else {
            report.wrong.push(mixed);
        }
    }
    if history.not_believed > 0 && !history.clocks_jumped {
        report.wrong.push(format!("{} calls were not believed, and no clock jumped", history.not_believed));
    }
    report.add("commands", history.commands);
    report.add("repeats with the same key", history.repeats);
    let told = observer.told().await;
    let about = by_aggregate(&told);
    people(&mut report, observer, history, &about).await;
    openings(&mut report, observer, history, &about).await;
    pairs(&mut report, observer, history, &about).await;
    super::lines(&mut report, &observer.pool, &history.lines).await;
    rows(&mut report, observer, history).await;
    messages(&mut report, observer, &told).await;
    inboxes(&mut report, installation, observer, &told).await;
    versions(&mut report, observer, &about).await;
    if order_of_streams {
        for stream in Stream::ALL {
            let held = installation.on_stream(stream).await;
            // Read after the stream: what was told meanwhile, as by a message that was let go and went out late, is no
            // invention.
            on_stream(&mut report, stream, &observer.told().await, &held);
        }
    }
    report
}

fn by_aggregate(told: &[Told]) -> HashMap<Uuid, Vec<&Told>> {
    let mut about: HashMap<Uuid, Vec<&Told>> = HashMap::new();
    for event in told {
        about.entry(event.aggregate_id).or_default().push(event);
    }
    about
}

/// T3 for people: each course of a profile follows from what she was answered, nobody is there who was not registered.
async fn people(
    report: &mut Report,
    observer: &Observer,
    history: &Everything,
    about: &HashMap<Uuid, Vec<&Told>>,
) {
    let mut known = HashSet::new();
    let mut unknown = 0;
    for life in &history.people {
        let Some(id) = life.id else {
            unknown += life.count(|step| step.outcome == Outcome::Unknown);
            continue;
        };
        known.insert(id);
        let events = about.get(&id).map(Vec::as_slice).unwrap_or_default();
        let course: Vec<Profile> = events
            .iter()
            .filter(|event| event.is::<ProfilePublished>())
            .map(|event| Profile::from(&event.read::<ProfilePublished>()))
            .collect();
        report.judge(
            "courses of people",
            explain(&life.steps, &course).map_err(|wrong| format!("{id}: {wrong}")),
        );
        let erasures = events.iter().filter(|event| event.is::<SeekerErased>()).count() as u64;
        let asked = |outcome| life.count(|step| step.what == PersonStep::Erase && step.outcome == outcome);
        let (least, most) = (asked(Outcome::Done), asked(Outcome::Done) + asked(Outcome::Unknown));
        report.add("erasures", erasures);
        if !(least..=most).contains(&erasures) {
            report.wrong.push(format!("{id} was erased {erasures} times; asked for {least} to {most}"));
        }
        for reader in proto::catalogue::readers_of("seeker_erased") {
            let confirmed =
                events.iter().filter(|event| event.service == reader.schema() && confirms(event)).count()
                    as u64;
            if confirmed != erasures {
                report.wrong.push(format!("{id}: {reader} took her erasure in {confirmed} times"));
            }
        }
    }
    let there = observer
        .ids("select seeker_id from intake.seekers union select seeker_id from intake.erasures")
        .await;
    let nobodys = there.iter().filter(|id| !known.contains(id)).count() as u64;
    if nobodys > unknown {
        report.wrong.push(format!("{nobodys} people whom nobody registered, of {unknown} unknown ones"));
    }
    let there: HashSet<Uuid> = there.into_iter().collect();
    let lost = known.iter().filter(|id| !there.contains(id)).count();
    if lost > 0 {
        report.wrong.push(format!("{lost} people were registered and are not there"));
    }
}

fn confirms(event: &Told) -> bool {
    EVENTS.iter().any(|spec| spec.confirms_erasure && spec.dutch_type == event.kind)
}

/// T3 for openings, each found by its title.
async fn openings(
    report: &mut Report,
    observer: &Observer,
    history: &Everything,
    about: &HashMap<Uuid, Vec<&Told>>,
) {
    let rows: Vec<(String, Uuid)> = sqlx::query_as("select title, opening_id from vacancies.openings")
        .fetch_all(&observer.pool)
        .await
        .expect("PostgreSQL answers");
    let mut titled: HashMap<String, Vec<Uuid>> = HashMap::new();
    for (title, id) in rows {
        titled.entry(title).or_default().push(id);
    }
    for opening in &history.openings {
        let ids = titled.remove(&opening.title).unwrap_or_default();
        let life = &opening.life;
        let posted = life.steps.first().is_some_and(|step| step.outcome == Outcome::Done);
        let refused = life.steps.first().is_none_or(|step| matches!(step.outcome, Outcome::Refused(_)));
        if ids.len() > 1 || (posted && ids.is_empty()) || (refused && !ids.is_empty()) {
            let count = ids.len();
            report.wrong.push(format!("{} is there {count} times after {:?}", opening.title, life.steps));
            continue;
        }
        let events = ids.first().and_then(|id| about.get(id)).map(Vec::as_slice).unwrap_or_default();
        report.judge(
            "courses of openings",
            explain(&life.steps, &course(events)).map_err(|wrong| format!("{}: {wrong}", opening.title)),
        );
    }
    let too_early: i64 = sqlx::query_scalar(
        "select count(*) from vacancies.openings where close_reason = 'expired'
         and last_day >= (changed_at at time zone 'Europe/Amsterdam')::date",
    )
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL answers");
    if too_early > 0 {
        report.wrong.push(format!("{too_early} openings were ended as run out before their last day"));
    }
    let nobodys = titled.len();
    if nobodys > 0 {
        report.wrong.push(format!("{nobodys} openings that nobody posted: {:?}", titled.keys().next()));
    }
}

fn course(events: &[&Told]) -> Vec<Opening> {
    let mut course: Vec<Opening> = Vec::new();
    for event in events {
        let places = course.last().map_or(0, |last| last.places);
        if event.is::<OpeningPublished>() {
            let places = event.read::<OpeningPublished>().places;
            course.push(Opening { places, stage: Stage::Published });
        } else if event.is::<OpeningPaused>() {
            course.push(Opening { places, stage: Stage::Paused });
        } else if event.is::<OpeningClosed>() {
            course.push(Opening { places, stage: Stage::Closed });
        }
    }
    course
}

/// T3 for what people say and employers answer.
async fn pairs(
    report: &mut Report,
    observer: &Observer,
    history: &Everything,
    about: &HashMap<Uuid, Vec<&Told>>,
) {
    let mut proposals: HashMap<(Uuid, Uuid), Vec<Pair>> = HashMap::new();
    for events in about.values() {
        for event in events.iter().filter(|event| event.is::<ProposalMarked>()) {
            let marked: ProposalMarked = event.read();
            let pair = Pair { mark: marked.mark, answer: marked.answer };
            proposals.entry((marked.seeker_id.0, marked.opening_id.0)).or_default().push(pair);
        }
    }
    report.add("courses of marks and answers", 0);
    for pair in &history.pairs {
        let told = proposals.remove(&(pair.seeker_id, pair.opening_id)).unwrap_or_default();
        report.judge(
            "courses of marks and answers",
            explain(&pair.life.steps, &told)
                .map_err(|wrong| format!("{} and {}: {wrong}", pair.seeker_id, pair.opening_id)),
        );
    }
    if !proposals.is_empty() {
        report.wrong.push(format!("{} pairs about which nobody said anything", proposals.len()));
    }
    // T1 for what there is today: of one person and one opening there is one proposal and one mark.
    let twice: i64 = sqlx::query_scalar(
        "select count(*) from (select seeker_id, opening_id from matcher.marks
         group by seeker_id, opening_id having count(*) > 1) twice",
    )
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL answers");
    if twice > 0 {
        report.wrong.push(format!("{twice} pairs have two marks"));
    }
}

/// T3 for commands that make one row each.
async fn rows(report: &mut Report, observer: &Observer, history: &Everything) {
    let tables = [
        (Made::Employer, "select id from observed.made where what = 'employers'"),
        (Made::Challenge, "select id from observed.made where what = 'challenges'"),
        (Made::Invitation, "select id from observed.made where what = 'invitations'"),
    ];
    for (made, query) in tables {
        let asked = history.made.get(&made).map(Vec::as_slice).unwrap_or_default();
        let known: BTreeSet<Uuid> = asked.iter().flatten().copied().collect();
        let unknown = asked.iter().filter(|id| id.is_none()).count();
        let rows = observer.ids(query).await;
        let there: BTreeSet<Uuid> = rows.iter().copied().collect();
        report.add("rows asked for", asked.len() as u64);
        let lost = known.difference(&there).count();
        let nobodys = there.difference(&known).count();
        if lost > 0 || nobodys > unknown || there.len() < rows.len() {
            report.wrong.push(format!(
                "{made:?}: {lost} of {} lost, {nobodys} that nobody was told of, of {unknown} unknown ones",
                known.len()
            ));
        }
    }
}

/// Nobody gets one message twice.
async fn messages(report: &mut Report, observer: &Observer, told: &[Told]) {
    let mut sent: HashMap<(Uuid, String), u64> = HashMap::new();
    for event in told.iter().filter(|event| event.is::<MessageSent>()) {
        let message: MessageSent = event.read();
        *sent.entry((message.cause, message.template.name().to_owned())).or_default() += 1;
    }
    report.add("messages sent", sent.len() as u64);
    let doubled = sent.values().filter(|count| **count > 1).count();
    if doubled > 0 {
        report.wrong.push(format!("{doubled} messages were sent twice"));
    }
    let twice: i64 = sqlx::query_scalar(
        "select count(*) from (select 1 from notifier.messages
         group by cause, recipient, template having count(*) > 1) twice",
    )
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL answers");
    if twice > 0 {
        report.wrong.push(format!("{twice} messages stand twice in the ledger"));
    }
    let letters: i64 = sqlx::query_scalar(
        "select sum(count)::bigint from (
             select count(*) from intake.dead_letters union all select count(*) from vacancies.dead_letters
             union all select count(*) from matcher.dead_letters union all select count(*) from notifier.dead_letters
             union all select count(*) from portal.dead_letters) all_of_them",
    )
    .fetch_one(&observer.pool)
    .await
    .expect("PostgreSQL answers");
    if letters > 0 {
        report.wrong.push(format!("{letters} events were given up"));
    }
}

/// T4: each event is taken in once by each of its readers.
async fn inboxes(report: &mut Report, installation: &Installation, observer: &Observer, told: &[Told]) {
    // A command that was let go may commit once all has come to rest: what it told has to arrive before one looks
    // who took it in.
    let unsent = never_sent(report, observer).await;
    heard_within(installation, ARRIVES_WITHIN).await;
    let mut times: HashMap<(String, Uuid), u64> = HashMap::new();
    for entry in observer.applied().await {
        *times.entry(entry).or_default() += 1;
    }
    let doubled = times.values().filter(|count| **count > 1).count();
    if doubled > 0 {
        report.wrong.push(format!("{doubled} events were taken in twice by one reader"));
    }
    let erased: HashSet<Uuid> = told
        .iter()
        .filter(|event| EVENTS.iter().any(|spec| spec.erases && spec.dutch_type == event.kind))
        .map(|event| event.aggregate_id)
        .collect();
    // Marks and proposals go with their person.
    let gone: HashSet<Uuid> = observer
        .ids("select aggregate_id from matcher.erased_aggregates union select aggregate_id from intake.erased_aggregates")
        .await
        .into_iter()
        .chain(erased)
        .collect();
    let mut missing: BTreeMap<(String, &str), Vec<Uuid>> = BTreeMap::new();
    for reading in READINGS {
        let kinds: Vec<&str> = EVENTS
            .iter()
            .filter(|spec| spec.stream == reading.stream && reading.events.contains(&spec.name))
            .map(|spec| spec.dutch_type)
            .collect();
        for event in told.iter().filter(|event| kinds.contains(&&*event.kind)) {
            report.add("events by reader", 1);
            let was_taken = times.contains_key(&(reading.by.schema(), event.event_id));
            let spec = proto::catalogue::event_by_dutch_type(&event.kind);
            let may_be_purged = gone.contains(&event.aggregate_id)
                && spec.is_none_or(|spec| !spec.erases && !spec.confirms_erasure);
            if !was_taken && !may_be_purged && !unsent.contains(&event.event_id) {
                missing.entry((reading.by.schema(), &event.kind)).or_default().push(event.event_id);
            }
        }
    }
    for ((reader, kind), ids) in missing {
        let sent = observer.sent(&ids).await;
        let count = ids.len();
        report.wrong.push(format!("events that a reader never took in: {reader}, {count} of {kind}: {sent}"));
    }
    // Read after what was taken in: such a command may have told something since.
    let known: HashSet<Uuid> = observer.told().await.iter().map(|event| event.event_id).collect();
    let nobodys = times.keys().filter(|(_, id)| !known.contains(id)).count();
    if nobodys > 0 {
        report.wrong.push(format!("{nobodys} events were taken in that nobody told"));
    }
}

/// How long a relay may take to send what was committed just now, by work that the clock began.
const SENDS_WITHIN: Duration = Duration::from_secs(3);

/// How long what was sent just now may take to be taken in.
const ARRIVES_WITHIN: Duration = Duration::from_secs(3);

/// What was committed and no relay sends, though all has come to rest.
async fn never_sent(report: &mut Report, observer: &Observer) -> HashSet<Uuid> {
    let began = Instant::now();
    loop {
        let mut unsent = HashSet::new();
        let mut wrong = Vec::new();
        for service in Service::ALL {
            let schema = service.schema();
            let query = format!("select event_id from {schema}.outbox where published_at is null");
            let ids: Vec<Uuid> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
                .fetch_all(&observer.pool)
                .await
                .expect("PostgreSQL answers");
            if !ids.is_empty() {
                wrong.push(format!("events that were never sent: {service}, {}", ids.len()));
            }
            unsent.extend(ids);
        }
        if wrong.is_empty() || began.elapsed() > SENDS_WITHIN {
            report.wrong.extend(wrong);
            return unsent;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// T5 in the tables: versions only rise, where they are made and where they are kept.
async fn versions(report: &mut Report, observer: &Observer, about: &HashMap<Uuid, Vec<&Told>>) {
    for events in about.values() {
        report.add("aggregates with versions in order", 1);
        let mut last: HashMap<(&str, &str), i64> = HashMap::new();
        for event in events {
            let before = last.insert((&event.service, &event.kind), event.version);
            if before.is_some_and(|before| before >= event.version) {
                let (kind, id) = (&event.kind, event.aggregate_id);
                report.wrong.push(format!("{kind} about {id}: version {} after {before:?}", event.version));
            }
        }
    }
    let mut last: HashMap<(String, Uuid), i64> = HashMap::new();
    report.add("versions kept by readers", 0);
    for (what, id, version) in observer.effects().await {
        report.add("versions kept by readers", 1);
        let before = last.insert((what.clone(), id), version);
        if before.is_some_and(|before| before > version) {
            report.wrong.push(format!("{what} {id}: version {version} kept after {before:?}"));
        }
    }
}

/// T5 on the stream: of each aggregate, each event the first time it comes, in the order in which it was told.
fn on_stream(report: &mut Report, stream: Stream, told: &[Told], held: &[OnStream]) {
    let place: HashMap<Uuid, usize> = told.iter().enumerate().map(|(n, event)| (event.event_id, n)).collect();
    let mut seen = HashSet::new();
    let mut last: HashMap<(Uuid, String), usize> = HashMap::new();
    for message in held {
        let Some(id) = message.event_id else {
            report.wrong.push(format!("{} on {stream:?} is no event", message.subject));
            continue;
        };
        if !seen.insert(id) {
            report.add("events that a stream holds twice or more", 1);
            continue;
        }
        let Some(place) = place.get(&id) else {
            report.wrong.push(format!("{id} on {stream:?} was never told"));
            continue;
        };
        report.add("events on streams in order", 1);
        let event = &told[*place];
        let before = last.insert((event.aggregate_id, event.service.clone()), *place);
        if before.is_some_and(|before| before > *place) {
            let wrong = format!("{} {id} stands on {stream:?} after a later one", event.kind);
            report.wrong.push(wrong);
        }
    }
}
