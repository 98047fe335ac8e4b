//! Who speaks in an error: the outermost message of every error frame reads `[node name][ip:port][action]`.
//! The address is the server's end of the connection, which differs from the dialled one behind a proxy.

use std::net::SocketAddr;

/// The node that answered with an error (`ActionTransportException.buildMessage`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The name of the node.
    pub node: String,
    /// The address at which the node accepted the connection.
    pub address: SocketAddr,
    /// The action that failed.
    pub action: String,
}

impl Origin {
    /// Reads it from the message of a `RemoteTransportException`; `None` if the message has another form.
    /// The last two brackets are found first, because a node may be named anything.
    pub fn parse(message: &str) -> Option<Self> {
        let (rest, action) = message.strip_suffix(']')?.rsplit_once("][")?;
        let (node, address) = rest.strip_prefix('[')?.rsplit_once("][")?;
        Some(Self { node: node.to_owned(), address: address.parse().ok()?, action: action.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_address_and_action_are_read_from_the_right() {
        for (message, node, address) in [
            ("[es01][10.0.0.5:9443][a:b/c]", "es01", "10.0.0.5:9443"),
            ("[es][01]][10.0.0.5:9443][a:b/c]", "es][01]", "10.0.0.5:9443"),
            ("[][10.0.0.5:9443][a:b/c]", "", "10.0.0.5:9443"),
            ("[es01][[2001:db8::5]:9443][a:b/c]", "es01", "[2001:db8::5]:9443"),
        ] {
            let origin = Origin::parse(message).map(|origin| (origin.node, origin.address.to_string(), origin.action));
            assert_eq!(origin, Some((node.to_owned(), address.to_owned(), "a:b/c".to_owned())));
        }
    }

    #[test]
    fn other_messages_name_nobody() {
        for message in ["", "[a][b][c]", "a][1.2.3.4:5][c]", "[1.2.3.4:5][c]", "[a][1.2.3.4:5][c] tail"] {
            assert_eq!(Origin::parse(message), None, "{message}");
        }
    }
}
