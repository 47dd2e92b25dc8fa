//! Work in words: openings as cards, their facts, and the reasons why one fits.

use chrono::NaiveDate;
use proto::matcher::{Count, Reason};
use proto::vacancies::{
    Firmness, LearnWork, LearnWorkKind, RequirementKind, ResultDocument, SelfCheck, Terms,
};
use proto::work::{Daypart, Dayparts, Days, Hours, Means, Route, Support, TaskCode};

use crate::texts::Texts;

/// How far something is, and how long that takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance {
    /// Metres as the crow flies.
    pub metres: u32,
    /// By which means, and how many minutes, if known.
    pub by: Option<(Means, u16)>,
}

impl Distance {
    /// A distance without a way to travel it.
    pub fn km(km: f64) -> Self {
        Self { metres: (km.max(0.0) * 1000.0).round() as u32, by: None }
    }

    /// "3,2 km, 12 minuten met de fiets"
    pub fn words(self, t: Texts) -> String {
        let far = t.distance(self.metres);
        match self.by {
            None => far,
            Some((means, minutes)) => {
                let id = match means {
                    Means::Foot => "distance-by-foot",
                    Means::Bicycle => "distance-by-bicycle",
                    Means::PublicTransport => "distance-by-public-transport",
                    Means::Car => "distance-by-car",
                };
                t.two(id, "distance", far, "minutes", minutes)
            }
        }
    }
}

/// The kind of job in words.
pub fn route_name(t: Texts, route: Route) -> String {
    t.get(match route {
        Route::Regular => "route-regular",
        Route::OpenHiring => "route-open-hiring",
        Route::LearnWork => "route-learn-work",
        Route::Jobcarving => "route-jobcarving",
        Route::BasicJob => "route-basic-job",
        Route::ParticipationJob => "route-participation-job",
        Route::TrialPlacement => "route-trial-placement",
    })
}

/// One line of explanation of the kind of job, for who posts it.
pub fn route_hint(t: Texts, route: Route) -> String {
    t.get(match route {
        Route::Regular => "route-regular-hint",
        Route::OpenHiring => "route-open-hiring-hint",
        Route::LearnWork => "route-learn-work-hint",
        Route::Jobcarving => "route-jobcarving-hint",
        Route::BasicJob => "route-basic-job-hint",
        Route::ParticipationJob => "route-participation-job-hint",
        Route::TrialPlacement => "route-trial-placement-hint",
    })
}

/// A part of the day or week: "'s ochtends".
pub fn daypart_name(t: Texts, part: Daypart) -> String {
    t.get(match part {
        Daypart::Morning => "daypart-morning",
        Daypart::Afternoon => "daypart-afternoon",
        Daypart::Evening => "daypart-evening",
        Daypart::Night => "daypart-night",
        Daypart::Weekend => "daypart-weekend",
    })
}

/// The hours behind a part of the day.
pub fn daypart_hint(t: Texts, part: Daypart) -> String {
    t.get(match part {
        Daypart::Morning => "daypart-morning-hint",
        Daypart::Afternoon => "daypart-afternoon-hint",
        Daypart::Evening => "daypart-evening-hint",
        Daypart::Night => "daypart-night-hint",
        Daypart::Weekend => "daypart-weekend-hint",
    })
}

/// "'s ochtends, 's middags en in het weekend"
pub fn daypart_list(t: Texts, parts: Dayparts) -> String {
    t.list(&parts.iter().map(|part| daypart_name(t, part)).collect::<Vec<_>>())
}

/// A day of the week, 1 (Monday) to 7: "maandag".
pub fn day_name(t: Texts, day: u8) -> String {
    t.one("date-weekday", "number", day)
}

/// "maandag, dinsdag en vrijdag"
pub fn day_list(t: Texts, days: Days) -> String {
    t.list(&days.iter().map(|day| day_name(t, day)).collect::<Vec<_>>())
}

/// Something that is offered so that work succeeds: "Een vaste collega die helpt".
pub fn support_name(t: Texts, support: Support) -> String {
    t.get(match support {
        Support::JobCoach => "support-job-coach",
        Support::Buddy => "support-buddy",
        Support::Training => "support-training",
        Support::Transport => "support-transport",
        Support::Childcare => "support-childcare",
        Support::Equipment => "support-equipment",
        Support::PhasedStart => "support-phased-start",
        Support::QuietPlace => "support-quiet-place",
        Support::StepFree => "support-step-free",
        Support::Interpreter => "support-interpreter",
        Support::FittingHours => "support-fitting-hours",
    })
}

/// "24 tot 32 uur per week"
pub fn hours_words(t: Texts, hours: Hours) -> String {
    if hours.min == hours.max {
        t.one("hours-exactly", "hours", hours.max)
    } else {
        t.two("hours-between", "min", hours.min, "max", hours.max)
    }
}

