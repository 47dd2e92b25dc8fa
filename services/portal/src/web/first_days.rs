//! First days of a line: which there are to choose from, and which somebody wants.

use chassis::clock;
use chrono::NaiveDate;
use proto::open_hiring::{PlaceState, PlaceView, QueueView, TicketState, TicketView};

use crate::{
    pages::queue::StartDay,
    web::fields::{Fields, day},
};

/// First days of these places, the earliest first, with how many places are nobody's yet.
pub(crate) fn of_places<'a>(places: impl Iterator<Item = &'a PlaceView>) -> Vec<StartDay> {
    let mut days: Vec<StartDay> = Vec::new();
    for place in places {
        let free = u32::from(place.state == PlaceState::Free && !place.too_soon);
        match days.iter_mut().find(|day| day.on == place.first_day) {
            Some(day) => day.free += free,
            None => days.push(StartDay { on: place.first_day, free }),
        }
    }
    days.sort_by_key(|day| day.on);
    days
}

/// The days on which somebody could still begin: what is given away may come back.
pub(crate) fn open(queue: &QueueView) -> Vec<StartDay> {
    let today = clock::day(queue.now);
    of_places(queue.places.iter().filter(|place| {
        place.withdrawn_for.is_none() && place.state != PlaceState::Started && today < place.first_day
    }))
}

/// The same when somebody signs up: nothing when there is nothing to choose.
pub(crate) fn to_choose(queue: &QueueView) -> Vec<StartDay> {
    Some(open(queue)).filter(|days| days.len() > 1).unwrap_or_default()
}

/// More first days than any line has to choose from.
const MOST: usize = 40;

/// Those that were ticked.
pub(crate) fn of_form(form: &Fields) -> Vec<NaiveDate> {
    form.all("eerste_dag").filter_map(day).take(MOST).collect()
}

/// Those that she wants; none while any day will do.
pub(crate) fn wanted(ticket: &TicketView) -> Vec<NaiveDate> {
    let any = ticket.first_days.iter().all(|day| day.wanted);
    ticket.first_days.iter().filter(|day| !any && day.wanted).map(|day| day.on).collect()
}

/// Whether there is something to choose, or to choose otherwise, at her place in line.
pub(crate) fn can_change(ticket: &TicketView) -> bool {
    matches!(ticket.state, TicketState::Waiting | TicketState::Paused)
        && (ticket.first_days.len() > 1 || ticket.first_days.iter().any(|day| !day.wanted))
}

#[cfg(test)]
mod tests {
    use proto::open_hiring::{TicketDay, TicketStep};

    use super::*;
    use crate::web::seeker::queue::examples::{queue, ticket};

    fn on(day: &str, wanted: bool) -> TicketDay {
        TicketDay { on: day.parse().unwrap(), wanted }
    }

    #[test]
    fn there_is_something_to_choose_from_two_days_on() {
        let mut line = queue();
        assert_eq!(open(&line), [StartDay { on: line.places[0].first_day, free: 1 }]);
        assert_eq!(to_choose(&line), []);
        let later = PlaceView { first_day: "2026-12-14".parse().unwrap(), ..line.places[1] };
        line.places.push(later);
        let free = to_choose(&line).iter().map(|day| day.free).collect::<Vec<_>>();
        assert_eq!(free, [1, 0], "what is given away may come back");
        line.now = "2026-12-07T09:00:00Z".parse().unwrap();
        assert_eq!(open(&line), [StartDay { on: later.first_day, free: 0 }], "that day has come");
        line.places[3].state = PlaceState::Started;
        assert_eq!(open(&line), []);
    }

    #[test]
    fn any_day_is_no_day_ticked() {
        let mut waiting = ticket(TicketState::Waiting, TicketStep::Confirmed);
        waiting.first_days = vec![on("2026-12-07", true), on("2026-12-14", true)];
        assert_eq!(wanted(&waiting), []);
        assert!(can_change(&waiting));
        waiting.first_days[0].wanted = false;
        assert_eq!(wanted(&waiting), [waiting.first_days[1].on]);
        waiting.first_days.pop();
        assert_eq!(wanted(&waiting), []);
        assert!(can_change(&waiting), "she can want that day after all");
        waiting.first_days = vec![on("2026-12-07", true)];
        assert!(!can_change(&waiting));
        waiting.first_days.push(on("2026-12-14", true));
        waiting.state = TicketState::Offered;
        assert!(!can_change(&waiting), "her answer says it");
    }

    #[test]
    fn a_form_names_days() {
        let form = Fields::parse(b"eerste_dag=2026-12-07&eerste_dag=&eerste_dag=ooit&eerste_dag=2026-12-14");
        assert_eq!(of_form(&form), ["2026-12-07", "2026-12-14"].map(|day| day.parse().unwrap()));
    }
}
