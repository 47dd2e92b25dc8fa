//! A person is erased: nothing of her stays, and nothing brings her back.

use chassis::harness::{TestPlatform, eventually};
use proto::{
    EmployerId, ProposalId, Service as Name,
    intake::{ProfilePublished, SeekerErased},
    matcher::{
        EmployerAnswer, Mark, MarkProposal, MyTrail, ProposalErased, ProposalMarked, ProposalShown,
        RecordShown, SeekerForgotten,
    },
    vacancies::OpeningPublished,
};
use uuid::Uuid;

use crate::support::{
    ALL_INTEREST, account_manager, answer, interest, mark, my_marks, number, opening, openings_for,
    people_for, people_near, person, said, seeker, shop, show, start, tell,
};

fn erased(number: u128, version: i64) -> SeekerErased {
    SeekerErased { seeker_id: person(number).seeker_id, version }
}

/// Rows of the matcher's own tables that name her or something of hers.
async fn rows_of(test: &TestPlatform, number: u128, proposals: &[ProposalId]) -> i64 {
    let ids: Vec<Uuid> = proposals.iter().map(|id| id.0).collect();
    sqlx::query_scalar(
        "select (select count(*) from profiles where seeker_id = $1 or open_file_id = $2)
             + (select count(*) from proposals where seeker_id = $1)
             + (select count(*) from marks where seeker_id = $1 or proposal_id = any($3))
             + (select count(*) from looks where seeker_id = $1 or actor_id = $1)
             + (select count(*) from outbox where body like any(
                   array[('%' || $1::text || '%'), ('%' || $2::text || '%')])
                   and type not like '%vergeten%')",
    )
    .bind(person(number).seeker_id.0)
    .bind(person(number).open_file_id.0)
    .bind(ids)
    .fetch_one(test.pool(Name::Matcher))
    .await
    .unwrap()
}

