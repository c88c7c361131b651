//! Which pages may connect.

use axum::{Router, http::StatusCode};
use chanx::{Channels, Consumer, Layer, MemoryLayer, channel};
use chanx_testing::{Builder, Communicator};

use crate::raw::{self, UPGRADE};

#[derive(Debug, Default, Consumer)]
struct Page;

#[channel(name = "page")]
impl Page {}

fn channels() -> Channels {
    Channels::new(Layer::from(MemoryLayer::new())).route::<Page>("/")
}

fn request(channels: Channels, host: &str, origin: &str) -> Builder<Page> {
    Communicator::builder(&Router::from(channels), "/")
        .header("host", host)
        .header("origin", origin)
}

async fn is_allowed(request: Builder<Page>) -> bool {
    match request.try_connect().await {
        Ok(_) => true,
        Err(refused) => {
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
            assert_eq!(refused.detail().as_deref(), Some("origin not allowed"));
            false
        }
    }
}

async fn allows(entries: &[&str], origin: &str) -> bool {
    let channels = channels().allowed_origins(entries);
    is_allowed(request(channels, "api.example", origin)).await
}

#[tokio::test]
async fn a_request_without_an_origin_passes() {
    let app = Router::from(channels());

    Communicator::<Page>::connect(&app, "/").await;
}

#[tokio::test]
async fn a_page_of_the_same_origin_passes() {
    for (host, origin) in [
        ("app.example", "http://app.example"),
        ("app.example:80", "http://app.example"),
        ("app.example", "http://app.example:80"),
        ("App.Example", "http://app.example"),
        ("localhost:8000", "http://localhost:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
    ] {
        assert!(
            is_allowed(request(channels(), host, origin)).await,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn a_page_of_another_scheme_host_or_port_is_refused() {
    for origin in [
        "https://app.example",
        "http://evil.example",
        "http://app.example:8080",
        "http://app.example.evil.example",
        "http://evilapp.example",
        "http://app.example@evil.example",
        "file://app.example",
        "app.example",
        "",
    ] {
        assert!(
            !is_allowed(request(channels(), "app.example", origin)).await,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn a_page_of_no_origin_is_refused() {
    assert!(!is_allowed(request(channels(), "app.example", "null")).await);
    assert!(!is_allowed(request(channels(), "null", "null")).await);
}

#[tokio::test]
async fn an_origin_on_the_list_passes() {
    assert!(allows(&["https://app.example"], "https://app.example").await);
    assert!(allows(&["https://app.example"], "https://app.example:443").await);
    assert!(
        allows(
            &["https://a.example", "https://b.example:8443"],
            "https://b.example:8443"
        )
        .await
    );
}

#[tokio::test]
async fn an_origin_that_only_resembles_one_on_the_list_is_refused() {
    for origin in [
        "http://app.example",
        "https://app.example:8443",
        "https://www.app.example",
        "https://evilapp.example",
        "https://app.example.evil.example",
        "null",
    ] {
        assert!(!allows(&["https://app.example"], origin).await, "{origin}");
    }
}

#[tokio::test]
async fn a_wildcard_stands_for_subdomains_and_not_for_the_domain_itself() {
    let subdomains = ["https://*.example.com"];

    assert!(allows(&subdomains, "https://app.example.com").await);
    assert!(allows(&subdomains, "https://deep.app.example.com").await);
    assert!(!allows(&subdomains, "https://example.com").await);
    assert!(!allows(&subdomains, "https://.example.com").await);
    assert!(!allows(&subdomains, "https://evilexample.com").await);
    assert!(!allows(&subdomains, "http://app.example.com").await);
    assert!(!allows(&subdomains, "https://app.example.com:8443").await);
    assert!(!allows(&subdomains, "https://app.example.com.evil.com").await);
}

#[tokio::test]
async fn the_list_adds_to_the_servers_own_origin() {
    assert!(allows(&["https://app.example"], "http://api.example").await);
}

#[tokio::test]
async fn a_star_lets_any_page_in() {
    assert!(allows(&["*"], "https://anything.example").await);
    assert!(allows(&["*"], "null").await);
}

#[tokio::test]
#[should_panic(expected = "`app.example` is not an origin: write `https://app.example`")]
async fn an_entry_that_is_no_origin_panics_at_once() {
    let _ = channels().allowed_origins(["app.example"]);
}

#[tokio::test]
async fn forwarded_headers_are_ignored_unless_they_are_trusted() {
    let forwarded = |channels| {
        request(channels, "inner:8000", "https://app.example")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "app.example")
    };

    assert!(!is_allowed(forwarded(channels())).await);
    assert!(is_allowed(forwarded(channels().trust_forwarded_headers())).await);
}

#[tokio::test]
async fn forwarded_headers_that_are_missing_change_nothing() {
    let trusting = || channels().trust_forwarded_headers();

    let plain = request(trusting(), "app.example", "http://app.example");
    assert!(is_allowed(plain).await);
    let behind_tls = request(trusting(), "app.example", "https://app.example")
        .header("x-forwarded-proto", "https");
    assert!(is_allowed(behind_tls).await);
}

#[tokio::test]
async fn several_origin_headers_are_refused() {
    let headers = format!("{UPGRADE}origin: http://app.example\r\norigin: http://app.example\r\n");

    let response = raw::get(channels().into(), "/", &headers).await;

    assert_eq!(response.status, 403);
}

#[tokio::test]
async fn several_origins_in_one_header_are_refused() {
    let origins = "http://app.example, http://app.example";

    assert!(!is_allowed(request(channels(), "app.example", origins)).await);
}
