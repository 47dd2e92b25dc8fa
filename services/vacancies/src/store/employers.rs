//! Employers, their sites and who looks after them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use proto::{
    AccountId, EmployerId, ImportId, SiteId,
    vacancies::{EmployerLine, EmployerRegion, Page, Site, SiteDetails},
};
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::anywhere;
use crate::{
    domain::employer::{CheckedSite, Employer},
    may::{Owner, Scope},
};

/// An employer as stored, for decisions.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Known {
    employer_id: Uuid,
    /// Its KVK number.
    pub kvk_number: String,
    /// Its name.
    pub name: String,
    /// The regions of its sites in use.
    pub regions: Vec<String>,
    /// Whether a labour conflict stops its openings.
    pub labour_conflict: bool,
}

impl Known {
    /// Its id.
    pub fn employer_id(&self) -> EmployerId {
        EmployerId(self.employer_id)
    }

    /// As the table of who may do what sees it.
    pub fn owner(&self) -> Owner<'_> {
        Owner { employer_id: Some(self.employer_id()), regions: &self.regions }
    }
}

/// Adds employers whose KVK number is new, with their first site; an employer that went with an undone
/// import is added anew under the id it had. Returns the ids of those that were added, by KVK number.
/// Sorted, so that two who add the same ones wait for each other instead of locking each other out.
pub async fn insert_new(
    conn: &mut PgConnection,
    employers: &[Employer],
    made_by: Option<ImportId>,
    now: DateTime<Utc>,
) -> Result<HashMap<String, EmployerId>, sqlx::Error> {
    let column = |of: fn(&Employer) -> &str| employers.iter().map(|e| of(e).to_owned()).collect::<Vec<_>>();
    let ids: Vec<Uuid> = employers.iter().map(|employer| employer.employer_id.0).collect();
    let site_ids: Vec<Uuid> = employers.iter().map(|employer| employer.site.site_id.0).collect();
    let added: Vec<(String, Uuid)> = sqlx::query_as(
        "with t as (
             select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[],
                                  $7::text[], $8::text[], $9::text[])
                 as t (employer_id, kvk_number, name, site_id, site_name, street, postcode, place, region)
         ), added as (
             insert into employers
                 (employer_id, kvk_number, name, place, regions, labour_conflict, made_by, created_at)
             select employer_id, kvk_number, name, place, array[region], false, $11, $10 from t
             order by kvk_number
             on conflict (kvk_number) do update
                 set name = excluded.name, place = excluded.place, regions = excluded.regions,
                     labour_conflict = false, made_by = excluded.made_by, taken_back_at = null
                 where employers.taken_back_at is not null
             returning employer_id, kvk_number
         ), ended as (
             -- Of an employer that comes back; the new site is not there yet for this statement.
             update sites s set ended_at = $10 from added
             where s.employer_id = added.employer_id and s.ended_at is null
         ), placed as (
             insert into sites (site_id, employer_id, name, street, postcode, place, region, created_at)
             select t.site_id, added.employer_id, t.site_name, t.street, t.postcode, t.place, t.region, $10
             from t join added using (kvk_number)
         )
         select kvk_number, employer_id from added",
    )
    .bind(ids)
    .bind(column(|employer| &employer.kvk_number))
    .bind(column(|employer| &employer.name))
    .bind(site_ids)
    .bind(column(|employer| &employer.site.name))
    .bind(column(|employer| &employer.site.street))
    .bind(column(|employer| &employer.site.at.postcode))
    .bind(column(|employer| &employer.site.at.place))
    .bind(column(|employer| &employer.site.at.area.region))
    .bind(now)
    .bind(made_by.map(|import| import.0))
    .fetch_all(conn)
    .await?;
    Ok(added.into_iter().map(|(kvk, id)| (kvk, EmployerId(id))).collect())
}

/// Somebody uses these employers: they no longer go with the import that made them, and one that went is
/// back. An import's own rows do not make it a user of what it made itself.
pub async fn keep(
    conn: &mut PgConnection,
    ids: &[EmployerId],
    user: Option<ImportId>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "with used as (
             select employer_id from employers
             where employer_id = any($1)
               and (taken_back_at is not null or made_by is not null and made_by is distinct from $2)
             order by employer_id for update
         )
         update employers e set made_by = null, taken_back_at = null
         from used where e.employer_id = used.employer_id",
    )
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .bind(user.map(|import| import.0))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back the employers that an import made and that nobody used since: every opening was taken back
/// as well. Returns how many.
pub async fn take_back(
    conn: &mut PgConnection,
    made_by: ImportId,
    now: DateTime<Utc>,
) -> Result<u32, sqlx::Error> {
    let done = sqlx::query(
        "with unused as (
             select e.employer_id from employers e
             where e.made_by = $1
               and not exists (select from openings o where o.employer_id = e.employer_id
                               and o.close_reason is distinct from 'undone')
             order by e.employer_id for update
         )
         update employers e set made_by = null, taken_back_at = $2
         from unused where e.employer_id = unused.employer_id",
    )
    .bind(made_by.0)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() as u32)
}

