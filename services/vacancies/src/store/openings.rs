//! Openings.

use std::collections::HashMap;

use chassis::Fault;
use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    EmployerId, OpeningId,
    vacancies::{CloseReason, OpeningDetails, OpeningLine, OpeningState, OpeningView, Page},
    work::{Area, Cell, Dayparts, Hours, Route, TaskCode},
};
use sqlx::{FromRow, PgConnection, PgPool, types::Json};
use uuid::Uuid;

use super::unreadable;
use crate::{
    domain::{
        near::Reach,
        opening::{Content, Opening, Stage},
    },
    may::Scope,
};

/// The columns of an opening, for `select`.
macro_rules! columns {
    () => {
        "o.opening_id, o.employer_id, o.kenmerk, o.version, o.state, o.close_reason, o.route, o.title,
         o.tasks, o.description, o.postcode, o.place, o.cell_x, o.cell_y, o.municipality, o.region,
         o.hours_min, o.hours_max, o.dayparts, o.starts_on, o.closes_on, o.places,
         o.pay_cents_per_hour, o.requirements, o.self_checks, o.published_at"
    };
}

#[derive(FromRow)]
struct OpeningRow {
    opening_id: Uuid,
    employer_id: Uuid,
    kenmerk: Option<String>,
    version: i64,
    state: String,
    close_reason: Option<String>,
    route: String,
    title: String,
    tasks: Vec<String>,
    description: String,
    postcode: String,
    place: String,
    cell_x: i16,
    cell_y: i16,
    municipality: String,
    region: String,
    hours_min: i16,
    hours_max: i16,
    dayparts: i16,
    starts_on: Option<NaiveDate>,
    closes_on: Option<NaiveDate>,
    places: i16,
    pay_cents_per_hour: Option<i32>,
    requirements: Json<Vec<proto::vacancies::Requirement>>,
    self_checks: Json<Vec<proto::vacancies::SelfCheck>>,
    published_at: Option<DateTime<Utc>>,
}

impl TryFrom<OpeningRow> for Opening {
    type Error = Fault;

    fn try_from(row: OpeningRow) -> Result<Self, Fault> {
        let wrong = || unreadable("reading an opening");
        let stage = match (row.state.as_str(), row.published_at, row.close_reason) {
            ("draft", None, None) => Stage::Draft,
            ("published", Some(at), None) => Stage::Published { at },
            ("closed", published_at, Some(reason)) => {
                Stage::Closed { published_at, reason: close_reason(&reason).ok_or_else(wrong)? }
            }
            _ => return Err(wrong()),
        };
        let small = |number: i16| u8::try_from(number).map_err(|_| wrong());
        let details = OpeningDetails {
            route: Route::from_name(&row.route).ok_or_else(wrong)?,
            title: row.title,
            tasks: row.tasks.into_iter().map(TaskCode).collect(),
            description: row.description,
            postcode: row.postcode,
            hours: Hours { min: small(row.hours_min)?, max: small(row.hours_max)? },
            dayparts: Dayparts::from_bits(small(row.dayparts)?),
            starts_on: row.starts_on,
            closes_on: row.closes_on,
            places: u16::try_from(row.places).map_err(|_| wrong())?,
            pay_cents_per_hour: row.pay_cents_per_hour.map(|cents| cents as u32),
            requirements: row.requirements.0,
            self_checks: row.self_checks.0,
        };
        let cell = Cell { x: row.cell_x, y: row.cell_y };
        let area = Area { cell, municipality: row.municipality, region: row.region };
        Ok(Self {
            opening_id: OpeningId(row.opening_id),
            employer_id: EmployerId(row.employer_id),
            kenmerk: row.kenmerk,
            version: row.version,
            stage,
            content: Content::stored(details, row.place, area),
        })
    }
}

