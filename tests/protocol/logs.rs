//! Details that are logged and that no client is told.

use std::{
    io,
    sync::{Arc, Mutex},
};

use chanx::ChannelOptions;
use tracing_subscriber::{filter::LevelFilter, fmt, fmt::format::FmtSpan};

use crate::desk::{Dismiss, Fail, Hello, Ring, SECRET, Welcome, client, client_with};

/// The lines that this thread has logged, at any level.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub(crate) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        self.listen_with(FmtSpan::NONE)
    }

    /// Has a line for each span that begins, too.
    pub(crate) fn listen_to_spans(&self) -> tracing::subscriber::DefaultGuard {
        self.listen_with(FmtSpan::NEW)
    }

    fn listen_with(&self, spans: FmtSpan) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let subscriber = fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(spans)
            .with_writer(move || log.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    /// The lines that mention something.
    pub(crate) fn lines(&self, word: &str) -> Vec<String> {
        let bytes = self.0.lock().unwrap();
        let text = std::str::from_utf8(&bytes).unwrap();
        let lines = text.lines().filter(|line| line.contains(word));
        lines.map(ToOwned::to_owned).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn p10_an_errors_own_text_goes_to_the_log() {
    let log = Log::default();
    let _listening = log.listen();
    let mut client = client().await;

    client.send(&Fail).await;
    client.receive_any().await;

    let lines = log.lines(SECRET);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("WARN"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn p11_a_failing_event_handler_is_logged() {
    let log = Log::default();
    let _listening = log.listen();
    let mut client = client().await;

    client.send(&Ring { fails: true }).await;
    client.receive_nothing().await;

    let lines = log.lines(SECRET);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("ERROR"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn p19_a_close_code_that_may_not_be_sent_is_logged() {
    let log = Log::default();
    let _listening = log.listen();
    let mut client = client().await;

    client.send(&Dismiss { code: 1005 }).await;
    client.closed().await;

    let lines = log.lines("may not be sent");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("ERROR"), "{lines:?}");
    assert!(lines[0].contains("code=1005"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn p15_completions_are_not_logged() {
    let log = Log::default();
    let _listening = log.listen();
    let mut client = client_with(ChannelOptions::default().completion_frames(true)).await;

    client.request::<Welcome>(&Hello).await;
    client.send(&Ring { fails: false }).await;
    client.receive_any().await;
    client.close(1000).await;

    assert!(!log.lines("chanx_core").is_empty());
    let is_told = |line: &String| line.contains("\"complete") || line.contains("action=complete");
    let lines = log.lines("complete");
    assert!(!lines.iter().any(is_told), "{lines:?}");
}
