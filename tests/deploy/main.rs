//! What is under `deploy/` is right by the judgement of the tools that read it, and names nothing that farlink lacks.
//! `FARLINK_BLESS=1` writes what is generated. A missing promtool, amtool or systemd-analyze is a failure.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod dashboard;
mod kubernetes;
mod promql;
mod rules;
mod tools;

use std::path::{Path, PathBuf};

/// A path under `deploy/`.
fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(deploy(path)).unwrap_or_else(|error| panic!("deploy/{path}: {error}"))
}

/// The files of a folder under `deploy/`, as paths under `deploy/`, in order.
fn files(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(deploy(folder))
        .unwrap()
        .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "deploy/{folder} is empty");
    names
}

/// Compares a generated file with what is there, or writes it.
fn is_current(path: &str, wanted: &str) {
    if std::env::var_os("FARLINK_BLESS").is_some() {
        std::fs::write(deploy(path), wanted).unwrap();
    }
    let found = std::fs::read_to_string(deploy(path)).unwrap_or_default();
    assert!(found == wanted, "deploy/{path} is stale: FARLINK_BLESS=1 cargo test --test deploy");
}
