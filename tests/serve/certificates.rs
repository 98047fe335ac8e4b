//! The certificate of `web.yml` exchanged while clients ask.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use farlink_lab::authority::{Authority, Identity, LeafOptions};

use crate::daemon::Daemon;
use crate::network::{Network, yaml};
use crate::wait::{have, times, until};

/// What a client that trusts `authorities` gets.
fn ask(daemon: &Daemon, authorities: &std::path::Path) -> Result<String, String> {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--max-time", "20", "--noproxy", "*", "--cacert"]).arg(authorities);
    curl.args(["--resolve", &format!("farlink.test:{}:127.0.0.1", daemon.address.port())]);
    let output = curl.arg(format!("https://farlink.test:{}/-/healthy", daemon.address.port())).output().unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[test]
fn a_certificate_that_is_exchanged_under_load_fails_no_client() {
    if !have(&["curl"]) {
        return;
    }
    let network = Network::start(1);
    let authorities = ["One CA", "Other CA"].map(|name| Authority::new(name).unwrap());
    let identities: Vec<Identity> =
        authorities.iter().map(|it| it.issue(&LeafOptions::dns(&["farlink.test"])).unwrap()).collect();
    let trusted: Vec<_> = (0..2).map(|it| network.write(&format!("ca-{it}.pem"), &authorities[it].ca_pem())).collect();
    let both = network.write("both.pem", &format!("{}{}", authorities[0].ca_pem(), authorities[1].ca_pem()));
    let put = |it: usize| {
        // Not at once, as a renewal does not either: in between the two do not fit together.
        network.write("web.crt", &identities[it].certificate_pem());
        std::thread::yield_now();
        network.write("web.key", identities[it].key_pem());
    };
    put(0);
    let web = network.write("web.yml", "tls_server_config: { cert_file: web.crt, key_file: web.key }\n");
    let daemon = Daemon::over(&network.config("1s", &format!("serve: {{ web_config: {} }}", yaml(&web))));
    let before = daemon.descriptors();
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    if let Err(error) = ask(&daemon, &both) {
                        done.store(true, Ordering::Relaxed);
                        unreachable!("{error}\n{}", daemon.log());
                    }
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for swap in 1..=times(5, 50) {
            put(swap % 2);
            let served = || (done.load(Ordering::Relaxed) || ask(&daemon, &trusted[swap % 2]).is_ok()).then_some(());
            until("the new certificate is served", served, || daemon.log());
        }
        // A wrong one changes nothing, and is said.
        network.write("web.crt", "no certificate");
        until(
            "the log says it",
            || {
                let _ = ask(&daemon, &both);
                daemon.log().contains("the web configuration is wrong now").then_some(())
            },
            || daemon.log(),
        );
        done.store(true, Ordering::Relaxed);
    });
    assert!(asked.load(Ordering::Relaxed) > 0);
    assert_eq!(ask(&daemon, &trusted[times(5, 50) % 2]).unwrap(), "farlink is alive.\n");
    assert!(fs::metadata(&web).is_ok());
    daemon.until_descriptors(before + 8);
}
