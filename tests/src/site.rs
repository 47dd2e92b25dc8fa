//! The platform with its pages, as a visitor finds it.

use std::{
    net::{TcpListener, UdpSocket},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use chassis::{
    Config,
    chance::{Chance as _, OsChance},
    harness::{TestPlatform, eventually},
};
use proto::{
    Actor, InvitationId, Role, Service,
    notifier::{Mailbox, MailboxItem},
    portal::{Invite, Invitee},
};
use reference::Reference;

use crate::browser::Browser;

/// Everything that runs, and where its pages are.
pub struct Site {
    /// The services.
    pub platform: TestPlatform,
    /// The address of the pages.
    pub address: String,
    assets: PathBuf,
}

impl Site {
    /// Starts every service with the small tables of reference data.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with other settings.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let reference = Arc::new(Reference::small());
        let port = free_port();
        let assets = assets(port);
        let folder = assets.clone();
        let services = vec![
            intake::service(reference.clone()),
            vacancies::service(reference.clone()),
            open_hiring::service(),
            matcher::service(reference.clone()),
            notifier::service(),
            portal::service(reference),
        ];
        let platform = TestPlatform::start_with(services, |config| {
            config.http = ([127, 0, 0, 1], port).into();
            config.assets = Some(folder);
            change(config);
        })
        .await;
        Self { platform, address: format!("http://127.0.0.1:{port}"), assets }
    }

    /// A new browser.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    /// Stops everything.
    pub async fn stop(self) {
        self.platform.stop().await;
        let _ = std::fs::remove_dir_all(&self.assets);
    }

    /// Invites someone as the operator's command line does.
    ///
    /// # Panics
    /// When the portal refuses.
    pub async fn invite(
        &self,
        email: &str,
        roles: &[Role],
        employer: Option<proto::EmployerId>,
        regions: &[&str],
    ) -> InvitationId {
        let invitee = Invitee { name: "Fatma de Vries".to_owned(), email: email.to_owned() };
        let command = Invite {
            invitee: self.platform.keys(Service::Portal).seal(Service::Portal, &invitee),
            roles: roles.to_vec(),
            employer_id: employer,
            regions: regions.iter().map(|region| (*region).to_owned()).collect(),
            organisation: "Werkgeversservicepunt Flevoland".to_owned(),
        };
        self.platform
            .ask(&Actor::Service { service: Service::Portal }, &command)
            .await
            .expect("the invitation is kept")
    }

    /// What was sent to this address or number, newest first.
    ///
    /// # Panics
    /// When the mailbox does not answer.
    pub async fn mailbox(&self, to: &str) -> Vec<MailboxItem> {
        // The mailbox is of the machine: the portal asks for whoever looks.
        let sealed =
            self.platform.ask(&Actor::Visitor, &Mailbox { limit: 200 }).await.expect("the mailbox answers");
        let all: Vec<MailboxItem> =
            self.platform.keys(Service::Portal).open(&sealed).expect("it is for the portal");
        all.into_iter().filter(|item| item.to == to).collect()
    }

    /// The six digits in the newest message to this address or number, once there are more than `after` of them.
    ///
    /// # Panics
    /// When no such message comes.
    pub async fn newest_code(&self, to: &str, after: usize) -> String {
        let mut code = String::new();
        eventually("the code arrives", async || {
            let messages = self.mailbox(to).await;
            let newest = messages.first().filter(|_| messages.len() > after);
            let mut words =
                newest.iter().flat_map(|item| item.body.split(|letter: char| !letter.is_ascii_digit()));
            words.find(|word| word.len() == 6).unwrap_or_default().clone_into(&mut code);
            !code.is_empty()
        })
        .await;
        code
    }
}

/// A port that is free and stays so for whoever asked: below those that the system gives to whoever connects, and claimed
/// until this test ends, also while the server that listens there is down. The claim is the same port of UDP, which nobody
/// else here uses and every test process sees.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    static CLAIMED: Mutex<Vec<UdpSocket>> = Mutex::new(Vec::new());
    let candidates = std::iter::repeat_with(|| 12_000 + (OsChance.jitter_ms(0..20_000)) as u16);
    let mut free = candidates.filter_map(|port| {
        let claim = UdpSocket::bind(("127.0.0.1", port)).ok()?;
        TcpListener::bind(("127.0.0.1", port)).ok()?;
        Some((port, claim))
    });
    let (port, claim) = free.next().expect("one of twenty thousand ports is free");
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner).push(claim);
    port
}

/// A folder with as much of the built assets as the pages ask for.
fn assets(port: u16) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("dbj-assets-{}-{port}", std::process::id()));
    fill_assets(&folder);
    folder
}

/// Puts as much of the built assets there as the pages ask for.
///
/// # Panics
/// When it cannot be written.
pub fn fill_assets(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder for assets");
    let names = ["portal.css", "portal.js", "icons.svg", "favicon.svg"];
    let manifest: Vec<String> = names.iter().map(|name| format!("\"{name}\":\"{name}\"")).collect();
    std::fs::write(folder.join("manifest.json"), format!("{{{}}}", manifest.join(","))).expect("a manifest");
    for name in names {
        std::fs::write(folder.join(name), "").expect("an asset");
    }
}
