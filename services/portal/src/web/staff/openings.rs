//! Openings: the list, posting one in two steps, looking after it.

use axum::{
    extract::{Path, RawQuery},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use proto::{
    EmployerId, FieldProblem, OpenFileId, OpeningId, Problem, Status,
    matcher::{PersonProposal, ProposalsForOpening},
    vacancies::{
        ChangeOpening, CloseOpening, CloseReason, Employer, Firmness, Opening, OpeningDetails, OpeningState,
        OpeningView, Openings, PostOpening, PublishOpening, RequirementKind,
    },
    work::{Daypart, Route as JobRoute},
};
use reference::Postcode;

use crate::{
    pages::{
        Layout, Notice,
        posting::{CloseJob, JobCheck, JobForm, JobPage, Jobs, NeedRow, PeopleInView, PersonCard},
        register::daypart_choices,
        work::{Distance, OpeningCard, Voice, daypart_list, hours_words},
    },
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{
            MANAGERS, PER_PAGE, WRITERS,
            desk::{job_rows, opening_href},
            employers, job_form, query, stop, with_fields,
        },
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/banen", Staff(MANAGERS), || get(list)),
        route("/baan/nieuw", Staff(WRITERS), || get(new).post(send_new)),
        route("/baan/{id}", Staff(WRITERS), || get(one)),
        route("/baan/{id}/wijzigen", Staff(WRITERS), || get(change).post(send_change)),
        route("/baan/{id}/plaatsen", Staff(WRITERS), || post(publish)),
        route("/baan/{id}/sluiten", Staff(WRITERS), || get(ask_close).post(close)),
    ]
}

fn parse(id: &str) -> Result<OpeningId, Stop> {
    id.parse().map_err(|_| stop(Problem::not_found("opening")))
}

async fn find(visit: &Visit, id: &str) -> Result<OpeningView, Stop> {
    visit.ask(&Opening { opening_id: parse(id)? }).await.map_err(stop)
}

/// An opening for who looks after it: a published one can be read by everyone, so reading is no proof.
async fn find_own(visit: &Visit, id: &str) -> Result<OpeningView, Stop> {
    let opening = find(visit, id).await?;
    visit.ask(&Employer { employer_id: opening.employer_id }).await.map_err(stop)?;
    Ok(opening)
}

/// `/banen`
pub(crate) async fn list(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let number = view::page_number(&query(address));
    let wanted = Openings { employer_id: None, page: number - 1, per_page: PER_PAGE };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    page(&Jobs {
        l: visit.layout(),
        rows: job_rows(&visit, &found.rows).await,
        total: found.total,
        pager: view::pager("/banen", number, found.total, PER_PAGE),
    })
}

/// The form, filled in as typed. `edit` is the opening that is changed.
async fn form_page(
    visit: &Visit,
    l: Layout,
    form: &Fields,
    edit: Option<&OpeningView>,
) -> Result<JobForm, Stop> {
    let t = visit.t();
    let employer_id: Option<EmployerId> = match edit {
        Some(opening) => Some(opening.employer_id),
        None => form.get("werkgever").parse().ok(),
    };
    let mut employers = employers::choices(visit, employer_id).await?;
    if edit.is_some() {
        // An opening stays with its employer.
        employers.retain(|choice| choice.chosen);
    } else if let [only] = employers.as_mut_slice() {
        only.chosen = true;
    }
    let tasks: Vec<&str> = form.all("taak").collect();
    let also: Vec<&str> = form.all("ook").collect();
    let need = |kind: RequirementKind| {
        let firmness = Firmness::from_name(form.get(&format!("eis_{}", kind.name())));
        NeedRow::new(t, kind, firmness, form.get(&format!("grond_{}", kind.name())))
    };
    Ok(JobForm {
        l,
        action: edit.map_or_else(
            || "/baan/nieuw".to_owned(),
            |opening| format!("{}/wijzigen", opening_href(opening.opening_id)),
        ),
        edit: edit.is_some(),
        employers,
        routes: JobForm::routes(t, JobRoute::from_name(form.get("soort"))),
        groups: view::task_groups(visit, |_| false, |task| tasks.contains(&task)),
        needs: RequirementKind::ALL.into_iter().map(need).collect(),
        dayparts: daypart_choices(t, form.all("dagdeel").filter_map(Daypart::from_name).collect()),
        also: JobForm::also(t, also.contains(&"lopen"), also.contains(&"buiten"), also.contains(&"lawaai")),
        values: job_form::values(form),
        version: edit.map(|opening| opening.version),
    })
}

