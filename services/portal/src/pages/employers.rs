//! One employer: its sites, contact persons, who looks after it; and adding one.

use askama::Template;
use chrono::NaiveDate;

use crate::pages::staff::{EmployerRow, JobRow};
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// `/werkgever/nieuw`. Fields `naam`, `kvk`, those of [`SiteFields`], `contact_naam`, `contact`, `contact_werk`.
#[derive(Debug, Clone, Template)]
#[template(path = "new_employer.html")]
pub struct NewEmployer {
    /// What every page shares.
    pub l: Layout,
    /// Name of the employer.
    pub name: String,
    /// KVK number as typed.
    pub kvk: String,
    /// Its first site.
    pub site: SiteFields,
    /// Whom to ask for.
    pub contact: ContactFields,
}

/// A site as typed. Fields `vestiging_naam`, `straat`, `postcode`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteFields {
    /// How people call it.
    pub name: String,
    /// Street and house number.
    pub street: String,
    /// Its postcode.
    pub postcode: String,
}

/// A contact person as typed. Fields `contact_naam`, `contact`, `contact_werk`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFields {
    /// Her name.
    pub name: String,
    /// Her telephone number or e-mail address.
    pub reach: String,
    /// What she does there.
    pub work: String,
}

/// A site in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRow {
    /// Where it is changed.
    pub href: String,
    /// Its name, or that of its place.
    pub name: String,
    /// Street, postcode and place in one line.
    pub address: String,
    /// The name of its region.
    pub region: String,
}

/// A contact person in a list: nothing about who she is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Where she is shown, for a purpose.
    pub href: String,
    /// At which site; empty for all.
    pub site: String,
    /// Since when.
    pub since: NaiveDate,
    /// Her place in the list, from 1.
    pub number: usize,
}

impl ContactRow {
    /// "Contactpersoon 1, Distributiecentrum"
    pub fn words(&self, t: Texts) -> String {
        if self.site.is_empty() {
            t.one("contact-row", "number", self.number)
        } else {
            t.two("contact-row-site", "number", self.number, "site", &self.site)
        }
    }
}

/// Who looks after an employer in a region. Fields `regio` and `adviseur`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionRow {
    /// The region's code.
    pub code: String,
    /// The region's name.
    pub name: String,
    /// Her name; empty when nobody does.
    pub manager: String,
    /// The account managers to choose from; empty when the reader may not choose here.
    pub choices: Vec<Choice>,
}

impl RegionRow {
    /// Her name, or that nobody does.
    pub fn manager_words(&self, t: Texts) -> String {
        if self.manager.is_empty() { t.get("employer-manager-none") } else { self.manager.clone() }
    }
}

/// `/werkgever/{id}`
#[derive(Debug, Clone, Template)]
#[template(path = "employer.html")]
pub struct EmployerPage {
    /// What every page shares.
    pub l: Layout,
    /// What its list says.
    pub row: EmployerRow,
    /// Whether the reader is an account manager, rather than someone of the employer itself.
    pub by_manager: bool,
    /// Its sites, oldest first.
    pub sites: Vec<SiteRow>,
    /// Its contact persons.
    pub contacts: Vec<ContactRow>,
    /// The regions of its sites.
    pub regions: Vec<RegionRow>,
    /// Whether a labour conflict stops its openings.
    pub labour_conflict: bool,
    /// The address to post an opening for it.
    pub new_job: String,
    /// Its newest openings.
    pub jobs: Vec<JobRow>,
}

/// `/werkgever/{id}/wijzigen`. Fields `naam`, `conflict` (`ja`).
#[derive(Debug, Clone, Template)]
#[template(path = "employer_change.html")]
pub struct ChangeEmployer {
    /// What every page shares.
    pub l: Layout,
    /// The employer's page.
    pub href: String,
    /// Its name as typed.
    pub name: String,
    /// The tick for a labour conflict; empty for people of the employer itself.
    pub conflict: Vec<Choice>,
}

/// `/werkgever/{id}/vestiging/nieuw` and `/werkgever/{id}/vestiging/{site}`.
#[derive(Debug, Clone, Template)]
#[template(path = "site.html")]
pub struct SitePage {
    /// What every page shares.
    pub l: Layout,
    /// The employer's page.
    pub employer_href: String,
    /// The employer's name.
    pub employer: String,
    /// Where the form goes.
    pub action: String,
    /// Whether it is there already.
    pub known: bool,
    /// What was typed.
    pub site: SiteFields,
}

/// `/werkgever/{id}/contact/nieuw`, and the contact person after a purpose was given: then she is shown
/// once, as an answer, and can be changed. Field `vestiging` besides those of [`ContactFields`].
#[derive(Debug, Clone, Template)]
#[template(path = "contact.html")]
pub struct ContactPage {
    /// What every page shares.
    pub l: Layout,
    /// The employer's page.
    pub employer_href: String,
    /// The employer's name.
    pub employer: String,
    /// Where the form goes.
    pub action: String,
    /// Where she is deleted; empty for a new one.
    pub delete: String,
    /// Who she is, when she was just shown.
    pub shown: Option<ContactFields>,
    /// What was typed.
    pub contact: ContactFields,
    /// The sites to choose from.
    pub sites: Vec<Choice>,
}

/// Asks for what contact data are needed, before they are shown. Field `doel`.
#[derive(Debug, Clone, Template)]
#[template(path = "purpose.html")]
pub struct AskPurpose {
    /// What every page shares.
    pub l: Layout,
    /// Where the form goes.
    pub action: String,
    /// The page to go back to.
    pub back: String,
    /// Whose data, in words: "Iemand met code K7W-3QD".
    pub whose: String,
    /// Whether it is someone who looks for work: she reads who looked, and for what.
    pub is_told: bool,
    /// The purposes.
    pub purposes: Vec<Choice>,
}
