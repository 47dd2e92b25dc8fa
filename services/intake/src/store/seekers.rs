//! The table of people.

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use proto::work::Language;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A person as stored.
#[derive(FromRow)]
pub struct SeekerRow {
    /// Her id inside the platform.
    pub seeker_id: Uuid,
    /// Her id in the open file.
    pub open_file_id: Uuid,
    /// Her id for background facts.
    pub background_id: Uuid,
    /// Of her profile.
    pub version: i64,
    /// Wrapped.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub identity: Vec<u8>,
    /// Encrypted.
    pub wishes: Vec<u8>,
    /// The tag of her language.
    pub language: String,
    /// Encrypted.
    pub entry_point: Option<Vec<u8>>,
    /// Of her background facts.
    pub background_version: i64,
}

/// A person to add.
pub struct NewSeeker {
    /// Her id inside the platform.
    pub seeker_id: Uuid,
    /// Her id in the open file.
    pub open_file_id: Uuid,
    /// Her id for background facts.
    pub background_id: Uuid,
    /// Finds her.
    pub contact_index: Vec<u8>,
    /// Wrapped.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub identity: Vec<u8>,
    /// Encrypted.
    pub wishes: Vec<u8>,
    /// Of her screens.
    pub language: Language,
    /// Encrypted.
    pub entry_point: Option<Vec<u8>>,
}

/// Adds people at version 1, except those whose contact belongs to someone already. Returns the ids
/// of those added. Waits for another transaction that is adding the same contact.
pub async fn add(
    conn: &mut PgConnection,
    people: &[NewSeeker],
    entry_points_due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    fn column<T>(people: &[NewSeeker], of: impl Fn(&NewSeeker) -> T) -> Vec<T> {
        people.iter().map(of).collect()
    }
    // In the order of the contacts: two calls with the same people then never wait for each other
    // crosswise.
    sqlx::query_scalar(
        "insert into seekers (seeker_id, open_file_id, background_id, version, contact_index, data_key,
                              identity, wishes, language, entry_point, entry_point_due_at, created_at, changed_at)
         select seeker_id, open_file_id, background_id, 1, contact_index, data_key, identity, wishes, language,
                entry_point, case when entry_point is null then null else $10 end, $11, $11
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[],
                     $8::text[], $9::bytea[])
              as t (seeker_id, open_file_id, background_id, contact_index, data_key, identity, wishes, language,
                    entry_point)
         order by contact_index
         on conflict (contact_index) do nothing
         returning seeker_id",
    )
    .bind(column(people, |person| person.seeker_id))
    .bind(column(people, |person| person.open_file_id))
    .bind(column(people, |person| person.background_id))
    .bind(column(people, |person| person.contact_index.clone()))
    .bind(column(people, |person| person.data_key.clone()))
    .bind(column(people, |person| person.identity.clone()))
    .bind(column(people, |person| person.wishes.clone()))
    .bind(column(people, |person| person.language.tag().to_owned()))
    .bind(column(people, |person| person.entry_point.clone()))
    .bind(entry_points_due_at)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Reads a person.
pub async fn find(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(
        "select seeker_id, open_file_id, background_id, version, data_key, identity, wishes, language,
                entry_point, background_version
         from seekers where seeker_id = $1",
    )
    .bind(seeker_id)
    .fetch_optional(conn)
    .await
}

/// Reads a person and keeps others from changing her until the transaction ends.
pub async fn lock(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(
        "select seeker_id, open_file_id, background_id, version, data_key, identity, wishes, language,
                entry_point, background_version
         from seekers where seeker_id = $1 for update",
    )
    .bind(seeker_id)
    .fetch_optional(conn)
    .await
}

/// The same for the person with this contact.
pub async fn lock_by_contact(
    conn: &mut PgConnection,
    contact_index: &[u8],
) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(
        "select seeker_id, open_file_id, background_id, version, data_key, identity, wishes, language,
                entry_point, background_version
         from seekers where contact_index = $1 for update",
    )
    .bind(contact_index)
    .fetch_optional(conn)
    .await
}

/// The language of the person with this contact.
pub async fn language_by_contact(
    conn: &mut PgConnection,
    contact_index: &[u8],
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select language from seekers where contact_index = $1")
        .bind(contact_index)
        .fetch_optional(conn)
        .await
}

/// Raises the version and keeps new wishes.
pub async fn save_wishes(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    version: i64,
    wishes: &[u8],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set version = $2, wishes = $3, changed_at = $4 where seeker_id = $1")
        .bind(seeker_id)
        .bind(version)
        .bind(wishes)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Raises the version.
pub async fn save_version(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    version: i64,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set version = $2, changed_at = $3 where seeker_id = $1")
        .bind(seeker_id)
        .bind(version)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps an entry point to be told, or forgets it.
pub async fn save_entry_point(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    entry_point: Option<(&[u8], DateTime<Utc>)>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set entry_point = $2, entry_point_due_at = $3 where seeker_id = $1")
        .bind(seeker_id)
        .bind(entry_point.map(|(stored, _)| stored))
        .bind(entry_point.map(|(_, due_at)| due_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes people whose entry point is to be told, in the order of their background ids: an order that
/// says nothing about when they came.
pub async fn take_due_entry_points(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<SeekerRow>, sqlx::Error> {
    sqlx::query_as(
        "with due as (
             select seeker_id from seekers where entry_point_due_at <= $1
             order by background_id limit $2 for update skip locked
         ), told as (
             update seekers set entry_point_due_at = null, background_version = background_version + 1
             from due where seekers.seeker_id = due.seeker_id
             returning seekers.seeker_id, open_file_id, background_id, version, data_key, identity, wishes,
                       language, entry_point, background_version
         )
         select * from told order by background_id",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}
