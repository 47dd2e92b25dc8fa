//! Who could be one person.

use chassis::{Caller, Fault, Tx};
use proto::{
    AccountId, Actor, DuplicateId, Problem, Role, SeekerId, Service,
    intake::{
        Duplicate, DuplicateSide, DuplicateState, Duplicates, HelperIntroduction, Purpose, SealedDuplicates,
    },
};
use uuid::Uuid;

use crate::{
    App,
    domain::{
        duplicate::{Concerns, Decided, UNDO_WITHIN, is_for, undo_until},
        may::is_helper,
        person::Identity,
    },
    store::{
        consents, crypt,
        duplicates::{self as table, Scope},
        helpers, seekers,
    },
};

/// Most suggestions in one answer; deciding makes room.
const MOST_SHOWN: usize = 200;

/// One of the two, and what decides who may see it.
struct Side {
    shown: DuplicateSide,
    region: String,
    adviser: bool,
}

/// Suggestions for her, for the helper who caused them, and for account managers of her region.
pub async fn duplicates(app: &App, caller: &Caller, query: &Duplicates) -> Result<SealedDuplicates, Fault> {
    let scope = match &caller.actor {
        Actor::Seeker { seeker_id } => Scope::About(*seeker_id),
        actor @ Actor::Account { account_id, .. } if actor.has(Role::AccountManager) => {
            Scope::Advised(*account_id)
        }
        actor @ Actor::Account { account_id, .. } if is_helper(actor) => Scope::CausedBy(*account_id),
        Actor::Visitor | Actor::Account { .. } | Actor::Service { .. } => {
            return Err(Problem::forbidden().into());
        }
    };
    let mut tx = app.chassis.store.begin().await?;
    let decided_since = query.decided.then(|| tx.now() - UNDO_WITHIN);
    let rows = table::list(tx.conn(), scope, decided_since).await?;
    let mut shown = Vec::new();
    for row in rows {
        let Some(keep) = side(app, &mut tx, row.keep_id).await? else { continue };
        let Some(other) = side(app, &mut tx, row.other_id).await? else { continue };
        let concerns = Concerns {
            people: [SeekerId(row.keep_id), SeekerId(row.other_id)],
            caused_by: row.caused_by.map(AccountId),
            advised: [(keep.region, keep.adviser), (other.region, other.adviser)],
        };
        if !is_for(&caller.actor, &concerns) {
            continue;
        }
        let state = match row.decided() {
            Decided::Open => DuplicateState::Open,
            Decided::Merged(at) => DuplicateState::Merged { undo_until: undo_until(at) },
            Decided::Different(_) => DuplicateState::Different,
        };
        let duplicate_id = DuplicateId(row.duplicate_id);
        shown.push(Duplicate { duplicate_id, keep: keep.shown, other: other.shown, state });
        if shown.len() == MOST_SHOWN {
            break;
        }
    }
    Ok(app.chassis.keys.seal(Service::Portal, &shown))
}

async fn side(app: &App, tx: &mut Tx, seeker_id: Uuid) -> Result<Option<Side>, Fault> {
    let Some(seeker) = seekers::find(tx.conn(), seeker_id).await? else { return Ok(None) };
    let key = app.vault().owner(&seeker.data_key, seeker_id)?;
    let identity: Identity = key.decrypt(crypt::IDENTITY, &seeker.identity)?;
    // Without a place of living she is of no region, and for no account manager.
    let region = crypt::home(&key, &seeker)?.map(|home| home.area.region).unwrap_or_default();
    let said = consents::said(&consents::latest(tx.conn(), seeker_id).await?);
    let first_helper = helpers::of_person(tx.conn(), seeker_id, chrono::DateTime::UNIX_EPOCH).await?.pop();
    let with_help_of = match first_helper {
        Some(row) => {
            let helper: HelperIntroduction = key.decrypt(crypt::HELPER, &row.helper)?;
            // Somebody who helped later did not register her.
            (row.since == seeker.created_at).then_some(helper.organisation)
        }
        None => None,
    };
    Ok(Some(Side {
        shown: DuplicateSide { name: identity.name, since: seeker.created_at, with_help_of },
        region,
        adviser: said.yes(Purpose::Adviser),
    }))
}
