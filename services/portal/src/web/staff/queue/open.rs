//! Opening the line of a job: the form, "Klopt dit?", done.

use axum::{extract::Path, http::StatusCode, response::Response};
use chassis::clock;
use proto::{
    Problem, Status,
    open_hiring::{FirstDay, OpenQueue, QueueOf},
    vacancies::{OpeningState, OpeningView, Terms},
};

use super::{
    form::{self, Typed, USUAL_HOURS, USUAL_PART},
    job,
};
use crate::{
    pages::{
        Layout,
        line::{CheckLine, OpenLine, first_day_words},
    },
    web::{
        fields::Fields,
        staff::{openings::find_own, stop, with_fields},
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The first days that the opening says, as far as they are still to come.
fn starts(opening: &OpeningView, today: chrono::NaiveDate) -> Vec<FirstDay> {
    let Terms::OpenHiring { starts } = &opening.details.terms else { return Vec::new() };
    let to_come = starts.iter().filter(|start| start.on > today);
    to_come.map(|start| FirstDay { on: start.on, places: start.places }).collect()
}

/// What the form says before anybody typed.
fn usual(visit: &Visit, opening: &OpeningView) -> Fields {
    let [from, until] = USUAL_PART;
    let given = [("opent", "nu"), ("uren", USUAL_HOURS), ("van", from), ("tot", until)];
    let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
    form::day_fields(starts(opening, clock::day(visit.now))).into_iter().chain(given).collect()
}

fn form_page(l: Layout, opening: &OpeningView, form: &Fields) -> OpenLine {
    OpenLine {
        job: job(opening),
        rows: form::rows(form),
        opens: OpenLine::opens(l.t, form.get("opent")),
        opens_on: form.get("opent_dag").to_owned(),
        opens_time: form.get("opent_tijd").to_owned(),
        hours: form.get("uren").to_owned(),
        from: form.get("van").to_owned(),
        until: form.get("tot").to_owned(),
        standing: OpenLine::standing(l.t, form.get("blijft")),
        l,
    }
}

/// An opening of one's own that may have a line.
async fn find(visit: &Visit, id: &str) -> Result<OpeningView, Stop> {
    let opening = find_own(visit, id).await?;
    let is_open = opening.state == OpeningState::Published;
    if is_open && matches!(opening.details.terms, Terms::OpenHiring { .. }) {
        Ok(opening)
    } else {
        Err(stop(Problem::new(Status::NotFound, "opening-not-open")))
    }
}

/// `/rij/{opening}/openen`
pub(super) async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening = find(&visit, &id).await?;
    let opening_id = opening.opening_id;
    if visit.ask(&QueueOf { opening_id }).await.map_err(stop)?.is_some() {
        return Ok(go_to(&format!("{}/beheer", super::href(opening_id)), None));
    }
    page(&form_page(visit.layout(), &opening, &usual(&visit, &opening)))
}

/// Takes the form: one row more, the page before, a change of mind, or the deed.
pub(super) async fn take(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let opening = find(&visit, &id).await?;
    if matches!(form.get("doe"), "regel" | "wijzig") {
        return page(&form_page(visit.layout(), &opening, &form));
    }
    let refused = |problem: &Problem| {
        let l = visit.layout_refused(&form, problem);
        page_with(StatusCode::BAD_REQUEST, &form_page(l, &opening, &form))
    };
    let typed = match form::read(&form, clock::day(visit.now), visit.now) {
        Ok(typed) => typed,
        Err(problems) => return refused(&Problem::fields(problems)),
    };
    if form.get("doe") != "open" {
        return page(&check_page(&visit, &opening, &form, typed));
    }
    let command = OpenQueue {
        opening_id: opening.opening_id,
        // A moment that has passed means now; this one is the same when the form comes twice.
        opens_at: typed.opens_at.or(opening.published_at).unwrap_or(opening.changed_at),
        answer_hours: typed.answer_hours,
        is_standing: typed.is_standing,
        first_days: typed.first_days,
    };
    match visit.ask_with_key(&form, &command).await {
        Ok(_) => {
            Ok(go_to(&format!("{}/beheer", super::href(opening.opening_id)), [notice("notice-line-opened")]))
        }
        Err(problem) => refused(&with_fields(view::at_fields(problem, form::field_of))?),
    }
}

fn check_page(visit: &Visit, opening: &OpeningView, form: &Fields, typed: Typed) -> CheckLine {
    let l = visit.layout();
    let of_the_page = ["key", "doe"];
    CheckLine {
        job: job(opening),
        days: typed.first_days.iter().map(|day| first_day_words(l.t, *day)).collect(),
        opens_at: typed.opens_at.filter(|moment| *moment > visit.now).map(clock::local),
        answer_hours: typed.answer_hours,
        is_standing: typed.is_standing,
        hidden: form
            .pairs()
            .iter()
            .filter(|(name, value)| !of_the_page.contains(&name.as_str()) && !value.trim().is_empty())
            .cloned()
            .collect(),
        l,
    }
}
