//! From a person to what others may know of her.

use proto::{
    BackgroundId, OpenFileId, SeekerId,
    intake::{EntryPointTold, ProfilePublished, Purpose},
};

use crate::domain::person::{Home, Ids, Said};

/// The anonymous profile. The postcode stays here: the area was made from it.
pub fn profile(ids: Ids, version: i64, home: &Home, said: &Said) -> ProfilePublished {
    let wishes = &home.wishes;
    ProfilePublished {
        seeker_id: ids.seeker,
        version,
        area: home.area.clone(),
        tasks: wishes.tasks.clone(),
        any_task: wishes.any_task,
        dayparts: wishes.dayparts,
        hours: wishes.hours,
        travel: wishes.travel,
        open_file_id: ids.open_file,
        open_file: said.yes(Purpose::OpenFile),
        adviser: said.yes(Purpose::Adviser),
    }
}

/// Where someone came in, under her background id and no other.
pub fn entry_point(id: BackgroundId, version: i64, home: &Home, entry_point: String) -> EntryPointTold {
    EntryPointTold { background_id: id, version, region: home.area.region.clone(), entry_point }
}

/// The ids of a stored person.
pub fn ids(seeker_id: uuid::Uuid, open_file_id: uuid::Uuid, background_id: uuid::Uuid) -> Ids {
    Ids {
        seeker: SeekerId(seeker_id),
        open_file: OpenFileId(open_file_id),
        background: BackgroundId(background_id),
    }
}

#[cfg(test)]
mod tests {
    use chassis::chance::SeededChance;
    use proto::{
        intake::Wishes,
        work::{Area, Cell, Dayparts},
    };

    use super::*;

    #[test]
    fn no_event_knows_the_postcode_or_joins_the_two_streams() {
        let home = Home {
            wishes: Wishes {
                postcode: "1315 RC".to_owned(),
                tasks: Vec::new(),
                any_task: true,
                dayparts: Dayparts::default(),
                hours: None,
                travel: None,
            },
            area: Area {
                cell: Cell { x: 143, y: 487 },
                municipality: "GM0034".to_owned(),
                region: "AM11".to_owned(),
            },
        };
        let ids = Ids::new(&SeededChance::new(1));
        let profile = profile(ids, 1, &home, &Said::yes_to(&[Purpose::OpenFile]));
        let told = entry_point(ids.background, 1, &home, "library".to_owned());
        assert!(profile.open_file && !profile.adviser);
        let (profile, told) =
            (serde_json::to_string(&profile).unwrap(), serde_json::to_string(&told).unwrap());
        assert!(!profile.contains("1315") && !told.contains("1315"));
        assert!(!profile.contains(&ids.background.0.to_string()));
        assert!(!told.contains(&ids.seeker.0.to_string()) && !told.contains(&ids.open_file.0.to_string()));
    }
}
