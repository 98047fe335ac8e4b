//! The exception of an error answer, with its whole chain of causes (`ElasticsearchException.writeException`).
//! Messages and causes come first and are read left to right; stack traces and metadata unwind behind them, innermost first.

use std::fmt;

use super::{
    DecodeError, Element, ExceptionClass, Origin, Reader, TransportVersionId,
    exception_class::{Extra, Lead},
};

/// Longest chain that is followed, and deepest nesting that is passed over; a node writes at most 100 levels.
const MAX_DEPTH: usize = 128;
/// How much of a message is kept, in UTF-16 code units.
const MAX_MESSAGE_UNITS: usize = 16 << 10;
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
        if !tails.exact && extras.iter().any(|extra| matches!(extra, Some(Extra::AddressAndAction | Extra::AddressActionAndNode))) {
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

/// What stands behind the stack trace of an exception.
#[derive(Default)]
struct Tail {
    status: Option<String>,
    metadata: Vec<(String, Vec<String>)>,
}

struct Tails {
    innermost_first: Vec<Tail>,
    exact: bool,
}

/// Reads classes and messages down to the innermost cause, and for each what it will write at its end; `None` for classes
/// of Java, which end with their stack trace. Says whether it came to the end of the chain.
#[allow(clippy::type_complexity, reason = "a private triple that is taken apart at once")]
fn chain(reader: &mut Reader<'_>) -> Result<(Vec<Cause>, Vec<Option<Extra>>, bool), DecodeError> {
    let (mut causes, mut extras) = (Vec::new(), Vec::new());
    if !reader.boolean()? {
        return Err(DecodeError::Malformed { at: 0, element: Element::Exception });
    }
    loop {
        let mut message = None;
        let link = match link(reader, &mut |reader| {
            message = Some(reader.string_prefix(MAX_MESSAGE_UNITS)?);
            Ok(())
        }) {
            Ok(link) => link,
            Err(error) if causes.is_empty() => return Err(error),
            Err(_) => return Ok((causes, extras, false)),
        };
        causes.push(Cause { class: link.class, message, status: None, metadata: Vec::new() });
        extras.push(link.extra);
        let more = match (link.known, link.has_cause) {
            (false, _) => return Ok((causes, extras, false)),
            (true, true) => reader.boolean(),
            (true, false) => Ok(false),
        };
        match more {
            Ok(false) => return Ok((causes, extras, true)),
            Ok(true) if causes.len() < MAX_DEPTH => {}
            Ok(true) | Err(_) => return Ok((causes, extras, false)),
        }
    }
}

/// What is known of an exception before its cause and its stack trace.
struct Link {
    class: ExceptionClass,
    /// For classes of Elasticsearch.
    extra: Option<Extra>,
    has_cause: bool,
    /// Whether what follows can be read.
    known: bool,
}

/// Reads an exception from its key up to its cause; `message` is called where the text of a message stands.
fn link(
    reader: &mut Reader<'_>,
    message: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), DecodeError>,
) -> Result<Link, DecodeError> {
    let mut optional_message = |reader: &mut Reader<'_>| if reader.boolean()? { message(reader) } else { Ok(()) };
    let key = reader.vint()?;
    if key == 0 {
        let (class, extra) = ExceptionClass::of_id(reader.vint()?);
        optional_message(reader)?;
        return Ok(Link { class, extra: Some(extra), has_cause: true, known: true });
    }
    let (class, lead) = ExceptionClass::of_key(key);
    let mut has_cause = false;
    match lead {
        None => return Ok(Link { class, extra: None, has_cause, known: false }),
        Some(Lead::MessageAndCause) => {
            optional_message(reader)?;
            has_cause = true;
        }
        Some(Lead::Message) => optional_message(reader)?,
        Some(Lead::RejectedThenMessage) => {
            reader.boolean()?;
            optional_message(reader)?;
        }
        Some(Lead::FilesThenMessage) => {
            reader.vint()?;
            for _ in 0..3 {
                reader.skip_optional_string()?;
            }
            optional_message(reader)?;
        }
        Some(Lead::ResourceAndCause) => {
            optional_message(reader)?;
            reader.skip_optional_string()?;
            has_cause = true;
        }
        Some(Lead::FormatTooNew) => {
            reader.skip_optional_string()?;
            reader.take(12)?;
        }
        Some(Lead::FormatTooOld) => {
            reader.skip_optional_string()?;
            if reader.boolean()? {
                reader.take(12)?;
            } else {
                reader.skip_optional_string()?;
            }
        }
    }
    Ok(Link { class, extra: None, has_cause, known: true })
}

