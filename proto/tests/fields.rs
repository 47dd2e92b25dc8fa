//! Holds the fields of people and openings to docs/fields.md: a field without a row fails, a row without
//! a field fails, and so does a row that is silent about an event that carries the field.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    AccountId, EmployerId, OpenFileId, OpeningId, SeekerId,
    intake::{
        AssistedReach, AssistedRegistration, AtDesk, Availability, ConsentGiven, Details, HelperIntroduction,
        Newcomer, ProfilePublished, Registration, Wishes,
    },
    vacancies::{Carved, LearnWork, LearnWorkKind, OpeningDetails, OpeningPublished, ResultDocument, Terms},
    work::{Area, Cell, Channel, Dayparts, Days, Hours, Language, Route},
};
use serde::Serialize;
use uuid::Uuid;

/// The rows of the table under a heading: field → where it travels.
fn table(heading: &str) -> BTreeMap<String, String> {
    let page = include_str!("../../docs/fields.md");
    let start = page.find(heading).unwrap_or_else(|| panic!("docs/fields.md has no part {heading:?}"));
    let part = &page[start + heading.len()..];
    let part = part.split("\n#").next().unwrap();
    let mut rows = BTreeMap::new();
    for row in part.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 5, "a row has five cells: {row}");
        assert!(cells.iter().all(|cell| !cell.is_empty()), "no cell is empty: {row}");
        let field = cells[0].trim_matches('`').to_owned();
        assert!(rows.insert(field.clone(), cells[3].to_owned()).is_none(), "{field} has two rows");
    }
    assert!(!rows.is_empty(), "no rows under {heading:?}");
    rows
}

/// The names of the fields of a value.
fn fields(value: &impl Serialize) -> BTreeSet<String> {
    serde_json::to_value(value).unwrap().as_object().unwrap().keys().cloned().collect()
}

fn names(rows: &BTreeMap<String, String>) -> BTreeSet<String> {
    rows.keys().cloned().collect()
}

