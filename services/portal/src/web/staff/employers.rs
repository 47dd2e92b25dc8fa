//! Employers: the list, one of them, a new one.

use axum::{
    extract::{Path, RawQuery},
    http::StatusCode,
    response::Response,
    routing::get,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proto::{
    EmployerId, FieldProblem, Problem, Service, Status,
    vacancies::{AddEmployer, Employer, EmployerContact, EmployerLine, Employers as ListEmployers},
};

use crate::{
    pages::{
        Choice,
        staff::{EmployerPage, EmployerRow, Employers, NewEmployer},
    },
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{MANAGERS, MOST_ROWS, PER_PAGE, desk::jobs_of, query, stop, with_fields},
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// Employers that a list to choose from holds.
const TO_CHOOSE_FROM: u32 = 500;

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/werkgevers", Staff(MANAGERS), || get(employers)),
        route("/werkgever/nieuw", Staff(MANAGERS), || get(new_employer).post(add_employer)),
        route("/werkgever/{id}", Staff(MANAGERS), || get(employer)),
    ]
}

fn href(employer_id: EmployerId) -> String {
    format!("/werkgever/{employer_id}")
}

fn row(line: &EmployerLine) -> EmployerRow {
    EmployerRow {
        href: href(line.employer_id),
        name: line.name.clone(),
        kvk: line.kvk_number.clone(),
        place: line.place.clone(),
        open: line.open_openings,
    }
}

/// `/werkgevers`
pub(crate) async fn employers(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let address = query(address);
    let (number, search) = (view::page_number(&address), address.get("zoek").to_owned());
    let wanted = ListEmployers { search: search.clone(), page: number - 1, per_page: PER_PAGE };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    let base = if search.is_empty() {
        "/werkgevers".to_owned()
    } else {
        format!("/werkgevers?zoek={}", utf8_percent_encode(&search, NON_ALPHANUMERIC))
    };
    page(&Employers {
        l: visit.layout(),
        search,
        rows: found.rows.iter().map(row).collect(),
        total: found.total,
        pager: view::pager(base, number, found.total, PER_PAGE),
    })
}

/// `/werkgever/{id}`
pub(crate) async fn employer(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let employer_id = parse(&id)?;
    let found = visit.ask(&Employer { employer_id }).await.map_err(stop)?;
    let contact = match &found.contact {
        Some(sealed) => Some(visit.open(sealed)?),
        None => None,
    };
    page(&EmployerPage {
        l: visit.layout(),
        row: row(&found.line),
        postcode: found.postcode,
        region: view::region(&visit, &found.region),
        contact: contact.map(|EmployerContact { name, reach }| (name, reach)),
        new_job: format!("/baan/nieuw?werkgever={employer_id}"),
        jobs: jobs_of(&visit, employer_id).await?,
    })
}

fn parse(id: &str) -> Result<EmployerId, Stop> {
    id.parse().map_err(|_| stop(Problem::not_found("employer")))
}

fn form_page(l: crate::pages::Layout, form: &Fields) -> NewEmployer {
    let typed = |name: &str| form.get(name).to_owned();
    NewEmployer {
        l,
        name: typed("naam"),
        kvk: typed("kvk"),
        postcode: typed("postcode"),
        contact_name: typed("contact_naam"),
        contact: typed("contact"),
    }
}

/// `/werkgever/nieuw`
pub(crate) async fn new_employer(visit: Visit) -> Result<Response, Stop> {
    page(&form_page(visit.layout(), &Fields::default()))
}

/// Adds an employer. Sending the form again leads to the employer it made.
pub(crate) async fn add_employer(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let contact =
        EmployerContact { name: form.get("contact_naam").to_owned(), reach: form.get("contact").to_owned() };
    let has_contact = !contact.name.is_empty() || !contact.reach.is_empty();
    let command = AddEmployer {
        name: form.get("naam").to_owned(),
        kvk_number: form.get("kvk").to_owned(),
        postcode: form.get("postcode").to_owned(),
        contact: has_contact.then(|| visit.seal(Service::Vacancies, &contact)),
    };
    let problem = match visit.ask(&command).await {
        Ok(employer_id) => return Ok(go_to(&href(employer_id), [notice("notice-employer-added")])),
        Err(problem) => problem,
    };
    let problem = match problem.status {
        Status::Conflict if problem.code == "employer-exists" => {
            if let Some(employer_id) = same_as_known(&visit, &problem, &command).await {
                return Ok(go_to(&href(employer_id), [notice("notice-employer-added")]));
            }
            Problem::fields(vec![FieldProblem::new("kvk", "kvk-taken")])
        }
        // She may add employers, but not there.
        Status::Forbidden => {
            Problem::fields(vec![FieldProblem::new("postcode", "employer-outside-your-regions")])
        }
        _ => with_fields(view::at_fields(problem, |field| form_name(&field.field)))?,
    };
    page_with(StatusCode::BAD_REQUEST, &form_page(visit.layout_refused(&form, &problem), &form))
}

/// The employer that was there already, if it is the very one on the form: then the form came twice.
async fn same_as_known(visit: &Visit, problem: &Problem, command: &AddEmployer) -> Option<EmployerId> {
    let employer_id = problem.args.get("employer_id")?.parse().ok()?;
    let known = visit.ask(&Employer { employer_id }).await.ok()?;
    let plain = |text: &str| text.to_lowercase().replace(' ', "");
    let same = known.line.name == command.name && plain(&known.postcode) == plain(&command.postcode);
    same.then_some(employer_id)
}

fn form_name(field: &str) -> String {
    match field {
        "name" => "naam",
        "kvk_number" => "kvk",
        "contact.name" => "contact_naam",
        "contact" | "contact.reach" => "contact",
        other => other,
    }
    .to_owned()
}

/// The employers to choose from, with the chosen one among them.
pub(crate) async fn choices(visit: &Visit, chosen: Option<EmployerId>) -> Result<Vec<Choice>, Stop> {
    let mut lines: Vec<EmployerLine> = Vec::new();
    for number in 0..TO_CHOOSE_FROM / MOST_ROWS {
        let wanted = ListEmployers { search: String::new(), page: number, per_page: MOST_ROWS };
        let found = visit.ask(&wanted).await.map_err(stop)?;
        lines.extend(found.rows);
        if lines.len() as u64 >= found.total {
            break;
        }
    }
    if let Some(employer_id) = chosen.filter(|id| lines.iter().all(|line| line.employer_id != *id)) {
        // Among more than a list holds; one that she may not see is simply not in it.
        if let Ok(found) = visit.ask(&Employer { employer_id }).await {
            lines.insert(0, found.line);
        }
    }
    let choice = |line: &EmployerLine| {
        let words = format!("{}, {}", line.name, line.place);
        Choice::new(&line.employer_id.to_string(), words, chosen == Some(line.employer_id))
    };
    Ok(lines.iter().map(choice).collect())
}
