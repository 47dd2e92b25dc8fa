//! Looking after the line of a job: its places, whether it makes offers, and its tickets in order of number.

use axum::{
    extract::{Path, RawQuery},
    http::StatusCode,
    response::Response,
};
use chassis::clock;
use chrono::NaiveDate;
use proto::{
    FieldProblem, OpeningId, PlaceId, Problem,
    open_hiring::{
        ChangeQueue, ChangeReason, LineOf, LineTicket, PlaceState, PlaceView, QueueChange, QueueOf,
        QueueView, WhyNot,
    },
    vacancies::OpeningView,
};

use super::{confirm, desk::ticket_href, form, href, job, queue_of, set_right, why_not_words};
use crate::{
    pages::{
        Choice, Layout,
        line::{AddPlaces, ChangeLine, Line, PlaceGroup, TicketRow, reason_words},
    },
    texts::Texts,
    web::{
        fields::Fields,
        staff::{PER_PAGE, begin, by_manager, openings::find_own, query, stop, with_fields},
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// `/rij/{opening}/beheer`; `?na=` shows the tickets after a number.
pub(super) async fn show(visit: Visit, Path(id): Path<String>, address: RawQuery) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    let opening_id = opening.opening_id;
    let Some(queue) = visit.ask(&QueueOf { opening_id }).await.map_err(stop)? else {
        return Ok(go_to(&format!("{}/openen", href(opening_id)), None));
    };
    let after = query(address).get("na").parse().unwrap_or(0);
    let limit = u16::try_from(PER_PAGE).unwrap_or(u16::MAX);
    let part = visit.ask(&LineOf { opening_id, after, limit }).await.map_err(stop)?;
    let by_manager = by_manager(&visit)?;
    let t = visit.t();
    // Whoever has no telephone of her own calls, with the job and her number.
    let desk = by_manager.then_some(opening_id);
    let (places, earlier) = places(&queue, &href(opening_id));
    page(&Line {
        l: visit.layout(),
        job: job(&opening),
        by_manager,
        begins: format!("{}?baan={opening_id}", begin::list_href(by_manager)),
        opens_at: clock::local(queue.opens_at),
        is_open: queue.opens_at <= queue.now,
        answer_hours: queue.answer_hours,
        is_standing: queue.is_standing,
        stage: queue.stage,
        reason: queue.reason,
        waiting: queue.waiting,
        places,
        earlier,
        tickets: part.tickets.iter().map(|ticket| ticket_row(t, ticket, desk)).collect(),
        total: part.total,
        is_later_part: after > 0,
        next: part.next.map(|number| format!("{}/beheer?na={number}", href(opening_id))),
    })
}

fn ticket_row(t: Texts, ticket: &LineTicket, desk: Option<OpeningId>) -> TicketRow {
    TicketRow {
        href: desk.map(|opening_id| ticket_href(opening_id, ticket.ticket_id)).unwrap_or_default(),
        deeds: desk.map(|opening_id| deeds(t, opening_id, ticket)).unwrap_or_default(),
        number: ticket.number,
        state: ticket.state,
        step: ticket.step,
        changed_at: clock::local(ticket.changed_at),
        first_day: ticket.place.map(|place| place.first_day),
        until: ticket.place.and_then(|place| place.until).map(clock::local),
        why_not: why_not_words(t, ticket.why_not),
    }
}

/// What an account manager can do about a ticket beside what its person asks.
fn deeds(t: Texts, opening_id: OpeningId, ticket: &LineTicket) -> Vec<(String, String)> {
    let mut deeds = Vec::new();
    if ticket.why_not == WhyNot::NotConfirmed {
        let words = t.one("line-confirm-link", "number", ticket.number);
        deeds.push((confirm::href(opening_id, ticket.ticket_id), words));
    }
    if ticket.can_be_set_right {
        let words = t.one("line-set-right-link", "number", ticket.number);
        deeds.push((set_right::href(opening_id, ticket.ticket_id), words));
    }
    deeds
}

/// Places from today on in groups that are the same to everyone; of those before, how many there were and how many people
/// began there.
fn places(queue: &QueueView, href: &str) -> (Vec<PlaceGroup>, (u32, u32)) {
    let today = clock::day(queue.now);
    let mut groups: Vec<PlaceGroup> = Vec::new();
    let mut earlier = (0, 0);
    for place in &queue.places {
        if place.first_day < today {
            earlier.0 += 1;
            earlier.1 += u32::from(place.state == PlaceState::Started);
            continue;
        }
        let same = |group: &PlaceGroup| {
            (group.first_day, group.state, group.reason, group.too_soon)
                == (place.first_day, place.state, place.withdrawn_for, place.too_soon)
        };
        if let Some(group) = groups.iter_mut().find(|group| same(group)) {
            group.count += 1;
            continue;
        }
        groups.push(PlaceGroup {
            first_day: place.first_day,
            state: place.state,
            reason: place.withdrawn_for,
            too_soon: place.too_soon,
            count: 1,
            take_back: if can_be_taken_back(place) {
                format!("{href}/wijzig/{}", place.place_id)
            } else {
                String::new()
            },
        });
    }
    (groups, earlier)
}

fn can_be_taken_back(place: &PlaceView) -> bool {
    let is_somebodys = matches!(place.state, PlaceState::Started | PlaceState::Withdrawn);
    !is_somebodys && place.withdrawn_for.is_none()
}

fn places_page(l: Layout, opening: &OpeningView, form: &Fields) -> AddPlaces {
    AddPlaces { l, job: job(opening), rows: form::rows(form) }
}

/// `/rij/{opening}/plekken`
pub(super) async fn ask_places(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    queue_of(&visit, opening.opening_id).await?;
    page(&places_page(visit.layout(), &opening, &Fields::default()))
}

/// Adds places.
pub(super) async fn add_places(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    if form.get("doe") == "regel" {
        return page(&places_page(visit.layout(), &opening, &form));
    }
    let refused = |problem: &Problem| {
        let l = visit.layout_refused(&form, problem);
        page_with(StatusCode::BAD_REQUEST, &places_page(l, &opening, &form))
    };
    let mut wrong = Vec::new();
    let first_days = form::first_days(&form, clock::day(visit.now), &mut wrong);
    if !wrong.is_empty() {
        return refused(&Problem::fields(wrong));
    }
    let change = QueueChange::AddPlaces { first_days };
    match visit.ask_with_key(&form, &ChangeQueue { opening_id: opening.opening_id, change }).await {
        Ok(_) => Ok(go_to(&format!("{}/beheer", href(opening.opening_id)), [notice("notice-line-added")])),
        Err(problem) => refused(&with_fields(view::at_fields(problem, form::field_of))?),
    }
}

/// What is asked once before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    TakeBack(PlaceId, NaiveDate, PlaceState),
    Stop,
    GoOn,
    Close,
}

