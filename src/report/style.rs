//! Colour and width of text for people.

use anstyle::{AnsiColor, Style as Ansi};
use farlink_checks::model::diagnosis::Verdict;

/// How text is laid out. Colour only repeats what the words say.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether escape sequences are written.
    pub color: bool,
    /// Columns, at least [`Style::NARROWEST`].
    pub width: usize,
}

impl Style {
    /// The narrowest layout.
    pub const NARROWEST: usize = 60;
    /// The widest one; longer lines are hard to read.
    pub const WIDEST: usize = 110;

    /// A style for `width` columns.
    pub fn new(color: bool, width: usize) -> Self {
        Self { color, width: width.clamp(Self::NARROWEST, Self::WIDEST) }
    }

    pub(super) fn verdict(self, verdict: Verdict, text: &str) -> String {
        let color = match verdict {
            Verdict::Ok => AnsiColor::Green,
            Verdict::Degraded | Verdict::Unknown => AnsiColor::Yellow,
            Verdict::Broken => AnsiColor::Red,
        };
        self.paint(Ansi::new().fg_color(Some(color.into())).bold(), text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(Ansi::new().dimmed(), text)
    }

    pub(super) fn good(self, text: &str) -> String {
        self.paint(Ansi::new().fg_color(Some(AnsiColor::Green.into())).bold(), text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.paint(Ansi::new().fg_color(Some(AnsiColor::Red.into())).bold(), text)
    }

    /// `text` behind a lead that steps back.
    pub(super) fn dim_lead(self, lead: &str, text: &str) -> String {
        if lead.is_empty() { text.to_owned() } else { format!("{}{text}", self.dim(lead)) }
    }

    fn paint(self, style: Ansi, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// `text` in lines of the style's width: the first after `label`, the others indented as deep.
    pub(super) fn block(self, indent: usize, label: &str, text: &str) -> String {
        let margin = indent + unicode_width::UnicodeWidthStr::width(label);
        let room = self.width.saturating_sub(margin).max(20);
        let mut out = String::new();
        for (row, line) in wrap(text, room).iter().enumerate() {
            let lead = if row == 0 { self.dim(label) } else { " ".repeat(margin - indent) };
            out.push_str(&format!("{}{lead}{line}\n", " ".repeat(indent)));
        }
        out
    }
}

/// `text` in lines of at most `width` columns, broken at spaces; a longer word stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let columns = unicode_width::UnicodeWidthStr::width(word);
        if used > 0 && used + 1 + columns > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += columns;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_stand_alone_and_nothing_is_lost() {
        assert_eq!(wrap("a bb averyveryverylongword c", 10), ["a bb", "averyveryverylongword", "c"]);
        assert_eq!(wrap("", 10), [""]);
    }
}
