//! What people say to proposals, what employers answer, and what follows for both.

use chassis::harness::eventually;
use chrono::{DateTime, TimeDelta, Utc};
use proto::{
    Actor, EmployerId, OpeningId, Problem, Role, SeekerId, Service as Name, Status,
    intake::ProfilePublished,
    matcher::{
        Count, EmployerAnswer, InterestIn, Mark, MyMarks, MyTrail, NewProposals, NotForMe, ProfileLook,
        ProposalMarked, ProposalShown, Reason, Trail,
    },
    vacancies::OpeningPublished,
    work::{Area, Daypart, Hours, Support},
};
use uuid::Uuid;

use crate::support::{
    ALL_INTEREST, SHOP, account, account_manager, answer, at, bus_of, closed, interest, mark, my_marks,
    number, opening, openings_for, parts, paused, people_for, person, said, seeker, shop, show, start, tell,
};

const FAR: Mark = Mark::NotForMe { reason: Some(NotForMe::TooFar) };

fn id_of(number: u128) -> OpeningId {
    OpeningId(Uuid::from_u128(number))
}

fn code(result: Result<(), Problem>) -> String {
    result.unwrap_err().code
}

#[tokio::test]
async fn a_yes_is_seen_by_that_employer_only_until_she_takes_it_back() {
    let test = start().await;
    // She stands in no file, and no adviser thinks along.
    tell(&test, ProfilePublished { open_file: false, adviser: false, ..person(1) }).await;
    tell(&test, opening(500)).await;
    tell(&test, OpeningPublished { employer_id: EmployerId(Uuid::from_u128(78)), ..opening(501) }).await;
    eventually("both are proposed", async || openings_for(&test, 1).await.total == 2).await;
    let bakery = account(Role::Employer, Some(EmployerId(Uuid::from_u128(78))));
    assert_eq!(people_for(&test, &shop(), 500).await.visible, 0);
    show(&test, 1).await;
    mark(&test, 1, 500, Mark::Wanted).await.unwrap();

    let seen = people_for(&test, &shop(), 500).await;
    assert_eq!(seen.people[0].open_file_id, person(1).open_file_id);
    assert_eq!(people_for(&test, &bakery, 501).await.visible, 0, "she said nothing to that one");
    assert_eq!(people_for(&test, &account_manager(), 500).await.visible, 0, "advisers are another yes");
    let theirs = interest(&test, &shop(), &ALL_INTEREST).await;
    assert_eq!((theirs.total, theirs.rows.len()), (1, 1));
    let hers = &theirs.rows[0];
    assert_eq!((hers.opening_id, hers.employer_id), (id_of(500), SHOP));
    assert_eq!((hers.person.open_file_id, hers.person.km), (person(1).open_file_id, 5.0));
    assert!(hers.person.reasons.contains(&Reason::TaskWanted { task: "schoonmaken.ramen".into() }));
    assert_eq!((hers.overdue, hers.answer), (false, None));
    assert_eq!(interest(&test, &bakery, &ALL_INTEREST).await.total, 0);
    let asks_for_another = InterestIn { employer_id: Some(SHOP), ..ALL_INTEREST };
    assert_eq!(
        interest(&test, &bakery, &asks_for_another).await.total,
        0,
        "it gets its own, whatever it asks"
    );

    let mine = my_marks(&test, 1).await;
    assert_eq!((mine.len(), mine[0].mark, mine[0].proposal_id), (1, Mark::Wanted, hers.proposal_id));
    assert_eq!(mine[0].answer_by, Some(hers.answer_by));

    mark(&test, 1, 500, Mark::TakenBack).await.unwrap();
    assert_eq!(interest(&test, &shop(), &ALL_INTEREST).await.total, 0);
    assert_eq!(people_for(&test, &shop(), 500).await.visible, 0);
    let mine = my_marks(&test, 1).await;
    assert_eq!((mine[0].mark, mine[0].answer_by), (Mark::TakenBack, None));
    assert_eq!(openings_for(&test, 1).await.total, 2, "it is proposed to her still");
    test.stop().await;
}

