//! What survives a restart, whatever happens to the process, its file and its disk.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use farlink_lab::door::Fault;
use serde_json::{Value, json};

use crate::daemon::Daemon;
use crate::network::{Network, series, yaml};
use crate::wait::{times, until};

const SINCE: &str = "farlink_link_broken_since_timestamp_seconds";

/// A network with one link that stays broken and one that can be switched, and a folder for the state.
fn network() -> Network {
    let network = Network::start(2);
    network.break_link(0, Fault::ResetOnAccept);
    let state = network.path("state");
    network.config("1s", &format!("serve: {{ state: {} }}", yaml(&state)));
    network
}

fn config(network: &Network) -> PathBuf {
    network.path("farlink.yml")
}

fn saved(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// Waits until the state file says this of `link-0`.
fn until_saved(daemon: &Daemon, file: &Path) {
    let broken = || (saved(file)["links"]["link-0"]["broken_since"].is_string()).then_some(());
    until("the state is written", || file.is_file().then(broken).flatten(), || daemon.log());
}

/// The links of other days make the file long, and its writing slow enough to be met.
fn with_a_long_past(file: &Path) -> Value {
    let mut state = saved(file);
    let past = state["links"]["link-0"].clone();
    let history: Vec<Value> = (0..50).map(|_| past["history"][0].clone()).collect();
    let links = state["links"].as_object_mut().unwrap();
    for number in 0..600 {
        let mut past = past.clone();
        past["history"] = json!(history);
        links.insert(format!("gone-{number}"), past);
    }
    fs::write(file, state.to_string()).unwrap();
    state
}

#[test]
fn a_daemon_that_is_killed_while_it_writes_leaves_a_whole_state_and_goes_on_from_it() {
    let network = network();
    let file = network.path("state/state.json");
    let fresh = network.path("state/state.json.new");
    let mut daemon = Daemon::over(&config(&network));
    let since = daemon.until_metric(&series(SINCE, 0), |_| true);
    until_saved(&daemon, &file);
    daemon.kill();
    let state = with_a_long_past(&file);
    let gone: Vec<&String> = state["links"].as_object().unwrap().keys().filter(|it| it.starts_with("gone")).collect();

    let (kills, mut halves) = (times(10, 200), 0);
    for kill in 0..kills {
        let mut daemon = Daemon::over(&config(&network));
        let restored = daemon.until_metric(&series(SINCE, 0), |_| true);
        assert!((restored - since).abs() < 0.001, "since {since}, and {restored} after kill {kill}");
        // What an earlier kill left may still be there: a write shows in its time.
        let touched = || fs::metadata(&fresh).and_then(|it| it.modified()).ok();
        let left = touched();
        let writes = || touched().is_some_and(|now| Some(now) != left);
        let mut broken = false;
        until(
            "a write",
            || {
                // Whatever was written last, this differs.
                broken = !broken;
                if broken {
                    network.break_link(1, Fault::CloseOnAccept)
                } else {
                    network.mend(1)
                }
                daemon.probe("link-1");
                // Looked at so often that the write is met while it is under way.
                let end = Instant::now() + Duration::from_millis(1500);
                while Instant::now() < end && !writes() {
                    sleep(Duration::from_micros(50));
                }
                writes().then_some(())
            },
            || daemon.log(),
        );
        // Its beginning, its middle, its end, and the rename.
        sleep(Duration::from_micros(200) * u32::try_from(kill % 16).unwrap());
        daemon.kill();
        halves += usize::from(writes());
        let now = saved(&file);
        assert_eq!(now["schema"], "farlink.state/1");
        assert!(gone.iter().all(|name| now["links"][name] == state["links"][name]), "after kill {kill}");
    }
    assert!(halves > 0, "none of {kills} kills met a write");
    let daemon = Daemon::over(&config(&network));
    daemon.until_metric(&series(SINCE, 0), |restored| (restored - since).abs() < 0.001);
    daemon.until_metric("farlink_probes_total{link=\"link-1\",verdict=\"ok\"}", |_| true);
    assert!(!daemon.log().contains("aside"), "{}", daemon.log());
}

#[test]
fn a_state_that_is_damaged_or_of_another_program_is_kept_aside_with_a_warning() {
    let whole = json!({"schema": "farlink.state/1", "links": {}}).to_string();
    let cases: [(&str, Vec<u8>); 5] = [
        ("it is no state", whole.as_bytes()[..whole.len() - 3].to_vec()),
        ("it is no state", b"\0\xff\x1b[31m{".to_vec()),
        ("it is no state", Vec::new()),
        ("its schema is", json!({"schema": "farlink.state/2", "links": {}, "new": 1}).to_string().into_bytes()),
        ("it is no state", json!({"schema": 1, "database": "of somebody"}).to_string().into_bytes()),
    ];
    let network = network();
    let folder = network.path("state");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("state.json");
    for (number, (why, content)) in cases.iter().enumerate() {
        fs::write(&file, content).unwrap();
        let mut daemon = Daemon::over(&config(&network));
        daemon.until_logged("is kept aside");
        let log = daemon.log();
        let line = log.lines().find(|line| line.contains("is kept aside")).unwrap();
        assert!(line.contains("WARN") && line.contains(why) && !line.contains('\x1b'), "{line}");
        until_saved(&daemon, &file);
        daemon.kill();
        let aside = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path());
        let aside: Vec<_> = aside.filter(|it| it.display().to_string().contains("aside-")).collect();
        assert_eq!(aside.len(), number + 1);
        assert!(aside.iter().any(|path| fs::read(path).unwrap() == *content), "{aside:?}");
    }
}

