use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-rest-layer`.
pub static ENTRY: Entry = Entry {
    id: "certificate-rest-layer",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "the certificate is that of another interface",
    meaning: "The names on the certificate are those that an Elasticsearch platform gives to \
              another interface than the one this link needs: the REST interface instead of a \
              remote cluster port, or the transport interface on port 9443.",
    how: "Subject, issuer and names were compared with the patterns that Elasticsearch, Elastic \
          Cloud and the Kubernetes operator use for each interface.",
    look_alikes: &[
        LookAlike { id: "config-rest-port", difference: "the port itself answers as a REST port" },
        LookAlike {
            id: "transport-wrong-port",
            difference: "the port itself shows that it belongs to the other security model",
        },
        LookAlike { id: "certificate-name-mismatch", difference: "the names differ for another reason" },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote use a certificate of its own for each interface: \
                     xpack.security.remote_cluster_server.ssl for 9443, \
                     xpack.security.transport.ssl for 9300",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "point the load balancer at the service <cluster>-es-remote-cluster, port \
                     9443, not at <cluster>-es-http",
        },
        Fix {
            platform: Platform::Any,
            change: "compare the port of the link: 9443 for API keys, 9300 or 9400 for \
                     certificates",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
