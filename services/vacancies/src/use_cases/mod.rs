//! What this service does, one sentence per file.

pub mod add_employer;
pub mod add_import_rows;
pub mod after_restore;
pub mod change_employer;
pub mod change_opening;
pub mod close_opening;
pub mod delete_contact;
pub mod end_site;
pub mod judge_import_rows;
pub mod keep_open;
pub mod map_columns;
pub mod mend_rows;
pub mod pause_opening;
pub mod place_import_rows;
pub mod post_opening;
pub mod publish_opening;
pub mod run_import;
pub mod save_contact;
pub mod save_site;
pub mod set_account_manager;
pub mod show_contact;
pub mod start_import;
pub mod undo_import;
pub mod undo_import_rows;

use chassis::{Caller, Fault, Tx};
use chrono::NaiveDate;
use proto::{
    Actor, EmployerId, FieldProblem, ImportId, OpeningId, Problem, Role, Status,
    vacancies::{OpeningDetails, Site},
};

use crate::{
    Vacancies,
    domain::{
        import,
        opening::{self, Content, Effect, Opening, StepRefused},
        search_change::SearchChange,
    },
    events::publish::{announce, announce_search_changes},
    may::{self, Deed},
    store::{
        employers::{self, Known},
        imports::{self, Import},
        openings, search_changes,
    },
};

impl From<StepRefused> for Problem {
    fn from(refused: StepRefused) -> Self {
        match refused {
            StepRefused::ChangedMeanwhile { current } => {
                Self::new(Status::Conflict, "opening-changed-meanwhile").with("version", current)
            }
            StepRefused::Closed => Self::new(Status::Conflict, "opening-closed"),
            StepRefused::Draft => Self::new(Status::Conflict, "opening-is-draft"),
            StepRefused::DayOutOfRange => {
                Self::fields(vec![FieldProblem::new("until", "until-out-of-range")])
            }
        }
    }
}

impl import::StepRefused {
    /// As an answer, with what is known of the import.
    fn of(self, import: &Import) -> Problem {
        let problem = Problem::from(self);
        match self {
            Self::RowsMissing => problem.with("there", import.rows_in).with("announced", import.rows),
            _ => problem,
        }
    }
}

impl From<import::StepRefused> for Problem {
    fn from(refused: import::StepRefused) -> Self {
        use import::StepRefused::{NotFinished, NotJudged, RowsMissing, Started, TooLate};
        let code = match refused {
            RowsMissing => "import-rows-missing",
            NotJudged => "import-not-judged",
            Started => "import-started",
            NotFinished => "import-not-finished",
            TooLate => "import-undo-too-late",
        };
        Self::new(Status::Conflict, code)
    }
}

impl From<import::StepRefused> for Fault {
    fn from(refused: import::StepRefused) -> Self {
        Problem::from(refused).into()
    }
}

/// Loads and locks an import of the caller.
async fn own_import(tx: &mut Tx, caller: &Caller, id: ImportId) -> Result<Import, Fault> {
    let account_id = may::importer(&caller.actor)?;
    let import = imports::lock(tx.conn(), id).await?;
    let own = import.filter(|import| import.account_id == account_id);
    Ok(own.ok_or_else(|| Problem::not_found("import"))?)
}

/// The regions in which an importer may add employers.
fn regions(actor: &Actor) -> &[String] {
    match actor {
        Actor::Account { regions, .. } if actor.has(Role::AccountManager) => regions,
        _ => &[],
    }
}

/// Loads and locks an opening that the caller may write, with its employer.
async fn load_to_write(tx: &mut Tx, caller: &Caller, id: OpeningId) -> Result<(Opening, Known), Fault> {
    let found = openings::lock(tx.conn(), id).await?;
    let (opening, employer) = found.ok_or_else(|| Problem::not_found("opening"))?;
    may::check(&caller.actor, Deed::Write, employer.owner())?;
    Ok((opening, employer))
}

/// Checks what an opening of this employer says: by itself, and against the employer's sites.
async fn checked(
    app: &Vacancies,
    tx: &mut Tx,
    employer_id: Option<EmployerId>,
    details: OpeningDetails,
    before: Option<&OpeningDetails>,
    today: NaiveDate,
) -> Result<(Option<Content>, Vec<FieldProblem>), Fault> {
    let site = match details.site_id {
        None => None,
        Some(id) => employers::site(tx.conn(), id).await?,
    };
    let site = site.filter(|(of, _)| employer_id == Some(*of)).map(|(_, site)| site);
    Ok(check_with_site(app, site.as_ref(), details, before, today))
}

/// The same, with the site that the opening names, if the employer has it.
pub(crate) fn check_with_site(
    app: &Vacancies,
    site: Option<&Site>,
    details: OpeningDetails,
    before: Option<&OpeningDetails>,
    today: NaiveDate,
) -> (Option<Content>, Vec<FieldProblem>) {
    let at_site = details.site_id.is_some();
    let (content, mut problems) = match opening::check(details, before, today, &app.reference) {
        Ok(content) => (Some(content), Vec::new()),
        Err(problems) => (None, problems),
    };
    if at_site {
        match (site, &content) {
            (None, _) => problems.push(FieldProblem::new("site_id", "site-unknown")),
            (Some(site), Some(content)) if content.details().postcode != site.details.postcode => {
                problems.push(FieldProblem::new("postcode", "postcode-not-of-site"));
            }
            _ => {}
        }
    }
    (content.filter(|_| problems.is_empty()), problems)
}

/// While an employer has a labour conflict nothing of it is shown (Waadi art. 10).
fn refuse_conflict(employer: &Known) -> Result<(), Problem> {
    if employer.labour_conflict { Err(Problem::new(Status::Conflict, "labour-conflict")) } else { Ok(()) }
}

/// Stores a changed opening and says what changed.
async fn save(tx: &mut Tx, opening: Opening, effect: Effect) -> Result<(), Fault> {
    if effect == Effect::Nothing {
        return Ok(());
    }
    let now = tx.now();
    openings::save(tx.conn(), std::slice::from_ref(&opening), now).await?;
    announce(tx, &[(opening, effect)]).await
}

/// Writes down and tells what changed in the search, however it was changed: by a form, by a file or by
/// undoing one.
async fn record_search_changes(
    tx: &mut Tx,
    changed: &[(Opening, Vec<SearchChange>)],
    after_advice: Option<&str>,
) -> Result<(), Fault> {
    let now = tx.now();
    search_changes::insert(tx.conn(), changed, after_advice, now).await?;
    announce_search_changes(tx, changed, after_advice).await
}
