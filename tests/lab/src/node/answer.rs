//! What a node answers to one request: a pure function of the request, the node and the address it came in on.
//! Order of checks: handshake format, wire version, key, action, licence and headers, action body.

use std::net::SocketAddr;

use super::frame::{Request, Response};
use super::keys::CREDENTIALS;
use super::stream::Output;
use super::thrown::{Thrown, transport_address};
use super::{NodeEvent, NodeOptions, OPENSEARCH, Profile, PublishedNode};

const TRANSPORT_HANDSHAKE: &str = "internal:transport/handshake";
const REMOTE_CLUSTER_HANDSHAKE: &str = "cluster:internal/remote_cluster/handshake";
const REMOTE_CLUSTER_NODES: &str = "cluster:internal/remote_cluster/nodes";
/// First wire version whose nodes carry an external id (8.3.0).
const WITH_EXTERNAL_ID: u32 = 8_030_099;
/// First wire version whose nodes carry oldest and newest index version (8.10).
const WITH_INDEX_VERSIONS: u32 = 8_500_024;
/// First wire version with the oldest read-only index version between them.
const WITH_READ_ONLY_VERSION: u32 = 8_810_000;
/// Roles of a node that has them all, with abbreviation and whether they hold data.
const ROLES: [(&str, &str, u8); 11] = [
    ("data", "d", 1),
    ("data_cold", "c", 1),
    ("data_content", "s", 1),
    ("data_frozen", "f", 1),
    ("data_hot", "h", 1),
    ("data_warm", "w", 1),
    ("ingest", "i", 0),
    ("master", "m", 0),
    ("ml", "l", 0),
    ("remote_cluster_client", "r", 0),
    ("transform", "t", 0),
];

/// Bytes to write and whether to close after them; none closes without a byte.
pub(super) type Reply = Option<(Vec<u8>, bool)>;

pub(super) fn answer(request: &Request<'_>, local: SocketAddr, options: &NodeOptions) -> (Reply, NodeEvent) {
    if request.handshake {
        let reply = tcp_handshake(request, options).map(|bytes| (bytes, false));
        let event = NodeEvent::Handshake {
            format: request.version,
            answered: reply.is_some(),
        };
        return (reply, event);
    }
    let event = |accepted| NodeEvent::Request {
        action: request.action.clone(),
        credentials: request.header(CREDENTIALS).is_some(),
        accepted,
    };
    if request.version < options.release.minimum_wire_version {
        return (None, event(false));
    }
    let version = request.version.min(options.release.transport_version);
    let echo = match options.profile {
        // The thread context comes back with the answer.
        Profile::RemoteCluster(_) => request.headers.as_slice(),
        Profile::Default { .. } => &[],
    };
    let response = |error| Response {
        id: request.id,
        version,
        handshake: false,
        error,
        echo,
    };
    match outcome(request, version, local, options) {
        Ok(body) => (Some((response(false).frame(&body), false)), event(true)),
        Err((thrown, close)) => {
            let body = thrown.body(&options.name, local, &request.action, version);
            let close = close && !options.stays_open_after_error;
            (Some((response(true).frame(&body), close)), event(false))
        }
    }
}

/// `TransportHandshaker`: no answer for a format or a requester that the release does not read.
fn tcp_handshake(request: &Request<'_>, options: &NodeOptions) -> Option<Vec<u8>> {
    let release = &options.release;
    if !release.handshake_formats.contains(&request.version) {
        return None;
    }
    let own = if options.opensearch {
        release.transport_version ^ OPENSEARCH
    } else {
        release.transport_version
    };
    let mut body = request.body;
    let theirs = body.bytes().and_then(|mut payload| payload.vint());
    let answered = match theirs {
        Some(theirs) if release.negotiates => {
            if theirs < release.minimum_wire_version {
                return None;
            }
            own.min(theirs)
        }
        _ => own,
    };
    let mut output = Output::default();
    output.vint(answered);
    if request.version >= 8_800_000 {
        output.string(&release.number);
    }
    let response = Response {
        id: request.id,
        version: request.version,
        handshake: true,
        error: false,
        echo: &[],
    };
    Some(response.frame(&output.bytes))
}

