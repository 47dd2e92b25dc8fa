//! Opens the queue of an opening.

use chassis::{Caller, Fault, Tx, clock};
use chrono::{NaiveDate, TimeDelta};
use proto::{
    FieldProblem, PlaceId, Problem, QueueId, Status,
    open_hiring::{FirstDay, OpenQueue, QueueView},
};

use super::in_hand::InHand;
use crate::{
    domain::{
        Entry, Queue, Stage, What, answer_time::AnswerTime, answer_time::NotAnAnswerTime, ledger::Hash,
    },
    may,
    queries::view,
    store::{
        openings,
        queues::{self, Stored},
    },
};

/// How far ahead a queue is announced.
const ANNOUNCED: TimeDelta = TimeDelta::days(366);
/// Different first days in one go.
const MOST_DAYS: usize = 20;
/// People who begin on one day.
const MOST_PLACES: u16 = 999;

/// One queue for one opening. The same words once more change nothing: the form may come twice.
pub(crate) async fn open_queue(
    tx: &mut Tx,
    caller: &Caller,
    command: &OpenQueue,
) -> Result<QueueView, Fault> {
    let queue_id = QueueId::of(command.opening_id);
    queues::take_turns(tx.conn(), &[queue_id.0]).await?;
    let known = openings::find(tx.conn(), command.opening_id).await?;
    let known = known.ok_or_else(|| Problem::not_found("opening"))?;
    let (Some(employer_id), Some(region)) = (known.employer_id, known.region.clone()) else {
        return Err(Problem::not_found("opening").into());
    };
    may::look_after(&caller.actor, employer_id.into(), &region)?;
    if known.is_open_for().is_none() {
        return Err(Problem::new(Status::Conflict, "opening-not-open").into());
    }
    if queues::find(tx.conn(), queue_id).await?.is_some() {
        return Err(Problem::new(Status::Conflict, "queue-exists").into());
    }
    let now = Entry::moment(tx.now());
    let answer_time = checked(command, clock::day(now), command.opens_at > now + ANNOUNCED)?;
    let stored = Stored {
        queue: Queue {
            queue_id,
            opens_at: Entry::moment(command.opens_at),
            answer_time,
            is_standing: command.is_standing,
            stage: Stage::Running,
            places: Vec::new(),
        },
        version: 0,
        employer_id: employer_id.into(),
        region,
        opened_at: now,
        answer_hours: command.answer_hours,
        reason: None,
        to_tell: false,
        entries: 0,
        head: Hash::genesis(queue_id),
        last_at: now,
        last_number: 0,
    };
    let opens_at = stored.queue.opens_at;
    let mut queue = InHand::of(stored, now);
    queue.by(may::account(&caller.actor));
    queue.enter(&*tx.chance(), What::QueueOpened { opens_at });
    add_places(tx, &mut queue, &command.first_days)?;
    let saved = queue.save(tx).await?;
    let now = tx.now();
    view(tx.conn(), saved, now).await
}

/// Everything that is wrong, at once.
fn checked(command: &OpenQueue, today: NaiveDate, is_too_late: bool) -> Result<AnswerTime, Problem> {
    let mut problems = days_problems(&command.first_days, today);
    if is_too_late {
        problems.push(FieldProblem::new("opens_at", "opens-at-too-late"));
    }
    let hours = command.answer_hours;
    let answer_time = AnswerTime::new(hours.hours, hours.from, hours.until).map_err(|wrong| {
        problems.push(FieldProblem::new(
            "answer_hours",
            match wrong {
                NotAnAnswerTime::Hours(_) => "answer-hours-out-of-range",
                NotAnAnswerTime::DayPart { .. } => "answer-part-empty",
            },
        ));
    });
    match answer_time {
        Ok(answer_time) if problems.is_empty() => Ok(answer_time),
        _ => Err(Problem::fields(problems)),
    }
}

/// What is wrong with first days.
pub(super) fn days_problems(days: &[FirstDay], today: NaiveDate) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut wrong = |is_wrong: bool, code: &str| {
        if is_wrong {
            problems.push(FieldProblem::new("first_days", code));
        }
    };
    wrong(days.is_empty(), "first-days-empty");
    wrong(days.len() > MOST_DAYS, "first-days-too-many");
    wrong(days.iter().any(|day| day.on <= today), "first-day-past");
    let mut on: Vec<_> = days.iter().map(|day| day.on).collect();
    on.sort_unstable();
    wrong(on.windows(2).any(|two| two[0] == two[1]), "first-day-twice");
    wrong(days.iter().any(|day| !(1..=MOST_PLACES).contains(&day.places)), "places-out-of-range");
    problems
}

/// Enters places that were checked, the earliest first day first.
pub(super) fn add_places(tx: &Tx, queue: &mut InHand, days: &[FirstDay]) -> Result<(), Fault> {
    let (chance, today) = (tx.chance(), clock::day(tx.now()));
    let mut days = days.to_vec();
    days.sort_unstable_by_key(|day| day.on);
    for day in days {
        for _ in 0..day.places {
            let place = PlaceId(chance.uuid_v4());
            let added = queue.queue.queue.add_place(place, day.on, today);
            queue.enter(&*chance, added.map_err(super::change_queue::refusal)?);
        }
    }
    Ok(())
}
