//! Anonymous profiles as last published.

use chassis::{Fault, Tx};
use chrono::NaiveDate;
use proto::{
    OpenFileId, SeekerId,
    intake::ProfilePublished,
    work::{Area, Cell, Dayparts, Hours, Licence, Means, Spoken, Support, TaskCode, Travel},
};
use sqlx::{FromRow, PgConnection, types::Json};
use uuid::Uuid;

use crate::store::{all_named, joined, named, number};

/// Keeps those that are newer than what is known, and appends a change for each of these. Nobody who was
/// erased comes back.
pub(crate) async fn keep(tx: &mut Tx, profiles: &[ProfilePublished]) -> Result<(), Fault> {
    if profiles.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let column = |value: &dyn Fn(&ProfilePublished) -> i16| profiles.iter().map(value).collect::<Vec<_>>();
    let told = |value: &dyn Fn(&ProfilePublished) -> Option<u8>| {
        profiles.iter().map(|profile| value(profile).map(i16::from)).collect::<Vec<_>>()
    };
    let flag = |value: &dyn Fn(&ProfilePublished) -> bool| profiles.iter().map(value).collect::<Vec<_>>();
    let text = |value: &dyn Fn(&ProfilePublished) -> String| profiles.iter().map(value).collect::<Vec<_>>();
    sqlx::query(
        "with newer as (
             insert into profiles as known (seeker_id, version, open_file_id, x, y, municipality, region, tasks,
                 any_task, dayparts, hours_min, hours_max, means, max_km, open_file, adviser, paused,
                 available_from, languages, licences, shown_support)
             select seeker_id, version, open_file_id, x, y, municipality, region, string_to_array(tasks, ' '),
                 any_task, dayparts, hours_min, hours_max, means, max_km, open_file, adviser, paused,
                 available_from, languages, string_to_array(licences, ' '), string_to_array(shown_support, ' ')
             from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::smallint[], $5::smallint[], $6::text[],
                 $7::text[], $8::text[], $9::boolean[], $10::smallint[], $11::smallint[], $12::smallint[],
                 $13::text[], $14::smallint[], $15::boolean[], $16::boolean[], $17::boolean[], $18::date[],
                 $19::jsonb[], $20::text[], $21::text[])
                 as told (seeker_id, version, open_file_id, x, y, municipality, region, tasks,
                     any_task, dayparts, hours_min, hours_max, means, max_km, open_file, adviser, paused,
                     available_from, languages, licences, shown_support)
             where not exists (select 1 from erased_aggregates where aggregate_id = told.seeker_id)
             on conflict (seeker_id) do update set
                 version = excluded.version, open_file_id = excluded.open_file_id,
                 x = excluded.x, y = excluded.y,
                 municipality = excluded.municipality, region = excluded.region,
                 tasks = excluded.tasks, any_task = excluded.any_task, dayparts = excluded.dayparts,
                 hours_min = excluded.hours_min, hours_max = excluded.hours_max,
                 means = excluded.means, max_km = excluded.max_km,
                 open_file = excluded.open_file, adviser = excluded.adviser, paused = excluded.paused,
                 available_from = excluded.available_from, languages = excluded.languages,
                 licences = excluded.licences, shown_support = excluded.shown_support
             where known.version < excluded.version
             returning seeker_id
         )
         insert into changes (kind, id, at) select 'profile', seeker_id, $22 from newer",
    )
    .bind(profiles.iter().map(|profile| profile.seeker_id.0).collect::<Vec<Uuid>>())
    .bind(profiles.iter().map(|profile| profile.version).collect::<Vec<i64>>())
    .bind(profiles.iter().map(|profile| profile.open_file_id.0).collect::<Vec<Uuid>>())
    .bind(column(&|profile| profile.area.cell.x))
    .bind(column(&|profile| profile.area.cell.y))
    .bind(text(&|profile| profile.area.municipality.clone()))
    .bind(text(&|profile| profile.area.region.clone()))
    .bind(text(&|profile| joined(profile.tasks.iter().map(|task| task.0.as_str()))))
    .bind(flag(&|profile| profile.any_task))
    .bind(column(&|profile| profile.dayparts.bits().into()))
    .bind(told(&|profile| profile.hours.map(|hours| hours.min)))
    .bind(told(&|profile| profile.hours.map(|hours| hours.max)))
    .bind(profiles.iter().map(|profile| profile.travel.map(|travel| travel.means.name())).collect::<Vec<_>>())
    .bind(told(&|profile| profile.travel.map(|travel| travel.max_km)))
    .bind(flag(&|profile| profile.open_file))
    .bind(flag(&|profile| profile.adviser))
    .bind(flag(&|profile| profile.paused))
    .bind(profiles.iter().map(|profile| profile.available_from).collect::<Vec<_>>())
    .bind(profiles.iter().map(|profile| Json(&profile.languages)).collect::<Vec<_>>())
    .bind(text(&|profile| joined(profile.licences.iter().map(|licence| licence.name()))))
    // Once more here: kinds that say something about health must never come to be shown.
    .bind(text(&|profile| {
        let shown = profile.shown_support.iter().filter(|support| support.shown_on_profiles());
        joined(shown.map(|support| support.name()))
    }))
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    seeker_id: Uuid,
    version: i64,
    open_file_id: Uuid,
    x: i16,
    y: i16,
    municipality: String,
    region: String,
    tasks: Vec<String>,
    any_task: bool,
    dayparts: i16,
    hours_min: Option<i16>,
    hours_max: Option<i16>,
    means: Option<String>,
    max_km: Option<i16>,
    open_file: bool,
    adviser: bool,
    paused: bool,
    available_from: Option<NaiveDate>,
    languages: Json<Vec<Spoken>>,
    licences: Vec<String>,
    shown_support: Vec<String>,
}