/// `/baan/nieuw`
pub(crate) async fn new(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let chosen = query(address).get("werkgever").to_owned();
    let empty: Fields =
        [("werkgever".to_owned(), chosen), ("plaatsen".to_owned(), "1".to_owned())].into_iter().collect();
    page(&form_page(&visit, visit.layout(), &empty, None).await?)
}

async fn refused(
    visit: &Visit,
    form: &Fields,
    problems: Vec<FieldProblem>,
    edit: Option<&OpeningView>,
) -> Result<Response, Stop> {
    let l = visit.layout_refused(form, &Problem::fields(problems));
    page_with(StatusCode::BAD_REQUEST, &form_page(visit, l, form, edit).await?)
}

/// The page before placing, or the form with what is wrong.
async fn checked(visit: &Visit, form: &Fields, edit: Option<&OpeningView>) -> Result<Response, Stop> {
    let typed = job_form::read(form);
    let mut problems = typed.problems;
    let early = job_form::check(&typed.details, &visit.app.reference);
    let told: Vec<String> = problems.iter().map(|problem| problem.field.clone()).collect();
    problems.extend(early.into_iter().filter(|problem| !told.contains(&problem.field)));
    let employer = match typed.employer_id {
        Some(employer_id) => visit.ask(&Employer { employer_id }).await.ok(),
        None => None,
    };
    let Some(employer) = employer.filter(|_| problems.is_empty()) else {
        if problems.is_empty() {
            problems.push(FieldProblem::new("werkgever", "employer-missing"));
        }
        return refused(visit, form, problems, edit).await;
    };
    let place = typed.details.postcode.parse::<Postcode>().ok();
    let place = place.and_then(|postcode| visit.app.reference.places.locate(&postcode));
    let card = OpeningCard {
        href: String::new(),
        title: typed.details.title.clone(),
        employer: employer.line.name,
        place: place.map(|place| place.name.clone()).unwrap_or_default(),
        distance: None,
        hours: typed.details.hours,
        pay_cents: typed.details.pay_cents_per_hour,
        route: typed.details.route,
        reasons: Vec::new(),
    };
    let hidden = form.pairs().iter().filter(|(name, _)| !matches!(name.as_str(), "key" | "doe")).cloned();
    page(&JobCheck {
        l: visit.layout(),
        action: edit.map_or_else(
            || "/baan/nieuw".to_owned(),
            |opening| format!("{}/wijzigen", opening_href(opening.opening_id)),
        ),
        o: view::opening_detail(visit, card, &typed.details),
        advice: advice(visit, &typed.details),
        hidden: hidden.collect(),
        may_be_draft: edit.is_none_or(|opening| opening.state == OpeningState::Draft),
    })
}

/// What could bring more people in view.
fn advice(visit: &Visit, details: &OpeningDetails) -> Vec<String> {
    let t = visit.t();
    let mut advice = Vec::new();
    if details.tasks.len() < 3 {
        advice.push(t.get("job-advice-tasks"));
    }
    if details.pay_cents_per_hour.is_none() {
        advice.push(t.get("job-advice-pay"));
    }
    advice
}

