//! The exception of an error answer, with its whole chain of causes (`ElasticsearchException.writeException`).
//! What a peer got wrong, or what a later release adds, never hides the classes and messages that came before it.

use std::fmt;

use super::{
    DecodeError, ExceptionClass, Origin, Reader, TransportVersionId,
    exception_class::Extra,
    exception_reader::{chain, unwind},
};

/// First id in which transport exceptions stop writing address and action (8.1.0).
const WITHOUT_ADDRESS: TransportVersionId = TransportVersionId::new(8_010_099);

/// Why a request failed on the remote side: the chain of causes, outermost first, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteError {
    /// The chain. The outermost is usually a `RemoteTransportException` that names node, address and action.
    pub causes: Vec<Cause>,
    /// Whether everything was understood up to the last byte. If not, classes and messages still hold as far as they go,
    /// and metadata may be missing.
    pub complete: bool,
}

/// One exception of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// Its class.
    pub class: ExceptionClass,
    /// Its message, cut after 16384 characters.
    pub message: Option<String>,
    /// Its REST status by name, for example `UNAUTHORIZED`, if the class writes one.
    pub status: Option<String>,
    /// The `es.*` metadata, in the order of the wire.
    pub metadata: Vec<(String, Vec<String>)>,
}

impl RemoteError {
    /// Reads the payload of an error answer in `version`.
    ///
    /// # Errors
    /// [`DecodeError`] if not even the outermost class and message can be read.
    pub fn decode(payload: &[u8], version: TransportVersionId) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(payload);
        let (mut causes, extras, whole) = chain(&mut reader)?;
        if !whole {
            return Ok(Self { causes, complete: false });
        }
        // Releases do not agree on address and action at the end of transport exceptions: what uses up the bytes is right.
        let expected = version < WITHOUT_ADDRESS;
        let mut tails = unwind(reader.clone(), &extras, expected);
        if !tails.exact
            && extras.iter().any(|extra| matches!(extra, Some(Extra::AddressAndAction | Extra::AddressActionAndNode)))
        {
            let other = unwind(reader, &extras, !expected);
            if other.exact {
                tails = other;
            }
        }
        for (cause, tail) in causes.iter_mut().rev().zip(tails.innermost_first) {
            cause.status = tail.status;
            cause.metadata = tail.metadata;
        }
        Ok(Self { causes, complete: tails.exact })
    }

    /// The innermost cause.
    pub fn root(&self) -> Option<&Cause> {
        self.causes.last()
    }

    /// Whether a message of the chain contains `fragment`.
    pub fn mentions(&self, fragment: &str) -> bool {
        self.causes.iter().any(|cause| cause.message.as_deref().is_some_and(|message| message.contains(fragment)))
    }

    /// The values of a metadata key, from the outermost cause that has it.
    pub fn metadata(&self, key: &str) -> Option<&[String]> {
        let mut entries = self.causes.iter().flat_map(|cause| &cause.metadata);
        entries.find(|(name, _)| name == key).map(|(_, values)| values.as_slice())
    }

    /// The node that answered, if the outermost message names it.
    pub fn origin(&self) -> Option<Origin> {
        let outermost = self.causes.first().filter(|cause| cause.class == ExceptionClass::RemoteTransport)?;
        Origin::parse(outermost.message.as_deref()?)
    }
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, cause) in self.causes.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { " <- " }, cause.class)?;
            if let Some(message) = &cause.message {
                write!(f, ": {message}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wire::{
        Writer,
        exception_reader::{MAX_DEPTH, MAX_MESSAGE_UNITS},
    };

    const NEW: TransportVersionId = TransportVersionId::INITIAL_8_19;
    const OLD: TransportVersionId = TransportVersionId::new(7_172_999);

    /// The start of an Elasticsearch exception, up to its cause.
    fn start(writer: &mut Writer, id: u32, message: &str) {
        writer.boolean(true).vint(0).vint(id).optional_string(Some(message));
    }

    /// Empty stack trace, suppressed, headers and metadata.
    const EMPTY_END: &[u8] = &[0, 0, 0, 0];

    fn shown(payload: &[u8], version: TransportVersionId) -> (String, bool) {
        let error = RemoteError::decode(payload, version).unwrap();
        (error.to_string(), error.complete)
    }

    #[test]
    fn metadata_and_status_go_to_the_exception_that_wrote_them() {
        let mut writer = Writer::default();
        start(&mut writer, 103, "[n][1.2.3.4:5][a]");
        start(&mut writer, 4, "denied");
        writer.boolean(false);
        // One stack trace element, one suppressed exception with a cause of its own.
        writer.vint(1).string("Class").optional_string(None).string("run").vint(u32::MAX);
        writer.vint(1);
        start(&mut writer, 68, "suppressed");
        writer.boolean(true).vint(8).optional_string(None).raw(&[0, 0]).raw(EMPTY_END);
        writer.vint(1).string("WWW-Authenticate").vint(1).string("ApiKey");
        writer.vint(1).string("es.additional_unsuccessful_credentials").vint(1).string("API key: api key is expired");
        writer.string("UNAUTHORIZED").raw(EMPTY_END);
        let bytes = writer.into_bytes();
        let error = RemoteError::decode(&bytes, NEW).unwrap();
        assert!(error.complete);
        assert_eq!(error.metadata("es.additional_unsuccessful_credentials").unwrap(), ["API key: api key is expired"]);
        assert_eq!(error.causes[0].metadata, []);
        assert_eq!(error.root().unwrap().status.as_deref(), Some("UNAUTHORIZED"));
        assert_eq!(error.origin().unwrap().address.to_string(), "1.2.3.4:5");
        assert!(error.mentions("denied") && !error.mentions("suppressed"));
    }

    #[test]
    fn a_wrapped_transport_exception_ends_with_or_without_address_in_any_version() {
        for address in [&[][..], &[0, 0], b"\x01\x04\x7f\0\0\x01\x01h\0\0\x24\xe3\x01\x01a"] {
            let mut writer = Writer::default();
            start(&mut writer, 103, "outer");
            start(&mut writer, 103, "inner");
            start(&mut writer, 4, "denied");
            writer.boolean(false).raw(EMPTY_END).string("FORBIDDEN");
            writer.raw(EMPTY_END).raw(address).raw(EMPTY_END).raw(address);
            let bytes = writer.into_bytes();
            for version in [OLD, NEW] {
                let error = RemoteError::decode(&bytes, version).unwrap();
                assert!(error.complete, "{address:?}");
                assert_eq!(error.causes.len(), 3);
                assert_eq!(error.root().unwrap().status.as_deref(), Some("FORBIDDEN"));
            }
        }
    }

    #[test]
    fn unknown_classes_keep_their_number_their_message_and_their_cause() {
        let mut writer = Writer::default();
        start(&mut writer, 4711, "outer");
        writer.boolean(true).vint(14).optional_string(Some("inner")).raw(&[0, 0, 0]).raw(EMPTY_END);
        let bytes = writer.into_bytes();
        assert_eq!(shown(&bytes, NEW), ("class #4711: outer <- IllegalStateException: inner".into(), true));
        // With an end that nobody knows, what stands in front of it is left.
        assert!(!shown(&[&bytes[..], &[1, 2, 3]].concat(), NEW).1);
    }

    #[test]
    fn a_chain_that_breaks_off_keeps_what_came_before() {
        let mut writer = Writer::default();
        start(&mut writer, 103, "outer");
        writer.boolean(true).vint(19).raw(&[1, 2, 3]);
        assert_eq!(shown(&writer.into_bytes(), NEW), ("RemoteTransportException: outer <- key #19".into(), false));
        let mut writer = Writer::default();
        start(&mut writer, 103, "outer");
        assert_eq!(shown(&writer.into_bytes(), NEW), ("RemoteTransportException: outer".into(), false));
        assert!(RemoteError::decode(&[], NEW).is_err());
        assert!(RemoteError::decode(&[0], NEW).is_err());
    }

    #[test]
    fn behind_an_end_that_nobody_knows_nothing_is_taken_for_metadata() {
        let mut writer = Writer::default();
        start(&mut writer, 68, "outer");
        start(&mut writer, 4711, "inner");
        writer.boolean(false).raw(&[0, 0, 0]);
        writer.vint(1).string("es.own").vint(0);
        // What class 4711 writes, which looks like an end with metadata.
        writer.raw(&[0, 0, 0]).vint(1).string("es.false").vint(0).raw(EMPTY_END);
        let error = RemoteError::decode(&writer.into_bytes(), NEW).unwrap();
        assert!(!error.complete);
        assert_eq!(error.metadata("es.own"), Some(&[][..]));
        assert_eq!(error.metadata("es.false"), None);
    }

    #[test]
    fn every_java_class_is_read_to_its_end() {
        for (key, middle) in [
            (1, &[1, 1, b'm', 0, 0][..]),
            (2, &[0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]),
            (3, &[0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]),
            (3, &[0, 0, 1, 1, b'r']),
            (4, &[1, 1, b'm']),
            (6, &[1, 1, b'm', 0]),
            (13, &[7, 1, 1, b'f', 0, 0, 1, 1, b'm']),
            (17, &[0, 0]),
            (18, &[1, 1, 1, b'm']),
        ] {
            let bytes = [&[1, key], middle, &[0, 0]].concat();
            assert!(shown(&bytes, NEW).1, "key {key}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let mut writer = Writer::default();
        for _ in 0..10_000 {
            start(&mut writer, 68, "again");
        }
        let error = RemoteError::decode(&writer.into_bytes(), NEW).unwrap();
        assert_eq!((error.causes.len(), error.complete), (MAX_DEPTH, false));

        // Suppressed in suppressed in suppressed.
        let mut writer = Writer::default();
        for _ in 0..100_000 {
            writer.boolean(true).vint(4).boolean(false).vint(0).vint(1);
        }
        assert_eq!(shown(&writer.into_bytes(), NEW), ("NullPointerException".into(), false));

        let mut writer = Writer::default();
        writer.boolean(true).vint(4).optional_string(Some(&"é".repeat(100_000))).raw(&[0, 0]);
        let error = RemoteError::decode(&writer.into_bytes(), NEW).unwrap();
        assert!(error.complete);
        assert_eq!(error.causes[0].message.as_ref().unwrap().chars().count(), MAX_MESSAGE_UNITS);
    }
}
