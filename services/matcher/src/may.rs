//! Who may do what on which object: the one table of this service (DESIGN rule 7).
//!
//! | | herself | account manager | employer | organiser | visitor |
//! |---|---|---|---|---|---|
//! | openings for a person | her own | | | | |
//! | people for an opening | | who agreed to an adviser | of its own openings, who stand in the open file | | |
//! | weights of pairs | | yes | | yes | |
//! | count openings | yes | yes | yes | yes | yes |
//! | read the rules | yes | yes | yes | yes | yes |
//! | count people | | yes | yes | yes | |
//! | record what was shown | to herself | | | | |

use proto::{Actor, EmployerId, Problem, Role, SeekerId};

use crate::domain::index::Visible;

/// Openings for a person are for her own eyes first (DESIGN rule 11).
pub fn see_openings_for(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    when(matches!(actor, Actor::Seeker { seeker_id: own } if *own == seeker_id))
}

/// Which people this actor may see for an opening of this employer (`None`: we know no such opening).
pub fn see_people_for(actor: &Actor, employer: Option<EmployerId>) -> Result<Visible, Problem> {
    if actor.has(Role::AccountManager) {
        return Ok(Visible::ToAdvisers);
    }
    match actor {
        Actor::Account { employer_id: Some(own), .. }
            if actor.has(Role::Employer) && employer.is_none_or(|employer| employer == *own) =>
        {
            Ok(Visible::ToEmployers)
        }
        _ => Err(Problem::forbidden()),
    }
}

/// Weights of pairs are for planning meetings.
pub fn plan_meetings(actor: &Actor) -> Result<(), Problem> {
    when(actor.has(Role::AccountManager) || actor.has(Role::Organiser))
}

/// How many people could do some work.
pub fn count_people(actor: &Actor) -> Result<(), Problem> {
    when([Role::AccountManager, Role::Employer, Role::Organiser].iter().any(|role| actor.has(*role)))
}

/// What was shown is recorded when it is shown to her.
pub fn record_shown_to(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    see_openings_for(actor, seeker_id)
}

fn when(allowed: bool) -> Result<(), Problem> {
    if allowed { Ok(()) } else { Err(Problem::forbidden()) }
}

#[cfg(test)]
mod tests {
    use proto::{AccountId, Service};
    use uuid::Uuid;

    use super::*;

    const SHE: SeekerId = SeekerId(Uuid::from_u128(1));
    const ANOTHER: SeekerId = SeekerId(Uuid::from_u128(2));
    const SHOP: EmployerId = EmployerId(Uuid::from_u128(3));
    const BAKERY: EmployerId = EmployerId(Uuid::from_u128(4));

    fn account(roles: &[Role], employer_id: Option<EmployerId>) -> Actor {
        Actor::Account {
            account_id: AccountId(Uuid::from_u128(9)),
            roles: roles.to_vec(),
            employer_id,
            regions: Vec::new(),
        }
    }

    fn actors() -> [(&'static str, Actor); 9] {
        [
            ("visitor", Actor::Visitor),
            ("she", Actor::Seeker { seeker_id: SHE }),
            ("another", Actor::Seeker { seeker_id: ANOTHER }),
            ("account manager", account(&[Role::AccountManager], None)),
            ("shop", account(&[Role::Employer], Some(SHOP))),
            ("employer without one", account(&[Role::Employer], None)),
            ("organiser", account(&[Role::Organiser], None)),
            ("administrator", account(&[Role::Administrator], None)),
            ("service", Actor::Service { service: Service::Notifier }),
        ]
    }

    fn who(may: impl Fn(&Actor) -> bool) -> Vec<&'static str> {
        actors().iter().filter(|(_, actor)| may(actor)).map(|(name, _)| *name).collect()
    }

    #[test]
    fn the_table_holds_for_every_actor() {
        assert_eq!(who(|actor| see_openings_for(actor, SHE).is_ok()), ["she"]);
        assert_eq!(who(|actor| record_shown_to(actor, SHE).is_ok()), ["she"]);
        assert_eq!(who(|actor| plan_meetings(actor).is_ok()), ["account manager", "organiser"]);
        assert_eq!(
            who(|actor| count_people(actor).is_ok()),
            ["account manager", "shop", "employer without one", "organiser"]
        );
    }

    #[test]
    fn an_employer_sees_the_open_file_for_its_own_openings_only() {
        let sees = |employer, wanted| who(|actor| see_people_for(actor, employer) == Ok(wanted));
        assert_eq!(sees(Some(SHOP), Visible::ToEmployers), ["shop"]);
        assert_eq!(sees(Some(BAKERY), Visible::ToEmployers), [""; 0]);
        assert_eq!(sees(None, Visible::ToEmployers), ["shop"]);
        for employer in [Some(SHOP), Some(BAKERY), None] {
            assert_eq!(sees(employer, Visible::ToAdvisers), ["account manager"]);
        }
    }
}
