//! The links' series, piece by piece: a scrape of ten thousand links never stands in memory as a whole.

use std::sync::Arc;

use super::series::{ROWS, Samples};
use crate::serve::table::LinkState;

/// How many bytes a piece has, about.
const PIECE: usize = 64 << 10;
/// How much longer than [`PIECE`] one link's samples of one family may make a piece before it grows.
const SPARE: usize = 4 << 10;

/// The series of some links, one pass a family, as pieces of text.
pub struct Exposition {
    links: Vec<Arc<LinkState>>,
    row: usize,
    link: usize,
    headed: bool,
}

impl Exposition {
    /// The series of `links`, as they are now.
    pub fn of(links: Vec<Arc<LinkState>>) -> Self {
        Self { links, row: 0, link: 0, headed: false }
    }
}

impl Iterator for Exposition {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut out = String::with_capacity(if self.links.len() < 8 { SPARE } else { PIECE + SPARE });
        while let Some((family, write)) = ROWS.get(self.row) {
            for link in &self.links[self.link..] {
                if out.len() >= PIECE {
                    return Some(out);
                }
                self.link += 1;
                write(link, &mut Samples { out: &mut out, family, link: &link.name, headed: &mut self.headed });
            }
            (self.row, self.link, self.headed) = (self.row + 1, 0, false);
        }
        (!out.is_empty()).then_some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_bounded_and_together_have_every_series_under_one_header_a_family() {
        let links: Vec<_> = (0..3000).map(|n| Arc::new(LinkState::new(format!("link-{n}")))).collect();
        let pieces: Vec<String> = Exposition::of(links).collect();
        assert!(pieces.len() > 5 && pieces.iter().all(|piece| piece.len() <= PIECE + SPARE));
        let text = pieces.concat();
        // Counters start at zero; nothing else is known before the first run.
        assert_eq!(text.matches("# TYPE").count(), 2);
        assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 3000 * 5);
        assert!(text.contains("farlink_probes_total{link=\"link-2999\",verdict=\"unknown\"} 0\n"));
    }

    #[test]
    fn a_daemon_without_links_has_no_series_of_links() {
        assert_eq!(Exposition::of(Vec::new()).collect::<String>(), "");
    }
}
