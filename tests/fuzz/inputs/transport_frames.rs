//! One input for the transport protocol's decoders: what a peer might answer.

use crate::wire::{
    DecodeError, Foreign, Framer, HandshakeResponse, Reader, RemoteError, Response, Step, SubjectInfo, TcpHandshake,
    TransportVersionId, decode_nodes,
};

/// One of each generation of the protocol.
pub const VERSIONS: [u32; 6] = [6_080_099, 7_172_999, 8_040_099, 8_636_001, 8_841_000, 9_458_007];

/// Reads `bytes` in every version.
pub fn read(bytes: &[u8]) {
    for version in VERSIONS {
        read_as(bytes, TransportVersionId::new(version));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = SubjectInfo::parse(text);
    }
}

/// Reads everything that can be read from bytes; what comes out does not matter.
pub fn read_as(bytes: &[u8], version: TransportVersionId) {
    let _ = Foreign::of(bytes);
    let _ = RemoteError::decode(bytes, version).map(|error| (error.to_string(), error.origin()));
    let _ = HandshakeResponse::decode(bytes, version);
    let _ = decode_nodes(bytes, version);
    if let Ok(Step::Message(message)) = Framer::default().decode_step(bytes) {
        let _ = Response::decode(&message, bytes);
        let _ = TcpHandshake::decode_request(&message, bytes);
        // A message that belongs to another buffer.
        let _ = Response::decode(&message, &bytes[..bytes.len() / 2]);
    }
    type Read = fn(&mut Reader<'_>) -> Result<(), DecodeError>;
    let reads: [Read; 9] = [
        |reader| reader.vint().map(drop),
        |reader| reader.vlong().map(drop),
        |reader| reader.zlong().map(drop),
        |reader| reader.string().map(drop),
        |reader| reader.skip_string(),
        |reader| reader.bytes().map(drop),
        |reader| reader.string_map().map(drop),
        |reader| reader.string_list_map().map(drop),
        |reader| reader.skip_string_list_map(),
    ];
    for read in reads {
        let mut reader = Reader::new(bytes);
        while reader.remaining() > 0 && read(&mut reader).is_ok() {}
    }
}
