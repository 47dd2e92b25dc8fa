//! By telephone: text messages that come in through the door of the gateway (signed, taken in once, and answered), and the
//! second number, which is called when she does not answer.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chassis::harness::eventually;
use chrono::{DateTime, TimeDelta, Utc};
use dichterbij_tests::{
    lines::{Stage, join, staff},
    reqwest::{Client, StatusCode},
    site::Site,
};
use portal::domain::signed_webhook::sign;
use proto::{Role, Service, open_hiring::TicketState};
use serde_json::json;

const HER: (&str, &str, &str) = ("Samirabelle", "06 12 34 56 78", "+31612345678");
/// Where she gives a second number.
const PAGE: &str = "/mijn/gegevens/tweede-nummer";
const NEXT: (&str, &str, &str) = ("Duizendblad", "06 98 76 54 32", "+31698765432");

/// The gateway: it knows the secret, and the time.
struct Gateway<'a> {
    site: &'a Site,
    secret: Vec<u8>,
}

impl<'a> Gateway<'a> {
    fn of(site: &'a Site) -> Self {
        let keys = site.platform.keys(Service::Portal);
        Self { site, secret: keys.sms_webhook().expect("the portal has it").to_vec() }
    }

    /// Brings a text message; what the portal says.
    async fn brings(&self, id: &str, from: &str, text: &str) -> StatusCode {
        let body = json!({ "id": id, "from": from, "text": text, "network": "20408" }).to_string();
        self.sends(id, self.site.platform.clock.machine_now(), &body).await
    }

    async fn sends(&self, id: &str, at: DateTime<Utc>, body: &str) -> StatusCode {
        let timestamp = at.timestamp().to_string();
        let signature = sign(&self.secret, id, &timestamp, body.as_bytes());
        self.site_hears(
            &[("webhook-id", id), ("webhook-timestamp", &timestamp), ("webhook-signature", &signature)],
            body,
        )
        .await
    }

