//! A Redis of the test's own.

use std::{
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

/// Ends with the test.
pub(crate) struct Redis {
    child: Child,
    host: Ipv4Addr,
}

impl Redis {
    pub(crate) fn start() -> Self {
        // An address of this machine that nobody else uses, so that any port is free.
        let [one, two, ..] = RandomState::new().hash_one(0_u8).to_le_bytes();
        let host = Ipv4Addr::new(127, 1, one, two.clamp(1, 254));
        // It ends with the thread of the test, also where that is killed.
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--", "redis-server"])
            .args(["--bind", &host.to_string(), "--save", ""])
            .stdout(Stdio::null())
            .spawn()
            .expect("`redis-server` is installed");
        let redis = Self { child, host };
        while TcpStream::connect((host, 6379)).is_err() {
            sleep(Duration::from_millis(20));
        }
        redis
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.host)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Either may fail because it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
