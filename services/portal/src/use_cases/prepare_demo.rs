//! Makes the invented accounts of the demo, on loopback only (DESIGN rule 15).

use chassis::{Caller, Fault, Profile, Tx};
use proto::{
    Actor, Problem, Role, Service,
    portal::{DemoSignIn, PrepareDemo},
};

use crate::{
    Portal,
    domain::{
        account::{Rights, hash_password},
        second_factor::SecondFactor,
    },
    store::{
        accounts::{self, NewAccount, Personal},
        crypt,
    },
};

const PASSWORD: &str = "vier natte paarden";

/// One invented account.
struct DemoAccount {
    name: &'static str,
    email: &'static str,
    /// Behind its codes, in base32.
    secret: &'static str,
    role: Role,
    organisation: &'static str,
}

const ACCOUNTS: [DemoAccount; 5] = [
    DemoAccount {
        name: "Fatma de Vries",
        email: "adviseur@demo.example",
        secret: "KRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ",
        role: Role::AccountManager,
        organisation: "Werkgeversservicepunt Flevoland",
    },
    DemoAccount {
        name: "Joris Bakker",
        email: "werkgever@demo.example",
        secret: "JRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ",
        role: Role::Employer,
        organisation: "",
    },
    DemoAccount {
        name: "Noor Willems",
        email: "helper@demo.example",
        secret: "HRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ",
        role: Role::Helper,
        organisation: "Bibliotheek Almere",
    },
    DemoAccount {
        name: "Amina Visser",
        email: "organisator@demo.example",
        secret: "IRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ",
        role: Role::Organiser,
        organisation: "Werkgeversservicepunt Flevoland",
    },
    DemoAccount {
        name: "Koen Smit",
        email: "beheer@demo.example",
        secret: "GRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ",
        role: Role::Administrator,
        organisation: "Gemeente Almere",
    },
];

/// What can be used to sign in to the demo.
pub(crate) fn sign_ins() -> Vec<DemoSignIn> {
    ACCOUNTS
        .iter()
        .map(|account| DemoSignIn {
            role: account.role,
            email: account.email.to_owned(),
            password: PASSWORD.to_owned(),
            totp_secret: account.secret.to_owned(),
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
    for DemoAccount { name, email, secret, role, organisation } in ACCOUNTS {
        let email_index = crypt::email_index(app.vault(), email);
        let employer_id = command.employer_id.filter(|_| role == Role::Employer);
        if let Some(account) = accounts::by_email(&mut *tx.conn(), &email_index).await? {
            let rights = Rights {
                roles: vec![role],
                employer_id: employer_id.or(account.employer()),
                regions: regions.to_vec(),
                organisation: organisation.to_owned(),
            };
            accounts::set_rights(tx.conn(), account.id(), &rights).await?;
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
            roles: &[role.name().to_owned()],
            employer_id: employer_id.map(|id| id.0),
            regions: &regions,
            organisation,
        };
        accounts::insert(tx.conn(), &account, now).await?;
    }
    Ok(sign_ins())
}
