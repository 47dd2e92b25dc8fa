//! An account manager sets right what was written down wrongly about how it ended for somebody.

use axum::{extract::Path, http::StatusCode, response::Response};
use proto::{
    FieldProblem, OpeningId, Problem, TicketId,
    open_hiring::{self, TicketState, TicketStep, TicketView, WentWrong},
    vacancies::OpeningView,
};

use super::{
    desk::{find_ticket, ticket_href},
    href as line_href, job,
};
use crate::{
    pages::{
        Choice, Layout,
        line::{ChangeLine, went_wrong_words},
    },
    web::{
        fields::Fields,
        once::Once,
        staff::{openings::find_own, stop},
        stop::Stop,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The page that asks.
pub(super) fn href(opening_id: OpeningId, ticket_id: TicketId) -> String {
    format!("{}/herstel/{ticket_id}", line_href(opening_id))
}

/// What can have gone wrong, by how it ended.
const fn reasons(step: TicketStep) -> &'static [WentWrong] {
    match step {
        TicketStep::Started | TicketStep::NoShow => &[WentWrong::FirstDay, WentWrong::OtherPerson],
        TicketStep::SteppedDown => &[WentWrong::LeftByMistake, WentWrong::OtherPerson],
        TicketStep::SaidNo => &[WentWrong::Answer, WentWrong::OtherPerson],
        _ => WentWrong::ALL,
    }
}

/// Whether there is anything that ended; the command says whether it can be set right.
const fn is_over(ticket: &TicketView) -> bool {
    matches!(ticket.state, TicketState::Ended | TicketState::Started)
}

fn question(l: Layout, opening: &OpeningView, ticket: &TicketView) -> ChangeLine {
    let job = job(opening);
    let choice = |reason: &WentWrong| Choice::new(reason.name(), went_wrong_words(l.t, *reason), false);
    let mut then = vec![l.t.get("line-set-right-then-1"), l.t.get("line-set-right-then-2")];
    if ticket.state == TicketState::Started {
        then.push(l.t.get("line-set-right-place"));
    }
    then.push(l.t.get("line-set-right-then-3"));
    ChangeLine {
        action: href(ticket.opening_id, ticket.ticket_id),
        back: (job.manage_href(), "line-back"),
        job,
        title: l.t.one("line-set-right-title", "number", ticket.number),
        then,
        reasons: reasons(ticket.step).iter().map(choice).collect(),
        reason_hint: "line-set-right-hint",
        button: l.t.get("line-set-right-button"),
        l,
    }
}

/// `/rij/{opening}/herstel/{ticket}`
pub(super) async fn ask(visit: Visit, Path((id, ticket)): Path<(String, String)>) -> Result<Response, Stop> {
    find_own(&visit, &id).await?;
    let (opening, ticket) = find_ticket(&visit, &id, &ticket).await?;
    if !is_over(&ticket) {
        // How it stands now says that there is nothing to set right.
        return Ok(go_to(&ticket_href(ticket.opening_id, ticket.ticket_id), None));
    }
    page(&question(visit.layout(), &opening, &ticket))
}

/// Sets it right, with the reason.
pub(super) async fn take(
    visit: Visit,
    Path((id, ticket)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    find_own(&visit, &id).await?;
    let (opening, ticket) = find_ticket(&visit, &id, &ticket).await?;
    let reason = WentWrong::from_name(form.get("reden"));
    let ticket_id = ticket.ticket_id;
    let Some(reason) = reason else {
        let problem = Problem::fields(vec![FieldProblem::new("reden", "choice-missing")]);
        let l = visit.layout_refused(&form, &problem);
        return page_with(StatusCode::BAD_REQUEST, &question(l, &opening, &ticket));
    };
    let once = Once::of(&visit, &form, &("set right", ticket_id, reason));
    once.ask(&open_hiring::SetRight { ticket_id, reason }).await.map_err(stop)?;
    Ok(go_to(&job(&opening).manage_href(), [notice("notice-line-set-right")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reasons_that_fit_are_asked_and_there_always_is_one() {
        for step in TicketStep::ALL {
            assert!(!reasons(*step).is_empty(), "{step:?}");
        }
        assert!(!reasons(TicketStep::Started).contains(&WentWrong::LeftByMistake));
        assert!(!reasons(TicketStep::SaidNo).contains(&WentWrong::FirstDay));
    }
}
