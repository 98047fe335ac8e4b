//! Writes the primitive values of Elasticsearch's `StreamOutput`, and says beforehand how long they get.

/// Appends primitive values to a buffer.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A writer whose buffer holds `capacity` bytes before it has to grow.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity) }
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// One byte.
    pub fn byte(&mut self, value: u8) -> &mut Self {
        self.bytes.push(value);
        self
    }

    /// A boolean.
    pub fn boolean(&mut self, value: bool) -> &mut Self {
        self.byte(value.into())
    }

    /// Bytes as they are.
    pub fn raw(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(value);
        self
    }

    /// A big-endian 32-bit integer.
    pub fn i32(&mut self, value: i32) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    /// A big-endian 64-bit integer.
    pub fn i64(&mut self, value: i64) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    /// An unsigned 32-bit integer in groups of seven bits (`StreamOutput.writeVInt`).
    pub fn vint(&mut self, value: u32) -> &mut Self {
        self.groups(value.into())
    }

    /// A non-negative 64-bit integer in groups of seven bits (`StreamOutput.writeVLong`).
    /// Values beyond `i64::MAX` do not exist there and lose their highest bit.
    pub fn vlong(&mut self, value: u64) -> &mut Self {
        self.groups(value & u64::MAX >> 1)
    }

    /// A signed 64-bit integer, zig-zag encoded (`StreamOutput.writeZLong`).
    pub fn zlong(&mut self, value: i64) -> &mut Self {
        self.groups((value << 1 ^ value >> 63) as u64)
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.length(value.len()).raw(value)
    }

    /// A string (`StreamOutput.writeString`).
    pub fn string(&mut self, value: &str) -> &mut Self {
        if value.is_ascii() {
            return self.bytes(value.as_bytes());
        }
        self.length(value.encode_utf16().count());
        for unit in value.encode_utf16() {
            match unit {
                0..=0x7f => self.byte(unit as u8),
                0x80..=0x7ff => self.byte(0xc0 | (unit >> 6) as u8).byte(0x80 | (unit & 0x3f) as u8),
                _ => self
                    .byte(0xe0 | (unit >> 12) as u8)
                    .byte(0x80 | (unit >> 6 & 0x3f) as u8)
                    .byte(0x80 | (unit & 0x3f) as u8),
            };
        }
        self
    }

    /// A boolean and, if there is one, the string.
    pub fn optional_string(&mut self, value: Option<&str>) -> &mut Self {
        self.boolean(value.is_some());
        if let Some(value) = value {
            self.string(value);
        }
        self
    }

    /// The length or count in front of a collection. What is written here is ours and far below four billion.
    pub fn length(&mut self, value: usize) -> &mut Self {
        self.vint(u32::try_from(value).unwrap_or(u32::MAX))
    }

    fn groups(&mut self, mut value: u64) -> &mut Self {
        while value > 0x7f {
            self.byte(value as u8 | 0x80);
            value >>= 7;
        }
        self.byte(value as u8)
    }
}

/// How many bytes [`Writer::vint`] takes for `value`.
pub(crate) fn vint_len(value: usize) -> usize {
    ((usize::BITS - value.leading_zeros()).max(1) as usize).div_ceil(7)
}

/// How many bytes [`Writer::string`] takes for `value`.
pub(crate) fn string_len(value: &str) -> usize {
    let (mut units, mut bytes) = (0, 0);
    for character in value.chars() {
        units += character.len_utf16();
        // A surrogate pair is written as two units of three bytes.
        bytes += if character.len_utf16() == 2 { 6 } else { character.len_utf8() };
    }
    vint_len(units) + bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wire::Reader;

    #[test]
    fn reference_integers_have_the_bytes_elasticsearch_gives_them() {
        for (value, bytes) in [
            (0, "00"),
            (127, "7f"),
            (128, "8001"),
            (7_170_099, "b3d0b503"),
            (8_060_099, "c3f9eb03"),
            (8_833_000, "e88f9b04"),
            (8_636_001, "e18c8f04"),
            (8_841_000, "a8ce9b04"),
            (9_000_009, "c9a8a504"),
            (99_999_999, "ffc1d72f"),
            (u32::MAX, "ffffffff0f"),
        ] {
            let mut writer = Writer::default();
            writer.vint(value);
            let written = writer.into_bytes();
            assert_eq!(hex::encode(&written), bytes);
            assert_eq!(Reader::new(&written).vint(), Ok(value));
            assert_eq!(vint_len(value as usize), written.len());
        }
    }

    #[test]
    fn strings_count_utf16_units_and_write_each_surrogate_as_three_bytes() {
        for (text, bytes) in
            [("", "00"), ("a\0b", "03610062"), ("é", "01c3a9"), ("語", "01e8aa9e"), ("x😀", "0378eda0bdedb880")]
        {
            let mut writer = Writer::default();
            writer.string(text);
            let written = writer.into_bytes();
            assert_eq!(hex::encode(&written), bytes);
            assert_eq!(string_len(text), written.len());
            assert_eq!(Reader::new(&written).string().unwrap(), text);
        }
    }
}
