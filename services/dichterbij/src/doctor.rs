//! `doctor`: looks at everything that must be right before people can use this, and says what to do.

use std::{path::Path, process::ExitCode};

use async_nats::jetstream;
use chassis::{
    Config, Keys, Profile, checks,
    fault::Chain,
    keeper,
    keys::Administrator,
    store::connect_options,
    streams::{differences, stream_config},
};
use proto::{
    Service, Stream,
    catalogue::{READINGS, audits},
    permissions::Names,
};
use reference::Reference;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::{
    Failure,
    healthcheck::{self, Health},
    migrate::{database_administrator, nats_administrator},
    services,
};

/// One thing that was looked at.
#[derive(Debug)]
struct Finding {
    what: String,
    /// What is not right and what to do about it; `Ok` with a remark when it is.
    result: Result<String, String>,
}

/// Looks at everything and prints it. The exit code is FAILURE when something needs doing.
pub async fn look() -> Result<ExitCode, Failure> {
    let config = Config::from_env()?;
    let mut findings = vec![profile(&config)];
    findings.extend(keys(&config));
    findings.push(reference_data(&config));
    findings.push(assets(&config));
    findings.extend(postgres(&config).await);
    findings.push(erasures(&config).await);
    findings.extend(nats(&config).await);
    findings.push(dead_letters(&config).await);
    findings.push(running(&config).await);
    findings.extend(alarms(&config).await);
    let mut all_well = true;
    for Finding { what, result } in findings {
        match result {
            Ok(remark) => println!("ok      {what:<22} {remark}"),
            Err(advice) => {
                all_well = false;
                println!("NOT OK  {what:<22} {}", advice.replace('\n', "\n                               "));
            }
        }
    }
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn finding(what: impl Into<String>, result: Result<String, String>) -> Finding {
    Finding { what: what.into(), result }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    Chain(error).to_string()
}

fn profile(config: &Config) -> Finding {
    let remark = match config.profile {
        Profile::Development => "development: demo accounts and mailbox, on loopback only",
        Profile::Production => "production",
    };
    finding("settings", Ok(remark.to_owned()))
}

fn keys(config: &Config) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Service::ALL
        .into_iter()
        .filter_map(|service| {
            let error = Keys::load(&config.secrets, service).err()?;
            Some(finding(format!("keys of {service}"), Err(chain(&error))))
        })
        .collect();
    if let Err(error) = Administrator::load(&config.secrets) {
        findings.push(finding("keys of administrator", Err(chain(&error))));
    }
    if findings.is_empty() {
        findings.push(finding("keys", Ok(format!("complete in {}", config.secrets.display()))));
    }
    findings
}

fn reference_data(config: &Config) -> Finding {
    let result = match Reference::load(config.reference.as_deref()) {
        Err(error) => Err(format!("{}\nmake the files anew: `make setup`", chain(&error))),
        Ok(reference) if reference.places.is_small() => Err(
            "only the small tables: every postcode lies in the middle of its municipality, so distances are rough\n\
             make the files with `make setup` and name their folder in DBJ_REFERENCE"
                .to_owned(),
        ),
        Ok(reference) => {
            let tables: Vec<String> = reference.versions().iter().map(ToString::to_string).collect();
            Ok(tables.join(", "))
        }
    };
    finding("reference data", result)
}

fn assets(config: &Config) -> Finding {
    let result = match &config.assets {
        None => {
            Err("DBJ_ASSETS is not set: the portal has no style sheet; `make setup` makes the folder"
                .to_owned())
        }
        Some(folder) if !folder.join("manifest.json").is_file() => {
            Err(format!("{} has no manifest.json; `make setup` makes it", folder.display()))
        }
        Some(folder) => missing_assets(folder),
    };
    finding("web assets", result)
}

