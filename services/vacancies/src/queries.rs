//! What others may ask.

use chassis::{Caller, Fault, Vault, clock};
use chrono::NaiveDate;
use proto::{
    FieldProblem, Problem, Status,
    vacancies::{
        CheckOpening, Checked, Employer, EmployerLine, EmployerView, Employers, ImportLine, ImportReport,
        ImportReportView, ImportState, NearOpening, Opening, OpeningLine, OpeningState, OpeningView,
        Openings, OpeningsById, OpeningsNear, Page, PublishedLine, PublishedOpenings,
    },
};
use reference::Lang;

use crate::{
    Vacancies,
    domain::{import, near::Reach, title},
    may::{self, Deed, Owner},
    store::{
        contacts, employers, imports,
        openings::{self, Filter, Shown},
    },
    use_cases::check_with_site,
};

const LONGEST_PAGE: u32 = 100;
const LONGEST_REPORT_PAGE: u32 = 200;
const MOST_BY_ID: usize = 100;
const FURTHEST_KM: u16 = 300;
/// Imports in the list of an account.
const MOST_IMPORTS: i64 = 20;
const LONGEST_SITEMAP: u16 = 1_000;

impl Vacancies {
    pub(crate) fn vault(&self) -> Result<&Vault, Fault> {
        self.chassis.keys.vault().ok_or_else(|| Fault::broken("encrypting a contact", "there is no vault"))
    }

    fn today(&self) -> NaiveDate {
        clock::day(self.chassis.clock.machine_now())
    }
}

/// `limit` and `offset` of a page.
fn bounds(page: u32, per_page: u32, longest: u32) -> Result<(i64, i64), Problem> {
    if (1..=longest).contains(&per_page) {
        Ok((i64::from(per_page), i64::from(page) * i64::from(per_page)))
    } else {
        let wrong = FieldProblem::new("per_page", "page-size-out-of-range");
        Err(Problem::fields(vec![wrong.with("min", 1).with("max", longest)]))
    }
}

/// The employers of the actor's regions, or her own.
pub async fn employers(
    app: &Vacancies,
    caller: &Caller,
    query: &Employers,
) -> Result<Page<EmployerLine>, Fault> {
    let scope = may::scope(&caller.actor)?;
    let (limit, offset) = bounds(query.page, query.per_page, LONGEST_PAGE)?;
    // Nothing contains a NUL, and PostgreSQL refuses to look for one.
    let search: String = query.search.trim().chars().filter(|letter| *letter != '\0').take(100).collect();
    let pool = app.chassis.store.pool();
    Ok(employers::page(pool, &scope, &search, query.account_manager, limit, offset).await?)
}

/// One employer, with its sites, its contact persons without who they are, and who looks after it.
///
/// # Errors
/// `employer-unknown`, `forbidden`.
pub async fn employer(app: &Vacancies, caller: &Caller, query: &Employer) -> Result<EmployerView, Fault> {
    let mut conn = app.chassis.store.pool().acquire().await?;
    let unknown = || Problem::not_found("employer");
    let known = employers::find(&mut conn, query.employer_id).await?.ok_or_else(unknown)?;
    may::check(&caller.actor, Deed::Look, known.owner())?;
    let line = employers::line(&mut conn, query.employer_id).await?.ok_or_else(unknown)?;
    let sites = employers::sites(&mut conn, query.employer_id).await?;
    let regions = employers::regions(&mut conn, query.employer_id).await?;
    let contacts = if may::may(&caller.actor, Deed::SeeContact, known.owner()) {
        contacts::lines(&mut conn, query.employer_id).await?
    } else {
        Vec::new()
    };
    Ok(EmployerView { line, sites, contacts, regions, labour_conflict: known.labour_conflict })
}

/// One opening: a published or paused one for anyone, a draft or a closed one for those who may look.
///
/// # Errors
/// `opening-unknown`, also for a draft of somebody else; `opening-closed` (gone).
pub async fn opening(app: &Vacancies, caller: &Caller, query: &Opening) -> Result<OpeningView, Fault> {
    let found = openings::shown(app.chassis.store.pool(), &[query.opening_id.0]).await?.pop();
    let shown = found.ok_or_else(|| Problem::not_found("opening"))?;
    let owner = Owner { employer_id: Some(shown.opening.employer_id), regions: &shown.employer_regions };
    let is_known = matches!(shown.state(), OpeningState::Published | OpeningState::Paused)
        && !shown.opening.is_over(app.today());
    if is_known || may::may(&caller.actor, Deed::Look, owner) {
        let may_answer = may::may(&caller.actor, Deed::Write, owner);
        return Ok(shown.into_view(may_answer));
    }
    Err(match shown.opening.published_at() {
        // A draft that was thrown away was never there for others.
        None => Problem::not_found("opening"),
        Some(_) => Problem::new(Status::Gone, "opening-closed"),
    }
    .into())
}

fn is_public(shown: &Shown, today: NaiveDate) -> bool {
    shown.state() == OpeningState::Published && !shown.opening.is_over(today)
}

/// The openings the actor may change, newest first; those that are asked whether they are still open
/// the soonest to close first.
pub async fn openings(
    app: &Vacancies,
    caller: &Caller,
    query: &Openings,
) -> Result<Page<OpeningLine>, Fault> {
    let scope = may::scope(&caller.actor)?;
    let (limit, offset) = bounds(query.page, query.per_page, LONGEST_PAGE)?;
    let filter = Filter { employer_id: query.employer_id, state: query.state, asked: query.asked };
    openings::page(app.chassis.store.pool(), &scope, filter, limit, offset).await
}

