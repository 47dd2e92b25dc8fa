//! Who may do what: one table for the whole service (DESIGN rule 7).

use chassis::Profile;
use proto::{Actor, Problem, Role, Service};

/// Something that is asked of intake and depends on nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Register.
    Register,
    /// Find or keep the people of a list.
    Recognise,
    /// Ask for a code.
    RequestCode,
    /// Bring back a code.
    ConfirmCode,
    /// Use the code of a letter or message: take over, or say "this was not me".
    UseLetterCode,
    /// Register someone together with her, and see whom one may still help.
    Assist,
    /// Ask to open contact data; the ground decides.
    OpenContact,
    /// Confirm a benefit; her region and her consent decide.
    ConfirmBackground,
    /// Ask where a message goes.
    AskReach,
    /// Ask who is reached by the number of a text message.
    AskWhoTexts,
    /// See all desks, and mend those of one's regions ([`works_for`]).
    MaintainDesks,
    /// See the referrals to the desks of one's regions, and follow them up ([`works_for`]).
    FollowUpReferrals,
    /// See how far erasures are.
    SeeErasures,
    /// Add invented people.
    LoadDemoPeople,
}

/// Something that is done to one person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonAct {
    /// Read what she told.
    ReadDetails,
    /// Change her wishes.
    ChangeWishes,
    /// Pass on her yes or no; [`super::consent::holds`] says how.
    SetConsent,
    /// Change what she needs.
    ChangeNeeds,
    /// Change her background.
    ChangeBackground,
    /// Change her name, language or channel.
    ChangeIdentity,
    /// Change her contact.
    ChangeContact,
    /// Give a second number, or take it back.
    SetSecondNumber,
    /// Share her contact with an employer, or take it back.
    ShareContact,
    /// See who looked at her contact data.
    ReadLooks,
    /// Let a helper go on, or end it.
    SetHelperAccess,
    /// Pause, or take part again.
    ChangeAvailability,
    /// Pass on her wish to be referred to a desk; [`super::consent::holds`] says how.
    Refer,
    /// Choose how the digest comes.
    SetDigest,
    /// Get a copy of everything.
    Export,
    /// Take a referral back.
    WithdrawReferral,
    /// Erase everything about her.
    Erase,
}

/// How an actor stands to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is she.
    Herself,
    /// A helper whose access to her data runs.
    Helper,
    /// Anyone else.
    Stranger,
}

/// Whether this actor may do this; otherwise the answer to give.
pub fn may(actor: &Actor, act: Act, profile: Profile) -> Result<(), Problem> {
    let allowed = match act {
        // Someone who is signed in may register again or change phones. Staff may not: registering
        // someone else ("assisted") is another act, with another consent channel.
        Act::Register | Act::RequestCode | Act::ConfirmCode | Act::UseLetterCode => {
            matches!(actor, Actor::Visitor | Actor::Seeker { .. })
        }
        Act::Assist => is_helper(actor),
        Act::OpenContact => actor.has(Role::AccountManager) || actor.has(Role::Employer),
        Act::ConfirmBackground | Act::FollowUpReferrals => actor.has(Role::AccountManager),
        Act::MaintainDesks => actor.has(Role::Administrator) || actor.has(Role::AccountManager),
        Act::Recognise | Act::AskWhoTexts => matches!(actor, Actor::Service { service: Service::Portal }),
        Act::AskReach => matches!(actor, Actor::Service { service: Service::Notifier }),
        Act::SeeErasures => actor.has(Role::Administrator),
        Act::LoadDemoPeople => {
            profile == Profile::Development
                && (actor.has(Role::Administrator)
                    || matches!(actor, Actor::Service { service: Service::Portal }))
        }
    };
    if allowed { Ok(()) } else { Err(Problem::forbidden()) }
}

/// Whether someone who stands so to a person may do this to her data; otherwise the answer to give.
pub fn may_to_person(standing: Standing, act: PersonAct) -> Result<(), Problem> {
    let allowed = match act {
        PersonAct::ReadDetails
        | PersonAct::ChangeWishes
        | PersonAct::SetSecondNumber
        | PersonAct::SetConsent
        | PersonAct::ChangeAvailability
        | PersonAct::Refer => {
            matches!(standing, Standing::Herself | Standing::Helper)
        }
        PersonAct::ChangeNeeds
        | PersonAct::ChangeBackground
        | PersonAct::ChangeIdentity
        | PersonAct::ChangeContact
        | PersonAct::ShareContact
        | PersonAct::ReadLooks
        | PersonAct::SetHelperAccess
        | PersonAct::SetDigest
        | PersonAct::Export
        | PersonAct::WithdrawReferral
        | PersonAct::Erase => standing == Standing::Herself,
    };
    if allowed { Ok(()) } else { Err(Problem::forbidden()) }
}

/// Whether this account works for a labour-market region; an administrator does for all.
pub fn works_for(actor: &Actor, region: &str) -> bool {
    match actor {
        Actor::Account { regions, .. } => {
            actor.has(Role::Administrator) || regions.iter().any(|own| own == region)
        }
        Actor::Visitor | Actor::Seeker { .. } | Actor::Service { .. } => false,
    }
}

