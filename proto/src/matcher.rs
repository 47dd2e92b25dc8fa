//! Matcher: proposals both ways, by fixed published rules, each with its reasons (DESIGN rule 11).
//!
//! Never an input: age, sex, origin, nationality, benefit, health, needs, gaps, name.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    EmployerId, Fact, OpenFileId, OpeningId, ProposalId, Role, SeekerId, Service,
    call::calls,
    vacancies::{Firmness, Page, RequirementKind},
    work::{
        Area, Cell, Daypart, Dayparts, Hours, Licence, Means, Route, Spoken, Support, TaskCode, Travel,
        closed_list,
    },
};

calls! { Matcher {
    query "proposals_for_seeker": ProposalsForSeeker => SeekerProposals, from Portal;
    query "proposals_for_opening": ProposalsForOpening => OpeningProposals, from Portal;
    query "pair_weights": PairWeights => Vec<PairWeight>, from Portal;
    query "count_openings": CountOpenings => Count, from Portal;
    query "count_people": CountPeople => Count, from Portal;
    query "rules": Rules => PublishedRules, from Portal;
    command "record_shown": RecordShown => (), from Portal;
    command "mark_proposal": MarkProposal => (), from Portal;
    query "my_marks": MyMarks => Vec<MyMark>, from Portal;
    query "interest": InterestIn => Page<Interest>, from Portal;
    command "answer_interest": AnswerInterest => (), from Portal;
    query "people_near": PeopleNear => Page<PersonNear>, from Portal;
    query "new_proposals": NewProposals => NewCount, from Intake;
    query "my_trail": MyTrail => Trail, from Portal;
} }

/// Openings for one person, best first: she alone may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProposalsForSeeker {
    /// The person.
    pub seeker_id: SeekerId,
    /// At most so many, up to 100.
    pub limit: u16,
}

/// People for one opening who agreed to be seen, nearest first, never by weight.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProposalsForOpening {
    /// The opening.
    pub opening_id: OpeningId,
    /// From 0.
    pub page: u32,
    /// At most 100.
    pub per_page: u32,
}

/// A fact that speaks for a pair, or one to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// She likes this task and it is part of the work.
    TaskWanted {
        /// Which.
        task: TaskCode,
    },
    /// The work has a task of a group she likes.
    TaskRelated {
        /// The task of the work.
        task: TaskCode,
        /// The task she likes.
        liked: TaskCode,
    },
    /// She said "alles mag", or did not say what she likes yet.
    AnyTask,
    /// How far, and how long by which means.
    Near {
        /// Kilometres as the crow flies, to one decimal.
        km: f64,
        /// By which means.
        means: Means,
        /// Whole minutes.
        minutes: u16,
    },
    /// The hours suit.
    HoursFit {
        /// Of the opening.
        hours: Hours,
    },
    /// She can work when the work is done.
    DaypartsFit {
        /// The dayparts they share.
        dayparts: Dayparts,
    },
    /// No CV, no interview; first come, first served.
    OpenHiring,
    /// What is asked is learned here.
    LearnedHere {
        /// What.
        kind: RequirementKind,
    },
    /// She has what is asked.
    Has {
        /// What.
        kind: RequirementKind,
    },
    /// Look at this: she can begin after the work begins.
    BeginsEarlier {
        /// The first day of the work.
        starts_on: NaiveDate,
    },
    /// Look at this: the opening asks something that she does not have, or that we did not ask her.
    Asked {
        /// What.
        kind: RequirementKind,
        /// How firm.
        firmness: Firmness,
    },
    /// Look at this: part of the work is at a time she did not name.
    DaypartMissing {
        /// Which.
        daypart: Daypart,
    },
    /// Look at this: she did not say how many hours she wants.
    HoursNotTold {
        /// Of the opening.
        hours: Hours,
    },
    /// Look at this: she did not say when she can work.
    DaypartsNotTold,
    /// Look at this: she did not say how far she travels; we took the usual distance.
    TravelNotTold {
        /// The distance we took, in km.
        usual_km: u8,
    },
}

impl Reason {
    /// Whether it speaks for the pair; otherwise it is something to look at, with a way out.
    pub fn fits(&self) -> bool {
        !matches!(
            self,
            Self::Asked { .. }
                | Self::BeginsEarlier { .. }
                | Self::DaypartMissing { .. }
                | Self::HoursNotTold { .. }
                | Self::DaypartsNotTold
                | Self::TravelNotTold { .. }
        )
    }
}

