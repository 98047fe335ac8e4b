//! Reads the primitive values of Elasticsearch's `StreamInput` from a slice, within its bounds.
//! Strings count UTF-16 code units and write each unit by itself, so that a character beyond U+FFFF takes six bytes.

use super::{DecodeError, Element};

/// Longest string that is read, in UTF-16 code units; what a node names is far shorter.
pub(crate) const MAX_STRING_UNITS: usize = 1 << 16;

/// Reads primitive values from the front of a slice. A failed read may leave the position anywhere.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The offset of the next byte.
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// Succeeds if everything was read.
    pub fn finish(&self) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            count => Err(DecodeError::Trailing { at: self.at, count }),
        }
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        match self.bytes[self.at..].get(..count) {
            Some(taken) => {
                self.at += count;
                Ok(taken)
            }
            None => Err(DecodeError::Truncated { at: self.at, missing: count - self.remaining() }),
        }
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, DecodeError> {
        match self.bytes.get(self.at) {
            Some(&byte) => {
                self.at += 1;
                Ok(byte)
            }
            None => Err(DecodeError::Truncated { at: self.at, missing: 1 }),
        }
    }

    /// A boolean: one byte, 0 or 1 (`StreamInput.readBoolean`).
    pub fn boolean(&mut self) -> Result<bool, DecodeError> {
        let at = self.at;
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(DecodeError::Malformed { at, element: Element::Boolean }),
        }
    }

    /// A big-endian 32-bit integer.
    pub fn i32(&mut self) -> Result<i32, DecodeError> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    /// A big-endian 64-bit integer.
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    /// An unsigned 32-bit integer in one to five groups of seven bits, the lowest first (`StreamInput.readVInt`).
    pub fn vint(&mut self) -> Result<u32, DecodeError> {
        let at = self.at;
        let value = self.groups(at, 5, Element::VInt)?;
        u32::try_from(value).map_err(|_| DecodeError::Malformed { at, element: Element::VInt })
    }

    /// A non-negative 64-bit integer in one to nine groups of seven bits (`StreamInput.readVLong`).
    pub fn vlong(&mut self) -> Result<u64, DecodeError> {
        let at = self.at;
        self.groups(at, 9, Element::VLong)
    }

    /// A signed 64-bit integer, zig-zag encoded, in one to ten groups of seven bits (`StreamInput.readZLong`).
    pub fn zlong(&mut self) -> Result<i64, DecodeError> {
        let at = self.at;
        let value = self.groups(at, 10, Element::VLong)?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Bytes behind their length (`StreamInput.readBytesReference`).
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.vint()? as usize;
        self.take(length)
    }

    /// A string (`StreamInput.readString`). A surrogate without its partner becomes U+FFFD.
    pub fn string(&mut self) -> Result<String, DecodeError> {
        let (at, units) = (self.at, self.units()?);
        if units > MAX_STRING_UNITS {
            return Err(DecodeError::TooLarge { at, element: Element::String, limit: MAX_STRING_UNITS });
        }
        self.text(units, units)
    }

    /// A string of any length, of which the first `keep` UTF-16 code units are kept.
    pub fn string_prefix(&mut self, keep: usize) -> Result<String, DecodeError> {
        let units = self.units()?;
        self.text(units, keep)
    }

    /// Passes over a string without keeping it.
    pub fn skip_string(&mut self) -> Result<(), DecodeError> {
        let units = self.units()?;
        if self.bytes[self.at..][..units].is_ascii() {
            self.at += units;
        } else {
            for _ in 0..units {
                self.unit()?;
            }
        }
        Ok(())
    }

    /// A boolean and, if it is true, a string.
    pub fn optional_string(&mut self) -> Result<Option<String>, DecodeError> {
        if self.boolean()? { self.string().map(Some) } else { Ok(None) }
    }

    /// Passes over an optional string.
    pub fn skip_optional_string(&mut self) -> Result<(), DecodeError> {
        if self.boolean()? { self.skip_string() } else { Ok(()) }
    }

    /// A list of strings.
    pub fn strings(&mut self) -> Result<Vec<String>, DecodeError> {
        let count = self.vint()?;
        // Never with the peer's count as capacity: each element has to be there first.
        let mut strings = Vec::new();
        for _ in 0..count {
            strings.push(self.string()?);
        }
        Ok(strings)
    }

    /// A map from string to string, in the order of the wire.
    pub fn string_map(&mut self) -> Result<Vec<(String, String)>, DecodeError> {
        let count = self.vint()?;
        let mut map = Vec::new();
        for _ in 0..count {
            map.push((self.string()?, self.string()?));
        }
        Ok(map)
    }

    /// Passes over a map from string to string.
    pub fn skip_string_map(&mut self) -> Result<(), DecodeError> {
        for _ in 0..self.vint()? {
            self.skip_string()?;
            self.skip_string()?;
        }
        Ok(())
    }

    /// A map from string to a list of strings, in the order of the wire.
    pub fn string_list_map(&mut self) -> Result<Vec<(String, Vec<String>)>, DecodeError> {
        let count = self.vint()?;
        let mut map = Vec::new();
        for _ in 0..count {
            map.push((self.string()?, self.strings()?));
        }
        Ok(map)
    }

    /// Passes over a map from string to a list of strings.
    pub fn skip_string_list_map(&mut self) -> Result<(), DecodeError> {
        for _ in 0..self.vint()? {
            self.skip_string()?;
            for _ in 0..self.vint()? {
                self.skip_string()?;
            }
        }
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn groups(&mut self, at: usize, most: u32, element: Element) -> Result<u64, DecodeError> {
        let mut value = 0u64;
        for group in 0..most {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth group of a long has room for one bit.
            if group == 9 && bits > 1 {
                break;
            }
            value |= bits << (7 * group);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::Malformed { at, element })
    }

    /// The length of a string, known to fit what is left: each unit takes at least one byte.
    fn units(&mut self) -> Result<usize, DecodeError> {
        let at = self.at;
        let units = self.vint()? as usize;
        match units.checked_sub(self.remaining()) {
            None | Some(0) => Ok(units),
            Some(missing) => Err(DecodeError::Truncated { at, missing }),
        }
    }

    fn text(&mut self, units: usize, keep: usize) -> Result<String, DecodeError> {
        let plain = &self.bytes[self.at..][..units];
        if plain.is_ascii() {
            self.at += units;
            return Ok(plain[..units.min(keep)].iter().map(|&byte| char::from(byte)).collect());
        }
        let mut text = String::with_capacity(units.min(keep));
        let mut high = None;
        for index in 0..units {
            let unit = self.unit()?;
            if index >= keep {
                continue;
            }
            match (high.take(), unit) {
                (before, 0xd800..=0xdbff) => {
                    text.extend(before.map(|_| char::REPLACEMENT_CHARACTER));
                    high = Some(unit);
                }
                (Some(first), 0xdc00..=0xdfff) => text.extend(char::decode_utf16([first, unit]).flatten()),
                (before, _) => {
                    text.extend(before.map(|_| char::REPLACEMENT_CHARACTER));
                    text.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
            }
        }
        text.extend(high.map(|_| char::REPLACEMENT_CHARACTER));
        Ok(text)
    }

    fn unit(&mut self) -> Result<u16, DecodeError> {
        let at = self.at;
        let lead = self.byte()?;
        match lead >> 4 {
            0..=7 => Ok(u16::from(lead)),
            12 | 13 => Ok(u16::from(lead & 0x1f) << 6 | self.continuation()?),
            14 => Ok(u16::from(lead & 0x0f) << 12 | self.continuation()? << 6 | self.continuation()?),
            _ => Err(DecodeError::Malformed { at, element: Element::String }),
        }
    }

    fn continuation(&mut self) -> Result<u16, DecodeError> {
        Ok(u16::from(self.byte()? & 0x3f))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wire::Writer;

    #[test]
    fn integers_with_too_many_groups_or_bits_are_malformed() {
        let vint = |bytes: &[u8]| Reader::new(bytes).vint();
        let malformed = Err(DecodeError::Malformed { at: 0, element: Element::VInt });
        assert_eq!(vint(&[0xff, 0xff, 0xff, 0xff, 0x1f]), malformed);
        assert_eq!(vint(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]), malformed);
        assert_eq!(vint(&[0x80]), Err(DecodeError::Truncated { at: 1, missing: 1 }));
        assert!(Reader::new(&[0xff; 9]).vlong().is_err());
        assert!(Reader::new(&[0xff; 10]).zlong().is_err());
    }

    #[test]
    fn surrogates_without_a_partner_become_replacement_characters() {
        for (bytes, text) in [
            ("02eda0bd61", "\u{fffd}a"),
            ("01eda0bd", "\u{fffd}"),
            ("01edb880", "\u{fffd}"),
            ("03eda0bdeda0bdedb880", "\u{fffd}😀"),
        ] {
            assert_eq!(Reader::new(&hex::decode(bytes).unwrap()).string().unwrap(), text);
        }
        assert!(Reader::new(&[1, 0xf0, 0x9f, 0x98, 0x80]).string().is_err(), "four-byte UTF-8 is not written there");
    }

    #[test]
    fn a_length_beyond_the_bytes_fails_before_anything_is_allocated() {
        let huge = [0xff, 0xff, 0xff, 0xff, 0x0f, b'x'];
        assert!(matches!(Reader::new(&huge).string(), Err(DecodeError::Truncated { at: 0, .. })));
        assert!(matches!(Reader::new(&huge).bytes(), Err(DecodeError::Truncated { .. })));
        assert!(Reader::new(&huge).strings().is_err());
        assert!(Reader::new(&huge).skip_string_list_map().is_err());
    }

    #[test]
    fn a_long_string_is_refused_or_cut_as_asked() {
        let mut writer = Writer::default();
        writer.string(&"é".repeat(MAX_STRING_UNITS + 1)).byte(7);
        let bytes = writer.into_bytes();
        assert!(matches!(Reader::new(&bytes).string(), Err(DecodeError::TooLarge { .. })));
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.string_prefix(3).unwrap(), "ééé");
        assert_eq!(reader.byte(), Ok(7));
    }
}
