//! Open Hiring: queues in which who comes first, begins first.
//!
//! What always holds here:
//!
//! - **Order is the order of durable acceptance**, and nothing else. No role can move, insert or favour a ticket.
//! - **A place is offered to the lowest number that could take it.** Nobody is passed over who could, and the reason why
//!   somebody has no offer can always be told ([`domain::offer`]).
//! - **Never two people for one place**, and never two open offers for it.
//! - **A number is given once and kept**: who pauses, does not answer, or cannot on that day keeps hers.
//! - **Everything that happens is an entry** of a chain that anyone can check ([`domain::ledger`], docs/queue-ledger.md).
//!
//! - **Everything about one queue happens under its lock**, in one transaction with its entries and its events: a crash
//!   leaves all of it or nothing, and whoever came earlier is not overtaken by whoever came later.
//! - **Each outcome moves the queue on by itself**, in the same transaction. What the clock brings (offers that ran out,
//!   sign-ups that nobody confirmed) is decided by the database's clock and under the same lock.
//! - **Nobody is in nobody's hands**: no role can move, insert or favour a ticket. There is no deed for it.
//! - **Who is erased is gone**: tickets, entries and nonces go, commitments stay, and her place is the next one's.

use std::time::Duration;

use chassis::{Chassis, Handles, Service};
use proto::open_hiring::{
    AnswerByText, AnswerOffer, CallTasks, ChangeQueue, ChangeTicket, ChooseDays, HeadsOf, LedgerOf, LineOf,
    MyTickets, OpenQueue, QueueChanged, QueueOf, ReceiptOf, ReportCall, SetRight, SignUp, TellFirstDay,
    TicketChanged, TicketErased, TicketOf, WhoBegins,
};
use sqlx::migrate::Migrator;

pub mod domain;
#[cfg(feature = "faults")]
pub mod proof;
pub mod verify;

mod events;
mod may;
mod queries;
mod store;
mod use_cases;

use use_cases as run;

/// The tables of open-hiring.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// How often queues are looked at for what is due. A deadline is a moment of the database's clock; this is how late the next
/// person hears of it, not how late an answer may come.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether a head is to be published.
const HEADS_EVERY: Duration = Duration::from_secs(5);

/// The service in hand.
struct OpenHiring {
    chassis: Chassis,
}

impl Handles for OpenHiring {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

/// Open-hiring, ready to be started.
pub fn service() -> Service {
    Service::new(
        proto::Service::OpenHiring,
        &MIGRATOR,
        |chassis| Box::pin(async move { Ok(OpenHiring { chassis }) }),
        |wiring| {
            wiring
                .events(|_, tx, events| Box::pin(events::consume::take_in(tx, events)))
                .after_restore(|_, tx, told| Box::pin(run::after_restore::after_restore(tx, told)))
                .announces::<QueueChanged>(|_, tx, after| Box::pin(events::announce::queues(tx, after)))
                .announces::<TicketChanged>(|_, tx, after| Box::pin(events::announce::tickets(tx, after)))
                .announces::<TicketErased>(|_, tx, after| Box::pin(events::announce::erased(tx, after)))
                .moments(events::announce::MOMENTS)
                .command::<OpenQueue>(|_, tx, c, m| Box::pin(run::open_queue::open_queue(tx, c, m)))
                .command::<ChangeQueue>(|_, tx, c, m| Box::pin(run::change_queue::change_queue(tx, c, m)))
                .command::<SignUp>(|_, tx, c, m| Box::pin(run::sign_up::sign_up(tx, c, m)))
                .command::<AnswerOffer>(|_, tx, c, m| Box::pin(run::answer_offer::answer_offer(tx, c, m)))
                .command::<AnswerByText>(|app, tx, c, m| {
                    Box::pin(run::answer_by_text::answer_by_text(app, tx, c, m))
                })
                .command::<ChangeTicket>(|_, tx, c, m| Box::pin(run::change_ticket::change_ticket(tx, c, m)))
                .command::<ChooseDays>(|_, tx, c, m| Box::pin(run::choose_days::choose_days(tx, c, m)))
                .command::<TellFirstDay>(|_, tx, c, m| {
                    Box::pin(run::tell_first_day::tell_first_day(tx, c, m))
                })
                .command::<SetRight>(|_, tx, c, m| Box::pin(run::set_right::set_right(tx, c, m)))
                .command::<ReportCall>(|_, tx, c, m| Box::pin(run::report_call::report_call(tx, c, m)))
                .query::<QueueOf>(|a, _, q| Box::pin(queries::queue(a, q)))
                .query::<MyTickets>(|a, c, q| Box::pin(queries::my_tickets(a, c, q)))
                .query::<TicketOf>(|a, c, q| Box::pin(queries::ticket(a, c, q)))
                .query::<ReceiptOf>(|a, c, q| Box::pin(queries::receipt(a, c, q)))
                .query::<LineOf>(|a, c, q| Box::pin(queries::line(a, c, q)))
                .query::<WhoBegins>(|a, c, q| Box::pin(queries::who_begins(a, c, q)))
                .query::<HeadsOf>(|a, _, q| Box::pin(queries::heads(a, q)))
                .query::<LedgerOf>(|a, c, q| Box::pin(queries::ledger_page(a, c, q)))
                .query::<CallTasks>(|a, c, q| Box::pin(queries::calls(a, c, q)))
                .every(LOOK_EVERY, "move queues on", |a| Box::pin(run::move_on::move_on(a)))
                .every(HEADS_EVERY, "publish heads", |a| Box::pin(run::publish_heads::publish_heads(a)))
        },
    )
}