    async fn site_hears(&self, headers: &[(&str, &str)], body: &str) -> StatusCode {
        let mut request = Client::new().post(format!("{}/koppeling/sms", self.site.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body.to_owned()).send().await.expect("the portal answers").status()
    }
}

/// How many messages to a number say this.
async fn told(site: &Site, to: &str, what: &str) -> usize {
    site.mailbox(to).await.iter().filter(|item| item.body.contains(what)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_by_text_is_her_yes_and_the_same_message_again_changes_nothing() {
    let stage = Stage::start(1).await;
    let (site, gateway) = (&stage.site, Gateway::of(&stage.site));
    let (mut hers, mut next) = (site.browser(), site.browser());
    let (ticket_id, _) = join(site, &mut hers, stage.opening_id, HER).await;
    join(site, &mut next, stage.opening_id, NEXT).await;
    stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;

    assert_eq!(gateway.brings("m1", "31612345678", "JA").await, StatusCode::NO_CONTENT);
    let line = stage.until("she said yes", |line| line[0].state == TicketState::Yes).await;
    assert_eq!((line[0].ticket_id, line[1].state), (ticket_id, TicketState::Waiting));
    eventually("it is confirmed", async || told(site, HER.2, "Gelukt. U begint").await == 1).await;

    assert_eq!(gateway.brings("m1", "31612345678", "JA").await, StatusCode::NO_CONTENT);
    assert_eq!(stage.line().await, line);
    // Once more by herself: there is nothing to say yes to, and she hears it once.
    for id in ["m2", "m2", "m3"] {
        assert_eq!(gateway.brings(id, HER.2, "JA").await, StatusCode::NO_CONTENT, "{id}");
    }
    let nothing = "Er is nu geen werk waar u ja of nee op kunt zeggen.";
    eventually("she hears it", async || told(site, HER.2, nothing).await == 1).await;
    assert_eq!(stage.line().await, line);
    assert_eq!(told(site, HER.2, "Gelukt. U begint").await, 1, "once");
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_know_the_secret_answers_for_nobody() {
    let stage = Stage::start(1).await;
    let (site, gateway) = (&stage.site, Gateway::of(&stage.site));
    join(site, &mut site.browser(), stage.opening_id, HER).await;
    let before = stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;
    eventually("she is told of it", async || told(site, HER.2, "Er is werk voor u").await == 1).await;
    let messages = site.mailbox(HER.2).await.len();

    let now = site.platform.clock.machine_now();
    let body = json!({ "id": "m1", "from": HER.2, "text": "JA" }).to_string();
    let liar = Gateway { site, secret: b"guessed".to_vec() };
    assert_eq!(liar.sends("m1", now, &body).await, StatusCode::UNAUTHORIZED);
    assert_eq!(gateway.sends("m1", now - TimeDelta::minutes(6), &body).await, StatusCode::UNAUTHORIZED);
    assert_eq!(gateway.site_hears(&[], &body).await, StatusCode::UNAUTHORIZED);
    // A good signature of another body.
    let timestamp = now.timestamp().to_string();
    let signature = sign(&gateway.secret, "m1", &timestamp, body.replace("JA", "NEE").as_bytes());
    let headers =
        [("webhook-id", "m1"), ("webhook-timestamp", &*timestamp), ("webhook-signature", &*signature)];
    assert_eq!(gateway.site_hears(&headers, &body).await, StatusCode::UNAUTHORIZED);
    // Base64 of the secret, as it stands in the file, is not the secret.
    let encoded = Gateway { site, secret: STANDARD.encode(&gateway.secret).into_bytes() };
    assert_eq!(encoded.sends("m1", now, &body).await, StatusCode::UNAUTHORIZED);

    // From the gateway itself, what is no message, and whom nobody knows.
    for odd in ["", "JA", "[]", "{\"id\":\"m1\"}", "{\"id\":\"\",\"from\":\"+31612345678\",\"text\":\"JA\"}"]
    {
        assert_eq!(gateway.sends("m1", now, odd).await, StatusCode::BAD_REQUEST, "{odd}");
    }
    let long = "x".repeat(9_000);
    assert_eq!(gateway.sends("m1", now, &long).await, StatusCode::PAYLOAD_TOO_LARGE);
    for (id, from) in [("m5", "+31687654321"), ("m6", "Bol.com"), ("m7", "3010")] {
        assert_eq!(gateway.brings(id, from, "JA").await, StatusCode::NO_CONTENT, "{from}");
    }
    assert_eq!(stage.line().await, before, "nothing changed");
    assert_eq!(site.mailbox(HER.2).await.len(), messages);
    assert!(site.mailbox("+31687654321").await.is_empty(), "a stranger learns nothing");
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_read_brings_a_call_and_a_word_about_it() {
    let stage = Stage::start(1).await;
    let (site, gateway) = (&stage.site, Gateway::of(&stage.site));
    join(site, &mut site.browser(), stage.opening_id, HER).await;
    let before = stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;
    assert_eq!(gateway.brings("m1", HER.2, "Ik ben in gesprek.").await, StatusCode::NO_CONTENT);
    assert_eq!(gateway.brings("m2", HER.2, "Ik ben in gesprek.").await, StatusCode::NO_CONTENT);
    let unclear = "Stuur alleen JA of NEE.";
    eventually("she hears it", async || told(site, HER.2, unclear).await == 1).await;
    assert_eq!(stage.line().await, before, "nothing is guessed");
    let open: i64 = sqlx::query_scalar("select count(*) from call_tasks where closed_at is null")
        .fetch_one(site.platform.pool(Service::OpenHiring))
        .await
        .unwrap();
    assert_eq!(open, 1);
    assert_eq!(gateway.brings("m3", HER.2, "nee").await, StatusCode::NO_CONTENT);
    stage.until("she said no", |line| line[0].state == TicketState::Ended).await;
    assert_eq!(told(site, HER.2, unclear).await, 1, "an answering machine is answered once a day");
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_answer_is_reached_by_the_second_number_that_she_gave() {
    let stage = Stage::start(1).await;
    let (site, gateway) = (&stage.site, Gateway::of(&stage.site));
    let mut hers = site.browser();
    join(site, &mut hers, stage.opening_id, HER).await;
    stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;
    // She gives it after she signed up.
    let key = hers.open(PAGE).await.key();
    let own = hers.post(PAGE, &[("key", &key), ("nummer", HER.1), ("van", "")]).await;
    assert_eq!(own.status, StatusCode::BAD_REQUEST);
    assert!(own.says("Dit is het nummer waarop wij al bellen."), "{}", own.words());
    let fields = [("key", key.as_str()), ("nummer", "036 530 12 34"), ("van", "mijn zus")];
    let kept = hers.submit(PAGE, &fields).await;
    assert!(kept.says("0365301234, mijn zus"), "{}", kept.words());

    // Half of her time is over: somebody calls her, and then that number.
    stage.pass(TimeDelta::hours(13));
    let mut manager = staff(site, stage.employer_id, Role::AccountManager).await;
    for (rung, shown) in [("Bel deze persoon zelf.", false), ("Bel het tweede nummer.", true)] {
        let mut href = String::new();
        eventually(rung, async || {
            let list = manager.open("/werkplek/bellen").await;
            href = list.links("/werkplek/bellen/").into_iter().next().unwrap_or_default();
            list.says(rung) && !href.is_empty()
        })
        .await;
        let page = manager.open(&href).await;
        assert!(!page.says("36530") && !page.says("mijn zus"), "not before it is asked for");
        let page = manager.post(&format!("{href}/nummer"), &[("key", &page.key())]).await;
        assert_eq!(page.says("0365301234, mijn zus"), shown, "{}", page.words());
        manager.submit(&href, &[("key", &page.key()), ("antwoord", "no_answer")]).await;
    }
    let looks = hers.open("/mijn/toestemming").await;
    assert!(looks.says("u bereiken via uw tweede nummer"), "{}", looks.words());
    // The sister passes it on, and answers by text message; it is confirmed to her own number.
    assert_eq!(gateway.brings("m1", "+31365301234", "JA").await, StatusCode::NO_CONTENT);
    stage.until("she said yes", |line| line[0].state == TicketState::Yes).await;
    eventually("it is confirmed", async || told(site, HER.2, "Gelukt. U begint").await == 1).await;
    assert!(site.mailbox("+31365301234").await.is_empty(), "no message goes there");
    // And she takes it back.
    let key = hers.open(PAGE).await.key();
    let gone = hers.submit(PAGE, &[("key", &key), ("weg", "ja")]).await;
    assert!(!gone.says("0365301234") && gone.says("Er is geen tweede nummer meer."), "{}", gone.words());
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lost_her_telephone_gets_another_number_at_a_desk_and_reads_who_did_it() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let mut hers = site.browser();
    let (ticket_id, _) = join(site, &mut hers, stage.opening_id, HER).await;
    let mut desk = staff(site, stage.employer_id, Role::Helper).await;
    let ticket = desk.open(&format!("/rij/{}/balie/{ticket_id}", stage.opening_id)).await;
    let href = ticket.links("/hulp/nieuw-nummer/").into_iter().next().expect("a link to it");
    let key = desk.open(&href).await.key();
    let unsaid = desk.post(&href, &[("key", &key), ("contact", NEXT.1)]).await;
    assert_eq!(unsaid.status, StatusCode::BAD_REQUEST, "not without a reason");
    let fields = [("key", key.as_str()), ("contact", NEXT.1), ("reden", "phone_lost")];
    let asked = desk.post(&href, &fields).await;
    let code = site.newest_code(NEXT.2, 0).await;
    let kept = asked.value("formulier").expect("which code");
    let fields = [("key", asked.key()), ("formulier", kept), ("code", code)];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = desk.submit(&href, &fields).await;
    assert!(saved.says("Het nieuwe nummer of adres geldt nu."), "{}", saved.words());
    assert!(!saved.says("98 76 54") && !ticket.says("98 76 54"), "nobody sees more than was typed");

    eventually("the old one is told", async || {
        site.mailbox(HER.2)
            .await
            .iter()
            .any(|item| item.body.contains("nummer") && item.body.contains("/hulp"))
    })
    .await;
    let looks = hers.open("/mijn/toestemming").await;
    assert!(looks.says("want uw telefoon was weg"), "{}", looks.words());
    assert!(hers.open("/mijn/gegevens").await.says(NEXT.1));
    stage.site.stop().await;
}
