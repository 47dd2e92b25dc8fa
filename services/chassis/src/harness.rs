//! Tests on real servers: each test has its own database and its own names on the bus, on shared
//! servers that `make test` starts (`infra/local/with_servers.py`).

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc, time::Duration};

use proto::{Actor, Call, Problem, Service as Name, permissions::Names};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, postgres::PgConnectOptions};

use crate::{
    bus::Bus,
    chance::{Chance, OsChance},
    clock::Clock,
    config::{Config, Profile},
    keeper::Keeper,
    keys::Keys,
    migrate,
    platform::{Platform, Surroundings},
    service::{Chassis, Service},
    streams,
    telemetry::Metrics,
};

/// Services on real servers, in a space of their own.
pub struct TestPlatform {
    platform: Option<Platform>,
    keeper: Option<Keeper>,
    surroundings: Surroundings,
    admin: PgConnectOptions,
    database: String,
    portal: Bus,
    /// The time, which the test may move.
    pub clock: Clock,
}

/// What an environment variable says, or how to get it.
fn server(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "the harness is told by make where the servers are")]
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run tests by `make test`, or `python3 infra/local/with_servers.py -- cargo nextest run`")
    })
}

/// The test server's own database, for tests that need no schema.
#[cfg(test)]
pub(crate) fn test_database() -> PgConnectOptions {
    server("DBJ_TEST_DATABASE_URL").parse().expect("DBJ_TEST_DATABASE_URL is an address")
}

impl TestPlatform {
    /// Starts these services in a fresh database and subject space.
    pub async fn start(services: Vec<Service>) -> Self {
        Self::start_with(services, |_| {}).await
    }

    /// The same, with other settings.
    pub async fn start_with(services: Vec<Service>, change: impl FnOnce(&mut Config)) -> Self {
        let chance: Arc<dyn Chance> = Arc::new(OsChance);
        let admin: PgConnectOptions =
            server("DBJ_TEST_DATABASE_URL").parse().expect("DBJ_TEST_DATABASE_URL is an address");
        let root = format!("t{}", chance.uuid_v4().simple());
        let database = root.clone();
        let template = make_template(&admin, &services).await;
        let mut conn = admin.connect().await.expect("the test server answers");
        run(&mut conn, &format!("create database {database} template {template}")).await;
        conn.close().await.expect("closing");

        let address = admin.clone().database(&database);
        let mut config = Config {
            database_url: address.to_url_lossy().to_string(),
            nats_url: server("DBJ_TEST_NATS_URL"),
            secrets: "unused".into(),
            reference: None,
            assets: None,
            http: ([127, 0, 0, 1], 0).into(),
            health: ([127, 0, 0, 1], 0).into(),
            profile: Profile::Development,
            log: "info".to_owned(),
            organisation: "urn:nld:oin:00000099000000001000".to_owned(),
            help_phone: "085 000 00 00".to_owned(),
            public_address: None,
            pool: 4,
            linger: Duration::ZERO,
            proxies: 0,
            nats_monitor: None,
            processes: 1,
            alarm_after: Duration::from_secs(30),
            replicas: 1,
            audit_every: Duration::from_mins(1),
        };
        change(&mut config);
        let names = Names::under(&root);
        let keys: BTreeMap<_, _> =
            Name::ALL.into_iter().map(|name| (name, Arc::new(Keys::for_testing(name)))).collect();
        let clock = Clock::default();
        let surroundings = Surroundings {
            config: Arc::new(config),
            names: names.clone(),
            clock: clock.clone(),
            chance: chance.clone(),
            metrics: Arc::new(Metrics::default()),
            keys: Some(keys.clone()),
            use_nkeys: false,
        };
        let portal = keys[&Name::Portal].clone();
        let portal = Bus::connect(&surroundings.config.nats_url, portal, false, names, clock.clone(), chance)
            .await
            .expect("the test NATS answers");
        streams::ensure(portal.client(), portal.names(), 1).await.expect("streams can be made");
        let platform = Platform::start(services, &surroundings).await.expect("the services start");
        let keeper = Keeper::start(portal.client(), portal.names(), &surroundings.chance, 1);
        let test = Self {
            platform: Some(platform),
            keeper: Some(keeper),
            surroundings,
            admin,
            database,
            portal,
            clock,
        };
        eventually("the services are ready", async || test.platform().not_ready().await.is_empty()).await;
        test
    }

    fn platform(&self) -> &Platform {
        self.platform.as_ref().expect("running until stopped")
    }

    /// Asks as the portal would for this actor.
    pub async fn ask<C: Call>(&self, actor: &Actor, call: &C) -> Result<C::Reply, Problem> {
        self.portal.call(actor, call).await
    }

    /// The portal's side of the bus: for calls with a key, and for sealing.
    pub fn portal(&self) -> &Bus {
        &self.portal
    }

    /// The keys of a service: to seal for it, or to open what was meant for it.
    pub fn keys(&self, service: Name) -> Arc<Keys> {
        self.surroundings.keys.as_ref().expect("a harness has keys")[&service].clone()
    }