/// "€ 15,20 per uur"
pub fn pay_words(t: Texts, cents: u32) -> String {
    t.one("pay-per-hour", "amount", t.money(cents))
}

/// A means of travel: "met de fiets".
pub fn means_name(t: Texts, means: Means) -> String {
    t.get(match means {
        Means::Foot => "means-foot",
        Means::Bicycle => "means-bicycle",
        Means::PublicTransport => "means-public-transport",
        Means::Car => "means-car",
    })
}

/// The pictogram of a means of travel.
pub const fn means_icon(means: Means) -> &'static str {
    match means {
        Means::Foot => "walk",
        Means::Bicycle => "bike",
        Means::PublicTransport => "bus",
        Means::Car => "car",
    }
}

/// Something an opening can ask, as a thing: "een rijbewijs".
pub fn requirement_name(t: Texts, kind: RequirementKind) -> String {
    t.get(match kind {
        RequirementKind::Adult => "requirement-adult",
        RequirementKind::CertificateOfConduct => "requirement-conduct",
        RequirementKind::DrivingLicence => "requirement-licence",
        RequirementKind::OwnCar => "requirement-own-car",
        RequirementKind::Forklift => "requirement-forklift",
        RequirementKind::Vca => "requirement-vca",
        RequirementKind::SimpleDutch => "requirement-dutch",
        RequirementKind::GoodDutch => "requirement-good-dutch",
        RequirementKind::Diploma => "requirement-diploma",
        RequirementKind::Experience => "requirement-experience",
    })
}

/// How firm a requirement is.
pub fn firmness_name(t: Texts, firmness: Firmness) -> String {
    t.get(match firmness {
        Firmness::Legal => "firmness-legal",
        Firmness::Needed => "firmness-needed",
        Firmness::Learned => "firmness-learned",
    })
}

/// A fact that people read and check for themselves: "U tilt tot 15 kilo."
pub fn self_check_words(t: Texts, check: SelfCheck) -> String {
    match check {
        SelfCheck::LiftKg(kilos) => t.one("check-lift", "kilos", kilos),
        SelfCheck::StandHours(hours) => t.one("check-stand", "hours", hours),
        SelfCheck::WalkALot => t.get("check-walk"),
        SelfCheck::Outside => t.get("check-outside"),
        SelfCheck::Cold(degrees) => t.one("check-cold", "degrees", degrees.to_string()),
        SelfCheck::Noise => t.get("check-noise"),
    }
}

/// A number of people as it may be shown: "minder dan 10 mensen", "30 mensen".
pub fn people_words(t: Texts, count: Count) -> String {
    match count {
        Count::Exactly(number) | Count::About(number) => t.one("people-count", "count", number),
        Count::FewerThanTen => t.get("people-count-few"),
    }
}

/// To whom a reason speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// To the job-seeker: "U doet graag …"
    You,
    /// About someone unnamed, to staff: "Doet graag …"
    Someone,
}

/// One reason as shown: what fits, or what to look at with a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonLine {
    /// Whether it speaks for the pair.
    pub fits: bool,
    /// The fact.
    pub fact: String,
    /// What can be done about it; always there when it does not fit.
    pub way_out: Option<String>,
}

/// Most reasons that fit, and most things to look at, on one card.
const MOST_FITTING: usize = 3;
const MOST_TO_MIND: usize = 2;

/// The reasons as shown: at most three that fit and two to look at. Tasks are drawn together into one line.
pub fn reason_lines(
    t: Texts,
    voice: Voice,
    reasons: &[Reason],
    label: impl Fn(&TaskCode) -> String,
) -> Vec<ReasonLine> {
    let mut lines = Vec::new();
    let wanted: Vec<String> = reasons
        .iter()
        .filter_map(|reason| match reason {
            Reason::TaskWanted { task } => Some(label(task)),
            _ => None,
        })
        .take(3)
        .collect();
    if !wanted.is_empty() {
        let id = match voice {
            Voice::You => "reason-tasks-you",
            Voice::Someone => "reason-tasks-someone",
        };
        lines.push(fits(t.one(id, "tasks", t.list(&wanted))));
    }
    for reason in reasons {
        if let Some(line) = reason_line(t, voice, reason, &label) {
            lines.push(line);
        }
    }
    let (fitting, to_mind): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.fits);
    fitting.into_iter().take(MOST_FITTING).chain(to_mind.into_iter().take(MOST_TO_MIND)).collect()
}

