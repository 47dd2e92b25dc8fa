//! What staff do on the pages: sign in, look after employers and openings, look after accounts. Told in
//! stories on real servers.

use chassis::{Chance as _, chance::OsChance, harness::eventually};
use chrono::TimeDelta;
use dichterbij_tests::{
    browser::{Answer, Browser},
    invented::{self, manager},
    site::Site,
};
use portal::domain::second_factor::SecondFactor;
use proto::{
    Actor, EmployerId, Role, Service,
    intake::{LoadDemoPeople, Purpose, Registration, Wishes},
    portal::{DemoSignIn, PrepareDemo},
    vacancies::{AddEmployer, Employers},
    work::{Channel, Dayparts, Hours, Language, Means, Travel},
};

const REGION: &str = "AM11";
const TASK: &str = "schoonmaken.vloeren";
const SESSION: &str = "__Host-dbj-sessie";

async fn employer(site: &Site, name: &str, kvk: &str) -> EmployerId {
    let command = AddEmployer { name: name.to_owned(), ..invented::employer(kvk) };
    site.platform.ask(&manager(), &command).await.expect("the employer is added")
}

/// The demo's accounts, one of each role.
async fn accounts(site: &Site, employer_id: Option<EmployerId>) -> Vec<DemoSignIn> {
    let command = PrepareDemo { employer_id, region: REGION.to_owned() };
    site.platform.ask(&Actor::Service { service: Service::Portal }, &command).await.expect("demo accounts")
}

fn code(site: &Site, secret: &str) -> String {
    SecondFactor::from_base32(secret, "test").expect("a secret").code(site.platform.clock.machine_now())
}

async fn sign_in(site: &Site, accounts: &[DemoSignIn], role: Role) -> Browser {
    let account = accounts.iter().find(|account| account.role == role).expect("an account of each role");
    let mut browser = site.browser();
    let form = [("email", account.email.as_str()), ("wachtwoord", account.password.as_str())];
    let answer = browser.submit("/personeel/inloggen", &form).await;
    assert!(answer.says("Wat is de code uit uw app?"), "{}", answer.words());
    let code = code(site, &account.totp_secret);
    let answer = browser.submit("/personeel/code", &[("code", &code)]).await;
    assert_eq!(answer.status, 200, "{}", answer.words());
    browser
}

async fn person(site: &Site, name: &str, contact: &str, consents: &[Purpose]) {
    let registration = Registration {
        wishes: Wishes {
            tasks: vec![TASK.into()],
            dayparts: Dayparts::ALL,
            hours: Some(Hours { min: 12, max: 32 }),
            travel: Some(Travel { means: Means::Bicycle, max_km: 20 }),
            ..invented::wishes()
        },
        name: name.to_owned(),
        contact: contact.to_owned(),
        channel: Channel::Sms,
        consents: consents.to_vec(),
        consent_text_version: "2026-11-a".to_owned(),
        entry_point: None,
        language: Language::Nl,
    };
    let people = site.platform.keys(Service::Portal).seal(Service::Intake, &vec![registration]);
    let actor = Actor::Service { service: Service::Portal };
    let loaded = site.platform.ask(&actor, &LoadDemoPeople { people }).await.expect("the person is there");
    assert_eq!(loaded.added, 1);
}

/// The form of an opening that could be placed, with these answers instead.
fn job<'a>(employer: &'a str, key: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("key", key),
        ("werkgever", employer),
        ("soort", "open_hiring"),
        ("titel", "Medewerker schoonmaak"),
        ("taak", TASK),
        ("omschrijving", "U werkt in een klein team."),
        ("postcode", "1315 RC"),
        ("uren_min", "16"),
        ("uren_max", "24"),
        ("dagdeel", "morning"),
        ("begint", ""),
        ("sluit", ""),
        ("plaatsen", "2"),
        ("uurloon", "15,20"),
        ("eis_diploma", ""),
        ("grond_diploma", ""),
        ("doe", "plaats"),
    ];
    form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    form.extend(changes);
    form
}

