//! Settings, read once from the environment and checked before anything starts.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

/// Development or production. Demo accounts and the local mailbox exist only in the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// On loopback, with demo accounts and a mailbox page.
    Development,
    /// For people.
    Production,
}

/// Everything an operator can set. `DBJ_…` names in brackets.
#[derive(Clone)]
pub struct Config {
    /// Administrator's PostgreSQL address, used by `migrate`; services take host, port and
    /// database from it and log in as themselves [`DATABASE_URL`].
    pub database_url: String,
    /// NATS address [`NATS_URL`].
    pub nats_url: String,
    /// Folder with the services' keys [`DBJ_SECRETS`].
    pub secrets: PathBuf,
    /// Folder with reference tables made at set-up; absent means the small tables [`DBJ_REFERENCE`].
    pub reference: Option<PathBuf>,
    /// Folder with the built web assets [`DBJ_ASSETS`].
    pub assets: Option<PathBuf>,
    /// Where the portal listens [`DBJ_HTTP`], 127.0.0.1:8080.
    pub http: SocketAddr,
    /// Where health and metrics listen [`DBJ_HEALTH`], 127.0.0.1:9080.
    pub health: SocketAddr,
    /// Development or production [`DBJ_PROFILE`].
    pub profile: Profile,
    /// What to log, in the words of `tracing-subscriber` [`DBJ_LOG`], `info`.
    pub log: String,
    /// URN of the organisation that runs this, for the source of events [`DBJ_ORGANISATION`].
    pub organisation: String,
    /// The telephone number on every page [`DBJ_HELP_PHONE`].
    pub help_phone: String,
    /// The address people use, when it is not where the portal listens [`DBJ_PUBLIC_ADDRESS`].
    pub public_address: Option<String>,
    /// Connections per service [`DBJ_POOL`], 4.
    pub pool: u32,
    /// After a stop signal: how long pages are still answered while readiness says no, so that whoever
    /// spreads visitors over the portals sees it first [`DBJ_LINGER_SECONDS`], 5 s; in development 0.
    pub linger: Duration,
    /// Proxies of our own between visitors and the portal [`DBJ_PROXIES`], 0: the visitor's address is taken
    /// from so many places before the end of `X-Forwarded-For`, where the first of them wrote it.
    pub proxies: usize,
    /// Where the monitor of NATS answers, seen from here [`DBJ_NATS_MONITOR`], like `http://127.0.0.1:8222`:
    /// services see there whether it syncs what it acknowledges. Needed in production.
    pub nats_monitor: Option<String>,
    /// How many processes run each service, at most [`DBJ_PROCESSES`], 1: their connections are added up
    /// against what PostgreSQL has.
    pub processes: u32,
    /// How long something may wait or stand still before it is an alarm [`DBJ_ALARM_SECONDS`], 30 s.
    pub alarm_after: Duration,
    /// Copies of each stream [`DBJ_REPLICAS`], 1: not highly available. 3 where there are three machines.
    pub replicas: usize,
    /// How often each service compares its outbox with the streams [`DBJ_AUDIT_SECONDS`], 60 s.
    pub audit_every: Duration,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Addresses may hold passwords.
        f.debug_struct("Config")
            .field("http", &self.http)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// What is wrong with the settings, all at once.
#[derive(Debug, thiserror::Error)]
#[error("the settings are not right:\n{}", .0.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<String>);

impl Config {
    /// Reads the environment of this process.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(std::env::vars().collect())
    }

