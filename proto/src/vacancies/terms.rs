//! What each route has of its own (DOMAIN section 2).

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::work::{Route, TaskCode, closed_list};

/// The terms of a route. The route of an opening is the one whose terms it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "route", rename_all = "snake_case", deny_unknown_fields)]
pub enum Terms {
    /// A regular job has nothing more.
    Regular {},
    /// Open hiring: places with their first days.
    OpenHiring {
        /// First days, each once, earliest first, at most 20; empty means "as soon as you can". Together
        /// they have as many places as the opening.
        starts: Vec<Start>,
    },
    /// A learn-work programme.
    LearnWork(LearnWork),
    /// A carved job.
    Jobcarving(Carved),
    /// A job made fit for someone.
    BasicJob {
        /// What is made fit, in one or two sentences, 10 to 500 characters.
        made_fit: String,
        /// Hours of guidance a week, 0 to 20.
        guidance_hours: u8,
    },
    /// Work with a benefit.
    ParticipationJob {
        /// What someone learns, 10 to 500 characters.
        learns: String,
        /// How long, 1 to 24 months (Participatiewet art. 10a: two years, longer only after a new look).
        months: u8,
        /// Whether the municipality pays a premium each half year.
        premium: bool,
    },
    /// Trying out a job before the contract.
    TrialPlacement {
        /// How long, 1 to 26 weeks (usually two months, at most six).
        weeks: u8,
        /// Months of the contract that is meant to follow, 6 or more (the condition of UWV and
        /// municipalities).
        contract_months: u8,
        /// What someone shows or learns in that time, 10 to 500 characters.
        goal: String,
    },
}

impl Terms {
    /// The route these terms belong to.
    pub const fn route(&self) -> Route {
        match self {
            Self::Regular {} => Route::Regular,
            Self::OpenHiring { .. } => Route::OpenHiring,
            Self::LearnWork(_) => Route::LearnWork,
            Self::Jobcarving(_) => Route::Jobcarving,
            Self::BasicJob { .. } => Route::BasicJob,
            Self::ParticipationJob { .. } => Route::ParticipationJob,
            Self::TrialPlacement { .. } => Route::TrialPlacement,
        }
    }
}

/// Places that begin on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Start {
    /// The first working day.
    pub on: NaiveDate,
    /// How many people can start that day, 1 to 999.
    pub places: u16,
}

closed_list! {
    /// How learning and working go together.
    LearnWorkKind {
        /// First learning, then working.
        Sequential = "sequential",
        /// Beroepsbegeleidende leerweg: working and school, to a diploma.
        Bbl = "bbl",
        /// Praktijkleren in the third path (derde leerweg): to a certificate or a practical statement.
        ThirdPath = "third_path",
        /// A course of the branch.
        Branch = "branch",
        /// Another course of the region, without a recognised document.
        Other = "other",
    }
}

closed_list! {
    /// What someone has in hand at the end.
    ResultDocument {
        /// A diploma.
        Diploma = "diploma",
        /// A certificate of a part of a diploma.
        Certificate = "certificate",
        /// A practical statement (praktijkverklaring).
        PracticalStatement = "practical_statement",
        /// A certificate of the branch.
        BranchCertificate = "branch_certificate",
        /// No recognised document.
        None = "none",
    }
}

/// The terms of a learn-work programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LearnWork {
    /// How learning and working go together.
    pub kind: LearnWorkKind,
    /// The school or who gives the course; at most 120 characters. Needed for BBL and the third path.
    pub school: String,
    /// Whether the company is recognised by SBB; needed for BBL and the third path.
    pub recognised_company: bool,
    /// What someone has in hand at the end: BBL a diploma, the third path a certificate or practical
    /// statement, a branch course its certificate.
    pub result: ResultDocument,
    /// How long, 1 to 48 months.
    pub months: u8,
    /// Hours of learning a week, 1 to 40.
    pub learning_hours: u8,
    /// Hours of working a week, 0 to 40; 0 only when learning comes first. Together at most 48.
    pub working_hours: u8,
}

/// The terms of a carved job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carved {
    /// The jobs the tasks come from, 1 to 10.
    pub sources: Vec<SourceJob>,
    /// The tasks of the new job, 1 to 20.
    pub tasks: Vec<CarvedTask>,
    /// What it relieves, in one or two sentences, 10 to 500 characters.
    pub relieves: String,
}

/// A job that tasks were split off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceJob {
    /// Its name, at most 120 characters.
    pub title: String,
    /// How many people do it, 1 to 999.
    pub people: u16,
}

/// A task of a carved job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarvedTask {
    /// Which; also one of the opening's tasks.
    pub task: TaskCode,
    /// From which source job, counted from 0.
    pub source: u8,
    /// Hours a week in the new job, in tenths: 25 is two and a half hours; 1 to 400. Together they lie
    /// within the opening's hours.
    pub tenths_of_hours: u16,
    /// Whether only someone with a qualification may do it. Such a task stays where it was: refused in
    /// a new job unless the opening asks a diploma.
    pub qualified_only: bool,
}
