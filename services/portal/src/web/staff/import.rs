//! Openings from a file as a conversation: which file, which columns, what will happen, mending, placing,
//! and taking it back.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{
        Multipart, Path, RawQuery,
        multipart::{MultipartError, MultipartRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use chassis::clock;
use chrono::{NaiveDate, TimeDelta};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proto::{
    Call, FieldProblem, ImportId, Problem, Status,
    vacancies::{
        ImportColumn, ImportReport as AskReport, ImportReportView, ImportRow, ImportState, MapColumns,
        MendRows, MendedRow, MyImports, RowOutcome, RunImport, StartImport, UndoImport,
    },
};
use reference::Reference;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    pages::{
        Choice, FieldError,
        failures::Happened,
        import::{
            CountLink, GoodRow, HeadingRow, ImportColumns, ImportJudged, ImportReport, ImportUndo, MendField,
            MineRow, RefusedRow, Shown, Upload, state_words,
        },
    },
    texts::Texts,
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{
            MANAGERS, PER_PAGE,
            csv_file::{self, CsvFile, FIELD, Gaps, Portions, cut},
            job_posting_file::{self, JobPostingFile},
            query, stop,
        },
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The last import of this browser, sealed, until it closes.
pub const LAST_IMPORT: &str = "__Host-dbj-bestand";
/// Bytes that are read of a request, so that someone with a file too large hears so in words instead
/// of losing the connection. What is over the limit of a file is read and dropped.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Commands on their way at a time.
const AT_ONCE: usize = 4;
/// Rows in one question for the report.
const ROWS_AT_ONCE: u32 = 200;
/// Bytes of the form in which 25 rows are mended: their texts can be long.
const MOST_BYTES_TO_MEND: usize = 512 * 1024;
/// Bytes of cells in one command that mends.
const BYTES_AT_ONCE: usize = 48 * 1024;
/// Earlier imports that are shown.
const MOST_MINE: usize = 5;
/// Characters of a value that are shown to recognise a column or a row by.
const SHORT: usize = 60;
/// Tasks that may be meant.
const MOST_PERHAPS: usize = 3;

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route {
            max_bytes: Some(MOST_BYTES),
            ..route("/banen/bestand", Staff(MANAGERS), || get(upload).post(send))
        },
        route("/banen/bestand/voorbeeld.csv", Staff(MANAGERS), || get(example)),
        route("/banen/bestand/{id}", Staff(MANAGERS), || get(report)),
        route("/banen/bestand/{id}/kolommen", Staff(MANAGERS), || get(columns).post(save_columns)),
        Route {
            max_bytes: Some(MOST_BYTES_TO_MEND),
            ..route("/banen/bestand/{id}/rijen", Staff(MANAGERS), || post(mend))
        },
        route("/banen/bestand/{id}/plaats", Staff(MANAGERS), || post(run)),
        route("/banen/bestand/{id}/terug", Staff(MANAGERS), || get(ask_undo).post(undo)),
        route("/banen/bestand/{id}/geweigerd.csv", Staff(MANAGERS), || get(refused_rows)),
    ]
}

/// The address of a report.
pub(crate) fn href(import_id: ImportId) -> String {
    format!("/banen/bestand/{import_id}")
}

/// What the browser keeps of its last import.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LastImport {
    /// Which.
    pub(crate) import_id: ImportId,
    /// Its empty rows, so that the report shows the row numbers of the spreadsheet.
    gaps: Gaps,
    /// Whether it was no table: its rows then have no heading above them.
    #[serde(default)]
    postings: bool,
    /// In how many rows we chose the tasks.
    #[serde(default)]
    tasks_by_name: u32,
    /// In how many rows we cut the text.
    #[serde(default)]
    texts_cut: u32,
    /// In how many rows we put the pay into the text.
    #[serde(default)]
    pay_in_text: u32,
}

impl LastImport {
    /// Of this visitor.
    pub(crate) fn of(visit: &Visit) -> Option<Self> {
        visit.kept(LAST_IMPORT)
    }

