//! Who takes the cores: seconds of CPU of this process, of its asking thread, and of the servers that were started
//! beside it, as Linux counts them. Nothing where there is no `/proc`.

use std::{fs, time::Instant};

use crate::report::Case;

/// Seconds in a tick of `/proc`; the same on all that we run on.
const TICK: f64 = 0.01;

/// Seconds of CPU so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seconds {
    platform: f64,
    postgres: f64,
    nats: f64,
    machine: f64,
}

/// How many cores each took on average.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shares {
    platform: f64,
    load: f64,
    postgres: f64,
    nats: f64,
    elsewhere: f64,
    /// Seconds over which that is.
    seconds: f64,
}

/// Counts from now on.
pub(super) struct Counting {
    began: Instant,
    before: Seconds,
}

impl Counting {
    pub(super) fn begin() -> Self {
        Self { began: Instant::now(), before: Seconds::now() }
    }

    /// The shares until now, of which this many seconds of this process were the asking thread's.
    pub(super) fn end(self, load_s: f64) -> Shares {
        let (after, seconds) = (Seconds::now(), self.began.elapsed().as_secs_f64());
        let share = |of: fn(&Seconds) -> f64| (of(&after) - of(&self.before)) / seconds;
        let (platform, postgres, nats) = (share(|s| s.platform), share(|s| s.postgres), share(|s| s.nats));
        Shares {
            platform: platform - load_s / seconds,
            load: load_s / seconds,
            postgres,
            nats,
            elsewhere: share(|s| s.machine) - platform - postgres - nats,
            seconds,
        }
    }
}

impl Shares {
    /// Adds them to a case, in cores.
    pub(super) fn tell(&self, case: &mut Case) {
        case.metric("cores_portal_and_services", self.platform);
        case.metric("cores_postgresql", self.postgres);
        case.metric("cores_nats", self.nats);
        case.metric("cores_load", self.load);
        case.metric("cores_elsewhere", self.elsewhere);
    }

    /// What each of so many costs in all, in microseconds of CPU.
    pub(super) fn cpu_us_each(&self, many: usize) -> f64 {
        (self.platform + self.load + self.postgres + self.nats) * self.seconds * 1e6 / many.max(1) as f64
    }

    /// Adds what each of so many costs, in microseconds of CPU: that says the same on a machine that does other things too.
    pub(super) fn tell_each(&self, case: &mut Case, many: usize) {
        let each = |cores: f64| cores * self.seconds * 1e6 / many.max(1) as f64;
        case.metric("cpu_us_each_portal_and_services", each(self.platform));
        case.metric("cpu_us_each_postgresql", each(self.postgres));
        case.metric("cpu_us_each_nats", each(self.nats));
        case.metric("cpu_us_each_load", each(self.load));
    }
}

impl Seconds {
    fn now() -> Self {
        let own = stat("self");
        let parent = own.as_ref().map_or(0, |own| own.parent);
        let mut seconds =
            Self { platform: own.map_or(0.0, |own| own.own), machine: machine(), ..Self::default() };
        let all: Vec<Stat> = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                stat(entry.ok()?.file_name().to_str()?.parse::<u32>().ok()?.to_string().as_str())
            })
            .collect();
        for server in all.iter().filter(|server| server.parent == parent) {
            match server.name.as_str() {
                "nats-server" => seconds.nats += server.own,
                "postgres" => {
                    let sessions = all.iter().filter(|process| process.parent == server.id);
                    seconds.postgres += server.own + server.gone + sessions.map(|one| one.own).sum::<f64>();
                }
                _ => {}
            }
        }
        seconds
    }
}

/// Seconds of CPU of this thread.
pub(super) fn of_this_thread() -> f64 {
    stat("thread-self").map_or(0.0, |thread| thread.own)
}

struct Stat {
    id: u32,
    name: String,
    parent: u32,
    own: f64,
    /// Of its children that ended.
    gone: f64,
}

fn stat(of: &str) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{of}/stat")).ok()?;
    let (before, after) = text.rsplit_once(") ")?;
    let (id, name) = before.split_once(" (")?;
    let fields: Vec<&str> = after.split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0) * TICK;
    Some(Stat {
        id: id.parse().ok()?,
        name: name.to_owned(),
        parent: fields.get(1)?.parse().ok()?,
        own: ticks(11) + ticks(12),
        gone: ticks(13) + ticks(14),
    })
}

/// Everything that was not idle, of the whole machine.
fn machine() -> f64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = first.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // user, nice, system, (idle, iowait), irq, softirq, steal
    [0, 1, 2, 5, 6, 7].iter().filter_map(|at| ticks.get(*at)).sum::<f64>() * TICK
}
