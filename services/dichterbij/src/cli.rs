//! The command line: which verbs there are and what they take.

use std::{path::PathBuf, process::ExitCode};

use chassis::fault::Chain;
use clap::{Parser, Subcommand};

use crate::{
    Failure, backup, demo, doctor, erasures, healthcheck, invite, keys, migrate, reference_data, replay,
    restore, run, schemas, verify_queue,
};

/// Dichterbij brings people and work together. Settings come from the environment: docs/ has the list, and
/// `dichterbij doctor` says what is missing.
#[derive(Debug, Parser)]
#[command(name = "dichterbij", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Runs all services, or only those named, until it is stopped
    Run(run::Arguments),
    /// Makes or renews the database, its schemas and roles, and the streams; safe to repeat
    Migrate,
    /// Makes the keys that are missing and keeps those that are there
    Keys {
        /// Where; keep it apart from the backups of the database
        #[arg(long)]
        dir: PathBuf,
    },
    /// Prints the authorization block for nats-server
    NatsConfig {
        /// The folder that `keys` filled
        #[arg(long)]
        secrets: PathBuf,
    },
    /// Asks the running process whether it is ready
    Healthcheck,
    /// Looks at servers, keys and files, and says what to do about each thing that is not right
    Doctor,
    /// Writes the schemas of events and files from the Rust types
    Schemas(schemas::Arguments),
    /// Fills a demo region with invented people, employers and openings, once
    Demo(demo::Arguments),
    /// Invites the first administrator of a new installation
    Invite(invite::Arguments),
    /// Writes all tables of one moment into an encrypted file that only the holder of a key can read
    Backup(backup::Arguments),
    /// Fills a new, migrated database from a backup, and learns from the streams what was told since
    Restore(restore::Arguments),
    /// The ledger of who was erased, to be kept apart from the backups
    #[command(subcommand)]
    Erasures(erasures::Verb),
    /// Lets a service announce its present state anew, to rebuild a stream or what others keep of it
    Replay(replay::Arguments),
    /// Takes a new edition of postcodes, occupations or municipalities into use
    #[command(subcommand)]
    Reference(reference_data::Verb),
    /// Checks the ledger of a queue: that it is what was published, and that nobody was passed over
    VerifyQueue(verify_queue::Arguments),
}

/// Reads the command line, does the verb and says how it went.
pub async fn main() -> ExitCode {
    match dispatch(Arguments::parse().verb).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dichterbij: {}", Chain(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(verb: Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Run(arguments) => run::run(arguments).await?,
        Verb::Migrate => migrate::migrate().await?,
        Verb::Keys { dir } => keys::make(&dir)?,
        Verb::NatsConfig { secrets } => keys::print_nats_config(&secrets)?,
        Verb::Healthcheck => healthcheck::check().await?,
        Verb::Doctor => return doctor::look().await,
        Verb::Schemas(arguments) => schemas::run(&arguments)?,
        Verb::Demo(arguments) => demo::run(&arguments).await?,
        Verb::Invite(arguments) => invite::run(&arguments).await?,
        Verb::Backup(arguments) => backup::run(&arguments).await?,
        Verb::Restore(arguments) => restore::run(&arguments).await?,
        Verb::Erasures(verb) => erasures::run(&verb).await?,
        Verb::Replay(arguments) => replay::run(&arguments).await?,
        Verb::Reference(verb) => reference_data::run(&verb)?,
        Verb::VerifyQueue(arguments) => return verify_queue::run(&arguments),
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_verbs_that_the_scripts_of_infra_use_exist() {
        for line in [
            "run all",
            "run matcher portal",
            "migrate",
            "keys --dir x",
            "nats-config --secrets x",
            "healthcheck",
            "replay intake",
            "doctor",
            "schemas --dir schemas --check",
            "demo --show-logins",
            "invite --email a@example.org --name Fatma --role account-manager --region AM11 --region AM12",
            "reference import --kind geonames --file NL.txt --dir x --dry-run",
            "backup keygen --to key.txt",
            "backup --to x.age --for age1x --for age1y",
            "backup verify x.age --identity key.txt",
            "restore --from x.age --identity key.txt --erasures ledger.txt",
            "erasures export --to ledger.txt",
            "verify-queue --keys keys.jsonl --heads heads.jsonl --ledger ledger.jsonl",
            "demo --people 10 --employers 2 --openings 5 --seed 3 --region AM11",
        ] {
            Arguments::try_parse_from(["dichterbij"].into_iter().chain(line.split(' ')))
                .unwrap_or_else(|error| panic!("{line}: {error}"));
        }
        for line in [
            "backup",
            "backup --to x",
            "restore --from x",
            "run",
            "run nobody",
            "replay all",
            "demo --region Flevoland",
            "schemas",
            "reference import --kind x",
        ] {
            let parsed = Arguments::try_parse_from(["dichterbij"].into_iter().chain(line.split(' ')));
            assert!(parsed.is_err(), "{line}");
        }
    }
}
