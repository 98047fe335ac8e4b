//! Characters that were none in Unicode 3.2 (RFC 3454 appendix A.1), and so are none in names of IDNA 2003.

use std::sync::LazyLock;

/// First and last code points of the ranges, in ascending order.
static RANGES: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    let number = |text: &str| u32::from_str_radix(text, 16).ok();
    let range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some((number(first)?, number(last)?))
    };
    include_str!("unassigned.txt").split_whitespace().filter_map(range).collect()
});

/// Whether Unicode 3.2 has no such character.
pub(super) fn is_unassigned(character: char) -> bool {
    let code = u32::from(character);
    let after = RANGES.partition_point(|(first, _)| *first <= code);
    after > 0 && RANGES[after - 1].1 >= code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_in_order() {
        assert_eq!((RANGES.len(), RANGES[0], RANGES[395]), (396, (0x221, 0x221), (0xe0080, 0xefffd)));
        assert!(RANGES.windows(2).all(|pair| pair[0].0 <= pair[0].1 && pair[0].1 < pair[1].0));
        assert!(is_unassigned('\u{221}') && is_unassigned('\u{1f600}'));
        assert!(
            !is_unassigned('a') && !is_unassigned('\u{220}') && !is_unassigned('\u{222}') && !is_unassigned('\u{4e2d}')
        );
    }
}
