//! The table of people.

use chassis::vault::WrappedKey;
use chrono::{DateTime, NaiveDate, Utc};
use proto::work::{Channel, Language};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::person::{TakesPart, next_hour};

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
    /// Of what is told about her contact.
    pub contact_version: i64,
    /// Finds her by her own contact, if she has one.
    pub contact_index: Option<Vec<u8>>,
    /// The contact of somebody else that she shares.
    pub contact_hint_index: Option<Vec<u8>>,
    /// Suggests records with the same first name.
    pub name_index: Option<Vec<u8>>,
    /// Wrapped.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub identity: Vec<u8>,
    /// Encrypted.
    pub second_number: Option<Vec<u8>>,
    /// Of what is told about how she can be reached; 0 while nothing was told.
    pub ways_version: i64,
    /// Encrypted; none from who only signed up for a queue.
    pub wishes: Option<Vec<u8>>,
    /// Encrypted.
    pub needs: Option<Vec<u8>>,
    /// Encrypted.
    pub background: Option<Vec<u8>>,
    /// Encrypted.
    pub letter: Option<Vec<u8>>,
    /// The tag of her language.
    pub language: String,
    /// Encrypted.
    pub entry_point: Option<Vec<u8>>,
    /// Of her background facts; 0 while nothing was told under her background id.
    pub background_version: i64,
    /// Since when she pauses.
    pub paused_at: Option<DateTime<Utc>>,
    /// Until which day she pauses.
    pub paused_until: Option<NaiveDate>,
    /// Whether silence made the pause.
    pub paused_by_silence: bool,
    /// Her last sign of life, to the day.
    pub last_heard_at: DateTime<Utc>,
    /// Since when we ask whether she is still looking.
    pub asked_still_looking_at: Option<DateTime<Utc>>,
    /// The channel of her weekly digest.
    pub digest: Option<String>,
    /// When she first signed in herself; none before that for who was registered with help.
    pub took_over_at: Option<DateTime<Utc>>,
    /// The record that hers joined.
    pub merged_into: Option<Uuid>,
    /// When she was registered.
    pub created_at: DateTime<Utc>,
}

impl SeekerRow {
    /// Whether she takes part, as far as her profile says so.
    pub fn takes_part(&self) -> TakesPart {
        if self.merged_into.is_some() {
            TakesPart::Merged
        } else if self.paused_at.is_some() {
            TakesPart::Paused
        } else {
            TakesPart::Looking
        }
    }

    /// Of her screens and messages.
    pub fn language(&self) -> Language {
        Language::from_tag(&self.language).unwrap_or_default()
    }

    /// The channel of her weekly digest.
    pub fn digest(&self) -> Option<Channel> {
        self.digest.as_deref().and_then(Channel::from_name)
    }
}

/// Every column of [`SeekerRow`].
macro_rules! columns {
    () => {
        "seekers.seeker_id, open_file_id, background_id, version, contact_version, contact_index, contact_hint_index, name_index,
         data_key, identity, second_number, ways_version, wishes, needs, background, letter, language, entry_point, background_version,
         paused_at, paused_until, paused_by_silence, last_heard_at, asked_still_looking_at, digest,
         took_over_at, merged_into, created_at"
    };
}

/// A person to add.
pub struct NewSeeker {
    /// Her id inside the platform.
    pub seeker_id: Uuid,
    /// Her id in the open file.
    pub open_file_id: Uuid,
    /// Her id for background facts.
    pub background_id: Uuid,
    /// Finds her by a contact of her own.
    pub contact_index: Option<Vec<u8>>,
    /// The contact of somebody else that she shares.
    pub contact_hint_index: Option<Vec<u8>>,
    /// Suggests records with the same first name.
    pub name_index: Vec<u8>,
    /// Wrapped.
    pub data_key: WrappedKey,
    /// Encrypted.
    pub identity: Vec<u8>,
    /// Encrypted; none when she told none.
    pub wishes: Option<Vec<u8>>,
    /// Encrypted.
    pub letter: Option<Vec<u8>>,
    /// Of her screens.
    pub language: Language,
    /// Encrypted.
    pub entry_point: Option<Vec<u8>>,
    /// The channel of her weekly digest.
    pub digest: Option<Channel>,
    /// Whether she registers herself.
    pub herself: bool,
}