const fn state_name(state: OpeningState) -> &'static str {
    match state {
        OpeningState::Draft => "draft",
        OpeningState::Published => "published",
        OpeningState::Closed => "closed",
    }
}

const fn reason_name(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Filled => "filled",
        CloseReason::Withdrawn => "withdrawn",
        CloseReason::Expired => "expired",
    }
}

fn close_reason(name: &str) -> Option<CloseReason> {
    [CloseReason::Filled, CloseReason::Withdrawn, CloseReason::Expired]
        .into_iter()
        .find(|reason| reason_name(*reason) == name)
}

/// Openings column by column, so that one statement writes many.
#[derive(Default)]
struct Columns {
    opening_ids: Vec<Uuid>,
    employer_ids: Vec<Uuid>,
    kenmerken: Vec<Option<String>>,
    versions: Vec<i64>,
    states: Vec<&'static str>,
    close_reasons: Vec<Option<&'static str>>,
    routes: Vec<&'static str>,
    titles: Vec<String>,
    tasks: Vec<String>,
    descriptions: Vec<String>,
    postcodes: Vec<String>,
    places_names: Vec<String>,
    cells_x: Vec<i16>,
    cells_y: Vec<i16>,
    municipalities: Vec<String>,
    regions: Vec<String>,
    hours_min: Vec<i16>,
    hours_max: Vec<i16>,
    dayparts: Vec<i16>,
    starts_on: Vec<Option<NaiveDate>>,
    closes_on: Vec<Option<NaiveDate>>,
    places: Vec<i16>,
    pay: Vec<Option<i32>>,
    requirements: Vec<String>,
    self_checks: Vec<String>,
    published_at: Vec<Option<DateTime<Utc>>>,
}

impl Columns {
    fn of(openings: &[Opening]) -> Result<Self, Fault> {
        let json = |error| Fault::broken("writing an opening", error);
        let mut columns = Self::default();
        for opening in openings {
            let (details, area) = (opening.content.details(), opening.content.area());
            columns.opening_ids.push(opening.opening_id.0);
            columns.employer_ids.push(opening.employer_id.0);
            columns.kenmerken.push(opening.kenmerk.clone());
            columns.versions.push(opening.version);
            columns.states.push(state_name(opening.state()));
            columns.close_reasons.push(match opening.stage {
                Stage::Closed { reason, .. } => Some(reason_name(reason)),
                Stage::Draft | Stage::Published { .. } => None,
            });
            columns.routes.push(details.route.name());
            columns.titles.push(details.title.clone());
            // Codes are letters, digits, hyphens and one dot; `unnest` takes no lists of lists.
            let codes: Vec<&str> = details.tasks.iter().map(|task| task.0.as_str()).collect();
            columns.tasks.push(codes.join("|"));
            columns.descriptions.push(details.description.clone());
            columns.postcodes.push(details.postcode.clone());
            columns.places_names.push(opening.content.place().to_owned());
            columns.cells_x.push(area.cell.x);
            columns.cells_y.push(area.cell.y);
            columns.municipalities.push(area.municipality.clone());
            columns.regions.push(area.region.clone());
            columns.hours_min.push(details.hours.min.into());
            columns.hours_max.push(details.hours.max.into());
            columns.dayparts.push(details.dayparts.bits().into());
            columns.starts_on.push(details.starts_on);
            columns.closes_on.push(details.closes_on);
            columns.places.push(details.places as i16);
            columns.pay.push(details.pay_cents_per_hour.map(|cents| cents as i32));
            columns.requirements.push(serde_json::to_string(&details.requirements).map_err(json)?);
            columns.self_checks.push(serde_json::to_string(&details.self_checks).map_err(json)?);
            columns.published_at.push(opening.published_at());
        }
        Ok(columns)
    }

