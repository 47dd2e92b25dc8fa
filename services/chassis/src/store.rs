//! The service's own schema: one pool, and transactions that carry their events.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use proto::{CloudEvent, EventId, Fact, Service};
use sqlx::{
    PgConnection, PgPool, Postgres, Row as _, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::Notify;

use crate::{chance::Chance, clock::Clock, fault::Fault, line::Line, outbox, trace::Trace};

/// What transactions need besides the pool.
pub(crate) struct StoreParts {
    pub(crate) clock: Clock,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) organisation: String,
    /// Rung after each commit that has something to tell.
    pub(crate) bell: Arc<Notify>,
    /// Laid as long as somebody may ask something.
    pub(crate) _line: Line,
}

/// The service's schema.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
    for_start: PgPool,
    parts: Arc<StoreParts>,
}

/// Bounds on everything that a service does, as PostgreSQL tells them back (RELIABILITY rule 16).
pub(crate) const BOUNDS: [(&str, &str); 4] = [
    ("statement_timeout", "5s"),
    ("lock_timeout", "3s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("TimeZone", "UTC"),
];

/// How a service logs in: as its own role, seeing its own schema, with bounds on everything
/// (RELIABILITY rule 16).
pub fn connect_options(
    database_url: &str,
    service: Service,
    password: &str,
) -> Result<PgConnectOptions, sqlx::Error> {
    let options: PgConnectOptions = database_url.parse()?;
    Ok(options
        .username(&service.database_role())
        .password(password)
        .application_name(&format!("dichterbij-{service}"))
        .options(BOUNDS)
        .options([
            ("search_path", service.schema().as_str()),
            // A session that holds an advisory lock must die with its client.
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
        ]))
}

/// Overload is answered within a second instead of queueing without bound (rule 18); the answer has a way to go too.
const TO_ANSWER: Duration = Duration::from_millis(800);
/// A start is no request: a machine that starts everything at once may need seconds for a first connection. Asking again
/// and again would not do, because every attempt that is broken off leaves it more to do.
const TO_START: Duration = Duration::from_secs(15);

fn pool_options(connections: u32, patience: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience)
        // sqlx 0.9.0 can hand back a connection with an open transaction when `begin` was
        // cancelled (RELIABILITY rule 17): end it before anyone else gets it.
        .after_release(|connection, _| {
            Box::pin(async move {
                // Outside a transaction the two moments are one, in a simple query; inside, the
                // transaction began earlier. (A bare `rollback` would fill the server's log.)
                let row =
                    sqlx::raw_sql("select now() = statement_timestamp()").fetch_one(&mut *connection).await?;
                if !row.try_get::<bool, _>(0)? {
                    tracing::warn!("a connection came back with an open transaction; it is rolled back");
                    sqlx::raw_sql("rollback").execute(connection).await?;
                }
                Ok(true)
            })
        })
}

impl Store {
    /// Nothing is connected yet.
    pub(crate) fn new(options: PgConnectOptions, connections: u32, parts: StoreParts) -> Self {
        Self {
            pool: pool_options(connections, TO_ANSWER).connect_lazy_with(options.clone()),
            for_start: pool_options(1, TO_START).connect_lazy_with(options),
            parts: Arc::new(parts),
        }
    }

    /// The connection for what a start asks of PostgreSQL.
    pub(crate) async fn at_start(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.for_start.acquire().await
    }

    /// A transaction as [`Store::begin`] gives, with the patience of a start: for what a service does before it
    /// answers anybody.
    ///
    /// # Errors
    /// When PostgreSQL does not answer, or the start is over.
    pub async fn begin_at_start(&self) -> Result<Tx, sqlx::Error> {
        self.begin_in(&self.for_start).await
    }

    /// The start is over: its connection is the relay's from now on.
    pub(crate) async fn started(&self) {
        self.for_start.close().await;
    }

