//! `erasures export`: who was erased, as numbers and moments, to be kept apart from the backups and the streams.
//!
//! A backup brings back whoever was erased after it. The streams know that for 30 days; this file knows it when they
//! are lost, too. It holds nothing about anyone but a random id that leads nowhere any more, and a MAC under a key of
//! intake, so that nobody can have people erased by adding lines.

use std::{
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use chassis::{Config, Keys, Vault};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use futures::TryStreamExt as _;
use proto::Service;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use uuid::Uuid;

use crate::{Failure, backup::hex, migrate::database_administrator};

const FIRST_LINE: &str = "dichterbij erasures 1";

/// What to do with the ledger.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Writes the ledger of erasures to a file: ids and moments only; run it hourly, to a place apart
    Export {
        /// The file; an older one is replaced when the new one is complete
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Her id, now nobody's.
    pub seeker_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The version of the event that said so.
    pub version: i64,
}

/// Does it.
///
/// # Errors
/// When the database or the disk does not let it.
pub async fn run(verb: &Verb) -> Result<(), Failure> {
    let Verb::Export { to } = verb;
    let config = Config::from_env()?;
    let keys = Keys::load(&config.secrets, Service::Intake)?;
    let mut conn = database_administrator(&config)?.application_name("dichterbij-erasures").connect().await?;
    let statement = format!(
        "select seeker_id, at, version from {}.erasures order by at, seeker_id",
        Service::Intake.schema()
    );
    let mut rows = sqlx::query_as::<_, (Uuid, DateTime<Utc>, i64)>(AssertSqlSafe(statement)).fetch(&mut conn);
    let mut text = format!("{FIRST_LINE}\n");
    let mut count = 0_u64;
    while let Some((seeker_id, at, version)) = rows.try_next().await? {
        let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        writeln!(text, "{seeker_id} {at} {version}")?;
        count += 1;
    }
    drop(rows);
    conn.close().await?;
    writeln!(text, "{}", mac(vault(&keys)?, &text))?;
    let part = to.with_added_extension("part");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&part, to)?;
    println!("{count} erasures");
    Ok(())
}

fn vault(keys: &Keys) -> Result<&Vault, Failure> {
    keys.vault().ok_or_else(|| "the keys of intake hold no vault".into())
}

fn mac(vault: &Vault, text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let mac = vault.keyed_hash(&[b"ledger of erasures".as_slice(), &hash].concat());
    format!("mac {}", hex(&mac))
}

/// Reads a ledger that [`run`] wrote with the same keys.
///
/// # Errors
/// When it is not one, not whole, or of other keys.
pub fn read(path: &Path, config: &Config) -> Result<Vec<Erased>, Failure> {
    let keys = Keys::load(&config.secrets, Service::Intake)?;
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    parse(&text, vault(&keys)?).ok_or_else(|| {
        format!("{name} is not a whole ledger of erasures made with the keys in DBJ_SECRETS").into()
    })
}

fn parse(text: &str, vault: &Vault) -> Option<Vec<Erased>> {
    let (lines, last) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    if last != mac(vault, &format!("{lines}\n")) {
        return None;
    }
    let mut lines = lines.lines();
    if lines.next() != Some(FIRST_LINE) {
        return None;
    }
    let line = |line: &str| {
        let mut words = line.split(' ');
        let (seeker_id, at, version) = (words.next()?, words.next()?, words.next()?);
        let erased = Erased {
            seeker_id: seeker_id.parse().ok()?,
            at: at.parse().ok()?,
            version: version.parse().ok()?,
        };
        words.next().is_none().then_some(erased)
    };
    lines.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_with_a_line_more_or_less_is_refused() {
        let vault = Vault::for_testing();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let lines = format!("{FIRST_LINE}\n{one} 2026-11-22T10:00:00Z 4\n{two} 2026-11-22T11:00:00Z 2\n");
        let whole = format!("{lines}{}\n", mac(&vault, &lines));
        let read = parse(&whole, &vault).unwrap();
        assert_eq!(
            read.iter().map(|erased| (erased.seeker_id, erased.version)).collect::<Vec<_>>(),
            [(one, 4), (two, 2)]
        );
        let without: String = whole
            .lines()
            .filter(|line| !line.starts_with(&two.to_string()))
            .fold(String::new(), |text, line| text + line + "\n");
        for wrong in [&lines, &without, &whole[..whole.len() - 1], &whole.replace(" 4", " 5"), "", "\n\n"] {
            assert_eq!(parse(wrong, &vault), None, "{wrong}");
        }
        assert_eq!(parse(&whole, &Vault::new([1; 32], [2; 32])), None, "another installation's");
    }
}
