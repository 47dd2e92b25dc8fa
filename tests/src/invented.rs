//! Invented people, employers and openings. A story takes one and says only what matters in it:
//! `OpeningDetails { places: 3, ..invented::opening() }`.

use proto::{
    AccountId, Actor, Role,
    intake::Wishes,
    vacancies::{AddEmployer, OpeningDetails, SiteDetails, Terms},
    work::{Daypart, Days, Hours},
};
use uuid::Uuid;

/// Someone who works for the service point in Flevoland, by number.
pub fn account(number: u128, role: Role) -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(number)),
        roles: vec![role],
        employer_id: None,
        regions: vec!["AM11".to_owned()],
    }
}

/// An account manager.
pub fn manager() -> Actor {
    account(7, Role::AccountManager)
}

/// An employer with one site in Almere; the number of its registration makes it another one.
pub fn employer(kvk_number: &str) -> AddEmployer {
    AddEmployer {
        name: "De Linde".to_owned(),
        kvk_number: kvk_number.to_owned(),
        site: SiteDetails { name: String::new(), street: String::new(), postcode: "1315".to_owned() },
        contact: None,
    }
}

/// A place for a window cleaner in Almere, mornings, 24 to 32 hours, without requirements: near [`wishes`].
pub fn opening() -> OpeningDetails {
    OpeningDetails {
        terms: Terms::Regular {},
        title: "Glazenwasser".to_owned(),
        tasks: vec!["schoonmaken.ramen".into()],
        description: "U werkt in een klein team.".to_owned(),
        site_id: None,
        postcode: "1315".to_owned(),
        hours: Hours { min: 24, max: 32 },
        dayparts: [Daypart::Morning].into_iter().collect(),
        days: Days::default(),
        starts_on: None,
        closes_on: None,
        places: 1,
        pay_cents_per_hour: Some(1520),
        cao: String::new(),
        requirements: Vec::new(),
        self_checks: Vec::new(),
        support: Vec::new(),
    }
}

/// Someone in Almere who wants to clean windows in the morning, 16 to 32 hours.
pub fn wishes() -> Wishes {
    Wishes {
        postcode: "1315".to_owned(),
        tasks: vec!["schoonmaken.ramen".into()],
        any_task: false,
        dayparts: [Daypart::Morning].into_iter().collect(),
        hours: Some(Hours { min: 16, max: 32 }),
        travel: None,
        days: Days::default(),
        available_from: None,
        languages: Vec::new(),
        licences: Vec::new(),
        cannot: Vec::new(),
        shown_support: Vec::new(),
        remark: String::new(),
    }
}
