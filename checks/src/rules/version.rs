//! Whether the two sides' versions can talk, can use the model, and are the same at every address.

use super::Context;
use crate::catalogue::version::{VERSION_API_KEY_MODEL_TOO_OLD, VERSION_NODES_MIXED, VERSION_TRANSPORT_INCOMPATIBLE};
use crate::classify::listener::{self, Listener};
use crate::model::evidence::{AddressEvidence, LinkEvidence};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;
use crate::model::text::{list, safe};
use crate::version::{Compatibility, ReleaseRange, ReleaseVersion, TransportVersionId, compatible_releases, releases};

/// The first release with the API-key model, as a beta.
const KEY_MODEL: (u16, u16, u16) = (8, 10, 0);
/// The first in which it is generally available, which every page of the documentation asks for.
const KEY_MODEL_GENERAL: (u16, u16, u16) = (8, 14, 0);

/// What a node said of its release.
struct Told {
    /// The release, or the oldest it can be.
    release: ReleaseVersion,
    shown: String,
    id: Option<TransportVersionId>,
    /// In its own words.
    named: bool,
}

/// The pair of releases, where both are known.
pub(super) fn pair(context: &Context<'_>) -> Vec<Finding> {
    let (Some(remote), Some(local_release)) = (told(&context.listener), local(context)) else { return Vec::new() };
    let Compatibility::TooFarApart { older, newer, minimum } = compatible_releases(&local_release, &remote.release)
    else {
        return Vec::new();
    };
    let Some(local) = context.link.releases.local.as_ref() else { return Vec::new() };
    let (place, shown) = (context.place(), remote.shown);
    let local_shown = safe(&local.value, 40);
    vec![
        Finding::new(
            &VERSION_TRANSPORT_INCOMPATIBLE,
            format!("{place} {shown}"),
            format!("the local cluster ({local_shown}) and the remote ({shown}) are too far apart to connect"),
        )
        .keyed(format!("{local_shown} {shown}"))
        .detail(format!(
            "{newer} talks to {}.{} and later, and {older} is older. The handshake is refused, and only the newer side's log says so.",
            minimum.major, minimum.minor
        ))
        .at_most(if local.source.is_firm() { Certainty::Certain } else { Certainty::Likely })
        .fix(format!("upgrade the {} cluster to {}.{} or later, or link to a cluster of its own line",
            if local_release.numbers() < remote.release.numbers() { "local" } else { "remote" }, minimum.major, minimum.minor))
        .observed(format!("transport version id of {place}: {}", remote.id.map_or_else(|| "not told".to_owned(), |v| v.id().to_string())))
        .at(place),
    ]
}

/// The remote's release at this address, for a link with an API key.
pub(super) fn key_model(context: &Context<'_>) -> Vec<Finding> {
    let Some(remote) = told(&context.listener) else { return Vec::new() };
    if context.model() != Some(Model::ApiKey) {
        return Vec::new();
    }
    let certainty = if context.firm_model().is_some() { Certainty::Certain } else { Certainty::Likely };
    let place = context.place();
    let finding = too_old("remote", &remote.release, &remote.shown, &format!("{place} {}", remote.shown));
    finding.map(|finding| finding.at_most(certainty).at(place)).into_iter().collect()
}

/// The local cluster's release, for a link with an API key.
pub(super) fn local_key_model(evidence: &LinkEvidence) -> Vec<Finding> {
    let link = &evidence.link;
    let (Some(local), Some(model)) = (&link.releases.local, link.model) else { return Vec::new() };
    let Ok(release) = local.value.parse::<ReleaseVersion>() else { return Vec::new() };
    if model.value != Model::ApiKey {
        return Vec::new();
    }
    let firm = local.source.is_firm() && model.source.is_firm();
    let finding = too_old("local", &release, &safe(&local.value, 40), &link.alias);
    finding.map(|f| f.at_most(if firm { Certainty::Certain } else { Certainty::Likely })).into_iter().collect()
}