fn reason_line(
    t: Texts,
    voice: Voice,
    reason: &Reason,
    label: &impl Fn(&TaskCode) -> String,
) -> Option<ReasonLine> {
    let said = |you: &str, someone: &str| match voice {
        Voice::You => t.get(you),
        Voice::Someone => t.get(someone),
    };
    Some(match reason {
        // Drawn together above.
        Reason::TaskWanted { .. } => return None,
        Reason::TaskRelated { task, liked } => fits(t.two(
            match voice {
                Voice::You => "reason-related-you",
                Voice::Someone => "reason-related-someone",
            },
            "task",
            label(task),
            "liked",
            label(liked),
        )),
        Reason::AnyTask => fits(said("reason-any-task-you", "reason-any-task-someone")),
        Reason::Near { km, means, minutes } => {
            let distance = Distance { by: Some((*means, *minutes)), ..Distance::km(*km) };
            fits(t.one(
                match voice {
                    Voice::You => "reason-near-you",
                    Voice::Someone => "reason-near-someone",
                },
                "distance",
                distance.words(t),
            ))
        }
        Reason::HoursFit { hours } => fits(t.one("reason-hours", "hours", hours_words(t, *hours))),
        Reason::DaypartsFit { dayparts } => fits(t.one(
            match voice {
                Voice::You => "reason-dayparts-you",
                Voice::Someone => "reason-dayparts-someone",
            },
            "dayparts",
            daypart_list(t, *dayparts),
        )),
        Reason::OpenHiring => fits(t.get("reason-open-hiring")),
        Reason::LearnedHere { kind } => fits(t.one("reason-learned", "what", requirement_name(t, *kind))),
        Reason::Has { kind } => fits(t.one(
            match voice {
                Voice::You => "reason-has-you",
                Voice::Someone => "reason-has-someone",
            },
            "what",
            requirement_name(t, *kind),
        )),
        Reason::BeginsEarlier { starts_on } => mind(
            t.one("mind-begins-earlier", "date", t.date(*starts_on)),
            said("mind-begins-earlier-way-you", "mind-begins-earlier-way-someone"),
        ),
        Reason::Asked { kind, firmness } => {
            let what = requirement_name(t, *kind);
            let (fact, way_out) = match firmness {
                Firmness::Legal => {
                    ("mind-asked-legal", said("mind-asked-legal-way-you", "mind-asked-way-someone"))
                }
                Firmness::Needed | Firmness::Learned => {
                    ("mind-asked-needed", said("mind-asked-needed-way-you", "mind-asked-way-someone"))
                }
            };
            mind(t.one(fact, "what", what), way_out)
        }
        Reason::DaypartMissing { daypart } => mind(
            t.one("mind-daypart", "daypart", daypart_name(t, *daypart)),
            said("mind-daypart-way-you", "mind-daypart-way-someone"),
        ),
        Reason::HoursNotTold { hours } => mind(
            t.one("mind-hours", "hours", hours_words(t, *hours)),
            said("mind-hours-way-you", "mind-hours-way-someone"),
        ),
        Reason::DaypartsNotTold => mind(
            said("mind-dayparts-you", "mind-dayparts-someone"),
            said("mind-dayparts-way-you", "mind-dayparts-way-someone"),
        ),
        Reason::TravelNotTold { usual_km } => mind(
            t.one(
                match voice {
                    Voice::You => "mind-travel-you",
                    Voice::Someone => "mind-travel-someone",
                },
                "km",
                usual_km,
            ),
            said("mind-travel-way-you", "mind-travel-way-someone"),
        ),
    })
}

fn fits(fact: String) -> ReasonLine {
    ReasonLine { fits: true, fact, way_out: None }
}

fn mind(fact: String, way_out: String) -> ReasonLine {
    ReasonLine { fits: false, fact, way_out: Some(way_out) }
}

/// An opening in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct OpeningCard {
    /// Where its page is.
    pub href: String,
    /// The job's name.
    pub title: String,
    /// The employer's name.
    pub employer: String,
    /// The place name.
    pub place: String,
    /// How far, if the reader's place is known.
    pub distance: Option<Distance>,
    /// Hours a week.
    pub hours: Hours,
    /// Gross pay in euro cents an hour.
    pub pay_cents: Option<u32>,
    /// The kind of job.
    pub route: Route,
    /// Why it fits this reader; empty in public lists.
    pub reasons: Vec<ReasonLine>,
}

impl OpeningCard {
    /// The chips under the name: hours, pay, and the kind of job when it is not the usual one.
    pub fn chips(&self, t: Texts) -> Vec<String> {
        let mut chips = vec![hours_words(t, self.hours)];
        chips.extend(self.pay_cents.map(|cents| pay_words(t, cents)));
        if self.route != Route::Regular {
            chips.push(route_name(t, self.route));
        }
        chips
    }
}

/// A task of the work, with the pictogram of its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLine {
    /// Its words.
    pub label: String,
    /// The pictogram of its group.
    pub icon: String,
}