/// The files that the manifest names are there.
fn missing_assets(folder: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(folder.join("manifest.json")).map_err(|error| error.to_string())?;
    let manifest: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| format!("manifest.json cannot be read: {error}"))?;
    let files: Vec<&str> =
        manifest.as_object().into_iter().flatten().filter_map(|(_, file)| file.as_str()).collect();
    match files.iter().find(|file| !folder.join(file).is_file()) {
        Some(missing) => {
            Err(format!("{missing} is in the manifest but not in {}; run `make setup`", folder.display()))
        }
        None => Ok(format!("{} files in {}", files.len(), folder.display())),
    }
}

async fn postgres(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let server = async {
        let options = database_administrator(config)?;
        let mut conn = options.connect().await?;
        checks::postgres(&mut conn).await?;
        let version: String =
            sqlx::query_scalar("select current_setting('server_version')").fetch_one(&mut conn).await?;
        conn.close().await?;
        Ok::<_, Failure>(version)
    };
    findings.push(finding(
        "PostgreSQL",
        server.await.map_err(|error| {
            format!("{}\nis it running, is DATABASE_URL right, was `dichterbij migrate` run?", chain(&*error))
        }),
    ));
    // What the services hold is compared with what was migrated; small tables do for that.
    let reference = std::sync::Arc::new(Reference::small());
    for service in services::all(&reference) {
        let name = service.which;
        let newest = service.migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
        let result = match schema_version(config, name).await {
            Ok(version) if version == newest => continue,
            Ok(version) => Err(format!(
                "its schema is at {version}, this program needs {newest}: run `dichterbij migrate`"
            )),
            Err(error) => Err(format!("{}\nrun `dichterbij migrate`", chain(&*error))),
        };
        findings.push(finding(format!("schema of {name}"), result));
    }
    if findings.len() == 1 {
        findings
            .push(finding("schemas and roles", Ok("each service can log in and is up to date".to_owned())));
    }
    findings
}

/// Nobody is later than seven days with an erasure (RELIABILITY rule 34), asked as intake itself.
async fn erasures(config: &Config) -> Finding {
    let counted = async {
        let keys = Keys::load(&config.secrets, Service::Intake)?;
        let options = connect_options(&config.database_url, Service::Intake, keys.postgres_password())?;
        let mut connection: PgConnection = options.connect().await?;
        let (open, overdue): (i64, i64) = sqlx::query_as(
            "select count(*), count(*) filter (where at < now() - interval '7 days')
             from erasures where completed_at is null",
        )
        .fetch_one(&mut connection)
        .await?;
        connection.close().await?;
        Ok::<_, Failure>((open, overdue))
    };
    let result = match counted.await {
        Ok((open, 0)) => Ok(format!("{open} under way, none overdue")),
        Ok((_, overdue)) => Err(format!(
            "{overdue} not confirmed by everybody within seven days\n\
             the administrator's page says by whom; are all services and `dichterbij run streams` at work?"
        )),
        Err(error) => Err(format!("{}\nrun `dichterbij migrate`", chain(&*error))),
    };
    finding("erasures", result)
}

/// No message between services is stuck, asked as each service itself.
async fn dead_letters(config: &Config) -> Finding {
    let counting = async {
        let mut stuck = Vec::new();
        for service in Service::ALL {
            let keys = Keys::load(&config.secrets, service)?;
            let options = connect_options(&config.database_url, service, keys.postgres_password())?;
            let mut connection: PgConnection = options.connect().await?;
            let open: i64 = sqlx::query_scalar("select count(*) from dead_letters where resolved_at is null")
                .fetch_one(&mut connection)
                .await?;
            connection.close().await?;
            if open > 0 {
                stuck.push(format!("{open} at {service}"));
            }
        }
        Ok::<_, Failure>(stuck)
    };
    let result = match counting.await {
        Ok(stuck) if stuck.is_empty() => Ok("none".to_owned()),
        Ok(stuck) => Err(format!(
            "{}\nthe administrator's page /beheer/vastgelopen says why; mend the cause and try again there",
            stuck.join(", ")
        )),
        Err(error) => Err(format!("{}\nrun `dichterbij migrate`", chain(&*error))),
    };
    finding("stuck messages", result)
}

