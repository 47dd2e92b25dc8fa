//! Where staff start: the account manager's desk, the employer's page, the organiser's page.

use axum::{response::Response, routing::get};
use chassis::clock;
use futures::future::join_all;
use proto::{
    EmployerId, OpeningId, Role,
    matcher::{Count, CountPeople},
    vacancies::{
        Employer, ImportReport, ImportState, OpeningLine, OpeningState, OpeningView, Openings, OpeningsById,
    },
};

use crate::{
    pages::staff::{Company, Desk, ImportLine, JobRow, Organiser},
    web::{
        guard::Access::{Public, Staff},
        routes::{Route, route},
        staff::{MANAGERS, MOST_ROWS, PER_PAGE, import::LastImport, stop},
        stop::Stop,
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
    let newest = Openings { employer_id: None, page: 0, per_page: MOST_ROWS };
    let lines = visit.ask(&newest).await.map_err(stop)?.rows;
    let of_state = |state| lines.iter().filter(move |line| line.state == state).cloned();
    let drafts = of_state(OpeningState::Draft).take(ON_DESK).map(|line| job_row(&line, None)).collect();
    let open: Vec<OpeningLine> = of_state(OpeningState::Published).take(PER_PAGE as usize).collect();
    let quiet =
        job_rows(&visit, &open).await.into_iter().filter(|row| row.people == Some(Count::FewerThanTen));
    page(&Desk {
        l: visit.layout(),
        today: clock::day(visit.now),
        drafts,
        quiet: quiet.take(ON_DESK).collect(),
        import: last_import(&visit).await,
    })
}

/// The last import of this browser, if it runs or has rows to mend.
async fn last_import(visit: &Visit) -> Option<ImportLine> {
    let last = LastImport::of(visit)?;
    let query = ImportReport { import_id: last.import_id, only_refused: true, page: 0, per_page: 1 };
    let report = visit.ask(&query).await.ok()?;
    let counts = report.counts;
    let finished = report.state == ImportState::Finished;
    (!finished || counts.refused > 0).then(|| ImportLine {
        href: super::import::href(last.import_id),
        rows: counts.placed + counts.changed + counts.unchanged + counts.refused + counts.waiting,
        refused: counts.refused,
        finished,
    })
}

/// `/bedrijf`: for everyone; an employer who is signed in sees her own openings.
pub(crate) async fn company(visit: Visit) -> Result<Response, Stop> {
    let own = match &visit.who {
        Who::Staff(staff) if staff.roles.contains(&Role::Employer) => staff.employer_id,
        _ => None,
    };
    let (organisation, jobs) = match own {
        Some(employer_id) => of_employer(&visit, employer_id).await?,
        None => (None, Vec::new()),
    };
    page(&Company { l: visit.layout(), organisation, jobs })
}

async fn of_employer(visit: &Visit, employer_id: EmployerId) -> Result<(Option<String>, Vec<JobRow>), Stop> {
    let employer = visit.ask(&Employer { employer_id }).await.map_err(stop)?;
    Ok((Some(employer.line.name), jobs_of(visit, employer_id).await?))
}

/// The newest openings of one employer.
pub(crate) async fn jobs_of(visit: &Visit, employer_id: EmployerId) -> Result<Vec<JobRow>, Stop> {
    let query = Openings { employer_id: Some(employer_id), page: 0, per_page: MOST_ROWS };
    let lines = visit.ask(&query).await.map_err(stop)?.rows;
    Ok(job_rows(visit, &lines).await)
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
        route: details.route,
        tasks: details.tasks.clone(),
        dayparts: details.dayparts,
        hours: details.hours,
    };
    (view.opening_id, visit.ask(&query).await.ok())
}
