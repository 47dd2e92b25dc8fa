//! The table of tickets.

use std::collections::BTreeSet;

use chassis::Fault;
use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    AccountId, PlaceId, QueueId, SeekerId, TicketId,
    open_hiring::{Rung, TicketState, TicketStep, Ways},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::known;
use crate::domain::{State, Ticket};

/// A ticket as stored, with how its person is reached about an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) ticket: Ticket,
    pub(crate) queue_id: QueueId,
    pub(crate) seeker_id: SeekerId,
    pub(crate) version: i64,
    pub(crate) step: TicketStep,
    pub(crate) changed_at: DateTime<Utc>,
    /// The ticket for which she left this line.
    pub(crate) left_for: Option<TicketId>,
    pub(crate) ways: Ways,
    /// Since when the offer that is out stands, and what was tried about it.
    pub(crate) offered_at: Option<DateTime<Utc>>,
    pub(crate) rung: Option<Rung>,
    pub(crate) rung_due_at: Option<DateTime<Utc>>,
    /// Whether somebody called about this offer and reached nobody.
    pub(crate) called: bool,
    pub(crate) with_help_of: Option<AccountId>,
}

#[derive(FromRow)]
struct Row {
    ticket_id: Uuid,
    queue_id: Uuid,
    seeker_id: Uuid,
    number: i32,
    version: i64,
    state: String,
    step: String,
    changed_at: DateTime<Utc>,
    signed_up_at: DateTime<Utc>,
    is_confirmed: bool,
    no_offer_before: Option<DateTime<Utc>>,
    refused_days: Vec<NaiveDate>,
    place_id: Option<Uuid>,
    offered_until: Option<DateTime<Utc>>,
    back_until: Option<DateTime<Utc>>,
    left_for: Option<Uuid>,
    ways: i16,
    offered_at: Option<DateTime<Utc>>,
    rung: Option<String>,
    rung_due_at: Option<DateTime<Utc>>,
    called: bool,
    with_help_of: Option<Uuid>,
}

/// Every column of [`Row`].
macro_rules! columns {
    () => {
        "ticket_id, queue_id, seeker_id, number, version, state, step, changed_at, signed_up_at, is_confirmed,
         no_offer_before, refused_days, place_id, offered_until, back_until, left_for, ways, offered_at, rung,
         rung_due_at, called, with_help_of"
    };
}

/// Asks for tickets; what is asked differs only in what stands behind the table.
macro_rules! tickets {
    ($rest:literal) => {
        sqlx::query_as(concat!("select ", columns!(), " from tickets ", $rest))
    };
}

impl Row {
    fn read(self) -> Result<Stored, Fault> {
        let place = || known(self.place_id.map(PlaceId), "reading the place of a ticket");
        let state = match known(TicketState::from_name(&self.state), "reading the state of a ticket")? {
            TicketState::Waiting => State::Waiting,
            TicketState::Offered => {
                State::Offered { place: place()?, until: known(self.offered_until, "reading a deadline")? }
            }
            TicketState::Yes => State::Yes { place: place()? },
            TicketState::Paused => State::Paused,
            TicketState::Started => State::Started { place: place()? },
            TicketState::Ended => State::Ended { back_until: self.back_until },
        };
        let ticket = Ticket {
            ticket_id: TicketId(self.ticket_id),
            number: self.number as u32,
            signed_up_at: self.signed_up_at,
            state,
            is_confirmed: self.is_confirmed,
            no_offer_before: self.no_offer_before,
            refused_days: self.refused_days.into_iter().collect::<BTreeSet<_>>(),
        };
        Ok(Stored {
            ticket,
            queue_id: QueueId(self.queue_id),
            seeker_id: SeekerId(self.seeker_id),
            version: self.version,
            step: known(TicketStep::from_name(&self.step), "reading what last happened")?,
            changed_at: self.changed_at,
            left_for: self.left_for.map(TicketId),
            ways: ways(self.ways),
            offered_at: self.offered_at,
            rung: self.rung.as_deref().and_then(Rung::from_name),
            rung_due_at: self.rung_due_at,
            called: self.called,
            with_help_of: self.with_help_of.map(AccountId),
        })
    }
}