    /// The number of our row as the sender's program shows it.
    fn shown_row(&self, row: u32) -> u32 {
        if self.postings { row } else { self.gaps.in_spreadsheet(row) }
    }
}

/// What this browser keeps of an import, or what holds for any table.
fn kept(visit: &Visit, import_id: ImportId) -> LastImport {
    LastImport::of(visit).filter(|last| last.import_id == import_id).unwrap_or(LastImport {
        import_id,
        gaps: Gaps::default(),
        postings: false,
        tasks_by_name: 0,
        texts_cut: 0,
        pay_in_text: 0,
    })
}

/// `/banen/bestand`
pub(crate) async fn upload(visit: Visit) -> Result<Response, Stop> {
    let mine = mine(&visit).await?;
    page(&Upload { l: visit.layout(), mine })
}

async fn mine(visit: &Visit) -> Result<Vec<MineRow>, Stop> {
    let t = visit.t();
    let lines = visit.ask(&MyImports {}).await.map_err(stop)?;
    let row = |line: proto::vacancies::ImportLine| MineRow {
        href: href(line.import_id),
        started: t.moment(clock::local(line.started_at)),
        state: state_words(t, line.state),
        rows: rows_of(line.counts),
    };
    Ok(lines.into_iter().take(MOST_MINE).map(row).collect())
}

/// All rows of an import.
pub(crate) fn rows_of(counts: proto::vacancies::ImportCounts) -> u32 {
    counts.placed + counts.changed + counts.unchanged + counts.refused + counts.waiting
}

/// The form with its file; what is no part of it is left unread.
struct Sent {
    form: Fields,
    bytes: Vec<u8>,
}

async fn read(multipart: Result<Multipart, MultipartRejection>) -> Result<Sent, Stop> {
    let not_understood = |_| Stop::new(Happened::NotUnderstood);
    let broken = |error: MultipartError| {
        Stop::new(if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Happened::TooLarge
        } else {
            Happened::NotUnderstood
        })
    };
    let mut multipart = multipart.map_err(not_understood)?;
    let (mut pairs, mut bytes, mut size) = (Vec::new(), Vec::new(), 0_usize);
    while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let mut value = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            size += chunk.len();
            if name == "bestand" && bytes.len() <= csv_file::MOST_BYTES {
                bytes.extend_from_slice(&chunk);
            } else if name == "key" && value.len() < 100 {
                value.extend_from_slice(&chunk);
            }
        }
        if name == "key" {
            pairs.push((name, String::from_utf8_lossy(&value).into_owned()));
        }
    }
    if size > csv_file::MOST_BYTES + 64 * 1024 || bytes.len() > csv_file::MOST_BYTES {
        return Err(Happened::TooLarge.into());
    }
    Ok(Sent { form: pairs.into_iter().collect(), bytes })
}

/// A file that was read: rows with headings, or postings made into such rows.
enum Sheet {
    Table(CsvFile),
    Postings(JobPostingFile),
}

impl Sheet {
    fn read(bytes: &[u8], reference: &Reference) -> Result<Self, FieldProblem> {
        if job_posting_file::is_json(bytes) {
            JobPostingFile::read(bytes, reference).map(Self::Postings)
        } else {
            CsvFile::read(bytes).map(Self::Table)
        }
    }

    fn start(&self) -> StartImport {
        match self {
            Self::Table(file) => StartImport { headings: file.headings.clone(), rows: file.rows },
            Self::Postings(file) => StartImport {
                headings: ImportColumn::ALL.map(|column| column.name().to_owned()).to_vec(),
                rows: file.rows.len() as u32,
            },
        }
    }

    fn kept(&self, import_id: ImportId) -> LastImport {
        match self {
            Self::Table(file) => LastImport {
                import_id,
                gaps: file.gaps.clone(),
                postings: false,
                tasks_by_name: 0,
                texts_cut: 0,
                pay_in_text: 0,
            },
            Self::Postings(file) => LastImport {
                import_id,
                gaps: Gaps::default(),
                postings: true,
                tasks_by_name: file.tasks_by_name,
                texts_cut: file.texts_cut,
                pay_in_text: file.pay_in_text,
            },
        }
    }
}

