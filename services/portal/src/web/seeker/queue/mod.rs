//! Lines of Open Hiring: who comes first, begins first. Signing up, one's place, an offer, and how all can check it.

mod calendar;
mod days;
mod offer;
mod proof;
mod sign_up;
mod ticket;

use axum::routing::{get, post};
use chassis::clock;
use proto::{
    OpeningId, TicketId,
    intake::{Details, Purpose},
    matcher::Count,
    open_hiring::{Admits, MyTickets, PlaceState, QueueStage, QueueView, TicketState, TicketView, Ways},
    vacancies::OpeningView,
    work::Route as WorkRoute,
};

use super::{mine, near};
use crate::{
    pages::{
        queue::{Door, QueuePart, Reached, Work},
        ticket::{LineStand, TicketLine},
        work::Need,
    },
    web::{
        first_days,
        guard::Access::{Public, Seeker},
        routes::{Route, route},
        staff::queue::{DESK, desk_href},
        stop::Stop,
        visit::{Visit, Who},
    },
};

/// The routes of this part of the family.
pub(super) fn routes() -> Vec<Route> {
    vec![
        route("/rij/code", Public, || get(super::codes::of_line).post(super::codes::finish_line)),
        route("/rij/{id}", Public, || get(proof::page_of)),
        route("/rij/{id}/koppen.jsonl", Public, || get(proof::heads)),
        route("/rij/{id}/sleutels.jsonl", Public, || get(proof::keys)),
        route("/rij/{id}/aanmelden", Public, || get(sign_up::form).post(sign_up::take)),
        route("/mijn/rij/{id}", Seeker, || get(ticket::page_of).post(ticket::change)),
        route("/mijn/rij/{id}/antwoord", Seeker, || post(offer::answer)),
        route("/mijn/rij/{id}/dagen", Seeker, || get(days::ask).post(days::take)),
        route("/mijn/rij/{id}/uit", Seeker, || get(ticket::ask_step_down)),
        route("/mijn/rij/{id}/toch-niet", Seeker, || get(ticket::ask_give_back)),
        route("/mijn/rij/{id}/bewijs.json", Seeker, || get(ticket::receipt)),
        route("/mijn/rij/{id}/agenda.ics", Seeker, || get(calendar::file)),
    ]
}

pub(super) use sign_up::{again as code_again, is_hers};

/// The page of somebody's place in line.
pub(super) fn ticket_href(ticket_id: TicketId) -> String {
    format!("/mijn/rij/{ticket_id}")
}

/// The page where a line can be checked.
fn href(opening_id: OpeningId) -> String {
    format!("/rij/{opening_id}")
}

/// Where people sign up for a line.
pub(super) fn sign_up_href(opening_id: OpeningId) -> String {
    format!("/rij/{opening_id}/aanmelden")
}

fn work_of(opening: &OpeningView) -> Work {
    Work {
        title: opening.details.title.clone(),
        employer: opening.employer_name.clone(),
        place: opening.place.clone(),
        href: near::href(opening.opening_id),
    }
}

fn needs_of(opening: &OpeningView) -> Vec<Need> {
    let need = |requirement: &proto::vacancies::Requirement| Need {
        kind: requirement.kind,
        firmness: requirement.firmness,
        ground: requirement.ground.clone(),
    };
    opening.details.requirements.iter().map(need).collect()
}

/// By which ways somebody can be reached about an offer.
fn ways(details: &Details) -> Ways {
    let reached = Reached::by(details.contact.as_deref());
    Ways {
        message: matches!(reached, Reached::Sms(_) | Reached::Mail(_)),
        call: matches!(reached, Reached::Sms(_) | Reached::Call(_)),
        second_number: details.second_number.is_some(),
        adviser: details.consents.iter().any(|consent| consent.purpose == Purpose::Adviser && consent.given),
    }
}

/// The line of an opening, for its page; nothing when it has none, and when nobody can tell now.
pub(super) async fn part(visit: &Visit, opening: &OpeningView) -> Option<QueuePart> {
    if opening.details.route() != WorkRoute::OpenHiring {
        return None;
    }
    let (queue, hers) =
        tokio::join!(visit.app.arrivals.look(opening.opening_id), hers(visit, opening.opening_id));
    match queue {
        Ok(queue) => queue.map(|queue| part_of(visit, &queue, hers.map(ticket_href))),
        Err(problem) => {
            tracing::warn!(%problem, "a page goes without the line of its opening");
            None
        }
    }
}

/// Her place in this line, if she is signed in and stands in it.
async fn hers(visit: &Visit, opening_id: OpeningId) -> Option<TicketId> {
    let mut tickets = my_tickets(visit).await.into_iter();
    tickets
        .find(|ticket| ticket.opening_id == opening_id && ticket.state != TicketState::Ended)
        .map(|ticket| ticket.ticket_id)
}

