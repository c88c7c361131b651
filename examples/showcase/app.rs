//! The application, as the server and its tests share it.

use axum::{Router, extract::FromRef, routing::post};
use chanx::{ChannelLayer, ChannelOptions, Channels, Control, Info};

use crate::{
    analytics::Analytics,
    chat::Chat,
    events,
    jobs::{BackgroundJobs, JobQueue, Worker},
    notifications::Notifications,
    page,
    reliable::ReliableChat,
    room::RoomChat,
    system::System,
    topics::{self, TopicHub},
};

#[derive(Debug, Clone, FromRef)]
struct AppState {
    layer: ChannelLayer,
    jobs: JobQueue,
}

/// The application: its router, and what outlives it.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) control: Control,
    pub(crate) worker: Worker,
}

impl App {
    /// Puts it together, and starts its worker.
    pub(crate) fn new(layer: ChannelLayer, options: ChannelOptions) -> Self {
        let (jobs, worker) = Worker::start(&layer);
        let channels = channels(layer.clone()).options(options);
        let control = channels.control();
        let router = page::router()
            .route("/events/{channel}", post(events::post))
            .route("/topics/{topic}", post(topics::post))
            .merge(channels)
            .with_state(AppState { layer, jobs });
        Self {
            router,
            control,
            worker,
        }
    }
}

fn channels(layer: ChannelLayer) -> Channels<AppState> {
    Channels::new(layer)
        .route::<System>("/ws/system")
        .route::<Chat>("/ws/chat")
        .route::<ReliableChat>("/ws/reliable")
        .route::<Notifications>("/ws/notifications")
        .route::<Analytics>("/ws/analytics")
        .route::<RoomChat>("/ws/room/{room_name}")
        .route::<BackgroundJobs>("/ws/background_jobs")
        .route::<TopicHub>("/ws/topics")
        .topic_route::<TopicHub>("/ws/topics/room/{room_name}", "room:{room_name}")
        .asyncapi(info())
}

fn info() -> Info {
    Info::new("chanx showcase", env!("CARGO_PKG_VERSION"))
        .description("Eight channels in one application, each showing one idea.")
}