    async fn write(
        self,
        conn: &mut PgConnection,
        statement: &'static str,
        now: DateTime<Utc>,
    ) -> Result<u64, sqlx::Error> {
        let done = sqlx::query(statement)
            .bind(self.opening_ids)
            .bind(self.employer_ids)
            .bind(self.kenmerken)
            .bind(self.versions)
            .bind(self.states)
            .bind(self.close_reasons)
            .bind(self.routes)
            .bind(self.titles)
            .bind(self.tasks)
            .bind(self.descriptions)
            .bind(self.postcodes)
            .bind(self.places_names)
            .bind(self.cells_x)
            .bind(self.cells_y)
            .bind(self.municipalities)
            .bind(self.regions)
            .bind(self.hours_min)
            .bind(self.hours_max)
            .bind(self.dayparts)
            .bind(self.starts_on)
            .bind(self.closes_on)
            .bind(self.places)
            .bind(self.pay)
            .bind(self.requirements)
            .bind(self.self_checks)
            .bind(self.published_at)
            .bind(now)
            .execute(conn)
            .await?;
        Ok(done.rows_affected())
    }
}

/// The bound columns as a table `t`.
macro_rules! bound {
    () => {
        "unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::smallint[],
                $14::smallint[], $15::text[], $16::text[], $17::smallint[], $18::smallint[],
                $19::smallint[], $20::date[], $21::date[], $22::smallint[], $23::integer[], $24::text[],
                $25::text[], $26::timestamptz[])
         as t (opening_id, employer_id, kenmerk, version, state, close_reason, route, title, tasks,
               description, postcode, place, cell_x, cell_y, municipality, region, hours_min, hours_max,
               dayparts, starts_on, closes_on, places, pay_cents_per_hour, requirements, self_checks,
               published_at)"
    };
}

/// Stores new openings, in the order of their keys, so that two who store the same keys wait for
/// each other instead of locking each other out.
pub async fn insert(conn: &mut PgConnection, openings: &[Opening], now: DateTime<Utc>) -> Result<(), Fault> {
    if openings.is_empty() {
        return Ok(());
    }
    let statement = concat!(
        "insert into openings (opening_id, employer_id, kenmerk, version, state, close_reason, route,
             title, tasks, description, postcode, place, cell_x, cell_y, municipality, region, hours_min,
             hours_max, dayparts, starts_on, closes_on, places, pay_cents_per_hour, requirements,
             self_checks, published_at, created_at, changed_at)
         select opening_id, employer_id, kenmerk, version, state, close_reason, route, title,
             string_to_array(tasks, '|'), description, postcode, place, cell_x, cell_y, municipality,
             region, hours_min, hours_max, dayparts, starts_on, closes_on, places, pay_cents_per_hour,
             requirements::jsonb, self_checks::jsonb, published_at, $27, $27
         from ",
        bound!(),
        " order by employer_id, kenmerk"
    );
    Columns::of(openings)?.write(conn, statement, now).await?;
    Ok(())
}

/// Stores changed openings. Their rows are locked by whoever loaded them.
pub async fn save(conn: &mut PgConnection, openings: &[Opening], now: DateTime<Utc>) -> Result<(), Fault> {
    if openings.is_empty() {
        return Ok(());
    }
    let statement = concat!(
        "update openings o set version = t.version, state = t.state, close_reason = t.close_reason,
             route = t.route, title = t.title, tasks = string_to_array(t.tasks, '|'),
             description = t.description, postcode = t.postcode, place = t.place, cell_x = t.cell_x,
             cell_y = t.cell_y, municipality = t.municipality, region = t.region,
             hours_min = t.hours_min, hours_max = t.hours_max, dayparts = t.dayparts,
             starts_on = t.starts_on, closes_on = t.closes_on, places = t.places,
             pay_cents_per_hour = t.pay_cents_per_hour, requirements = t.requirements::jsonb,
             self_checks = t.self_checks::jsonb, published_at = t.published_at, changed_at = $27
         from ",
        bound!(),
        " where o.opening_id = t.opening_id and o.version = t.version - 1"
    );
    let saved = Columns::of(openings)?.write(conn, statement, now).await?;
    if saved == openings.len() as u64 {
        Ok(())
    } else {
        Err(Fault::broken("saving openings", "a row was not at the version that was loaded"))
    }
}