/// Takes the form of a new opening: shows it once more, changes it again, keeps it or places it.
pub(crate) async fn send_new(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let publish = match form.get("doe") {
        "plaats" => true,
        "concept" => false,
        "wijzig" => return page(&form_page(&visit, visit.layout(), &form, None).await?),
        _ => return checked(&visit, &form, None).await,
    };
    let typed = job_form::read(&form);
    let Some(employer_id) = typed.employer_id.filter(|_| typed.problems.is_empty()) else {
        return refused(&visit, &form, typed.problems, None).await;
    };
    let command = PostOpening { employer_id, details: typed.details, publish };
    match visit.ask_with_key(&form, &command).await {
        Ok(opening_id) => {
            let done = if publish { "notice-job-placed" } else { "notice-job-draft" };
            Ok(go_to(&opening_href(opening_id), [notice(done)]))
        }
        Err(problem) => {
            let problem = with_fields(view::at_fields(problem, job_form::form_name))?;
            refused(&visit, &form, problem.fields, None).await
        }
    }
}

/// `/baan/{id}/wijzigen`
pub(crate) async fn change(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    if opening.state == OpeningState::Closed {
        return Ok(go_to(&opening_href(opening.opening_id), None));
    }
    let form = job_form::fields(opening.employer_id, &opening.details);
    page(&form_page(&visit, visit.layout(), &form, Some(&opening)).await?)
}

/// Takes the form of an opening that is changed.
pub(crate) async fn send_change(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    // Hidden in the form, so that a colleague's change in between is seen.
    let seen: i64 = form.get("versie").parse().unwrap_or(opening.version);
    let as_seen = OpeningView { version: seen, ..opening.clone() };
    let place = match form.get("doe") {
        "plaats" => true,
        "concept" => false,
        "wijzig" => return page(&form_page(&visit, visit.layout(), &form, Some(&as_seen)).await?),
        _ => return checked(&visit, &form, Some(&as_seen)).await,
    };
    let typed = job_form::read(&form);
    if !typed.problems.is_empty() {
        return refused(&visit, &form, typed.problems, Some(&as_seen)).await;
    }
    let command = ChangeOpening { opening_id: opening.opening_id, version: seen, details: typed.details };
    if let Err(problem) = visit.ask_with_key(&form, &command).await {
        if problem.code == "opening-changed-meanwhile" {
            return changed_meanwhile(&visit, &id, &form).await;
        }
        let problem = with_fields(view::at_fields(problem, job_form::form_name))?;
        return refused(&visit, &form, problem.fields, Some(&as_seen)).await;
    }
    if place && opening.state == OpeningState::Draft {
        return place_draft(&visit, &opening, &form).await;
    }
    Ok(go_to(&opening_href(opening.opening_id), [notice("notice-job-changed")]))
}

/// A colleague was faster: what she typed stays, and placing it again is a decision of her own.
async fn changed_meanwhile(visit: &Visit, id: &str, form: &Fields) -> Result<Response, Stop> {
    let now = find(visit, id).await?;
    let mut l = visit.layout();
    l.notice = Some(Notice::Warning(visit.t().get("job-changed-meanwhile")));
    page_with(StatusCode::CONFLICT, &form_page(visit, l, form, Some(&now)).await?)
}

/// `/baan/{id}/plaatsen`
pub(crate) async fn publish(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    place_draft(&visit, &opening, &form).await
}

async fn place_draft(visit: &Visit, opening: &OpeningView, form: &Fields) -> Result<Response, Stop> {
    let command = PublishOpening { opening_id: opening.opening_id };
    match visit.ask_with_key(form, &command).await {
        Ok(()) => Ok(go_to(&opening_href(opening.opening_id), [notice("notice-job-placed")])),
        Err(problem) => {
            // A draft can have grown old: its first day has passed, for example.
            let problem = with_fields(view::at_fields(problem, job_form::form_name))?;
            let now = find(visit, &opening.opening_id.to_string()).await?;
            let fields = job_form::fields(now.employer_id, &now.details);
            refused(visit, &fields, problem.fields, Some(&now)).await
        }
    }
}

/// `/baan/{id}/sluiten`
pub(crate) async fn ask_close(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    page(&close_page(&visit, visit.layout(), &opening))
}

fn close_page(visit: &Visit, l: Layout, opening: &OpeningView) -> CloseJob {
    CloseJob {
        l,
        href: opening_href(opening.opening_id),
        title: opening.details.title.clone(),
        reasons: CloseJob::reasons(visit.t()),
    }
}

