//! Reading one's place in a long line: the question that open-hiring answers, and the page; and many who watch it.

use std::{sync::Arc, time::Duration};

use chassis::{Chance as _, chance::OsChance};
use dichterbij::demo::{fill, world::World};
use proto::{
    Actor, OpeningId, SeekerId, Service as Name, TicketId,
    open_hiring::{Arrival, SignUp, SignedUp, TicketOf, Ways},
};
use reference::{Reference, RegionCode, demo::Demo};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    load::{Answered, Pace, load},
    people::{People, Readers, sign_in},
    shares::Counting,
    stage::Stage,
};
use crate::{Failure, events::Spread, report::Case};

/// People in line.
pub(super) const IN_LINE: usize = 100_000;
/// People of whom intake knows everything, so that they have pages: spread over the line.
const WATCHERS: usize = 2_000;
/// How often a page looks by itself.
const LOOKS_EVERY: Duration = Duration::from_mins(1);
/// Who signs up meanwhile.
const CONNECTIONS: usize = 16;
/// More than sign up in a second meanwhile.
const A_SECOND: usize = 4_000;
/// Questions and pages, one after another.
const QUESTIONS: usize = 4_000;
const PAGES: usize = 2_000;
/// People in one command.
const TOGETHER: usize = 500;
const SEED: u64 = 100_000;

/// A long line, in which some are known.
pub(super) struct Line {
    opening_id: OpeningId,
    people: Vec<(TicketId, SeekerId)>,
    length: usize,
}

impl Line {
    /// Fills a line.
    pub(super) async fn fill(stage: &Stage, reference: &Reference, in_line: usize) -> Result<Self, Failure> {
        let material = Demo::built_in();
        let regions: Vec<RegionCode> = reference.regions.all().iter().map(|region| region.code).collect();
        let world = World::of(reference, &material, SEED, &regions).ok_or("nobody lives anywhere")?;
        let watchers = WATCHERS.min(in_line / 2);
        fill::add_people(stage.test.portal(), &world, watchers).await?;
        let known: Vec<Uuid> = sqlx::query_scalar("select seeker_id from seekers order by seeker_id")
            .fetch_all(stage.test.pool(Name::Intake))
            .await?;
        let line = stage.open_lines(1).await?[0];
        let portal = Actor::Service { service: Name::Portal };
        let every = in_line / known.len();
        let all: Vec<SeekerId> = (0..in_line)
            .map(|number| {
                let known = known.get(number / every).filter(|_| number % every == every - 1);
                SeekerId(known.copied().unwrap_or_else(|| OsChance.uuid_v4()))
            })
            .collect();
        let mut people = Vec::with_capacity(known.len());
        let ways = Ways { message: true, call: true, second_number: false, adviser: false };
        for some in all.chunks(TOGETHER) {
            let arrival = |seeker_id: &SeekerId| Arrival {
                opening_id: line,
                seeker_id: *seeker_id,
                is_confirmed: true,
                ways,
                with_help_of: None,
                first_days: Vec::new(),
            };
            let command = SignUp { people: some.iter().map(arrival).collect() };
            let answers = stage.test.ask(&portal, &command).await?;
            for (seeker_id, answer) in some.iter().zip(answers) {
                let SignedUp::InLine { ticket_id, .. } = answer else {
                    return Err(format!("somebody was answered {answer:?}").into());
                };
                if known.binary_search(&seeker_id.0).is_ok() {
                    people.push((ticket_id, *seeker_id));
                }
            }
        }
        // Reading is measured when nobody is busy with the rush any more.
        stage.relayed().await?;
        stage.heard().await?;
        println!("    {in_line} people stand in line");
        Ok(Self { opening_id: line, people, length: in_line })
    }