/// Her places in line. A page goes on when nobody can say.
async fn my_tickets(visit: &Visit) -> Vec<TicketView> {
    let Who::Seeker(seeker_id) = visit.who else { return Vec::new() };
    visit.ask(&MyTickets { seeker_id }).await.unwrap_or_else(|problem| {
        tracing::warn!(%problem, "a page goes without her places in line");
        Vec::new()
    })
}

/// The line as this visitor sees it.
fn part_of(visit: &Visit, queue: &QueueView, hers: Option<String>) -> QueuePart {
    let signs_up = visit.staff().is_ok_and(|staff| staff.roles.iter().any(|role| DESK.contains(role)));
    QueuePart { hers, desk: desk_of(queue, signs_up), ..for_all(queue) }
}

/// Where people are signed up, for whose work that is; nothing while nobody can.
fn desk_of(queue: &QueueView, signs_up: bool) -> Option<String> {
    (signs_up && queue.admits == Admits::Yes).then(|| desk_href(queue.queue_id.opening()))
}

fn for_all(queue: &QueueView) -> QueuePart {
    QueuePart {
        href: href(queue.queue_id.opening()),
        waiting: Count::of_people(queue.waiting as usize),
        days: first_days::of_places(queue.places.iter().filter(|place| place.state != PlaceState::Withdrawn)),
        door: match queue.admits {
            Admits::Yes => Door::Open,
            Admits::NotOpenYet => Door::OpensAt(clock::local(queue.opens_at)),
            Admits::Full => Door::Full,
            Admits::Closed => Door::Closed(queue.reason),
        },
        stopped: queue.reason.filter(|_| queue.stage == QueueStage::Stopped),
        hers: None,
        desk: None,
    }
}

/// How many were asked in a week, on average of the last four; nothing before there are four.
fn per_week(queue: &QueueView) -> Option<u32> {
    let weeks = queue.asked_per_week.len() as u32;
    (weeks >= 4).then(|| (queue.asked_per_week.iter().sum::<u32>() + weeks / 2) / weeks)
}

/// Her places in line, for her own page: an offer first. What is over stays while it can be undone.
///
/// # Errors
/// When nobody can say what the openings are.
pub(super) async fn lines(visit: &Visit) -> Result<Vec<TicketLine>, Stop> {
    let mut tickets: Vec<_> = my_tickets(visit)
        .await
        .into_iter()
        .filter_map(|ticket| Some((line_stand(&ticket)?, ticket)))
        .collect();
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    tickets.sort_by_key(|(stand, ticket)| {
        (!matches!(stand, LineStand::Offered(_)), std::cmp::Reverse(ticket.signed_up_at))
    });
    let openings = mine::openings(visit, tickets.iter().map(|(_, ticket)| ticket.opening_id)).await?;
    let t = visit.t();
    let line = |(stand, ticket): (LineStand, TicketView)| TicketLine {
        href: ticket_href(ticket.ticket_id),
        title: openings.get(&ticket.opening_id).map_or_else(
            || t.get("wanted-gone"),
            |opening| {
                t.two("wanted-title", "title", &opening.details.title, "employer", &opening.employer_name)
            },
        ),
        number: ticket.number,
        stand,
    };
    Ok(tickets.into_iter().map(line).collect())
}

fn line_stand(ticket: &TicketView) -> Option<LineStand> {
    Some(match (ticket.state, ticket.place) {
        (TicketState::Offered, Some(place)) => LineStand::Offered(clock::local(place.until?)),
        (TicketState::Yes, Some(place)) => LineStand::Begins(place.first_day),
        (TicketState::Paused, _) => LineStand::Paused,
        (TicketState::Ended, _) => LineStand::Left(clock::local(ticket.back_until?)),
        (TicketState::Waiting, _) if !ticket.is_confirmed => LineStand::Unconfirmed,
        (TicketState::Waiting, _) => LineStand::Waiting(ticket.before_her),
        (TicketState::Offered | TicketState::Yes, None) | (TicketState::Started, _) => return None,
    })
}

#[cfg(test)]
pub(in crate::web) mod examples {
    //! A line and a place in it, as open-hiring tells them.

    use proto::{
        EmployerId, PlaceId, QueueId, SeekerId,
        open_hiring::{AnswerHours, PlaceView, TicketPlace, TicketStep, WhyNot},
    };
    use uuid::Uuid;

