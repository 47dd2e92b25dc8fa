use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chassis::harness::{TestPlatform, eventually};
use proto::{
    Actor, FieldProblem, ImportId, Service as Name, Status,
    vacancies::{
        AddImportRows, ChangeOpening, CloseOpening, CloseReason, ImportColumn, ImportReport,
        ImportReportView, ImportState, MapColumns, Opening, OpeningDetails, RowOutcome, RunImport, SelfCheck,
        StartImport,
    },
};
use uuid::Uuid;
use vacancies::{Work, service, service_with};

use crate::support::{
    REFERENCE, add_linde, administrator, count, elsewhere, employer_account, facts, fields, flevoland,
    refused, start,
};

/// A good row with this key, with these cells instead.
pub(crate) fn row(kenmerk: &str, changes: &[(ImportColumn, &str)]) -> Vec<String> {
    let good = |column: ImportColumn| match column {
        ImportColumn::Kenmerk => kenmerk,
        ImportColumn::Kvk => "12345678",
        ImportColumn::Werkgever => "De Linde",
        ImportColumn::Functie => "Medewerker keuken",
        ImportColumn::Soort => "gewoon",
        ImportColumn::Taken => "schoonmaken.vloeren|ramen wassen",
        ImportColumn::Omschrijving => "Fijn werk",
        ImportColumn::Postcode => "1315RC",
        ImportColumn::UrenMin => "16",
        ImportColumn::UrenMax => "24",
        ImportColumn::Dagdelen => "ochtend|middag",
        ImportColumn::Begint | ImportColumn::Sluit => "",
        ImportColumn::Plaatsen => "2",
        ImportColumn::Uurloon => "15,20",
    };
    let cell = |column| {
        changes.iter().find(|(changed, _)| *changed == column).map_or(good(column), |(_, value)| value)
    };
    ImportColumn::ALL.into_iter().map(|column| cell(column).to_owned()).collect()
}

pub(crate) fn headings() -> Vec<String> {
    ImportColumn::ALL.into_iter().map(|column| column.name().to_owned()).collect()
}

pub(crate) async fn begin(test: &TestPlatform, actor: &Actor, rows: &[Vec<String>]) -> ImportId {
    let start = StartImport { headings: headings(), rows: rows.len() as u32 };
    let import_id = test.ask(actor, &start).await.unwrap();
    for (index, chunk) in rows.chunks(150).enumerate() {
        let first_row = (index * 150 + 1) as u32;
        test.ask(actor, &AddImportRows { import_id, first_row, rows: chunk.to_vec() }).await.unwrap();
    }
    import_id
}

pub(crate) async fn report(test: &TestPlatform, actor: &Actor, import_id: ImportId) -> ImportReportView {
    let mut whole: Option<ImportReportView> = None;
    for page in 0.. {
        let query = ImportReport { import_id, outcome: None, page, per_page: 200 };
        let next = test.ask(actor, &query).await.unwrap();
        let done = next.rows.rows.is_empty();
        match &mut whole {
            None => whole = Some(next),
            Some(whole) => whole.rows.rows.extend(next.rows.rows),
        }
        if done {
            break;
        }
    }
    whole.unwrap()
}

pub(crate) async fn finished(test: &TestPlatform, actor: &Actor, import_id: ImportId) -> ImportReportView {
    in_state(test, actor, import_id, ImportState::Finished).await;
    report(test, actor, import_id).await
}

/// The rows in, and every one judged by the columns as proposed.
pub(crate) async fn judged(test: &TestPlatform, actor: &Actor, rows: &[Vec<String>]) -> ImportId {
    let import_id = begin(test, actor, rows).await;
    judge(test, actor, import_id).await;
    import_id
}

pub(crate) async fn judge(test: &TestPlatform, actor: &Actor, import_id: ImportId) {
    let columns = glimpse(test, actor, import_id).await.columns;
    test.ask(actor, &MapColumns { import_id, columns }).await.unwrap();
    in_state(test, actor, import_id, ImportState::Judged).await;
}

