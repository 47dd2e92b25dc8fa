use std::collections::BTreeMap;

use chassis::harness::{TestPlatform, eventually};
use chrono::TimeDelta;
use proto::{
    Actor, ImportId, OpeningId, Status,
    vacancies::{
        AddEmployer, AddImportRows, ChangeOpening, CloseOpening, CloseReason, Employer, Employers,
        ImportColumn, ImportReport, ImportReportView, ImportRow, ImportState, MapColumns, MendRows,
        MendedRow, MyImports, Opening, OpeningDetails, OpeningState, RowOutcome, RunImport, SaveSite,
        StartImport, UndoImport,
    },
};

use crate::{
    imports::{begin, codes, finished, glimpse, headings, in_state, judge, judged, outcomes, report, row},
    support::{
        REFERENCE, add_linde, administrator, count, elsewhere, facts, fields, flevoland, kitchen, linde,
        post, refused, site, start,
    },
};

async fn page(test: &TestPlatform, import_id: ImportId, outcome: RowOutcome, page: u32) -> ImportReportView {
    let query = ImportReport { import_id, outcome: Some(outcome), page, per_page: 200 };
    test.ask(&flevoland(), &query).await.unwrap()
}

fn cell(row: u32, column: ImportColumn, value: &str) -> MendedRow {
    MendedRow { row, cells: vec![(column, value.to_owned())] }
}

/// What helps, by what was wrong.
fn mended(row: &ImportRow) -> MendedRow {
    let cells = row.problems.iter().map(|problem| {
        let column = ImportColumn::from_name(&problem.field).unwrap();
        let value = match column {
            ImportColumn::Functie => "Hulp in de keuken",
            ImportColumn::Postcode => "8224 AB",
            ImportColumn::UrenMin => "12",
            other => panic!("nothing is wrong with {other:?}: {problem:?}"),
        };
        (column, value.to_owned())
    });
    MendedRow { row: row.row, cells: cells.collect() }
}

async fn run(test: &TestPlatform, import_id: ImportId) -> ImportReportView {
    test.ask(&flevoland(), &RunImport { import_id }).await.unwrap();
    finished(test, &flevoland(), import_id).await
}

async fn undo(test: &TestPlatform, import_id: ImportId) -> ImportReportView {
    test.ask(&flevoland(), &UndoImport { import_id }).await.unwrap();
    in_state(test, &flevoland(), import_id, ImportState::Undone).await;
    glimpse(test, &flevoland(), import_id).await
}

