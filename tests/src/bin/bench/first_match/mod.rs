//! A file of openings comes in while many people are there already. The clock runs from the first byte of the file until
//! every good opening answers with its proposals and the report of every row is complete.

mod brute;
mod file;

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use chassis::{clock, harness::TestPlatform};
use dichterbij::demo::{
    employers::{Employer, employers},
    fill,
    openings::{Opening, openings},
    world::World,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use portal::web::staff::csv_file::{self, CsvFile};
use proto::{
    Actor, Call, ImportId, OpeningId, Problem, Service as Name,
    matcher::{OpeningProposals, ProposalsForOpening},
    vacancies::{
        AddEmployer, AddImportRows, ImportReport, ImportReportView, ImportState, MapColumns, PostOpening,
        RowOutcome, RunImport, SiteDetails, StartImport,
    },
};
use reference::{Reference, RegionCode, demo::Demo};

use crate::{Arguments, Failure, report, report::Case};
use brute::Everything;

pub(crate) const NAME: &str = "first-match";
pub(crate) const IMPORT_AND_MATCH: &str = "import_and_match";

const PEOPLE: usize = 50_000;
const ROWS: usize = 20_000;
const EMPLOYERS: usize = 1_500;
/// Employers of the rows that are posted one by one.
const EMPLOYERS_ALONE: usize = 20;
/// Rows that are posted one by one for comparison.
const ONE_BY_ONE: usize = 500;
/// Openings whose answer is held against brute force.
const SAMPLE: usize = 40;
/// Questions under way at a time.
const AT_ONCE: usize = 16;
/// People on one page of proposals, as the portal shows them.
const PER_PAGE: u32 = 20;
/// When nothing more is to be expected.
const PATIENCE: Duration = Duration::from_mins(10);
const SEED: u64 = 20_000;

/// Runs the one case there is.
pub(crate) async fn run(arguments: &Arguments) -> Result<Vec<Case>, Failure> {
    let reference = Arc::new(Reference::load(arguments.reference.as_deref())?);
    let test = TestPlatform::start(vec![
        notifier::service(),
        intake::service(reference.clone()),
        vacancies::service(reference.clone()),
        matcher::service(reference.clone()),
    ])
    .await;
    let case = import_and_match(arguments, &test, &reference).await;
    test.stop().await;
    Ok(vec![case?])
}

/// The portal's side of the bus, as an account manager of the whole country.
struct Desk<'a> {
    test: &'a TestPlatform,
    manager: Actor,
}

impl Desk<'_> {
    async fn ask<C: Call>(&self, call: &C) -> Result<C::Reply, Problem> {
        self.test.ask(&self.manager, call).await
    }
}

