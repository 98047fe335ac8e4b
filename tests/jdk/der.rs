//! As much DER as certificates need, written without asking whether it makes sense: the cases want what no tool writes.

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub type Der = Vec<u8>;

/// One element of this tag.
pub fn tlv(tag: u8, content: &[u8]) -> Der {
    let mut out = vec![tag];
    match content.len() {
        length @ 0..=0x7f => out.push(length as u8),
        length => {
            let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | bytes.len() as u8);
            out.extend(bytes);
        }
    }
    out.extend(content);
    out
}

pub fn seq(parts: &[Der]) -> Der {
    tlv(0x30, &parts.concat())
}

pub fn set(parts: &[Der]) -> Der {
    tlv(0x31, &parts.concat())
}

/// An object identifier, from its dotted form.
pub fn oid(dotted: &str) -> Der {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = vec![(arcs[0] * 40 + arcs[1]) as u8];
    for arc in &arcs[2..] {
        let mut groups: Vec<u8> = (0..10).rev().map(|group| (arc >> (7 * group) & 0x7f) as u8).collect();
        let leading = groups.iter().take(9).take_while(|group| **group == 0).count();
        groups.drain(..leading);
        let last = groups.len() - 1;
        groups[..last].iter_mut().for_each(|group| *group |= 0x80);
        content.extend(groups);
    }
    tlv(6, &content)
}

/// An INTEGER whose content is given.
pub fn int(content: &[u8]) -> Der {
    tlv(2, content)
}

pub fn octets(content: &[u8]) -> Der {
    tlv(4, content)
}

/// A BIT STRING of whole bytes.
pub fn bits(content: &[u8]) -> Der {
    tlv(3, &[&[0], content].concat())
}

/// A BIT STRING of named bits, without its trailing zeros.
pub fn named_bits(set: &[usize]) -> Der {
    let Some(last) = set.iter().max() else { return tlv(3, &[0]) };
    let mut bytes = vec![0_u8; last / 8 + 1];
    set.iter().for_each(|bit| bytes[bit / 8] |= 0x80 >> (bit % 8));
    tlv(3, &[vec![7 - (last % 8) as u8], bytes].concat())
}

pub fn boolean(value: bool) -> Der {
    tlv(1, &[if value { 0xff } else { 0 }])
}

pub fn null() -> Der {
    tlv(5, &[])
}

pub fn utf8(text: &str) -> Der {
    tlv(0x0c, text.as_bytes())
}

/// A UTCTime before 2050 and a GeneralizedTime from then on: RFC 5280 section 4.1.2.5.
pub fn time(at: Timestamp) -> Der {
    let at = at.to_zoned(TimeZone::UTC);
    let clock = format!("{:02}{:02}{:02}{:02}{:02}Z", at.month(), at.day(), at.hour(), at.minute(), at.second());
    match at.year() {
        year @ 1950..2050 => tlv(0x17, format!("{:02}{clock}", year % 100).as_bytes()),
        year => tlv(0x18, format!("{year:04}{clock}").as_bytes()),
    }
}