/// Takes a file and starts its import. The same file sent again, or twice at once, is one import: every
/// command carries a key made of the form's key and the file.
pub(crate) async fn send(
    visit: Visit,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, Stop> {
    let Sent { form, bytes } = read(multipart).await?;
    let sheet = if bytes.is_empty() {
        Err(FieldProblem::new(FIELD, "file-missing"))
    } else {
        // Reading 20 MB takes longer than an async thread may be kept.
        let app = visit.app.clone();
        let read = tokio::task::spawn_blocking(move || {
            Sheet::read(&bytes, &app.reference).map(|sheet| (Sha256::digest(&bytes).to_vec(), sheet))
        });
        read.await.map_err(|error| chassis::Fault::broken("reading a file", error))?
    };
    let (digest, sheet) = match sheet {
        Ok(read) => read,
        Err(problem) => {
            let l = visit.layout_refused(&form, &Problem::fields(vec![problem]));
            return page_with(StatusCode::BAD_REQUEST, &Upload { l, mine: Vec::new() });
        }
    };
    let keys = ImportKeys::new(&visit, &form, &digest)?;
    let import_id = ask(&visit, keys.of("start", 0), &sheet.start()).await?;
    match &sheet {
        Sheet::Table(file) => send_rows(&visit, &keys, import_id, file.portions()).await?,
        Sheet::Postings(file) => {
            let rows = csv_file::portions(file.rows.iter().cloned());
            send_rows(&visit, &keys, import_id, rows).await?;
            // Its columns are ours already: there is nothing to ask.
            let columns = ImportColumn::ALL.map(Some).to_vec();
            ask(&visit, keys.of("columns", 0), &MapColumns { import_id, columns }).await?;
        }
    }
    let last = visit.keep(LAST_IMPORT, &sheet.kept(import_id), None);
    Ok(go_to(&href(import_id), [last]))
}

async fn send_rows(
    visit: &Visit,
    keys: &ImportKeys<'_>,
    import_id: ImportId,
    rows: Portions<impl Iterator<Item = Vec<String>>>,
) -> Result<(), Stop> {
    let portions = rows.map(|portion| {
        let key = keys.of("rows", portion.0);
        let command = csv_file::command(import_id, portion);
        async move { ask(visit, key, &command).await }
    });
    stream::iter(portions).buffer_unordered(AT_ONCE).try_collect::<()>().await
}

async fn ask<C: Call>(visit: &Visit, key: Uuid, call: &C) -> Result<C::Reply, Stop> {
    visit.app.chassis.bus.call_with_key(&visit.actor(), key, call).await.map_err(stop)
}

/// The keys of the commands of one import.
struct ImportKeys<'a> {
    vault: &'a chassis::Vault,
    base: Vec<u8>,
}

impl<'a> ImportKeys<'a> {
    fn new(visit: &'a Visit, form: &Fields, digest: &[u8]) -> Result<Self, Stop> {
        let key: Uuid = form.get("key").parse().unwrap_or_else(|_| visit.app.chassis.chance.uuid_v4());
        let account_id = visit.staff()?.account_id;
        let base = [key.as_bytes(), account_id.0.as_bytes().as_slice(), digest].concat();
        Ok(Self { vault: visit.app.vault(), base })
    }

