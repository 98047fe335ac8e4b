//! Requests that a probe makes, as complete frames.
//! Header values may be secret: they go straight into one buffer of the final size, which the caller can wipe.

use super::{
    Status, TransportVersionId, Writer,
    writer::{string_len, vint_len},
};

/// The header with `ApiKey ` and the encoded key (`CrossClusterAccessHeaders`).
pub const CREDENTIALS_HEADER: &str = "_cross_cluster_access_credentials";
/// The header that names the user for whom a cluster asks; see [`SubjectInfo`](super::SubjectInfo).
pub const SUBJECT_INFO_HEADER: &str = "_cross_cluster_access_subject_info";
/// Longest frame that is written, in bytes, as long as a remote cluster server takes a header.
pub const MAX_REQUEST: usize = 64 << 10;

/// What a node is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Name yourself, on the transport port.
    TransportHandshake,
    /// Name yourself, on the remote cluster server port; the transport port refuses it with a telling reason.
    RemoteClusterHandshake,
    /// List the nodes that have their remote cluster server on, with its publish addresses.
    RemoteClusterNodes,
    /// List all nodes, with the publish addresses of their transport interface.
    AllNodes,
}

impl Action {
    /// The name of the action on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TransportHandshake => "internal:transport/handshake",
            Self::RemoteClusterHandshake => "cluster:internal/remote_cluster/handshake",
            Self::RemoteClusterNodes | Self::AllNodes => "cluster:internal/remote_cluster/nodes",
        }
    }

    /// The frame that asks for this, written in `version` (see [`TransportVersionId::for_requests`]) with these headers.
    ///
    /// The buffer is allocated once at its final size, so wiping it wipes every copy made here.
    ///
    /// # Errors
    /// [`EncodeError::TooLarge`] if the frame would be longer than [`MAX_REQUEST`].
    pub fn encode<'a, I>(self, request_id: i64, version: TransportVersionId, headers: I) -> Result<Vec<u8>, EncodeError>
    where
        I: IntoIterator<Item = (&'a str, &'a str), IntoIter: Clone>,
    {
        // No parent task; the nodes action also says whether it means remote cluster server nodes
        // (`RemoteClusterNodesAction.Request`).
        let body: &[u8] = match self {
            Self::TransportHandshake | Self::RemoteClusterHandshake => &[0],
            Self::RemoteClusterNodes => &[0, 1],
            Self::AllNodes => &[0, 0],
        };
        request(Status::REQUEST, request_id, version, headers.into_iter(), self.name(), body)
    }
}

/// Why a request cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The headers are too long for a server to take.
    #[error("a request of {length} bytes is over the limit of {limit}")]
    TooLarge {
        /// Of the frame, in bytes.
        length: usize,
        /// [`MAX_REQUEST`].
        limit: usize,
    },
}

/// A request frame; `version` decides whether there is a features array (before 8.0).
pub(crate) fn request<'a>(
    status: Status,
    request_id: i64,
    version: TransportVersionId,
    headers: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    action: &str,
    body: &[u8],
) -> Result<Vec<u8>, EncodeError> {
    let features = version < TransportVersionId::WITHOUT_FEATURES;
    let (count, pairs) = headers.clone().fold((0, 0usize), |(count, size), (name, value)| {
        (count + 1, size.saturating_add(string_len(name)).saturating_add(string_len(value)))
    });
    let variable = pairs.saturating_add(vint_len(count) + 1 + usize::from(features) + string_len(action));
    frame(status, request_id, version, variable, body, |writer| {
        writer.length(count);
        for (name, value) in headers {
            writer.string(name).string(value);
        }
        // No response headers.
        writer.byte(0);
        if features {
            writer.byte(0);
        }
        writer.string(action);
    })
}

/// A frame whose variable header takes `variable` bytes and is written by `write`.
pub(crate) fn frame(
    status: Status,
    request_id: i64,
    version: TransportVersionId,
    variable: usize,
    body: &[u8],
    write: impl FnOnce(&mut Writer),
) -> Result<Vec<u8>, EncodeError> {
    const FIXED: usize = 23;
    let length = variable.saturating_add(FIXED + body.len());
    if length > MAX_REQUEST {
        return Err(EncodeError::TooLarge { length, limit: MAX_REQUEST });
    }
    let mut writer = Writer::with_capacity(length);
    // Both sizes are below MAX_REQUEST.
    writer.raw(b"ES").i32((length - 6) as i32).i64(request_id).byte(status.bits());
    writer.i32(version.id().cast_signed()).i32(variable as i32);
    write(&mut writer);
    writer.raw(body);
    let bytes = writer.into_bytes();
    debug_assert_eq!(bytes.len(), length, "the size is computed as it is written");
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_buffer_of_a_request_never_grows() {
        let secret = "ü😀".repeat(100);
        let headers = [(CREDENTIALS_HEADER, secret.as_str()), (SUBJECT_INFO_HEADER, "x")];
        let handshakes = [Action::TransportHandshake, Action::RemoteClusterHandshake];
        for action in handshakes.into_iter().chain([Action::RemoteClusterNodes, Action::AllNodes]) {
            for version in [7_172_999, 8_841_000] {
                let bytes = action.encode(1, TransportVersionId::new(version), headers).unwrap();
                assert_eq!(bytes.capacity(), bytes.len());
            }
        }
    }

    #[test]
    fn a_header_beyond_the_limit_is_refused_before_it_is_copied() {
        let secret = "x".repeat(MAX_REQUEST);
        let refused = Action::RemoteClusterHandshake.encode(
            1,
            TransportVersionId::INITIAL_8_19,
            [(CREDENTIALS_HEADER, secret.as_str())],
        );
        assert!(matches!(refused, Err(EncodeError::TooLarge { limit: MAX_REQUEST, .. })));
    }
}
