//! The other questions of her profile, one a page, in any order; each may be skipped.

use axum::response::Response;
use chrono::NaiveDate;
use proto::{
    FieldProblem, Service,
    intake::{
        Benefit, Cannot, ChangeBackground, ChangeNeeds, Details, Need, Purpose, ToldBackground, Wishes,
    },
    work::{LanguageLevel, Licence, Spoken, Support},
};

use super::{
    details::{again, not_accepted, save, saved},
    mine::{layout, told},
};
use crate::{
    pages::{
        Layout,
        profile::{
            Boxes, ENTRY_POINTS, EditLanguages, EditRemark, EditStart, LanguageRow, Question,
            benefit_choices, cannot_choices, entry_point_choices, level_choices, licence_choices,
            need_choices, support_choices,
        },
    },
    web::{
        fields::{self, Fields},
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// Dutch, as ISO 639-3 has it.
const DUTCH: &str = "nld";
/// Languages besides Dutch that intake takes.
const MOST_OTHERS: usize = 7;
/// Rows for other languages when she told none.
const FEWEST_ROWS: usize = 3;

/// A question with one group of boxes.
fn boxes(
    l: Layout,
    action: &'static str,
    (question, why, seen): (&'static str, &'static str, &'static str),
    field: &'static str,
    choices: Vec<crate::pages::Choice>,
) -> Question {
    let groups =
        vec![Boxes { field, legend: question, hint: "register-when-hint", kind: "checkbox", choices }];
    Question { l, action, question, why, seen, groups }
}

/// What was ticked of a closed list; a name that is not in it is refused.
fn ticked<T>(form: &Fields, field: &str, of: impl Fn(&str) -> Option<T>) -> (Vec<T>, Vec<FieldProblem>) {
    let named: Vec<Option<T>> = form.all(field).map(of).collect();
    let unknown = named.iter().any(Option::is_none);
    let problems = unknown.then(|| FieldProblem::new(field, "choice-unknown"));
    (named.into_iter().flatten().collect(), problems.into_iter().collect())
}

fn licences_page(l: Layout, chosen: &[Licence]) -> Question {
    let choices = licence_choices(l.t, chosen);
    let texts = ("licences-question", "licences-why", "");
    boxes(l, "/mijn/gegevens/papieren", texts, "papieren", choices)
}

/// `/mijn/gegevens/papieren`
pub(super) async fn licences(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&licences_page(layout(&visit, &details), &details.wishes_so_far().licences))
}

/// Changes her licences and papers.
pub(super) async fn take_licences(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let (licences, problems) = ticked(&form, "papieren", Licence::from_name);
    let question = |l| licences_page(l, &licences);
    if problems.is_empty() {
        let wishes = Wishes { licences: licences.clone(), ..details.wishes_so_far() };
        return save(&visit, &details, &form, &wishes, question).await;
    }
    again(&visit, &details, &form, problems, question)
}

fn cannot_page(l: Layout, chosen: &[Cannot]) -> Question {
    let choices = cannot_choices(l.t, chosen);
    let texts = ("cannot-question", "cannot-why", "question-not-employers");
    boxes(l, "/mijn/gegevens/niet", texts, "niet", choices)
}

/// `/mijn/gegevens/niet`
pub(super) async fn cannot(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&cannot_page(layout(&visit, &details), &details.wishes_so_far().cannot))
}

/// Changes what the work must not ask of her.
pub(super) async fn take_cannot(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let (cannot, problems) = ticked(&form, "niet", Cannot::from_name);
    let question = |l| cannot_page(l, &cannot);
    if problems.is_empty() {
        let wishes = Wishes { cannot: cannot.clone(), ..details.wishes_so_far() };
        return save(&visit, &details, &form, &wishes, question).await;
    }
    again(&visit, &details, &form, problems, question)
}

fn shown_page(l: Layout, chosen: &[Support]) -> Question {
    let choices = support_choices(l.t, chosen);
    let texts = ("shown-question", "shown-why", "question-employers");
    boxes(l, "/mijn/gegevens/laten-zien", texts, "laten-zien", choices)
}

/// `/mijn/gegevens/laten-zien`
pub(super) async fn shown(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&shown_page(layout(&visit, &details), &details.wishes_so_far().shown_support))
}

/// Changes which kinds of support employers may see.
pub(super) async fn take_shown(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let of = |name: &str| Support::from_name(name).filter(|support| support.shown_on_profiles());
    let (shown_support, problems) = ticked(&form, "laten-zien", of);
    let question = |l| shown_page(l, &shown_support);
    if problems.is_empty() {
        let wishes = Wishes { shown_support: shown_support.clone(), ..details.wishes_so_far() };
        return save(&visit, &details, &form, &wishes, question).await;
    }
    again(&visit, &details, &form, problems, question)
}

