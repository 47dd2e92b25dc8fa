//! Who may do what on which object: the one table of this service (DESIGN rule 7).
//!
//! | | herself | account manager | employer | helper | organiser | visitor |
//! |---|---|---|---|---|---|---|
//! | openings for a person | her own | | | | | |
//! | record what was shown | to herself | | | | | |
//! | say what she wants | herself | | | | | |
//! | what she said, who looked | her own | | | | | |
//! | people for an opening | | who agreed to an adviser | of its own openings: the open file, and who wants it | | | |
//! | people who want an opening, and answer them | | in its regions | of its own openings | | | |
//! | people of the open file around a place | | yes | yes | yes | | |
//! | weights of pairs | | yes | | | yes | |
//! | count people | | yes | yes | | yes | |
//! | count openings, read the rules | yes | yes | yes | yes | yes | yes |
//!
//! Intake by itself may ask how many openings are new for a person.

use proto::{Actor, EmployerId, Problem, Role, SeekerId, Service};

use crate::domain::index::Visible;

/// Openings for a person are for her own eyes first (DESIGN rule 11).
pub fn see_openings_for(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    herself(actor, seeker_id)
}

/// Which people this actor may see for an opening of this employer (`None`: we know no such opening),
/// and in which role.
pub fn see_people_for(actor: &Actor, employer: Option<EmployerId>) -> Result<(Visible, Role), Problem> {
    if actor.has(Role::AccountManager) {
        return Ok((Visible::ToAdvisers, Role::AccountManager));
    }
    match own_employer(actor) {
        Some(own) if employer.is_none_or(|employer| employer == own) => {
            Ok((Visible::ToEmployers, Role::Employer))
        }
        _ => Err(Problem::forbidden()),
    }
}

/// What a person says to a proposal, only she says.
pub fn mark_for(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    herself(actor, seeker_id)
}

/// What she said and who looked at her is for her own eyes.
pub fn see_trail_of(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    herself(actor, seeker_id)
}

/// Whose openings an actor may see the people of, who want them, and answer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// In these labour-market regions.
    pub regions: Vec<String>,
    /// Of this employer.
    pub employer_id: Option<EmployerId>,
    /// In which role.
    pub role: Role,
}

impl Scope {
    /// Whether this employer's opening in this region is in it.
    pub fn holds(&self, employer_id: EmployerId, region: &str) -> bool {
        self.employer_id == Some(employer_id) || self.regions.iter().any(|own| own == region)
    }
}

/// The openings of which this actor sees who wants them, and answers.
pub fn answer_in(actor: &Actor) -> Result<Scope, Problem> {
    let Actor::Account { regions, .. } = actor else { return Err(Problem::forbidden()) };
    let employer_id = own_employer(actor);
    if actor.has(Role::AccountManager) {
        Ok(Scope { regions: regions.clone(), employer_id, role: Role::AccountManager })
    } else if employer_id.is_some() {
        Ok(Scope { regions: Vec::new(), employer_id, role: Role::Employer })
    } else {
        Err(Problem::forbidden())
    }
}

/// The open file: in which role this actor looks.
pub fn see_the_open_file(actor: &Actor) -> Result<Role, Problem> {
    if actor.has(Role::AccountManager) {
        Ok(Role::AccountManager)
    } else if own_employer(actor).is_some() {
        Ok(Role::Employer)
    } else if actor.has(Role::Helper) {
        Ok(Role::Helper)
    } else {
        Err(Problem::forbidden())
    }
}

/// The weekly digest says how many openings are new; intake writes it.
pub fn count_new(actor: &Actor) -> Result<(), Problem> {
    when(*actor == Actor::Service { service: Service::Intake })
}

/// Weights of pairs are for planning meetings; in which role.
pub fn plan_meetings(actor: &Actor) -> Result<Role, Problem> {
    [Role::AccountManager, Role::Organiser]
        .into_iter()
        .find(|role| actor.has(*role))
        .ok_or_else(Problem::forbidden)
}

