//! Makes the invented accounts of the demo, on loopback only (DESIGN rule 15).

use chassis::{Caller, Fault, Profile, Tx};
use proto::{
    Actor, Problem, Role, Service,
    portal::{DemoSignIn, PrepareDemo},
};

use crate::{
    Portal,
    domain::{account::hash_password, second_factor::SecondFactor},
    store::{
        accounts::{self, NewAccount, Personal},
        crypt,
    },
};

const PASSWORD: &str = "vier natte paarden";

/// Name, address, secret and role of each demo account.
const ACCOUNTS: [(&str, &str, &str, Role); 4] = [
    ("Fatma de Vries", "adviseur@demo.example", "KRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ", Role::AccountManager),
    ("Joris Bakker", "werkgever@demo.example", "JRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ", Role::Employer),
    ("Amina Visser", "organisator@demo.example", "IRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ", Role::Organiser),
    ("Koen Smit", "beheer@demo.example", "GRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ", Role::Administrator),
];

/// What can be used to sign in to the demo.
pub(crate) fn sign_ins() -> Vec<DemoSignIn> {
    ACCOUNTS
        .iter()
        .map(|(_, email, secret, role)| DemoSignIn {
            role: *role,
            email: (*email).to_owned(),
            password: PASSWORD.to_owned(),
            totp_secret: (*secret).to_owned(),
        })
        .collect()
}

/// Makes the accounts that are not there yet and gives the employer account its employer.
///
/// # Errors
/// `forbidden` outside the development profile, or for anyone but the operator's command line.
pub(crate) async fn prepare_demo(
    app: &Portal,
    tx: &mut Tx,
    caller: &Caller,
    command: &PrepareDemo,
) -> Result<Vec<DemoSignIn>, Fault> {
    let operator = matches!(caller.actor, Actor::Service { service: Service::Portal });
    if app.chassis.config.profile != Profile::Development || !operator {
        return Err(Problem::forbidden().into());
    }
    let (chance, now) = (tx.chance(), tx.now());
    let regions = [command.region.clone()];
    for (name, email, secret, role) in ACCOUNTS {
        let email_index = crypt::email_index(app.vault(), email);
        let employer_id = command.employer_id.filter(|_| role == Role::Employer).map(|id| id.0);
        let roles = [role.name().to_owned()];
        if let Some(account) = accounts::by_email(&mut *tx.conn(), &email_index).await? {
            if employer_id.is_some() {
                accounts::set_rights(tx.conn(), account.id(), &roles, employer_id, &regions).await?;
            }
            continue;
        }
        let account_id = chance.uuid_v4();
        let (data_key, key) = app.vault().new_owner(&*chance, account_id);
        let personal = Personal { name: name.to_owned(), email: email.to_owned() };
        let secret = SecondFactor::from_base32(secret, email)
            .map_err(|error| Fault::broken("reading a demo secret", error))?
            .secret();
        let account = NewAccount {
            account_id,
            email_index: &email_index,
            personal: &key.encrypt(&*chance, crypt::PERSONAL, &personal),
            totp_secret: &key.encrypt_bytes(&*chance, crypt::SECOND_FACTOR, &secret),
            data_key: &data_key,
            password_hash: &hash_password(PASSWORD)
                .map_err(|error| Fault::broken("hashing a password", error.to_string()))?,
            totp_step: 0,
            roles: &roles,
            employer_id,
            regions: &regions,
        };
        accounts::insert(tx.conn(), &account, now).await?;
    }
    Ok(sign_ins())
}