async fn import_and_match(
    arguments: &Arguments,
    test: &TestPlatform,
    reference: &Reference,
) -> Result<Case, Failure> {
    let (people, rows) = (arguments.people.unwrap_or(PEOPLE), arguments.rows.unwrap_or(ROWS));
    let material = Demo::built_in();
    let regions: Vec<RegionCode> = reference.regions.all().iter().map(|region| region.code).collect();
    let world = World::of(reference, &material, SEED, &regions).ok_or("nobody lives anywhere")?;
    let desk = Desk { test, manager: fill::manager(&regions) };

    println!("before the clock starts:");
    fill::add_people(test.portal(), &world, people).await?;
    let today = clock::day(test.chassis(Name::Vacancies).store.begin().await?.now());
    let employers = employers(&world, EMPLOYERS + EMPLOYERS_ALONE);
    let (in_file, alone) = employers.split_at(EMPLOYERS);
    let file = file::write(in_file, &openings(&world, in_file, rows, today))?;
    let megabytes = file.bytes.len() as f64 / 1e6;
    println!("    {rows} rows in a file of {megabytes:.1} MB, {} of them bad", file.bad.len());
    wait_for_people(test, people).await?;

    println!("the clock runs:");
    let began = Instant::now();
    let import_id = send(&desk, &file.bytes).await?;
    let sent = began.elapsed().as_secs_f64();
    println!("    {sent:>7.2} s  file read and sent");
    finish(&desk, import_id).await?;
    let placed = began.elapsed().as_secs_f64();
    println!("    {placed:>7.2} s  every row has its outcome");
    let good = read_report(&desk, import_id, rows, &file.bad).await?;
    let answers = ask_for_proposals(&desk, &good).await?;
    let seconds = began.elapsed().as_secs_f64();
    println!("    {seconds:>7.2} s  every opening answers with its proposals");
    let peak = report::peak_rss_mb();

    println!("checks and baseline:");
    let everything = Everything::read(test, reference).await?;
    if everything.people() != people {
        return Err(format!("{} of {people} people are on the stream", everything.people()).into());
    }
    let step = (answers.len() / SAMPLE).max(1);
    let sample: Vec<_> = answers.iter().step_by(step).collect();
    for (opening_id, answer) in &sample {
        everything.agrees(*opening_id, answer)?;
    }
    let shown: usize = answers.iter().map(|(_, answer)| answer.people.len()).sum();
    println!("    {} of {} answers agree with brute force", sample.len(), answers.len());
    println!("    {:.1} people on the first page of an opening", shown as f64 / answers.len() as f64);
    let one_by_one = openings(&world, alone, ONE_BY_ONE, today);
    let one_by_one = post_one_by_one(&desk, alone, &one_by_one).await?;

    let rows_per_s = rows as f64 / seconds;
    let mut case = Case::new(IMPORT_AND_MATCH);
    case.metric("seconds", seconds);
    case.metric("sent_seconds", sent);
    case.metric("placed_seconds", placed);
    case.metric("answered_seconds", seconds - placed);
    case.metric("peak_rss_mb", peak);
    case.metric("people", people as f64);
    case.metric("rows", rows as f64);
    case.metric("refused", file.bad.len() as f64);
    case.metric("rows_per_s", rows_per_s);
    case.metric("placed_rows_per_s", rows as f64 / placed);
    case.metric("one_by_one_rows_per_s", one_by_one);
    case.metric("ratio", rows_per_s / one_by_one);
    Ok(case)
}