/// An opening proposed to a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpeningProposal {
    /// Which opening.
    pub opening_id: OpeningId,
    /// Kilometres as the crow flies, to one decimal.
    pub km: f64,
    /// The sum of the published weights of the reasons that fit. It orders openings on the
    /// person's own page and is shown to nobody.
    pub weight: u16,
    /// What fits first, then what to look at.
    pub reasons: Vec<Reason>,
}

/// The answer to [`ProposalsForSeeker`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeekerProposals {
    /// Best first: weight, then distance, then id.
    pub proposals: Vec<OpeningProposal>,
    /// How many openings pass the hard conditions in all.
    pub total: u32,
    /// The version of her profile this was made from; `None` while the matcher has not heard of her.
    pub profile_version: Option<i64>,
    /// With which rules and data.
    pub made_with: MadeWith,
}

/// A person proposed for an opening, seen only by her consent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonProposal {
    /// Her id in the open file.
    pub open_file_id: OpenFileId,
    /// Kilometres as the crow flies, to one decimal.
    pub km: f64,
    /// Her municipality's code.
    pub municipality: String,
    /// Tasks she likes.
    pub tasks: Vec<TaskCode>,
    /// "Alles mag."
    pub any_task: bool,
    /// When she can work.
    pub dayparts: Dayparts,
    /// Hours a week, if told.
    pub hours: Option<Hours>,
    /// Kinds of support that she lets employers see.
    pub shown_support: Vec<Support>,
    /// What fits first, then what to look at.
    pub reasons: Vec<Reason>,
}

/// The answer to [`ProposalsForOpening`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpeningProposals {
    /// Nearest first, then by id.
    pub people: Vec<PersonProposal>,
    /// How many people who agreed to be seen pass the hard conditions.
    pub visible: u32,
    /// How many people pass the hard conditions in all, seen or not.
    pub all: Count,
    /// The version of the opening this was made from; `None` while the matcher has not heard of it.
    pub opening_version: Option<i64>,
    /// With which rules and data.
    pub made_with: MadeWith,
}

/// What an answer was made with, so that it can be replayed and explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeWith {
    /// The version of the published rules.
    pub rules: String,
    /// The version of the task vocabulary.
    pub vocabulary: String,
    /// The matcher's change number: how much it had heard.
    pub change: i64,
}

/// Weights of all pairs of these people and openings that pass the hard conditions
/// (at most 500 × 500; used to plan meetings).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairWeights {
    /// People.
    pub seeker_ids: Vec<SeekerId>,
    /// Openings.
    pub opening_ids: Vec<OpeningId>,
}

/// One pair that passes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairWeight {
    /// The person.
    pub seeker_id: SeekerId,
    /// The opening.
    pub opening_id: OpeningId,
    /// The sum of the weights of the reasons that fit.
    pub weight: u16,
}

/// How many openings these wishes pass, without keeping anything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountOpenings {
    /// About where.
    pub cell: Cell,
    /// Tasks liked.
    pub tasks: Vec<TaskCode>,
    /// "Alles mag."
    pub any_task: bool,
    /// When; empty means not told.
    pub dayparts: Dayparts,
    /// Hours a week, if told.
    pub hours: Option<Hours>,
    /// How far, if told.
    pub travel: Option<Travel>,
}

/// How many people could do this work, without keeping anything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountPeople {
    /// Where.
    pub area: Area,
    /// Which route.
    pub route: Route,
    /// Tasks of the work.
    pub tasks: Vec<TaskCode>,
    /// When.
    pub dayparts: Dayparts,
    /// Hours a week.
    pub hours: Hours,
}

/// A number of people or openings as it may be shown (DESIGN rule 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "count", content = "number", rename_all = "snake_case")]
pub enum Count {
    /// Exactly so many: openings only, never people.
    Exactly(u32),
    /// Fewer than ten people.
    FewerThanTen,
    /// So many people, in steps of 5 (rounded down).
    About(u32),
}

impl Count {
    /// A number of people as it may be shown.
    pub fn of_people(number: usize) -> Self {
        match number {
            0..10 => Self::FewerThanTen,
            _ => Self::About((number / 5 * 5) as u32),
        }
    }
}

/// Asks for the rules in force. Anyone may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rules {}

/// The rules in force, as published on `/zo-werkt-het`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedRules {
    /// Their version, as it stands on every proposal.
    pub version: String,
    /// What each reason weighs, heaviest first.
    pub weights: Vec<RuleWeight>,
    /// The distance taken when someone did not say how far she travels, in km.
    pub usual_km: u8,
}

