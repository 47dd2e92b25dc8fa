//! Lines of Open Hiring: somebody opens one for an opening, people stand in it and answer what they are offered.

use std::time::Duration;

use chassis::{Chance as _, chance::OsChance};
use chrono::{DateTime, NaiveDate};
use proto::{
    Actor, OpeningId, SeekerId, Service,
    open_hiring::{
        Answer, AnswerHours, AnswerOffer, Arrival, FirstDay, MyTickets, OpenQueue, SignUp, SignedUp,
        TicketState, Ways,
    },
};

use super::{World, manager};
use crate::faults::{Dice, Outcome, history::InLine};

/// How often somebody tries to open the line of an opening that open-hiring may not have heard of.
const TRIES: u64 = 20;
/// A first day.
const FAR_AWAY: NaiveDate = NaiveDate::from_ymd_opt(2100, 1, 4).expect("it is a day");

impl World {
    /// Opens a line and stands in it; what was promised is kept in the history.
    pub(super) async fn stand_in_line(&self, dice: &Dice, opening_id: OpeningId) {
        if !self.open(dice, opening_id).await {
            return;
        }
        let mut people = Vec::new();
        for _ in 0..=dice.below(2) {
            let arrivals: Vec<Arrival> = (0..=dice.below(5)).map(|_| arrival(dice, opening_id)).collect();
            let portal = Actor::Service { service: Service::Portal };
            let command = SignUp { people: arrivals.clone() };
            let (_, reply) = self.ask(dice, &portal, &command).await;
            people.extend(arrivals.iter().map(|arrival| arrival.seeker_id));
            for (arrival, answer) in arrivals.iter().zip(reply.unwrap_or_default()) {
                if let SignedUp::InLine { ticket_id, number, .. } = answer {
                    let promised = InLine { opening_id, ticket_id, seeker_id: arrival.seeker_id, number };
                    self.history.with(|history| history.lines.push(promised));
                }
            }
            self.breathe(dice).await;
        }
        for seeker_id in people {
            self.answer(dice, seeker_id).await;
        }
    }

    async fn open(&self, dice: &Dice, opening_id: OpeningId) -> bool {
        // However the clocks jump, it has been open for long and nobody begins soon.
        let command = OpenQueue {
            opening_id,
            opens_at: DateTime::UNIX_EPOCH,
            answer_hours: AnswerHours { hours: 24, from: 0, until: 24 },
            is_standing: true,
            first_days: vec![FirstDay { on: FAR_AWAY, places: 1 + dice.below(3) as u16 }],
        };
        for _ in 0..TRIES {
            if self.is_over() {
                return false;
            }
            match self.ask(dice, &manager(), &command).await.0 {
                Outcome::Done => return true,
                Outcome::Refused(code) if code != "opening-unknown" => return code == "queue-exists",
                Outcome::Refused(_) | Outcome::Unknown => {
                    tokio::time::sleep(dice.pause(Duration::from_millis(300))).await;
                }
            }
        }
        false
    }

    async fn answer(&self, dice: &Dice, seeker_id: SeekerId) {
        let she = Actor::Seeker { seeker_id };
        let tickets = self.look(dice, &she, &MyTickets { seeker_id }).await.unwrap_or_default();
        for ticket in tickets.into_iter().filter(|ticket| ticket.state == TicketState::Offered) {
            let Some(place) = ticket.place else { continue };
            let said = [Answer::Yes { leave_others: false }, Answer::No, Answer::Later, Answer::NotThatDay];
            let answer = *dice.one(&said);
            let command = AnswerOffer { ticket_id: ticket.ticket_id, place_id: place.place_id, answer };
            self.ask(dice, &she, &command).await;
        }
    }
}

/// Somebody whom nobody else knows: only her number in line is looked at.
fn arrival(dice: &Dice, opening_id: OpeningId) -> Arrival {
    Arrival {
        opening_id,
        seeker_id: SeekerId(OsChance.uuid_v4()),
        is_confirmed: dice.yes(70),
        ways: Ways { message: true, call: dice.yes(50), second_number: false, adviser: false },
        with_help_of: None,
        first_days: Vec::new(),
    }
}
