//! `invite`: the first administrator of a new installation; everyone after her is invited on the portal's pages.

use chassis::{Chance as _, Config, chance::OsChance};
use clap::Args;
use proto::{
    Role, Service,
    portal::{Invite, Invitee},
};
use reference::RegionCode;

use crate::{Failure, operator};

/// Whom, and what she may do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where the invitation is sent
    #[arg(long)]
    email: String,
    /// What she is called
    #[arg(long)]
    name: String,
    /// administrator, account-manager, helper or organiser
    #[arg(long, default_value = "administrator", value_parser = role)]
    role: Role,
    /// The labour-market regions she works for, such as AM11
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<RegionCode>,
    /// The organisation she works for, as people will read it; needed for helpers and account managers
    #[arg(long, value_name = "NAME", default_value = "")]
    organisation: String,
}

fn role(text: &str) -> Result<Role, String> {
    let role = Role::from_name(&text.replace('-', "_")).filter(|role| *role != Role::Employer);
    role.ok_or_else(|| "it is administrator, account-manager, helper or organiser".to_owned())
}

/// Asks the portal to invite her. The message with the code goes out by itself.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = Config::from_env()?;
    let bus = operator::connect(&config).await?;
    let invitee = Invitee { name: arguments.name.clone(), email: arguments.email.clone() };
    let invite = Invite {
        invitee: bus.seal(Service::Portal, &invitee),
        roles: vec![arguments.role],
        employer_id: None,
        regions: arguments.regions.iter().map(ToString::to_string).collect(),
        organisation: arguments.organisation.clone(),
    };
    let invited = bus.call_as_service(OsChance.uuid_v4(), &invite).await;
    bus.close().await;
    invited.map_err(|problem| {
        let fields: Vec<String> =
            problem.fields.iter().map(|field| format!("{}: {}", field.field, field.code)).collect();
        format!("the invitation was refused: {problem} {}", fields.join(", "))
    })?;
    println!("Invited; the code is on its way and holds for 7 days.");
    Ok(())
}