    /// What a service has in hand.
    pub fn chassis(&self, service: Name) -> &Chassis {
        self.platform().chassis(service)
    }

    /// A service's tables, as its own role sees them.
    pub fn pool(&self, service: Name) -> &PgPool {
        self.chassis(service).store.pool()
    }

    /// Every column of a service's tables that could hold what somebody typed, as text under
    /// `== table.column`: for canaries. Bytes stand there as letters where they are letters.
    pub async fn dump_of(&self, service: Name) -> String {
        let columns: Vec<(String, String, String)> = sqlx::query_as(
            "select table_name, column_name,
                    format(case data_type when 'bytea' then 'encode(%I, ''escape'')' else '%I::text' end, column_name)
             from information_schema.columns
             where table_schema = $1
               and data_type not in ('uuid', 'boolean', 'smallint', 'integer', 'bigint', 'date',
                                     'timestamp with time zone')
             order by table_name, ordinal_position",
        )
        .bind(service.schema())
        .fetch_all(self.pool(service))
        .await
        .expect("the test server answers");
        let mut dump = String::new();
        for (table, column, value) in columns {
            let query = format!("select coalesce(string_agg({value}, E'\\n'), '') from {table}");
            let text: String = sqlx::query_scalar(AssertSqlSafe(query))
                .fetch_one(self.pool(service))
                .await
                .expect("a service reads its own tables");
            let _ = writeln!(dump, "== {table}.{column}\n{text}");
        }
        dump
    }

    /// What is not ready, in words.
    pub async fn not_ready(&self) -> Vec<String> {
        self.platform().not_ready().await
    }

    /// The metrics as text.
    pub fn metrics(&self) -> String {
        self.surroundings.metrics.text()
    }

    /// A NATS client that may do everything, to look at what others cannot see.
    pub fn nats(&self) -> async_nats::Client {
        self.portal.client().clone()
    }

    /// The names on the bus of this test.
    pub fn names(&self) -> &Names {
        &self.surroundings.names
    }

    /// Stops the keeper of the streams, which runs beside the services: nothing is purged any more.
    pub async fn stop_keeper(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            keeper.stop().await;
        }
    }

    /// Starts a keeper, as on another machine.
    pub fn start_keeper(&mut self) {
        self.keeper =
            Some(Keeper::start(self.portal.client(), self.portal.names(), &self.surroundings.chance, 1));
    }

    /// Starts another replica of services beside the first.
    pub async fn replica(&self, services: Vec<Service>) -> Platform {
        Platform::start(services, &self.surroundings).await.expect("a replica starts")
    }

    /// Stops everything and removes the database and the streams.
    pub async fn stop(mut self) {
        self.stop_keeper().await;
        if let Some(platform) = self.platform.take() {
            platform.stop().await;
        }
        let context = async_nats::jetstream::new(self.nats());
        for stream in proto::Stream::ALL {
            let _ = context.delete_stream(self.names().stream(stream)).await;
        }
        let _ = context.delete_stream(self.names().advisories()).await;
        let mut conn = self.admin.connect().await.expect("the test server answers");
        run(&mut conn, &format!("drop database {} with (force)", self.database)).await;
    }
}

/// A database with every schema, made once per set of migrations and copied for each test.
async fn make_template(admin: &PgConnectOptions, services: &[Service]) -> String {
    let mut fingerprint: u64 = 0xcbf2_9ce4_8422_2325;
    for service in services {
        for byte in service
            .which
            .name()
            .bytes()
            .chain(service.migrator.iter().flat_map(|migration| migration.checksum.to_vec()))
        {
            fingerprint = (fingerprint ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    for byte in migrate::rules_checksum() {
        fingerprint = (fingerprint ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let template = format!("template_{fingerprint:016x}");
    let mut conn = admin.connect().await.expect("the test server answers");
    // Tests run in processes of their own; the first one makes it, the others wait.
    run(&mut conn, "select pg_advisory_lock(hashtext('dichterbij test template'))").await;
    let ready: bool =
        sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1 and datistemplate)")
            .bind(&template)
            .fetch_one(&mut conn)
            .await
            .expect("the test server answers");
    if !ready {
        run(&mut conn, &format!("drop database if exists {template}")).await;
        run(&mut conn, &format!("create database {template}")).await;
        let address = admin.clone().database(&template);
        for service in services {
            migrate::migrate(&address, service.which, service.migrator, &Keys::for_testing(service.which))
                .await
                .expect("migrations run");
        }
        run(&mut conn, &format!("alter database {template} is_template true")).await;
    }
    conn.close().await.expect("closing");
    template
}

async fn run(conn: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(conn).await.expect("the test server does it");
}

/// Waits until something is so, and fails after a minute. Never sleeps for a fixed time.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    // A busy machine that starts a dozen processes needs half of it.
    let patience = tokio::time::Instant::now() + Duration::from_mins(1);
    while !is_so().await {
        assert!(tokio::time::Instant::now() < patience, "waited a minute in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
