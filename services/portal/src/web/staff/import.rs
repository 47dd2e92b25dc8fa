//! Openings from a file: sending it, the report of every row, what was refused as a file again.

use axum::{
    body::Body,
    extract::{
        Multipart, Path, RawQuery,
        multipart::{MultipartError, MultipartRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::get,
};
use chassis::clock;
use chrono::{NaiveDate, TimeDelta};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proto::{
    Call, FieldProblem, ImportId, Problem,
    vacancies::{ImportReport as AskReport, ImportReportView, ImportRow, RunImport, StartImport},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    pages::{
        FieldError,
        failures::Happened,
        import::{ImportReport, RefusedCell, Upload},
    },
    store::accounts::Sealer,
    texts::Texts,
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{
            MANAGERS, PER_PAGE,
            csv_file::{self, CsvFile, Gaps},
            query, stop,
        },
        stop::Stop,
        view,
        visit::{Visit, go_to, page, page_with},
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

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route {
            max_bytes: Some(MOST_BYTES),
            ..route("/banen/bestand", Staff(MANAGERS), || get(upload).post(send))
        },
        route("/banen/bestand/voorbeeld.csv", Staff(MANAGERS), || get(example)),
        route("/banen/bestand/{id}", Staff(MANAGERS), || get(report)),
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
}

impl LastImport {
    /// Of this visitor.
    pub(crate) fn of(visit: &Visit) -> Option<Self> {
        visit.kept(LAST_IMPORT)
    }
}

/// `/banen/bestand`
pub(crate) async fn upload(visit: Visit) -> Result<Response, Stop> {
    page(&Upload { l: visit.layout() })
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

/// Takes a file and starts its import. The same file sent again, or twice at once, is one import: every
/// command carries a key made of the form's key and the file.
pub(crate) async fn send(
    visit: Visit,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, Stop> {
    let Sent { form, bytes } = read(multipart).await?;
    let refused = |problem: FieldProblem| {
        let l = visit.layout_refused(&form, &Problem::fields(vec![problem]));
        page_with(StatusCode::BAD_REQUEST, &Upload { l })
    };
    if bytes.is_empty() {
        return refused(FieldProblem::new("bestand", "file-missing"));
    }
    // Reading 20 MB takes longer than an async thread may be kept.
    let read = tokio::task::spawn_blocking(move || (Sha256::digest(&bytes).to_vec(), CsvFile::read(&bytes)));
    let (digest, file) = read.await.map_err(|error| chassis::Fault::broken("reading a file", error))?;
    let file = match file {
        Ok(file) => file,
        Err(problem) => return refused(problem),
    };
    let keys = ImportKeys::new(&visit, &form, &digest)?;
    let start = StartImport { columns: file.columns(), rows: file.rows };
    let import_id = ask(&visit, keys.of("start", 0), &start).await?;
    let portions = file.portions().map(|portion| {
        let key = keys.of("rows", portion.0);
        let command = csv_file::command(import_id, portion);
        let visit = &visit;
        async move { ask(visit, key, &command).await }
    });
    stream::iter(portions).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    ask(&visit, keys.of("run", 0), &RunImport { import_id }).await?;
    let last = visit.keep(LAST_IMPORT, &LastImport { import_id, gaps: file.gaps.clone() }, None);
    Ok(go_to(&href(import_id), [last]))
}

async fn ask<C: Call>(visit: &Visit, key: Uuid, call: &C) -> Result<C::Reply, Stop> {
    visit.app.chassis.bus.call_with_key(&visit.actor(), key, call).await.map_err(stop)
}

/// The keys of the commands of one import.
struct ImportKeys<'a> {
    sealer: Sealer<'a>,
    base: Vec<u8>,
}

impl<'a> ImportKeys<'a> {
    fn new(visit: &'a Visit, form: &Fields, digest: &[u8]) -> Result<Self, Stop> {
        let key: Uuid = form.get("key").parse().unwrap_or_else(|_| visit.app.chassis.chance.uuid_v4());
        let account_id = visit.staff()?.account_id;
        let base = [key.as_bytes(), account_id.0.as_bytes().as_slice(), digest].concat();
        Ok(Self { sealer: Sealer::new(&visit.app.chassis.keys), base })
    }

    fn of(&self, step: &str, number: u32) -> Uuid {
        let hash =
            self.sealer.keyed_hash(&[&self.base, step.as_bytes(), number.to_be_bytes().as_slice()].concat());
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
    page: u32,
    per_page: u32,
) -> Result<ImportReportView, Stop> {
    visit.ask(&AskReport { import_id, only_refused: true, page, per_page }).await.map_err(stop)
}

/// `/banen/bestand/{id}`
pub(crate) async fn report(
    visit: Visit,
    Path(id): Path<String>,
    address: RawQuery,
) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let number = view::page_number(&query(address));
    let found = ask_report(&visit, import_id, number - 1, PER_PAGE).await?;
    let gaps = gaps(&visit, import_id);
    let t = visit.t();
    page(&ImportReport {
        l: visit.layout(),
        href: href(import_id),
        state: found.state,
        counts: found.counts,
        refused: found.rows.rows.iter().flat_map(|row| refused_cells(t, &gaps, row)).collect(),
        pager: view::pager(href(import_id), number, found.rows.total, PER_PAGE),
        download: format!("{}/geweigerd.csv", href(import_id)),
    })
}

fn gaps(visit: &Visit, import_id: ImportId) -> Gaps {
    LastImport::of(visit).filter(|last| last.import_id == import_id).map(|last| last.gaps).unwrap_or_default()
}

/// What is wrong in a row: one line a cell.
fn refused_cells(t: Texts, gaps: &Gaps, row: &ImportRow) -> Vec<RefusedCell> {
    let cell = |problem: &FieldProblem| {
        let mut problem = problem.clone();
        let value = problem.args.get("value").cloned().unwrap_or_default();
        if problem.code == "row-repeats-earlier"
            && let Some(earlier) = problem.args.get("row").and_then(|row| row.parse().ok())
        {
            problem.args.insert("row".to_owned(), gaps.in_spreadsheet(earlier).to_string());
        }
        let is_row = problem.field == "row";
        let column = if is_row { t.get("import-refused-whole-row") } else { problem.field.clone() };
        RefusedCell {
            row: gaps.in_spreadsheet(row.row),
            column,
            value,
            reason: FieldError::from(problem).words(t),
        }
    };
    row.problems.iter().map(cell).collect()
}

/// `/banen/bestand/{id}/geweigerd.csv`: every refused cell with its reason, for a spreadsheet.
pub(crate) async fn refused_rows(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let import_id = parse(&id)?;
    let (gaps, t) = (gaps(&visit, import_id), visit.t());
    let heading =
        ["import-refused-row", "import-refused-column", "import-refused-value", "import-refused-reason"];
    let mut rows = vec![heading.map(|id| t.get(id)).to_vec()];
    for number in 0.. {
        let found = ask_report(&visit, import_id, number, ROWS_AT_ONCE).await?.rows;
        let cells = found.rows.iter().flat_map(|row| refused_cells(t, &gaps, row));
        rows.extend(cells.map(|cell| vec![cell.row.to_string(), cell.column, cell.value, cell.reason]));
        if u64::from(number + 1) * u64::from(ROWS_AT_ONCE) >= found.total || found.rows.is_empty() {
            break;
        }
    }
    Ok(download("geweigerde-rijen.csv", csv_file::write(rows)))
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
