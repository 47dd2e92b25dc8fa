//! `backup`: all schemas at one moment, in one encrypted file (docs/adr/0010).
//!
//! Only the public key is needed to make one, so a machine that makes backups cannot read them. In it columns about
//! people stand encrypted as they do in the database, under keys that stand in `DBJ_SECRETS` and not in it.

mod age;
mod bech32;
mod contents;
mod rows;
mod snapshot;
mod tar;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use chassis::{Config, chance::OsChance};
use clap::{Args, Subcommand};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::{Failure, migrate::database_administrator};

pub use age::{AgeError, Identity, Recipient};
pub use contents::{Begin, ContentsError, End, Sum, Table, verify};
pub(crate) use contents::{Passing, Reader, hex};
pub(crate) use snapshot::{migrations, tables};

/// Where to, and for whom.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE", required = true)]
    to: Option<PathBuf>,
    /// The public key of who may read it, age1…; may be given more than once
    #[arg(long = "for", value_name = "RECIPIENT", required = true)]
    recipients: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Makes a key pair: the secret key into a file, to be kept apart; the public one to standard output
    Keygen {
        /// The file to write; it must not be there yet
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Reads all of a backup and compares what it holds with what it says it holds
    Verify {
        /// The backup
        file: PathBuf,
        /// The file with the secret key
        #[arg(long, value_name = "KEY")]
        identity: PathBuf,
    },
}

/// Does it.
///
/// # Errors
/// When it cannot be done; then there is no file that looks like a backup.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    match (&arguments.verb, &arguments.to) {
        (Some(Verb::Keygen { to }), _) => Ok(keygen(to)?),
        (Some(Verb::Verify { file, identity }), _) => {
            let (begin, end) = verify(file, &read_identity(identity)?)?;
            println!("{}", described(&begin, &end));
            Ok(())
        }
        (None, Some(to)) => make(to, &arguments.recipients).await,
        (None, None) => Err("where to? --to FILE".into()),
    }
}

/// What a backup is, in a line.
pub fn described(begin: &Begin, end: &End) -> String {
    let rows: u64 = end.tables.iter().map(|table| table.rows).sum();
    format!(
        "backup {} of {}: {rows} rows in {} tables, made by version {}; whole",
        begin.backup_id,
        begin.taken_at.format("%Y-%m-%d %H:%M:%S UTC"),
        end.tables.len(),
        begin.program
    )
}

/// Reads the file with the secret key.
///
/// # Errors
/// When it is not there or not one.
pub fn read_identity(path: &Path) -> Result<Identity, Failure> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    Ok(Identity::from_file(&name, &text)?)
}

fn keygen(to: &Path) -> io::Result<()> {
    let identity = Identity::new(&OsChance);
    let public = identity.recipient();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    writeln!(file, "# public key: {public}")?;
    writeln!(file, "{}", *identity.secret_text())?;
    file.sync_all()?;
    eprintln!(
        "The secret key is in {}. Keep it apart from the backups and from this machine, in two places: without it \
         no backup can be read. `dichterbij backup --for` takes the public key:",
        to.display()
    );
    println!("{public}");
    Ok(())
}

async fn make(to: &Path, recipients: &[String]) -> Result<(), Failure> {
    let recipients: Vec<Recipient> =
        recipients.iter().map(|recipient| recipient.parse()).collect::<Result<_, _>>()?;
    let config = Config::from_env()?;
    if to.exists() {
        return Err(format!("{} is there already; a backup is never written over", to.display()).into());
    }
    let mut conn = database_administrator(&config)?.application_name("dichterbij-backup").connect().await?;
    let part = to.with_added_extension("part");
    let made = write(&mut conn, &part, &recipients).await;
    let (begin, end) = match made {
        Ok(made) => made,
        Err(error) => {
            let _ = fs::remove_file(&part);
            return Err(error);
        }
    };
    // Complete and on the disk before it has its name.
    fs::rename(&part, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    conn.close().await?;
    println!("{}", described(&begin, &end));
    Ok(())
}

async fn write(
    conn: &mut sqlx::PgConnection,
    part: &Path,
    recipients: &[Recipient],
) -> Result<(Begin, End), Failure> {
    // What a backup that died left behind is of no use.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(part)?;
    let mut out = age::Encryptor::new(BufWriter::new(file), recipients, &OsChance)?;
    let made = snapshot::write(conn, &mut out, &OsChance).await?;
    let file = out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(made)
}
