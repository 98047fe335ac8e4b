//! Asking the remote cluster of a link when the link's API key ends and what it may do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::evidence::{Read, ReadError, RemoteView};
use farlink_checks::model::link::KeyPresence;
use futures_util::stream::{self, StreamExt};

use crate::link::cluster_access::ClusterAccess;
use crate::link::inputs::Inputs;
use crate::read::Client;
use crate::read::api_key::{Shown, api_key};

use super::planned::Planned;

/// How many questions are asked at once.
const AT_ONCE: usize = 16;

/// One key of one remote cluster, which any number of links may have: the cluster's name among `clusters`,
/// and the key's id.
pub type Question = (String, String);

/// What the remote clusters said.
pub type Answers = BTreeMap<Question, Shown>;

/// What to ask for a link: nothing where its remote cluster is not named or no key was given.
pub fn question(inputs: &Inputs) -> Option<Question> {
    match (&inputs.remote, &inputs.link.api_key) {
        (Some(cluster), KeyPresence::Given { id, .. }) => Some((cluster.clone(), id.clone())),
        _ => None,
    }
}

/// Asks `clusters` every question once, several at the same time, each answer within `timeout`.
pub async fn ask(questions: BTreeSet<Question>, clusters: &[ClusterAccess], timeout: Duration) -> Answers {
    let named = |access: &&ClusterAccess| questions.iter().any(|(cluster, _)| *cluster == access.name);
    let clients: BTreeMap<&str, Arc<Read<Client>>> =
        clusters.iter().filter(named).map(|access| (access.name.as_str(), Arc::new(client(access, timeout)))).collect();
    let known =
        questions.iter().filter_map(|question| Some((clients.get(question.0.as_str())?.clone(), question.clone())));
    let known: Vec<(Arc<Read<Client>>, Question)> = known.collect();
    let asked = known.into_iter().map(|(client, question)| async move {
        let shown = match &*client {
            Ok(client) => api_key(client, &question.1).await,
            Err(error) => Shown { key: Err(error.clone()), own_keys_only: false },
        };
        (question, shown)
    });
    stream::iter(asked).buffer_unordered(AT_ONCE).collect().await
}

/// A client for `access`; that there can be none says as much as that it cannot be reached.
fn client(access: &ClusterAccess, timeout: Duration) -> Read<Client> {
    Client::new(access.url.as_str(), access.credentials.clone(), &access.trust, timeout)
        .map_err(|error| ReadError::Unreachable { error: error.to_string() })
}

/// Gives a link what its remote cluster says of its key, where it has been asked.
pub fn join(planned: &mut Planned, answers: &Answers) {
    let inputs = &planned.inputs;
    planned.remote = question(inputs).and_then(|question| {
        let Shown { key, own_keys_only } = answers.get(&question)?.clone();
        Some(RemoteView { cluster: question.0, key, own_keys_only, indices: inputs.indices.clone() })
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use farlink_checks::model::link::{Link, Mode, Trust};

    use super::*;
    use crate::read::Credentials;
    use crate::read::test_server::{Answer, TestServer};

    fn planned(remote: Option<&str>, id: Option<&str>) -> Planned {
        let mut link = Link::new("eu", Mode::Proxy, vec![]);
        if let Some(id) = id {
            link.api_key = KeyPresence::Given { id: id.into(), withheld: true };
        }
        let inputs = Inputs { remote: remote.map(str::to_owned), indices: Some("logs-*".into()), ..Inputs::new(link) };
        Planned::alone(inputs)
    }

    fn access(name: &str, url: &str) -> ClusterAccess {
        let (credentials, trust) = (Credentials::None, Trust::Unknown);
        ClusterAccess { name: name.into(), url: url.parse().unwrap(), credentials, trust }
    }

    #[tokio::test]
    async fn links_with_one_key_of_one_cluster_share_one_question_and_each_gets_its_own_answer() {
        let key = |id: &str| Answer::json(format!(r#"{{"api_keys":[{{"id":"{id}"}}]}}"#));
        let first =
            TestServer::start(vec![("/_security/api_key?id=a", key("a")), ("/_security/api_key?id=b", key("b"))]).await;
        let other = TestServer::start(vec![]).await;
        let clusters = [access("x", &first.url()), access("y", &other.url()), access("unused", "http://127.0.0.1:1")];
        let mut links = [
            planned(Some("x"), Some("a")),
            planned(Some("x"), Some("a")),
            planned(Some("x"), Some("b")),
            planned(Some("y"), Some("a")),
            planned(Some("x"), None),
            planned(None, Some("a")),
        ];
        let questions = links.iter().filter_map(|planned| question(&planned.inputs)).collect();
        let answers = ask(questions, &clusters, Duration::from_secs(5)).await;
        assert_eq!((first.paths().len(), other.paths().len()), (2, 1));
        links.iter_mut().for_each(|planned| join(planned, &answers));
        let views: Vec<Option<&RemoteView>> = links.iter().map(|planned| planned.remote.as_ref()).collect();
        assert!(views[..3].iter().all(|view| matches!(view.unwrap().key, Ok(Some(_)))), "{views:?}");
        assert!(matches!(views[3].unwrap().key, Err(ReadError::Status { status: 404, .. })), "{views:?}");
        assert_eq!((views[4], views[5]), (None, None));
        assert_eq!(views[0].unwrap().indices.as_deref(), Some("logs-*"));
    }
}
