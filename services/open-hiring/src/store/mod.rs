//! All SQL of this service, one file per table.

pub(crate) mod call_tasks;
pub(crate) mod confirmations;
pub(crate) mod heads;
pub(crate) mod ledger;
pub(crate) mod openings;
pub(crate) mod places;
pub(crate) mod queues;
pub(crate) mod tickets;
pub(crate) mod ways_told;

use chassis::Fault;

/// A value that only this program writes, and the table checks.
fn known<T>(value: Option<T>, what: &'static str) -> Result<T, Fault> {
    value.ok_or_else(|| Fault::broken(what, "the table holds a word that this program does not know"))
}
