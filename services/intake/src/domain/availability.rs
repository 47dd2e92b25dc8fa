//! Whether someone takes part: pauses that end by themselves, "still looking?", and silence.
//!
//! Everything counts from the last sign of life. What was asked or told before it does not count any
//! more, so that a sign of life takes back every step at once without anybody clearing anything.

use chassis::clock::{ZONE, at_hour, day};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Timelike as _, Utc};

/// After so much silence she is asked whether she still looks.
pub const ASK_AFTER: TimeDelta = TimeDelta::weeks(8);
/// So long after the first question she is asked once more.
pub const AGAIN_AFTER: TimeDelta = TimeDelta::weeks(2);
/// So long after the first question without an answer nobody is shown her any more.
pub const PAUSE_AFTER: TimeDelta = TimeDelta::weeks(4);
/// After so much silence she is told on which day her data are erased.
pub const KEEP_AFTER: TimeDelta = TimeDelta::weeks(26);
/// Days between being told and being erased.
pub const KEEP_DAYS: u64 = 28;
/// Someone whom no message reaches is paused after so much silence, without a question.
pub const LETTER_PAUSE_AFTER: TimeDelta = TimeDelta::weeks(26);
/// Someone whom no message reaches is erased after so much silence.
pub const LETTER_ERASE_AFTER: TimeDelta = TimeDelta::weeks(52);
/// The longest pause with an end, in days.
pub const LONGEST_PAUSE_DAYS: u64 = 366;

/// The hours of the day, Amsterdam time, in which people are asked and told.
const WAKING_HOURS: std::ops::Range<u32> = 9..20;
/// The hour at which a pause ends.
const PAUSE_ENDS_AT: u32 = 6;
/// The hour on Tuesday from which digests go out.
const DIGEST_FROM: u32 = 10;

/// What is known of someone's silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    /// The last sign of life.
    pub last_heard: DateTime<Utc>,
    /// When a pause last ended by itself.
    pub resumed: Option<DateTime<Utc>>,
    /// Whether a message can reach her; otherwise she gets letters only.
    pub reachable: bool,
    /// Whether she takes part now.
    pub pause: Option<Paused>,
    /// What was asked and told, at any time.
    pub asked: Asked,
}

/// A pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paused {
    /// It ends by itself on this day.
    pub until: Option<NaiveDate>,
}

/// What was asked and told, at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// "Still looking?"
    pub first: Option<DateTime<Utc>>,
    /// The same once more.
    pub again: Option<DateTime<Utc>>,
    /// "Your data are erased on …"
    pub keep_told: Option<DateTime<Utc>>,
}

/// What to do about someone's silence, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Leave her alone.
    Nothing,
    /// Ask whether she still looks.
    Ask,
    /// Ask once more.
    AskAgain,
    /// Show her to nobody until she says that she still looks. Her data stay.
    Pause,
    /// Tell her on which day her data are erased.
    TellKeep {
        /// That day.
        before: NaiveDate,
    },
    /// Erase her.
    Erase,
}

impl Silence {
    /// From when silence counts: her last sign of life, or the end of a pause that she asked for.
    pub fn since(&self) -> DateTime<Utc> {
        let pause_ends = self.pause.and_then(|pause| pause.until).map(pause_ends);
        [self.resumed, pause_ends].into_iter().flatten().fold(self.last_heard, DateTime::max)
    }

    /// What of it still counts after the last sign of life.
    fn counting(&self) -> Asked {
        let since = self.since();
        let counts = |at: Option<DateTime<Utc>>| at.filter(|at| *at > since);
        Asked {
            first: counts(self.asked.first),
            again: counts(self.asked.again),
            keep_told: counts(self.asked.keep_told),
        }
    }

    /// Since when we ask whether she still looks; `None` while we do not ask.
    pub fn asked_at(&self) -> Option<DateTime<Utc>> {
        self.counting().first
    }

