//! Text messages that come in, brought by the gateway that carries ours (docs/sms.md).

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::post,
};
use chassis::clock;
use chrono::TimeDelta;
use proto::{
    Problem, Service, Status,
    intake::{Texter, WhoTexts},
    notifier::{Notice, NoticeContent, SendNotice},
    open_hiring::{AnswerByText, TextOutcome, TextTaken},
    work::Channel,
};
use serde::Deserialize;

use crate::{
    domain::signed_webhook::Signed,
    pages::failures::Happened,
    web::{guard::Access::Program, once::key_of, routes::Route, stop::Stop, visit::Visit},
};

/// Ten text messages in one, with everything else, have room.
const MOST_BYTES: usize = 8 * 1024;
/// After that a reply to a text message makes no sense any more.
const REPLY_WITHIN: TimeDelta = TimeDelta::hours(1);

/// The routes of this family.
pub(crate) fn routes() -> Vec<Route> {
    let take = || post(take);
    vec![Route { path: "/koppeling/sms", access: Program, max_bytes: Some(MOST_BYTES), methods: take }]
}

/// A text message, as the gateway brings it. Nothing of it is logged or kept here. More fields do no harm.
#[derive(Deserialize)]
struct TextMessage {
    /// The gateway's id for it: the same whenever it brings this message again.
    id: String,
    /// The number it came from, in international form.
    from: String,
    /// What it says.
    text: String,
}

/// Answers 204 to whatever it understood, also when the number is nobody's: the gateway has done its part, and learns
/// nothing. Only "not now" is worth another try.
async fn take(
    visit: Visit,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Stop> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Happened::TooLarge,
        _ => Happened::NotUnderstood,
    })?;
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = Signed {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let secret =
        visit.app.chassis.keys.sms_webhook().expect("the portal's keys hold what the gateway signs with");
    if !signed.holds(secret, &body, visit.now) {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    }
    // The error is not looked at: serde quotes what it stumbles over.
    let message: TextMessage = serde_json::from_slice(&body).map_err(|_| Happened::NotUnderstood)?;
    if message.id.is_empty() {
        return Err(Happened::NotUnderstood.into());
    }
    hear(&visit, &message).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Whose number it is, what it answers, and what she hears of it. Each step knows its repeat, so a message that is brought
/// again after any of them goes on where it broke off.
async fn hear(visit: &Visit, message: &TextMessage) -> Result<(), Stop> {
    // A name or a short number in place of a number is an advertiser's: nobody to answer.
    let Some(number) = international(&message.from) else { return Ok(()) };
    let bus = visit.app.chassis.bus.hasty();
    let who = WhoTexts { number: visit.seal(Service::Intake, &number) };
    let people: Vec<Texter> = bus.call_as_service(visit.new_key(), &who).await?;
    if people.is_empty() {
        return Ok(());
    }
    // The same message makes the same call, and gets the first answer.
    let key = key_of(visit, &("text message", &message.id, &number, &message.text));
    let answer = AnswerByText {
        people: people.iter().map(|texter| texter.seeker_id).collect(),
        text: visit.app.chassis.keys.seal_again(Service::OpenHiring, key, &message.text),
    };
    let taken = match bus.call_as_service(key, &answer).await {
        Ok(taken) => taken,
        // It was taken in before, when the number reached others, or its answer went with who was erased: that counts.
        Err(Problem { status: Status::KeyReused | Status::Gone, .. }) => return Ok(()),
        Err(problem) => return Err(problem.into()),
    };
    tracing::info!(outcome = taken.outcome.name(), "a text message was taken in");
    if taken.outcome != TextOutcome::Answered {
        reply(visit, &people, taken, number).await?;
    }
    Ok(())
}

/// Says what became of her message: to the number it came from, and the same at most once a day, so that an answering
/// machine and we do not talk to each other for ever.
async fn reply(visit: &Visit, people: &[Texter], taken: TextTaken, number: String) -> Result<(), Stop> {
    let about = people.iter().find(|texter| texter.seeker_id == taken.seeker_id);
    let notice = Notice {
        to: number,
        channel: Channel::Sms,
        language: about.map(|texter| texter.language).unwrap_or_default(),
        content: NoticeContent::TextReply {
            outcome: taken.outcome,
            page: format!("{}/mijn", visit.app.public_address()),
        },
    };
    let today = clock::day(visit.now);
    let send = SendNotice {
        cause: key_of(visit, &("reply to a text message", taken.seeker_id, taken.outcome, today)),
        recipient: taken.seeker_id.0,
        expires_at: visit.now + REPLY_WITHIN,
        notice: visit.seal(Service::Notifier, &notice),
    };
    match visit.app.chassis.bus.hasty().call_as_service(visit.new_key(), &send).await {
        // Or she is erased since a moment ago.
        Ok(_) | Err(Problem { status: Status::Gone, .. }) => Ok(()),
        Err(problem) => Err(problem.into()),
    }
}

/// A number in international form, with or without its plus; `None` for anything else.
fn international(from: &str) -> Option<String> {
    let digits = from.trim();
    let digits = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")).unwrap_or(digits);
    let is_number = (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gateways_write_numbers_with_and_without_a_plus() {
        for from in ["+31612345678", "31612345678", "0031612345678", " +31612345678 "] {
            assert_eq!(international(from).as_deref(), Some("+31612345678"), "{from}");
        }
        for from in
            ["", "0612345678", "3010", "Bol.com", "+3161234567a", "+31 6 12345678", "+1234567890123456"]
        {
            assert_eq!(international(from), None, "{from}");
        }
    }
}
