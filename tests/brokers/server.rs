//! A broker in a process of its own, which ends with its test.

use std::{
    ffi::OsStr,
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::Duration,
};

use chanx::layer::Broker;
use chanx_nats::NatsBroker;
use chanx_redis::RedisBroker;
use chanx_testing::broker::Fixture;
use tempfile::TempDir;
use tokio::{net::TcpStream, time::sleep};

/// The kind of broker.
pub(crate) trait Kind: Sized + Send + Sync + 'static {
    type Broker: Broker;
    const PORT: u16;
    /// The variable by which programs are told where it is.
    const VARIABLE: &str;
    /// True if it tells how many have got something.
    const COUNTS_NODES: bool;
    /// The largest message that it takes; `None` where that is more than any test sends.
    const LARGEST: Option<usize>;

    /// The server, listening at an address, keeping its files in a folder, and
    /// set up by the file `config` in that.
    fn command(at: SocketAddr, folder: &Path) -> Command;

    fn broker(at: SocketAddr) -> Self::Broker;

    fn url(at: SocketAddr) -> String;
}

pub(crate) struct Redis;

impl Kind for Redis {
    type Broker = RedisBroker;
    const PORT: u16 = 6379;
    const VARIABLE: &str = "REDIS_URL";
    const COUNTS_NODES: bool = true;
    const LARGEST: Option<usize> = None;

    fn command(at: SocketAddr, folder: &Path) -> Command {
        let mut command = mortal("redis-server");
        command
            .arg(folder.join("config"))
            .args(["--bind", &at.ip().to_string()])
            .args(["--port", &at.port().to_string()])
            .args(["--save", "", "--loglevel", "warning"])
            .arg("--dir")
            .arg(folder);
        command
    }

    fn broker(at: SocketAddr) -> RedisBroker {
        RedisBroker::new(Self::url(at))
    }

    fn url(at: SocketAddr) -> String {
        format!("redis://{at}")
    }
}

pub(crate) struct Nats;

impl Kind for Nats {
    type Broker = NatsBroker;
    const PORT: u16 = 4222;
    const VARIABLE: &str = "NATS_URL";
    const COUNTS_NODES: bool = false;
    const LARGEST: Option<usize> = Some(1024 * 1024);

    fn command(at: SocketAddr, folder: &Path) -> Command {
        let mut command = mortal("nats-server");
        command
            .arg("--config")
            .arg(folder.join("config"))
            .args(["--addr", &at.ip().to_string()])
            .args(["--port", &at.port().to_string()])
            .arg("--log")
            .arg(folder.join("log"));
        command
    }

    fn broker(at: SocketAddr) -> NatsBroker {
        NatsBroker::new(Self::url(at))
    }

    fn url(at: SocketAddr) -> String {
        format!("nats://{at}")
    }
}

/// A program that ends with the thread which has started it, so that a test that is killed
/// leaves no server behind.
pub(crate) fn mortal(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// A server, running or not.
pub(crate) struct Server<K> {
    at: SocketAddr,
    folder: TempDir,
    process: Mutex<Option<Child>>,
    kind: std::marker::PhantomData<K>,
}

impl<K: Kind> Server<K> {
    pub(crate) async fn start() -> Self {
        Self::start_with("").await
    }

    /// Set up by a text in the server's own form.
    pub(crate) async fn start_with(config: &str) -> Self {
        let at = SocketAddr::from((somewhere(), K::PORT));
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("config"), config).unwrap();
        Self::start_at(at, folder).await
    }

    /// Sets it up anew, for when it reads its file again.
    pub(crate) fn configure(&self, config: &str) {
        std::fs::write(self.folder.path().join("config"), config).unwrap();
    }

    /// With what lies in a folder.
    pub(crate) async fn start_at(at: SocketAddr, folder: TempDir) -> Self {
        let server = Self {
            at,
            folder,
            process: Mutex::default(),
            kind: std::marker::PhantomData,
        };
        server.start_again().await;
        server
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.at
    }

    pub(crate) fn broker(&self) -> K::Broker {
        K::broker(self.at)
    }

    /// The variable that tells a program where it is.
    pub(crate) fn variable(&self) -> (&'static str, String) {
        (K::VARIABLE, K::url(self.at))
    }

    /// Starts it at the address it had, unless it runs.
    pub(crate) async fn start_again(&self) {
        if self.process.lock().unwrap().is_some() {
            return;
        }
        let mut command = K::command(self.at, self.folder.path());
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server is installed");
        *self.process.lock().unwrap() = Some(process);
        for _ in 0..500 {
            if TcpStream::connect(self.at).await.is_ok() {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("nobody listens at {}", self.at);
    }

    /// As a crash does.
    pub(crate) fn kill(&self) {
        if let Some(mut process) = self.process.lock().unwrap().take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.process.lock().unwrap().as_ref().unwrap().id();
        let sent = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(id.to_string())
            .status();
        assert!(sent.unwrap().success(), "kill -{signal} {id}");
    }
}

impl<K> Drop for Server<K> {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.lock().unwrap().take() {
            // Nothing is left to do where it has ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl<K: Kind> Fixture for Server<K> {
    type Broker = K::Broker;

    async fn broker(&self) -> K::Broker {
        self.broker()
    }

    async fn cut(&self) {
        self.kill();
    }

    async fn mend(&self) {
        self.start_again().await;
    }

    fn largest(&self) -> Option<usize> {
        K::LARGEST
    }
}

/// One of the addresses of this machine that nobody else uses.
pub(crate) fn somewhere() -> Ipv4Addr {
    let chance = RandomState::new().hash_one(0_u8).to_le_bytes();
    Ipv4Addr::new(
        127,
        chance[0].clamp(1, 254),
        chance[1],
        chance[2].clamp(1, 254),
    )
}
