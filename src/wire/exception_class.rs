//! The classes of exceptions that a node writes, by the numbers it writes for them (`ElasticsearchException`).
//! Key 0 leads to a class of Elasticsearch with an id; the other keys are classes of Java and Lucene.

use std::fmt;

/// The class of an exception. Numbers without a name here stay what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each variant is the Java class of its name")]
pub enum ExceptionClass {
    ElasticsearchSecurity,
    NodeClosed,
    ConnectTransport,
    NotSerializableTransport,
    ResponseHandlerFailureTransport,
    ResourceNotFound,
    ActionTransport,
    Transport,
    ElasticsearchParse,
    ClusterBlock,
    SendRequestTransport,
    NotSerializableWrapper,
    Http,
    Elasticsearch,
    ReceiveTimeoutTransport,
    NodeDisconnected,
    ActionNotFoundTransport,
    TransportSerialization,
    RemoteTransport,
    ElasticsearchTimeout,
    HttpRequestOnTransport,
    CircuitBreaking,
    NodeNotConnected,
    ElasticsearchStatus,
    NoSuchRemoteCluster,
    NoSeedNodeLeft,
    CorruptIndex,
    IndexFormatTooNew,
    IndexFormatTooOld,
    NullPointer,
    NumberFormat,
    IllegalArgument,
    AlreadyClosed,
    EndOfFile,
    JavaSecurity,
    StringIndexOutOfBounds,
    ArrayIndexOutOfBounds,
    FileNotFound,
    FileSystem,
    IllegalState,
    LockObtainFailed,
    Interrupted,
    InputOutput,
    EsRejectedExecution,
    /// A class of Elasticsearch that has no name here, by its id.
    OtherElasticsearch(u32),
    /// A key that has no name here; what follows it cannot be read.
    OtherKey(u32),
}

/// What a class of Elasticsearch writes behind what all of them write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    /// Nothing.
    Nothing,
    /// The name of a REST status.
    Status,
    /// An optional action.
    OptionalAction,
    /// The name of the wrapped class and of a REST status.
    WrappedClass,
    /// Two longs and an ordinal.
    Breaker,
    /// Before 8.1 an optional address and an optional action, later nothing.
    AddressAndAction,
    /// As above, and an optional node behind it.
    AddressActionAndNode,
    /// Not known; most classes write nothing.
    Unknown,
}

/// What a Java or Lucene class writes in front of its stack trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// The message, then the cause.
    MessageAndCause,
    /// The message only.
    Message,
    /// A boolean, then the message.
    RejectedThenMessage,
    /// A subtype and three optional strings, then the message.
    FilesThenMessage,
    /// The message, an optional resource and the cause.
    ResourceAndCause,
    /// An optional resource and three integers.
    FormatTooNew,
    /// An optional resource, and either three integers or an optional reason.
    FormatTooOld,
}

use ExceptionClass::*;

/// Id, class, name, and what the class writes at its end; sorted by id.
const ELASTICSEARCH: &[(u32, ExceptionClass, &str, Extra)] = &[
    (4, ElasticsearchSecurity, "ElasticsearchSecurityException", Extra::Status),
    (9, NodeClosed, "NodeClosedException", Extra::Nothing),
    (12, ConnectTransport, "ConnectTransportException", Extra::AddressActionAndNode),
    (13, NotSerializableTransport, "NotSerializableTransportException", Extra::Nothing),
    (14, ResponseHandlerFailureTransport, "ResponseHandlerFailureTransportException", Extra::Nothing),
    (19, ResourceNotFound, "ResourceNotFoundException", Extra::Nothing),
    (20, ActionTransport, "ActionTransportException", Extra::AddressAndAction),
    (34, Transport, "TransportException", Extra::Nothing),
    (35, ElasticsearchParse, "ElasticsearchParseException", Extra::Nothing),
    (49, ClusterBlock, "ClusterBlockException", Extra::Unknown),
    (58, SendRequestTransport, "SendRequestTransportException", Extra::AddressAndAction),
    (62, NotSerializableWrapper, "NotSerializableExceptionWrapper", Extra::WrappedClass),
    (67, Http, "HttpException", Extra::Nothing),
    (68, Elasticsearch, "ElasticsearchException", Extra::Nothing),
    (83, ReceiveTimeoutTransport, "ReceiveTimeoutTransportException", Extra::AddressAndAction),
    (84, NodeDisconnected, "NodeDisconnectedException", Extra::AddressActionAndNode),
    (101, ActionNotFoundTransport, "ActionNotFoundTransportException", Extra::OptionalAction),
    (102, TransportSerialization, "TransportSerializationException", Extra::Nothing),
    (103, RemoteTransport, "RemoteTransportException", Extra::AddressAndAction),
    (118, ElasticsearchTimeout, "ElasticsearchTimeoutException", Extra::Nothing),
    (125, HttpRequestOnTransport, "HttpRequestOnTransportException", Extra::Nothing),
    (133, CircuitBreaking, "CircuitBreakingException", Extra::Breaker),
    (134, NodeNotConnected, "NodeNotConnectedException", Extra::AddressActionAndNode),
    (145, ElasticsearchStatus, "ElasticsearchStatusException", Extra::Status),
    (152, NoSuchRemoteCluster, "NoSuchRemoteClusterException", Extra::Nothing),
    (160, NoSeedNodeLeft, "NoSeedNodeLeftException", Extra::Nothing),
];

