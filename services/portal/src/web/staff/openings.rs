//! Openings: the list, posting one in two steps, looking after it.

use axum::{
    extract::{Path, RawQuery},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use proto::{
    EmployerId, FieldProblem, OpenFileId, OpeningId, Problem, Role, Status,
    matcher::{PersonProposal, ProposalsForOpening},
    vacancies::{
        Advice, ChangeOpening, CheckOpening, CloseOpening, CloseReason, Employer, Firmness, KeepOpen,
        Opening, OpeningDetails, OpeningState, OpeningView, Openings, PauseOpening, PostOpening,
        PublishOpening, RequirementKind, Site,
    },
    work::{Daypart, Support},
};
use reference::Postcode;

use crate::{
    pages::{
        Choice, Layout, Notice,
        posting::{
            AdviceLine, CloseJob, JobCheck, JobForm, JobPage, JobRoute, Jobs, NeedRow, PeopleInView,
            PersonCard,
        },
        register::daypart_choices,
        staff::StillOpen,
        work::{Distance, OpeningCard, Voice, day_name, daypart_list, hours_words, route_name, support_name},
    },
    web::{
        fields::{self, Fields},
        guard::Access::Staff,
        routes::{Route, route},
        staff::{
            MANAGERS, PER_PAGE, WRITERS,
            desk::{job_rows, opening_href, proposed_until},
            employer::site_name,
            employers,
            job_form::{self, Typed},
            job_terms, query, queue, stop, with_fields,
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
        route("/baan/{id}/pauze", Staff(WRITERS), || post(pause)),
        route("/baan/{id}/nog-open", Staff(WRITERS), || post(still_open)),
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
pub(crate) async fn find_own(visit: &Visit, id: &str) -> Result<OpeningView, Stop> {
    let opening = find(visit, id).await?;
    visit.ask(&Employer { employer_id: opening.employer_id }).await.map_err(stop)?;
    Ok(opening)
}

/// `/banen`
pub(crate) async fn list(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let number = view::page_number(&query(address));
    let wanted =
        Openings { employer_id: None, state: None, asked: false, page: number - 1, per_page: PER_PAGE };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    page(&Jobs {
        l: visit.layout(),
        rows: job_rows(&visit, &found.rows).await,
        total: found.total,
        pager: view::pager("/banen", number, found.total, PER_PAGE),
    })
}

fn action(edit: Option<&OpeningView>) -> String {
    edit.map_or_else(
        || "/baan/nieuw".to_owned(),
        |opening| format!("{}/wijzigen", opening_href(opening.opening_id)),
    )
}

/// What was filled in, to be carried along unseen; without what the page itself asks.
fn carried(form: &Fields, without: &[&str]) -> Vec<(String, String)> {
    const OF_THE_PAGE: [&str; 5] = ["key", "doe", "zoek_werkgever", "vervang", "regels"];
    let is_carried =
        |name: &str| !name.is_empty() && !OF_THE_PAGE.contains(&name) && !without.contains(&name);
    form.pairs().iter().filter(|(name, _)| is_carried(name)).cloned().collect()
}

/// The first question: for whom, and which kind of job.
async fn route_page(
    visit: &Visit,
    l: Layout,
    form: &Fields,
    edit: Option<&OpeningView>,
) -> Result<JobRoute, Stop> {
    let employer_id: Option<EmployerId> = match edit {
        Some(opening) => Some(opening.employer_id),
        None => form.get("werkgever").parse().ok(),
    };
    let mut employers = employers::choices(visit, employer_id, form.get("zoek_werkgever")).await?;
    if edit.is_some() {
        // An opening stays with its employer.
        employers.choices.retain(|choice| choice.chosen);
        employers.total = 1;
    } else if let [only] = employers.choices.as_mut_slice() {
        only.chosen = true;
    }
    Ok(JobRoute {
        l,
        action: action(edit),
        edit: edit.is_some(),
        employers,
        routes: JobForm::routes(visit.t(), JobRoute::chosen(form.get("soort"))),
        hidden: carried(form, &["werkgever", "soort"]),
    })
}

/// The form for one kind of job, filled in as typed. `edit` is the opening that is changed.
async fn form_page(
    visit: &Visit,
    l: Layout,
    form: &Fields,
    edit: Option<&OpeningView>,
    advice: Vec<AdviceLine>,
) -> Result<Response, Stop> {
    let t = visit.t();
    let employer_id: Option<EmployerId> = match edit {
        Some(opening) => Some(opening.employer_id),
        None => form.get("werkgever").parse().ok(),
    };
    let status = if l.errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    // Without these two there is nothing to fill in yet.
    let (Some(employer_id), Some(route)) = (employer_id, JobRoute::chosen(form.get("soort"))) else {
        return page_with(status, &route_page(visit, l, form, edit).await?);
    };
    let employer = visit.ask(&Employer { employer_id }).await.map_err(stop)?;
    let chosen = |name: &'static str| form.all(name).collect::<Vec<_>>();
    let (tasks, also, days, support) = (chosen("taak"), chosen("ook"), chosen("dag"), chosen("biedt"));
    let need = |kind: RequirementKind| {
        let firmness = Firmness::from_name(form.get(&format!("eis_{}", kind.name())));
        NeedRow::new(t, kind, firmness, form.get(&format!("grond_{}", kind.name())))
    };
    let site = |site: &Site| {
        let id = site.site_id.to_string();
        let words = format!("{}, {} {}", site_name(site), site.details.postcode, site.place);
        Choice::new(&id, words, form.get("vestiging") == id)
    };
    let job = JobForm {
        l,
        action: action(edit),
        edit: edit.is_some(),
        employer: (employer_id.to_string(), employer.line.name),
        route: route_name(t, route),
        groups: view::task_groups(visit, |_| false, |task| tasks.contains(&task)),
        needs: RequirementKind::ALL.iter().map(|&kind| need(kind)).collect(),
        dayparts: daypart_choices(t, form.all("dagdeel").filter_map(Daypart::from_name).collect()),
        days: (1..=7_u8)
            .map(|day| {
                let code = day.to_string();
                Choice::new(&code, day_name(t, day), days.contains(&code.as_str()))
            })
            .collect(),
        sites: employer.sites.iter().map(site).collect(),
        support: Support::ALL
            .iter()
            .map(|kind| Choice::new(kind.name(), support_name(t, *kind), support.contains(&kind.name())))
            .collect(),
        also: JobForm::also(t, also.contains(&"lopen"), also.contains(&"buiten"), also.contains(&"lawaai")),
        values: job_form::values(form),
        terms: job_terms::values(form, route, |code| view::task_label(visit, &code.into())),
        advice,
        seen: form.all("gezien").map(str::to_owned).collect(),
        version: edit.map(|opening| opening.version),
    };
    page_with(status, &job)
}

/// `/baan/nieuw`: the first question, or with `?soort=` the form of that kind of job.
pub(crate) async fn new(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let address = query(address);
    let form = [("werkgever", address.get("werkgever")), ("soort", address.get("soort")), ("plaatsen", "1")];
    let form: Fields = form.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    form_page(&visit, visit.layout(), &form, None, Vec::new()).await
}

async fn refused(
    visit: &Visit,
    form: &Fields,
    problems: Vec<FieldProblem>,
    edit: Option<&OpeningView>,
    advice: Vec<AdviceLine>,
) -> Result<Response, Stop> {
    let l = visit.layout_refused(form, &Problem::fields(problems));
    form_page(visit, l, form, edit, advice).await
}

/// What vacancies says about a form: what must be mended, what could be said better.
struct Looked {
    form: Fields,
    typed: Typed,
    problems: Vec<FieldProblem>,
    advice: Vec<Advice>,
}

/// Asks vacancies. A site gives its postcode, and no title becomes the one made of the tasks.
async fn look(visit: &Visit, form: &Fields, edit: Option<&OpeningView>) -> Result<Looked, Stop> {
    let mut form = job_terms::without_gaps(form);
    let employer_id: Option<EmployerId> = form.get("werkgever").parse().ok();
    if let (Some(employer_id), true) = (employer_id, form.has("vestiging")) {
        let employer = visit.ask(&Employer { employer_id }).await.map_err(stop)?;
        let site = employer.sites.iter().find(|site| site.site_id.to_string() == form.get("vestiging"));
        if let Some(site) = site {
            form = job_form::with_value(&form, "postcode", site.details.postcode.clone());
        }
    }
    let mut typed = job_form::read(&form);
    let check =
        CheckOpening { details: typed.details.clone(), opening_id: edit.map(|opening| opening.opening_id) };
    let mut checked = visit.ask(&check).await.map_err(stop)?;
    if typed.details.title.is_empty() && !checked.suggested_title.is_empty() {
        form = job_form::with_value(&form, "titel", checked.suggested_title.clone());
        typed = job_form::read(&form);
        checked.problems.retain(|problem| problem.field != "title" && problem.field != "details.title");
    }
    let mut problems = typed.problems.clone();
    // What could not be read is said once: vacancies judged something harmless in its place.
    let told: Vec<String> = problems.iter().map(|problem| problem.field.clone()).collect();
    let named = checked.problems.into_iter().map(|mut problem| {
        problem.field = job_form::form_name(&problem, &typed.details);
        problem
    });
    problems.extend(named.filter(|problem| !told.contains(&problem.field)));
    for advice in &checked.advice {
        form = job_form::having_seen(&form, &advice.code);
    }
    Ok(Looked { form, typed, problems, advice: checked.advice })
}

fn advice_lines(visit: &Visit, looked: &Looked) -> Vec<AdviceLine> {
    let t = visit.t();
    let line = |(number, advice): (usize, &Advice)| {
        let known = t.find(&format!("advice-{}", advice.code), &[("found", &advice.found)]);
        AdviceLine {
            field: job_form::field_name(&advice.field, false, &looked.typed.details),
            code: advice.code.clone(),
            reason: known.unwrap_or_else(|| t.get("job-advice-look")),
            found: advice.found.clone(),
            instead: advice.instead.clone(),
            number,
        }
    };
    looked.advice.iter().enumerate().map(line).collect()
}

/// The form with the wording of one advice in place of what was written.
fn follow(looked: &Looked, number: &str) -> Option<Fields> {
    let advice = looked.advice.get(number.parse::<usize>().ok()?)?;
    let instead = advice.instead.as_ref()?;
    let field = job_form::field_name(&advice.field, false, &looked.typed.details);
    let text = looked.form.get(&field).replacen(&advice.found, instead, 1);
    Some(job_form::with_value(&looked.form, &field, text))
}

/// The page before placing, or the form with what is wrong.
async fn checked(visit: &Visit, form: &Fields, edit: Option<&OpeningView>) -> Result<Response, Stop> {
    let mut looked = look(visit, form, edit).await?;
    if let Some(changed) = follow(&looked, form.get("vervang")) {
        looked = look(visit, &changed, edit).await?;
    }
    let advice = advice_lines(visit, &looked);
    let employer = match looked.typed.employer_id {
        Some(employer_id) => visit.ask(&Employer { employer_id }).await.ok(),
        None => None,
    };
    let mut problems = looked.problems;
    let Some(employer) = employer.filter(|_| problems.is_empty()) else {
        if problems.is_empty() {
            problems.push(FieldProblem::new("werkgever", "employer-missing"));
        }
        return refused(visit, &looked.form, problems, edit, advice).await;
    };
    let details = &looked.typed.details;
    let place = details.postcode.parse::<Postcode>().ok();
    let place = place.and_then(|postcode| visit.app.reference.places.locate(&postcode));
    let card = OpeningCard {
        href: String::new(),
        title: details.title.clone(),
        employer: employer.line.name,
        place: place.map(|place| place.name.clone()).unwrap_or_default(),
        distance: None,
        hours: details.hours,
        pay_cents: details.pay_cents_per_hour,
        route: details.route(),
        reasons: Vec::new(),
    };
    page(&JobCheck {
        l: visit.layout(),
        action: action(edit),
        o: view::opening_detail(visit, card, details),
        advice,
        hidden: carried(&looked.form, &[]),
        may_be_draft: edit.is_none_or(|opening| opening.state == OpeningState::Draft),
        open_already: edit.is_some_and(|opening| opening.state != OpeningState::Draft),
    })
}

/// The form once more, with what the vacancy check says at its fields.
async fn again(visit: &Visit, form: &Fields, edit: Option<&OpeningView>) -> Result<Response, Stop> {
    let looked = look(visit, form, edit).await?;
    let advice = advice_lines(visit, &looked);
    form_page(visit, visit.layout(), &looked.form, edit, advice).await
}

/// What the buttons of the form ask besides keeping it: another look, another kind of job, a row more.
async fn asked_otherwise(
    visit: &Visit,
    form: &Fields,
    edit: Option<&OpeningView>,
) -> Option<Result<Response, Stop>> {
    match form.get("doe") {
        "plaats" | "concept" => None,
        "soort" | "zoek" => Some(match route_page(visit, visit.layout(), form, edit).await {
            Ok(shown) => page(&shown),
            Err(stop) => Err(stop),
        }),
        "verder" => Some(chosen_route(visit, form, edit).await),
        "regel" => {
            Some(form_page(visit, visit.layout(), &job_terms::without_gaps(form), edit, Vec::new()).await)
        }
        "wijzig" => Some(again(visit, form, edit).await),
        _ => Some(checked(visit, form, edit).await),
    }
}

/// After the first question: the form of that kind of job, or what is missing.
async fn chosen_route(visit: &Visit, form: &Fields, edit: Option<&OpeningView>) -> Result<Response, Stop> {
    let mut wrong = Vec::new();
    if form.get("werkgever").parse::<EmployerId>().is_err() {
        wrong.push(FieldProblem::new("werkgever", "employer-missing"));
    }
    if JobRoute::chosen(form.get("soort")).is_none() {
        wrong.push(FieldProblem::new("soort", "route-missing"));
    }
    if wrong.is_empty() {
        return form_page(visit, visit.layout(), form, edit, Vec::new()).await;
    }
    let l = visit.layout_refused(form, &Problem::fields(wrong));
    page_with(StatusCode::BAD_REQUEST, &route_page(visit, l, form, edit).await?)
}

/// Takes the form of a new opening: shows it once more, changes it again, keeps it or places it.
pub(crate) async fn send_new(visit: Visit, form: Fields) -> Result<Response, Stop> {
    if let Some(answer) = asked_otherwise(&visit, &form, None).await {
        return answer;
    }
    let publish = form.get("doe") == "plaats";
    let looked = look(&visit, &form, None).await?;
    let Some(employer_id) = looked.typed.employer_id.filter(|_| looked.typed.problems.is_empty()) else {
        let advice = advice_lines(&visit, &looked);
        return refused(&visit, &looked.form, looked.problems, None, advice).await;
    };
    let details = looked.typed.details;
    let command = PostOpening { employer_id, details: details.clone(), publish };
    match visit.ask_with_key(&form, &command).await {
        Ok(opening_id) => {
            let done = if publish { "notice-job-placed" } else { "notice-job-draft" };
            Ok(go_to(&opening_href(opening_id), [notice(done)]))
        }
        Err(problem) => {
            let problem = with_fields(mended(problem, &details))?;
            refused(&visit, &looked.form, problem.fields, None, Vec::new()).await
        }
    }
}

/// A problem at the fields of the form; one about the employer as a whole stands at the employer.
fn mended(problem: Problem, details: &OpeningDetails) -> Problem {
    if problem.code == "labour-conflict" {
        return Problem::fields(vec![FieldProblem::new("werkgever", problem.code)]);
    }
    view::at_fields(problem, |field| job_form::form_name(field, details))
}

/// `/baan/{id}/wijzigen`
pub(crate) async fn change(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    if opening.state == OpeningState::Closed {
        return Ok(go_to(&opening_href(opening.opening_id), None));
    }
    let form = job_form::fields(opening.employer_id, &opening.details);
    form_page(&visit, visit.layout(), &form, Some(&opening), Vec::new()).await
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
    // An opening stays with its employer.
    let form = job_form::with_value(&form, "werkgever", opening.employer_id.to_string());
    if let Some(answer) = asked_otherwise(&visit, &form, Some(&as_seen)).await {
        return answer;
    }
    let place = form.get("doe") == "plaats";
    let looked = look(&visit, &form, Some(&as_seen)).await?;
    if !looked.typed.problems.is_empty() {
        let advice = advice_lines(&visit, &looked);
        return refused(&visit, &looked.form, looked.problems, Some(&as_seen), advice).await;
    }
    let found: Vec<&str> = looked.advice.iter().map(|advice| advice.code.as_str()).collect();
    // What she was told before and is no longer found, she followed.
    let followed = form.all("gezien").find(|code| !found.contains(code)).map(str::to_owned);
    let details = looked.typed.details;
    let command = ChangeOpening {
        opening_id: opening.opening_id,
        version: seen,
        details: details.clone(),
        after_advice: followed,
    };
    if let Err(problem) = visit.ask_with_key(&form, &command).await {
        if problem.code == "opening-changed-meanwhile" {
            return changed_meanwhile(&visit, &id, &looked.form).await;
        }
        let problem = with_fields(mended(problem, &details))?;
        return refused(&visit, &looked.form, problem.fields, Some(&as_seen), Vec::new()).await;
    }
    if place && opening.state == OpeningState::Draft {
        return show(&visit, &opening, &form, "notice-job-placed").await;
    }
    Ok(go_to(&opening_href(opening.opening_id), [notice("notice-job-changed")]))
}

/// A colleague was faster: what she typed stays, and placing it again is a decision of her own.
async fn changed_meanwhile(visit: &Visit, id: &str, form: &Fields) -> Result<Response, Stop> {
    let now = find(visit, id).await?;
    let mut l = visit.layout();
    l.notice = Some(Notice::Warning(visit.t().get("job-changed-meanwhile")));
    let mut response = form_page(visit, l, form, Some(&now), Vec::new()).await?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

/// `/baan/{id}/plaatsen`: shows a draft, or a paused opening again.
pub(crate) async fn publish(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    let done = if opening.state == OpeningState::Paused { "notice-job-resumed" } else { "notice-job-placed" };
    show(&visit, &opening, &form, done).await
}

async fn show(
    visit: &Visit,
    opening: &OpeningView,
    form: &Fields,
    done: &'static str,
) -> Result<Response, Stop> {
    let command = PublishOpening { opening_id: opening.opening_id };
    match visit.ask_with_key(form, &command).await {
        Ok(()) => Ok(go_to(&opening_href(opening.opening_id), [notice(done)])),
        Err(problem) => {
            // A draft can have grown old: its first day has passed, for example.
            let now = find(visit, &opening.opening_id.to_string()).await?;
            let problem = with_fields(mended(problem, &now.details))?;
            let fields = job_form::fields(now.employer_id, &now.details);
            refused(visit, &fields, problem.fields, Some(&now), Vec::new()).await
        }
    }
}

/// Stops showing an opening for a while.
pub(crate) async fn pause(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let opening_id = find_own(&visit, &id).await?.opening_id;
    visit.ask_with_key(&form, &PauseOpening { opening_id }).await.map_err(stop)?;
    Ok(go_to(&opening_href(opening_id), [notice("notice-job-paused")]))
}

/// The answer to "is it still open?": until a day, filled, or stopped.
pub(crate) async fn still_open(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    let opening_id = opening.opening_id;
    let (answer, done) = match form.get("antwoord") {
        "vervuld" => (close_as(&visit, &form, opening_id, CloseReason::Filled).await, "notice-job-filled"),
        "gestopt" => (close_as(&visit, &form, opening_id, CloseReason::Withdrawn).await, "notice-job-closed"),
        _ => {
            let Some(until) = fields::day(form.get("tot")) else {
                return refused_day(&visit, &opening, &form, "date-malformed").await;
            };
            (visit.ask_with_key(&form, &KeepOpen { opening_id, until }).await, "notice-job-kept")
        }
    };
    match answer {
        Ok(()) => Ok(go_to(&opening_href(opening_id), [notice(done)])),
        Err(problem) => {
            let code = with_fields(problem)?.fields.first().map(|field| field.code.clone());
            refused_day(&visit, &opening, &form, &code.unwrap_or_default()).await
        }
    }
}

async fn close_as(
    visit: &Visit,
    form: &Fields,
    opening_id: OpeningId,
    reason: CloseReason,
) -> Result<(), Problem> {
    visit.ask_with_key(form, &CloseOpening { opening_id, reason }).await
}

/// The opening's own page with what is wrong about the day.
async fn refused_day(
    visit: &Visit,
    opening: &OpeningView,
    form: &Fields,
    code: &str,
) -> Result<Response, Stop> {
    let problem = Problem::fields(vec![FieldProblem::new("tot", code)]);
    let l = visit.layout_refused(form, &problem);
    page_with(StatusCode::BAD_REQUEST, &job_page(visit, l, opening, 1).await?)
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
    close_as(&visit, &form, opening_id, reason).await.map_err(stop)?;
    Ok(go_to(&opening_href(opening_id), [notice("notice-job-closed")]))
}

/// `/baan/{id}`: what it says, and who is in view.
pub(crate) async fn one(visit: Visit, Path(id): Path<String>, address: RawQuery) -> Result<Response, Stop> {
    let opening = find(&visit, &id).await?;
    let number = view::page_number(&query(address));
    page(&job_page(&visit, visit.layout(), &opening, number).await?)
}

async fn job_page(visit: &Visit, l: Layout, opening: &OpeningView, number: u32) -> Result<JobPage, Stop> {
    // Anyone may read a published opening; people in view are for those who look after it.
    let may_change = match visit.ask(&Employer { employer_id: opening.employer_id }).await {
        Ok(_) => true,
        Err(problem) if problem.status == Status::Forbidden => false,
        Err(problem) => return Err(stop(problem)),
    };
    let people = if may_change && opening.state == OpeningState::Published {
        Some(people(visit, opening, number).await?)
    } else {
        None
    };
    let href = opening_href(opening.opening_id);
    let card = view::opening_card(opening, href.clone(), None, Vec::new());
    let by_manager = visit.staff()?.roles.contains(&Role::AccountManager);
    let still_open = opening.question.filter(|_| may_change).map(|question| StillOpen {
        href: href.clone(),
        title: opening.details.title.clone(),
        employer: opening.employer_name.clone(),
        closes_on: question.closes_on,
        until: proposed_until(visit),
        number: 0,
    });
    let interest = if by_manager { "/interesse" } else { "/bedrijf/interesse" };
    Ok(JobPage {
        l,
        o: view::opening_detail(visit, card, &opening.details),
        interest: format!("{interest}?baan={}", opening.opening_id),
        line: queue::of_job(opening).filter(|_| may_change),
        href,
        state: opening.state,
        people,
        may_change,
        by_manager,
        still_open,
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

/// Someone as staff see her: by code, without name.
pub(crate) fn person_card(visit: &Visit, person: &PersonProposal) -> PersonCard {
    let t = visit.t();
    let mut facts = Vec::new();
    facts.extend(person.hours.map(|hours| hours_words(t, hours)));
    if !person.dayparts.is_empty() {
        facts.push(daypart_list(t, person.dayparts));
    }
    facts.extend(person.shown_support.iter().map(|support| support_name(t, *support)));
    PersonCard {
        code: short_code(person.open_file_id),
        href: format!("/mens/{}", person.open_file_id),
        municipality: view::municipality(visit, &person.municipality),
        distance: Distance::km(person.km),
        facts,
        reasons: view::reasons(visit, Voice::Someone, &person.reasons),
    }
}

/// A code to speak about someone by, such as `K7W-3QD`: letters and digits that are not taken for each
/// other, from her own random id in the open file.
pub(crate) fn short_code(id: OpenFileId) -> String {
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
