//! The methods of `Channels` that say what to document.

use axum::Router;
use chanx_asyncapi::{Document, Documented, ProtocolFrames};
use chanx_core::{AuthenticationFrames, ChannelOptions, describe::Protocol};
#[cfg(feature = "typescript")]
use chanx_typescript::Client;

use super::Docs;
use crate::Channels;

impl<S> Channels<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Serves a document of these channels, and a page that shows it.
    ///
    /// An [`Info`](chanx_asyncapi::Info) alone puts the page at
    /// `/asyncapi` and the document at `/asyncapi.json`, with the feature
    /// `yaml` at `/asyncapi.yaml` too; [`Docs`] put them elsewhere. They are
    /// routes like any other: what the application wraps around its router
    /// applies to them.
    ///
    /// Unless the [`Info`](chanx_asyncapi::Info) names a server, the
    /// document names the host that it was asked from.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// use chanx::Info;
    ///
    /// let channels: Channels = Channels::new(layer)
    ///     .asyncapi(Info::new("Chat API", "1.0.0").description("Rooms to talk in."));
    /// ```
    pub fn asyncapi(mut self, docs: impl Into<Docs>) -> Self {
        self.documentation.docs = Some(docs.into());
        self.document_routes = Some(Self::document_routes);
        self
    }

    /// Says where the router of these channels is nested, so that the document names
    /// whole paths.
    ///
    /// ```
    /// # use axum::Router;
    /// # use chanx::Channels;
    /// # use chanx::{Info, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// let channels: Channels = Channels::new(layer)
    ///     .asyncapi(Info::new("Chat API", "1.0.0"))
    ///     .mounted_at("/api");
    /// let app: Router = Router::new().nest("/api", channels.into_router());
    /// ```
    ///
    /// # Panics
    ///
    /// When the path does not start with a slash.
    pub fn mounted_at(mut self, path: &str) -> Self {
        assert!(
            path.starts_with('/'),
            "`{path}` is not a path: start it with a slash"
        );
        self.documentation.mount = path.trim_end_matches('/').to_owned();
        self
    }

    /// Documents other channels of the application together with these.
    ///
    /// Takes note of the routes that `other` has at this moment; `other` may
    /// be mounted elsewhere and have a document of its own, or none.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use chanx::{Channels, Info, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// let internal: Channels = Channels::new(layer.clone()).mounted_at("/internal");
    /// let public: Channels = Channels::new(layer)
    ///     .asyncapi(Info::new("Chat API", "1.0.0"))
    ///     .also_document(&internal);
    /// let app: Router = Router::new()
    ///     .merge(public)
    ///     .nest("/internal", internal.into_router());
    /// ```
    pub fn also_document<T>(mut self, other: &Channels<T>) -> Self
    where
        T: Clone + Send + Sync + 'static,
    {
        self.documentation.besides.extend(other.documented());
        self
    }

    /// The document of these channels, without a server.
    ///
    /// One line of a test or an example writes it to a file:
    ///
    /// ```
    /// # use chanx::Channels;
    /// # use chanx::{Info, ChannelLayer};
    /// # fn channels(layer: ChannelLayer) -> Channels {
    /// #     Channels::new(layer).asyncapi(Info::new("Chat API", "1.0.0"))
    /// # }
    /// # let layer = ChannelLayer::new();
    /// # let path = std::env::temp_dir().join("chanx-doctest-asyncapi.json");
    /// std::fs::write(path, channels(layer).asyncapi_document().to_json())?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When [`asyncapi`](Self::asyncapi) has not said what the application
    /// is, or two channels have one name or path.
    #[must_use]
    pub fn asyncapi_document(&self) -> Document {
        Document::new(self.docs().info.clone(), &self.all_documented())
    }

    /// These channels as data, with those that are documented besides.
    ///
    /// Tools that make clients or documents read it, also from a file.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let channels: Channels = Channels::new(ChannelLayer::new());
    /// # let path = std::env::temp_dir().join("chanx-doctest-protocol.json");
    /// std::fs::write(path, serde_json::to_string_pretty(&channels.protocol())?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        Protocol::of_each_way(&self.all_documented())
    }

    /// A client of these channels in TypeScript, and of those that are
    /// documented besides.
    ///
    /// Where the document is served, the client is too: as `client.ts`,
    /// `client.js` and `client.d.ts` in the folder of the document's page.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let channels: Channels = Channels::new(ChannelLayer::new());
    /// # let folder = std::env::temp_dir();
    /// std::fs::write(folder.join("client.ts"), channels.typescript_client().typescript())?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "typescript")]
    #[must_use]
    pub fn typescript_client(&self) -> Client {
        Client::of(&self.protocol())
    }

    fn docs(&self) -> &Docs {
        let docs = self.documentation.docs.as_ref();
        docs.expect("channels have a document once `asyncapi` says what they are")
    }

    /// The routes that serve the document.
    fn document_routes(&self) -> Router<S> {
        let docs = self.docs();
        let mount = self.documentation.mount.clone();
        let router = docs.routes(self.asyncapi_document(), self.origins.clone(), mount);
        #[cfg(feature = "typescript")]
        let router = router.merge(super::client::routes(
            &docs.client,
            &self.typescript_client(),
        ));
        router
    }

    fn all_documented(&self) -> Vec<Documented> {
        let mut documented = self.documented();
        documented.extend(self.documentation.besides.iter().cloned());
        documented
    }

    /// The channels where these routes serve them.
    fn documented(&self) -> Vec<Documented> {
        let mount = &self.documentation.mount;
        let documented = self.routes.iter().map(|route| {
            let path = match route.path.as_str() {
                "/" if !mount.is_empty() => mount.clone(),
                path => format!("{mount}{path}"),
            };
            let mut documented = Documented::new(path, route.description());
            documented.name.clone_from(&route.channel);
            let options = (route.change)(self.options.clone());
            documented.frames = frames(&options, route.topic.is_some());
            documented.bearer_query = self.bearer_query.as_deref().map(ToOwned::to_owned);
            documented
        });
        documented.collect()
    }
}

/// The frames of the protocol's own that a channel with these options sends: on topics
/// none that completes.
fn frames(options: &ChannelOptions, is_topic: bool) -> ProtocolFrames {
    let socket = options.socket();
    ProtocolFrames::default()
        .with_completion(socket.completion_frames && !is_topic)
        .with_authentication(socket.authentication_frames != AuthenticationFrames::Off)
}