/// The import as it stands, with one row at most.
pub(crate) async fn glimpse(test: &TestPlatform, actor: &Actor, import_id: ImportId) -> ImportReportView {
    let query = ImportReport { import_id, outcome: Some(RowOutcome::Refused), page: 0, per_page: 1 };
    test.ask(actor, &query).await.unwrap()
}

pub(crate) async fn in_state(test: &TestPlatform, actor: &Actor, import_id: ImportId, state: ImportState) {
    eventually("the import gets there", async || glimpse(test, actor, import_id).await.state == state).await;
}

async fn import(test: &TestPlatform, actor: &Actor, rows: &[Vec<String>]) -> ImportReportView {
    let import_id = judged(test, actor, rows).await;
    test.ask(actor, &RunImport { import_id }).await.unwrap();
    finished(test, actor, import_id).await
}

pub(crate) fn codes(problems: &[FieldProblem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect()
}

pub(crate) fn outcomes(report: &ImportReportView) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    for row in &report.rows.rows {
        let name = match row.outcome {
            RowOutcome::Waiting => "waiting",
            RowOutcome::Placed => "placed",
            RowOutcome::Changed => "changed",
            RowOutcome::Unchanged => "unchanged",
            RowOutcome::Refused => "refused",
        };
        *counted.entry(name).or_insert(0) += 1;
    }
    counted
}

