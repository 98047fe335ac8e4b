//! What the service manager hears: `sd_notify(3)`, with the test in its place.

use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use crate::daemon::{Daemon, serve};
use crate::network::Network;
use crate::wait::WITHIN;

/// Messages until one begins with `last`.
fn heard(socket: &UnixDatagram, last: &str) -> Vec<String> {
    let (end, mut heard) = (Instant::now() + WITHIN, Vec::new());
    let mut message = [0; 1024];
    while Instant::now() < end {
        let Ok(length) = socket.recv(&mut message) else { break };
        heard.push(String::from_utf8_lossy(&message[..length]).trim_end().to_owned());
        if heard.last().unwrap().starts_with(last) {
            return heard;
        }
    }
    unreachable!("no {last} after {heard:?}");
}

#[test]
fn the_service_manager_hears_ready_beats_reloads_and_the_end() {
    let network = Network::start(1);
    let path = network.path("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(WITHIN)).unwrap();
    let config = network.config("1h", "");
    let mut command = serve(&config);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "400000").env_remove("WATCHDOG_PID");
    let mut daemon = Daemon::start(command);
    heard(&socket, "READY=1");
    // Nothing is due for an hour, and the scheduler beats all the same.
    let began = Instant::now();
    for _ in 0..5 {
        heard(&socket, "WATCHDOG=1");
    }
    assert!(began.elapsed() >= Duration::from_millis(400), "it beats without a pause");
    for wrong in [false, true] {
        if wrong {
            network.write("farlink.yml", "links: [");
        }
        daemon.signal("HUP");
        let reloading = heard(&socket, "RELOADING=1").pop().unwrap();
        let when = reloading.split_once("MONOTONIC_USEC=").unwrap().1;
        assert!(when.trim().parse::<u64>().unwrap() > 0, "{reloading}");
        heard(&socket, "READY=1");
    }
    daemon.signal("TERM");
    heard(&socket, "STOPPING=1");
    assert_eq!(daemon.ended().code(), Some(0));
}