#[test]
fn a_state_that_cannot_be_read_is_kept_aside_too_and_the_next_one_is_written() {
    let network = network();
    let file = network.path("state/state.json");
    fs::create_dir_all(file.join("of somebody")).unwrap();
    let daemon = Daemon::over(&config(&network));
    daemon.until_logged("is kept aside");
    until("a state", || file.is_file().then_some(()), || daemon.log());
    let mut aside = fs::read_dir(network.path("state")).unwrap().map(|it| it.unwrap().path());
    assert!(aside.any(|path| path.join("of somebody").is_dir()));
}

/// The next write meets a disk without room: `/dev/full` answers as one (`full(4)`), without root.
#[test]
fn a_full_disk_costs_one_warning_and_the_state_is_written_when_there_is_room_again() {
    let network = network();
    let file = network.path("state/state.json");
    let fresh = network.path("state/state.json.new");
    fs::create_dir(network.path("state")).unwrap();
    std::os::unix::fs::symlink("/dev/full", &fresh).unwrap();
    let daemon = Daemon::over(&config(&network));
    daemon.until_logged("the state cannot be written; it is tried again at the next change");
    assert!(daemon.log().contains("No space left on device"), "{}", daemon.log());
    assert!(!file.exists() && !fresh.exists(), "half a state is left");
    network.break_link(1, Fault::CloseOnAccept);
    daemon.until_logged("the state is written again");
    until_saved(&daemon, &file);
}

/// A file system of a few megabytes, which only root can make.
struct Disk(PathBuf);

impl Disk {
    fn small(path: PathBuf) -> Option<Self> {
        let root = fs::metadata("/proc/self").unwrap().uid() == 0;
        if !root {
            eprintln!("NOT RUN: a disk of its own takes root");
            return None;
        }
        fs::create_dir(&path).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", "size=5m", "farlink"], &path);
        assert!(mounted || std::env::var_os("CI").is_none(), "tmpfs cannot be mounted");
        mounted.then(|| Self(path))
    }

    fn grow(&self) {
        assert!(mount(&["-o", "remount,size=50m"], &self.0));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["--lazy".as_ref(), self.0.as_os_str()]).status();
    }
}

fn mount(arguments: &[&str], path: &Path) -> bool {
    Command::new("mount").args(arguments).arg(path).status().is_ok_and(|status| status.success())
}

#[test]
fn a_disk_that_fills_up_in_the_middle_of_a_write_leaves_the_state_before() {
    let network = network();
    let Some(disk) = Disk::small(network.path("state")) else { return };
    let file = network.path("state/state.json");
    let mut daemon = Daemon::over(&config(&network));
    until_saved(&daemon, &file);
    daemon.kill();
    // It fits once, and not twice.
    let state = with_a_long_past(&file);
    let daemon = Daemon::over(&config(&network));
    daemon.until_metric(&series(SINCE, 0), |_| true);
    network.break_link(1, Fault::CloseOnAccept);
    daemon.until_logged("the state cannot be written; it is tried again at the next change");
    assert!(daemon.log().contains("No space left on device"), "{}", daemon.log());
    assert_eq!(saved(&file), state);
    assert!(!network.path("state/state.json.new").exists(), "half a state is left");
    disk.grow();
    network.mend(1);
    daemon.until_logged("the state is written again");
    assert!(saved(&file)["links"]["link-1"]["history"].is_array() && saved(&file)["links"]["gone-0"].is_object());
}

#[test]
fn a_folder_that_cannot_be_written_costs_a_warning_and_no_probe() {
    let network = network();
    let folder = network.write("no-folder", "");
    let config = network.config("1s", &format!("serve: {{ state: {} }}", yaml(&folder.join("state"))));
    let mut daemon = Daemon::over(&config);
    daemon.until_logged("the state cannot be written");
    let log = daemon.log();
    let line = log.lines().find(|line| line.contains("the state cannot be written")).unwrap();
    assert!(line.contains("no-folder/state/state.json"), "it does not say where: {line}");
    daemon.until_metric("farlink_probes_total{link=\"link-1\",verdict=\"ok\"}", |runs| runs >= 2.0);
    daemon.signal("TERM");
    assert_eq!(daemon.ended().code(), Some(0));
    assert!(daemon.log().contains("the state could not be written at the end"), "{}", daemon.log());
}
