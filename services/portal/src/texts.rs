//! Every word that a page shows, in the reader's language.
//!
//! The sentences live in `translations/<language>/*.ftl` (Fluent), one message per sentence, and are
//! compiled in. Ids read `page-part-state`. A missing id fails the tests; at run time the Dutch sentence
//! stands in, and as a last resort the id itself: a page with one odd word is better than no page.
//!
//! Dates, times, money and distances are written here too, so that they look the same on every page.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Dutch, level B1: the first language, in which every page is written.
    Dutch,
    /// English, its twin.
    English,
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Dutch, Self::English];

    /// The code for `lang` attributes, cookies and folders.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }

    /// The language's name in itself: a reader looks for her own word.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Dutch => "Nederlands",
            Self::English => "English",
        }
    }

    /// The writing direction, for the `dir` attribute.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Dutch | Self::English => "ltr",
        }
    }

    /// The language with this code, if the pages speak it. Regions (`nl-BE`) are accepted.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The reader's language: what she chose before (cookie), else what her browser asks
    /// (`Accept-Language`), else Dutch.
    pub fn choose(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        if let Some(chosen) = cookie.and_then(Self::from_code) {
            return chosen;
        }
        let mut wishes: Vec<(f32, usize, Self)> = accept_language
            .unwrap_or_default()
            .split(',')
            .enumerate()
            .filter_map(|(place, part)| {
                let mut pieces = part.split(';');
                let language = Self::from_code(pieces.next()?)?;
                let weight = pieces
                    .find_map(|piece| piece.trim().strip_prefix("q="))
                    .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())?;
                (weight > 0.0).then_some((weight, place, language))
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        wishes.first().map_or(Self::Dutch, |wish| wish.2)
    }

    fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::Dutch => langid!("nl"),
            Self::English => langid!("en"),
        }
    }

    /// The same in the reference data.
    pub const fn of_reference_data(self) -> reference::Lang {
        match self {
            Self::Dutch => reference::Lang::Nl,
            Self::English => reference::Lang::En,
        }
    }

    fn sources(self) -> &'static [&'static str] {
        match self {
            Self::Dutch => DUTCH,
            Self::English => ENGLISH,
        }
    }
}

macro_rules! sources {
    ($language:literal) => {
        [
            include_str!(concat!("../translations/", $language, "/common.ftl")),
            include_str!(concat!("../translations/", $language, "/form.ftl")),
            include_str!(concat!("../translations/", $language, "/work.ftl")),
            include_str!(concat!("../translations/", $language, "/register.ftl")),
            include_str!(concat!("../translations/", $language, "/signin.ftl")),
            include_str!(concat!("../translations/", $language, "/seeker.ftl")),
            include_str!(concat!("../translations/", $language, "/profile.ftl")),
            include_str!(concat!("../translations/", $language, "/rights.ftl")),
            include_str!(concat!("../translations/", $language, "/helper.ftl")),
            include_str!(concat!("../translations/", $language, "/staff.ftl")),
            include_str!(concat!("../translations/", $language, "/posting.ftl")),
            include_str!(concat!("../translations/", $language, "/import.ftl")),
            include_str!(concat!("../translations/", $language, "/employers.ftl")),
            include_str!(concat!("../translations/", $language, "/line.ftl")),
            include_str!(concat!("../translations/", $language, "/stuck.ftl")),
            include_str!(concat!("../translations/", $language, "/queue.ftl")),
            include_str!(concat!("../translations/", $language, "/info.ftl")),
            include_str!(concat!("../translations/", $language, "/failure.ftl")),
        ]
    };
}
static DUTCH: &[&str] = &sources!("nl");
static ENGLISH: &[&str] = &sources!("en");

type Bundle = FluentBundle<FluentResource>;
static DUTCH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Dutch));
static ENGLISH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English));

fn bundle(language: Language) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language.identifier()]);
    // No isolation marks: every language so far is written left to right, and the marks would end up in
    // titles, attributes and tests. Switch them on together with the first right-to-left language.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::Dutch => |value, _| grouped(value, '.'),
        Language::English => |value, _| grouped(value, ','),
    }));
    for source in language.sources() {
        // A slip in a translation costs that one message, not the page; a test holds the files to zero slips.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Whole numbers with a mark between the thousands: 1.204 in Dutch, 1,204 in English.
fn grouped(value: &FluentValue<'_>, mark: char) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let whole = number.value.abs();
    if whole.fract() != 0.0 || whole < 1000.0 {
        return None;
    }
    let sign = if number.value < 0.0 { "-" } else { "" };
    Some(format!("{sign}{}", group_digits(whole as u64, mark)))
}

fn group_digits(number: u64, mark: char) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(mark);
        }
        written.push(digit);
    }
    written
}

