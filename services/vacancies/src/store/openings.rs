//! Openings.

use std::collections::HashMap;

use chassis::{
    Fault,
    faults::{Bug, planted},
};
use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    EmployerId, OpeningId, SiteId,
    vacancies::{
        CloseReason, ClosingQuestion, OpeningDetails, OpeningLine, OpeningState, OpeningView, Page,
        PublishedLine, Terms,
    },
    work::{Area, Cell, Dayparts, Days, Hours, Route, Support, TaskCode},
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
    store::employers::{self, Known},
};

/// The columns of an opening, for `select`.
macro_rules! columns {
    () => {
        "o.opening_id, o.employer_id, o.kenmerk, o.version, o.state, o.close_reason, o.title,
         o.tasks, o.description, o.postcode, o.place, o.cell_x, o.cell_y, o.municipality, o.region,
         o.hours_min, o.hours_max, o.dayparts, o.starts_on, o.closes_on, o.places,
         o.pay_cents_per_hour, o.requirements, o.self_checks, o.published_at, o.terms, o.site_id, o.days,
         o.cao, o.support, o.paused_by_conflict, o.asked_at, o.question_closes_on, o.changed_at"
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
    terms: Json<Terms>,
    site_id: Option<Uuid>,
    days: i16,
    cao: String,
    support: Vec<String>,
    paused_by_conflict: bool,
    asked_at: Option<DateTime<Utc>>,
    question_closes_on: Option<NaiveDate>,
    changed_at: DateTime<Utc>,
}

impl TryFrom<OpeningRow> for Opening {
    type Error = Fault;

    fn try_from(row: OpeningRow) -> Result<Self, Fault> {
        let wrong = || unreadable("reading an opening");
        let stage = match (row.state.as_str(), row.published_at, row.close_reason) {
            ("draft", None, None) => Stage::Draft,
            ("published", Some(at), None) => Stage::Published { at },
            ("paused", Some(published_at), None) => {
                Stage::Paused { published_at, by_conflict: row.paused_by_conflict }
            }
            ("closed", published_at, Some(reason)) => {
                Stage::Closed { published_at, reason: CloseReason::from_name(&reason).ok_or_else(wrong)? }
            }
            _ => return Err(wrong()),
        };
        let small = |number: i16| u8::try_from(number).map_err(|_| wrong());
        let details = OpeningDetails {
            terms: row.terms.0,
            title: row.title,
            tasks: row.tasks.into_iter().map(TaskCode).collect(),
            description: row.description,
            site_id: row.site_id.map(SiteId),
            postcode: row.postcode,
            hours: Hours { min: small(row.hours_min)?, max: small(row.hours_max)? },
            dayparts: Dayparts::from_bits(small(row.dayparts)?),
            days: Days::from_bits(small(row.days)?),
            starts_on: row.starts_on,
            closes_on: row.closes_on,
            places: u16::try_from(row.places).map_err(|_| wrong())?,
            pay_cents_per_hour: row.pay_cents_per_hour.map(|cents| cents as u32),
            cao: row.cao,
            requirements: row.requirements.0,
            self_checks: row.self_checks.0,
            support: row
                .support
                .iter()
                .map(|name| Support::from_name(name))
                .collect::<Option<_>>()
                .ok_or_else(wrong)?,
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
            question: question(row.asked_at, row.question_closes_on),
            changed_at: row.changed_at,
        })
    }
}

const fn state_name(state: OpeningState) -> &'static str {
    match state {
        OpeningState::Draft => "draft",
        OpeningState::Published => "published",
        OpeningState::Paused => "paused",
        OpeningState::Closed => "closed",
    }
}

