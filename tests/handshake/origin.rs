//! The pages that may connect.

use axum::{Router, http::StatusCode};
use chanx::{ChannelLayer, Channels, Connect, Consumer, channel};
use chanx_testing::{Builder, Communicator};

use crate::raw::{self, UPGRADE};

#[derive(Debug, Default, Connect, Consumer)]
struct Page;

#[channel(name = "page")]
impl Page {}

fn channels() -> Channels {
    Channels::new(ChannelLayer::new()).route::<Page>("/")
}

fn request(channels: Channels, host: &str, origin: &str) -> Builder<Page> {
    Communicator::builder(&Router::from(channels), "/")
        .header("host", host)
        .header("origin", origin)
}

async fn is_allowed(request: Builder<Page>) -> bool {
    match request.connect_or_refused().await {
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

/// Sets one allowed origin; the error is the text of the panic.
fn entry(entry: &str) -> Result<(), String> {
    let taken = std::panic::catch_unwind(|| channels().allowed_origins([entry]));
    let message = |panic: Box<dyn std::any::Any + Send>| *panic.downcast::<String>().unwrap();
    taken.map(drop).map_err(message)
}

#[tokio::test]
async fn an_entry_that_no_browser_could_send_panics_with_what_to_write() {
    for (wrong, hint) in [
        ("https://app.example:84430", "from 1 to 65535"),
        ("https://app.example:0", "from 1 to 65535"),
        ("https://app.example:+443", "from 1 to 65535"),
        ("https://app.example:0443", "from 1 to 65535"),
        ("https://app.example:", "from 1 to 65535"),
        ("https://app.example:https", "from 1 to 65535"),
        ("https://[::1]:84430", "from 1 to 65535"),
        ("https://*.app.example:84430", "`https://*.app.example`"),
        ("https://*", "`https://*.app.example` for subdomains"),
        (
            "https://*app.example",
            "`https://*.app.example` for subdomains",
        ),
        ("https://*.", "write `https://app.example`"),
        ("https://*.*.example", "write `https://app.example`"),
        ("https://a.*.example", "write `https://app.example`"),
        ("https://*.127.0.0.1", "write `https://app.example`"),
        ("https://*.[::1]", "write `https://app.example`"),
        ("https://", "write `https://app.example`"),
        ("https://a..example", "write `https://app.example`"),
        ("https://.app.example", "write `https://app.example`"),
        ("https://app.example/path", "write `https://app.example`"),
        ("https://app.example?query", "write `https://app.example`"),
        ("https://user@app.example", "write `https://app.example`"),
        (
            "https://app.example, https://b.example",
            "write `https://app.example`",
        ),
        ("https://999.1.1.1", "write `https://app.example`"),
        ("https://b\u{fc}cher.example", "in ASCII"),
        ("https:app.example", "write `https://app.example`"),
        ("", "write `https://app.example`"),
        ("*://app.example", "as the browser sends it"),
        ("tauri://*", "as the browser sends it"),
        ("tauri://localhost/", "as the browser sends it"),
        ("tauri://localhost, null", "as the browser sends it"),
    ] {
        let panic = entry(wrong).expect_err(wrong);
        assert!(
            panic.contains(&format!("`{wrong}` is not an origin")),
            "{panic}"
        );
        assert!(panic.contains(hint), "{wrong}: {panic}");
    }
}

#[tokio::test]
async fn an_entry_may_be_written_in_another_way_than_a_browser_does() {
    for (entry, origin) in [
        ("HTTPS://App.Example", "https://app.example"),
        ("https://app.example/", "https://app.example"),
        ("https://app.example:443", "https://app.example"),
        (
            "https://xn--bcher-kva.example",
            "https://xn--bcher-kva.example",
        ),
        ("https://my_app.example", "https://my_app.example"),
        ("https://[0:0:0:0:0:0:0:1]:8443", "https://[::1]:8443"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("http://localhost:5173", "http://localhost:5173"),
    ] {
        assert!(allows(&[entry], origin).await, "{entry}");
    }
}

#[tokio::test]
async fn a_request_with_a_port_that_is_none_is_not_of_the_default_port() {
    let entries = ["https://app.example", "https://*.app.example"];
    for origin in [
        "https://app.example:84430",
        "https://app.example:65979", // 443 + 65536
        "https://app.example:",
        "https://app.example:+443",
        "https://app.example:0443",
        "https://app.example:0",
        "https://app.example:443:443",
        "https://sub.app.example:84430",
    ] {
        assert!(!allows(&entries, origin).await, "{origin}");
    }
    let own = request(channels(), "app.example:65616", "http://app.example:65616");
    assert!(!is_allowed(own).await);
}

#[tokio::test]
async fn a_host_that_is_none_is_below_no_domain() {
    for origin in [
        "https://..sub.example",
        "https://a..sub.example",
        "https://.sub.example",
        "https://-.sub.example.",
        "https://a.sub.example..",
        "https://a.sub.example.",
        "https://user@a.sub.example",
        "https://user:word@a.sub.example",
        "https://a%2esub.example",
        "https://evil.example/.sub.example",
        "https://evil.example#.sub.example",
        "https://evil.example?.sub.example",
        "https://evil.example\\.sub.example",
        "https://[::1].sub.example",
        "https://1.2.3.4.sub.example:443x",
        "https://evil.example .sub.example",
    ] {
        assert!(
            !allows(&["https://*.sub.example"], origin).await,
            "{origin}"
        );
    }
    assert!(allows(&["https://*.sub.example"], "https://A.Sub.Example").await);
    assert!(allows(&["https://*.sub.example"], "https://1.2.3.4.sub.example").await);
}

#[tokio::test]
async fn the_dot_of_an_absolute_name_belongs_to_the_origin() {
    assert!(!allows(&["https://app.example"], "https://app.example.").await);
    let own = request(channels(), "app.example.", "http://app.example.");
    assert!(is_allowed(own).await);
}

#[tokio::test]
async fn an_address_is_one_however_it_is_written() {
    assert!(allows(&["http://[::1]:8000"], "http://[0:0::1]:8000").await);
    assert!(!allows(&["http://[::1]:8000"], "http://[::2]:8000").await);
    assert!(!allows(&["http://127.0.0.1:8000"], "http://127.1:8000").await);
    assert!(!allows(&["http://127.0.0.1:8000"], "http://[::ffff:127.0.0.1]:8000").await);
}

#[tokio::test]
async fn the_origin_of_an_application_is_compared_as_text() {
    for origin in [
        "capacitor://localhost",
        "ionic://localhost",
        "tauri://localhost",
        "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
        "moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc",
        "vscode-webview://x",
        "file://",
        "null",
    ] {
        assert!(allows(&[origin], origin).await, "{origin}");
        assert!(!allows(&[origin], "app://other").await, "{origin}");
        assert!(!allows(&[origin], &format!("{origin}x")).await, "{origin}");
        assert!(!allows(&["https://app.example"], origin).await, "{origin}");
    }
    assert!(!allows(&["tauri://localhost"], "tauri://LOCALHOST").await);
    assert!(!allows(&["tauri://localhost"], "tauri://localhost:80").await);
    assert!(!allows(&["tauri://localhost"], "null").await);
}

#[tokio::test]
async fn the_origin_of_an_application_is_nobodys_own() {
    assert!(!is_allowed(request(channels(), "localhost", "tauri://localhost")).await);
}

#[tokio::test]
async fn a_server_over_tls_has_an_origin_of_https() {
    let own = |origin: &str| request(channels().https(), "app.example", origin);

    assert!(is_allowed(own("https://app.example")).await);
    assert!(is_allowed(own("https://app.example:443")).await);
    assert!(!is_allowed(own("http://app.example")).await);
    assert!(!is_allowed(own("https://app.example:8443")).await);
    let local = request(channels().https(), "[::1]:8443", "https://[::1]:8443");
    assert!(is_allowed(local).await);
}

#[tokio::test]
async fn an_https_entry_for_the_own_host_switches_http_off() {
    for (entry, host, origin) in [
        ("https://app.example", "app.example", "http://app.example"),
        (
            "https://app.example",
            "app.example:80",
            "http://app.example",
        ),
        ("https://app.example", "App.Example", "http://app.example"),
        (
            "https://app.example",
            "app.example:3000",
            "http://app.example:3000",
        ),
        (
            "https://app.example:8443",
            "app.example:8443",
            "http://app.example:8443",
        ),
        (
            "https://app.example:8443",
            "app.example",
            "http://app.example",
        ),
        ("https://*.example", "app.example", "http://app.example"),
    ] {
        let listed = || channels().allowed_origins([entry]);
        assert!(
            !is_allowed(request(listed(), host, origin)).await,
            "{entry} {host}"
        );
        let both = listed().allowed_origins([origin]);
        assert!(
            is_allowed(request(both, host, origin)).await,
            "{entry} {host}"
        );
    }
}

#[tokio::test]
async fn an_https_entry_for_another_server_leaves_http_on() {
    for entry in [
        "https://localhost:5173",
        "https://other.example",
        "https://*.localhost",
    ] {
        let listed = channels().allowed_origins([entry]);
        let own = request(listed, "localhost:3000", "http://localhost:3000");
        assert!(is_allowed(own).await, "{entry}");
    }
}

#[tokio::test]
async fn a_page_whose_name_points_here_is_refused_once_the_hosts_are_named() {
    let rebound = |channels| request(channels, "evil.example:8000", "http://evil.example:8000");
    let local = || channels().allowed_hosts(["localhost", "127.0.0.1", "[::1]"]);

    assert!(is_allowed(rebound(channels())).await);
    assert!(!is_allowed(rebound(local())).await);
    let listed = local().allowed_origins(["https://app.example"]);
    assert!(!is_allowed(rebound(listed)).await);
    for host in [
        "localhost:8000",
        "LocalHost",
        "127.0.0.1:8000",
        "[::1]:8000",
        "[0::1]",
    ] {
        let own = request(local(), host, &format!("http://{host}"));
        assert!(is_allowed(own).await, "{host}");
    }
    for host in [
        "evil.localhost:8000",
        "localhost.evil.example",
        "localhost.",
        "[::2]",
    ] {
        let other = request(local(), host, &format!("http://{host}"));
        assert!(!is_allowed(other).await, "{host}");
    }
}

#[tokio::test]
async fn a_host_may_be_named_with_its_port_or_its_subdomains() {
    let named = |host| {
        let channels = channels().allowed_hosts(["app.example:8000", "*.sub.example"]);
        request(channels, host, &format!("http://{host}"))
    };

    assert!(is_allowed(named("app.example:8000")).await);
    assert!(!is_allowed(named("app.example:8001")).await);
    assert!(!is_allowed(named("app.example")).await);
    assert!(is_allowed(named("a.sub.example")).await);
    assert!(!is_allowed(named("sub.example")).await);
}

#[tokio::test]
async fn programs_may_name_any_host() {
    let app = Router::from(channels().allowed_hosts(["localhost"]));
    let program = Communicator::<Page>::builder(&app, "/").header("host", "10.0.0.7");

    program.connect().await;
}

#[tokio::test]
async fn a_listed_page_may_connect_to_any_host() {
    let listed = channels()
        .allowed_hosts(["localhost"])
        .allowed_origins(["https://app.example"]);

    assert!(is_allowed(request(listed, "10.0.0.7", "https://app.example")).await);
}

#[tokio::test]
async fn an_entry_that_is_no_host_panics_with_what_to_write() {
    for wrong in [
        "http://localhost",
        "localhost/",
        "::1",
        "*",
        "*.",
        "*.127.0.0.1",
        "a:99999",
        "",
    ] {
        let named = std::panic::catch_unwind(|| channels().allowed_hosts([wrong]));
        let panic = named.map(drop).expect_err(wrong);
        let panic = *panic.downcast::<String>().unwrap();
        assert!(
            panic.contains(&format!("`{wrong}` is not a host: write `app.example`")),
            "{panic}"
        );
    }
}