    fn of(&self, step: &str, number: u32) -> Uuid {
        let hash =
            self.vault.keyed_hash(&[&self.base, step.as_bytes(), number.to_be_bytes().as_slice()].concat());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

fn parse(id: &str) -> Result<ImportId, Stop> {
    id.parse().map_err(|_| stop(Problem::not_found("import")))
}

async fn ask_report(
    visit: &Visit,
    import_id: ImportId,
    outcome: Option<RowOutcome>,
    page: u32,
    per_page: u32,
) -> Result<ImportReportView, Stop> {
    visit.ask(&AskReport { import_id, outcome, page, per_page }).await.map_err(stop)
}

/// Which rows someone wants to see: what stands in the address, in the order of the page.
const OUTCOMES: [(&str, RowOutcome); 4] = [
    ("nieuw", RowOutcome::Placed),
    ("gewijzigd", RowOutcome::Changed),
    ("hetzelfde", RowOutcome::Unchanged),
    ("niet-goed", RowOutcome::Refused),
];

/// `/banen/bestand/{id}`: the question of the moment, or how far it is.
pub(crate) async fn report(
    visit: Visit,
    Path(id): Path<String>,
    address: RawQuery,
) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let asked = query(address);
    let number = view::page_number(&asked);
    let wanted = OUTCOMES.iter().find(|(name, _)| *name == asked.get("toon")).map(|(_, outcome)| *outcome);
    let outcome = wanted.unwrap_or(RowOutcome::Refused);
    let found = ask_report(&visit, import_id, Some(outcome), number - 1, PER_PAGE).await?;
    match found.state {
        ImportState::Mapping => page(&columns_page(&visit, import_id, &found, None)),
        ImportState::Judged => page(&judged_page(&visit, import_id, found, outcome, number)),
        _ => page(&report_page(&visit, import_id, found, outcome, number)),
    }
}

fn report_page(
    visit: &Visit,
    import_id: ImportId,
    found: ImportReportView,
    outcome: RowOutcome,
    number: u32,
) -> ImportReport {
    let can_be_undone = found.counts.placed + found.counts.changed > 0;
    let until = found.undo_until.filter(|until| can_be_undone && *until > visit.now);
    ImportReport {
        l: visit.layout(),
        href: href(import_id),
        state: found.state,
        counts: found.counts,
        links: links(visit.t(), import_id, &found, outcome, "import-count-placed", "import-count-refused"),
        shown: shown(visit, import_id, &found, outcome, number),
        undo_until: until.map(|until| visit.t().moment(clock::local(until))),
        left_alone: found.left_alone,
        employers_undone: found.employers_undone,
    }
}

fn judged_page(
    visit: &Visit,
    import_id: ImportId,
    found: ImportReportView,
    outcome: RowOutcome,
    number: u32,
) -> ImportJudged {
    let t = visit.t();
    let shown = shown(visit, import_id, &found, outcome, number);
    let asks_tasks = shown.refused.iter().flat_map(|row| &row.fields).any(|field| field.tasks);
    let last = kept(visit, import_id);
    let notes = [
        ("import-note-tasks", last.tasks_by_name),
        ("import-note-cut", last.texts_cut),
        ("import-note-pay", last.pay_in_text),
    ];
    ImportJudged {
        l: visit.layout(),
        href: href(import_id),
        counts: found.counts,
        links: links(t, import_id, &found, outcome, "import-will-placed", "import-will-refused"),
        tasks: if asks_tasks { task_labels(visit) } else { Vec::new() },
        notes: notes
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(id, count)| t.one(id, "count", count))
            .collect(),
        shown,
    }
}

fn task_labels(visit: &Visit) -> Vec<String> {
    let lang = view::lang(visit);
    visit.app.reference.tasks.tasks().iter().map(|task| task.label(lang).to_owned()).collect()
}

/// The counts, each leading to its rows.
fn links(
    t: Texts,
    import_id: ImportId,
    found: &ImportReportView,
    shown: RowOutcome,
    placed: &'static str,
    refused: &'static str,
) -> Vec<CountLink> {
    let counts = found.counts;
    let link = |(name, outcome): (&str, RowOutcome)| {
        let (label, count) = match outcome {
            RowOutcome::Placed => (placed, counts.placed),
            RowOutcome::Changed => ("import-count-changed", counts.changed),
            RowOutcome::Unchanged => ("import-count-unchanged", counts.unchanged),
            RowOutcome::Refused | RowOutcome::Waiting => (refused, counts.refused),
        };
        CountLink {
            href: format!("{}?toon={name}", href(import_id)),
            label: t.get(label),
            count,
            current: outcome == shown,
            mind: outcome == RowOutcome::Refused && count > 0,
        }
    };
    OUTCOMES.map(link).to_vec()
}

