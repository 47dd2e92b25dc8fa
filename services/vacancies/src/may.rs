//! Who may do what on which object: one table (DESIGN rule 7).

use proto::{Actor, EmployerId, Problem, Role};

/// What someone wants to do with an employer or with an opening of that employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Add the employer itself.
    AddEmployer,
    /// See the employer, its drafts and its closed openings.
    Look,
    /// See whom to ask for.
    SeeContact,
    /// Write its openings, its sites and its contact persons.
    Write,
    /// Say whether a labour conflict stops it, and who looks after it.
    Manage,
}

/// Whose object it is.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The employer; nothing while it is being added.
    pub employer_id: Option<EmployerId>,
    /// The regions of its sites in use.
    pub regions: &'a [String],
}

/// The table. What published openings say is not in it: anyone may read that.
///
/// | deed | account manager of a region of its sites | the employer itself | administrator | others |
/// |---|---|---|---|---|
/// | add employer | yes | no | no | no |
/// | look | yes | yes | yes | no |
/// | see contact | yes | yes | no | no |
/// | write | yes | yes | no | no |
/// | manage | yes | no | no | no |
pub fn may(actor: &Actor, deed: Deed, owner: Owner<'_>) -> bool {
    let Actor::Account { regions, employer_id, .. } = actor else { return false };
    let manages =
        actor.has(Role::AccountManager) && regions.iter().any(|region| owner.regions.contains(region));
    let is_own = actor.has(Role::Employer) && employer_id.is_some() && *employer_id == owner.employer_id;
    match deed {
        Deed::AddEmployer | Deed::Manage => manages,
        Deed::Look => manages || is_own || actor.has(Role::Administrator),
        Deed::SeeContact | Deed::Write => manages || is_own,
    }
}

/// The same, as an answer.
///
/// # Errors
/// `forbidden`.
pub fn check(actor: &Actor, deed: Deed, owner: Owner<'_>) -> Result<(), Problem> {
    if may(actor, deed, owner) { Ok(()) } else { Err(Problem::forbidden()) }
}

/// Which employers stand in an actor's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Every one.
    pub all: bool,
    /// Those of these regions.
    pub regions: Vec<String>,
    /// This one.
    pub employer_id: Option<EmployerId>,
}

/// The lists of an actor.
///
/// # Errors
/// `forbidden` for whoever has no employers at all.
pub fn scope(actor: &Actor) -> Result<Scope, Problem> {
    let Actor::Account { regions, employer_id, .. } = actor else { return Err(Problem::forbidden()) };
    let scope = Scope {
        all: actor.has(Role::Administrator),
        regions: if actor.has(Role::AccountManager) { regions.clone() } else { Vec::new() },
        employer_id: employer_id.filter(|_| actor.has(Role::Employer)),
    };
    let is_staff = scope.all || actor.has(Role::AccountManager) || scope.employer_id.is_some();
    if is_staff { Ok(scope) } else { Err(Problem::forbidden()) }
}

/// The account that imports.
///
/// # Errors
/// `forbidden` for whoever may write nothing.
pub fn importer(actor: &Actor) -> Result<proto::AccountId, Problem> {
    match actor {
        Actor::Account { account_id, employer_id, .. }
            if actor.has(Role::AccountManager) || (actor.has(Role::Employer) && employer_id.is_some()) =>
        {
            Ok(*account_id)
        }
        _ => Err(Problem::forbidden()),
    }
}

/// Whether someone may read the report of an import that this account started.
pub fn report(actor: &Actor, started_by: proto::AccountId) -> bool {
    let is_own = matches!(actor, Actor::Account { account_id, .. } if *account_id == started_by);
    is_own || actor.has(Role::Administrator)
}

#[cfg(test)]
mod tests {
    use proto::{AccountId, SeekerId, Service};
    use uuid::Uuid;

    use super::*;

    const OURS: EmployerId = EmployerId(Uuid::from_u128(1));
    const THEIRS: EmployerId = EmployerId(Uuid::from_u128(2));

    fn account(roles: &[Role], employer_id: Option<EmployerId>, regions: &[&str]) -> Actor {
        Actor::Account {
            account_id: AccountId(Uuid::from_u128(9)),
            roles: roles.to_vec(),
            employer_id,
            regions: regions.iter().map(|region| (*region).to_owned()).collect(),
        }
    }

    #[test]
    fn the_whole_table() {
        use Deed::{AddEmployer, Look, Manage, SeeContact, Write};
        let table = [
            // who, on an employer of AM11 and AM14: add, look, see contact, write, manage
            (account(&[Role::AccountManager], None, &["AM11"]), [true; 5]),
            (account(&[Role::AccountManager], None, &["AM12", "AM14"]), [true; 5]),
            (account(&[Role::AccountManager], None, &["AM12"]), [false; 5]),
            (account(&[Role::AccountManager], None, &[]), [false; 5]),
            (account(&[Role::Employer], Some(OURS), &[]), [false, true, true, true, false]),
            (account(&[Role::Employer], Some(THEIRS), &["AM11"]), [false; 5]),
            (account(&[Role::Employer], None, &["AM11"]), [false; 5]),
            (account(&[Role::Administrator], None, &["AM11"]), [false, true, false, false, false]),
            (account(&[Role::Organiser], Some(OURS), &["AM11"]), [false; 5]),
            (account(&[Role::Helper], Some(OURS), &["AM11"]), [false; 5]),
            (account(&[], Some(OURS), &["AM11"]), [false; 5]),
            (Actor::Visitor, [false; 5]),
            (Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(1)) }, [false; 5]),
            (Actor::Service { service: Service::Matcher }, [false; 5]),
        ];
        let (here, there) = (["AM11".to_owned(), "AM14".to_owned()], ["AM12".to_owned()]);
        for (actor, expected) in table {
            let owner = Owner { employer_id: Some(OURS), regions: &here };
            let found = [AddEmployer, Look, SeeContact, Write, Manage].map(|deed| may(&actor, deed, owner));
            assert_eq!(found, expected, "{actor:?}");
            let nobodys = Owner { employer_id: None, regions: &there };
            let of_am12 = matches!(&actor, Actor::Account { regions, .. }
                if actor.has(Role::AccountManager) && regions.contains(&there[0]));
            assert_eq!(may(&actor, Write, nobodys), of_am12);
        }
    }

    #[test]
    fn lists_show_what_may_be_looked_at() {
        let manager = scope(&account(&[Role::AccountManager], Some(OURS), &["AM11"])).unwrap();
        assert_eq!(manager, Scope { all: false, regions: vec!["AM11".into()], employer_id: None });
        let employer = scope(&account(&[Role::Employer], Some(OURS), &["AM11"])).unwrap();
        assert_eq!(employer, Scope { all: false, regions: vec![], employer_id: Some(OURS) });
        assert!(scope(&account(&[Role::Administrator], None, &[])).unwrap().all);
        for nobody in [Actor::Visitor, account(&[Role::Organiser], Some(OURS), &["AM11"])] {
            assert_eq!(scope(&nobody).unwrap_err(), Problem::forbidden());
        }
    }
}
