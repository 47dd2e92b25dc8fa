//! Whoever makes the requests: HTTP written by hand on connections that stay open, on a thread of its own, so that it
//! takes as little as possible of the cores that it shares with what is measured.

use std::{
    cell::Cell,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::LocalSet,
};

use super::shares;
use crate::Failure;

/// What is asked for, by number.
pub(super) trait Requests: Send + Sync + 'static {
    /// How many there are.
    fn count(&self) -> usize;
    /// Writes one as a browser sends it.
    fn write(&self, number: usize, host: &str, out: &mut Vec<u8>);
}

/// One that was answered, with its times since the load began.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub(super) number: usize,
    pub(super) sent: Duration,
    pub(super) came: Duration,
    pub(super) status: u16,
    pub(super) location: String,
    /// The first cookie that was set: name and value.
    pub(super) cookie: String,
    /// Whether the page has this part; nothing is kept of it.
    pub(super) has_part: bool,
}

impl Answered {
    pub(super) fn took(&self) -> Duration {
        self.came.saturating_sub(self.sent)
    }
}

/// What a load came to.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) answered: Vec<Answered>,
    /// Connections that ended without an answer.
    pub(super) broken: usize,
    /// From the first request to the last answer.
    pub(super) took: Duration,
    /// Seconds of CPU of the thread that asked.
    pub(super) cpu_s: f64,
}

/// How requests leave.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pace {
    /// So many connections, each with its next request as soon as it has its answer.
    AsAnswered { connections: usize },
    /// A connection for each request that there is, which is made again and again; one of them every so often.
    Every { each: Duration },
}

/// Makes requests for so long, or until there are none left.
pub(super) async fn load(
    address: SocketAddr,
    requests: Arc<impl Requests>,
    pace: Pace,
    how_long: Duration,
) -> Result<Loaded, Failure> {
    let (done, told) = tokio::sync::oneshot::channel();
    thread::Builder::new().name("load".to_owned()).spawn(move || {
        let _ = done.send(on_this_thread(address, &requests, pace, how_long));
    })?;
    told.await?.map_err(Failure::from)
}

fn on_this_thread<R: Requests>(
    address: SocketAddr,
    requests: &Arc<R>,
    pace: Pace,
    how_long: Duration,
) -> std::io::Result<Loaded> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let cpu_before = shares::of_this_thread();
    let mut loaded = LocalSet::new().block_on(&runtime, async {
        match pace {
            Pace::AsAnswered { connections } => as_answered(address, requests, connections, how_long).await,
            Pace::Every { each } => every(address, requests, each, how_long).await,
        }
    })?;
    loaded.cpu_s = shares::of_this_thread() - cpu_before;
    Ok(loaded)
}

async fn as_answered<R: Requests>(
    address: SocketAddr,
    requests: &Arc<R>,
    connections: usize,
    how_long: Duration,
) -> std::io::Result<Loaded> {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    let (next, began) = (Rc::new(Cell::new(0)), Instant::now());
    let asking = open.into_iter().map(|mut connection| {
        let (requests, next) = (requests.clone(), next.clone());
        tokio::task::spawn_local(async move {
            let (mut answered, mut broken) = (Vec::new(), 0);
            while began.elapsed() < how_long {
                let number = next.get();
                if number >= requests.count() {
                    break;
                }
                next.set(number + 1);
                if let Ok(answer) = connection.ask(&*requests, number, began).await {
                    answered.push(answer);
                } else {
                    broken += 1;
                    match Connection::open(address).await {
                        Ok(new) => connection = new,
                        Err(_) => break,
                    }
                }
            }
            (answered, broken)
        })
    });
    let mut loaded = Loaded::default();
    for asked in asking.collect::<Vec<_>>() {
        let (answered, broken) = asked.await.map_err(std::io::Error::other)?;
        loaded.answered.extend(answered);
        loaded.broken += broken;
    }
    loaded.took = loaded.answered.iter().map(|answered| answered.came).max().unwrap_or_default();
    Ok(loaded)
}

async fn every<R: Requests>(
    address: SocketAddr,
    requests: &Arc<R>,
    each: Duration,
    how_long: Duration,
) -> std::io::Result<Loaded> {
    let apart = each / u32::try_from(requests.count().max(1)).unwrap_or(u32::MAX);
    let mut open = Vec::with_capacity(requests.count());
    for _ in 0..requests.count() {
        open.push(Connection::open(address).await?);
    }
    let began = Instant::now();
    let asking = open.into_iter().enumerate().map(|(number, mut connection)| {
        let requests = requests.clone();
        tokio::task::spawn_local(async move {
            let (mut answered, mut broken) = (Vec::new(), 0);
            let mut due = apart * number as u32;
            while due < how_long {
                tokio::time::sleep_until((began + due).into()).await;
                if let Ok(answer) = connection.ask(&*requests, number, began).await {
                    answered.push(answer);
                } else {
                    broken += 1;
                    match Connection::open(address).await {
                        Ok(new) => connection = new,
                        Err(_) => break,
                    }
                }
                due += each;
            }
            (answered, broken)
        })
    });
    let mut loaded = Loaded::default();
    for asked in asking.collect::<Vec<_>>() {
        let (answered, broken) = asked.await.map_err(std::io::Error::other)?;
        loaded.answered.extend(answered);
        loaded.broken += broken;
    }
    loaded.took = began.elapsed();
    Ok(loaded)
}

/// The part of a ticket's page that changes by itself.
const PART: &[u8] = b"id=\"plek\"";

struct Connection {
    stream: TcpStream,
    host: String,
    out: Vec<u8>,
    back: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host: address.to_string(),
            out: Vec::with_capacity(1_024),
            back: Vec::with_capacity(4_096),
        })
    }

    async fn ask(
        &mut self,
        requests: &impl Requests,
        number: usize,
        began: Instant,
    ) -> std::io::Result<Answered> {
        self.out.clear();
        requests.write(number, &self.host, &mut self.out);
        let sent = began.elapsed();
        self.stream.write_all(&self.out).await?;
        self.back.clear();
        let head = loop {
            self.more().await?;
            if let Some(end) = find(&self.back, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = &self.back[..head];
        let status = headers.get(9..12).map(text).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let length =
            header(headers, b"\r\ncontent-length: ").map(text).and_then(|digits| digits.parse().ok());
        let length: usize = length.ok_or_else(|| std::io::Error::other("an answer without a length"))?;
        let location = header(headers, b"\r\nlocation: ").map(text).unwrap_or_default();
        let cookie = header(headers, b"\r\nset-cookie: ").unwrap_or_default();
        let cookie = text(cookie.split(|byte| *byte == b';').next().unwrap_or_default());
        while self.back.len() < head + length {
            self.more().await?;
        }
        let answered = began.elapsed();
        let has_part = length > 0 && find(&self.back[head..], PART).is_some();
        Ok(Answered { number, sent, came: answered, status, location, cookie, has_part })
    }

    async fn more(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.back).await? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn header<'a>(headers: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let start = find(headers, name)? + name.len();
    let length = find(&headers[start..], b"\r\n")?;
    Some(&headers[start..start + length])
}