/// Adds people at version 1, except those whose contact belongs to someone already. Returns the ids
/// of those added. Waits for another transaction that is adding the same contact.
pub async fn add(
    conn: &mut PgConnection,
    people: &[NewSeeker],
    background_due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    fn column<T>(people: &[NewSeeker], of: impl Fn(&NewSeeker) -> T) -> Vec<T> {
        people.iter().map(of).collect()
    }
    // In the order of the contacts: two calls with the same people then never wait for each other
    // crosswise.
    sqlx::query_scalar(
        "insert into seekers (seeker_id, open_file_id, background_id, version, contact_index, contact_hint_index,
                              name_index, data_key, identity, wishes, letter, language, entry_point, digest,
                              background_due_at, took_over_at, last_heard_at, created_at, changed_at)
         select seeker_id, open_file_id, background_id, 1, contact_index, contact_hint_index,
                name_index, data_key, identity, wishes, letter, language, entry_point, digest,
                case when entry_point is null then null else $14 end,
                case when herself then $15 end, $15, $15, $15
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[],
                     $8::bytea[], $9::bytea[], $10::bytea[], $11::text[], $12::bytea[], $13::text[], $16::boolean[])
              as t (seeker_id, open_file_id, background_id, contact_index, contact_hint_index, name_index, data_key,
                    identity, wishes, letter, language, entry_point, digest, herself)
         order by contact_index
         on conflict (contact_index) do nothing
         returning seeker_id",
    )
    .bind(column(people, |person| person.seeker_id))
    .bind(column(people, |person| person.open_file_id))
    .bind(column(people, |person| person.background_id))
    .bind(column(people, |person| person.contact_index.clone()))
    .bind(column(people, |person| person.contact_hint_index.clone()))
    .bind(column(people, |person| person.name_index.clone()))
    .bind(column(people, |person| person.data_key.clone()))
    .bind(column(people, |person| person.identity.clone()))
    .bind(column(people, |person| person.wishes.clone()))
    .bind(column(people, |person| person.letter.clone()))
    .bind(column(people, |person| person.language.tag().to_owned()))
    .bind(column(people, |person| person.entry_point.clone()))
    .bind(column(people, |person| person.digest.map(|channel| channel.name().to_owned())))
    .bind(background_due_at)
    .bind(now)
    .bind(column(people, |person| person.herself))
    .fetch_all(conn)
    .await
}

/// Reads a person.
pub async fn find(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!("select ", columns!(), " from seekers where seeker_id = $1"))
        .bind(seeker_id)
        .fetch_optional(conn)
        .await
}

/// People in the order of their ids, after one of them.
pub async fn page(conn: &mut PgConnection, after: Uuid, limit: i64) -> Result<Vec<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from seekers where seeker_id > $1 order by seeker_id limit $2"
    ))
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// People whose background was told as it is kept, in the order of their background ids: an order that says
/// nothing about who they are.
pub async fn page_of_told(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from seekers where background_id > $1 and background_version > 0 and background_due_at is null
         order by background_id limit $2"
    ))
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Reads a person and keeps others from changing her until the transaction ends.
pub async fn lock(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!("select ", columns!(), " from seekers where seeker_id = $1 for update"))
        .bind(seeker_id)
        .fetch_optional(conn)
        .await
}

/// The same for the person with this contact.
pub async fn lock_by_contact(
    conn: &mut PgConnection,
    contact_index: &[u8],
) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!("select ", columns!(), " from seekers where contact_index = $1 for update"))
        .bind(contact_index)
        .fetch_optional(conn)
        .await
}

/// The same for the first who came with this contact, her own or one that is shared with her, under this first name.
pub async fn lock_by_contact_and_name(
    conn: &mut PgConnection,
    contact_index: &[u8],
    name_index: &[u8],
) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from seekers where (contact_index = $1 or contact_hint_index = $1) and name_index = $2
         order by created_at, seeker_id limit 1 for update"
    ))
    .bind(contact_index)
    .bind(name_index)
    .fetch_optional(conn)
    .await
}

/// The same for the person with this id in the open file.
pub async fn lock_by_open_file(
    conn: &mut PgConnection,
    open_file_id: Uuid,
) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!("select ", columns!(), " from seekers where open_file_id = $1 for update"))
        .bind(open_file_id)
        .fetch_optional(conn)
        .await
}