fn a_key() -> String {
    OsChance.uuid_v4().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_becomes_an_account() {
    let site = Site::start().await;
    site.invite("fatma@wsp.example", &[Role::AccountManager], None, &[REGION]).await;
    eventually("the invitation is in the mailbox", async || {
        !site.mailbox("fatma@wsp.example").await.is_empty()
    })
    .await;
    let body = site.mailbox("fatma@wsp.example").await.remove(0).body;
    let mut words = body.split(|letter: char| !letter.is_ascii_digit());
    let invitation = words.find(|digits| digits.len() == 10).expect("a code of ten digits").to_owned();

    let mut browser = site.browser();
    let wrong = browser.post("/uitnodiging", &[("email", "fatma@wsp.example"), ("code", "0000000000")]).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.says("E-mailadres en code horen nog niet bij elkaar"), "{}", wrong.words());
    assert_eq!(wrong.value("email").as_deref(), Some("fatma@wsp.example"));
    let nobody =
        browser.post("/uitnodiging", &[("email", "niemand@wsp.example"), ("code", "0000000000")]).await;
    assert_eq!(nobody.status, 400);

    let spaced = format!("{} {}", &invitation[..5], &invitation[5..]);
    let page = browser.submit("/uitnodiging", &[("email", "Fatma@WSP.example"), ("code", &spaced)]).await;
    assert!(page.says("Welkom, Fatma de Vries"), "{}", page.words());
    assert!(page.html().contains("class=\"dbj-qr\""), "the picture for the app");
    let html = page.html();
    let secret = html
        .split("<code>")
        .nth(1)
        .and_then(|rest| rest.split("</code>").next())
        .expect("the secret")
        .to_owned();

    let short = browser.post("/uitnodiging/account", &[("wachtwoord", "kort"), ("code", "000000")]).await;
    assert_eq!(short.status, 400);
    assert!(short.says("minstens 12 tekens") && short.says("De code klopt nog niet"), "{}", short.words());

    let half_way = browser.cookies()[SESSION].clone();
    let form = [("wachtwoord", "vier natte paarden"), ("code", &code(&site, &secret))];
    let desk = browser.submit("/uitnodiging/account", &form).await;
    assert!(desk.says("Mijn werkplek"), "{}", desk.words());
    assert_ne!(browser.cookies()[SESSION], half_way, "a new token once she is signed in");

    let mut other = site.browser();
    let again = other.post("/uitnodiging", &[("email", "fatma@wsp.example"), ("code", &invitation)]).await;
    assert_eq!(again.status, 400, "an invitation is accepted once");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_wrong_passwords_make_one_network_wait_and_nobody_else() {
    let site = Site::start().await;
    let accounts = accounts(&site, None).await;
    let account = &accounts[0];
    let mut guesser = site.browser();
    for _ in 0..5 {
        let form = [("email", account.email.as_str()), ("wachtwoord", "geraden wachtwoord")];
        let answer = guesser.post("/personeel/inloggen", &form).await;
        assert_eq!(answer.status, 400);
        assert!(answer.says("horen nog niet bij elkaar"), "{}", answer.words());
        assert!(!answer.html().contains("geraden"), "a password is never shown again");
    }
    let right = [("email", account.email.as_str()), ("wachtwoord", account.password.as_str())];
    let wait = guesser.post("/personeel/inloggen", &right).await;
    assert_eq!(wait.status, 429, "also with the right one");
    assert!(wait.says("Probeer het over 15 minuten opnieuw"), "{}", wait.words());

    let mut herself = Browser::on(&site.address, Some([127, 0, 1, 1].into()));
    assert_eq!(herself.post("/personeel/inloggen", &right).await.status, 303, "another network still can");
    site.platform.clock.advance(TimeDelta::minutes(16));
    assert_eq!(
        guesser.post("/personeel/inloggen", &right).await.status,
        303,
        "and the first one after a while"
    );
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_once_and_a_session_ends_by_itself() {
    let site = Site::start().await;
    let accounts = accounts(&site, None).await;
    let account = &accounts[0];
    let secret = code(&site, &account.totp_secret);
    let right = [("email", account.email.as_str()), ("wachtwoord", account.password.as_str())];

    let mut first = site.browser();
    first.submit("/personeel/inloggen", &right).await;
    assert!(!first.get("/werkplek").await.status.is_success(), "a password alone opens nothing");
    assert!(first.submit("/personeel/code", &[("code", &secret)]).await.says("Mijn werkplek"));

    let mut second = site.browser();
    second.submit("/personeel/inloggen", &right).await;
    let used = second.post("/personeel/code", &[("code", &secret)]).await;
    assert_eq!(used.status, 400, "the same code a second time");
    assert!(used.says("De code klopt nog niet"), "{}", used.words());

    site.platform.clock.advance(TimeDelta::minutes(31));
    assert_eq!(first.get("/werkplek").await.status, 401, "half an hour without a page");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_is_posted_and_people_come_in_view() {
    let site = Site::start().await;
    let accounts = accounts(&site, None).await;
    let mut browser = sign_in(&site, &accounts, Role::AccountManager).await;
    person(&site, "Samira", "0612345678", &[Purpose::Adviser, Purpose::OpenFile]).await;
    person(&site, "Joost", "0612345679", &[]).await;

    let form = browser.open("/werkgever/nieuw").await;
    let (key, wrong) = (
        form.key(),
        [("naam", ""), ("kvk", "12"), ("postcode", "0"), ("contact_naam", "Fatma"), ("contact", "")],
    );
    let refused = browser.post("/werkgever/nieuw", &[&wrong[..], &[("key", &key)]].concat()).await;
    assert_eq!(refused.status, 400);
    for words in [
        "Vul een naam in",
        "KVK-nummer in met 8 cijfers",
        "Vul een postcode in met 4 cijfers",
        "Vul een telefoonnummer of e-mailadres in",
    ] {
        assert!(refused.says(words), "{words}: {}", refused.words());
    }
    assert_eq!(refused.value("contact_naam").as_deref(), Some("Fatma"), "it comes back filled in");
    let elsewhere = [("naam", "Ver weg"), ("kvk", "87654321"), ("postcode", "9711")];
    let elsewhere = browser.post("/werkgever/nieuw", &elsewhere).await;
    assert!(elsewhere.says("buiten uw regio"), "{}", elsewhere.words());

    let right = [
        ("naam", "De Linde"),
        ("kvk", "1234 5678"),
        ("postcode", "1315rc"),
        ("contact_naam", "Fatma"),
        ("contact", "036 123 45 67"),
        ("key", &key),
    ];
    let made = browser.post("/werkgever/nieuw", &right).await;
    assert_eq!(made.status, 303, "{}", made.words());
    let again = browser.post("/werkgever/nieuw", &right).await;
    assert_eq!(again.location, made.location, "sent twice, made once");
    let employer = browser.follow(made).await;
    assert!(employer.says("De werkgever staat in de lijst"), "{}", employer.words());
    assert!(!employer.says("036 123 45 67"), "a contact person is shown for a purpose only");
    let contact = employer.links("/werkgever/").into_iter().find(|link| link.contains("/contact/contact_"));
    let contact = contact.expect("her page");
    let ask = browser.open(&contact).await;
    let key = ask.key();
    let nothing = browser.post(&contact, &[("key", &key)]).await;
    assert!(nothing.status == 400 && nothing.says("Kies waarvoor u de gegevens nodig hebt"));
    let shown = browser.post(&contact, &[("key", &key), ("doel", "appointment")]).await;
    assert!(shown.says("036 123 45 67") && shown.says("Fatma"), "{}", shown.words());
    assert!(browser.open("/werkgevers?zoek=linde").await.says("De Linde"));

    let link = employer.links("/baan/nieuw?").remove(0);
    let id = link.split('=').nth(1).expect("its employer").to_owned();
    let first = browser.open(&link).await;
    assert!(first.says("Wat voor baan is het?"), "{}", first.words());
    let chosen = [("werkgever", id.as_str()), ("soort", "open_hiring"), ("doe", "verder")];
    let form = browser.post("/baan/nieuw", &chosen).await;
    assert!(form.says("Op welke dagen kunnen mensen beginnen?"), "{}", form.words());
    let key = form.key();
    let asks_diploma = [("eis_diploma", "needed"), ("doe", "controleer"), ("plaatsen", "veel")];
    let refused = browser.post("/baan/nieuw", &job(&id, &key, &asks_diploma)).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused
            .says("Bij Open Hiring mag u geen diploma vragen. Haal dit weg of kies een andere soort baan."),
        "{}",
        refused.words()
    );
    assert!(refused.says("Vul een aantal in van 1 tot 999"));
    assert_eq!(refused.value("titel").as_deref(), Some("Medewerker schoonmaak"), "it comes back filled in");
    assert_eq!(refused.key(), key, "with the same key");
    let straight = browser.post("/baan/nieuw", &job(&id, &key, &[("eis_diploma", "needed")])).await;
    assert!(
        straight.says("Bij Open Hiring mag u geen diploma vragen"),
        "vacancies decides: {}",
        straight.words()
    );

    let check = browser.post("/baan/nieuw", &job(&id, &key, &[("doe", "controleer")])).await;
    assert!(check.says("Klopt dit?"), "{}", check.words());
    let key = check.key();
    let placed = browser.post("/baan/nieuw", &job(&id, &key, &[])).await;
    assert_eq!(placed.status, 303, "{}", placed.words());
    assert_eq!(
        browser.post("/baan/nieuw", &job(&id, &key, &[])).await.location,
        placed.location,
        "pressed twice, placed once"
    );
    let page = placed.location.clone().expect("its page");
    assert!(browser.follow(placed).await.says("Geplaatst. De baan is nu open."));

    let mut seen = None;
    eventually("the person who agreed is in view", async || {
        let answer = browser.open(&page).await;
        let found = answer.says("Iemand met code");
        seen = Some(answer);
        found
    })
    .await;
    let seen: Answer = seen.expect("a page");
    assert!(seen.says("Minder dan 10 mensen kunnen dit werk nu doen"), "{}", seen.words());
    assert_eq!(seen.words().matches("Iemand met code").count(), 1, "who did not agree is only counted");
    assert!(seen.says("Almere") && seen.says("Doet graag"), "{}", seen.words());
    assert!(!seen.says("Samira") && !seen.says("Joost"), "no names");
    assert!(browser.open("/banen").await.says("minder dan 10 mensen"));
    assert!(browser.open("/werkplek").await.says("Nog weinig mensen in beeld"));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_changed_placed_and_closed_and_a_colleague_is_not_overwritten() {
    let site = Site::start().await;
    let id = employer(&site, "De Linde", "12345678").await.to_string();
    let accounts = accounts(&site, None).await;
    let mut browser = sign_in(&site, &accounts, Role::AccountManager).await;
    let key = a_key();
    let draft = browser.post("/baan/nieuw", &job(&id, &key, &[("doe", "concept")])).await;
    let page = draft.location.clone().expect("its page");
    assert!(browser.follow(draft).await.says("Dit is een concept"));

    let form = browser.open(&format!("{page}/wijzigen")).await;
    let version = form.value("versie").expect("the version she saw");
    assert_eq!(form.value("titel").as_deref(), Some("Medewerker schoonmaak"));
    let action = format!("{page}/wijzigen");
    let (mine, theirs) = (a_key(), a_key());
    let colleague = [("versie", version.as_str()), ("titel", "Schoonmaker"), ("doe", "concept")];
    let saved = browser.submit(&action, &job(&id, &theirs, &colleague)).await;
    assert!(saved.says("Bewaard") && saved.says("Schoonmaker"), "{}", saved.words());

    let late = [("versie", version.as_str()), ("titel", "Hulp in de keuken"), ("doe", "concept")];
    let late = browser.post(&action, &job(&id, &mine, &late)).await;
    assert_eq!(late.status, 409);
    assert!(late.says("Een collega heeft deze baan net gewijzigd"), "{}", late.words());
    assert_eq!(late.value("titel").as_deref(), Some("Hulp in de keuken"), "what she typed stays");
    let version = late.value("versie").expect("the version of now");
    let knowing = [("versie", version.as_str()), ("titel", "Hulp in de keuken"), ("doe", "plaats")];
    let (key, placed) = (late.key(), [("key", "")]);
    let mut form = job(&id, &key, &knowing);
    form.retain(|field| *field != placed[0]);
    let placed = browser.submit(&action, &form).await;
    assert!(placed.says("De baan is nu open") && placed.says("Hulp in de keuken"), "{}", placed.words());

    let ask = browser.open(&format!("{page}/sluiten")).await;
    let key = ask.key();
    let nothing = browser.post(&format!("{page}/sluiten"), &[("key", &key)]).await;
    assert_eq!(nothing.status, 400);
    let closed = browser.submit(&format!("{page}/sluiten"), &[("key", &key), ("reden", "filled")]).await;
    assert!(closed.says("Gesloten. Niemand ziet de baan nog."), "{}", closed.words());
    assert_eq!(site.browser().get(&page).await.status, 303, "a visitor is taken to the door");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employer_sees_its_own_openings_and_no_others() {
    let site = Site::start().await;
    let ours = employer(&site, "De Linde", "12345678").await;
    let theirs = employer(&site, "De Eik", "87654321").await;
    let accounts = accounts(&site, Some(ours)).await;
    let mut adviser = sign_in(&site, &accounts, Role::AccountManager).await;
    let mut pages = Vec::new();
    for (id, title) in [(ours, "Kok"), (theirs, "Houthakker")] {
        let (id, key) = (id.to_string(), a_key());
        let placed = adviser.post("/baan/nieuw", &job(&id, &key, &[("titel", title)])).await;
        pages.push(
            placed.location.clone().unwrap_or_else(|| panic!("not placed: {title}: {}", placed.words())),
        );
    }
    let (id, key) = (theirs.to_string(), a_key());
    let draft =
        adviser.post("/baan/nieuw", &job(&id, &key, &[("doe", "concept")])).await.location.expect("a draft");

    let mut boss = sign_in(&site, &accounts, Role::Employer).await;
    let home = boss.open("/bedrijf").await;
    assert!(home.says("De Linde") && home.says("Kok") && !home.says("Houthakker"), "{}", home.words());
    assert!(boss.open(&pages[0]).await.says("Mensen in beeld"));
    let other = boss.open(&pages[1]).await;
    assert!(
        !other.says("Mensen in beeld") && !other.says("Wijzig de baan"),
        "read as anyone: {}",
        other.words()
    );
    assert_eq!(boss.get(&draft).await.status, 404);
    assert_eq!(boss.get(&format!("{}/wijzigen", pages[1])).await.status, 403);
    let key = a_key();
    assert_eq!(
        boss.post(&format!("{}/sluiten", pages[1]), &[("key", &key), ("reden", "filled")]).await.status,
        403
    );
    let posted = boss.post("/baan/nieuw", &job(&id, &key, &[])).await;
    assert_eq!(posted.status, 403, "not for another employer: {}", posted.words());
    let choices = boss.open("/baan/nieuw").await;
    assert!(choices.says("De Linde") && !choices.says("De Eik"));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_room_is_for_its_own_people() {
    let site = Site::start().await;
    let accounts = accounts(&site, None).await;
    let rooms = [
        ("/werkplek", Role::AccountManager),
        ("/werkgevers", Role::AccountManager),
        ("/werkgever/nieuw", Role::AccountManager),
        ("/banen", Role::AccountManager),
        ("/banen/bestand", Role::AccountManager),
        ("/mensen", Role::AccountManager),
        ("/interesse", Role::AccountManager),
        ("/verwijzingen", Role::AccountManager),
        ("/beheer/gewist", Role::Administrator),
        ("/beheer/vastgelopen", Role::Administrator),
        ("/beheer/accounts", Role::Administrator),
        ("/beheer/accounts/nieuw", Role::Administrator),
    ];
    for role in Role::ALL {
        let mut browser = sign_in(&site, &accounts, role).await;
        for (room, owner) in rooms {
            let expected = if role == owner { 200 } else { 403 };
            assert_eq!(browser.get(room).await.status, expected, "{room} for {}", role.name());
        }
        assert_eq!(browser.get("/organisator").await.status, 200);
        assert_eq!(browser.get("/mijn").await.status, 403);
    }
    let mut visitor = site.browser();
    for (room, _) in rooms {
        assert_eq!(visitor.get(room).await.location.as_deref(), Some("/personeel/inloggen"), "{room}");
    }
    assert_eq!(visitor.get("/bedrijf").await.status, 200);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_looks_after_accounts_and_the_last_one_stays() {
    let site = Site::start().await;
    let accounts = accounts(&site, None).await;
    let mut admin = sign_in(&site, &accounts, Role::Administrator).await;
    let list = admin.open("/beheer/accounts").await;
    assert!(list.says("5 accounts") && list.says("Koen Smit"), "{}", list.words());
    let of = |list: &Answer, name: &str| {
        let html = list.html();
        let at = html.find(&format!(">{name}</a>")).unwrap_or_else(|| panic!("no {name}: {}", list.words()));
        html[..at]
            .rsplit("href=\"")
            .next()
            .and_then(|rest| rest.split('"').next())
            .expect("a link")
            .to_owned()
    };
    let herself = of(&list, "Koen Smit");
    let page = admin.open(&herself).await;
    assert!(page.says("Dit is de laatste beheerder") && !page.says("Stop dit account"), "{}", page.words());
    let key = page.key();
    for (path, form) in [
        (format!("{herself}/stoppen"), vec![("key", key.as_str())]),
        (herself.clone(), vec![("key", key.as_str()), ("rol", "organisator")]),
    ] {
        let refused = admin.post(&path, &form).await;
        assert_eq!(refused.status, 400);
        assert!(refused.says("Dit is de laatste beheerder"), "{}", refused.words());
    }
    assert_eq!(admin.get("/beheer/accounts").await.status, 200, "she is still there");

    let form = admin.open("/beheer/accounts/nieuw").await;
    let key = form.key();
    let wrong = admin
        .post("/beheer/accounts/nieuw", &[("key", &key), ("naam", ""), ("email", "x"), ("rol", "werkgever")])
        .await;
    assert_eq!(wrong.status, 400);
    for words in ["Vul een naam in", "e-mailadres in met een @", "Kies een werkgever"] {
        assert!(wrong.says(words), "{words}: {}", wrong.words());
    }
    let taken =
        [("key", key.as_str()), ("naam", "Fatma"), ("email", "adviseur@demo.example"), ("rol", "beheerder")];
    assert!(admin.post("/beheer/accounts/nieuw", &taken).await.says("heeft al een account"));
    let right = [
        ("key", key.as_str()),
        ("naam", "Bo Jansen"),
        ("email", "bo@wsp.example"),
        ("rol", "adviseur"),
        ("organisatie", "Werkgeversservicepunt Flevoland"),
        ("regio", REGION),
    ];
    let list = admin.submit("/beheer/accounts/nieuw", &right).await;
    assert!(
        list.says("Verstuurd. De uitnodiging werkt 7 dagen.") && list.says("Uitgenodigd tot"),
        "{}",
        list.words()
    );
    eventually("the invitation is sent", async || site.mailbox("bo@wsp.example").await.len() == 1).await;
    let bo = of(&list, "Bo Jansen");
    assert!(admin.open(&bo).await.says("Nog geen antwoord?"));
    assert!(admin.submit(&bo, &[("rol", "organisator")]).await.says("Bewaard. Dit geldt direct."));
    let list = admin.submit(&format!("{bo}/opnieuw"), &[]).await;
    eventually("a new code is sent", async || site.mailbox("bo@wsp.example").await.len() == 2).await;
    let bo = of(&list, "Bo Jansen");
    let list = admin.submit(&format!("{bo}/stoppen"), &[]).await;
    assert!(!list.says("Bo Jansen"), "taken back: {}", list.words());

    let mut organiser = sign_in(&site, &accounts, Role::Organiser).await;
    assert_eq!(organiser.get("/personeel").await.location.as_deref(), Some("/organisator"));
    let amina = of(&list, "Amina Visser");
    let list = admin.submit(&format!("{amina}/stoppen"), &[]).await;
    assert!(list.says("Gestopt op"), "{}", list.words());
    assert_ne!(
        organiser.get("/personeel").await.location.as_deref(),
        Some("/organisator"),
        "her session ended at once"
    );
    // Who left can come back, by an invitation.
    let again = [("naam", "Amina Visser"), ("email", "organisator@demo.example"), ("rol", "organisator")];
    assert!(admin.submit("/beheer/accounts/nieuw", &again).await.says("Verstuurd"));
    eventually("she is invited again", async || site.mailbox("organisator@demo.example").await.len() == 1)
        .await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_elsewhere_can_send_nothing() {
    let site = Site::start().await;
    let accounts = accounts(&site, None).await;
    let browser = sign_in(&site, &accounts, Role::AccountManager).await;
    let jar: Vec<String> = browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = format!("{}/werkgever/nieuw", site.address);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "http://elders.example")] {
        let request =
            dichterbij_tests::reqwest::Client::new().post(&address).header("cookie", jar.join("; "));
        let form = [("naam", "De Linde"), ("kvk", "12345678"), ("postcode", "1315")];
        let answer = request.header(name, value).form(&form).send().await.expect("the portal answers");
        assert_eq!(answer.status(), 403, "{name}");
    }
    let all = Employers { search: String::new(), account_manager: None, page: 0, per_page: 10 };
    assert_eq!(site.platform.ask(&manager(), &all).await.expect("a list").total, 0);
    site.stop().await;
}

/// The newest six digits sent to a number, once there are more messages than before.
#[tokio::test(flavor = "multi_thread")]
async fn an_adviser_looks_after_desks_and_questions_and_an_administrator_sees_who_went() {
    let site = Site::start().await;
    let accounts = accounts(&site, None).await;
    let (name, phone, sent_to) = ("Samirabelle", "0612345678", "+31612345678");
    person(&site, name, phone, &[Purpose::Adviser, Purpose::Figures, Purpose::OpenFile]).await;
    let mut adviser = sign_in(&site, &accounts, Role::AccountManager).await;

    // She looks a desk of her region over. What is wrong comes back; what is right is seen by everyone.
    let desks = adviser.open("/loketten").await;
    assert!(desks.says("Flevoland") && desks.says("Nog niet"), "{}", desks.words());
    let desk = desks.links("/loket/").remove(0);
    let form = adviser.open(&desk).await;
    let [town, email] = ["plaats", "email"].map(|field| form.value(field).unwrap_or_default());
    let mut fields = vec![
        ("naam", "Loket Kanariekwartier"),
        ("plaats", town.as_str()),
        ("email", email.as_str()),
        ("telefoon", "036 123 45 67"),
        ("website", "voorbeeld"),
    ];
    let refused = adviser.post(&desk, &fields).await;
    assert_eq!(refused.status, 400);
    assert!(refused.says("Begin het adres met https://") && refused.html().contains("Kanariekwartier"));
    fields[4].1 = "https://www.example.nl";
    let saved = adviser.submit(&desk, &fields).await;
    assert!(
        saved.says("Bewaard. Het loket is nagekeken.") && saved.says("036 123 45 67"),
        "{}",
        saved.words()
    );
    let elsewhere = site.browser().post("/hulp", &[("postcode", "1315")]).await;
    assert!(elsewhere.says("Loket Kanariekwartier"), "{}", elsewhere.words());

    // Someone asks that desk to call. Names are shown after a button only, and she sees who looked.
    let mut she = site.browser();
    let before = site.mailbox(sent_to).await.len();
    let asked = she.submit("/inloggen", &[("contact", phone)]).await;
    let code = site.newest_code(sent_to, before).await;
    she.submit("/inloggen/code", &[("key", &asked.key()), ("code", &code)]).await;
    let ask = format!("/mijn{desk}");
    let waits = she.submit(&ask, &[("vraag", "Kan ik leren en werken?")]).await;
    assert!(waits.says("Het loket belt of mailt u voor"), "{}", waits.words());
    let closed = adviser.open("/verwijzingen").await;
    assert!(
        closed.says("Wij schrijven op wie de lijst bekijkt.") && !closed.says(name),
        "{}",
        closed.words()
    );
    let list = adviser.post("/verwijzingen", &[("toon", "open")]).await;
    assert!(list.says(name) && list.says("Vraag: Kan ik leren en werken?"), "{}", list.words());
    assert!(list.says("06 12 34 56 78") && !list.html().contains(sent_to), "as people write it");
    assert!(she.open("/mijn/toestemming").await.says("zag uw naam en nummer. Waarvoor: praten over werk."));
    let at = list.html().find("action=\"/verwijzingen/").expect("something to write down") + 8;
    let action = list.html()[at..].split('"').next().expect("an address").to_owned();
    let tried = adviser.post(&action, &[("key", &a_key()), ("staat", "not_reached")]).await;
    assert!(tried.says("Bewaard.") && tried.says("Nog niet bereikt"), "{}", tried.words());
    let spoken = adviser.post(&action, &[("key", &a_key()), ("staat", "spoken")]).await;
    assert!(spoken.says("Nu wacht niemand op een telefoontje.") && !spoken.says(name), "{}", spoken.words());
    let all = adviser.post("/verwijzingen", &[("toon", "alle")]).await;
    assert!(all.says("Gesproken") && all.says("Klaar met deze vraag"), "{}", all.words());
    adviser.post(&action, &[("key", &a_key()), ("staat", "closed")]).await;
    let all = adviser.post("/verwijzingen", &[("toon", "alle")]).await;
    assert!(all.says(name) && !all.says("Klaar met deze vraag"), "{}", all.words());

    // She agreed that an adviser thinks along: her data for a reason, and what the organisation knows of her.
    let mut people = adviser.open("/mensen?postcode=1315").await;
    eventually("she stands in the open file", async || {
        people = adviser.open("/mensen?postcode=1315").await;
        !people.links("/mens/").is_empty()
    })
    .await;
    let her_page = people.links("/mens/").remove(0);
    assert_eq!(adviser.post(&her_page, &[]).await.status, 400, "not without a reason");
    let reached = adviser.post(&her_page, &[("doel", "correction")]).await;
    assert!(reached.says(name) && reached.says("06 12 34 56 78"), "{}", reached.words());
    let confirm = format!("{her_page}/uitkering");
    assert_eq!(adviser.post(&confirm, &[("uitkering", "rijkdom")]).await.status, 400);
    let early = adviser.post(&confirm, &[("uitkering", "social_assistance")]).await;
    assert!(early.says("Deze persoon heeft hier zelf nog niets over verteld."), "{}", early.words());
    she.submit(
        "/mijn/gegevens/achtergrond",
        &[("uitkering", "social_assistance"), ("vindplaats", "library")],
    )
    .await;
    let confirmed = adviser.submit(&confirm, &[("uitkering", "social_assistance")]).await;
    assert!(confirmed.says("Bewaard. De persoon ziet wie dit bevestigde."), "{}", confirmed.words());
    let details = she.open("/mijn/gegevens").await;
    assert!(details.says("Bijstand (bevestigd door"), "{}", details.words());

    // She goes. The administrator sees a number that is nobody's any more, and every service confirm.
    let mut admin = sign_in(&site, &accounts, Role::Administrator).await;
    assert!(admin.open("/beheer/gewist").await.says("Nog niemand liet zich wissen."));
    let gone = she.submit("/mijn/wissen", &[("wis", "ja")]).await;
    assert!(gone.says("Uw gegevens zijn gewist"), "{}", gone.words());
    let mut erasures = admin.open("/beheer/gewist").await;
    eventually("everybody confirms and nothing is left", async || {
        erasures = admin.open("/beheer/gewist").await;
        ["Alles leeg op", "matcher", "notifier", "portal"].iter().all(|words| erasures.says(words))
    })
    .await;
    assert!(!erasures.says(name) && !erasures.says("Te laat"), "{}", erasures.words());
    site.stop().await;
}
