//! How a link is bad for a while (RELIABILITY T18).

use std::time::Duration;

use super::{History, Proxy, Weather};

/// How a link is bad.
#[derive(Debug, Clone, Copy)]
pub enum Bad {
    /// 200 ms each way.
    Slow,
    /// Everything arrives byte by byte.
    ByteByByte,
    /// One piece of data in a hundred finds it cut.
    CutAtRandom,
    /// Every connection is cut once.
    Cut,
    /// Nothing arrives at the server for some seconds.
    OneWay,
    /// Nothing comes back for some seconds.
    NoWayBack,
    /// Connections that are there stay open and carry nothing any more; new ones work.
    HalfOpen,
}

impl Bad {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Slow,
        Self::ByteByByte,
        Self::CutAtRandom,
        Self::Cut,
        Self::OneWay,
        Self::NoWayBack,
        Self::HalfOpen,
    ];

    /// Its name in the counts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slow => "slow link",
            Self::ByteByByte => "byte by byte",
            Self::CutAtRandom => "link cut at random",
            Self::Cut => "link cut",
            Self::OneWay => "one-way link",
            Self::NoWayBack => "link without a way back",
            Self::HalfOpen => "half-open link",
        }
    }

    /// For a while; fair again afterwards.
    pub async fn is(self, link: &Proxy, history: &History) {
        let fair = Weather::FAIR;
        let while_silent = Duration::from_secs(4);
        match self {
            Self::Slow => {
                link.set(Weather { delay: Duration::from_millis(200), ..fair });
                history.goes_on(3).await;
            }
            Self::ByteByByte => {
                link.set(Weather { single_bytes: true, ..fair });
                history.goes_on(10).await;
            }
            Self::CutAtRandom => {
                link.set(Weather { cuts: 10, ..fair });
                let before = link.cuts();
                while link.cuts() < before + 3 {
                    history.goes_on(1).await;
                }
            }
            Self::Cut => drop(link.cut()),
            Self::OneWay => {
                link.set(Weather { there: false, ..fair });
                tokio::time::sleep(while_silent).await;
            }
            Self::NoWayBack => {
                link.set(Weather { back: false, ..fair });
                tokio::time::sleep(while_silent).await;
            }
            Self::HalfOpen => link.lose(),
        }
        link.set(fair);
    }
}
