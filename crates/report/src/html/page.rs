//! The frame of a page: head with its policy, style and script, and the document around `main`.

use crate::style::Style;
use crate::words::document as words;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The page's language as BCP 47 names it.
fn language(style: &Style) -> &'static str {
    match style.lang {
        anji_model::Lang::Zh => "zh-CN",
        anji_model::Lang::En => "en",
    }
}

/// What the page may do: its own style and its own script, known by their
/// digests, and nothing else: no request, no frame, no form.
fn policy() -> String {
    let digest = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT),
    )
}

/// A whole page. `title` is safe already.
pub(super) fn page(style: &Style, title: &str, body: &Markup) -> String {
    let lang = style.lang;
    let page = html! {
        (DOCTYPE)
        html lang=(language(style)) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="anji";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { (words::SKIP.get(lang)) }
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}
