//! Staff sign in: password first, then a code by the clock.

use chassis::{Fault, Tx};
use proto::{AccountId, Problem, Status};

use crate::{
    Portal,
    domain::{
        account::{is_password, normalise_email},
        second_factor::SecondFactor,
    },
    store::{
        accounts::{self, AccountRow},
        crypt,
        sessions::{self, Of},
    },
};

/// Wrong passwords and codes from one network before it must wait.
const FAILURES: i64 = 5;

/// Checks the password; returns the token of a session that is half-way. Unknown addresses, ended
/// accounts and wrong passwords get the same answer after the same work.
///
/// # Errors
/// `sign-in-wrong`; `too-often` after five failures from this network in 15 minutes.
pub(crate) async fn give_password(
    app: &Portal,
    email: &str,
    password: String,
    network: &str,
) -> Result<String, Fault> {
    let email_index = crypt::email_index(app.vault(), &normalise_email(email).unwrap_or_default());
    let network = app.vault().keyed_hash(network.as_bytes());
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    if accounts::recent_failures(&mut *tx.conn(), &email_index, &network, now).await? >= FAILURES {
        return Err(Problem::new(Status::TooMany, "too-often").with("minutes", 15).into());
    }
    let account =
        accounts::by_email(&mut *tx.conn(), &email_index).await?.filter(|row| row.ended_at.is_none());
    let hash = account.as_ref().map(|row| row.password_hash.clone());
    // argon2 takes tens of milliseconds: not on an async thread.
    let right = tokio::task::spawn_blocking(move || is_password(&password, hash.as_deref()))
        .await
        .map_err(|error| Fault::broken("checking a password", error))?;
    let Some(account) = account.filter(|_| right) else {
        accounts::note_failure(tx.conn(), &email_index, &network, now).await?;
        tx.commit().await?;
        return Err(Problem::new(Status::Invalid, "sign-in-wrong").into());
    };
    let token = tx.chance().token();
    sessions::begin(tx.conn(), &token, &Of::HalfWay(account.account_id), now).await?;
    tx.commit().await?;
    Ok(token)
}

/// Checks the code of a half-way session and begins the real one under a new token.
///
/// # Errors
/// `code-wrong` for the field; `too-often` after five failures from this network in 15 minutes.
pub(crate) async fn give_code(
    app: &Portal,
    half_way: &str,
    account_id: AccountId,
    code: &str,
    network: &str,
) -> Result<String, Fault> {
    let network = app.vault().keyed_hash(network.as_bytes());
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let Some(account) =
        accounts::by_id(&mut *tx.conn(), account_id).await?.filter(|row| row.ended_at.is_none())
    else {
        return Err(Problem::new(Status::Unauthenticated, "session-ended").into());
    };
    let by_account = account_id.0.as_bytes();
    if accounts::recent_failures(&mut *tx.conn(), by_account, &network, now).await? >= FAILURES {
        return Err(Problem::new(Status::TooMany, "too-often").with("minutes", 15).into());
    }
    let factor = second_factor(app, &account)?;
    let step = factor.check(code, now, account.totp_step);
    let accepted = match step {
        Some(step) => accounts::use_step(tx.conn(), account_id, step).await?,
        None => false,
    };
    if !accepted {
        accounts::note_failure(tx.conn(), by_account, &network, now).await?;
        tx.commit().await?;
        return Err(Problem::fields(vec![proto::FieldProblem::new("code", "code-wrong")]).into());
    }
    let token = tx.chance().token();
    sessions::end(tx.conn(), half_way).await?;
    sessions::begin(tx.conn(), &token, &Of::Staff(account.account_id), now).await?;
    tx.commit().await?;
    Ok(token)
}

fn second_factor(app: &Portal, account: &AccountRow) -> Result<SecondFactor, Fault> {
    let key = app.vault().owner(&account.data_key, account.account_id)?;
    let secret = key.decrypt_bytes(crypt::SECOND_FACTOR, &account.totp_secret)?;
    SecondFactor::new(secret, "Dichterbij").map_err(|error| Fault::broken("reading a second factor", error))
}

/// Ends a session, on the server's side.
pub(crate) async fn sign_out(app: &Portal, token: &str) -> Result<(), Fault> {
    let mut tx: Tx = app.chassis.store.begin().await?;
    sessions::end(tx.conn(), token).await?;
    tx.commit().await?;
    Ok(())
}
