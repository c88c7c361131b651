//! One document in its formats, and for each host that it is asked from.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{FromRequestParts, NestedPath},
    response::Response,
};
use chanx_asyncapi::{Document, Entries, Server};
use http::request::Parts;
use parking_lot::Mutex;
use tracing::warn;

use super::served::Served;
use crate::origin::Origins;

/// The most hosts and formats that a document is kept for. A client may name any host, so
/// there is an end to it: all are forgotten for one more.
const KEPT: usize = 16;

/// A document that is served.
#[derive(Debug, Clone)]
pub(super) struct Documents(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Written by one at a time, who may name a server in it: copied for each, all of its
    /// parts would be.
    document: Mutex<Document>,
    has_servers: bool,
    origins: Origins,
    mount: String,
    mismatch_logged: AtomicBool,
    /// They are few, so one is looked for from the first on.
    kept: Mutex<Vec<(Asked, Arc<Served>)>>,
}

/// The host and the scheme that a document is written for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    format: Format,
    /// The server to name, where none has been configured.
    server: Option<Server>,
}

/// The format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    #[cfg(feature = "yaml")]
    Yaml,
}

impl Documents {
    pub(super) fn new(document: Document, origins: Origins, mount: String) -> Self {
        Self(Arc::new(Shared {
            has_servers: !document.servers.is_empty(),
            document: Mutex::new(document),
            origins,
            mount,
            mismatch_logged: AtomicBool::new(false),
            kept: Mutex::default(),
        }))
    }

    pub(super) async fn answer(self, format: Format, mut request: Parts) -> Response {
        let nested = NestedPath::from_request_parts(&mut request, &()).await;
        let nested = nested.as_ref().map_or("", NestedPath::as_str);
        self.0.compare_mount(nested);
        self.0.served(format, &request).answer(&request.headers)
    }
}

impl Shared {
    fn served(&self, format: Format, request: &Parts) -> Arc<Served> {
        let asked = Asked {
            format,
            server: (!self.has_servers)
                .then(|| self.origins.server_of(request))
                .flatten(),
        };
        if let Some((_, kept)) = self.kept.lock().iter().find(|(for_it, _)| *for_it == asked) {
            return kept.clone();
        }
        let served = Arc::new(self.write(&asked));
        let mut kept = self.kept.lock();
        // Another request may have written the same one meanwhile.
        kept.retain(|(for_it, _)| *for_it != asked);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.push((asked, served.clone()));
        served
    }

    fn write(&self, asked: &Asked) -> Served {
        let mut document = self.document.lock();
        if !self.has_servers {
            document.servers = Entries::default();
            if let Some(server) = &asked.server {
                document.servers.insert(server.name(), server.clone());
            }
        }
        match asked.format {
            Format::Json => Served::new(document.to_json(), "application/json"),
            #[cfg(feature = "yaml")]
            Format::Yaml => Served::new(document.to_yaml(), "application/yaml"),
        }
    }

    /// Tells once that the document's addresses are not where the channels are.
    fn compare_mount(&self, nested: &str) {
        if nested != self.mount && !self.mismatch_logged.swap(true, Ordering::Relaxed) {
            warn!(
                nested,
                documented = self.mount,
                "the document names other paths than the channels are nested at: \
                 give `Channels::mounted_at` the path of `nest`"
            );
        }
    }
}
