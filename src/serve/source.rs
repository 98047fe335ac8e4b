//! One local cluster, asked again and again for its remotes and what it says of them.
//!
//! `_remote/info`, which costs the cluster nothing, is asked each time, and `_ccr/stats` where it has been
//! answered before. Settings, nodes and `_resolve/cluster`, which dials the remotes, are asked when the links
//! or their connections changed, while one is disconnected, and every ten minutes.

use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::evidence::ReadError;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use crate::link::cluster_access::ClusterAccess;
use crate::link::discover::{Discovery, Wanted, discover};
use crate::read::remote_info::{self, Remote, Remotes};
use crate::read::{Client, ClientError};

/// How long everything that was asked holds while nothing changes.
const WHOLE: Duration = Duration::from_secs(600);
/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What a source tells the daemon.
#[derive(Debug)]
pub struct Report {
    /// The cluster's name in the configuration.
    pub cluster: String,
    /// What it says, or why it says nothing.
    pub said: Result<Arc<Discovery>, ReadError>,
    /// Which generation of sources it belongs to; what an earlier configuration asked is of no use.
    pub generation: u64,
}

/// Asks the cluster behind `access` every `every`, and tells `reports` each time, until nobody listens.
pub async fn watch(access: ClusterAccess, every: Duration, generation: u64, reports: mpsc::Sender<Report>) {
    let client = Client::new(access.url.as_str(), access.credentials.clone(), &access.trust, TIMEOUT);
    let mut source = Source { client, cluster: access.name, whole: None };
    loop {
        let said = source.ask().await;
        if reports.send(Report { cluster: source.cluster.clone(), said, generation }).await.is_err() {
            return;
        }
        sleep(every).await;
    }
}

struct Source {
    client: Result<Client, ClientError>,
    cluster: String,
    whole: Option<(Instant, Arc<Discovery>)>,
}

impl Source {
    async fn ask(&mut self) -> Result<Arc<Discovery>, ReadError> {
        let client = match &self.client {
            Ok(client) => client,
            Err(error) => return Err(ReadError::Unreachable { error: error.to_string() }),
        };
        if let Some((at, whole)) = &self.whole
            && at.elapsed() < WHOLE
        {
            let remotes = remote_info::remote_info(client).await?;
            if still(whole, &remotes) {
                let replicas = match &whole.replicas {
                    Some(known) => Some(known.refreshed(client).await),
                    None => None,
                };
                let discovery = Arc::new(refreshed(whole, &remotes).replicating(replicas));
                self.whole = Some((*at, Arc::clone(&discovery)));
                return Ok(discovery);
            }
        }
        let wanted = Wanted { local: Some(self.cluster.clone()), ..Wanted::default() };
        let discovery = discover(client, &wanted).await;
        if let Some(failure) = discovery.failure {
            return Err(failure);
        }
        let discovery = Arc::new(discovery);
        self.whole = Some((Instant::now(), Arc::clone(&discovery)));
        Ok(discovery)
    }
}

/// Whether the cluster has the links it had, all connected, then and now.
fn still(whole: &Discovery, remotes: &Remotes) -> bool {
    let connected = |remote: &Remote| remote.evidence().connected;
    let known = whole.links.iter().all(|link| remotes.get(&link.alias).is_some_and(connected));
    known && whole.links.len() == remotes.len()
}

fn refreshed(whole: &Discovery, remotes: &Remotes) -> Discovery {
    let mut fresh = whole.clone();
    for (link, view) in whole.links.iter().zip(&mut fresh.views) {
        let now = remotes.get(&link.alias).map(Remote::evidence);
        view.before = Ok(now.clone());
        view.after = view.after.as_ref().map(|_| Ok(now));
    }
    fresh
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::read::Credentials;
    use crate::read::test_server::{Answer, STATS, TestServer, replicating};
    use farlink_checks::model::link::Trust;

    const INFO: &str = "/_remote/info";

    fn remotes(connected: &str) -> Answer {
        let one = |alias: &str, connected: &str| {
            format!(
                r#""{alias}": {{"connected": {connected}, "mode": "proxy", "proxy_address": "{alias}:9443",
                "num_proxy_sockets_connected": 18, "max_proxy_socket_connections": 18}}"#
            )
        };
        Answer::json(format!("{{{}, {}}}", one("eu", "true"), one("us", connected)))
    }

    async fn asked_twice(connected: &str) -> (Vec<String>, Source) {
        let server = TestServer::start(vec![(INFO, remotes(connected))]).await;
        let client = Client::new(&server.url(), Credentials::None, &Trust::Unknown, TIMEOUT);
        let mut source = Source { client, cluster: "prod".into(), whole: None };
        source.ask().await.unwrap();
        let first = server.paths().len();
        let discovery = source.ask().await.unwrap();
        assert_eq!(discovery.links.iter().map(|link| link.name()).collect::<Vec<_>>(), ["prod/eu", "prod/us"]);
        (server.paths().split_off(first), source)
    }

    #[tokio::test]
    async fn while_all_links_are_connected_only_remote_info_is_asked_again() {
        assert_eq!(asked_twice("true").await.0, [INFO]);
    }

    #[tokio::test]
    async fn a_disconnected_link_has_everything_asked_again() {
        let (again, _) = asked_twice("false").await;
        assert_eq!((again.first().unwrap().as_str(), again[1].as_str()), (INFO, INFO));
        assert!(again.len() > 3, "{again:?}");
    }

    #[tokio::test]
    async fn what_was_read_holds_through_a_failure_and_the_failure_is_told() {
        let (_, mut source) = asked_twice("true").await;
        // Its server is gone.
        assert!(matches!(source.ask().await, Err(ReadError::Unreachable { .. })));
        assert!(source.whole.is_some());
    }

    #[tokio::test]
    async fn followers_are_asked_for_with_one_call_each_time_and_for_everything_at_first() {
        let remotes = r#"{"key-healthy":{"connected":true,"mode":"proxy","proxy_address":"a:9443"}}"#;
        for (replicates, each_time) in [(true, &["/_remote/info", STATS][..]), (false, &["/_remote/info"])] {
            let mut answers = vec![("/_remote/info", Answer::json(remotes))];
            answers.extend(replicating().into_iter().filter(|_| replicates));
            let server = TestServer::start(answers).await;
            let client = Client::new(&server.url(), Credentials::None, &Trust::Unknown, TIMEOUT);
            let mut source = Source { client, cluster: "prod".into(), whole: None };
            source.ask().await.unwrap();
            let whole = server.paths().len();
            for _ in 0..2 {
                let before = server.paths().len();
                let discovery = source.ask().await.unwrap();
                assert_eq!(server.paths()[before..], *each_time);
                let lag = discovery.views[0].replication.as_ref().map(|replication| replication.lag());
                assert_eq!(lag, replicates.then_some(Some(256)));
            }
            assert!(whole > each_time.len(), "{:?}", server.paths());
        }
    }
}