/// Whether this account registers people together with them.
pub fn is_helper(actor: &Actor) -> bool {
    actor.has(Role::Helper) || actor.has(Role::AccountManager)
}

#[cfg(test)]
mod tests {
    use proto::{AccountId, SeekerId};
    use uuid::Uuid;

    use super::*;

    fn account(role: Role) -> Actor {
        let account_id = AccountId(Uuid::from_u128(9));
        Actor::Account { account_id, roles: vec![role], employer_id: None, regions: Vec::new() }
    }

    /// Every actor, and what it may do: register and sign in · help · open contact data · confirm a
    /// benefit · ask where messages go · demo people.
    fn table() -> Vec<(Actor, [bool; 6])> {
        let seeker_id = SeekerId(Uuid::from_u128(1));
        let mut table = vec![
            (Actor::Visitor, [true, false, false, false, false, false]),
            (Actor::Seeker { seeker_id }, [true, false, false, false, false, false]),
        ];
        for role in Role::ALL {
            table.push((
                account(role),
                match role {
                    Role::AccountManager => [false, true, true, true, false, false],
                    Role::Employer => [false, false, true, false, false, false],
                    Role::Helper => [false, true, false, false, false, false],
                    Role::Organiser => [false; 6],
                    Role::Administrator => [false, false, false, false, false, true],
                },
            ));
        }
        for service in Service::ALL {
            let mut allowed = [false; 6];
            allowed[4] = service == Service::Notifier;
            allowed[5] = service == Service::Portal;
            table.push((Actor::Service { service }, allowed));
        }
        table
    }

    #[test]
    fn the_table_says_who_may_do_what() {
        for (actor, [sign_in, assist, open, confirm, reach, demo]) in table() {
            let allowed = |act| may(&actor, act, Profile::Development).is_ok();
            for act in [Act::Register, Act::RequestCode, Act::ConfirmCode, Act::UseLetterCode] {
                assert_eq!(allowed(act), sign_in, "{actor:?} {act:?}");
            }
            assert_eq!(allowed(Act::Assist), assist, "{actor:?}");
            assert_eq!(allowed(Act::OpenContact), open, "{actor:?}");
            assert_eq!(allowed(Act::ConfirmBackground), confirm, "{actor:?}");
            assert_eq!(allowed(Act::AskReach), reach, "{actor:?}");
            assert_eq!(allowed(Act::LoadDemoPeople), demo, "{actor:?}");
            let is_portal = actor == Actor::Service { service: Service::Portal };
            assert_eq!(allowed(Act::Recognise), is_portal, "{actor:?}");
            assert_eq!(allowed(Act::AskWhoTexts), is_portal, "{actor:?}");
        }
    }

    #[test]
    fn a_helper_may_what_helps_and_nothing_more() {
        use PersonAct as A;
        let table = [
            (A::ReadDetails, true),
            (A::ChangeWishes, true),
            (A::SetConsent, true),
            (A::ChangeNeeds, false),
            (A::ChangeBackground, false),
            (A::ChangeIdentity, false),
            (A::ChangeContact, false),
            (A::SetSecondNumber, true),
            (A::ShareContact, false),
            (A::ReadLooks, false),
            (A::SetHelperAccess, false),
            (A::ChangeAvailability, true),
            (A::Refer, true),
            (A::SetDigest, false),
            (A::Export, false),
            (A::WithdrawReferral, false),
            (A::Erase, false),
        ];
        for (act, helper) in table {
            assert!(may_to_person(Standing::Herself, act).is_ok(), "{act:?}");
            assert_eq!(may_to_person(Standing::Helper, act).is_ok(), helper, "{act:?}");
            assert!(may_to_person(Standing::Stranger, act).is_err(), "{act:?}");
        }
    }

    #[test]
    fn desks_and_referrals_are_for_those_who_work_for_the_region() {
        for (actor, _) in table() {
            let maintains = actor.has(Role::Administrator) || actor.has(Role::AccountManager);
            assert_eq!(may(&actor, Act::MaintainDesks, Profile::Production).is_ok(), maintains, "{actor:?}");
            let follows_up = actor.has(Role::AccountManager);
            assert_eq!(
                may(&actor, Act::FollowUpReferrals, Profile::Production).is_ok(),
                follows_up,
                "{actor:?}"
            );
            assert_eq!(works_for(&actor, "AM11"), actor.has(Role::Administrator), "{actor:?}");
        }
        let mut manager = account(Role::AccountManager);
        if let Actor::Account { regions, .. } = &mut manager {
            regions.push("AM11".to_owned());
        }
        assert!(works_for(&manager, "AM11") && !works_for(&manager, "AM12"));
    }

    #[test]
    fn nobody_loads_invented_people_in_production() {
        for (actor, _) in table() {
            assert!(may(&actor, Act::LoadDemoPeople, Profile::Production).is_err(), "{actor:?}");
        }
    }
}
