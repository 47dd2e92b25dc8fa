//! Someone brings the code of her invitation, then chooses a password and connects her app.

use chassis::{Fault, Tx};
use proto::{FieldProblem, Problem, Status};
use subtle::ConstantTimeEq as _;

use crate::{
    Portal,
    domain::{
        account::{check_password, hash_password, normalise_email},
        second_factor::SecondFactor,
    },
    store::{
        accounts::{self, NewAccount, Personal},
        crypt, invitations,
        sessions::{self, Of},
    },
};

/// Tries for the code of an invitation.
const TRIES: i16 = 5;

/// Checks address and code; returns the token of a session in which the invitation is accepted.
/// An unknown address and a wrong code get the same answer.
pub(crate) async fn bring_code(app: &Portal, email: &str, code: &str) -> Result<String, Fault> {
    let email_index = crypt::email_index(app.vault(), &normalise_email(email).unwrap_or_default());
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let code_hash = app.vault().keyed_hash(code.as_bytes());
    let wrong = || Fault::from(Problem::fields(vec![FieldProblem::new("code", "invitation-wrong")]));
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let Some(invitation) = invitations::lock_open(tx.conn(), &email_index).await? else {
        return Err(wrong());
    };
    let right = bool::from(invitation.code_hash.ct_eq(&code_hash));
    if !right || invitation.tries >= TRIES || invitation.expires_at <= now {
        invitations::count_try(tx.conn(), invitation.invitation_id).await?;
        tx.commit().await?;
        return Err(wrong());
    }
    let chance = tx.chance();
    let mut secret = [0; 20];
    chance.fill(&mut secret);
    let key = app.vault().owner(&invitation.data_key, invitation.invitation_id)?;
    let sealed = key.encrypt_bytes(&*chance, crypt::SECOND_FACTOR, &secret);
    let token = chance.token();
    sessions::begin(tx.conn(), &token, &Of::Invited(invitation.invitation_id, sealed), now).await?;
    tx.commit().await?;
    Ok(token)
}

/// What the page shows while an invitation is accepted.
pub(crate) struct Accepting {
    pub(crate) personal: Personal,
    pub(crate) factor: SecondFactor,
}

/// Opens the invitation of a session.
pub(crate) async fn accepting(
    app: &Portal,
    tx: &mut Tx,
    invitation_id: uuid::Uuid,
    sealed: &[u8],
) -> Result<Accepting, Fault> {
    let ended = || Fault::from(Problem::new(Status::Unauthenticated, "session-ended"));
    let invitation = invitations::lock(tx.conn(), invitation_id).await?.ok_or_else(ended)?;
    let key = app.vault().owner(&invitation.data_key, invitation_id)?;
    let personal = key.decrypt(crypt::PERSONAL, &invitation.personal)?;
    let secret = key.decrypt_bytes(crypt::SECOND_FACTOR, sealed)?;
    let factor = SecondFactor::new(secret, &personal.email)
        .map_err(|error| Fault::broken("reading a second factor", error))?;
    Ok(Accepting { personal, factor })
}

/// Makes the account and signs her in; returns the token of her session.
///
/// # Errors
/// `fields-invalid` for the password or the code; `session-ended` when the invitation is gone.
pub(crate) async fn make_account(
    app: &Portal,
    invited: &str,
    invitation_id: uuid::Uuid,
    sealed: &[u8],
    password: String,
    code: &str,
) -> Result<String, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let Accepting { personal, factor } = accepting(app, &mut tx, invitation_id, sealed).await?;
    let step = factor.check(code, now, 0);
    let mut wrong: Vec<_> = check_password(&password, &personal.email).into_iter().collect();
    if step.is_none() {
        wrong.push(FieldProblem::new("code", "code-wrong"));
    }
    let Some(step) = step.filter(|_| wrong.is_empty()) else { return Err(Problem::fields(wrong).into()) };
    let password_hash = tokio::task::spawn_blocking(move || hash_password(&password))
        .await
        .map_err(|error| Fault::broken("hashing a password", error))?
        .map_err(|error| Fault::broken("hashing a password", error.to_string()))?;
    let invitation = invitations::lock(tx.conn(), invitation_id)
        .await?
        .ok_or_else(|| Fault::from(Problem::new(Status::Unauthenticated, "session-ended")))?;
    let chance = tx.chance();
    let account_id = chance.uuid_v4();
    let (data_key, key) = app.vault().new_owner(&*chance, account_id);
    let secret = app
        .vault()
        .owner(&invitation.data_key, invitation_id)?
        .decrypt_bytes(crypt::SECOND_FACTOR, sealed)?;
    let account = NewAccount {
        account_id,
        email_index: &invitation.email_index,
        personal: &key.encrypt(&*chance, crypt::PERSONAL, &personal),
        totp_secret: &key.encrypt_bytes(&*chance, crypt::SECOND_FACTOR, &secret),
        data_key: &data_key,
        password_hash: &password_hash,
        totp_step: step,
        roles: &invitation.roles,
        employer_id: invitation.employer_id,
        regions: &invitation.regions,
        organisation: &invitation.organisation,
    };
    // Someone who comes back gets a new account; the ended one keeps its history without its address.
    let instead = app.vault().keyed_hash(account_id.as_bytes());
    accounts::release_address(tx.conn(), &invitation.email_index, &instead).await?;
    if !accounts::insert(tx.conn(), &account, now).await? {
        return Err(Problem::new(Status::Conflict, "account-exists").into());
    }
    invitations::accept(tx.conn(), invitation_id, now).await?;
    sessions::end(tx.conn(), invited).await?;
    let token = chance.token();
    sessions::begin(tx.conn(), &token, &Of::Staff(account_id), now).await?;
    tx.commit().await?;
    Ok(token)
}
