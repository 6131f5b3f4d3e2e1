// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! The output of `cargo oldstable workflow` conforms to the schemas that the services publish.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jsonschema::Validator;
use serde_json::{json, Value};

#[test]
fn the_jobs_for_github_fit_its_schema() {
    let schema = schema("github-workflow.json");
    let mut jobs = written("github", ".github/workflows/oldstable.yml");
    assert_eq!(faults(&schema, &jobs), "");
    assert_eq!(jobs["jobs"]["cell"]["strategy"]["matrix"]["cell"], json!(["bookworm", "1.70", "cross-built"]));
    assert_eq!(
        commands(&jobs["jobs"]["cell"]["steps"])[1..],
        [
            "cargo oldstable --version || cargo install --locked --git https://git.example/oldstable",
            "cargo oldstable setup --cell ${{ matrix.cell }}",
            "cargo oldstable matrix --keep-going --cell ${{ matrix.cell }}",
        ]
    );
    assert_eq!(
        commands(&jobs["jobs"]["locks"]["steps"]),
        [
            "cargo oldstable --version || cargo install --locked --git https://git.example/oldstable",
            "cargo oldstable setup",
            "cargo oldstable lock --check",
        ]
    );
    assert_eq!(jobs["permissions"], json!({ "contents": "read" }));
    assert_eq!(jobs["jobs"]["cell"]["steps"][2]["uses"], json!("actions/cache@v4"));
    jobs["jobs"]["cell"]["runs-on"] = json!(7);
    assert_ne!(faults(&schema, &jobs), "", "the schema takes everything");
}

#[test]
fn the_jobs_for_gitlab_fit_its_schema() {
    let schema = schema("gitlab-ci.json");
    let mut jobs = written("gitlab", ".gitlab/oldstable.yml");
    assert_eq!(faults(&schema, &jobs), "");
    assert_eq!(jobs["oldstable"]["parallel"]["matrix"][0]["CELL"], json!(["bookworm", "1.70", "cross-built"]));
    let checks = &jobs["oldstable-locks"]["script"];
    assert_eq!(checks[2], json!("cargo oldstable lock --check"));
    jobs["oldstable"]["artifacts"]["when"] = json!("sometimes");
    assert_ne!(faults(&schema, &jobs), "", "the schema takes everything");
}

/// Returns the commands of a job's steps.
fn commands(steps: &Value) -> Vec<&str> {
    let steps = steps.as_array().expect("a list of steps");
    steps.iter().filter_map(|step| step["run"].as_str()).collect()
}

fn schema(name: &str) -> Validator {
    let text = fs::read(own(&format!("schemas/{name}"))).expect("the schema");
    let schema: Value = serde_json::from_slice(&text).expect("a schema in JSON");
    jsonschema::validator_for(&schema).expect("a sound schema")
}

fn faults(schema: &Validator, jobs: &Value) -> String {
    schema.iter_errors(jobs).map(|fault| format!("{}: {fault}\n", fault.instance_path())).collect()
}

/// Has the tool write the jobs of a project whose emulated cell they leave out, and reads them.
fn written(service: &str, file: &str) -> Value {
    let project = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, text: &str| fs::write(project.path().join(name), text).expect("a file");
    for folder in ["src", "ci/locks"] {
        fs::create_dir_all(project.path().join(folder)).expect("a folder");
    }
    put("ci/locks/bookworm.lock", "version = 3\n");
    put("src/lib.rs", "");
    put("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2018\"\n");
    put(
        "msrv.toml",
        "floor = \"1.48.0\"\ninstall = \"--git https://git.example/oldstable\"\n[[cell]]\nname = \"bookworm\"\nsuite = \"bookworm\"\npackages = [\"rustc\", \"cargo\"]\n\
         [[cell]]\nname = \"1.70\"\nrustup = \"1.70\"\n\
         [[cell]]\nname = \"emulated\"\nsuite = \"bookworm\"\narch = \"s390x\"\npackages = [\"rustc\", \"cargo\"]\n\
         [[cell]]\nname = \"cross-built\"\nsuite = \"bookworm\"\narch = \"s390x\"\ncross = true\npackages = [\"rustc\", \"cargo\"]\n",
    );
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--manifest-path"])
        .arg(own("../../ci/Cargo.toml"))
        .args(["--", "workflow", service])
        .current_dir(project.path())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(project.path().join(file)).expect("what the tool has written");
    serde_saphyr::from_str(&text).expect("YAML")
}

fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
