//! Exactly the subjects each NATS identity may use (RELIABILITY 1.4), from the tables of this crate.

use crate::{
    CallSpec, Kind, Service, Stream,
    catalogue::{self, READINGS},
};

/// The names on a NATS server: everything under one root, so that tests share a server without
/// meeting each other. In production the root is `dbj`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    root: String,
}

impl Default for Names {
    fn default() -> Self {
        Self { root: "dbj".to_owned() }
    }
}

impl Names {
    /// Names under another root, for tests: letters, digits and underscores only.
    pub fn under(root: &str) -> Self {
        assert!(
            !root.is_empty() && root.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
            "a root is letters, digits and underscores"
        );
        Self { root: root.to_owned() }
    }

    /// A full subject: `dbj.cmd.intake.register`.
    pub fn subject(&self, below_root: &str) -> String {
        format!("{}.{below_root}", self.root)
    }

    /// The stream's name on the server.
    pub fn stream(&self, stream: Stream) -> String {
        let name = match stream {
            Stream::Facts => "DICHTERBIJ",
            Stream::Background => "DBJ_BACKGROUND",
        };
        if self.root == "dbj" { name.to_owned() } else { format!("{name}_{}", self.root) }
    }

    /// The stream that keeps what the server says about streams and consumers.
    pub fn advisories(&self) -> String {
        if self.root == "dbj" { "DBJ_ADVISORIES".to_owned() } else { format!("DBJ_ADVISORIES_{}", self.root) }
    }

    /// What it captures: all about streams, consumers and servers, and under another root, where several installations share a server, only
    /// what is said about the streams of this one.
    pub fn advisory_subjects(&self) -> Vec<String> {
        if self.root == "dbj" {
            // All but `API`: that is one for every call of the server's own interface.
            return ["STREAM", "CONSUMER", "SERVER", "DOMAIN"]
                .map(|about| format!("$JS.EVENT.ADVISORY.{about}.>"))
                .to_vec();
        }
        Stream::ALL
            .into_iter()
            .map(|stream| self.stream(stream))
            .flat_map(|name| {
                [format!("$JS.EVENT.ADVISORY.*.*.{name}"), format!("$JS.EVENT.ADVISORY.*.*.{name}.>")]
            })
            .collect()
    }

    /// What the stream captures.
    pub fn stream_subjects(&self, stream: Stream) -> String {
        self.subject(&format!("{}.>", stream.subject_part()))
    }

    /// The wake-up of a service's relay, an empty core message.
    pub fn wake(&self, service: Service) -> String {
        self.subject(&format!("wake.{service}"))
    }

    /// Where a query goes for the second time, once the replica that has it is silent: to every replica of its
    /// service. Never a command: of two that have it in hand, one could refuse it and the other do it.
    pub fn again(&self, to: Service, verb: &str) -> String {
        self.subject(&format!("again.{to}.{verb}"))
    }

    /// The inbox prefix of a service's connection.
    pub fn inbox(&self, service: Service) -> String {
        format!("_INBOX_{}_{}", self.root, service.schema())
    }
}

/// What one identity may publish and subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    /// Subjects it may publish to.
    pub publish: Vec<String>,
    /// Subjects (with queue group after a space where it must have one) it may subscribe to.
    pub subscribe: Vec<String>,
}

