//! The questions of the whole profile, one a page: each with its use, each to be skipped.

use askama::Template;
use chrono::NaiveDate;
use proto::intake::{Benefit, Cannot, Need};
use proto::work::{Days, LanguageLevel, Licence, Spoken, Support};
use reference::languages;

use crate::pages::work::{day_name, support_name};
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// A group of boxes on a page with a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boxes {
    /// The name of the field.
    pub field: &'static str,
    /// The text id of its question.
    pub legend: &'static str,
    /// The text id of a hint; empty for none.
    pub hint: &'static str,
    /// `checkbox` or `radio`.
    pub kind: &'static str,
    /// What there is to tick or choose.
    pub choices: Vec<Choice>,
}

/// A question with boxes: `/mijn/gegevens/{papieren,niet,hulp,laten-zien,achtergrond}`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_question.html")]
pub struct Question {
    /// What every page shares.
    pub l: Layout,
    /// The address of the page.
    pub action: &'static str,
    /// The text id of the question.
    pub question: &'static str,
    /// The text id of its use.
    pub why: &'static str,
    /// The text id of who sees the answer; empty when employers and advisers may, as with most answers.
    pub seen: &'static str,
    /// The boxes.
    pub groups: Vec<Boxes>,
}

/// `/mijn/gegevens/vanaf`. Fields `wanneer` (`nu`, `later`) and `vanaf`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_start.html")]
pub struct EditStart {
    /// What every page shares.
    pub l: Layout,
    /// Now, or from a day on.
    pub choices: Vec<Choice>,
    /// The day as typed, or as browsers want it.
    pub day: String,
}

impl EditStart {
    /// The two answers.
    pub fn choices(t: Texts, later: Option<bool>) -> Vec<Choice> {
        vec![
            Choice::new("nu", t.get("start-now"), later == Some(false)),
            Choice::new("later", t.get("start-later"), later == Some(true)),
        ]
    }
}

/// A language and how well, on the page of languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageRow {
    /// From 1.
    pub number: usize,
    /// The name of the field of the language: `taal-1`.
    pub language_field: String,
    /// The name of the field of the level: `niveau-1`.
    pub level_field: String,
    /// The languages, with the chosen one.
    pub languages: Vec<Choice>,
    /// The levels, with the chosen one.
    pub levels: Vec<Choice>,
}

impl LanguageRow {
    /// A row; `spoken` is what stands in it.
    pub fn new(t: Texts, number: usize, spoken: Option<&Spoken>) -> Self {
        Self {
            number,
            language_field: format!("taal-{number}"),
            level_field: format!("niveau-{number}"),
            languages: language_choices(t, spoken.map_or("", |spoken| &spoken.language)),
            levels: level_choices(t, spoken.map(|spoken| spoken.level), false),
        }
    }
}

/// `/mijn/gegevens/talen`. Field `nederlands`, and a row of fields for each other language.
#[derive(Debug, Clone, Template)]
#[template(path = "my_languages.html")]
pub struct EditLanguages {
    /// What every page shares.
    pub l: Layout,
    /// How well she speaks Dutch.
    pub dutch: Vec<Choice>,
    /// Other languages, with room for more.
    pub others: Vec<LanguageRow>,
}

/// `/mijn/gegevens/opmerking`. Field `opmerking`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_remark.html")]
pub struct EditRemark {
    /// What every page shares.
    pub l: Layout,
    /// As typed.
    pub remark: String,
}

/// `/mijn/gegevens/naam`. Fields `naam`, `kanaal` and `taal`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_name.html")]
pub struct EditName {
    /// What every page shares.
    pub l: Layout,
    /// As typed.
    pub name: String,
    /// How she likes to be reached; empty for who gets letters.
    pub channels: Vec<Choice>,
    /// The language of messages.
    pub languages: Vec<Choice>,
}

/// `/mijn/gegevens/contact`. Field `contact`.
#[derive(Debug, Clone, Template)]
#[template(path = "my_contact.html")]
pub struct EditContact {
    /// What every page shares.
    pub l: Layout,
    /// The one that is hers now.
    pub now: String,
    /// As typed.
    pub contact: String,
}

/// `/mijn/gegevens/contact`, before the question: is the old one still hers? Field `oud`.
#[derive(Debug, Clone, Template)]
#[template(path = "old_contact.html")]
pub struct OldContact {
    /// What every page shares.
    pub l: Layout,
    /// The one that is hers now.
    pub now: String,
}

