//! The services that exist, by name.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A service of the platform: one PostgreSQL schema, one database role, one NATS identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Job-seekers: contact data, consent, the anonymous profile.
    Intake,
    /// Employers and their openings.
    Vacancies,
    /// Queues of Open Hiring: who comes first, begins first.
    OpenHiring,
    /// Proposals that explain themselves.
    Matcher,
    /// Messages to people.
    Notifier,
    /// Pages, sign-in and staff accounts: the only service that speaks HTTP to people.
    Portal,
}

impl Service {
    /// Every service, in the order in which `run all` starts them.
    pub const ALL: [Self; 6] =
        [Self::Notifier, Self::Intake, Self::Vacancies, Self::OpenHiring, Self::Matcher, Self::Portal];

    /// The name in subjects, identities and on the command line, e.g. `open-hiring`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Vacancies => "vacancies",
            Self::OpenHiring => "open-hiring",
            Self::Matcher => "matcher",
            Self::Notifier => "notifier",
            Self::Portal => "portal",
        }
    }

    /// The PostgreSQL schema: the name with underscores.
    pub fn schema(self) -> String {
        self.name().replace('-', "_")
    }

    /// The PostgreSQL login role that sees this schema and nothing else.
    pub fn database_role(self) -> String {
        format!("dbj_{}", self.schema())
    }

    /// The service with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
