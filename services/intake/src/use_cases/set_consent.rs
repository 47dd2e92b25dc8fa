//! Writes down a yes or no to one purpose, with effect at once.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    Actor, FieldProblem, Problem,
    intake::{ConsentGiven, ConsentOutcome, Purpose, SetConsent},
};

use super::{
    change_background::keep,
    judge_code::{Judged, judge_code},
    of_person::{locked, republish},
    set_second_number::tell_ways,
};
use crate::{
    App,
    domain::{
        background::Kept,
        challenge,
        consent::{self, ConsentChannel, Evidence},
        fields,
        may::{PersonAct, Standing},
    },
    store::{
        challenges::ChallengeRow,
        consents::{self, How, NewConsent},
        crypt, helpers,
        seekers::SeekerRow,
    },
};

/// Saying the same about the same text again changes nothing.
pub async fn set_consent(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &SetConsent,
) -> Result<ConsentOutcome, Fault> {
    let (seeker, standing) = locked(tx, caller, command.seeker_id, PersonAct::SetConsent).await?;
    let SetConsent { purpose, given, .. } = *command;
    let now = tx.now();
    let mut problems = Vec::new();
    problems.extend(fields::text_version("text_version", &command.text_version));
    let channel = ConsentChannel::of(&command.how);
    if let Err(code) = consent::holds(standing, given, channel) {
        problems.push(FieldProblem::new("how", code));
    }
    let evidence =
        consent::evidence(&command.how, clock::day(now)).map_err(|more| problems.extend(more)).ok();
    let Some(evidence) = evidence.filter(|_| problems.is_empty()) else {
        return Err(Problem::fields(problems).into());
    };
    let before = consents::latest(tx.conn(), seeker.seeker_id).await?;
    let same = before.iter().any(|consent| {
        consent.purpose == purpose && consent.given == given && consent.text_version == command.text_version
    });
    if same {
        return Ok(ConsentOutcome::Done);
    }
    match judge_how(app, tx, &caller.actor, &command.how, &seeker).await? {
        ConsentOutcome::Done => {}
        outcome => return Ok(outcome),
    }
    let with_help_of = match standing {
        Standing::Helper => organisation(app, tx, &caller.actor, &seeker).await?,
        Standing::Herself | Standing::Stranger => None,
    };
    let how = stored_how(app, tx, &seeker, channel, evidence.as_ref(), with_help_of.as_deref())?;
    let consent =
        NewConsent { seeker_id: seeker.seeker_id, purpose, given, text_version: &command.text_version, how };
    consents::append(tx.conn(), &[consent], now).await?;
    if purpose == Purpose::Figures && !given {
        // Background was kept for this purpose only, so it goes; told or not told yet.
        let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
        keep(tx, &key, &seeker, &Kept::default(), true).await?;
    }
    if purpose == Purpose::Adviser {
        tell_ways(app, tx, seeker.seeker_id).await?;
    }
    republish(app, tx, seeker.seeker_id).await?;
    Ok(ConsentOutcome::Done)
}

/// Judges the code, when the answer was given by one: it went to this person's contact because this
/// helper asked.
pub(crate) async fn judge_how(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    how: &ConsentGiven,
    seeker: &SeekerRow,
) -> Result<ConsentOutcome, Fault> {
    let is_hers = |challenge: &ChallengeRow| {
        let reached_by = seeker.contact_index.as_ref().or(seeker.contact_hint_index.as_ref());
        is_of_helper(actor, challenge) && reached_by == Some(&challenge.contact_index)
    };
    judge_helped(app, tx, how, is_hers).await
}

/// The same, for whatever contact the code had to go to.
pub(super) async fn judge_helped(
    app: &App,
    tx: &mut Tx,
    how: &ConsentGiven,
    fits: impl FnOnce(&ChallengeRow) -> bool + Send,
) -> Result<ConsentOutcome, Fault> {
    let ConsentGiven::Code { challenge_id, code } = how else {
        return Ok(ConsentOutcome::Done);
    };
    let typed = app.open(code)?;
    Ok(match judge_code(app, tx, *challenge_id, &typed, fits).await? {
        Judged::Right(_) => ConsentOutcome::Done,
        Judged::Wrong { tries_left } => ConsentOutcome::WrongCode { tries_left },
        Judged::Expired => ConsentOutcome::CodeExpired,
    })
}

/// Whether this helper asked for this code, and for nothing else than her consent.
pub(super) fn is_of_helper(actor: &Actor, challenge: &ChallengeRow) -> bool {
    challenge.purpose() == challenge::Purpose::Helped
        && matches!(actor, Actor::Account { account_id, .. } if challenge.account_id == Some(account_id.0))
}

/// The organisation of a helper whose access runs.
pub(crate) async fn organisation(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    seeker: &SeekerRow,
) -> Result<Option<String>, Fault> {
    let Actor::Account { account_id, .. } = actor else { return Ok(None) };
    let now = tx.now();
    let Some(row) = helpers::running(tx.conn(), seeker.seeker_id, account_id.0, now).await? else {
        return Ok(None);
    };
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    Ok(Some(key.decrypt(crypt::HELPER, &row.helper)?.organisation))
}

/// How a yes or no was given, as it is stored: the evidence under her key.
pub(crate) fn stored_how<'a>(
    app: &App,
    tx: &Tx,
    seeker: &SeekerRow,
    channel: ConsentChannel,
    evidence: Option<&Evidence>,
    with_help_of: Option<&'a str>,
) -> Result<How<'a>, Fault> {
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let evidence = evidence.map(|evidence| key.encrypt(&*tx.chance(), crypt::EVIDENCE, evidence));
    Ok(How { channel, evidence, with_help_of })
}
