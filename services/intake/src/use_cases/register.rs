//! Keeps a registration and sends a code to the contact that was given.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    Problem,
    intake::{CodeSent, Register},
};

use super::start_challenge::{For, Request, start_challenge};
use crate::{
    App,
    domain::{
        fields,
        may::{Act, may},
    },
    store::{
        crypt,
        registrations::{self, RegistrationRow},
    },
};

/// Answers the same whoever the contact belongs to: that is not even looked up here.
pub async fn register(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &Register,
) -> Result<CodeSent, Fault> {
    may(&caller.actor, Act::Register, app.chassis.config.profile)?;
    let given = app.open(&command.registration)?;
    let (now, chance) = (tx.now(), tx.chance());
    let checked = fields::registration(&given, &app.reference, clock::day(now)).map_err(Problem::fields)?;
    let registration_id = chance.uuid_v4();
    let (data_key, key) = app.vault().new_owner(&*chance, registration_id);
    let body = key.encrypt(&*chance, crypt::REGISTRATION, &checked.applicant);
    let row = RegistrationRow { registration_id, data_key, body };

    let index = crypt::contact_index(app.vault(), checked.contact.normalised());
    registrations::add(tx.conn(), &row, &index, now).await?;
    let request = Request {
        contact: &checked.contact,
        language: checked.applicant.language,
        what_for: For::SignIn { registration_id: Some(registration_id) },
        recipient: None,
        is_known: true,
    };
    start_challenge(app, tx, &request).await
}