#[tokio::test]
async fn every_row_is_placed_or_refused_with_its_reasons() {
    use ImportColumn::{
        Begint, Dagdelen, Functie, Kvk, Omschrijving, Plaatsen, Postcode, Soort, Taken, UrenMax, UrenMin,
        Uurloon, Werkgever,
    };
    let test = start().await;
    add_linde(&test).await;
    let far = "6211";
    let bad: Vec<(Vec<String>, &str)> = vec![
        (row("", &[]), "kenmerk kenmerk-empty"),
        (row("k-2", &[]), "kenmerk row-repeats-earlier"),
        (row("b1", &[(Kvk, "123")]), "kvk kvk-malformed"),
        (row("b2", &[(Functie, "")]), "functie title-empty"),
        (row("b3", &[(Functie, "=HYPERLINK(1)")]), "functie title-formula-like"),
        (row("b4", &[(Soort, "stage")]), "soort route-unknown"),
        (row("b5", &[(Taken, "kopstaan")]), "taken task-unknown"),
        (row("b6", &[(Omschrijving, "bsn 111222333")]), "omschrijving looks-like-bsn"),
        (row("b7", &[(Postcode, "1310")]), "postcode postcode-unknown"),
        (row("b8", &[(UrenMin, "x")]), "uren_min hours-malformed"),
        (row("b9", &[(UrenMax, "60")]), "uren_min hours-unsound"),
        (row("b10", &[(Dagdelen, "")]), "dagdelen dayparts-empty"),
        (row("b11", &[(Begint, "31-02-2027")]), "begint date-impossible"),
        (row("b12", &[(Begint, "1-1-2020")]), "begint starts-in-past"),
        (row("b13", &[(Plaatsen, "-1")]), "plaatsen number-malformed"),
        (row("b14", &[(Uurloon, "veel")]), "uurloon pay-malformed"),
        (row("b15", &[(Kvk, "99999999"), (Postcode, far)]), "postcode employer-outside-your-regions"),
        (row("b16", &[(Kvk, "88888888"), (Werkgever, " ")]), "werkgever name-empty"),
        (row("b17", &[(Functie, "kok\0")]), "functie text-unreadable"),
        (vec!["te".into(), "kort".into()], "row row-cells"),
    ];
    let good: Vec<_> = (0..300)
        .map(|number| {
            let kvk = format!("{:08}", 20_000_000 + number % 7);
            // An opening may lie anywhere; the employer's first site in the region makes it hers.
            let postcode = if number % 10 == 9 { far } else { "8224 AB" };
            row(&format!("k-{number}"), &[(Kvk, &kvk), (Postcode, postcode)])
        })
        .collect();
    let mut rows = vec![good[2].clone()];
    rows[0][0] = "k-2".into();
    rows[0][1] = "12345678".into();
    rows.extend(good);
    rows.extend(bad.iter().map(|(row, _)| row.clone()));
    let report = import(&test, &flevoland(), &rows).await;

    let counts = report.counts;
    assert_eq!((counts.placed, counts.changed, counts.unchanged), (301, 0, 0));
    assert_eq!((counts.refused, counts.waiting), (bad.len() as u32, 0));
    assert_eq!((report.state, report.rows.total), (ImportState::Finished, rows.len() as u64));
    assert_eq!(report.rows.rows.len(), rows.len());
    for (index, row) in report.rows.rows.iter().enumerate() {
        assert_eq!(row.row as usize, index + 1);
        let is_bad = index >= 301;
        assert_eq!(row.outcome, if is_bad { RowOutcome::Refused } else { RowOutcome::Placed }, "{row:?}");
        assert_eq!(row.opening_id.is_none(), is_bad);
        if is_bad {
            assert_eq!(codes(&row.problems), [bad[index - 301].1], "{row:?}");
        }
    }
    let problem = |at: usize| &report.rows.rows[301 + at].problems[0];
    assert_eq!(problem(1).args["row"], "1");
    assert_eq!(problem(4).args["value"], "=HYPERLINK(1)");
    assert!(!format!("{report:?}").contains("111222333"));

    assert_eq!(count(&test, "select count(*) from openings").await, 301);
    assert_eq!(count(&test, "select count(*) from employers").await, 8);
    let kept = "select count(*) from import_rows where cells <> '[]'";
    assert_eq!(count(&test, kept).await, bad.len() as i64, "to download what was refused");
    for row in &report.rows.rows {
        assert_eq!(row.cells.is_empty(), row.outcome != RowOutcome::Refused);
    }
    let left = count(&test, "select count(*) from import_rows where cells like '%111222333%'").await;
    assert_eq!(left, 0);
    eventually("every opening is told once", async || facts(&test, "opening_published").await.len() == 301)
        .await;
    let told = facts(&test, "import_progressed").await;
    assert_eq!(told.last().unwrap()["state"], "finished");
    assert_eq!(told.last().unwrap()["counts"]["placed"], 301);

    test.clock.advance(chrono::TimeDelta::hours(25));
    eventually("cells are emptied after a day", async || count(&test, kept).await == 0).await;

    let only = ImportReport {
        import_id: ImportId(Uuid::nil()),
        outcome: Some(RowOutcome::Refused),
        page: 0,
        per_page: 5,
    };
    assert_eq!(refused(test.ask(&flevoland(), &only).await), (Status::NotFound, "import-unknown".into()));
    test.stop().await;
}

#[tokio::test]
async fn the_same_file_again_changes_only_what_differs() {
    let test = start().await;
    let rows: Vec<_> = (0..20).map(|number| row(&format!("k-{number}"), &[])).collect();
    let first = import(&test, &flevoland(), &rows).await;
    assert_eq!(outcomes(&first), BTreeMap::from([("placed", 20)]));
    let again = import(&test, &flevoland(), &rows).await;
    assert_eq!(outcomes(&again), BTreeMap::from([("unchanged", 20)]));
    let ids =
        |report: &ImportReportView| report.rows.rows.iter().map(|row| row.opening_id).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&again));

    // By hand: something no file can say, and one that is filled.
    let id = |at: usize| first.rows.rows[at].opening_id.unwrap();
    let view = test.ask(&flevoland(), &Opening { opening_id: id(0) }).await.unwrap();
    let details = OpeningDetails { self_checks: vec![SelfCheck::Outside], ..view.details };
    test.ask(&flevoland(), &ChangeOpening { opening_id: id(0), version: 1, details, after_advice: None })
        .await
        .unwrap();
    test.ask(&flevoland(), &CloseOpening { opening_id: id(1), reason: CloseReason::Filled }).await.unwrap();

    let mut changed = rows.clone();
    for row in &mut changed[..5] {
        row[3] = "Kok".into();
    }
    let third = import(&test, &flevoland(), &changed).await;
    assert_eq!(outcomes(&third), BTreeMap::from([("changed", 4), ("refused", 1), ("unchanged", 15)]));
    assert_eq!(codes(&third.rows.rows[1].problems), ["kenmerk opening-closed"]);
    let view = test.ask(&Actor::Visitor, &Opening { opening_id: id(0) }).await.unwrap();
    assert_eq!((view.version, view.details.title.as_str()), (3, "Kok"));
    assert_eq!(view.details.self_checks, [SelfCheck::Outside]);
    assert_eq!(count(&test, "select count(*) from openings").await, 20);
    eventually("each change is told", async || facts(&test, "opening_published").await.len() == 25).await;
    test.stop().await;
}