/// What one reason weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleWeight {
    /// A stable code such as `task-wanted`; the sentence is `rule-<code>`.
    pub rule: String,
    /// How much it counts.
    pub points: u16,
}

/// Records that proposals were shown to the person, with what they were made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordShown {
    /// The person who saw them.
    pub seeker_id: SeekerId,
    /// What she saw, at most 100.
    pub proposals: Vec<OpeningProposal>,
    /// The version of her profile.
    pub profile_version: i64,
    /// With which rules and data.
    pub made_with: MadeWith,
}

/// A proposal was shown to the person for the first time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalShown {
    /// Its id.
    pub proposal_id: ProposalId,
    /// 1 when first shown.
    pub version: i64,
    /// The person.
    pub seeker_id: SeekerId,
    /// The opening.
    pub opening_id: OpeningId,
    /// What was shown.
    pub reasons: Vec<Reason>,
    /// With which rules and data.
    pub made_with: MadeWith,
}

impl Fact for ProposalShown {
    const BY: Service = Service::Matcher;
    const NAME: &'static str = "proposal_shown";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.matches.voorstel-getoond.v1";

    fn aggregate_id(&self) -> Uuid {
        self.proposal_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

closed_list! {
    /// Why someone does not want an opening; optional.
    NotForMe {
        /// Too far.
        TooFar = "too_far",
        /// Not these times or hours.
        Times = "times",
        /// Not these tasks.
        Tasks = "tasks",
        /// The pay.
        Pay = "pay",
        /// Something else.
        Other = "other",
    }
}

/// What a person says to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Mark {
    /// "Ik wil dit": the employer may see her anonymous profile for this opening, and answers.
    Wanted,
    /// "Niets voor mij": not proposed again.
    NotForMe {
        /// Why, if she said.
        reason: Option<NotForMe>,
    },
    /// She takes back what she said; the employer no longer sees her for this opening.
    TakenBack,
}

/// Says what she wants with an opening that she was shown. Saying the same twice changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MarkProposal {
    /// The person; only she herself may.
    pub seeker_id: SeekerId,
    /// The opening.
    pub opening_id: OpeningId,
    /// What she says.
    pub mark: Mark,
}

closed_list! {
    /// What an employer answers to someone who wants an opening. Fixed sentences: she reads them.
    EmployerAnswer {
        /// "Ja, wij willen kennismaken."
        Meet = "meet",
        /// "Nu niet: de plekken zijn bezet."
        NoPlaces = "no_places",
        /// "Nu niet: de werktijden passen niet."
        Times = "times",
        /// "Nu niet: er is iets nodig dat u nog niet hebt. Uw adviseur kan helpen."
        Requirement = "requirement",
    }
}

/// What she said to openings, and what employers answered, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyMarks {
    /// The person; only she herself may ask.
    pub seeker_id: SeekerId,
}

/// One of her marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyMark {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// The opening.
    pub opening_id: OpeningId,
    /// What she said last.
    pub mark: Mark,
    /// When.
    pub at: DateTime<Utc>,
    /// Before which moment the employer answers; only while she wants it.
    pub answer_by: Option<DateTime<Utc>>,
    /// What the employer answered, and when.
    pub answer: Option<(EmployerAnswer, DateTime<Utc>)>,
}

/// People who want an opening of an employer: who waits longest for an answer first. The employer
/// itself may ask, and account managers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InterestIn {
    /// Only this opening.
    pub opening_id: Option<OpeningId>,
    /// Only this employer's; an employer account gets its own whatever it asks.
    pub employer_id: Option<EmployerId>,
    /// Only those that wait for an answer.
    pub only_open: bool,
    /// From 0.
    pub page: u32,
    /// At most 100.
    pub per_page: u32,
}

/// Someone who wants an opening, seen by her yes. Anonymous: no contact before she shares it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interest {
    /// The proposal she said yes to.
    pub proposal_id: ProposalId,
    /// The opening.
    pub opening_id: OpeningId,
    /// Whose opening.
    pub employer_id: EmployerId,
    /// What the employer may know of her.
    pub person: PersonProposal,
    /// When she said yes.
    pub at: DateTime<Utc>,
    /// Before which moment to answer: five working days.
    pub answer_by: DateTime<Utc>,
    /// Whether that moment has passed without an answer.
    pub overdue: bool,
    /// What was answered, and when.
    pub answer: Option<(EmployerAnswer, DateTime<Utc>)>,
}

