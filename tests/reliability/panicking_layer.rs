//! A layer with a mistake costs its connections, and is told.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use axum::Router;
use chanx::{
    ChannelLayer, Channels, Consumer, GroupName, Layer, LayerError, MemoryLayer, Receipt, channel,
    layer::{Attachment, LayerStats, Publication},
};
use chanx_core::Member;
use chanx_testing::Communicator;

/// Panics where it is told to.
#[derive(Default)]
struct Broken {
    inner: MemoryLayer,
    in_attach: bool,
    in_join: bool,
    in_detach: bool,
    detached: Arc<AtomicBool>,
}

/// Notes that a connection has left, and panics over it.
struct Detach {
    _inner: Attachment,
    panics: bool,
    detached: Arc<AtomicBool>,
}

impl Drop for Detach {
    fn drop(&mut self) {
        self.detached.store(true, Ordering::Relaxed);
        assert!(!self.panics, "the layer is broken");
    }
}

#[async_trait]
impl ChannelLayer for Broken {
    fn attach(&self, member: Member) -> Attachment {
        assert!(!self.in_attach, "the layer is broken");
        Attachment::new(Detach {
            _inner: self.inner.attach(member),
            panics: self.in_detach,
            detached: self.detached.clone(),
        })
    }

    async fn join(&self, member: &Member, group: &GroupName) -> Result<(), LayerError> {
        assert!(!self.in_join, "the layer is broken");
        self.inner.join(member, group).await
    }

    async fn leave(&self, member: &Member, group: &GroupName) -> Result<(), LayerError> {
        self.inner.leave(member, group).await
    }

    async fn publish(&self, publication: Publication) -> Result<Receipt, LayerError> {
        self.inner.publish(publication).await
    }

    fn stats(&self) -> LayerStats {
        self.inner.stats()
    }
}

#[derive(Debug, Default, Consumer)]
struct Guest;

#[channel(name = "member", groups = ["everyone"])]
impl Guest {}

async fn close_code(layer: Broken) -> u16 {
    let channels: Channels = Channels::new(Layer::from(layer)).route::<Guest>("/");
    let control = channels.control();
    let app = Router::from(channels);
    let mut client = Communicator::<Guest>::connect(&app, "/").await;
    let code = client.closed().await.code;
    control.shutdown().await;
    assert_eq!(control.stats().connections(), 0);
    code
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_in_attach_ends_the_connection_with_1011() {
    let in_attach = true;

    assert_eq!(
        close_code(Broken {
            in_attach,
            ..Broken::default()
        })
        .await,
        1011
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_in_join_ends_the_connection_with_1011() {
    let in_join = true;

    assert_eq!(
        close_code(Broken {
            in_join,
            ..Broken::default()
        })
        .await,
        1011
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_as_a_connection_leaves_costs_nothing_else() {
    let broken = Broken {
        in_detach: true,
        ..Broken::default()
    };
    let detached = broken.detached.clone();
    let channels: Channels = Channels::new(Layer::from(broken)).route::<Guest>("/");
    let control = channels.control();
    let app = Router::from(channels);

    Communicator::<Guest>::connect(&app, "/")
        .await
        .close(1000)
        .await;
    control.shutdown().await;

    assert!(detached.load(Ordering::Relaxed));
    assert_eq!(control.stats().connections(), 0);
}
