//! `farlink certs` over chains that do not change, as text and as JSON.

use std::process::Command;

use super::{assert_golden, folder};

#[test]
fn each_chain_is_shown_with_its_trouble_at_its_place() {
    for case in [
        "client-auth-only",
        "expired-leaf",
        "key-identifier",
        "missing-intermediate",
        "unrelated",
        "wildcard-in-the-middle",
    ] {
        let at = folder().join("certs").join(case);
        let name = std::fs::read_to_string(at.join("name")).unwrap();
        for format in ["text", "json"] {
            // Sources are shown as they are written, so they are written alike everywhere.
            let output = Command::new(env!("CARGO_BIN_EXE_farlink"))
                .current_dir(&at)
                .args(["certs", "chain.pem", "--ca-file=ca.pem", "--at=2026-03-01T12:00:00Z", "--format", format])
                .args(["--server-name", name.trim()])
                .output()
                .unwrap();
            assert_golden(&format!("certs/{case}/expected.{format}"), &String::from_utf8(output.stdout).unwrap());
        }
    }
}
