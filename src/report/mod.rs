//! Reports as text, one line a link, or JSON. A renderer prints what was judged and decides nothing.

pub mod certs;
pub(crate) mod chain;
mod json;
pub(crate) mod path;
mod short;
mod style;
pub(crate) mod text;

pub use json::schema;
pub use short::line;
pub use style::Style;

use farlink_checks::model::report::Report;

/// How a report is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// For people: the answer first, then the path, then the evidence.
    Text,
    /// One line a link.
    Short,
    /// `farlink.report/1`.
    Json,
}

/// `report` in `format`, ending with a line feed.
pub fn render(report: &Report, format: Format, style: Style) -> String {
    match format {
        Format::Text => text::render(report, style),
        Format::Short => short::render(report, style),
        Format::Json => json::render(report),
    }
}
