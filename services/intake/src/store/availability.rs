//! Pauses, silence and digests: columns of the table of people.

use chrono::{DateTime, NaiveDate, Utc};
use proto::intake::Availability;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::availability::{Asked, Paused, Silence};

/// Whether someone takes part, and what was asked.
#[derive(Debug, Clone, FromRow)]
pub struct AvailabilityRow {
    /// Her last sign of life.
    pub last_heard_at: DateTime<Utc>,
    /// When a pause last ended by itself.
    pub resumed_at: Option<DateTime<Utc>>,
    /// Whether a message can reach her.
    pub reachable: bool,
    /// Since when she pauses.
    pub paused_at: Option<DateTime<Utc>>,
    /// Until which day.
    pub paused_until: Option<NaiveDate>,
    /// Whether silence made the pause.
    pub paused_by_silence: bool,
    /// "Still looking?"
    pub asked_still_looking_at: Option<DateTime<Utc>>,
    /// Once more.
    pub asked_again_at: Option<DateTime<Utc>>,
    /// When she was told on which day her data are erased.
    pub keep_told_at: Option<DateTime<Utc>>,
}

impl AvailabilityRow {
    /// For the rules.
    pub fn silence(&self) -> Silence {
        Silence {
            last_heard: self.last_heard_at,
            resumed: self.resumed_at,
            reachable: self.reachable,
            pause: self.paused_at.map(|_| Paused { until: self.paused_until }),
            asked: Asked {
                first: self.asked_still_looking_at,
                again: self.asked_again_at,
                keep_told: self.keep_told_at,
            },
        }
    }

    /// For her page.
    pub fn availability(&self) -> Availability {
        match self.paused_at {
            Some(_) => Availability::Paused { until: self.paused_until, by_silence: self.paused_by_silence },
            None => Availability::Looking { asked_at: self.silence().asked_at() },
        }
    }
}

/// Reads whether someone takes part.
pub async fn find(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Option<AvailabilityRow>, sqlx::Error> {
    sqlx::query_as(
        "select last_heard_at, resumed_at, contact_index is not null or contact_hint_index is not null as reachable,
                paused_at, paused_until, paused_by_silence, asked_still_looking_at, asked_again_at, keep_told_at
         from seekers where seeker_id = $1",
    )
    .bind(seeker_id)
    .fetch_optional(conn)
    .await
}

/// Pauses someone; in place of a pause that she has.
pub async fn pause(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    until: Option<NaiveDate>,
    by_silence: bool,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers set paused_at = $2, paused_until = $3, paused_by_silence = $4 where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(now)
    .bind(until)
    .bind(by_silence)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a pause; `by_clock` when it ended by itself, so that silence counts from now.
pub async fn resume(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    by_clock: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers set paused_at = null, paused_until = null, paused_by_silence = false,
                            resumed_at = coalesce($2, resumed_at)
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(by_clock)
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks people whose pause until this day or earlier is over.
pub async fn take_ended_pauses(
    conn: &mut PgConnection,
    until: NaiveDate,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select seeker_id from seekers where paused_until <= $1
         order by paused_until, seeker_id limit $2 for update skip locked",
    )
    .bind(until)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Locks someone at whom the clock has to look again, the longest due first.
pub async fn take_silent(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select seeker_id from seekers where silence_look_at <= $1 and merged_into is null
         order by silence_look_at limit $2 for update skip locked",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Sets when the clock looks at someone again.
pub async fn look_again(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set silence_look_at = $2 where seeker_id = $1")
        .bind(seeker_id)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes down what was asked and told.
pub async fn save_asked(conn: &mut PgConnection, seeker_id: Uuid, asked: &Asked) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers set asked_still_looking_at = $2, asked_again_at = $3, keep_told_at = $4
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(asked.first)
    .bind(asked.again)
    .bind(asked.keep_told)
    .execute(conn)
    .await?;
    Ok(())
}

/// Sets how the digest comes.
pub async fn save_digest(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    by: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update seekers set digest = $2 where seeker_id = $1")
        .bind(seeker_id)
        .bind(by)
        .execute(conn)
        .await?;
    Ok(())
}

/// Someone whose digest is being made.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct DueDigest {
    /// The person.
    pub seeker_id: Uuid,
    /// The last digest, or her registration.
    pub since: DateTime<Utc>,
}

/// Claims people who told what they want and have no digest of this week yet: nobody else gets them while the claim holds.
pub async fn claim_digests(
    conn: &mut PgConnection,
    week: i32,
    now: DateTime<Utc>,
    claim_until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<DueDigest>, sqlx::Error> {
    sqlx::query_as(
        "update seekers set digest_claimed_until = $3
         where seeker_id in (
             select seeker_id from seekers
             where digest is not null and paused_at is null and merged_into is null and wishes is not null
               and (digest_week is null or digest_week < $1)
               and (digest_claimed_until is null or digest_claimed_until <= $2)
             order by digest_week nulls first, seeker_id limit $4 for update skip locked)
         returning seeker_id, coalesce(digest_sent_at, created_at) as since",
    )
    .bind(week)
    .bind(now)
    .bind(claim_until)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Locks someone and reads how her digest of this week comes; `None` when there is none to come: she
/// had it, turned it off, pauses or is gone.
pub async fn lock_digest(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    week: i32,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select digest from seekers
         where seeker_id = $1 and digest is not null and paused_at is null and merged_into is null
           and (digest_week is null or digest_week < $2)
         for update",
    )
    .bind(seeker_id)
    .bind(week)
    .fetch_optional(conn)
    .await
}

/// Writes down that this week is done; `sent_at` when a digest goes out.
pub async fn end_digest(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    week: i32,
    sent_at: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update seekers set digest_week = $2, digest_claimed_until = null,
                            digest_sent_at = coalesce($3, digest_sent_at)
         where seeker_id = $1",
    )
    .bind(seeker_id)
    .bind(week)
    .bind(sent_at)
    .execute(conn)
    .await?;
    Ok(())
}
