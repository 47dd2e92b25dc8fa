//! `replay`: one service announces its present state anew (DESIGN rule 2). It must be at work, here or elsewhere.

use std::{io::Write as _, time::Duration};

use chassis::{Config, Keys, replay, store::connect_options};
use clap::Args;
use proto::Service as Name;
use sqlx::postgres::PgPoolOptions;

use crate::Failure;

/// How often it is looked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Which.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The service: intake, vacancies, matcher. The others have nothing to announce
    #[arg(value_name = "SERVICE", value_parser = which)]
    service: Name,
}

fn which(text: &str) -> Result<Name, String> {
    Name::from_name(text).ok_or_else(|| {
        format!("there is no such service; there are: {}", Name::ALL.map(Name::name).join(", "))
    })
}

/// Asks, and waits until it is done. Ending this process changes nothing: the service goes on.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = Config::from_env()?;
    let keys = Keys::load(&config.secrets, arguments.service)?;
    let options = connect_options(&config.database_url, arguments.service, keys.postgres_password())?;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
    let replay_id = replay::ask(&pool).await?;
    println!("asked; {} announces anew as soon as it is at work", arguments.service);
    loop {
        let progress = replay::progress(&pool, replay_id).await?;
        let doing = progress.event.as_deref().unwrap_or("waiting");
        print!(
            "\r{:>9} announced, {} left out because erased ({doing})  ",
            progress.announced, progress.forgotten
        );
        std::io::stdout().flush()?;
        if progress.ended {
            println!("\ndone");
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    pool.close().await;
    Ok(())
}
