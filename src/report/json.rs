//! The report as JSON, `farlink.report/1`, and its JSON Schema.

use farlink_checks::model::report::Report;

/// `report` as indented JSON with a final line feed.
pub(super) fn render(report: &Report) -> String {
    // Strings, numbers and maps with string keys always serialise.
    let mut out = serde_json::to_string_pretty(report).unwrap_or_default();
    out.push('\n');
    out
}

/// The JSON Schema of a report.
pub fn schema() -> String {
    let mut out = serde_json::to_string_pretty(&schemars::schema_for!(Report)).unwrap_or_default();
    out.push('\n');
    out
}
