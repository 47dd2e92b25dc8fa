//! A stage: the notifier, and words for what services and pages ask of it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use chassis::{
    BoxFuture,
    harness::{TestPlatform, eventually},
};
use chrono::TimeDelta;
use notifier::{
    domain::letter::Letter,
    transport::{Handed, NotHanded, Transport},
};
use proto::{
    Actor, MessageId, Problem, Service as Name, Stream,
    notifier::{Mailbox, MailboxItem, Notice, NoticeContent, SendNotice},
    work::{Channel, Language},
};
use uuid::Uuid;

pub(crate) const VISITOR: Actor = Actor::Visitor;
pub(crate) const PORTAL: Actor = Actor::Service { service: Name::Portal };

pub(crate) struct Stage {
    pub(crate) test: TestPlatform,
}

pub(crate) fn code() -> Notice {
    Notice {
        to: "+31612345678".to_owned(),
        channel: Channel::Call,
        language: Language::Nl,
        content: NoticeContent::Code { code: "482913".to_owned() },
    }
}

pub(crate) fn invitation() -> Notice {
    Notice {
        to: "kanarie@example.nl".to_owned(),
        channel: Channel::Email,
        language: Language::Nl,
        content: NoticeContent::Invitation {
            organisation: "WSP Flevoland".to_owned(),
            code: "AB12-CD34".to_owned(),
            page: "http://127.0.0.1:8080/uitnodiging".to_owned(),
        },
    }
}

impl Stage {
    pub(crate) async fn open() -> Self {
        Self { test: TestPlatform::start(vec![notifier::service()]).await }
    }

    pub(crate) async fn open_with(transport: Arc<dyn Transport>) -> Self {
        Self { test: TestPlatform::start(vec![notifier::service_with(transport)]).await }
    }

    pub(crate) fn notice(&self, cause: u128, notice: &Notice) -> SendNotice {
        SendNotice {
            cause: Uuid::from_u128(cause),
            recipient: Uuid::from_u128(1),
            expires_at: self.test.clock.machine_now() + TimeDelta::minutes(10),
            notice: self.test.keys(Name::Intake).seal(Name::Notifier, notice),
        }
    }

    pub(crate) async fn send(&self, cause: u128, notice: &Notice) -> Result<MessageId, Problem> {
        let accepted = self.test.ask(&PORTAL, &self.notice(cause, notice)).await?;
        Ok(accepted.message_id)
    }

    pub(crate) async fn mailbox(&self, limit: u16) -> Vec<MailboxItem> {
        let sealed = self.test.ask(&VISITOR, &Mailbox { limit }).await.unwrap();
        self.test.keys(Name::Portal).open(&sealed).unwrap()
    }

    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.test.pool(Name::Notifier)).await.unwrap()
    }

    pub(crate) async fn until_all_ended(&self) {
        eventually("every message has ended", async || {
            self.number("select count(*) from messages where ended_at is null").await == 0
        })
        .await;
    }

    /// Waits until the outbox is empty and reads the stream.
    pub(crate) async fn stream(&self) -> Vec<String> {
        eventually("everything is published", async || {
            self.number("select count(*) from outbox where published_at is null").await == 0
        })
        .await;
        let context = async_nats::jetstream::new(self.test.nats());
        let mut stream = context.get_stream(self.test.names().stream(Stream::Facts)).await.unwrap();
        let last = stream.info().await.unwrap().state.last_sequence;
        let mut messages = Vec::new();
        for sequence in 1..=last {
            let message = stream.get_raw_message(sequence).await.unwrap();
            messages.push(String::from_utf8_lossy(&message.payload).into_owned());
        }
        messages
    }
}

/// A carrier that does as told first, and carries everything after that.
pub(crate) struct Carrier {
    pub(crate) carried: Mutex<Vec<String>>,
    pub(crate) mishaps: AtomicU32,
    mishap: fn() -> Result<Handed, NotHanded>,
}

impl Carrier {
    pub(crate) fn with(mishaps: u32, mishap: fn() -> Result<Handed, NotHanded>) -> Arc<Self> {
        Arc::new(Self { carried: Mutex::default(), mishaps: AtomicU32::new(mishaps), mishap })
    }

    pub(crate) fn carried(&self) -> usize {
        self.carried.lock().unwrap().len()
    }
}

impl Transport for Carrier {
    fn hand_over<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Handed, NotHanded>> {
        Box::pin(async {
            let left =
                self.mishaps.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if left.is_ok() {
                return (self.mishap)();
            }
            self.carried.lock().unwrap().push(letter.body.clone());
            Ok(Handed::Away)
        })
    }
}
