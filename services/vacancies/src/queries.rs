//! What others may ask.

use chassis::{Caller, Fault, Vault, clock};
use chrono::NaiveDate;
use proto::{
    FieldProblem, Problem, Sealed, Service, Status,
    vacancies::{
        Employer, EmployerContact, EmployerLine, EmployerView, Employers, ImportReport, ImportReportView,
        NearOpening, Opening, OpeningLine, OpeningState, OpeningView, Openings, OpeningsById, OpeningsNear,
        Page,
    },
};

use crate::{
    Vacancies,
    domain::{near::Reach, opening::is_over},
    may::{self, Deed, Owner},
    store::{
        employers, imports,
        openings::{self, Shown},
    },
    use_cases::add_employer::CONTACT_COLUMN,
};

const LONGEST_PAGE: u32 = 100;
const LONGEST_REPORT_PAGE: u32 = 200;
const MOST_BY_ID: usize = 100;
const FURTHEST_KM: u16 = 300;

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
    Ok(employers::page(app.chassis.store.pool(), &scope, &search, limit, offset).await?)
}

/// One employer, with whom to ask for if the actor may see that.
pub async fn employer(app: &Vacancies, caller: &Caller, query: &Employer) -> Result<EmployerView, Fault> {
    let found = employers::view(app.chassis.store.pool(), query.employer_id).await?;
    let (line, postcode, region) = found.ok_or_else(|| Problem::not_found("employer"))?;
    let owner = Owner { employer_id: Some(query.employer_id), region: &region };
    may::check(&caller.actor, Deed::Look, owner)?;
    let contact = if may::may(&caller.actor, Deed::SeeContact, owner) {
        contact(app, query.employer_id).await?
    } else {
        None
    };
    Ok(EmployerView { line, postcode, region, contact })
}

async fn contact(app: &Vacancies, id: proto::EmployerId) -> Result<Option<Sealed<EmployerContact>>, Fault> {
    let Some((wrapped_key, stored)) = employers::contact(app.chassis.store.pool(), id).await? else {
        return Ok(None);
    };
    let broken = |error| Fault::broken("reading a contact", error);
    let key = app.vault()?.open_data_key(&wrapped_key, id.0).map_err(broken)?;
    let contact: EmployerContact = key.decrypt_json(CONTACT_COLUMN, &stored).map_err(broken)?;
    Ok(Some(app.chassis.keys.seal(Service::Portal, &contact)))
}

/// One opening: a published one for anyone, a draft or a closed one for those who may look.
///
/// # Errors
/// `opening-unknown`, also for a draft of somebody else; `opening-closed` (gone).
pub async fn opening(app: &Vacancies, caller: &Caller, query: &Opening) -> Result<OpeningView, Fault> {
    let found = openings::shown(app.chassis.store.pool(), &[query.opening_id.0]).await?.pop();
    let shown = found.ok_or_else(|| Problem::not_found("opening"))?;
    let owner = Owner { employer_id: Some(shown.opening.employer_id), region: &shown.employer_region };
    if is_public(&shown, app.today()) || may::may(&caller.actor, Deed::Look, owner) {
        return Ok(shown.into_view());
    }
    Err(match shown.opening.published_at() {
        // A draft that was thrown away was never there for others.
        None => Problem::not_found("opening"),
        Some(_) => Problem::new(Status::Gone, "opening-closed"),
    }
    .into())
}

fn is_public(shown: &Shown, today: NaiveDate) -> bool {
    shown.opening.state() == OpeningState::Published && !is_over(shown.opening.content.details(), today)
}

/// The openings the actor may change, newest first.
pub async fn openings(
    app: &Vacancies,
    caller: &Caller,
    query: &Openings,
) -> Result<Page<OpeningLine>, Fault> {
    let scope = may::scope(&caller.actor)?;
    let (limit, offset) = bounds(query.page, query.per_page, LONGEST_PAGE)?;
    openings::page(app.chassis.store.pool(), &scope, query.employer_id, limit, offset).await
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
    Ok(shown.into_iter().filter(|shown| is_public(shown, today)).map(Shown::into_view).collect())
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
            Some(NearOpening { opening: shown.into_view(), km: f64::from(squared).sqrt() })
        })
        .collect();
    Ok(Page { rows, total })
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
    let rows = imports::report(pool, query.import_id, query.only_refused, limit, offset).await?;
    Ok(ImportReportView { state: import.state, counts: import.counts, rows })
}