fn question(asked_at: Option<DateTime<Utc>>, closes_on: Option<NaiveDate>) -> Option<ClosingQuestion> {
    Some(ClosingQuestion { asked_at: asked_at?, closes_on: closes_on? })
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
    terms: Vec<String>,
    site_ids: Vec<Option<Uuid>>,
    days: Vec<i16>,
    caos: Vec<String>,
    support: Vec<String>,
    paused_by_conflict: Vec<bool>,
    asked_at: Vec<Option<DateTime<Utc>>>,
    question_closes_on: Vec<Option<NaiveDate>>,
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
                Stage::Closed { reason, .. } => Some(reason.name()),
                Stage::Draft | Stage::Published { .. } | Stage::Paused { .. } => None,
            });
            columns.routes.push(details.route().name());
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
            columns.terms.push(serde_json::to_string(&details.terms).map_err(json)?);
            columns.site_ids.push(details.site_id.map(|id| id.0));
            columns.days.push(details.days.bits().into());
            columns.caos.push(details.cao.clone());
            let support: Vec<&str> = details.support.iter().map(|support| support.name()).collect();
            columns.support.push(support.join("|"));
            let by_conflict = matches!(opening.stage, Stage::Paused { by_conflict: true, .. });
            columns.paused_by_conflict.push(by_conflict);
            columns.asked_at.push(opening.question.map(|question| question.asked_at));
            columns.question_closes_on.push(opening.question.map(|question| question.closes_on));
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
            .bind(self.terms)
            .bind(self.site_ids)
            .bind(self.days)
            .bind(self.caos)
            .bind(self.support)
            .bind(self.paused_by_conflict)
            .bind(self.asked_at)
            .bind(self.question_closes_on)
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
                $25::text[], $26::timestamptz[], $28::text[], $29::uuid[], $30::smallint[], $31::text[],
                $32::text[], $33::boolean[], $34::timestamptz[], $35::date[])
         as t (opening_id, employer_id, kenmerk, version, state, close_reason, route, title, tasks,
               description, postcode, place, cell_x, cell_y, municipality, region, hours_min, hours_max,
               dayparts, starts_on, closes_on, places, pay_cents_per_hour, requirements, self_checks,
               published_at, terms, site_id, days, cao, support, paused_by_conflict, asked_at,
               question_closes_on)"
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
             self_checks, published_at, terms, site_id, days, cao, support, paused_by_conflict, asked_at,
             question_closes_on, created_at, changed_at)
         select opening_id, employer_id, kenmerk, version, state, close_reason, route, title,
             string_to_array(tasks, '|'), description, postcode, place, cell_x, cell_y, municipality,
             region, hours_min, hours_max, dayparts, starts_on, closes_on, places, pay_cents_per_hour,
             requirements::jsonb, self_checks::jsonb, published_at, terms::jsonb, site_id, days, cao,
             string_to_array(support, '|'), paused_by_conflict, asked_at, question_closes_on, $27, $27
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
             self_checks = t.self_checks::jsonb, published_at = t.published_at, terms = t.terms::jsonb,
             site_id = t.site_id, days = t.days, cao = t.cao, support = string_to_array(t.support, '|'),
             paused_by_conflict = t.paused_by_conflict, asked_at = t.asked_at,
             question_closes_on = t.question_closes_on, changed_at = $27
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

/// Openings that were taken back no longer stand in the way of their keys.
pub async fn free_keys(conn: &mut PgConnection, ids: &[OpeningId]) -> Result<(), sqlx::Error> {
    sqlx::query("update openings set kenmerk = null where opening_id = any($1) and kenmerk is not null")
        .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(())
}

/// Loads and locks one opening, with its employer.
pub async fn lock(conn: &mut PgConnection, id: OpeningId) -> Result<Option<(Opening, Known)>, Fault> {
    let statement = if planted(Bug::LockAfterRead) {
        concat!("select ", columns!(), " from openings o where o.opening_id = $1")
    } else {
        concat!("select ", columns!(), " from openings o where o.opening_id = $1 for update")
    };
    let row: Option<OpeningRow> = sqlx::query_as(statement).bind(id.0).fetch_optional(&mut *conn).await?;
    let Some(row) = row else { return Ok(None) };
    let opening = Opening::try_from(row)?;
    let employer = employers::find(conn, opening.employer_id).await?;
    Ok(Some((opening, employer.ok_or_else(|| unreadable("reading the employer of an opening"))?)))
}

/// Raises the version of an opening that is locked to what was told of it before a restore.
pub async fn raise(conn: &mut PgConnection, id: OpeningId, version: i64) -> Result<(), sqlx::Error> {
    sqlx::query("update openings set version = greatest(version, $2) where opening_id = $1")
        .bind(id.0)
        .bind(version)
        .execute(conn)
        .await?;
    Ok(())
}

