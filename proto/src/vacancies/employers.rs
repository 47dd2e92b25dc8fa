//! Employers: sites, contact persons, account managers, and who may act for them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, ContactId, EmployerId, Sealed, SiteId, intake::ContactPurpose};

/// Adds an employer with its first site. An account manager may, for her own regions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddEmployer {
    /// The name people know it by.
    pub name: String,
    /// KVK number, 8 digits; checked by format only and shown as "not verified".
    pub kvk_number: String,
    /// Its first site.
    pub site: SiteDetails,
    /// Whom to ask for; encrypted at rest.
    pub contact: Option<Sealed<EmployerContact>>,
}

/// What a site is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteDetails {
    /// How people call it, e.g. "Distributiecentrum"; may be empty for the only one.
    pub name: String,
    /// Street and house number; may be empty.
    pub street: String,
    /// 4 digits, or 4 digits and 2 letters. It decides the site's region.
    pub postcode: String,
}

/// A person at an employer. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmployerContact {
    /// Her name.
    pub name: String,
    /// Her telephone number or e-mail address.
    pub reach: String,
    /// What she does there, e.g. "teamleider keuken"; may be empty.
    #[serde(default)]
    pub work: String,
}

/// The employers of the actor's regions (or her own), by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Employers {
    /// Part of the name or the KVK number; empty for all.
    pub search: String,
    /// Only those of whom this account is the account manager.
    #[serde(default)]
    pub account_manager: Option<AccountId>,
    /// From 0.
    pub page: u32,
    /// At most 100.
    pub per_page: u32,
}

/// An employer in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerLine {
    /// Its id.
    pub employer_id: EmployerId,
    /// Its name.
    pub name: String,
    /// Its KVK number.
    pub kvk_number: String,
    /// The place of its first site.
    pub place: String,
    /// How many openings are published.
    pub open_openings: u32,
}

/// One employer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Employer {
    /// Which.
    pub employer_id: EmployerId,
}

/// One employer as its account manager or its own people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerView {
    /// The facts of the list.
    pub line: EmployerLine,
    /// Its sites in use, oldest first.
    pub sites: Vec<Site>,
    /// Its contact persons, without who they are.
    pub contacts: Vec<ContactLine>,
    /// The labour-market regions of its sites, with who looks after it there.
    pub regions: Vec<EmployerRegion>,
    /// Whether a labour conflict stops its openings (Waadi art. 10): no new ones, none shown.
    pub labour_conflict: bool,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Which.
    pub site_id: SiteId,
    /// What it is.
    pub details: SiteDetails,
    /// The place name of its postcode.
    pub place: String,
    /// Its labour-market region.
    pub region: String,
}

/// A contact person in a list: nothing about who she is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLine {
    /// Which.
    pub contact_id: ContactId,
    /// At which site; `None` for all.
    pub site_id: Option<SiteId>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A region of an employer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployerRegion {
    /// Labour-market region code.
    pub region: String,
    /// The account that looks after it there, if one does.
    pub account_manager: Option<AccountId>,
}

/// Changes an employer's name. The KVK number stays: another number is another employer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeEmployer {
    /// Which.
    pub employer_id: EmployerId,
    /// The name people know it by.
    pub name: String,
    /// Whether a labour conflict stops its openings; only account managers may change it.
    pub labour_conflict: bool,
}

/// Adds a site, or changes one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveSite {
    /// Whose.
    pub employer_id: EmployerId,
    /// Which; `None` adds one.
    pub site_id: Option<SiteId>,
    /// What it is.
    pub details: SiteDetails,
}

/// Takes a site out of use. Refused for the last one, and while openings there are not closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EndSite {
    /// Which.
    pub site_id: SiteId,
}

/// Adds a contact person, or changes one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveContact {
    /// Whose.
    pub employer_id: EmployerId,
    /// Which; `None` adds one.
    pub contact_id: Option<ContactId>,
    /// At which site; `None` for all.
    pub site_id: Option<SiteId>,
    /// Who she is.
    pub contact: Sealed<EmployerContact>,
}

/// Deletes a contact person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteContact {
    /// Which.
    pub contact_id: ContactId,
}

/// Shows a contact person for one purpose. A command, because it is written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowContact {
    /// Which.
    pub contact_id: ContactId,
    /// For what.
    pub purpose: ContactPurpose,
}

/// Says who looks after an employer in a region. Account managers of that region may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetAccountManager {
    /// Which employer.
    pub employer_id: EmployerId,
    /// In which region.
    pub region: String,
    /// Who; `None` for nobody.
    pub account_id: Option<AccountId>,
}
