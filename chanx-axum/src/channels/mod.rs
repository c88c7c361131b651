//! The channels of an application, as routes of its router.

mod route;

use std::{fmt, sync::Arc};

use axum::{Router, extract::FromRequestParts};
use chanx_core::describe::ChannelDescription;
use chanx_core::{Channel, ChannelLayer, ChannelOptions, Connect, Live};

use self::route::{Route, Shared};
#[cfg(feature = "asyncapi")]
use crate::docs::Documentation;
use crate::{
    admission::{Admission, ConnectionLimits},
    control::Control,
    gate::Gate,
    origin::Origins,
};

/// The channels of an application, ready to be merged into its router.
///
/// `S` is the router's state, which handshakes extract from. Limits, origins
/// and numbers are those of one `Channels`: two that are merged into one router
/// count apart.
///
/// # Examples
///
/// ```
/// use axum::{Router, extract::FromRef};
/// use chanx::{Channels, Connect, Consumer, ChannelLayer, Ping, Pong, channel};
///
/// #[derive(Default, Connect, Consumer)]
/// struct Echo;
///
/// #[channel(name = "echo")]
/// impl Echo {
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping) -> Pong {
///         Pong
///     }
/// }
///
/// #[derive(Clone)]
/// struct AppState {
///     layer: ChannelLayer,
/// }
///
/// impl FromRef<AppState> for ChannelLayer { // or `#[derive(FromRef)]`
///     fn from_ref(state: &AppState) -> ChannelLayer {
///         state.layer.clone()
///     }
/// }
///
/// /// A function, so that the server, tests and documents share it.
/// fn channels(layer: ChannelLayer) -> Channels<AppState> {
///     Channels::new(layer)
///         .route::<Echo>("/ws/echo")
///         .max_connections(10_000)
///         .allowed_origins(["https://app.example"])
/// }
///
/// let layer = ChannelLayer::new();
/// let app: Router = Router::new()
///     .merge(channels(layer.clone()))
///     .with_state(AppState { layer });
/// ```
#[must_use = "channels serve nothing until they are merged into a router"]
pub struct Channels<S = ()> {
    layer: ChannelLayer,
    pub(crate) options: ChannelOptions,
    pub(crate) origins: Origins,
    limits: ConnectionLimits,
    pub(crate) bearer_query: Option<Arc<str>>,
    live: Live,
    pub(crate) routes: Vec<Route<S>>,
    #[cfg(feature = "asyncapi")]
    pub(crate) documentation: Documentation,
    /// Makes the routes that serve the document. A pointer, which `asyncapi` sets, so that an
    /// application without a document is not linked with what makes one.
    #[cfg(feature = "asyncapi")]
    pub(crate) document_routes: Option<fn(&Self) -> Router<S>>,
}

impl<S> Channels<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// No channels yet; those to come are carried by `layer`.
    pub fn new(layer: ChannelLayer) -> Self {
        Self {
            layer,
            options: ChannelOptions::default(),
            origins: Origins::default(),
            limits: ConnectionLimits::default(),
            bearer_query: None,
            live: Live::default(),
            routes: Vec::new(),
            #[cfg(feature = "asyncapi")]
            documentation: Documentation::default(),
            #[cfg(feature = "asyncapi")]
            document_routes: None,
        }
    }

    /// Serves the consumer `C` at a path, which is written as axum writes it.
    ///
    /// The consumer's `Handshake` is any extractor that axum has for the state
    /// `S`, or a tuple of them: `Path`, `Query`, `State`, [`Bearer`](crate::Bearer).
    /// The route answers any method, because HTTP/2 opens a WebSocket with
    /// `CONNECT` (RFC 8441); axum's feature `http2` lets `axum::serve` do so.
    ///
    /// # Panics
    ///
    /// When the consumer has a route already, or another has its name:
    /// groups and documents go by it.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::extract::Path;
    /// use chanx::{Channels, Connect, Consumer, ChannelLayer, Rejection, channel};
    ///
    /// #[derive(Consumer)]
    /// struct Room {
    ///     name: String,
    /// }
    ///
    /// impl Connect for Room {
    ///     type Handshake = Path<String>;
    ///
    ///     async fn connect(Path(name): Path<String>) -> Result<Self, Rejection> {
    ///         Ok(Self { name })
    ///     }
    /// }
    ///
    /// #[channel(name = "room")]
    /// impl Room {}
    ///
    /// let layer = ChannelLayer::new();
    /// let channels: Channels = Channels::new(layer).route::<Room>("/ws/room/{room}");
    /// ```
    pub fn route<C>(self, path: &str) -> Self
    where
        C: Channel + Connect,
        C::Handshake: FromRequestParts<S>,
    {
        self.route_with::<C>(path, |options| options)
    }

    /// Serves the consumer `C` at a path, with options of its own.
    ///
    /// `change` is given the options of these `Channels`, when they become a
    /// router or are documented.
    ///
    /// # Panics
    ///
    /// As [`route`](Self::route).
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, Connect, Consumer, ChannelLayer, channel};
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Upload;
    /// # #[channel(name = "upload")]
    /// # impl Upload {}
    /// # let layer = ChannelLayer::new();
    /// let channels: Channels = Channels::new(layer)
    ///     .route_with::<Upload>("/ws/upload", |options| options.max_message_size(1024 * 1024));
    /// ```
    pub fn route_with<C>(
        self,
        path: &str,
        change: impl Fn(ChannelOptions) -> ChannelOptions + Send + Sync + 'static,
    ) -> Self
    where
        C: Channel + Connect,
        C::Handshake: FromRequestParts<S>,
    {
        self.add(Route::of_consumer::<C>(path, Box::new(change)))
    }

    /// Serves a topic of the hub `H` on a route of its own: connecting is
    /// subscribing.
    ///
    /// The topic is the one whose method is marked with `pattern`; the path's
    /// parameters of the same names fill it. The hub's `connect` runs, then the
    /// topic's method; a refusal by either refuses the connection. The consumer
    /// that the method returns is then served: it is in its topic's group, with
    /// those who subscribe on the hub. The hub is not: its hooks do not run, and
    /// nothing that is published to it arrives here.
    ///
    /// The client need not name the topic; what it gets does. It is sent
    /// `subscribed` first, and `unsubscribe` closes with 1000.
    ///
    /// # Panics
    ///
    /// When the hub has no topic of the pattern, the path lacks a parameter of
    /// it, or the topic has a route already.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer, Connect, Consumer, channel};
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Hub;
    /// # #[derive(Consumer)]
    /// # struct Room;
    /// # #[channel(name = "room")]
    /// # impl Room {}
    /// #[channel(name = "hub")]
    /// impl Hub {
    ///     #[topic("room:{room}")]
    ///     async fn room(&mut self, room: String) -> Room {
    ///         Room
    ///     }
    /// }
    ///
    /// let layer = ChannelLayer::new();
    /// let channels: Channels = Channels::new(layer)
    ///     .route::<Hub>("/ws") // {"action": "subscribe", "topic": "room:5"}
    ///     .topic_route::<Hub>("/ws/room/{room}", "room:{room}"); // or /ws/room/5
    /// ```
    pub fn topic_route<H>(self, path: &str, pattern: &'static str) -> Self
    where
        H: Channel + Connect,
        H::Handshake: FromRequestParts<S>,
    {
        let description = ChannelDescription::of::<H>();
        let mut topics = description.topics.iter();
        let Some(topic) = topics.find(|topic| topic.pattern == pattern) else {
            panic!(
                "channel `{}` has no topic `{pattern}`, so it cannot be served at `{path}`; it has {:?}",
                H::NAME,
                H::TOPICS,
            );
        };
        let is_missing = |name: &&&str| {
            !path.contains(&format!("{{{name}}}")) && !path.contains(&format!("{{*{name}}}"))
        };
        if let Some(missing) = topic.parameters.iter().find(is_missing) {
            panic!(
                "path `{path}` has no parameter `{{{missing}}}`, which topic `{pattern}` is filled with"
            );
        }
        let channel = format!("{}_{}_route", H::NAME, topic.handler.name);
        self.add(Route::of_topic::<H>(path, channel, pattern))
    }

    /// Adds a route, if its channel has none.
    fn add(mut self, route: Route<S>) -> Self {
        let channel = &route.channel;
        if let Some(other) = self.routes.iter().find(|other| other.channel == *channel) {
            panic!(
                "channel `{channel}` is routed at `{}` already, so it cannot be at `{}` too: \
                 give each consumer one route and a name of its own",
                other.path, route.path,
            );
        }
        self.routes.push(route);
        self
    }

    /// The options of all connections, those of routes added before too.
    /// [`ChannelOptions::default`] unless set; called again, the last options stand.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// use chanx::{ChannelOptions, Overflow};
    ///
    /// let channels: Channels =
    ///     Channels::new(layer).options(ChannelOptions::default().overflow(Overflow::DropOldest));
    /// ```
    pub fn options(mut self, options: ChannelOptions) -> Self {
        self.options = options;
        self
    }

    /// Lets pages of another origin connect, besides those allowed before.
    ///
    /// Unless allowed, only pages of the server's own origin may, and what is
    /// no browser's page: it sends no `Origin` (RFC 6455 §10.2). Others get 403.
    /// A WebSocket carries cookies whoever opens it, so this is what keeps other
    /// sites from acting for a user who is logged in.
    ///
    /// | entry | the pages of |
    /// | --- | --- |
    /// | `https://app.example` | one origin |
    /// | `https://*.app.example` | every subdomain, not the domain itself |
    /// | `capacitor://localhost`, `tauri://localhost`, `chrome-extension://…` | one application or extension, compared as text |
    /// | `null` | files, and sandboxed frames of any site: hardly less than `*` |
    /// | `*` | any site |
    ///
    /// Behind a proxy that ends TLS the server's own origin is unknown to it:
    /// name it here. An `https` entry for the server's own host says that the
    /// host is served over TLS, so that pages of `http` are refused unless they
    /// have an entry too; two ports that both are no default ones are two servers.
    ///
    /// # Panics
    ///
    /// When an entry is not an origin.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// let channels: Channels = Channels::new(layer)
    ///     .allowed_origins(["https://app.example", "https://*.preview.example"]);
    /// ```
    pub fn allowed_origins<O: AsRef<str>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        for origin in origins {
            self.origins.allow(origin.as_ref());
        }
        self
    }

    /// Names the hosts that are the server's own, besides those named before.
    ///
    /// Unless any is named, whatever host a request is sent to counts as the
    /// server's own, and a page of that host may connect. A site can let its own
    /// name point to the address of this server, so that its pages have that
    /// very host (DNS rebinding). The network keeps it from a server that checks
    /// who its users are; one that trusts whoever reaches it, such as a server
    /// on `localhost`, has to name its hosts.
    ///
    /// `app.example` is a host at any port, `app.example:8443` at one,
    /// `*.app.example` every host below; addresses are `127.0.0.1` and `[::1]`.
    /// Where a request names another host, its page is refused with 403 unless
    /// it is among [`allowed_origins`](Self::allowed_origins), and the document
    /// names no server.
    ///
    /// # Panics
    ///
    /// When an entry is not a host.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// let channels: Channels =
    ///     Channels::new(layer).allowed_hosts(["localhost", "127.0.0.1", "[::1]"]);
    /// ```
    pub fn allowed_hosts<H: AsRef<str>>(mut self, hosts: impl IntoIterator<Item = H>) -> Self {
        for host in hosts {
            self.origins.allow_host(host.as_ref());
        }
        self
    }

    /// Says that this process speaks TLS itself, so that the server's own
    /// origin is `https`.
    ///
    /// A request does not tell whether it came over TLS. With this, pages of
    /// `https` at the server's own host may connect, those of `http` may not,
    /// and the document names a `wss` server.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// let channels: Channels = Channels::new(layer).https();
    /// ```
    pub fn https(mut self) -> Self {
        self.origins.https();
        self
    }

    /// Believes `X-Forwarded-Proto` and `X-Forwarded-Host` when a page's
    /// origin is compared with the server's own.
    ///
    /// Only for servers that cannot be reached past a proxy which sets them.
    /// The document names its server by them too. Off by default.
    pub fn trust_forwarded_headers(mut self) -> Self {
        self.origins.trust_forwarded();
        self
    }

    /// Lets [`Bearer`](crate::Bearer) take its token from a query parameter.
    /// Off by default, because proxies write queries to their logs.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// // new WebSocket("wss://app.example/ws/room?token=…")
    /// let channels: Channels = Channels::new(layer).bearer_query("token");
    /// ```
    pub fn bearer_query(mut self, parameter: impl Into<Arc<str>>) -> Self {
        self.bearer_query = Some(parameter.into());
        self
    }

    /// The most connections over all routes; one more is refused with 503.
    /// Unlimited by default. Handshakes that have not ended count too.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.total = Some(connections);
        self
    }

    /// The most connections of one user, by [`Consumer::identity`]; one more
    /// is refused with 429. Unlimited by default.
    ///
    /// [`Consumer::identity`]: chanx_core::Consumer::identity
    pub fn max_connections_per_user(mut self, connections: usize) -> Self {
        self.limits.per_user = Some(connections);
        self
    }

    /// The most connections from one address; one more is refused with 429.
    /// Unlimited by default, because behind a proxy all have its address.
    ///
    /// An address is one of IPv4, however it is written, or the first 64 bits
    /// of one of IPv6: the rest of it is the client's to choose.
    ///
    /// Counts only where the server notes addresses:
    /// `into_make_service_with_connect_info::<SocketAddr>()`.
    pub fn max_connections_per_address(mut self, connections: usize) -> Self {
        self.limits.per_address = Some(connections);
        self
    }

    /// The statistics and the shutdown of the channels, to keep while they serve.
    ///
    /// May be called before or after routes are added, and more than once.
    #[must_use]
    pub fn control(&self) -> Control {
        Control {
            live: self.live.clone(),
            layer: self.layer.clone(),
        }
    }

    /// The routes as a router, for `nest`; `merge` takes the channels themselves.
    ///
    /// # Panics
    ///
    /// When two routes have one path, those of the document among them, a path is
    /// none that axum takes, or the parameters of a topic cannot be read as the type
    /// that its method takes.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::Router;
    /// # use chanx::{Channels, ChannelLayer};
    /// # let layer = ChannelLayer::new();
    /// let app: Router = Router::new().nest("/api", Channels::new(layer).into_router());
    /// ```
    pub fn into_router(self) -> Router<S> {
        #[cfg(feature = "asyncapi")]
        let router = self
            .document_routes
            .map_or_else(Router::new, |routes| routes(&self));
        #[cfg(not(feature = "asyncapi"))]
        let router = Router::new();

        let shared = Shared {
            layer: self.layer,
            gate: Arc::new(Gate {
                origins: self.origins,
                admission: Admission::new(self.limits),
                live: self.live,
            }),
            bearer_query: self.bearer_query,
        };
        self.routes.into_iter().fold(router, |router, route| {
            let built = route.build(&shared, self.options.clone());
            router.route(&route.path, built)
        })
    }
}

impl<S> From<Channels<S>> for Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn from(channels: Channels<S>) -> Self {
        channels.into_router()
    }
}

impl<S> fmt::Debug for Channels<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes = self
            .routes
            .iter()
            .map(|route| (&route.path, &route.channel));
        f.debug_struct("Channels")
            .field("routes", &routes.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
