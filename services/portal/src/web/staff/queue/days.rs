//! On which first days somebody wants to begin who stands at the desk or is on the phone.

use axum::{extract::Path, response::Response};
use proto::{OpeningId, TicketId, open_hiring::ChooseDays};

use super::{
    desk::{find_ticket, not_now, ticket_href},
    queue_of,
};
use crate::{
    pages::first_days::{FirstDays, choices},
    web::{
        fields::Fields,
        first_days,
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// The page that asks.
pub(super) fn href(opening_id: OpeningId, ticket_id: TicketId) -> String {
    format!("{}/dagen", ticket_href(opening_id, ticket_id))
}

/// `/rij/{opening}/balie/{ticket}/dagen`
pub(super) async fn ask(visit: Visit, Path((id, ticket)): Path<(String, String)>) -> Result<Response, Stop> {
    let (_, ticket) = find_ticket(&visit, &id, &ticket).await?;
    let back = ticket_href(ticket.opening_id, ticket.ticket_id);
    if !first_days::can_change(&ticket) {
        // What can be done now stands there.
        return Ok(go_to(&back, None));
    }
    let queue = queue_of(&visit, ticket.opening_id).await?;
    let l = visit.layout();
    page(&FirstDays {
        action: href(ticket.opening_id, ticket.ticket_id),
        back: (back, "line-ticket-back"),
        question: "days-question-desk",
        days: choices(l.t, &first_days::open(&queue), &first_days::wanted(&ticket)),
        l,
    })
}

/// Takes the days that were ticked, under the professional's name.
pub(super) async fn take(
    visit: Visit,
    Path((id, ticket)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let (opening, ticket) = find_ticket(&visit, &id, &ticket).await?;
    let ticket_id = ticket.ticket_id;
    let command = ChooseDays { ticket_id, first_days: first_days::of_form(&form) };
    match visit.ask_with_key(&form, &command).await {
        Ok(_) => Ok(go_to(&ticket_href(ticket.opening_id, ticket_id), [notice("notice-line-ticket")])),
        Err(problem) => not_now(&visit, &opening, ticket_id, problem).await,
    }
}
