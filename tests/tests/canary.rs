//! A person goes through the whole platform under a name, a number and a postcode that nobody else has. Afterwards every
//! place that others can read is searched for them: what went over the bus, what the streams keep, every table as the
//! superuser sees it, logs, metrics and addresses. They may stand nowhere, in no usual disguise.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use chassis::harness::eventually;
use dichterbij_tests::{
    browser::{Answer, Browser},
    invented::{self, manager},
    site::Site,
};
use futures::StreamExt as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proto::{
    OpeningId, Service, Stream,
    matcher::{OpeningProposals, ProposalsForOpening},
    vacancies::{AddEmployer, EmployerContact, OpeningDetails, PostOpening, Terms},
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, postgres::PgConnectOptions};
use tracing_subscriber::fmt::MakeWriter;

const NAME: &str = "Zilverspar";
const PHONE: &str = "06 12 34 98 76";
const SENT_TO: &str = "+31612349876";
const POSTCODE: &str = "1315 ZX";
/// An employer's contact is personal data too.
const CONTACT: &str = "Goudberk";
/// Stands in a public text, so the search must find it: otherwise it would find nothing anywhere.
const PUBLIC: &str = "Koperbeuk";

/// Everything that must stand nowhere, in every form that programs give to texts.
fn secrets() -> Vec<(String, String)> {
    let plain =
        [NAME, CONTACT, PHONE, "0612349876", "612349876", "612 349 876", POSTCODE, "1315ZX", "1315-ZX"];
    let mut forms = BTreeSet::new();
    for text in plain {
        for text in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
            forms.insert((text.clone(), text.clone()));
            let encoded = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
            forms.insert((format!("{text} as a URL"), encoded));
            forms.insert((format!("{text} as a form"), text.replace(' ', "+")));
            let hex = text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            forms.insert((format!("{text} in hex"), hex.to_uppercase()));
            forms.insert((format!("{text} in hex"), hex));
            for form in base64_forms(text.as_bytes()) {
                forms.insert((format!("{text} in base64"), form));
            }
        }
    }
    forms.into_iter().collect()
}

/// How a text looks within a longer text in base64, wherever it begins: only the characters that it decides alone.
fn base64_forms(text: &[u8]) -> [String; 3] {
    [0, 1, 2].map(|before| {
        let shifted: Vec<u8> = std::iter::repeat_n(0, before).chain(text.iter().copied()).collect();
        let encoded = STANDARD_NO_PAD.encode(&shifted);
        let begins = (before * 8).div_ceil(6);
        let ends = shifted.len() * 8 / 6;
        encoded[begins..ends].to_owned()
    })
}

/// The secrets that stand in some bytes. Every form is ASCII, so bytes that are no text can be read past.
fn found(secrets: &[(String, String)], bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    secrets.iter().filter(|(_, form)| text.contains(form.as_str())).map(|(told, _)| told.clone()).collect()
}

fn assert_absent(secrets: &[(String, String)], place: &str, bytes: &[u8]) {
    let found = found(secrets, bytes);
    assert!(found.is_empty(), "{place} holds {found:?}");
}

/// Where the log of the process goes during the test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn the_search_finds_every_disguise() {
    let secrets = secrets();
    for text in [
        "x Zilverspar y",
        "ZILVERSPAR",
        "a=1&naam=zilverspar",
        "t=%2B31612349876",
        "p=1315+ZX",
        "p=1315%20ZX",
    ] {
        assert!(!found(&secrets, text.as_bytes()).is_empty(), "{text}");
    }
    for before in ["", "a", "ab", "abc"] {
        let text = format!("{before}{{\"name\":\"Zilverspar\"}}");
        assert!(!found(&secrets, STANDARD_NO_PAD.encode(&text).as_bytes()).is_empty(), "{text}");
    }
    assert!(found(&secrets, b"7a696c76657273706172").contains(&"zilverspar in hex".to_owned()));
    assert!(found(&secrets, b"Zilver spar, 1315, 06 12 34").is_empty());
}