/// Loads and locks one opening, with the region of its employer.
pub async fn lock(conn: &mut PgConnection, id: OpeningId) -> Result<Option<(Opening, String)>, Fault> {
    let row: Option<OpeningRow> =
        sqlx::query_as(concat!("select ", columns!(), " from openings o where o.opening_id = $1 for update"))
            .bind(id.0)
            .fetch_optional(&mut *conn)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let region: String = sqlx::query_scalar("select region from employers where employer_id = $1")
        .bind(row.employer_id)
        .fetch_one(conn)
        .await?;
    Ok(Some((row.try_into()?, region)))
}

/// Loads and locks the openings with these keys.
pub async fn lock_by_kenmerk(
    conn: &mut PgConnection,
    keys: &[(EmployerId, String)],
) -> Result<HashMap<(EmployerId, String), Opening>, Fault> {
    let employer_ids: Vec<Uuid> = keys.iter().map(|(employer_id, _)| employer_id.0).collect();
    let kenmerken: Vec<&str> = keys.iter().map(|(_, kenmerk)| kenmerk.as_str()).collect();
    let rows: Vec<OpeningRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from openings o
         join unnest($1::uuid[], $2::text[]) as t (employer_id, kenmerk)
           on o.employer_id = t.employer_id and o.kenmerk = t.kenmerk
         order by o.employer_id, o.kenmerk
         for update of o"
    ))
    .bind(employer_ids)
    .bind(kenmerken)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let opening = Opening::try_from(row)?;
            let kenmerk = opening.kenmerk.clone().ok_or_else(|| unreadable("reading an opening by key"))?;
            Ok(((opening.employer_id, kenmerk), opening))
        })
        .collect()
}

/// Loads and locks published openings whose last day has passed; those that another replica is
/// closing are left to it.
pub async fn lock_expired(
    conn: &mut PgConnection,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Opening>, Fault> {
    let rows: Vec<OpeningRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from openings o where o.state = 'published' and o.closes_on < $1
         order by o.closes_on limit $2 for update skip locked"
    ))
    .bind(today)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Opening::try_from).collect()
}

#[derive(FromRow)]
struct ViewRow {
    #[sqlx(flatten)]
    opening: OpeningRow,
    employer_name: String,
    employer_region: String,
}

/// An opening with what its page shows of the employer.
pub struct Shown {
    /// The opening.
    pub opening: Opening,
    /// The employer's name.
    pub employer_name: String,
    /// The region of the employer's first site.
    pub employer_region: String,
}

impl TryFrom<ViewRow> for Shown {
    type Error = Fault;

    fn try_from(row: ViewRow) -> Result<Self, Fault> {
        let ViewRow { opening, employer_name, employer_region } = row;
        Ok(Self { opening: opening.try_into()?, employer_name, employer_region })
    }
}

impl Shown {
    /// As the bus has it.
    pub fn into_view(self) -> OpeningView {
        let Self { opening, employer_name, .. } = self;
        OpeningView {
            opening_id: opening.opening_id,
            version: opening.version,
            state: opening.state(),
            employer_id: opening.employer_id,
            employer_name,
            place: opening.content.place().to_owned(),
            area: opening.content.area().clone(),
            published_at: opening.published_at(),
            details: opening.content.details().clone(),
        }
    }
}

/// These openings in any state, in the order asked; unknown ones are left out.
pub async fn shown(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<Shown>, Fault> {
    let rows: Vec<ViewRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        ", e.name as employer_name, e.region as employer_region
         from unnest($1::uuid[]) with ordinality as t (opening_id, n)
         join openings o on o.opening_id = t.opening_id
         join employers e on e.employer_id = o.employer_id
         order by t.n"
    ))
    .bind(ids)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Shown::try_from).collect()
}

