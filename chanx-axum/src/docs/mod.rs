//! The channels' document, served: as JSON, with the feature `yaml` as YAML, and as a page to
//! read and try it.

mod assets;
mod channels;
#[cfg(feature = "typescript")]
mod client;
mod document;
mod documentation;
mod encoded;
#[cfg(feature = "compression")]
mod gzip;
mod link;
mod served;

use axum::{Router, routing::get};
use chanx_asyncapi::{Document, Info};
use http::request::Parts;

pub(crate) use documentation::Documentation;

use crate::origin::Origins;
use document::{Documents, Format};

/// The description of an application, and the paths at which its document is served.
///
/// [`Channels::asyncapi`](crate::Channels::asyncapi) takes it, or an [`Info`] alone.
/// The page reads the document and can connect, send and
/// show what comes; its assets are served with it.
///
/// # Examples
///
/// ```
/// use chanx::{Docs, Info};
///
/// let docs = Docs::new(Info::new("Chat API", "1.0.0"))
///     .at("/docs/chat") // and chat.json beside it
///     .without_page();
/// ```
#[derive(Debug, Clone)]
#[must_use = "docs are served by the `Channels` that they are given to"]
pub struct Docs {
    info: Info,
    page: Option<String>,
    json: String,
    #[cfg(feature = "yaml")]
    yaml: String,
    /// The folder of the client.
    #[cfg(feature = "typescript")]
    client: String,
}

impl Docs {
    /// A page at `/asyncapi`, and the document at `/asyncapi.json`. With the feature `yaml` it is
    /// at `/asyncapi.yaml` too, with `typescript` a client is in the folder `/asyncapi`.
    pub fn new(info: Info) -> Self {
        Self {
            info,
            page: Some("/asyncapi".to_owned()),
            json: "/asyncapi.json".to_owned(),
            #[cfg(feature = "yaml")]
            yaml: "/asyncapi.yaml".to_owned(),
            #[cfg(feature = "typescript")]
            client: "/asyncapi".to_owned(),
        }
    }

    /// Puts the page at `path`, and the document at `path.json`. With the feature `yaml` it is at
    /// `path.yaml` too, with `typescript` a client is in the folder `path`.
    pub fn at(mut self, path: &str) -> Self {
        self.page = self.page.map(|_| path.to_owned());
        self.json = format!("{path}.json");
        #[cfg(feature = "yaml")]
        {
            self.yaml = format!("{path}.yaml");
        }
        #[cfg(feature = "typescript")]
        {
            path.trim_end_matches('/').clone_into(&mut self.client);
        }
        self
    }

    /// Puts the page at a path of its own.
    pub fn page_at(mut self, path: impl Into<String>) -> Self {
        self.page = Some(path.into());
        self
    }

    /// Puts the document as JSON at a path of its own.
    pub fn json_at(mut self, path: impl Into<String>) -> Self {
        self.json = path.into();
        self
    }

    /// Puts the document as YAML at a path of its own.
    #[cfg(feature = "yaml")]
    pub fn yaml_at(mut self, path: impl Into<String>) -> Self {
        self.yaml = path.into();
        self
    }

    /// Puts the client into a folder of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Docs, Info};
    /// let docs = Docs::new(Info::new("Chat API", "1.0.0"))
    ///     .client_at("/scripts"); // /scripts/client.ts, client.js and client.d.ts
    /// ```
    #[cfg(feature = "typescript")]
    pub fn client_at(mut self, folder: &str) -> Self {
        folder.trim_end_matches('/').clone_into(&mut self.client);
        self
    }

    /// Serves no page, only the document and the client.
    pub fn without_page(mut self) -> Self {
        self.page = None;
        self
    }

    /// The routes that serve a document.
    fn routes<S>(&self, document: Document, origins: Origins, mount: String) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let documents = Documents::new(document, origins, mount);
        let serve = |format| {
            let documents = documents.clone();
            get(async move |parts: Parts| documents.answer(format, parts).await)
        };
        let router = Router::new().route(&self.json, serve(Format::Json));
        #[cfg(feature = "yaml")]
        let router = router.route(&self.yaml, serve(Format::Yaml));
        #[cfg(feature = "typescript")]
        let client = Some(format!("{}/client.ts", self.client));
        #[cfg(not(feature = "typescript"))]
        let client: Option<String> = None;
        match &self.page {
            Some(page) => router.merge(assets::routes(page, &self.json, client.as_deref())),
            None => router,
        }
    }
}

impl From<Info> for Docs {
    fn from(info: Info) -> Self {
        Self::new(info)
    }
}
