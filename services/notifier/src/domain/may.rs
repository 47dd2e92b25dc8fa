//! Who may do what: one table for the whole service (DESIGN rule 7).

use chassis::Profile;
use proto::{Actor, Problem, Role, Service};

/// Something that is asked of the notifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Send a message.
    SendNotice,
    /// Look into the local mailbox.
    ReadMailbox,
}

/// Whether this actor may do this; otherwise the answer to give.
pub fn may(actor: &Actor, act: Act, profile: Profile) -> Result<(), Problem> {
    let allowed = match act {
        // By the clock, or because an administrator invites somebody.
        Act::SendNotice => {
            matches!(actor, Actor::Service { service: Service::Intake | Service::Portal })
                || actor.has(Role::Administrator)
        }
        // The mailbox is a page on loopback; it does not exist for people (DESIGN rule 15).
        Act::ReadMailbox => {
            profile == Profile::Development && matches!(actor, Actor::Visitor | Actor::Account { .. })
        }
    };
    if allowed { Ok(()) } else { Err(Problem::forbidden()) }
}

#[cfg(test)]
mod tests {
    use proto::{AccountId, SeekerId};
    use uuid::Uuid;

    use super::*;

    /// Every actor, and what it may do: send · read the mailbox.
    fn table() -> Vec<(Actor, [bool; 2])> {
        let mut table = vec![
            (Actor::Visitor, [false, true]),
            (Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(1)) }, [false, false]),
        ];
        for role in Role::ALL {
            let account_id = AccountId(Uuid::from_u128(2));
            let account =
                Actor::Account { account_id, roles: vec![role], employer_id: None, regions: Vec::new() };
            table.push((account, [role == Role::Administrator, true]));
        }
        for service in Service::ALL {
            let sends = matches!(service, Service::Intake | Service::Portal);
            table.push((Actor::Service { service }, [sends, false]));
        }
        table
    }

    #[test]
    fn the_table_says_who_may_do_what() {
        for (actor, [send, read]) in table() {
            let allowed = |act, profile| may(&actor, act, profile).is_ok();
            for profile in [Profile::Development, Profile::Production] {
                assert_eq!(allowed(Act::SendNotice, profile), send, "{actor:?}");
            }
            assert_eq!(allowed(Act::ReadMailbox, Profile::Development), read, "{actor:?}");
            assert!(!allowed(Act::ReadMailbox, Profile::Production), "{actor:?}");
        }
    }
}