    /// The next step at this moment. Nobody is erased who was not told 28 days before, and nobody
    /// paused who was not asked four weeks before, however late the clock comes round.
    pub fn next_step(&self, now: DateTime<Utc>) -> Step {
        let (since, asked, looking) = (self.since(), self.counting(), self.pause.is_none());
        if !self.reachable {
            return match now - since {
                silence if silence >= LETTER_ERASE_AFTER => Step::Erase,
                silence if looking && silence >= LETTER_PAUSE_AFTER => Step::Pause,
                _ => Step::Nothing,
            };
        }
        match asked.keep_told {
            Some(told) if day(now) >= erased_on(told) => return Step::Erase,
            None if now >= since + KEEP_AFTER => return Step::TellKeep { before: erased_on(now) },
            _ if !looking => return Step::Nothing,
            // She was told without being asked first: the clock stood still for months.
            Some(_) if asked.first.is_none() => return Step::Pause,
            _ => {}
        }
        match asked.first {
            None if now >= since + ASK_AFTER => Step::Ask,
            Some(first) if now >= first + PAUSE_AFTER => Step::Pause,
            Some(first) if asked.again.is_none() && now >= first + AGAIN_AFTER => Step::AskAgain,
            _ => Step::Nothing,
        }
    }

    /// The first moment from now on at which a step can be due. Signs of life only make it later.
    pub fn look_again_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let (since, asked) = (self.since(), self.counting());
        let moments = if self.reachable {
            [
                Some(since + ASK_AFTER),
                asked.first.map(|first| first + AGAIN_AFTER),
                asked.first.map(|first| first + PAUSE_AFTER),
                Some(since + KEEP_AFTER),
                asked.keep_told.map(|told| at_hour(erased_on(told), 0)),
            ]
        } else {
            [Some(since + LETTER_PAUSE_AFTER), Some(since + LETTER_ERASE_AFTER), None, None, None]
        };
        // Tomorrow when all are behind us: then she waits for something else than time.
        moments.into_iter().flatten().filter(|at| *at > now).min().unwrap_or(now + TimeDelta::days(1))
    }
}

/// The day on which data are erased of which that was told at a moment.
pub fn erased_on(told: DateTime<Utc>) -> NaiveDate {
    day(told) + Days::new(KEEP_DAYS)
}

/// The moment at which a pause until this day ends.
pub fn pause_ends(until: NaiveDate) -> DateTime<Utc> {
    at_hour(until, PAUSE_ENDS_AT)
}

/// Pauses until this day have ended at this moment: today from six in the morning, before that
/// yesterday.
pub fn pauses_ended(now: DateTime<Utc>) -> NaiveDate {
    let today = day(now);
    if now >= pause_ends(today) { today } else { today - Days::new(1) }
}

/// What is wrong with the last day of a pause: the code of the field problem.
pub fn unsound_pause(until: NaiveDate, now: DateTime<Utc>) -> Option<&'static str> {
    let today = day(now);
    match () {
        () if until <= today => Some("date-not-future"),
        () if until > today + Days::new(LONGEST_PAUSE_DAYS) => Some("date-too-far"),
        () => None,
    }
}

/// Whether people may be asked or told something at this moment.
pub fn is_waking_hour(now: DateTime<Utc>) -> bool {
    WAKING_HOURS.contains(&now.with_timezone(&ZONE).hour())
}

