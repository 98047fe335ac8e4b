//! Text that came from a peer, made safe to show.
//!
//! Names in certificates, error messages and banners are written by whoever answers, so control
//! characters, terminal escapes and bidirectional overrides are escaped before anything prints them.

/// `text` with everything that could move a cursor or reorder a line escaped as `\u{…}`, cut to
/// `limit` characters (with `…` when something was cut).
pub fn safe(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit * 4));
    for (count, c) in text.chars().enumerate() {
        if count == limit {
            out.push('…');
            break;
        }
        if hides(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// `items` as an English list: `a`, `a and b`, `a, b and c`.
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}

fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_cannot_reach_a_terminal() {
        assert_eq!(safe("a\u{1b}[2Jb\u{202e}c\n", 99), "a\\u{1b}[2Jb\\u{202e}c\\u{a}");
        assert_eq!(safe("Größe ✓", 99), "Größe ✓");
        assert_eq!(safe("abcdef", 3), "abc…");
    }

    #[test]
    fn a_list_reads_like_english() {
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }
}