/// `/mijn/gegevens/tweede-nummer`, and the same for her helper. Fields `nummer` and `van`, or `weg`.
#[derive(Debug, Clone, Template)]
#[template(path = "second_number.html")]
pub struct EditSecondNumber {
    /// What every page shares.
    pub l: Layout,
    /// Where it goes.
    pub action: String,
    /// The page before.
    pub back: String,
    /// Whether she herself reads it.
    pub hers: bool,
    /// Whether there is one that can go.
    pub is_given: bool,
    /// As typed.
    pub number: String,
    /// Whose it is, as typed.
    pub whose: String,
}

/// "06 12 34 56 78, van mijn zus"
pub fn second_number_words(t: Texts, number: &str, whose: &str) -> String {
    if whose.is_empty() { number.to_owned() } else { t.two("second-words", "number", number, "whose", whose) }
}

/// A language in words; a code that we do not offer stays a code.
pub fn language_name(t: Texts, code: &str) -> String {
    languages::language(code)
        .map_or_else(|| code.to_owned(), |language| language.label(t.language().of_reference_data()))
}

/// How well someone speaks, in words.
pub fn level_name(t: Texts, level: LanguageLevel) -> String {
    t.get(match level {
        LanguageLevel::FewWords => "level-few-words",
        LanguageLevel::Simple => "level-simple",
        LanguageLevel::Good => "level-good",
        LanguageLevel::Fluent => "level-fluent",
    })
}

/// "Engels: een eenvoudig gesprek"
pub fn spoken_words(t: Texts, spoken: &Spoken) -> String {
    t.two(
        "language-spoken",
        "language",
        language_name(t, &spoken.language),
        "level",
        level_name(t, spoken.level),
    )
}

/// How well she speaks a language, with "not" for Dutch.
pub fn level_choices(t: Texts, chosen: Option<LanguageLevel>, with_not: bool) -> Vec<Choice> {
    let levels = LanguageLevel::ALL
        .iter()
        .map(|&level| Choice::new(level.name(), level_name(t, level), chosen == Some(level)));
    let not = with_not.then(|| Choice::new("niet", t.get("level-not"), false));
    not.into_iter().chain(levels).collect()
}

/// The languages besides Dutch, with the chosen one; a code of hers that we do not offer stays on it.
pub fn language_choices(t: Texts, chosen: &str) -> Vec<Choice> {
    // Dutch comes first and has its own question.
    let offered = languages::all().iter().skip(1);
    let mut choices: Vec<Choice> = offered
        .map(|language| {
            let label = language.label(t.language().of_reference_data());
            Choice::new(language.code, label, language.code == chosen)
        })
        .collect();
    choices.sort_by(|one, other| one.label.cmp(&other.label));
    if !chosen.is_empty() && choices.iter().all(|choice| !choice.chosen) {
        choices.push(Choice::new(chosen, chosen.to_owned(), true));
    }
    choices
}

/// A licence or paper in words.
pub fn licence_name(t: Texts, licence: Licence) -> String {
    t.get(match licence {
        Licence::Am => "licence-am",
        Licence::A => "licence-a",
        Licence::B => "licence-b",
        Licence::Be => "licence-be",
        Licence::C => "licence-c",
        Licence::Ce => "licence-ce",
        Licence::D => "licence-d",
        Licence::T => "licence-t",
        Licence::Forklift => "licence-forklift",
        Licence::Vca => "licence-vca",
    })
}

/// What work must not ask of her, in words: "Zwaar tillen".
pub fn cannot_name(t: Texts, cannot: Cannot) -> String {
    t.get(match cannot {
        Cannot::Lift => "cannot-lift",
        Cannot::Stand => "cannot-stand",
        Cannot::Walk => "cannot-walk",
        Cannot::Outside => "cannot-outside",
        Cannot::Cold => "cannot-cold",
        Cannot::Noise => "cannot-noise",
    })
}

/// What she needs, in words: "Een rustige plek".
pub fn need_name(t: Texts, need: Need) -> String {
    t.get(match need {
        Need::JobCoach => "need-job-coach",
        Need::QuietPlace => "need-quiet-place",
        Need::Interpreter => "need-interpreter",
        Need::SignInterpreter => "need-sign-interpreter",
        Need::StepFree => "need-step-free",
        Need::PhasedStart => "need-phased-start",
        Need::MoreBreaks => "need-more-breaks",
        Need::VisualAids => "need-visual-aids",
        Need::Seat => "need-seat",
        Need::Transport => "need-transport",
    })
}