/// Different releases at the addresses of one link.
pub(super) fn mixed(evidence: &LinkEvidence) -> Vec<Finding> {
    let seen = |address: &AddressEvidence| {
        let told = told(&listener::judge(address.main()?))?;
        Some((address.address.to_string(), told))
    };
    let seen: Vec<(String, Told)> = evidence.addresses.iter().filter_map(seen).collect();
    // One that named itself and one of which only an id is known are compared by id.
    let differ = |a: &Told, b: &Told| if a.named == b.named { a.shown != b.shown } else { a.id != b.id };
    let Some((_, first)) = seen.first() else { return Vec::new() };
    if !seen.iter().any(|(_, other)| differ(first, other)) {
        return Vec::new();
    }
    let target = evidence.link.targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut shown: Vec<String> = seen.iter().map(|(_, told)| told.shown.clone()).collect();
    shown.sort();
    shown.dedup();
    let matters = matters(evidence, &seen);
    let finding = Finding::new(
        &VERSION_NODES_MIXED,
        &target,
        format!("the addresses of {target} answer with different releases: {}", list(&shown)),
    )
    .severity(if matters.is_some() { Severity::Warning } else { Severity::Info })
    .detail(matters.unwrap_or(
        "Usual while a cluster is being upgraded: Elasticsearch talks to each of these. If no upgrade is under way, the addresses may \
         belong to different clusters.",
    ))
    .fix("on the remote finish the upgrade, or correct proxy_address or seeds if the addresses belong to different clusters");
    let mut finding =
        seen.iter().fold(finding, |finding, (address, told)| finding.observed(format!("{address}: {}", told.shown)));
    finding.addresses = seen.into_iter().map(|(address, _)| address).collect();
    finding.addresses.sort();
    vec![finding]
}

/// Why it matters that releases are mixed, where it does.
fn matters(evidence: &LinkEvidence, seen: &[(String, Told)]) -> Option<&'static str> {
    let link = &evidence.link;
    let old = |told: &Told| told.release.numbers() < KEY_MODEL;
    if link.model() == Some(Model::ApiKey) && seen.iter().any(|(_, told)| old(told)) {
        return Some("While one node is before 8.10, every node of that cluster refuses requests with an API key.");
    }
    let local = link.releases.local.as_ref()?.value.parse::<ReleaseVersion>().ok()?;
    let fits = |told: &Told| !matches!(compatible_releases(&local, &told.release), Compatibility::TooFarApart { .. });
    let fitting = seen.iter().filter(|(_, told)| fits(told)).count();
    (fitting > 0 && fitting < seen.len())
        .then_some("The local cluster can talk to some of these releases only, so the link works or fails by chance.")
}

fn too_old(side: &str, release: &ReleaseVersion, shown: &str, subject: &str) -> Option<Finding> {
    let numbers = release.numbers();
    let (severity, title, detail) = match numbers {
        _ if numbers >= KEY_MODEL_GENERAL => return None,
        _ if numbers >= KEY_MODEL => (
            Severity::Warning,
            format!("the {side} cluster ({shown}) has the API-key model as a beta only"),
            "The model is generally available since 8.14, and the documentation asks for that on both clusters. Releases before 8.13 \
             have the vulnerability CVE-2024-23451 in it.",
        ),
        _ => (
            Severity::Error,
            format!("the {side} cluster ({shown}) is too old for the API-key model"),
            "API keys for remote clusters exist since 8.10, and both clusters need them. An older local cluster cannot send a key, and an \
             older remote is refused by the local cluster before any key is sent.",
        ),
    };
    let finding = Finding::new(&VERSION_API_KEY_MODEL_TOO_OLD, subject, title)
        .severity(severity)
        .keyed(format!("{side} {shown}"))
        .detail(detail)
        .fix(format!("upgrade every node of the {side} cluster to 8.14 or later"));
    Some(match severity {
        Severity::Error => {
            finding.fix("or use the certificate model: on the local cluster set the alias to port 9300 or 9400, without credentials")
        }
        _ => finding,
    })
}

fn told(listener: &Listener) -> Option<Told> {
    let Listener::Transport { version, release, .. } = listener else { return None };
    let id = *version;
    if let Some(named) = release.as_ref().and_then(|text| text.parse::<ReleaseVersion>().ok()) {
        return Some(Told { shown: named.to_string(), release: named, id, named: true });
    }
    let range = releases(id?);
    let release = match &range {
        ReleaseRange::Exactly(release) | ReleaseRange::Between(release, _) => release.clone(),
        ReleaseRange::Line { major, minor } | ReleaseRange::Since { major, minor } => {
            ReleaseVersion::new(*major, *minor, 0)
        }
        ReleaseRange::OpenSearch(_) | ReleaseRange::Unreleased => return None,
    };
    Some(Told { release, shown: range.to_string(), id, named: false })
}

fn local(context: &Context<'_>) -> Option<ReleaseVersion> {
    context.link.releases.local.as_ref()?.value.parse().ok()
}
