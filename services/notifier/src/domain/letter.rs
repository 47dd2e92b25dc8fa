//! How a notice reads, in the receiver's language.

use std::net::SocketAddr;

use proto::{
    notifier::{Notice, NoticeContent},
    open_hiring::TextOutcome,
    work::{Channel, Language},
};
use serde::{Deserialize, Serialize};

use super::{
    gsm7, notice, when,
    work::{self, Named},
};

/// A message ready to be handed to its channel. At rest only encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Telephone number or e-mail address.
    pub to: String,
    /// Text message or e-mail.
    pub channel: Channel,
    /// For e-mail.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
}

/// What every text may name, from the settings.
#[derive(Debug, Clone)]
pub struct House {
    /// The host of the pages. A browser fills a code in only on the host that the message names.
    pub host: String,
    /// Where the pages are, without a slash at the end.
    pub address: String,
    /// The telephone number for help.
    pub help_phone: String,
}

impl House {
    /// From the settings: the public address, or where the portal listens.
    pub fn new(public_address: Option<&str>, http: SocketAddr, help_phone: String) -> Self {
        let address = public_address.map_or_else(|| format!("http://{http}"), str::to_owned);
        // On one's own machine the pages are usually opened under this name.
        let host = public_address.map_or("localhost", host_of).to_owned();
        Self { host, address, help_phone }
    }

    /// Where a person finds all that is hers.
    fn hers(&self) -> String {
        format!("{}/mijn", self.address)
    }
}

/// The host in an address: between the scheme and a port or path.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if rest.starts_with('[') {
        return rest.find(']').map_or(rest, |end| &rest[..=end]);
    }
    rest.split(':').next().unwrap_or(rest)
}

