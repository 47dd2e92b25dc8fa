//! W3C trace context, carried by hand along calls and events.

use std::{fmt, str::FromStr};

use crate::chance::Chance;

tokio::task_local! {
    static CURRENT: Trace;
}

/// One unit of work in a longer chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    trace_id: u128,
    span_id: u64,
}

impl Trace {
    /// Starts a chain.
    pub fn start(chance: &dyn Chance) -> Self {
        let (mut trace, mut span) = ([0; 16], [0; 8]);
        chance.fill(&mut trace);
        chance.fill(&mut span);
        // All zeroes is not a valid id.
        Self { trace_id: u128::from_be_bytes(trace) | 1, span_id: u64::from_be_bytes(span) | 1 }
    }

    /// Continues a chain with a span of its own; starts one when there is none.
    pub fn follow(parent: Option<Self>, chance: &dyn Chance) -> Self {
        let fresh = Self::start(chance);
        parent.map_or(fresh, |parent| Self { trace_id: parent.trace_id, ..fresh })
    }

    /// The chain this task works in.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|trace| *trace).ok()
    }

    /// Runs a future as part of this chain.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }

    /// The chain's id, to find all that belongs together in the logs.
    pub fn id(self) -> String {
        format!("{:032x}", self.trace_id)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-01", self.trace_id, self.span_id)
    }
}

impl FromStr for Trace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('-');
        let (Some("00"), Some(trace), Some(span), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(());
        };
        if trace.len() != 32 || span.len() != 16 {
            return Err(());
        }
        let trace_id = u128::from_str_radix(trace, 16).map_err(|_| ())?;
        let span_id = u64::from_str_radix(span, 16).map_err(|_| ())?;
        if trace_id == 0 || span_id == 0 { Err(()) } else { Ok(Self { trace_id, span_id }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_reads_back_and_nonsense_does_not() {
        let trace: Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap();
        assert_eq!(trace.to_string().parse(), Ok(trace));
        for nonsense in ["", "00-0-0-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "é"] {
            assert!(nonsense.parse::<Trace>().is_err(), "{nonsense}");
        }
    }
}
