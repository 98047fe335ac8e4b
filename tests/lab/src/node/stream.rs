//! The primitives of `StreamOutput` and `StreamInput`: just those of the frames a server reads and sends.
//! Reading never trusts a length: what does not fit is `None`.

/// Bytes under construction.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) bytes: Vec<u8>,
}

impl Output {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn int(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    pub(crate) fn vint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.byte((value as u8) | 0x80);
            value >>= 7;
        }
        self.byte(value as u8);
    }

    /// The number of UTF-16 code units, then each in one to three bytes (surrogates one by one).
    pub(crate) fn string(&mut self, text: &str) {
        self.count(text.encode_utf16().count());
        for unit in text.encode_utf16() {
            match unit {
                0..=0x7f => self.byte(unit as u8),
                0x80..=0x7ff => self.raw(&[0xc0 | (unit >> 6) as u8, 0x80 | (unit & 0x3f) as u8]),
                _ => self.raw(&[
                    0xe0 | (unit >> 12) as u8,
                    0x80 | ((unit >> 6) & 0x3f) as u8,
                    0x80 | (unit & 0x3f) as u8,
                ]),
            }
        }
    }

    /// A flag, then the string if there is one.
    pub(crate) fn optional_string(&mut self, text: Option<&str>) {
        self.byte(u8::from(text.is_some()));
        if let Some(text) = text {
            self.string(text);
        }
    }

    /// A collection's size; the lab writes none near the limit of 32 bits.
    pub(crate) fn count(&mut self, count: usize) {
        self.vint(u32::try_from(count).unwrap_or(u32::MAX));
    }
}

/// Bytes being read; every method takes what it reads off the front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn raw(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    pub(crate) fn int(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.raw(4)?.try_into().ok()?))
    }

    pub(crate) fn long(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.raw(8)?.try_into().ok()?))
    }

    pub(crate) fn vint(&mut self) -> Option<u32> {
        let mut value = 0_u32;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn string(&mut self) -> Option<String> {
        let units = self.vint()?;
        let mut text = Vec::new();
        for _ in 0..units {
            let first = self.byte()?;
            let unit = match first >> 4 {
                0..=7 => u16::from(first),
                12 | 13 => u16::from(first & 0x1f) << 6 | u16::from(self.byte()? & 0x3f),
                14 => {
                    u16::from(first & 0x0f) << 12
                        | u16::from(self.byte()? & 0x3f) << 6
                        | u16::from(self.byte()? & 0x3f)
                }
                _ => return None,
            };
            text.push(unit);
        }
        Some(String::from_utf16_lossy(&text))
    }

    pub(crate) fn bytes(&mut self) -> Option<Input<'a>> {
        let length = self.vint()?;
        Some(Input(self.raw(usize::try_from(length).ok()?)?))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_bytes_of_the_upstream_examples() {
        for (value, bytes) in [
            (0, &[0][..]),
            (7_170_099, &[0xb3, 0xd0, 0xb5, 0x03]),
            (8_060_099, &[0xc3, 0xf9, 0xeb, 0x03]),
            (9_000_009, &[0xc9, 0xa8, 0xa5, 0x04]),
            (99_999_999, &[0xff, 0xc1, 0xd7, 0x2f]),
            (u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        ] {
            let mut output = Output::default();
            output.vint(value);
            assert_eq!(output.bytes, bytes, "{value}");
            assert_eq!(Input(bytes).vint(), Some(value));
        }
    }

    #[test]
    fn text_counts_utf16_units_and_comes_back() {
        for (text, bytes) in [
            ("es01", &b"\x04es01"[..]),
            ("é", &[1, 0xc3, 0xa9]),
            ("€", &[1, 0xe2, 0x82, 0xac]),
            ("🦀", &[2, 0xed, 0xa0, 0xbe, 0xed, 0xb6, 0x80]),
        ] {
            let mut output = Output::default();
            output.string(text);
            assert_eq!(output.bytes, bytes, "{text}");
            assert_eq!(Input(bytes).string().unwrap(), text);
        }
        assert_eq!(Input(&[0xff, 0xff, 0xff, 0xff, 0x0f, b'x']).string(), None);
    }
}
