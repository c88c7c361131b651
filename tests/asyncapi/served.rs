//! The document, as a browser or a tool gets it.

use axum::Router;
use chanx::{ChannelLayer, Channels, Docs, Info};
use http::StatusCode;
use serde_json::json;

use crate::{
    kitchen_sink::{self, Presence},
    request::{ask, get},
};

fn channels() -> Channels {
    Channels::new(ChannelLayer::new()).route::<Presence>("/ws/presence/{place}")
}

fn info() -> Info {
    Info::new("Presence", "1.0.0")
}

#[tokio::test]
async fn the_document_is_served_as_json() {
    let document = kitchen_sink::channels().asyncapi_document();
    let app = Router::from(kitchen_sink::channels());

    let answer = get(&app, "/asyncapi.json").await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.body, document.to_json());
}

#[tokio::test]
async fn the_document_is_served_as_yaml() {
    let app = Router::from(kitchen_sink::channels());

    let answer = get(&app, "/asyncapi.yaml").await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/yaml");
    assert!(answer.body.starts_with("asyncapi: \"3.0.0\"\ninfo:\n"));
}

#[tokio::test]
async fn a_document_that_is_known_is_not_sent_again() {
    let app = Router::from(kitchen_sink::channels());

    for path in [
        "/asyncapi",
        "/asyncapi.json",
        "/asyncapi.yaml",
        "/asyncapi/assets/main.js",
    ] {
        let first = get(&app, path).await;
        assert_eq!(first.status, StatusCode::OK, "{path}");
        assert_eq!(first.header("cache-control"), "no-cache");
        assert_eq!(first.header("x-content-type-options"), "nosniff");

        let etag = first.header("etag").to_owned();
        let weak = format!("\"other\", W/{etag}");
        for known in [etag.as_str(), &weak, "*"] {
            let again = ask(
                &app,
                path,
                &[("host", "localhost:8000"), ("if-none-match", known)],
            )
            .await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path} {known}");
            assert_eq!(again.header("etag"), etag);
            assert_eq!(again.body, "");
        }

        let other = [("host", "localhost:8000"), ("if-none-match", "\"other\"")];
        assert_eq!(ask(&app, path, &other).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn whoever_takes_gzip_gets_it() {
    let app = Router::from(kitchen_sink::channels());
    let as_json = async |accepted| {
        let headers = [("host", "localhost:8000"), ("accept-encoding", accepted)];
        ask(&app, "/asyncapi.json", &headers).await
    };

    let plain = as_json("br, gzip;q=0").await;
    let gzip = as_json("deflate, GZIP;q=0.5").await;

    assert_eq!(plain.headers.get("content-encoding"), None);
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert_eq!(gzip.header("vary"), "accept-encoding");
    assert_eq!(gzip.body, plain.body);
    assert!(gzip.length * 5 < plain.length);
    assert_ne!(gzip.header("etag"), plain.header("etag"));
}

#[tokio::test]
async fn the_page_runs_nothing_but_its_own_files() {
    let app = Router::from(kitchen_sink::channels());

    let page = get(&app, "/asyncapi").await;

    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    );
    assert!(!page.body.contains("{{"), "every placeholder is filled");
    assert!(
        !page.body.contains("<script>"),
        "no script stands in the page"
    );
}

#[tokio::test]
async fn the_page_finds_its_files_wherever_it_is() {
    let docs = Docs::new(info())
        .page_at("/docs/live")
        .json_at("/spec/live.json");
    let app = Router::new().nest(
        "/api",
        channels().asyncapi(docs).mounted_at("/api").into_router(),
    );

    let page = get(&app, "/api/docs/live").await;

    assert!(page.body.contains(r#"content="../spec/live.json""#));
    assert!(page.body.contains(r#"src="./live/assets/main.js""#));
    let script = get(&app, "/api/docs/live/assets/main.js").await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(
        get(&app, "/api/spec/live.json").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn every_file_that_the_page_names_is_there() {
    let app = Router::from(kitchen_sink::channels());
    let page = get(&app, "/asyncapi").await.body;

    let files = page.split("\"./").skip(1);
    let files: Vec<_> = files.map(|rest| rest.split_once('"').unwrap().0).collect();

    assert!(files.len() > 10);
    for file in files {
        assert_eq!(
            get(&app, &format!("/{file}")).await.status,
            StatusCode::OK,
            "{file}"
        );
    }
    assert_eq!(
        get(&app, "/asyncapi/assets/other.js").await.status,
        StatusCode::NOT_FOUND,
    );
}

#[tokio::test]
async fn docs_are_where_they_are_put() {
    let docs = Docs::new(info()).at("/docs/presence").without_page();
    let app = Router::from(channels().asyncapi(docs));

    assert_eq!(
        get(&app, "/docs/presence.json").await.status,
        StatusCode::OK
    );
    assert_eq!(
        get(&app, "/docs/presence.yaml").await.status,
        StatusCode::OK
    );
    assert_eq!(
        get(&app, "/docs/presence").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(get(&app, "/asyncapi").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_client_is_served_beside_the_document() {
    let app = Router::from(kitchen_sink::channels());

    for (file, kind, text) in [
        (
            "client.ts",
            "text/typescript",
            "export type RoomChannel = {",
        ),
        (
            "client.d.ts",
            "text/typescript",
            "export declare function channels(",
        ),
        (
            "client.js",
            "text/javascript",
            "export function channels(base, options = {}) {",
        ),
    ] {
        let answer = get(&app, &format!("/asyncapi/{file}")).await;

        assert_eq!(answer.status, StatusCode::OK, "{file}");
        assert_eq!(
            answer.header("content-type"),
            format!("{kind}; charset=utf-8")
        );
        assert!(answer.body.contains(text), "{file}");
    }
}

#[tokio::test]
async fn the_page_offers_the_client_wherever_it_is() {
    let docs = Docs::new(info())
        .at("/docs/presence")
        .client_at("/scripts/");
    let app = Router::from(channels().asyncapi(docs));

    let page = get(&app, "/docs/presence").await;

    let link = r#"<a href="../scripts/client.ts" download>TypeScript client</a>"#;
    assert!(page.body.contains(link));
    assert_eq!(get(&app, "/scripts/client.ts").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_client_names_whole_paths() {
    let nested = channels().asyncapi(info()).mounted_at("/api");
    let app = Router::new().nest("/api", nested.into_router());

    let client = get(&app, "/api/asyncapi/client.ts").await;

    assert!(client.body.contains(r#"path: "/api/ws/presence/{place}""#));
}

#[tokio::test]
async fn channels_without_docs_serve_none() {
    let app = Router::from(channels());

    assert_eq!(get(&app, "/asyncapi").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_document_without_servers_names_the_host_that_it_was_asked_from() {
    let app = Router::from(channels().asyncapi(info()));

    let local = get(&app, "/asyncapi.json").await;
    let remote = ask(&app, "/asyncapi.json", &[("host", "Chat.Example")]).await;

    assert_eq!(
        local.json()["servers"],
        json!({ "development": { "host": "localhost:8000", "protocol": "ws" } }),
    );
    assert_eq!(
        remote.json()["servers"],
        json!({ "production": { "host": "chat.example", "protocol": "ws" } }),
    );
    assert_ne!(local.header("etag"), remote.header("etag"));
}

#[tokio::test]
async fn a_proxy_is_believed_only_when_it_is_trusted() {
    let forwarded = [
        ("host", "10.0.0.7:8000"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "chat.example"),
    ];
    let careful = Router::from(channels().asyncapi(info()));
    let trusting = Router::from(channels().trust_forwarded_headers().asyncapi(info()));

    let careful = ask(&careful, "/asyncapi.json", &forwarded).await;
    let trusting = ask(&trusting, "/asyncapi.json", &forwarded).await;

    assert_eq!(
        careful.json()["servers"]["production"]["host"],
        "10.0.0.7:8000"
    );
    assert_eq!(
        trusting.json()["servers"],
        json!({ "production": { "host": "chat.example", "protocol": "wss" } }),
    );
}

#[tokio::test]
async fn however_many_hosts_are_named_each_gets_its_own() {
    let app = Router::from(channels().asyncapi(info()));

    for number in 0..40 {
        let host = format!("host{number}.example");
        let answer = ask(&app, "/asyncapi.json", &[("host", &host)]).await;
        assert_eq!(answer.json()["servers"]["production"]["host"], host);
    }
}

#[tokio::test]
async fn a_host_that_is_none_is_not_named() {
    let app = Router::from(channels().asyncapi(info()));

    for host in ["user@evil.example", "a b", "</script>", ""] {
        let answer = ask(&app, "/asyncapi.json", &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
        assert_eq!(answer.json().get("servers"), None, "{host}");
    }
}

async fn servers(channels: Channels, host: &str) -> serde_json::Value {
    let app = Router::from(channels.asyncapi(info()));
    let answer = ask(&app, "/asyncapi.json", &[("host", host)]).await;
    answer.json()["servers"].clone()
}

#[tokio::test]
async fn a_server_over_tls_is_named_so() {
    assert_eq!(
        servers(channels().https(), "localhost:8443").await,
        json!({ "development": { "host": "localhost:8443", "protocol": "wss" } }),
    );
    let listed = || channels().allowed_origins(["https://chat.example"]);
    let secure = json!({ "production": { "host": "chat.example", "protocol": "wss" } });
    assert_eq!(servers(channels().https(), "chat.example").await, secure);
    assert_eq!(servers(listed(), "chat.example").await, secure);
    assert_eq!(servers(listed(), "chat.example:80").await, secure);
    assert_eq!(
        servers(listed(), "localhost:3000").await,
        json!({ "development": { "host": "localhost:3000", "protocol": "ws" } }),
    );
}

#[tokio::test]
async fn a_host_that_is_not_the_servers_own_is_not_named() {
    let own = || channels().allowed_hosts(["chat.example"]);

    assert!(servers(own(), "evil.example").await.is_null());
    assert_eq!(
        servers(own(), "chat.example").await["production"]["protocol"],
        "ws"
    );
}