#[tokio::test]
async fn a_persons_name_number_and_postcode_stand_nowhere() {
    let log = Log::default();
    // More than any operator would log.
    tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(log.clone()).init();
    let site = Site::start().await;
    let platform = &site.platform;
    let mut addresses = Vec::new();

    // Everything that goes over the bus, requests and answers too, as an eavesdropper hears it.
    let root = platform.names().subject("x").trim_end_matches(".x").to_owned();
    let mut ear = platform.nats().subscribe(">").await.unwrap();
    platform.nats().flush().await.unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (keep, own) = (heard.clone(), root.clone());
    let listening = tokio::spawn(async move {
        while let Some(message) = ear.next().await {
            if message.subject.contains(&own) {
                let headers = format!("{:?}", message.headers).into_bytes();
                let parts = [message.subject.as_bytes(), &headers, &message.payload];
                keep.lock().unwrap().push(parts.join(&b'\n'));
            }
        }
    });

    let openings = openings(&site).await;
    let mut browser = site.browser();
    register(&site, &mut browser, &mut addresses).await;

    // She sees openings, and the account manager sees somebody for each of them.
    eventually("her page has proposals", async || {
        browser.open("/mijn").await.links("/mijn/voorstel/").len() >= openings.len()
    })
    .await;
    for opening_id in &openings {
        let query = ProposalsForOpening { opening_id: *opening_id, page: 0, per_page: 20 };
        eventually("the opening has a person", async || {
            let answer: OpeningProposals = platform.ask(&manager(), &query).await.unwrap();
            answer.people.len() == 1
        })
        .await;
    }
    // A second registration with the same contact, a wrong code, and mistakes in each answer leave no traces either.
    make_mistakes(&site, &mut addresses).await;

    let secrets = secrets();
    eventually("every event is on the stream", async || {
        let events = stream_messages(&site, Stream::Facts).await;
        ["profile_published", "opening_published", "proposal_shown", "message_sent"]
            .iter()
            .all(|event| events.iter().any(|(subject, _)| subject.contains(event)))
    })
    .await;
    for stream in Stream::ALL {
        for (subject, body) in stream_messages(&site, stream).await {
            assert_absent(&secrets, &subject, subject.as_bytes());
            assert_absent(&secrets, &subject, &body);
        }
    }
    listening.abort();
    let heard = heard.lock().unwrap().clone();
    let overheard = |text: &str| heard.iter().any(|message| String::from_utf8_lossy(message).contains(text));
    assert!(overheard("cmd.intake.register") && overheard("cmd.notifier.send_notice") && overheard(PUBLIC));
    for message in &heard {
        let subject =
            String::from_utf8_lossy(message.split(|byte| *byte == b'\n').next().unwrap()).into_owned();
        assert_absent(&secrets, &format!("a message to {subject}"), message);
    }
    let rows = search_tables(&site, &secrets).await;
    let files = search_store(&secrets);
    assert_absent(&secrets, "the metrics", platform.metrics().as_bytes());
    for address in &addresses {
        assert_absent(&secrets, &format!("the address {address}"), address.as_bytes());
    }
    let lines = log.0.lock().unwrap().clone();
    for line in lines.split(|byte| *byte == b'\n') {
        let found = found(&secrets, line);
        assert!(found.is_empty(), "the log holds {found:?}: {}", String::from_utf8_lossy(line));
    }
    assert!(String::from_utf8_lossy(&lines).contains("answered"), "the log was captured");
    println!(
        "searched {} messages, {rows} rows, {files} files of the stream's store, {} addresses, {} bytes of log",
        heard.len(),
        addresses.len(),
        lines.len()
    );
    site.stop().await;
}

async fn openings(site: &Site) -> Vec<OpeningId> {
    let contact = EmployerContact {
        name: CONTACT.to_owned(),
        reach: "goudberk@demo.example".to_owned(),
        work: "teamleider".to_owned(),
    };
    let command = AddEmployer {
        contact: Some(site.platform.keys(Service::Portal).seal(Service::Vacancies, &contact)),
        ..invented::employer("00000011")
    };
    let employer_id = site.platform.ask(&manager(), &command).await.unwrap();
    let mut posted = Vec::new();
    for terms in [Terms::Regular {}, Terms::OpenHiring { starts: Vec::new() }] {
        let details = OpeningDetails {
            terms,
            title: format!("Glazenwasser {PUBLIC}"),
            // Not where she lives: her postcode is searched for.
            postcode: "1316".to_owned(),
            ..invented::opening()
        };
        let command = PostOpening { employer_id, details, publish: true };
        posted.push(site.platform.ask(&manager(), &command).await.unwrap());
    }
    posted
}

/// Sends the form that a page shows.
async fn fill_in(
    browser: &mut Browser,
    path: &str,
    fields: &[(&str, &str)],
    addresses: &mut Vec<String>,
) -> Answer {
    let key = browser.get(path).await.key();
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    let answer = browser.post(path, &fields).await;
    addresses.extend([path.to_owned()]);
    addresses.extend(answer.location.clone());
    answer
}

async fn answer_five(browser: &mut Browser, addresses: &mut Vec<String>) {
    for (path, fields) in [
        ("/aanmelden/1", &[("postcode", POSTCODE)][..]),
        ("/aanmelden/2", &[("taak", "schoonmaken.ramen")]),
        ("/aanmelden/3", &[("dagdeel", "morning"), ("uren", "24-32")]),
        ("/aanmelden/4", &[("naam", NAME), ("contact", PHONE), ("kanaal", "sms")]),
        (
            "/aanmelden/5",
            &[("toestemming", "adviser"), ("toestemming", "open_file"), ("toestemming", "figures")],
        ),
    ] {
        let answer = fill_in(browser, path, fields, addresses).await;
        assert!(answer.location.is_some(), "{path}: {}", answer.words());
    }
}