/// The answer's body, or an exception and whether the connection is closed after it.
fn outcome(
    request: &Request<'_>,
    version: u32,
    local: SocketAddr,
    options: &NodeOptions,
) -> Result<Vec<u8>, (Thrown, bool)> {
    let action = request.action.as_str();
    let release = &options.release;
    let not_found = || Thrown::ActionNotFound { action: action.to_owned() };
    match &options.profile {
        Profile::RemoteCluster(server) => {
            let id = server.authenticate(&request.headers).map_err(|thrown| (thrown, true))?;
            let known = [REMOTE_CLUSTER_HANDSHAKE, REMOTE_CLUSTER_NODES, TRANSPORT_HANDSHAKE];
            if !known.contains(&action) {
                return Err((not_found(), false));
            }
            server.admit(&request.headers).map_err(|thrown| (thrown, false))?;
            match action {
                REMOTE_CLUSTER_HANDSHAKE => Ok(handshake_response(version, local, options)),
                REMOTE_CLUSTER_NODES => Ok(nodes_response(version, local, options)),
                _ => {
                    let message = format!(
                        "action [{action}] towards remote cluster is unauthorized for user [_system] with assigned roles [] \
                         authenticated by API key id [{id}] of user [lab]"
                    );
                    Err((Thrown::forbidden(message), false))
                }
            }
        }
        Profile::Default { security: true, .. } => Err((Thrown::missing_credentials(action), false)),
        Profile::Default { remote_cluster_server, .. } => match action {
            TRANSPORT_HANDSHAKE => Ok(handshake_response(version, local, options)),
            REMOTE_CLUSTER_HANDSHAKE if *remote_cluster_server => Err((Thrown::channel_profile(), false)),
            REMOTE_CLUSTER_NODES if release.at_least(8, 10) => Ok(if *remote_cluster_server {
                nodes_response(version, local, options)
            } else {
                vec![0]
            }),
            _ => Err((not_found(), false)),
        },
    }
}

/// `TransportService.HandshakeResponse`: release, build, node, cluster.
fn handshake_response(version: u32, local: SocketAddr, options: &NodeOptions) -> Vec<u8> {
    let mut output = Output::default();
    output.vint(options.release.release_id);
    output.string(&options.release.build_hash);
    let address = options.publish_address.unwrap_or(local);
    write_node(&mut output, version, &options.name, &options.ids, address, options);
    output.string(&options.cluster_name);
    output.bytes
}

/// `RemoteClusterNodesAction.Response`: the nodes to dial.
fn nodes_response(version: u32, local: SocketAddr, options: &NodeOptions) -> Vec<u8> {
    let itself = [PublishedNode {
        name: options.name.clone(),
        address: options.publish_address.unwrap_or(local),
    }];
    let nodes = if options.published.is_empty() { &itself } else { options.published.as_slice() };
    let mut output = Output::default();
    output.count(nodes.len());
    for node in nodes {
        let ids = if node.name == options.name {
            options.ids.clone()
        } else {
            [super::made_up_id(&node.name, "node"), super::made_up_id(&node.name, "start")]
        };
        write_node(&mut output, version, &node.name, &ids, node.address, options);
    }
    output.bytes
}

/// A `DiscoveryNode`.
fn write_node(
    output: &mut Output,
    version: u32,
    name: &str,
    ids: &[String; 2],
    address: SocketAddr,
    options: &NodeOptions,
) {
    let release = &options.release;
    let host = address.ip().to_string();
    for text in [name, &ids[0], &ids[1], &host, &host] {
        output.string(text);
    }
    transport_address(output, address);
    output.vint(0);
    let roles = ROLES.iter().filter(|(role, ..)| release.at_least(8, 0) || !["ml", "transform"].contains(role));
    output.count(roles.clone().count());
    for (role, abbreviation, holds_data) in roles {
        output.string(role);
        output.string(abbreviation);
        output.byte(*holds_data);
    }
    output.vint(release.release_id);
    let [oldest, read_only, newest] = release.index_versions;
    if version >= WITH_INDEX_VERSIONS {
        output.vint(oldest);
        if version >= WITH_READ_ONLY_VERSION {
            output.vint(read_only);
        }
        output.vint(newest);
    }
    if version >= WITH_EXTERNAL_ID {
        output.string(name);
    }
}
