//! Background: from what someone lives and where she came in. Kept only with consent for figures.

use proto::{
    FieldProblem,
    intake::{Background, Benefit, ConfirmedBenefit, ToldBackground},
};

use super::fields;

/// What is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// From what she lives, as told and as confirmed.
    pub benefit: Option<Background>,
    /// Where she came in.
    pub entry_point: Option<String>,
}

/// What telling does to what was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Nothing new.
    Same,
    /// It is told (again) under the same id.
    Told(Kept),
    /// Something is taken back: what was published is erased, the rest goes on under another id.
    TakenBack(Kept),
}

impl Kept {
    /// What she tells now. A confirmation was of what she said then: it goes when she says another.
    pub fn tell(&self, told: &ToldBackground) -> Result<Change, Vec<FieldProblem>> {
        let entry_point =
            fields::entry_point(told.entry_point.as_deref()).map_err(|problem| vec![problem])?;
        let benefit = told.benefit.map(|says| Background {
            says,
            confirmed: self
                .benefit
                .as_ref()
                .filter(|before| before.says == says)
                .and_then(|before| before.confirmed.clone()),
        });
        let now = Self { benefit, entry_point };
        Ok(if now == *self {
            Change::Same
        } else if self.loses_something_to(&now) {
            Change::TakenBack(now)
        } else {
            Change::Told(now)
        })
    }

    fn loses_something_to(&self, now: &Self) -> bool {
        (self.benefit.is_some() && now.benefit.is_none())
            || (self.entry_point.is_some() && now.entry_point.is_none())
    }

    /// With a confirmation, if she told from what she lives and this is not what is known already.
    pub fn confirm(&self, confirmed: ConfirmedBenefit) -> Option<Self> {
        let before = self.benefit.clone()?;
        let benefit = Some(Background { confirmed: Some(confirmed), ..before });
        Some(Self { benefit, entry_point: self.entry_point.clone() })
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.benefit.is_none() && self.entry_point.is_none()
    }
}

/// What is told of a benefit, and whether an organisation confirmed it: its word counts above hers.
pub fn benefit_told(background: &Background) -> (Benefit, bool) {
    match &background.confirmed {
        Some(confirmed) => (confirmed.benefit, true),
        None => (background.says, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(benefit: Option<Benefit>, entry_point: Option<&str>) -> ToldBackground {
        ToldBackground { benefit, entry_point: entry_point.map(str::to_owned) }
    }

    fn kept(benefit: Option<Benefit>, entry_point: Option<&str>) -> Kept {
        let benefit = benefit.map(|says| Background { says, confirmed: None });
        Kept { benefit, entry_point: entry_point.map(str::to_owned) }
    }

    fn confirmed(benefit: Benefit) -> ConfirmedBenefit {
        let at = "2026-12-07T12:00:00Z".parse().unwrap();
        ConfirmedBenefit { benefit, by: "Gemeente Almere".to_owned(), at }
    }

    #[test]
    fn telling_more_or_other_keeps_the_id_and_taking_back_does_not() {
        use Benefit::{None as NoBenefit, SocialAssistance};
        let before = kept(Some(NoBenefit), Some("library"));
        let change = |benefit, entry_point| before.tell(&told(benefit, entry_point)).unwrap();
        assert_eq!(change(Some(NoBenefit), Some("library")), Change::Same);
        assert!(matches!(change(Some(SocialAssistance), Some("library")), Change::Told(_)));
        assert!(matches!(change(None, Some("library")), Change::TakenBack(_)));
        assert!(matches!(change(Some(NoBenefit), None), Change::TakenBack(_)));
        assert_eq!(change(None, Some("  ")), Change::TakenBack(Kept::default()));
        let first = Kept::default().tell(&told(Some(NoBenefit), None)).unwrap();
        assert_eq!(first, Change::Told(kept(Some(NoBenefit), None)));
        assert_eq!(Kept::default().tell(&told(None, None)).unwrap(), Change::Same);
    }

    #[test]
    fn a_confirmation_is_of_what_she_said() {
        let said = kept(Some(Benefit::Unemployment), None);
        let sure = said.confirm(confirmed(Benefit::SocialAssistance)).unwrap();
        assert_eq!(benefit_told(said.benefit.as_ref().unwrap()), (Benefit::Unemployment, false));
        assert_eq!(benefit_told(sure.benefit.as_ref().unwrap()), (Benefit::SocialAssistance, true));
        // Telling something beside it leaves it; saying another does not.
        let Change::Told(more) = sure.tell(&told(Some(Benefit::Unemployment), Some("uwv"))).unwrap() else {
            panic!("an entry point is new")
        };
        assert!(more.benefit.unwrap().confirmed.is_some());
        let Change::Told(other) = sure.tell(&told(Some(Benefit::None), None)).unwrap() else {
            panic!("she says another")
        };
        assert!(other.benefit.unwrap().confirmed.is_none());
        assert!(kept(None, Some("uwv")).confirm(confirmed(Benefit::None)).is_none());
    }

    #[test]
    fn an_entry_point_is_a_code() {
        let problems = Kept::default().tell(&told(None, Some("Buurman Jan"))).unwrap_err();
        assert_eq!(problems[0].code, "entry-point-malformed");
    }
}
