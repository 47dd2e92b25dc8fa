//! What needs a person, told from outside: a message that is stuck, a page that says "not now", and servers on which
//! nothing starts because they could lose what was acknowledged.

use std::{collections::BTreeMap, time::Duration};

use chassis::harness::eventually;
use dichterbij_tests::{
    browser::Browser,
    installation::{Installation, Replica},
    reqwest,
    site::Site,
};
use portal::domain::second_factor::SecondFactor;
use proto::{
    Actor, CloudEvent, EventId, Fact as _, OpeningId, Role, Service,
    portal::{DemoSignIn, PrepareDemo},
    vacancies::{CloseReason, OpeningClosed},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use uuid::Uuid;

async fn administrator(site: &Site) -> Browser {
    let command = PrepareDemo { employer_id: None, region: "AM11".to_owned() };
    let accounts: Vec<DemoSignIn> = site
        .platform
        .ask(&Actor::Service { service: Service::Portal }, &command)
        .await
        .expect("demo accounts");
    let account = accounts.iter().find(|account| account.role == Role::Administrator).expect("one of each");
    let mut browser = site.browser();
    let form = [("email", account.email.as_str()), ("wachtwoord", account.password.as_str())];
    assert!(browser.submit("/personeel/inloggen", &form).await.says("Wat is de code uit uw app?"));
    let factor = SecondFactor::from_base32(&account.totp_secret, "test").expect("a secret");
    let code = factor.code(site.platform.clock.machine_now());
    assert_eq!(browser.submit("/personeel/code", &[("code", &code)]).await.status, 200);
    browser
}

/// The owner of everything, in the database of this site.
async fn owner(site: &Site) -> PgConnection {
    let address = &site.platform.chassis(Service::Matcher).config.database_url;
    PgConnection::connect(address).await.expect("the test server answers")
}

async fn run(connection: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await.expect(statement);
}

/// An opening closed, said by vacancies. Five attempts of the matcher are on record, so that the story need not wait
/// thirteen minutes for them.
async fn tell(site: &Site, number: u128) -> OpeningId {
    let opening_id = OpeningId(Uuid::from_u128(number));
    let closed = OpeningClosed { opening_id, version: 7, reason: CloseReason::Filled };
    let subject = site.platform.names().subject(&closed.subject());
    let chassis = site.platform.chassis(Service::Vacancies);
    let now = chassis.clock.machine_now();
    let event_id = chassis.chance.uuid_v7(now);
    let event = CloudEvent::new(EventId(event_id), now, "urn:nld:oin:1", None, closed);
    let body = serde_json::to_vec(&event).expect("an event");
    sqlx::query(
        "insert into failed_attempts (event_id, consumer, attempts, last_error, first_at, last_at)
         values ($1, 'matcher', 5, 'before', now(), now())",
    )
    .bind(event_id)
    .execute(site.platform.pool(Service::Matcher))
    .await
    .expect("the matcher's tables");
    let context = async_nats::jetstream::new(site.platform.nats());
    context.publish(subject, body.into()).await.expect("sent").await.expect("stored");
    opening_id
}

async fn closed(site: &Site) -> Vec<(Uuid, i64)> {
    sqlx::query_as("select opening_id, version from closed_openings order by 1")
        .fetch_all(site.platform.pool(Service::Matcher))
        .await
        .expect("the matcher's tables")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_message_is_seen_mended_and_let_through_once() {
    const HERE: &str = "/beheer/vastgelopen";
    let site = Site::start().await;
    let mut admin = administrator(&site).await;
    let empty = admin.open(HERE).await;
    assert!(empty.says("Er zit niets vast. U hoeft niets te doen."), "{}", empty.words());

    // The poison: what the matcher writes is refused, as by a mistake in a migration.
    let mut owner = owner(&site).await;
    run(
        &mut owner,
        "alter table matcher.closed_openings add constraint poison check (version <> 7) not valid",
    )
    .await;
    let first = tell(&site, 1).await;
    let mut page = empty;
    eventually("it is stuck", async || {
        page = admin.open(HERE).await;
        page.says("Er zit 1 bericht vast.")
    })
    .await;
    for words in [
        "opening_closed.v1",
        "Van vacancies naar matcher.",
        "6 keer geprobeerd.",
        "poison",
        "Vastgelopen (1)",
    ] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    let html = page.html();
    let form = |deed: &str| {
        let action =
            html.split("action=\"").find(|part| part.split('"').next().is_some_and(|to| to.ends_with(deed)));
        action.and_then(|part| part.split('"').next()).expect("a form").to_owned()
    };
    let (again, away) = (form("/opnieuw"), form("/weg"));

    let failed = admin.post(&again, &[("key", &page.key())]).await;
    assert!(failed.says("Het mislukte weer.") && failed.says("7 keer geprobeerd."), "{}", failed.words());
    assert!(closed(&site).await.is_empty());

    run(&mut owner, "alter table matcher.closed_openings drop constraint poison").await;
    // Pressed twice, as people do.
    let key = admin.open(HERE).await.key();
    for _ in 0..2 {
        assert_eq!(admin.post(&again, &[("key", &key)]).await.location.as_deref(), Some(HERE));
    }
    let done = admin.open(HERE).await;
    assert!(done.says("Gelukt. Het bericht is alsnog aangekomen."), "{}", done.words());
    assert!(done.says("Er zit niets vast.") && !done.says("Vastgelopen ("), "{}", done.words());
    assert_eq!(closed(&site).await, [(first.0, 7)], "it took effect, once");
    let late = admin.post(&away, &[("key", &key), ("reden", "te laat")]).await;
    let late = admin.follow(late).await;
    assert!(late.says("Iemand was u voor."), "{}", late.words());

    // Several are let through at once: first one of them can, then all.
    run(
        &mut owner,
        "alter table matcher.closed_openings add constraint poison check (version <> 7) not valid",
    )
    .await;
    for number in [3, 4] {
        tell(&site, number).await;
    }
    eventually("both are stuck", async || {
        page = admin.open(HERE).await;
        page.says("Er zitten 2 berichten vast.")
    })
    .await;
    assert!(page.says("Probeer deze 2 berichten opnieuw"), "{}", page.words());
    run(
        &mut owner,
        "alter table matcher.closed_openings drop constraint poison;
         alter table matcher.closed_openings add constraint poison
             check (opening_id <> '00000000-0000-0000-0000-000000000004') not valid",
    )
    .await;
    let html = page.html();
    let letters = html.split("name=\"bericht\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let letters: Vec<_> = letters.map(|letter| ("bericht", letter)).collect();
    assert_eq!(letters.len(), 2);
    let form = |key| [&[("key", key)], &*letters].concat();
    let key = page.key();
    let half = admin.post("/beheer/vastgelopen/opnieuw", &form(&key)).await;
    assert!(half.says("1 bericht mislukte weer.") && half.says("Er zit 1 bericht vast."), "{}", half.words());
    run(&mut owner, "alter table matcher.closed_openings drop constraint poison").await;
    // The page that is still open names the one that came through as well.
    let key = half.key();
    let done = admin.submit("/beheer/vastgelopen/opnieuw", &form(&key)).await;
    assert!(done.says("Deze berichten zijn alsnog aangekomen."), "{}", done.words());
    assert!(done.says("Er zit niets vast."), "{}", done.words());
    assert_eq!(closed(&site).await.len(), 3);

    // Another one is put away, with a reason.
    run(
        &mut owner,
        "alter table matcher.closed_openings add constraint poison check (opening_id is null) not valid",
    )
    .await;
    tell(&site, 2).await;
    eventually("another one is stuck", async || {
        page = admin.open(HERE).await;
        page.says("Er zit 1 bericht vast.")
    })
    .await;
    let html = page.html();
    let field =
        html.split("name=\"").find(|part| part.starts_with("reden-")).and_then(|part| part.split('"').next());
    let (field, away) =
        (field.expect("a field"), html.split("action=\"").filter_map(|part| part.split('"').next()));
    let away = away.into_iter().find(|to| to.ends_with("/weg")).expect("a form");
    let silent = admin.post(away, &[("key", &page.key())]).await;
    assert!(silent.status == 400 && silent.says("Schrijf op waarom u het weglegt."), "{}", silent.words());
    let gone = admin.post(away, &[("key", &silent.key()), (field, "een proef")]).await;
    let gone = admin.follow(gone).await;
    assert!(gone.says("Het bericht is weggelegd.") && gone.says("Er zit niets vast."), "{}", gone.words());
    assert_eq!(closed(&site).await.len(), 3);
    owner.close().await.expect("closing");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_without_a_free_connection_says_when_to_come_back() {
    let site = Site::start().await;
    let mut admin = administrator(&site).await;
    let pool = site.platform.pool(Service::Portal);
    let mut taken = Vec::new();
    for _ in 0..site.platform.chassis(Service::Portal).config.pool {
        taken.push(pool.acquire().await.expect("a connection"));
    }
    let busy = admin.get("/beheer/accounts").await;
    assert_eq!(busy.status, 503, "{}", busy.words());
    assert_eq!(busy.headers.get("retry-after").and_then(|value| value.to_str().ok()), Some("2"));
    assert!(busy.says("Probeer het"), "a page, in her language: {}", busy.words());
    drop(taken);
    assert_eq!(admin.get("/beheer/accounts").await.status, 200);
    site.stop().await;
}

/// How the process ended that could not start, and what it said last.
async fn refused(installation: &Installation, settings: &[(&str, &str)]) -> String {
    let mut replica: Replica = installation.run_with(&["vacancies"], settings);
    let ended = replica.process.ended_within(Duration::from_secs(30)).await;
    let said = replica.process.log();
    assert!(ended.is_some_and(|status| !status.success()), "it started: {said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_could_lose_what_was_acknowledged_are_refused_with_advice() {
    let mut installation = Installation::start().await;
    let monitor = format!("http://127.0.0.1:{}", installation.nats.monitor);
    let production: BTreeMap<&str, &str> =
        BTreeMap::from([("DBJ_PROFILE", "production"), ("DBJ_NATS_MONITOR", monitor.as_str())]);
    let production: Vec<(&str, &str)> = production.into_iter().collect();
    let tables: PgPool = installation.tables(Service::Vacancies).await;
    let say = async |statement: &str| {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&tables).await.expect(statement);
    };

    // What is wrong with PostgreSQL, how it is mended, and what an operator reads.
    for (wrong, mended, told) in [
        ("alter system set fsync = off", "alter system reset fsync", "fsync = off, and it must be on"),
        (
            "alter system set full_page_writes = off",
            "alter system reset full_page_writes",
            "full_page_writes = off, and it must be on",
        ),
        (
            "alter system set synchronous_commit = off",
            "alter system reset synchronous_commit",
            "acknowledged data could be lost",
        ),
        (
            "alter system set default_transaction_isolation = 'serializable'",
            "alter system reset default_transaction_isolation",
            "it must be read committed",
        ),
        ("alter role dbj_vacancies createdb", "alter role dbj_vacancies nocreatedb", "may make databases"),
        (
            "grant usage on schema intake to dbj_vacancies",
            "revoke usage on schema intake from dbj_vacancies",
            "may look into the schemas intake",
        ),
        (
            "update vacancies._migrations set version = version + 1000
             where version = (select max(version) from vacancies._migrations)",
            "update vacancies._migrations set version = version - 1000 where version > 1000",
            "it was made by a newer version",
        ),
        (
            "update vacancies._rules_of_the_road set version = version - 1000
             where version = (select max(version) from vacancies._rules_of_the_road)",
            "update vacancies._rules_of_the_road set version = version + 1000 where version < 0",
            "run `dichterbij migrate` of this version",
        ),
    ] {
        say(wrong).await;
        say("select pg_reload_conf()").await;
        let said = refused(&installation, &[]).await;
        assert!(said.contains(told), "{wrong}: {said}");
        say(mended).await;
        say("select pg_reload_conf()").await;
    }
    let crowd = refused(&installation, &[("DBJ_PROCESSES", "50")]).await;
    assert!(crowd.contains("make 1500") && crowd.contains("raise max_connections"), "{crowd}");

    // What is wrong with NATS.
    let blind = refused(&installation, &[("DBJ_PROFILE", "production")]).await;
    assert!(blind.contains("DBJ_NATS_MONITOR") && blind.contains("http://127.0.0.1:8222"), "{blind}");
    let elsewhere = refused(&installation, &[("DBJ_NATS_MONITOR", "http://127.0.0.1:9")]).await;
    assert!(elsewhere.contains("does not answer"), "{elsewhere}");
    for (change, told) in [
        (("sync_interval: always", "sync_interval: \"2m\""), "set `sync_interval: always`"),
        (("ping_interval: \"2s\"", "ping_interval: \"2m\""), "set `ping_interval: \"2s\"`"),
        (("ping_max: 2", "ping_max: 2\nmax_payload: 64KB"), "set `max_payload: 1MB`"),
    ] {
        let before = installation.nats.configure(|text| text.replace(change.0, change.1)).await;
        let said = refused(&installation, &production).await;
        assert!(said.contains(told), "{change:?}: {said}");
        installation.nats.configure(|_| before).await;
    }
    let open = |text: &str| text.split("authorization {").next().unwrap_or_default().to_owned();
    let guarded = installation.nats.configure(open).await;
    let open = refused(&installation, &production).await;
    assert!(open.contains("lets in who has no key"), "{open}");
    installation.nats.configure(|_| guarded).await;

    // With everything right it starts, in production too; in development it says what nobody checked.
    let ready = async |settings: &[(&str, &str)]| {
        let mut replica = installation.run_with(&["vacancies"], settings);
        replica.ready().await;
        let answer = reqwest::get(format!("{}/ready", replica.health)).await.expect("it answers");
        answer.text().await.expect("words")
    };
    assert_eq!(ready(&production).await, "ready\n");
    assert!(ready(&[]).await.contains("DBJ_NATS_MONITOR is not set"));
    tables.close().await;
}
