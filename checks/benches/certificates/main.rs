//! What judging certificates costs: a usual chain beside webpki's verification of the same chain in the
//! same run, growth with a chain's length and its names, and sets that are made to be slow.
//!
//! `cargo bench -p farlink-checks --bench certificates`. Both sides read the trust file beforehand, as a
//! run does once; both use the same provider. "First" is a chain that was never seen, "known" one that
//! was judged before. Medians: of wall time for the chain of three, which fits between two ticks of the
//! scheduler, and of the thread's CPU time for what takes longer.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

mod hostile;
#[path = "../../tests/pki/mod.rs"]
mod pki;

use std::hint::black_box;
use std::time::{Duration, Instant};

use farlink_checks::model::evidence::Der;
use farlink_checks::x509::{Analysis, Anchors, Jdk, Purpose, Verdict, analyse, forget, hostname, strict};
use jiff::Timestamp;
use pki::{AT, Chain, NAME, chain};
use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};

fn main() {
    println!("A chain of three (leaf, intermediate, trusted root), all of farlink's analysis beside webpki's:");
    for (label, algorithm) in [("RSA 2048", &PKCS_RSA_SHA256), ("P-256", &PKCS_ECDSA_P256_SHA256)] {
        let chain = chain(3, 3, algorithm);
        let anchors = Anchors::of_file(std::slice::from_ref(&chain.root));
        let root = webpki::anchor_from_trusted_cert(&CertificateDer::from(chain.root.0.clone())).unwrap().to_owned();
        let [peer, first, known] = rounds(
            2000,
            [
                &mut || timed(|| peer(&chain, &root)),
                &mut || {
                    forget();
                    timed(|| full(&chain.served, &anchors))
                },
                &mut || timed(|| full(&chain.served, &anchors)),
            ],
        );
        // Each round beside the peer's of the same moment.
        let of_peer = |times: &[Duration]| {
            let mut ratios: Vec<f64> =
                times.iter().zip(&peer).map(|(time, peer)| time.as_secs_f64() / peer.as_secs_f64()).collect();
            ratios.sort_by(f64::total_cmp);
            ratios[ratios.len() / 2]
        };
        println!(
            "  {label:<9} webpki {}   first {} ({:.2} of it)   known {} ({:.2} of it)",
            show(median(&peer)),
            show(median(&first)),
            of_peer(&first),
            show(median(&known)),
            of_peer(&known)
        );
    }
    growth("certificates in order", &[3, 10, 30, 100, 300, 1000], |length| chain(length, 1, &PKCS_ECDSA_P256_SHA256));
    growth("alternative names", &[10, 100, 1000, 10_000], |names| chain(3, names, &PKCS_ECDSA_P256_SHA256));
    println!("Sets that are made to be slow, the first time:");
    for (label, served, trusted) in hostile::sets() {
        let anchors = Anchors::of_file(&trusted);
        let count = served.len();
        let [judged, all] = rounds(
            7,
            [
                &mut || {
                    forget();
                    busy(|| analyse(&served, &anchors, Purpose::Server, at()))
                },
                &mut || {
                    forget();
                    busy(|| full(&served, &anchors))
                },
            ],
        );
        let analysis = analyse(&served, &anchors, Purpose::Server, at());
        println!(
            "  {}, with the strict verdict {}   {count:>5} certificates, {label}: {}",
            show(median(&judged)),
            show(median(&all)),
            word(analysis.verdict(Jdk::V25))
        );
    }
}

/// The time each size takes, and how much of it falls to one.
fn growth(what: &str, sizes: &[usize], make: impl Fn(usize) -> Chain) {
    println!("{what}, the first time:");
    for size in sizes {
        let chain = make(*size);
        let anchors = Anchors::of_file(std::slice::from_ref(&chain.root));
        let [times] = rounds(
            9,
            [&mut || {
                forget();
                busy(|| full(&chain.served, &anchors))
            }],
        );
        let time = median(&times);
        println!("  {size:>6}  {}   {:7.2} µs each", show(time), time.as_secs_f64() * 1e6 / *size as f64);
    }
}

/// Everything that farlink says of a chain.
pub fn full(served: &[Der], anchors: &Anchors) -> Analysis {
    let analysis = analyse(served, anchors, Purpose::Server, at());
    if let Some(leaf) = analysis.leaf() {
        black_box(Jdk::ALL.map(|jdk| hostname::check(leaf, NAME, jdk).is_ok()));
    }
    black_box(strict::judge(&analysis, anchors, Some(NAME), Purpose::Server, at()).is_ok());
    analysis
}

fn peer(chain: &Chain, root: &TrustAnchor<'static>) {
    let served: Vec<CertificateDer<'_>> = chain.served.iter().map(|der| der.0.as_slice().into()).collect();
    let end = webpki::EndEntityCert::try_from(&served[0]).unwrap();
    let time = UnixTime::since_unix_epoch(Duration::from_secs(at().as_second().unsigned_abs()));
    let roots = std::slice::from_ref(root);
    let usage = webpki::KeyUsage::server_auth();
    let found = end.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, roots, &served[1..], time, usage, None, None);
    assert!(found.is_ok());
    end.verify_is_valid_for_subject_name(&ServerName::try_from(NAME).unwrap()).unwrap();
}

fn at() -> Timestamp {
    AT.parse().unwrap()
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let from = Instant::now();
    let kept = black_box(work());
    let time = from.elapsed();
    drop(kept);
    time
}

/// The CPU time of this thread that `work` takes.
fn busy<T>(work: impl FnOnce() -> T) -> Duration {
    let from = cpu();
    let kept = black_box(work());
    let time = cpu() - from;
    drop(kept);
    time
}

/// Nanoseconds on a CPU (the first value of `/proc/thread-self/schedstat`), which yielding brings up to date.
fn cpu() -> Duration {
    std::thread::yield_now();
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
}

/// The times of `count` rounds of each, in turn, so that a busy machine slows all of them alike.
fn rounds<const N: usize>(count: usize, mut works: [&mut dyn FnMut() -> Duration; N]) -> [Vec<Duration>; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..count {
        for (times, work) in times.iter_mut().zip(&mut works) {
            times.push(work());
        }
    }
    times
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}

fn show(time: Duration) -> String {
    match time.as_secs_f64() * 1e6 {
        micros if micros < 10_000.0 => format!("{micros:8.1} µs"),
        micros => format!("{:8.1} ms", micros / 1e3),
    }
}

fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted { .. } => "accepted".to_owned(),
        Verdict::Refused(refusals) => format!("refused, {:?}", refusals[0].reason).chars().take(60).collect(),
        Verdict::Open { because } => format!("open, {because}"),
    }
}
