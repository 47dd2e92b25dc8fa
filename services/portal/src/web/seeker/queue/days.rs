//! On which first days she wants to begin.

use axum::{extract::Path, response::Response};
use proto::{TicketId, open_hiring::ChooseDays};

use super::{
    ticket::{find, not_now},
    ticket_href,
};
use crate::{
    pages::{
        failures::Happened,
        first_days::{FirstDays, choices},
    },
    web::{
        fields::Fields,
        first_days,
        once::Once,
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// `/mijn/rij/{id}/dagen`
pub(super) async fn ask(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let ticket = find(&visit, &id).await?;
    let href = ticket_href(ticket.ticket_id);
    if !first_days::can_change(&ticket) {
        // What can be done now stands there.
        return Ok(go_to(&href, None));
    }
    let queue = visit.app.arrivals.look(ticket.opening_id).await?.ok_or(Happened::NotFound)?;
    let l = visit.layout();
    page(&FirstDays {
        action: format!("{href}/dagen"),
        back: (href, "ticket-title"),
        question: "days-question",
        days: choices(l.t, &first_days::open(&queue), &first_days::wanted(&ticket)),
        l,
    })
}

/// Takes the days that she ticked; none means that any day will do.
pub(super) async fn take(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let ticket_id: TicketId = id.parse().map_err(|_| Happened::NotFound)?;
    let first_days = first_days::of_form(&form);
    let once = Once::of(&visit, &form, &(ticket_id, &first_days));
    match once.ask(&ChooseDays { ticket_id, first_days }).await {
        Ok(_) => Ok(go_to(&ticket_href(ticket_id), [notice("notice-queue-days")])),
        Err(problem) => not_now(&visit, &id, problem).await,
    }
}
