//! The words that people and openings share: tasks, dayparts, hours, places, routes.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A practical task from the vocabulary, e.g. `schoonmaken.vloeren`. Which codes exist is
/// reference data; a code that does not exist is refused at the door of the service that stores it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TaskCode(pub String);

impl fmt::Display for TaskCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TaskCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for TaskCode {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

/// A part of the day or week in which someone can work or work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Daypart {
    /// Weekdays, 6:00 to 12:00.
    Morning,
    /// Weekdays, 12:00 to 18:00.
    Afternoon,
    /// Weekdays, 18:00 to 23:00.
    Evening,
    /// 23:00 to 6:00, any day.
    Night,
    /// Saturday and Sunday, 6:00 to 23:00.
    Weekend,
}

impl Daypart {
    /// Every daypart, in the order of the day.
    pub const ALL: [Self; 5] = [Self::Morning, Self::Afternoon, Self::Evening, Self::Night, Self::Weekend];

    /// The name in storage, forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
            Self::Night => "night",
            Self::Weekend => "weekend",
        }
    }

    /// The daypart with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// A set of dayparts as bits, one per [`Daypart`]; serialised as a list.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Daypart>", into = "Vec<Daypart>")]
pub struct Dayparts(u8);

impl Dayparts {
    /// Every daypart.
    pub const ALL: Self = Self(0b1_1111);

    /// Whether nothing is chosen.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one is chosen.
    pub fn contains(self, part: Daypart) -> bool {
        self.0 & (1 << part as u8) != 0
    }

    /// What both have.
    #[must_use]
    pub fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of `other` is in here.
    pub fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits, for storage.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// From storage; unknown bits are dropped.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The chosen dayparts in the order of the day.
    pub fn iter(self) -> impl Iterator<Item = Daypart> {
        Daypart::ALL.into_iter().filter(move |part| self.contains(*part))
    }
}

impl FromIterator<Daypart> for Dayparts {
    fn from_iter<I: IntoIterator<Item = Daypart>>(parts: I) -> Self {
        Self(parts.into_iter().fold(0, |bits, part| bits | (1 << part as u8)))
    }
}

impl From<Vec<Daypart>> for Dayparts {
    fn from(parts: Vec<Daypart>) -> Self {
        parts.into_iter().collect()
    }
}

impl From<Dayparts> for Vec<Daypart> {
    fn from(parts: Dayparts) -> Self {
        parts.iter().collect()
    }
}

impl fmt::Debug for Dayparts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl JsonSchema for Dayparts {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Dayparts".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Daypart>::json_schema(generator)
    }
}

/// Days of the week as bits, Monday first; serialised as a list of numbers, 1 (Monday) to 7 (Sunday,
/// ISO 8601). Empty means not told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<u8>", into = "Vec<u8>")]
pub struct Days(u8);

impl Days {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether nothing is chosen.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this day is chosen; `day` as in ISO 8601, 1 to 7.
    pub fn contains(self, day: u8) -> bool {
        (1..=7).contains(&day) && self.0 & (1 << (day - 1)) != 0
    }

    /// Whether all of `other` is in here.
    pub fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits, for storage.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// From storage; unknown bits are dropped.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The chosen days in the order of the week.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (1..=7).filter(move |day| self.contains(*day))
    }
}

impl FromIterator<u8> for Days {
    fn from_iter<I: IntoIterator<Item = u8>>(days: I) -> Self {
        Self(
            days.into_iter().filter(|day| (1..=7).contains(day)).fold(0, |bits, day| bits | (1 << (day - 1))),
        )
    }
}

impl From<Vec<u8>> for Days {
    fn from(days: Vec<u8>) -> Self {
        days.into_iter().collect()
    }
}

impl From<Days> for Vec<u8> {
    fn from(days: Days) -> Self {
        days.iter().collect()
    }
}

impl fmt::Debug for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl JsonSchema for Days {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Days".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<u8>::json_schema(generator)
    }
}

/// Hours a week, both ends included; `min <= max <= 48` (checked where it enters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Hours {
    /// Fewest hours a week.
    pub min: u8,
    /// Most hours a week.
    pub max: u8,
}

