//! The crate that a reader types in.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::page::{File, repository};

/// A crate in a folder of its own: within the repository, cargo would take it
/// for a member of the workspace.
///
/// All crates share what cargo builds, so that dependencies are compiled once.
/// They take turns, because they have one name and leave one program.
pub(crate) struct Crate {
    folder: TempDir,
    program: PathBuf,
    _turn: fs::File,
}

impl Crate {
    /// Later files replace earlier ones.
    pub(crate) fn write<'a>(files: impl Iterator<Item = &'a File>) -> Self {
        let typed = Self {
            _turn: turn(),
            folder: TempDir::new().expect("a folder for a crate"),
            program: build_folder().join("debug/chat"),
        };
        for file in files {
            let path = typed.folder.path().join(&file.path);
            fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder");
            fs::write(path, on_this_machine(file)).expect("a file");
        }
        // The versions that are here already.
        let lock = repository().join("Cargo.lock");
        fs::copy(lock, typed.folder.path().join("Cargo.lock")).expect("a lock file");
        typed
    }

    /// Runs cargo, which has to succeed, and gives what it prints.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> String {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", build_folder())
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("RUSTFLAGS", "-D warnings")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .stdin(Stdio::null())
            .output()
            .expect("cargo can be run");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "`cargo {}`\n{printed}{told}",
            arguments.join(" "),
        );
        printed
    }

    /// The program that has been built.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }
}

/// A file as it is written here, where the clone is this repository.
fn on_this_machine(File { path, text }: &File) -> String {
    match path.as_str() {
        "Cargo.toml" => text.replace("\"../chanx", &format!("\"{}", repository().display())),
        _ => text.clone(),
    }
}

/// Beside what is built of the workspace.
fn build_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tutorial")
}

/// Held by one test at a time, in whichever process.
fn turn() -> fs::File {
    fs::create_dir_all(build_folder()).expect("a folder for what is built");
    let turn = fs::File::create(build_folder().join("turn")).expect("a file to lock");
    turn.lock().expect("files can be locked");
    turn
}
