//! Reports for people at a terminal. Every function gives whole lines, each
//! ending with a newline, unless it says that it gives one line.

mod doctor;
mod drift;
mod evidence;
mod explain;
mod fix;
mod history;
mod lint;
mod lists;
mod live;
mod parts;
mod plan;
mod query;
mod readable;
mod readable_table;
mod record;
mod run;
mod timings;
mod verify;
mod vulns;

pub use doctor::doctor;
pub(crate) use doctor::sentence;
pub use drift::diff;
pub(crate) use drift::sorted as changes_in_order;
pub use evidence::evidence;
pub use explain::explain;
pub use fix::fix;
pub use lint::{lint, problems};
pub use lists::{audit, register, registers, runs};
pub use live::{live_line, progress};
pub use plan::plan;
pub use query::{query, query_fields, query_help, query_names};
pub use readable::keep_elements;
pub use record::recorded;
pub use run::run;
pub use timings::timings;
pub use verify::verify;
pub(crate) use vulns::day;
pub use vulns::vulns;
