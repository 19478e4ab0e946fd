//! How a reader wants the text: width, colour, symbols, language, time zone.

use anji_model::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The narrowest page that is laid out; narrower ones are laid out as this.
pub const WIDTH_MIN: usize = 30;

/// How a reader wants the text.
#[derive(Debug, Clone)]
pub struct Style {
    /// Columns of the page. A CJK character takes two.
    pub width: usize,
    /// Whether colour escapes may be written. Nothing is said by colour alone.
    pub color: bool,
    /// Whether symbols are kept to ASCII, for terminals without others.
    pub ascii: bool,
    /// The language of every text.
    pub lang: Lang,
    /// The zone that times are shown in.
    pub zone: TimeZone,
}

impl Style {
    /// A page of `width` columns without colour, times in UTC.
    pub fn plain(width: usize, lang: Lang) -> Self {
        Self { width, color: false, ascii: false, lang, zone: TimeZone::UTC }
    }

    /// The columns that are laid out.
    pub(crate) fn columns(&self) -> usize {
        self.width.max(WIDTH_MIN)
    }

    /// An instant as local time with its offset, for instance
    /// `2026-11-24 07:30:05 +08:00`.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
    }

    /// An instant to the minute, for instance `2026-11-24 07:30 +08:00`.
    pub(crate) fn minute(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }

    /// The local day of an instant, for instance `2026-11-24`.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d").to_string()
    }

    /// The mark of something cut off.
    pub(crate) fn ellipsis(&self) -> &'static str {
        if self.ascii { "..." } else { "…" }
    }
}