#[tokio::test]
async fn five_thousand_rows_with_four_hundred_bad_ones_are_mended_placed_and_undone() {
    let test = start().await;
    add_linde(&test).await;
    let rows: Vec<_> = (0..5_000)
        .map(|number| {
            let key = format!("k-{number}");
            match number {
                _ if number % 12 != 3 || number >= 4_800 => row(&key, &[]),
                _ if number % 24 == 3 => row(&key, &[(ImportColumn::Functie, "")]),
                _ if number % 5 == 0 => {
                    row(&key, &[(ImportColumn::Postcode, "1310"), (ImportColumn::UrenMin, "x")])
                }
                _ => row(&key, &[(ImportColumn::UrenMin, "veel")]),
            }
        })
        .collect();
    let import_id = judged(&test, &flevoland(), &rows).await;
    let counts = glimpse(&test, &flevoland(), import_id).await.counts;
    assert_eq!((counts.placed, counts.refused, counts.waiting), (4_600, 400, 0));
    assert_eq!(count(&test, "select count(*) from openings").await, 0);

    let bad: Vec<ImportRow> = [
        page(&test, import_id, RowOutcome::Refused, 0).await.rows.rows,
        page(&test, import_id, RowOutcome::Refused, 1).await.rows.rows,
    ]
    .concat();
    assert_eq!(bad.len(), 400);
    for row in &bad {
        assert_eq!(row.cells, rows[row.row as usize - 1], "as they now are");
    }
    for chunk in bad.chunks(200) {
        let mend = MendRows { import_id, rows: chunk.iter().map(mended).collect() };
        test.ask(&flevoland(), &mend).await.unwrap();
    }
    let view = glimpse(&test, &flevoland(), import_id).await;
    assert_eq!((view.state, view.counts.placed, view.counts.refused), (ImportState::Judged, 5_000, 0));

    let done = run(&test, import_id).await;
    assert_eq!(outcomes(&done), BTreeMap::from([("placed", 5_000)]));
    assert!(done.samples.is_empty());
    assert_eq!(count(&test, "select count(*) from openings where state = 'published'").await, 5_000);
    let again = refused(test.ask(&flevoland(), &MendRows { import_id, rows: vec![mended(&bad[0])] }).await);
    assert_eq!(again, (Status::Conflict, "import-started".into()));

    let until = done.undo_until.unwrap();
    let now = test.clock.machine_now();
    assert!(until > now + TimeDelta::hours(23) && until <= now + TimeDelta::hours(24));
    let view = undo(&test, import_id).await;
    assert_eq!((view.left_alone, view.undo_until), (0, None));
    let closed = "select count(*) from openings where state = 'closed' and close_reason = 'undone'";
    assert_eq!(count(&test, closed).await, 5_000);
    eventually("each end is told", async || {
        count(&test, "select count(*) from outbox where type = 'nl.vacatures.vacature-gesloten.v1'").await
            == 5_000
    })
    .await;
    eventually("the end is told", async || {
        facts(&test, "import_progressed").await.last().unwrap()["state"] == "undone"
    })
    .await;
    let versions: Vec<i64> = facts(&test, "import_progressed")
        .await
        .iter()
        .map(|fact| fact["version"].as_i64().unwrap())
        .collect();
    assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
    test.ask(&flevoland(), &UndoImport { import_id }).await.unwrap();
    let lines = test.ask(&flevoland(), &MyImports {}).await.unwrap();
    assert_eq!((lines.len(), lines[0].state, lines[0].counts.placed), (1, ImportState::Undone, 5_000));
    assert_eq!(test.ask(&elsewhere(), &MyImports {}).await.unwrap(), []);
    test.stop().await;
}

#[tokio::test]
async fn undoing_leaves_alone_what_someone_changed_since() {
    let test = start().await;
    add_linde(&test).await;
    let rows: Vec<_> = (0..12).map(|number| row(&format!("k-{number}"), &[])).collect();
    let first = judged(&test, &flevoland(), &rows[..8]).await;
    let ids: Vec<OpeningId> =
        run(&test, first).await.rows.rows.iter().map(|row| row.opening_id.unwrap()).collect();
    let view = async |id: OpeningId| test.ask(&flevoland(), &Opening { opening_id: id }).await.unwrap();
    let retitle = async |id: OpeningId, title: &str| {
        let now = view(id).await;
        let details = OpeningDetails { title: title.into(), ..now.details };
        let change = ChangeOpening { opening_id: id, version: now.version, details, after_advice: None };
        test.ask(&flevoland(), &change).await.unwrap();
    };

    let mut again = rows.clone();
    for row in &mut again[..4] {
        row[3] = "Kok".into();
        row[7] = "6211".into();
    }
    let second = judged(&test, &flevoland(), &again).await;
    let counts = glimpse(&test, &flevoland(), second).await.counts;
    assert_eq!((counts.placed, counts.changed, counts.unchanged), (4, 4, 4));
    let done = run(&test, second).await;
    assert_eq!(outcomes(&done), BTreeMap::from([("changed", 4), ("placed", 4), ("unchanged", 4)]));
    assert_eq!((view(ids[0]).await.details.title.as_str(), view(ids[0]).await.version), ("Kok", 2));
    let placed: Vec<OpeningId> = done.rows.rows[8..].iter().map(|row| row.opening_id.unwrap()).collect();

    // Someone else works on one of each meanwhile.
    retitle(ids[1], "Hulpkok").await;
    retitle(placed[2], "Gastheer").await;
    let undone = undo(&test, second).await;
    assert_eq!(undone.left_alone, 2);
    for (at, title, version) in [(0, "Medewerker keuken", 3), (1, "Hulpkok", 3), (2, "Medewerker keuken", 3)]
    {
        let view = view(ids[at]).await;
        assert_eq!((view.details.title.as_str(), view.version), (title, version), "{at}");
    }
    assert_eq!(view(ids[0]).await.details.postcode, "1315 RC");
    assert_eq!(view(ids[0]).await.place, view(ids[5]).await.place);
    assert_eq!((view(ids[5]).await.version, view(ids[5]).await.state), (1, OpeningState::Published));
    assert_eq!(view(placed[0]).await.close_reason, Some(CloseReason::Undone));
    assert_eq!(view(placed[2]).await.state, OpeningState::Published);
    eventually("what is said again is told", async || {
        let told = facts(&test, "opening_published").await;
        told.iter().any(|fact| fact["opening_id"] == ids[0].0.to_string() && fact["version"] == 3)
    })
    .await;

    // The first one can still be undone: what changed since stays.
    let undone = undo(&test, first).await;
    assert_eq!(undone.left_alone, 4);
    assert_eq!(view(ids[5]).await.close_reason, Some(CloseReason::Undone));
    test.stop().await;
}

