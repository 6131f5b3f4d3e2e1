// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Progress bars on a terminal, one line per step elsewhere.

use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::host::output::visible;

static BARS: Mutex<Option<MultiProgress>> = Mutex::new(None);

fn bars() -> MultiProgress {
    let mut bars = BARS.lock().unwrap_or_else(|e| e.into_inner());
    bars.get_or_insert_with(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr())).clone()
}

/// A line for a long step. Nothing is drawn if standard error is not a terminal.
pub struct Bar(ProgressBar);

impl Bar {
    /// Returns the bar of a step of `total` parts, or of an unknown number.
    pub fn new(what: &str, total: Option<u64>) -> Bar {
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total), "{prefix} {bar:24} {wide_msg} {elapsed}"),
            None => (ProgressBar::new_spinner(), "{prefix} {spinner} {wide_msg} {elapsed}"),
        };
        let bar = bars().add(bar);
        bar.set_style(ProgressStyle::with_template(template).expect("the template is a constant"));
        bar.set_prefix(what.to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        Bar(bar)
    }

    pub fn message(&self, message: &str) {
        self.0.set_message(message.to_string());
    }

    pub fn advance(&self, message: &str) {
        self.0.inc(1);
        self.message(message);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Writes a line on standard error without disturbing the bars.
pub fn note(line: &str) {
    bars().suspend(|| {
        // An error cannot be reported if standard error is closed.
        let _ = writeln!(std::io::stderr(), "{}", visible(line));
    });
}