fn shown(
    visit: &Visit,
    import_id: ImportId,
    found: &ImportReportView,
    outcome: RowOutcome,
    number: u32,
) -> Shown {
    let t = visit.t();
    let last = kept(visit, import_id);
    let name = OUTCOMES.iter().find(|(_, known)| *known == outcome).map_or("", |(name, _)| name);
    let title = match outcome {
        RowOutcome::Placed => "import-shown-placed",
        RowOutcome::Changed => "import-shown-changed",
        RowOutcome::Unchanged => "import-shown-unchanged",
        RowOutcome::Refused | RowOutcome::Waiting => "import-refused-title",
    };
    let rows = &found.rows.rows;
    let is_refused = outcome == RowOutcome::Refused;
    let good = |row: &ImportRow| GoodRow {
        row: last.shown_row(row.row),
        opening: row.opening_id.map(|id| format!("/baan/{id}")),
    };
    let refused = |row: &ImportRow| refused_row(visit, &last, found, row);
    Shown {
        title: t.get(title),
        refused: if is_refused { rows.iter().map(refused).collect() } else { Vec::new() },
        good: if is_refused { Vec::new() } else { rows.iter().map(good).collect() },
        pager: view::pager(format!("{}?toon={name}", href(import_id)), number, found.rows.total, PER_PAGE),
    }
}

/// What a cell of a row says now.
fn cell_of<'a>(found: &'a ImportReportView, row: &'a ImportRow, column: ImportColumn) -> &'a str {
    let at = found.columns.iter().position(|known| *known == Some(column));
    at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
}

/// A row with the cells that are to be mended; all of them when the row itself has the wrong form.
fn refused_row(visit: &Visit, last: &LastImport, found: &ImportReportView, row: &ImportRow) -> RefusedRow {
    let t = visit.t();
    let mut by_column: BTreeMap<ImportColumn, Vec<String>> = BTreeMap::new();
    let (mut whole, mut values) = (Vec::new(), BTreeMap::new());
    for problem in &row.problems {
        let words = reason(t, last, problem);
        match ImportColumn::from_name(&problem.field) {
            Some(column) => {
                by_column.entry(column).or_default().push(words);
                values
                    .entry(column)
                    .or_insert_with(|| problem.args.get("value").cloned().unwrap_or_default());
            }
            None => whole.push(words),
        }
    }
    if !whole.is_empty() && !row.cells.is_empty() {
        for column in found.columns.iter().flatten() {
            by_column.entry(*column).or_default();
        }
    }
    let title = cell_of(found, row, ImportColumn::Functie);
    let field = |(column, reasons): (ImportColumn, Vec<String>)| {
        let known = found.columns.iter().position(|known| *known == Some(column));
        let heading = known.and_then(|at| found.headings.get(at)).filter(|heading| !heading.is_empty());
        let value = if row.cells.is_empty() {
            values.get(&column).cloned().unwrap_or_default()
        } else {
            cell_of(found, row, column).to_owned()
        };
        MendField {
            field: format!("r{}.{}", row.row, column.name()),
            column: heading.map_or_else(|| column.name().to_owned(), String::clone),
            choices: if column == ImportColumn::Soort { route_choices(&value) } else { Vec::new() },
            long: column == ImportColumn::Omschrijving,
            tasks: column == ImportColumn::Taken,
            hint: match column {
                ImportColumn::Taken => perhaps(visit, title),
                // A list shows only what can be chosen.
                ImportColumn::Soort if !value.trim().is_empty() => {
                    t.one("import-said", "value", cut(value.trim(), SHORT))
                }
                _ => String::new(),
            },
            value,
            reasons,
        }
    };
    RefusedRow {
        row: last.shown_row(row.row),
        title: cut(title.trim(), SHORT).to_owned(),
        whole,
        fields: by_column.into_iter().map(field).collect(),
    }
}