    /// Reads settings from a map, as from an environment.
    pub fn from_vars(vars: BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut wrong = Vec::new();
        let get = |name: &str| vars.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let mut required = |name: &str, example: &str| {
            get(name).map_or_else(
                || {
                    wrong.push(format!("{name} is not set (for example {example})"));
                    String::new()
                },
                str::to_owned,
            )
        };
        let database_url = required("DATABASE_URL", "postgres://postgres:secret@127.0.0.1:5432/dichterbij");
        let nats_url = required("NATS_URL", "nats://127.0.0.1:4222");
        let mut address = |name: &str, default: &str| {
            let text = get(name).unwrap_or(default);
            text.parse().unwrap_or_else(|_| {
                wrong.push(format!("{name} is {text:?}, not an address and port like {default}"));
                SocketAddr::from(([127, 0, 0, 1], 0))
            })
        };
        let http = address("DBJ_HTTP", "127.0.0.1:8080");
        let health = address("DBJ_HEALTH", "127.0.0.1:9080");
        let profile = match get("DBJ_PROFILE").unwrap_or("production") {
            "development" => Profile::Development,
            "production" => Profile::Production,
            other => {
                wrong.push(format!("DBJ_PROFILE is {other:?}; it is development or production"));
                Profile::Production
            }
        };
        // DESIGN rule 15: the switch that cannot be forgotten.
        if profile == Profile::Development && !http.ip().is_loopback() {
            wrong.push(format!("DBJ_PROFILE=development listens on loopback only, and DBJ_HTTP is {http}"));
        }
        let pool = get("DBJ_POOL").unwrap_or("4").parse().unwrap_or_else(|_| {
            wrong.push("DBJ_POOL is not a number of connections, 2 to 50".to_owned());
            4
        });
        if !(2..=50).contains(&pool) {
            wrong.push(format!("DBJ_POOL is {pool}; a service needs 2 to 50 connections"));
        }
        let proxies = get("DBJ_PROXIES").unwrap_or("0").parse().unwrap_or(usize::MAX);
        if proxies > 5 {
            wrong.push("DBJ_PROXIES is the number of own proxies before the portal, 0 to 5".to_owned());
        }
        let nats_monitor = get("DBJ_NATS_MONITOR").map(|address| address.trim_end_matches('/').to_owned());
        let is_address = |text: &str| {
            text.strip_prefix("http://").is_some_and(|host| host.contains(':') && !host.contains('/'))
        };
        if let Some(text) = nats_monitor.as_deref().filter(|text| !is_address(text)) {
            wrong.push(format!("DBJ_NATS_MONITOR is {text:?}, not an address like http://127.0.0.1:8222"));
        }
        let processes = get("DBJ_PROCESSES").unwrap_or("1").parse().unwrap_or(0);
        if !(1..=100).contains(&processes) {
            wrong.push("DBJ_PROCESSES is the number of processes that run each service: 1 to 100".to_owned());
        }
        let alarm_seconds = get("DBJ_ALARM_SECONDS").unwrap_or("30").parse().unwrap_or(0);
        if !(1..=3_600).contains(&alarm_seconds) {
            wrong.push("DBJ_ALARM_SECONDS is not a number of seconds, 1 to 3600".to_owned());
        }
        let replicas = get("DBJ_REPLICAS").unwrap_or("1").parse().unwrap_or(0);
        if !matches!(replicas, 1 | 3 | 5) {
            wrong.push("DBJ_REPLICAS is the number of copies of each stream: 1, 3 or 5".to_owned());
        }
        let audit_seconds = get("DBJ_AUDIT_SECONDS").unwrap_or("60").parse().unwrap_or(0);
        if !(1..=3_600).contains(&audit_seconds) {
            wrong.push("DBJ_AUDIT_SECONDS is not a number of seconds, 1 to 3600".to_owned());
        }
        let usual_linger = if profile == Profile::Production { "5" } else { "0" };
        let linger_seconds = get("DBJ_LINGER_SECONDS").unwrap_or(usual_linger).parse().unwrap_or(u64::MAX);
        if linger_seconds > 60 {
            wrong.push("DBJ_LINGER_SECONDS is not a number of seconds, 0 to 60".to_owned());
        }
        let organisation = get("DBJ_ORGANISATION").unwrap_or("urn:nld:oin:00000099000000001000").to_owned();
        if !organisation.starts_with("urn:nld:") {
            wrong.push(format!("DBJ_ORGANISATION is {organisation:?}, not a URN that starts with urn:nld:"));
        }
        if wrong.is_empty() {
            Ok(Self {
                database_url,
                nats_url,
                secrets: get("DBJ_SECRETS").unwrap_or(".local/secrets").into(),
                reference: get("DBJ_REFERENCE").map(PathBuf::from),
                assets: get("DBJ_ASSETS").map(PathBuf::from),
                http,
                health,
                profile,
                log: get("DBJ_LOG").unwrap_or("info").to_owned(),
                organisation,
                help_phone: get("DBJ_HELP_PHONE").unwrap_or("085 000 00 00").to_owned(),
                public_address: get("DBJ_PUBLIC_ADDRESS")
                    .map(|address| address.trim_end_matches('/').to_owned()),
                pool,
                linger: Duration::from_secs(linger_seconds),
                proxies,
                nats_monitor,
                processes,
                alarm_after: Duration::from_secs(alarm_seconds),
                replicas,
                audit_every: Duration::from_secs(audit_seconds),
            })
        } else {
            Err(ConfigError(wrong))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let error = Config::from_vars(vars(&[("DBJ_HTTP", "here"), ("DBJ_PROFILE", "test")])).unwrap_err();
        let text = error.to_string();
        for name in ["DATABASE_URL", "NATS_URL", "DBJ_HTTP", "DBJ_PROFILE"] {
            assert!(text.contains(name), "{text}");
        }
    }

    #[test]
    fn development_listens_on_loopback_only() {
        let error = Config::from_vars(vars(&[
            ("DATABASE_URL", "postgres://localhost/x"),
            ("NATS_URL", "nats://localhost"),
            ("DBJ_PROFILE", "development"),
            ("DBJ_HTTP", "0.0.0.0:8080"),
        ]))
        .unwrap_err();
        assert!(error.to_string().contains("loopback"));
    }
}