#[tokio::test]
async fn what_is_not_for_her_is_gone_on_both_sides_until_she_takes_that_back() {
    let test = start().await;
    for number in 1..=10 {
        tell(&test, person(number)).await;
    }
    tell(&test, opening(500)).await;
    tell(&test, opening(501)).await;
    let manager = account_manager();
    eventually("all are seen", async || people_for(&test, &manager, 501).await.visible == 10).await;
    show(&test, 1).await;
    mark(&test, 1, 500, FAR).await.unwrap();
    let hers = openings_for(&test, 1).await;
    assert_eq!((hers.total, hers.proposals[0].opening_id), (1, id_of(501)));
    for actor in [&manager, &shop()] {
        let theirs = people_for(&test, actor, 500).await;
        assert_eq!((theirs.visible, theirs.all), (9, Count::FewerThanTen));
        assert!(theirs.people.iter().all(|one| one.open_file_id != person(1).open_file_id));
        assert_eq!(people_for(&test, actor, 501).await.visible, 10, "the other opening is another matter");
    }
    mark(&test, 1, 500, Mark::TakenBack).await.unwrap();
    assert_eq!(openings_for(&test, 1).await.total, 2);
    assert_eq!(people_for(&test, &manager, 500).await.all, Count::About(10));
    test.stop().await;
}

#[tokio::test]
async fn saying_the_same_twice_changes_nothing_and_each_change_is_one_event_with_the_next_version() {
    let test = start().await;
    tell(&test, person(1)).await;
    tell(&test, opening(500)).await;
    eventually("it is proposed", async || openings_for(&test, 1).await.total == 1).await;
    assert_eq!(code(mark(&test, 1, 500, Mark::Wanted).await), "proposal-unknown", "it was not shown yet");
    show(&test, 1).await;
    // Twice at the same moment, as from two windows.
    let (one, other) = tokio::join!(mark(&test, 1, 500, Mark::Wanted), mark(&test, 1, 500, Mark::Wanted));
    one.unwrap();
    other.unwrap();
    let first = my_marks(&test, 1).await;
    let proposal_id = first[0].proposal_id;
    for told in [EmployerAnswer::NoPlaces, EmployerAnswer::NoPlaces, EmployerAnswer::Meet] {
        answer(&test, &shop(), proposal_id, told).await.unwrap();
    }
    let answered = my_marks(&test, 1).await;
    assert_eq!(answered[0].answer.map(|(answer, _)| answer), Some(EmployerAnswer::Meet));
    assert_eq!((answered[0].at, answered[0].answer_by), (first[0].at, first[0].answer_by));
    for told in [FAR, FAR, Mark::TakenBack, Mark::TakenBack] {
        mark(&test, 1, 500, told).await.unwrap();
    }
    let shown: Vec<ProposalShown> = said(&test).await;
    assert_eq!((shown[0].proposal_id, shown[0].version), (proposal_id, 1));
    let told: Vec<ProposalMarked> = said(&test).await;
    let expected = [
        (2, Mark::Wanted, None),
        (3, Mark::Wanted, Some(EmployerAnswer::NoPlaces)),
        (4, Mark::Wanted, Some(EmployerAnswer::Meet)),
        (5, FAR, None),
        (6, Mark::TakenBack, None),
    ];
    assert_eq!(told.iter().map(|one| (one.version, one.mark, one.answer)).collect::<Vec<_>>(), expected);
    assert!(told.iter().all(|one| one.proposal_id == proposal_id && one.seeker_id == person(1).seeker_id));
    test.stop().await;
}