/// The routes that a file can say, in the words of the file.
fn route_choices(value: &str) -> Vec<Choice> {
    let said = value.trim().to_lowercase();
    ["gewoon", "open hiring"].map(|name| Choice::new(name, name.to_owned(), said == name)).to_vec()
}

/// Tasks that the name of a job may mean.
fn perhaps(visit: &Visit, title: &str) -> String {
    let lang = view::lang(visit);
    let hits = visit.app.reference.search(title, lang, MOST_PERHAPS);
    let labels: Vec<&str> = hits.iter().map(|hit| hit.task.label(lang)).collect();
    if labels.is_empty() {
        return String::new();
    }
    visit.t().one("import-perhaps", "tasks", labels.join(" | "))
}

fn reason(t: Texts, last: &LastImport, problem: &FieldProblem) -> String {
    let mut problem = problem.clone();
    if problem.code == "row-repeats-earlier"
        && let Some(earlier) = problem.args.get("row").and_then(|row| row.parse().ok())
    {
        problem.args.insert("row".to_owned(), last.shown_row(earlier).to_string());
    }
    FieldError::from(problem).words(t)
}

/// `/banen/bestand/{id}/kolommen`: the columns, also once the rows are judged.
pub(crate) async fn columns(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let found = ask_report(&visit, import_id, Some(RowOutcome::Refused), 0, 1).await?;
    if !can_map(found.state) {
        return Ok(go_to(&href(import_id), []));
    }
    page(&columns_page(&visit, import_id, &found, None))
}

const fn can_map(state: ImportState) -> bool {
    matches!(state, ImportState::Mapping | ImportState::Judging | ImportState::Judged)
}

/// The columns as proposed or chosen, or as just sent and refused.
fn columns_page(
    visit: &Visit,
    import_id: ImportId,
    found: &ImportReportView,
    refused: Option<(&Fields, &Problem)>,
) -> ImportColumns {
    let sent = refused.map(|(form, _)| sent_columns(form, found.headings.len()));
    let chosen = sent.as_ref().unwrap_or(&found.columns);
    let row = |(at, heading): (usize, &String)| {
        let column = chosen.get(at).copied().flatten();
        let choice = |known: ImportColumn| {
            Choice::new(known.name(), known.name().replace('_', " "), column == Some(known))
        };
        let value = |row: &Vec<String>| row.get(at).map(|cell| cut(cell.trim(), SHORT).to_owned());
        HeadingRow {
            field: format!("k{at}"),
            heading: heading.clone(),
            samples: found.samples.iter().filter_map(value).filter(|value| !value.is_empty()).collect(),
            choices: ImportColumn::ALL.map(choice).to_vec(),
        }
    };
    let has = |column| chosen.contains(&Some(column));
    let has_hours = has(ImportColumn::UrenMin) || has(ImportColumn::UrenMax);
    let is_hours = |column| matches!(column, ImportColumn::UrenMin | ImportColumn::UrenMax);
    let missing = ImportColumn::ALL
        .into_iter()
        .filter(|column| column.is_required() && !has(*column) && !(is_hours(*column) && has_hours));
    ImportColumns {
        l: refused.map_or_else(|| visit.layout(), |(form, problem)| visit.layout_refused(form, problem)),
        href: href(import_id),
        headings: found.headings.iter().enumerate().map(row).collect(),
        missing: missing.map(|column| column.name().to_owned()).collect(),
    }
}

fn sent_columns(form: &Fields, headings: usize) -> Vec<Option<ImportColumn>> {
    (0..headings).map(|at| ImportColumn::from_name(form.get(&format!("k{at}")))).collect()
}