/// Reads what stands behind the chain, innermost exception first. Where the bytes stop making sense, what came behind a
/// class whose end is uncertain is dropped.
fn unwind(mut reader: Reader<'_>, extras: &[Option<Extra>], with_address: bool) -> Tails {
    let mut tails = Vec::new();
    let mut trusted = None;
    for &extra in extras.iter().rev() {
        let mut tail = Tail::default();
        let result = read_tail(&mut reader, extra, with_address, &mut tail);
        let uncertain = matches!(extra, Some(Extra::Unknown | Extra::AddressAndAction | Extra::AddressActionAndNode));
        match result {
            Ok(()) => tails.push(tail),
            Err(_) => {
                tails.truncate(trusted.unwrap_or(tails.len()));
                return Tails { innermost_first: tails, exact: false };
            }
        }
        if uncertain && trusted.is_none() {
            // Its own metadata stands before the uncertain end.
            trusted = Some(tails.len());
        }
    }
    let exact = reader.remaining() == 0;
    if !exact {
        tails.truncate(trusted.unwrap_or(tails.len()));
    }
    Tails { innermost_first: tails, exact }
}

fn read_tail(reader: &mut Reader<'_>, extra: Option<Extra>, with_address: bool, tail: &mut Tail) -> Result<(), DecodeError> {
    skip_stack(reader, with_address, 0)?;
    let Some(extra) = extra else { return Ok(()) };
    reader.skip_string_list_map()?;
    tail.metadata = reader.string_list_map()?;
    if matches!(extra, Extra::Status) {
        tail.status = Some(reader.string()?);
        return Ok(());
    }
    skip_extra(reader, extra, with_address)
}

fn skip_extra(reader: &mut Reader<'_>, extra: Extra, with_address: bool) -> Result<(), DecodeError> {
    match extra {
        Extra::Nothing | Extra::Unknown => Ok(()),
        Extra::Status => reader.skip_string(),
        Extra::OptionalAction => reader.skip_optional_string(),
        Extra::WrappedClass => {
            reader.skip_string()?;
            reader.skip_string()
        }
        Extra::Breaker => {
            reader.take(16)?;
            reader.vint().map(drop)
        }
        Extra::AddressAndAction | Extra::AddressActionAndNode if with_address => {
            if reader.boolean()? {
                let length = reader.byte()?;
                reader.take(length.into())?;
                reader.skip_string()?;
                reader.i32()?;
            }
            reader.skip_optional_string()?;
            // A node is not read: none is written where this codec asks.
            if extra == Extra::AddressActionAndNode && reader.boolean()? {
                return Err(DecodeError::Malformed { at: reader.position(), element: Element::Exception });
            }
            Ok(())
        }
        Extra::AddressAndAction | Extra::AddressActionAndNode => Ok(()),
    }
}

/// Passes over stack trace elements and suppressed exceptions without keeping anything.
fn skip_stack(reader: &mut Reader<'_>, with_address: bool, depth: usize) -> Result<(), DecodeError> {
    for _ in 0..reader.vint()? {
        reader.skip_string()?;
        reader.skip_optional_string()?;
        reader.skip_string()?;
        reader.vint()?;
    }
    for _ in 0..reader.vint()? {
        skip_exception(reader, with_address, depth + 1)?;
    }
    Ok(())
}

fn skip_exception(reader: &mut Reader<'_>, with_address: bool, depth: usize) -> Result<(), DecodeError> {
    let at = reader.position();
    if depth > MAX_DEPTH {
        return Err(DecodeError::TooLarge { at, element: Element::Exception, limit: MAX_DEPTH });
    }
    if !reader.boolean()? {
        return Ok(());
    }
    let link = link(reader, &mut |reader| reader.skip_string())?;
    if !link.known {
        return Err(DecodeError::Malformed { at, element: Element::Exception });
    }
    if link.has_cause {
        skip_exception(reader, with_address, depth + 1)?;
    }
    skip_stack(reader, with_address, depth)?;
    let Some(extra) = link.extra else { return Ok(()) };
    reader.skip_string_list_map()?;
    reader.skip_string_list_map()?;
    skip_extra(reader, extra, with_address)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wire::Writer;

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
        assert_eq!(shown(&[&bytes[..], &[1, 2, 3]].concat(), NEW).1, false);
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
