//! A small set of charts, drawn as SVG that needs nothing but the page's style:
//! a stacked bar, a trend line, a strip of days. Each says in its title what it
//! shows, and is told apart without colour: by hatching, dashes and shapes.

mod bar;
mod days;
mod trend;

pub(crate) use bar::{Part, bar, swatch};
pub(crate) use days::days;
pub(crate) use trend::{has_trend, trend};

use maud::{Markup, html};

/// The hatchings that stand for colours on paper; once in a page.
pub(crate) fn patterns() -> Markup {
    html! {
        svg.defs width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern #hatch-fail width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="6" height="6" fill="#fff" {}
                    rect width="4" height="6" fill="#000" {}
                }
                pattern #hatch-open width="6" height="6" patternUnits="userSpaceOnUse" {
                    rect width="6" height="6" fill="#fff" {}
                    circle cx="3" cy="3" r="1.4" fill="#000" {}
                }
                pattern #hatch-pass width="6" height="6" patternUnits="userSpaceOnUse" {
                    rect width="6" height="6" fill="#fff" {}
                }
                pattern #hatch-other width="6" height="6" patternUnits="userSpaceOnUse" {
                    rect width="6" height="6" fill="#fff" {}
                    rect width="6" height="1" fill="#777" {}
                }
            }
        }
    }
}