/// Text that is already safe HTML: made here or in `pages`, never from what someone typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub(crate) String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// A value inside a sentence: words or a number (numbers choose the plural).
pub trait Argument {
    /// The value as Fluent takes it.
    fn value(&self) -> FluentValue<'_>;
}

impl Argument for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(self))
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(self))
    }
}

impl Argument for Html {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(&self.0))
    }
}

macro_rules! number_arguments {
    ($($kind:ty),*) => {
        $(impl Argument for $kind {
            fn value(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        })*
    };
}
number_arguments!(u8, u16, u32, u64, usize, i32, i64);

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

/// Hands out sentences in one language. Small enough to copy into every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    language: Language,
}

impl Texts {
    /// The texts of this language.
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language these texts are in.
    pub const fn language(self) -> Language {
        self.language
    }

    /// The sentence with this id.
    pub fn get(self, id: &str) -> String {
        self.format(id, None)
    }

    /// The sentence with this id and one value in it.
    pub fn one(self, id: &str, name: &str, value: impl Argument) -> String {
        let mut args = FluentArgs::with_capacity(1);
        args.set(name.to_owned(), owned(&value));
        self.format(id, Some(&args))
    }

    /// The sentence with this id and two values in it.
    pub fn two(
        self,
        id: &str,
        name: &str,
        value: impl Argument,
        second: &str,
        second_value: impl Argument,
    ) -> String {
        let mut args = FluentArgs::with_capacity(2);
        args.set(name.to_owned(), owned(&value));
        args.set(second.to_owned(), owned(&second_value));
        self.format(id, Some(&args))
    }

