//! Whether a notice can be sent as it is: checked when it comes in, so that nothing waits in vain.

use proto::{
    FieldProblem,
    notifier::{Notice, NoticeContent},
    open_hiring::TextOutcome,
    work::Channel,
};

const LONGEST_TEXT: usize = 200;
const LONGEST_PAGE: usize = 300;
const LONGEST_CODE: usize = 64;

/// By which channel it really goes: nobody calls to read out a code, so that becomes a text message.
pub fn channel(notice: &Notice) -> Channel {
    match notice.channel {
        Channel::Sms | Channel::Call => Channel::Sms,
        Channel::Email => Channel::Email,
    }
}

/// What is wrong with it, all at once.
pub fn problems(notice: &Notice) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut expect = |sound: bool, field: &str, code: &str| {
        if !sound {
            problems.push(FieldProblem::new(field, code));
        }
    };
    let channel = channel(notice);
    expect(is_address(&notice.to, channel), "to", "address-malformed");
    match &notice.content {
        NoticeContent::Code { code } => {
            let sound = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
            expect(sound, "code", "code-malformed");
        }
        NoticeContent::HelpedCode { code, organisation } => {
            let sound = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
            expect(sound, "code", "code-malformed");
            expect(is_name(organisation), "organisation", "organisation-malformed");
        }
        NoticeContent::Invitation { organisation, code, page } => {
            // It is longer than a text message.
            expect(channel == Channel::Email, "channel", "channel-unfit");
            expect(is_name(organisation), "organisation", "organisation-malformed");
            expect(is_typed_code(code), "code", "code-malformed");
            expect(is_page(page), "page", "page-malformed");
        }
        NoticeContent::Helped { helper, organisation, code, page, shared: _ } => {
            expect(is_name(helper), "helper", "helper-malformed");
            expect(is_name(organisation), "organisation", "organisation-malformed");
            expect(is_typed_code(code), "code", "code-malformed");
            expect(is_page(page), "page", "page-malformed");
        }
        NoticeContent::Digest { openings, page } => {
            expect(*openings >= 1, "openings", "openings-none");
            expect(is_page(page), "page", "page-malformed");
        }
        NoticeContent::ContactChanged { page }
        | NoticeContent::StillLooking { page }
        | NoticeContent::Keep { page, .. }
        | NoticeContent::Answered { page, .. } => expect(is_page(page), "page", "page-malformed"),
        NoticeContent::InLine { line }
        | NoticeContent::Offer { line, .. }
        | NoticeContent::OfferReminder { line, .. }
        | NoticeContent::Begins { line, .. }
        | NoticeContent::SaidNo { line, .. }
        | NoticeContent::SaidLater { line }
        | NoticeContent::NotThatDay { line }
        | NoticeContent::NotReached { line, .. }
        | NoticeContent::OfferEnded { line }
        | NoticeContent::SetRight { line }
        | NoticeContent::Filled { line } => {
            for (text, field) in
                [(&line.title, "title"), (&line.place, "place"), (&line.employer, "employer")]
            {
                expect(text.is_empty() || is_name(text), field, "work-malformed");
            }
            expect(is_page(&line.page), "page", "page-malformed");
        }
        NoticeContent::TextReply { outcome, page } => {
            // It answers a text message.
            expect(channel == Channel::Sms, "channel", "channel-unfit");
            expect(*outcome != TextOutcome::Answered, "outcome", "outcome-told");
            expect(is_page(page), "page", "page-malformed");
        }
        NoticeContent::Erased {} => {}
    }
    problems
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST_TEXT).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn is_typed_code(code: &str) -> bool {
    (1..=LONGEST_CODE).contains(&code.len()) && is_one_word(code)
}

fn is_page(page: &str) -> bool {
    (page.starts_with("https://") || page.starts_with("http://"))
        && page.len() <= LONGEST_PAGE
        && is_one_word(page)
}

