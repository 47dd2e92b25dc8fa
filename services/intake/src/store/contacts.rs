//! The tables of shared contacts and of everyone who looked at contact data.

use chrono::{DateTime, Utc};
use proto::{
    EmployerId, ProposalId, Role,
    intake::{ContactLook, ContactPurpose, ContactShare},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Shares her contact for one job until a moment; false when the proposal is somebody else's.
pub async fn share(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    proposal_id: ProposalId,
    employer_id: EmployerId,
    until: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into contact_shares (proposal_id, seeker_id, employer_id, until) values ($1, $2, $3, $4)
         on conflict (proposal_id) do update
         set employer_id = excluded.employer_id, until = excluded.until, ended_at = null
         where contact_shares.seeker_id = excluded.seeker_id",
    )
    .bind(proposal_id.0)
    .bind(seeker_id)
    .bind(employer_id.0)
    .bind(until)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends a share at once, if there is one.
pub async fn take_back(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    proposal_id: ProposalId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update contact_shares set ended_at = $3
         where proposal_id = $1 and seeker_id = $2 and ended_at is null",
    )
    .bind(proposal_id.0)
    .bind(seeker_id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Who shares her contact with this employer for this job at this moment.
pub async fn shared_with(
    conn: &mut PgConnection,
    proposal_id: ProposalId,
    employer_id: EmployerId,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar(
        "select seeker_id from contact_shares
         where proposal_id = $1 and employer_id = $2 and until > $3 and ended_at is null",
    )
    .bind(proposal_id.0)
    .bind(employer_id.0)
    .bind(now)
    .fetch_optional(conn)
    .await
}

/// Her shares that run at a moment, newest first.
pub async fn shares(
    conn: &mut PgConnection,
    seeker_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<ContactShare>, sqlx::Error> {
    let rows: Vec<(Uuid, Uuid, DateTime<Utc>)> = sqlx::query_as(
        "select proposal_id, employer_id, until from contact_shares
         where seeker_id = $1 and until > $2 and ended_at is null order by until desc, proposal_id",
    )
    .bind(seeker_id)
    .bind(now)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(proposal_id, employer_id, until)| ContactShare {
            proposal_id: ProposalId(proposal_id),
            employer_id: EmployerId(employer_id),
            until,
        })
        .collect())
}

/// A look to write down.
pub struct NewLook<'a> {
    /// At whose contact data.
    pub seeker_id: Uuid,
    /// Who looks.
    pub account_id: Uuid,
    /// In which role.
    pub role: Role,
    /// Of which organisation.
    pub organisation: &'a str,
    /// For what.
    pub purpose: ContactPurpose,
}

/// Writes down a look; in the transaction whose answer shows the data.
pub async fn look(
    conn: &mut PgConnection,
    look: &NewLook<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into contact_looks (seeker_id, at, account_id, role, organisation, purpose)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(look.seeker_id)
    .bind(now)
    .bind(look.account_id)
    .bind(look.role.name())
    .bind(look.organisation)
    .bind(look.purpose.name())
    .execute(conn)
    .await?;
    Ok(())
}

/// Who looked at her contact data, newest first.
pub async fn looks(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Vec<ContactLook>, sqlx::Error> {
    let rows: Vec<(DateTime<Utc>, String, String, String)> = sqlx::query_as(
        "select at, role, organisation, purpose from contact_looks where seeker_id = $1 order by look_id desc",
    )
    .bind(seeker_id)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(at, role, organisation, purpose)| ContactLook {
            at,
            role: Role::from_name(&role).expect("only names of roles are written"),
            organisation,
            purpose: ContactPurpose::from_name(&purpose).expect("the table checks purposes"),
        })
        .collect())
}
