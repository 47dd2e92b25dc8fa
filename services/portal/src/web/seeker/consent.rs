//! Her yes and no, who may see her name, who helps her, and who looked.

use chassis::clock;
use std::collections::BTreeMap;

use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use proto::{
    AccountId, EmployerId, OpeningId, ProposalId,
    intake::{
        ConsentGiven, ConsentOutcome, ContactLook, Details, HelperAccess, MyLooks, Purpose, SetConsent,
        SetHelperAccess, ShareContact,
    },
    matcher::{MyTrail, ProfileLook, Trail},
    vacancies::OpeningView,
};

use super::mine::{self, layout, told};
use crate::{
    pages::{
        failures::Happened,
        register::CONSENT_TEXT_VERSION,
        rights::{
            ConsentLine, HelperLine, LookLine, MyConsent, ShareLine, consent_how, contact_purpose, looker,
        },
    },
    texts::Texts,
    web::{
        fields::Fields,
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// Looks on the page.
const MOST_LOOKS: usize = 50;

/// `/mijn/toestemming`
pub(super) async fn consent(visit: Visit) -> Result<Response, Stop> {
    let seeker_id = visit.seeker()?;
    let (at_contact, at_profile) = (MyLooks { seeker_id }, MyTrail { seeker_id });
    let (details, contact_looks, trail) =
        tokio::join!(told(&visit), visit.ask(&at_contact), visit.ask(&at_profile));
    let (details, contact_looks, trail) = (details?, contact_looks?, trail?);
    let openings = openings_of(&visit, &trail, &details).await?;
    let l = layout(&visit, &details);
    page(&MyConsent {
        lines: lines(l.t, &details),
        shares: shares(l.t, &details, &trail, &openings),
        helpers: helpers(&details.helpers, visit.now),
        looks: looks(l.t, &contact_looks, &trail.looks, &openings).into_iter().take(MOST_LOOKS).collect(),
        l,
    })
}

/// The last word on every purpose; what was never asked is a no.
fn lines(t: Texts, details: &Details) -> Vec<ConsentLine> {
    let line = |&purpose: &Purpose| {
        let said = details.consents.iter().rev().find(|consent| consent.purpose == purpose);
        ConsentLine {
            purpose,
            given: said.is_some_and(|consent| consent.given),
            since: said.map(|consent| clock::day(consent.at)),
            text_version: said.map(|consent| consent.text_version.clone()).unwrap_or_default(),
            how: said
                .map(|consent| consent_how(t, &consent.how, consent.with_help_of.as_deref()))
                .unwrap_or_default(),
        }
    };
    Purpose::ALL.iter().map(line).collect()
}

/// The openings that looks and shares are about, as far as they are still there.
async fn openings_of(
    visit: &Visit,
    trail: &Trail,
    details: &Details,
) -> Result<BTreeMap<OpeningId, OpeningView>, Stop> {
    let shared = trail.marks.iter().filter(|mark| shares_of(details, mark.proposal_id));
    let looked = trail.looks.iter().filter_map(|look| look.opening_id);
    mine::openings(visit, looked.chain(shared.map(|mark| mark.opening_id))).await
}

fn shares_of(details: &Details, proposal_id: ProposalId) -> bool {
    details.shares.iter().any(|share| share.proposal_id == proposal_id)
}

fn shares(
    t: Texts,
    details: &Details,
    trail: &Trail,
    openings: &BTreeMap<OpeningId, OpeningView>,
) -> Vec<ShareLine> {
    let line = |share: &proto::intake::ContactShare| {
        let mark = trail.marks.iter().find(|mark| mark.proposal_id == share.proposal_id);
        let opening = mark.and_then(|mark| openings.get(&mark.opening_id));
        let employer =
            opening.map_or_else(|| t.get("wanted-employer"), |opening| opening.employer_name.clone());
        ShareLine {
            words: t.two("share-until", "employer", employer, "date", t.date_year(clock::day(share.until))),
            proposal: share.proposal_id.to_string(),
            employer: share.employer_id.to_string(),
        }
    };
    details.shares.iter().map(line).collect()
}

fn helpers(all: &[HelperAccess], now: DateTime<Utc>) -> Vec<HelperLine> {
    let line = |access: &HelperAccess| {
        let until = access.ended_at.unwrap_or(access.until).min(access.until);
        HelperLine {
            account: access.account_id.to_string(),
            name: access.helper.name.clone(),
            organisation: access.helper.organisation.clone(),
            days_left: (until > now).then(|| days_left(until, now)),
            until: clock::day(until),
        }
    };
    all.iter().map(line).collect()
}

/// Whole days, rounded up: the last day counts.
fn days_left(until: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    ((until - now).num_hours() + 23) / 24
}

/// Looks in words, newest day first; those of one kind on one day stand in one line.
pub(super) fn looks(
    t: Texts,
    contact: &[ContactLook],
    profile: &[ProfileLook],
    openings: &BTreeMap<OpeningId, OpeningView>,
) -> Vec<LookLine> {
    let mut lines: Vec<(NaiveDate, String)> = Vec::new();
    for look in contact {
        let who = looker(t, Some(look.role));
        let values: [(&str, &dyn crate::texts::Argument); 3] = [
            ("who", &who),
            ("organisation", &look.organisation),
            ("why", &contact_purpose(t, look.purpose, look.role)),
        ];
        lines.push((clock::day(look.at), t.with("look-contact", &values)));
    }
    for look in profile {
        let who = looker(t, look.role);
        let words = match look.opening_id.map(|id| openings.get(&id)) {
            None => t.one("look-profile", "who", who),
            Some(None) => t.one("look-profile-opening-gone", "who", who),
            Some(Some(opening)) => {
                let values: [(&str, &dyn crate::texts::Argument); 3] =
                    [("who", &who), ("title", &opening.details.title), ("employer", &opening.employer_name)];
                t.with("look-profile-opening", &values)
            }
        };
        lines.push((clock::day(look.at), words));
    }
    lines.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    lines.dedup();
    lines.into_iter().map(|(on, words)| LookLine { on, words }).collect()
}

/// Says yes or no to one purpose. Saying the same twice changes nothing, so no key is needed.
pub(super) async fn take_consent(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let purpose = Purpose::from_name(form.get("doel")).ok_or(Happened::NotUnderstood)?;
    let given = match form.get("geef") {
        "ja" => true,
        "nee" => false,
        _ => return Err(Happened::NotUnderstood.into()),
    };
    let text_version = CONSENT_TEXT_VERSION.to_owned();
    let how = ConsentGiven::Herself;
    let say = SetConsent { seeker_id: visit.seeker()?, purpose, given, text_version, how };
    match visit.ask(&say).await? {
        ConsentOutcome::Done => {}
        // Only for a yes that a helper passes on.
        ConsentOutcome::WrongCode { .. } | ConsentOutcome::CodeExpired => {
            return Err(Happened::OurFault.into());
        }
    }
    let told = if given { "notice-consent-given" } else { "notice-consent-withdrawn" };
    Ok(go_to("/mijn/toestemming", [notice(told)]))
}

/// Lets a helper go on for 14 days, or stops the help at once.
pub(super) async fn take_helper(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let account_id: AccountId = form.get("wie").parse().map_err(|_| Happened::NotUnderstood)?;
    let go_on = match form.get("wat") {
        "door" => true,
        "stop" => false,
        _ => return Err(Happened::NotUnderstood.into()),
    };
    visit.ask(&SetHelperAccess { seeker_id: visit.seeker()?, account_id, go_on }).await?;
    let told = if go_on { "notice-helper-goes-on" } else { "notice-helper-stopped" };
    Ok(go_to("/mijn/toestemming", [notice(told)]))
}

/// Takes back that an employer may see her name and contact.
pub(super) async fn stop_sharing(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let proposal_id: ProposalId = form.get("voorstel").parse().map_err(|_| Happened::NotUnderstood)?;
    let employer_id: EmployerId = form.get("werkgever").parse().map_err(|_| Happened::NotUnderstood)?;
    visit.ask(&ShareContact { seeker_id: visit.seeker()?, proposal_id, employer_id, share: false }).await?;
    Ok(go_to("/mijn/toestemming", [notice("notice-share-stopped")]))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proto::{Role, intake::ContactPurpose};

    use super::*;
    use crate::texts::Language;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    #[test]
    fn the_last_day_of_help_counts() {
        assert_eq!(days_left(at(14 * 24), at(0)), 14);
        assert_eq!(days_left(at(14 * 24), at(1)), 14);
        assert_eq!(days_left(at(1), at(0)), 1);
    }

    #[test]
    fn looks_of_one_kind_on_one_day_stand_in_one_line_newest_first() {
        let t = Texts::new(Language::Dutch);
        let profile = |hour| ProfileLook { at: at(hour), role: Some(Role::Employer), opening_id: None };
        let contact = ContactLook {
            at: at(100),
            role: Role::AccountManager,
            organisation: "WSP Flevoland".to_owned(),
            purpose: ContactPurpose::TalkAboutWork,
        };
        let lines = looks(t, &[contact], &[profile(1), profile(2), profile(50)], &BTreeMap::new());
        assert_eq!(lines.len(), 3);
        assert!(lines[0].words.contains("WSP Flevoland"), "{}", lines[0].words);
        assert!(lines[1].on > lines[2].on);
    }
}
