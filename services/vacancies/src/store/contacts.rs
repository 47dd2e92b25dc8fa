//! Contact persons at employers, encrypted, and who was shown them.

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use proto::{AccountId, ContactId, EmployerId, SiteId, intake::ContactPurpose, vacancies::ContactLine};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A contact person as stored, still encrypted.
#[derive(Debug)]
pub struct Contact {
    /// Which.
    pub contact_id: ContactId,
    /// Whose.
    pub employer_id: EmployerId,
    /// At which site; nothing for all.
    pub site_id: Option<SiteId>,
    /// Her key.
    pub key: WrappedKey,
    /// Who she is, under that key.
    pub contact: Vec<u8>,
}

#[derive(FromRow)]
struct ContactRow {
    contact_id: Uuid,
    employer_id: Uuid,
    site_id: Option<Uuid>,
    wrapped_key: WrappedKey,
    contact: Vec<u8>,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        Self {
            contact_id: ContactId(row.contact_id),
            employer_id: EmployerId(row.employer_id),
            site_id: row.site_id.map(SiteId),
            key: row.wrapped_key,
            contact: row.contact,
        }
    }
}

/// Keeps a contact person, or what changed about her.
pub async fn save(conn: &mut PgConnection, contact: &Contact, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into employer_contacts
             (contact_id, employer_id, site_id, wrapped_key, contact, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $6)
         on conflict (contact_id) do update set site_id = excluded.site_id,
             wrapped_key = excluded.wrapped_key, contact = excluded.contact, changed_at = excluded.changed_at",
    )
    .bind(contact.contact_id.0)
    .bind(contact.employer_id.0)
    .bind(contact.site_id.map(|id| id.0))
    .bind(&contact.key)
    .bind(&contact.contact)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Loads and locks a contact person.
pub async fn lock(conn: &mut PgConnection, id: ContactId) -> Result<Option<Contact>, sqlx::Error> {
    let row: Option<ContactRow> = sqlx::query_as(
        "select contact_id, employer_id, site_id, wrapped_key, contact from employer_contacts
         where contact_id = $1 for update",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Into::into))
}

/// Deletes a contact person with her key.
pub async fn delete(conn: &mut PgConnection, id: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from employer_contacts where contact_id = $1").bind(id.0).execute(conn).await?;
    Ok(())
}

/// How many an employer has.
pub async fn count(conn: &mut PgConnection, id: EmployerId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from employer_contacts where employer_id = $1")
        .bind(id.0)
        .fetch_one(conn)
        .await
}

/// The contact persons of an employer, without who they are.
pub async fn lines(conn: &mut PgConnection, id: EmployerId) -> Result<Vec<ContactLine>, sqlx::Error> {
    let rows: Vec<(Uuid, Option<Uuid>, DateTime<Utc>)> = sqlx::query_as(
        "select contact_id, site_id, created_at from employer_contacts
         where employer_id = $1 order by created_at, contact_id",
    )
    .bind(id.0)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(contact_id, site_id, since)| ContactLine {
            contact_id: ContactId(contact_id),
            site_id: site_id.map(SiteId),
            since,
        })
        .collect())
}

/// Writes down who is shown a contact person, and for what.
pub async fn note_look(
    conn: &mut PgConnection,
    look_id: Uuid,
    contact: &Contact,
    account_id: AccountId,
    purpose: ContactPurpose,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into contact_looks (look_id, contact_id, employer_id, account_id, purpose, looked_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(look_id)
    .bind(contact.contact_id.0)
    .bind(contact.employer_id.0)
    .bind(account_id.0)
    .bind(purpose.name())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets looks of before a moment.
pub async fn forget_looks_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query("delete from contact_looks where looked_at < $1").bind(before).execute(conn).await?;
    Ok(done.rows_affected())
}
