//! Who may do what on which object: the one table of this service (DESIGN rule 7).
//!
//! | | herself | helper | account manager | employer | administrator | the portal itself |
//! |---|---|---|---|---|---|---|
//! | see a queue, its heads and keys | everyone | | | | | |
//! | open, change a queue | | | in its region | its own | | |
//! | put people in line | | | | | | what came in together |
//! | see a place in line | her own | at the desk | at the desk | | | |
//! | answer, pause, leave, come back | her own | at the desk | at the desk or by phone | | | |
//! | answer by a text message | | | | | | what the gateway brought |
//! | proof of a place | her own | | | | | |
//! | see the line | | | in its region | its own | yes | |
//! | who begins; tell the first day | | | in its region | its own | | |
//! | set right how it ended | | | in its region | | | |
//! | calls to make | | | in its regions | | | |
//! | entries of a ledger | | | | | yes, as auditor | |
//!
//! No role can move, insert or favour a ticket: there is no deed for it.

use proto::{AccountId, Actor, EmployerId, Problem, Role, SeekerId, Service};

/// Opens or changes a queue, sees its line, tells the first day: its account manager or its employer.
pub(crate) fn look_after(actor: &Actor, employer_id: EmployerId, region: &str) -> Result<(), Problem> {
    let Actor::Account { regions, employer_id: own, .. } = actor else { return Err(Problem::forbidden()) };
    let manages = actor.has(Role::AccountManager) && regions.iter().any(|one| one == region);
    when(manages || (actor.has(Role::Employer) && *own == Some(employer_id)))
}

/// Whose deed it is, when a member of staff does it.
pub(crate) const fn account(actor: &Actor) -> Option<AccountId> {
    match actor {
        Actor::Account { account_id, .. } => Some(*account_id),
        _ => None,
    }
}

/// Sets right what was written down wrongly: the account manager of the region, and on which account.
pub(crate) fn set_right(actor: &Actor, region: &str) -> Result<AccountId, Problem> {
    match actor {
        Actor::Account { account_id, regions, .. }
            if actor.has(Role::AccountManager) && regions.iter().any(|one| one == region) =>
        {
            Ok(*account_id)
        }
        _ => Err(Problem::forbidden()),
    }
}

/// Sees a line, without names.
pub(crate) fn see_line(actor: &Actor, employer_id: EmployerId, region: &str) -> Result<(), Problem> {
    if actor.has(Role::Administrator) { Ok(()) } else { look_after(actor, employer_id, region) }
}

/// Puts people in line: what came in together, the portal itself brings.
pub(crate) fn bring_in(actor: &Actor) -> Result<(), Problem> {
    when(*actor == Actor::Service { service: Service::Portal })
}

/// Passes on a text message: the portal itself, for the gateway that brought it.
pub(crate) fn pass_on(actor: &Actor) -> Result<(), Problem> {
    bring_in(actor)
}

/// Does something with a place in line: she herself (`None`), or the member of staff who has her before them.
pub(crate) fn act_for(actor: &Actor, seeker_id: SeekerId) -> Result<Option<AccountId>, Problem> {
    match actor {
        Actor::Seeker { seeker_id: own } if *own == seeker_id => Ok(None),
        Actor::Account { account_id, .. } if actor.has(Role::Helper) || actor.has(Role::AccountManager) => {
            Ok(Some(*account_id))
        }
        _ => Err(Problem::not_found("ticket")),
    }
}

/// What is for her own eyes.
pub(crate) fn herself(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    match actor {
        Actor::Seeker { seeker_id: own } if *own == seeker_id => Ok(()),
        _ => Err(Problem::not_found("ticket")),
    }
}

/// Calls people: in which regions, and on which account.
pub(crate) fn call(actor: &Actor) -> Result<(AccountId, &[String]), Problem> {
    match actor {
        Actor::Account { account_id, regions, .. } if actor.has(Role::AccountManager) => {
            Ok((*account_id, regions))
        }
        _ => Err(Problem::forbidden()),
    }
}

/// Whose beginners an actor sees.
pub(crate) fn see_beginners(actor: &Actor) -> Result<(Option<EmployerId>, Vec<String>), Problem> {
    let Actor::Account { regions, employer_id, .. } = actor else { return Err(Problem::forbidden()) };
    let own = employer_id.filter(|_| actor.has(Role::Employer));
    let regions = if actor.has(Role::AccountManager) { regions.clone() } else { Vec::new() };
    if own.is_none() && !actor.has(Role::AccountManager) {
        return Err(Problem::forbidden());
    }
    Ok((own, regions))
}

/// Reads the entries of a ledger.
pub(crate) fn audit(actor: &Actor) -> Result<(), Problem> {
    when(actor.has(Role::Administrator))
}

fn when(allowed: bool) -> Result<(), Problem> {
    if allowed { Ok(()) } else { Err(Problem::forbidden()) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SHE: SeekerId = SeekerId(Uuid::from_u128(1));
    const SHOP: EmployerId = EmployerId(Uuid::from_u128(3));
    const BAKERY: EmployerId = EmployerId(Uuid::from_u128(4));

    fn account(role: Role, employer_id: Option<EmployerId>, region: &str) -> Actor {
        Actor::Account {
            account_id: AccountId(Uuid::from_u128(9)),
            roles: vec![role],
            employer_id,
            regions: vec![region.to_owned()],
        }
    }

    fn actors() -> [(&'static str, Actor); 11] {
        [
            ("visitor", Actor::Visitor),
            ("she", Actor::Seeker { seeker_id: SHE }),
            ("another", Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(2)) }),
            ("manager", account(Role::AccountManager, None, "AM11")),
            ("manager elsewhere", account(Role::AccountManager, None, "AM12")),
            ("shop", account(Role::Employer, Some(SHOP), "AM12")),
            ("bakery", account(Role::Employer, Some(BAKERY), "AM11")),
            ("helper", account(Role::Helper, Some(SHOP), "AM11")),
            ("organiser", account(Role::Organiser, Some(SHOP), "AM11")),
            ("administrator", account(Role::Administrator, Some(SHOP), "AM11")),
            ("portal", Actor::Service { service: Service::Portal }),
        ]
    }

    fn who(may: impl Fn(&Actor) -> bool) -> Vec<&'static str> {
        actors().iter().filter(|(_, actor)| may(actor)).map(|(name, _)| *name).collect()
    }

    #[test]
    fn the_table_holds_for_every_actor() {
        assert_eq!(who(|actor| look_after(actor, SHOP, "AM11").is_ok()), ["manager", "shop"]);
        assert_eq!(who(|actor| see_line(actor, SHOP, "AM11").is_ok()), ["manager", "shop", "administrator"]);
        assert_eq!(who(|actor| set_right(actor, "AM11").is_ok()), ["manager"]);
        assert_eq!(who(|actor| bring_in(actor).is_ok()), ["portal"]);
        assert_eq!(who(|actor| pass_on(actor).is_ok()), ["portal"]);
        assert_eq!(
            who(|actor| act_for(actor, SHE).is_ok()),
            ["she", "manager", "manager elsewhere", "helper"]
        );
        assert_eq!(who(|actor| herself(actor, SHE).is_ok()), ["she"]);
        assert_eq!(who(|actor| call(actor).is_ok()), ["manager", "manager elsewhere"]);
        assert_eq!(
            who(|actor| see_beginners(actor).is_ok()),
            ["manager", "manager elsewhere", "shop", "bakery"]
        );
        assert_eq!(who(|actor| audit(actor).is_ok()), ["administrator"]);
    }
}
