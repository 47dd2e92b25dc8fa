//! An unfinished registration: her answers, kept in her own browser, sealed by the portal to itself.
//! Small enough for a cookie, whatever she answers.

use std::collections::BTreeSet;

use axum::http::HeaderValue;
use proto::{
    FieldProblem,
    intake::{Purpose, Wishes},
    work::{Channel, Daypart, Dayparts, Days, Hours, TaskCode},
};
use reference::{Reference, Vocabulary};
use serde::{Deserialize, Serialize};

use crate::{
    pages::{
        profile::ENTRY_POINTS,
        register::{HOURS, STEPS},
    },
    web::{cookies, fields::Fields, visit::Visit},
};

/// How long the browser keeps it: a day.
const MINUTES: i64 = 60 * 24;
/// Tasks that can be ticked one by one; whole groups do not count. They have to fit the cookie.
pub(in crate::web) const MOST_TASKS: usize = 30;
/// Characters of a name, as intake takes them.
const LONGEST_NAME: usize = 60;
/// Bytes of an e-mail address, as intake takes them.
const LONGEST_CONTACT: usize = 254;
/// Digits that make something a telephone number rather than a slip.
const FEWEST_DIGITS: usize = 8;

/// The answers so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Draft {
    /// Question 1, in the usual spelling.
    pub(in crate::web) postcode: Option<String>,
    /// Question 2.
    pub(in crate::web) what: Option<What>,
    /// Question 3.
    pub(in crate::web) when: Option<When>,
    /// Question 4.
    pub(in crate::web) reach: Option<Reach>,
    /// Question 5.
    pub(in crate::web) consents: Option<Vec<Purpose>>,
    /// Where she came in.
    pub(in crate::web) via: Option<String>,
    /// What intake did not accept, by the fields of our forms, until she answers that question again.
    pub(in crate::web) wrong: Vec<FieldProblem>,
}

/// What she likes: whole groups, single tasks of other groups, anything, or (all empty) not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::web) struct What {
    /// Codes of groups.
    pub(in crate::web) groups: BTreeSet<String>,
    /// Codes of tasks, none of these groups.
    pub(in crate::web) tasks: BTreeSet<String>,
    /// "Alles mag."
    pub(in crate::web) any: bool,
}

/// When she can work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::web) struct When {
    /// Parts of the day.
    pub(in crate::web) dayparts: Dayparts,
    /// The form's value for hours a week; `None` when nothing was chosen.
    pub(in crate::web) hours: Option<String>,
}

/// How to reach her.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::web) struct Reach {
    /// Her name.
    pub(in crate::web) name: String,
    /// As typed.
    pub(in crate::web) contact: String,
    /// What she likes best; `None` when nothing was chosen.
    pub(in crate::web) channel: Option<Channel>,
}

impl Draft {
    /// What this browser keeps.
    pub(in crate::web) fn kept(visit: &Visit) -> Self {
        visit.kept(cookies::DRAFT).unwrap_or_default()
    }

    /// The cookie that keeps it.
    pub(in crate::web) fn keep(&self, visit: &Visit) -> HeaderValue {
        visit.keep(cookies::DRAFT, self, Some(MINUTES))
    }

    /// The first question without an answer; `None` when all five have one.
    pub(in crate::web) fn first_missing(&self) -> Option<u8> {
        [
            self.postcode.is_some(),
            self.what.is_some(),
            self.when.is_some(),
            self.reach.is_some(),
            self.consents.is_some(),
        ]
        .iter()
        .position(|answered| !answered)
        .map(|place| place as u8 + 1)
    }

    /// Notes where she came in, if that is a place we know. The first one counts.
    pub(in crate::web) fn came_in_by(&mut self, via: &str) -> bool {
        // Only places that stand on posters of ours (`?via=`).
        let known = self.via.is_none() && ENTRY_POINTS.iter().any(|(code, _)| *code == via);
        if known {
            self.via = Some(via.to_owned());
        }
        known
    }

