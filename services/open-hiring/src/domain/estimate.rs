//! How long it may still take. An estimate, said to be one, and nothing when there is too little to go by.

/// Whole weeks that one must look back on before one estimates.
pub const WEEKS: usize = 4;
/// What is further away than this is not told in weeks: nobody can plan by it.
const MOST_WEEKS: u32 = 52;

/// In how many weeks somebody is asked, given how many could be asked before her, and how many were taken from the line
/// in each whole week, the last one first. `None` without four weeks to look back on, without any movement in them, or when it is
/// more than a year.
pub fn weeks(before_her: u32, asked_per_week: &[u32]) -> Option<u32> {
    let last = asked_per_week.get(..WEEKS)?;
    let asked: u32 = last.iter().sum();
    // Her turn is the one after theirs; a week that has begun counts whole.
    let turns = before_her.checked_add(1)?;
    let weeks = (u64::from(turns) * WEEKS as u64).div_ceil(u64::from(asked).max(1)) as u32;
    (asked > 0 && weeks <= MOST_WEEKS).then_some(weeks)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fourteen_people_at_five_a_week_take_three_weeks() {
        assert_eq!(weeks(14, &[5, 5, 5, 5]), Some(3));
        assert_eq!(weeks(0, &[5, 5, 5, 5]), Some(1), "the next is asked within a week");
    }

    #[test]
    fn with_too_little_to_go_by_nothing_is_said() {
        assert_eq!(weeks(14, &[5, 5, 5]), None, "three weeks");
        assert_eq!(weeks(14, &[0, 0, 0, 0, 90]), None, "nothing moved in the last four");
        assert_eq!(weeks(1_000, &[1, 1, 1, 1]), None, "twenty years");
    }

    proptest! {
        #[test]
        fn more_people_before_her_never_make_it_sooner(before in 0..5_000_u32, asked in prop::array::uniform4(0..200_u32)) {
            if let (Some(now), Some(later)) = (weeks(before, &asked), weeks(before + 1, &asked)) {
                prop_assert!(now >= 1 && now <= later);
            }
        }
    }
}
