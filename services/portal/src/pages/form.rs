//! Fields of forms: what can be chosen, what can be wrong and how a browser should help.

use std::collections::BTreeMap;

use crate::texts::{Argument, Html, Texts};

/// One box that can be ticked or chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// Its words.
    pub label: String,
    /// One line of explanation.
    pub hint: Option<String>,
    /// A pictogram, by name.
    pub icon: Option<String>,
    /// Whether it is chosen now.
    pub chosen: bool,
}

impl Choice {
    /// A choice with its words only.
    pub fn new(value: &str, label: String, chosen: bool) -> Self {
        Self { value: value.to_owned(), label, chosen, ..Self::default() }
    }

    /// The same with a line of explanation.
    #[must_use]
    pub fn hint(mut self, hint: String) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same with a pictogram.
    #[must_use]
    pub fn icon(mut self, icon: &str) -> Self {
        self.icon = Some(icon.to_owned());
        self
    }
}

/// Why a field cannot be accepted yet: a stable code whose sentence is `field-<code>`, with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Such as `postcode-unknown`.
    pub code: String,
    /// Values for the sentence.
    pub args: BTreeMap<String, String>,
}

impl FieldError {
    /// A reason without values.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), args: BTreeMap::new() }
    }

    /// The reason in the reader's language. A code without a sentence asks to look again.
    pub fn words(&self, t: Texts) -> String {
        let args: Vec<(&str, &dyn Argument)> =
            self.args.iter().map(|(name, value)| (name.as_str(), value as &dyn Argument)).collect();
        t.find(&format!("field-{}", self.code), &args).unwrap_or_else(|| t.get("form-field-unknown"))
    }
}

impl From<proto::FieldProblem> for FieldError {
    fn from(problem: proto::FieldProblem) -> Self {
        Self { code: problem.code, args: problem.args }
    }
}

/// The attributes that fit a kind of field: type, keyboard, filling in by the browser, width.
pub fn attributes(kind: &str) -> Html {
    Html(
        match kind {
            "postcode" => r#"type="text" autocomplete="postal-code" autocapitalize="characters" spellcheck="false" maxlength="12""#,
            "contact" => r#"type="text" inputmode="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200""#,
            "name" => r#"type="text" autocomplete="given-name" spellcheck="false" maxlength="60""#,
            // Someone else's: the helper's browser fills nothing in.
            "other-name" => r#"type="text" autocomplete="off" spellcheck="false" maxlength="60""#,
            "other-contact" => r#"type="text" inputmode="text" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200""#,
            "other-postcode" => r#"type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="12""#,
            "other-code" => r#"type="text" inputmode="numeric" autocomplete="off" spellcheck="false" maxlength="20""#,
            "full-name" => r#"type="text" autocomplete="off" spellcheck="false" maxlength="120""#,
            "organisation" => r#"type="text" autocomplete="off" maxlength="120""#,
            "email" => r#"type="email" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200""#,
            "username" => r#"type="email" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200""#,
            "tel" => r#"type="tel" autocomplete="off" maxlength="30""#,
            "code" => r#"type="text" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" maxlength="20""#,
            "password" => r#"type="password" autocomplete="current-password" maxlength="200""#,
            "new-password" => r#"type="password" autocomplete="new-password" maxlength="200""#,
            "number" => r#"type="text" inputmode="numeric" autocomplete="off" maxlength="4""#,
            "kvk" => r#"type="text" inputmode="numeric" autocomplete="off" spellcheck="false" maxlength="12""#,
            "money" => r#"type="text" inputmode="decimal" autocomplete="off" maxlength="10""#,
            "time" => r#"type="text" inputmode="text" autocomplete="off" maxlength="8""#,
            "date" => r#"type="date" autocomplete="off""#,
            "file" => r#"type="file" accept=".csv,.json,.jsonld,text/csv,application/json,application/ld+json""#,
            _ => r#"type="text" autocomplete="off" maxlength="200""#,
        }
        .to_owned(),
    )
}

/// The class that gives a kind of field its width, so that the box shows how much is asked.
pub fn width(kind: &str) -> &'static str {
    match kind {
        "postcode" | "other-postcode" | "number" | "money" | "time" => "dbj-width-s",
        "code" | "other-code" | "date" | "tel" | "kvk" => "dbj-width-m",
        _ => "dbj-width-l",
    }
}