/// The employers with these KVK numbers; one that went with an undone import is not there.
pub async fn by_kvk(
    conn: &mut PgConnection,
    kvk_numbers: &[String],
) -> Result<HashMap<String, Known>, sqlx::Error> {
    let found: Vec<Known> = sqlx::query_as(
        "select employer_id, kvk_number, name, regions, labour_conflict from employers
         where kvk_number = any($1) and taken_back_at is null",
    )
    .bind(kvk_numbers)
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(|known| (known.kvk_number.clone(), known)).collect())
}

/// The employer with this id.
pub async fn find(conn: &mut PgConnection, id: EmployerId) -> Result<Option<Known>, sqlx::Error> {
    sqlx::query_as(
        "select employer_id, kvk_number, name, regions, labour_conflict from employers where employer_id = $1",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await
}

/// The employer with this id, alone: for what follows from all its sites.
pub async fn lock(conn: &mut PgConnection, id: EmployerId) -> Result<Option<Known>, sqlx::Error> {
    sqlx::query_as(
        "select employer_id, kvk_number, name, regions, labour_conflict from employers
         where employer_id = $1 for update",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await
}

/// Its name, and whether a labour conflict stops its openings.
pub async fn save(
    conn: &mut PgConnection,
    id: EmployerId,
    name: &str,
    labour_conflict: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("update employers set name = $2, labour_conflict = $3 where employer_id = $1")
        .bind(id.0)
        .bind(name)
        .bind(labour_conflict)
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds a site, or changes it. Its employer is locked by whoever does this.
pub async fn save_site(
    conn: &mut PgConnection,
    employer_id: EmployerId,
    site: &CheckedSite,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into sites (site_id, employer_id, name, street, postcode, place, region, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (site_id) do update set name = excluded.name, street = excluded.street,
             postcode = excluded.postcode, place = excluded.place, region = excluded.region",
    )
    .bind(site.site_id.0)
    .bind(employer_id.0)
    .bind(&site.name)
    .bind(&site.street)
    .bind(&site.at.postcode)
    .bind(&site.at.place)
    .bind(&site.at.area.region)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    follow_sites(conn, employer_id).await
}

/// Takes a site out of use.
pub async fn end_site(
    conn: &mut PgConnection,
    employer_id: EmployerId,
    site: SiteId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update sites set ended_at = $2 where site_id = $1")
        .bind(site.0)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    // A contact of a site that is gone is a contact of the employer.
    sqlx::query("update employer_contacts set site_id = null where site_id = $1")
        .bind(site.0)
        .execute(&mut *conn)
        .await?;
    follow_sites(conn, employer_id).await
}

/// Writes down what follows from the sites in use: the place of the first, the regions of all. Nobody
/// looks after an employer in a region where it no longer is.
async fn follow_sites(conn: &mut PgConnection, id: EmployerId) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update employers e set regions = s.regions, place = s.place
         from (select array_agg(distinct region) as regions,
                      (array_agg(place order by created_at, site_id))[1] as place
               from sites where employer_id = $1 and ended_at is null) s
         where e.employer_id = $1 and s.place is not null",
    )
    .bind(id.0)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "delete from account_managers m using employers e
         where m.employer_id = $1 and e.employer_id = $1 and not m.region = any(e.regions)",
    )
    .bind(id.0)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct SiteRow {
    site_id: Uuid,
    employer_id: Uuid,
    name: String,
    street: String,
    postcode: String,
    place: String,
    region: String,
}

impl From<SiteRow> for Site {
    fn from(row: SiteRow) -> Self {
        Self {
            site_id: SiteId(row.site_id),
            details: SiteDetails { name: row.name, street: row.street, postcode: row.postcode },
            place: row.place,
            region: row.region,
        }
    }
}

/// A site in use, and whose it is.
pub async fn site(conn: &mut PgConnection, id: SiteId) -> Result<Option<(EmployerId, Site)>, sqlx::Error> {
    let row: Option<SiteRow> = sqlx::query_as(
        "select site_id, employer_id, name, street, postcode, place, region from sites
         where site_id = $1 and ended_at is null",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (EmployerId(row.employer_id), row.into())))
}

/// The sites of an employer that are in use, oldest first.
pub async fn sites(conn: &mut PgConnection, id: EmployerId) -> Result<Vec<Site>, sqlx::Error> {
    let rows: Vec<SiteRow> = sqlx::query_as(
        "select site_id, employer_id, name, street, postcode, place, region from sites
         where employer_id = $1 and ended_at is null order by created_at, site_id",
    )
    .bind(id.0)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Says who looks after an employer in a region.
pub async fn set_account_manager(
    conn: &mut PgConnection,
    id: EmployerId,
    region: &str,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let Some(account_id) = account_id else {
        sqlx::query("delete from account_managers where employer_id = $1 and region = $2")
            .bind(id.0)
            .bind(region)
            .execute(conn)
            .await?;
        return Ok(());
    };
    sqlx::query(
        "insert into account_managers (employer_id, region, account_id, since) values ($1, $2, $3, $4)
         on conflict (employer_id, region) do update set account_id = excluded.account_id, since = excluded.since
         where account_managers.account_id <> excluded.account_id",
    )
    .bind(id.0)
    .bind(region)
    .bind(account_id.0)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct LineRow {
    employer_id: Uuid,
    name: String,
    kvk_number: String,
    place: String,
    open_openings: i64,
}

impl From<LineRow> for EmployerLine {
    fn from(row: LineRow) -> Self {
        Self {
            employer_id: EmployerId(row.employer_id),
            name: row.name,
            kvk_number: row.kvk_number,
            place: row.place,
            open_openings: u32::try_from(row.open_openings).unwrap_or(u32::MAX),
        }
    }
}

/// Employers by name. The page is found first; its openings are then counted by one aggregate over the
/// index of published ones.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    search: &str,
    account_manager: Option<AccountId>,
    limit: i64,
    offset: i64,
) -> Result<Page<EmployerLine>, sqlx::Error> {
    let own = scope.employer_id.map(|id| id.0);
    let pattern = anywhere(search);
    let manager = account_manager.map(|id| id.0);
    let total: i64 = sqlx::query_scalar(
        "select count(*) from employers e
         where e.taken_back_at is null and ($1 or e.regions && $2 or e.employer_id = $3)
           and (e.name ilike $4 or e.kvk_number like $4)
           and ($5::uuid is null or exists (select 1 from account_managers m
                                            where m.employer_id = e.employer_id and m.account_id = $5))",
    )
    .bind(scope.all)
    .bind(&scope.regions)
    .bind(own)
    .bind(&pattern)
    .bind(manager)
    .fetch_one(pool)
    .await?;
    let rows: Vec<LineRow> = sqlx::query_as(
        "with page as materialized (
             select e.employer_id, e.name, e.kvk_number, e.place, e.labour_conflict from employers e
             where e.taken_back_at is null and ($1 or e.regions && $2 or e.employer_id = $3)
           and (e.name ilike $4 or e.kvk_number like $4)
               and ($5::uuid is null or exists (select 1 from account_managers m
                                                where m.employer_id = e.employer_id and m.account_id = $5))
             order by lower(e.name), e.employer_id
             limit $6 offset $7
         ), counted as materialized (
             select employer_id, count(*) as open_openings from openings
             where state = 'published' and employer_id = any (array(select employer_id from page))
             group by employer_id
         )
         select p.employer_id, p.name, p.kvk_number, p.place,
                case when p.labour_conflict then 0 else coalesce(c.open_openings, 0) end as open_openings
         from page p left join counted c on c.employer_id = p.employer_id
         order by lower(p.name), p.employer_id",
    )
    .bind(scope.all)
    .bind(&scope.regions)
    .bind(own)
    .bind(&pattern)
    .bind(manager)
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await?;
    Ok(Page { rows: rows.into_iter().map(Into::into).collect(), total: total as u64 })
}

/// One employer as a line of the list.
pub async fn line(conn: &mut PgConnection, id: EmployerId) -> Result<Option<EmployerLine>, sqlx::Error> {
    let row: Option<LineRow> = sqlx::query_as(
        "select e.employer_id, e.name, e.kvk_number, e.place,
                case when e.labour_conflict then 0 else (select count(*) from openings o
                 where o.employer_id = e.employer_id and o.state = 'published') end as open_openings
         from employers e where e.employer_id = $1",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Into::into))
}

/// The regions of an employer, with who looks after it there.
pub async fn regions(conn: &mut PgConnection, id: EmployerId) -> Result<Vec<EmployerRegion>, sqlx::Error> {
    let rows: Vec<(String, Option<Uuid>)> = sqlx::query_as(
        "select r.region, m.account_id
         from employers e cross join unnest(e.regions) as r (region)
         left join account_managers m on m.employer_id = e.employer_id and m.region = r.region
         where e.employer_id = $1 order by r.region",
    )
    .bind(id.0)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(region, account_id)| EmployerRegion { region, account_manager: account_id.map(AccountId) })
        .collect())
}