pub(super) const fn ways(bits: i16) -> Ways {
    Ways { message: bits & 1 > 0, call: bits & 2 > 0, second_number: bits & 4 > 0, adviser: bits & 8 > 0 }
}

pub(super) fn bits(ways: Ways) -> i16 {
    i16::from(ways.message)
        | i16::from(ways.call) << 1
        | i16::from(ways.second_number) << 2
        | i16::from(ways.adviser) << 3
}

/// The state in a word.
pub(crate) const fn named(state: State) -> TicketState {
    match state {
        State::Waiting => TicketState::Waiting,
        State::Offered { .. } => TicketState::Offered,
        State::Yes { .. } => TicketState::Yes,
        State::Paused => TicketState::Paused,
        State::Started { .. } => TicketState::Started,
        State::Ended { .. } => TicketState::Ended,
    }
}

impl Stored {
    /// The place that is offered to her or hers.
    pub(crate) const fn place(&self) -> Option<PlaceId> {
        match self.ticket.state {
            State::Offered { place, .. } | State::Yes { place } | State::Started { place } => Some(place),
            State::Waiting | State::Paused | State::Ended { .. } => None,
        }
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<Stored>, Fault> {
    rows.into_iter().map(Row::read).collect()
}

/// A ticket.
pub(crate) async fn find(conn: &mut PgConnection, ticket_id: TicketId) -> Result<Option<Stored>, Fault> {
    let row: Option<Row> = tickets!("where ticket_id = $1").bind(ticket_id.0).fetch_optional(conn).await?;
    row.map(Row::read).transpose()
}

/// Everything that a person has, in the order of the queues: whoever changes several takes their turns in it.
pub(crate) async fn of_seeker(conn: &mut PgConnection, seeker_id: SeekerId) -> Result<Vec<Stored>, Fault> {
    let rows = tickets!("where seeker_id = $1 order by queue_id").bind(seeker_id.0).fetch_all(conn).await?;
    read(rows)
}

/// What these people have, all together; a person's own in order of queue and number.
pub(crate) async fn of_seekers(conn: &mut PgConnection, seekers: &[Uuid]) -> Result<Vec<Stored>, Fault> {
    // Looked up one by one, which `offset 0` sees to: a plan made while there were few tickets would read all of them at
    // each rush.
    let rows = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from (select distinct unnest($1::uuid[]) as seeker) as seekers
          cross join lateral (select * from tickets where seeker_id = seeker offset 0) as hers
          order by queue_id, number"
    ))
    .bind(seekers)
    .fetch_all(conn)
    .await?;
    read(rows)
}

/// Who waits and may be asked, in order of number, after one of them.
pub(crate) async fn candidates(
    conn: &mut PgConnection,
    queue_id: QueueId,
    days: &BTreeSet<NaiveDate>,
    after: u32,
    limit: i64,
) -> Result<Vec<Stored>, Fault> {
    let days: Vec<NaiveDate> = days.iter().copied().collect();
    let rows = tickets!(
        "where queue_id = $1 and number > $2 and state = 'waiting' and is_confirmed and not refused_days @> $4
         order by number limit $3"
    )
    .bind(queue_id.0)
    .bind(after as i32)
    .bind(limit)
    .bind(days)
    .fetch_all(conn)
    .await?;
    read(rows)
}

/// Part of the line, in order of number.
pub(crate) async fn page_of_line(
    conn: &mut PgConnection,
    queue_id: QueueId,
    after: u32,
    limit: i64,
) -> Result<Vec<Stored>, Fault> {
    let rows = tickets!("where queue_id = $1 and number > $2 order by number limit $3")
        .bind(queue_id.0)
        .bind(after as i32)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    read(rows)
}