#[tokio::test]
async fn an_import_can_be_undone_for_a_day_and_then_keeps_nothing_of_the_file() {
    let test = start().await;
    add_linde(&test).await;
    let mut rows = vec![row("a", &[]), row("b", &[]), row("c", &[(ImportColumn::Functie, "")])];
    let first = judged(&test, &flevoland(), &rows).await;
    run(&test, first).await;
    rows[0][3] = "Kok".into();
    let second = judged(&test, &flevoland(), &rows).await;
    let early = refused(test.ask(&flevoland(), &UndoImport { import_id: second }).await);
    assert_eq!(early, (Status::Conflict, "import-not-finished".into()));
    run(&test, second).await;
    assert_eq!(count(&test, "select count(*) from import_rows where said is not null").await, 1);
    let forgotten = judged(&test, &flevoland(), &rows).await;

    test.clock.advance(TimeDelta::hours(25));
    let late = refused(test.ask(&flevoland(), &UndoImport { import_id: second }).await);
    assert_eq!(late, (Status::Conflict, "import-undo-too-late".into()));
    let kept = "select count(*) from import_rows where cells <> '[]' or said is not null";
    eventually("nothing of the file is kept", async || count(&test, kept).await == 0).await;
    let query = ImportReport { import_id: forgotten, outcome: None, page: 0, per_page: 1 };
    let gone = (Status::NotFound, "import-unknown".to_owned());
    eventually("what nobody went on with is gone", async || test.ask(&flevoland(), &query).await.is_err())
        .await;
    assert_eq!(refused(test.ask(&flevoland(), &query).await), gone);
    let report = report(&test, &flevoland(), second).await;
    assert_eq!(outcomes(&report), BTreeMap::from([("changed", 1), ("refused", 1), ("unchanged", 1)]));
    assert_eq!(codes(&report.rows.rows[2].problems), ["functie title-empty"]);
    test.stop().await;
}

