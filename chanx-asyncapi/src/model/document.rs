//! The whole document.

use schemars::Schema;
use serde::Serialize;

use super::{
    ChannelObject, CorrelationId, Entries, Info, MessageObject, Operation, SecurityScheme, Server,
};

/// An AsyncAPI 3.0 document.
///
/// It serialises as one, by serde or with [`to_json`](Self::to_json) and, with the feature
/// `yaml`, `to_yaml`. Its parts may be changed before that.
///
/// # Examples
///
/// ```
/// use chanx::{Channels, Info, ChannelLayer};
///
/// let channels: Channels = Channels::new(ChannelLayer::new())
///     .asyncapi(Info::new("Chat API", "1.0.0"));
///
/// let mut document = channels.asyncapi_document();
/// document.info = document.info.description("Rooms to talk in.");
/// assert!(document.to_json().contains("Rooms to talk in."));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Document {
    /// The version of the format, which is the one that all tools read.
    pub asyncapi: &'static str,
    /// The application.
    pub info: Info,
    /// The content type of frames, which is JSON.
    pub default_content_type: &'static str,
    /// The servers of the application.
    #[serde(skip_serializing_if = "Entries::is_empty")]
    pub servers: Entries<Server>,
    /// The channels, in order of their routes.
    pub channels: Entries<ChannelObject>,
    /// The messages that are received and sent, in order of declaration.
    pub operations: Entries<Operation>,
    /// The parts that are referred to from elsewhere, in order of name.
    pub components: Components,
}

/// The parts of a document that are referred to from elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Components {
    /// The credentials that a connection may be asked for.
    #[serde(skip_serializing_if = "Entries::is_empty")]
    pub security_schemes: Entries<SecurityScheme>,
    /// The ids that tell which reply belongs to which message.
    #[serde(skip_serializing_if = "Entries::is_empty")]
    pub correlation_ids: Entries<CorrelationId>,
    /// The messages of all channels.
    #[serde(skip_serializing_if = "Entries::is_empty")]
    pub messages: Entries<MessageObject>,
    /// The types, in JSON Schema draft 7.
    #[serde(skip_serializing_if = "Entries::is_empty")]
    pub schemas: Entries<Schema>,
}

impl Document {
    /// A document without channels.
    pub(crate) fn about(info: Info) -> Self {
        Self {
            asyncapi: "3.0.0",
            servers: info.servers.clone(),
            info,
            default_content_type: "application/json",
            channels: Entries::default(),
            operations: Entries::default(),
            components: Components::default(),
        }
    }

    /// The document as indented JSON, with a newline at its end: what a file holds.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self)
            .expect("a document is maps with strings for keys, which JSON can represent");
        json.push('\n');
        json
    }

    /// The document as YAML.
    #[cfg(feature = "yaml")]
    #[must_use]
    pub fn to_yaml(&self) -> String {
        // By way of JSON, so that the types of its parts are compiled for one serializer alone:
        // for each they would take seconds to build.
        let json = self.to_json();
        let mut json = serde_json::Deserializer::from_str(&json);
        let yaml = serde_transcode::Transcoder::new(&mut json);
        serde_saphyr::to_string(&yaml).expect("YAML represents all of JSON")
    }
}