    /// One question after another, and one page after another: nobody else is there.
    pub(super) async fn read(&self, stage: &Stage) -> Result<Case, Failure> {
        let mut questions = Vec::with_capacity(QUESTIONS);
        for (number, (ticket_id, seeker_id)) in self.people.iter().cycle().take(QUESTIONS).enumerate() {
            let asked = Instant::now();
            let she = Actor::Seeker { seeker_id: *seeker_id };
            let ticket = stage.test.ask(&she, &TicketOf { ticket_id: *ticket_id }).await?;
            questions.push(asked.elapsed());
            // The first is asked, and everybody else waits.
            if number > 0 && ticket.before_her + 2 != ticket.number {
                return Err(format!("{} are before {}", ticket.before_her, ticket.number).into());
            }
        }
        let readers = Readers(self.readers(stage, PAGES).await?);
        let pages =
            load(stage.address, Arc::new(readers), Pace::AsAnswered { connections: 1 }, super::PATIENCE);
        let pages = pages.await?;
        shows_all(&pages.answered, pages.broken)?;
        let questions = Spread::of(questions)?;
        let spread = Spread::of(pages.answered.iter().map(Answered::took).collect())?;
        let mut case = Case::new(super::PLACE_READ);
        case.metric("query_p50_ms", questions.p50);
        case.metric("query_p99_ms", questions.p99);
        case.metric("page_p50_ms", spread.p50);
        case.metric("page_p99_ms", spread.p99);
        case.metric("in_line", self.length as f64);
        Ok(case)
    }

    /// All of them watch their page, while others sign up for the same line as fast as they can.
    pub(super) async fn watch(&self, stage: &Stage, how_long: Duration) -> Result<Case, Failure> {
        let readers = Arc::new(Readers(self.readers(stage, self.people.len()).await?));
        let others = how_long.as_secs() as usize * A_SECOND;
        let others = Arc::new(People::known(stage, &[self.opening_id], others).await?);
        let counting = Counting::begin();
        let (watched, signed_up) = tokio::try_join!(
            load(stage.address, readers, Pace::Every { each: LOOKS_EVERY }, how_long),
            load(stage.address, others.clone(), Pace::AsAnswered { connections: CONNECTIONS }, how_long),
        )?;
        let shares = counting.end(watched.cpu_s + signed_up.cpu_s);
        let errors = watched.answered.iter().filter(|page| page.status != 200 || !page.has_part).count();
        let pages = Spread::of(watched.answered.iter().map(Answered::took).collect())?;
        let keys = stage.test.keys(Name::Portal);
        let signed = signed_up.answered.iter().filter(|answered| others.ticket(&keys, answered).is_some());
        let sign_ups = Spread::of(signed_up.answered.iter().map(Answered::took).collect())?;
        let mut case = Case::new(super::WATCHERS);
        case.metric("watchers", self.people.len() as f64);
        case.metric("pages_per_s", watched.answered.len() as f64 / watched.took.as_secs_f64());
        case.metric("p50_ms", pages.p50);
        case.metric("p99_ms", pages.p99);
        case.metric("max_ms", pages.max);
        case.metric("errors", (errors + watched.broken) as f64);
        case.metric("signups_per_s", signed.count() as f64 / signed_up.took.as_secs_f64());
        case.metric("signups_p99_ms", sign_ups.p99);
        shares.tell(&mut case);
        shows_all(&watched.answered, watched.broken)?;
        Ok(case)
    }

    async fn readers(
        &self,
        stage: &Stage,
        count: usize,
    ) -> Result<Vec<(TicketId, super::people::Session)>, Failure> {
        let some: Vec<_> = self.people.iter().cycle().take(count).copied().collect();
        let sessions = sign_in(stage, some.iter().map(|(_, seeker_id)| *seeker_id).collect()).await?;
        Ok(some.into_iter().map(|(ticket_id, _)| ticket_id).zip(sessions).collect())
    }
}

fn shows_all(pages: &[Answered], broken: usize) -> Result<(), Failure> {
    match pages.iter().find(|page| page.status != 200 || !page.has_part) {
        Some(page) => Err(format!("a page was answered with {}", page.status).into()),
        None if broken > 0 => Err(format!("{broken} pages were not answered").into()),
        None => Ok(()),
    }
}