/// What is due in a queue at this moment, in order of number.
pub(crate) async fn due(
    conn: &mut PgConnection,
    queue_id: QueueId,
    now: DateTime<Utc>,
    unconfirmed_since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Stored>, Fault> {
    let rows = tickets!(
        "where queue_id = $1
            and ((state = 'offered' and offered_until <= $2)
              or (not is_confirmed and state in ('waiting', 'paused') and signed_up_at <= $3)
              or (state = 'waiting' and no_offer_before <= $2)
              or rung_due_at <= $2)
         order by number limit $4"
    )
    .bind(queue_id.0)
    .bind(now)
    .bind(unconfirmed_since)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    read(rows)
}

/// Who waits in a closed line and was not told yet.
pub(crate) async fn to_tell_closed(
    conn: &mut PgConnection,
    queue_id: QueueId,
    limit: i64,
) -> Result<Vec<Stored>, Fault> {
    let rows = tickets!(
        "where queue_id = $1 and state in ('waiting', 'paused') and step <> 'queue_closed'
         order by number limit $2"
    )
    .bind(queue_id.0)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    read(rows)
}

/// Tickets in the order of their ids, after one of them.
pub(crate) async fn page(conn: &mut PgConnection, after: Uuid, limit: i64) -> Result<Vec<Stored>, Fault> {
    let rows = tickets!("where ticket_id > $1 order by ticket_id limit $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    read(rows)
}

/// Lines that she left for this ticket.
pub(crate) async fn left_for(conn: &mut PgConnection, ticket_id: TicketId) -> Result<Vec<Stored>, Fault> {
    let rows = tickets!(
        "where seeker_id = (select seeker_id from tickets where ticket_id = $1) and left_for = $1
         order by queue_id"
    )
    .bind(ticket_id.0)
    .fetch_all(conn)
    .await?;
    read(rows)
}

/// Who begins, or began since a day: of an employer or of regions.
pub(crate) async fn beginners(
    conn: &mut PgConnection,
    employer_id: Option<Uuid>,
    regions: &[String],
    opening_id: Option<Uuid>,
    since: NaiveDate,
) -> Result<Vec<(TicketId, QueueId, u32, TicketState, NaiveDate)>, sqlx::Error> {
    let rows: Vec<(Uuid, Uuid, i32, String, NaiveDate)> = sqlx::query_as(
        "select ticket_id, queues.queue_id, number, tickets.state, first_day
         from queues
         join tickets on tickets.queue_id = queues.queue_id
         join places on places.place_id = tickets.place_id
         where (queues.employer_id = $1 or queues.region = any($2)) and ($3::uuid is null or queues.queue_id = $3)
           and tickets.state in ('yes', 'started') and (tickets.state = 'yes' or first_day >= $4)
         order by first_day, number limit 500",
    )
    .bind(employer_id)
    .bind(regions)
    .bind(opening_id)
    .bind(since)
    .fetch_all(conn)
    .await?;
    let read = |(ticket, queue, number, state, first_day): (Uuid, Uuid, i32, String, NaiveDate)| {
        Some((TicketId(ticket), QueueId(queue), number as u32, TicketState::from_name(&state)?, first_day))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Adds tickets or keeps them as they now are.
pub(crate) async fn save(conn: &mut PgConnection, tickets: &[&Stored]) -> Result<(), sqlx::Error> {
    fn column<T>(tickets: &[&Stored], of: impl Fn(&Stored) -> T) -> Vec<T> {
        tickets.iter().map(|ticket| of(ticket)).collect()
    }
    if tickets.is_empty() {
        return Ok(());
    }
    let until = |stored: &Stored| match stored.ticket.state {
        State::Offered { until, .. } => Some(until),
        _ => None,
    };
    let back_until = |stored: &Stored| match stored.ticket.state {
        State::Ended { back_until } => back_until,
        _ => None,
    };
    // Days travel as one text each: PostgreSQL has no arrays of arrays of different lengths.
    let days = |stored: &Stored| {
        let days: Vec<String> = stored.ticket.refused_days.iter().map(ToString::to_string).collect();
        format!("{{{}}}", days.join(","))
    };
    sqlx::query(
        "insert into tickets (ticket_id, queue_id, seeker_id, number, version, state, step, changed_at, signed_up_at,
                              is_confirmed, no_offer_before, refused_days, place_id, offered_until, back_until,
                              left_for, ways, offered_at, rung, rung_due_at, called, with_help_of)
         select ticket_id, queue_id, seeker_id, number, version, state, step, changed_at, signed_up_at,
                is_confirmed, no_offer_before, refused_days::date[], place_id, offered_until, back_until,
                left_for, ways, offered_at, rung, rung_due_at, called, with_help_of
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::bigint[], $6::text[], $7::text[],
                     $8::timestamptz[], $9::timestamptz[], $10::boolean[], $11::timestamptz[], $12::text[],
                     $13::uuid[], $14::timestamptz[], $15::timestamptz[], $16::uuid[], $17::smallint[],
                     $18::timestamptz[], $19::text[], $20::timestamptz[], $21::boolean[], $22::uuid[])
              as t (ticket_id, queue_id, seeker_id, number, version, state, step, changed_at, signed_up_at,
                    is_confirmed, no_offer_before, refused_days, place_id, offered_until, back_until,
                    left_for, ways, offered_at, rung, rung_due_at, called, with_help_of)
         on conflict (ticket_id) do update
         set version = excluded.version, state = excluded.state, step = excluded.step,
             changed_at = excluded.changed_at, is_confirmed = excluded.is_confirmed,
             no_offer_before = excluded.no_offer_before, refused_days = excluded.refused_days,
             place_id = excluded.place_id, offered_until = excluded.offered_until,
             back_until = excluded.back_until, left_for = excluded.left_for, ways = excluded.ways,
             offered_at = excluded.offered_at, rung = excluded.rung, rung_due_at = excluded.rung_due_at,
             called = excluded.called",
    )
    .bind(column(tickets, |stored| stored.ticket.ticket_id.0))
    .bind(column(tickets, |stored| stored.queue_id.0))
    .bind(column(tickets, |stored| stored.seeker_id.0))
    .bind(column(tickets, |stored| stored.ticket.number as i32))
    .bind(column(tickets, |stored| stored.version))
    .bind(column(tickets, |stored| named(stored.ticket.state).name().to_owned()))
    .bind(column(tickets, |stored| stored.step.name().to_owned()))
    .bind(column(tickets, |stored| stored.changed_at))
    .bind(column(tickets, |stored| stored.ticket.signed_up_at))
    .bind(column(tickets, |stored| stored.ticket.is_confirmed))
    .bind(column(tickets, |stored| stored.ticket.no_offer_before))
    .bind(column(tickets, days))
    .bind(column(tickets, |stored| stored.place().map(|place| place.0)))
    .bind(column(tickets, until))
    .bind(column(tickets, back_until))
    .bind(column(tickets, |stored| stored.left_for.map(|ticket| ticket.0)))
    .bind(column(tickets, |stored| bits(stored.ways)))
    .bind(column(tickets, |stored| stored.offered_at))
    .bind(column(tickets, |stored| stored.rung.map(|rung| rung.name().to_owned())))
    .bind(column(tickets, |stored| stored.rung_due_at))
    .bind(column(tickets, |stored| stored.called))
    .bind(column(tickets, |stored| stored.with_help_of.map(|account| account.0)))
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes a ticket.
pub(crate) async fn delete(conn: &mut PgConnection, ticket_id: TicketId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from tickets where ticket_id = $1").bind(ticket_id.0).execute(conn).await?;
    Ok(())
}