#[tokio::test]
async fn an_importer_touches_only_her_own_employers() {
    let test = start().await;
    let linde = add_linde(&test).await;
    let rows = [row("a", &[]), row("b", &[(ImportColumn::Kvk, "87654321")])];
    let own = import(&test, &employer_account(linde), &rows).await;
    assert_eq!(own.rows.rows[0].outcome, RowOutcome::Placed);
    assert_eq!(codes(&own.rows.rows[1].problems), ["postcode employer-outside-your-regions"]);
    let theirs = import(&test, &elsewhere(), &rows).await;
    assert_eq!(codes(&theirs.rows.rows[0].problems), ["kvk employer-not-yours"]);
    assert_eq!(codes(&theirs.rows.rows[1].problems), ["postcode employer-outside-your-regions"]);
    assert_eq!(count(&test, "select count(*) from employers").await, 1);

    let import_id = begin(&test, &flevoland(), &rows).await;
    let start = StartImport { headings: headings(), rows: 1 };
    for actor in [administrator(), Actor::Visitor] {
        assert_eq!(refused(test.ask(&actor, &start).await), (Status::Forbidden, "forbidden".into()));
        assert_eq!(refused(test.ask(&actor, &RunImport { import_id }).await).0, Status::Forbidden);
    }
    let unknown = (Status::NotFound, "import-unknown".to_owned());
    assert_eq!(refused(test.ask(&elsewhere(), &RunImport { import_id }).await), unknown);
    let add = AddImportRows { import_id, first_row: 1, rows: rows.to_vec() };
    assert_eq!(refused(test.ask(&elsewhere(), &add).await), unknown);
    let query = ImportReport { import_id, outcome: None, page: 0, per_page: 200 };
    assert_eq!(refused(test.ask(&elsewhere(), &query).await), unknown);
    assert_eq!(test.ask(&administrator(), &query).await.unwrap().rows.total, 2);
    test.stop().await;
}

