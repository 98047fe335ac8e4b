//! One remote cluster, asked every ten minutes when the keys of its links end and what they may do.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::link::cluster_access::ClusterAccess;
use crate::run::remote::{Answers, Question, ask};

/// How long an answer holds.
const EVERY: Duration = Duration::from_secs(600);
/// When to ask again after a question without an answer.
const AGAIN: Duration = Duration::from_secs(60);
/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What a remote cluster tells the daemon.
#[derive(Debug)]
pub struct KeysReport {
    /// The cluster's name in the configuration.
    pub cluster: String,
    /// What it says of each key, or why it says nothing.
    pub answers: Answers,
    /// Which generation of sources it belongs to.
    pub generation: u64,
}

/// Asks the cluster behind `access` its `questions`, and tells `reports` each time, until nobody listens.
pub async fn watch(
    access: ClusterAccess,
    questions: BTreeSet<Question>,
    generation: u64,
    reports: mpsc::Sender<KeysReport>,
) {
    loop {
        let answers = ask(questions.clone(), std::slice::from_ref(&access), TIMEOUT).await;
        let again = if answers.values().all(|shown| shown.key.is_ok()) { EVERY } else { AGAIN };
        if reports.send(KeysReport { cluster: access.name.clone(), answers, generation }).await.is_err() {
            return;
        }
        sleep(again).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::read::Credentials;
    use crate::read::test_server::{Answer, TestServer};
    use farlink_checks::model::link::Trust;
    use tokio::time::Instant;

    /// How long after the first question the second one comes, in seconds, where this is answered.
    async fn pause(answer: Answer) -> u64 {
        let server = TestServer::start(vec![("/_security/api_key?id=a", answer)]).await;
        let (credentials, trust) = (Credentials::None, Trust::Unknown);
        let access = ClusterAccess { name: "eu".into(), url: server.url().parse().unwrap(), credentials, trust };
        let (sender, mut reports) = mpsc::channel(1);
        let questions = BTreeSet::from([("eu".to_owned(), "a".to_owned())]);
        let watching = tokio::spawn(watch(access, questions, 7, sender));
        let first = reports.recv().await.unwrap();
        assert_eq!((first.generation, first.answers.len()), (7, 1));
        tokio::time::pause();
        let asked = Instant::now();
        reports.recv().await.unwrap();
        watching.abort();
        let elapsed = asked.elapsed().as_secs();
        tokio::time::resume();
        elapsed
    }

    #[tokio::test]
    async fn an_answer_holds_for_ten_minutes_and_a_failure_for_one() {
        let (held, failed) = (pause(Answer::json(r#"{"api_keys":[]}"#)).await, pause(Answer::json("[]")).await);
        // While a request is under way the paused clock may run ahead, up to its timeout.
        assert!((600..=620).contains(&held) && (60..=80).contains(&failed), "{held} {failed}");
    }
}
