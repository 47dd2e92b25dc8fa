//! Where staff start: the account manager's desk, the employer's page, the organiser's page.

use axum::{extract::RawQuery, response::Response, routing::get};
use chassis::clock;
use chrono::TimeDelta;
use futures::future::join_all;
use proto::{
    EmployerId, OpeningId, Role,
    matcher::{Count, CountPeople, InterestIn},
    open_hiring::CallTasks,
    vacancies::{
        Employer, ImportReport, ImportState, OpeningLine, OpeningState, OpeningView, Openings, OpeningsById,
        RowOutcome,
    },
};

use crate::{
    pages::staff::{Company, Desk, ImportLine, JobRow, Organiser, OwnCompany, StillOpen, Waiting},
    web::{
        guard::Access::{Public, Staff},
        routes::{Route, route},
        staff::{MANAGERS, MOST_ROWS, PER_PAGE, employers, import::LastImport, query, stop},
        stop::Stop,
        view,
        visit::{Visit, Who, page},
    },
};

/// Openings in one list of the desk.
const ON_DESK: usize = 10;

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/werkplek", Staff(MANAGERS), || get(desk)),
        route("/bedrijf", Public, || get(company)),
        route("/organisator", Public, || get(organiser)),
    ]
}

/// `/werkplek`: what is not finished, and where few people are in view.
pub(crate) async fn desk(visit: Visit) -> Result<Response, Stop> {
    let newest = Openings { employer_id: None, state: None, asked: false, page: 0, per_page: MOST_ROWS };
    let lines = visit.ask(&newest).await.map_err(stop)?.rows;
    let of_state = |state| lines.iter().filter(move |line| line.state == state).cloned();
    let drafts = of_state(OpeningState::Draft).take(ON_DESK).map(|line| job_row(&line, None)).collect();
    let open: Vec<OpeningLine> = of_state(OpeningState::Published).take(PER_PAGE as usize).collect();
    let quiet =
        job_rows(&visit, &open).await.into_iter().filter(|row| row.people == Some(Count::FewerThanTen));
    page(&Desk {
        l: visit.layout(),
        today: clock::day(visit.now),
        waiting: waiting(&visit, None).await,
        // A start page goes on without them.
        calls: visit.ask(&CallTasks {}).await.map_or(0, |tasks| tasks.len()),
        asked: asked(&visit, None).await?,
        drafts,
        quiet: quiet.take(ON_DESK).collect(),
        import: last_import(&visit).await,
    })
}

/// The last import of this browser, if it runs or has rows to mend.
async fn last_import(visit: &Visit) -> Option<ImportLine> {
    let last = LastImport::of(visit)?;
    let query =
        ImportReport { import_id: last.import_id, outcome: Some(RowOutcome::Refused), page: 0, per_page: 1 };
    let report = visit.ask(&query).await.ok()?;
    let counts = report.counts;
    let finished = matches!(report.state, ImportState::Finished | ImportState::Undone);
    (!finished || counts.refused > 0).then(|| ImportLine {
        href: super::import::href(last.import_id),
        rows: counts.placed + counts.changed + counts.unchanged + counts.refused + counts.waiting,
        refused: counts.refused,
        finished,
    })
}

/// Openings that close soon unless someone says that they are open: those that close first.
pub(crate) async fn asked(visit: &Visit, employer_id: Option<EmployerId>) -> Result<Vec<StillOpen>, Stop> {
    let soonest = Openings { employer_id, state: None, asked: true, page: 0, per_page: ON_DESK as u32 };
    let lines = visit.ask(&soonest).await.map_err(stop)?.rows;
    Ok(lines.iter().enumerate().filter_map(|(number, line)| still_open(visit, line, number)).collect())
}

fn still_open(visit: &Visit, line: &OpeningLine, number: usize) -> Option<StillOpen> {
    let question = line.question?;
    Some(StillOpen {
        href: opening_href(line.opening_id),
        title: line.title.clone(),
        employer: line.employer_name.clone(),
        closes_on: question.closes_on,
        until: proposed_until(visit),
        number,
    })
}