impl Row {
    fn into_profile(self) -> Result<ProfilePublished, sqlx::Error> {
        let hours = match self.hours_min.zip(self.hours_max) {
            Some((min, max)) => Some(Hours { min: number(min)?, max: number(max)? }),
            None => None,
        };
        let travel = match self.means.zip(self.max_km) {
            Some((means, max_km)) => {
                Some(Travel { means: named("means", &means, Means::from_name)?, max_km: number(max_km)? })
            }
            None => None,
        };
        Ok(ProfilePublished {
            seeker_id: SeekerId(self.seeker_id),
            version: self.version,
            area: Area {
                cell: Cell { x: self.x, y: self.y },
                municipality: self.municipality,
                region: self.region,
            },
            tasks: self.tasks.into_iter().map(TaskCode).collect(),
            any_task: self.any_task,
            dayparts: Dayparts::from_bits(number(self.dayparts)?),
            hours,
            travel,
            open_file_id: OpenFileId(self.open_file_id),
            open_file: self.open_file,
            adviser: self.adviser,
            paused: self.paused,
            available_from: self.available_from,
            languages: self.languages.0,
            licences: all_named("licence", &self.licences, Licence::from_name)?,
            shown_support: all_named("support", &self.shown_support, Support::from_name)?,
        })
    }
}

/// These profiles; who is not known is not in the answer.
pub(crate) async fn find(
    conn: &mut PgConnection,
    ids: &[SeekerId],
) -> Result<Vec<ProfilePublished>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> =
        sqlx::query_as("select * from profiles where seeker_id = any($1)").bind(ids).fetch_all(conn).await?;
    rows.into_iter().map(Row::into_profile).collect()
}

/// So many profiles after this one, in order of id: pages for reading them all.
pub(crate) async fn page_after(
    conn: &mut PgConnection,
    after: SeekerId,
    limit: i64,
) -> Result<Vec<ProfilePublished>, sqlx::Error> {
    let rows: Vec<Row> =
        sqlx::query_as("select * from profiles where seeker_id > $1 order by seeker_id limit $2")
            .bind(after.0)
            .bind(limit)
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(Row::into_profile).collect()
}

/// Whether she is known and takes part now.
pub(crate) async fn takes_part(conn: &mut PgConnection, seeker_id: SeekerId) -> Result<bool, sqlx::Error> {
    let paused: Option<bool> = sqlx::query_scalar("select paused from profiles where seeker_id = $1")
        .bind(seeker_id.0)
        .fetch_optional(conn)
        .await?;
    Ok(paused == Some(false))
}
