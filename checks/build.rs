//! Lists the catalogue: every `src/catalogue/<stage>/<id>.rs` becomes a module and a row of `ALL`.

#![allow(clippy::disallowed_methods, reason = "a build script is told by its environment")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let catalogue = root.join("src/catalogue");
    println!("cargo::rerun-if-changed={}", catalogue.display());
    let mut stages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for stage in names(&catalogue, true)? {
        println!("cargo::rerun-if-changed={}", catalogue.join(&stage).display());
        let entries = names(&catalogue.join(&stage), false)?;
        stages.insert(stage, entries);
    }
    let mut out = String::new();
    let mut all = String::new();
    for (stage, entries) in &stages {
        let _ = writeln!(out, "/// Entries of stage {stage}.\npub mod {stage} {{");
        for entry in entries {
            let path = catalogue.join(stage).join(format!("{entry}.rs"));
            let constant = entry.to_uppercase();
            let _ =
                writeln!(out, "    #[path = {path:?}]\n    mod {entry};\n    pub use {entry}::ENTRY as {constant};");
            let _ = writeln!(all, "    &{stage}::{constant},");
        }
        out.push_str("}\n");
    }
    let _ = write!(out, "/// Every entry, by stage and id.\npub static ALL: &[&Entry] = &[\n{all}];\n");
    let target = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(target.join("catalogue.rs"), out)
}

fn names(folder: &Path, folders: bool) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for item in fs::read_dir(folder)? {
        let item = item?;
        let name = item.file_name().to_string_lossy().into_owned();
        if item.file_type()?.is_dir() == folders && name != "mod.rs" {
            names.push(name.trim_end_matches(".rs").to_owned());
        }
    }
    names.sort();
    Ok(names)
}
