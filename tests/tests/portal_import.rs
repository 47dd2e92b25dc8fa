//! Openings from a file, as a conversation: which file, which columns, what will happen, mending, placing,
//! and taking it back. Told in stories on real servers.

use chassis::harness::eventually;
use dichterbij_tests::{
    browser::{Answer, Browser},
    site::Site,
};
use portal::domain::second_factor::SecondFactor;
use proto::{
    Actor, Role, Service,
    portal::{DemoSignIn, PrepareDemo},
    vacancies::{Openings, Page},
};
use serde_json::json;

const REGION: &str = "AM11";
const TASK: &str = "schoonmaken.vloeren";
const HEADING: &str =
    "kenmerk;kvk;werkgever;functie;soort;taken;postcode;uren_min;uren_max;dagdelen;plaatsen";

async fn accounts(site: &Site) -> Vec<DemoSignIn> {
    let command = PrepareDemo { employer_id: None, region: REGION.to_owned() };
    site.platform.ask(&Actor::Service { service: Service::Portal }, &command).await.expect("demo accounts")
}

async fn sign_in(site: &Site, accounts: &[DemoSignIn], role: Role) -> Browser {
    let account = accounts.iter().find(|account| account.role == role).expect("an account of each role");
    let mut browser = site.browser();
    let form = [("email", account.email.as_str()), ("wachtwoord", account.password.as_str())];
    browser.submit("/personeel/inloggen", &form).await;
    let factor = SecondFactor::from_base32(&account.totp_secret, "test").expect("a secret");
    let code = factor.code(site.platform.clock.machine_now());
    let answer = browser.submit("/personeel/code", &[("code", &code)]).await;
    assert_eq!(answer.status, 200, "{}", answer.words());
    browser
}

/// How many openings there are, as an account manager of the region sees it.
async fn openings(site: &Site) -> u64 {
    let manager = Actor::Account {
        account_id: proto::AccountId(uuid::Uuid::from_u128(77)),
        roles: vec![Role::AccountManager],
        employer_id: None,
        regions: vec![REGION.to_owned()],
    };
    let query = Openings { employer_id: None, state: None, asked: false, page: 0, per_page: 1 };
    let Page { total, .. } = site.platform.ask(&manager, &query).await.expect("openings");
    total
}

/// Sends a file; the page of its import.
async fn send(browser: &mut Browser, name: &str, bytes: Vec<u8>) -> String {
    let key = browser.open("/banen/bestand").await.key();
    let sent = browser.upload("/banen/bestand", &[("key", &key)], ("bestand", name, bytes)).await;
    assert_eq!(sent.status, 303, "{}", sent.words());
    sent.location.expect("its page")
}

/// Looks until the page says something.
async fn until(browser: &mut Browser, page: &str, words: &str) -> Answer {
    let mut seen = None;
    eventually(words, async || {
        let answer = browser.open(page).await;
        let there = answer.says(words);
        seen = Some(answer);
        there
    })
    .await;
    seen.expect("a page")
}

/// The columns as the page proposes them: the choice in each list.
fn proposed(page: &Answer) -> Vec<(String, String)> {
    let html = page.html();
    let chosen = |select: &str| {
        let at = select.find("\" selected>")?;
        let start = select[..at].rfind("value=\"")? + 7;
        Some(select[start..at].to_owned())
    };
    html.split("<select")
        .skip(1)
        .map(|select| select.split("</select>").next().unwrap_or_default())
        .enumerate()
        .map(|(number, select)| (format!("k{number}"), chosen(select).unwrap_or_default()))
        .collect()
}

