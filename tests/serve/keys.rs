//! When a key ends, as the daemon learns it from the remote cluster.

use farlink_lab::address::behind;
use farlink_lab::rest::{KeysSeen, RestAuth, RestCluster, RestKey, RestKeys, RestStub};
use tokio::runtime::Runtime;

use crate::daemon::Daemon;
use crate::network::Network;

/// The encoded form of a key with the id `good`.
const KEY: &str = "Z29vZDp1aTJscDJheFRObXN5YWt3OXR2Tm53";

/// Some day in 2096, in milliseconds since 1970.
const END: i64 = 4_000_000_000_000;

fn keys(seen: KeysSeen) -> RestKeys {
    RestKeys { keys: vec![RestKey { id: "good".into(), expiration: Some(END), ..RestKey::default() }], seen }
}

#[test]
fn the_end_of_a_key_is_a_metric_and_a_refusal_to_tell_it_is_a_finding() {
    let runtime = Runtime::new().unwrap();
    for (seen, metric) in [
        (KeysSeen::All, "farlink_api_key_expiration_timestamp_seconds{link=\"eu\"}"),
        (
            KeysSeen::Nothing,
            "farlink_finding{link=\"eu\",id=\"cluster-privilege-missing\",severity=\"warning\",stage=\"cluster\"}",
        ),
    ] {
        let rest = runtime.block_on(async {
            let cluster = RestCluster { keys: keys(seen), ..RestCluster::alone("eu") };
            RestStub::start(behind().await.unwrap(), cluster, RestAuth::Open, None).unwrap()
        });
        let network = Network::start(0);
        network.write("key", KEY);
        let config = format!(
            "clusters: {{ eu-cluster: {{ url: \"{}\" }} }}\nlinks:\n  eu: {{ proxy_address: \"127.0.0.1:1\", model: api-key, \
             api_key_file: key, remote: eu-cluster }}\ninterval: 1s\n",
            rest.url()
        );
        let daemon = Daemon::over(&network.write("farlink.yml", &config));
        let end = daemon.until_metric(metric, |_| true);
        let answered =
            daemon.until_metric("farlink_source_last_success_timestamp_seconds{source=\"eu-cluster\"}", |_| true);
        match seen {
            KeysSeen::All => assert!(end == END as f64 / 1000.0 && answered > 0.0, "{end} {answered}"),
            _ => assert!(answered == 0.0, "{answered}"),
        }
    }
}
