//! How an exception stands on the wire: messages and causes first, left to right; stack traces and metadata unwind behind
//! them, innermost first. Both parts are passed over in one direction, within bounds, whatever the peer wrote.

use super::{
    Cause, DecodeError, Element, ExceptionClass, Reader,
    exception_class::{Extra, Lead},
};

/// Longest chain that is followed, and deepest nesting that is passed over; a node writes at most 100 levels.
pub(crate) const MAX_DEPTH: usize = 128;
/// How much of a message is kept, in UTF-16 code units.
pub(crate) const MAX_MESSAGE_UNITS: usize = 16 << 10;

/// What stands behind the stack trace of an exception.
#[derive(Default)]
pub(crate) struct Tail {
    pub(crate) status: Option<String>,
    pub(crate) metadata: Vec<(String, Vec<String>)>,
}

/// The tails of a chain, as far as they can be trusted.
pub(crate) struct Tails {
    pub(crate) innermost_first: Vec<Tail>,
    /// Whether the last one ends with the bytes.
    pub(crate) exact: bool,
}

/// Reads classes and messages down to the innermost cause, and for each what it will write at its end; `None` for classes
/// of Java, which end with their stack trace. Says whether it came to the end of the chain.
#[allow(clippy::type_complexity, reason = "a private triple that is taken apart at once")]
pub(crate) fn chain(reader: &mut Reader<'_>) -> Result<(Vec<Cause>, Vec<Option<Extra>>, bool), DecodeError> {
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
    let mut optional_message = |reader: &mut Reader<'_>| {
        if reader.boolean()? { message(reader) } else { Ok(()) }
    };
    let key = reader.vint()?;
    if key == 0 {
        let (class, extra) = ExceptionClass::of_id(reader.vint()?);
        optional_message(reader)?;
        return Ok(Link { class, extra: Some(extra), has_cause: true, known: true });
    }
    let (class, lead) = ExceptionClass::of_key(key);
    let mut has_cause = false;
    match lead {
        None => {
            return Ok(Link { class, extra: None, has_cause, known: false });
        }
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
pub(crate) fn unwind(mut reader: Reader<'_>, extras: &[Option<Extra>], with_address: bool) -> Tails {
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

fn read_tail(
    reader: &mut Reader<'_>,
    extra: Option<Extra>,
    with_address: bool,
    tail: &mut Tail,
) -> Result<(), DecodeError> {
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
    let Some(extra) = link.extra else {
        return Ok(());
    };
    reader.skip_string_list_map()?;
    reader.skip_string_list_map()?;
    skip_extra(reader, extra, with_address)
}