#[tokio::test]
async fn what_headings_mean_is_proposed_and_remembered_per_account() {
    let test = start().await;
    add_linde(&test).await;
    let columns: Vec<_> =
        ImportColumn::ALL.into_iter().filter(|column| *column != ImportColumn::UrenMin).collect();
    let their_words = [
        "Referentie",
        "KvK-nummer",
        "Bedrijfsnaam",
        "Job title",
        "Soort baan",
        "Werkzaamheden",
        "Tekst",
        "Postcode werk",
        "Uren per week",
        "Wanneer",
        "Startdatum",
        "Reageren tot",
        "Aantal plaatsen",
        "Wat het schuift",
    ];
    let mut rows =
        vec![row("a", &[(ImportColumn::UrenMax, "16-24")]), row("b", &[(ImportColumn::UrenMax, "32")])];
    for row in &mut rows {
        row.remove(8);
        row.insert(0, "intern".into());
    }
    let their_headings: Vec<String> =
        ["Opmerking"].into_iter().chain(their_words).map(str::to_owned).collect();
    let begin = async |actor: &Actor| {
        let start = StartImport { headings: their_headings.clone(), rows: 2 };
        let import_id = test.ask(actor, &start).await.unwrap();
        let waiting = glimpse(&test, actor, import_id).await;
        assert_eq!((waiting.state, waiting.counts.waiting), (ImportState::Receiving, 2));
        test.ask(actor, &AddImportRows { import_id, first_row: 1, rows: rows.clone() }).await.unwrap();
        import_id
    };
    let import_id = begin(&flevoland()).await;
    let view = glimpse(&test, &flevoland(), import_id).await;
    assert_eq!((view.state, view.headings), (ImportState::Mapping, their_headings.clone()));
    let mut expected = vec![None];
    expected.extend(columns.iter().copied().map(Some));
    let mut proposed = expected.clone();
    proposed[14] = None;
    assert_eq!(view.columns, proposed);
    assert_eq!(view.samples, rows);

    // Wrong answers say what is wrong, and change nothing.
    let ask = |columns: Vec<Option<ImportColumn>>| MapColumns { import_id, columns };
    let mut wrong = proposed.clone();
    wrong[14] = wrong[4];
    wrong[1] = None;
    let told = test.ask(&flevoland(), &ask(wrong)).await.unwrap_err();
    let named: Vec<_> =
        told.fields.iter().map(|problem| (problem.code.as_str(), problem.args["column"].as_str())).collect();
    assert_eq!(named, [("column-missing", "kenmerk"), ("column-double", "functie")]);
    assert_eq!(fields(test.ask(&flevoland(), &ask(vec![])).await)[0], "columns columns-number");
    assert_eq!(refused(test.ask(&elsewhere(), &ask(expected.clone())).await).1, "import-unknown");
    assert_eq!(refused(test.ask(&administrator(), &ask(expected.clone())).await).0, Status::Forbidden);
    assert_eq!(glimpse(&test, &flevoland(), import_id).await.state, ImportState::Mapping);

    // First not quite right, then right: everything is judged anew.
    test.ask(&flevoland(), &ask(proposed.clone())).await.unwrap();
    in_state(&test, &flevoland(), import_id, ImportState::Judged).await;
    let mut odd = expected.clone();
    odd.swap(4, 7);
    test.ask(&flevoland(), &ask(odd)).await.unwrap();
    in_state(&test, &flevoland(), import_id, ImportState::Judged).await;
    test.ask(&flevoland(), &ask(expected.clone())).await.unwrap();
    in_state(&test, &flevoland(), import_id, ImportState::Judged).await;
    let done = run(&test, import_id).await;
    assert_eq!(outcomes(&done), BTreeMap::from([("placed", 2)]));
    let id = done.rows.rows[0].opening_id.unwrap();
    let hours = test.ask(&flevoland(), &Opening { opening_id: id }).await.unwrap().details.hours;
    assert_eq!((hours.min, hours.max), (16, 24));
    assert_eq!(refused(test.ask(&flevoland(), &ask(proposed.clone())).await).1, "import-started");

    let next = begin(&flevoland()).await;
    assert_eq!(glimpse(&test, &flevoland(), next).await.columns, expected, "remembered");
    let hers = begin(&elsewhere()).await;
    assert_eq!(glimpse(&test, &elsewhere(), hers).await.columns, proposed, "not for others");
    test.stop().await;
}