/// Locks whose background id this is and raises the version of her background facts to at least this one.
pub async fn lock_by_background(
    conn: &mut PgConnection,
    background_id: Uuid,
    version: i64,
) -> Result<Option<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!(
        "update seekers set background_version = greatest(background_version, $2) where background_id = $1
         returning ",
        columns!()
    ))
    .bind(background_id)
    .bind(version)
    .fetch_optional(conn)
    .await
}

/// People by their ids, for a list.
pub async fn of_ids(conn: &mut PgConnection, seeker_ids: &[Uuid]) -> Result<Vec<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!("select ", columns!(), " from seekers where seeker_id = any($1)"))
        .bind(seeker_ids)
        .fetch_all(conn)
        .await
}

/// Who holds a contact.
#[derive(FromRow)]
pub struct Holder {
    /// Of the contact.
    pub contact_index: Vec<u8>,
    /// She; of a record that joined another one, the other.
    pub seeker_id: Uuid,
    /// Her language.
    pub language: String,
    /// Whether she last agreed that an adviser thinks along.
    pub adviser: bool,
    /// Whether she gave a second number.
    pub second_number: bool,
}

impl Holder {
    /// Of her screens and messages.
    pub fn language(&self) -> Option<Language> {
        Language::from_tag(&self.language)
    }
}

/// Who hold these contacts.
pub async fn holders(conn: &mut PgConnection, contact_indexes: &[&[u8]]) -> Result<Vec<Holder>, sqlx::Error> {
    sqlx::query_as(
        "select contact_index, person.seeker_id, language,
                coalesce((select given from consents
                          where consents.seeker_id = person.seeker_id and purpose = 'adviser'
                          order by consent_id desc limit 1), false) as adviser,
                (select hers.second_number is not null from seekers hers where hers.seeker_id = person.seeker_id)
                    as second_number
         from seekers, lateral (select coalesce(merged_into, seekers.seeker_id) as seeker_id) as person
         where contact_index = any($1)",
    )
    .bind(contact_indexes)
    .fetch_all(conn)
    .await
}

/// Id and language of who holds a contact.
pub async fn known_by_contact(
    conn: &mut PgConnection,
    contact_index: &[u8],
) -> Result<Option<(Uuid, String)>, sqlx::Error> {
    sqlx::query_as("select seeker_id, language from seekers where contact_index = $1")
        .bind(contact_index)
        .fetch_optional(conn)
        .await
}

/// Ids and languages of everybody whom a contact reaches, in the order of their ids: whose own it is, who shares it,
/// whose second number it is, and who is one person with one of these.
pub async fn reached_by(
    conn: &mut PgConnection,
    contact_index: &[u8],
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    sqlx::query_as(
        "with reached as (
             select coalesce(merged_into, seeker_id) as seeker_id from seekers
             where contact_index = $1 or contact_hint_index = $1 or second_index = $1
         )
         select seeker_id, language from seekers
         where seeker_id in (select seeker_id from reached) or merged_into in (select seeker_id from reached)
         order by seeker_id",
    )
    .bind(contact_index)
    .fetch_all(conn)
    .await
}