fn needs_page(l: Layout, chosen: &[Need]) -> Question {
    let choices = need_choices(l.t, chosen);
    let texts = ("needs-question", "needs-why", "question-only-you");
    boxes(l, "/mijn/gegevens/hulp", texts, "hulp", choices)
}

/// `/mijn/gegevens/hulp`
pub(super) async fn needs(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&needs_page(layout(&visit, &details), &details.needs))
}

/// Changes what she needs. Only intake can read it.
pub(super) async fn take_needs(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let (needs, mut problems) = ticked(&form, "hulp", Need::from_name);
    let question = |l| needs_page(l, &needs);
    if problems.is_empty() {
        let change = ChangeNeeds { seeker_id: visit.seeker()?, needs: visit.seal(Service::Intake, &needs) };
        match visit.ask(&change).await {
            Ok(()) => return Ok(go_to("/mijn/gegevens", [notice("notice-saved-for-you")])),
            Err(problem) => problems = not_accepted(problem)?,
        }
    }
    again(&visit, &details, &form, problems, question)
}

/// `/mijn/gegevens/vanaf`
pub(super) async fn start(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let from = details.wishes_so_far().available_from;
    let l = layout(&visit, &details);
    let day = from.map(|day| day.to_string()).unwrap_or_default();
    page(&EditStart { choices: EditStart::choices(l.t, Some(from.is_some())), day, l })
}

/// Changes from which day on she can work.
pub(super) async fn take_start(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let typed = form.get("vanaf");
    let (later, from) = match form.get("wanneer") {
        "nu" => (Some(false), Ok(None)),
        "later" => (Some(true), day_typed("vanaf", typed)),
        _ => (None, Err(FieldProblem::new("wanneer", "choice-unknown"))),
    };
    let question =
        |l: Layout| EditStart { choices: EditStart::choices(l.t, later), day: typed.to_owned(), l };
    match from {
        Ok(available_from) => {
            let wishes = Wishes { available_from, ..details.wishes_so_far() };
            save(&visit, &details, &form, &wishes, question).await
        }
        Err(problem) => again(&visit, &details, &form, vec![problem], question),
    }
}

/// The day typed in this field, or what is wrong there.
pub(super) fn day_typed(field: &str, typed: &str) -> Result<Option<NaiveDate>, FieldProblem> {
    fields::day(typed).map(Some).ok_or_else(|| FieldProblem::new(field, "date-malformed"))
}

fn languages_page(l: Layout, spoken: &[Spoken]) -> EditLanguages {
    let level = |code: &str| spoken.iter().find(|one| one.language == code).map(|one| one.level);
    let others: Vec<&Spoken> = spoken.iter().filter(|one| one.language != DUTCH).collect();
    let rows = (others.len() + 1).clamp(FEWEST_ROWS, MOST_OTHERS);
    let row = |at: usize| LanguageRow::new(l.t, at + 1, others.get(at).copied());
    EditLanguages { dutch: level_choices(l.t, level(DUTCH), true), others: (0..rows).map(row).collect(), l }
}

/// `/mijn/gegevens/talen`
pub(super) async fn languages(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&languages_page(layout(&visit, &details), &details.wishes_so_far().languages))
}

/// Changes which languages she speaks.
pub(super) async fn take_languages(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let (languages, problems) = languages_of(&form);
    let question = |l| languages_page(l, &languages);
    if problems.is_empty() {
        let wishes = Wishes { languages: languages.clone(), ..details.wishes_so_far() };
        return save(&visit, &details, &form, &wishes, question).await;
    }
    again(&visit, &details, &form, problems, question)
}

/// Reads the languages; a row with only one of its two answers comes back as a problem.
fn languages_of(form: &Fields) -> (Vec<Spoken>, Vec<FieldProblem>) {
    let (mut spoken, mut problems) = (Vec::<Spoken>::new(), Vec::new());
    if let Some(level) = LanguageLevel::from_name(form.get("nederlands")) {
        spoken.push(Spoken { language: DUTCH.to_owned(), level });
    }
    for number in 1..=MOST_OTHERS {
        let (language_field, level_field) = (format!("taal-{number}"), format!("niveau-{number}"));
        let (language, level) = (form.get(&language_field), form.get(&level_field));
        if language.is_empty() {
            continue;
        }
        let is_code = language.len() == 3 && language.bytes().all(|letter| letter.is_ascii_lowercase());
        if !is_code {
            problems.push(FieldProblem::new(&language_field, "choice-unknown"));
        } else if spoken.iter().any(|one| one.language == language) {
            problems.push(FieldProblem::new(&language_field, "language-double"));
        } else {
            // Kept also without a level, so that what was chosen comes back on the page.
            let known = LanguageLevel::from_name(level);
            if known.is_none() {
                problems.push(FieldProblem::new(&level_field, "level-missing"));
            }
            let level = known.unwrap_or(LanguageLevel::Simple);
            spoken.push(Spoken { language: language.to_owned(), level });
        }
    }
    (spoken, problems)
}