impl Hours {
    /// Whether some number of hours suits both.
    pub fn overlap(self, other: Self) -> bool {
        self.min <= other.max && other.min <= self.max
    }

    /// Whether the two ends make sense: 1 to 48 hours, the first not above the second.
    pub fn is_sound(self) -> bool {
        1 <= self.min && self.min <= self.max && self.max <= 48
    }
}

/// A square of about one kilometre. Events about people carry a cell, never a postcode.
///
/// `x` counts kilometres east and `y` kilometres north on a flat grid over the Netherlands; the
/// `reference` crate makes cells from coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Kilometres east.
    pub x: i16,
    /// Kilometres north.
    pub y: i16,
}

impl Cell {
    /// Kilometres between the middles of two cells, as the crow flies.
    pub fn distance_km(self, other: Self) -> f64 {
        let (dx, dy) = (f64::from(self.x) - f64::from(other.x), f64::from(self.y) - f64::from(other.y));
        dx.hypot(dy)
    }
}

/// Where someone lives or work is done, without an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Area {
    /// The square.
    pub cell: Cell,
    /// Municipality code, e.g. `GM0034`.
    pub municipality: String,
    /// Labour-market region code, e.g. `AM11`.
    pub region: String,
}

/// How someone travels to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// On foot.
    Foot,
    /// By bicycle.
    Bicycle,
    /// By bus, tram or train.
    PublicTransport,
    /// By car, moped or motorcycle.
    Car,
}

impl Means {
    /// Every means, slowest first.
    pub const ALL: [Self; 4] = [Self::Foot, Self::Bicycle, Self::PublicTransport, Self::Car];

    /// The name in storage and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Foot => "foot",
            Self::Bicycle => "bicycle",
            Self::PublicTransport => "public_transport",
            Self::Car => "car",
        }
    }

    /// The means with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|means| means.name() == name)
    }

    /// Kilometres an hour as the crow flies, detours and waiting included: our rule of thumb,
    /// published on `/zo-werkt-het`.
    pub const fn km_per_hour(self) -> f64 {
        match self {
            Self::Foot => 4.0,
            Self::Bicycle => 12.0,
            Self::PublicTransport => 18.0,
            Self::Car => 40.0,
        }
    }

    /// Whole minutes for a distance as the crow flies, at least 1.
    pub fn minutes(self, km: f64) -> u16 {
        ((km / self.km_per_hour() * 60.0).round() as u16).max(1)
    }
}

/// How far someone will travel, and by which means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Travel {
    /// By which means.
    pub means: Means,
    /// Kilometres as the crow flies, 1 to 100.
    pub max_km: u8,
}

/// Declares a closed list whose members have one name each, in storage, forms and files.
macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        pub enum $name {
            $($(#[$member_doc])* #[serde(rename = $text)] $member,)+
        }

        impl $name {
            /// Every member, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// The name in storage, forms and files.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$member => $text,)+
                }
            }

            /// The member with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.name() == name)
            }
        }
    };
}
pub(crate) use closed_list;

closed_list! {
    /// How well someone speaks a language, in four steps that people recognise. Beside each the level
    /// of the Common European Framework, and the number of VUM (`codeNiveauTaalbeheersing…`).
    LanguageLevel {
        /// "Een paar woorden." A1; VUM 1.
        FewWords = "few_words",
        /// "Een eenvoudig gesprek." A2; VUM 2.
        Simple = "simple",
        /// "Ik praat goed mee." B1; VUM 3.
        Good = "good",
        /// "Heel goed, ook schrijven." B2 and above; VUM 4.
        Fluent = "fluent",
    }
}

/// A language that someone speaks, and how well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spoken {
    /// ISO 639-3, e.g. `nld`.
    pub language: String,
    /// How well.
    pub level: LanguageLevel,
}

closed_list! {
    /// Driving licences (the codes of VUM, the common ones) and the two papers that work asks for most.
    Licence {
        /// Moped.
        Am = "am",
        /// Motorcycle.
        A = "a",
        /// Car.
        B = "b",
        /// Car with trailer.
        Be = "be",
        /// Lorry.
        C = "c",
        /// Lorry with trailer.
        Ce = "ce",
        /// Bus.
        D = "d",
        /// Tractor.
        T = "t",
        /// Certificate for a forklift truck.
        Forklift = "forklift",
        /// Safety certificate for building and industry (VCA).
        Vca = "vca",
    }
}