fn wishes() -> Wishes {
    Wishes {
        postcode: String::new(),
        tasks: Vec::new(),
        any_task: false,
        dayparts: Dayparts::default(),
        hours: None,
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

const AREA: Cell = Cell { x: 0, y: 0 };

fn area() -> Area {
    Area { cell: AREA, municipality: String::new(), region: String::new() }
}

#[test]
fn every_field_about_who_she_is_has_its_row() {
    let registration = Registration {
        wishes: wishes(),
        name: String::new(),
        contact: String::new(),
        channel: Channel::Sms,
        consents: Vec::new(),
        consent_text_version: String::new(),
        entry_point: None,
        language: Language::Nl,
    };
    let assisted = AssistedRegistration {
        wishes: wishes(),
        name: String::new(),
        reach: AssistedReach::Contact { contact: String::new(), channel: Channel::Sms, shared: false },
        consents: Vec::new(),
        consent_text_version: String::new(),
        how: ConsentGiven::Herself,
        entry_point: None,
        language: Language::Nl,
        helper: HelperIntroduction { name: String::new(), organisation: String::new() },
    };
    let details = Details {
        name: String::new(),
        contact: None,
        second_number: None,
        channel: Channel::Sms,
        language: Language::Nl,
        wishes: Some(wishes()),
        needs: Vec::new(),
        background: None,
        entry_point: None,
        consents: Vec::new(),
        profile_version: 1,
        availability: Availability::Looking { asked_at: None },
        digest: None,
        helpers: Vec::new(),
        referrals: Vec::new(),
        shares: Vec::new(),
    };
    let told: BTreeSet<_> =
        [fields(&registration), fields(&assisted), fields(&details)].into_iter().flatten().collect();
    assert_eq!(names(&table("## A person: who she is")), told);
}

#[test]
fn every_field_of_who_comes_for_a_place_in_line_has_its_row() {
    let desk = AtDesk { account_id: AccountId(Uuid::nil()), organisation: String::new(), shared: false };
    let newcomer = Newcomer {
        name: String::new(),
        contact: String::new(),
        language: Language::Nl,
        desk: Some(desk.clone()),
    };
    let mut told = fields(&newcomer);
    told.remove("desk");
    told.extend(fields(&desk));
    assert_eq!(names(&table("## A person: who comes for a place in line")), told);
}

#[test]
fn every_wish_has_its_row_and_the_row_says_whether_it_is_published() {
    let rows = table("## A person: what she wants and can");
    assert_eq!(names(&rows), fields(&wishes()));
    let published = fields(&ProfilePublished {
        seeker_id: SeekerId(Uuid::nil()),
        version: 1,
        area: area(),
        tasks: Vec::new(),
        any_task: false,
        dayparts: Dayparts::default(),
        hours: None,
        travel: None,
        open_file_id: OpenFileId(Uuid::nil()),
        open_file: false,
        adviser: false,
        paused: false,
        available_from: None,
        languages: Vec::new(),
        licences: Vec::new(),
        shown_support: Vec::new(),
    });
    for (field, travels) in &rows {
        // Of the postcode only the area is published.
        let is_published = published.contains(field) || field == "postcode";
        assert_eq!(travels.contains("profile_published"), is_published, "{field}: {travels}");
    }
    // And the other way round: the event carries nothing that has no row, but for these.
    let known = ["seeker_id", "version", "area", "open_file_id", "open_file", "adviser", "paused"];
    for field in published.iter().filter(|field| !known.contains(&field.as_str())) {
        assert!(rows.contains_key(field), "profile_published carries {field} without a row");
    }
}

#[test]
fn needs_and_background_and_what_she_cannot_are_in_no_profile() {
    let who = table("## A person: who she is");
    for field in ["needs", "background", "entry_point", "name", "contact", "reach"] {
        assert!(!who[field].contains("profile_published"), "{field}");
    }
    let wants = table("## A person: what she wants and can");
    for field in ["cannot", "days", "remark"] {
        assert_eq!(wants[field], "stays in intake", "{field}");
    }
}

fn every_terms() -> Vec<Terms> {
    let learn_work = LearnWork {
        kind: LearnWorkKind::Bbl,
        school: String::new(),
        recognised_company: true,
        result: ResultDocument::Diploma,
        months: 1,
        learning_hours: 1,
        working_hours: 1,
    };
    let terms = vec![
        Terms::Regular {},
        Terms::OpenHiring { starts: Vec::new() },
        Terms::LearnWork(learn_work),
        Terms::Jobcarving(Carved { sources: Vec::new(), tasks: Vec::new(), relieves: String::new() }),
        Terms::BasicJob { made_fit: String::new(), guidance_hours: 0 },
        Terms::ParticipationJob { learns: String::new(), months: 1, premium: false },
        Terms::TrialPlacement { weeks: 1, contract_months: 6, goal: String::new() },
    ];
    let routes: BTreeSet<_> = terms.iter().map(|terms| terms.route().name()).collect();
    assert_eq!(routes.len(), Route::ALL.len(), "a route is missing here");
    terms
}

#[test]
fn every_field_of_an_opening_has_its_row_and_the_row_says_whether_it_is_published() {
    let details = OpeningDetails {
        terms: Terms::Regular {},
        title: String::new(),
        tasks: Vec::new(),
        description: String::new(),
        site_id: None,
        postcode: String::new(),
        hours: Hours { min: 1, max: 1 },
        dayparts: Dayparts::default(),
        days: Days::default(),
        starts_on: None,
        closes_on: None,
        places: 1,
        pay_cents_per_hour: None,
        cao: String::new(),
        requirements: Vec::new(),
        self_checks: Vec::new(),
        support: Vec::new(),
    };
    let rows = table("## An opening");
    assert_eq!(names(&rows), fields(&details));
    let published = fields(&OpeningPublished {
        opening_id: OpeningId(Uuid::nil()),
        version: 1,
        employer_id: EmployerId(Uuid::nil()),
        route: Route::Regular,
        tasks: Vec::new(),
        area: area(),
        hours: Hours { min: 1, max: 1 },
        dayparts: Dayparts::default(),
        starts_on: None,
        places: 1,
        requirements: Vec::new(),
        support: Vec::new(),
    });
    for (field, travels) in &rows {
        // Of the terms the route is published, of the postcode the area.
        let is_published = published.contains(field) || ["terms", "postcode"].contains(&field.as_str());
        assert_eq!(travels.contains("opening_published"), is_published, "{field}: {travels}");
    }
}

#[test]
fn every_field_of_every_route_has_its_row() {
    let told: BTreeSet<_> = every_terms()
        .iter()
        .flat_map(|terms| {
            let carved = matches!(terms, Terms::Jobcarving(_));
            fields(terms).into_iter().map(move |field| match field.as_str() {
                "tasks" if carved => "carved.tasks".to_owned(),
                _ => field,
            })
        })
        .collect();
    assert_eq!(names(&table("### Terms of the routes")), told);
}
