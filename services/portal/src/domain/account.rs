//! What an account needs before it can exist.

use argon2::{
    Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _,
    password_hash::{SaltString, rand_core::OsRng},
};
use proto::{EmployerId, FieldProblem, Role};

/// Fewest characters of a password (ASVS 5.0, 6.2.1 asks 8; staff see people's wishes, so 12).
pub const PASSWORD_MIN: usize = 12;
/// Most characters of a password, so that hashing stays bounded.
pub const PASSWORD_MAX: usize = 200;

/// What is wrong with a chosen password, if anything.
pub fn check_password(password: &str, email: &str) -> Option<FieldProblem> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    if length < PASSWORD_MIN {
        Some(FieldProblem::new("wachtwoord", "password-short").with("min", PASSWORD_MIN))
    } else if length > PASSWORD_MAX {
        Some(FieldProblem::new("wachtwoord", "password-long").with("max", PASSWORD_MAX))
    } else if (name.len() >= 4 && lower.contains(&name))
        || lower.contains("dichterbij")
        || is_one_letter(&lower)
    {
        Some(FieldProblem::new("wachtwoord", "password-guessable"))
    } else {
        None
    }
}

fn is_one_letter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| letters.all(|letter| letter == first))
}

/// Hashes a password with argon2id. Slow on purpose: call it off the async threads.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

/// Whether the password is the one behind the hash; `None` takes as long and says no, so that an
/// unknown address cannot be told from a wrong password.
pub fn is_password(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CbVvkCPzMVqpVxmVYEfNk1kFEXcIJ9lDr3dTEPsGvD0";
    let known = hash.is_some();
    PasswordHash::new(hash.unwrap_or(NOBODY))
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        && known
}

/// An e-mail address as people type it, made comparable; `None` when it is none.
pub fn normalise_email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (name, host) = text.split_once('@')?;
    let sound = !name.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.len() <= 254
        && !text.contains(char::is_whitespace)
        && !host.contains('@');
    sound.then_some(text)
}

/// What an account may do, and for whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// What it may do; at least one.
    pub roles: Vec<Role>,
    /// Whose openings, for the employer role.
    pub employer_id: Option<EmployerId>,
    /// The labour-market regions it works for.
    pub regions: Vec<String>,
    /// The organisation it works for, as people read it.
    pub organisation: String,
}

/// Most characters of an organisation's name.
pub const ORGANISATION_MAX: usize = 120;

impl Rights {
    /// The names of the roles, for storage.
    pub fn role_names(&self) -> Vec<String> {
        self.roles.iter().map(|role| role.name().to_owned()).collect()
    }

    /// What is missing, all at once: each role works for someone.
    pub fn check(&self) -> Vec<FieldProblem> {
        let mut wrong = Vec::new();
        if self.roles.is_empty() {
            wrong.push(FieldProblem::new("rollen", "roles-empty"));
        }
        if self.roles.contains(&Role::Employer) && self.employer_id.is_none() {
            wrong.push(FieldProblem::new("werkgever", "employer-missing"));
        }
        if self.roles.contains(&Role::AccountManager) && self.regions.is_empty() {
            wrong.push(FieldProblem::new("regios", "regions-empty"));
        }
        let is_read_by_people =
            self.roles.iter().any(|role| matches!(role, Role::Helper | Role::AccountManager));
        match self.organisation.trim().chars().count() {
            0 if is_read_by_people => wrong.push(FieldProblem::new("organisatie", "organisation-missing")),
            0..=ORGANISATION_MAX => {}
            _ => wrong.push(
                FieldProblem::new("organisatie", "organisation-too-long").with("max", ORGANISATION_MAX),
            ),
        }
        wrong
    }
}

/// What is wrong with an invitation, all at once.
pub fn check_invitation(name: &str, email: &str, rights: &Rights) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    match name.trim().chars().count() {
        0 => wrong.push(FieldProblem::new("naam", "name-empty")),
        1..=100 => {}
        _ => wrong.push(FieldProblem::new("naam", "name-too-long").with("max", 100)),
    }
    if normalise_email(email).is_none() {
        wrong.push(FieldProblem::new("email", "email-malformed"));
    }
    wrong.extend(rights.check());
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_ones_own_name() {
        let code =
            |password: &str| check_password(password, "fatima@wsp.example").map(|problem| problem.code);
        assert_eq!(code("kort").as_deref(), Some("password-short"));
        assert_eq!(code("welkom-fatima-1").as_deref(), Some("password-guessable"));
        assert_eq!(code("aaaaaaaaaaaaaa").as_deref(), Some("password-guessable"));
        assert_eq!(code(&"x1".repeat(101)).as_deref(), Some("password-long"));
        assert_eq!(code("vier natte paarden"), None);
    }

    #[test]
    fn a_hash_knows_its_password_and_nobody_has_none() {
        let hash = hash_password("vier natte paarden").unwrap();
        assert!(is_password("vier natte paarden", Some(&hash)));
        assert!(!is_password("vijf natte paarden", Some(&hash)));
        assert!(!is_password("vier natte paarden", None));
    }

    #[test]
    fn an_address_is_compared_without_case_and_space() {
        assert_eq!(normalise_email(" Fatima@WSP.example ").as_deref(), Some("fatima@wsp.example"));
        for wrong in ["", "fatima", "@x.nl", "a@b", "a b@c.nl", "a@b@c.nl", "a@.nl", "a@nl."] {
            assert_eq!(normalise_email(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_invitation_says_everything_that_is_wrong_at_once() {
        let rights = Rights { roles: vec![Role::Employer, Role::AccountManager], ..Rights::default() };
        let codes: Vec<_> =
            check_invitation(" ", "x", &rights).into_iter().map(|problem| problem.code).collect();
        assert_eq!(
            codes,
            ["name-empty", "email-malformed", "employer-missing", "regions-empty", "organisation-missing"]
        );
    }

    #[test]
    fn helpers_and_advisers_work_for_an_organisation_that_people_can_read() {
        let codes = |roles: &[Role], organisation: &str| {
            let rights = Rights {
                roles: roles.to_vec(),
                employer_id: None,
                regions: vec!["AM11".to_owned()],
                organisation: organisation.to_owned(),
            };
            rights.check().into_iter().map(|problem| problem.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&[Role::Helper], " "), ["organisation-missing"]);
        assert_eq!(codes(&[Role::AccountManager], ""), ["organisation-missing"]);
        assert!(codes(&[Role::Helper], "Bibliotheek Almere").is_empty());
        assert!(codes(&[Role::Organiser, Role::Administrator], "").is_empty());
        assert_eq!(codes(&[Role::Organiser], &"a".repeat(121)), ["organisation-too-long"]);
    }
}
