use chassis::harness::eventually;
use proto::{
    Actor, EmployerId, OpeningId, Sealed, SiteId, Status,
    vacancies::{
        AddEmployer, ChangeEmployer, CloseOpening, CloseReason, Employer, EmployerRegion, Employers, EndSite,
        Opening, OpeningDetails, OpeningState, OpeningsNear, PauseOpening, PostOpening, PublishOpening,
        PublishedOpenings, SaveSite, SetAccountManager, SiteDetails,
    },
};
use uuid::Uuid;

use crate::support::{
    REFERENCE, add_linde, administrator, elsewhere, employer_account, facts, fields, flevoland, her_account,
    kitchen, linde, post, refused, region_of, site, sites, start,
};

#[tokio::test]
async fn an_account_manager_adds_an_employer_of_her_region_once() {
    let test = start().await;
    let id = add_linde(&test).await;
    let again = test.ask(&flevoland(), &AddEmployer { name: "Anders".into(), ..linde() }).await.unwrap_err();
    assert_eq!((again.status, again.code.as_str()), (Status::Conflict, "employer-exists"));
    assert_eq!(again.args["employer_id"], id.to_string());
    let hers = AddEmployer { site: site("1012"), ..linde() };
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
        site: site("1310"),
        contact: Some(Sealed::from_base64("geen doos".into())),
    };
    let expected = [
        "name name-empty",
        "kvk_number kvk-malformed",
        "site.postcode postcode-unknown",
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
        let query = Employers { search: search.into(), account_manager: None, page: 0, per_page: 100 };
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

    let query = Employers { search: "linde".into(), account_manager: None, page: 0, per_page: 1 };
    let line = test.ask(&flevoland(), &query).await.unwrap().rows.remove(0);
    assert_eq!((line.place.as_str(), line.open_openings), ("Almere", 1));
    for per_page in [0, 101] {
        let query = Employers { search: String::new(), account_manager: None, page: 0, per_page };
        assert_eq!(fields(test.ask(&flevoland(), &query).await), ["per_page page-size-out-of-range"]);
    }
    let beyond = Employers { search: String::new(), account_manager: None, page: u32::MAX, per_page: 100 };
    let page = test.ask(&flevoland(), &beyond).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (0, 3));
    test.stop().await;
}