/// The openings with these keys, by them.
macro_rules! by_kenmerk {
    ($lock:literal) => {
        concat!(
            "select ",
            columns!(),
            " from openings o
             join unnest($1::uuid[], $2::text[]) as t (employer_id, kenmerk)
               on o.employer_id = t.employer_id and o.kenmerk = t.kenmerk
             order by o.employer_id, o.kenmerk ",
            $lock
        )
    };
}

/// Loads and locks the openings with these keys.
pub async fn lock_by_kenmerk(
    conn: &mut PgConnection,
    keys: &[(EmployerId, String)],
) -> Result<HashMap<(EmployerId, String), Opening>, Fault> {
    select_by_kenmerk(conn, by_kenmerk!("for update of o"), keys).await
}

/// The openings with these keys, to look at.
pub async fn by_kenmerk(
    conn: &mut PgConnection,
    keys: &[(EmployerId, String)],
) -> Result<HashMap<(EmployerId, String), Opening>, Fault> {
    select_by_kenmerk(conn, by_kenmerk!(""), keys).await
}

async fn select_by_kenmerk(
    conn: &mut PgConnection,
    statement: &'static str,
    keys: &[(EmployerId, String)],
) -> Result<HashMap<(EmployerId, String), Opening>, Fault> {
    let employer_ids: Vec<Uuid> = keys.iter().map(|(employer_id, _)| employer_id.0).collect();
    let kenmerken: Vec<&str> = keys.iter().map(|(_, kenmerk)| kenmerk.as_str()).collect();
    let rows: Vec<OpeningRow> =
        sqlx::query_as(statement).bind(employer_ids).bind(kenmerken).fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            let opening = Opening::try_from(row)?;
            let kenmerk = opening.kenmerk.clone().ok_or_else(|| unreadable("reading an opening by key"))?;
            Ok(((opening.employer_id, kenmerk), opening))
        })
        .collect()
}

/// Loads and locks openings by id.
pub async fn lock_many(
    conn: &mut PgConnection,
    ids: &[OpeningId],
) -> Result<HashMap<OpeningId, Opening>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<OpeningRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from openings o where o.opening_id = any($1) order by o.employer_id, o.kenmerk for update"
    ))
    .bind(ids)
    .fetch_all(conn)
    .await?;
    let opening = |row| Opening::try_from(row).map(|opening| (opening.opening_id, opening));
    rows.into_iter().map(opening).collect()
}

/// Loads and locks openings whose last day has passed; those that another replica is closing are
/// left to it.
pub async fn lock_expired(
    conn: &mut PgConnection,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Opening>, Fault> {
    let rows: Vec<OpeningRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from openings o where o.state in ('published', 'paused') and o.last_day < $1
         order by o.last_day limit $2 for update skip locked"
    ))
    .bind(today)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Opening::try_from).collect()
}

/// The mistake of [`Bug::ExpiryIgnoresVersion`]: looks for them first and locks them then, whatever became of
/// them meanwhile.
pub async fn lock_once_expired(
    conn: &mut PgConnection,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Opening>, Fault> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select opening_id from openings o where o.state in ('published', 'paused') and o.last_day < $1
         order by o.last_day limit $2",
    )
    .bind(today)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<OpeningId> = ids.into_iter().map(OpeningId).collect();
    let locked = lock_many(conn, &ids).await?.into_values();
    Ok(locked.filter(|opening| !matches!(opening.stage, Stage::Closed { .. })).collect())
}

/// Loads and locks openings that may have to be asked whether they are still open: their last day
/// is near, or nothing changed since a moment.
pub async fn lock_to_ask(
    conn: &mut PgConnection,
    today: NaiveDate,
    until: NaiveDate,
    untouched_since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Opening>, Fault> {
    let rows: Vec<OpeningRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from openings o where o.opening_id in (
             (select opening_id from openings
              where state in ('published', 'paused') and asked_at is null and closes_on is not null
                and closes_on between $1 and $2
                and (changed_at at time zone 'Europe/Amsterdam')::date < closes_on - 5
              order by closes_on limit $4)
             union all
             (select opening_id from openings
              where state in ('published', 'paused') and asked_at is null and closes_on is null
                and changed_at < $3
              order by changed_at limit $4))
         for update skip locked"
    ))
    .bind(today)
    .bind(until)
    .bind(untouched_since)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Opening::try_from).collect()
}

