//! Accounts and failed sign-ins.

use chassis::vault::WrappedKey;
use chrono::{DateTime, Utc};
use proto::{AccountId, EmployerId, Role};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::account::Rights;

/// Name and address of a member of staff, as encrypted in one column.
#[derive(Clone, Serialize, Deserialize)]
pub struct Personal {
    /// Name.
    pub name: String,
    /// E-mail address, normalised.
    pub email: String,
}

/// A row of `accounts`.
#[derive(Clone, FromRow)]
pub(crate) struct AccountRow {
    pub(crate) account_id: Uuid,
    pub(crate) data_key: WrappedKey,
    pub(crate) personal: Vec<u8>,
    pub(crate) password_hash: String,
    pub(crate) totp_secret: Vec<u8>,
    pub(crate) totp_step: i64,
    pub(crate) roles: Vec<String>,
    pub(crate) employer_id: Option<Uuid>,
    pub(crate) regions: Vec<String>,
    pub(crate) organisation: String,
    pub(crate) ended_at: Option<DateTime<Utc>>,
}

impl AccountRow {
    pub(crate) fn id(&self) -> AccountId {
        AccountId(self.account_id)
    }

    pub(crate) fn roles(&self) -> Vec<Role> {
        self.roles.iter().filter_map(|name| Role::from_name(name)).collect()
    }

    /// Whether this account may look after employers in a region.
    pub(crate) fn may_manage_in(&self, region: &str) -> bool {
        self.ended_at.is_none()
            && self.roles().contains(&Role::AccountManager)
            && self.regions.iter().any(|own| own == region)
    }

    pub(crate) fn employer(&self) -> Option<EmployerId> {
        self.employer_id.map(EmployerId)
    }

    pub(crate) fn rights(&self) -> Rights {
        Rights {
            roles: self.roles(),
            employer_id: self.employer(),
            regions: self.regions.clone(),
            organisation: self.organisation.clone(),
        }
    }
}

/// What a new account is made of.
pub(crate) struct NewAccount<'a> {
    pub(crate) account_id: Uuid,
    pub(crate) email_index: &'a [u8],
    pub(crate) data_key: &'a WrappedKey,
    pub(crate) personal: &'a [u8],
    pub(crate) password_hash: &'a str,
    pub(crate) totp_secret: &'a [u8],
    pub(crate) totp_step: i64,
    pub(crate) roles: &'a [String],
    pub(crate) employer_id: Option<Uuid>,
    pub(crate) regions: &'a [String],
    pub(crate) organisation: &'a str,
}

/// Adds an account; false when the address has one already.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    account: &NewAccount<'_>,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into accounts (account_id, email_index, data_key, personal, password_hash, totp_secret,
                               totp_step, roles, employer_id, regions, organisation, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (email_index) do nothing",
    )
    .bind(account.account_id)
    .bind(account.email_index)
    .bind(account.data_key)
    .bind(account.personal)
    .bind(account.password_hash)
    .bind(account.totp_secret)
    .bind(account.totp_step)
    .bind(account.roles)
    .bind(account.employer_id)
    .bind(account.regions)
    .bind(account.organisation)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

const ACCOUNT: &str = "select account_id, data_key, personal, password_hash, totp_secret, totp_step, roles,
    employer_id, regions, organisation, ended_at from accounts ";

fn select(rest: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("{ACCOUNT}{rest}"))
}

/// The account of an address, ended or not.
pub(crate) async fn by_email(
    executor: impl PgExecutor<'_>,
    email_index: &[u8],
) -> Result<Option<AccountRow>, sqlx::Error> {
    sqlx::query_as(select("where email_index = $1")).bind(email_index).fetch_optional(executor).await
}

/// One account, ended or not.
pub(crate) async fn by_id(
    executor: impl PgExecutor<'_>,
    account_id: AccountId,
) -> Result<Option<AccountRow>, sqlx::Error> {
    sqlx::query_as(select("where account_id = $1")).bind(account_id.0).fetch_optional(executor).await
}

