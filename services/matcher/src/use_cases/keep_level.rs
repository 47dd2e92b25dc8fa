//! Keeps the index of this process level with the tables, through the change log.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use chassis::{Fault, Handles};
use proto::{OpeningId, SeekerId, intake::ProfilePublished, vacancies::OpeningPublished};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Matcher,
    domain::{index::Index, words::Words},
    store::{changes, openings, profiles},
};

/// Rows read at a time while everything is loaded: well within the statement timeout.
const PAGE: i64 = 10_000;
/// With more changes waiting than this, loading everything is no slower.
const TOO_MANY: usize = 100_000;

/// The index and how much it has heard.
#[derive(Debug)]
pub(crate) struct Level {
    /// The index.
    pub index: Index,
    /// The number of the last change in it.
    pub change: i64,
}

/// What was read in one pass.
enum Read {
    /// A whole index.
    Everything(Box<Level>),
    /// What changed since the last pass.
    Changes(Changes),
}

/// Everything that changed up to a number, as it then was.
struct Changes {
    up_to: i64,
    people: Vec<ProfilePublished>,
    people_gone: Vec<SeekerId>,
    openings: Vec<OpeningPublished>,
    openings_gone: Vec<OpeningId>,
}

/// Reads what changed since the last pass and brings the index there; everything at the first pass.
///
/// One snapshot of the database serves a whole pass, so that the index is at every moment exactly
/// what the tables were at its change number: two replicas at one number answer the same.
pub(crate) async fn keep_level(app: &Matcher) -> Result<(), Fault> {
    let pool = app.chassis().store.pool();
    let known = app.change();
    // An empty log counts as number 0.
    if known.is_some() && known == Some(changes::last(pool).await?.unwrap_or(0)) {
        return Ok(());
    }
    let mut snapshot = pool.begin_with("begin isolation level repeatable read, read only").await?;
    let read = read(&mut snapshot, known, app.words()).await?;
    snapshot.commit().await?;
    match read {
        Read::Everything(level) => {
            tracing::info!(change = level.change, "the index was loaded");
            app.set_level(*level);
        }
        Read::Changes(changes) => app.update_level(|level| changes.apply(level)),
    }
    Ok(())
}

async fn read(
    snapshot: &mut PgConnection,
    known: Option<i64>,
    words: &Arc<Words>,
) -> Result<Read, sqlx::Error> {
    let ends = changes::ends(snapshot).await?;
    let up_to = ends.map_or(0, |(_, last)| last);
    // What follows the last number that was seen may have been trimmed, and a restored database may
    // have gone back.
    let Some(known) =
        known.filter(|known| ends.is_some_and(|(first, last)| first <= known + 1 && *known <= last))
    else {
        return everything(snapshot, up_to, words).await;
    };
    let changed = changes::after(snapshot, known).await?;
    if changed.seeker_ids.len() + changed.opening_ids.len() > TOO_MANY {
        return everything(snapshot, up_to, words).await;
    }
    let people = profiles::find(snapshot, &changed.seeker_ids).await?;
    let openings = openings::find(snapshot, &changed.opening_ids).await?;
    Ok(Read::Changes(Changes {
        up_to,
        people_gone: without(changed.seeker_ids, people.iter().map(|profile| profile.seeker_id)),
        openings_gone: without(changed.opening_ids, openings.iter().map(|opening| opening.opening_id)),
        people,
        openings,
    }))
}

fn without<K: Eq + Hash>(ids: Vec<K>, still_there: impl Iterator<Item = K>) -> Vec<K> {
    let still_there: HashSet<K> = still_there.collect();
    ids.into_iter().filter(|id| !still_there.contains(id)).collect()
}

async fn everything(
    snapshot: &mut PgConnection,
    up_to: i64,
    words: &Arc<Words>,
) -> Result<Read, sqlx::Error> {
    let mut index = Index::new(words.clone());
    let mut after = SeekerId(Uuid::nil());
    loop {
        let page = profiles::page_after(snapshot, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.seeker_id;
        for profile in &page {
            index.put_person(profile);
        }
    }
    let mut after = OpeningId(Uuid::nil());
    loop {
        let page = openings::page_after(snapshot, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.opening_id;
        for opening in &page {
            index.put_opening(opening);
        }
    }
    Ok(Read::Everything(Box::new(Level { index, change: up_to })))
}

impl Changes {
    fn apply(&self, level: &mut Level) {
        let index = &mut level.index;
        for profile in &self.people {
            index.put_person(profile);
        }
        for id in &self.people_gone {
            index.remove_person(*id);
        }
        for opening in &self.openings {
            index.put_opening(opening);
        }
        for id in &self.openings_gone {
            index.remove_opening(*id);
        }
        level.change = self.up_to;
    }
}
