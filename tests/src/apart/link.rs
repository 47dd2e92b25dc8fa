//! A connection to a server that can be cut without either side hearing of it.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinSet,
};

/// Passes bytes between whoever connects to it and a server; or holds them, while all connections stay open.
pub struct Link {
    /// Where to connect to.
    pub address: SocketAddr,
    open: watch::Sender<bool>,
    _task: JoinSet<()>,
}

impl Link {
    /// An open link to a server on this machine.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let (open, is_open) = watch::channel(true);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut passing = JoinSet::new();
            loop {
                let Ok((near, _)) = listener.accept().await else { continue };
                let is_open = is_open.clone();
                passing.spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                    tokio::join!(pass(near_in, far_out, is_open.clone()), pass(far_in, near_out, is_open));
                });
            }
        });
        Self { address, open, _task: task }
    }

    /// From now on no byte passes, either way.
    pub fn cut(&self) {
        let _ = self.open.send(false);
    }

    /// What was held passes, and what follows.
    pub fn mend(&self) {
        let _ = self.open.send(true);
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut is_open: watch::Receiver<bool>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if is_open.wait_for(|open| *open).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
    // The end of a connection is news too.
    let _ = is_open.wait_for(|open| *open).await;
}
