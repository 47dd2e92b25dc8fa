//! Decides whether two records are one person, and undoes a merge.

use std::collections::BTreeSet;

use chassis::{Caller, Fault, Tx, vault::OwnerKey};
use proto::{
    AccountId, Problem, SeekerId, Status,
    intake::{DecideDuplicate, DuplicateDecision, HelperIntroduction, Purpose},
};

use super::of_person::republish;
use crate::{
    App,
    domain::{
        duplicate::{self, Before, Concerns, Decided, undo_until},
        person::{Home, Said, TakesPart},
    },
    events::publish,
    store::{
        consents, crypt,
        duplicates::{self, DuplicateRow},
        erasures,
        helpers::{self, HelperRow},
        seekers::{self, SeekerRow},
    },
};

/// A record with its key and what it wants.
struct Record {
    row: SeekerRow,
    key: OwnerKey,
    home: Option<Home>,
}

/// Deciding the same twice changes nothing. After 30 days a merge is final.
pub async fn decide_duplicate(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &DecideDuplicate,
) -> Result<(), Fault> {
    let now = tx.now();
    let unknown = || Problem::not_found("duplicate");
    let row = duplicates::lock(tx.conn(), command.duplicate_id).await?.ok_or_else(unknown)?;
    // In the order of their ids, so that two decisions never wait for each other crosswise.
    let (first, second) = (row.keep_id.min(row.other_id), row.keep_id.max(row.other_id));
    let first = record(app, tx, first).await?.ok_or_else(unknown)?;
    let second = record(app, tx, second).await?.ok_or_else(unknown)?;
    let (keep, other) = if first.row.seeker_id == row.keep_id { (first, second) } else { (second, first) };

    let concerns = Concerns {
        people: [SeekerId(row.keep_id), SeekerId(row.other_id)],
        caused_by: row.caused_by.map(AccountId),
        advised: [advised(tx, &keep).await?, advised(tx, &other).await?],
    };
    if !duplicate::is_for(&caller.actor, &concerns) {
        return Err(Problem::forbidden().into());
    }
    match (row.decided(), command.decision) {
        (Decided::Open, DuplicateDecision::Merge) => merge(app, tx, &row, &keep, &other).await,
        (Decided::Open, DuplicateDecision::Different) => {
            duplicates::decide(tx.conn(), row.duplicate_id, Decided::Different(now), None).await?;
            Ok(())
        }
        (Decided::Merged(at), DuplicateDecision::Undo) => {
            if now >= undo_until(at) {
                return Err(Problem::new(Status::Conflict, "duplicate-final").into());
            }
            undo(app, tx, &row, &keep).await
        }
        (Decided::Merged(_), DuplicateDecision::Merge)
        | (Decided::Different(_), DuplicateDecision::Different)
        | (Decided::Open, DuplicateDecision::Undo) => Ok(()),
        (Decided::Merged(_), DuplicateDecision::Different)
        | (Decided::Different(_), DuplicateDecision::Merge | DuplicateDecision::Undo) => Err(decided()),
    }
}

fn decided() -> Fault {
    Problem::new(Status::Conflict, "duplicate-decided").into()
}

async fn record(app: &App, tx: &mut Tx, seeker_id: uuid::Uuid) -> Result<Option<Record>, Fault> {
    let Some(row) = seekers::lock(tx.conn(), seeker_id).await? else { return Ok(None) };
    let key = app.vault().owner(&row.data_key, row.seeker_id)?;
    let home = crypt::home(&key, &row)?;
    Ok(Some(Record { row, key, home }))
}

/// Her region, and whether she agreed that an adviser thinks along.
async fn advised(tx: &mut Tx, record: &Record) -> Result<(String, bool), Fault> {
    let said = consents::said(&consents::latest(tx.conn(), record.row.seeker_id).await?);
    // Without a place of living she is of no region, and for no account manager.
    let region = record.home.as_ref().map(|home| home.area.region.clone()).unwrap_or_default();
    Ok((region, said.yes(Purpose::Adviser)))
}