#[tokio::test]
async fn only_who_may_answers_and_only_a_yes_that_stands() {
    let test = start().await;
    tell(&test, person(1)).await;
    tell(&test, opening(500)).await;
    eventually("it is proposed", async || openings_for(&test, 1).await.total == 1).await;
    show(&test, 1).await;
    mark(&test, 1, 500, Mark::Wanted).await.unwrap();
    let proposal_id = my_marks(&test, 1).await[0].proposal_id;
    let bakery = account(Role::Employer, Some(EmployerId(Uuid::from_u128(78))));
    let elsewhere = match account_manager() {
        Actor::Account { account_id, roles, employer_id, .. } => {
            Actor::Account { account_id, roles, employer_id, regions: vec!["AM12".to_owned()] }
        }
        other => other,
    };
    for actor in [
        Actor::Visitor,
        seeker(1),
        bakery,
        elsewhere.clone(),
        account(Role::Employer, None),
        account(Role::Helper, Some(SHOP)),
        account(Role::Organiser, None),
        account(Role::Administrator, None),
    ] {
        let refused = answer(&test, &actor, proposal_id, EmployerAnswer::Meet).await.unwrap_err();
        assert_eq!(refused.status, Status::Forbidden, "{actor:?}");
    }
    assert_eq!(interest(&test, &elsewhere, &ALL_INTEREST).await.total, 0);
    assert_eq!(interest(&test, &account_manager(), &ALL_INTEREST).await.total, 1);
    for actor in
        [Actor::Visitor, seeker(1), account(Role::Helper, Some(SHOP)), account(Role::Organiser, None)]
    {
        assert_eq!(test.ask(&actor, &ALL_INTEREST).await.unwrap_err().status, Status::Forbidden, "{actor:?}");
    }
    answer(&test, &account_manager(), proposal_id, EmployerAnswer::Times).await.unwrap();
    assert_eq!(my_marks(&test, 1).await[0].answer.unwrap().0, EmployerAnswer::Times);

    // Who pauses is shown to nobody: there is nobody to answer.
    tell(&test, ProfilePublished { version: 2, paused: true, ..person(1) }).await;
    eventually("she is gone", async || interest(&test, &shop(), &ALL_INTEREST).await.total == 0).await;
    assert_eq!(code(answer(&test, &shop(), proposal_id, EmployerAnswer::Meet).await), "proposal-unknown");
    tell(&test, ProfilePublished { version: 3, ..person(1) }).await;
    eventually("she is back", async || interest(&test, &shop(), &ALL_INTEREST).await.total == 1).await;
    mark(&test, 1, 500, Mark::TakenBack).await.unwrap();
    assert_eq!(code(answer(&test, &shop(), proposal_id, EmployerAnswer::Meet).await), "proposal-unknown");

    // Nobody but she herself says what she wants, or reads it.
    let trail = MyTrail { seeker_id: person(1).seeker_id };
    let marks = MyMarks { seeker_id: person(1).seeker_id };
    for actor in [Actor::Visitor, seeker(2), shop(), account_manager(), account(Role::Administrator, None)] {
        let command = proto::matcher::MarkProposal {
            seeker_id: person(1).seeker_id,
            opening_id: id_of(500),
            mark: Mark::Wanted,
        };
        for refused in [
            test.ask(&actor, &command).await,
            test.ask(&actor, &trail).await.map(drop),
            test.ask(&actor, &marks).await.map(drop),
        ] {
            assert_eq!(refused.unwrap_err().status, Status::Forbidden, "{actor:?}");
        }
    }
    test.stop().await;
}

#[tokio::test]
async fn who_waits_longest_stands_first_and_an_answer_that_is_late_says_so() {
    let test = start().await;
    for number in 1..=3 {
        tell(&test, person(number)).await;
    }
    tell(&test, opening(500)).await;
    tell(&test, opening(501)).await;
    eventually("all are seen", async || people_for(&test, &shop(), 501).await.visible == 3).await;
    for number in [2, 1, 3] {
        eventually("both are proposed", async || openings_for(&test, number).await.total == 2).await;
        show(&test, number).await;
        mark(&test, number, 500, Mark::Wanted).await.unwrap();
        test.clock.advance(TimeDelta::minutes(1));
    }
    mark(&test, 1, 501, Mark::Wanted).await.unwrap();
    let ids = async |query: &InterestIn| {
        let page = interest(&test, &shop(), query).await;
        let rows = page.rows.iter().map(|row| row.person.open_file_id).collect::<Vec<_>>();
        (page.total, rows)
    };
    let hers = |number| person(number).open_file_id;
    assert_eq!(ids(&ALL_INTEREST).await, (4, vec![hers(2), hers(1), hers(3), hers(1)]));
    let second = InterestIn { page: 1, per_page: 3, ..ALL_INTEREST };
    assert_eq!(ids(&second).await, (4, vec![hers(1)]));
    let one = InterestIn { opening_id: Some(id_of(501)), ..ALL_INTEREST };
    assert_eq!(ids(&one).await, (1, vec![hers(1)]));

    let first = interest(&test, &shop(), &ALL_INTEREST).await.rows.remove(0);
    answer(&test, &shop(), first.proposal_id, EmployerAnswer::Meet).await.unwrap();
    assert_eq!(ids(&ALL_INTEREST).await, (4, vec![hers(1), hers(3), hers(1), hers(2)]));
    let open = InterestIn { only_open: true, ..ALL_INTEREST };
    assert_eq!(ids(&open).await, (3, vec![hers(1), hers(3), hers(1)]));

    // Five working days are seven days without a holiday; with holidays at most a few more.
    assert!(first.answer_by - first.at > TimeDelta::days(4));
    test.clock.advance(TimeDelta::days(15));
    let rows = interest(&test, &shop(), &ALL_INTEREST).await.rows;
    assert_eq!(rows.iter().map(|row| row.overdue).collect::<Vec<_>>(), [true, true, true, false]);
    test.stop().await;
}