#[tokio::test]
async fn what_is_sent_twice_or_wrongly_changes_nothing() {
    let test = start().await;
    let actor = flevoland();
    let bad = StartImport { headings: vec![], rows: 100_001 };
    let problems = fields(test.ask(&actor, &bad).await);
    assert_eq!(problems, ["headings headings-out-of-range", "rows rows-out-of-range"]);

    let rows: Vec<_> = (0..5).map(|number| row(&format!("k-{number}"), &[])).collect();
    let start = StartImport { headings: headings(), rows: 5 };
    let import_id = test.ask(&actor, &start).await.unwrap();
    let add = |first_row, rows: &[Vec<String>]| AddImportRows { import_id, first_row, rows: rows.to_vec() };
    // The same and overlapping rows, also at the same moment.
    let (first, whole) = (add(1, &rows[..3]), add(2, &rows[1..4]));
    let adding = (0..6).map(|number| test.ask(&actor, if number % 2 == 0 { &first } else { &whole }));
    assert!(futures::future::join_all(adding).await.into_iter().all(|added| added.is_ok()));
    assert_eq!(count(&test, "select count(*) from import_rows").await, 4);
    let differs = refused(test.ask(&actor, &add(1, &rows[1..3])).await);
    assert_eq!(differs, (Status::Conflict, "import-rows-differ".into()));
    assert_eq!(fields(test.ask(&actor, &add(5, &rows[..2])).await), ["first_row rows-out-of-range"]);
    assert_eq!(fields(test.ask(&actor, &add(0, &rows[..1])).await), ["first_row rows-out-of-range"]);
    let wide = vec![vec!["x".repeat(70_000)]];
    assert_eq!(fields(test.ask(&actor, &add(1, &wide)).await), ["rows rows-too-large"]);
    assert_eq!(
        fields(test.ask(&actor, &add(1, &vec![Vec::new(); 201])).await),
        ["rows rows-too-many", "first_row rows-out-of-range"]
    );

    let missing = test.ask(&actor, &RunImport { import_id }).await.unwrap_err();
    assert_eq!((missing.status, missing.code.as_str()), (Status::Conflict, "import-rows-missing"));
    assert_eq!((missing.args["there"].as_str(), missing.args["announced"].as_str()), ("4", "5"));
    test.ask(&actor, &add(5, &rows[4..])).await.unwrap();
    let running = RunImport { import_id };
    let early = refused(test.ask(&actor, &running).await);
    assert_eq!(early, (Status::Conflict, "import-not-judged".into()));
    // The last portion once more: the sender did not get the answer.
    test.ask(&actor, &add(5, &rows[4..])).await.unwrap();
    judge(&test, &actor, import_id).await;
    let asked = (0..8).map(|_| test.ask(&actor, &running));
    assert!(futures::future::join_all(asked).await.into_iter().all(|ran| ran.is_ok()));
    let report = finished(&test, &actor, import_id).await;
    assert_eq!(outcomes(&report), BTreeMap::from([("placed", 5)]));
    test.ask(&actor, &RunImport { import_id }).await.unwrap();
    let late = refused(test.ask(&actor, &add(1, &rows[..1])).await);
    assert_eq!(late, (Status::Conflict, "import-started".into()));
    assert_eq!(count(&test, "select count(*) from openings").await, 5);
    eventually("told once", async || facts(&test, "opening_published").await.len() == 5).await;
    test.stop().await;
}

#[tokio::test]
async fn replicas_share_the_rows_of_several_imports_and_double_nothing() {
    let test = start().await;
    let replica = test.replica(vec![service(REFERENCE.clone())]).await;
    // Twice the same keys, with other titles, at the same moment; every employer is new.
    let rows = |title: &str| -> Vec<_> {
        (0..1_500)
            .map(|number| {
                let kvk = format!("{:08}", 30_000_000 + number % 40);
                row(&format!("k-{number}"), &[(ImportColumn::Kvk, &kvk), (ImportColumn::Functie, title)])
            })
            .collect()
    };
    let first = judged(&test, &flevoland(), &rows("Kok")).await;
    let second = judged(&test, &flevoland(), &rows("Afwasser")).await;
    for id in [first, second] {
        let counts = glimpse(&test, &flevoland(), id).await.counts;
        assert_eq!((counts.placed, counts.waiting), (1_500, 0), "as the world is now");
    }
    assert_eq!(count(&test, "select count(*) from employers").await, 0, "nothing is placed by judging");
    let (one, two) = (RunImport { import_id: first }, RunImport { import_id: second });
    let actor = flevoland();
    let asked = [&one, &two, &one, &two].map(|run| test.ask(&actor, run));
    assert!(futures::future::join_all(asked).await.into_iter().all(|ran| ran.is_ok()));
    let (first, second) = (finished(&test, &actor, first).await, finished(&test, &actor, second).await);
    let both = [first.counts, second.counts];
    assert_eq!(both.iter().map(|counts| counts.placed).sum::<u32>(), 1_500);
    assert_eq!(both.iter().map(|counts| counts.changed).sum::<u32>(), 1_500);
    assert_eq!(both.iter().map(|counts| counts.refused).sum::<u32>(), 0);
    assert_eq!(count(&test, "select count(*) from openings").await, 1_500);
    assert_eq!(count(&test, "select count(*) from openings where version = 2").await, 1_500);
    assert_eq!(count(&test, "select count(*) from employers").await, 40);
    let told = "select count(*) from outbox where type = 'nl.vacatures.vacature-gepubliceerd.v1'";
    assert_eq!(count(&test, told).await, 3_000);
    replica.stop().await;
    test.stop().await;
}