/// Writes down which openings are asked. No change: version and moment stay.
pub async fn save_questions(conn: &mut PgConnection, asked: &[Opening]) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = asked.iter().map(|opening| opening.opening_id.0).collect();
    let question = |opening: &Opening| opening.question;
    let at: Vec<Option<DateTime<Utc>>> =
        asked.iter().map(|opening| question(opening).map(|question| question.asked_at)).collect();
    let closes_on: Vec<Option<NaiveDate>> =
        asked.iter().map(|opening| question(opening).map(|question| question.closes_on)).collect();
    sqlx::query(
        "update openings o set asked_at = t.asked_at, question_closes_on = t.closes_on
         from unnest($1::uuid[], $2::timestamptz[], $3::date[]) as t (opening_id, asked_at, closes_on)
         where o.opening_id = t.opening_id",
    )
    .bind(ids)
    .bind(at)
    .bind(closes_on)
    .execute(conn)
    .await?;
    Ok(())
}

/// Loads and locks openings whose employer's labour conflict is not yet, or no longer, reflected:
/// shown although there is one, or paused by one that is over.
pub async fn lock_conflicting(conn: &mut PgConnection, limit: i64) -> Result<Vec<(Opening, bool)>, Fault> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        opening: OpeningRow,
        labour_conflict: bool,
    }
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        ", e.labour_conflict from openings o join employers e on e.employer_id = o.employer_id
         where o.opening_id in (
             (select p.opening_id from openings p join employers c on c.employer_id = p.employer_id
              where c.labour_conflict and p.state = 'published' limit $1)
             union all
             (select p.opening_id from openings p join employers c on c.employer_id = p.employer_id
              where p.paused_by_conflict and not c.labour_conflict limit $1))
         for update of o skip locked"
    ))
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Ok((row.opening.try_into()?, row.labour_conflict))).collect()
}

/// Whether openings at a site are not closed.
pub async fn any_open_at(conn: &mut PgConnection, site: SiteId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select exists (select 1 from openings where site_id = $1 and site_id is not null and state <> 'closed')",
    )
    .bind(site.0)
    .fetch_one(conn)
    .await
}

#[derive(FromRow)]
struct ViewRow {
    #[sqlx(flatten)]
    opening: OpeningRow,
    employer_name: String,
    employer_regions: Vec<String>,
    labour_conflict: bool,
}

/// An opening with what its page shows of the employer.
pub struct Shown {
    /// The opening.
    pub opening: Opening,
    /// The employer's name.
    pub employer_name: String,
    /// The regions of the employer's sites.
    pub employer_regions: Vec<String>,
    /// Whether a labour conflict stops the employer's openings.
    pub labour_conflict: bool,
}

impl TryFrom<ViewRow> for Shown {
    type Error = Fault;

    fn try_from(row: ViewRow) -> Result<Self, Fault> {
        let ViewRow { opening, employer_name, employer_regions, labour_conflict } = row;
        Ok(Self { opening: opening.try_into()?, employer_name, employer_regions, labour_conflict })
    }
}

impl Shown {
    /// Its state as everyone may know it: a conflict counts from the moment it is told.
    pub fn state(&self) -> OpeningState {
        match self.opening.state() {
            OpeningState::Published if self.labour_conflict => OpeningState::Paused,
            state => state,
        }
    }

    /// As the bus has it; with the question for those who may answer it.
    pub fn into_view(self, with_question: bool) -> OpeningView {
        let state = self.state();
        let Self { opening, employer_name, .. } = self;
        OpeningView {
            opening_id: opening.opening_id,
            version: opening.version,
            state,
            employer_id: opening.employer_id,
            employer_name,
            place: opening.content.place().to_owned(),
            area: opening.content.area().clone(),
            published_at: opening.published_at(),
            changed_at: opening.changed_at,
            close_reason: match opening.stage {
                Stage::Closed { reason, .. } => Some(reason),
                Stage::Draft | Stage::Published { .. } | Stage::Paused { .. } => None,
            },
            question: opening.question.filter(|_| with_question),
            details: opening.content.details().clone(),
        }
    }
}

/// These openings in any state, in the order asked; unknown ones are left out.
pub async fn shown(pool: &PgPool, ids: &[Uuid]) -> Result<Vec<Shown>, Fault> {
    let rows: Vec<ViewRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        ", e.name as employer_name, e.regions as employer_regions, e.labour_conflict
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
               and (last_day is null or last_day >= $8) and ($9::text is null or route = $9)
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
    asked_at: Option<DateTime<Utc>>,
    question_closes_on: Option<NaiveDate>,
}