#[tokio::test]
async fn a_yes_outlives_its_opening_and_shows_her_as_she_now_is() {
    let test = start().await;
    tell(&test, person(1)).await;
    for number in 500..=502 {
        tell(&test, opening(number)).await;
    }
    eventually("all are proposed", async || openings_for(&test, 1).await.total == 3).await;
    show(&test, 1).await;
    mark(&test, 1, 500, Mark::Wanted).await.unwrap();
    mark(&test, 1, 501, FAR).await.unwrap();
    let changed = ProfilePublished {
        version: 2,
        hours: Some(Hours { min: 30, max: 32 }),
        // The second kind would say something about her health: it is not shown, whoever publishes it.
        shown_support: vec![Support::Buddy, Support::QuietPlace],
        ..person(1)
    };
    tell(&test, changed).await;
    let hours = async || interest(&test, &shop(), &ALL_INTEREST).await.rows[0].person.hours;
    eventually("her hours changed", async || hours().await == Some(Hours { min: 30, max: 32 })).await;
    tell(&test, closed(500, 2)).await;
    tell(&test, closed(501, 2)).await;
    tell(&test, paused(502, 2)).await;
    eventually("all are gone", async || openings_for(&test, 1).await.total == 0).await;

    let rows = interest(&test, &shop(), &ALL_INTEREST).await.rows;
    assert_eq!((rows[0].person.km, &rows[0].person.shown_support), (5.0, &vec![Support::Buddy]));
    assert!(rows[0].person.reasons.contains(&Reason::OpenHiring), "what she was shown when she said yes");
    answer(&test, &shop(), rows[0].proposal_id, EmployerAnswer::NoPlaces).await.unwrap();
    for gone in [501, 502] {
        let refused = mark(&test, 1, gone, Mark::Wanted).await.unwrap_err();
        assert_eq!((refused.status, refused.code.as_str()), (Status::Conflict, "opening-not-public"));
    }
    mark(&test, 1, 502, FAR).await.unwrap();
    mark(&test, 1, 501, Mark::TakenBack).await.unwrap();
    mark(&test, 1, 500, Mark::TakenBack).await.unwrap();
    assert_eq!(interest(&test, &shop(), &ALL_INTEREST).await.total, 0);
    test.stop().await;
}

#[tokio::test]
async fn new_is_what_became_public_since_fits_her_and_was_not_shown() {
    let test = start().await;
    let intake = bus_of(&test, Name::Intake).await;
    let new = async |since: DateTime<Utc>| {
        let query = NewProposals { seeker_id: person(1).seeker_id, since };
        intake.call_as_service(Uuid::nil(), &query).await.unwrap().openings
    };
    let before = test.clock.machine_now() - TimeDelta::hours(1);
    assert_eq!(new(before).await, 0, "nobody told us of her");
    tell(&test, person(1)).await;
    tell(&test, opening(500)).await;
    tell(&test, OpeningPublished { dayparts: parts(&[Daypart::Night]), ..opening(501) }).await;
    tell(&test, opening(502)).await;
    eventually("two are proposed", async || openings_for(&test, 1).await.total == 2).await;
    assert_eq!(new(before).await, 2);
    test.clock.advance(TimeDelta::days(7));
    let week = test.clock.machine_now() - TimeDelta::hours(1);
    assert_eq!(new(week).await, 0);

    // A change does not make an opening new, nor does a pause, nor closing and opening again.
    tell(&test, OpeningPublished { version: 2, places: 3, ..opening(500) }).await;
    tell(&test, paused(502, 2)).await;
    eventually("one is left", async || openings_for(&test, 1).await.total == 1).await;
    tell(&test, OpeningPublished { version: 3, ..opening(502) }).await;
    tell(&test, opening(503)).await;
    eventually("three are proposed", async || openings_for(&test, 1).await.total == 3).await;
    assert_eq!((new(week).await, new(before).await), (1, 3));
    show(&test, 1).await;
    assert_eq!((new(week).await, new(before).await), (0, 0));

    let query = NewProposals { seeker_id: person(1).seeker_id, since: before };
    for actor in [Actor::Visitor, seeker(1), account_manager(), shop()] {
        assert_eq!(test.ask(&actor, &query).await.unwrap_err().status, Status::Forbidden, "{actor:?}");
    }
    tell(&test, opening(504)).await;
    eventually("four are proposed", async || openings_for(&test, 1).await.total == 4).await;
    assert_eq!(new(week).await, 1);
    tell(&test, ProfilePublished { version: 2, paused: true, ..person(1) }).await;
    eventually("who pauses is told nothing", async || new(week).await == 0).await;
    test.stop().await;
}