/// Published openings by id, in the order asked.
pub async fn openings_by_id(app: &Vacancies, query: &OpeningsById) -> Result<Vec<OpeningView>, Fault> {
    if query.opening_ids.len() > MOST_BY_ID {
        let wrong = FieldProblem::new("opening_ids", "ids-too-many").with("max", MOST_BY_ID);
        return Err(Problem::fields(vec![wrong]).into());
    }
    let ids: Vec<_> = query.opening_ids.iter().map(|id| id.0).collect();
    let today = app.today();
    let shown = openings::shown(app.chassis.store.pool(), &ids).await?;
    Ok(shown
        .into_iter()
        .filter(|shown| is_public(shown, today))
        .map(|shown| shown.into_view(false))
        .collect())
}

/// Published openings around a place, nearest first, then by id.
pub async fn openings_near(app: &Vacancies, query: &OpeningsNear) -> Result<Page<NearOpening>, Fault> {
    let (limit, offset) = bounds(query.page, query.per_page, LONGEST_PAGE)?;
    if !(1..=FURTHEST_KM).contains(&query.km) {
        let wrong = FieldProblem::new("km", "km-out-of-range").with("min", 1).with("max", FURTHEST_KM);
        return Err(Problem::fields(vec![wrong]).into());
    }
    let pool = app.chassis.store.pool();
    let today = app.today();
    let reach = Reach::new(query.cell, query.km);
    let (total, ids) = openings::near(pool, reach, query.route, today, limit, offset).await?;
    let shown = openings::shown(pool, &ids).await?;
    // One that closed between the two looks, or moved, is left out.
    let rows = shown
        .into_iter()
        .filter(|shown| is_public(shown, today))
        .filter_map(|shown| {
            let squared = reach.squared_to(shown.opening.content.area().cell)?;
            Some(NearOpening { opening: shown.into_view(false), km: f64::from(squared).sqrt() })
        })
        .collect();
    Ok(Page { rows, total })
}

/// Published openings in the order of their ids.
pub async fn published_openings(
    app: &Vacancies,
    query: &PublishedOpenings,
) -> Result<Vec<PublishedLine>, Fault> {
    if !(1..=LONGEST_SITEMAP).contains(&query.limit) {
        let wrong = FieldProblem::new("limit", "limit-out-of-range");
        return Err(Problem::fields(vec![wrong.with("min", 1).with("max", LONGEST_SITEMAP)]).into());
    }
    let limit = i64::from(query.limit);
    Ok(openings::published(app.chassis.store.pool(), query.after, app.today(), limit).await?)
}

/// What is wrong in what an opening would say, what could be said better, and a title for it. Keeps nothing.
///
/// # Errors
/// `forbidden` for whoever may write no openings; `opening-unknown`.
pub async fn check_opening(app: &Vacancies, caller: &Caller, query: &CheckOpening) -> Result<Checked, Fault> {
    may::importer(&caller.actor)?;
    let pool = app.chassis.store.pool();
    let before = match query.opening_id {
        None => None,
        Some(id) => {
            let shown = openings::shown(pool, &[id.0]).await?.pop();
            let shown = shown.ok_or_else(|| Problem::not_found("opening"))?;
            let owner =
                Owner { employer_id: Some(shown.opening.employer_id), regions: &shown.employer_regions };
            may::check(&caller.actor, Deed::Write, owner)?;
            Some(shown.opening)
        }
    };
    let mut site = None;
    if let Some(site_id) = query.details.site_id {
        let mut conn = pool.acquire().await?;
        // The site of an employer that she may write for; of the opening's own, if it is there already.
        if let Some((of, found)) = employers::site(&mut conn, site_id).await?
            && before.as_ref().is_none_or(|opening| opening.employer_id == of)
            && let Some(employer) = employers::find(&mut conn, of).await?
            && may::may(&caller.actor, Deed::Write, employer.owner())
        {
            site = Some(found);
        }
    }
    let said = before.as_ref().map(|opening| opening.content.details());
    let (_, problems) = check_with_site(app, site.as_ref(), query.details.clone(), said, app.today());
    Ok(Checked {
        problems,
        advice: app.wording.advice(&query.details),
        suggested_title: title::suggest_title(&query.details.tasks, &app.reference, Lang::Nl),
    })
}

/// What became of an import, for whoever started it and for administrators.
pub async fn import_report(
    app: &Vacancies,
    caller: &Caller,
    query: &ImportReport,
) -> Result<ImportReportView, Fault> {
    may::scope(&caller.actor)?;
    let (limit, offset) = bounds(query.page, query.per_page, LONGEST_REPORT_PAGE)?;
    let pool = app.chassis.store.pool();
    let import = imports::find(pool, query.import_id)
        .await?
        .filter(|import| may::report(&caller.actor, import.account_id))
        .ok_or_else(|| Problem::not_found("import"))?;
    let rows = imports::report(pool, &import, query.outcome, limit, offset).await?;
    let samples = if import.has_run() { Vec::new() } else { imports::samples(pool, query.import_id).await? };
    let can_be_undone = import.state == ImportState::Finished;
    Ok(ImportReportView {
        state: import.state,
        counts: import.shown_counts(),
        undo_until: import.finished_at.filter(|_| can_be_undone).map(import::undo_until),
        left_alone: import.left_alone,
        employers_undone: import.employers_undone,
        headings: import.headings,
        columns: import.columns,
        samples,
        rows,
    })
}

/// The imports of the actor, newest first.
///
/// # Errors
/// `forbidden` for whoever may not import.
pub async fn my_imports(app: &Vacancies, caller: &Caller) -> Result<Vec<ImportLine>, Fault> {
    let account_id = may::importer(&caller.actor)?;
    imports::of_account(app.chassis.store.pool(), account_id, MOST_IMPORTS).await
}