#[tokio::test]
async fn sites_decide_who_may_act_and_who_looks_after_whom() {
    let test = start().await;
    let id = add_linde(&test).await;
    let amsterdam = region_of("1012");
    let save = |site_id, postcode: &str| SaveSite {
        employer_id: id,
        site_id,
        details: SiteDetails {
            name: " Magazijn ".into(),
            street: "Kade 1".into(),
            postcode: postcode.into(),
        },
    };
    for actor in [elsewhere(), administrator(), Actor::Visitor] {
        assert_eq!(refused(test.ask(&actor, &save(None, "1012")).await).0, Status::Forbidden, "{actor:?}");
    }
    let wrong = SaveSite { details: site("1310"), ..save(None, "") };
    assert_eq!(fields(test.ask(&flevoland(), &wrong).await), ["details.postcode postcode-unknown"]);

    // With a site there, the account manager there may act as well.
    let second = test.ask(&employer_account(id), &save(None, "1012ab")).await.unwrap();
    let view = test.ask(&elsewhere(), &Employer { employer_id: id }).await.unwrap();
    let names: Vec<_> =
        view.sites.iter().map(|site| (site.details.name.as_str(), site.region.as_str())).collect();
    assert_eq!(names, [("", "AM11"), ("Magazijn", amsterdam.as_str())]);
    assert_eq!(view.sites[1].details.postcode, "1012 AB");
    assert_eq!(view.line.place, "Almere", "of the first site");
    let details = OpeningDetails { site_id: Some(second), postcode: "1012 AB".into(), ..kitchen() };
    let posted = PostOpening { employer_id: id, details: details.clone(), publish: true };
    let opening = test.ask(&elsewhere(), &posted).await.unwrap();
    let away = OpeningDetails { postcode: "1315 RC".into(), ..details.clone() };
    let posted = PostOpening { details: away, ..posted };
    assert_eq!(fields(test.ask(&flevoland(), &posted).await), ["postcode postcode-not-of-site"]);
    let nobodys = OpeningDetails { site_id: Some(SiteId(Uuid::nil())), ..details };
    let posted = PostOpening { details: nobodys, ..posted };
    assert_eq!(fields(test.ask(&flevoland(), &posted).await), ["site_id site-unknown"]);

    // Who looks after it, in a region of hers only.
    let set =
        |region: &str, account_id| SetAccountManager { employer_id: id, region: region.into(), account_id };
    test.ask(&flevoland(), &set("AM11", Some(her_account()))).await.unwrap();
    for (actor, region) in
        [(flevoland(), amsterdam.as_str()), (employer_account(id), "AM11"), (administrator(), "AM11")]
    {
        let answer = test.ask(&actor, &set(region, Some(her_account()))).await;
        assert_eq!(refused(answer).0, Status::Forbidden, "{actor:?} {region}");
    }
    let regions = test.ask(&elsewhere(), &Employer { employer_id: id }).await.unwrap().regions;
    let mut expected = vec![
        EmployerRegion { region: "AM11".into(), account_manager: Some(her_account()) },
        EmployerRegion { region: amsterdam.clone(), account_manager: None },
    ];
    expected.sort_by(|a, b| a.region.cmp(&b.region));
    assert_eq!(regions, expected);
    let hers =
        Employers { search: String::new(), account_manager: Some(her_account()), page: 0, per_page: 9 };
    assert_eq!(test.ask(&flevoland(), &hers).await.unwrap().total, 1);
    test.ask(&flevoland(), &set("AM11", None)).await.unwrap();
    let page = test.ask(&flevoland(), &hers).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (0, 0));

    // A site goes when nothing is open there, and the last one stays.
    let end = EndSite { site_id: second };
    assert_eq!(
        refused(test.ask(&flevoland(), &end).await),
        (Status::Conflict, "site-has-openings".to_owned())
    );
    let close = CloseOpening { opening_id: opening, reason: CloseReason::Withdrawn };
    test.ask(&flevoland(), &close).await.unwrap();
    test.ask(&flevoland(), &end).await.unwrap();
    assert_eq!(refused(test.ask(&flevoland(), &end).await), (Status::NotFound, "site-unknown".to_owned()));
    assert_eq!(refused(test.ask(&elsewhere(), &Employer { employer_id: id }).await).0, Status::Forbidden);
    let last = EndSite { site_id: sites(&test, id).await[0].site_id };
    assert_eq!(refused(test.ask(&flevoland(), &last).await), (Status::Conflict, "site-is-last".to_owned()));
    let gone = save(Some(second), "8224");
    assert_eq!(refused(test.ask(&flevoland(), &gone).await), (Status::NotFound, "site-unknown".to_owned()));
    // A site that moves takes the employer along.
    test.ask(&flevoland(), &save(Some(last.site_id), "1012")).await.unwrap();
    assert_eq!(refused(test.ask(&flevoland(), &Employer { employer_id: id }).await).0, Status::Forbidden);
    let line = test.ask(&elsewhere(), &Employer { employer_id: id }).await.unwrap().line;
    assert_eq!(line.place, "Amsterdam");
    test.stop().await;
}

#[tokio::test]
async fn while_there_is_a_labour_conflict_nothing_of_the_employer_is_shown() {
    let test = start().await;
    let id = add_linde(&test).await;
    let shown = post(&test, id, kitchen(), true).await;
    let paused = post(&test, id, kitchen(), true).await;
    test.ask(&flevoland(), &PauseOpening { opening_id: paused }).await.unwrap();
    let draft = post(&test, id, kitchen(), false).await;
    let change =
        |name: &str, labour_conflict| ChangeEmployer { employer_id: id, name: name.into(), labour_conflict };
    assert_eq!(refused(test.ask(&employer_account(id), &change("Linde", true)).await).0, Status::Forbidden);
    test.ask(&employer_account(id), &change(" Linde ", false)).await.unwrap();
    assert_eq!(fields(test.ask(&flevoland(), &change("", false)).await), ["name name-empty"]);
    let unknown = ChangeEmployer { employer_id: EmployerId(Uuid::nil()), ..change("x", false) };
    assert_eq!(refused(test.ask(&flevoland(), &unknown).await).1, "employer-unknown");

    test.ask(&flevoland(), &change("Linde", true)).await.unwrap();
    // At once for everyone, before the facts follow.
    let state = async |opening_id| {
        test.ask(&Actor::Visitor, &Opening { opening_id }).await.map(|view| (view.state, view.employer_name))
    };
    assert_eq!(state(shown).await.unwrap(), (OpeningState::Paused, "Linde".to_owned()));
    let near = OpeningsNear {
        cell: {
            let cell = REFERENCE.places.locate(&"1315".parse().unwrap()).unwrap().cell();
            proto::work::Cell { x: cell.x, y: cell.y }
        },
        km: 5,
        route: None,
        page: 0,
        per_page: 10,
    };
    assert_eq!(test.ask(&Actor::Visitor, &near).await.unwrap().rows, []);
    let sitemap = PublishedOpenings { after: None, limit: 10 };
    assert_eq!(test.ask(&Actor::Visitor, &sitemap).await.unwrap(), []);
    eventually("it is told", async || facts(&test, "opening_paused").await.len() == 2).await;
    let conflict = (Status::Conflict, "labour-conflict".to_owned());
    for opening_id in [shown, paused, draft] {
        let answer = test.ask(&employer_account(id), &PublishOpening { opening_id }).await;
        assert_eq!(refused(answer), conflict);
    }
    let new = PostOpening { employer_id: id, details: kitchen(), publish: true };
    assert_eq!(refused(test.ask(&flevoland(), &new).await), conflict);
    post(&test, id, kitchen(), false).await;

    test.ask(&flevoland(), &change("Linde", false)).await.unwrap();
    eventually("it is shown again", async || {
        test.ask(&Actor::Visitor, &near)
            .await
            .unwrap()
            .rows
            .iter()
            .map(|near| near.opening.opening_id)
            .eq([shown])
    })
    .await;
    assert_eq!(state(paused).await.unwrap().0, OpeningState::Paused, "its writer paused it");
    eventually("that is told too", async || {
        let told = facts(&test, "opening_published").await;
        let last = told.iter().rfind(|fact| fact["opening_id"] == shown.0.to_string()).unwrap();
        last["version"] == 3
    })
    .await;
    test.stop().await;
}