/// The only replica that places rows is killed with its runtime, in the middle of a chunk or
/// between two; another one then finishes, and nothing is lost or doubled.
#[test]
fn an_import_goes_on_after_the_replica_that_ran_it_was_killed() {
    let calm = tokio::runtime::Runtime::new().unwrap();
    let answers = service_with(REFERENCE.clone(), Work::Answers);
    let test = Arc::new(calm.block_on(TestPlatform::start(vec![answers])));
    let actor = flevoland();
    let rows: Vec<_> = (0..6_000).map(|number| row(&format!("k-{number}"), &[])).collect();
    let import_id = calm.block_on(async {
        let import_id = begin(&test, &actor, &rows).await;
        let columns = glimpse(&test, &actor, import_id).await.columns;
        test.ask(&actor, &MapColumns { import_id, columns }).await.unwrap();
        import_id
    });
    // Judging goes on where a killed replica stopped as well.
    let doomed = tokio::runtime::Runtime::new().unwrap();
    let platform = doomed.block_on(test.replica(vec![service(REFERENCE.clone())]));
    calm.block_on(eventually("some rows are judged", async || {
        count(&test, "select count(*) from import_rows where judged is not null").await > 0
    }));
    std::mem::forget(platform);
    doomed.shutdown_timeout(Duration::ZERO);
    calm.block_on(async {
        let replica = test.replica(vec![service(REFERENCE.clone())]).await;
        in_state(&test, &actor, import_id, ImportState::Judged).await;
        replica.stop().await;
        let judged = glimpse(&test, &actor, import_id).await.counts;
        assert_eq!((judged.placed, judged.waiting), (6_000, 0));
        test.ask(&actor, &RunImport { import_id }).await.unwrap();
    });
    let mut kills = 0;
    loop {
        let doomed = tokio::runtime::Runtime::new().unwrap();
        let platform = doomed.block_on(test.replica(vec![service(REFERENCE.clone())]));
        let before =
            calm.block_on(count(&test, "select count(*) from import_rows where outcome <> 'waiting'"));
        let waiting = calm.block_on(async {
            eventually("a chunk more is done", async || {
                count(&test, "select count(*) from import_rows where outcome <> 'waiting'").await > before
            })
            .await;
            count(&test, "select count(*) from import_rows where outcome = 'waiting'").await
        });
        // As a kill does: no task gets to finish, connections drop with what they had begun.
        std::mem::forget(platform);
        doomed.shutdown_timeout(Duration::ZERO);
        if waiting == 0 || kills == 3 {
            break;
        }
        kills += 1;
    }
    assert!(kills > 0, "it was too fast to be killed");
    calm.block_on(async {
        let replica = test.replica(vec![service(REFERENCE.clone())]).await;
        let report = finished(&test, &actor, import_id).await;
        assert_eq!(outcomes(&report), BTreeMap::from([("placed", 6_000)]));
        assert_eq!(count(&test, "select count(*) from openings").await, 6_000);
        let told = "select count(distinct aggregate_id) from outbox
                    where type = 'nl.vacatures.vacature-gepubliceerd.v1'";
        assert_eq!(count(&test, told).await, 6_000);
        let all = "select count(*) from outbox where type = 'nl.vacatures.vacature-gepubliceerd.v1'";
        assert_eq!(count(&test, all).await, 6_000);
        replica.stop().await;
        Arc::into_inner(test).unwrap().stop().await;
    });
}

