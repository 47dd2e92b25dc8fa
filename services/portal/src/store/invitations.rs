//! Invitations to staff accounts.

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use proto::{EmployerId, Role};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::account::Rights;

/// A row of `invitations`.
#[derive(Clone, FromRow)]
pub(crate) struct InvitationRow {
    pub(crate) invitation_id: Uuid,
    pub(crate) email_index: Vec<u8>,
    pub(crate) data_key: WrappedKey,
    pub(crate) personal: Vec<u8>,
    pub(crate) roles: Vec<String>,
    pub(crate) employer_id: Option<Uuid>,
    pub(crate) regions: Vec<String>,
    pub(crate) organisation: String,
    pub(crate) code_hash: Vec<u8>,
    pub(crate) tries: i16,
    pub(crate) expires_at: DateTime<Utc>,
}

impl InvitationRow {
    pub(crate) fn roles(&self) -> Vec<Role> {
        self.roles.iter().filter_map(|name| Role::from_name(name)).collect()
    }

    pub(crate) fn rights(&self) -> Rights {
        Rights {
            roles: self.roles(),
            employer_id: self.employer_id.map(EmployerId),
            regions: self.regions.clone(),
            organisation: self.organisation.clone(),
        }
    }
}

const COLUMNS: &str =
    "invitation_id, email_index, data_key, personal, roles, employer_id, regions, organisation,
    code_hash, tries, expires_at";

/// Adds an invitation in place of an open one for the same address.
pub(crate) async fn replace(
    conn: &mut PgConnection,
    row: &InvitationRow,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from invitations where email_index = $1 and accepted_at is null")
        .bind(&row.email_index)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "insert into invitations (invitation_id, email_index, data_key, personal, roles, employer_id, regions,
                                  organisation, code_hash, invited_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.invitation_id)
    .bind(&row.email_index)
    .bind(&row.data_key)
    .bind(&row.personal)
    .bind(&row.roles)
    .bind(row.employer_id)
    .bind(&row.regions)
    .bind(&row.organisation)
    .bind(&row.code_hash)
    .bind(now)
    .bind(row.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// The open invitation of an address, locked.
pub(crate) async fn lock_open(
    conn: &mut PgConnection,
    email_index: &[u8],
) -> Result<Option<InvitationRow>, sqlx::Error> {
    let sql = format!(
        "select {COLUMNS} from invitations where email_index = $1 and accepted_at is null for update"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(email_index).fetch_optional(conn).await
}

/// An invitation that is being accepted, locked.
pub(crate) async fn lock(
    conn: &mut PgConnection,
    invitation_id: Uuid,
) -> Result<Option<InvitationRow>, sqlx::Error> {
    let sql = format!(
        "select {COLUMNS} from invitations where invitation_id = $1 and accepted_at is null for update"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(invitation_id).fetch_optional(conn).await
}

/// Open invitations, newest first.
pub(crate) async fn open(executor: impl PgExecutor<'_>) -> Result<Vec<InvitationRow>, sqlx::Error> {
    let sql = format!(
        "select {COLUMNS} from invitations where accepted_at is null order by invited_at desc limit 500"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(executor).await
}

/// One open invitation.
pub(crate) async fn find_open(
    executor: impl PgExecutor<'_>,
    invitation_id: Uuid,
) -> Result<Option<InvitationRow>, sqlx::Error> {
    let sql = format!("select {COLUMNS} from invitations where invitation_id = $1 and accepted_at is null");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(invitation_id).fetch_optional(executor).await
}

/// The open invitations of one employer's people, newest first.
pub(crate) async fn of_employer(
    executor: impl PgExecutor<'_>,
    employer_id: EmployerId,
) -> Result<Vec<InvitationRow>, sqlx::Error> {
    let sql = format!(
        "select {COLUMNS} from invitations
         where accepted_at is null and employer_id = $1 and 'employer' = any(roles)
         order by invited_at desc limit 500"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(employer_id.0).fetch_all(executor).await
}

/// Changes what an open invitation is for; false when it is none any more.
pub(crate) async fn set_rights(
    conn: &mut PgConnection,
    invitation_id: Uuid,
    rights: &Rights,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update invitations set roles = $2, employer_id = $3, regions = $4, organisation = $5
             where invitation_id = $1 and accepted_at is null",
    )
    .bind(invitation_id)
    .bind(rights.role_names())
    .bind(rights.employer_id.map(|id| id.0))
    .bind(&rights.regions)
    .bind(&rights.organisation)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes an open invitation, and with it the session in which it was being accepted.
pub(crate) async fn delete_open(conn: &mut PgConnection, invitation_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("delete from invitations where invitation_id = $1 and accepted_at is null")
        .bind(invitation_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts a try.
pub(crate) async fn count_try(conn: &mut PgConnection, invitation_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("update invitations set tries = tries + 1 where invitation_id = $1")
        .bind(invitation_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks an invitation as accepted.
pub(crate) async fn accept(
    conn: &mut PgConnection,
    invitation_id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update invitations set accepted_at = $2 where invitation_id = $1")
        .bind(invitation_id)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
