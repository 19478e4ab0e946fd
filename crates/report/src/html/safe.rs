//! Text that may hold anything, made harmless for a page.

use crate::escape;
use maud::{Escaper, Render};
use std::fmt::Write as _;

/// A text from outside. What steers, hides or turns text stands in its escaped
/// form, and what would be markup is text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Safe<T>(pub(super) T);

impl<T: AsRef<str>> Render for Safe<T> {
    fn render_to(&self, out: &mut String) {
        let text = self.0.as_ref();
        if text.chars().any(escape::is_unsafe) {
            let printable = escape::printable(text);
            Escaper::new(out).write_str(&printable).expect("writing to a string cannot fail");
        } else {
            Escaper::new(out).write_str(text).expect("writing to a string cannot fail");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maud::html;

    #[test]
    fn nothing_from_outside_becomes_markup_or_steers() {
        let evil = "<b a=\"'\">&\u{202e}\u{0}\n安基";
        let made = html! { p title=(Safe(evil)) { (Safe(evil)) } }.into_string();
        let text = "&lt;b a=&quot;'&quot;&gt;&amp;\\xe2\\x80\\xae\\x00\\n安基";
        assert_eq!(made, format!("<p title=\"{text}\">{text}</p>"));
    }
}