impl TryFrom<LineRow> for OpeningLine {
    type Error = Fault;

    fn try_from(row: LineRow) -> Result<Self, Fault> {
        let wrong = || unreadable("reading a line of openings");
        let state =
            [OpeningState::Draft, OpeningState::Published, OpeningState::Paused, OpeningState::Closed]
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
            question: question(row.asked_at, row.question_closes_on),
        })
    }
}

/// Which openings a list of staff has.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Only of this employer.
    pub employer_id: Option<EmployerId>,
    /// Only in this state.
    pub state: Option<OpeningState>,
    /// Only those that are asked whether they are still open.
    pub asked: bool,
}

/// Openings of the employers in scope: newest first, or the soonest to close first when they are asked.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: Filter,
    limit: i64,
    offset: i64,
) -> Result<Page<OpeningLine>, Fault> {
    let own = scope.employer_id.map(|id| id.0);
    let only = filter.employer_id.map(|id| id.0);
    let state = filter.state.map(state_name);
    let total: i64 = sqlx::query_scalar(
        "select count(*) from openings o join employers e on e.employer_id = o.employer_id
         where ($1 or e.regions && $2 or e.employer_id = $3) and ($4::uuid is null or e.employer_id = $4)
           and ($5::text is null or o.state = $5) and (not $6 or o.asked_at is not null)",
    )
    .bind(scope.all)
    .bind(&scope.regions)
    .bind(own)
    .bind(only)
    .bind(state)
    .bind(filter.asked)
    .fetch_one(pool)
    .await?;
    let statement = if filter.asked {
        "select o.opening_id, o.title, o.employer_id, e.name as employer_name, o.route, o.place, o.state,
                o.asked_at, o.question_closes_on
         from openings o join employers e on e.employer_id = o.employer_id
         where ($1 or e.regions && $2 or e.employer_id = $3) and ($4::uuid is null or e.employer_id = $4)
           and ($5::text is null or o.state = $5) and o.asked_at is not null
         order by o.question_closes_on, o.opening_id
         limit $6 offset $7"
    } else {
        "select o.opening_id, o.title, o.employer_id, e.name as employer_name, o.route, o.place, o.state,
                o.asked_at, o.question_closes_on
         from openings o join employers e on e.employer_id = o.employer_id
         where ($1 or e.regions && $2 or e.employer_id = $3) and ($4::uuid is null or e.employer_id = $4)
           and ($5::text is null or o.state = $5)
         order by o.created_at desc, o.opening_id
         limit $6 offset $7"
    };
    let rows: Vec<LineRow> = sqlx::query_as(statement)
        .bind(scope.all)
        .bind(&scope.regions)
        .bind(own)
        .bind(only)
        .bind(state)
        .bind(limit)
        .bind(offset)
        .fetch_all(pool)
        .await?;
    let rows = rows.into_iter().map(OpeningLine::try_from).collect::<Result<_, _>>()?;
    Ok(Page { rows, total: total as u64 })
}

/// Openings that are in a state and were ever public, in the order of their ids, after one of them.
pub async fn page_in_state(
    conn: &mut PgConnection,
    state: OpeningState,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Opening>, Fault> {
    let rows: Vec<OpeningRow> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from openings o where o.state = $1 and o.opening_id > $2 and o.published_at is not null
         order by o.opening_id limit $3"
    ))
    .bind(state_name(state))
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Opening::try_from).collect()
}

/// Published openings in the order of their ids, from the index alone.
pub async fn published(
    pool: &PgPool,
    after: Option<OpeningId>,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<PublishedLine>, sqlx::Error> {
    let rows: Vec<(Uuid, DateTime<Utc>)> = sqlx::query_as(
        "select o.opening_id, o.changed_at from openings o
         where o.state = 'published' and ($1::uuid is null or o.opening_id > $1)
           and (o.last_day is null or o.last_day >= $2)
           and not exists (select 1 from employers e where e.employer_id = o.employer_id and e.labour_conflict)
         order by o.opening_id limit $3",
    )
    .bind(after.map(|id| id.0))
    .bind(today)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, changed_at)| PublishedLine { opening_id: OpeningId(id), changed_at })
        .collect())
}
