//! How a notice reads, in the receiver's language.

use proto::{
    notifier::{Notice, NoticeContent},
    work::{Channel, Language},
};
use serde::{Deserialize, Serialize};

use super::notice;

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
    /// The telephone number for help.
    pub help_phone: String,
}

/// Writes the letter.
pub fn render(notice: &Notice, house: &House) -> Letter {
    let channel = notice::channel(notice);
    let template = match (&notice.content, channel, notice.language) {
        (NoticeContent::Code { .. }, Channel::Sms | Channel::Call, Language::Nl) => {
            include_str!("../../templates/code.sms.nl.txt")
        }
        (NoticeContent::Code { .. }, Channel::Sms | Channel::Call, Language::En) => {
            include_str!("../../templates/code.sms.en.txt")
        }
        (NoticeContent::Code { .. }, Channel::Email, Language::Nl) => {
            include_str!("../../templates/code.email.nl.txt")
        }
        (NoticeContent::Code { .. }, Channel::Email, Language::En) => {
            include_str!("../../templates/code.email.en.txt")
        }
        // Goes by e-mail only; `notice::problems` says so at the door.
        (NoticeContent::Invitation { .. }, _, Language::Nl) => {
            include_str!("../../templates/invitation.email.nl.txt")
        }
        (NoticeContent::Invitation { .. }, _, Language::En) => {
            include_str!("../../templates/invitation.email.en.txt")
        }
    };
    let mut values = vec![("host", house.host.as_str()), ("help_phone", &house.help_phone)];
    match &notice.content {
        NoticeContent::Code { code } => values.push(("code", code)),
        NoticeContent::Invitation { organisation, code, page } => {
            values.extend([("organisation", organisation.as_str()), ("code", code), ("page", page)]);
        }
    }
    let template = template.trim_end();
    // The first line of an e-mail is its subject and holds no values.
    let (subject, body) = match channel {
        Channel::Email => {
            template.split_once("\n\n").map_or((None, template), |(first, rest)| (Some(first), rest))
        }
        Channel::Sms | Channel::Call => (None, template),
    };
    Letter {
        to: notice.to.clone(),
        channel,
        subject: subject.map(str::to_owned),
        body: fill_in(body, &values),
    }
}

/// Puts values in place of `{name}`. In one pass, so that a value with braces stays as it is.
fn fill_in(template: &str, values: &[(&str, &str)]) -> String {
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
    use proptest::prelude::*;

    use super::*;
    use crate::domain::gsm7;

    fn house(host: &str) -> House {
        House { host: host.to_owned(), help_phone: "085 000 00 00".to_owned() }
    }

    fn every_notice() -> Vec<Notice> {
        let contents = [
            (Channel::Sms, NoticeContent::Code { code: "482913".to_owned() }),
            (Channel::Call, NoticeContent::Code { code: "482913".to_owned() }),
            (Channel::Email, NoticeContent::Code { code: "482913".to_owned() }),
            (
                Channel::Email,
                NoticeContent::Invitation {
                    organisation: "WSP Flevoland".to_owned(),
                    code: "AB12-CD34".to_owned(),
                    page: "https://dichterbij.example/uitnodiging".to_owned(),
                },
            ),
        ];
        let mut all = Vec::new();
        for language in [Language::Nl, Language::En] {
            for (channel, content) in contents.clone() {
                all.push(Notice { to: "x".to_owned(), channel, language, content });
            }
        }
        all
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
    fn a_text_message_is_one_message_also_with_a_long_host() {
        for notice in every_notice() {
            let letter = render(&notice, &house("dichterbij.arbeidsmarkt.example.nl"));
            if letter.channel == Channel::Sms {
                let length = gsm7::length(&letter.body);
                assert!(
                    length.is_some_and(|length| length <= gsm7::MOST_CHARACTERS),
                    "{length:?} {}",
                    letter.body
                );
                assert!(letter.body.ends_with("#482913"), "browsers look at the last line");
            }
        }
    }

    #[test]
    fn every_e_mail_has_a_subject_without_the_code_and_sentences_of_15_words() {
        for notice in every_notice() {
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
    fn a_value_with_braces_stays_as_it_is() {
        assert_eq!(fill_in("a {x} b {y}", &[("x", "{y}"), ("y", "2")]), "a {y} b 2");
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
    }
}
