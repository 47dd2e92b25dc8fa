//! What really happened in the tables, written down by PostgreSQL itself: triggers of the superuser in a schema of their
//! own, in the transactions of the services. What a service later blanks or deletes stays here.

use std::fmt::Write as _;

use proto::{CloudEvent, Fact, Service};
use sqlx::{FromRow, PgPool, postgres::PgPoolOptions};
use uuid::Uuid;

use crate::installation::Installation;

/// Reads what happened.
pub struct Observer {
    /// As the superuser.
    pub pool: PgPool,
}

/// An event that a service committed.
#[derive(Debug, Clone, FromRow)]
pub struct Told {
    /// Whose.
    pub service: String,
    /// Its id.
    pub event_id: Uuid,
    /// What it is about.
    pub aggregate_id: Uuid,
    /// Of that.
    pub version: i64,
    /// Its CloudEvents type.
    #[sqlx(rename = "type")]
    pub kind: String,
    /// As it was written.
    pub body: String,
}

impl Told {
    /// Whether it is this kind of fact.
    pub fn is<T: Fact>(&self) -> bool {
        self.kind == T::DUTCH_TYPE
    }

    /// What it says.
    ///
    /// # Panics
    /// When it cannot be read as this kind of fact.
    pub fn read<T: Fact>(&self) -> T {
        let event: CloudEvent<T> = serde_json::from_str(&self.body).expect("an event of this kind");
        event.data
    }
}

/// Tables whose rows carry the version of what they are about: schema, table, id.
const VERSIONED: [(&str, &str, &str); 4] = [
    ("matcher", "profiles", "seeker_id"),
    ("matcher", "openings", "opening_id"),
    ("matcher", "closed_openings", "opening_id"),
    ("notifier", "employer_answers", "proposal_id"),
];

/// Tables with one row per command: schema, table, id. What an erasure deletes later was there all the same.
const MADE: [(&str, &str, &str); 3] = [
    ("vacancies", "employers", "employer_id"),
    ("intake", "challenges", "challenge_id"),
    ("portal", "invitations", "invitation_id"),
];

impl Observer {
    /// Begins to write down, before any service runs.
    ///
    /// # Panics
    /// When PostgreSQL does not do it.
    pub async fn start(installation: &Installation) -> Self {
        let options = installation.postgres.options();
        let pool = PgPoolOptions::new().max_connections(3).connect_with(options).await.expect("PostgreSQL");
        let mut script = String::from(
            "create schema observed;
             create table observed.events (n bigserial primary key, service text, event_id uuid,
                 aggregate_id uuid, version bigint, type text, body text);
             create table observed.applied (n bigserial primary key, service text, consumer text, event_id uuid);
             create table observed.effects (n bigserial primary key, what text, id uuid, version bigint);
             create table observed.made (n bigserial primary key, what text, id uuid);
             create function observed.row() returns trigger language plpgsql security definer as $$
             begin
                 insert into observed.made (what, id) values (tg_table_name, (to_jsonb(new) ->> tg_argv[0])::uuid);
                 return null;
             end $$;
             create function observed.event() returns trigger language plpgsql security definer as $$
             begin
                 insert into observed.events (service, event_id, aggregate_id, version, type, body)
                 values (tg_table_schema, new.event_id, new.aggregate_id, new.version, new.type, new.body);
                 return null;
             end $$;
             create function observed.apply() returns trigger language plpgsql security definer as $$
             begin
                 insert into observed.applied (service, consumer, event_id)
                 values (tg_table_schema, new.consumer, new.event_id);
                 return null;
             end $$;
             create function observed.effect() returns trigger language plpgsql security definer as $$
             begin
                 insert into observed.effects (what, id, version)
                 values (tg_table_schema || '.' || tg_argv[1], (to_jsonb(new) ->> tg_argv[0])::uuid, new.version);
                 return null;
             end $$;\n",
        );
        for service in Service::ALL {
            let schema = service.schema();
            let _ = write!(script, "create trigger observed after insert on {schema}.outbox for each row execute function observed.event();
                 create trigger observed after insert on {schema}.inbox for each row execute function observed.apply();\n"
            );
        }
        for (schema, table, id) in VERSIONED {
            // A closed opening takes the place of an open one: one course of versions for both.
            let what = table.strip_prefix("closed_").unwrap_or(table);
            let _ = write!(
                script,
                "create trigger observed after insert or update of version on {schema}.{table}
                 for each row execute function observed.effect('{id}', '{what}');\n"
            );
        }
        for (schema, table, id) in MADE {
            let _ = write!(
                script,
                "create trigger observed after insert on {schema}.{table}
                 for each row execute function observed.row('{id}');\n"
            );
        }
        sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&pool).await.expect("triggers");
        Self { pool }
    }

    /// Every event that was committed, in the order of its aggregate.
    ///
    /// # Panics
    /// When PostgreSQL does not answer.
    pub async fn told(&self) -> Vec<Told> {
        sqlx::query_as(
            "select service, event_id, aggregate_id, version, type, body from observed.events order by n",
        )
        .fetch_all(&self.pool)
        .await
        .expect("PostgreSQL answers")
    }

    /// When the first of these were told and sent, for whoever looks for them.
    ///
    /// # Panics
    /// When PostgreSQL does not answer.
    pub async fn sent(&self, event_ids: &[Uuid]) -> String {
        let mut found = Vec::new();
        for service in Service::ALL {
            let query = format!(
                "select format('%s told %s, sent %s, now %s', event_id, body::jsonb ->> 'time', published_at, now())
                 from {}.outbox where event_id = any($1) limit 3",
                service.schema()
            );
            let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
                .bind(event_ids)
                .fetch_all(&self.pool)
                .await
                .expect("PostgreSQL answers");
            found.extend(rows);
        }
        found.join("; ")
    }

    /// Which consumer took which event in, as often as it did.
    ///
    /// # Panics
    /// When PostgreSQL does not answer.
    pub async fn applied(&self) -> Vec<(String, Uuid)> {
        sqlx::query_as("select service, event_id from observed.applied order by n")
            .fetch_all(&self.pool)
            .await
            .expect("PostgreSQL answers")
    }

    /// What a reader kept of which version, in the order in which it did.
    ///
    /// # Panics
    /// When PostgreSQL does not answer.
    pub async fn effects(&self) -> Vec<(String, Uuid, i64)> {
        sqlx::query_as("select what, id, version from observed.effects order by n")
            .fetch_all(&self.pool)
            .await
            .expect("PostgreSQL answers")
    }

    /// Ids that a query answers.
    ///
    /// # Panics
    /// When PostgreSQL does not answer.
    pub async fn ids(&self, query: &'static str) -> Vec<Uuid> {
        sqlx::query_scalar(query).fetch_all(&self.pool).await.expect("PostgreSQL answers")
    }
}
