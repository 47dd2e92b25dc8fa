//! What every page shares: header, language, help, notices and the page numbers below a list.

use std::collections::BTreeMap;

use crate::pages::form::FieldError;
use crate::texts::{Html, Texts, escape_into};

/// What a member of staff may do. One person may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Posts openings and advises employers.
    Manager,
    /// Works for an employer.
    Employer,
    /// Registers people together with them.
    Helper,
    /// Organises meetings.
    Organiser,
    /// Invites and ends accounts.
    Administrator,
}

impl Role {
    /// All roles, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Manager, Self::Employer, Self::Helper, Self::Organiser, Self::Administrator];

    /// The word in forms and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Manager => "adviseur",
            Self::Employer => "werkgever",
            Self::Helper => "helper",
            Self::Organiser => "organisator",
            Self::Administrator => "beheerder",
        }
    }

    /// The role in words.
    pub fn name(self, t: Texts) -> String {
        t.get(match self {
            Self::Manager => "role-manager",
            Self::Employer => "role-employer",
            Self::Helper => "role-helper",
            Self::Organiser => "role-organiser",
            Self::Administrator => "role-administrator",
        })
    }
}

/// Who reads the page; decides the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Not signed in.
    Visitor,
    /// A job-seeker, by the name she gave herself.
    Seeker {
        /// First name or nickname.
        name: String,
    },
    /// A member of staff.
    Staff {
        /// Name as on the account.
        name: String,
        /// What she may do.
        roles: Vec<Role>,
    },
}

/// Addresses of the built style sheet, script and pictograms (they carry a hash of their content).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// Address of the style sheet.
    pub css: String,
    /// Address of the script, which only adds to pages that work without it.
    pub script: String,
    /// Address of the sprite that holds the pictograms.
    pub sprite: String,
    /// Address of the mark in the browser's tab.
    pub favicon: String,
    /// Address of the letter file that is needed first, if it is to be fetched early.
    pub font: Option<String>,
}

impl Assets {
    /// Reads the manifest of the build: the name of each file as we know it, and as it was published.
    ///
    /// # Errors
    /// When the manifest is no JSON object of names, or a file that every page needs is not in it.
    pub fn from_manifest(manifest: &str, root: &str) -> Result<Self, String> {
        let names: BTreeMap<String, String> =
            serde_json::from_str(manifest).map_err(|error| error.to_string())?;
        let address = |name: &str| names.get(name).map(|published| format!("{root}{published}"));
        let needed = |name: &str| address(name).ok_or_else(|| format!("the build made no {name}"));
        Ok(Self {
            css: needed("portal.css")?,
            script: needed("portal.js")?,
            sprite: needed("icons.svg")?,
            favicon: needed("favicon.svg")?,
            font: address("source-sans-3-latin.woff2"),
        })
    }
}

/// What just happened, above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It worked.
    Done(String),
    /// Something to know.
    Info(String),
    /// Something to mind.
    Warning(String),
}

impl Notice {
    fn words(&self) -> &str {
        match self {
            Self::Done(words) | Self::Info(words) | Self::Warning(words) => words,
        }
    }
}

/// One item of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its word.
    pub label: String,
    /// Whether the reader is there now.
    pub current: bool,
}

/// What every page shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The reader's language.
    pub t: Texts,
    /// Who reads.
    pub reader: Reader,
    /// The page's own address (path only), for the navigation and the way back after choosing a language.
    pub path: String,
    /// The telephone number for help, as written.
    pub phone: String,
    /// Style sheet, script, pictograms.
    pub assets: Assets,
    /// A fresh key that every form on this page carries, so that sending twice does it once.
    pub key: String,
    /// What is wrong with the form as sent: field and reason, in the order of the page.
    pub errors: Vec<(String, FieldError)>,
    /// What just happened.
    pub notice: Option<Notice>,
    /// Whether this is the demonstration, with invented people and a mailbox page.
    pub demo: bool,
    /// How many messages between services are stuck, for the menu of administrators.
    pub stuck: u32,
}

impl Layout {
    /// A pictogram, hidden from screen readers: words always stand beside it.
    pub fn icon(&self, name: &str) -> Html {
        let mut html = String::from(
            "<svg class=\"dbj-icon\" width=\"24\" height=\"24\" aria-hidden=\"true\" focusable=\"false\"><use href=\"",
        );
        escape_into(&mut html, &self.assets.sprite);
        html.push_str("#icon-");
        escape_into(&mut html, name);
        html.push_str("\"/></svg>");
        Html(html)
    }

