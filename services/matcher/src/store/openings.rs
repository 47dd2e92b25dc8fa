//! Openings as last published, and those that were closed.

use chassis::{Fault, Tx};
use proto::{
    EmployerId, OpeningId,
    vacancies::{Firmness, OpeningClosed, OpeningPublished, Requirement, RequirementKind},
    work::{Area, Cell, Dayparts, Hours, Route, TaskCode},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::store::{joined, named, number};

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
                 $13::integer[], $14::text[], $15::text[], $16::text[])
                 as told (opening_id, version, employer_id, route, tasks, x, y, municipality, region,
                     hours_min, hours_max, dayparts, places, legal, needed, learned)
         ),
         newer as (
             insert into openings as known (opening_id, version, employer_id, route, tasks, x, y, municipality,
                 region, hours_min, hours_max, dayparts, places, legal, needed, learned)
             select opening_id, version, employer_id, route, string_to_array(tasks, ' '), x, y, municipality,
                 region, hours_min, hours_max, dayparts, places, string_to_array(legal, ' '),
                 string_to_array(needed, ' '), string_to_array(learned, ' ')
             from told
             where not exists (select 1 from closed_openings closed
                 where closed.opening_id = told.opening_id and closed.version >= told.version)
             on conflict (opening_id) do update set
                 version = excluded.version, employer_id = excluded.employer_id, route = excluded.route,
                 tasks = excluded.tasks, x = excluded.x, y = excluded.y,
                 municipality = excluded.municipality, region = excluded.region,
                 hours_min = excluded.hours_min, hours_max = excluded.hours_max,
                 dayparts = excluded.dayparts, places = excluded.places,
                 legal = excluded.legal, needed = excluded.needed, learned = excluded.learned
             where known.version < excluded.version
             returning opening_id
         ),
         opened_again as (
             delete from closed_openings where opening_id in (select opening_id from newer)
         )
         insert into changes (kind, id, at) select 'opening', opening_id, $17 from newer",
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
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn kinds(opening: &OpeningPublished, firmness: Firmness) -> String {
    let kinds = opening.requirements.iter().filter(|requirement| requirement.firmness == firmness);
    joined(kinds.map(|requirement| requirement.kind.name()))
}

/// Closes openings, also ones we never heard of, unless something newer is known.
pub(crate) async fn close(tx: &mut Tx, closed: &[OpeningClosed]) -> Result<(), Fault> {
    if closed.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    sqlx::query(
        "with told as (
             select * from unnest($1::uuid[], $2::bigint[]) as told (opening_id, version)
             where not exists (select 1 from openings known
                 where known.opening_id = told.opening_id and known.version > told.version)
         ),
         marked as (
             insert into closed_openings as known (opening_id, version) select opening_id, version from told
             on conflict (opening_id) do update set version = excluded.version
             where known.version < excluded.version
         ),
         gone as (
             delete from openings where opening_id in (select opening_id from told) returning opening_id
         )
         insert into changes (kind, id, at) select 'opening', opening_id, $3 from gone",
    )
    .bind(closed.iter().map(|closed| closed.opening_id.0).collect::<Vec<Uuid>>())
    .bind(closed.iter().map(|closed| closed.version).collect::<Vec<i64>>())
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
}

impl Row {
    /// The opening as published, but for what no rule reads: its first day and the words of the law.
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
            starts_on: None,
            places: u16::try_from(self.places).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            requirements,
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
