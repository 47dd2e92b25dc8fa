//! Who may do what: one table for the whole service (DESIGN rule 7).

use chassis::Profile;
use proto::{Actor, Problem, Role, SeekerId, Service};

/// Something that is asked of intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Register.
    Register,
    /// Ask for a code.
    RequestCode,
    /// Bring back a code.
    ConfirmCode,
    /// Read everything about one person.
    ReadDetails(SeekerId),
    /// Change the wishes of one person.
    ChangeWishes(SeekerId),
    /// Say yes or no for one person.
    SetConsent(SeekerId),
    /// Add invented people.
    LoadDemoPeople,
}

/// Whether this actor may do this; otherwise the answer to give.
pub fn may(actor: &Actor, act: Act, profile: Profile) -> Result<(), Problem> {
    let allowed = match act {
        // Someone who is signed in may register again or change phones. Staff may not: registering
        // someone else ("assisted") is another act, with another consent channel.
        Act::Register | Act::RequestCode | Act::ConfirmCode => {
            matches!(actor, Actor::Visitor | Actor::Seeker { .. })
        }
        Act::ReadDetails(whose) | Act::ChangeWishes(whose) | Act::SetConsent(whose) => {
            matches!(actor, Actor::Seeker { seeker_id } if *seeker_id == whose)
        }
        Act::LoadDemoPeople => {
            profile == Profile::Development
                && (actor.has(Role::Administrator)
                    || matches!(actor, Actor::Service { service: Service::Portal }))
        }
    };
    if allowed { Ok(()) } else { Err(Problem::forbidden()) }
}

#[cfg(test)]
mod tests {
    use proto::AccountId;
    use uuid::Uuid;

    use super::*;

    fn seeker(number: u128) -> SeekerId {
        SeekerId(Uuid::from_u128(number))
    }

    fn account(role: Role) -> Actor {
        let account_id = AccountId(Uuid::from_u128(9));
        Actor::Account { account_id, roles: vec![role], employer_id: None, regions: Vec::new() }
    }

    /// Every actor, and what it may do: register and sign in · its own data · another's data · demo people.
    fn table() -> Vec<(Actor, [bool; 4])> {
        let mut table = vec![
            (Actor::Visitor, [true, false, false, false]),
            (Actor::Seeker { seeker_id: seeker(1) }, [true, true, false, false]),
        ];
        for role in Role::ALL {
            table.push((account(role), [false, false, false, role == Role::Administrator]));
        }
        for service in Service::ALL {
            table.push((Actor::Service { service }, [false, false, false, service == Service::Portal]));
        }
        table
    }

    #[test]
    fn the_table_says_who_may_do_what() {
        for (actor, [sign_in, own, others, demo]) in table() {
            let allowed = |act| may(&actor, act, Profile::Development).is_ok();
            for act in [Act::Register, Act::RequestCode, Act::ConfirmCode] {
                assert_eq!(allowed(act), sign_in, "{actor:?} {act:?}");
            }
            for of in [Act::ReadDetails, Act::ChangeWishes, Act::SetConsent] {
                assert_eq!(allowed(of(seeker(1))), own, "{actor:?}");
                assert_eq!(allowed(of(seeker(2))), others, "{actor:?}");
            }
            assert_eq!(allowed(Act::LoadDemoPeople), demo, "{actor:?}");
        }
    }

    #[test]
    fn nobody_loads_invented_people_in_production() {
        for (actor, _) in table() {
            assert!(may(&actor, Act::LoadDemoPeople, Profile::Production).is_err(), "{actor:?}");
        }
    }
}
