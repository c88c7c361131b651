//! The compiler and the Node of the tests, and folders to use them in.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use axum::body::{Body, to_bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::json;

/// The folder into which `scripts/node-tools` installs.
static TOOLS: LazyLock<PathBuf> = LazyLock::new(|| {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/node-tools");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(script)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "scripts/node-tools: {errors}");
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
});

/// A folder of one test, in which both find what they need.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty folder.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("typescript")
            .join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        // Node looks for modules in the folders above, and takes files for modules by this.
        fs::write(folder.join("package.json"), r#"{"type":"module"}"#).unwrap();
        std::os::unix::fs::symlink(TOOLS.join("node_modules"), folder.join("node_modules"))
            .unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Copies a file that lies beside the tests.
    pub(crate) fn copy(&self, name: &str) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/typescript")
            .join(name);
        let name = Path::new(name).file_name().unwrap();
        fs::copy(source, self.0.join(name)).unwrap();
    }

    /// Has these files and what they import checked as strictly as can be.
    #[track_caller]
    pub(crate) fn check(&self, files: &[&str], types: &[&str]) {
        self.compile(files, json!({ "noEmit": true, "types": types }));
    }

    /// Compiles files to a folder, with options besides the strict ones.
    #[track_caller]
    pub(crate) fn compile(&self, files: &[&str], options: serde_json::Value) {
        let mut config = json!({
            "compilerOptions": {
                "allowImportingTsExtensions": true,
                "erasableSyntaxOnly": true,
                "exactOptionalPropertyTypes": true,
                "isolatedModules": true,
                "lib": ["ES2022"],
                "module": "nodenext",
                "noFallthroughCasesInSwitch": true,
                "noImplicitOverride": true,
                "noImplicitReturns": true,
                "noPropertyAccessFromIndexSignature": true,
                "noUncheckedIndexedAccess": true,
                "strict": true,
                "target": "ES2022",
                "types": [],
                "verbatimModuleSyntax": true,
            },
            "files": files,
        });
        for (key, value) in options.as_object().unwrap() {
            config["compilerOptions"][key] = value.clone();
        }
        self.write("tsconfig.json", &config.to_string());
        let mut tsc = Command::new(tool("node"));
        tsc.arg(TOOLS.join("node_modules/.bin/tsc"));
        let output = tsc.arg("--project").arg(&self.0).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<_> = told.lines().take(60).collect();
        assert!(output.status.success(), "{}", lines.join("\n"));
    }

    /// Runs tests that are written for Node.
    #[track_caller]
    pub(crate) fn test(&self, file: &str, environment: &[(&str, &str)]) {
        let output = Command::new(tool("node"))
            .args([
                "--disable-warning=ExperimentalWarning",
                "--test",
                "--test-force-exit",
                "--test-reporter=spec",
            ])
            .arg(file)
            .current_dir(&self.0)
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}\n{errors}");
    }
}

/// One of the programs that clients run in.
pub(crate) fn tool(name: &str) -> PathBuf {
    let path = TOOLS.join("bin").join(name);
    assert!(path.exists(), "no {}", path.display());
    path
}

/// The text that a server has at an address.
pub(crate) async fn get(url: &str) -> String {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let answer = client.get(url.parse().unwrap()).await.unwrap();
    let body = to_bytes(Body::new(answer.into_body()), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}