/// Something that is really needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What.
    pub kind: RequirementKind,
    /// How firm.
    pub firmness: Firmness,
    /// The law that asks it.
    pub ground: Option<String>,
}

impl Need {
    /// "Een rijbewijs. Dit is nodig vanaf de eerste dag."
    pub fn words(&self, t: Texts) -> String {
        let what = requirement_name(t, self.kind);
        match (self.firmness, &self.ground) {
            (Firmness::Legal, Some(ground)) => t.two("need-legal", "what", what, "ground", ground),
            (Firmness::Legal, None) => t.one("need-legal-plain", "what", what),
            (Firmness::Needed, Some(reason)) => t.two("need-needed-why", "what", what, "reason", reason),
            (Firmness::Needed, None) => t.one("need-needed", "what", what),
            (Firmness::Learned, _) => t.one("need-learned", "what", what),
        }
    }
}

/// An opening with all it says.
#[derive(Debug, Clone, PartialEq)]
pub struct OpeningDetail {
    /// What its card says.
    pub card: OpeningCard,
    /// What someone does all day.
    pub tasks: Vec<TaskLine>,
    /// The employer's own words, a paragraph each.
    pub description: Vec<String>,
    /// When the work is done.
    pub dayparts: Dayparts,
    /// First working day, if fixed.
    pub starts_on: Option<NaiveDate>,
    /// How many people can start.
    pub places: u16,
    /// What people read and check for themselves.
    pub self_checks: Vec<SelfCheck>,
    /// What is really needed.
    pub needs: Vec<Need>,
    /// Last day shown.
    pub closes_on: Option<NaiveDate>,
    /// On which days; empty when it varies.
    pub days: Days,
    /// The collective agreement behind the pay; may be empty.
    pub cao: String,
    /// What is offered so that it works out, in words.
    pub offered: Vec<String>,
    /// What this kind of job has of its own, in sentences.
    pub terms: Vec<String>,
}

/// What a kind of job has of its own, in sentences; a regular job has nothing.
pub fn term_lines(t: Texts, terms: &Terms) -> Vec<String> {
    match terms {
        Terms::Regular {} => Vec::new(),
        Terms::OpenHiring { starts } => starts
            .iter()
            .map(|start| t.two("terms-start", "date", t.date(start.on), "count", start.places))
            .collect(),
        Terms::LearnWork(learn) => learn_lines(t, learn),
        Terms::Jobcarving(carved) => {
            let sources: Vec<_> = carved.sources.iter().map(|source| source.title.clone()).collect();
            vec![t.one("terms-carved", "jobs", t.list(&sources)), carved.relieves.clone()]
        }
        Terms::BasicJob { made_fit, guidance_hours } => {
            vec![made_fit.clone(), t.one("terms-guidance", "hours", *guidance_hours)]
        }
        Terms::ParticipationJob { learns, months, premium } => {
            let premium = premium.then(|| t.get("terms-premium"));
            let lines = [t.one("terms-months", "count", *months), t.get("terms-benefit-stays")];
            [learns.clone()].into_iter().chain(lines).chain(premium).collect()
        }
        Terms::TrialPlacement { weeks, contract_months, goal } => vec![
            goal.clone(),
            t.one("terms-weeks", "count", *weeks),
            t.get("terms-benefit-stays"),
            t.one("terms-contract", "count", *contract_months),
        ],
    }
}

fn learn_lines(t: Texts, learn: &LearnWork) -> Vec<String> {
    let kind = match learn.kind {
        LearnWorkKind::Sequential => "learn-kind-sequential",
        LearnWorkKind::Bbl => "learn-kind-bbl",
        LearnWorkKind::ThirdPath => "learn-kind-third-path",
        LearnWorkKind::Branch => "learn-kind-branch",
        LearnWorkKind::Other => "learn-kind-other",
    };
    let result = match learn.result {
        ResultDocument::Diploma => "learn-result-diploma",
        ResultDocument::Certificate => "learn-result-certificate",
        ResultDocument::PracticalStatement => "learn-result-practical",
        ResultDocument::BranchCertificate => "learn-result-branch",
        ResultDocument::None => "learn-result-none",
    };
    let school = (!learn.school.is_empty()).then(|| t.one("terms-school", "school", &learn.school));
    let lines = [
        t.two("terms-learn-hours", "learning", learn.learning_hours, "working", learn.working_hours),
        t.one("terms-months", "count", learn.months),
        t.one("terms-result", "result", t.get(result)),
    ];
    [format!("{}.", t.get(kind))].into_iter().chain(school).chain(lines).collect()
}

impl OpeningDetail {
    /// "maandag 7 december", or that it can be any day.
    pub fn start_words(&self, t: Texts) -> String {
        self.starts_on.map_or_else(|| t.get("opening-start-any"), |day| t.date(day))
    }
}