    /// The pool, for queries that change nothing.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction and reads the time, once. Call it only in tasks of the chassis, which
    /// nobody cancels half-way.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        self.begin_in(&self.pool).await
    }

    async fn begin_in(&self, pool: &PgPool) -> Result<Tx, sqlx::Error> {
        let mut inner = pool.begin().await?;
        let database_now: DateTime<Utc> = sqlx::query_scalar("select now()").fetch_one(&mut *inner).await?;
        Ok(Tx { now: self.parts.clock.read(database_now), inner, parts: self.parts.clone(), tells: false })
    }

    /// Closes the pool, waiting for what is in use.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// One transaction: the rows, the time and the events of one decision. Dropping it undoes all.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    now: DateTime<Utc>,
    parts: Arc<StoreParts>,
    tells: bool,
}

impl Tx {
    /// The moment of this transaction: the same for everything in it.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The connection, for SQL.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// Randomness for ids, codes and keys.
    pub fn chance(&self) -> Arc<dyn Chance> {
        self.parts.chance.clone()
    }

    /// Publishes a fact: it is sent after this transaction commits, or never existed.
    pub async fn publish<T: Fact>(&mut self, fact: T) -> Result<EventId, Fault> {
        Ok(self.publish_all(vec![fact]).await?[0])
    }

    /// Publishes many facts of one kind, in this order, in one statement.
    pub async fn publish_all<T: Fact>(&mut self, facts: Vec<T>) -> Result<Vec<EventId>, Fault> {
        let traceparent = Trace::current().map(|trace| trace.to_string());
        let mut rows = outbox::Rows::default();
        let mut ids = Vec::with_capacity(facts.len());
        for fact in facts {
            let id = EventId(self.parts.chance.uuid_v7(self.now));
            let subject = fact.subject();
            let version = fact.aggregate_version();
            let event = CloudEvent::new(id, self.now, &self.parts.organisation, traceparent.clone(), fact);
            rows.push(&event, subject, version)
                .map_err(|error| Fault::broken("writing an event as JSON", error))?;
            ids.push(id);
        }
        outbox::append(&mut self.inner, &rows, self.now).await?;
        self.tells = true;
        Ok(ids)
    }

    /// Rings the service's bell after the commit, so that what follows its tables looks at once.
    pub fn ring(&mut self) {
        self.tells = true;
    }

    /// Undoes everything now; dropping it does so when the connection is next used.
    pub(crate) async fn undo(self) -> Result<(), sqlx::Error> {
        self.inner.rollback().await
    }

    /// Commits. What must follow quickly (relay, index) is woken.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.inner.commit().await?;
        if self.tells {
            self.parts.bell.notify_one();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness;

    #[tokio::test]
    async fn a_leaked_transaction_is_ended_before_anyone_else_gets_it() {
        let pool = pool_options(1, TO_ANSWER).connect_with(harness::test_database()).await.unwrap();
        let mut leaking = pool.acquire().await.unwrap();
        sqlx::raw_sql("begin; create temp table leak (x int)").execute(&mut *leaking).await.unwrap();
        drop(leaking);
        let mut next = pool.acquire().await.unwrap();
        let left: bool = sqlx::query_scalar("select to_regclass('pg_temp.leak') is not null")
            .fetch_one(&mut *next)
            .await
            .unwrap();
        assert!(!left, "the leaked transaction was rolled back");
    }

    #[tokio::test]
    async fn a_start_waits_longer_for_a_connection_than_a_request() {
        let (line, options) = Line::lay(harness::test_database()).await.unwrap();
        let parts = StoreParts {
            clock: Clock::default(),
            chance: Arc::new(crate::chance::OsChance),
            organisation: String::new(),
            bell: Arc::default(),
            _line: line,
        };
        let store = Store::new(options, 1, parts);
        let (busy, first) = (store.pool().acquire().await.unwrap(), store.at_start().await.unwrap());
        let starting = tokio::spawn({
            let store = store.clone();
            async move { store.begin_at_start().await.map(drop) }
        });
        // Two requests in turn: the start has waited longer than either by then.
        for _ in 0..2 {
            let request = store.pool().acquire().await.map(drop);
            assert!(matches!(request, Err(sqlx::Error::PoolTimedOut)), "{request:?}");
        }
        assert!(!starting.is_finished());
        drop((busy, first));
        starting.await.unwrap().unwrap();
        store.started().await;
        assert!(matches!(store.begin_at_start().await.map(drop), Err(sqlx::Error::PoolClosed)));
    }
}
