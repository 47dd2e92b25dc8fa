//! What intake and vacancies say in a benchmark: people and openings that fit each other, each with a number.

use proto::{
    EmployerId, OpenFileId, OpeningId, SeekerId,
    intake::ProfilePublished,
    vacancies::OpeningPublished,
    work::{Area, Cell, Daypart, Hours, Means, Route, Travel},
};
use uuid::Uuid;

fn area() -> Area {
    Area { cell: Cell { x: 144, y: 487 }, municipality: "GM0034".to_owned(), region: "AM11".to_owned() }
}

/// The person with this number.
pub(super) fn seeker(number: u128) -> SeekerId {
    SeekerId(Uuid::from_u128(0xa000_0000_0000 + number))
}

/// The opening with this number.
pub(super) fn opening_id(number: u128) -> OpeningId {
    OpeningId(Uuid::from_u128(0xb000_0000_0000 + number))
}

/// What intake says of a person.
pub(super) fn profile(number: u128) -> ProfilePublished {
    ProfilePublished {
        seeker_id: seeker(number),
        version: 1,
        area: area(),
        tasks: vec!["schoonmaken.ramen".into(), "schoonmaken.vloeren".into()],
        any_task: false,
        dayparts: [Daypart::Morning].into_iter().collect(),
        hours: Some(Hours { min: 16, max: 24 }),
        travel: Some(Travel { means: Means::Bicycle, max_km: 10 }),
        open_file_id: OpenFileId(Uuid::from_u128(0xc000_0000_0000 + number)),
        open_file: false,
        adviser: false,
        paused: false,
        available_from: None,
        languages: Vec::new(),
        licences: Vec::new(),
        shown_support: Vec::new(),
    }
}

/// What vacancies say of an opening, for the so-manyth time.
pub(super) fn opening(number: u128, version: i64) -> OpeningPublished {
    OpeningPublished {
        opening_id: opening_id(number),
        version,
        employer_id: EmployerId(Uuid::from_u128(77)),
        route: Route::OpenHiring,
        tasks: vec!["schoonmaken.ramen".into(), "schoonmaken.gevels".into()],
        area: area(),
        hours: Hours { min: 16, max: 32 },
        dayparts: [Daypart::Morning, Daypart::Evening].into_iter().collect(),
        starts_on: None,
        places: 2,
        requirements: Vec::new(),
        support: Vec::new(),
    }
}
