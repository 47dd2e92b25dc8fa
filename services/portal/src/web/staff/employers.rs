//! Employers: the list, a new one, and choosing one of many.

use axum::{extract::RawQuery, http::StatusCode, response::Response, routing::get};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proto::{
    EmployerId, FieldProblem, Problem, Service, Status,
    vacancies::{
        AddEmployer, Employer, EmployerContact, EmployerLine, Employers as ListEmployers, SiteDetails,
    },
};

use crate::{
    pages::{
        Choice, Layout,
        employers::{ContactFields, NewEmployer, SiteFields},
        staff::{EmployerChoices, EmployerRow, Employers},
    },
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{MANAGERS, MOST_ROWS, PER_PAGE, query, stop, with_fields},
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/werkgevers", Staff(MANAGERS), || get(employers)),
        route("/werkgever/nieuw", Staff(MANAGERS), || get(new_employer).post(add_employer)),
    ]
}

/// The page of an employer.
pub(crate) fn href(employer_id: EmployerId) -> String {
    format!("/werkgever/{employer_id}")
}

/// An employer as its list says it.
pub(crate) fn row(line: &EmployerLine) -> EmployerRow {
    EmployerRow {
        href: href(line.employer_id),
        name: line.name.clone(),
        kvk: line.kvk_number.clone(),
        place: line.place.clone(),
        open: line.open_openings,
    }
}

/// `/werkgevers`; `?van=mij` shows those that the reader looks after.
pub(crate) async fn employers(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let address = query(address);
    let (number, search) = (view::page_number(&address), address.get("zoek").to_owned());
    let own = address.get("van") == "mij";
    let wanted = ListEmployers {
        search: search.clone(),
        account_manager: if own { Some(visit.staff()?.account_id) } else { None },
        page: number - 1,
        per_page: PER_PAGE,
    };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    let searched = utf8_percent_encode(&search, NON_ALPHANUMERIC);
    let base = match (search.is_empty(), own) {
        (true, false) => "/werkgevers".to_owned(),
        (true, true) => "/werkgevers?van=mij".to_owned(),
        (false, false) => format!("/werkgevers?zoek={searched}"),
        (false, true) => format!("/werkgevers?van=mij&zoek={searched}"),
    };
    page(&Employers {
        l: visit.layout(),
        own,
        search,
        rows: found.rows.iter().map(row).collect(),
        total: found.total,
        pager: view::pager(base, number, found.total, PER_PAGE),
    })
}

/// What was typed about a site.
pub(crate) fn typed_site(form: &Fields) -> SiteDetails {
    SiteDetails {
        name: form.get("vestiging_naam").to_owned(),
        street: form.get("straat").to_owned(),
        postcode: form.get("postcode").to_owned(),
    }
}

/// A site as its form shows it.
pub(crate) fn site_fields(site: &SiteDetails) -> SiteFields {
    SiteFields { name: site.name.clone(), street: site.street.clone(), postcode: site.postcode.clone() }
}

/// What was typed about a contact person.
pub(crate) fn typed_contact(form: &Fields) -> EmployerContact {
    EmployerContact {
        name: form.get("contact_naam").to_owned(),
        reach: form.get("contact").to_owned(),
        work: form.get("contact_werk").to_owned(),
    }
}

/// A contact person as her form shows her.
pub(crate) fn contact_fields(contact: &EmployerContact) -> ContactFields {
    ContactFields { name: contact.name.clone(), reach: contact.reach.clone(), work: contact.work.clone() }
}

fn form_page(l: Layout, form: &Fields) -> NewEmployer {
    NewEmployer {
        l,
        name: form.get("naam").to_owned(),
        kvk: form.get("kvk").to_owned(),
        site: site_fields(&typed_site(form)),
        contact: contact_fields(&typed_contact(form)),
    }
}

/// `/werkgever/nieuw`
pub(crate) async fn new_employer(visit: Visit) -> Result<Response, Stop> {
    page(&form_page(visit.layout(), &Fields::default()))
}

/// Adds an employer. Sending the form again leads to the employer it made.
pub(crate) async fn add_employer(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let contact = typed_contact(&form);
    let has_contact = !contact.name.is_empty() || !contact.reach.is_empty();
    let command = AddEmployer {
        name: form.get("naam").to_owned(),
        kvk_number: form.get("kvk").to_owned(),
        site: typed_site(&form),
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
    let postcode = known.sites.first().map(|site| plain(&site.details.postcode));
    let same = known.line.name == command.name && postcode == Some(plain(&command.site.postcode));
    same.then_some(employer_id)
}

/// The field of our forms in which a field of a command stands.
pub(crate) fn form_name(field: &str) -> String {
    match field {
        "name" => "naam",
        "kvk_number" => "kvk",
        "site.name" | "details.name" => "vestiging_naam",
        "site.street" | "details.street" => "straat",
        "site.postcode" | "details.postcode" => "postcode",
        "site_id" => "vestiging",
        "contact.name" => "contact_naam",
        "contact.work" => "contact_werk",
        "contact" | "contact.reach" => "contact",
        other => other,
    }
    .to_owned()
}

/// The employers to choose from, by name, with the chosen one among them. When there are more than one
/// list holds, `search` finds the others.
pub(crate) async fn choices(
    visit: &Visit,
    chosen: Option<EmployerId>,
    search: &str,
) -> Result<EmployerChoices, Stop> {
    let wanted =
        ListEmployers { search: search.to_owned(), account_manager: None, page: 0, per_page: MOST_ROWS };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    let mut lines: Vec<EmployerLine> = found.rows;
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
    Ok(EmployerChoices {
        choices: lines.iter().map(choice).collect(),
        total: found.total,
        search: search.to_owned(),
    })
}
