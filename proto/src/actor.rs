//! Who acts. The portal signs it, services verify it and decide (DESIGN rule 7).

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AccountId, EmployerId, SeekerId, Service};

/// What an account may do. Job-seekers have no account and therefore no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Posts openings for employers of the WSP and sees people who agreed.
    AccountManager,
    /// Sees and posts the openings of one employer.
    Employer,
    /// Registers people together with them, for a neighbourhood organisation, library, coach or agency.
    Helper,
    /// Organises fairs.
    Organiser,
    /// Invites accounts and ends them.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::AccountManager, Self::Employer, Self::Helper, Self::Organiser, Self::Administrator];

    /// The role's name in storage and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountManager => "account_manager",
            Self::Employer => "employer",
            Self::Helper => "helper",
            Self::Organiser => "organiser",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A visitor who has not signed in.
    Visitor,
    /// A job-seeker who signed in with a code.
    Seeker {
        /// The person.
        seeker_id: SeekerId,
    },
    /// A member of staff.
    Account {
        /// The account.
        account_id: AccountId,
        /// What it may do.
        roles: Vec<Role>,
        /// Whose openings it may touch, for the employer role.
        employer_id: Option<EmployerId>,
        /// The labour-market regions it works for (`AM11`).
        regions: Vec<String>,
    },
    /// A service by itself, for work by the clock.
    Service {
        /// Which one.
        service: Service,
    },
}

impl Actor {
    /// Whether this is an account with that role.
    pub fn has(&self, role: Role) -> bool {
        matches!(self, Self::Account { roles, .. } if roles.contains(&role))
    }
}

/// What is signed: who acts, for how long, and for exactly which request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorClaims {
    /// The service that signed. Only the portal may sign for people.
    pub issuer: Service,
    /// Who acts.
    pub actor: Actor,
    /// When it was signed.
    pub issued_at: DateTime<Utc>,
    /// From when on it is refused: 5 minutes after signing.
    pub expires_at: DateTime<Utc>,
    /// SHA-256 in hex over subject, key and body: a signature cannot be moved to another request.
    pub request: String,
}
