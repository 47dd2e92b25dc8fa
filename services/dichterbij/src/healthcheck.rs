//! `healthcheck`: for supervisors and container engines.

use std::{net::SocketAddr, time::Duration};

use chassis::Config;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::Failure;

/// How long the process may think about it.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the process said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It takes work.
    Ready,
    /// It is up, but something is not: one line each.
    NotReady(String),
}

/// Fails unless the process behind `DBJ_HEALTH` is ready.
pub async fn check() -> Result<(), Failure> {
    let config = Config::from_env()?;
    match ask(config.health).await? {
        Health::Ready => Ok(()),
        Health::NotReady(reasons) => Err(format!("not ready\n{}", reasons.trim_end()).into()),
    }
}

/// Asks one process whether it is ready.
pub async fn ask(address: SocketAddr) -> Result<Health, Failure> {
    let (is_well, body) = read(address, "/ready").await?;
    Ok(if is_well { Health::Ready } else { Health::NotReady(body) })
}

/// What needs a person in one process: one alarm a line, empty when there is none.
pub async fn alarms(address: SocketAddr) -> Result<String, Failure> {
    match read(address, "/alarms").await? {
        (true, alarms) => Ok(alarms),
        (false, answer) => Err(format!("{address} does not say its alarms: {}", answer.trim_end()).into()),
    }
}

/// One page, and whether it is the one asked for. A request of three lines needs no HTTP library.
async fn read(address: SocketAddr, path: &str) -> Result<(bool, String), Failure> {
    let asking = async {
        let mut connection = TcpStream::connect(address).await?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = timeout(PATIENCE, asking)
        .await
        .map_err(|_| format!("{address} does not answer within {} seconds", PATIENCE.as_secs()))?
        .map_err(|error| format!("nothing answers at {address} (DBJ_HEALTH): {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok((head.starts_with("HTTP/1.1 200 "), body.to_owned()))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    async fn answering(answer: &'static str) -> Result<Health, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = [0; 512];
            let _ = connection.read(&mut request).await.unwrap();
            connection.write_all(answer.as_bytes()).await.unwrap();
        });
        ask(address).await
    }

    #[tokio::test]
    async fn ready_is_ready_and_anything_else_gives_its_reasons() {
        assert_eq!(answering("HTTP/1.1 200 OK\r\n\r\nready\n").await.unwrap(), Health::Ready);
        let not =
            answering("HTTP/1.1 503 Service Unavailable\r\n\r\nmatcher: not level yet\n").await.unwrap();
        assert_eq!(not, Health::NotReady("matcher: not level yet\n".to_owned()));
    }

    #[tokio::test]
    async fn an_address_where_nothing_listens_is_said() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(ask(address).await.unwrap_err().to_string().contains("DBJ_HEALTH"));
    }
}
