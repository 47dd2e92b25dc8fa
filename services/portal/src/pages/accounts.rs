//! Accounts of staff: inviting, roles, ending.

use askama::Template;
use chrono::NaiveDate;

use crate::pages::staff::EmployerChoices;
use crate::pages::{Choice, Layout, Role};
use crate::texts::Texts;

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// In use.
    Active,
    /// Invited, until this day.
    Invited(NaiveDate),
    /// Ended on this day.
    Ended(NaiveDate),
}

/// An account in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its page.
    pub href: String,
    /// Whose.
    pub name: String,
    /// The e-mail address it signs in with.
    pub email: String,
    /// What it may do.
    pub roles: Vec<Role>,
    /// The organisation it works for; may be empty.
    pub organisation: String,
    /// Where it stands.
    pub state: AccountState,
}

impl AccountRow {
    /// The roles in words.
    pub fn role_words(&self, t: Texts) -> String {
        t.list(&self.roles.iter().map(|role| role.name(t)).collect::<Vec<_>>())
    }

    /// Where it stands, in words.
    pub fn state_words(&self, t: Texts) -> String {
        match self.state {
            AccountState::Active => t.get("accounts-state-active"),
            AccountState::Invited(until) => t.one("accounts-state-invited", "date", t.date_short(until)),
            AccountState::Ended(on) => t.one("accounts-state-ended", "date", t.date_year(on)),
        }
    }

    /// The look of the state.
    pub fn state_class(&self) -> &'static str {
        match self.state {
            AccountState::Active => "active",
            AccountState::Invited(_) => "warning",
            AccountState::Ended(_) => "neutral",
        }
    }
}

/// The roles to tick.
pub fn role_choices(t: Texts, chosen: &[Role]) -> Vec<Choice> {
    Role::ALL
        .into_iter()
        .map(|role| {
            let hint = t.get(match role {
                Role::Manager => "role-manager-hint",
                Role::Employer => "role-employer-hint",
                Role::Helper => "role-helper-hint",
                Role::Organiser => "role-organiser-hint",
                Role::Administrator => "role-administrator-hint",
            });
            Choice::new(role.code(), role.name(t), chosen.contains(&role)).hint(hint)
        })
        .collect()
}

/// `/beheer/accounts`
#[derive(Debug, Clone, Template)]
#[template(path = "accounts.html")]
pub struct Accounts {
    /// What every page shares.
    pub l: Layout,
    /// Every account, by name; the ended ones last.
    pub rows: Vec<AccountRow>,
}

/// What an account may do, and for whom. Fields `rol` (several), `organisatie`, `regio` (several),
/// `werkgever` with `zoek_werkgever`.
#[derive(Debug, Clone)]
pub struct RightsForm {
    /// The roles.
    pub roles: Vec<Choice>,
    /// The organisation as typed.
    pub organisation: String,
    /// The 35 regions.
    pub regions: Vec<Choice>,
    /// The employers, for people of an employer.
    pub employers: EmployerChoices,
}

impl RightsForm {
    /// Whether any region is ticked.
    pub fn any_region(&self) -> bool {
        self.regions.iter().any(|region| region.chosen)
    }
}

/// `/beheer/accounts/nieuw`. Fields `naam`, `email` and those of [`RightsForm`].
#[derive(Debug, Clone, Template)]
#[template(path = "invite.html")]
pub struct Invite {
    /// What every page shares.
    pub l: Layout,
    /// Name as typed.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
    /// What it may do, and for whom.
    pub rights: RightsForm,
}

/// `/beheer/accounts/{id}`. Posts [`RightsForm`] to itself, or nothing to `/stoppen` and `/opnieuw`.
#[derive(Debug, Clone, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// What every page shares.
    pub l: Layout,
    /// The account.
    pub row: AccountRow,
    /// What it may do, and for whom.
    pub rights: RightsForm,
    /// The last administrator cannot end her own account.
    pub may_end: bool,
}

impl AccountPage {
    /// Whether the account was ended.
    pub fn ended(&self) -> bool {
        matches!(self.row.state, AccountState::Ended(_))
    }

    /// Whether the invitation still waits for an answer.
    pub fn invited(&self) -> bool {
        matches!(self.row.state, AccountState::Invited(_))
    }
}

/// `/bedrijf/collegas`: the people of one employer. Fields `naam`, `email`.
#[derive(Debug, Clone, Template)]
#[template(path = "colleagues.html")]
pub struct Colleagues {
    /// What every page shares.
    pub l: Layout,
    /// The employer's name.
    pub employer: String,
    /// Accounts and invitations, by name; the ended ones last.
    pub rows: Vec<ColleagueRow>,
    /// Name as typed.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
}

/// A colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColleagueRow {
    /// What the list of accounts says.
    pub account: AccountRow,
    /// Whether the reader may end this account.
    pub may_end: bool,
}