/// The texts of one kind of message, Dutch and English.
struct Texts {
    sms: [&'static str; 2],
    email: [&'static str; 2],
}

macro_rules! texts {
    (@one $name:literal, $channel:literal) => {
        [
            include_str!(concat!("../../templates/", $name, ".", $channel, ".nl.txt")),
            include_str!(concat!("../../templates/", $name, ".", $channel, ".en.txt")),
        ]
    };
    ($name:literal) => {
        Texts { sms: texts!(@one $name, "sms"), email: texts!(@one $name, "email") }
    };
}

// An answer to a text message is one; `notice::problems` says so at the door.
macro_rules! only_sms {
    ($name:literal) => {
        Texts { sms: texts!(@one $name, "sms"), email: texts!(@one $name, "sms") }
    };
}

static CODE: Texts = texts!("code");
static HELPED_CODE: Texts = texts!("helped_code");
// Goes by e-mail only; `notice::problems` says so at the door.
static INVITATION: Texts =
    Texts { sms: texts!(@one "invitation", "email"), email: texts!(@one "invitation", "email") };
static HELPED: Texts = texts!("helped");
static HELPED_SHARED: Texts = texts!("helped_shared");
static CONTACT_CHANGED: Texts = texts!("contact_changed");
static STILL_LOOKING: Texts = texts!("still_looking");
static KEEP: Texts = texts!("keep");
static DIGEST: Texts = texts!("digest");
static ANSWERED: Texts = texts!("answered");
static IN_LINE: Texts = texts!("in_line");
static OFFER: Texts = texts!("offer");
static OFFER_REMINDER: Texts = texts!("offer_reminder");
static BEGINS: Texts = texts!("begins");
static SAID_NO: Texts = texts!("said_no");
static SAID_LATER: Texts = texts!("said_later");
static NOT_THAT_DAY: Texts = texts!("not_that_day");
static NOT_REACHED: Texts = texts!("not_reached");
static TOO_LATE: Texts = texts!("too_late");
static OFFER_ENDED: Texts = texts!("offer_ended");
static SET_RIGHT: Texts = texts!("set_right");
static FILLED: Texts = texts!("filled");
static UNCLEAR: Texts = only_sms!("unclear");
static WHICH_ONE: Texts = only_sms!("which_one");
static ANSWERED_TOO_LATE: Texts = only_sms!("answered_too_late");
static NOTHING_ASKED: Texts = only_sms!("nothing_asked");
static ERASED: Texts = texts!("erased");

/// Names that fit a text message together with everything else in it.
const SHORT_HELPER: usize = 16;
const SHORT_ORGANISATION: usize = 30;

/// Writes the letter.
pub fn render(notice: &Notice, house: &House) -> Letter {
    let channel = notice::channel(notice);
    let language = notice.language;
    let is_sms = channel != Channel::Email;
    let (texts, mut values): (_, Vec<(&str, String)>) = match &notice.content {
        NoticeContent::Code { code } => (&CODE, vec![("code", code.clone())]),
        NoticeContent::HelpedCode { code, organisation } => {
            let organisation =
                if is_sms { gsm7::plain(organisation, SHORT_ORGANISATION) } else { organisation.clone() };
            let organisation =
                if organisation.is_empty() { somebody(language).to_owned() } else { organisation };
            (&HELPED_CODE, vec![("code", code.clone()), ("organisation", organisation)])
        }
        NoticeContent::Invitation { organisation, code, page } => (
            &INVITATION,
            vec![("organisation", organisation.clone()), ("code", code.clone()), ("page", page.clone())],
        ),
        NoticeContent::Helped { helper, organisation, code, page, shared } => {
            let (helper, organisation) = if is_sms {
                (gsm7::plain(helper, SHORT_HELPER), gsm7::plain(organisation, SHORT_ORGANISATION))
            } else {
                (helper.clone(), organisation.clone())
            };
            let helper = if helper.is_empty() { somebody(language).to_owned() } else { helper };
            (
                if *shared { &HELPED_SHARED } else { &HELPED },
                vec![
                    ("helper", helper),
                    ("organisation", organisation),
                    ("code", code.clone()),
                    ("page", page.clone()),
                ],
            )
        }
        NoticeContent::ContactChanged { page } => (&CONTACT_CHANGED, vec![("page", page.clone())]),
        NoticeContent::StillLooking { page } => (&STILL_LOOKING, vec![("page", page.clone())]),
        NoticeContent::Keep { before, page } => {
            (&KEEP, vec![("before", when::day_and_month(*before, language)), ("page", page.clone())])
        }
        NoticeContent::Digest { openings, page } => {
            (&DIGEST, vec![("new_openings", new_openings(*openings, language)), ("page", page.clone())])
        }
        NoticeContent::Answered { meet, page } => {
            (&ANSWERED, vec![("answer", answer(*meet, language).to_owned()), ("page", page.clone())])
        }
        NoticeContent::InLine { .. } => (&IN_LINE, Vec::new()),
        NoticeContent::Offer { first_day, answer_until, .. } => (
            &OFFER,
            vec![
                ("first_day", when::day(*first_day, language, is_sms)),
                ("until", when::moment(*answer_until, language, is_sms)),
            ],
        ),
        NoticeContent::OfferReminder { answer_until, .. } => {
            (&OFFER_REMINDER, vec![("until", when::moment(*answer_until, language, is_sms))])
        }
        NoticeContent::Begins { first_day, .. } => {
            (&BEGINS, vec![("first_day", when::day(*first_day, language, is_sms))])
        }
        NoticeContent::SaidNo { back_until, .. } => {
            (&SAID_NO, vec![("until", when::moment(*back_until, language, is_sms))])
        }
        NoticeContent::SaidLater { .. } => (&SAID_LATER, Vec::new()),
        NoticeContent::NotThatDay { .. } => (&NOT_THAT_DAY, Vec::new()),
        NoticeContent::NotReached { too_late: false, .. } => (&NOT_REACHED, Vec::new()),
        NoticeContent::NotReached { too_late: true, .. } => (&TOO_LATE, Vec::new()),
        NoticeContent::OfferEnded { .. } => (&OFFER_ENDED, Vec::new()),
        NoticeContent::SetRight { .. } => (&SET_RIGHT, Vec::new()),
        NoticeContent::Filled { .. } => (&FILLED, Vec::new()),
        NoticeContent::TextReply { outcome, page } => (text_reply(*outcome), vec![("page", page.clone())]),
        NoticeContent::Erased {} => (&ERASED, Vec::new()),
    };
    values.extend([("host", house.host.clone()), ("help_phone", house.help_phone.clone())]);
    let by_language = if is_sms { &texts.sms } else { &texts.email };
    let template = by_language[usize::from(language == Language::En)].trim_end();
    // The first line of an e-mail is its subject and holds no values.
    let (subject, body) = if is_sms {
        (None, template)
    } else {
        template.split_once("\n\n").map_or((None, template), |(first, rest)| (Some(first), rest))
    };
    let body = match notice.content.line() {
        Some(line) => {
            values.push(("number", line.number.to_string()));
            let named = match notice.content {
                NoticeContent::Begins { .. } => work::employer(line, language),
                _ => work::job(line, language),
            };
            if is_sms {
                in_one_message(body, values, &named, &[&line.page, &house.hers()])
            } else {
                values.extend([("work", named.whole()), ("page", line.page.clone())]);
                fill_in(body, &values)
            }
        }
        None => fill_in(body, &values),
    };
    Letter { to: notice.to.clone(), channel, subject: subject.map(str::to_owned), body }
}

/// What became of her text message. One that answered her offer is confirmed otherwise, and at the door refused here.
fn text_reply(outcome: TextOutcome) -> &'static Texts {
    match outcome {
        TextOutcome::Unclear => &UNCLEAR,
        TextOutcome::WhichOne => &WHICH_ONE,
        TextOutcome::TooLate => &ANSWERED_TOO_LATE,
        TextOutcome::NothingAsked | TextOutcome::Answered => &NOTHING_ASKED,
    }
}

/// Characters of a job's name that say enough; before less of it is named, a shorter page is.
const ENOUGH_OF_A_NAME: usize = 20;

/// Fills in a text message so that it stays one: with the first page that leaves enough room to name the work, which is
/// shortened to that room.
fn in_one_message(body: &str, mut values: Vec<(&str, String)>, named: &Named, pages: &[&str]) -> String {
    let named = named.plain();
    let mut text = String::new();
    for page in pages {
        values.extend([("work", String::new()), ("page", (*page).to_owned())]);
        let taken = gsm7::length(&fill_in(body, &values)).unwrap_or(usize::MAX);
        let room = gsm7::MOST_CHARACTERS.saturating_sub(taken);
        values.truncate(values.len() - 2);
        let short = named.shortened(room);
        values.extend([("work", short), ("page", (*page).to_owned())]);
        text = fill_in(body, &values);
        values.truncate(values.len() - 2);
        if room >= ENOUGH_OF_A_NAME.min(named.length()) {
            break;
        }
    }
    text
}

const fn somebody(language: Language) -> &'static str {
    match language {
        Language::Nl => "Iemand",
        Language::En => "Someone",
    }
}

