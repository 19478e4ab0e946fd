//! What is shown while a check works: verdicts as they fall, and one line of
//! progress below them. Both go to standard error, so that the report on
//! standard output stays whole.

use crate::Context;
use crate::terminal::show_in_place;
use anji_app::CheckEvent;
use anji_report::{ProgressView, Style, terminal};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The lines that a running check shows. They are drawn by a thread of their
/// own, so that the seconds go on while one long command works; dropped, it
/// takes its last line away.
pub(crate) struct Screen {
    style: Style,
    news: Option<Sender<News>>,
    drawing: Option<JoinHandle<()>>,
}

enum News {
    Total(u64),
    Capture(Option<String>),
    Verdict(String),
}

impl Screen {
    pub(crate) fn start(context: &Context) -> Self {
        let style = context.terminal.style();
        let (sender, news) = channel();
        let own = style.clone();
        let drawing = std::thread::Builder::new().spawn(move || {
            let begun = Instant::now();
            let mut view = ProgressView { done: 0, total: 0, current: None, seconds: 0 };
            loop {
                match news.recv_timeout(Duration::from_secs(1)) {
                    Ok(News::Total(total)) => view.total = total,
                    Ok(News::Capture(capture)) => view.current = capture,
                    Ok(News::Verdict(line)) => {
                        view.done += 1;
                        show_in_place(&format!("{line}\n"));
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return show_in_place(""),
                }
                view.seconds = begun.elapsed().as_secs();
                show_in_place(&terminal::progress(&view, &own));
            }
        });
        // Without the thread there is no progress, and the check goes on.
        Self { style, news: Some(sender), drawing: drawing.ok() }
    }

    pub(crate) fn show(&self, event: &CheckEvent<'_>) {
        let news = match event {
            CheckEvent::Planned { checks } => News::Total(*checks as u64),
            CheckEvent::Capture(capture) => News::Capture(Some((*capture).to_owned())),
            CheckEvent::Verdict(result, info) => {
                News::Verdict(terminal::live_line(result, info, &self.style))
            }
            _ => News::Capture(None),
        };
        if let Some(sender) = &self.news {
            // Nobody draws any more: nothing is shown.
            drop(sender.send(news));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(self.news.take());
        if let Some(drawing) = self.drawing.take() {
            // A thread that panicked has said so itself.
            drop(drawing.join());
        }
    }
}
