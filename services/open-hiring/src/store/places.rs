//! The table of places of work.

use std::collections::HashMap;

use chassis::Fault;
use chrono::NaiveDate;
use proto::{
    PlaceId, QueueId, TicketId,
    open_hiring::{ChangeReason, PlaceState as Named},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::known;
use crate::domain::{Place, PlaceState};

#[derive(FromRow)]
struct Row {
    queue_id: Uuid,
    place_id: Uuid,
    first_day: NaiveDate,
    state: String,
    leaves: bool,
    ticket_id: Option<Uuid>,
}

/// The places of queues, in the order in which they were added, each with whoever has it.
pub(crate) async fn of_queues(
    conn: &mut PgConnection,
    queue_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Place>>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        // Looked up by place: a join planned while there were few tickets would read all of them for ever.
        "select queue_id, place_id, first_day, state, leaves,
                (select ticket_id from tickets where tickets.place_id = places.place_id) as ticket_id
         from places where queue_id = any($1) order by ordinal",
    )
    .bind(queue_ids)
    .fetch_all(conn)
    .await?;
    let mut places: HashMap<Uuid, Vec<Place>> = HashMap::new();
    for row in rows {
        places.entry(row.queue_id).or_default().push(row.read()?);
    }
    Ok(places)
}

impl Row {
    fn read(self) -> Result<Place, Fault> {
        let ticket = || known(self.ticket_id.map(TicketId), "reading whose place it is");
        let state = match known(Named::from_name(&self.state), "reading the state of a place")? {
            Named::Free => PlaceState::Free,
            Named::Offered => PlaceState::Offered(ticket()?),
            Named::Taken => PlaceState::Taken(ticket()?),
            // Whoever began may have been erased since; the place stays hers.
            Named::Started => PlaceState::Started(TicketId(self.ticket_id.unwrap_or_default())),
            Named::Withdrawn => PlaceState::Withdrawn,
        };
        Ok(Place { place_id: PlaceId(self.place_id), first_day: self.first_day, state, leaves: self.leaves })
    }
}

/// The state in a word.
pub(crate) const fn named(state: PlaceState) -> Named {
    match state {
        PlaceState::Free => Named::Free,
        PlaceState::Offered(_) => Named::Offered,
        PlaceState::Taken(_) => Named::Taken,
        PlaceState::Started(_) => Named::Started,
        PlaceState::Withdrawn => Named::Withdrawn,
    }
}

/// A place as it now is, at its place among those of its queue, and why the employer took it back.
pub(crate) struct Changed<'a> {
    pub(crate) queue_id: QueueId,
    pub(crate) place: &'a Place,
    pub(crate) ordinal: usize,
    pub(crate) withdrawn_for: Option<ChangeReason>,
}

/// Keeps places as they now are. Why one was taken back stays as it was first said.
pub(crate) async fn save(conn: &mut PgConnection, changed: &[Changed<'_>]) -> Result<(), sqlx::Error> {
    fn column<T>(changed: &[Changed<'_>], of: impl Fn(&Changed<'_>) -> T) -> Vec<T> {
        changed.iter().map(of).collect()
    }
    if changed.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into places (place_id, queue_id, ordinal, first_day, state, leaves, withdrawn_for)
         select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::date[], $5::text[], $6::boolean[],
                              $7::text[])
         on conflict (place_id) do update
         set state = excluded.state, leaves = excluded.leaves,
             withdrawn_for = coalesce(places.withdrawn_for, excluded.withdrawn_for)",
    )
    .bind(column(changed, |changed| changed.place.place_id.0))
    .bind(column(changed, |changed| changed.queue_id.0))
    .bind(column(changed, |changed| changed.ordinal as i32))
    .bind(column(changed, |changed| changed.place.first_day))
    .bind(column(changed, |changed| named(changed.place.state).name().to_owned()))
    .bind(column(changed, |changed| changed.place.leaves))
    .bind(column(changed, |changed| changed.withdrawn_for.map(|reason| reason.name().to_owned())))
    .execute(conn)
    .await?;
    Ok(())
}

/// Why places of a queue were taken back.
pub(crate) async fn withdrawn(
    conn: &mut PgConnection,
    queue_id: QueueId,
) -> Result<Vec<(PlaceId, ChangeReason)>, sqlx::Error> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "select place_id, withdrawn_for from places where queue_id = $1 and withdrawn_for is not null",
    )
    .bind(queue_id.0)
    .fetch_all(conn)
    .await?;
    let read = |(place, reason): (Uuid, String)| Some((PlaceId(place), ChangeReason::from_name(&reason)?));
    Ok(rows.into_iter().filter_map(read).collect())
}