/// Says which heading is which column.
pub(crate) async fn save_columns(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let found = ask_report(&visit, import_id, Some(RowOutcome::Refused), 0, 1).await?;
    let columns = sent_columns(&form, found.headings.len());
    // Without the form's key: whoever goes back and chooses otherwise means it. Twice the same is once.
    match visit.ask(&MapColumns { import_id, columns }).await {
        Ok(()) => Ok(go_to(&href(import_id), [])),
        Err(problem) if problem.fields.is_empty() => on_conflict(import_id, problem),
        Err(problem) => {
            let problem = view::at_fields(problem, |_| "kolommen".to_owned());
            let refused = columns_page(&visit, import_id, &found, Some((&form, &problem)));
            page_with(StatusCode::BAD_REQUEST, &refused)
        }
    }
}

/// When it went on meanwhile, its page says where it stands.
fn on_conflict(import_id: ImportId, problem: Problem) -> Result<Response, Stop> {
    if problem.status == Status::Conflict { Ok(go_to(&href(import_id), [])) } else { Err(stop(problem)) }
}

/// Mends the rows of one page. What is right already is left as it is.
pub(crate) async fn mend(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let back = format!("{}?toon=niet-goed&pagina={}", href(import_id), view::page_number(&form));
    for rows in in_commands(sent_rows(&form)) {
        // What was typed is part of the key: going back and typing something else is another deed.
        let typed = format!("{rows:?}");
        let keys = ImportKeys::new(&visit, &form, &Sha256::digest(typed.as_bytes()))?;
        if let Err(problem) = mend_rows(&visit, &keys, import_id, rows).await {
            return on_conflict(import_id, problem);
        }
    }
    Ok(go_to(&back, [notice("notice-rows-mended")]))
}

async fn mend_rows(
    visit: &Visit,
    keys: &ImportKeys<'_>,
    import_id: ImportId,
    rows: Vec<MendedRow>,
) -> Result<(), Problem> {
    let bus = &visit.app.chassis.bus;
    let command = MendRows { import_id, rows };
    let Err(problem) = bus.call_with_key(&visit.actor(), keys.of("mend", 0), &command).await else {
        return Ok(());
    };
    // Mended meanwhile in another window: those stay as they are.
    let is_right = |row: &MendedRow| {
        let field = format!("rows.{}", row.row);
        problem.fields.iter().any(|found| found.field == field && found.code == "row-not-refused")
    };
    if !command.rows.iter().any(is_right) {
        return Err(problem);
    }
    let rows: Vec<MendedRow> = command.rows.iter().filter(|row| !is_right(row)).cloned().collect();
    if rows.is_empty() {
        return Ok(());
    }
    bus.call_with_key(&visit.actor(), keys.of("mend", 1), &MendRows { import_id, rows }).await
}

/// The rows of a form with fields `r<row>.<column>`.
fn sent_rows(form: &Fields) -> Vec<MendedRow> {
    let mut rows: BTreeMap<u32, Vec<(ImportColumn, String)>> = BTreeMap::new();
    for (name, value) in form.pairs() {
        let named = name.strip_prefix('r').and_then(|name| name.split_once('.'));
        let Some((row, column)) = named else { continue };
        let (Ok(row), Some(column)) = (row.parse(), ImportColumn::from_name(column)) else { continue };
        rows.entry(row).or_default().push((column, value.trim().to_owned()));
    }
    rows.into_iter().map(|(row, cells)| MendedRow { row, cells }).collect()
}

/// Rows in portions that fit a command.
fn in_commands(rows: Vec<MendedRow>) -> Vec<Vec<MendedRow>> {
    let mut commands: Vec<Vec<MendedRow>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let size: usize = row.cells.iter().map(|(_, cell)| cell.len() + 3).sum();
        match commands.last_mut() {
            Some(command) if bytes + size <= BYTES_AT_ONCE && command.len() < ROWS_AT_ONCE as usize => {
                bytes += size;
                command.push(row);
            }
            _ => {
                bytes = size;
                commands.push(vec![row]);
            }
        }
    }
    commands
}

/// Places what will be placed.
pub(crate) async fn run(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    match visit.ask_with_key(&form, &RunImport { import_id }).await {
        Ok(()) => Ok(go_to(&href(import_id), [])),
        Err(problem) => on_conflict(import_id, problem),
    }
}

