//! Vacancies: employers and their openings.

mod employers;
mod facts;
mod import;
mod openings;
mod requirements;
mod terms;

pub use employers::*;
pub use facts::*;
pub use import::*;
pub use openings::*;
pub use requirements::*;
pub use terms::*;

use serde::{Deserialize, Serialize};

use crate::{ContactId, EmployerId, ImportId, OpeningId, Sealed, SiteId, call::calls};

calls! { Vacancies {
    command "add_employer": AddEmployer => EmployerId, from Portal;
    command "change_employer": ChangeEmployer => (), from Portal;
    query "employers": Employers => Page<EmployerLine>, from Portal;
    query "employer": Employer => EmployerView, from Portal;
    command "save_site": SaveSite => SiteId, from Portal;
    command "end_site": EndSite => (), from Portal;
    command "save_contact": SaveContact => ContactId, from Portal;
    command "delete_contact": DeleteContact => (), from Portal;
    command "show_contact": ShowContact => Sealed<EmployerContact>, from Portal;
    command "set_account_manager": SetAccountManager => (), from Portal;
    query "check_opening": CheckOpening => Checked, from Portal;
    command "post_opening": PostOpening => OpeningId, from Portal;
    command "change_opening": ChangeOpening => (), from Portal;
    command "publish_opening": PublishOpening => (), from Portal;
    command "pause_opening": PauseOpening => (), from Portal;
    command "keep_open": KeepOpen => (), from Portal;
    command "close_opening": CloseOpening => (), from Portal;
    query "opening": Opening => OpeningView, from Portal;
    query "openings": Openings => Page<OpeningLine>, from Portal;
    query "openings_by_id": OpeningsById => Vec<OpeningView>, from Portal Notifier;
    query "openings_near": OpeningsNear => Page<NearOpening>, from Portal;
    query "published_openings": PublishedOpenings => Vec<PublishedLine>, from Portal;
    command "start_import": StartImport => ImportId, from Portal;
    command "add_import_rows": AddImportRows => (), from Portal;
    command "map_columns": MapColumns => (), from Portal;
    command "mend_rows": MendRows => (), from Portal;
    command "run_import": RunImport => (), from Portal;
    command "undo_import": UndoImport => (), from Portal;
    query "import_report": ImportReport => ImportReportView, from Portal;
    query "my_imports": MyImports => Vec<ImportLine>, from Portal;
} }

/// One page of a long list, in a stated order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// How many rows there are in all.
    pub total: u64,
}