/// How many published openings lie in reach, and the ids of one page of them, nearest first, then
/// by id. Both come from the index alone.
pub async fn near(
    pool: &PgPool,
    reach: Reach,
    route: Option<Route>,
    today: NaiveDate,
    limit: i64,
    offset: i64,
) -> Result<(u64, Vec<Uuid>), sqlx::Error> {
    let (total, ids): (i64, Vec<Uuid>) = sqlx::query_as(
        "with in_box as (
             select opening_id, (cell_x::int - $1) * (cell_x::int - $1) + (cell_y::int - $2) * (cell_y::int - $2) as km_squared
             from openings
             where state = 'published' and cell_x between $3 and $4 and cell_y between $5 and $6
               and (closes_on is null or closes_on >= $8) and ($9::text is null or route = $9)
         ), in_reach as materialized (
             select opening_id, km_squared from in_box where km_squared <= $7
         )
         select (select count(*) from in_reach),
                array(select opening_id from in_reach order by km_squared, opening_id limit $10 offset $11)",
    )
    .bind(i32::from(reach.middle.x))
    .bind(i32::from(reach.middle.y))
    .bind(reach.x.0)
    .bind(reach.x.1)
    .bind(reach.y.0)
    .bind(reach.y.1)
    .bind(reach.km_squared)
    .bind(today)
    .bind(route.map(Route::name))
    .bind(limit)
    .bind(offset)
    .fetch_one(pool)
    .await?;
    Ok((total as u64, ids))
}

#[derive(FromRow)]
struct LineRow {
    opening_id: Uuid,
    title: String,
    employer_id: Uuid,
    employer_name: String,
    route: String,
    place: String,
    state: String,
}

impl TryFrom<LineRow> for OpeningLine {
    type Error = Fault;

    fn try_from(row: LineRow) -> Result<Self, Fault> {
        let wrong = || unreadable("reading a line of openings");
        let state = [OpeningState::Draft, OpeningState::Published, OpeningState::Closed]
            .into_iter()
            .find(|state| state_name(*state) == row.state);
        Ok(Self {
            opening_id: OpeningId(row.opening_id),
            title: row.title,
            employer_id: EmployerId(row.employer_id),
            employer_name: row.employer_name,
            route: Route::from_name(&row.route).ok_or_else(wrong)?,
            place: row.place,
            state: state.ok_or_else(wrong)?,
        })
    }
}

/// Openings of the employers in scope, newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    employer_id: Option<EmployerId>,
    limit: i64,
    offset: i64,
) -> Result<Page<OpeningLine>, Fault> {
    let own = scope.employer_id.map(|id| id.0);
    let only = employer_id.map(|id| id.0);
    let total: i64 = sqlx::query_scalar(
        "select count(*) from openings o join employers e on e.employer_id = o.employer_id
         where ($1 or e.region = any($2) or e.employer_id = $3) and ($4::uuid is null or e.employer_id = $4)",
    )
    .bind(scope.all)
    .bind(&scope.regions)
    .bind(own)
    .bind(only)
    .fetch_one(pool)
    .await?;
    let rows: Vec<LineRow> = sqlx::query_as(
        "select o.opening_id, o.title, o.employer_id, e.name as employer_name, o.route, o.place, o.state
         from openings o join employers e on e.employer_id = o.employer_id
         where ($1 or e.region = any($2) or e.employer_id = $3) and ($4::uuid is null or e.employer_id = $4)
         order by o.created_at desc, o.opening_id
         limit $5 offset $6",
    )
    .bind(scope.all)
    .bind(&scope.regions)
    .bind(own)
    .bind(only)
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(OpeningLine::try_from).collect::<Result<_, _>>()?;
    Ok(Page { rows, total: total as u64 })
}
