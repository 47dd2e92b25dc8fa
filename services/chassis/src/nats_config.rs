//! Who may do what on the bus, as nats-server reads it: written from the tables in `proto`, never by hand.

use std::fmt::Write as _;

use proto::{
    Service, Stream,
    catalogue::calls,
    permissions::{Names, Permissions, of_service},
};

use crate::{keeper::DURABLE, keys::PublicKeys};

/// The inbox prefix of the administrator's connection.
pub fn administrator_inbox(names: &Names) -> String {
    let anything = names.subject("x");
    format!("_INBOX_{}_administrator", anything.strip_suffix(".x").unwrap_or(&anything))
}

/// The `authorization` block of the server's configuration: one nkey per service with exactly its
/// subjects, and the administrator, who makes streams and consumers, purges what is erased and touches no
/// message subject.
/// Whoever has no key of these has no access at all.
pub fn authorization(public: &PublicKeys, names: &Names) -> String {
    let mut text = String::from("authorization {\n  timeout: 2\n  users = [\n");
    for service in Service::ALL {
        let answers = calls().any(|call| call.to == service);
        user(&mut text, service.name(), public.of(service).nats(), &of_service(service, names), &[], answers);
    }
    let mut publish = vec!["$JS.API.>".to_owned()];
    for stream in Stream::ALL {
        // Acknowledgements of the keeper, in the form of today and the one announced (v2).
        let stream = names.stream(stream);
        publish.push(format!("$JS.ACK.{stream}.{DURABLE}.>"));
        publish.push(format!("$JS.ACK.*.*.{stream}.{DURABLE}.>"));
    }
    let administrator = Permissions { publish, subscribe: vec![format!("{}.>", administrator_inbox(names))] };
    // Said twice on purpose: an allow list that grows must not reach what services say to each other.
    let denied = [names.subject(">")];
    user(&mut text, "administrator", public.administrator_nats(), &administrator, &denied, false);
    text.push_str("  ]\n}\n");
    text
}

fn user(text: &mut String, name: &str, nkey: &str, may: &Permissions, denied: &[String], answers: bool) {
    // An empty allow list means "everything" to nats-server.
    assert!(!may.publish.is_empty() && !may.subscribe.is_empty(), "{name} would be allowed everything");
    let responses = if answers { "\n        allow_responses: { max: 1, expires: \"15s\" }" } else { "" };
    write!(
        text,
        "    {{
      # {name}
      nkey: {nkey}
      permissions: {{
        publish: {{{}{}
        }}
        subscribe: {{{}{}
        }}{responses}
      }}
    }}
",
        subjects("allow", &may.publish),
        subjects("deny", denied),
        subjects("allow", &may.subscribe),
        subjects("deny", denied),
    )
    .expect("writing to a String");
}

fn subjects(word: &str, subjects: &[String]) -> String {
    if subjects.is_empty() {
        return String::new();
    }
    // Names of services, verbs and streams: letters, digits, `_`, `-`, wildcards. Nothing to escape.
    let quoted: Vec<String> = subjects.iter().map(|subject| format!("\"{subject}\"")).collect();
    format!("\n          {word}: [\n            {}\n          ]", quoted.join("\n            "))
}

#[cfg(test)]
mod tests {
    use std::{
        path::{Path, PathBuf},
        process::Command,
    };

    use super::*;
    use crate::keys::{PublicKeys, TestFolder};

    fn text(root: &str) -> String {
        authorization(&PublicKeys::for_testing(), &Names::under(root))
    }

    #[test]
    fn every_identity_appears_once_and_no_secret_does() {
        let text = text("dbj");
        for service in Service::ALL {
            let nkey = PublicKeys::for_testing().of(service).nats().to_owned();
            assert_eq!(text.matches(&nkey).count(), 1, "{service}");
        }
        assert_eq!(text.matches("nkey: U").count(), Service::ALL.len() + 1);
        assert!(!text.contains("nkey: S") && !text.contains("password"));
    }

    #[test]
    fn who_answers_calls_may_answer_once_and_nobody_else() {
        for block in text("dbj").split("nkey: ").skip(1) {
            let service = Service::ALL
                .into_iter()
                .find(|service| block.starts_with(PublicKeys::for_testing().of(*service).nats()));
            let answers = service.is_some_and(|service| calls().any(|call| call.to == service));
            assert_eq!(block.contains("allow_responses"), answers, "{service:?}");
        }
    }

    #[test]
    fn the_administrator_stays_away_from_messages() {
        let text = text("t7");
        let administrator = text.split("# administrator").nth(1).unwrap();
        assert_eq!(administrator.matches("\"t7.>\"").count(), 2);
        assert!(administrator.contains("\"_INBOX_t7_administrator.>\""));
        assert_eq!(administrator.matches("allow:").count(), 2);
    }

    /// The server itself reads the block, if there is one on this machine (`make setup`).
    #[test]
    fn nats_server_accepts_the_block() {
        let Some(server) = nats_server() else {
            eprintln!("no nats-server here: not checked");
            return;
        };
        let folder = TestFolder::new("nats-config");
        let file = folder.path().join("nats.conf");
        for (text, accepted) in
            [(text("dbj"), true), (text("dbj").replace("allow_responses", "allow_all"), false)]
        {
            std::fs::write(&file, text).unwrap();
            let output = Command::new(&server).arg("-t").arg("-c").arg(&file).output().unwrap();
            assert_eq!(output.status.success(), accepted, "{}", String::from_utf8_lossy(&output.stderr));
        }
    }

    fn nats_server() -> Option<PathBuf> {
        let chosen = std::env::var_os("NATS_SERVER_BIN").map(PathBuf::from);
        let ours =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local/servers/nats_server/bin/nats-server");
        chosen.into_iter().chain([ours]).find(|path| path.is_file())
    }
}
