//! What stands before the portals: it spreads connections over those that are ready, and tries another when one
//! refuses. Any proxy of an operator does at least this.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::installation::Replica;

/// How often it asks who is ready.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// What it waits for the word of a replica; one that says nothing is not ready.
const LOOK: Duration = Duration::from_millis(500);

#[derive(Clone)]
struct Upstream {
    pages: String,
    health: String,
    ready: bool,
}

type Upstreams = Arc<Mutex<Vec<Option<Upstream>>>>;

/// A balancer for HTTP, connection by connection.
pub struct Balancer {
    /// Where it listens, as people type it.
    pub address: String,
    upstreams: Upstreams,
    _tasks: JoinSet<()>,
}

fn with<R>(upstreams: &Upstreams, change: impl FnOnce(&mut Vec<Option<Upstream>>) -> R) -> R {
    change(&mut upstreams.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Balancer {
    /// Listens; nobody is behind it yet.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it has an address"));
        let upstreams = Upstreams::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, upstreams.clone()));
        tasks.spawn(look(upstreams.clone()));
        Self { address, upstreams, _tasks: tasks }
    }

    /// Puts a portal that is ready in this place.
    pub fn put(&self, place: usize, portal: &Replica) {
        let pages = portal.pages.trim_start_matches("http://").to_owned();
        let upstream = Upstream { pages, health: portal.health.clone(), ready: true };
        with(&self.upstreams, |upstreams| {
            upstreams.resize(upstreams.len().max(place + 1), None);
            upstreams[place] = Some(upstream);
        });
    }
}

async fn accept(listener: TcpListener, upstreams: Upstreams) {
    let turn = AtomicUsize::new(0);
    let mut connections = JoinSet::new();
    loop {
        let Ok((mut visitor, _)) = listener.accept().await else { continue };
        let first = turn.fetch_add(1, Ordering::Relaxed);
        let candidates = with(&upstreams, |upstreams| {
            let there: Vec<Upstream> = upstreams.iter().flatten().cloned().collect();
            let ready: Vec<Upstream> = there.iter().filter(|one| one.ready).cloned().collect();
            // With nobody ready any answer is better than none.
            if ready.is_empty() { there } else { ready }
        });
        connections.spawn(async move {
            for offset in 0..candidates.len() {
                let upstream = &candidates[(first + offset) % candidates.len()];
                if let Ok(mut portal) = TcpStream::connect(&upstream.pages).await {
                    let _ = copy_bidirectional(&mut visitor, &mut portal).await;
                    return;
                }
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn look(upstreams: Upstreams) {
    let client = reqwest::Client::builder().no_proxy().timeout(LOOK).build().expect("a client");
    loop {
        let there = with(&upstreams, |upstreams| upstreams.clone());
        let asked = there.iter().map(async |upstream| {
            let Some(upstream) = upstream else { return false };
            let answer = client.get(format!("{}/ready", upstream.health)).send().await;
            answer.is_ok_and(|answer| answer.status().is_success())
        });
        let ready = futures::future::join_all(asked).await;
        with(&upstreams, |upstreams| {
            for ((now, asked), ready) in upstreams.iter_mut().zip(&there).zip(ready) {
                // Another one may have come in its place meanwhile.
                if let (Some(now), Some(asked)) = (now, asked)
                    && now.health == asked.health
                {
                    now.ready = ready;
                }
            }
        });
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
