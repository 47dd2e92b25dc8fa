//! The streams of a test's own installation, as the administrator sees and changes them.

use std::time::Duration;

use async_nats::{
    Client, ConnectOptions, header,
    jetstream::{self, consumer::AckPolicy, consumer::PullConsumer, consumer::pull},
};
use chassis::{keys::Administrator, nats_config::administrator_inbox, outbox};
use futures::StreamExt as _;
use proto::{Stream, permissions::Names};
use uuid::Uuid;

use super::Installation;

/// A message as a stream holds it.
#[derive(Debug, Clone)]
pub struct OnStream {
    /// Its place.
    pub sequence: u64,
    /// Its subject.
    pub subject: String,
    /// The id that it was sent with.
    pub event_id: Option<Uuid>,
}

impl Installation {
    /// Streams and consumers as the administrator's identity.
    ///
    /// # Panics
    /// When NATS does not let it in.
    pub async fn administrator(&self) -> jetstream::Context {
        let client = self.administrator.get_or_init(|| self.connect_administrator()).await;
        jetstream::new(client.clone())
    }

    async fn connect_administrator(&self) -> Client {
        let keys = Administrator::load(&self.folder.join("secrets")).expect("keys were made");
        ConnectOptions::new()
            .custom_inbox_prefix(administrator_inbox(&Names::default()))
            .request_timeout(Some(Duration::from_secs(2)))
            .nkey(keys.nats_seed().to_owned())
            .connect(&self.nats.url())
            .await
            .expect("NATS lets the administrator in")
    }

    /// Every message that a stream holds, in its order; none while the stream is not there.
    ///
    /// # Panics
    /// When the stream does not answer.
    pub async fn on_stream(&self, stream: Stream) -> Vec<OnStream> {
        let context = self.administrator().await;
        let Ok(stream) = context.get_stream(Names::default().stream(stream)).await else { return Vec::new() };
        let reader = pull::Config { ack_policy: AckPolicy::None, ..pull::Config::default() };
        let mut reader: PullConsumer = stream.create_consumer(reader).await.expect("a reader");
        let mut left = reader.info().await.expect("the reader answers").num_pending;
        let mut held = Vec::new();
        while left > 0 {
            let mut batch = reader.fetch().max_messages(500).messages().await.expect("messages");
            let before = held.len();
            while let Some(message) = batch.next().await {
                let message = message.expect("a message");
                left = message.info().expect("a place").pending;
                let id = message.headers.as_ref().and_then(|headers| headers.get(header::NATS_MESSAGE_ID));
                held.push(OnStream {
                    sequence: message.info().expect("a place").stream_sequence,
                    subject: message.subject.to_string(),
                    event_id: id.and_then(|id| outbox::event_of_message(id.as_str())),
                });
            }
            if held.len() == before {
                // What was said to wait is not there to be read: an account that ends here is an honest one.
                break;
            }
        }
        held
    }

    /// The node of the cluster that leads a stream, if one does at this moment.
    pub async fn leader(&self, stream: Stream) -> Option<String> {
        let context = self.administrator().await;
        let info = context.get_stream(Names::default().stream(stream)).await.ok()?.cached_info().clone();
        info.cluster?.leader
    }

    /// Makes a stream forget after this long which ids it has seen: what is sent again later it holds twice.
    ///
    /// # Panics
    /// When the stream does not answer.
    pub async fn remember_ids_for(&self, stream: Stream, window: Duration) {
        let context = self.administrator().await;
        let mut stream =
            context.get_stream(Names::default().stream(stream)).await.expect("the stream is there");
        let mut config = stream.info().await.expect("the stream answers").config.clone();
        config.duplicate_window = window;
        context.update_stream(config).await.expect("the stream is changed");
    }
}
