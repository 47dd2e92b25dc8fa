//! A professional confirms that somebody in line is who she says she is: she stands at the desk, or is on the phone.

use axum::{extract::Path, response::Response};
use proto::{
    OpeningId, TicketId,
    intake::ConfirmArrival,
    open_hiring::{TicketState, TicketView},
    vacancies::OpeningView,
};

use super::{
    desk::{find_ticket, ticket_href},
    job,
};
use crate::{
    pages::line::ChangeLine,
    web::{
        fields::Fields,
        once::Once,
        staff::{interest::organisation, stop},
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// The page that asks.
pub(super) fn href(opening_id: OpeningId, ticket_id: TicketId) -> String {
    format!("{}/bevestigen", ticket_href(opening_id, ticket_id))
}

/// Whether it is still to be confirmed that it is she.
pub(super) fn is_open(ticket: &TicketView) -> bool {
    !ticket.is_confirmed && matches!(ticket.state, TicketState::Waiting | TicketState::Paused)
}

/// `/rij/{opening}/balie/{ticket}/bevestigen`
pub(super) async fn ask(visit: Visit, Path((id, ticket)): Path<(String, String)>) -> Result<Response, Stop> {
    let (opening, ticket) = find_ticket(&visit, &id, &ticket).await?;
    if !is_open(&ticket) {
        // How it stands now says why there is nothing to confirm.
        return Ok(go_to(&ticket_href(ticket.opening_id, ticket.ticket_id), None));
    }
    page(&question(&visit, &opening, &ticket))
}

fn question(visit: &Visit, opening: &OpeningView, ticket: &TicketView) -> ChangeLine {
    let l = visit.layout();
    let then = ["line-confirm-then-1", "line-confirm-then-2", "line-confirm-then-3"];
    ChangeLine {
        job: job(opening),
        action: href(ticket.opening_id, ticket.ticket_id),
        back: (ticket_href(ticket.opening_id, ticket.ticket_id), "line-ticket-back"),
        title: l.t.one("line-confirm-title", "number", ticket.number),
        then: then.map(|id| l.t.get(id)).to_vec(),
        reasons: Vec::new(),
        reason_hint: "",
        button: l.t.get("line-confirm-button"),
        l,
    }
}

/// Confirms it, under the professional's name. The line hears it within moments.
pub(super) async fn take(
    visit: Visit,
    Path((id, ticket)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let (_, ticket) = find_ticket(&visit, &id, &ticket).await?;
    let back = ticket_href(ticket.opening_id, ticket.ticket_id);
    if !is_open(&ticket) {
        return Ok(go_to(&back, None));
    }
    let command = ConfirmArrival { seeker_id: ticket.seeker_id, organisation: organisation(&visit).await? };
    let once = Once::of(&visit, &form, &("confirmed", ticket.ticket_id));
    once.ask(&command).await.map_err(stop)?;
    Ok(go_to(&back, [notice("notice-line-confirmed")]))
}