/// Closes an opening for good.
pub(crate) async fn close(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let opening_id = find_own(&visit, &id).await?.opening_id;
    let reason = match form.get("reden") {
        "filled" => CloseReason::Filled,
        "withdrawn" => CloseReason::Withdrawn,
        _ => {
            let opening = find(&visit, &id).await?;
            let problem = Problem::fields(vec![FieldProblem::new("reden", "choice-unknown")]);
            let l = visit.layout_refused(&form, &problem);
            return page_with(StatusCode::BAD_REQUEST, &close_page(&visit, l, &opening));
        }
    };
    visit.ask_with_key(&form, &CloseOpening { opening_id, reason }).await.map_err(stop)?;
    Ok(go_to(&opening_href(opening_id), [notice("notice-job-closed")]))
}

/// `/baan/{id}`: what it says, and who is in view.
pub(crate) async fn one(visit: Visit, Path(id): Path<String>, address: RawQuery) -> Result<Response, Stop> {
    let opening = find(&visit, &id).await?;
    // Anyone may read a published opening; people in view are for those who look after it.
    let may_change = match visit.ask(&Employer { employer_id: opening.employer_id }).await {
        Ok(_) => true,
        Err(problem) if problem.status == Status::Forbidden => false,
        Err(problem) => return Err(stop(problem)),
    };
    let people = if may_change && opening.state == OpeningState::Published {
        Some(people(&visit, &opening, view::page_number(&query(address))).await?)
    } else {
        None
    };
    let href = opening_href(opening.opening_id);
    let card = view::opening_card(&opening, href.clone(), None, Vec::new());
    page(&JobPage {
        l: visit.layout(),
        o: view::opening_detail(&visit, card, &opening.details),
        href,
        state: opening.state,
        people,
        may_change,
    })
}

async fn people(visit: &Visit, opening: &OpeningView, number: u32) -> Result<PeopleInView, Stop> {
    let wanted = ProposalsForOpening { opening_id: opening.opening_id, page: number - 1, per_page: PER_PAGE };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    Ok(PeopleInView {
        all: found.all,
        cards: found.people.iter().map(|person| person_card(visit, person)).collect(),
        pager: view::pager(opening_href(opening.opening_id), number, found.visible.into(), PER_PAGE),
        // What the matcher knows is older than what the opening says now.
        searching: found.opening_version.is_none_or(|version| version < opening.version),
    })
}

fn person_card(visit: &Visit, person: &PersonProposal) -> PersonCard {
    let t = visit.t();
    let mut facts = Vec::new();
    facts.extend(person.hours.map(|hours| hours_words(t, hours)));
    if !person.dayparts.is_empty() {
        facts.push(daypart_list(t, person.dayparts));
    }
    PersonCard {
        code: short_code(person.open_file_id),
        municipality: view::municipality(visit, &person.municipality),
        distance: Distance::km(person.km),
        facts,
        reasons: view::reasons(visit, Voice::Someone, &person.reasons),
    }
}

/// A code to speak about someone by, such as `K7W-3QD`: letters and digits that are not taken for each
/// other, from her own random id in the open file.
fn short_code(id: OpenFileId) -> String {
    const LETTERS: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    let bits = id.0.as_u128() >> 98;
    let letter = |place: u32| char::from(LETTERS[(bits / 31_u128.pow(place) % 31) as usize]);
    let half = |from: u32| (from..from + 3).map(letter).collect::<String>();
    format!("{}-{}", half(0), half(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_a_code_that_can_be_spoken() {
        let code = |seed: u128| short_code(OpenFileId(uuid::Uuid::from_u128(seed)));
        let one = code(0x6f1c_2b3a_0000_4000_8000_0000_0000_0001);
        assert_eq!((one.len(), one.as_bytes()[3]), (7, b'-'));
        assert_ne!(one, code(0x1111_2b3a_0000_4000_8000_0000_0000_0001));
        assert!(!one.contains(['0', 'O', '1', 'I', 'L']));
    }
}
