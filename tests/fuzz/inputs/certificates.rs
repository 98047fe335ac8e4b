//! One input for the analyser of certificates: any number of them one after the other, the last trusted.

use farlink_checks::model::evidence::Der;
use farlink_checks::x509::{Analysis, Anchors, Jdk, Place, Purpose, Reason, Verdict, analyse, hostname, strict};

/// Nothing that is shown of a certificate is longer.
const LONGEST: usize = 8192;

/// Judges the certificates in `data` in every way there is.
///
/// # Panics
/// When what it says does not hold together, or cannot be shown.
pub fn judge(data: &[u8]) {
    let mut served = split(data);
    let trusted = served.pop();
    judge_chain(&served, trusted.as_slice());
    // Certificates that are trusted themselves take other ways.
    judge_chain(trusted.as_slice(), &served);
}

/// Judges a chain in every way there is.
///
/// # Panics
/// As [`judge`].
pub fn judge_chain(served: &[Der], trusted: &[Der]) -> Analysis {
    let anchors = Anchors::of_file(trusted);
    let at = jiff::Timestamp::from_second(1_767_225_600).unwrap_or_default();
    for anchors in [&Anchors::public_roots(), &anchors] {
        let _ = analyse(served, anchors, Purpose::Client, at);
    }
    let analysis = analyse(served, &anchors, Purpose::Server, at);
    for candidate in &analysis.candidates {
        holds_together(&analysis, &candidate.path);
        if let Some(anchor) = &candidate.anchor {
            shows(&anchor.subject);
        }
        for refusal in &candidate.faults {
            shown(&refusal.reason);
            assert!(!matches!(refusal.place, Place::Served(place) if place >= served.len().max(1)), "{refusal:?}");
        }
    }
    for jdk in Jdk::ALL {
        match analysis.verdict(jdk) {
            Verdict::Refused(refusals) => assert!(!refusals.is_empty()),
            Verdict::Open { because } => shows(because),
            // The faults of a way are those on JDK 25; JDK 17 takes some old algorithms that it refuses.
            Verdict::Accepted { .. } if jdk == Jdk::V17 => {}
            Verdict::Accepted { .. } => assert!(analysis.candidates[0].faults.is_empty()),
        }
    }
    for certificate in analysis.served.iter().flatten() {
        certificate.names().iter().for_each(|name| shows(name));
        for text in [certificate.label(), certificate.subject.to_string(), certificate.key.to_string()] {
            shows(&text);
        }
        shows(&certificate.signature.to_string());
        certificate.issuer_url.iter().for_each(|url| shows(url));
        for name in certificate.alternative_names.iter().flatten() {
            shows(&name.to_string());
        }
        for name in ["es.lab.example", "10.0.0.1", "::1", "*", "", "."] {
            for jdk in Jdk::ALL {
                if let Err(hostname::Mismatch::OtherNames { nearest: Some(nearest), .. }) =
                    hostname::check(certificate, name, jdk)
                {
                    shows(&nearest);
                }
            }
        }
    }
    if let Err(error) = strict::judge(&analysis, &anchors, Some("es.lab.example"), Purpose::Server, at) {
        assert!(!error.is_empty());
    }
    analysis
}

/// The path is one by its names, and nothing stands on it twice.
fn holds_together(analysis: &Analysis, path: &[usize]) {
    let mut places = path.to_vec();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), path.len(), "{path:?}");
    for pair in path.windows(2) {
        let certificate = |place: usize| analysis.served[place].as_ref();
        assert_eq!(
            certificate(pair[0]).map(|certificate| &certificate.issuer),
            certificate(pair[1]).map(|certificate| &certificate.subject)
        );
    }
}

fn shown(reason: &Reason) {
    match reason {
        Reason::NameNotAllowed { breach, .. } => {
            shows(&breach.name);
            shows(&breach.rule);
        }
        Reason::UnknownCriticalExtension { oids: texts } | Reason::WrongExtendedUsage { permits: texts, .. } => {
            shows(&texts.join(", "));
        }
        Reason::WeakKey { key: text } | Reason::WeakSignature { algorithm: text } => shows(text),
        Reason::SignatureUnchecked { algorithm } => shows(algorithm),
        _ => {}
    }
}

/// It is short, and does nothing to a terminal.
fn shows(text: &str) {
    assert!(text.len() <= LONGEST, "{} bytes", text.len());
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

/// Cuts `data` where its outermost DER elements end; what is no element is the last piece.
fn split(mut data: &[u8]) -> Vec<Der> {
    let mut pieces = Vec::new();
    while !data.is_empty() {
        let (piece, rest) = data.split_at(element(data).unwrap_or(data.len()));
        pieces.push(Der(piece.to_vec()));
        data = rest;
    }
    pieces
}

/// How long the element at the beginning of `data` is.
fn element(data: &[u8]) -> Option<usize> {
    let (header, length) = match *data.get(1)? {
        short @ 0..=0x7f => (2, usize::from(short)),
        0x81 => (3, usize::from(*data.get(2)?)),
        0x82 => (4, usize::from(*data.get(2)?) << 8 | usize::from(*data.get(3)?)),
        _ => return None,
    };
    Some(header + length).filter(|end| *end <= data.len())
}