async fn register(site: &Site, browser: &mut Browser, addresses: &mut Vec<String>) {
    answer_five(browser, addresses).await;
    let mut code = String::new();
    eventually("the code arrives", async || {
        let text = site.mailbox(SENT_TO).await.first().map(|item| item.body.clone()).unwrap_or_default();
        let numbers = text.split(|letter: char| !letter.is_ascii_digit());
        numbers.into_iter().find(|number| number.len() == 6).unwrap_or_default().clone_into(&mut code);
        !code.is_empty()
    })
    .await;
    let answer = fill_in(browser, "/aanmelden/code", &[("code", &code)], addresses).await;
    assert_eq!(answer.location.as_deref(), Some("/mijn"), "{}", answer.words());
}

async fn make_mistakes(site: &Site, addresses: &mut Vec<String>) {
    let mut browser = site.browser();
    for (path, fields) in [
        ("/aanmelden/1", &[("postcode", "1315 ZX Zilverspar 0612349876")][..]),
        ("/aanmelden/1", &[("postcode", POSTCODE)]),
        ("/aanmelden/2", &[("taak", NAME)]),
        ("/inloggen", &[("contact", "06 12 34 98 76 Zilverspar")]),
        ("/inloggen", &[("contact", PHONE)]),
    ] {
        let page = browser.get(path).await;
        if let Some(key) = page.value("key") {
            let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
            let answer = browser.post(path, &fields).await;
            addresses.extend(answer.location);
        }
    }
    let mut again = site.browser();
    answer_five(&mut again, addresses).await;
    fill_in(&mut again, "/aanmelden/code", &[("code", "000000")], addresses).await;
}

/// Subject and body of every message that a stream keeps.
async fn stream_messages(site: &Site, stream: Stream) -> Vec<(String, Vec<u8>)> {
    let context = async_nats::jetstream::new(site.platform.nats());
    let mut stream = context.get_stream(site.platform.names().stream(stream)).await.unwrap();
    let state = stream.info().await.unwrap().state.clone();
    let mut messages = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        if let Ok(message) = stream.get_raw_message(sequence).await {
            let headers = format!("{:?}", message.headers).into_bytes();
            messages.push((message.subject.to_string(), [&headers[..], &message.payload].concat()));
        }
    }
    messages
}

/// Every row of every table, as text, as the superuser reads it.
async fn search_tables(site: &Site, secrets: &[(String, String)]) -> usize {
    let url = &site.platform.chassis(Service::Intake).config.database_url;
    let mut connection: PgConnection = url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
    let tables: Vec<(String, String)> = sqlx::query_as(
        "select table_schema::text, table_name::text from information_schema.tables
         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let schemas: BTreeSet<&str> = tables.iter().map(|(schema, _)| schema.as_str()).collect();
    for service in Service::ALL {
        assert!(schemas.contains(service.schema().as_str()), "{service} has tables");
    }
    let (mut searched, mut public) = (0, 0);
    for (schema, table) in &tables {
        let statement = format!("select t::text from {schema}.{table} t");
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
        for row in rows {
            assert_absent(secrets, &format!("{schema}.{table}"), row.as_bytes());
            searched += 1;
            public += usize::from(row.contains(PUBLIC));
        }
    }
    assert!(public > 0, "what is public stands in a table, so the search reads them");
    searched
}

/// The files of the stream's store, where this machine lets us find them. They are encrypted, so this only says that
/// nothing lies beside the encryption.
fn search_store(secrets: &[(String, String)]) -> usize {
    let Some(folder) = store_folder() else {
        eprintln!("the store of nats-server was not found: its files were not searched");
        return 0;
    };
    let mut files = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = fs::read(&path) {
                assert_absent(secrets, &path.display().to_string(), &bytes);
                files += 1;
            }
        }
    }
    files
}

/// The folder in the configuration of the server that we talk to, found by its port among the running programs.
fn store_folder() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "infra/local/with_servers.py says where the server is")]
    let url = std::env::var("DBJ_TEST_NATS_URL").ok()?;
    let port = format!("port: {}", url.rsplit(':').next()?.trim_end_matches('/'));
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let Ok(line) = fs::read(process.path().join("cmdline")) else { continue };
        let mut words = line.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
        if !words.next().is_some_and(|program| program.ends_with("nats-server")) {
            continue;
        }
        for text in words.filter_map(|word| fs::read_to_string(Path::new(&word)).ok()) {
            if text.lines().any(|line| line.trim() == port) {
                let line = text.lines().find_map(|line| line.trim().strip_prefix("store_dir:"))?;
                return Some(line.trim().trim_matches('"').into());
            }
        }
    }
    None
}
