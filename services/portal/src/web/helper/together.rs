//! What a helper and a person fill in together, on one page in the order of reading aloud.

use chrono::NaiveDate;
use proto::{
    FieldProblem,
    intake::{AssistedReach, ConsentGiven, Purpose, Wishes},
    work::{Channel, Days, Language},
};
use reference::Vocabulary;
use serde::{Deserialize, Serialize};

use crate::web::{
    fields::{self, Fields},
    seeker::draft::{What, When, consents_of_form},
};

/// How she can be reached: the form's values.
pub(super) const REACHES: [&str; 3] = ["eigen", "gedeeld", "brief"];
/// How she said yes: the form's values.
pub(super) const HOWS: [&str; 3] = ["code", "voorgelezen", "papier"];

/// The answers as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Together {
    pub(super) postcode: String,
    pub(super) what: What,
    pub(super) when: When,
    pub(super) name: String,
    pub(super) reach: String,
    pub(super) contact: String,
    pub(super) channel: Option<Channel>,
    pub(super) street: String,
    pub(super) letter_postcode: String,
    pub(super) town: String,
    pub(super) language: Language,
    pub(super) consents: Vec<Purpose>,
    pub(super) how: String,
    pub(super) record: String,
    pub(super) kept_at: String,
    pub(super) signed_on: String,
    pub(super) via: String,
}

impl Together {
    /// Reads the form. What intake looks at closer is looked at there; here only what it cannot see: a
    /// choice that was not made.
    pub(super) fn of_form(form: &Fields, vocabulary: &Vocabulary) -> (Self, Vec<FieldProblem>) {
        let (what, of_what) = What::of_form(form, vocabulary);
        let (when, of_when) = When::of_form(form);
        let text = |name: &str| form.get(name).to_owned();
        let among = |name: &str, known: &[&str]| known.contains(&form.get(name)).then(|| text(name));
        let mut problems: Vec<FieldProblem> = of_what.into_iter().chain(of_when).collect();
        let together = Self {
            postcode: text("postcode"),
            what,
            when,
            name: text("naam"),
            reach: among("bereik", &REACHES).unwrap_or_default(),
            contact: text("contact"),
            channel: Channel::from_name(form.get("kanaal")),
            street: text("straat"),
            letter_postcode: text("brief-postcode"),
            town: text("plaats"),
            language: Language::from_tag(form.get("taal")).unwrap_or_default(),
            consents: consents_of_form(form),
            how: among("hoe", &HOWS).unwrap_or_default(),
            record: text("verslag"),
            kept_at: text("bewaard"),
            signed_on: text("getekend"),
            via: text("vindplaats"),
        };
        let mut wrong = |field: &str, code: &str| problems.push(FieldProblem::new(field, code));
        if together.reach.is_empty() {
            wrong("bereik", "choice-missing");
        }
        if together.is_letter() {
            for (field, value, code) in [
                ("straat", &together.street, "street-empty"),
                ("brief-postcode", &together.letter_postcode, "postcode-empty"),
                ("plaats", &together.town, "town-empty"),
            ] {
                if value.is_empty() {
                    wrong(field, code);
                }
            }
        } else if !together.reach.is_empty() && together.channel.is_none() {
            wrong("kanaal", "channel-missing");
        }
        // A yes needs something to show for it; a no to everything needs nothing.
        if !together.consents.is_empty() {
            match together.how.as_str() {
                "code" if together.is_letter() => wrong("hoe", "how-code-needs-contact"),
                "voorgelezen" if together.record.is_empty() => wrong("verslag", "record-empty"),
                "code" | "voorgelezen" => {}
                "papier" => {
                    if together.kept_at.is_empty() {
                        wrong("bewaard", "kept-at-empty");
                    }
                    if fields::day(&together.signed_on).is_none() {
                        wrong("getekend", "date-malformed");
                    }
                }
                _ => wrong("hoe", "how-missing"),
            }
        }
        (together, problems)
    }

    /// Whether she gets letters only.
    pub(super) fn is_letter(&self) -> bool {
        self.reach == "brief"
    }

    /// Whether a code has to come from her telephone or mailbox before anything is kept.
    pub(super) fn needs_code(&self) -> bool {
        !self.consents.is_empty() && self.how == "code"
    }

