//! Logs and metrics. Neither ever holds personal data, tokens or bodies.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::watchdog::Gauges;

/// Starts logging as JSON lines on standard output.
pub fn start_logging(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false);
    // A second start (several platforms in one test process) keeps the first.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
}

/// Labels of a call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CallLabels {
    /// Who answered.
    pub service: &'static str,
    /// The verb.
    pub verb: &'static str,
    /// `ok` or the problem's status family.
    pub outcome: &'static str,
}

/// Labels of a service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ServiceLabels {
    /// Which.
    pub service: &'static str,
}

/// Labels of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct PageLabels {
    /// The route's pattern, never the address itself.
    pub route: String,
    /// The status.
    pub status: u16,
}

/// Every metric of the process, in one place.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Calls answered.
    pub calls: Family<CallLabels, Counter>,
    /// Seconds per call answered.
    pub call_seconds: Family<ServiceLabels, Histogram>,
    /// Age in seconds of the oldest event not yet published.
    pub outbox_age_seconds: Family<ServiceLabels, Gauge<f64, AtomicU64>>,
    /// Events published.
    pub events_published: Family<ServiceLabels, Counter>,
    /// Events applied.
    pub events_applied: Family<ServiceLabels, Counter>,
    /// Events that had been applied before.
    pub events_repeated: Family<ServiceLabels, Counter>,
    /// Events that the last audit did not find on the stream; 0 is right.
    pub events_missing: Family<ServiceLabels, Gauge>,
    /// Events that an audit gave back to the relay.
    pub events_refilled: Family<ServiceLabels, Counter>,
    /// Audits that read to the end.
    pub audits: Family<ServiceLabels, Counter>,
    /// Events that became dead letters.
    pub dead_letters: Family<ServiceLabels, Counter>,
    /// What the watchdog measures.
    pub watch: Gauges,
    /// Pages answered.
    pub pages: Family<PageLabels, Counter>,
    /// Erasures that somebody did not confirm within seven days; intake tells.
    pub erasures_overdue: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("dbj");
        let metrics = Self {
            calls: Family::default(),
            call_seconds: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.0005, 2.0, 15))
            }),
            outbox_age_seconds: Family::default(),
            events_published: Family::default(),
            events_applied: Family::default(),
            events_repeated: Family::default(),
            events_missing: Family::default(),
            events_refilled: Family::default(),
            audits: Family::default(),
            dead_letters: Family::default(),
            watch: Gauges::default(),
            pages: Family::default(),
            erasures_overdue: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("calls", "Calls answered", metrics.calls.clone());
        registry.register("call_seconds", "Seconds per call answered", metrics.call_seconds.clone());
        registry.register(
            "outbox_age_seconds",
            "Age of the oldest event not yet published",
            metrics.outbox_age_seconds.clone(),
        );
        registry.register("events_published", "Events published", metrics.events_published.clone());
        registry.register("events_applied", "Events applied", metrics.events_applied.clone());
        registry.register("events_repeated", "Events applied before", metrics.events_repeated.clone());
        registry.register(
            "events_missing",
            "Events that the last audit did not find on the stream",
            metrics.events_missing.clone(),
        );
        registry.register(
            "events_refilled",
            "Events that an audit gave back to the relay",
            metrics.events_refilled.clone(),
        );
        registry.register("audits", "Audits that read to the end", metrics.audits.clone());
        registry.register("dead_letters", "Events given up", metrics.dead_letters.clone());
        metrics.watch.register(&mut registry);
        registry.register("pages", "Pages answered", metrics.pages.clone());
        registry.register(
            "erasures_overdue",
            "Erasures not confirmed by everybody within seven days",
            metrics.erasures_overdue.clone(),
        );
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// The metrics in the text format of `OpenMetrics`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a string does not fail");
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::watchdog::AlarmKind;

    /// The first cells of the rows of a table: what stands between backticks.
    fn rows(page: &str) -> BTreeSet<&str> {
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
    }

    #[test]
    fn the_page_names_every_metric_and_every_alarm_and_no_other() {
        let page = include_str!("../../../docs/metrics.md");
        let (alarms, metrics) = page.split_once("## Metrics").unwrap();
        let kinds: BTreeSet<_> = AlarmKind::ALL.into_iter().map(AlarmKind::name).collect();
        assert_eq!(rows(alarms), kinds);

        let own = include_str!("telemetry.rs").split("mod tests").next().unwrap();
        let mut named: BTreeSet<&str> = Gauges::NAMES.iter().copied().collect();
        named.extend(own.split("registry.register(").skip(1).filter_map(|text| text.split('"').nth(1)));
        let told: BTreeSet<&str> = rows(metrics)
            .into_iter()
            .map(|name| name.strip_prefix("dbj_").expect("one prefix"))
            .map(|name| name.strip_suffix("_total").unwrap_or(name))
            .collect();
        assert_eq!(told, named);
    }
}
