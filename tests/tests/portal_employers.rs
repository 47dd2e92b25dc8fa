//! What employers do on the pages: their sites and contact persons, their colleagues, a job of a kind with
//! fields of its own, and the people around them. Told in stories on real servers.

use chassis::harness::eventually;
use dichterbij_tests::{browser::Browser, site::Site};
use portal::domain::second_factor::SecondFactor;
use proto::{
    AccountId, Actor, EmployerId, Role, Service,
    portal::{DemoSignIn, PrepareDemo},
    vacancies::{AddEmployer, SiteDetails},
};

const REGION: &str = "AM11";

async fn employer(site: &Site, name: &str, kvk: &str) -> EmployerId {
    let manager = Actor::Account {
        account_id: AccountId(uuid::Uuid::from_u128(77)),
        roles: vec![Role::AccountManager],
        employer_id: None,
        regions: vec![REGION.to_owned()],
    };
    let command = AddEmployer {
        name: name.to_owned(),
        kvk_number: kvk.to_owned(),
        site: SiteDetails { name: String::new(), street: String::new(), postcode: "1315 RC".to_owned() },
        contact: None,
    };
    site.platform.ask(&manager, &command).await.expect("the employer is added")
}

async fn accounts(site: &Site, employer_id: EmployerId) -> Vec<DemoSignIn> {
    let command = PrepareDemo { employer_id: Some(employer_id), region: REGION.to_owned() };
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

#[tokio::test(flavor = "multi_thread")]
async fn an_employer_looks_after_its_sites_and_contact_persons() {
    let site = Site::start().await;
    let id = employer(&site, "De Linde", "12345678").await;
    let accounts = accounts(&site, id).await;
    let mut boss = sign_in(&site, &accounts, Role::Employer).await;
    let own = format!("/werkgever/{id}");

    let added = [("vestiging_naam", "Keuken"), ("straat", "Kerkgracht 2"), ("postcode", "1354")];
    let page = boss.submit(&format!("{own}/vestiging/nieuw"), &added).await;
    assert!(page.says("De vestiging staat in de lijst") && page.says("Keuken"), "{}", page.words());
    let wrong = boss.post(&format!("{own}/vestiging/nieuw"), &[("postcode", "x")]).await;
    assert_eq!(wrong.status, 400, "{}", wrong.words());

    let contact = [("contact_naam", "Fatma"), ("contact", "036 123 45 67"), ("contact_werk", "teamleider")];
    let page = boss.submit(&format!("{own}/contact/nieuw"), &contact).await;
    assert!(page.says("De contactpersoon staat in de lijst"), "{}", page.words());
    assert!(!page.says("Fatma") && !page.says("036 123 45 67"), "nothing without a purpose");

    let other = employer(&site, "De Eik", "87654321").await;
    assert_eq!(boss.get(&format!("/werkgever/{other}")).await.status, 403);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_invited_and_ended_and_nobody_else() {
    let site = Site::start().await;
    let id = employer(&site, "De Linde", "12345678").await;
    let accounts = accounts(&site, id).await;
    let mut boss = sign_in(&site, &accounts, Role::Employer).await;
    let page = boss.open("/bedrijf/collegas").await;
    assert!(page.says("Joris Bakker") && !page.says("Stop het account van Joris"), "{}", page.words());
    assert!(!page.says("Fatma de Vries"), "only people of the same employer");

    let invited =
        boss.submit("/bedrijf/collegas", &[("naam", "Bo Jansen"), ("email", "bo@linde.example")]).await;
    assert!(invited.says("Bo Jansen") && invited.says("Uitgenodigd tot"), "{}", invited.words());
    eventually("the invitation is sent", async || site.mailbox("bo@linde.example").await.len() == 1).await;

    site.invite("koen2@beheer.example", &[Role::Administrator], None, &[]).await;
    let taken = [("naam", "Koen"), ("email", "koen2@beheer.example")];
    let taken = boss.post("/bedrijf/collegas", &taken).await;
    assert!(taken.status == 400 && taken.says("heeft al een account"), "{}", taken.words());

    let html = invited.html();
    let end = html.split("action=\"").find(|part| part.starts_with("/bedrijf/collegas/invitation_"));
    let end = end.and_then(|part| part.split('"').next()).expect("a button").to_owned();
    let ended = boss.submit(&end, &[]).await;
    assert!(!ended.says("Bo Jansen"), "taken back: {}", ended.words());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_loose_tasks_is_posted_paused_and_shown_again() {
    let site = Site::start().await;
    let id = employer(&site, "De Linde", "12345678").await;
    let accounts = accounts(&site, id).await;
    let mut boss = sign_in(&site, &accounts, Role::Employer).await;
    let employer_id = id.to_string();
    let chosen = [("werkgever", employer_id.as_str()), ("soort", "jobcarving"), ("doe", "verder")];
    let form = boss.post("/baan/nieuw", &chosen).await;
    assert!(form.says("Van welke banen komen de taken?"), "{}", form.words());
    let key = form.key();
    let mut typed = vec![
        ("key", key.as_str()),
        ("werkgever", &employer_id),
        ("soort", "jobcarving"),
        ("titel", ""),
        ("taak", "schoonmaken.vloeren"),
        ("postcode", "1315 RC"),
        ("uren_min", "8"),
        ("uren_max", "12"),
        ("dagdeel", "morning"),
        ("plaatsen", "1"),
        // The first row stays empty: rows are numbered again.
        ("bron_naam_2", "Kok"),
        ("bron_mensen_2", "3"),
        ("van_schoonmaken.vloeren", "2"),
        ("verlicht", "De koks hebben meer tijd om te koken."),
    ];
    let mut refused = typed.clone();
    refused.push(("doe", "controleer"));
    let refused = boss.post("/baan/nieuw", &refused).await;
    assert_eq!(refused.status, 400, "{}", refused.words());
    assert!(refused.says("Vul een aantal uren in"), "{}", refused.words());
    assert_eq!(refused.value("bron_naam_1").as_deref(), Some("Kok"), "what was typed stays");

    typed.push(("uren_schoonmaken.vloeren", "10"));
    let mut check = typed.clone();
    check.push(("doe", "controleer"));
    let check = boss.post("/baan/nieuw", &check).await;
    assert!(check.says("Klopt dit?"), "{}", check.words());
    typed.push(("doe", "plaats"));
    let placed = boss.post("/baan/nieuw", &typed).await;
    assert_eq!(placed.status, 303, "{}", placed.words());
    let page = placed.location.expect("its page");
    let paused = boss.submit(&format!("{page}/pauze"), &[]).await;
    assert!(paused.says("De baan is even niet te zien"), "{}", paused.words());
    let shown = boss.submit(&format!("{page}/plaatsen"), &[]).await;
    assert!(shown.says("De baan is weer te zien"), "{}", shown.words());
    let people = boss.open("/bedrijf/mensen").await;
    assert!(people.says("Mensen die willen werken") && people.says("Almere"), "{}", people.words());
    assert!(boss.open("/bedrijf/interesse").await.says("Nu wacht niemand op een antwoord"));
    site.stop().await;
}