impl Asked {
    /// From the last part of the address: a deed, or a place to take back.
    fn parse(what: &str, queue: &QueueView) -> Result<Self, Stop> {
        match what {
            "stoppen" => return Ok(Self::Stop),
            "doorgaan" => return Ok(Self::GoOn),
            "sluiten" => return Ok(Self::Close),
            _ => {}
        }
        let place_id: Option<PlaceId> = what.parse().ok();
        let place = queue.places.iter().find(|place| Some(place.place_id) == place_id);
        let place = place.ok_or_else(|| stop(Problem::not_found("place")))?;
        Ok(Self::TakeBack(place.place_id, place.first_day, place.state))
    }

    /// The reasons that fit; the opening's own end and pause give theirs by themselves.
    const fn reasons(self) -> &'static [ChangeReason] {
        match self {
            Self::TakeBack(..) => &[
                ChangeReason::LessWork,
                ChangeReason::PlaceOfWork,
                ChangeReason::LabourConflict,
                ChangeReason::Mistake,
            ],
            Self::Stop => &[ChangeReason::LabourConflict, ChangeReason::LessWork, ChangeReason::PlaceOfWork],
            Self::Close => &[
                ChangeReason::LessWork,
                ChangeReason::PlaceOfWork,
                ChangeReason::OpeningEnded,
                ChangeReason::Mistake,
            ],
            Self::GoOn => &[],
        }
    }

    fn title(self, t: Texts) -> String {
        t.get(match self {
            Self::TakeBack(..) => "line-back-place-title",
            Self::Stop => "line-stop-title",
            Self::GoOn => "line-go-on-title",
            Self::Close => "line-close-title",
        })
    }

    /// What happens then, a sentence each.
    fn then(self, t: Texts) -> Vec<String> {
        let sentences = |ids: &[&str]| ids.iter().map(|id| t.get(id)).collect();
        match self {
            Self::TakeBack(_, first_day, state) => {
                let (now, then) = match state {
                    PlaceState::Offered => ("line-back-place-offered", "line-back-place-then-offered"),
                    PlaceState::Taken | PlaceState::Started => {
                        ("line-back-place-taken", "line-back-place-then-taken")
                    }
                    PlaceState::Free | PlaceState::Withdrawn => {
                        ("line-back-place-free", "line-back-place-then-free")
                    }
                };
                vec![t.one(now, "date", t.date(first_day)), t.get(then)]
            }
            Self::Stop => {
                sentences(&["line-stop-then-1", "line-stop-then-2", "line-stop-then-3", "line-stop-then-4"])
            }
            Self::GoOn => sentences(&["line-go-on-then"]),
            Self::Close => sentences(&["line-close-then-1", "line-close-then-2", "line-close-then-3"]),
        }
    }

    fn button(self, t: Texts) -> String {
        t.get(match self {
            Self::TakeBack(..) => "line-back-place-button",
            Self::Stop => "line-stop-button",
            Self::GoOn => "line-go-on-button",
            Self::Close => "line-close-button",
        })
    }

    /// The change, once it is known why; going on needs no reason.
    fn change(self, reason: Option<ChangeReason>) -> Option<QueueChange> {
        Some(match self {
            Self::TakeBack(place_id, ..) => QueueChange::WithdrawPlace { place_id, reason: reason? },
            Self::Stop => QueueChange::StopOffers { reason: reason? },
            Self::GoOn => QueueChange::GoOn {},
            Self::Close => QueueChange::Close { reason: reason? },
        })
    }

    const fn done(self) -> &'static str {
        match self {
            Self::TakeBack(..) => "notice-line-withdrawn",
            Self::Stop => "notice-line-stopped",
            Self::GoOn => "notice-line-goes-on",
            Self::Close => "notice-line-closed",
        }
    }
}