    /// How she said yes; a code is filled in by whoever has it.
    pub(super) fn given(&self) -> ConsentGiven {
        match self.how.as_str() {
            _ if self.consents.is_empty() => ConsentGiven::Herself,
            "voorgelezen" => ConsentGiven::ReadAloud { record: self.record.clone() },
            "papier" => ConsentGiven::Paper {
                kept_at: self.kept_at.clone(),
                signed_on: fields::day(&self.signed_on).unwrap_or(NaiveDate::MIN),
            },
            _ => ConsentGiven::Herself,
        }
    }

    /// How she can be reached, as intake takes it.
    pub(super) fn assisted_reach(&self) -> AssistedReach {
        if self.is_letter() {
            AssistedReach::Letter {
                street: self.street.clone(),
                postcode: self.letter_postcode.clone(),
                town: self.town.clone(),
            }
        } else {
            AssistedReach::Contact {
                contact: self.contact.clone(),
                channel: self.channel.unwrap_or(Channel::Call),
                shared: self.reach == "gedeeld",
            }
        }
    }

    /// What she wants and can, as intake takes it.
    pub(super) fn wishes(&self, vocabulary: &Vocabulary) -> Wishes {
        Wishes {
            postcode: self.postcode.clone(),
            tasks: self.what.all_tasks(vocabulary),
            any_task: self.what.any,
            dayparts: self.when.dayparts,
            hours: self.when.hours_a_week(),
            travel: None,
            days: Days::default(),
            available_from: None,
            languages: Vec::new(),
            licences: Vec::new(),
            cannot: Vec::new(),
            shown_support: Vec::new(),
            remark: String::new(),
        }
    }
}

/// The field of our form behind a field of intake's command.
pub(super) fn field_of(field: &str) -> String {
    let field = field.strip_prefix("wishes.").unwrap_or(field);
    match field {
        "tasks" | "any_task" => "taken",
        "dayparts" => "dagdeel",
        "hours" => "uren",
        "travel" => "vervoer",
        "name" => "naam",
        "reach.contact" => "contact",
        "reach.channel" | "channel" => "kanaal",
        "reach.street" | "street" => "straat",
        "reach.postcode" | "letter_postcode" => "brief-postcode",
        "reach.town" | "town" => "plaats",
        "consents" => "toestemming",
        "how" | "how.code" => "hoe",
        "how.record" | "record" => "verslag",
        "how.kept_at" | "kept_at" => "bewaard",
        "how.signed_on" | "signed_on" => "getekend",
        "entry_point" => "vindplaats",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(pairs: &[(&str, &str)]) -> Vec<String> {
        let base = [("keuze", "alles"), ("uren", "24-32"), ("postcode", "1315"), ("naam", "Samira")];
        let form: Fields =
            base.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (_, problems) = Together::of_form(&form, &Vocabulary::built_in());
        problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.code)).collect()
    }

    #[test]
    fn a_yes_needs_something_to_show_for_it() {
        let own = ("bereik", "eigen");
        let sms = ("kanaal", "sms");
        let yes = ("toestemming", "open_file");
        assert_eq!(problems(&[own, sms]), Vec::<String>::new(), "no to everything needs nothing");
        assert_eq!(problems(&[own, sms, yes]), ["hoe: how-missing"]);
        assert_eq!(problems(&[own, sms, yes, ("hoe", "code")]), Vec::<String>::new());
        assert_eq!(problems(&[own, sms, yes, ("hoe", "voorgelezen")]), ["verslag: record-empty"]);
        assert_eq!(
            problems(&[own, sms, yes, ("hoe", "papier"), ("getekend", "gisteren")]),
            ["bewaard: kept-at-empty", "getekend: date-malformed"]
        );
    }

    #[test]
    fn who_gets_a_letter_has_an_address_and_no_code() {
        assert_eq!(
            problems(&[("bereik", "brief"), ("toestemming", "adviser"), ("hoe", "code")]),
            [
                "straat: street-empty",
                "brief-postcode: postcode-empty",
                "plaats: town-empty",
                "hoe: how-code-needs-contact"
            ]
        );
        assert_eq!(problems(&[]), ["bereik: choice-missing"]);
    }
}
