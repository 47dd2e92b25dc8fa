//! Visitors who go on using the pages whatever happens behind them, and note everything that was not as it should be.

use std::time::Duration;

use proto::{
    Actor, Service,
    notifier::{Mailbox, MailboxItem},
};
use reqwest::{StatusCode, header::RETRY_AFTER};
use tokio::{sync::watch, task::JoinSet, time::Instant};

use crate::{
    browser::{Answer, Browser},
    installation::Installation,
};

/// How long someone goes on pressing a button that answers "not now".
const PATIENCE: Duration = Duration::from_secs(30);
/// What someone does between two pages.
const PAUSE: Duration = Duration::from_millis(40);

/// What visitors saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Requests that were answered.
    pub requests: u64,
    /// Answers 503 with Retry-After.
    pub not_now: u64,
    /// Telephone numbers of people who ended on their own page.
    pub registered: Vec<String>,
    /// Everything else.
    pub wrong: Vec<String>,
    /// The longest that an answer took.
    pub slowest: Duration,
}

/// Visitors at work.
pub struct Users {
    stop: watch::Sender<bool>,
    tasks: JoinSet<Seen>,
}

impl Users {
    /// So many visitors come to this address: one half with connections that stay open, the other half with a new one
    /// for every request.
    pub async fn start(installation: &Installation, address: &str, count: u32) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for number in 0..count {
            let visitor = Visitor {
                address: address.to_owned(),
                number,
                portal: installation.bus(Service::Portal).await,
                keys: installation.keys(Service::Portal),
                seen: Seen::default(),
                stop: stopped.clone(),
            };
            tasks.spawn(visitor.go_on());
        }
        Self { stop, tasks }
    }

    /// Everyone finishes what she began; what they saw together.
    ///
    /// # Panics
    /// When a connection broke under a request: then nobody could say whether it was taken.
    pub async fn stop(mut self) -> Seen {
        let _ = self.stop.send(true);
        let mut all = Seen::default();
        while let Some(seen) = self.tasks.join_next().await {
            let seen = seen.expect("every request is answered");
            all.requests += seen.requests;
            all.not_now += seen.not_now;
            all.registered.extend(seen.registered);
            all.wrong.extend(seen.wrong);
            all.slowest = all.slowest.max(seen.slowest);
        }
        all
    }
}

struct Visitor {
    address: String,
    number: u32,
    portal: chassis::Bus,
    keys: chassis::Keys,
    seen: Seen,
    stop: watch::Receiver<bool>,
}

impl Visitor {
    async fn go_on(mut self) -> Seen {
        for turn in 0.. {
            if *self.stop.borrow() {
                break;
            }
            let mut browser = if self.number.is_multiple_of(2) {
                Browser::new(&self.address)
            } else {
                Browser::with_new_connections(&self.address)
            };
            // Numbers that nobody else has.
            let phone = format!("06{:08}", 20_000_000 + self.number * 100_000 + turn);
            self.look_around(&mut browser).await;
            if self.register(&mut browser, &phone).await.is_some() {
                self.seen.registered.push(phone);
            }
        }
        self.seen
    }

    async fn look_around(&mut self, browser: &mut Browser) {
        for path in ["/", "/werk", "/zo-werkt-het", "/inloggen"] {
            self.open(browser, path, StatusCode::OK).await;
        }
    }

    /// The five questions, the code, her own page.
    async fn register(&mut self, browser: &mut Browser, phone: &str) -> Option<()> {
        for (step, fields) in [
            (1, &[("postcode", "1315rc")][..]),
            (2, &[("taak", "schoonmaken.ramen")]),
            (3, &[("dagdeel", "morning"), ("uren", "24-32")]),
            (4, &[("naam", "Samira"), ("contact", phone), ("kanaal", "sms")]),
            (5, &[("toestemming", "adviser")]),
        ] {
            let path = format!("/aanmelden/{step}");
            self.answer(browser, &path, fields).await?;
        }
        let code = self.code(phone).await?;
        let taken = self.answer(browser, "/aanmelden/code", &[("code", &code)]).await?;
        if taken.location.as_deref() != Some("/mijn") {
            self.seen.wrong.push(format!(
                "the code of {phone} leads to {:?}: {}",
                taken.location,
                taken.words()
            ));
            return None;
        }
        let mine = self.open(browser, "/mijn", StatusCode::OK).await?;
        if !mine.says("Samira") {
            self.seen.wrong.push(format!("not her own page: {}", mine.words()));
        }
        Some(())
    }

    /// Opens a page with a form, fills it in and sends it.
    async fn answer(&mut self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let page = self.open(browser, path, StatusCode::OK).await?;
        let key = page.key();
        let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.until_answered(browser, path, Some(&fields), StatusCode::SEE_OTHER).await
    }

    async fn open(&mut self, browser: &mut Browser, path: &str, wanted: StatusCode) -> Option<Answer> {
        self.until_answered(browser, path, None, wanted).await
    }

    /// Opens a page or sends a form, and again for as long as the answer is "not now".
    async fn until_answered(
        &mut self,
        browser: &mut Browser,
        path: &str,
        form: Option<&[(&str, &str)]>,
        wanted: StatusCode,
    ) -> Option<Answer> {
        let end = Instant::now() + PATIENCE;
        loop {
            tokio::time::sleep(PAUSE).await;
            let asked = Instant::now();
            let answer = match form {
                Some(fields) => browser.post(path, fields).await,
                None => browser.get(path).await,
            };
            self.seen.requests += 1;
            self.seen.slowest = self.seen.slowest.max(asked.elapsed());
            if answer.status == wanted {
                return Some(answer);
            }
            if answer.status != StatusCode::SERVICE_UNAVAILABLE || !answer.headers.contains_key(RETRY_AFTER) {
                self.seen.wrong.push(format!(
                    "{path}: {} instead of {wanted}: {}",
                    answer.status,
                    answer.words()
                ));
                return None;
            }
            self.seen.not_now += 1;
            if Instant::now() > end {
                self.seen.wrong.push(format!("{path}: \"not now\" for {PATIENCE:?}"));
                return None;
            }
        }
    }

    /// The code that came to her telephone.
    async fn code(&mut self, phone: &str) -> Option<String> {
        let to = format!("+31{}", &phone[1..]);
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Ok(sealed) = self.portal.call(&Actor::Visitor, &Mailbox { limit: 200 }).await {
                let all: Vec<MailboxItem> = self.keys.open(&sealed).expect("it is for the portal");
                let mut hers = all.iter().filter(|item| item.to == to);
                if let Some(item) = hers.next() {
                    let digits = item.body.split(|letter: char| !letter.is_ascii_digit());
                    return digits.into_iter().find(|word| word.len() == 6).map(str::to_owned);
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.seen.wrong.push(format!("no code came to {phone}"));
        None
    }
}
