//! What the watchdog measures. docs/metrics.md has the limits.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

use crate::telemetry::ServiceLabels;

/// Labels of an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct AlarmLabels {
    /// Whose.
    pub service: &'static str,
    /// Which.
    pub kind: &'static str,
}

/// Labels of a reading.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ReadingLabels {
    /// Who reads.
    pub service: &'static str,
    /// The durable consumer.
    pub consumer: String,
}

/// A measure with a fraction.
pub type Fraction = Gauge<f64, AtomicU64>;

/// Declares metrics; what stands above each is also what `/metrics` says about it.
macro_rules! gauges {
    ($($(#[doc = $help:literal])+ $name:ident: $kind:ty,)+) => {
        /// What the watchdog measures, and two counts that overload and lost commits leave.
        #[derive(Debug, Default)]
        pub struct Gauges { $($(#[doc = $help])+ pub $name: $kind,)+ }

        impl Gauges {
            /// Their names, without `dbj_` and what the format adds.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];

            pub(crate) fn register(&self, registry: &mut Registry) {
                $(registry.register(
                    stringify!($name),
                    concat!($($help),+).trim().trim_end_matches('.'),
                    self.$name.clone(),
                );)+
            }
        }
    };
}

gauges! {
    /// 1 while something needs a person.
    alarm: Family<AlarmLabels, Gauge>,
    /// 1 when the service can be asked.
    ready: Family<ServiceLabels, Gauge>,
    /// Calls answered "not now" because too many were in hand.
    calls_turned_away: Family<ServiceLabels, Counter>,
    /// Commits whose outcome was lost and then read from the answers.
    commits_unclear: Family<ServiceLabels, Counter>,
    /// Events not yet sent.
    outbox_waiting: Family<ServiceLabels, Gauge>,
    /// Events of others that wait, in hand included.
    reading_waiting: Family<ReadingLabels, Gauge>,
    /// Age of the oldest event of others that waits, at most.
    reading_age_seconds: Family<ReadingLabels, Fraction>,
    /// Times that reading had silently stopped and was begun again.
    readings_restarted: Family<ServiceLabels, Counter>,
    /// Events between two attempts.
    events_failing: Family<ServiceLabels, Gauge>,
    /// Since when the oldest of them fails.
    events_failing_seconds: Family<ServiceLabels, Fraction>,
    /// Events given up, not yet retried or put away.
    dead_letters_open: Family<ServiceLabels, Gauge>,
    /// Dead rows in outbox, inbox and answers.
    dead_rows: Family<ServiceLabels, Gauge>,
    /// Age of the oldest transaction in the database.
    oldest_transaction_seconds: Family<ServiceLabels, Fraction>,
    /// 1 when PostgreSQL answered the last look.
    postgres_answers: Family<ServiceLabels, Gauge>,
    /// Open connections to PostgreSQL.
    pool_connections: Family<ServiceLabels, Gauge>,
    /// Of those, not in use.
    pool_idle: Family<ServiceLabels, Gauge>,
    /// This machine's clock minus that of PostgreSQL.
    clock_difference_seconds: Family<ServiceLabels, Fraction>,
    /// 1 when connected to NATS.
    nats_connected: Family<ServiceLabels, Gauge>,
    /// Subjects that NATS refused.
    nats_forbidden: Family<ServiceLabels, Counter>,
    /// Times that the client could not keep up and dropped messages.
    nats_slow_consumers: Family<ServiceLabels, Counter>,
}