    /// What is wrong with this field, in words.
    pub fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, error)| error.words(self.t))
    }

    /// Whether anything is wrong with this field.
    pub fn wrong(&self, field: &str) -> bool {
        self.errors.iter().any(|(name, _)| name == field)
    }

    /// The telephone number as a `tel:` address.
    pub fn tel(&self) -> String {
        let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
        digits.strip_prefix('0').map_or_else(|| format!("tel:{digits}"), |rest| format!("tel:+31{rest}"))
    }

    /// The telephone number as one word, so that no line breaks inside it.
    pub fn phone_number(&self) -> String {
        self.phone.replace(' ', "\u{a0}")
    }

    /// The kind of notice (`ok`, `info`, `warning`), its pictogram and its words.
    pub fn notice_parts(&self) -> Option<(&'static str, &'static str, &str)> {
        let notice = self.notice.as_ref()?;
        let (kind, icon) = match notice {
            Notice::Done(_) => ("ok", "circle-check"),
            Notice::Info(_) => ("info", "info-circle"),
            Notice::Warning(_) => ("warning", "alert-triangle"),
        };
        Some((kind, icon, notice.words()))
    }

    /// Whether someone is signed in.
    pub fn signed_in(&self) -> bool {
        self.reader != Reader::Visitor
    }

    /// The name of who is signed in; empty for visitors.
    pub fn reader_name(&self) -> &str {
        match &self.reader {
            Reader::Visitor => "",
            Reader::Seeker { name } | Reader::Staff { name, .. } => name,
        }
    }

    /// The reader's own first page, where the logo leads.
    pub fn home(&self) -> &'static str {
        match &self.reader {
            Reader::Visitor => "/",
            Reader::Seeker { .. } => "/mijn",
            Reader::Staff { roles, .. } => roles.iter().min().map_or("/", |role| match role {
                Role::Manager => "/werkplek",
                Role::Employer => "/bedrijf",
                Role::Helper => "/hulp/mensen",
                Role::Organiser => "/organisator",
                Role::Administrator => "/beheer/accounts",
            }),
        }
    }

    /// The other languages on offer: code and own name.
    pub fn other_languages(&self) -> Vec<(&'static str, &'static str)> {
        crate::texts::Language::ALL
            .into_iter()
            .filter(|language| *language != self.t.language())
            .map(|language| (language.code(), language.own_name()))
            .collect()
    }

    /// The navigation for this reader.
    pub fn nav(&self) -> Vec<NavItem> {
        let mut items: Vec<(&'static str, &'static str)> = Vec::new();
        match &self.reader {
            Reader::Visitor => items.extend([
                ("/werk", "nav-openings"),
                ("/zo-werkt-het", "nav-rules"),
                ("/inloggen", "nav-sign-in"),
            ]),
            Reader::Seeker { .. } => items.extend([
                ("/mijn", "nav-my-work"),
                ("/werk", "nav-openings"),
                ("/mijn/gegevens", "nav-my-details"),
            ]),
            Reader::Staff { roles, .. } => {
                if roles.contains(&Role::Manager) {
                    items.extend([
                        ("/werkplek", "nav-desk"),
                        ("/werkgevers", "nav-employers"),
                        ("/banen", "nav-jobs"),
                        ("/mensen", "nav-people"),
                        ("/interesse", "nav-interest"),
                        ("/verwijzingen", "nav-referrals"),
                    ]);
                }
                if roles.contains(&Role::Employer) {
                    items.extend([
                        ("/bedrijf", "nav-company"),
                        ("/bedrijf/mensen", "nav-open-file"),
                        ("/bedrijf/interesse", "nav-own-interest"),
                    ]);
                }
                if roles.contains(&Role::Helper) {
                    items.extend([("/hulp/aanmelden", "nav-register"), ("/hulp/mensen", "nav-my-people")]);
                }
                if roles.contains(&Role::Organiser) {
                    items.push(("/organisator", "nav-meetings"));
                }
                if roles.contains(&Role::Administrator) {
                    items.extend([
                        ("/beheer/accounts", "nav-accounts"),
                        ("/beheer/gewist", "nav-erased"),
                        ("/beheer/vastgelopen", "nav-stuck"),
                    ]);
                }
            }
        }
        let current = items
            .iter()
            .map(|(href, _)| *href)
            .filter(|href| self.belongs_under(href))
            .max_by_key(|href| href.len());
        items
            .into_iter()
            .map(|(href, id)| NavItem { href, label: self.nav_label(id), current: current == Some(href) })
            .collect()
    }

    /// The word of an item; what waits for an administrator says how much.
    fn nav_label(&self, id: &str) -> String {
        match (id, self.stuck) {
            ("nav-stuck", 1..) => self.t.one("nav-stuck-count", "count", self.stuck),
            _ => self.t.get(id),
        }
    }

    fn belongs_under(&self, href: &str) -> bool {
        let family: &[&str] = match href {
            "/werkgevers" => &["/werkgevers", "/werkgever"],
            "/banen" => &["/banen", "/baan", "/rij"],
            "/hulp/mensen" => &["/hulp/mensen", "/hulp/mens"],
            "/verwijzingen" => &["/verwijzingen", "/loketten"],
            other => &[other],
        };
        family.iter().any(|root| {
            self.path == *root || self.path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// Where in a long list the reader is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// Address without the page number; a filter stays in it, personal data never.
    pub base: String,
    /// This page, from 1.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
}

impl Pager {
    /// The address of a page.
    pub fn href(&self, page: u32) -> String {
        let joint = if self.base.contains('?') { '&' } else { '?' };
        format!("{}{joint}pagina={page}", self.base)
    }

    /// The page before, if there is one.
    pub fn previous(&self) -> Option<String> {
        (self.page > 1).then(|| self.href(self.page - 1))
    }

    /// The page after, if there is one.
    pub fn next(&self) -> Option<String> {
        (self.page < self.pages).then(|| self.href(self.page + 1))
    }
}
