//! The answers once more, without an index: every person of the stream against one opening.

use std::{collections::HashMap, time::Duration};

use async_nats::jetstream::{self, consumer::pull};
use chassis::harness::TestPlatform;
use futures::StreamExt as _;
use matcher::domain::{
    pair::{Wishes, Work},
    rules::judge,
    words::Words,
};
use proto::{
    CloudEvent, Fact, OpenFileId, OpeningId, Stream,
    intake::ProfilePublished,
    matcher::{Count, OpeningProposals},
    vacancies::OpeningPublished,
};
use reference::Reference;

use crate::Failure;

/// What the stream tells.
pub(super) struct Everything {
    words: Words,
    people: Vec<(Wishes, ProfilePublished)>,
    openings: HashMap<OpeningId, OpeningPublished>,
}

impl Everything {
    /// Reads it.
    pub(super) async fn read(test: &TestPlatform, reference: &Reference) -> Result<Self, Failure> {
        let words = Words::of(reference)?;
        let profiles = facts::<ProfilePublished>(test).await?;
        let people =
            profiles.into_iter().map(|profile| (Wishes::of_profile(&profile, &words), profile)).collect();
        let openings = facts::<OpeningPublished>(test).await?;
        let openings = openings.into_iter().map(|opening| (opening.opening_id, opening)).collect();
        Ok(Self { words, people, openings })
    }

    /// How many people it tells of.
    pub(super) fn people(&self) -> usize {
        self.people.len()
    }

    /// Whether the answer for an account manager is the one that holding everybody against the rules gives.
    pub(super) fn agrees(&self, opening_id: OpeningId, answer: &OpeningProposals) -> Result<(), Failure> {
        let opening = self.openings.get(&opening_id).ok_or("an opening is not on the stream")?;
        let work = Work::of_opening(opening, &self.words);
        let mut all = 0;
        let mut visible = Vec::new();
        for (wishes, profile) in self.people.iter().filter(|(_, profile)| !profile.paused) {
            if let Some(fit) = judge(wishes, &work) {
                all += 1;
                if profile.adviser {
                    visible.push((fit.distance, profile.open_file_id));
                }
            }
        }
        visible.sort_unstable();
        let first: Vec<OpenFileId> = visible.iter().take(answer.people.len()).map(|(_, id)| *id).collect();
        let told: Vec<OpenFileId> = answer.people.iter().map(|person| person.open_file_id).collect();
        if answer.all != Count::of_people(all) || answer.visible as usize != visible.len() || first != told {
            return Err(format!(
                "{opening_id}: {all} people pass, {} of them visible; the matcher says {:?} and {}, and names {} of {} right",
                visible.len(),
                answer.all,
                answer.visible,
                first.iter().zip(&told).filter(|(a, b)| a == b).count(),
                told.len()
            )
            .into());
        }
        Ok(())
    }
}

/// Every fact of one kind, in order.
async fn facts<T: Fact>(test: &TestPlatform) -> Result<Vec<T>, Failure> {
    let context = jetstream::new(test.nats());
    let stream = context.get_stream(test.names().stream(Stream::Facts)).await?;
    let filter_subject = test.names().subject(&T::filter());
    let consumer =
        stream.create_consumer(pull::OrderedConfig { filter_subject, ..pull::OrderedConfig::default() });
    let mut consumer = consumer.await?;
    let waiting = consumer.info().await?.num_pending as usize;
    let mut messages = consumer.messages().await?;
    let mut facts = Vec::with_capacity(waiting);
    while facts.len() < waiting {
        let message = tokio::time::timeout(Duration::from_secs(10), messages.next()).await?;
        let message = message.ok_or("the stream ended")??;
        let event: CloudEvent<T> = serde_json::from_slice(&message.payload)?;
        facts.push(event.data);
    }
    Ok(facts)
}
