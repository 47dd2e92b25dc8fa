//! A person: her ids, what she told, what she said yes and no to, and what of it others may know.

use std::collections::BTreeMap;

use chassis::Chance;
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use proto::{
    BackgroundId, OpenFileId, SeekerId,
    intake::{Purpose, Wishes},
    work::{Area, Channel, Language},
};
use serde::{Deserialize, Serialize};

/// Who she is and how to reach her. At rest only encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Her name or nickname.
    pub name: String,
    /// Telephone number (E.164) or e-mail address; none for someone who gets letters.
    pub contact: Option<String>,
    /// What she likes best.
    pub channel: Channel,
}

/// What she wants and can, and about where she lives. At rest only encrypted.
///
/// The area is kept beside the postcode it was made from, so that a consent can be withdrawn even
/// when a later table of postcodes no longer knows hers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// All of her wishes.
    pub wishes: Wishes,
    /// What the bus may know of the postcode.
    pub area: Area,
}

/// A checked registration. At rest only encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// Questions 1 to 3.
    pub home: Home,
    /// Her name or nickname.
    pub name: String,
    /// Telephone number (E.164) or e-mail address; none for someone who gets letters.
    pub contact: Option<String>,
    /// What she likes best.
    pub channel: Channel,
    /// Her language.
    pub language: Language,
    /// The purposes she ticked, each once.
    pub consents: Vec<Purpose>,
    /// Which texts she saw.
    pub consent_text_version: String,
    /// Where she came in, if she told and agreed that it is kept.
    pub entry_point: Option<String>,
}

/// Her ids. Random and independent: none can be computed from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// Inside the platform.
    pub seeker: SeekerId,
    /// In the open file.
    pub open_file: OpenFileId,
    /// For background facts.
    pub background: BackgroundId,
}

impl Ids {
    /// Three new ids.
    pub fn new(chance: &dyn Chance) -> Self {
        Self {
            seeker: chance.uuid_v4().into(),
            open_file: chance.uuid_v4().into(),
            background: chance.uuid_v4().into(),
        }
    }
}

/// What she last said per purpose. What was never asked is a no.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said(BTreeMap<Purpose, bool>);

impl Said {
    /// Yes to these, no to the others.
    pub fn yes_to(purposes: &[Purpose]) -> Self {
        Purpose::ALL.iter().map(|purpose| (*purpose, purposes.contains(purpose))).collect()
    }

    /// Whether she agreed.
    pub fn yes(&self, purpose: Purpose) -> bool {
        self.0.get(&purpose).copied().unwrap_or(false)
    }

    /// Says yes or no to one.
    pub fn say(&mut self, purpose: Purpose, given: bool) {
        self.0.insert(purpose, given);
    }

    /// Those of `ticked` that she had not agreed to yet. A box left open on a second registration
    /// takes nothing back: withdrawing is an act of its own.
    pub fn newly_given(&self, ticked: &[Purpose]) -> Vec<Purpose> {
        Purpose::ALL
            .iter()
            .copied()
            .filter(|purpose| ticked.contains(purpose) && !self.yes(*purpose))
            .collect()
    }
}

impl FromIterator<(Purpose, bool)> for Said {
    fn from_iter<I: IntoIterator<Item = (Purpose, bool)>>(said: I) -> Self {
        Self(said.into_iter().collect())
    }
}

/// Whether someone takes part, as far as her profile says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesPart {
    /// She is looking.
    Looking,
    /// Not now; what she agreed to stays.
    Paused,
    /// Her record joined another one, which takes part for her.
    Merged,
}

impl Home {
    /// What a second registration of the same person says. It asks fewer questions than her own page:
    /// what it does not ask stays as she told it there.
    #[must_use]
    pub fn again(self, before: Wishes) -> Self {
        let Self { wishes: now, area } = self;
        let wishes = Wishes {
            days: if now.days.is_empty() { before.days } else { now.days },
            available_from: now.available_from.or(before.available_from),
            languages: or_before(now.languages, before.languages),
            licences: or_before(now.licences, before.licences),
            cannot: or_before(now.cannot, before.cannot),
            shown_support: or_before(now.shown_support, before.shown_support),
            remark: if now.remark.is_empty() { before.remark } else { now.remark },
            ..now
        };
        Self { wishes, area }
    }
}

fn or_before<T>(now: Vec<T>, before: Vec<T>) -> Vec<T> {
    if now.is_empty() { before } else { now }
}

/// When background is told: at the next whole hour, together with those of everyone else of that
/// hour. Told at once, its moment would join it to the profile that is published in that second.
pub fn next_hour(told_at: DateTime<Utc>) -> DateTime<Utc> {
    let hour = TimeDelta::hours(1);
    told_at.duration_trunc(hour).unwrap_or(told_at) + hour
}

#[cfg(test)]
mod tests {
    use chassis::chance::SeededChance;

    use super::*;

    #[test]
    fn a_box_left_open_takes_nothing_back() {
        let mut said = Said::yes_to(&[Purpose::OpenFile]);
        assert_eq!(said.newly_given(&[Purpose::OpenFile, Purpose::Figures]), [Purpose::Figures]);
        assert_eq!(said.newly_given(&[]), []);
        said.say(Purpose::OpenFile, false);
        assert_eq!(said.newly_given(&[Purpose::OpenFile]), [Purpose::OpenFile]);
        assert!(!Said::default().yes(Purpose::Adviser));
    }

    #[test]
    fn a_second_registration_leaves_what_it_does_not_ask() {
        use crate::domain::fields::tests::{REFERENCE, TODAY, good_wishes};
        let before = Wishes { remark: "Bel na 10 uur.".to_owned(), ..good_wishes() };
        let asked = Wishes {
            postcode: "8911".to_owned(),
            hours: None,
            languages: Vec::new(),
            licences: Vec::new(),
            shown_support: Vec::new(),
            ..good_wishes()
        };
        let home = crate::domain::fields::home(&asked, &REFERENCE, *TODAY, None).ok().unwrap();
        let again = home.again(before.clone()).wishes;
        assert_eq!((again.postcode.as_str(), again.hours), ("8911", None));
        assert_eq!((&again.languages, &again.licences), (&before.languages, &before.licences));
        assert_eq!((again.shown_support, again.remark), (before.shown_support, before.remark));
    }

    #[test]
    fn the_ids_of_a_person_are_three() {
        let ids = Ids::new(&SeededChance::new(1));
        assert!(ids.seeker.0 != ids.open_file.0 && ids.open_file.0 != ids.background.0);
        assert_eq!(ids.seeker.0.get_version_num(), 4);
    }

    #[test]
    fn background_waits_for_the_hour() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(next_hour(at("2026-12-07T12:00:00Z")), at("2026-12-07T13:00:00Z"));
        assert_eq!(next_hour(at("2026-12-07T12:59:59.9Z")), at("2026-12-07T13:00:00Z"));
    }
}
