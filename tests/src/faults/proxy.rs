//! A link between a service and a server that a test makes slow, cuts, or leaves half-open (RELIABILITY T18).

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

use super::Dice;

/// How a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// Each piece of data waits this long.
    pub delay: Duration,
    /// Data arrives byte by byte.
    pub single_bytes: bool,
    /// Out of a thousand pieces of data, so many find the link cut.
    pub cuts: u64,
    /// Whether anything arrives at the server.
    pub there: bool,
    /// Whether anything comes back.
    pub back: bool,
}

impl Weather {
    /// As a link should be.
    pub const FAIR: Self =
        Self { delay: Duration::ZERO, single_bytes: false, cuts: 0, there: true, back: true };
}

/// What every connection of a proxy looks at.
struct Sky {
    weather: watch::Receiver<Weather>,
    /// Connections up to this number are lost: open for ever, and nothing goes through.
    lost_up_to: watch::Receiver<u64>,
    /// Connections up to this number are cut.
    cut_up_to: watch::Receiver<u64>,
    dice: Dice,
    cuts: AtomicU64,
}

/// A proxy in front of a server.
pub struct Proxy {
    /// Where it listens, on this machine.
    pub port: u16,
    weather: watch::Sender<Weather>,
    lost_up_to: watch::Sender<u64>,
    cut_up_to: watch::Sender<u64>,
    connections: Arc<AtomicU64>,
    sky: Arc<Sky>,
    accepts: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a port of its own and passes everything on to this one.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(to: u16, dice: Dice) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (weather, seen) = watch::channel(Weather::FAIR);
        let (lost_up_to, lost) = watch::channel(0);
        let (cut_up_to, cut) = watch::channel(0);
        let sky = Sky { weather: seen, lost_up_to: lost, cut_up_to: cut, dice, cuts: AtomicU64::new(0) };
        let (sky, connections) = (Arc::new(sky), Arc::new(AtomicU64::new(0)));
        let (of_all, count) = (sky.clone(), connections.clone());
        let accepts = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::spawn(connection(client, to, number, of_all.clone()));
            }
        });
        Self { port, weather, lost_up_to, cut_up_to, connections, sky, accepts }
    }

    /// Makes the link so, for connections that are there and for new ones.
    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Every connection of now stays open and carries nothing any more; new ones are not touched. As when the other side
    /// lost its power, or a firewall forgot the connection.
    pub fn lose(&self) {
        self.lost_up_to.send_replace(self.connections.load(Ordering::SeqCst));
    }

    /// Cuts every connection of now; how many there ever were.
    pub fn cut(&self) -> u64 {
        let count = self.connections.load(Ordering::SeqCst);
        self.cut_up_to.send_replace(count);
        count
    }

    /// How many connections were cut at random.
    pub fn cuts(&self) -> u64 {
        self.sky.cuts.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepts.abort();
        self.cut();
    }
}

async fn connection(client: TcpStream, to: u16, number: u64, sky: Arc<Sky>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let mut cut = sky.cut_up_to.clone();
    tokio::select! {
        () = pump(from_client, to_server, number, &sky, |weather| weather.there) => (),
        () = pump(from_server, to_client, number, &sky, |weather| weather.back) => (),
        _ = cut.wait_for(|up_to| number <= *up_to) => (),
    }
}

/// Carries data one way until a side ends or the link is cut.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    number: u64,
    sky: &Sky,
    is_open: impl Fn(&Weather) -> bool + Copy,
) {
    let (mut weather, mut lost) = (sky.weather.clone(), sky.lost_up_to.clone());
    let mut piece = vec![0; 16 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut piece).await else { return };
        // What is under way waits, as it does where segments are sent again and again.
        if weather.wait_for(|weather| is_open(weather)).await.is_err() {
            return;
        }
        if lost.wait_for(|up_to| number > *up_to).await.is_err() {
            return;
        }
        let now = *weather.borrow();
        tokio::time::sleep(now.delay).await;
        if sky.dice.below(1_000) < now.cuts {
            sky.cuts.fetch_add(1, Ordering::SeqCst);
            return;
        }
        let pieces = if now.single_bytes { 1 } else { length };
        for part in piece[..length].chunks(pieces) {
            if to.write_all(part).await.is_err() {
                return;
            }
            if now.single_bytes {
                tokio::task::yield_now().await;
            }
        }
    }
}
