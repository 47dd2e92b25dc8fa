//! People with their browsers at the button: what each sends when the line opens.

use std::io::Write as _;

use chassis::{Chance as _, Keys, chance::OsChance};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proto::{OpeningId, SeekerId, Service as Name, TicketId, open_hiring::Ways};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    load::{Answered, Requests},
    stage::Stage,
};
use crate::Failure;

/// Sessions that are written in one statement.
const TOGETHER: usize = 5_000;
/// People of one network: fewer than come in freely.
const OF_A_NETWORK: usize = 150;
/// The cookie of a session, and the one that keeps which code a browser waits for.
const SESSION: &str = "__Host-dbj-sessie";
const CODE: &str = "__Host-dbj-code";

/// Who signs up: known people who are signed in, or new ones with their name and number.
pub(super) enum People {
    /// Signed in.
    Known { lines: Vec<OpeningId>, sessions: Vec<Session> },
    /// Not signed in; so many.
    New { line: OpeningId, first: usize, count: usize },
}

/// A session, and how its person can be reached, as sealed into her form.
pub(super) struct Session {
    pub(super) seeker_id: SeekerId,
    pub(super) token: String,
    sealed: String,
}

/// Signs these people in: sessions in the portal's table, and the sealed field that the form gave them.
pub(super) async fn sign_in(stage: &Stage, people: Vec<SeekerId>) -> Result<Vec<Session>, Failure> {
    let keys = stage.test.keys(Name::Portal);
    let ways = Ways { message: true, call: true, second_number: false, adviser: false };
    let session = move |seeker_id: SeekerId, keys: &Keys| {
        let known = json!({ "seeker_id": seeker_id, "ways": ways });
        let sealed = keys.seal(Name::Portal, &known).base64;
        let sealed = utf8_percent_encode(&sealed, NON_ALPHANUMERIC).to_string();
        Session { seeker_id, token: OsChance.token(), sealed }
    };
    let half = people.len() / 2;
    let parts = [people[..half].to_vec(), people[half..].to_vec()].map(|part| {
        let keys = keys.clone();
        tokio::task::spawn_blocking(move || part.into_iter().map(|id| session(id, &keys)).collect::<Vec<_>>())
    });
    let mut sessions = Vec::with_capacity(people.len());
    for part in parts {
        sessions.extend(part.await?);
    }
    for some in sessions.chunks(TOGETHER) {
        let tokens: Vec<&str> = some.iter().map(|session| session.token.as_str()).collect();
        let ids: Vec<Uuid> = some.iter().map(|session| session.seeker_id.0).collect();
        sqlx::query(
            "insert into sessions (token_hash, kind, seeker_id, started_at, seen_at)
             select sha256(token::bytea), 'seeker', seeker_id, now(), now()
             from unnest($1::text[], $2::uuid[]) as t (token, seeker_id)",
        )
        .bind(&tokens)
        .bind(&ids)
        .execute(stage.test.pool(Name::Portal))
        .await?;
    }
    Ok(sessions)
}

impl People {
    /// So many who are signed in, and stand before these lines in turn.
    pub(super) async fn known(stage: &Stage, lines: &[OpeningId], count: usize) -> Result<Self, Failure> {
        let people = (0..count).map(|_| SeekerId(OsChance.uuid_v4())).collect();
        Ok(Self::Known { lines: lines.to_vec(), sessions: sign_in(stage, people).await? })
    }

    /// So many whom nobody knows; numbers from `first` on are theirs.
    pub(super) const fn new(line: OpeningId, first: usize, count: usize) -> Self {
        Self::New { line, first, count }
    }

    /// The line before which somebody stands.
    pub(super) fn line_of(&self, number: usize) -> OpeningId {
        match self {
            Self::Known { lines, .. } => lines[number % lines.len()],
            Self::New { line, .. } => *line,
        }
    }

    /// The place in line that an answer gave, and its person when she was known; nothing when it gave none.
    pub(super) fn ticket(&self, keys: &Keys, answered: &Answered) -> Option<(TicketId, Option<SeekerId>)> {
        if answered.status != 303 {
            return None;
        }
        match self {
            Self::Known { sessions, .. } => {
                let ticket = answered.location.strip_prefix("/mijn/rij/")?.parse().ok()?;
                Some((ticket, Some(sessions[answered.number].seeker_id)))
            }
            Self::New { .. } => {
                let sealed = answered.cookie.strip_prefix(CODE)?.strip_prefix('=')?;
                let sealed = percent_encoding::percent_decode_str(sealed).decode_utf8().ok()?.into_owned();
                let waiting: Value = keys.open(&proto::Sealed::from_base64(sealed)).ok()?;
                let ticket = waiting.get("line")?.get("ticket_id")?.clone();
                Some((serde_json::from_value(ticket).ok()?, None))
            }
        }
    }
}

impl Requests for People {
    fn count(&self) -> usize {
        match self {
            Self::Known { sessions, .. } => sessions.len(),
            Self::New { count, .. } => *count,
        }
    }

    fn write(&self, number: usize, host: &str, out: &mut Vec<u8>) {
        let (body, own) = match self {
            Self::Known { sessions, .. } => {
                let Session { token, sealed, .. } = &sessions[number];
                let body = format!("key=01234567-89ab-4def-8123-456789abcdef&hoe={sealed}");
                (body, format!("cookie: {SESSION}={token}\r\n"))
            }
            Self::New { first, .. } => {
                let number = first + number;
                let body = format!(
                    "key=01234567-89ab-4def-8123-456789abcdef&naam=Samira&contact=06{:08}",
                    10_000_000 + number
                );
                let network = number / OF_A_NETWORK;
                (body, format!("x-forwarded-for: 10.{}.{}.7\r\n", network / 256, network % 256))
            }
        };
        let line = self.line_of(number);
        let _ = write!(
            out,
            "POST /rij/{line}/aanmelden HTTP/1.1\r\nhost: {host}\r\n{own}sec-fetch-site: same-origin\r\n\
             accept-language: nl\r\naccept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
    }
}

/// Those who look at their place, each with her session.
pub(super) struct Readers(pub(super) Vec<(TicketId, Session)>);

impl Requests for Readers {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn write(&self, number: usize, host: &str, out: &mut Vec<u8>) {
        let (ticket, Session { token, .. }) = &self.0[number];
        let _ = write!(
            out,
            "GET /mijn/rij/{ticket} HTTP/1.1\r\nhost: {host}\r\ncookie: {SESSION}={token}\r\n\
             sec-fetch-site: same-origin\r\naccept-language: nl\r\naccept: text/html\r\n\r\n"
        );
    }
}
