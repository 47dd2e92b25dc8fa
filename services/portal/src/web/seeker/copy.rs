//! A copy of everything we keep about her: to read, and as a file; and erasing it all.

use chassis::clock;
use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use proto::{
    OpeningId,
    intake::{EraseMe, Export, MyExport},
    matcher::{Mark, MyMark, MyTrail, ShownProposal, Trail},
    vacancies::OpeningView,
};
use serde::Serialize;

use super::{
    consent::looks,
    details::Lists,
    mine::{self, layout, told},
};
use crate::{
    pages::{
        failures::Happened,
        register::consent_sentence,
        rights::{CopyPage, CopyPart, ErasePage, ErasedPage, ShownLine, consent_how},
        seeker::{Told, referral_words},
        work::Voice,
    },
    texts::Texts,
    use_cases::sign_in_staff,
    web::{
        cookies,
        fields::Fields,
        stop::Stop,
        view,
        visit::{Visit, go_to, page},
    },
};

/// Everything, from every service that keeps something.
struct Everything {
    export: Export,
    trail: Trail,
}

async fn everything(visit: &Visit) -> Result<Everything, Stop> {
    let seeker_id = visit.seeker()?;
    let (of_intake, of_matcher) = (MyExport { seeker_id }, MyTrail { seeker_id });
    let (export, trail) = tokio::join!(visit.ask(&of_intake), visit.ask(&of_matcher));
    Ok(Everything { export: visit.open(&export?)?, trail: trail? })
}

/// `/mijn/download`
pub(super) async fn copy(visit: Visit) -> Result<Response, Stop> {
    let Everything { export, trail } = everything(&visit).await?;
    let about = trail
        .shown
        .iter()
        .map(|shown| shown.opening_id)
        .chain(trail.marks.iter().map(|mark| mark.opening_id))
        .chain(trail.looks.iter().filter_map(|look| look.opening_id));
    let openings = mine::openings(&visit, about).await?;
    let l = layout(&visit, &export.details);
    page(&CopyPage {
        made: clock::local(visit.now),
        parts: parts(&visit, &export, &trail, &openings),
        shown: trail.shown.iter().map(|shown| shown_line(&visit, shown, &openings)).collect(),
        l,
    })
}

fn title(t: Texts, openings: &BTreeMap<OpeningId, OpeningView>, opening_id: OpeningId) -> String {
    openings.get(&opening_id).map_or_else(
        || t.get("wanted-gone"),
        |opening| t.two("wanted-title", "title", &opening.details.title, "employer", &opening.employer_name),
    )
}

fn shown_line(
    visit: &Visit,
    shown: &ShownProposal,
    openings: &BTreeMap<OpeningId, OpeningView>,
) -> ShownLine {
    ShownLine {
        title: title(visit.t(), openings, shown.opening_id),
        on: clock::day(shown.at),
        reasons: view::reasons(visit, Voice::You, &shown.reasons),
    }
}

fn parts(
    visit: &Visit,
    export: &Export,
    trail: &Trail,
    openings: &BTreeMap<OpeningId, OpeningView>,
) -> Vec<CopyPart> {
    let (t, details) = (visit.t(), &export.details);
    let lists = Lists::of(visit, details);
    let facts = |told: Vec<Told>| -> Vec<(String, String)> {
        let not_told = t.get("details-not-told");
        let words = |words: String| if words.is_empty() { not_told.clone() } else { words };
        told.into_iter().map(|told| (told.what, words(told.words))).collect()
    };
    let part = |title, facts| CopyPart { title, facts };
    let consents = export.consents.iter().map(|consent| {
        let yes = t.get(if consent.given { "consent-yes" } else { "consent-no" });
        let since = t.two(
            "consent-since",
            "date",
            t.date_year(clock::day(consent.at)),
            "version",
            &consent.text_version,
        );
        let how = consent_how(t, &consent.how, consent.with_help_of.as_deref());
        (consent_sentence(t, consent.purpose), format!("{yes}. {since}. {how}"))
    });
    let looked = looks(t, &export.contact_looks, &trail.looks, openings);
    let looked = looked.into_iter().map(|look| (t.date_year(look.on), look.words));
    let mark = |mark: &MyMark| {
        let said = t.get(match mark.mark {
            Mark::Wanted => "copy-mark-wanted",
            Mark::NotForMe { .. } => "copy-mark-not-for-me",
            Mark::TakenBack => "copy-mark-taken-back",
        });
        (title(t, openings, mark.opening_id), format!("{said} {}", t.date_year(clock::day(mark.at))))
    };
    let helpers = details.helpers.iter().map(|access| {
        let until = access.ended_at.unwrap_or(access.until);
        let who = format!("{}, {}", access.helper.name, access.helper.organisation);
        (
            who,
            t.two(
                "copy-helper",
                "since",
                t.date_year(clock::day(access.since)),
                "until",
                t.date_year(clock::day(until)),
            ),
        )
    });
    let referrals = details.referrals.iter().map(|referral| {
        let by = clock::local(referral.answer_by);
        (referral.desk_name.clone(), referral_words(t, referral.state, by))
    });
    let moments = vec![
        (t.get("copy-registered"), t.date_year(clock::day(export.registered_at))),
        (t.get("copy-last-heard"), t.date_year(clock::day(export.last_heard_at))),
    ];
    vec![
        part("details-work-title", facts(lists.work)),
        part("details-own-title", facts(lists.own)),
        part("details-reach-title", facts(lists.reach)),
        part("details-background-title", facts(lists.background)),
        part("copy-consents-title", consents.collect()),
        part("helpers-title", helpers.collect()),
        part("mywork-referrals-title", referrals.collect()),
        part("looks-title", looked.collect()),
        part("copy-marks-title", trail.marks.iter().map(mark).collect()),
        part("copy-moments-title", moments),
    ]
}

/// The file: what each service keeps, as it keeps it.
#[derive(Serialize)]
struct File<'a> {
    made_at: chrono::DateTime<chrono::Utc>,
    intake: &'a Export,
    matcher: &'a Trail,
}

/// `/mijn/download/bestand`
pub(super) async fn file(visit: Visit) -> Result<Response, Stop> {
    let Everything { export, trail } = everything(&visit).await?;
    let file = File { made_at: visit.now, intake: &export, matcher: &trail };
    let json = serde_json::to_vec_pretty(&file).map_err(|error| {
        tracing::error!(%error, "a copy could not be written");
        Stop::new(Happened::OurFault)
    })?;
    let mut response = json.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"mijn-gegevens-dichterbij.json\""),
    );
    Ok(response)
}

/// `/mijn/wissen`
pub(super) async fn erase(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    page(&ErasePage { l: layout(&visit, &details) })
}

/// Erases everything, and signs her out.
pub(super) async fn take_erase(visit: Visit, form: Fields) -> Result<Response, Stop> {
    if form.get("wis") != "ja" {
        return Err(Happened::NotUnderstood.into());
    }
    visit.ask(&EraseMe { seeker_id: visit.seeker()? }).await?;
    if let Some(token) = &visit.token {
        sign_in_staff::sign_out(&visit.app, token).await?;
    }
    let gone = [cookies::SESSION, cookies::DRAFT, cookies::CHALLENGE, cookies::NEAR].map(cookies::remove);
    Ok(go_to("/gewist", gone))
}

/// `/gewist`
pub(super) async fn erased(visit: Visit) -> Result<Response, Stop> {
    page(&ErasedPage { l: visit.layout() })
}