fn is_address(to: &str, channel: Channel) -> bool {
    match channel {
        Channel::Email => {
            let parts: Vec<_> = to.split('@').collect();
            matches!(parts[..], [local, domain] if !local.is_empty() && !domain.is_empty())
                && to.len() <= 254
                && is_one_word(to)
        }
        Channel::Sms | Channel::Call => to.strip_prefix('+').is_some_and(|digits| {
            (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        }),
    }
}

/// Printable and without spaces: it cannot begin a new line or a new header.
fn is_one_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use proto::work::Language;

    use super::*;

    fn code(to: &str, channel: Channel, code: &str) -> Notice {
        let content = NoticeContent::Code { code: code.to_owned() };
        Notice { to: to.to_owned(), channel, language: Language::Nl, content }
    }

    fn invitation(channel: Channel, organisation: &str, code: &str, page: &str) -> Notice {
        let content = NoticeContent::Invitation {
            organisation: organisation.to_owned(),
            code: code.to_owned(),
            page: page.to_owned(),
        };
        Notice { to: "a@example.nl".to_owned(), channel, language: Language::Nl, content }
    }

    #[test]
    fn what_cannot_be_sent_is_refused_with_its_code() {
        let page = "https://example.nl/uitnodiging";
        for (notice, expected) in [
            (code("+31612345678", Channel::Sms, "482913"), None),
            (code("+31612345678", Channel::Call, "482913"), None),
            (code("a@example.nl", Channel::Email, "482913"), None),
            (code("0612345678", Channel::Sms, "482913"), Some("to: address-malformed")),
            (code("a@example.nl", Channel::Sms, "482913"), Some("to: address-malformed")),
            (code("+31612345678", Channel::Email, "482913"), Some("to: address-malformed")),
            (
                code("a@example.nl\nBcc: b@example.nl", Channel::Email, "482913"),
                Some("to: address-malformed"),
            ),
            (code("", Channel::Email, "482913"), Some("to: address-malformed")),
            (code("+31612345678", Channel::Sms, "48291"), Some("code: code-malformed")),
            (code("+31612345678", Channel::Sms, "48291a"), Some("code: code-malformed")),
            (invitation(Channel::Email, "WSP Flevoland", "AB12-CD34", page), None),
            (
                invitation(Channel::Email, "WSP\nSubject: x", "AB12", page),
                Some("organisation: organisation-malformed"),
            ),
            (invitation(Channel::Email, "", "AB12", page), Some("organisation: organisation-malformed")),
            (invitation(Channel::Email, "WSP", "AB 12", page), Some("code: code-malformed")),
            (invitation(Channel::Email, "WSP", "AB12", "javascript:alert(1)"), Some("page: page-malformed")),
            (invitation(Channel::Email, "WSP", "AB12", "https://a b"), Some("page: page-malformed")),
        ] {
            let told: Vec<_> = problems(&notice)
                .into_iter()
                .map(|problem| format!("{}: {}", problem.field, problem.code))
                .collect();
            assert_eq!(told, expected.into_iter().collect::<Vec<_>>(), "{notice:?}");
        }
    }

    #[test]
    fn who_helped_and_what_is_new_is_said_in_full() {
        let notice = |content| Notice {
            to: "+31612345678".to_owned(),
            channel: Channel::Sms,
            language: Language::Nl,
            content,
        };
        let helped = |helper: &str, page: &str| NoticeContent::Helped {
            helper: helper.to_owned(),
            organisation: "WSP".to_owned(),
            code: "ABCD-EFGH".to_owned(),
            page: page.to_owned(),
            shared: false,
        };
        let page = "https://example.nl/overnemen".to_owned();
        for (content, expected) in [
            (helped("Fatma", &page), None),
            (helped("", &page), Some("helper-malformed")),
            (helped("Fatma", "overnemen"), Some("page-malformed")),
            (NoticeContent::Digest { openings: 0, page: page.clone() }, Some("openings-none")),
            (NoticeContent::Digest { openings: 1, page: page.clone() }, None),
            (NoticeContent::StillLooking { page: String::new() }, Some("page-malformed")),
            (NoticeContent::TextReply { outcome: TextOutcome::Unclear, page: page.clone() }, None),
            (
                NoticeContent::TextReply { outcome: TextOutcome::Answered, page: page.clone() },
                Some("outcome-told"),
            ),
            (NoticeContent::Erased {}, None),
        ] {
            let told: Vec<_> = problems(&notice(content)).into_iter().map(|problem| problem.code).collect();
            assert_eq!(told, expected.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_invitation_does_not_fit_a_text_message() {
        let notice = Notice {
            to: "+31612345678".to_owned(),
            ..invitation(Channel::Sms, "WSP", "AB12", "https://x.nl")
        };
        assert_eq!(problems(&notice), [FieldProblem::new("channel", "channel-unfit")]);
    }
}
