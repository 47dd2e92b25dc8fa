//! A commit whose outcome is lost: the session is cut while it commits, before or after the server did it
//! (RELIABILITY rule 19).

use std::sync::{Arc, Mutex};

use chassis::{Caller, Chassis, Fault, Handles, Service, Tx, harness::TestPlatform};
use proto::{
    Actor, MessageId, Sealed, Service as Name,
    notifier::{Accepted, SendNotice},
};
use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
    postgres::PgConnectOptions,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What the wire does with a commit.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
    /// The server never sees it.
    Before,
    /// The server does it, and nobody hears of it.
    After,
}

/// A wire to PostgreSQL that can break at a commit.
struct Wire {
    /// The value by which the transaction is known whose commit is cut: others commit over this wire too.
    marked: Mutex<Option<uuid::Uuid>>,
    cut: Cut,
}

impl Wire {
    /// Lays it; its own port.
    async fn lay(cut: Cut, to: String) -> (Arc<Self>, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let wire = Arc::new(Self { marked: Mutex::new(None), cut });
        let laid = wire.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&to).await.unwrap();
                tokio::spawn(laid.clone().join(client, server));
            }
        });
        (wire, port)
    }

    async fn join(self: Arc<Self>, client: TcpStream, server: TcpStream) {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let cut = tokio::sync::Notify::new();
        let back = async {
            tokio::select! {
                // First of all: the server may have answered by the time anybody looks.
                biased;
                () = cut.notified() => (),
                () = carry(from_server, to_client, |_| true) => (),
            }
        };
        let forth = async {
            let mut carries_it = false;
            carry(from_client, to_server, |bytes| {
                let mut marked = self.marked.lock().unwrap();
                let holds = |words: &[u8]| bytes.windows(words.len()).any(|word| word == words);
                carries_it |= marked.is_some_and(|mark| holds(mark.as_bytes()));
                let cuts = carries_it && holds(b"COMMIT");
                if cuts {
                    carries_it = false;
                    *marked = None;
                    cut.notify_one();
                }
                !cuts || self.cut == Cut::After
            })
            .await;
        };
        // Whichever way ends first takes the other with it; what was carried has been carried.
        tokio::join!(back, forth);
    }
}

/// Carries bytes until one side ends, or until `passes` says no.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut passes: impl FnMut(&[u8]) -> bool,
) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if !passes(&bytes[..count]) || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

struct Sample {
    chassis: Chassis,
}

impl Handles for Sample {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

async fn send(_: &Sample, tx: &mut Tx, _: &Caller, command: &SendNotice) -> Result<Accepted, Fault> {
    let message_id = MessageId(tx.chance().uuid_v4());
    sqlx::query("insert into messages (message_id, cause) values ($1, $2)")
        .bind(message_id.0)
        .bind(command.cause)
        .execute(tx.conn())
        .await?;
    Ok(Accepted { message_id })
}

fn sample() -> Service {
    let tables =
        sqlx::AssertSqlSafe("create table messages (message_id uuid primary key, cause uuid)".to_owned());
    let migrator: &Migrator = Box::leak(Box::new(Migrator::with_migrations(vec![Migration::new(
        1,
        "messages".into(),
        MigrationType::Simple,
        tables.into_sql_str(),
        false,
    )])));
    Service::new(
        Name::Notifier,
        migrator,
        |chassis| Box::pin(async move { Ok(Sample { chassis }) }),
        |wiring| {
            wiring
                .stands_in()
                .command::<SendNotice>(|app, tx, caller, command| Box::pin(send(app, tx, caller, command)))
        },
    )
}

async fn cut_at_commit(cut: Cut) {
    let mut laid = None;
    let platform = TestPlatform::start_with(vec![sample()], |config| {
        let options: PgConnectOptions = config.database_url.parse().unwrap();
        let to = format!("{}:{}", options.get_host(), options.get_port());
        let laying = || tokio::runtime::Handle::current().block_on(Wire::lay(cut, to));
        let wire = tokio::task::block_in_place(laying);
        config.database_url =
            sqlx::ConnectOptions::to_url_lossy(&options.host("127.0.0.1").port(wire.1)).to_string();
        laid = Some(wire.0);
    });
    let test = platform.await;
    let wire = laid.unwrap();
    for round in 1..=5_u128 {
        let cause = uuid::Uuid::from_u128(0xd1c4_7e2b_0000_4000_8000_0000_0000_0000 + round);
        *wire.marked.lock().unwrap() = Some(cause);
        let command = SendNotice {
            cause,
            recipient: uuid::Uuid::nil(),
            expires_at: test.clock.machine_now(),
            notice: Sealed::from_base64(String::new()),
        };
        let Accepted { message_id } = test.ask(&Actor::Visitor, &command).await.unwrap();
        let kept: Vec<uuid::Uuid> = sqlx::query_scalar("select message_id from messages where cause = $1")
            .bind(cause)
            .fetch_all(test.pool(Name::Notifier))
            .await
            .unwrap();
        assert_eq!(kept, [message_id.0], "round {round}: it happened once, and the caller has its answer");
        assert_eq!(*wire.marked.lock().unwrap(), None, "round {round}: the cut was made");
    }
    let told = test.metrics();
    let counted = told.lines().find(|line| line.starts_with("dbj_commits_unclear_total")).unwrap();
    let count: u32 = counted.rsplit(' ').next().unwrap().parse().unwrap();
    assert_eq!(count, 5, "{counted}");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_never_arrived_is_made_again() {
    cut_at_commit(Cut::Before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_nobody_heard_of_is_not_made_twice() {
    cut_at_commit(Cut::After).await;
}