/// All accounts, oldest first. Installations have hundreds of staff, not millions.
pub(crate) async fn all(executor: impl PgExecutor<'_>) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as(select("order by created_at, account_id limit 2000")).fetch_all(executor).await
}

/// The accounts of one employer's people, oldest first.
pub(crate) async fn of_employer(
    executor: impl PgExecutor<'_>,
    employer_id: EmployerId,
) -> Result<Vec<AccountRow>, sqlx::Error> {
    sqlx::query_as(select(
        "where employer_id = $1 and 'employer' = any(roles) order by created_at, account_id limit 500",
    ))
    .bind(employer_id.0)
    .fetch_all(executor)
    .await
}

/// Uses up a time step; false when another request was faster with the same code.
pub(crate) async fn use_step(
    conn: &mut PgConnection,
    account_id: AccountId,
    step: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("update accounts set totp_step = $2 where account_id = $1 and totp_step < $2")
        .bind(account_id.0)
        .bind(step)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes what an account may do, and for whom.
pub(crate) async fn set_rights(
    conn: &mut PgConnection,
    account_id: AccountId,
    rights: &Rights,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update accounts set roles = $2, employer_id = $3, regions = $4, organisation = $5
         where account_id = $1",
    )
    .bind(account_id.0)
    .bind(rights.role_names())
    .bind(rights.employer_id.map(|id| id.0))
    .bind(&rights.regions)
    .bind(&rights.organisation)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends an account and its sessions.
pub(crate) async fn end(
    conn: &mut PgConnection,
    account_id: AccountId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update accounts set ended_at = coalesce(ended_at, $2) where account_id = $1")
        .bind(account_id.0)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    sqlx::query("delete from sessions where account_id = $1").bind(account_id.0).execute(conn).await?;
    Ok(())
}

/// How many administrators could still sign in without this account. Locks them, so that two cannot
/// leave at the same moment.
pub(crate) async fn other_administrators(
    conn: &mut PgConnection,
    account_id: AccountId,
) -> Result<usize, sqlx::Error> {
    let others: Vec<Uuid> = sqlx::query_scalar(
        "select account_id from accounts where ended_at is null and 'administrator' = any(roles)
         order by account_id for update",
    )
    .fetch_all(conn)
    .await?;
    Ok(others.iter().filter(|id| **id != account_id.0).count())
}

/// The same for a page, without locking anyone.
pub(crate) async fn count_other_administrators(
    executor: impl PgExecutor<'_>,
    account_id: AccountId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select count(*) from accounts
         where ended_at is null and 'administrator' = any(roles) and account_id <> $1",
    )
    .bind(account_id.0)
    .fetch_one(executor)
    .await
}

/// Lets go of the address of an ended account, so that its person can be invited again. The ended
/// account itself stays, because what it did is written down under its id.
pub(crate) async fn release_address(
    conn: &mut PgConnection,
    email_index: &[u8],
    instead: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query("update accounts set email_index = $2 where email_index = $1 and ended_at is not null")
        .bind(email_index)
        .bind(instead)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts wrong passwords and codes of the last 15 minutes from one network.
pub(crate) async fn recent_failures(
    executor: impl PgExecutor<'_>,
    email_index: &[u8],
    network: &[u8],
    now: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select count(*) from sign_in_failures
         where email_index = $1 and network = $2 and at > $3 - interval '15 minutes'",
    )
    .bind(email_index)
    .bind(network)
    .bind(now)
    .fetch_one(executor)
    .await
}

/// Notes a wrong password or code.
pub(crate) async fn note_failure(
    conn: &mut PgConnection,
    email_index: &[u8],
    network: &[u8],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into sign_in_failures (email_index, network, at) values ($1, $2, $3)")
        .bind(email_index)
        .bind(network)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