/// `/banen/bestand/{id}/terug`: asks once.
pub(crate) async fn ask_undo(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let found = ask_report(&visit, import_id, Some(RowOutcome::Refused), 0, 1).await?;
    if found.undo_until.is_none_or(|until| until <= visit.now) {
        return Ok(go_to(&href(import_id), []));
    }
    page(&ImportUndo { l: visit.layout(), href: href(import_id), counts: found.counts })
}

/// Takes back what the import did.
pub(crate) async fn undo(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    match visit.ask_with_key(&form, &UndoImport { import_id }).await {
        Ok(()) => Ok(go_to(&href(import_id), [])),
        Err(problem) => on_conflict(import_id, problem),
    }
}

/// `/banen/bestand/{id}/geweigerd.csv`: every refused row as it is now, with its reasons, to mend in a
/// spreadsheet and send again.
pub(crate) async fn refused_rows(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let (last, t) = (kept(&visit, import_id), visit.t());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for number in 0.. {
        let found = ask_report(&visit, import_id, Some(RowOutcome::Refused), number, ROWS_AT_ONCE).await?;
        if rows.is_empty() {
            let ours = ["import-refused-row", "import-refused-reason"].map(|id| t.get(id));
            rows.push(found.headings.iter().cloned().chain(ours).collect());
        }
        for row in &found.rows.rows {
            let mut cells = row.cells.clone();
            cells.resize(found.headings.len(), String::new());
            let reasons: Vec<String> = row.problems.iter().map(|problem| told(t, &last, problem)).collect();
            cells.extend([last.shown_row(row.row).to_string(), reasons.join(" ")]);
            rows.push(cells);
        }
        if u64::from(number + 1) * u64::from(ROWS_AT_ONCE) >= found.rows.total || found.rows.rows.is_empty() {
            break;
        }
    }
    Ok(download("geweigerde-rijen.csv", csv_file::write(rows)))
}

/// A reason with the column it is about.
fn told(t: Texts, last: &LastImport, problem: &FieldProblem) -> String {
    let of_row = ImportColumn::from_name(&problem.field).is_none();
    let column = if of_row { t.get("import-whole-row") } else { problem.field.clone() };
    format!("{column}: {}", reason(t, last, problem))
}

/// `/banen/bestand/voorbeeld.csv`
pub(crate) async fn example(visit: Visit) -> Response {
    let starts: NaiveDate = clock::day(visit.now) + TimeDelta::days(28);
    download("voorbeeld-banen.csv", csv_file::example(starts))
}

/// A file to keep; its name is ours.
fn download(name: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn rows_of_a_form_are_read_and_others_fields_are_left_out() {
        let sent = form(&[
            ("key", "x"),
            ("r12.functie", " Kok "),
            ("r3.postcode", "1315"),
            ("r12.soort", ""),
            ("r12.onbekend", "x"),
            ("rx.functie", "x"),
            ("r5", "x"),
        ]);
        let expected = vec![
            MendedRow { row: 3, cells: vec![(ImportColumn::Postcode, "1315".to_owned())] },
            MendedRow {
                row: 12,
                cells: vec![(ImportColumn::Functie, "Kok".to_owned()), (ImportColumn::Soort, String::new())],
            },
        ];
        assert_eq!(sent_rows(&sent), expected);
    }

    #[test]
    fn many_long_rows_go_in_several_commands() {
        let row = |row| MendedRow { row, cells: vec![(ImportColumn::Omschrijving, "x".repeat(20_000))] };
        let commands = in_commands((1..=5).map(row).collect());
        assert_eq!(commands.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(commands.concat().iter().map(|row| row.row).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert!(in_commands(Vec::new()).is_empty());
    }

    #[test]
    fn columns_of_a_form_stand_in_the_order_of_the_headings() {
        let sent = form(&[("k2", "kvk"), ("k0", "functie"), ("k1", ""), ("k7", "soort")]);
        let expected = [Some(ImportColumn::Functie), None, Some(ImportColumn::Kvk)];
        assert_eq!(sent_columns(&sent, 3), expected);
    }
}