/// The people are not counted, so the clock waits for them.
async fn wait_for_people(test: &TestPlatform, people: usize) -> Result<(), Failure> {
    let began = Instant::now();
    loop {
        let heard: i64 = sqlx::query_scalar("select coalesce(max(change), 0) from changes")
            .fetch_one(test.pool(Name::Matcher))
            .await?;
        if heard >= people as i64 {
            println!("    the matcher has heard of everybody {:.1} s later", began.elapsed().as_secs_f64());
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            return Err(format!("the matcher has heard of {heard} of {people} people only").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// As the portal sends a file: read, cut into portions, its columns as proposed; every row judged, then run.
async fn send(desk: &Desk<'_>, bytes: &[u8]) -> Result<ImportId, Failure> {
    let file = CsvFile::read(bytes).map_err(|problem| format!("the file was refused: {}", problem.code))?;
    let import_id = desk.ask(&StartImport { headings: file.headings.clone(), rows: file.rows }).await?;
    for portion in file.portions() {
        let rows: AddImportRows = csv_file::command(import_id, portion);
        desk.ask(&rows).await?;
    }
    let columns = page(desk, import_id, 0, true).await?.columns;
    desk.ask(&MapColumns { import_id, columns }).await?;
    wait_for(desk, import_id, ImportState::Judged).await?;
    desk.ask(&RunImport { import_id }).await?;
    Ok(import_id)
}

async fn page(
    desk: &Desk<'_>,
    import_id: ImportId,
    page: u32,
    only_refused: bool,
) -> Result<ImportReportView, Problem> {
    let outcome = only_refused.then_some(RowOutcome::Refused);
    desk.ask(&ImportReport { import_id, outcome, page, per_page: 200 }).await
}

/// Waits for the end, looking as often as the portal's page would.
async fn finish(desk: &Desk<'_>, import_id: ImportId) -> Result<(), Failure> {
    wait_for(desk, import_id, ImportState::Finished).await
}

async fn wait_for(desk: &Desk<'_>, import_id: ImportId, state: ImportState) -> Result<(), Failure> {
    let began = Instant::now();
    while page(desk, import_id, 0, true).await?.state != state {
        if began.elapsed() > PATIENCE {
            return Err("the import does not end".into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Reads the whole report: exactly the bad rows are refused, each with a reason, and every other row is an opening.
async fn read_report(
    desk: &Desk<'_>,
    import_id: ImportId,
    rows: usize,
    bad: &BTreeSet<u32>,
) -> Result<Vec<OpeningId>, Failure> {
    let (mut good, mut refused, mut seen) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for number in 0.. {
        let view = page(desk, import_id, number, false).await?;
        let counts = view.counts;
        if (counts.placed as usize, counts.refused as usize, counts.waiting)
            != (rows - bad.len(), bad.len(), 0)
        {
            return Err(format!("the report counts {counts:?}").into());
        }
        if view.rows.rows.is_empty() {
            break;
        }
        for row in view.rows.rows {
            seen.insert(row.row);
            match (row.outcome, row.opening_id) {
                (RowOutcome::Placed, Some(id)) => drop(good.insert(id)),
                (RowOutcome::Refused, None) if !row.problems.is_empty() => drop(refused.insert(row.row)),
                _ => return Err(format!("row {} came out as {row:?}", row.row).into()),
            }
        }
    }
    if seen.len() != rows || refused != *bad || good.len() != rows - bad.len() {
        return Err(format!(
            "{} rows in the report, {} refused (wanted {}), {} different openings",
            seen.len(),
            refused.len(),
            bad.len(),
            good.len()
        )
        .into());
    }
    Ok(good.into_iter().collect())
}

/// Asks every opening for its proposals until each one knows itself.
async fn ask_for_proposals(
    desk: &Desk<'_>,
    openings: &[OpeningId],
) -> Result<Vec<(OpeningId, OpeningProposals)>, Failure> {
    let began = Instant::now();
    stream::iter(openings.iter().copied())
        .map(|opening_id| async move {
            loop {
                let query = ProposalsForOpening { opening_id, page: 0, per_page: PER_PAGE };
                let answer = desk.ask(&query).await?;
                match answer.opening_version {
                    Some(1) => return Ok((opening_id, answer)),
                    Some(version) => return Err(format!("{opening_id} is at version {version}").into()),
                    None if began.elapsed() > PATIENCE => {
                        return Err(format!("the matcher never heard of {opening_id}").into());
                    }
                    None => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}

/// The baseline: the same kind of openings, posted by the form one after the other; openings a second until the last one
/// answers. They are of employers that are not in the file.
async fn post_one_by_one(
    desk: &Desk<'_>,
    employers: &[Employer],
    openings: &[Opening],
) -> Result<f64, Failure> {
    let mut ids = Vec::with_capacity(employers.len());
    for Employer { name, kvk_number, postcode, .. } in employers {
        let (name, kvk_number) = (name.clone(), kvk_number.clone());
        let site = SiteDetails { name: String::new(), street: String::new(), postcode: postcode.clone() };
        ids.push(desk.ask(&AddEmployer { name, kvk_number, site, contact: None }).await?);
    }
    let began = Instant::now();
    let mut posted = Vec::with_capacity(openings.len());
    for opening in openings {
        let employer_id = ids[opening.employer];
        let call = PostOpening { employer_id, details: opening.details.clone(), publish: true };
        posted.push(desk.ask(&call).await?);
    }
    ask_for_proposals(desk, &posted).await?;
    let per_second = openings.len() as f64 / began.elapsed().as_secs_f64();
    println!("    {} openings posted one by one: {per_second:.0} a second", openings.len());
    Ok(per_second)
}
