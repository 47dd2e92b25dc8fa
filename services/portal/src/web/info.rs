//! Pages that explain.

use axum::{response::Response, routing::get};

use crate::{
    pages::info::{Accessibility, Languages, Privacy},
    texts::Language,
    web::{
        cookies,
        fields::Fields,
        guard::Access::Public,
        routes::{Route, route},
        stop::Stop,
        visit::{Visit, go_to, page},
    },
};

/// The routes of this family.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/privacy", Public, || get(privacy)),
        route("/toegankelijkheid", Public, || get(accessibility)),
        route("/taal", Public, || get(languages).post(choose_language)),
    ]
}

/// `/privacy`
pub(crate) async fn privacy(visit: Visit) -> Result<Response, Stop> {
    page(&Privacy { l: visit.layout() })
}

/// `/toegankelijkheid`
pub(crate) async fn accessibility(visit: Visit) -> Result<Response, Stop> {
    page(&Accessibility { l: visit.layout() })
}

/// `/taal`
pub(crate) async fn languages(visit: Visit) -> Result<Response, Stop> {
    page(&Languages { l: visit.layout(), back: "/".to_owned() })
}

/// Keeps the chosen language for a year and goes back to the page it was chosen on.
pub(crate) async fn choose_language(form: Fields) -> Response {
    let language = Language::from_code(form.get("lang")).unwrap_or(Language::Dutch);
    // Only a path of ours: a full address, also one that begins with two slashes, could lead away.
    let back = form.get("back");
    let ours = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    go_to(
        if ours { back } else { "/" },
        [cookies::keep(cookies::LANGUAGE, language.code(), Some(60 * 24 * 365))],
    )
}