closed_list! {
    /// What an employer, or the region, offers so that work succeeds. On openings as an offer; on an
    /// anonymous profile only the kinds of [`Support::shown_on_profiles`], each ticked by the person.
    Support {
        /// Someone who helps at work in the first weeks (jobcoach).
        JobCoach = "job_coach",
        /// A colleague goes along on the first days (buddy).
        Buddy = "buddy",
        /// Training or a course.
        Training = "training",
        /// Transport, or the cost of it.
        Transport = "transport",
        /// Help with childcare.
        Childcare = "childcare",
        /// Work clothes or tools.
        Equipment = "equipment",
        /// Beginning with fewer hours and building up.
        PhasedStart = "phased_start",
        /// A quiet place to work.
        QuietPlace = "quiet_place",
        /// The place can be reached and used in a wheelchair.
        StepFree = "step_free",
        /// An interpreter in the first weeks.
        Interpreter = "interpreter",
        /// Times that fit care for others.
        FittingHours = "fitting_hours",
    }
}

impl Support {
    /// What an anonymous profile may show: kinds that say nothing about health, origin or benefit
    /// (DOMAIN section 4). The others meet needs, and needs stay in intake.
    pub const fn shown_on_profiles(self) -> bool {
        matches!(self, Self::Buddy | Self::Training | Self::Transport | Self::Childcare | Self::Equipment)
    }
}

/// The recruitment route of an opening (DOMAIN section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// A regular job.
    Regular,
    /// Open Hiring: no interview, no CV; first come, first served.
    OpenHiring,
    /// A learn-work programme (leerwerktraject): learning before or beside working.
    LearnWork,
    /// A new job made of tasks that were split off other jobs (jobcarving, functiecreatie).
    Jobcarving,
    /// A job made fit for someone (basisbaan).
    BasicJob,
    /// Work with a benefit, to get used to working (participatiebaan).
    ParticipationJob,
    /// Trying out a job with a benefit before the contract (proefplaatsing).
    TrialPlacement,
}

impl Route {
    /// Every route, in the order of the form.
    pub const ALL: [Self; 7] = [
        Self::Regular,
        Self::OpenHiring,
        Self::LearnWork,
        Self::Jobcarving,
        Self::BasicJob,
        Self::ParticipationJob,
        Self::TrialPlacement,
    ];

    /// The name in storage, forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::OpenHiring => "open_hiring",
            Self::LearnWork => "learn_work",
            Self::Jobcarving => "jobcarving",
            Self::BasicJob => "basic_job",
            Self::ParticipationJob => "participation_job",
            Self::TrialPlacement => "trial_placement",
        }
    }

    /// The route with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.name() == name)
    }
}

/// The ways a person can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message.
    Sms,
    /// A telephone call by a person.
    Call,
    /// An e-mail.
    Email,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Sms, Self::Call, Self::Email];

    /// The name in storage and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Call => "call",
            Self::Email => "email",
        }
    }

    /// The channel with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Dutch, the default.
    #[default]
    Nl,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// The language with this tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag {
            "nl" => Some(Self::Nl),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dayparts_travel_as_a_list_in_the_order_of_the_day() {
        let parts: Dayparts = [Daypart::Weekend, Daypart::Morning].into_iter().collect();
        assert_eq!(serde_json::to_string(&parts).unwrap(), r#"["morning","weekend"]"#);
        assert_eq!(serde_json::from_str::<Dayparts>(r#"["weekend","morning"]"#).unwrap(), parts);
        assert!(Dayparts::ALL.covers(parts) && !parts.covers(Dayparts::ALL));
    }

    #[test]
    fn hours_overlap_when_one_number_suits_both() {
        let part_time = Hours { min: 12, max: 24 };
        assert!(part_time.overlap(Hours { min: 24, max: 32 }));
        assert!(!part_time.overlap(Hours { min: 25, max: 32 }));
    }
}
