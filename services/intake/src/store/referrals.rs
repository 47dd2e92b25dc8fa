//! Referrals to desks, and her yes to each.

use chrono::{DateTime, Utc};
use proto::{
    ReferralId, SeekerId,
    intake::{DeskKind, ReferralView},
};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::{
    consent::ConsentChannel,
    referral::{Progress, state_from_name, state_name},
};

/// A referral as stored, with the desk it goes to.
#[derive(FromRow)]
pub struct ReferralRow {
    /// Which.
    pub referral_id: Uuid,
    /// Whose.
    pub seeker_id: Uuid,
    /// The record that she goes on with, when two were one person.
    pub merged_into: Option<Uuid>,
    /// The desk's name.
    pub desk_name: String,
    /// The desk's region.
    pub region: String,
    state: String,
    /// Encrypted.
    pub question: Vec<u8>,
    /// Since when.
    pub since: DateTime<Utc>,
    answer_by: DateTime<Utc>,
    tries: i16,
}

impl ReferralRow {
    /// Where it stands.
    pub fn progress(&self) -> Progress {
        Progress {
            state: state_from_name(&self.state).expect("the table checks states"),
            answer_by: self.answer_by,
            tries: u16::try_from(self.tries).unwrap_or_default(),
        }
    }

    /// As she sees it.
    pub fn view(&self) -> ReferralView {
        let progress = self.progress();
        ReferralView {
            referral_id: ReferralId(self.referral_id),
            desk_name: self.desk_name.clone(),
            state: progress.state,
            since: self.since,
            answer_by: progress.answer_by,
        }
    }
}

/// A referral to add.
pub struct NewReferral<'a> {
    /// Which.
    pub referral_id: Uuid,
    /// Whose.
    pub seeker_id: SeekerId,
    /// To which desk.
    pub desk_id: Uuid,
    /// Of which kind.
    pub kind: DeskKind,
    /// Encrypted.
    pub question: &'a [u8],
    /// How it begins.
    pub progress: Progress,
}

/// Adds a referral.
pub async fn add(
    conn: &mut PgConnection,
    referral: &NewReferral<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into referrals (referral_id, seeker_id, desk_id, kind, state, question, since, answer_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
    )
    .bind(referral.referral_id)
    .bind(referral.seeker_id.0)
    .bind(referral.desk_id)
    .bind(referral.kind.name())
    .bind(state_name(referral.progress.state))
    .bind(referral.question)
    .bind(now)
    .bind(referral.progress.answer_by)
    .execute(conn)
    .await?;
    Ok(())
}

/// A yes or no to a referral.
pub struct ReferralConsent<'a> {
    /// To which.
    pub referral_id: Uuid,
    /// Yes or no.
    pub given: bool,
    /// Which text she saw or heard; nothing is shown for a no.
    pub text_version: Option<&'a str>,
    /// By which channel.
    pub channel: ConsentChannel,
    /// Encrypted: which code, where the record or the paper is.
    pub evidence: Option<&'a [u8]>,
    /// The organisation that helped.
    pub with_help_of: Option<&'a str>,
}

/// Writes down a yes or no.
pub async fn append_consent(
    conn: &mut PgConnection,
    consent: &ReferralConsent<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into referral_consents (referral_id, given, text_version, channel, evidence, with_help_of, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(consent.referral_id)
    .bind(consent.given)
    .bind(consent.text_version)
    .bind(consent.channel.name())
    .bind(consent.evidence)
    .bind(consent.with_help_of)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Her referral that waits for a desk of this kind.
pub async fn waiting(
    conn: &mut PgConnection,
    seeker_id: SeekerId,
    kind: DeskKind,
) -> Result<Option<ReferralRow>, sqlx::Error> {
    sqlx::query_as(
        "select referral_id, seeker_id, null::uuid as merged_into, desks.name as desk_name, desks.region, state, question, since,
                answer_by, tries
         from referrals join desks using (desk_id)
         where seeker_id = $1 and referrals.kind = $2 and state in ('open', 'not_reached')",
    )
    .bind(seeker_id.0)
    .bind(kind.name())
    .fetch_optional(conn)
    .await
}

/// Her referrals, newest first, those of a record that was merged into hers included.
pub async fn of_seeker(
    conn: &mut PgConnection,
    seeker_id: SeekerId,
) -> Result<Vec<ReferralRow>, sqlx::Error> {
    sqlx::query_as(
        "select referral_id, seeker_id, merged_into, desks.name as desk_name, desks.region, state, question, since,
                answer_by, tries
         from referrals join desks using (desk_id) join seekers using (seeker_id)
         where seeker_id = $1 or merged_into = $1
         order by since desc, referral_id limit 50",
    )
    .bind(seeker_id.0)
    .fetch_all(conn)
    .await
}

/// Reads a referral and keeps others from changing it until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    referral_id: ReferralId,
) -> Result<Option<ReferralRow>, sqlx::Error> {
    sqlx::query_as(
        "select referral_id, seeker_id, merged_into, desks.name as desk_name, desks.region, state, question, since,
                answer_by, tries
         from referrals join desks using (desk_id) join seekers using (seeker_id)
         where referral_id = $1 for update of referrals",
    )
    .bind(referral_id.0)
    .fetch_optional(conn)
    .await
}

/// The referrals to the desks of these regions, at most 200: those that wait first, the longest due
/// first; then, when `ended_since` is given, those that ended since. What was taken back is gone.
pub async fn of_regions(
    conn: &mut PgConnection,
    regions: &[String],
    ended_since: Option<DateTime<Utc>>,
) -> Result<Vec<ReferralRow>, sqlx::Error> {
    sqlx::query_as(
        "select referral_id, seeker_id, null::uuid as merged_into, desks.name as desk_name, desks.region, state, question, since,
                answer_by, tries
         from referrals join desks using (desk_id)
         where desks.region = any($1)
           and (state in ('open', 'not_reached') or (state in ('spoken', 'closed') and referrals.changed_at > $2))
         order by state in ('open', 'not_reached') desc,
                  case when state in ('open', 'not_reached') then answer_by end, referrals.changed_at desc, referral_id
         limit 200",
    )
    .bind(regions)
    .bind(ended_since)
    .fetch_all(conn)
    .await
}

/// Keeps where a referral stands now.
pub async fn save(
    conn: &mut PgConnection,
    referral_id: Uuid,
    progress: Progress,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update referrals set state = $2, answer_by = $3, tries = $4, changed_at = $5 where referral_id = $1",
    )
    .bind(referral_id)
    .bind(state_name(progress.state))
    .bind(progress.answer_by)
    .bind(i16::try_from(progress.tries).unwrap_or(i16::MAX))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