#[tokio::test]
async fn erasing_takes_everything_of_hers_and_confirms_it_in_one_transaction() {
    let test = start().await;
    for number in 1..=2 {
        tell(&test, person(number)).await;
    }
    tell(&test, opening(500)).await;
    tell(&test, OpeningPublished { employer_id: EmployerId(Uuid::from_u128(78)), ..opening(501) }).await;
    eventually("both are near", async || people_near(&test, &shop()).await.total == 2).await;
    for number in 1..=2 {
        eventually("both are proposed", async || openings_for(&test, number).await.total == 2).await;
        show(&test, number).await;
        mark(&test, number, 500, Mark::Wanted).await.unwrap();
        mark(&test, number, 501, Mark::NotForMe { reason: None }).await.unwrap();
    }
    people_for(&test, &account_manager(), 500).await;
    let hers: Vec<_> = my_marks(&test, 1).await;
    let wanted = hers.iter().find(|one| one.mark == Mark::Wanted).unwrap().proposal_id;
    answer(&test, &shop(), wanted, EmployerAnswer::Meet).await.unwrap();
    let proposals: Vec<ProposalId> = hers.iter().map(|one| one.proposal_id).collect();
    let of_another: Vec<ProposalId> = my_marks(&test, 2).await.iter().map(|one| one.proposal_id).collect();
    let before = rows_of(&test, 2, &of_another).await;
    assert!(rows_of(&test, 1, &proposals).await > 10);
    let seen_by_index = openings_for(&test, 1).await;

    tell(&test, erased(1, 9)).await;
    eventually("she is gone", async || openings_for(&test, 1).await.profile_version.is_none()).await;
    assert_eq!(rows_of(&test, 1, &proposals).await, 0);
    assert_eq!(rows_of(&test, 2, &of_another).await, before, "nothing of anyone else went");
    assert_eq!(people_near(&test, &shop()).await.total, 1);
    assert_eq!(people_for(&test, &shop(), 500).await.visible, 1);
    assert_eq!(interest(&test, &shop(), &ALL_INTEREST).await.total, 1);

    assert_eq!(
        said::<SeekerForgotten>(&test).await,
        [SeekerForgotten { seeker_id: person(1).seeker_id, version: 9 }]
    );
    let mut gone: Vec<_> =
        said::<ProposalErased>(&test).await.into_iter().map(|one| (one.proposal_id, one.version)).collect();
    gone.sort_by_key(|(_, version)| *version);
    // Shown, marked, and one of them answered: one more than the last version of each.
    assert_eq!(gone.iter().map(|(_, version)| *version).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(gone[1].0, wanted);
    let marked = said::<ProposalMarked>(&test).await.into_iter().map(|one| one.seeker_id);
    let shown = said::<ProposalShown>(&test).await.into_iter().map(|one| one.seeker_id);
    assert!(marked.chain(shown).all(|seeker_id| seeker_id == person(2).seeker_id));

    // What was under way in her windows comes too late.
    let late = RecordShown {
        seeker_id: person(1).seeker_id,
        proposals: seen_by_index.proposals.clone(),
        profile_version: 1,
        made_with: seen_by_index.made_with,
    };
    assert_eq!(test.ask(&seeker(1), &late).await.unwrap_err().code, "seeker-unknown");
    let late = MarkProposal {
        seeker_id: person(1).seeker_id,
        opening_id: opening(500).opening_id,
        mark: Mark::TakenBack,
    };
    assert_eq!(test.ask(&seeker(1), &late).await.unwrap_err().code, "proposal-unknown");
    let refused = answer(&test, &shop(), wanted, EmployerAnswer::Times).await.unwrap_err();
    assert_eq!(refused.code, "proposal-unknown");
    let trail = test.ask(&seeker(1), &MyTrail { seeker_id: person(1).seeker_id }).await.unwrap();
    assert_eq!((trail.looks, trail.shown, trail.marks), (Vec::new(), Vec::new(), Vec::new()));
    assert_eq!(rows_of(&test, 1, &proposals).await, 0, "asking left no trace of her either");
    test.stop().await;
}

#[tokio::test]
async fn nothing_that_comes_late_or_is_told_again_brings_her_back() {
    let mut test = start().await;
    // The keeper of the streams would purge her events before we hear them: here they all arrive.
    test.stop_keeper().await;
    tell(&test, person(1)).await;
    tell(&test, opening(500)).await;
    eventually("it is proposed", async || openings_for(&test, 1).await.total == 1).await;
    tell(&test, erased(1, 2)).await;
    // Of this one the erasure comes before anything else, and of that one in the same breath.
    tell(&test, erased(2, 7)).await;
    tell(&test, ProfilePublished { version: 6, ..person(2) }).await;
    tell(&test, ProfilePublished { version: 3, ..person(3) }).await;
    tell(&test, erased(3, 4)).await;
    // A replay: every version, older and newer, under new ids; and the erasure once more.
    for version in [1, 2, 3, 99] {
        tell(&test, ProfilePublished { version, ..person(1) }).await;
    }
    tell(&test, erased(1, 2)).await;
    tell(&test, person(4)).await;
    eventually("all were heard", async || number(&test, "select count(*) from inbox").await == 13).await;
    let known: Vec<Uuid> = sqlx::query_scalar("select seeker_id from profiles")
        .fetch_all(test.pool(Name::Matcher))
        .await
        .unwrap();
    assert_eq!(known, [person(4).seeker_id.0]);
    eventually("the index is level", async || people_near(&test, &shop()).await.total == 1).await;
    for number in 1..=3 {
        assert_eq!(openings_for(&test, number).await.profile_version, None);
        assert_eq!(rows_of(&test, number, &[]).await, 0);
    }
    // Each told erasure is confirmed: who waits for the word of the second one gets it.
    assert_eq!(said::<SeekerForgotten>(&test).await.len(), 4);

    // A replica that starts from the tables knows her no more than the first one.
    let replica = test.replica(vec![crate::support::matcher()]).await;
    eventually("the replica is ready", async || replica.not_ready().await.is_empty()).await;
    for _ in 0..20 {
        assert_eq!(openings_for(&test, 1).await.profile_version, None);
    }
    replica.stop().await;
    test.stop().await;
}

#[tokio::test]
async fn what_is_written_at_the_moment_of_erasure_goes_with_her() {
    let test = start().await;
    tell(&test, opening(500)).await;
    for number in 1..=40 {
        tell(&test, person(number)).await;
    }
    let manager = account_manager();
    eventually("all are seen", async || people_for(&test, &manager, 500).await.visible == 40).await;
    for number in 1..=40 {
        show(&test, number).await;
        mark(&test, number, 500, Mark::Wanted).await.unwrap();
    }
    let wanted = interest(&test, &manager, &ALL_INTEREST).await.rows;
    assert_eq!(wanted.len(), 40);
    let looking = async {
        while people_for(&test, &manager, 500).await.visible > 0 {
            people_near(&test, &manager).await;
        }
    };
    let answering = async {
        for reply in [EmployerAnswer::Meet, EmployerAnswer::NoPlaces] {
            for one in &wanted {
                // She may be gone already.
                let _ = answer(&test, &manager, one.proposal_id, reply).await;
            }
        }
    };
    let in_her_own_windows = async {
        for number in (1..=40).cycle().take(200) {
            openings_for(&test, number).await;
            let _ = mark(&test, number, 500, Mark::NotForMe { reason: None }).await;
        }
    };
    let erasing = async {
        for number in 1..=40 {
            tell(&test, erased(number, 2)).await;
        }
    };
    tokio::join!(looking, answering, in_her_own_windows, erasing);
    eventually("all are gone", async || number(&test, "select count(*) from profiles").await == 0).await;
    let left = "select (select count(*) from looks where seeker_id is not null)
             + (select count(*) from proposals) + (select count(*) from marks)";
    assert_eq!(number(&test, left).await, 0);
    assert_eq!(said::<SeekerForgotten>(&test).await.len(), 40);
    assert_eq!(said::<ProposalErased>(&test).await.len(), 40);
    assert_eq!(said::<ProposalMarked>(&test).await.len(), 0, "what was said about her proposals is blank");
    test.stop().await;
}