/// From what someone lives, in words.
pub fn benefit_name(t: Texts, benefit: Benefit) -> String {
    t.get(match benefit {
        Benefit::None => "benefit-none",
        Benefit::SocialAssistance => "benefit-social-assistance",
        Benefit::Unemployment => "benefit-unemployment",
        Benefit::Disability => "benefit-disability",
        Benefit::Other => "benefit-other",
    })
}

/// Where someone came in: the code as printed on posters, and its text id.
pub const ENTRY_POINTS: [(&str, &str); 16] = [
    ("campaign", "entry-campaign"),
    ("community_centre", "entry-community-centre"),
    ("doctor", "entry-doctor"),
    ("food_bank", "entry-food-bank"),
    ("friend", "entry-friend"),
    ("housing_corporation", "entry-housing-corporation"),
    ("job_fair", "entry-job-fair"),
    ("library", "entry-library"),
    ("municipality", "entry-municipality"),
    ("nail_studio", "entry-nail-studio"),
    ("neighbourhood", "entry-neighbourhood"),
    ("school", "entry-school"),
    ("social_media", "entry-social-media"),
    ("sports_club", "entry-sports-club"),
    ("temporary_agency", "entry-temporary-agency"),
    ("uwv", "entry-uwv"),
];

/// Where she came in, in words; a code that we do not know stays a code.
pub fn entry_point_name(t: Texts, code: &str) -> String {
    ENTRY_POINTS.iter().find(|(known, _)| *known == code).map_or_else(|| code.to_owned(), |(_, id)| t.get(id))
}

/// The days of the week, with what is ticked.
pub fn day_choices(t: Texts, chosen: Days) -> Vec<Choice> {
    (1..=7_u8).map(|day| Choice::new(&day.to_string(), day_name(t, day), chosen.contains(day))).collect()
}

/// Licences and papers, with what is ticked.
pub fn licence_choices(t: Texts, chosen: &[Licence]) -> Vec<Choice> {
    let choice =
        |&licence: &Licence| Choice::new(licence.name(), licence_name(t, licence), chosen.contains(&licence));
    Licence::ALL.iter().map(choice).collect()
}

/// What work must not ask, with what is ticked.
pub fn cannot_choices(t: Texts, chosen: &[Cannot]) -> Vec<Choice> {
    let choice =
        |&cannot: &Cannot| Choice::new(cannot.name(), cannot_name(t, cannot), chosen.contains(&cannot));
    Cannot::ALL.iter().map(choice).collect()
}

/// Needs, with what is ticked.
pub fn need_choices(t: Texts, chosen: &[Need]) -> Vec<Choice> {
    let choice = |&need: &Need| Choice::new(need.name(), need_name(t, need), chosen.contains(&need));
    Need::ALL.iter().map(choice).collect()
}

/// The kinds of support that a profile may show, with what is ticked.
pub fn support_choices(t: Texts, chosen: &[Support]) -> Vec<Choice> {
    let shown = Support::ALL.iter().filter(|support| support.shown_on_profiles());
    let choice =
        |&support: &Support| Choice::new(support.name(), support_name(t, support), chosen.contains(&support));
    shown.map(choice).collect()
}

/// Benefits to choose from, and not saying.
pub fn benefit_choices(t: Texts, chosen: Option<Benefit>) -> Vec<Choice> {
    let choice =
        |&benefit: &Benefit| Choice::new(benefit.name(), benefit_name(t, benefit), chosen == Some(benefit));
    let not = Choice::new("niet", t.get("benefit-not-told"), chosen.is_none());
    Benefit::ALL.iter().map(choice).chain([not]).collect()
}

/// Places to come in by, and not saying.
pub fn entry_point_choices(t: Texts, chosen: Option<&str>) -> Vec<Choice> {
    let choice = |(code, id): &(&str, &str)| Choice::new(code, t.get(id), chosen == Some(*code));
    let not = Choice::new("niet", t.get("entry-not-told"), chosen.is_none());
    ENTRY_POINTS.iter().map(choice).chain([not]).collect()
}

/// The day from which she can work, in words.
pub fn start_words(t: Texts, from: Option<NaiveDate>) -> String {
    from.map_or_else(|| t.get("start-now"), |day| t.one("start-from", "date", t.date_year(day)))
}