    use super::*;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    /// A line in which 23 people wait: three places on one day, of which one is free and one taken back.
    pub(in crate::web) fn queue() -> QueueView {
        let place = |number, state| PlaceView {
            place_id: id::<PlaceId>(number),
            first_day: "2026-12-07".parse().unwrap(),
            state,
            too_soon: false,
            withdrawn_for: (state == PlaceState::Withdrawn)
                .then_some(proto::open_hiring::ChangeReason::LessWork),
        };
        QueueView {
            queue_id: id::<QueueId>(7),
            employer_id: id::<EmployerId>(8),
            region: "NL-FL".to_owned(),
            version: 3,
            opens_at: "2026-11-02T09:00:00Z".parse().unwrap(),
            now: "2026-12-01T09:00:00Z".parse().unwrap(),
            answer_hours: AnswerHours { hours: 24, from: 9, until: 18 },
            is_standing: true,
            stage: QueueStage::Running,
            reason: None,
            admits: Admits::Yes,
            places: vec![
                place(1, PlaceState::Free),
                place(2, PlaceState::Taken),
                place(3, PlaceState::Withdrawn),
            ],
            waiting: 23,
            asked_per_week: vec![5, 4, 6, 7],
        }
    }

    /// Her place in that line.
    pub(in crate::web) fn ticket(state: TicketState, step: TicketStep) -> TicketView {
        let has_place = matches!(state, TicketState::Offered | TicketState::Yes | TicketState::Started);
        TicketView {
            ticket_id: id(15),
            seeker_id: id::<SeekerId>(9),
            opening_id: id(7),
            employer_id: id(8),
            version: 1,
            number: 15,
            state,
            step,
            is_confirmed: true,
            signed_up_at: "2026-11-30T09:12:00Z".parse().unwrap(),
            now: "2026-12-01T09:00:00Z".parse().unwrap(),
            before_her: 14,
            weeks: Some(3),
            place: has_place.then(|| TicketPlace {
                place_id: id(1),
                first_day: "2026-12-07".parse().unwrap(),
                until: (state == TicketState::Offered).then(|| "2026-12-01T14:30:00Z".parse().unwrap()),
            }),
            back_until: None,
            why_not: WhyNot::NoPlaceFree,
            first_days: Vec::new(),
            history: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::open_hiring::{ChangeReason, TicketStep};

    use super::{
        examples::{queue, ticket},
        *,
    };

    #[test]
    fn a_line_shows_free_places_per_day_and_no_small_numbers() {
        let part = for_all(&queue());
        assert_eq!(part.waiting, Count::About(20));
        assert_eq!(part.days.iter().map(|day| day.free).collect::<Vec<_>>(), [1]);
        assert_eq!(part.door, Door::Open);
        let mut soon = queue();
        soon.places[0].too_soon = true;
        assert_eq!(
            for_all(&soon).days.iter().map(|day| day.free).collect::<Vec<_>>(),
            [0],
            "nobody is asked"
        );
        let few = QueueView { waiting: 9, ..queue() };
        assert_eq!(for_all(&few).waiting, Count::FewerThanTen);
    }

    #[test]
    fn a_line_says_why_nobody_is_asked_only_while_it_stands_still() {
        let stopped =
            QueueView { stage: QueueStage::Stopped, reason: Some(ChangeReason::LabourConflict), ..queue() };
        assert_eq!(for_all(&stopped).stopped, Some(ChangeReason::LabourConflict));
        assert_eq!(for_all(&queue()).stopped, None);
        let closed = QueueView { stage: QueueStage::Closed, admits: Admits::Closed, ..stopped };
        let part = for_all(&closed);
        assert_eq!(part.door, Door::Closed(Some(ChangeReason::LabourConflict)));
        assert_eq!(part.stopped, None, "told once");
    }

    #[test]
    fn who_signs_people_up_finds_the_desk_while_the_line_admits_them() {
        let href = format!("/rij/{}/balie", queue().queue_id.opening());
        assert_eq!(desk_of(&queue(), true), Some(href));
        assert_eq!(desk_of(&queue(), false), None);
        for admits in [Admits::NotOpenYet, Admits::Full, Admits::Closed] {
            assert_eq!(desk_of(&QueueView { admits, ..queue() }, true), None, "{admits:?}");
        }
    }

    #[test]
    fn an_average_needs_four_weeks() {
        assert_eq!(per_week(&queue()), Some(6));
        assert_eq!(per_week(&QueueView { asked_per_week: vec![5, 4, 6], ..queue() }), None);
    }

    #[test]
    fn what_is_over_stays_on_her_page_while_it_can_be_undone() {
        let left = ticket(TicketState::Ended, TicketStep::SteppedDown);
        assert_eq!(line_stand(&left), None);
        let back_until = Some(left.now);
        assert_eq!(
            line_stand(&TicketView { back_until, ..left.clone() }),
            Some(LineStand::Left(clock::local(left.now)))
        );
        let waiting = ticket(TicketState::Waiting, TicketStep::Confirmed);
        assert_eq!(line_stand(&waiting), Some(LineStand::Waiting(14)));
        let unconfirmed = TicketView { is_confirmed: false, ..waiting };
        assert_eq!(line_stand(&unconfirmed), Some(LineStand::Unconfirmed));
    }
}
