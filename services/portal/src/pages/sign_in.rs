//! Signing in: job-seekers by a code, staff by password and a second step, and accepting an invitation.

use askama::Template;

use crate::pages::Layout;
use crate::texts::Html;

/// `/inloggen`
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// What every page shares.
    pub l: Layout,
    /// Field `contact`, as typed.
    pub contact: String,
}

/// Why a code is asked; decides the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFor {
    /// `/aanmelden/code`: the end of registering.
    Registering,
    /// `/inloggen/code`
    SigningIn,
    /// `/mijn/gegevens/contact/code`: a new telephone number or address.
    NewContact,
    /// `/mijn/gegevens/contact/oud`: the old one is still hers.
    OldContact,
    /// `/rij/code`: a place in line that was asked for with a telephone number or address.
    Line,
}

/// The page for the code that was sent. Field `code`; the same words whoever the contact belongs to.
#[derive(Debug, Clone, Template)]
#[template(path = "code.html")]
pub struct EnterCode {
    /// What every page shares.
    pub l: Layout,
    /// Why it is asked.
    pub code_for: CodeFor,
    /// Where it was sent, partly hidden: "06 •••• 56 78". `None` when unknown to this browser.
    pub sent_to: Option<String>,
    /// Where the contact was given, for a place in line.
    pub form: Option<String>,
}

impl EnterCode {
    /// The address of this page.
    pub fn action(&self) -> &'static str {
        match self.code_for {
            CodeFor::Registering => "/aanmelden/code",
            CodeFor::SigningIn => "/inloggen/code",
            CodeFor::NewContact => "/mijn/gegevens/contact/code",
            CodeFor::OldContact => "/mijn/gegevens/contact/oud",
            CodeFor::Line => "/rij/code",
        }
    }

    /// Where the contact can be corrected.
    pub fn back(&self) -> &str {
        match self.code_for {
            CodeFor::Registering => "/aanmelden/4",
            CodeFor::SigningIn => "/inloggen",
            CodeFor::NewContact | CodeFor::OldContact => "/mijn/gegevens/contact",
            CodeFor::Line => self.form.as_deref().unwrap_or("/inloggen"),
        }
    }

    /// Where the code went.
    pub fn lead(&self) -> Html {
        let t = self.l.t;
        match (self.code_for, &self.sent_to) {
            (CodeFor::Line, _) if self.went_by_mail() => t.html("signup-code-mail"),
            (CodeFor::Line, _) => t.html("signup-code-sms"),
            (_, Some(contact)) => t.html_one("code-sent-to", "contact", contact),
            (_, None) => t.html("code-sent"),
        }
    }

    /// What to do when it does not come.
    pub fn without(&self) -> String {
        self.l.t.get(match self.code_for {
            CodeFor::Line if self.went_by_mail() => "signup-code-none-mail",
            CodeFor::Line => "signup-code-none-sms",
            CodeFor::OldContact => return self.l.t.one("contact-old-lost", "phone", self.l.phone_number()),
            CodeFor::Registering | CodeFor::SigningIn | CodeFor::NewContact => "code-none-text",
        })
    }

    fn went_by_mail(&self) -> bool {
        self.sent_to.as_ref().is_some_and(|contact| contact.contains('@'))
    }
}

/// Hides the middle of a telephone number or the name part of an e-mail address.
pub fn partly_hidden(contact: &str) -> String {
    if let Some((name, host)) = contact.split_once('@') {
        let first: String = name.chars().take(1).collect();
        return format!("{first}•••@{host}");
    }
    let digits: String = contact.chars().filter(char::is_ascii_digit).collect();
    let national = digits
        .strip_prefix("0031")
        .or_else(|| digits.strip_prefix("31"))
        .map_or_else(|| digits.clone(), |rest| format!("0{rest}"));
    let count = national.len();
    if count < 8 {
        return "••••".to_owned();
    }
    format!(
        "{}\u{a0}••••\u{a0}{}\u{a0}{}",
        &national[..2],
        &national[count - 4..count - 2],
        &national[count - 2..]
    )
}

/// `/personeel/inloggen`
#[derive(Debug, Clone, Template)]
#[template(path = "staff_sign_in.html")]
pub struct StaffSignIn {
    /// What every page shares.
    pub l: Layout,
    /// Field `email`, as typed; the password is never shown again.
    pub email: String,
}

/// `/personeel/code`: the second step. Field `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "staff_code.html")]
pub struct StaffCode {
    /// What every page shares.
    pub l: Layout,
}

/// `/uitnodiging`: the code from the invitation. Fields `email` and `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "invitation_code.html")]
pub struct InvitationCode {
    /// What every page shares.
    pub l: Layout,
    /// As typed.
    pub email: String,
}

/// A QR code as the path of a picture: one square a dark module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    modules: Vec<bool>,
    width: usize,
}

impl QrCode {
    /// A code of `width` × `width` modules, row by row, dark is true.
    pub fn new(modules: Vec<bool>, width: usize) -> Self {
        Self { modules, width }
    }

    /// The picture, with four light modules around it as readers need.
    pub fn picture(&self, name: &str) -> Html {
        use std::fmt::Write;
        let mut path = String::new();
        for (index, _) in self.modules.iter().enumerate().filter(|(_, dark)| **dark) {
            let (x, y) = (index % self.width + 4, index / self.width + 4);
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
        let side = self.width + 8;
        let mut title = String::new();
        crate::texts::escape_into(&mut title, name);
        Html(format!(
            "<svg class=\"dbj-qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{title}\"><path class=\"dbj-qr__light\" d=\"M0 0h{side}v{side}H0z\"/><path class=\"dbj-qr__dark\" d=\"{path}\"/></svg>"
        ))
    }
}

/// `/uitnodiging/account`: choose a password and connect the app for codes.
/// Fields `wachtwoord` and `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "invitation.html")]
pub struct AcceptInvitation {
    /// What every page shares.
    pub l: Layout,
    /// Whose account.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
    /// The secret of the app, to type by hand.
    pub secret: String,
    /// The same as an `otpauth:` address, for who has the app on this device.
    pub otpauth: String,
    /// The same as a picture.
    pub qr: Option<QrCode>,
}

impl AcceptInvitation {
    /// The secret in groups of four, so that it can be typed over.
    pub fn secret_in_groups(&self) -> String {
        let letters: Vec<char> = self.secret.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}
