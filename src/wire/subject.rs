//! For whom a cluster asks (`CrossClusterAccessSubjectInfo`): the header that accompanies a cross-cluster API key.
//! Clusters name the internal user `_system` for handshakes and node lists, and so does a probe; no end user is ever named.

use base64::{DecodeError as Base64Error, Engine, engine::general_purpose::STANDARD};

use super::{DecodeError, Reader, TransportVersionId, Writer};

const USER: &str = "_system";
const REALM: &str = "__attach";
/// Neither a realm domain nor a realm that looked the user up; authentication type internal; no metadata; no roles.
const TAIL: [u8; 5] = [0, 0, 4, 0, 0];

/// The internal user `_system`, on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectInfo {
    /// The version it is written in: that of the frame.
    pub version: TransportVersionId,
    /// The node that asks; it shows in the remote's audit log.
    pub node_name: String,
}

/// Why a header value is not the subject info of `_system`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubjectError {
    /// Not padded base64 of the standard alphabet.
    #[error("the subject info is not base64")]
    Base64(#[from] Base64Error),
    /// The bytes cannot be read.
    #[error("the subject info cannot be read")]
    Bytes(#[from] DecodeError),
    /// It names another user, or `_system` in another way.
    #[error("the subject info is not that of the internal user _system")]
    OtherSubject,
}

impl SubjectInfo {
    /// The value of the header [`SUBJECT_INFO_HEADER`](super::SUBJECT_INFO_HEADER).
    pub fn header_value(&self) -> String {
        let mut writer = Writer::default();
        writer.vint(self.version.id()).boolean(true).string(USER);
        writer.string(&self.node_name).string(REALM).string(REALM).raw(&TAIL);
        STANDARD.encode(writer.into_bytes())
    }

    /// Reads what [`Self::header_value`] gives.
    ///
    /// # Errors
    /// [`SubjectError`] says at which level it differs.
    pub fn parse(value: &str) -> Result<Self, SubjectError> {
        let bytes = STANDARD.decode(value)?;
        let mut reader = Reader::new(&bytes);
        let version = TransportVersionId::new(reader.vint()?);
        if !reader.boolean()? || reader.string()? != USER {
            return Err(SubjectError::OtherSubject);
        }
        let node_name = reader.string()?;
        if reader.string()? != REALM || reader.string()? != REALM || reader.take(TAIL.len())? != TAIL {
            return Err(SubjectError::OtherSubject);
        }
        reader.finish()?;
        Ok(Self { version, node_name })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn another_subject_is_told_from_damage() {
        let value =
            SubjectInfo { version: TransportVersionId::INITIAL_8_19, node_name: "farlink".into() }.header_value();
        assert!(SubjectInfo::parse(&value).is_ok());
        assert!(matches!(SubjectInfo::parse("!"), Err(SubjectError::Base64(_))));
        let mut bytes = STANDARD.decode(&value).unwrap();
        bytes.push(0);
        assert!(matches!(
            SubjectInfo::parse(&STANDARD.encode(&bytes)),
            Err(SubjectError::Bytes(DecodeError::Trailing { .. }))
        ));
        bytes[5] = 6;
        assert_eq!(SubjectInfo::parse(&STANDARD.encode(&bytes)), Err(SubjectError::OtherSubject));
    }
}
