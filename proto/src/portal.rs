//! Portal: pages, sign-in and staff accounts.
//!
//! No other service asks it anything; these calls are for the operator's command line, which signs
//! as the portal itself.

use serde::{Deserialize, Serialize};

use crate::{EmployerId, InvitationId, Role, Sealed, call::calls};

calls! { Portal {
    command "invite": Invite => InvitationId, from Portal;
    command "prepare_demo": PrepareDemo => Vec<DemoSignIn>, from Portal;
} }

/// Whom to invite. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitee {
    /// Her name.
    pub name: String,
    /// Her e-mail address.
    pub email: String,
}

/// Invites someone to a staff account: the first administrator of an installation, for example.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invite {
    /// Whom.
    pub invitee: Sealed<Invitee>,
    /// What the account may do; at least one.
    pub roles: Vec<Role>,
    /// Whose openings, for the employer role.
    pub employer_id: Option<EmployerId>,
    /// The labour-market regions it works for.
    pub regions: Vec<String>,
    /// The organisation it works for, as people will read it, e.g. "Bibliotheek Almere"; needed for
    /// helpers and account managers.
    #[serde(default)]
    pub organisation: String,
}

/// Makes the demo accounts. Refused outside the development profile (DESIGN rule 15).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrepareDemo {
    /// The employer that the demo's employer account belongs to.
    pub employer_id: Option<EmployerId>,
    /// The labour-market region of the demo.
    pub region: String,
}

/// A demo account: invented, and known to everyone on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoSignIn {
    /// What the account may do.
    pub role: Role,
    /// Its e-mail address.
    pub email: String,
    /// Its password.
    pub password: String,
    /// The secret behind its codes, in base32.
    pub totp_secret: String,
}

crate::intake::forgotten!(Portal, "seeker_forgotten_by_portal", "nl.portaal.werkzoekende-vergeten.v1");
