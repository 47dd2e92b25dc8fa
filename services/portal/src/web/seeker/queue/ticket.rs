//! Her place in line: what it is now, and what she can change.

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use chassis::clock;
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use futures::stream;
use proto::{
    OpeningId, Problem, Status, TicketId,
    intake::Details,
    open_hiring::{
        ChangeTicket, QueueOf, QueueStage, QueueView, Receipt, ReceiptOf, TicketEntry, TicketOf, TicketState,
        TicketStep, TicketView, TicketWish, WhyNot,
    },
    vacancies::{Opening, OpeningState, OpeningView},
};

use super::{href, my_tickets, needs_of, per_week, ticket_href, work_of};
use crate::{
    pages::{
        Layout, Notice,
        failures::Happened,
        first_days::words,
        line::reason_words,
        queue::{Reached, law_lines},
        ticket::{AnswerTime, Deed, Entry, Offer, Pause, Stand, SurePage, TicketPage, Why, WorkFacts},
    },
    web::{
        fields::Fields,
        first_days,
        once::Once,
        seeker::mine::{layout, told},
        stop::Stop,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// Her place, by the id in an address.
///
/// # Errors
/// Not found, also when it is somebody else's.
pub(super) async fn find(visit: &Visit, id: &str) -> Result<TicketView, Stop> {
    let ticket_id: TicketId = id.parse().map_err(|_| Happened::NotFound)?;
    visit.ask(&TicketOf { ticket_id }).await.map_err(|problem| match problem.status {
        Status::Forbidden => Happened::NotFound.into(),
        _ => problem.into(),
    })
}

/// An opening whatever became of it, as far as anyone may know. A place in line is shown without it too.
pub(super) async fn opening_of(visit: &Visit, opening_id: OpeningId) -> Option<OpeningView> {
    let answer = visit.ask(&Opening { opening_id }).await;
    match answer {
        Ok(opening) => Some(opening).filter(|opening| opening.state != OpeningState::Draft),
        Err(problem) => {
            tracing::warn!(%problem, "a place in line is shown without its opening");
            None
        }
    }
}

async fn queue_of(visit: &Visit, opening_id: OpeningId) -> Option<QueueView> {
    visit.ask(&QueueOf { opening_id }).await.unwrap_or_else(|problem| {
        tracing::warn!(%problem, "a place in line is shown without its line");
        None
    })
}

/// In how many other lines she stands.
async fn others(visit: &Visit, ticket: &TicketView) -> u32 {
    if ticket.state != TicketState::Offered {
        return 0;
    }
    let stands = |other: &TicketView| {
        let state = other.state;
        matches!(state, TicketState::Waiting | TicketState::Offered | TicketState::Paused)
    };
    let tickets = my_tickets(visit).await;
    tickets.iter().filter(|other| other.ticket_id != ticket.ticket_id && stands(other)).count() as u32
}

/// `/mijn/rij/{id}`
pub(super) async fn page_of(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let ticket = find(&visit, &id).await?;
    page(&page_for(&visit, &ticket, None).await?)
}

async fn page_for(visit: &Visit, ticket: &TicketView, notice: Option<Notice>) -> Result<TicketPage, Stop> {
    let (details, opening, queue, others) = tokio::join!(
        told(visit),
        opening_of(visit, ticket.opening_id),
        queue_of(visit, ticket.opening_id),
        others(visit, ticket)
    );
    let details = details?;
    let l = layout(visit, &details);
    let l = Layout { notice: notice.or(l.notice.clone()), ..l };
    Ok(written(l, ticket, &details, opening.as_ref(), queue.as_ref(), others))
}

fn written(
    l: Layout,
    ticket: &TicketView,
    details: &Details,
    opening: Option<&OpeningView>,
    queue: Option<&QueueView>,
    others: u32,
) -> TicketPage {
    let laws = opening.map(|opening| law_lines(l.t, &needs_of(opening))).unwrap_or_default();
    TicketPage {
        href: ticket_href(ticket.ticket_id),
        work: opening.map(work_of),
        facts: opening.map(|opening| WorkFacts {
            hours: opening.details.hours,
            dayparts: opening.details.dayparts,
            pay_cents: opening.details.pay_cents_per_hour,
            where_to: format!("{} {}", opening.details.postcode, opening.place),
        }),
        proof: href(ticket.opening_id),
        number: ticket.number,
        stand: stand(ticket, queue.and_then(per_week), laws, others),
        reached: Reached::by(details.contact.as_deref()),
        answer_time: queue.map(|queue| AnswerTime {
            hours: queue.answer_hours.hours,
            from: queue.answer_hours.from,
            until: queue.answer_hours.until,
        }),
        stopped: queue
            .filter(|queue| queue.stage == QueueStage::Stopped)
            .and_then(|queue| queue.reason)
            .map(|reason| l.t.one("queue-stopped", "reason", reason_words(l.t, reason))),
        back_until: ticket.back_until.map(clock::local),
        why: why(ticket.why_not),
        days: words(l.t, &ticket.first_days),
        can_choose_days: first_days::can_change(ticket),
        history: ticket.history.iter().map(entry).collect(),
        signed_up_at: clock::local(ticket.signed_up_at),
        has_receipt: ticket.now >= first_head_after(ticket.signed_up_at),
        l,
    }
}

fn entry(entry: &TicketEntry) -> Entry {
    Entry { at: clock::local(entry.at), step: entry.step, went_wrong: entry.went_wrong }
}

fn stand(ticket: &TicketView, per_week: Option<u32>, laws: Vec<String>, others: u32) -> Stand {
    match (ticket.state, ticket.place) {
        (TicketState::Offered, Some(place)) => {
            // An offer always has an end; one without is answered now or never.
            let until = place.until.unwrap_or(ticket.now);
            Stand::Offered(Offer {
                place: place.place_id.to_string(),
                first_day: place.first_day,
                until: clock::local(until),
                minutes_left: u32::try_from((until - ticket.now).num_minutes()).unwrap_or(0),
                laws,
                others,
            })
        }
        (TicketState::Yes, Some(place)) => Stand::Yes {
            first_day: place.first_day,
            can_give_back: clock::day(ticket.now) <= place.first_day,
        },
        (TicketState::Paused, _) => Stand::Paused(match ticket.step {
            TicketStep::NotReached => Pause::NotReached,
            TicketStep::NoAnswer => Pause::TooLate,
            _ => Pause::Herself,
        }),
        (TicketState::Started, _) => Stand::Started,
        (TicketState::Ended, _) => Stand::Ended(ticket.step),
        (TicketState::Waiting, _) if !ticket.is_confirmed => Stand::Unconfirmed,
        // Between two moments of an offer she is simply in line.
        (TicketState::Waiting | TicketState::Offered | TicketState::Yes, _) => {
            Stand::Waiting { before: ticket.before_her, weeks: ticket.weeks, per_week }
        }
    }
}

/// Why she has no offer, when the rest of the page does not say it.
fn why(why_not: WhyNot) -> Option<Why> {
    Some(match why_not {
        WhyNot::NotInLine | WhyNot::Paused | WhyNot::NotConfirmed => return None,
        WhyNot::NewContact { until } => Why::NewContact(clock::local(until)),
        WhyNot::Stopped => Why::Stopped,
        WhyNot::Closed => Why::Closed,
        WhyNot::OtherDays => Why::OtherDays,
        WhyNot::TooSoon => Why::TooSoon,
        WhyNot::NoPlaceFree => Why::NoPlaceFree,
        WhyNot::Soon => Why::Soon,
    })
}

/// The first full hour after somebody signed up: then the head that proves it is published.
fn first_head_after(signed_up_at: DateTime<Utc>) -> DateTime<Utc> {
    let hour = TimeDelta::hours(1);
    signed_up_at.duration_trunc(hour).unwrap_or(signed_up_at) + hour
}

/// Takes what she wants of her place.
pub(super) async fn change(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let ticket_id: TicketId = id.parse().map_err(|_| Happened::NotFound)?;
    let wish = TicketWish::from_name(form.get("doe")).ok_or(Happened::NotUnderstood)?;
    let once = Once::of(&visit, &form, &(ticket_id, wish));
    match once.ask(&ChangeTicket { ticket_id, wish }).await {
        Ok(_) => {
            let told = match wish {
                TicketWish::Pause => "notice-queue-paused",
                TicketWish::GoOn => "notice-queue-in-line",
                TicketWish::StepDown => "notice-queue-left",
                TicketWish::ComeBack => "notice-queue-back",
                TicketWish::GiveBack => "notice-queue-gave-back",
            };
            Ok(go_to(&ticket_href(ticket_id), [notice(told)]))
        }
        Err(problem) => not_now(&visit, &id, problem).await,
    }
}

/// Her page as it stands now, with why what she wanted cannot be done any more: nothing was changed.
///
/// # Errors
/// What is not about where her place stands.
pub(super) async fn not_now(visit: &Visit, id: &str, problem: Problem) -> Result<Response, Stop> {
    if !matches!(problem.status, Status::Conflict | Status::Gone) {
        return Err(match problem.status {
            Status::Forbidden => Happened::NotFound.into(),
            _ => problem.into(),
        });
    }
    let t = visit.t();
    let words =
        t.find(&format!("problem-{}", problem.code), &[]).unwrap_or_else(|| t.get("failure-text-changed"));
    let ticket = find(visit, id).await?;
    let shown = page_for(visit, &ticket, Some(Notice::Warning(words))).await?;
    page_with(StatusCode::CONFLICT, &shown)
}

/// `/mijn/rij/{id}/uit`
pub(super) async fn ask_step_down(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    ask(&visit, &id, Deed::StepDown).await
}

/// `/mijn/rij/{id}/toch-niet`
pub(super) async fn ask_give_back(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    ask(&visit, &id, Deed::GiveBack).await
}

async fn ask(visit: &Visit, id: &str, deed: Deed) -> Result<Response, Stop> {
    let ticket = find(visit, id).await?;
    let href = ticket_href(ticket.ticket_id);
    let makes_sense = match (deed, ticket.state) {
        (Deed::GiveBack, state) => state == TicketState::Yes,
        (Deed::StepDown, state) => matches!(state, TicketState::Waiting | TicketState::Paused),
    };
    if !makes_sense {
        // What can be done now stands there.
        return Ok(go_to(&href, None));
    }
    page(&SurePage { l: visit.layout(), href, deed, number: ticket.number })
}

/// `/mijn/rij/{id}/bewijs.json`: the proof of her place, as a file.
pub(super) async fn receipt(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let ticket = find(&visit, &id).await?;
    let ticket_id = ticket.ticket_id;
    let Some(first) = visit.ask(&ReceiptOf { ticket_id, after: None }).await? else {
        return Ok(go_to(&ticket_href(ticket_id), [notice("notice-receipt-later")]));
    };
    // After a rush it is long: it passes through in parts.
    let parts = stream::try_unfold(Some(first), move |part| {
        let visit = visit.clone();
        async move {
            let Some(Receipt { json, next }) = part else { return Ok(None) };
            let rest = match next {
                None => None,
                after => visit.ask(&ReceiptOf { ticket_id, after }).await?,
            };
            Ok::<_, Problem>(Some((json, rest)))
        }
    });
    Ok(file(Body::from_stream(parts), "application/json", "attachment; filename=\"bewijs.json\""))
}

/// An answer to keep as a file.
pub(super) fn file(text: impl Into<Body>, kind: &'static str, disposition: &'static str) -> Response {
    let mut response = text.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

#[cfg(test)]
mod tests {
    use super::{super::examples::ticket, *};

    fn at(ticket: &TicketView) -> Stand {
        stand(ticket, Some(5), Vec::new(), 2)
    }

    #[test]
    fn an_offer_says_until_when_and_for_which_place() {
        let Stand::Offered(offer) = at(&ticket(TicketState::Offered, TicketStep::Offered)) else {
            panic!("an offer")
        };
        assert_eq!((offer.minutes_left, offer.others), (330, 2));
        assert_eq!(
            offer.until,
            "2026-12-01T15:30:00".parse().unwrap(),
            "as clocks in the Netherlands show it"
        );
        assert!(offer.place.starts_with("place_"));
    }

    #[test]
    fn a_pause_says_why_it_came() {
        for (step, pause) in [
            (TicketStep::Paused, Pause::Herself),
            (TicketStep::SaidLater, Pause::Herself),
            (TicketStep::GaveBack, Pause::Herself),
            (TicketStep::NoAnswer, Pause::TooLate),
            (TicketStep::NotReached, Pause::NotReached),
        ] {
            assert_eq!(at(&ticket(TicketState::Paused, step)), Stand::Paused(pause), "{step:?}");
        }
    }

    #[test]
    fn she_can_give_a_place_back_until_her_first_day() {
        let yes = ticket(TicketState::Yes, TicketStep::SaidYes);
        let can = |ticket: &TicketView| matches!(at(ticket), Stand::Yes { can_give_back: true, .. });
        assert!(can(&yes));
        assert!(!can(&TicketView { now: "2026-12-08T09:00:00Z".parse().unwrap(), ..yes }));
    }

    #[test]
    fn a_proof_is_there_after_the_first_full_hour() {
        let moment = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let first = |text: &str| first_head_after(moment(text));
        assert_eq!(first("2026-12-01T09:12:00Z"), moment("2026-12-01T10:00:00Z"));
        assert_eq!(first("2026-12-01T10:00:00Z"), moment("2026-12-01T11:00:00Z"), "after, not at");
    }

    #[test]
    fn a_place_that_nobody_confirmed_does_not_look_like_one_in_line() {
        let waiting = ticket(TicketState::Waiting, TicketStep::SignedUp);
        assert_eq!(at(&TicketView { is_confirmed: false, ..waiting.clone() }), Stand::Unconfirmed);
        assert_eq!(at(&waiting), Stand::Waiting { before: 14, weeks: Some(3), per_week: Some(5) });
    }
}
