//! Alarms: what needs a person, from when to when.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use proto::Service;

use super::gauges::AlarmLabels;
use crate::telemetry::Metrics;

/// What can need a person; docs/metrics.md says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKind {
    /// PostgreSQL does not answer.
    Postgres,
    /// NATS is away.
    Nats,
    /// NATS refused a subject.
    Forbidden,
    /// The client dropped messages.
    SlowConsumer,
    /// An event waits too long to be sent.
    Outbox,
    /// An event of others waits too long to take effect.
    Reading,
    /// Events wait and nothing moves.
    Stalled,
    /// An event fails again and again.
    Failing,
    /// A dead letter is open.
    DeadLetters,
    /// Too many dead rows.
    DeadRows,
    /// A transaction is open too long.
    OldTransaction,
    /// The clocks differ.
    Clock,
}

impl AlarmKind {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::Postgres,
        Self::Nats,
        Self::Forbidden,
        Self::SlowConsumer,
        Self::Outbox,
        Self::Reading,
        Self::Stalled,
        Self::Failing,
        Self::DeadLetters,
        Self::DeadRows,
        Self::OldTransaction,
        Self::Clock,
    ];

    /// Its name in metrics and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Nats => "nats",
            Self::Forbidden => "forbidden",
            Self::SlowConsumer => "slow_consumer",
            Self::Outbox => "outbox",
            Self::Reading => "reading",
            Self::Stalled => "stalled",
            Self::Failing => "failing",
            Self::DeadLetters => "dead_letters",
            Self::DeadRows => "dead_rows",
            Self::OldTransaction => "old_transaction",
            Self::Clock => "clock",
        }
    }

    /// Whether a replica with this alarm had better not be asked (RELIABILITY rule 13). What another replica would
    /// meet just as well, like a dead letter, is no reason.
    pub const fn makes_unready(self) -> bool {
        matches!(
            self,
            Self::Postgres | Self::Nats | Self::Forbidden | Self::SlowConsumer | Self::Outbox | Self::Stalled
        )
    }
}

/// The alarms of one service, as its watchdog last judged them.
#[derive(Debug)]
pub struct Alarms {
    service: Service,
    metrics: Arc<Metrics>,
    /// By kind and by what it is about: empty, or a consumer.
    on: Mutex<BTreeMap<(AlarmKind, String), String>>,
}

impl Alarms {
    pub(crate) fn new(service: Service, metrics: Arc<Metrics>) -> Self {
        let alarms = Self { service, metrics, on: Mutex::default() };
        for kind in AlarmKind::ALL {
            alarms.show(kind, false);
        }
        alarms
    }

    fn on(&self) -> MutexGuard<'_, BTreeMap<(AlarmKind, String), String>> {
        self.on.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, kind: AlarmKind, on: bool) {
        let labels = AlarmLabels { service: self.service.name(), kind: kind.name() };
        self.metrics.watch.alarm.get_or_create(&labels).set(i64::from(on));
    }

    /// Takes a judgement: a reason begins the alarm or keeps it, none ends it. One line in the log for each end.
    pub(crate) fn judge(&self, kind: AlarmKind, about: &str, reason: Option<String>) {
        let mut on = self.on();
        let key = (kind, about.to_owned());
        let (service, name) = (self.service, kind.name());
        match reason {
            Some(reason) => {
                if on.insert(key, reason.clone()).is_none() {
                    tracing::error!(%service, kind = name, about, %reason, "alarm begins");
                }
            }
            None => {
                if on.remove(&key).is_some() {
                    tracing::info!(%service, kind = name, about, "alarm ends");
                }
            }
        }
        let any = on.keys().any(|(other, _)| *other == kind);
        drop(on);
        self.show(kind, any);
    }

    /// Those that hold: kind and reason in words.
    pub fn now(&self) -> Vec<(AlarmKind, String)> {
        self.on().iter().map(|((kind, _), reason)| (*kind, reason.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_holds_as_long_as_anything_of_its_kind_does() {
        let metrics = Arc::new(Metrics::default());
        let alarms = Alarms::new(Service::Intake, metrics.clone());
        let shown = |value: u8| {
            metrics.text().contains(&format!("dbj_alarm{{service=\"intake\",kind=\"reading\"}} {value}"))
        };
        assert!(shown(0), "every alarm is there from the start, so that a rule can wait for it");
        alarms.judge(AlarmKind::Reading, "intake", Some("late".to_owned()));
        alarms.judge(AlarmKind::Reading, "intake--background", Some("late too".to_owned()));
        alarms.judge(AlarmKind::Reading, "intake", None);
        assert!(shown(1));
        assert_eq!(alarms.now(), [(AlarmKind::Reading, "late too".to_owned())]);
        alarms.judge(AlarmKind::Reading, "intake--background", None);
        assert!(shown(0) && alarms.now().is_empty());
    }
}
