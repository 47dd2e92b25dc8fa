//! From a person to what others may know of her.

use proto::{
    BackgroundId, OpenFileId, SeekerId,
    intake::{Background, BackgroundErased, BenefitTold, EntryPointTold, ProfilePublished, Purpose},
};

use crate::domain::{
    background::benefit_told,
    person::{Home, Ids, Said, TakesPart},
};

/// The anonymous profile: the one place where it is made. The postcode stays here: the area was made
/// from it; so do days, what cannot, the remark, needs and background.
pub fn profile(ids: Ids, version: i64, home: &Home, said: &Said, takes_part: TakesPart) -> ProfilePublished {
    let wishes = &home.wishes;
    // A record that joined another is shown to nobody, whatever was agreed to under its name.
    let agreed = |purpose| takes_part != TakesPart::Merged && said.yes(purpose);
    let open_file = agreed(Purpose::OpenFile);
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
        open_file,
        adviser: agreed(Purpose::Adviser),
        paused: takes_part != TakesPart::Looking,
        available_from: wishes.available_from,
        languages: wishes.languages.clone(),
        licences: wishes.licences.clone(),
        shown_support: if open_file { wishes.shown_support.clone() } else { Vec::new() },
    }
}

/// A profile that stands for nobody any more: what she wanted is not kept here.
pub fn shown_to_nobody(profile: ProfilePublished, version: i64) -> ProfilePublished {
    ProfilePublished {
        version,
        open_file: false,
        adviser: false,
        paused: true,
        shown_support: Vec::new(),
        ..profile
    }
}

/// Where someone came in, under her background id and no other.
pub fn entry_point(id: BackgroundId, version: i64, home: &Home, entry_point: String) -> EntryPointTold {
    EntryPointTold { background_id: id, version, region: home.area.region.clone(), entry_point }
}

/// From what someone lives, under her background id and no other.
pub fn benefit(id: BackgroundId, version: i64, home: &Home, background: &Background) -> BenefitTold {
    let (benefit, confirmed) = benefit_told(background);
    BenefitTold { background_id: id, version, region: home.area.region.clone(), benefit, confirmed }
}

/// Background that was taken back.
pub fn background_erased(id: BackgroundId, version: i64) -> BackgroundErased {
    BackgroundErased { background_id: id, version }
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
    use proto::{intake::Benefit, work::Support};

    use super::*;
    use crate::domain::fields::{
        self,
        tests::{REFERENCE, TODAY, good_wishes},
    };

    fn home() -> Home {
        let mut wishes = good_wishes();
        wishes.remark = "kanarie".to_owned();
        fields::home(&wishes, &REFERENCE, *TODAY, None).ok().unwrap()
    }

    #[test]
    fn no_event_knows_the_postcode_or_joins_the_two_streams() {
        let (home, ids) = (home(), Ids::new(&SeededChance::new(1)));
        let said = Said::yes_to(&[Purpose::OpenFile]);
        let profile = profile(ids, 1, &home, &said, TakesPart::Looking);
        assert!(profile.open_file && !profile.adviser && !profile.paused);
        assert_eq!(profile.shown_support, [Support::Buddy, Support::Transport]);
        let background = Background { says: Benefit::Disability, confirmed: None };
        let told = [
            serde_json::to_string(&entry_point(ids.background, 1, &home, "library".to_owned())).unwrap(),
            serde_json::to_string(&benefit(ids.background, 1, &home, &background)).unwrap(),
            serde_json::to_string(&background_erased(ids.background, 2)).unwrap(),
        ];
        let profile = serde_json::to_string(&profile).unwrap();
        for hidden in ["1315", "kanarie", "cold", "days", &ids.background.0.to_string()] {
            assert!(!profile.contains(hidden), "{hidden}");
        }
        for told in told {
            for hidden in ["1315", &ids.seeker.0.to_string(), &ids.open_file.0.to_string()] {
                assert!(!told.contains(hidden), "{hidden}");
            }
        }
    }

    #[test]
    fn without_consent_to_the_open_file_no_support_is_shown() {
        let said = Said::yes_to(&[Purpose::Adviser]);
        let profile = profile(Ids::new(&SeededChance::new(1)), 1, &home(), &said, TakesPart::Looking);
        assert!(profile.adviser && profile.shown_support.is_empty());
    }

    #[test]
    fn who_pauses_keeps_what_she_agreed_to_and_who_joined_another_record_does_not() {
        let said = Said::yes_to(Purpose::ALL);
        let of = |takes_part| profile(Ids::new(&SeededChance::new(1)), 1, &home(), &said, takes_part);
        let seen = |profile: ProfilePublished| (profile.paused, profile.open_file, profile.adviser);
        assert_eq!(seen(of(TakesPart::Looking)), (false, true, true));
        assert_eq!(seen(of(TakesPart::Paused)), (true, true, true));
        assert_eq!(seen(of(TakesPart::Merged)), (true, false, false));
        assert!(of(TakesPart::Merged).shown_support.is_empty());
    }
}
