//! How far a long step is: a line that moves in a terminal, one line at the end elsewhere.

use std::{
    io::{IsTerminal as _, Write as _, stdout},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

/// One step.
pub(super) struct Progress {
    what: &'static str,
    all: usize,
    done: AtomicUsize,
    began: Instant,
    moves: bool,
}

impl Progress {
    pub(super) fn new(what: &'static str, all: usize) -> Self {
        Self { what, all, done: AtomicUsize::new(0), began: Instant::now(), moves: stdout().is_terminal() }
    }

    pub(super) fn add(&self, more: usize) {
        let done = self.done.fetch_add(more, Ordering::Relaxed) + more;
        if self.moves {
            print!("\r    {done} of {} {}", self.all, self.what);
            let _ = stdout().flush();
        }
    }

    pub(super) fn done(&self) {
        let back = if self.moves { "\r\x1b[K" } else { "" };
        println!("{back}    {:>6} {:<22} {:>6.1} s", self.all, self.what, self.began.elapsed().as_secs_f64());
    }
}
