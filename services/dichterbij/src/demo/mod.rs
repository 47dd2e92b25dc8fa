//! `demo`: a region full of invented people, employers and openings, to look around in.
//!
//! Everything comes in over the bus, by the same commands that the portal sends. The same seed makes the same region. Only in
//! the development profile: the services refuse it elsewhere, and so does this verb before it sends anything.

mod dice;
pub mod employers;
pub mod fill;
mod lines;
mod logins;
pub mod openings;
pub mod people;
mod progress;
pub mod world;

use std::time::Instant;

use chassis::{Chance as _, Config, Keys, Profile, chance::OsChance, clock, store::connect_options};
use chrono::{DateTime, Utc};
use clap::Args;
use proto::{Service, portal::PrepareDemo};
use reference::{RegionCode, demo::Demo};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::{Failure, operator, services};
use fill::Amounts;
use world::World;

/// How much, where, and which.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Invented people
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=99_999))]
    people: u32,
    /// Invented employers
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=9_999))]
    employers: u32,
    /// Invented openings
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..=99_999))]
    openings: u32,
    /// The same seed gives the same region
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Labour-market region by its CBS code
    #[arg(long, default_value = "AM11")]
    region: RegionCode,
    /// Also prints the secrets behind the one-time codes, for an authenticator app
    #[arg(long)]
    show_logins: bool,
}

/// Fills the region once and prints how to sign in.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = Config::from_env()?;
    if config.profile != Profile::Development {
        return Err("the demo exists only in the development profile (DBJ_PROFILE=development)".into());
    }
    let began = Instant::now();
    let reference = services::reference(&config)?;
    let material = Demo::built_in();
    let regions = [arguments.region];
    let name = reference.regions.get(arguments.region).map(|region| region.name.clone());
    let (Some(name), Some(world)) = (name, World::of(&reference, &material, arguments.seed, &regions)) else {
        return Err(format!("there is no labour-market region {}", arguments.region).into());
    };
    let today = clock::day(database_now(&config).await?);
    let bus = operator::connect(&config).await?;
    let amounts = Amounts {
        people: arguments.people as usize,
        employers: arguments.employers as usize,
        openings: arguments.openings as usize,
    };
    let filled = fill::fill(&bus, &world, &fill::manager(&regions), amounts, today).await?;
    let prepare = PrepareDemo { employer_id: filled.first_employer, region: arguments.region.to_string() };
    let sign_ins = bus
        .call_as_service(OsChance.uuid_v4(), &prepare)
        .await
        .map_err(|problem| format!("the demo accounts could not be made: {problem}"))?;
    if filled.anew {
        println!("    {name} is filled, in {:.1} s", began.elapsed().as_secs_f64());
    } else {
        println!("    {name} is filled already; nothing was added");
    }
    logins::print(&config, &world, &sign_ins, arguments.show_logins);
    bus.close().await;
    Ok(())
}

/// The time by which the services judge dates.
async fn database_now(config: &Config) -> Result<DateTime<Utc>, Failure> {
    let keys = Keys::load(&config.secrets, Service::Portal)?;
    let options = connect_options(&config.database_url, Service::Portal, keys.postgres_password())?;
    let mut connection = options.connect().await?;
    let now = sqlx::query_scalar("select now()").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(now)
}