/// Keeps her wishes. Background that waited for them, because it is told with a region, is told on the hour.
pub async fn save_wishes(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    wishes: &[u8],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers
         set wishes = $2, changed_at = $3,
             background_due_at = case when wishes is null and background_due_at is not null then $4
                                      else background_due_at end
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(wishes)
    .bind(now)
    .bind(next_hour(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets her wishes: they were another record's, and go back with it.
pub async fn forget_wishes(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set wishes = null, changed_at = $2 where seeker_id = $1")
        .bind(seeker_id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Raises the version of what is told about her contact; `None` when she is no person.
pub async fn next_contact_version(
    conn: &mut PgConnection,
    seeker_id: Uuid,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "update seekers set contact_version = contact_version + 1 where seeker_id = $1
         returning contact_version",
    )
    .bind(seeker_id)
    .fetch_optional(conn)
    .await
}

/// Raises the versions to at least this one.
pub async fn raise_versions(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    version: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers set version = greatest(version, $2), contact_version = greatest(contact_version, $2),
                            ways_version = greatest(ways_version, $2)
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(version)
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

/// Keeps what she needs; none keeps nothing.
pub async fn save_needs(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    needs: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set needs = $2, changed_at = $3 where seeker_id = $1")
        .bind(seeker_id)
        .bind(needs)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Background as stored, and when it is told.
pub struct NewBackground {
    /// Encrypted.
    pub benefit: Option<Vec<u8>>,
    /// Encrypted.
    pub entry_point: Option<Vec<u8>>,
    /// When what is left is told; none when nothing is left.
    pub due_at: Option<DateTime<Utc>>,
    /// Another id, when something that was published is taken back.
    pub new_id: Option<Uuid>,
}

/// Keeps background to be told, or forgets it. Under another id its versions begin anew.
pub async fn save_background(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    background: &NewBackground,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers
         set background = $2, entry_point = $3, background_due_at = $4, background_id = coalesce($5, background_id),
             background_version = case when $5 is null then background_version else 0 end
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(&background.benefit)
    .bind(&background.entry_point)
    .bind(background.due_at)
    .bind(background.new_id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes people whose background is to be told, in the order of their background ids: an order that
/// says nothing about when they came.
pub async fn take_due_background(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!(
        "with due as (
             select seeker_id from seekers where background_due_at <= $1 and wishes is not null
             order by background_id limit $2 for update skip locked
         ), told as (
             update seekers set background_due_at = null, background_version = background_version + 1
             from due where seekers.seeker_id = due.seeker_id
             returning ",
        columns!(),
        ")
         select * from told order by background_id"
    ))
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Keeps who she is.
pub async fn save_identity(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    identity: &[u8],
    name_index: &[u8],
    language: Language,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers set identity = $2, name_index = $3, language = $4, changed_at = $5 where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(identity)
    .bind(name_index)
    .bind(language.tag())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A contact of her own, in place of an older one, of one she shared or of letters.
pub struct NewContact<'a> {
    /// Encrypted, with the contact in it.
    pub identity: &'a [u8],
    /// Finds her.
    pub contact_index: &'a [u8],
    /// The channel of her digest, if it still suits.
    pub digest: Option<Channel>,
}

/// Keeps a contact of her own.
pub async fn save_contact(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    contact: &NewContact<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers set identity = $2, contact_index = $3, digest = $4, contact_hint_index = null,
                            letter = null, contact_free_until = null, changed_at = $5
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(contact.identity)
    .bind(contact.contact_index)
    .bind(contact.digest.map(Channel::name))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets her give another contact until a moment.
pub async fn free_contact(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set contact_free_until = $2 where seeker_id = $1")
        .bind(seeker_id)
        .bind(until)
        .execute(conn)
        .await?;
    Ok(())
}

/// Until when she may give another contact.
pub async fn contact_free_until(
    conn: &mut PgConnection,
    seeker_id: Uuid,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar("select contact_free_until from seekers where seeker_id = $1")
        .bind(seeker_id)
        .fetch_one(conn)
        .await
}

/// Keeps her second number with what finds her by it, or forgets both.
pub async fn save_second_number(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    second: Option<(&[u8], &[u8])>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (number, index) = second.unzip();
    sqlx::query(
        "update seekers set second_number = $2, second_index = $3, changed_at = $4 where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(number)
    .bind(index)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Raises the version of what is told about how she can be reached.
pub async fn next_ways_version(conn: &mut PgConnection, seeker_id: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "update seekers set ways_version = ways_version + 1 where seeker_id = $1 returning ways_version",
    )
    .bind(seeker_id)
    .fetch_one(conn)
    .await
}

/// People of whom it was told how they can be reached, in the order of their ids, after one of them.
pub async fn page_of_ways(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<SeekerRow>, sqlx::Error> {
    sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from seekers where seeker_id > $1 and ways_version > 0 order by seeker_id limit $2"
    ))
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Notes a sign of life. What was asked since the last one is answered by it.
pub async fn hear(conn: &mut PgConnection, seeker_id: Uuid, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    // Who waited for the row while the clock asked her something began earlier than the question; what she says
    // is heard after it all the same, so the questions go, and no later sign of life is lost.
    sqlx::query(
        "update seekers set last_heard_at = greatest(last_heard_at, $2), asked_still_looking_at = null,
             asked_again_at = null, keep_told_at = null
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that she signed in herself.
pub async fn take_over(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set took_over_at = coalesce(took_over_at, $2) where seeker_id = $1")
        .bind(seeker_id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