/// The sentence of the digest: one job, or more.
fn new_openings(count: u32, language: Language) -> String {
    match (count, language) {
        (1, Language::Nl) => "Er is 1 nieuwe baan die bij u past.".to_owned(),
        (1, Language::En) => "There is 1 new job that fits you.".to_owned(),
        (_, Language::Nl) => format!("Er zijn {count} nieuwe banen die bij u passen."),
        (_, Language::En) => format!("There are {count} new jobs that fit you."),
    }
}

/// What an employer answered, for a screen that others may see: no job and no reason.
const fn answer(meet: bool, language: Language) -> &'static str {
    match (meet, language) {
        (true, Language::Nl) => "Een werkgever wil graag met u kennismaken.",
        (true, Language::En) => "An employer wants to meet you.",
        (false, Language::Nl) => "Een werkgever gaf u antwoord.",
        (false, Language::En) => "An employer answered you.",
    }
}

/// Puts values in place of `{name}`. In one pass, so that a value with braces stays as it is.
fn fill_in(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("the templates are tested");
        let (_, value) = values.iter().find(|(known, _)| *known == name).expect("the templates are tested");
        text.push_str(before);
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use proto::notifier::InLine;

    use super::*;
    use crate::domain::gsm7;

    /// With the longest link that fits (UX section 6).
    const PAGE: &str = "https://dichterbij.nl/overneme";
    /// UX section 6.
    const MOST_WITH_A_LINK: usize = 152;

    fn house(host: &str) -> House {
        House {
            host: host.to_owned(),
            address: format!("https://{host}"),
            help_phone: "085 000 00 00".to_owned(),
        }
    }

    fn longest_day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 30).unwrap()
    }

    /// Every content with the longest values that can come.
    fn every_content() -> Vec<NoticeContent> {
        let page = PAGE.to_owned();
        [
            NoticeContent::Code { code: "482913".to_owned() },
            NoticeContent::HelpedCode {
                code: "482913".to_owned(),
                organisation: "Stichting Welzijn en Ontmoeting Almere Haven en Poort".to_owned(),
            },
            NoticeContent::Invitation {
                organisation: "WSP Flevoland".to_owned(),
                code: "AB12-CD34".to_owned(),
                page: page.clone(),
            },
            NoticeContent::Helped {
                helper: "Maximiliaan-Alexander van der Westhuizen".to_owned(),
                organisation: "Stichting Welzijn en Ontmoeting Almere Haven en Poort".to_owned(),
                code: "ABCD-EFGH".to_owned(),
                page: page.clone(),
                shared: false,
            },
            NoticeContent::Helped {
                helper: "Maximiliaan-Alexander van der Westhuizen".to_owned(),
                organisation: "Stichting Welzijn en Ontmoeting Almere Haven en Poort".to_owned(),
                code: "ABCD-EFGH".to_owned(),
                page: page.clone(),
                shared: true,
            },
            NoticeContent::ContactChanged { page: page.clone() },
            NoticeContent::StillLooking { page: page.clone() },
            NoticeContent::Keep { before: longest_day(), page: page.clone() },
            NoticeContent::Digest { openings: 1, page: page.clone() },
            NoticeContent::Digest { openings: 9_999, page: page.clone() },
            NoticeContent::Answered { meet: true, page: page.clone() },
            NoticeContent::Answered { meet: false, page },
            NoticeContent::Erased {},
        ]
        .into_iter()
        .chain(REPLIES.map(|outcome| NoticeContent::TextReply { outcome, page: PAGE.to_owned() }))
        .chain(every_news())
        .collect()
    }

    /// What became of a text message that answered nothing.
    const REPLIES: [TextOutcome; 4] =
        [TextOutcome::Unclear, TextOutcome::WhichOne, TextOutcome::TooLate, TextOutcome::NothingAsked];

    fn line() -> InLine {
        InLine {
            title: "Medewerker keuken, afwas en spoelkeuken in een groot verpleeghuis".to_owned(),
            place: "Capelle aan den IJssel".to_owned(),
            employer: "Stichting Zorg en Wonen De Linde en De Eik".to_owned(),
            number: 9_999,
            page: PAGE.to_owned(),
        }
    }

    fn news_about(line: &InLine) -> Vec<NoticeContent> {
        let (first_day, answer_until) = (longest_day(), "2026-09-30T16:00:00Z".parse().unwrap());
        let line = || line.clone();
        vec![
            NoticeContent::InLine { line: line() },
            NoticeContent::Offer { line: line(), first_day, answer_until },
            NoticeContent::OfferReminder { line: line(), answer_until },
            NoticeContent::Begins { line: line(), first_day },
            NoticeContent::SaidNo { line: line(), back_until: answer_until },
            NoticeContent::SaidLater { line: line() },
            NoticeContent::NotThatDay { line: line() },
            NoticeContent::NotReached { line: line(), too_late: false },
            NoticeContent::NotReached { line: line(), too_late: true },
            NoticeContent::OfferEnded { line: line() },
            NoticeContent::SetRight { line: line() },
            NoticeContent::Filled { line: line() },
        ]
    }

    /// News of a place in line, also when nothing of its work is known any more.
    fn every_news() -> Vec<NoticeContent> {
        let unknown =
            InLine { title: String::new(), place: String::new(), employer: String::new(), ..line() };
        [line(), unknown].iter().flat_map(news_about).collect()
    }

    fn every_notice() -> Vec<Notice> {
        let mut all = Vec::new();
        for language in [Language::Nl, Language::En] {
            for channel in [Channel::Sms, Channel::Call, Channel::Email] {
                for content in every_content() {
                    let notice = Notice { to: "x".to_owned(), channel, language, content };
                    if notice::problems(&notice).iter().all(|problem| problem.code != "channel-unfit") {
                        all.push(notice);
                    }
                }
            }
        }
        all
    }

    fn sms(content: NoticeContent) -> String {
        let notice =
            Notice { to: "+31612345678".to_owned(), channel: Channel::Sms, language: Language::Nl, content };
        render(&notice, &house("dichterbij.example")).body
    }

    #[test]
    fn the_house_is_where_people_find_it() {
        let http = ([127, 0, 0, 1], 8080).into();
        for (public, host, address) in [
            (Some("https://dichterbij.nl"), "dichterbij.nl", "https://dichterbij.nl"),
            (Some("https://werk.example:8443/x"), "werk.example", "https://werk.example:8443/x"),
            (Some("http://[::1]:8080"), "[::1]", "http://[::1]:8080"),
            (None, "localhost", "http://127.0.0.1:8080"),
        ] {
            let house = House::new(public, http, "1".to_owned());
            assert_eq!((house.host.as_str(), house.address.as_str()), (host, address));
        }
    }

    #[test]
    fn the_code_reads_as_agreed() {
        let letter = render(&every_notice()[0], &house("dichterbij.example"));
        assert_eq!(
            letter.body,
            "Uw code voor Dichterbij is 482913. De code werkt 10 minuten. Geef hem aan niemand.\n\
             @dichterbij.example #482913"
        );
        assert_eq!((letter.channel, letter.subject), (Channel::Sms, None));
    }

    #[test]
    fn the_last_call_reads_as_agreed() {
        let before = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        let page = "https://dichterbij.nl/m".to_owned();
        assert_eq!(
            sms(NoticeContent::Keep { before, page }),
            "Zoekt u nog werk? Zeg ja voor 1 mei. Anders wissen wij uw gegevens. \
             https://dichterbij.nl/m of bel 085 000 00 00"
        );
    }

    #[test]
    fn who_helped_is_named_in_letters_that_every_telephone_has() {
        let text = sms(NoticeContent::Helped {
            helper: "Zoë Čapek".to_owned(),
            organisation: "Bibliotheek “De Haven”".to_owned(),
            code: "ABCD-EFGH".to_owned(),
            page: "https://dichterbij.nl/m".to_owned(),
            shared: false,
        });
        assert!(text.starts_with("Zoe Capek van Bibliotheek De Haven schreef u in"), "{text}");
        let unknown = NoticeContent::Helped {
            helper: "Фатима".to_owned(),
            organisation: "WSP".to_owned(),
            code: "ABCD-EFGH".to_owned(),
            page: PAGE.to_owned(),
            shared: false,
        };
        assert!(sms(unknown).starts_with("Iemand van WSP "));
    }

    #[test]
    fn whoever_shares_an_address_is_not_told_that_she_signs_in_with_it() {
        for (language, signs_in, somebody) in [
            (Language::Nl, "U logt in", "schreef iemand in"),
            (Language::En, "You sign in", "signed somebody up"),
        ] {
            let letter = |shared| {
                let content = NoticeContent::Helped {
                    helper: "Fatma".to_owned(),
                    organisation: "WSP".to_owned(),
                    code: "ABCD-EFGH".to_owned(),
                    page: PAGE.to_owned(),
                    shared,
                };
                let to = "gedeeld@example.nl".to_owned();
                render(
                    &Notice { to, channel: Channel::Email, language, content },
                    &house("dichterbij.example"),
                )
            };
            let (own, shared) = (letter(false), letter(true));
            assert!(own.body.contains(signs_in) && !own.body.contains(somebody), "{}", own.body);
            assert!(shared.body.contains(somebody) && !shared.body.contains(signs_in), "{}", shared.body);
            assert!(shared.body.contains("ABCD-EFGH") && shared.body.contains(PAGE));
            assert_ne!(own.subject, shared.subject);
        }
    }

    #[test]
    fn a_text_message_is_one_message_also_at_its_longest() {
        for notice in every_notice() {
            let letter = render(&notice, &house("dichterbij.arbeidsmarkt.example.nl"));
            if letter.channel == Channel::Sms {
                let most = if matches!(notice.content, NoticeContent::Code { .. }) {
                    assert!(letter.body.ends_with("#482913"), "browsers look at the last line");
                    gsm7::MOST_CHARACTERS
                } else if notice.content.line().is_some() {
                    // What it says of the work is shortened to what is left.
                    gsm7::MOST_CHARACTERS
                } else {
                    MOST_WITH_A_LINK
                };
                let length = gsm7::length(&letter.body);
                assert!(length.is_some_and(|length| length <= most), "{length:?} {}", letter.body);
            }
        }
    }

    #[test]
    fn every_text_message_says_what_to_do_and_names_whom_to_ask() {
        for notice in every_notice() {
            let letter = render(&notice, &house("dichterbij.example"));
            if letter.channel == Channel::Sms && !matches!(notice.content, NoticeContent::Code { .. }) {
                let asks = letter.body.contains("085 000 00 00") || letter.body.contains(PAGE);
                assert!(asks, "{}", letter.body);
            }
        }
    }

    #[test]
    fn every_e_mail_has_a_subject_without_the_code_and_sentences_of_15_words() {
        for mut notice in every_notice() {
            // The words of others are counted as one.
            match &mut notice.content {
                NoticeContent::Helped { helper, organisation, .. } => {
                    (*helper, *organisation) = ("Fatma".to_owned(), "WSP".to_owned());
                }
                NoticeContent::HelpedCode { organisation, .. } => "WSP".clone_into(organisation),
                content => {
                    if let Some(line) = content.line() {
                        let short = InLine {
                            title: "Keuken".to_owned(),
                            place: "Almere".to_owned(),
                            employer: "Linde".to_owned(),
                            ..line.clone()
                        };
                        let template = content.template();
                        let same = |news: &NoticeContent| news.template() == template;
                        *content = news_about(&short).into_iter().find(same).unwrap();
                    }
                }
            }
            let letter = render(&notice, &house("dichterbij.example"));
            assert!(!letter.body.contains(['{', '}']));
            if letter.channel == Channel::Email {
                // A subject shows on a locked screen.
                let subject = letter.subject.expect("a subject");
                assert!(!subject.is_empty() && !subject.chars().any(|letter| letter.is_ascii_digit()));
                assert!(letter.body.contains("085 000 00 00"));
            }
            for sentence in letter.body.split(['.', '?', '\n']) {
                assert!(sentence.split_whitespace().count() <= 15, "{sentence}");
            }
        }
    }

    #[test]
    fn an_offer_reads_as_agreed() {
        let line = InLine {
            title: "Medewerker keuken".to_owned(),
            place: "Almere".to_owned(),
            employer: "De Linde".to_owned(),
            number: 15,
            page: "https://werk.nl/mijn/rij/0199aa55-7c1f-4f0e-9a51-0f3b2b8d5a11".to_owned(),
        };
        let (first_day, answer_until) =
            (NaiveDate::from_ymd_opt(2026, 12, 7).unwrap(), "2026-12-02T17:00:00Z".parse().unwrap());
        // Its own page would leave no room to say what the work is.
        assert_eq!(
            sms(NoticeContent::Offer { line: line.clone(), first_day, answer_until }),
            "Er is werk voor u: Medewerker keuken in Almere. Begin: ma 7 dec. Zeg ja of nee voor \
             wo 2 dec 18:00 uur: https://dichterbij.example/mijn of bel 085 000 00 00"
        );
        assert_eq!(
            sms(NoticeContent::InLine { line: line.clone() }),
            format!(
                "U staat in de rij voor Medewerker keuken in Almere. Uw plek is 15. U hoeft niets te doen. \
                 Uw plek bekijken: {}",
                "https://dichterbij.example/mijn"
            )
        );
        assert_eq!(
            sms(NoticeContent::Begins { line: line.clone(), first_day }),
            format!(
                "Gelukt. U begint ma 7 dec bij De Linde in Almere. Kunt u toch niet? {} of bel 085 000 00 00",
                line.page
            )
        );
        let notice = Notice {
            to: "a@example.nl".to_owned(),
            channel: Channel::Email,
            language: Language::En,
            content: NoticeContent::Offer { line, first_day, answer_until },
        };
        let letter = render(&notice, &house("dichterbij.example"));
        assert!(letter.body.contains("before Wednesday 2 December, 18:00"), "{}", letter.body);
        assert!(letter.body.contains("/mijn/rij/0199aa55"));
    }

    #[test]
    fn a_value_with_braces_stays_as_it_is() {
        assert_eq!(fill_in("a {x} b {y}", &[("x", "{y}".to_owned()), ("y", "2".to_owned())]), "a {y} b 2");
    }

    proptest! {
        #[test]
        fn every_code_fits_one_text_message(code in "[0-9]{6}", host in "[a-z]{1,20}\\.nl") {
            for language in [Language::Nl, Language::En] {
                let content = NoticeContent::Code { code: code.clone() };
                let notice = Notice { to: "+31612345678".to_owned(), channel: Channel::Sms, language, content };
                let letter = render(&notice, &house(&host));
                prop_assert!(gsm7::length(&letter.body).is_some_and(|length| length <= gsm7::MOST_CHARACTERS));
                prop_assert_eq!(letter.body.matches(&code).count(), 2);
            }
        }

        #[test]
        fn no_name_breaks_a_text_message(helper in "\\PC{0,60}", organisation in "\\PC{1,80}") {
            for (language, shared) in
                [(Language::Nl, false), (Language::En, false), (Language::Nl, true), (Language::En, true)]
            {
                let content = NoticeContent::Helped {
                    helper: helper.clone(),
                    organisation: organisation.clone(),
                    code: "ABCD-EFGH".to_owned(),
                    page: PAGE.to_owned(),
                    shared,
                };
                let notice = Notice { to: "+31612345678".to_owned(), channel: Channel::Sms, language, content };
                let letter = render(&notice, &house("dichterbij.nl"));
                let length = gsm7::length(&letter.body);
                prop_assert!(length.is_some_and(|length| length <= MOST_WITH_A_LINK), "{:?}", length);
            }
        }
    }
}
