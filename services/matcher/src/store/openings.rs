//! Openings as last published, and those that were closed.

use chassis::{Fault, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    EmployerId, OpeningId, SeekerId,
    vacancies::{Firmness, OpeningPublished, Requirement, RequirementKind},
    work::{Area, Cell, Dayparts, Hours, Route, Support, TaskCode},
};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use crate::store::{all_named, joined, named, number};

/// Keeps those that are newer than what is known, closed or not, and appends a change for each of these.
pub(crate) async fn keep(tx: &mut Tx, openings: &[OpeningPublished]) -> Result<(), Fault> {
    if openings.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let column = |value: &dyn Fn(&OpeningPublished) -> i16| openings.iter().map(value).collect::<Vec<_>>();
    let text = |value: &dyn Fn(&OpeningPublished) -> String| openings.iter().map(value).collect::<Vec<_>>();
    let asked = |firmness: Firmness| text(&|opening| kinds(opening, firmness));
    sqlx::query(
        "with told as (
             select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::smallint[],
                 $7::smallint[], $8::text[], $9::text[], $10::smallint[], $11::smallint[], $12::smallint[],
                 $13::integer[], $14::text[], $15::text[], $16::text[], $17::date[], $18::text[])
                 as told (opening_id, version, employer_id, route, tasks, x, y, municipality, region,
                     hours_min, hours_max, dayparts, places, legal, needed, learned, starts_on, support)
         ),
         newer as (
             insert into openings as known (opening_id, version, employer_id, route, tasks, x, y, municipality,
                 region, hours_min, hours_max, dayparts, places, legal, needed, learned, starts_on, support,
                 heard_at)
             select told.opening_id, told.version, employer_id, route, string_to_array(tasks, ' '), x, y,
                 municipality, region, hours_min, hours_max, dayparts, places, string_to_array(legal, ' '),
                 string_to_array(needed, ' '), string_to_array(learned, ' '), starts_on,
                 string_to_array(support, ' '), coalesce(closed.heard_at, $19)
             from told left join closed_openings closed on closed.opening_id = told.opening_id
             where closed.version is null or closed.version < told.version
             on conflict (opening_id) do update set
                 version = excluded.version, employer_id = excluded.employer_id, route = excluded.route,
                 tasks = excluded.tasks, x = excluded.x, y = excluded.y,
                 municipality = excluded.municipality, region = excluded.region,
                 hours_min = excluded.hours_min, hours_max = excluded.hours_max,
                 dayparts = excluded.dayparts, places = excluded.places,
                 legal = excluded.legal, needed = excluded.needed, learned = excluded.learned,
                 starts_on = excluded.starts_on, support = excluded.support
             where known.version < excluded.version
             returning opening_id
         ),
         opened_again as (
             delete from closed_openings where opening_id in (select opening_id from newer)
         )
         insert into changes (kind, id, at) select 'opening', opening_id, $19 from newer",
    )
    .bind(openings.iter().map(|opening| opening.opening_id.0).collect::<Vec<Uuid>>())
    .bind(openings.iter().map(|opening| opening.version).collect::<Vec<i64>>())
    .bind(openings.iter().map(|opening| opening.employer_id.0).collect::<Vec<Uuid>>())
    .bind(text(&|opening| opening.route.name().to_owned()))
    .bind(text(&|opening| joined(opening.tasks.iter().map(|task| task.0.as_str()))))
    .bind(column(&|opening| opening.area.cell.x))
    .bind(column(&|opening| opening.area.cell.y))
    .bind(text(&|opening| opening.area.municipality.clone()))
    .bind(text(&|opening| opening.area.region.clone()))
    .bind(column(&|opening| opening.hours.min.into()))
    .bind(column(&|opening| opening.hours.max.into()))
    .bind(column(&|opening| opening.dayparts.bits().into()))
    .bind(openings.iter().map(|opening| i32::from(opening.places)).collect::<Vec<_>>())
    .bind(asked(Firmness::Legal))
    .bind(asked(Firmness::Needed))
    .bind(asked(Firmness::Learned))
    .bind(openings.iter().map(|opening| opening.starts_on).collect::<Vec<_>>())
    .bind(text(&|opening| joined(opening.support.iter().map(|support| support.name()))))
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn kinds(opening: &OpeningPublished, firmness: Firmness) -> String {
    let kinds = opening.requirements.iter().filter(|requirement| requirement.firmness == firmness);
    joined(kinds.map(|requirement| requirement.kind.name()))
}

/// An opening that is not public any more, with the version that says so: closed, or paused for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotPublic {
    /// Which.
    pub opening_id: OpeningId,
    /// The version of the opening.
    pub version: i64,
}

