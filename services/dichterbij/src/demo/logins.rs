//! How to sign in to the demo. Everything printed here is invented and known to everyone.

use chassis::Config;
use proto::{Role, portal::DemoSignIn, work::Channel};
use totp_rs::{Algorithm, Secret, TOTP};

use super::{people::person, world::World};

/// Prints the accounts with the code that holds now, and a job-seeker to sign in as.
pub(super) fn print(config: &Config, world: &World<'_>, sign_ins: &[DemoSignIn], secrets: bool) {
    println!("\n    Demo sign-ins (http://{}):", config.http);
    for sign_in in sign_ins {
        let code = code(&sign_in.totp_secret).unwrap_or_else(|| "------".to_owned());
        println!(
            "    {:<16} {:<28} {}   code now: {code}",
            role(sign_in.role),
            sign_in.email,
            sign_in.password
        );
        if secrets {
            println!("    {:<16} authenticator app: {}", "", sign_in.totp_secret);
        }
    }
    let seeker =
        (0..1_000).map(|number| person(world, number)).find(|person| person.channel == Channel::Email);
    let seeker = seeker.map(|person| person.contact).unwrap_or_default();
    println!("    {:<16} {seeker:<28} her code stands in the mailbox of the portal", "job-seeker");
    println!("    A code holds for half a minute; `make demo` prints new ones.\n");
}

fn role(role: Role) -> &'static str {
    match role {
        Role::AccountManager => "account manager",
        Role::Employer => "employer",
        Role::Helper => "helper",
        Role::Organiser => "organiser",
        Role::Administrator => "administrator",
    }
}

/// The six digits of this half minute (RFC 6238).
fn code(secret: &str) -> Option<String> {
    let secret = Secret::Encoded(secret.to_owned()).to_bytes().ok()?;
    TOTP::new_unchecked(Algorithm::SHA1, 6, 1, 30, secret, None, String::new()).generate_current().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits_and_a_broken_secret_has_none() {
        let code = code("KRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TFOQ").unwrap();
        assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()));
        assert_eq!(super::code("not base32!"), None);
    }
}