/// The other record joins the first. It keeps all of its own, so that undoing gives it back as it was.
async fn merge(
    app: &App,
    tx: &mut Tx,
    row: &DuplicateRow,
    keep: &Record,
    other: &Record,
) -> Result<(), Fault> {
    let is_part_of_another = keep.row.merged_into.is_some() || other.row.merged_into.is_some();
    if is_part_of_another || !erasures::merged_into(tx.conn(), row.other_id).await?.is_empty() {
        return Err(decided());
    }
    let (now, chance) = (tx.now(), tx.chance());
    let keeps_helpers = helpers_of(tx, row.keep_id).await?;
    let others_helpers = helpers_of(tx, row.other_id).await?;
    let ids = |helpers: &[HelperRow]| -> BTreeSet<_> {
        helpers.iter().map(|helper| AccountId(helper.account_id)).collect()
    };
    let merge = duplicate::merge(
        keep.home.as_ref(),
        &ids(&keeps_helpers),
        other.home.as_ref(),
        &ids(&others_helpers),
    );

    let before = keep.key.encrypt(&*chance, crypt::DUPLICATE_BEFORE, &merge.before);
    duplicates::decide(tx.conn(), row.duplicate_id, Decided::Merged(now), Some(&before)).await?;
    for helper in others_helpers {
        if !merge.new_helpers.contains(&AccountId(helper.account_id)) {
            continue;
        }
        let who: HelperIntroduction = other.key.decrypt(crypt::HELPER, &helper.helper)?;
        let moved = HelperRow {
            seeker_id: row.keep_id,
            helper: keep.key.encrypt(&*chance, crypt::HELPER, &who),
            ..helper
        };
        helpers::add(tx.conn(), &moved).await?;
    }
    if let Some(home) = &merge.home {
        let wishes = keep.key.encrypt(&*chance, crypt::WISHES, home);
        seekers::save_wishes(tx.conn(), row.keep_id, &wishes, now).await?;
    }
    duplicates::save_merged_into(tx.conn(), row.other_id, Some(row.keep_id)).await?;
    republish(app, tx, row.keep_id).await?;
    republish(app, tx, row.other_id).await
}

/// Both are there again as they were.
async fn undo(app: &App, tx: &mut Tx, row: &DuplicateRow, keep: &Record) -> Result<(), Fault> {
    let (now, chance) = (tx.now(), tx.chance());
    let stored = row.before.as_ref().expect("the table keeps it with a merge");
    let before: Before = keep.key.decrypt(crypt::DUPLICATE_BEFORE, stored)?;
    duplicates::decide(tx.conn(), row.duplicate_id, Decided::Open, None).await?;
    for helper in before.new_helpers {
        duplicates::take_helper_back(tx.conn(), row.keep_id, helper.0).await?;
    }
    match (&before.home, &keep.home) {
        (Some(home), _) => {
            let wishes = keep.key.encrypt(&*chance, crypt::WISHES, home);
            seekers::save_wishes(tx.conn(), row.keep_id, &wishes, now).await?;
        }
        (None, Some(of_other)) => take_wishes_back(tx, &keep.row, of_other).await?,
        (None, None) => {}
    }
    duplicates::save_merged_into(tx.conn(), row.other_id, None).await?;
    republish(app, tx, row.keep_id).await?;
    republish(app, tx, row.other_id).await
}

/// She had told nothing before, and tells nothing again: the profile that came with the merge is shown to nobody.
async fn take_wishes_back(tx: &mut Tx, keep: &SeekerRow, of_other: &Home) -> Result<(), Fault> {
    let (now, version) = (tx.now(), keep.version + 1);
    let ids = publish::ids(keep.seeker_id, keep.open_file_id, keep.background_id);
    tx.publish(publish::profile(ids, version, of_other, &Said::default(), TakesPart::Merged)).await?;
    seekers::save_version(tx.conn(), keep.seeker_id, version, now).await?;
    seekers::forget_wishes(tx.conn(), keep.seeker_id, now).await?;
    Ok(())
}

/// Everyone who helps or helped her.
async fn helpers_of(tx: &mut Tx, seeker_id: uuid::Uuid) -> Result<Vec<HelperRow>, Fault> {
    Ok(helpers::of_person(tx.conn(), seeker_id, chrono::DateTime::UNIX_EPOCH).await?)
}
