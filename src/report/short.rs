//! One line a link: name, verdict, id, title.

use farlink_checks::model::diagnosis::Diagnosis;
use farlink_checks::model::report::Report;
use unicode_width::UnicodeWidthStr;

use super::Style;

/// Every link of `report`, in its order.
pub(super) fn render(report: &Report, style: Style) -> String {
    let width = report.links.iter().map(|link| link.name().width()).max().unwrap_or_default();
    report.links.iter().map(|link| line(link, width, style)).collect()
}

/// One link's line, its name padded to `name_width` columns.
pub fn line(link: &Diagnosis, name_width: usize, style: Style) -> String {
    let name = link.name();
    let pad = " ".repeat(name_width.saturating_sub(name.width()));
    let verdict = style.verdict(link.verdict, &format!("{:<8}", link.verdict.name()));
    let said = match (link.root(), &link.undecided) {
        (Some(root), _) => format!("{:<40}  {}", root.id, root.title),
        (None, Some(undecided)) => format!("{:<40}  not tested: {}", undecided.stage.name(), undecided.reason),
        (None, None) => {
            let first = link.findings.iter().find(|f| f.severity == farlink_checks::model::finding::Severity::Warning);
            first.map(|f| format!("{:<40}  {}", f.id, f.title)).unwrap_or_default()
        }
    };
    format!("{name}{pad}  {verdict}  {said}").trim_end().to_owned() + "\n"
}