async fn choose(browser: &mut Browser, page: &str, key: &str, columns: &[(String, String)]) -> Answer {
    let mut form = vec![("key", key)];
    form.extend(columns.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    browser.submit(&format!("{page}/kolommen"), &form).await
}

/// Takes the columns as proposed; the page that says what will happen.
async fn judge(browser: &mut Browser, page: &str) -> Answer {
    let asked = browser.open(page).await;
    assert!(asked.says("Klopt dit?"), "{}", asked.words());
    choose(browser, page, &asked.key(), &proposed(&asked)).await;
    until(browser, page, "Dit gaat er gebeuren").await
}

async fn place(browser: &mut Browser, page: &str) -> Answer {
    let key = browser.open(page).await.key();
    browser.submit(&format!("{page}/plaats"), &[("key", &key)]).await;
    until(browser, page, "Klaar, ").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_talked_through_placed_and_taken_back() {
    let site = Site::start().await;
    let accounts = accounts(&site).await;
    let mut browser = sign_in(&site, &accounts, Role::AccountManager).await;

    // Windows-1252, other people's words, an empty line, and rows with all kinds of faults.
    let text = format!(
        "Referentie;KvK-nummer;Bedrijfsnaam;Job title;Soort;Taken;Postcode werk;Uren per week;Wanneer;Opmerking\r\n\
         A-1;12345678;Caf\u{e9} De Linde;Medewerker keuken;gewoon;{TASK};1315 RC;16-24;ochtend|middag;x\r\n\
         \r\n\
         A-2;12345678;Caf\u{e9} De Linde;=1+1;gewoon;{TASK};1315 RC;24;ochtend;\r\n\
         A-3;12345678;Caf\u{e9} De Linde;Ramen wassen;stage;kopstaan;1310;24;schemer;\r\n\
         A-4;12345678;Caf\u{e9} De Linde;Hulp;gewoon;{TASK};1315 RC;24;ochtend;;te veel\r\n\
         A-1;12345678;Caf\u{e9} De Linde;Dubbel;gewoon;{TASK};1315 RC;24;ochtend;\r\n\
         A-6;12345678;Caf\u{e9} De Linde;Schoonmaker;open hiring;{TASK};1315 RC;24;avond;\r\n"
    );
    let bytes: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin")).collect();
    let page = send(&mut browser, "banen.csv", bytes.clone()).await;

    // The columns.
    let asked = browser.open(&page).await;
    assert!(asked.says("Wij zien 10 kolommen. 9 herkennen wij."), "{}", asked.words());
    assert!(asked.says("Café De Linde") && asked.says("Niet gebruiken"), "{}", asked.words());
    let columns = proposed(&asked);
    let mut wrong = columns.clone();
    wrong[6].1.clear();
    wrong[9].1 = "functie".to_owned();
    let mut form: Vec<(&str, &str)> =
        wrong.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let key = asked.key();
    form.push(("key", &key));
    let refused = browser.post(&format!("{page}/kolommen"), &form).await;
    assert_eq!(refused.status, 400);
    for words in
        ["Kies nog welke kolom postcode is.", "Kolom functie staat er twee keer.", "zijn nog nodig: postcode"]
    {
        assert!(refused.says(words), "{words}: {}", refused.words());
    }
    assert_eq!(browser.post(&format!("{page}/plaats"), &[("key", &key)]).await.status, 303, "not yet");
    choose(&mut browser, &page, &refused.key(), &columns).await;

    // What will happen.
    let judged = until(&mut browser, &page, "Dit gaat er gebeuren").await;
    let words = judged.words();
    for said in [
        "Nieuw 2",
        "Niet goed 4",
        "Plaats 2 banen",
        "Niemand krijgt hier een bericht van.",
        "Rij 4: =1+1",
        "Laat de naam beginnen met een letter of cijfer.",
        "Rij 5: Ramen wassen",
        "Deze taak kennen wij niet.",
        "Misschien: ",
        "Er stond: stage",
        "Deze postcode kennen wij niet.",
        "Gebruik alleen: ochtend, middag, avond, nacht of weekend.",
        "Rij 6",
        "Dit nummer staat ook in rij 2.",
        "Bewaar deze 4 rijen",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains("Kijk dit nog eens na."), "every reason has its sentence: {words}");
    assert_eq!(openings(&site).await, 0, "nothing is placed");
    let file = browser.get(&format!("{page}/geweigerd.csv")).await;
    assert_eq!((file.status.as_u16(), file.kind.as_str()), (200, "text/csv; charset=utf-8"));
    assert!(file.html().starts_with("\u{feff}Referentie;KvK-nummer;"), "{}", file.html());
    assert!(file.html().contains(";'=1+1;"), "no cell starts a formula: {}", file.html());
    assert!(browser.open(&format!("{page}?toon=nieuw")).await.says("Rij 2"));
    assert!(browser.open("/banen/bestand").await.says("klaar om te plaatsen"));

    // Mending in place: two rows right, one still not, one left as it is.
    let key = judged.key();
    let mend = [
        ("key", key.as_str()),
        ("pagina", "1"),
        ("r2.functie", "Kok"),
        ("r3.soort", "gewoon"),
        ("r3.taken", TASK),
        ("r3.postcode", "1315 RC"),
        ("r3.dagdelen", "ochtend"),
        ("r5.kenmerk", "A-1"),
    ];
    let mended = browser.submit(&format!("{page}/rijen"), &mend).await;
    assert!(mended.says("Bewaard. Wij keken de rijen opnieuw na."), "{}", mended.words());
    assert!(mended.says("Plaats 4 banen") && mended.says("Niet goed 2"), "{}", mended.words());
    // The same form once more, from another window: what is right stays right.
    let fresh = mended.key();
    let again = [&[("key", fresh.as_str())], &mend[1..]].concat();
    let again = browser.submit(&format!("{page}/rijen"), &again).await;
    assert!(again.says("Plaats 4 banen"), "{}", again.words());

    // Placing.
    let done = place(&mut browser, &page).await;
    for said in [
        "Klaar, 2 rijen zijn nog niet goed",
        "Nieuw geplaatst 4",
        "Terugdraaien kan tot",
        "Verbeter ze in uw bestand",
    ] {
        assert!(done.says(said), "{said}: {}", done.words());
    }
    assert_eq!(openings(&site).await, 4);
    assert!(browser.open("/banen").await.says("Kok"));
    assert!(browser.open("/werkplek").await.says("2 rijen zijn nog niet goed"));
    let placed = browser.open(&format!("{page}?toon=nieuw")).await;
    let job =
        placed.links("/baan/").into_iter().find(|href| href.contains("opening")).expect("a link to a job");
    assert_eq!(browser.open(&job).await.status, 200);

    // Taking it back: asked once.
    let ask = browser.open(&format!("{page}/terug")).await;
    assert!(
        ask.says("Wilt u dit terugdraaien?") && ask.says("4 nieuwe banen sluiten dan."),
        "{}",
        ask.words()
    );
    let key = ask.key();
    browser.submit(&format!("{page}/terug"), &[("key", &key)]).await;
    let undone = until(&mut browser, &page, "Dit is teruggedraaid").await;
    assert!(!undone.says("Terugdraaien kan tot"), "{}", undone.words());
    assert_eq!(browser.get(&format!("{page}/terug")).await.status, 303);

    // The next file with these headings is understood as this one was.
    let mut other = columns.clone();
    other[9].1 = "omschrijving".to_owned();
    let second = send(&mut browser, "banen.csv", bytes.clone()).await;
    let asked = browser.open(&second).await;
    assert_eq!(proposed(&asked), columns);
    choose(&mut browser, &second, &asked.key(), &other).await;
    until(&mut browser, &second, "Dit gaat er gebeuren").await;
    let third = send(&mut browser, "banen.csv", bytes).await;
    assert_eq!(proposed(&browser.open(&third).await), other, "remembered");

    let mut stranger = sign_in(&site, &accounts, Role::Administrator).await;
    assert_eq!(stranger.get(&page).await.status, 403, "a report is for who may import");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_openings_again_change_and_the_example_is_right() {
    let site = Site::start().await;
    let accounts = accounts(&site).await;
    let mut browser = sign_in(&site, &accounts, Role::AccountManager).await;
    for (title, counted) in [("Hulp", "Nieuw geplaatst 1"), ("Kok", "Gewijzigd 1"), ("Kok", "Hetzelfde 1")] {
        // UTF-8 with its mark, and commas.
        let text = format!(
            "\u{feff}{HEADING}\nA-1;12345678;Café De Linde;{title};gewoon;{TASK};1315 RC;16;24;ochtend;2\n"
        );
        let page = send(&mut browser, "banen.csv", text.replace(';', ",").into_bytes()).await;
        let judged = judge(&mut browser, &page).await;
        if counted.starts_with("Hetzelfde") {
            assert!(judged.says("Er is nu niets te plaatsen.") && judged.says(counted), "{}", judged.words());
        } else {
            let done = place(&mut browser, &page).await;
            assert!(done.says("Klaar, alle rijen zijn goed") && done.says(counted), "{}", done.words());
        }
    }
    let example = browser.get("/banen/bestand/voorbeeld.csv").await;
    let page = send(&mut browser, "voorbeeld.csv", example.bytes).await;
    let asked = browser.open(&page).await;
    assert!(asked.says("Wij zien 15 kolommen. 15 herkennen wij."), "{}", asked.words());
    let judged = judge(&mut browser, &page).await;
    assert!(judged.says("Plaats 2 banen") && judged.says("Niet goed 0"), "{}", judged.words());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn job_postings_of_a_website_become_rows_that_can_be_mended() {
    let site = Site::start().await;
    let accounts = accounts(&site).await;
    let mut browser = sign_in(&site, &accounts, Role::AccountManager).await;
    let posting = |number: u32, title: &str| {
        json!({
            "@type": "JobPosting",
            "identifier": { "@type": "PropertyValue", "value": format!("J-{number}") },
            "title": title,
            "description": "<p>U werkt in een <b>klein</b> team.</p>",
            "hiringOrganization": {
                "@type": "Organization", "name": "De Linde",
                "identifier": { "propertyID": "kvk", "value": "12345678" }
            },
            "jobLocation": { "address": { "postalCode": "1315 RC" } },
            "workHours": "24 uur, 's ochtends"
        })
    };
    let task = reference::Reference::small().tasks.task(TASK).expect("a task").label_nl.clone();
    let graph = json!({
        "@context": "https://schema.org",
        "@graph": [{ "@type": "WebSite" }, posting(1, &format!("{task} (m/v)")), posting(2, "Topper voor van alles")]
    });
    let page = send(&mut browser, "banen.jsonld", graph.to_string().into_bytes()).await;
    let judged = until(&mut browser, &page, "Dit gaat er gebeuren").await;
    for said in [
        "Nieuw 1",
        "Niet goed 1",
        "Bij 1 baan kozen wij taken bij het beroep.",
        "Rij 2: Topper voor van alles",
    ] {
        assert!(judged.says(said), "{said}: {}", judged.words());
    }
    let key = judged.key();
    let mended = browser.submit(&format!("{page}/rijen"), &[("key", &key), ("r2.taken", &task)]).await;
    assert!(mended.says("Plaats 2 banen") && mended.says("Niet goed 0"), "{}", mended.words());
    let done = place(&mut browser, &page).await;
    assert!(done.says("Klaar, alle rijen zijn goed"), "{}", done.words());
    assert_eq!(openings(&site).await, 2);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_none_are_refused_in_words() {
    let site = Site::start().await;
    let accounts = accounts(&site).await;
    let mut browser = sign_in(&site, &accounts, Role::AccountManager).await;
    let key = browser.open("/banen/bestand").await.key();
    let mut large = format!("{HEADING}\n").into_bytes();
    large.resize(21 * 1024 * 1024, b'x');
    for (bytes, status, words) in [
        (Vec::new(), 400, "Kies een bestand"),
        (
            b"PK\x03\x04 [Content_Types].xml".to_vec(),
            400,
            "Dit is geen CSV-bestand. Bewaar het in Excel als CSV.",
        ),
        (b"alleen een kolom\nx\n".to_vec(), 400, "Wij zien maar één kolom."),
        (HEADING.as_bytes().to_vec(), 400, "Dit bestand is leeg"),
        (
            b"{\n \"@type\": \"JobPosting\",,\n}".to_vec(),
            400,
            "Bij regel 2, teken 24 klopt het bestand niet.",
        ),
        (b"{\"@type\": \"Person\"}".to_vec(), 400, "Wij zien geen baan in dit bestand."),
        (large, 413, "Een bestand mag 20 MB zijn. Splits het in twee."),
    ] {
        let answer =
            browser.upload("/banen/bestand", &[("key", &key)], ("bestand", "banen.csv", bytes)).await;
        assert_eq!(answer.status, status, "{words}: {}", answer.words());
        assert!(answer.says(words), "{words}: {}", answer.words());
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_sent_twice_at_once_is_one_import() {
    let site = Site::start().await;
    let accounts = accounts(&site).await;
    let mut browser = sign_in(&site, &accounts, Role::AccountManager).await;
    let key = browser.open("/banen/bestand").await.key();
    let rows: Vec<String> = (0..450)
        .map(|number| {
            format!("B-{number};12345678;De Linde;Hulp {number};gewoon;{TASK};1315 RC;16;24;ochtend;1")
        })
        .collect();
    let bytes = format!("{HEADING}\n{}\n", rows.join("\n")).into_bytes();
    let mut other = browser.clone();
    let fields = [("key", key.as_str())];
    let (first, second) = tokio::join!(
        browser.upload("/banen/bestand", &fields, ("bestand", "banen.csv", bytes.clone())),
        other.upload("/banen/bestand", &fields, ("bestand", "banen.csv", bytes.clone())),
    );
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303), "{}", second.words());
    assert_eq!(first.location, second.location, "one import");
    let third = browser.upload("/banen/bestand", &fields, ("bestand", "banen.csv", bytes)).await;
    assert_eq!(third.location, first.location, "also later");
    let page = first.location.expect("its page");
    let judged = judge(&mut browser, &page).await;
    assert!(judged.says("Plaats 450 banen"), "{}", judged.words());
    let done = place(&mut browser, &page).await;
    assert!(done.says("Nieuw geplaatst 450"), "{}", done.words());
    assert!(browser.open("/banen").await.says("450 banen"));

    // The browser's back button brings the same form; another file is another import.
    let other_file = format!("{HEADING}\n{}\n", rows[0].replace("Hulp", "Kok")).into_bytes();
    let fourth = browser.upload("/banen/bestand", &fields, ("bestand", "banen.csv", other_file)).await;
    assert_eq!(fourth.status, 303);
    assert_ne!(fourth.location.as_ref(), Some(&page));
    site.stop().await;
}
