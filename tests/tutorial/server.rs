//! The server that a reader starts.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::crates::Crate;

/// A server on a free port, which does not outlive its test.
pub(crate) struct Server {
    child: Child,
    /// Where it says that it listens: `http://127.0.0.1:…`.
    address: String,
    /// Held open: a program that prints into a closed pipe dies of it.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) fn start(typed: &Crate) -> Self {
        let mut child = Command::new(typed.program())
            .env("PORT", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a program that has been built");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("text");
        let address = line.trim_end().strip_prefix("listening on http://");
        let address = address.expect("the program tells its address").to_owned();
        Self {
            child,
            address,
            _stdout: stdout,
        }
    }

    /// The page's text, with the address of this server.
    pub(crate) fn here(&self, said: &str) -> String {
        said.replace("127.0.0.1:3000", &self.address)
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either may fail because the program has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The output of a command.
pub(crate) async fn shell(command: &str) -> String {
    let mut shell = tokio::process::Command::new("sh");
    let output = shell.args(["-c", command]).output().await;
    let printed = output.expect("there is a shell").stdout;
    String::from_utf8(printed).expect("text")
}