#[tokio::test]
async fn mending_one_row_judges_again_what_depends_on_it() {
    use ImportColumn::{Functie, Kenmerk, Kvk, Omschrijving, Postcode, Sluit};
    let test = start().await;
    let new = "87654321";
    // A new employer whose only site in the region is not known yet, twice the same key, a citizen number.
    let rows = [
        row("a", &[(Kvk, new), (Postcode, "1310")]),
        row("b", &[(Kvk, new), (Postcode, "6211")]),
        row("c", &[(Kvk, new), (Postcode, "6211"), (Functie, "")]),
        row("c", &[(Kvk, new), (Postcode, "6211")]),
        row("d", &[(Kvk, new), (Omschrijving, "bsn 111222333"), (Postcode, "6211")]),
    ];
    let headings: Vec<String> = headings().into_iter().filter(|heading| heading != "sluit").collect();
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|mut row| {
            row.remove(12);
            row
        })
        .collect();
    let start = StartImport { headings, rows: 5 };
    let import_id = test.ask(&flevoland(), &start).await.unwrap();
    test.ask(&flevoland(), &AddImportRows { import_id, first_row: 1, rows }).await.unwrap();
    judge(&test, &flevoland(), import_id).await;
    let found = page(&test, import_id, RowOutcome::Refused, 0).await.rows.rows;
    let outside = "postcode employer-outside-your-regions";
    assert_eq!(codes(&found[0].problems), ["postcode postcode-unknown"]);
    assert_eq!(codes(&found[1].problems), [outside]);
    assert_eq!(codes(&found[3].problems), ["kenmerk row-repeats-earlier", outside]);
    assert_eq!(codes(&found[4].problems), ["omschrijving looks-like-bsn", outside]);
    assert_eq!(found[4].cells[6], "bsn •••••••••");
    assert!(!test.dump_of(proto::Service::Vacancies).await.contains("111222333"));

    let mend = |rows: Vec<MendedRow>| MendRows { import_id, rows };
    test.ask(&flevoland(), &mend(vec![cell(1, Postcode, "1315 RC")])).await.unwrap();
    let view = glimpse(&test, &flevoland(), import_id).await;
    assert_eq!((view.counts.placed, view.counts.refused), (2, 3), "the second row has an employer now");
    // A column that the file lacks, and another key: the fourth row repeats nothing from then on.
    let more = MendedRow { row: 3, cells: vec![(Kenmerk, "e".into()), (Sluit, "7-12-2099".into())] };
    test.ask(&flevoland(), &mend(vec![more])).await.unwrap();
    let view = page(&test, import_id, RowOutcome::Refused, 0).await;
    assert_eq!(
        (view.headings.len(), view.headings[14].as_str(), view.columns[14]),
        (15, "sluit", Some(Sluit))
    );
    assert_eq!(view.rows.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(codes(&view.rows.rows[0].problems), ["functie title-empty"]);
    assert_eq!(view.rows.rows[0].cells.len(), 15);

    // What is not refused, not there, double or too much is not mended.
    let not = async |rows: Vec<MendedRow>| fields(test.ask(&flevoland(), &mend(rows)).await);
    assert_eq!(not(vec![cell(1, Functie, "x"), cell(3, Functie, "x")]).await, ["rows.1 row-not-refused"]);
    assert_eq!(not(vec![cell(6, Functie, "x")]).await, ["rows.6 rows-out-of-range"]);
    assert_eq!(not(vec![cell(3, Functie, "x"), cell(3, Functie, "y")]).await, ["rows.3 row-double"]);
    assert_eq!(not(vec![]).await, ["rows rows-too-many"]);
    assert_eq!(not(vec![cell(3, Functie, &"x".repeat(70_000))]).await, ["rows rows-too-large"]);
    let other = refused(test.ask(&elsewhere(), &mend(vec![cell(3, Functie, "x")])).await);
    assert_eq!(other, (Status::NotFound, "import-unknown".into()));

    let both = vec![cell(3, Functie, "Kok"), cell(5, Omschrijving, "Bel ons")];
    test.ask(&flevoland(), &mend(both)).await.unwrap();
    let done = run(&test, import_id).await;
    assert_eq!(outcomes(&done), BTreeMap::from([("placed", 5)]));
    let id = done.rows.rows[2].opening_id.unwrap();
    let details = test.ask(&flevoland(), &Opening { opening_id: id }).await.unwrap().details;
    assert_eq!(details.closes_on, Some("2099-12-07".parse().unwrap()));
    assert_eq!(count(&test, "select count(*) from employers").await, 1);
    test.stop().await;
}

