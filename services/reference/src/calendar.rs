//! Dutch public holidays, by rule.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A Dutch public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holiday {
    /// 1 January.
    NewYearsDay,
    /// The Friday before Easter: a public holiday on paper on which most people work.
    GoodFriday,
    /// Easter Sunday.
    EasterSunday,
    /// The day after Easter.
    EasterMonday,
    /// King's Day: 27 April, or the 26th when the 27th is a Sunday.
    KingsDay,
    /// Liberation Day, 5 May. Most people have the day off once in five years only.
    LiberationDay,
    /// The fortieth day of Easter, a Thursday.
    AscensionDay,
    /// Whit Sunday.
    WhitSunday,
    /// The day after Whit Sunday.
    WhitMonday,
    /// 25 December.
    ChristmasDay,
    /// 26 December.
    BoxingDay,
}

impl Holiday {
    /// The Dutch name.
    pub fn name_nl(self) -> &'static str {
        match self {
            Self::NewYearsDay => "Nieuwjaarsdag",
            Self::GoodFriday => "Goede Vrijdag",
            Self::EasterSunday => "Eerste Paasdag",
            Self::EasterMonday => "Tweede Paasdag",
            Self::KingsDay => "Koningsdag",
            Self::LiberationDay => "Bevrijdingsdag",
            Self::AscensionDay => "Hemelvaartsdag",
            Self::WhitSunday => "Eerste Pinksterdag",
            Self::WhitMonday => "Tweede Pinksterdag",
            Self::ChristmasDay => "Eerste Kerstdag",
            Self::BoxingDay => "Tweede Kerstdag",
        }
    }

    /// Whether nearly everyone has the day off in that year. Offices like the service points are open on Good Friday,
    /// and on 5 May except once in five years (2025, 2030, …).
    pub fn is_day_off(self, year: i32) -> bool {
        match self {
            Self::GoodFriday => false,
            Self::LiberationDay => year % 5 == 0,
            _ => true,
        }
    }
}

/// The public holidays of a year in order of date. The years 1583 to 4099 are computed; others have none.
pub fn holidays(year: i32) -> Vec<(NaiveDate, Holiday)> {
    let Some(easter) = easter(year) else { return Vec::new() };
    let after_easter = |days: u64| easter.checked_add_days(Days::new(days));
    let on = |month: u32, day: u32| NaiveDate::from_ymd_opt(year, month, day);
    let kings_day =
        on(4, 27).and_then(|day| if day.weekday() == Weekday::Sun { day.pred_opt() } else { Some(day) });
    let mut holidays: Vec<(NaiveDate, Holiday)> = [
        (on(1, 1), Holiday::NewYearsDay),
        (easter.checked_sub_days(Days::new(2)), Holiday::GoodFriday),
        (Some(easter), Holiday::EasterSunday),
        (after_easter(1), Holiday::EasterMonday),
        (kings_day, Holiday::KingsDay),
        (on(5, 5), Holiday::LiberationDay),
        (after_easter(39), Holiday::AscensionDay),
        (after_easter(49), Holiday::WhitSunday),
        (after_easter(50), Holiday::WhitMonday),
        (on(12, 25), Holiday::ChristmasDay),
        (on(12, 26), Holiday::BoxingDay),
    ]
    .into_iter()
    .filter_map(|(date, holiday)| Some((date?, holiday)))
    .collect();
    holidays.sort_unstable();
    holidays
}

/// The public holiday on a date, if it is one.
pub fn holiday_on(date: NaiveDate) -> Option<Holiday> {
    holidays(date.year()).into_iter().find(|(day, _)| *day == date).map(|(_, holiday)| holiday)
}

/// Whether offices are open: Monday to Friday, and no holiday on which nearly everyone is off.
pub fn is_working_day(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    !weekend
        && !holidays(date.year()).iter().any(|(day, holiday)| *day == date && holiday.is_day_off(date.year()))
}

/// The date itself if it is a working day, otherwise the first working day after it.
pub fn working_day_from(date: NaiveDate) -> NaiveDate {
    // No stretch of days off in the Netherlands is longer than a week.
    date.iter_days().take(14).find(|day| is_working_day(*day)).unwrap_or(date)
}

/// Easter Sunday by the Gregorian rule (the "anonymous" algorithm of 1876).
fn easter(year: i32) -> Option<NaiveDate> {
    if !(1583..=4099).contains(&year) {
        return None;
    }
    let golden = year % 19;
    let (century, in_century) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let shift = (golden + 11 * epact + 22 * weekday) / 451;
    let count = epact + weekday - 7 * shift + 114;
    NaiveDate::from_ymd_opt(year, (count / 31) as u32, (count % 31 + 1) as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn easter_falls_where_the_almanac_says() {
        for (year, month, date) in [
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2028, 4, 16),
            (2038, 4, 25),
            (2285, 3, 22),
        ] {
            assert_eq!(easter(year), Some(day(year, month, date)));
        }
        assert_eq!(easter(1500), None);
        assert!(holidays(1500).is_empty());
    }

    #[test]
    fn holidays_of_2026() {
        let dates: Vec<String> =
            holidays(2026).iter().map(|(date, _)| date.format("%m-%d").to_string()).collect();
        let expected = [
            "01-01", "04-03", "04-05", "04-06", "04-27", "05-05", "05-14", "05-24", "05-25", "12-25", "12-26",
        ];
        assert_eq!(dates, expected);
        assert_eq!(holiday_on(day(2026, 5, 14)).map(Holiday::name_nl), Some("Hemelvaartsdag"));
    }

    #[test]
    fn kings_day_moves_off_a_sunday() {
        assert_eq!(holiday_on(day(2025, 4, 26)), Some(Holiday::KingsDay));
        assert_eq!(holiday_on(day(2025, 4, 27)), None);
        assert_eq!(holiday_on(day(2026, 4, 27)), Some(Holiday::KingsDay));
    }

    #[test]
    fn liberation_day_is_a_day_off_once_in_five_years() {
        assert!(is_working_day(day(2026, 5, 5)));
        assert!(!is_working_day(day(2025, 5, 5)));
        assert!(!is_working_day(day(2030, 5, 5)));
    }

    #[test]
    fn a_deadline_in_the_weekend_moves_to_the_first_working_day() {
        assert_eq!(working_day_from(day(2026, 4, 4)), day(2026, 4, 7));
        assert_eq!(working_day_from(day(2026, 11, 23)), day(2026, 11, 23));
        assert_eq!(working_day_from(day(2026, 12, 25)), day(2026, 12, 28));
    }

    proptest! {
        #[test]
        fn every_year_has_eleven_holidays_and_easter_is_a_sunday_in_spring(year in 1583..=4099_i32) {
            prop_assert_eq!(holidays(year).len(), 11);
            let easter = easter(year).unwrap();
            prop_assert_eq!(easter.weekday(), Weekday::Sun);
            prop_assert!((day(year, 3, 22)..=day(year, 4, 25)).contains(&easter));
        }

        #[test]
        fn a_working_day_is_never_more_than_a_week_away(year in 1990..2100_i32, ordinal in 1..=365_u32) {
            let date = NaiveDate::from_yo_opt(year, ordinal).unwrap();
            let found = working_day_from(date);
            prop_assert!(is_working_day(found));
            prop_assert!((found - date).num_days() <= 5);
        }
    }
}
