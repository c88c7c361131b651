//! Connecting over TLS.

use redis::{Client, ConnectionInfo, RedisResult, TlsCertificates};
use rustls::crypto::{CryptoProvider, ring};

pub(crate) fn client(info: ConnectionInfo, root_cert: Option<Vec<u8>>) -> RedisResult<Client> {
    if CryptoProvider::get_default().is_none() {
        // An error says that somebody else has just done so. Without a default, the client
        // panics in a process that has rustls with two providers.
        let _ = ring::default_provider().install_default();
    }
    let Some(root_cert) = root_cert else {
        return Client::open(info);
    };
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(root_cert),
    };
    Client::build_with_tls(info, certificates)
}