#[tokio::test]
async fn the_sitemap_has_every_published_opening_once() {
    let test = start().await;
    let id = add_linde(&test).await;
    let mut open: Vec<OpeningId> = Vec::new();
    for number in 0..7 {
        let opening = post(&test, id, kitchen(), number != 3).await;
        if number != 3 {
            open.push(opening);
        }
    }
    test.ask(&flevoland(), &PauseOpening { opening_id: open.swap_remove(0) }).await.unwrap();
    open.sort_unstable();
    let mut found = Vec::new();
    loop {
        let query = PublishedOpenings { after: found.last().copied(), limit: 2 };
        let page = test.ask(&Actor::Visitor, &query).await.unwrap();
        if page.is_empty() {
            break;
        }
        found.extend(page.iter().map(|line| line.opening_id));
    }
    assert_eq!(found, open);
    for limit in [0, 1_001] {
        let query = PublishedOpenings { after: None, limit };
        assert_eq!(fields(test.ask(&Actor::Visitor, &query).await), ["limit limit-out-of-range"]);
    }
    test.stop().await;
}

/// Not part of `make test`: prints how long the list takes right after so many came in.
#[tokio::test]
#[ignore = "a measurement"]
async fn the_list_of_fifteen_hundred_employers_with_nineteen_thousand_openings() {
    let test = start().await;
    let id = add_linde(&test).await;
    post(&test, id, kitchen(), true).await;
    let pool = test.pool(proto::Service::Vacancies);
    for statement in [
        "insert into employers select r.* from employers e cross join generate_series(1, 1499) n
         cross join lateral jsonb_populate_record(e, jsonb_build_object('employer_id', gen_random_uuid(),
             'kvk_number', (30000000 + n)::text, 'name', 'Werkgever ' || n)) r",
        "insert into openings (opening_id, employer_id, version, state, route, title, tasks, description,
             postcode, place, cell_x, cell_y, municipality, region, hours_min, hours_max, dayparts, places,
             requirements, self_checks, published_at, created_at, changed_at, terms, days, cao, support,
             paused_by_conflict)
         select gen_random_uuid(), e.employer_id, 1, 'published', o.route, o.title, o.tasks, o.description,
             o.postcode, o.place, o.cell_x, o.cell_y, o.municipality, o.region, o.hours_min, o.hours_max,
             o.dayparts, o.places, o.requirements, o.self_checks, o.published_at, o.created_at, o.changed_at,
             o.terms, o.days, o.cao, o.support, false
         from employers e cross join openings o cross join generate_series(1, 13)",
    ] {
        sqlx::query(statement).execute(pool).await.unwrap();
    }
    for page in [0, 0, 7, 14] {
        let query = Employers { search: String::new(), account_manager: None, page, per_page: 100 };
        let started = tokio::time::Instant::now();
        let found = test.ask(&flevoland(), &query).await.unwrap();
        println!("page {page}: {} of {} in {:.2?}", found.rows.len(), found.total, started.elapsed());
        assert!(found.rows.iter().all(|line| line.open_openings >= 13));
    }
    test.stop().await;
}
