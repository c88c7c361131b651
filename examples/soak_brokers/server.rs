//! The broker's server.

use std::{
    error::Error,
    net::{Ipv4Addr, TcpStream},
    process::{Child, Command, Stdio, id},
    thread::sleep,
    time::Duration,
};

/// A server in a process of its own, which ends with this.
pub(crate) struct Server {
    kind: Kind,
    host: Ipv4Addr,
    child: Child,
}

#[derive(Clone, Copy)]
enum Kind {
    Redis,
    Nats,
}

impl Kind {
    fn port(self) -> u16 {
        match self {
            Self::Redis => 6379,
            Self::Nats => 4222,
        }
    }

    fn spawn(self, host: Ipv4Addr) -> Result<Child, Box<dyn Error>> {
        let host = host.to_string();
        // It ends with this process, also where that is killed.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]);
        match self {
            Self::Redis => command.args(["redis-server", "--bind", &host, "--save", ""]),
            Self::Nats => command.args(["nats-server", "--addr", &host]),
        };
        Ok(command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?)
    }
}

impl Server {
    pub(crate) fn start(kind: &str) -> Result<Self, Box<dyn Error>> {
        let kind = match kind {
            "redis" => Kind::Redis,
            "nats" => Kind::Nats,
            _ => return Err("there are `redis` and `nats`".into()),
        };
        // An address of this machine that nobody else uses, so that any port is free.
        let [.., high, low] = id().to_be_bytes();
        let host = Ipv4Addr::new(127, 2, high, low.clamp(1, 254));
        let child = kind.spawn(host)?;
        let server = Self { kind, host, child };
        server.wait();
        Ok(server)
    }

    pub(crate) fn url(&self) -> String {
        let scheme = match self.kind {
            Kind::Redis => "redis",
            Kind::Nats => "nats",
        };
        format!("{scheme}://{}", self.host)
    }

    pub(crate) fn kill(&mut self) -> Result<(), Box<dyn Error>> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    pub(crate) fn start_again(&mut self) -> Result<(), Box<dyn Error>> {
        self.child = self.kind.spawn(self.host)?;
        self.wait();
        Ok(())
    }

    fn wait(&self) {
        while TcpStream::connect((self.host, self.kind.port())).is_err() {
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either may fail because it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
