//! A rush: so many connections sign people up, each the next one as soon as it was answered.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use dichterbij_tests::faults::unproven;
use proto::{OpeningId, Service as Name};
use uuid::Uuid;

use super::{
    load::{Answered, Loaded, Pace, load},
    people::People,
    shares::{Counting, Shares},
    stage::Stage,
};
use crate::{Failure, events::Spread, report::Case};

/// So much later than another's answer, nobody may come before her.
const OVERTAKING: Duration = Duration::from_millis(50);
/// Until everything is warm and we know how many people are needed.
const WARM_UP: Duration = Duration::from_secs(2);
/// More than sign up in a second of that.
const A_SECOND: usize = 15_000;

/// What a rush is like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rush {
    pub(super) name: &'static str,
    pub(super) connections: usize,
    pub(super) lines: usize,
    /// Whether people are signed in.
    pub(super) known: bool,
}

/// What came of it.
pub(super) struct Measured {
    signups: usize,
    per_s: f64,
    spread: Spread,
    overtaken: usize,
    refused: usize,
    drain_s: f64,
    /// People in a transaction, on average, also while it became warm.
    together: f64,
    /// What intake and the notifier have not heard of when all is on the stream.
    unheard: [i64; 2],
    shares: Shares,
}

impl Rush {
    /// Signs people up for so long, and checks what became of each.
    pub(super) async fn run(self, stage: &Stage, how_long: Duration) -> Result<Measured, Failure> {
        let lines = stage.open_lines(self.lines).await?;
        let pace = Pace::AsAnswered { connections: self.connections };
        let warm = WARM_UP.min(how_long);
        let most = (warm.as_secs_f64() * A_SECOND as f64) as usize;
        let few = Arc::new(self.people(stage, &lines, 0, most).await?);
        let warmed = load(stage.address, few.clone(), pace, warm).await?;
        let per_s = warmed.answered.len() as f64 / warmed.took.as_secs_f64().max(0.001);
        let count = (per_s * how_long.as_secs_f64() * 1.6) as usize + self.connections;
        let many = Arc::new(self.people(stage, &lines, most, count).await?);
        stage.relayed().await?;

        let counting = Counting::begin();
        let loaded = load(stage.address, many.clone(), pace, how_long).await?;
        let ended = Instant::now();
        let shares = counting.end(loaded.cpu_s);
        stage.relayed().await?;
        let drain_s = ended.elapsed().as_secs_f64();

        let unheard = stage.unheard().await?;
        let together: f64 = sqlx::query_scalar(
            "select count(*)::float8 / greatest(count(distinct (queue_id, signed_up_at)), 1) from open_hiring.tickets",
        )
        .fetch_one(&stage.tables)
        .await?;

        let numbers = Numbers::read(stage).await?;
        let taken = numbers.check(stage, &many, &loaded)?;
        numbers.check(stage, &few, &warmed)?;
        numbers.have_no_gaps(&lines)?;
        if let Some((queue, wrong)) = unproven(&stage.tables).await.first() {
            return Err(format!("the ledger of {queue}: {wrong}").into());
        }
        let signups = taken.len();
        let measured = Measured {
            signups,
            per_s: signups as f64 / loaded.took.as_secs_f64(),
            overtaken: overtaken(&taken),
            spread: Spread::of(taken.iter().map(|taken| taken.answered.took()).collect())?,
            refused: loaded.answered.len() - signups + loaded.broken,
            drain_s,
            together,
            unheard,
            shares,
        };
        let Measured { per_s, spread, .. } = &measured;
        println!("    {per_s:>7.0} a second, p99 {:.1} ms, {signups} in all", spread.p99);
        Ok(measured)
    }

    async fn people(
        self,
        stage: &Stage,
        lines: &[OpeningId],
        first: usize,
        count: usize,
    ) -> Result<People, Failure> {
        if self.known {
            return People::known(stage, lines, count).await;
        }
        Ok(People::new(lines[0], first, count))
    }