/// The permissions of a service.
pub fn of_service(service: Service, names: &Names) -> Permissions {
    let mut publish = vec![names.wake(service)];
    for audit in catalogue::audits().filter(|audit| audit.by == service) {
        publish.push(names.subject(&audit.filter()));
        let (stream, durable) = (names.stream(audit.stream), audit.durable());
        // It reads its own events back, without content and without acknowledging, from where it wants.
        for verb in ["INFO", "MSG.NEXT", "RESET"] {
            publish.push(format!("$JS.API.CONSUMER.{verb}.{stream}.{durable}"));
        }
    }
    for call in catalogue::calls().filter(|call| call.callers.contains(&service)) {
        publish.push(names.subject(&call.subject()));
        if call.kind == Kind::Query {
            publish.push(names.again(call.to, call.verb));
        }
    }
    for reading in READINGS.iter().filter(|reading| reading.by == service) {
        let (stream, durable) = (names.stream(reading.stream), reading.durable());
        publish.push(format!("$JS.API.CONSUMER.INFO.{stream}.{durable}"));
        publish.push(format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"));
        // Acknowledgements, in the form of today and the one announced (v2).
        publish.push(format!("$JS.ACK.{stream}.{durable}.>"));
        publish.push(format!("$JS.ACK.*.*.{stream}.{durable}.>"));
    }
    // Intake sees for itself that the stream holds nothing any more about someone who is erased: it may ask
    // for the last of its own facts about one person, and for nothing else.
    for event in catalogue::EVENTS.iter().filter(|event| {
        service == Service::Intake && event.by == service && event.stream == Stream::Facts && !event.erases
    }) {
        let stream = names.stream(event.stream);
        publish.push(format!("$JS.API.DIRECT.GET.{stream}.{}", names.subject(&event.filter())));
    }
    let mut subscribe = vec![format!("{}.>", names.inbox(service)), names.wake(service)];
    if catalogue::calls().any(|call: &CallSpec| call.to == service) {
        subscribe.push(format!("{} {service}", names.subject(&format!("cmd.{service}.>"))));
        // Without a queue group: every replica hears it.
        subscribe.push(names.again(service, ">"));
    }
    Permissions { publish, subscribe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_portal_and_notifier_may_ask_intake_and_nobody_may_write_anothers_events() {
        let names = Names::default();
        for service in Service::ALL {
            let permissions = of_service(service, &names);
            let asks_intake = ["cmd", "again"].map(|way| {
                let start = format!("dbj.{way}.intake.");
                permissions.publish.iter().any(|subject| subject.starts_with(&start))
            });
            let may = matches!(service, Service::Portal | Service::Notifier);
            assert_eq!(asks_intake, [may, may], "{service}");
            for subject in permissions.publish.iter().filter(|subject| subject.starts_with("dbj.evt.")) {
                assert_eq!(*subject, format!("dbj.evt.{service}.>"));
            }
        }
    }

    #[test]
    fn only_intake_looks_into_the_stream_and_only_at_its_own_facts_about_one_person() {
        for service in Service::ALL {
            let permissions = of_service(service, &Names::default());
            let looks: Vec<_> = permissions
                .publish
                .iter()
                .filter(|subject| subject.contains("$JS.API") && !subject.contains("CONSUMER"))
                .collect();
            let expected: &[&str] = if service == Service::Intake {
                &[
                    "$JS.API.DIRECT.GET.DICHTERBIJ.dbj.evt.intake.profile_published.v1.*",
                    "$JS.API.DIRECT.GET.DICHTERBIJ.dbj.evt.intake.contact_confirmed.v1.*",
                    "$JS.API.DIRECT.GET.DICHTERBIJ.dbj.evt.intake.contact_changed.v1.*",
                    "$JS.API.DIRECT.GET.DICHTERBIJ.dbj.evt.intake.ways_changed.v1.*",
                ]
            } else {
                &[]
            };
            assert_eq!(looks, expected, "{service}");
        }
    }

    #[test]
    fn background_facts_have_no_reader_yet_but_who_says_them() {
        let readers: Vec<_> = Service::ALL
            .into_iter()
            .flat_map(|service| of_service(service, &Names::default()).publish)
            .filter(|subject| subject.contains("CONSUMER") && subject.contains("DBJ_BACKGROUND"))
            .collect();
        let expected = ["INFO", "MSG.NEXT", "RESET"]
            .map(|verb| format!("$JS.API.CONSUMER.{verb}.DBJ_BACKGROUND.audit--intake"));
        assert_eq!(readers, expected);
    }

    #[test]
    fn only_an_auditor_begins_to_read_again_and_only_with_its_own_events() {
        for service in Service::ALL {
            let permissions = of_service(service, &Names::default());
            let own = format!(".audit--{service}");
            for subject in permissions.publish.iter().filter(|subject| subject.contains(".RESET.")) {
                assert!(subject.ends_with(&own), "{service}: {subject}");
            }
        }
    }
}
