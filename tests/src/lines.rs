//! A line of Open Hiring, as people meet it on the pages: words for stories.

use chassis::{Config, clock, harness::eventually};
use chrono::{Days, TimeDelta};
use portal::domain::second_factor::SecondFactor;
use proto::{
    Actor, EmployerId, OpeningId, Role, Service, TicketId,
    open_hiring::{AnswerHours, FirstDay, LineOf, LineTicket, OpenQueue, QueueOf, QueueView},
    portal::PrepareDemo,
    vacancies::{OpeningDetails, PostOpening, Start, Terms},
};
use reqwest::StatusCode;

use crate::{
    browser::{Answer, Browser},
    invented::{self, manager},
    site::Site,
};

/// A platform with a line in which so many places are free.
pub struct Stage {
    /// The platform.
    pub site: Site,
    /// The employer.
    pub employer_id: EmployerId,
    /// Its opening, so its line.
    pub opening_id: OpeningId,
}

impl Stage {
    /// The platform, with this many places in the line, two weeks from now.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start(places: u16) -> Self {
        Self::start_with(places, |_| {}).await
    }

    /// The same, with other settings.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start_with(places: u16, change: impl FnOnce(&mut Config)) -> Self {
        let site = Site::start_with(change).await;
        let (employer_id, opening_id) = open_line(&site, "12345678", "Hulp in de keuken", places).await;
        Self { site, employer_id, opening_id }
    }

    /// The whole line, in order of number.
    ///
    /// # Panics
    /// When nobody can tell.
    pub async fn line(&self) -> Vec<LineTicket> {
        line(&self.site, self.opening_id).await
    }

    /// How the line stands for everyone.
    ///
    /// # Panics
    /// When nobody can tell.
    pub async fn queue(&self) -> QueueView {
        let query = QueueOf { opening_id: self.opening_id };
        self.site.platform.ask(&Actor::Visitor, &query).await.expect("an answer").expect("the line is there")
    }

    /// Waits until the line stands so, and tells it.
    ///
    /// # Panics
    /// When it does not.
    pub async fn until(&self, what: &str, is_so: impl Fn(&[LineTicket]) -> bool) -> Vec<LineTicket> {
        eventually(what, async || is_so(&self.line().await)).await;
        self.line().await
    }

    /// Moves the clock of all services.
    pub fn pass(&self, time: TimeDelta) {
        self.site.platform.clock.advance(time);
    }
}

/// Another employer with an opening and its line.
///
/// # Panics
/// When it is refused.
pub async fn open_line(site: &Site, kvk: &str, title: &str, places: u16) -> (EmployerId, OpeningId) {
    let employer_id =
        site.platform.ask(&manager(), &invented::employer(kvk)).await.expect("an employer is added");
    let on = clock::day(site.platform.clock.machine_now()) + Days::new(14);
    let details = OpeningDetails {
        terms: Terms::OpenHiring { starts: vec![Start { on, places }] },
        title: title.to_owned(),
        places,
        ..invented::opening()
    };
    let command = PostOpening { employer_id, details, publish: true };
    let opening_id = site.platform.ask(&manager(), &command).await.expect("an opening is posted");
    let open = OpenQueue {
        opening_id,
        opens_at: site.platform.clock.machine_now() - TimeDelta::minutes(1),
        answer_hours: AnswerHours { hours: 24, from: 0, until: 24 },
        is_standing: true,
        first_days: vec![FirstDay { on, places }],
    };
    eventually("the line is open", async || site.platform.ask(&manager(), &open).await.is_ok()).await;
    (employer_id, opening_id)
}

async fn line(site: &Site, opening_id: OpeningId) -> Vec<LineTicket> {
    let query = LineOf { opening_id, after: 0, limit: 200 };
    site.platform.ask(&manager(), &query).await.expect("it is in her region").tickets
}

/// Sends the form of the line, as somebody who is not signed in.
pub async fn stand_in_line(browser: &mut Browser, opening_id: OpeningId, name: &str, phone: &str) -> Answer {
    let path = format!("/rij/{opening_id}/aanmelden");
    let key = browser.get(&path).await.key();
    browser.post(&path, &[("key", &key), ("naam", name), ("contact", phone)]).await
}

/// The codes that were sent to this number, newest first.
pub async fn codes(site: &Site, to: &str) -> Vec<String> {
    let code = |body: String| {
        body.split(|letter: char| !letter.is_ascii_digit()).find(|word| word.len() == 6).map(str::to_owned)
    };
    site.mailbox(to).await.into_iter().filter_map(|item| code(item.body)).collect()
}

/// Stands in line and types the code; her place comes.
///
/// # Panics
/// When it does not.
pub async fn join(
    site: &Site,
    browser: &mut Browser,
    opening_id: OpeningId,
    (name, phone, to): (&str, &str, &str),
) -> (TicketId, Answer) {
    let before = codes(site, to).await.len();
    let sent = stand_in_line(browser, opening_id, name, phone).await;
    assert_eq!(sent.location.as_deref(), Some("/rij/code"), "{}", sent.words());
    let mut code = String::new();
    eventually("the code arrives", async || {
        let codes = codes(site, to).await;
        codes.first().filter(|_| codes.len() > before).is_some_and(|newest| {
            code.clone_from(newest);
            true
        })
    })
    .await;
    let key = browser.get("/rij/code").await.key();
    let taken = browser.post("/rij/code", &[("key", &key), ("code", &code)]).await;
    let ticket_id = ticket_of(taken.location.as_deref().unwrap_or_default());
    (ticket_id, browser.follow(taken).await)
}

/// The place in line of which this is the address.
///
/// # Panics
/// When it is of none.
pub fn ticket_of(address: &str) -> TicketId {
    let id = address.rsplit('/').next().unwrap_or_default();
    id.parse().unwrap_or_else(|_| panic!("{address} is no place in line"))
}

/// Waits for her offer and says yes to it.
///
/// # Panics
/// When none comes.
pub async fn say_yes(browser: &mut Browser, ticket_id: TicketId) -> Answer {
    let href = format!("/mijn/rij/{ticket_id}");
    let mut page = browser.open(&href).await;
    eventually("she is asked", async || {
        page = browser.open(&href).await;
        page.says("Er is werk voor u")
    })
    .await;
    let place = page.value("plaats").expect("a place is offered");
    let fields = [("key", page.key()), ("plaats", place), ("antwoord", "ja".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.submit(&format!("{href}/antwoord"), &fields).await
}

/// A browser in which a member of staff is signed in.
///
/// # Panics
/// When she is refused.
pub async fn staff(site: &Site, employer_id: EmployerId, role: Role) -> Browser {
    let command = PrepareDemo { employer_id: Some(employer_id), region: "AM11".to_owned() };
    let operator = Actor::Service { service: Service::Portal };
    let sign_ins = site.platform.ask(&operator, &command).await.expect("demo accounts");
    let account = sign_ins.into_iter().find(|account| account.role == role).expect("one of each role");
    let mut browser = site.browser();
    let fields = [("email", account.email.as_str()), ("wachtwoord", &account.password)];
    browser.submit("/personeel/inloggen", &fields).await;
    let factor = SecondFactor::from_base32(&account.totp_secret, "test").expect("a secret");
    let code = factor.code(site.platform.clock.machine_now());
    let signed_in = browser.submit("/personeel/code", &[("code", &code)]).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.words());
    browser
}
