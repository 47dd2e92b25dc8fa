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
//! By now these are the rules; the service around them follows.

pub mod domain;
pub mod verify;
