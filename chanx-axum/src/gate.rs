//! The checks of a request that all routes of one `Channels` share.

use axum::response::Response;
use chanx_core::{Live, Rejection, UserKey, wire::Foreign};
use http::{HeaderName, StatusCode, header, request::Parts};
use tracing::warn;

use crate::{
    admission::{Admission, Admitted, Place},
    origin::Origins,
    rejection::into_response,
    request,
};

/// The checks of a request that all routes of one `Channels` share.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) origins: Origins,
    pub(crate) admission: Admission,
    pub(crate) live: Live,
}

impl Gate {
    /// Lets a request through to the application's extractors.
    ///
    /// # Errors
    ///
    /// 403 for a page of another origin, 503 while the server shuts down or
    /// is full, 429 where the peer has too many connections.
    pub(crate) fn admit(&self, request: &Parts) -> Result<Admitted, Response> {
        if !self.origins.permit(request) {
            log_refused_page(request);
            return Err(into_response(&Rejection::forbidden("origin not allowed")));
        }
        self.check_open()?;
        self.admission.admit(request)
    }

    /// Refuses while the server shuts down. Called again after the handshake,
    /// because a shutdown may have begun meanwhile.
    ///
    /// # Errors
    ///
    /// 503 while the server shuts down.
    pub(crate) fn check_open(&self) -> Result<(), Response> {
        if self.live.is_shutting_down() {
            let (status, detail) = (
                StatusCode::SERVICE_UNAVAILABLE,
                "the server is shutting down",
            );
            return Err(into_response(&Rejection::new(status, detail)));
        }
        Ok(())
    }

    /// Takes a place among the connections of the user.
    ///
    /// # Errors
    ///
    /// 429 where the user has too many.
    pub(crate) fn admit_user(&self, user: Option<UserKey>) -> Result<Option<Place>, Response> {
        self.admission
            .admit_user(user)
            .map_err(|rejection| into_response(&rejection))
    }
}

/// Says which page was refused, and what would let it in.
fn log_refused_page(request: &Parts) {
    let path = Foreign::name(request::uri(request).path()).to_text();
    let text = |name: HeaderName| {
        let value = request.headers.get(name).map(|value| value.as_bytes());
        String::from_utf8_lossy(value.unwrap_or_default()).into_owned()
    };
    let (origin, host) = (text(header::ORIGIN), text(header::HOST));
    let (origin, host) = (Foreign::name(&origin), Foreign::name(&host));
    match Origins::entry_for(request) {
        Some(entry) => warn!(
            path = &*path, %origin, %host,
            "refused a page of another origin; if it is yours, write `.allowed_origins([\"{}\"])`",
            Foreign::name(entry).to_text(),
        ),
        None => warn!(path = &*path, %origin, %host, "refused a page of another origin"),
    }
}
