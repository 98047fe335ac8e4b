//! The names of a certificate's extensions (RFC 5280 section 4.2.1.6).

use std::fmt;
use std::net::IpAddr;

use x509_parser::extensions::GeneralName as Parsed;

use super::DistinguishedName;
use crate::model::text::safe;

/// A name of a subject alternative name or a name constraint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum GeneralName {
    /// A host name, as it is written.
    Dns(String),
    /// An address; in a constraint an address and its mask.
    Ip(Vec<u8>),
    /// A mailbox.
    Email(String),
    /// A URI.
    Uri(String),
    /// A distinguished name.
    Directory(DistinguishedName),
    /// Another kind of name.
    Other {
        /// Its type.
        oid: String,
        /// Its text, where it is one.
        text: Option<String>,
    },
    /// An object identifier.
    Registered(String),
    /// A kind that nothing here understands.
    Unknown,
}

impl GeneralName {
    /// A name as the parser has it.
    pub(super) fn of(name: &Parsed<'_>) -> Self {
        match name {
            Parsed::DNSName(name) => Self::Dns((*name).to_owned()),
            Parsed::IPAddress(bytes) => Self::Ip(bytes.to_vec()),
            Parsed::RFC822Name(name) => Self::Email((*name).to_owned()),
            Parsed::URI(name) => Self::Uri((*name).to_owned()),
            Parsed::DirectoryName(name) => Self::Directory(DistinguishedName::of(name)),
            Parsed::OtherName(oid, value) => Self::Other { oid: oid.to_id_string(), text: text_of_other(value) },
            Parsed::RegisteredID(oid) => Self::Registered(oid.to_id_string()),
            // Characters that no host name has do not keep it from being one of the names.
            Parsed::Invalid(tag, bytes) if tag.0 == 2 => Self::Dns(String::from_utf8_lossy(bytes).into_owned()),
            _ => Self::Unknown,
        }
    }

    /// About how many bytes a comparison looks at.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Dns(text) | Self::Email(text) | Self::Uri(text) | Self::Registered(text) => text.len(),
            Self::Ip(bytes) => bytes.len(),
            Self::Directory(name) => name.der().len(),
            Self::Other { .. } | Self::Unknown => 0,
        }
    }

    /// The address, when it is exactly one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(bytes) => match bytes.len() {
                4 => <[u8; 4]>::try_from(bytes.as_slice()).ok().map(IpAddr::from),
                16 => <[u8; 16]>::try_from(bytes.as_slice()).ok().map(IpAddr::from),
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for GeneralName {
    /// `DNS:es.example`, safe to show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "DNS:{}", safe(name, 255)),
            Self::Ip(bytes) => match (self.address(), bytes.len()) {
                (Some(address), _) => write!(f, "IP:{address}"),
                (None, length @ (8 | 32)) => {
                    let (address, mask) = bytes.split_at(length / 2);
                    let bits: u32 = mask.iter().map(|byte| byte.leading_ones()).sum();
                    match Self::Ip(address.to_vec()).address() {
                        Some(address) => write!(f, "IP:{address}/{bits}"),
                        None => write!(f, "IP:#{}", hex::encode(bytes)),
                    }
                }
                (None, _) => write!(f, "IP:#{}", hex::encode(&bytes[..bytes.len().min(40)])),
            },
            Self::Email(name) => write!(f, "email:{}", safe(name, 255)),
            Self::Uri(name) => write!(f, "URI:{}", safe(name, 255)),
            Self::Directory(name) => write!(f, "dirName:{name}"),
            Self::Other { oid, text: Some(text) } => write!(f, "otherName:{}:{}", safe(oid, 80), safe(text, 255)),
            Self::Other { oid, text: None } => write!(f, "otherName:{}", safe(oid, 80)),
            Self::Registered(oid) => write!(f, "registeredID:{}", safe(oid, 80)),
            Self::Unknown => f.write_str("(a name of an unknown kind)"),
        }
    }
}

/// The text of an otherName's value: `[0] EXPLICIT` around one string, as Elastic's node names are.
fn text_of_other(value: &[u8]) -> Option<String> {
    let [0xa0, outer, tag, length, text @ ..] = value else { return None };
    let is_text = matches!(tag, 0x0c | 0x13 | 0x14 | 0x16);
    let fits = usize::from(*length) == text.len() && usize::from(*outer) == text.len() + 2 && *outer < 0x80;
    (is_text && fits).then(|| std::str::from_utf8(text).ok().map(str::to_owned)).flatten()
}
