//! Programs that a test starts, and that do not outlive it.

use std::{
    env, io,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

/// A program that listens on a port of its own choice.
pub(crate) struct Process {
    child: Child,
    port: u16,
    /// Held open: a program that prints into a closed pipe dies of it.
    _stdout: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a program and waits for the line that tells its port, which
    /// stands behind `marker`.
    pub(crate) fn start(command: &mut Command, marker: &str) -> Self {
        let program = command.get_program().display().to_string();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("`{program}` does not start: {error}"));
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let port = port_behind(marker, &mut stdout)
            .unwrap_or_else(|| panic!("`{program}` ended without telling its port"));
        Self {
            child,
            port,
            _stdout: stdout,
        }
    }

    /// Starts an example of this package on `port`, or on a free one for 0.
    ///
    /// Cargo builds examples along with the tests, unless only one is asked for.
    pub(crate) fn example(name: &str, port: u16) -> Self {
        Self::example_with(name, port, &[])
    }

    /// Starts an example with more in its environment.
    pub(crate) fn example_with(name: &str, port: u16, environment: &[(&str, &str)]) -> Self {
        let path = build_folder().join("examples").join(name);
        let hint = "build it with `cargo build --examples`";
        assert!(path.exists(), "no {}: {hint}", path.display());
        let mut command = Command::new(path);
        command.env("PORT", port.to_string());
        command.envs(environment.iter().copied());
        Self::start(&mut command, "http://127.0.0.1:")
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Ends the program as a crash would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("the program was running");
        self.child.wait().expect("the program can be waited for");
    }

    /// Asks the program to end, as `systemd` or a container would.
    pub(crate) fn terminate(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(
            asked.is_ok_and(|status| status.success()),
            "kill -TERM {id}"
        );
        self.wait().expect("the program can be waited for")
    }

    /// Waits until the program has ended.
    pub(crate) fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Either may fail because the program has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The profile's folder of cargo's build folder: tests stand in its `deps`.
pub(crate) fn build_folder() -> PathBuf {
    let test = env::current_exe().expect("a test knows its own path");
    let folder = test.ancestors().nth(2);
    folder.expect("tests are built two folders deep").to_owned()
}

fn port_behind(marker: &str, output: &mut impl BufRead) -> Option<u16> {
    output.lines().map_while(Result::ok).find_map(|line| {
        let (_, behind) = line.split_once(marker)?;
        let digits = behind.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}
