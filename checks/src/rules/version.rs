//! Whether the two sides' versions can talk at all.

use super::Context;
use crate::catalogue::version::VERSION_TRANSPORT_INCOMPATIBLE;
use crate::classify::listener::Listener;
use crate::model::finding::{Certainty, Finding};
use crate::model::text::safe;
use crate::version::{Compatibility, ReleaseRange, ReleaseVersion, compatible_releases, releases};

/// The pair of releases, where both are known.
pub(super) fn pair(context: &Context<'_>) -> Vec<Finding> {
    let Listener::Transport { version, release, .. } = &context.listener else { return Vec::new() };
    let Some(local) = context.link.releases.local.as_ref() else { return Vec::new() };
    let Ok(local_release) = local.value.parse::<ReleaseVersion>() else { return Vec::new() };
    let told = release.as_ref().and_then(|text| text.parse::<ReleaseVersion>().ok());
    let range = version.map(releases);
    let (remote, shown) = match (told, &range) {
        (Some(release), _) => (release.clone(), release.to_string()),
        (None, Some(ReleaseRange::Exactly(release))) => (release.clone(), release.to_string()),
        (None, Some(range @ ReleaseRange::Between(first, _))) => (first.clone(), range.to_string()),
        (None, Some(range @ (ReleaseRange::Line { major, minor } | ReleaseRange::Since { major, minor }))) => {
            (ReleaseVersion::new(*major, *minor, 0), range.to_string())
        }
        _ => return Vec::new(),
    };
    let Compatibility::TooFarApart { older, newer, minimum } = compatible_releases(&local_release, &remote) else {
        return Vec::new();
    };
    let place = context.place();
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
            if local_release.numbers() < remote.numbers() { "local" } else { "remote" }, minimum.major, minimum.minor))
        .observed(format!("transport version id of {place}: {}", version.map_or_else(|| "not told".to_owned(), |v| v.id().to_string())))
        .at(place),
    ]
}