/// Takes openings out, also ones we never heard of, unless something newer is known.
pub(crate) async fn take_out(tx: &mut Tx, gone: &[NotPublic]) -> Result<(), Fault> {
    if gone.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    sqlx::query(
        "with told as (
             select told.opening_id, told.version, known.heard_at
             from unnest($1::uuid[], $2::bigint[]) as told (opening_id, version)
                 left join openings known on known.opening_id = told.opening_id
             where known.version is null or known.version <= told.version
         ),
         marked as (
             insert into closed_openings as known (opening_id, version, heard_at)
             select opening_id, version, heard_at from told
             on conflict (opening_id) do update set
                 version = excluded.version, heard_at = coalesce(known.heard_at, excluded.heard_at)
             where known.version < excluded.version
         ),
         gone as (
             delete from openings where opening_id in (select opening_id from told) returning opening_id
         )
         insert into changes (kind, id, at) select 'opening', opening_id, $3 from gone",
    )
    .bind(gone.iter().map(|gone| gone.opening_id.0).collect::<Vec<Uuid>>())
    .bind(gone.iter().map(|gone| gone.version).collect::<Vec<i64>>())
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    opening_id: Uuid,
    version: i64,
    employer_id: Uuid,
    route: String,
    tasks: Vec<String>,
    x: i16,
    y: i16,
    municipality: String,
    region: String,
    hours_min: i16,
    hours_max: i16,
    dayparts: i16,
    places: i32,
    legal: Vec<String>,
    needed: Vec<String>,
    learned: Vec<String>,
    starts_on: Option<NaiveDate>,
    support: Vec<String>,
}

impl Row {
    /// The opening as published, but for what no rule reads: the words of the law and the reasons.
    fn into_opening(self) -> Result<OpeningPublished, sqlx::Error> {
        let mut requirements = Vec::new();
        for (firmness, kinds) in [
            (Firmness::Legal, self.legal),
            (Firmness::Needed, self.needed),
            (Firmness::Learned, self.learned),
        ] {
            for kind in kinds {
                let kind = named("requirement", &kind, RequirementKind::from_name)?;
                requirements.push(Requirement { kind, firmness, ground: None });
            }
        }
        Ok(OpeningPublished {
            opening_id: OpeningId(self.opening_id),
            version: self.version,
            employer_id: EmployerId(self.employer_id),
            route: named("route", &self.route, Route::from_name)?,
            tasks: self.tasks.into_iter().map(TaskCode).collect(),
            area: Area {
                cell: Cell { x: self.x, y: self.y },
                municipality: self.municipality,
                region: self.region,
            },
            hours: Hours { min: number(self.hours_min)?, max: number(self.hours_max)? },
            dayparts: Dayparts::from_bits(number(self.dayparts)?),
            starts_on: self.starts_on,
            places: u16::try_from(self.places).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            requirements,
            support: all_named("support", &self.support, Support::from_name)?,
        })
    }
}

/// These openings; closed and unknown ones are not in the answer.
pub(crate) async fn find(
    conn: &mut PgConnection,
    ids: &[OpeningId],
) -> Result<Vec<OpeningPublished>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> =
        sqlx::query_as("select * from openings where opening_id = any($1)").bind(ids).fetch_all(conn).await?;
    rows.into_iter().map(Row::into_opening).collect()
}

/// So many openings after this one, in order of id: pages for reading them all.
pub(crate) async fn page_after(
    conn: &mut PgConnection,
    after: OpeningId,
    limit: i64,
) -> Result<Vec<OpeningPublished>, sqlx::Error> {
    let rows: Vec<Row> =
        sqlx::query_as("select * from openings where opening_id > $1 order by opening_id limit $2")
            .bind(after.0)
            .bind(limit)
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(Row::into_opening).collect()
}

/// The versions of these openings, of closed ones too; unknown ones are not in the answer.
pub(crate) async fn versions(
    conn: &mut PgConnection,
    ids: &[OpeningId],
) -> Result<Vec<(OpeningId, i64)>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(
        "select opening_id, version from openings where opening_id = any($1)
         union all
         select opening_id, version from closed_openings where opening_id = any($1)",
    )
    .bind(ids)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, version)| (OpeningId(id), version)).collect())
}

/// Whose a public opening is, and in which region.
pub(crate) async fn owner(
    conn: &mut PgConnection,
    opening_id: OpeningId,
) -> Result<Option<(EmployerId, String)>, sqlx::Error> {
    let row: Option<(Uuid, String)> =
        sqlx::query_as("select employer_id, region from openings where opening_id = $1")
            .bind(opening_id.0)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(employer_id, region)| (EmployerId(employer_id), region)))
}

/// How many of these became public after a moment and were not shown to her.
pub(crate) async fn count_new(
    pool: &PgPool,
    seeker_id: SeekerId,
    since: DateTime<Utc>,
    opening_ids: &[OpeningId],
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select count(*) from openings
         where opening_id = any($1) and heard_at > $2
             and not exists (select 1 from proposals shown
                 where shown.seeker_id = $3 and shown.opening_id = openings.opening_id)",
    )
    .bind(opening_ids.iter().map(|id| id.0).collect::<Vec<Uuid>>())
    .bind(since)
    .bind(seeker_id.0)
    .fetch_one(pool)
    .await
}