/// How many people could do some work.
pub fn count_people(actor: &Actor) -> Result<(), Problem> {
    when([Role::AccountManager, Role::Employer, Role::Organiser].iter().any(|role| actor.has(*role)))
}

/// What was shown is recorded when it is shown to her.
pub fn record_shown_to(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    herself(actor, seeker_id)
}

fn herself(actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
    when(matches!(actor, Actor::Seeker { seeker_id: own } if *own == seeker_id))
}

/// The employer that an account with the employer role acts for.
fn own_employer(actor: &Actor) -> Option<EmployerId> {
    match actor {
        Actor::Account { employer_id, .. } if actor.has(Role::Employer) => *employer_id,
        _ => None,
    }
}

fn when(allowed: bool) -> Result<(), Problem> {
    if allowed { Ok(()) } else { Err(Problem::forbidden()) }
}

#[cfg(test)]
mod tests {
    use proto::AccountId;
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
            regions: vec!["AM11".to_owned()],
        }
    }

    fn actors() -> [(&'static str, Actor); 11] {
        [
            ("visitor", Actor::Visitor),
            ("she", Actor::Seeker { seeker_id: SHE }),
            ("another", Actor::Seeker { seeker_id: ANOTHER }),
            ("account manager", account(&[Role::AccountManager], None)),
            ("shop", account(&[Role::Employer], Some(SHOP))),
            ("employer without one", account(&[Role::Employer], None)),
            ("helper", account(&[Role::Helper], Some(SHOP))),
            ("organiser", account(&[Role::Organiser], None)),
            ("administrator", account(&[Role::Administrator], None)),
            ("notifier", Actor::Service { service: Service::Notifier }),
            ("intake", Actor::Service { service: Service::Intake }),
        ]
    }

    fn who(may: impl Fn(&Actor) -> bool) -> Vec<&'static str> {
        actors().iter().filter(|(_, actor)| may(actor)).map(|(name, _)| *name).collect()
    }

    #[test]
    fn the_table_holds_for_every_actor() {
        for of_her in [see_openings_for, record_shown_to, mark_for, see_trail_of] {
            assert_eq!(who(|actor| of_her(actor, SHE).is_ok()), ["she"]);
        }
        assert_eq!(who(|actor| plan_meetings(actor).is_ok()), ["account manager", "organiser"]);
        assert_eq!(
            who(|actor| count_people(actor).is_ok()),
            ["account manager", "shop", "employer without one", "organiser"]
        );
        assert_eq!(who(|actor| answer_in(actor).is_ok()), ["account manager", "shop"]);
        assert_eq!(who(|actor| see_the_open_file(actor).is_ok()), ["account manager", "shop", "helper"]);
        assert_eq!(who(|actor| count_new(actor).is_ok()), ["intake"]);
    }

    #[test]
    fn an_employer_sees_the_open_file_for_its_own_openings_only() {
        let sees = |employer, wanted| who(|actor| see_people_for(actor, employer) == Ok(wanted));
        let (as_employer, as_manager) =
            ((Visible::ToEmployers, Role::Employer), (Visible::ToAdvisers, Role::AccountManager));
        assert_eq!(sees(Some(SHOP), as_employer), ["shop"]);
        assert_eq!(sees(Some(BAKERY), as_employer), [""; 0]);
        assert_eq!(sees(None, as_employer), ["shop"]);
        for employer in [Some(SHOP), Some(BAKERY), None] {
            assert_eq!(sees(employer, as_manager), ["account manager"]);
        }
    }

    #[test]
    fn an_employer_answers_for_itself_and_an_account_manager_for_its_regions() {
        let answers = |employer_id, region| {
            who(|actor| answer_in(actor).is_ok_and(|scope| scope.holds(employer_id, region)))
        };
        assert_eq!(answers(SHOP, "AM11"), ["account manager", "shop"]);
        assert_eq!(answers(SHOP, "AM12"), ["shop"]);
        assert_eq!(answers(BAKERY, "AM11"), ["account manager"]);
        assert_eq!(answers(BAKERY, "AM12"), [""; 0]);
    }
}