    /// The figures beside those of its baseline.
    pub(super) fn case(self, together: &Measured, alone: &Measured) -> Case {
        let mut case = Case::new(self.name);
        case.metric("signups_per_s", together.per_s);
        case.metric("baseline_per_s", alone.per_s);
        case.metric("ratio", together.per_s / alone.per_s);
        case.metric("p50_ms", together.spread.p50);
        case.metric("p99_ms", together.spread.p99);
        case.metric("max_ms", together.spread.max);
        case.metric("overtaken_over_50ms", together.overtaken as f64);
        case.metric("relay_drain_s", together.drain_s);
        case.metric("people_together", together.together);
        case.metric("intake_behind", together.unheard[0] as f64);
        case.metric("notifier_behind", together.unheard[1] as f64);
        case.metric("signups", together.signups as f64);
        case.metric("refused", together.refused as f64);
        case.metric("baseline_p50_ms", alone.spread.p50);
        case.metric("baseline_p99_ms", alone.spread.p99);
        case.metric("baseline_refused", alone.refused as f64);
        together.shares.tell(&mut case);
        together.shares.tell_each(&mut case, together.signups);
        let whole = |of: &Measured| of.shares.cpu_us_each(of.signups);
        case.metric("cpu_us_each", whole(together));
        case.metric("baseline_cpu_us_each", whole(alone));
        case
    }
}

/// One who was told that she stands in line.
struct Taken<'a> {
    answered: &'a Answered,
    line: OpeningId,
    number: i32,
}

/// How many have a lower number than one who had her answer long before they asked.
fn overtaken(taken: &[Taken<'_>]) -> usize {
    let mut lines: HashMap<OpeningId, Vec<&Taken<'_>>> = HashMap::new();
    for one in taken {
        lines.entry(one.line).or_default().push(one);
    }
    lines.values().map(|line| overtaken_in(line)).sum()
}

fn overtaken_in(line: &[&Taken<'_>]) -> usize {
    let (mut by_answer, mut by_sending) = (line.to_vec(), line.to_vec());
    by_answer.sort_unstable_by_key(|one| one.answered.came);
    by_sending.sort_unstable_by_key(|one| one.answered.sent);
    let mut before = by_answer.into_iter().peekable();
    let (mut highest, mut overtaken) = (0, 0);
    for one in by_sending {
        while let Some(earlier) =
            before.next_if(|earlier| earlier.answered.came + OVERTAKING < one.answered.sent)
        {
            highest = highest.max(earlier.number);
        }
        overtaken += usize::from(one.number < highest);
    }
    overtaken
}

/// Who stands where, as the tables have it.
struct Numbers {
    tickets: HashMap<Uuid, (Uuid, Uuid, i32)>,
}

impl Numbers {
    async fn read(stage: &Stage) -> Result<Self, Failure> {
        let rows: Vec<(Uuid, Uuid, Uuid, i32)> =
            sqlx::query_as("select ticket_id, queue_id, seeker_id, number from open_hiring.tickets")
                .fetch_all(&stage.tables)
                .await?;
        let tickets =
            rows.into_iter().map(|(ticket, queue, seeker, number)| (ticket, (queue, seeker, number)));
        Ok(Self { tickets: tickets.collect() })
    }

    /// Everybody who was told so has a ticket, of that line, and it is nobody else's.
    fn check<'a>(
        &self,
        stage: &Stage,
        people: &People,
        loaded: &'a Loaded,
    ) -> Result<Vec<Taken<'a>>, Failure> {
        let keys = stage.test.keys(Name::Portal);
        let mut told = HashMap::new();
        let mut taken = Vec::with_capacity(loaded.answered.len());
        for answered in &loaded.answered {
            let Some((ticket, seeker)) = people.ticket(&keys, answered) else { continue };
            let line = people.line_of(answered.number);
            let found = self.tickets.get(&ticket.0).copied();
            let Some((queue, hers, number)) = found.filter(|(queue, ..)| *queue == line.0) else {
                return Err(format!("{ticket} was told for {line}, and the table has {found:?}").into());
            };
            if seeker.is_some_and(|seeker| seeker.0 != hers) {
                return Err(format!("{ticket} of {queue} is somebody else's").into());
            }
            if let Some(other) = told.insert(ticket, answered.number) {
                return Err(format!("{other} and {} were told the same ticket", answered.number).into());
            }
            taken.push(Taken { answered, line, number });
        }
        Ok(taken)
    }

    /// Numbers of each line are 1, 2, 3, and one person has one place in it.
    fn have_no_gaps(&self, lines: &[OpeningId]) -> Result<(), Failure> {
        let mut numbers: HashMap<Uuid, Vec<i32>> = HashMap::new();
        let mut people = std::collections::HashSet::new();
        for (queue, seeker, number) in self.tickets.values() {
            numbers.entry(*queue).or_default().push(*number);
            if !people.insert((*queue, *seeker)) {
                return Err(format!("somebody stands in {queue} twice").into());
            }
        }
        for line in lines {
            let mut numbers = numbers.remove(&line.0).unwrap_or_default();
            numbers.sort_unstable();
            if !numbers.iter().copied().eq(1..=numbers.len() as i32) {
                return Err(format!("numbers of {line} were left out or given twice").into());
            }
        }
        Ok(())
    }
}
