use proto::{
    Actor, Sealed, Service as Name, Status,
    vacancies::{AddEmployer, Employer, EmployerContact, Employers},
};
use sqlx::Row as _;

use crate::support::{
    add_linde, administrator, elsewhere, employer_account, fields, flevoland, kitchen, linde, post, refused,
    start, stream_messages,
};

#[tokio::test]
async fn an_account_manager_adds_an_employer_of_her_region_once() {
    let test = start().await;
    let id = add_linde(&test).await;
    let again = test.ask(&flevoland(), &AddEmployer { name: "Anders".into(), ..linde() }).await.unwrap_err();
    assert_eq!((again.status, again.code.as_str()), (Status::Conflict, "employer-exists"));
    assert_eq!(again.args["employer_id"], id.to_string());
    let hers = AddEmployer { postcode: "1012".into(), ..linde() };
    let unseen = test.ask(&elsewhere(), &hers).await.unwrap_err();
    assert_eq!(unseen.code, "employer-exists");
    assert!(unseen.args.is_empty(), "whose it is, is nobody's business elsewhere");

    for actor in [elsewhere(), employer_account(id), administrator(), Actor::Visitor] {
        let command = AddEmployer { kvk_number: "87654321".into(), ..linde() };
        assert_eq!(refused(test.ask(&actor, &command).await).0, Status::Forbidden, "{actor:?}");
    }
    let bad = AddEmployer {
        name: " ".into(),
        kvk_number: "1".into(),
        postcode: "1310".into(),
        contact: Some(Sealed::from_base64("geen doos".into())),
    };
    let expected = [
        "name name-empty",
        "kvk_number kvk-malformed",
        "postcode postcode-unknown",
        "contact contact-unreadable",
    ];
    assert_eq!(fields(test.ask(&flevoland(), &bad).await), expected);
    test.stop().await;
}

#[tokio::test]
async fn lists_show_the_own_region_by_name_and_find_parts() {
    let test = start().await;
    let linde_id = add_linde(&test).await;
    let add = |name: &str, kvk: &str| AddEmployer { name: name.into(), kvk_number: kvk.into(), ..linde() };
    test.ask(&flevoland(), &add("alfa 100%", "11111111")).await.unwrap();
    test.ask(&flevoland(), &add("Zon_en Zee", "22222222")).await.unwrap();
    post(&test, linde_id, kitchen(), true).await;
    post(&test, linde_id, kitchen(), false).await;

    let ask = async |actor: &Actor, search: &str| {
        let query = Employers { search: search.into(), page: 0, per_page: 100 };
        test.ask(actor, &query).await.map(|page| {
            let names: Vec<_> = page.rows.iter().map(|line| line.name.clone()).collect();
            assert_eq!(page.total, names.len() as u64);
            names
        })
    };
    assert_eq!(ask(&flevoland(), "").await.unwrap(), ["alfa 100%", "De Linde", "Zon_en Zee"]);
    assert_eq!(ask(&flevoland(), "LIND").await.unwrap(), ["De Linde"]);
    assert_eq!(ask(&flevoland(), "2222").await.unwrap(), ["Zon_en Zee"]);
    assert_eq!(ask(&flevoland(), "%").await.unwrap(), ["alfa 100%"]);
    assert_eq!(ask(&flevoland(), "_").await.unwrap(), ["Zon_en Zee"]);
    assert_eq!(ask(&flevoland(), "\0\\").await.unwrap(), Vec::<String>::new());
    assert_eq!(ask(&elsewhere(), "").await.unwrap(), Vec::<String>::new());
    assert_eq!(ask(&administrator(), "").await.unwrap().len(), 3);
    assert_eq!(ask(&employer_account(linde_id), "").await.unwrap(), ["De Linde"]);
    assert_eq!(refused(ask(&Actor::Visitor, "").await).0, Status::Forbidden);

    let query = Employers { search: "linde".into(), page: 0, per_page: 1 };
    let line = test.ask(&flevoland(), &query).await.unwrap().rows.remove(0);
    assert_eq!((line.place.as_str(), line.open_openings), ("Almere", 1));
    for per_page in [0, 101] {
        let query = Employers { search: String::new(), page: 0, per_page };
        assert_eq!(fields(test.ask(&flevoland(), &query).await), ["per_page page-size-out-of-range"]);
    }
    let beyond = Employers { search: String::new(), page: u32::MAX, per_page: 100 };
    let page = test.ask(&flevoland(), &beyond).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (0, 3));
    test.stop().await;
}

#[tokio::test]
async fn a_contact_is_seen_by_those_who_may_and_stands_nowhere_readable() {
    const NAME: &str = "Fatma Yildiz-Zonnebloem";
    const REACH: &str = "fatma.zonnebloem@example.org";
    let test = start().await;
    let contact = EmployerContact { name: NAME.into(), reach: format!(" {REACH} ") };
    let sealed = test.keys(Name::Portal).seal(Name::Vacancies, &contact);
    let id = test.ask(&flevoland(), &AddEmployer { contact: Some(sealed), ..linde() }).await.unwrap();
    post(&test, id, kitchen(), true).await;

    for actor in [flevoland(), employer_account(id)] {
        let view = test.ask(&actor, &Employer { employer_id: id }).await.unwrap();
        assert_eq!((view.region.as_str(), view.postcode.as_str()), ("AM11", "1315 RC"));
        let seen = test.keys(Name::Portal).open(&view.contact.unwrap()).unwrap();
        assert_eq!((seen.name.as_str(), seen.reach.as_str()), (NAME, REACH));
    }
    let view = test.ask(&administrator(), &Employer { employer_id: id }).await.unwrap();
    assert!(view.contact.is_none(), "an administrator looks, but not at people");
    for actor in [elsewhere(), employer_account(proto::EmployerId(uuid::Uuid::nil())), Actor::Visitor] {
        let answer = test.ask(&actor, &Employer { employer_id: id }).await;
        assert_eq!(refused(answer).0, Status::Forbidden);
    }
    let bsn = EmployerContact { name: NAME.into(), reach: "111222333".into() };
    let sealed = test.keys(Name::Portal).seal(Name::Vacancies, &bsn);
    let command = AddEmployer { contact: Some(sealed), kvk_number: "87654321".into(), ..linde() };
    assert_eq!(fields(test.ask(&flevoland(), &command).await), ["contact.reach looks-like-bsn"]);

    // Every column of every table, and every message of the stream.
    let pool = test.pool(Name::Vacancies);
    // Partitions are read through their table.
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class
         where relnamespace = 'vacancies'::regnamespace and relkind in ('r', 'p') and not relispartition",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert!(tables.iter().any(|table| table == "employer_contacts"));
    let mut read = 0;
    for table in tables {
        let sql = format!("select to_jsonb(t)::text as row, t::text as plain from {table} t");
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap() {
            let text = format!("{} {}", row.get::<String, _>("row"), row.get::<String, _>("plain"));
            let hex =
                |word: &str| word.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
            for secret in ["Zonnebloem", "zonnebloem", "Fatma", "111222333"] {
                assert!(!text.contains(secret) && !text.contains(&hex(secret)), "{table}: {secret}");
            }
            read += 1;
        }
    }
    assert!(read > 4);
    chassis::harness::eventually("the event is there", async || !stream_messages(&test).await.is_empty())
        .await;
    for (_, body) in stream_messages(&test).await {
        assert!(!body.to_lowercase().contains("zonnebloem"));
    }
    assert!(!test.metrics().to_lowercase().contains("zonnebloem"));
    test.stop().await;
}
