//! Writing XML elements.

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

/// Elements written one after another.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub(super) fn new() -> Self {
        Self(Writer::new(Vec::new()))
    }

    /// A part of the package with its declaration.
    pub(super) fn part() -> Self {
        Self(Writer::new(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_vec(),
        ))
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing to memory cannot fail");
    }

    /// An element with what `inside` writes.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.event(Event::Start(start));
        inside(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element without anything inside.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.event(Event::Empty(start));
    }

    /// An element with the one attribute that most of WordprocessingML has.
    pub(super) fn value(&mut self, name: &str, value: &str) {
        self.empty(name, &[("w:val", value)]);
    }

    /// An element that holds text.
    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(name, attributes, |xml| xml.text(text));
    }

    /// Text. What may not stand in XML was escaped before it gets here; the
    /// replacement keeps the document whole if it ever was not.
    fn text(&mut self, text: &str) {
        let clean: String = text
            .chars()
            .map(|c| match c {
                '\t' | '\n' => c,
                '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
                _ if c.is_control() => '\u{fffd}',
                _ => c,
            })
            .collect();
        self.event(Event::Text(BytesText::new(&clean)));
    }

    /// Elements that were written elsewhere.
    pub(super) fn append(&mut self, other: Self) {
        self.0.get_mut().extend_from_slice(&other.into_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_controls_in_text_stay_text() {
        let mut xml = Xml::new();
        xml.leaf("w:t", &[("a", "\"<&>")], "]]><b>&amp;\u{0}\u{ffff}");
        let text = String::from_utf8(xml.into_bytes()).expect("UTF-8");
        assert_eq!(
            text,
            "<w:t a=\"&quot;&lt;&amp;&gt;\">]]&gt;&lt;b&gt;&amp;amp;\u{fffd}\u{fffd}</w:t>"
        );
    }
}