/// `/mijn/gegevens/opmerking`
pub(super) async fn remark(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&EditRemark { l: layout(&visit, &details), remark: details.wishes_so_far().remark })
}

/// Changes what she wants her adviser to know.
pub(super) async fn take_remark(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    let remark = form.get("opmerking").replace("\r\n", "\n");
    let wishes = Wishes { remark: remark.clone(), ..details.wishes_so_far() };
    save(&visit, &details, &form, &wishes, |l| EditRemark { l, remark }).await
}

fn background_page(l: Layout, benefit: Option<Benefit>, entry_point: Option<&str>) -> Question {
    let benefits = benefit_choices(l.t, benefit);
    let entry_points = entry_point_choices(l.t, entry_point);
    let group = |field, legend, choices| Boxes { field, legend, hint: "", kind: "radio", choices };
    Question {
        action: "/mijn/gegevens/achtergrond",
        question: "background-question",
        why: "background-why",
        seen: "question-figures",
        groups: vec![
            group("uitkering", "background-question", benefits),
            group("vindplaats", "background-entry", entry_points),
        ],
        l,
    }
}

/// Whether she agreed that background is kept.
fn agreed(details: &Details) -> bool {
    let last = details.consents.iter().rev().find(|consent| consent.purpose == Purpose::Figures);
    last.is_some_and(|consent| consent.given)
}

/// `/mijn/gegevens/achtergrond`: only with her yes to figures.
pub(super) async fn background(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    if !agreed(&details) {
        return Ok(go_to("/mijn/toestemming", [notice("notice-background-needs-yes")]));
    }
    let benefit = details.background.as_ref().map(|background| background.says);
    page(&background_page(layout(&visit, &details), benefit, details.entry_point.as_deref()))
}

/// Changes from what she lives and where she came in.
pub(super) async fn take_background(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    if !agreed(&details) {
        return Ok(go_to("/mijn/toestemming", [notice("notice-background-needs-yes")]));
    }
    let benefit = Benefit::from_name(form.get("uitkering"));
    let typed = form.get("vindplaats");
    let known = ENTRY_POINTS.iter().any(|(code, _)| *code == typed);
    // A place that is on no poster any more stays as long as she does not choose another.
    let entry_point = (known || details.entry_point.as_deref() == Some(typed)).then(|| typed.to_owned());
    let entry_point = entry_point.filter(|code| !code.is_empty());
    let told = ToldBackground { benefit, entry_point: entry_point.clone() };
    let change = ChangeBackground { seeker_id: visit.seeker()?, told: visit.seal(Service::Intake, &told) };
    match visit.ask(&change).await {
        Ok(()) => Ok(saved()),
        Err(problem) => again(&visit, &details, &form, not_accepted(problem)?, |l| {
            background_page(l, benefit, entry_point.as_deref())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(body: &str) -> (Vec<String>, Vec<String>) {
        let (spoken, problems) = languages_of(&Fields::parse(body.as_bytes()));
        let spoken = spoken.iter().map(|one| format!("{} {}", one.language, one.level.name())).collect();
        (spoken, problems.into_iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect())
    }

    #[test]
    fn languages_read_as_they_were_chosen() {
        assert_eq!(
            languages("nederlands=simple&taal-1=ara&niveau-1=fluent&taal-2=&niveau-2=good"),
            (vec!["nld simple".to_owned(), "ara fluent".to_owned()], vec![])
        );
        assert_eq!(languages("nederlands=niet"), (vec![], vec![]));
        assert_eq!(
            languages("taal-1=ara&taal-2=ara&niveau-2=good&taal-3=Arabisch").1,
            ["niveau-1 level-missing", "taal-2 language-double", "taal-3 choice-unknown"]
        );
    }

    #[test]
    fn a_box_that_is_not_on_the_page_is_refused() {
        let form = Fields::parse(b"hulp=seat&hulp=diagnose");
        let (needs, problems) = ticked(&form, "hulp", Need::from_name);
        assert_eq!((needs, problems.len()), (vec![Need::Seat], 1));
    }
}
