//! What each NATS identity can and cannot do, tried on a server with the generated block and real nkeys
//! (RELIABILITY T34). What is expected is written down here anew from the tables of `proto`, so that a mistake in the
//! code that turns those tables into permissions shows.

use std::{
    collections::BTreeSet,
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_nats::{Client, ConnectOptions, Event, jetstream};
use bytes::Bytes;
use chassis::{
    Bus, Clock, Keys,
    chance::{Chance, OsChance},
    harness::eventually,
    keeper::{self, Keeper},
    keys::{Administrator, PublicKeys},
    nats_config::{administrator_inbox, authorization},
    streams,
};
use futures::StreamExt as _;
use proto::{
    Kind, Service, Stream,
    catalogue::{EVENTS, READINGS, audits, calls},
    permissions::Names,
};
use uuid::Uuid;

/// A NATS server of this test, gone with it.
struct Server {
    child: Child,
    folder: PathBuf,
    url: String,
    names: Names,
}

impl Server {
    async fn start(root: &str) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "infra/local/with_servers.py says where the program is"
        )]
        let program = std::env::var("NATS_SERVER_BIN")
            .expect("NATS_SERVER_BIN is set by `python3 infra/local/with_servers.py -- cargo nextest run`");
        let names = Names::under(root);
        let folder = std::env::temp_dir().join(format!("dbj-{root}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.join("nats.conf");
        let block = authorization(&PublicKeys::for_testing(), &names);
        let store = folder.display();
        let text =
            format!("host: \"127.0.0.1\"\nport: {port}\njetstream {{ store_dir: \"{store}\" }}\n{block}");
        fs::write(&config, text).unwrap();
        let log = fs::File::create(folder.join("log")).unwrap();
        let child =
            Command::new(program).arg("-c").arg(&config).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let server = Self { child, folder, url: format!("nats://127.0.0.1:{port}"), names };
        eventually("the server listens", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()
        })
        .await;
        server
    }

    async fn connect(&self, seed: &str, inbox: &str) -> Connection {
        let denied = Arc::new(Mutex::new(Vec::new()));
        let told = denied.clone();
        let client = ConnectOptions::new()
            .nkey(seed.to_owned())
            .custom_inbox_prefix(inbox)
            .request_timeout(Some(Duration::from_secs(5)))
            .event_callback(move |event| {
                if let Event::ServerError(error) = &event {
                    told.lock().unwrap().push(error.to_string());
                }
                async {}
            })
            .connect(&self.url)
            .await
            .unwrap();
        Connection { client, denied }
    }

    async fn service(&self, service: Service) -> Connection {
        self.connect(Keys::for_testing(service).nats_seed(), &self.names.inbox(service)).await
    }

    async fn administrator(&self) -> Connection {
        self.connect(Administrator::for_testing().nats_seed(), &administrator_inbox(&self.names)).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The client keeps 128 events that nobody has read yet, and drops what comes then.
const AT_ONCE: usize = 50;

/// An identity at work, and what the server refused it.
struct Connection {
    client: Client,
    denied: Arc<Mutex<Vec<String>>>,
}

impl Connection {
    /// Which of these subjects it may not publish to.
    async fn denied_to_publish(&self, subjects: &[String]) -> BTreeSet<String> {
        let mut denied = BTreeSet::new();
        for some in subjects.chunks(AT_ONCE) {
            for subject in some {
                self.client.publish(subject.clone(), Bytes::new()).await.unwrap();
            }
            denied.extend(self.collect("Publish", some).await);
        }
        denied
    }

    /// Which of these it may not subscribe to; after a space the queue group.
    async fn denied_to_subscribe(&self, subjects: &[String]) -> BTreeSet<String> {
        let mut denied = BTreeSet::new();
        for some in subjects.chunks(AT_ONCE) {
            let mut held = Vec::new();
            for subject in some {
                held.push(match subject.split_once(' ') {
                    Some((subject, queue)) => {
                        self.client.queue_subscribe(subject.to_owned(), queue.to_owned()).await.unwrap()
                    }
                    None => self.client.subscribe(subject.clone()).await.unwrap(),
                });
            }
            denied.extend(self.collect("Subscription", some).await);
        }
        denied
    }

    /// The server answers in order: once it has refused a last subject that nobody may use, it has refused all before.
    async fn collect(&self, what: &str, subjects: &[String]) -> BTreeSet<String> {
        let end = format!("end.{}", Uuid::from_u128(subjects.len() as u128).simple());
        self.denied.lock().unwrap().retain(|error| !error.to_lowercase().contains(&end));
        self.client.publish(end.clone(), Bytes::new()).await.unwrap();
        self.client.flush().await.unwrap();
        eventually("the server refused the last subject", async || {
            self.denied.lock().unwrap().iter().any(|error| error.to_lowercase().contains(&end))
        })
        .await;
        let denied: Vec<String> =
            self.denied.lock().unwrap().drain(..).map(|error| error.to_lowercase()).collect();
        let is_denied = |subject: &String| {
            let (bare, queue) =
                subject.split_once(' ').map_or((subject.as_str(), None), |(s, q)| (s, Some(q)));
            let wanted =
                format!("permissions violation for {} to \"{bare}\"", what.to_lowercase()).to_lowercase();
            denied.iter().any(|error| {
                error.contains(&wanted)
                    && queue.is_none_or(|queue| error.contains(&format!("using queue \"{queue}\"")))
                    && (queue.is_some() || !error.contains("using queue"))
            })
        };
        subjects.iter().filter(|subject| is_denied(subject)).cloned().collect()
    }
}

/// Who uses a subject rightly.
#[derive(Clone)]
struct Subject {
    text: String,
    users: Vec<Service>,
}

fn subject(text: impl Into<String>, users: &[Service]) -> Subject {
    Subject { text: text.into(), users: users.to_vec() }
}

/// Every subject that something is published to, and more than that.
fn published(names: &Names) -> Vec<Subject> {
    let mut all = Vec::new();
    for call in calls() {
        all.push(subject(names.subject(&call.subject()), call.callers));
        let again = if call.kind == Kind::Query { call.callers } else { &[] };
        all.push(subject(names.again(call.to, call.verb), again));
    }
    for service in Service::ALL {
        all.push(subject(names.subject(&format!("cmd.{service}.there_is_no_such_verb")), &[]));
        all.push(subject(names.subject(&format!("cmd.{service}")), &[]));
        all.push(subject(names.again(service, "there_is_no_such_verb"), &[]));
        all.push(subject(names.wake(service), &[service]));
        all.push(subject(format!("{}.x1", names.inbox(service)), &[]));
        for stream in Stream::ALL {
            let speaks = EVENTS.iter().any(|event| event.by == service && event.stream == stream);
            let other = names.subject(&format!("{}.{service}.something_else.v1.x", stream.subject_part()));
            all.push(subject(other, if speaks { std::slice::from_ref(&service) } else { &[] }));
        }
    }
    for event in EVENTS {
        let below_root = event.filter().replace('*', &Uuid::from_u128(7).to_string());
        let about = names.subject(&below_root);
        // Intake sees whether anything is left of someone it erased.
        let is_about_her = event.by == Service::Intake && event.stream == Stream::Facts && !event.erases;
        let looks: &[Service] = if is_about_her { &[Service::Intake] } else { &[] };
        all.push(subject(format!("$JS.API.DIRECT.GET.{}.{about}", names.stream(event.stream)), looks));
        all.push(subject(about, &[event.by]));
    }
    for stream in Stream::ALL {
        let name = names.stream(stream);
        for verb in
            ["CREATE", "UPDATE", "DELETE", "PURGE", "INFO", "MSG.GET", "MSG.DELETE", "SNAPSHOT", "RESTORE"]
        {
            all.push(subject(format!("$JS.API.STREAM.{verb}.{name}"), &[]));
        }
        all.push(subject(format!("$JS.API.CONSUMER.RESET.{name}.{}", keeper::DURABLE), &[]));
        all.push(subject(format!("$JS.API.CONSUMER.RESET.{name}.x1"), &[]));
        all.push(subject(format!("$JS.API.DIRECT.GET.{name}"), &[]));
        all.push(subject(format!("$JS.API.CONSUMER.MSG.NEXT.{name}.{}", keeper::DURABLE), &[]));
        all.push(subject(format!("$JS.ACK.{name}.{}.1.1.1.1700000000000000000.0", keeper::DURABLE), &[]));
        all.push(subject(format!("$JS.API.CONSUMER.NAMES.{name}"), &[]));
        all.push(subject(format!("$JS.API.CONSUMER.CREATE.{name}"), &[]));
        all.push(subject(
            format!("$JS.API.CONSUMER.CREATE.{name}.x1.{}", names.stream_subjects(stream)),
            &[],
        ));
        all.push(subject(format!("$JS.API.CONSUMER.MSG.NEXT.{name}.x1"), &[]));
        all.push(subject(format!("$JS.API.CONSUMER.MSG.NEXT.{name}.monitor"), &[]));
    }
    for reading in READINGS {
        let (stream, durable, reader) = (names.stream(reading.stream), reading.durable(), [reading.by]);
        for verb in ["INFO", "MSG.NEXT"] {
            all.push(subject(format!("$JS.API.CONSUMER.{verb}.{stream}.{durable}"), &reader));
        }
        for verb in ["DELETE", "DURABLE.CREATE", "CREATE", "PAUSE", "RESET"] {
            all.push(subject(format!("$JS.API.CONSUMER.{verb}.{stream}.{durable}"), &[]));
        }
        // Acknowledgements as they are, and in the form announced.
        all.push(subject(format!("$JS.ACK.{stream}.{durable}.1.1.1.1700000000000000000.0"), &reader));
        all.push(subject(format!("$JS.ACK._.acc.{stream}.{durable}.1.1.1.1700000000000000000.0"), &reader));
        all.push(subject(format!("$JS.ACK.{stream}.another.1.1.1.1700000000000000000.0"), &[]));
    }
    for audit in audits() {
        let (stream, durable) = (names.stream(audit.stream), audit.durable());
        for verb in ["INFO", "MSG.NEXT", "RESET"] {
            all.push(subject(format!("$JS.API.CONSUMER.{verb}.{stream}.{durable}"), &[audit.by]));
        }
        for verb in ["DELETE", "DURABLE.CREATE", "CREATE", "PAUSE"] {
            all.push(subject(format!("$JS.API.CONSUMER.{verb}.{stream}.{durable}"), &[]));
        }
        all.push(subject(format!("$JS.ACK.{stream}.{durable}.1.1.1.1700000000000000000.0"), &[]));
    }
    for verb in ["STREAM.INFO", "STREAM.MSG.GET", "STREAM.PURGE", "CONSUMER.CREATE"] {
        all.push(subject(format!("$JS.API.{verb}.{}", names.advisories()), &[]));
    }
    for text in [
        "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.x1.y1",
        "$JS.API.INFO",
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.LIST",
        "$SYS.REQ.SERVER.PING",
        "_INBOX.x1.y1",
    ] {
        all.push(subject(text, &[]));
    }
    all.push(subject(format!("{}.x1", administrator_inbox(names)), &[]));
    all.push(subject("another.subject", &[]));
    all
}

/// Every subject that something is subscribed to, and more than that.
fn subscribed(names: &Names) -> Vec<Subject> {
    let mut all = Vec::new();
    for service in Service::ALL {
        let answers = calls().any(|call| call.to == service);
        let commands = names.subject(&format!("cmd.{service}.>"));
        let own = [service];
        all.push(subject(format!("{commands} {service}"), if answers { &own } else { &[] }));
        // Without the queue group, or with another one, it would hear what another replica answers.
        all.push(subject(commands.clone(), &[]));
        all.push(subject(format!("{commands} others"), &[]));
        // What is asked again every replica hears.
        all.push(subject(names.again(service, ">"), if answers { &own } else { &[] }));
        all.push(subject(names.wake(service), &own));
        all.push(subject(format!("{}.>", names.inbox(service)), &own));
    }
    for stream in Stream::ALL {
        all.push(subject(names.stream_subjects(stream), &[]));
    }
    for event in EVENTS {
        all.push(subject(names.subject(&event.filter()), &[]));
    }
    for below_root in [">", "cmd.>", "again.>", "wake.>"] {
        all.push(subject(names.subject(below_root), &[]));
    }
    for text in [">", "*", "_INBOX.>", "$JS.>", "$JS.EVENT.ADVISORY.>", "$JS.API.>", "$JS.ACK.>", "$SYS.>"] {
        all.push(subject(text, &[]));
    }
    all.push(subject(format!("{}.>", administrator_inbox(names)), &[]));
    all
}

fn not_for(service: Service, subjects: &[Subject]) -> BTreeSet<String> {
    subjects
        .iter()
        .filter(|subject| !subject.users.contains(&service))
        .map(|subject| subject.text.clone())
        .collect()
}

fn texts(subjects: &[Subject]) -> Vec<String> {
    subjects.iter().map(|subject| subject.text.clone()).collect()
}

#[tokio::test]
async fn every_identity_is_denied_all_that_is_anothers_and_nothing_of_its_own() {
    let server = Server::start("tmatrix").await;
    let administrator = server.administrator().await;
    streams::ensure(&administrator.client, &server.names, 1).await.unwrap();
    let (published, subscribed) = (published(&server.names), subscribed(&server.names));
    let mut tried = 0;
    for service in Service::ALL {
        let connection = server.service(service).await;
        assert_eq!(
            connection.denied_to_publish(&texts(&published)).await,
            not_for(service, &published),
            "{service} publishing"
        );
        assert_eq!(
            connection.denied_to_subscribe(&texts(&subscribed)).await,
            not_for(service, &subscribed),
            "{service} subscribing"
        );
        tried += published.len() + subscribed.len();
    }
    println!("{tried} pairs of identity and subject tried");
}

#[tokio::test]
async fn the_administrator_makes_streams_and_cannot_read_or_write_what_services_say() {
    let server = Server::start("tadmin").await;
    let administrator = server.administrator().await;
    streams::ensure(&administrator.client, &server.names, 1).await.unwrap();
    let purges = format!(".{}.1.", keeper::DURABLE);
    let administers = |text: &str| text.starts_with("$JS.API.") || text.contains(&purges);
    let published = texts(&published(&server.names));
    let denied = administrator.denied_to_publish(&published).await;
    for text in &published {
        assert_eq!(denied.contains(text), !administers(text), "publishing to {text}");
    }
    // Deleting a stream is among the things it was just allowed to do.
    let subscribed = texts(&subscribed(&server.names));
    let denied = administrator.denied_to_subscribe(&subscribed).await;
    let own = format!("{}.>", administrator_inbox(&server.names));
    for text in &subscribed {
        assert_eq!(denied.contains(text), *text != own, "subscribing to {text}");
    }
}

#[tokio::test]
async fn every_call_reaches_its_service_and_the_answer_comes_back() {
    let server = Server::start("tcalls").await;
    let mut serving = Vec::new();
    for service in Service::ALL.into_iter().filter(|service| calls().any(|call| call.to == *service)) {
        let connection = server.service(service).await;
        let subject = server.names.subject(&format!("cmd.{service}.>"));
        let once = connection.client.queue_subscribe(subject, service.name().to_owned()).await.unwrap();
        let again = connection.client.subscribe(server.names.again(service, ">")).await.unwrap();
        let mut requests = futures::stream::select(once, again);
        connection.client.flush().await.unwrap();
        serving.push(tokio::spawn(async move {
            while let Some(request) = requests.next().await {
                connection.client.publish(request.reply.unwrap(), service.name().into()).await.unwrap();
            }
        }));
    }
    for call in calls() {
        for caller in call.callers {
            let connection = server.service(*caller).await;
            let again = (call.kind == Kind::Query).then(|| server.names.again(call.to, call.verb));
            for subject in [server.names.subject(&call.subject())].into_iter().chain(again) {
                let answer = connection.client.request(subject.clone(), Bytes::new()).await;
                assert_eq!(answer.unwrap().payload, call.to.name(), "{caller} asks {subject}");
            }
            assert_eq!(*connection.denied.lock().unwrap(), Vec::<String>::new());
        }
    }
    for task in serving {
        task.abort();
    }
}

#[tokio::test]
async fn a_service_may_answer_a_request_once_and_only_to_whoever_asked() {
    let server = Server::start("tanswer").await;
    let intake = server.service(Service::Intake).await;
    let subject = server.names.subject("cmd.intake.>");
    let mut requests = intake.client.queue_subscribe(subject, "intake".to_owned()).await.unwrap();
    intake.client.flush().await.unwrap();
    let portal = server.service(Service::Portal).await;
    let asked = server.names.subject("cmd.intake.register");
    let (answer, request) = tokio::join!(portal.client.request(asked, Bytes::new()), async {
        let request = requests.next().await.unwrap();
        intake.client.publish(request.reply.clone().unwrap(), "first".into()).await.unwrap();
        request
    });
    assert_eq!(answer.unwrap().payload, "first");
    let again = request.reply.unwrap().to_string();
    let others = format!("{}.x1", server.names.inbox(Service::Matcher));
    let denied = intake.denied_to_publish(&[again.clone(), others.clone()]).await;
    assert_eq!(denied, BTreeSet::from([again, others]));
}

#[tokio::test]
async fn events_are_stored_for_their_speaker_and_read_by_their_reader() {
    let server = Server::start("tevents").await;
    streams::ensure(&server.administrator().await.client, &server.names, 1).await.unwrap();
    for event in EVENTS {
        let speaker = server.service(event.by).await;
        let id = Uuid::from_u128(7).to_string();
        let subject = server.names.subject(&event.filter().replace('*', &id));
        let stored =
            jetstream::new(speaker.client.clone()).publish(subject, event.name.into()).await.unwrap();
        assert_eq!(stored.await.unwrap().stream, server.names.stream(event.stream), "{}", event.name);
    }
    for reading in READINGS {
        let reader = server.service(reading.by).await;
        let context = jetstream::new(reader.client.clone());
        let stream = context.get_stream_no_info(server.names.stream(reading.stream)).await.unwrap();
        let consumer: jetstream::consumer::PullConsumer =
            stream.get_consumer(&reading.durable()).await.unwrap();
        let mut heard = BTreeSet::new();
        let mut messages = consumer.fetch().max_messages(reading.events.len()).messages().await.unwrap();
        while let Some(message) = messages.next().await {
            let message = message.unwrap();
            heard.insert(String::from_utf8(message.payload.to_vec()).unwrap());
            // Waits for the server's word that the acknowledgement arrived.
            message.double_ack().await.unwrap();
        }
        let wanted: BTreeSet<String> = reading.events.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(heard, wanted, "{}", reading.by);
        assert_eq!(*reader.denied.lock().unwrap(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn each_service_reads_its_own_events_back_without_their_content_and_begins_again() {
    let server = Server::start("taudit").await;
    streams::ensure(&server.administrator().await.client, &server.names, 1).await.unwrap();
    for event in EVENTS {
        let speaker = server.service(event.by).await;
        let subject = server.names.subject(&event.subject(Uuid::from_u128(7)));
        jetstream::new(speaker.client.clone()).publish(subject, "said".into()).await.unwrap().await.unwrap();
    }
    for audit in audits() {
        let auditor = server.service(audit.by).await;
        let context = jetstream::new(auditor.client.clone());
        let stream = context.get_stream_no_info(server.names.stream(audit.stream)).await.unwrap();
        let mut consumer: jetstream::consumer::PullConsumer =
            stream.get_consumer(&audit.durable()).await.unwrap();
        let own = EVENTS.iter().filter(|event| event.by == audit.by && event.stream == audit.stream).count();
        for _ in 0..2 {
            consumer.reset(Some(1)).await.unwrap();
            let messages = consumer.fetch().max_messages(100).messages().await.unwrap();
            let messages: Vec<_> = messages.map(|message| message.unwrap()).collect().await;
            assert_eq!(messages.len(), own, "{audit:?}");
            assert!(messages.iter().all(|message| message.payload.is_empty()));
        }
        assert_eq!(*auditor.denied.lock().unwrap(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_keeper_purges_under_the_administrators_key_and_intake_sees_that_it_did() {
    let server = Server::start("tkeeper").await;
    let administrator = server.administrator().await;
    streams::ensure(&administrator.client, &server.names, 1).await.unwrap();
    let chance: Arc<dyn Chance> = Arc::new(OsChance);
    let keys = Arc::new(Keys::for_testing(Service::Intake));
    let intake =
        Bus::connect(&server.url, keys, true, server.names.clone(), Clock::default(), chance.clone())
            .await
            .unwrap();
    let speaker = server.service(Service::Intake).await;
    let context = jetstream::new(speaker.client.clone());
    let (her, another) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let event = |name: &str| EVENTS.iter().find(|event| event.name == name).unwrap();
    let profile = event("profile_published");
    for spoken in [profile.subject(her), profile.subject(another), event("seeker_erased").subject(her)] {
        context.publish(server.names.subject(&spoken), Bytes::new()).await.unwrap().await.unwrap();
    }
    assert!(streams::holds(&intake, profile, her).await.unwrap());

    let keeper = Keeper::start(&administrator.client, &server.names, &chance, 1);
    eventually("nothing is left about her", async || !streams::holds(&intake, profile, her).await.unwrap())
        .await;
    assert!(streams::holds(&intake, profile, another).await.unwrap());
    let stream = server.names.stream(Stream::Facts);
    let context = jetstream::new(administrator.client.clone());
    // Answered, to come again for the second purge: the server counts no acknowledgement that is due.
    eventually("its answer arrived", async || {
        let stream = context.get_stream_no_info(&stream).await.unwrap();
        let consumer = stream.consumer_info(keeper::DURABLE).await.unwrap();
        consumer.num_pending == 0 && consumer.delivered.consumer_sequence == 1
    })
    .await;
    keeper.stop().await;
    for connection in [&administrator, &speaker] {
        assert_eq!(*connection.denied.lock().unwrap(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn without_a_known_key_nobody_gets_in() {
    let server = Server::start("tkeys").await;
    assert!(async_nats::connect(&server.url).await.is_err());
    let strange = Keys::for_testing(Service::Intake).nats_seed().to_owned();
    // Its own key, with another service's inbox: let in, and deaf.
    let connection = server.connect(&strange, &server.names.inbox(Service::Portal)).await;
    let inbox = format!("{}.>", server.names.inbox(Service::Portal));
    let denied = connection.denied_to_subscribe(std::slice::from_ref(&inbox)).await;
    assert_eq!(denied, BTreeSet::from([inbox]));
    // A seed that nobody registered: the one of another installation.
    let folder = std::env::temp_dir().join(format!("dbj-strangers-{}", std::process::id()));
    Keys::generate(&folder, &chassis::chance::OsChance).unwrap();
    let stranger = Keys::load(&folder, Service::Portal).unwrap().nats_seed().to_owned();
    fs::remove_dir_all(&folder).unwrap();
    assert!(ConnectOptions::new().nkey(stranger).connect(&server.url).await.is_err());
}
