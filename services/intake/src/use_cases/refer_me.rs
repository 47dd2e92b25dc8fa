//! Passes someone's name and contact to a desk, because she asks for it.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    FieldProblem, Problem,
    intake::{ConsentGiven, ConsentOutcome, ReferMe, ReferralView},
};

use super::{
    of_person::locked,
    set_consent::{judge_how, organisation},
};
use crate::{
    App,
    domain::{
        consent::{self, ConsentChannel},
        fields,
        may::{PersonAct, Standing},
        referral::{Progress, question},
    },
    store::{
        crypt, desks,
        referrals::{self, NewReferral, ReferralConsent},
        seekers::{self, SeekerRow},
    },
};

/// Asking again while one waits for a desk of that kind gives the same one. Her yes to it is written
/// down by itself.
pub async fn refer_me(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &ReferMe,
) -> Result<ReferralView, Fault> {
    let (seeker, standing) = locked(tx, caller, command.seeker_id, PersonAct::Refer).await?;
    let (now, chance) = (tx.now(), tx.chance());
    let asked = app.open(&command.question)?;
    let mut problems = Vec::new();
    problems.extend(fields::text_version("text_version", &command.text_version));
    let channel = ConsentChannel::of(&command.how);
    if let Err(code) = consent::holds(standing, true, channel) {
        problems.push(FieldProblem::new("how", code));
    }
    let evidence =
        consent::evidence(&command.how, clock::day(now)).map_err(|more| problems.extend(more)).ok();
    let asked = question(&asked).map_err(|code| problems.push(FieldProblem::new("question", code))).ok();
    let (Some(evidence), Some(asked), true) = (evidence, asked, problems.is_empty()) else {
        return Err(Problem::fields(problems).into());
    };
    let desk = desks::find(tx.conn(), command.desk_id).await?.ok_or_else(|| Problem::not_found("desk"))?;
    if let Some(waiting) = referrals::waiting(tx.conn(), command.seeker_id, desk.kind).await? {
        return Ok(waiting.view());
    }
    judge_code(app, tx, caller, &command.how, &seeker).await?;

    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let referral_id = chance.uuid_v4();
    let referral = NewReferral {
        referral_id,
        seeker_id: command.seeker_id,
        desk_id: desk.desk_id.0,
        kind: desk.kind,
        question: &key.encrypt(&*chance, crypt::QUESTION, &asked),
        progress: Progress::new(now),
    };
    referrals::add(tx.conn(), &referral, now).await?;
    let with_help_of = match standing {
        Standing::Helper => organisation(app, tx, &caller.actor, &seeker).await?,
        Standing::Herself | Standing::Stranger => None,
    };
    let evidence = evidence.map(|evidence| key.encrypt(&*chance, crypt::REFERRAL_EVIDENCE, &evidence));
    let yes = ReferralConsent {
        referral_id,
        given: true,
        text_version: Some(&command.text_version),
        channel,
        evidence: evidence.as_deref(),
        with_help_of: with_help_of.as_deref(),
    };
    referrals::append_consent(tx.conn(), &yes, now).await?;
    if standing == Standing::Helper {
        seekers::hear(tx.conn(), seeker.seeker_id, now).await?;
    }
    let made = referrals::waiting(tx.conn(), command.seeker_id, desk.kind).await?;
    Ok(made.ok_or_else(|| Problem::not_found("referral"))?.view())
}

/// A wrong code refuses the whole, and yet its try must count: it is judged in a transaction of its own
/// first, which stays when the code is wrong and leaves no trace when it is right.
async fn judge_code(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    how: &ConsentGiven,
    seeker: &SeekerRow,
) -> Result<(), Fault> {
    if !matches!(how, ConsentGiven::Code { .. }) {
        return Ok(());
    }
    let mut first = app.chassis.store.begin().await?;
    let outcome = judge_how(app, &mut first, &caller.actor, how, seeker).await?;
    if let Some(refusal) = refusal(outcome) {
        first.commit().await?;
        return Err(refusal.into());
    }
    drop(first);
    let outcome = judge_how(app, tx, &caller.actor, how, seeker).await?;
    refusal(outcome).map_or(Ok(()), |refusal| Err(refusal.into()))
}

fn refusal(outcome: ConsentOutcome) -> Option<Problem> {
    let problem = match outcome {
        ConsentOutcome::Done => return None,
        ConsentOutcome::WrongCode { tries_left } => {
            FieldProblem::new("how.code", "consent-code-wrong").with("tries_left", tries_left)
        }
        ConsentOutcome::CodeExpired => FieldProblem::new("how.code", "consent-code-expired"),
    };
    Some(Problem::fields(vec![problem]))
}