#[tokio::test]
async fn what_was_refused_stays_refused_and_a_file_of_nothing_else_ends_at_once() {
    let test = start().await;
    let rows: Vec<_> =
        (0..3).map(|number| row(&format!("k-{number}"), &[(ImportColumn::Soort, "?")])).collect();
    let import_id = judged(&test, &flevoland(), &rows).await;
    let done = run(&test, import_id).await;
    assert_eq!(outcomes(&done), BTreeMap::from([("refused", 3)]));
    assert_eq!(done.rows.rows[0].cells, rows[0]);
    let undone = undo(&test, import_id).await;
    assert_eq!((undone.left_alone, undone.state), (0, ImportState::Undone));
    test.stop().await;
}

#[tokio::test]
async fn replicas_judge_place_and_undo_together_and_double_nothing() {
    let test = start().await;
    let replica = test.replica(vec![vacancies::service(REFERENCE.clone())]).await;
    let rows: Vec<_> = (0..2_600).map(|number| row(&format!("k-{number}"), &[])).collect();
    let (one, two) =
        futures::future::join(begin(&test, &flevoland(), &rows), begin(&test, &elsewhere(), &rows)).await;
    let columns = ImportColumn::ALL.map(Some).to_vec();
    let map = |import_id| MapColumns { import_id, columns: columns.clone() };
    let (first, second) = (map(one), map(two));
    let (flevoland, elsewhere) = (flevoland(), elsewhere());
    let asked = [&first; 4].map(|map| test.ask(&flevoland, map));
    assert!(futures::future::join_all(asked).await.into_iter().all(|answer| answer.is_ok()));
    test.ask(&elsewhere, &second).await.unwrap();
    in_state(&test, &flevoland, one, ImportState::Judged).await;
    in_state(&test, &elsewhere, two, ImportState::Judged).await;
    let counts = [glimpse(&test, &flevoland, one).await.counts, glimpse(&test, &elsewhere, two).await.counts];
    assert_eq!(counts.map(|counts| (counts.placed, counts.refused)), [(2_600, 0), (0, 2_600)]);
    run(&test, one).await;
    let undoing = UndoImport { import_id: one };
    let asked = [&undoing; 4].map(|undo| test.ask(&flevoland, undo));
    assert!(futures::future::join_all(asked).await.into_iter().all(|answer| answer.is_ok()));
    in_state(&test, &flevoland, one, ImportState::Undone).await;
    assert_eq!(count(&test, "select count(*) from openings where version = 2").await, 2_600);
    let told = "select count(*) from outbox where type = 'nl.vacatures.vacature-gesloten.v1'";
    assert_eq!(count(&test, told).await, 2_600);
    replica.stop().await;
    test.stop().await;
}

#[tokio::test]
async fn a_file_tells_what_it_changes_in_a_search_and_so_does_undoing_it() {
    use ImportColumn::{Dagdelen, Functie, Soort, UrenMin};
    let test = start().await;
    add_linde(&test).await;
    let rows: Vec<_> = (0..3).map(|number| row(&format!("k-{number}"), &[])).collect();
    let first = judged(&test, &flevoland(), &rows).await;
    let ids: Vec<OpeningId> =
        run(&test, first).await.rows.rows.iter().map(|row| row.opening_id.unwrap()).collect();
    let again = [
        row("k-0", &[(UrenMin, "8"), (Dagdelen, "avond"), (Soort, "open hiring")]),
        row("k-1", &[(Functie, "Kok")]),
        row("k-2", &[]),
    ];
    let second = judged(&test, &flevoland(), &again).await;
    let done = run(&test, second).await;
    assert_eq!(outcomes(&done), BTreeMap::from([("changed", 2), ("unchanged", 1)]));
    let told = async |event: &str, version: i64| {
        let all = facts(&test, event).await;
        let mine = all.into_iter().filter(|fact| fact["opening_id"] == ids[0].0.to_string());
        mine.filter(|fact| fact["version"] == version).collect::<Vec<_>>()
    };
    eventually("the file's changes are told", async || {
        told("hours_changed", 2).await.len() == 1 && told("route_changed", 2).await.len() == 1
    })
    .await;
    let hours = &told("hours_changed", 2).await[0];
    assert_eq!((&hours["hours_before"]["min"], &hours["hours"]["min"]), (&16.into(), &8.into()));
    assert_eq!(told("route_changed", 2).await[0]["route_before"], "regular");
    undo(&test, second).await;
    eventually("undoing changes the search again", async || {
        told("hours_changed", 3).await.len() == 1 && told("route_changed", 3).await.len() == 1
    })
    .await;
    assert_eq!(told("hours_changed", 3).await[0]["hours"]["min"], 16);
    let kept = "select count(*) from search_changes where after_advice is null";
    assert_eq!(count(&test, kept).await, 4, "another title is no change of the search");
    test.stop().await;
}

