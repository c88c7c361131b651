use axum::{body::Body, http::Request};
use tower::ServiceExt;

use super::app;

async fn text(path: &str) -> String {
    let request = Request::get(path).body(Body::empty());
    let request = request.expect("the request is well-formed");
    let response = app().oneshot(request).await;
    let response = response.expect("a router always answers");
    assert!(response.status().is_success(), "{path}");
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    String::from_utf8(body.expect("the body is in memory").into()).expect("text is UTF-8")
}

/// What stands between quotes behind `marker`, over and over.
fn quoted<'a>(text: &'a str, marker: &str) -> Vec<&'a str> {
    let behind = text.split(marker).skip(1);
    behind.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn all_that_the_page_asks_for_is_there() {
    let page = text("/").await;
    let scripts = quoted(&page, "src=\"");
    assert_eq!(scripts, ["/page/main.js"]);
    for style in quoted(&page, "href=\"/") {
        assert!(!text(&format!("/{style}")).await.is_empty());
    }

    let mut modules = vec!["main.js".to_owned()];
    let mut seen = 0;
    while let Some(module) = modules.get(seen) {
        let script = text(&format!("/page/{module}")).await;
        for import in quoted(&script, "from \"./") {
            if !modules.iter().any(|known| known == import) {
                modules.push(import.to_owned());
            }
        }
        seen += 1;
    }
    assert!(seen > 1, "{modules:?}");
}

#[tokio::test]
async fn the_page_asks_nobody_else() {
    for path in ["/", "/page/main.js", "/page/cards.js", "/page/style.css"] {
        assert!(!text(path).await.contains("//cdn"), "{path}");
        assert!(!text(path).await.contains("https:"), "{path}");
    }
}
