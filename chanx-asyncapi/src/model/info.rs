//! The description of the application.

use serde::Serialize;

use super::{Entries, Server};

/// The description of the application as a whole.
///
/// The info object of AsyncAPI 3.0, and the servers beside it.
///
/// # Examples
///
/// ```
/// use chanx::{Info, asyncapi::{Contact, License}};
///
/// let info = Info::new("Chat API", "1.0.0")
///     .description("Rooms to talk in.")
///     .contact(Contact::new("The chat team").email("chat@chat.example"))
///     .license(License::new("MIT"))
///     .server("production", "wss://chat.example");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct Info {
    title: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms_of_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<License>,
    /// Not of the info object: they stand beside it.
    #[serde(skip)]
    pub(super) servers: Entries<Server>,
}

impl Info {
    /// An application by its title, and the version of its channels.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            version: version.into(),
            description: None,
            terms_of_service: None,
            contact: None,
            license: None,
            servers: Entries::default(),
        }
    }

    /// Sets the application's purpose, in Markdown.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the address of the terms of service.
    pub fn terms_of_service(mut self, url: impl Into<String>) -> Self {
        self.terms_of_service = Some(url.into());
        self
    }

    /// Sets the people to ask about the application.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.contact = Some(contact);
        self
    }

    /// Sets the licence of the application.
    pub fn license(mut self, license: License) -> Self {
        self.license = Some(license);
        self
    }

    /// Adds an address at which the application is served, such as
    /// `wss://chat.example`.
    ///
    /// Without any, a document that is asked for over HTTP names the host that
    /// it was asked from, which is wrong behind a proxy that changes it.
    ///
    /// # Panics
    ///
    /// When the URL is not a `ws://` or `wss://` host with an optional path.
    pub fn server(mut self, name: impl Into<String>, url: &str) -> Self {
        let server = Server::parse(url)
            .unwrap_or_else(|| panic!("`{url}` is not a server: write `wss://chat.example`"));
        self.servers.insert(name, server);
        self
    }
}

/// The people to ask about an application.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Contact {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl Contact {
    /// People, or a team.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::default()
        }
    }

    /// Sets their address on the web.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Sets their address for mail.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }
}

/// The licence of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use]
pub struct License {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl License {
    /// A licence by its name, such as `MIT`.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: None,
        }
    }

    /// Sets the address of its text.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }
}