/// The new last day that is proposed for an opening that is still open.
pub(crate) fn proposed_until(visit: &Visit) -> chrono::NaiveDate {
    clock::day(visit.now) + TimeDelta::weeks(8)
}

/// People who wait for an answer; a start page goes on without them.
async fn waiting(visit: &Visit, employer_id: Option<EmployerId>) -> Option<Waiting> {
    // Who waits longest stands first.
    let first = InterestIn { opening_id: None, employer_id, only_open: true, page: 0, per_page: 1 };
    let found = visit.ask(&first).await.ok()?;
    let overdue = found.rows.first()?.overdue;
    Some(Waiting { people: found.total, overdue })
}

/// `/bedrijf`: for everyone; an employer who is signed in sees her own openings.
pub(crate) async fn company(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let own = match &visit.who {
        Who::Staff(staff) if staff.roles.contains(&Role::Employer) => staff.employer_id,
        _ => None,
    };
    let own = match own {
        Some(employer_id) => {
            Some(own_company(&visit, employer_id, view::page_number(&query(address))).await?)
        }
        None => None,
    };
    page(&Company { l: visit.layout(), own })
}

async fn own_company(visit: &Visit, employer_id: EmployerId, number: u32) -> Result<OwnCompany, Stop> {
    let employer = visit.ask(&Employer { employer_id }).await.map_err(stop)?;
    let (jobs, total) = jobs_of(visit, employer_id, number - 1).await?;
    Ok(OwnCompany {
        name: employer.line.name,
        href: employers::href(employer_id),
        waiting: waiting(visit, Some(employer_id)).await,
        asked: asked(visit, Some(employer_id)).await?,
        jobs,
        pager: view::pager("/bedrijf", number, total, PER_PAGE),
    })
}

/// A page of the openings of one employer, newest first, and how many there are.
pub(crate) async fn jobs_of(
    visit: &Visit,
    employer_id: EmployerId,
    page: u32,
) -> Result<(Vec<JobRow>, u64), Stop> {
    let wanted =
        Openings { employer_id: Some(employer_id), state: None, asked: false, page, per_page: PER_PAGE };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    Ok((job_rows(visit, &found.rows).await, found.total))
}

/// `/organisator`
pub(crate) async fn organiser(visit: Visit) -> Result<Response, Stop> {
    page(&Organiser { l: visit.layout() })
}

/// The address of an opening's page for staff.
pub(crate) fn opening_href(opening_id: OpeningId) -> String {
    format!("/baan/{opening_id}")
}

fn job_row(line: &OpeningLine, people: Option<Count>) -> JobRow {
    JobRow {
        href: opening_href(line.opening_id),
        title: line.title.clone(),
        employer: line.employer_name.clone(),
        place: line.place.clone(),
        route: line.route,
        state: line.state,
        people,
    }
}

/// Openings as rows, each with how many people could do the work. Counts that do not come leave a dash.
pub(crate) async fn job_rows(visit: &Visit, lines: &[OpeningLine]) -> Vec<JobRow> {
    let open = lines.iter().filter(|line| line.state == OpeningState::Published).take(PER_PAGE as usize);
    let opening_ids: Vec<OpeningId> = open.map(|line| line.opening_id).collect();
    let views = if opening_ids.is_empty() {
        Vec::new()
    } else {
        visit.ask(&OpeningsById { opening_ids }).await.unwrap_or_default()
    };
    let counts: Vec<(OpeningId, Option<Count>)> = join_all(views.iter().map(|view| count(visit, view))).await;
    let of = |id: OpeningId| counts.iter().find(|(counted, _)| *counted == id).and_then(|(_, count)| *count);
    lines.iter().map(|line| job_row(line, of(line.opening_id))).collect()
}

async fn count(visit: &Visit, view: &OpeningView) -> (OpeningId, Option<Count>) {
    let details = &view.details;
    let query = CountPeople {
        area: view.area.clone(),
        route: details.route(),
        tasks: details.tasks.clone(),
        dayparts: details.dayparts,
        hours: details.hours,
    };
    (view.opening_id, visit.ask(&query).await.ok())
}