/// Answers someone who wants an opening. She is told at once. Another answer later replaces it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerInterest {
    /// The proposal she said yes to.
    pub proposal_id: ProposalId,
    /// What the employer says. The employer itself may, or an account manager for it.
    pub answer: EmployerAnswer,
}

/// The open file: people around a place who agreed to be seen, nearest first. Employers, account
/// managers and helpers may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PeopleNear {
    /// Around here.
    pub cell: Cell,
    /// Within so many kilometres, 1 to 100.
    pub km: u16,
    /// Only people who like one of these tasks, or anything; empty for all.
    pub tasks: Vec<TaskCode>,
    /// From 0.
    pub page: u32,
    /// At most 100.
    pub per_page: u32,
}

/// Someone in the open file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonNear {
    /// Her id in the open file.
    pub open_file_id: OpenFileId,
    /// Whole kilometres as the crow flies, at least 1.
    pub km: u16,
    /// Her municipality's code.
    pub municipality: String,
    /// Tasks she likes.
    pub tasks: Vec<TaskCode>,
    /// "Alles mag."
    pub any_task: bool,
    /// When she can work.
    pub dayparts: Dayparts,
    /// Hours a week, if told.
    pub hours: Option<Hours>,
    /// From which day on; `None` means now.
    pub available_from: Option<NaiveDate>,
    /// Languages she speaks.
    pub languages: Vec<Spoken>,
    /// Licences and papers she has.
    pub licences: Vec<Licence>,
    /// Kinds of support that she lets employers see.
    pub shown_support: Vec<Support>,
}

/// How many openings fit her that came since a moment and that she was not shown yet. For the weekly
/// digest, which says the number and nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewProposals {
    /// The person.
    pub seeker_id: SeekerId,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// The answer to [`NewProposals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCount {
    /// How many.
    pub openings: u32,
}

/// Everything the matcher keeps about a person, for her copy and for "who looked".
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyTrail {
    /// The person; only she herself may ask.
    pub seeker_id: SeekerId,
}

/// The answer to [`MyTrail`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    /// Who saw her anonymous profile: the last 200 looks of others, newest first.
    pub looks: Vec<ProfileLook>,
    /// What she was shown, newest first.
    pub shown: Vec<ShownProposal>,
    /// What she said, newest first.
    pub marks: Vec<MyMark>,
}

/// Someone saw her anonymous profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileLook {
    /// When.
    pub at: DateTime<Utc>,
    /// In which role.
    pub role: Option<Role>,
    /// For which opening, if for one.
    pub opening_id: Option<OpeningId>,
}

/// A proposal as it was first shown to her.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownProposal {
    /// Its id.
    pub proposal_id: ProposalId,
    /// The opening.
    pub opening_id: OpeningId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// With which rules and data.
    pub made_with: MadeWith,
}

/// What both sides say to a proposal now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalMarked {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// Raised at each change; 1 was [`ProposalShown`].
    pub version: i64,
    /// The person.
    pub seeker_id: SeekerId,
    /// The opening.
    pub opening_id: OpeningId,
    /// What she says.
    pub mark: Mark,
    /// What the employer answers, if it did.
    pub answer: Option<EmployerAnswer>,
}

impl Fact for ProposalMarked {
    const BY: Service = Service::Matcher;
    const NAME: &'static str = "proposal_marked";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.matches.voorstel-beantwoord.v1";

    fn aggregate_id(&self) -> Uuid {
        self.proposal_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

/// A proposal is gone, because its person is. What was published before about it is purged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalErased {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// Greater than every version before.
    pub version: i64,
}

impl Fact for ProposalErased {
    const BY: Service = Service::Matcher;
    const NAME: &'static str = "proposal_erased";
    const VERSION: u16 = 1;
    const DUTCH_TYPE: &'static str = "nl.matches.voorstel-gewist.v1";
    const ERASES: bool = true;

    fn aggregate_id(&self) -> Uuid {
        self.proposal_id.0
    }

    fn aggregate_version(&self) -> i64 {
        self.version
    }
}

crate::intake::forgotten!(Matcher, "seeker_forgotten_by_matcher", "nl.matches.werkzoekende-vergeten.v1");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_of_people_are_hidden_and_others_go_in_steps_of_five() {
        assert_eq!(Count::of_people(0), Count::FewerThanTen);
        assert_eq!(Count::of_people(9), Count::FewerThanTen);
        assert_eq!(Count::of_people(14), Count::About(10));
        assert_eq!(Count::of_people(30), Count::About(30));
    }
}