fn change_page(l: Layout, opening: &OpeningView, what: &str, asked: Asked) -> ChangeLine {
    let job = job(opening);
    let choice = |reason: &ChangeReason| Choice::new(reason.name(), reason_words(l.t, *reason), false);
    ChangeLine {
        action: format!("{}/wijzig/{what}", job.href),
        back: (job.manage_href(), "line-back"),
        job,
        title: asked.title(l.t),
        then: asked.then(l.t),
        reasons: asked.reasons().iter().map(choice).collect(),
        reason_hint: "line-reason-hint",
        button: asked.button(l.t),
        l,
    }
}

/// `/rij/{opening}/wijzig/{what}`: `stoppen`, `doorgaan`, `sluiten`, or a place to take back.
pub(super) async fn ask_change(
    visit: Visit,
    Path((id, what)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    let asked = Asked::parse(&what, &queue_of(&visit, opening.opening_id).await?)?;
    page(&change_page(visit.layout(), &opening, &what, asked))
}

/// Does what was asked.
pub(super) async fn change(
    visit: Visit,
    Path((id, what)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let opening = find_own(&visit, &id).await?;
    let asked = Asked::parse(&what, &queue_of(&visit, opening.opening_id).await?)?;
    let reason = ChangeReason::from_name(form.get("reden")).filter(|reason| asked.reasons().contains(reason));
    let Some(change) = asked.change(reason) else {
        let problem = Problem::fields(vec![FieldProblem::new("reden", "choice-missing")]);
        let l = visit.layout_refused(&form, &problem);
        return page_with(StatusCode::BAD_REQUEST, &change_page(l, &opening, &what, asked));
    };
    let command = ChangeQueue { opening_id: opening.opening_id, change };
    visit.ask_with_key(&form, &command).await.map_err(stop)?;
    Ok(go_to(&format!("{}/beheer", href(opening.opening_id)), [notice(asked.done())]))
}

#[cfg(test)]
mod tests {
    use proto::{
        EmployerId, QueueId,
        open_hiring::{Admits, AnswerHours, QueueStage},
    };
    use uuid::Uuid;

    use super::*;

    fn place(id: u128, first_day: &str, state: PlaceState, reason: Option<ChangeReason>) -> PlaceView {
        PlaceView {
            place_id: PlaceId(Uuid::from_u128(id)),
            first_day: first_day.parse().unwrap(),
            state,
            too_soon: false,
            withdrawn_for: reason,
        }
    }

    fn queue(places: Vec<PlaceView>) -> QueueView {
        let now = "2026-12-07T09:00:00Z".parse().unwrap();
        QueueView {
            queue_id: QueueId(Uuid::from_u128(1)),
            employer_id: EmployerId(Uuid::from_u128(2)),
            region: "AM11".to_owned(),
            version: 1,
            opens_at: now,
            now,
            answer_hours: AnswerHours { hours: 24, from: 9, until: 18 },
            is_standing: true,
            stage: QueueStage::Running,
            reason: None,
            admits: Admits::Yes,
            places,
            waiting: 0,
            asked_per_week: Vec::new(),
        }
    }

    #[test]
    fn places_that_are_the_same_to_everyone_are_one_line_and_past_ones_are_counted() {
        use PlaceState::{Free, Offered, Started, Withdrawn};
        let less = Some(ChangeReason::LessWork);
        let queue = queue(vec![
            place(1, "2026-12-01", Started, None),
            place(2, "2026-12-01", Free, None),
            place(3, "2026-12-07", Started, None),
            place(4, "2026-12-14", Free, None),
            place(5, "2026-12-14", Free, None),
            place(6, "2026-12-14", Offered, None),
            place(7, "2026-12-14", Offered, less),
            place(8, "2026-12-14", Withdrawn, less),
        ]);
        let (groups, earlier) = places(&queue, "/rij/x");
        assert_eq!(earlier, (2, 1));
        let seen: Vec<_> =
            groups.iter().map(|group| (group.state, group.count, !group.take_back.is_empty())).collect();
        let expected = [
            (Started, 1, false),
            (Free, 2, true),
            (Offered, 1, true),
            (Offered, 1, false),
            (Withdrawn, 1, false),
        ];
        assert_eq!(seen, expected);
        assert_eq!(groups[1].take_back, format!("/rij/x/wijzig/{}", PlaceId(Uuid::from_u128(4))));
    }

    #[test]
    fn nothing_that_needs_a_reason_is_done_without_one() {
        let place = Asked::TakeBack(PlaceId(Uuid::nil()), NaiveDate::MIN, PlaceState::Free);
        for asked in [place, Asked::Stop, Asked::Close] {
            assert!(!asked.reasons().is_empty());
            assert_eq!(asked.change(None), None, "{asked:?}");
        }
        assert_eq!(Asked::GoOn.change(None), Some(QueueChange::GoOn {}));
    }

    #[test]
    fn what_is_asked_stands_in_the_address() {
        let queue = queue(vec![place(4, "2026-12-14", PlaceState::Free, None)]);
        assert_eq!(Asked::parse("sluiten", &queue).unwrap(), Asked::Close);
        let there = PlaceId(Uuid::from_u128(4)).to_string();
        assert!(matches!(Asked::parse(&there, &queue), Ok(Asked::TakeBack(..))));
        let nowhere = PlaceId(Uuid::from_u128(9)).to_string();
        for odd in [nowhere.as_str(), "weg", ""] {
            assert!(Asked::parse(odd, &queue).is_err(), "{odd}");
        }
    }
}