#[tokio::test]
async fn an_employer_that_a_file_brought_goes_with_it_unless_somebody_used_it() {
    use ImportColumn::{Kvk, Werkgever};
    let test = start().await;
    let kvks = ["30000001", "30000002", "30000003", "30000004", "30000005"];
    let rows: Vec<_> = kvks.iter().map(|kvk| row(&format!("k-{kvk}"), &[(Kvk, kvk)])).collect();
    let first = judged(&test, &flevoland(), &rows).await;
    let placed: Vec<OpeningId> =
        run(&test, first).await.rows.rows.iter().map(|row| row.opening_id.unwrap()).collect();
    let employers = async || {
        let query = Employers { search: String::new(), account_manager: None, page: 0, per_page: 50 };
        let mut found: Vec<String> = test
            .ask(&flevoland(), &query)
            .await
            .unwrap()
            .rows
            .into_iter()
            .map(|line| line.kvk_number)
            .collect();
        found.sort();
        found
    };
    let of = async |at: usize| {
        test.ask(&flevoland(), &Opening { opening_id: placed[at] }).await.unwrap().employer_id
    };
    // One gets an opening by hand, one a site, one an opening from another file; one opening is filled.
    post(&test, of(0).await, kitchen(), true).await;
    let site = SaveSite { employer_id: of(1).await, site_id: None, details: site("1315 RC") };
    test.ask(&flevoland(), &site).await.unwrap();
    let other = judged(&test, &flevoland(), &[row("other", &[(Kvk, kvks[2])])]).await;
    run(&test, other).await;
    let filled = CloseOpening { opening_id: placed[3], reason: CloseReason::Filled };
    test.ask(&flevoland(), &filled).await.unwrap();

    let undone = undo(&test, first).await;
    assert_eq!((undone.employers_undone, undone.left_alone), (1, 1));
    assert_eq!(employers().await, kvks[..4]);
    // Its page is there for whoever has its address, and the other file took nothing of it.
    let gone = of(4).await;
    assert_eq!(
        test.ask(&flevoland(), &Employer { employer_id: gone }).await.unwrap().line.kvk_number,
        kvks[4]
    );
    assert_eq!(undo(&test, other).await.employers_undone, 0);

    // The mended file brings it back, under the name that it now has, with a new opening.
    let mended = vec![row(&format!("k-{}", kvks[4]), &[(Kvk, kvks[4]), (Werkgever, "De Els")])];
    let third = judged(&test, &flevoland(), &mended).await;
    let back = run(&test, third).await;
    assert_eq!(outcomes(&back), BTreeMap::from([("placed", 1)]));
    let view = test.ask(&flevoland(), &Employer { employer_id: gone }).await.unwrap();
    assert_eq!((view.line.name.as_str(), view.sites.len()), ("De Els", 1));
    assert_eq!(undo(&test, third).await.employers_undone, 1);
    // By hand as well.
    let added = AddEmployer { kvk_number: kvks[4].into(), ..linde() };
    assert_eq!(test.ask(&flevoland(), &added).await.unwrap(), gone);
    assert_eq!(employers().await, kvks);
    test.stop().await;
}