/// What the process here says that it needs a person for; nothing when none runs.
async fn alarms(config: &Config) -> Option<Finding> {
    let said = healthcheck::alarms(config.health).await.ok()?;
    let result = if said.is_empty() { Ok("none".to_owned()) } else { Err(said.trim_end().to_owned()) };
    Some(finding("alarms", result))
}

/// The newest migration that a service sees when it logs in as itself.
async fn schema_version(config: &Config, service: Service) -> Result<i64, Failure> {
    let keys = Keys::load(&config.secrets, service)?;
    let options = connect_options(&config.database_url, service, keys.postgres_password())?;
    let mut connection: PgConnection = options.connect().await?;
    let version: Option<i64> = sqlx::query_scalar("select max(version) from _migrations where success")
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    Ok(version.unwrap_or(0))
}

async fn nats(config: &Config) -> Vec<Finding> {
    let client = match nats_administrator(config).await {
        Ok(client) => client,
        Err(error) => {
            return vec![finding(
                "NATS",
                Err(format!("{}\nis it running, is NATS_URL right?", chain(&*error))),
            )];
        }
    };
    let info = client.server_info();
    let server = match checks::nats(&client) {
        Err(error) => Err(chain(&error)),
        Ok(()) if !info.auth_required => Err(format!(
            "{} lets everybody do everything; give it the block of `dichterbij nats-config`",
            info.version
        )),
        Ok(()) => Ok(info.version),
    };
    let mut findings = vec![finding("NATS", server)];
    let (context, names) = (jetstream::new(client), Names::default());
    for stream in Stream::ALL {
        let wanted = stream_config(stream, &names, config.replicas);
        let result = match context.get_stream(&wanted.name).await {
            Err(error) => Err(format!("{}\nrun `dichterbij migrate`", chain(&error))),
            Ok(made) => {
                let mut missing = Vec::new();
                for reading in READINGS.iter().filter(|reading| reading.stream == stream) {
                    if made.consumer_info(reading.durable()).await.is_err() {
                        missing.push(reading.durable());
                    }
                }
                let waiting = if let Ok(consumer) = made.consumer_info(keeper::DURABLE).await {
                    consumer.num_pending
                } else {
                    missing.push(keeper::DURABLE.to_owned());
                    0
                };
                for audit in audits().filter(|audit| audit.stream == stream) {
                    if made.consumer_info(audit.durable()).await.is_err() {
                        missing.push(audit.durable());
                    }
                }
                let otherwise = differences(&made.cached_info().config, &wanted).join(", ");
                if !otherwise.is_empty() {
                    Err(format!("is not as it must be: {otherwise}; run `dichterbij migrate`"))
                } else if waiting > 0 {
                    Err(format!("{waiting} erasures wait to be purged: is `dichterbij run streams` at work?"))
                } else if missing.is_empty() {
                    let copies = if config.replicas > 1 { "" } else { ", in one copy: not highly available" };
                    Ok(format!("{} messages{copies}", made.cached_info().state.messages))
                } else {
                    Err(format!("has no consumer for {}; run `dichterbij migrate`", missing.join(", ")))
                }
            }
        };
        findings.push(finding(format!("stream {}", wanted.name), result));
    }
    findings
}

async fn running(config: &Config) -> Finding {
    let result = match healthcheck::ask(config.health).await {
        Ok(Health::Ready) => Ok(format!("ready at http://{}", config.http)),
        Ok(Health::NotReady(reasons)) => Err(reasons.trim_end().to_owned()),
        Err(error) => Ok(format!("not running here ({error})")),
    };
    finding("services", result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_that_is_gone_is_named() {
        let folder = std::env::temp_dir().join(format!("dbj-doctor-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("manifest.json"), r#"{"portal.css": "portal.1.css"}"#).unwrap();
        assert!(missing_assets(&folder).unwrap_err().contains("portal.1.css"));
        std::fs::write(folder.join("portal.1.css"), "").unwrap();
        assert!(missing_assets(&folder).unwrap().starts_with("1 files"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
