//! The open file: people around a place who agreed to be seen, nearest first, without names.

use axum::{extract::RawQuery, response::Response, routing::get};
use proto::{
    FieldProblem, Problem,
    matcher::{PeopleNear, PersonNear},
    vacancies::{Employer, Site},
    work::TaskCode,
};
use reference::{Place, Postcode, PostcodeError};

use crate::{
    pages::{
        Choice, Layout,
        interest::{FoundPeople, OpenFile, PersonRow},
        profile::{licence_name, spoken_words, start_words},
        work::{daypart_list, hours_words},
    },
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{EMPLOYERS, MANAGERS, PER_PAGE, employer::site_name, openings::short_code, query, stop},
        stop::Stop,
        view,
        visit::{Visit, page},
    },
};

/// How far, when nothing was chosen, in km.
const USUAL_KM: u16 = 20;

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/bedrijf/mensen", Staff(EMPLOYERS), || get(of_employer)),
        route("/mensen", Staff(MANAGERS), || get(of_manager)),
    ]
}

fn km(address: &Fields) -> u16 {
    address.get("km").parse().ok().filter(|km| (1..=100).contains(km)).unwrap_or(USUAL_KM)
}

/// `/bedrijf/mensen`: people around a site of the employer.
pub(crate) async fn of_employer(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let address = query(address);
    let employer_id = visit.staff()?.employer_id.ok_or_else(|| stop(Problem::not_found("employer")))?;
    let employer = visit.ask(&Employer { employer_id }).await.map_err(stop)?;
    let chosen = employer.sites.iter().find(|site| site.site_id.to_string() == address.get("vestiging"));
    let chosen = chosen.or(employer.sites.first());
    let choice = |site: &Site| {
        let words = format!("{}, {}", site_name(site), site.place);
        let is_chosen = chosen.is_some_and(|chosen| chosen.site_id == site.site_id);
        Choice::new(&site.site_id.to_string(), words, is_chosen)
    };
    let place = chosen.and_then(|site| place(&visit, &site.details.postcode).ok());
    let sites = employer.sites.iter().map(choice).collect();
    let around = chosen.map(|site| ("vestiging", site.site_id.to_string()));
    show(&visit, visit.layout(), &address, "/bedrijf/mensen", sites, place, around).await
}

/// `/mensen`: people around a postcode.
pub(crate) async fn of_manager(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let address = query(address);
    let typed = address.get("postcode");
    let mut l = visit.layout();
    let place = match place(&visit, typed) {
        Ok(place) => Some(place),
        Err(problem) => {
            if !typed.is_empty() {
                l = visit.layout_refused(&address, &Problem::fields(vec![problem]));
            }
            None
        }
    };
    // Four digits name a neighbourhood, nobody's home.
    let around = place.map(|place| ("postcode", place.pc4.to_string()));
    show(&visit, l, &address, "/mensen", Vec::new(), place, around).await
}

fn place<'a>(visit: &'a Visit, typed: &str) -> Result<&'a Place, FieldProblem> {
    let wrong = |code: &str| FieldProblem::new("postcode", code);
    let postcode: Postcode = typed.parse().map_err(|error| match error {
        PostcodeError::Empty => wrong("postcode-empty"),
        PostcodeError::Malformed => wrong("postcode-malformed"),
        PostcodeError::StartsWithZero | PostcodeError::LettersNotIssued => wrong("postcode-unknown"),
    })?;
    visit.app.reference.places.locate(&postcode).ok_or_else(|| wrong("postcode-unknown"))
}

async fn show(
    visit: &Visit,
    l: Layout,
    address: &Fields,
    action: &str,
    sites: Vec<Choice>,
    place: Option<&Place>,
    around: Option<(&str, String)>,
) -> Result<Response, Stop> {
    let (number, km, group) = (view::page_number(address), km(address), address.get("groep"));
    let by_manager = sites.is_empty();
    let found = match (place, around) {
        (Some(place), Some((name, value))) => {
            let tasks: Vec<TaskCode> = visit
                .app
                .reference
                .tasks
                .tasks_of(group)
                .map(|task| TaskCode::from(task.code.as_str()))
                .collect();
            let wanted = PeopleNear { cell: place.cell(), km, tasks, page: number - 1, per_page: PER_PAGE };
            let found = visit.ask(&wanted).await.map_err(stop)?;
            let known = visit.app.reference.tasks.group(group).is_some();
            let group = if known { format!("&groep={group}") } else { String::new() };
            Some(FoundPeople {
                place: place.name.clone(),
                total: found.total,
                rows: found.rows.iter().map(|person| row(visit, person, by_manager)).collect(),
                pager: view::pager(
                    format!("{action}?{name}={value}&km={km}{group}"),
                    number,
                    found.total,
                    PER_PAGE,
                ),
            })
        }
        _ => None,
    };
    let groups = visit.app.reference.tasks.groups().iter().map(|known| {
        Choice::new(&known.code, known.label(view::lang(visit)).to_owned(), known.code == group)
    });
    page(&OpenFile {
        l,
        action: action.to_owned(),
        sites,
        postcode: address.get("postcode").to_owned(),
        distances: OpenFile::distances(visit.t(), km),
        groups: groups.collect(),
        found,
    })
}

fn row(visit: &Visit, person: &PersonNear, by_manager: bool) -> PersonRow {
    let t = visit.t();
    let mut facts = Vec::new();
    facts.extend(person.hours.map(|hours| hours_words(t, hours)));
    if !person.dayparts.is_empty() {
        facts.push(daypart_list(t, person.dayparts));
    }
    facts.extend(person.languages.iter().map(|spoken| spoken_words(t, spoken)));
    facts.extend(person.licences.iter().map(|licence| licence_name(t, *licence)));
    PersonRow {
        code: short_code(person.open_file_id),
        href: if by_manager { format!("/mens/{}", person.open_file_id) } else { String::new() },
        km: person.km,
        municipality: view::municipality(visit, &person.municipality),
        tasks: person.tasks.iter().map(|task| view::task_label(visit, task)).collect(),
        any_task: person.any_task,
        facts,
        from: start_words(t, person.available_from),
        support: person.shown_support.clone(),
    }
}