/// Class, name and beginning of the key that is the position plus one.
const PLATFORM: &[(ExceptionClass, &str, Lead)] = &[
    (CorruptIndex, "CorruptIndexException", Lead::ResourceAndCause),
    (IndexFormatTooNew, "IndexFormatTooNewException", Lead::FormatTooNew),
    (IndexFormatTooOld, "IndexFormatTooOldException", Lead::FormatTooOld),
    (NullPointer, "NullPointerException", Lead::Message),
    (NumberFormat, "NumberFormatException", Lead::Message),
    (IllegalArgument, "IllegalArgumentException", Lead::MessageAndCause),
    (AlreadyClosed, "AlreadyClosedException", Lead::MessageAndCause),
    (EndOfFile, "EOFException", Lead::Message),
    (JavaSecurity, "SecurityException", Lead::MessageAndCause),
    (StringIndexOutOfBounds, "StringIndexOutOfBoundsException", Lead::Message),
    (ArrayIndexOutOfBounds, "ArrayIndexOutOfBoundsException", Lead::Message),
    (FileNotFound, "FileNotFoundException", Lead::Message),
    (FileSystem, "FileSystemException", Lead::FilesThenMessage),
    (IllegalState, "IllegalStateException", Lead::MessageAndCause),
    (LockObtainFailed, "LockObtainFailedException", Lead::MessageAndCause),
    (Interrupted, "InterruptedException", Lead::Message),
    (InputOutput, "IOException", Lead::MessageAndCause),
    (EsRejectedExecution, "EsRejectedExecutionException", Lead::RejectedThenMessage),
];

impl ExceptionClass {
    /// The class of Elasticsearch with this id, and what it writes at its end.
    pub(crate) fn of_id(id: u32) -> (Self, Extra) {
        match ELASTICSEARCH.binary_search_by_key(&id, |row| row.0) {
            Ok(row) => (ELASTICSEARCH[row].1, ELASTICSEARCH[row].3),
            Err(_) => (OtherElasticsearch(id), Extra::Unknown),
        }
    }

    /// The class with this key, and how it begins; key 0 and unknown ones have no beginning.
    pub(crate) fn of_key(key: u32) -> (Self, Option<Lead>) {
        match (key as usize).checked_sub(1).and_then(|index| PLATFORM.get(index)) {
            Some(&(class, _, lead)) => (class, Some(lead)),
            None => (OtherKey(key), None),
        }
    }
}

impl fmt::Display for ExceptionClass {
    /// The Java class name without its package, or `class #id`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            OtherElasticsearch(id) => write!(f, "class #{id}"),
            OtherKey(key) => write!(f, "key #{key}"),
            known => {
                let mut rows =
                    ELASTICSEARCH.iter().map(|row| (row.1, row.2)).chain(PLATFORM.iter().map(|row| (row.0, row.1)));
                f.write_str(rows.find(|row| row.0 == known).map_or("exception", |row| row.1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_every_class_once() {
        assert!(ELASTICSEARCH.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for &(id, class, name, extra) in ELASTICSEARCH {
            assert_eq!(ExceptionClass::of_id(id), (class, extra));
            assert_eq!(class.to_string(), name);
        }
        for (index, &(class, name, lead)) in PLATFORM.iter().enumerate() {
            assert_eq!(ExceptionClass::of_key(index as u32 + 1), (class, Some(lead)));
            assert_eq!(class.to_string(), name);
        }
    }

    #[test]
    fn unknown_numbers_survive() {
        assert_eq!(ExceptionClass::of_id(4711).0.to_string(), "class #4711");
        assert_eq!(ExceptionClass::of_key(19), (OtherKey(19), None));
        assert_eq!(ExceptionClass::of_key(u32::MAX).0.to_string(), "key #4294967295");
    }
}