    /// Questions 1 to 3 as intake takes them, as far as they were answered.
    pub(in crate::web) fn wishes(&self, reference: &Reference) -> Wishes {
        let what = self.what.clone().unwrap_or_default();
        let when = self.when.clone().unwrap_or_default();
        Wishes {
            postcode: self.postcode.clone().unwrap_or_default(),
            tasks: what.all_tasks(&reference.tasks),
            any_task: what.any,
            dayparts: when.dayparts,
            hours: when.hours_a_week(),
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

    /// What is wrong with the answers to a question.
    pub(in crate::web) fn wrong_at(&self, step: u8) -> impl Iterator<Item = &FieldProblem> {
        self.wrong.iter().filter(move |problem| step_of(&problem.field) == Some(step))
    }

    /// She answered a question again.
    pub(in crate::web) fn mended(&mut self, step: u8) {
        self.wrong.retain(|problem| step_of(&problem.field) != Some(step));
    }
}

/// Which question asks for a field of our forms.
pub(in crate::web) fn step_of(field: &str) -> Option<u8> {
    Some(match field {
        "postcode" => 1,
        "taken" => 2,
        "dagdeel" | "uren" => 3,
        "naam" | "contact" | "kanaal" => 4,
        "toestemming" => STEPS,
        _ => return None,
    })
}

/// The field of our forms behind a field of intake's commands.
pub(in crate::web) fn field_of(field: &str) -> &str {
    match field {
        "tasks" | "any_task" => "taken",
        "dayparts" => "dagdeel",
        "hours" => "uren",
        "travel" => "vervoer",
        "name" => "naam",
        "channel" => "kanaal",
        "consents" => "toestemming",
        "days" => "dag",
        "available_from" => "vanaf",
        "languages" => "nederlands",
        "licences" => "papieren",
        "cannot" => "niet",
        "shown_support" => "laten-zien",
        "needs" => "hulp",
        "remark" => "opmerking",
        "benefit" => "uitkering",
        "entry_point" => "vindplaats",
        "language" => "taal",
        "question" => "vraag",
        "until" => "tot",
        other => other,
    }
}

impl What {
    /// Reads question 2; what was ticked comes back also when it is refused.
    pub(in crate::web) fn of_form(form: &Fields, vocabulary: &Vocabulary) -> (Self, Vec<FieldProblem>) {
        let mut unknown = false;
        let mut what = Self::default();
        for code in form.all("groep") {
            match vocabulary.group(code) {
                Some(group) => _ = what.groups.insert(group.code.clone()),
                None => unknown = true,
            }
        }
        for code in form.all("taak") {
            match vocabulary.task(code) {
                // Who ticks single tasks of a group means those.
                Some(task) => {
                    what.groups.remove(&task.group);
                    what.tasks.insert(task.code.clone());
                }
                None => unknown = true,
            }
        }
        what.any = form.all("keuze").any(|choice| choice == "alles");
        let not_yet = form.all("keuze").any(|choice| choice == "weet-niet");
        let wrong = |code: &str| FieldProblem::new("taken", code);
        let problem = if unknown {
            Some(wrong("task-unknown"))
        } else if what.tasks.len() > MOST_TASKS {
            Some(wrong("tasks-too-many").with("max", MOST_TASKS))
        } else if what == Self::default() && !not_yet {
            Some(wrong("tasks-empty"))
        } else {
            None
        };
        (what, problem.into_iter().collect())
    }

    /// Back from wishes: a group of which she likes every task is a group again.
    pub(in crate::web) fn of_wishes(wishes: &Wishes, vocabulary: &Vocabulary) -> Self {
        let mut tasks: BTreeSet<String> = wishes.tasks.iter().map(|task| task.0.clone()).collect();
        let mut groups = BTreeSet::new();
        for group in vocabulary.groups() {
            let of_group: Vec<&str> =
                vocabulary.tasks_of(&group.code).map(|task| task.code.as_str()).collect();
            if !of_group.is_empty() && of_group.iter().all(|code| tasks.contains(*code)) {
                groups.insert(group.code.clone());
                tasks.retain(|code| !of_group.contains(&code.as_str()));
            }
        }
        Self { groups, tasks, any: wishes.any_task }
    }

    /// The tasks she likes: those of whole groups, and the single ones.
    pub(in crate::web) fn all_tasks(&self, vocabulary: &Vocabulary) -> Vec<TaskCode> {
        let of_groups =
            self.groups.iter().flat_map(|group| vocabulary.tasks_of(group)).map(|task| &task.code);
        let all: BTreeSet<&String> = of_groups.chain(&self.tasks).collect();
        all.into_iter().map(|code| TaskCode(code.clone())).collect()
    }

    /// Whether she said that she does not know yet.
    pub(in crate::web) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

impl When {
    /// Reads question 3. The part of the day may be left open: then it is not told.
    pub(in crate::web) fn of_form(form: &Fields) -> (Self, Vec<FieldProblem>) {
        let mut problems = Vec::new();
        let mut dayparts = Vec::new();
        for name in form.all("dagdeel") {
            match Daypart::from_name(name) {
                Some(part) => dayparts.push(part),
                None => problems.push(FieldProblem::new("dagdeel", "choice-unknown")),
            }
        }
        problems.truncate(1);
        let typed = form.get("uren");
        let hours = HOURS.iter().find(|(value, _)| *value == typed).map(|(value, _)| (*value).to_owned());
        if hours.is_none() {
            let code = if typed.is_empty() { "hours-missing" } else { "choice-unknown" };
            problems.push(FieldProblem::new("uren", code));
        }
        (Self { dayparts: dayparts.into(), hours }, problems)
    }

    /// Back from wishes. Hours that our form does not offer show as no choice.
    pub(in crate::web) fn of_wishes(wishes: &Wishes) -> Self {
        let hours = HOURS.iter().find(|(_, hours)| *hours == wishes.hours);
        Self { dayparts: wishes.dayparts, hours: hours.map(|(value, _)| (*value).to_owned()) }
    }

    /// Hours a week, if told.
    pub(in crate::web) fn hours_a_week(&self) -> Option<Hours> {
        let chosen = self.hours.as_deref()?;
        HOURS.iter().find(|(value, _)| *value == chosen)?.1
    }
}

impl Reach {
    /// Reads question 4. Intake looks closer; what is plainly wrong is said on the page itself.
    pub(in crate::web) fn of_form(form: &Fields) -> (Self, Vec<FieldProblem>) {
        let reach = Self {
            name: form.get("naam").to_owned(),
            contact: form.get("contact").to_owned(),
            channel: Channel::from_name(form.get("kanaal")),
        };
        let mut problems = Vec::new();
        if reach.name.is_empty() {
            problems.push(FieldProblem::new("naam", "name-empty"));
        } else if reach.name.chars().count() > LONGEST_NAME {
            problems.push(FieldProblem::new("naam", "name-too-long"));
        }
        let is_address = reach.contact.contains('@');
        let digits = reach.contact.bytes().filter(u8::is_ascii_digit).count();
        let is_contact = reach.contact.len() <= LONGEST_CONTACT && (is_address || digits >= FEWEST_DIGITS);
        if reach.contact.is_empty() {
            problems.push(FieldProblem::new("contact", "contact-empty"));
        } else if !is_contact {
            problems.push(FieldProblem::new("contact", "contact-malformed"));
        }
        let wrong_channel = match reach.channel {
            None => Some("channel-missing"),
            Some(Channel::Sms | Channel::Call) if is_contact && is_address => Some("channel-needs-phone"),
            Some(Channel::Email) if is_contact && !is_address => Some("channel-needs-email"),
            Some(_) => None,
        };
        problems.extend(wrong_channel.map(|code| FieldProblem::new("kanaal", code)));
        (reach, problems)
    }
}

/// Reads question 5: every box may stay open.
pub(in crate::web) fn consents_of_form(form: &Fields) -> Vec<Purpose> {
    Purpose::ALL
        .iter()
        .copied()
        .filter(|purpose| form.all("toestemming").any(|name| name == purpose.name()))
        .collect()
}

#[cfg(test)]
mod tests {
    use chassis::Keys;
    use proto::Service;

    use super::*;

    fn what(body: &str) -> (What, Vec<String>) {
        let (what, problems) = What::of_form(&Fields::parse(body.as_bytes()), &Vocabulary::built_in());
        (what, problems.into_iter().map(|problem| problem.code).collect())
    }

    #[test]
    fn a_group_stands_for_its_tasks_unless_single_ones_are_ticked() {
        let vocabulary = Vocabulary::built_in();
        let group = &vocabulary.groups()[0].code;
        let of_group: Vec<&str> = vocabulary.tasks_of(group).map(|task| task.code.as_str()).collect();
        let (whole, problems) = what(&format!("groep={group}"));
        assert_eq!((whole.all_tasks(&vocabulary).len(), problems.len()), (of_group.len(), 0));
        let (single, _) = what(&format!("groep={group}&taak={}", of_group[0]));
        assert_eq!(single.all_tasks(&vocabulary), [of_group[0].into()]);
        for what in [whole, single] {
            let tasks = what.all_tasks(&vocabulary);
            let wishes = Wishes { tasks, ..Draft::default().wishes(&Reference::small()) };
            assert_eq!(What::of_wishes(&wishes, &vocabulary), what, "and back");
        }
    }

    #[test]
    fn not_knowing_is_an_answer_and_nothing_is_none() {
        assert_eq!(what("").1, ["tasks-empty"]);
        assert!(what("keuze=weet-niet").0.is_unknown() && what("keuze=weet-niet").1.is_empty());
        assert!(what("keuze=alles").0.any);
        assert_eq!(what("taak=vliegen.raket").1, ["task-unknown"]);
        let many: Vec<String> = Vocabulary::built_in()
            .tasks()
            .iter()
            .take(31)
            .map(|task| format!("taak={}", task.code))
            .collect();
        let (kept, problems) = what(&many.join("&"));
        assert_eq!((kept.tasks.len(), problems), (31, vec!["tasks-too-many".to_owned()]));
    }

    #[test]
    fn what_is_plainly_wrong_with_a_contact_is_said_at_once() {
        let codes = |body: &str| -> Vec<String> {
            let (_, problems) = Reach::of_form(&Fields::parse(body.as_bytes()));
            problems.into_iter().map(|problem| problem.code).collect()
        };
        assert_eq!(codes(""), ["name-empty", "contact-empty", "channel-missing"]);
        assert_eq!(codes("naam=S&contact=bel+mij&kanaal=sms"), ["contact-malformed"]);
        assert_eq!(codes("naam=S&contact=a@b.nl&kanaal=sms"), ["channel-needs-phone"]);
        assert_eq!(codes("naam=S&contact=0612345678&kanaal=email"), ["channel-needs-email"]);
        assert!(codes("naam=S&contact=06-12+34+56+78&kanaal=call").is_empty());
    }

    #[test]
    fn the_first_question_without_an_answer_is_found() {
        let mut draft = Draft::default();
        assert_eq!(draft.first_missing(), Some(1));
        draft.postcode = Some("1315".to_owned());
        draft.when = Some(When::default());
        assert_eq!(draft.first_missing(), Some(2));
    }

    #[test]
    fn an_entry_point_is_a_code_we_know_and_the_first_counts() {
        let mut draft = Draft::default();
        assert!(!draft.came_in_by("Buurman Jan 06"));
        assert!(draft.came_in_by("library"));
        assert!(!draft.came_in_by("uwv"));
        assert_eq!(draft.via.as_deref(), Some("library"));
        assert!(
            ENTRY_POINTS.iter().all(
                |(code, _)| code.len() <= 40 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            )
        );
    }

    #[test]
    fn the_largest_draft_fits_a_cookie() {
        let vocabulary = Vocabulary::built_in();
        let mut codes: Vec<String> = vocabulary.tasks().iter().map(|task| task.code.clone()).collect();
        codes.sort_by_key(|code| std::cmp::Reverse(code.len()));
        let draft = Draft {
            postcode: Some("1315 RC".to_owned()),
            what: Some(What {
                groups: vocabulary.groups().iter().map(|group| group.code.clone()).collect(),
                tasks: codes.into_iter().take(MOST_TASKS).collect(),
                any: true,
            }),
            when: Some(When { dayparts: Dayparts::ALL, hours: Some("meer-dan-32".to_owned()) }),
            reach: Some(Reach {
                name: "\u{1f600}".repeat(LONGEST_NAME),
                contact: "x".repeat(LONGEST_CONTACT),
                channel: Some(Channel::Email),
            }),
            consents: Some(Purpose::ALL.to_vec()),
            via: Some("housing_corporation".to_owned()),
            wrong: vec![
                FieldProblem::new("contact", "contact-malformed"),
                FieldProblem::new("naam", "looks-like-bsn"),
            ],
        };
        let sealed = Keys::for_testing(Service::Portal).seal(Service::Portal, &draft);
        let cookie = cookies::keep(cookies::DRAFT, &sealed.base64, Some(MINUTES));
        assert!(cookie.len() < 4_096, "{} bytes", cookie.len());
    }
}