#[tokio::test]
async fn her_trail_says_who_looked_what_she_was_shown_and_what_she_said() {
    let test = start().await;
    tell(&test, person(1)).await;
    tell(&test, person(2)).await;
    tell(&test, opening(500)).await;
    eventually("both are seen", async || people_for(&test, &shop(), 500).await.visible == 2).await;
    show(&test, 1).await;
    mark(&test, 1, 500, Mark::Wanted).await.unwrap();
    sqlx::query("delete from looks").execute(test.pool(Name::Matcher)).await.unwrap();
    people_for(&test, &account_manager(), 500).await;
    people_for(&test, &shop(), 500).await;
    openings_for(&test, 1).await;
    let proposal_id = interest(&test, &shop(), &ALL_INTEREST).await.rows[0].proposal_id;
    test.ask(&account(Role::Helper, None), &crate::support::near()).await.unwrap();
    answer(&test, &shop(), proposal_id, EmployerAnswer::Meet).await.unwrap();

    let trail: Trail = test.ask(&seeker(1), &MyTrail { seeker_id: person(1).seeker_id }).await.unwrap();
    let looks: Vec<_> =
        trail.looks.iter().map(|ProfileLook { role, opening_id, .. }| (*role, *opening_id)).collect();
    let for_it = Some(id_of(500));
    assert_eq!(
        looks,
        [
            (Some(Role::Employer), for_it),
            (Some(Role::Helper), None),
            (Some(Role::Employer), for_it),
            (Some(Role::Employer), for_it),
            (Some(Role::AccountManager), for_it),
        ]
    );
    assert_eq!((trail.shown.len(), trail.shown[0].opening_id), (1, id_of(500)));
    assert_eq!(trail.shown[0].reasons, openings_for(&test, 1).await.proposals[0].reasons);
    assert_eq!(trail.marks, my_marks(&test, 1).await);
    let rows: Vec<(String, Option<Uuid>)> = sqlx::query_as(
        "select role, employer_id from looks where role is not null and seeker_id = $1 order by look",
    )
    .bind(person(1).seeker_id.0)
    .fetch_all(test.pool(Name::Matcher))
    .await
    .unwrap();
    let as_shop = ("employer".to_owned(), Some(SHOP.0));
    let alone = |role: &str| (role.to_owned(), None);
    let expected = [alone("account_manager"), as_shop.clone(), as_shop.clone(), alone("helper"), as_shop];
    assert_eq!(rows, expected);

    // A question about weights leaves a trace with people we know, and none of ids that are nobody's.
    let pairs = proto::matcher::PairWeights {
        seeker_ids: vec![person(2).seeker_id, SeekerId(Uuid::from_u128(404))],
        opening_ids: Vec::new(),
    };
    test.ask(&account(Role::Organiser, None), &pairs).await.unwrap();
    assert_eq!(number(&test, "select count(*) from looks where verb = 'pair_weights'").await, 1);
    test.stop().await;
}

#[tokio::test]
async fn an_account_manager_sees_the_openings_of_its_regions_and_of_one_employer_if_it_asks() {
    let test = start().await;
    tell(&test, person(1)).await;
    tell(&test, opening(500)).await;
    let next_door = Area { region: "AM12".to_owned(), ..at(145, 488) };
    tell(&test, OpeningPublished { area: next_door, ..opening(501) }).await;
    tell(&test, OpeningPublished { employer_id: EmployerId(Uuid::from_u128(78)), ..opening(502) }).await;
    eventually("all are proposed", async || openings_for(&test, 1).await.total == 3).await;
    show(&test, 1).await;
    for opening in 500..=502 {
        mark(&test, 1, opening, Mark::Wanted).await.unwrap();
    }
    let opening_ids = async |actor: &Actor, query: &InterestIn| {
        let mut ids: Vec<_> =
            interest(&test, actor, query).await.rows.iter().map(|row| row.opening_id).collect();
        ids.sort_unstable();
        ids
    };
    let manager = account_manager();
    assert_eq!(opening_ids(&manager, &ALL_INTEREST).await, [id_of(500), id_of(502)]);
    let of_the_shop = InterestIn { employer_id: Some(SHOP), ..ALL_INTEREST };
    assert_eq!(opening_ids(&manager, &of_the_shop).await, [id_of(500)]);
    assert_eq!(opening_ids(&shop(), &ALL_INTEREST).await, [id_of(500), id_of(501)]);
    let too_many = InterestIn { per_page: 101, ..ALL_INTEREST };
    assert_eq!(test.ask(&shop(), &too_many).await.unwrap_err().fields[0].code, "too-many");
    test.stop().await;
}
