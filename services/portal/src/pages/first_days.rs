//! On which first days somebody wants to begin: chosen when she signs up, changed at her place in line.

use askama::Template;
use chrono::NaiveDate;
use proto::open_hiring::TicketDay;

use crate::pages::queue::StartDay;
use crate::pages::{Choice, Layout};
use crate::texts::Texts;

/// Field `eerste_dag`: the days that there are, and those that she wants. None ticked means that any day will do.
pub fn choices(t: Texts, days: &[StartDay], wanted: &[NaiveDate]) -> Vec<Choice> {
    let choice = |day: &StartDay| {
        Choice::new(&day.on.to_string(), t.date(day.on), wanted.contains(&day.on)).hint(t.one(
            "days-free",
            "count",
            day.free,
        ))
    };
    days.iter().map(choice).collect()
}

/// "U wilt beginnen op maandag 14 december." Nothing while any day will do.
pub fn words(t: Texts, days: &[TicketDay]) -> Option<String> {
    if days.iter().all(|day| day.wanted) {
        return None;
    }
    let wanted: Vec<String> = days.iter().filter(|day| day.wanted).map(|day| t.date(day.on)).collect();
    Some(if wanted.is_empty() { t.get("days-none") } else { t.one("days-wanted", "days", t.list(&wanted)) })
}

/// `/mijn/rij/{ticket}/dagen` and `/rij/{opening}/balie/{ticket}/dagen`: field `eerste_dag`.
#[derive(Debug, Clone, Template)]
#[template(path = "first_days.html")]
pub struct FirstDays {
    /// What every page shares.
    pub l: Layout,
    /// The address of this page.
    pub action: String,
    /// The page of the place in line, and the words of the link to it.
    pub back: (String, &'static str),
    /// The question: to her, or to who has her at the desk.
    pub question: &'static str,
    /// The days that there are.
    pub days: Vec<Choice>,
}