/// The ISO week whose digests go out now, as year * 100 + week: on Tuesdays from ten until eight in
/// the evening. A week that was missed is missed; the next digest counts from the last.
pub fn digest_week(now: DateTime<Utc>) -> Option<i32> {
    let local = now.with_timezone(&ZONE);
    let due =
        local.weekday() == chrono::Weekday::Tue && (DIGEST_FROM..WAKING_HOURS.end).contains(&local.hour());
    let week = local.iso_week();
    due.then(|| week.year() * 100 + week.week() as i32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Someone who was heard at noon on a day in March.
    fn heard() -> Silence {
        Silence {
            last_heard: at("2027-03-01T11:00:00Z"),
            resumed: None,
            reachable: true,
            pause: None,
            asked: Asked::default(),
        }
    }

    /// Does the step, as the service does.
    fn done(mut silence: Silence, step: Step, now: DateTime<Utc>) -> Silence {
        match step {
            Step::Nothing | Step::Erase => {}
            Step::Ask => silence.asked.first = Some(now),
            Step::AskAgain => silence.asked.again = Some(now),
            Step::Pause => silence.pause = Some(Paused { until: None }),
            Step::TellKeep { .. } => silence.asked.keep_told = Some(now),
        }
        silence
    }

    #[test]
    fn silence_is_asked_about_twice_then_pauses_then_erases() {
        let mut silence = heard();
        let mut steps = Vec::new();
        for days in 0..400 {
            let now = silence.last_heard + TimeDelta::days(days);
            let step = silence.next_step(now);
            if step != Step::Nothing {
                steps.push((days, step));
            }
            if step == Step::Erase {
                break;
            }
            silence = done(silence, step, now);
        }
        let before = on("2027-09-27");
        assert_eq!(
            steps,
            [
                (56, Step::Ask),
                (70, Step::AskAgain),
                (84, Step::Pause),
                (182, Step::TellKeep { before }),
                (210, Step::Erase)
            ]
        );
    }

    #[test]
    fn a_clock_that_stood_still_erases_nobody_unwarned() {
        let late = heard().last_heard + TimeDelta::weeks(60);
        let mut silence = heard();
        let step = silence.next_step(late);
        assert_eq!(step, Step::TellKeep { before: day(late) + Days::new(28) });
        silence = done(silence, step, late);
        assert_eq!(silence.next_step(late), Step::Pause);
        silence = done(silence, Step::Pause, late);
        assert_eq!(silence.next_step(late + TimeDelta::days(27)), Step::Nothing);
        assert_eq!(silence.next_step(late + TimeDelta::days(28)), Step::Erase);
    }

    #[test]
    fn someone_who_pauses_is_not_asked_and_silence_counts_from_the_end_of_the_pause() {
        let mut silence = heard();
        silence.pause = Some(Paused { until: Some(on("2027-12-01")) });
        assert_eq!(silence.next_step(at("2027-11-30T12:00:00Z")), Step::Nothing);
        // It ended by itself.
        silence.pause = None;
        silence.resumed = Some(at("2027-12-01T05:00:00Z"));
        assert_eq!(silence.next_step(at("2028-01-26T04:00:00Z")), Step::Nothing);
        assert_eq!(silence.next_step(at("2028-01-26T05:00:00Z")), Step::Ask);
        // Until she says so: not asked, but not kept for ever either.
        silence = Silence { pause: Some(Paused { until: None }), resumed: None, ..heard() };
        assert_eq!(silence.next_step(silence.last_heard + TimeDelta::weeks(25)), Step::Nothing);
        let told = silence.next_step(silence.last_heard + TimeDelta::weeks(26));
        assert!(matches!(told, Step::TellKeep { .. }), "{told:?}");
    }

    #[test]
    fn someone_without_telephone_and_mail_is_left_alone_for_a_year() {
        let silence = Silence { reachable: false, ..heard() };
        let after = |weeks| silence.next_step(silence.last_heard + TimeDelta::weeks(weeks));
        assert_eq!((after(12), after(25)), (Step::Nothing, Step::Nothing));
        assert_eq!(after(26), Step::Pause);
        let paused = done(silence, Step::Pause, silence.last_heard);
        assert_eq!(paused.next_step(silence.last_heard + TimeDelta::weeks(51)), Step::Nothing);
        assert_eq!(paused.next_step(silence.last_heard + TimeDelta::weeks(52)), Step::Erase);
    }

    #[test]
    fn a_pause_ends_at_six_in_the_morning_in_summer_and_in_winter() {
        assert_eq!(pause_ends(on("2027-07-01")), at("2027-07-01T04:00:00Z"));
        assert_eq!(pause_ends(on("2027-12-01")), at("2027-12-01T05:00:00Z"));
        assert_eq!(pauses_ended(at("2027-12-01T04:59:59Z")), on("2027-11-30"));
        assert_eq!(pauses_ended(at("2027-12-01T05:00:00Z")), on("2027-12-01"));
    }

    #[test]
    fn a_pause_ends_after_today_and_within_a_year() {
        let now = at("2027-03-01T11:00:00Z");
        assert_eq!(unsound_pause(on("2027-03-01"), now), Some("date-not-future"));
        assert_eq!(unsound_pause(on("2027-03-02"), now), None);
        assert_eq!(unsound_pause(on("2028-03-01"), now), None);
        assert_eq!(unsound_pause(on("2028-03-02"), now), Some("date-too-far"));
    }

    #[test]
    fn people_sleep_and_digests_come_on_tuesday() {
        assert!(!is_waking_hour(at("2027-03-02T07:59:59Z")) && is_waking_hour(at("2027-03-02T08:00:00Z")));
        assert!(is_waking_hour(at("2027-03-02T18:59:59Z")) && !is_waking_hour(at("2027-03-02T19:00:00Z")));
        assert_eq!(digest_week(at("2027-03-02T09:00:00Z")), Some(202_709));
        assert_eq!(digest_week(at("2027-03-02T08:59:59Z")), None);
        assert_eq!(digest_week(at("2027-03-02T19:00:00Z")), None);
        assert_eq!(digest_week(at("2027-03-01T12:00:00Z")), None);
        // The week belongs to the year of its Thursday.
        assert_eq!(digest_week(at("2024-12-31T12:00:00Z")), Some(202_501));
    }

    fn anyone() -> impl Strategy<Value = Silence> {
        let moment = || (0_i64..500).prop_map(|days| heard().last_heard + TimeDelta::days(days));
        let pause = prop::option::of(
            prop::option::of(0_u64..300)
                .prop_map(|days| Paused { until: days.map(|days| on("2027-03-02") + Days::new(days)) }),
        );
        let asked = (prop::option::of(moment()), prop::option::of(moment()), prop::option::of(moment()))
            .prop_map(|(first, again, keep_told)| Asked { first, again, keep_told });
        (moment(), prop::option::of(moment()), any::<bool>(), pause, asked).prop_map(
            |(last_heard, resumed, reachable, pause, asked)| Silence {
                last_heard,
                resumed,
                reachable,
                pause,
                asked,
            },
        )
    }

    proptest! {
        #[test]
        fn more_silence_never_makes_the_step_milder(silence in anyone(), a in 0_i64..1_000, b in 0_i64..1_000) {
            let now = |days: i64| heard().last_heard + TimeDelta::days(days);
            // The day told moves with the moment of telling; the step stays the same.
            let rank = |days| match silence.next_step(now(days)) {
                Step::TellKeep { .. } => Step::TellKeep { before: NaiveDate::MIN },
                step => step,
            };
            prop_assert!(rank(a.min(b)) <= rank(a.max(b)));
        }

        #[test]
        fn a_sign_of_life_takes_back_every_step(silence in anyone(), days in 0_i64..600) {
            let now = heard().last_heard + TimeDelta::days(days);
            let before = |at: Option<DateTime<Utc>>| at.map(|at| at.min(now));
            let Asked { first, again, keep_told } = silence.asked;
            let asked = Asked { first: before(first), again: before(again), keep_told: before(keep_told) };
            let heard = Silence { last_heard: now, asked, ..silence };
            prop_assert_eq!(heard.next_step(now), Step::Nothing);
            prop_assert_eq!(heard.asked_at(), None);
        }

        #[test]
        fn no_message_comes_twice_and_nobody_goes_unwarned(
            ticks in prop::collection::vec(0_i64..40, 1..60), reachable in any::<bool>(), paused in any::<bool>(),
        ) {
            let mut silence = Silence { reachable, pause: paused.then_some(Paused { until: None }), ..heard() };
            let mut now = silence.last_heard;
            let mut steps: Vec<(DateTime<Utc>, Step)> = Vec::new();
            for days in ticks {
                now += TimeDelta::days(days);
                let step = silence.next_step(now);
                if step != Step::Nothing {
                    steps.push((now, step));
                    silence = done(silence, step, now);
                }
                if step == Step::Erase { break; }
            }
            let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|(_, step)| wanted(step)).count();
            prop_assert!(count(|step| *step == Step::Ask) <= 1);
            prop_assert!(count(|step| *step == Step::AskAgain) <= 1);
            prop_assert!(count(|step| *step == Step::Pause) <= 1);
            let keeps = count(|step| matches!(step, Step::TellKeep { .. }));
            prop_assert!(keeps <= 1);
            if let Some((erased, Step::Erase)) = steps.last() {
                let told = steps.iter().find_map(|(at, step)| matches!(step, Step::TellKeep { .. }).then_some(*at));
                match told {
                    Some(told) => prop_assert!(day(*erased) - day(told) >= TimeDelta::days(28)),
                    None => prop_assert!(!reachable && *erased - heard().last_heard >= LETTER_ERASE_AFTER),
                }
            }
        }

        #[test]
        fn nothing_is_due_before_the_clock_looks_again(silence in anyone(), days in 0_i64..800, share in 0_i32..1_000) {
            let now = heard().last_heard + TimeDelta::days(days);
            if silence.next_step(now) == Step::Nothing {
                let between = now + (silence.look_again_at(now) - now) / 1_000 * share;
                prop_assert_eq!(silence.next_step(between), Step::Nothing);
            }
        }
    }
}
