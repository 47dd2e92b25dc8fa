//! Registers someone together with her: a helper types, she decides; a message or letter tells her, with
//! "this was not me".

use chassis::{
    Caller, Fault, Tx, clock,
    dispatches::{self, NewDispatch},
};
use proto::{
    AccountId, Actor, FieldProblem, Problem, SeekerId, Service,
    intake::{AssistedOutcome, ConsentOutcome, HelperIntroduction, RegisterAssisted},
    notifier::{Notice, NoticeContent},
};

use super::{
    set_consent::{is_of_helper, judge_helped},
    suggest_duplicates::suggest_duplicates,
    welcome::{Newcomer, prepare, welcome},
};
use crate::{
    App,
    domain::{
        assisted::{self, Checked, HELPER_ACCESS, Reach},
        challenge::REGISTRATION_LIFE,
        contact::Contact,
        letter_code,
        may::{Act, may},
    },
    store::{
        arrivals,
        challenges::{self, ChallengeRow},
        crypt, helpers,
        helpers::HelperRow,
        letter_codes, seekers,
    },
};

/// A wrong code is an answer, so that its try counts; nothing else is kept then.
pub async fn register_assisted(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &RegisterAssisted,
) -> Result<AssistedOutcome, Fault> {
    may(&caller.actor, Act::Assist, app.chassis.config.profile)?;
    let Actor::Account { account_id, .. } = &caller.actor else {
        return Err(Problem::forbidden().into());
    };
    let given = app.open(&command.registration)?;
    let today = clock::day(tx.now());
    let checked = assisted::registration(&given, &app.reference, today).map_err(Problem::fields)?;
    let index = match &checked.reach {
        Reach::Contact { contact, .. } => Some(crypt::contact_index(app.vault(), contact.normalised())),
        Reach::Letter(_) => None,
    };
    let is_known = is_known(tx, &checked, index.as_ref()).await?;
    let fits = |challenge: &ChallengeRow| {
        is_of_helper(&caller.actor, challenge) && index.is_some_and(|index| challenge.contact_index == index)
    };
    match judge_helped(app, tx, &given.how, fits).await? {
        ConsentOutcome::Done => {}
        ConsentOutcome::WrongCode { tries_left } => {
            return Ok(AssistedOutcome::WrongCode { tries_left });
        }
        ConsentOutcome::CodeExpired => return Ok(AssistedOutcome::CodeExpired),
    }
    let seeker_id = add(app, tx, &checked, is_known, *account_id).await?;
    suggest_duplicates(tx, seeker_id, *account_id).await?;
    let code = letter_code::new(&*tx.chance());
    let hash = crypt::letter_code_hash(app.vault(), &code);
    let (now, shown) = (tx.now(), letter_code::shown(&code));
    letter_codes::add(tx.conn(), &hash, seeker_id.0, now + letter_code::LETTER_CODE_LIFE).await?;
    let take_over_code = match &checked.reach {
        Reach::Contact { contact, .. } => {
            tell_her(app, tx, &checked, (contact, is_known), seeker_id, shown).await?;
            None
        }
        Reach::Letter(_) => Some(app.chassis.keys.seal(Service::Portal, &shown)),
    };
    Ok(AssistedOutcome::Registered { seeker_id, take_over_code, access_until: now + HELPER_ACCESS })
}

/// Whether the contact is somebody's already; that is only possible when she shares it.
async fn is_known(tx: &mut Tx, checked: &Checked, index: Option<&[u8; 32]>) -> Result<bool, Fault> {
    let (Reach::Contact { shared, .. }, Some(index)) = (&checked.reach, index) else {
        return Ok(false);
    };
    challenges::take_turns(tx.conn(), index).await?;
    let is_known = seekers::known_by_contact(tx.conn(), index).await?.is_some();
    if is_known && !shared {
        return Err(contact_known());
    }
    Ok(is_known)
}

fn contact_known() -> Fault {
    Problem::fields(vec![FieldProblem::new("contact", "contact-known")]).into()
}

/// The person, her consents, her profile, and the helper's access.
async fn add(
    app: &App,
    tx: &mut Tx,
    checked: &Checked,
    is_known: bool,
    account_id: AccountId,
) -> Result<SeekerId, Fault> {
    let (now, chance) = (tx.now(), tx.chance());
    // Who came for a place in line before has her id.
    let given = match &checked.reach {
        Reach::Contact { contact, .. } if !is_known => {
            let index = crypt::contact_index(app.vault(), contact.normalised());
            arrivals::find(tx.conn(), &index, now - REGISTRATION_LIFE).await?.map(SeekerId)
        }
        Reach::Contact { .. } | Reach::Letter(_) => None,
    };
    let mut newcomer = prepare(app, &*chance, &checked.applicant, given);
    newcomer.row.herself = false;
    if is_known {
        // The contact is somebody else's: messages reach her there, codes do not.
        newcomer.row.contact_hint_index = newcomer.row.contact_index.take();
    }
    if let Reach::Letter(letter) = &checked.reach {
        newcomer.row.letter = Some(newcomer.key.encrypt(&*chance, crypt::LETTER, letter));
    }
    let evidence = checked.evidence.as_ref();
    newcomer.how.channel = checked.channel;
    newcomer.how.evidence = evidence.map(|shows| newcomer.key.encrypt(&*chance, crypt::EVIDENCE, shows));
    newcomer.how.with_help_of = Some(&checked.helper.organisation);
    let helper = helper(&newcomer, &checked.helper, account_id, now, &*chance);
    let [seeker_id] = welcome(tx, vec![newcomer]).await?[..] else {
        // Somebody registered herself with this contact in this very moment.
        return Err(contact_known());
    };
    helpers::add(tx.conn(), &helper).await?;
    Ok(seeker_id)
}

fn helper(
    newcomer: &Newcomer<'_>,
    introduction: &HelperIntroduction,
    account_id: AccountId,
    now: chrono::DateTime<chrono::Utc>,
    chance: &dyn chassis::Chance,
) -> HelperRow {
    HelperRow {
        seeker_id: newcomer.row.seeker_id,
        account_id: account_id.0,
        helper: newcomer.key.encrypt(chance, crypt::HELPER, introduction),
        since: now,
        until: now + HELPER_ACCESS,
        ended_at: None,
    }
}

/// Who helped, and the code to take over or to say "this was not me". The contact, and whether it is
/// somebody else's.
async fn tell_her(
    app: &App,
    tx: &mut Tx,
    checked: &Checked,
    (contact, shared): (&Contact, bool),
    seeker_id: SeekerId,
    code: String,
) -> Result<(), Fault> {
    let notice = Notice {
        to: contact.normalised().to_owned(),
        channel: contact.code_channel(),
        language: checked.applicant.language,
        content: NoticeContent::Helped {
            helper: checked.helper.name.clone(),
            organisation: checked.helper.organisation.clone(),
            code,
            page: format!("{}/overnemen", app.public_address()),
            shared,
        },
    };
    let sealed = app.chassis.keys.seal(Service::Notifier, &notice);
    let dispatch = NewDispatch {
        cause: tx.chance().uuid_v4(),
        recipient: seeker_id.0,
        expires_at: tx.now() + HELPER_ACCESS,
        notice: Some(&sealed),
    };
    dispatches::add(tx, &dispatch).await?;
    Ok(())
}