#[tokio::test]
async fn a_row_that_breaks_its_chunk_is_put_aside_and_the_others_are_placed() {
    let test = start().await;
    let rows: Vec<_> = (0..60).map(|number| row(&format!("k-{number}"), &[])).collect();
    let import_id = judged(&test, &flevoland(), &rows).await;
    // No input does this; only a fault of ours could.
    sqlx::query("update import_rows set cells = 'broken' where row_no = 30")
        .execute(test.pool(Name::Vacancies))
        .await
        .unwrap();
    test.ask(&flevoland(), &RunImport { import_id }).await.unwrap();
    let report = finished(&test, &flevoland(), import_id).await;
    assert_eq!(outcomes(&report), BTreeMap::from([("placed", 59), ("refused", 1)]));
    assert_eq!(codes(&report.rows.rows[29].problems), ["row row-failed"]);
    test.stop().await;
}

/// Not part of `make test`: prints where the time of a large import goes.
/// `cargo nextest run -p vacancies --release --run-ignored only --no-capture`
#[tokio::test]
#[ignore = "a measurement"]
async fn twenty_thousand_rows_of_which_a_thousand_are_bad() {
    let test = start().await;
    let rows: Vec<_> = (0..20_000)
        .map(|number| {
            let kvk = format!("{:08}", 30_000_000 + number % 500);
            let postcode =
                if number % 20 == 7 { "1310" } else { ["1315 RC", "8224", "6211", "1012"][number / 500 % 4] };
            let title = format!("Medewerker {number}");
            row(
                &format!("k-{number}"),
                &[
                    (ImportColumn::Kvk, &kvk),
                    (ImportColumn::Postcode, postcode),
                    (ImportColumn::Functie, &title),
                    (ImportColumn::Omschrijving, &"Fijn werk in een klein team. ".repeat(8)),
                ],
            )
        })
        .collect();
    for round in ["new", "again"] {
        let started = tokio::time::Instant::now();
        let import_id = begin(&test, &flevoland(), &rows).await;
        let sent = started.elapsed();
        judge(&test, &flevoland(), import_id).await;
        let judged = started.elapsed();
        test.ask(&flevoland(), &RunImport { import_id }).await.unwrap();
        let run = started.elapsed();
        let mut state = ImportState::Running;
        while state != ImportState::Finished {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let query =
                ImportReport { import_id, outcome: Some(RowOutcome::Refused), page: 0, per_page: 200 };
            state = test.ask(&flevoland(), &query).await.unwrap().state;
        }
        let placed = started.elapsed();
        eventually("every event is in the stream", async || {
            count(&test, "select count(*) from outbox where published_at is null").await == 0
        })
        .await;
        let told = started.elapsed();
        let counts = report(&test, &flevoland(), import_id).await.counts;
        println!(
            "{round}: rows sent at {sent:.2?}, judged at {judged:.2?}, run answered at {run:.2?}, all placed at {placed:.2?}, \
             all told at {told:.2?}; {counts:?}"
        );
        assert_eq!(counts.placed + counts.unchanged, 19_000);
        assert_eq!(counts.refused, 1_000);
    }
    // Near-search over more than 100,000, spread over the country.
    for _ in 0..5 {
        sqlx::query(
            "insert into openings select r.* from openings o
             cross join lateral jsonb_populate_record(o, jsonb_build_object(
                 'opening_id', gen_random_uuid(), 'kenmerk', null,
                 'cell_x', 20 + (random() * 250)::int, 'cell_y', 310 + (random() * 300)::int)) r
             where o.kenmerk is not null limit 17000",
        )
        .execute(test.pool(Name::Vacancies))
        .await
        .unwrap();
    }
    for (km, page) in [(10, 0), (50, 0), (300, 0), (300, 900)] {
        let cell = proto::work::Cell { x: 146, y: 487 };
        let query = proto::vacancies::OpeningsNear { cell, km, route: None, page, per_page: 100 };
        let started = tokio::time::Instant::now();
        let mut total = 0;
        for _ in 0..20 {
            total = test.ask(&Actor::Visitor, &query).await.unwrap().total;
        }
        println!("within {km} km, page {page}: {total} found, {:.2?} each", started.elapsed() / 20);
    }
    test.stop().await;
}