    /// The sentence with this id and any number of values in it.
    pub fn with(self, id: &str, values: &[(&str, &dyn Argument)]) -> String {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set((*name).to_owned(), owned(*value));
        }
        self.format(id, Some(&args))
    }

    /// The sentence with this id if there is one: for codes that other services make up.
    pub fn find(self, id: &str, values: &[(&str, &dyn Argument)]) -> Option<String> {
        let bundle: &Bundle = match self.language {
            Language::Dutch => &DUTCH_BUNDLE,
            Language::English => &ENGLISH_BUNDLE,
        };
        bundle.has_message(id).then(|| self.with(id, values))
    }

    /// As [`Texts::get`], with `**…**` shown in bold.
    pub fn html(self, id: &str) -> Html {
        bold(&self.get(id))
    }

    /// As [`Texts::one`], with `**…**` in the sentence shown in bold; the value is escaped.
    pub fn html_one(self, id: &str, name: &str, value: impl Argument) -> Html {
        let value = plain(&value);
        bold(&self.one(id, name, value))
    }

    /// As [`Texts::two`], with `**…**` in the sentence shown in bold; the values are escaped.
    pub fn html_two(
        self,
        id: &str,
        name: &str,
        value: impl Argument,
        second: &str,
        second_value: impl Argument,
    ) -> Html {
        let (value, second_value) = (plain(&value), plain(&second_value));
        bold(&self.two(id, name, value, second, second_value))
    }

    fn format(self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let (bundle, others): (&Bundle, &[&LazyLock<Bundle>]) = match self.language {
            Language::Dutch => (&DUTCH_BUNDLE, &[]),
            Language::English => (&ENGLISH_BUNDLE, &[&DUTCH_BUNDLE]),
        };
        if let Some(sentence) = sentence(bundle, id, args) {
            return sentence;
        }
        in_tests_fail(|| format!("no text {id:?} in {}", self.language.code()));
        tracing::warn!(text.id = id, text.language = self.language.code(), "a text is missing");
        others.iter().find_map(|bundle| sentence(bundle, id, args)).unwrap_or_else(|| id.to_owned())
    }

    /// "maandag 7 december"
    pub fn date(self, date: NaiveDate) -> String {
        let (weekday, month) = (self.weekday(date), self.month(date));
        self.with("date-long", &[("weekday", &weekday), ("day", &date.day()), ("month", &month)])
    }

    /// "ma 7 dec", for tables.
    pub fn date_short(self, date: NaiveDate) -> String {
        let weekday = self.one("date-weekday-short", "number", date.weekday().number_from_monday());
        let month = self.one("date-month-short", "number", date.month());
        self.with("date-long", &[("weekday", &weekday), ("day", &date.day()), ("month", &month)])
    }

    /// "7 december 2026", for facts that stand for years.
    pub fn date_year(self, date: NaiveDate) -> String {
        let (month, year) = (self.month(date), date.year().to_string());
        self.with("date-year", &[("day", &date.day()), ("month", &month), ("year", &year)])
    }

    /// "7:00 uur"
    pub fn time(self, time: NaiveTime) -> String {
        let written = format!("{}:{:02}", time.hour(), time.minute());
        self.one("date-time", "time", written)
    }

    /// "maandag 7 december om 7:00 uur"
    pub fn moment(self, moment: NaiveDateTime) -> String {
        self.two("date-moment", "date", self.date(moment.date()), "time", self.time(moment.time()))
    }

    /// "€ 15,20"
    pub fn money(self, cents: u32) -> String {
        let (thousands, decimal) = match self.language {
            Language::Dutch => ('.', ','),
            Language::English => (',', '.'),
        };
        let euros = group_digits(u64::from(cents / 100), thousands);
        format!("€\u{a0}{euros}{decimal}{:02}", cents % 100)
    }

    /// "3,2 km", "14 km", "800 meter"
    pub fn distance(self, metres: u32) -> String {
        if metres < 950 {
            return self.one("distance-metres", "metres", (metres.max(50) + 25) / 50 * 50);
        }
        if metres >= 9_950 {
            return self.one("distance-kilometres", "km", ((metres + 500) / 1000).to_string());
        }
        let tenths = (metres + 50) / 100;
        let decimal = match self.language {
            Language::Dutch => ',',
            Language::English => '.',
        };
        let km = if tenths.is_multiple_of(10) {
            (tenths / 10).to_string()
        } else {
            format!("{}{decimal}{}", tenths / 10, tenths % 10)
        };
        self.one("distance-kilometres", "km", km)
    }

    /// "a", "a en b", "a, b en c"
    pub fn list(self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => self.two("list-and", "first", first.join(", "), "last", last),
        }
    }

    fn weekday(self, date: NaiveDate) -> String {
        self.one("date-weekday", "number", date.weekday().number_from_monday())
    }

    fn month(self, date: NaiveDate) -> String {
        self.one("date-month", "number", date.month())
    }
}

fn owned<A: Argument + ?Sized>(value: &A) -> FluentValue<'static> {
    value.value().into_owned()
}

fn sentence(bundle: &Bundle, id: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut slips = Vec::new();
    let written = bundle.format_pattern(pattern, args, &mut slips).into_owned();
    if !slips.is_empty() {
        in_tests_fail(|| format!("text {id:?}: {slips:?}"));
    }
    Some(written)
}

/// A slip in the texts fails the tests; at run time the page is shown all the same.
fn in_tests_fail(words: impl FnOnce() -> String) {
    #[cfg(test)]
    panic!("{}", words());
    #[cfg(not(test))]
    drop(words);
}

/// A value without `**`: words typed by someone must not switch bold on. Numbers stay numbers (plurals).
struct Plain(FluentValue<'static>);

impl Argument for Plain {
    fn value(&self) -> FluentValue<'_> {
        self.0.clone()
    }
}

fn plain<A: Argument + ?Sized>(value: &A) -> Plain {
    Plain(match owned(value) {
        FluentValue::String(words) => FluentValue::String(Cow::Owned(words.replace("**", ""))),
        other => other,
    })
}

fn bold(sentence: &str) -> Html {
    let mut html = String::with_capacity(sentence.len() + 32);
    for (place, part) in sentence.split("**").enumerate() {
        if place > 0 {
            html.push_str(if place % 2 == 1 { "<strong>" } else { "</strong>" });
        }
        escape_into(&mut html, part);
    }
    if sentence.matches("**").count() % 2 == 1 {
        html.push_str("</strong>");
    }
    Html(html)
}

/// Writes text so that a browser shows it as text, in content and in quoted attributes.
pub(crate) fn escape_into(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}
