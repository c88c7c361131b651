//! Connections that come and go.

use std::{io, rc::Rc, time::Instant};

use super::message::{self, ECHO};
use crate::{
    connection::Connection,
    meter::Meter,
    target::{Load, Measured, Target},
};

const PATH: &str = "/ws/echo";

pub(super) async fn run(target: &Target, at_once: u64) -> io::Result<Measured> {
    message::check(target.port, PATH, ECHO).await?;
    let meter = Rc::new(Meter::new()?);
    let mut load = Load::new();
    for _ in 0..at_once {
        load.spawn_local(come_and_go(target.port, Rc::clone(&meter)));
    }
    target.watch(&meter, load).await
}

async fn come_and_go(port: u16, meter: Rc<Meter>) -> io::Result<()> {
    loop {
        let began = Instant::now();
        Connection::open(port, PATH).await?.close().await?;
        meter.record(began.elapsed(), 1);
    }
}
