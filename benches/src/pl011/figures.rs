// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: GPL-2.0-or-later
//! Figures of several runs.

use std::fmt;

/// The median and the spread of some figures.
pub struct Summary {
    pub median: f64,
    /// The 90th percentile.
    pub ninetieth: f64,
    pub min: f64,
    pub max: f64,
}

impl Summary {
    /// # Panics
    /// If there are no figures.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Summary {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let last = figures.len() - 1;
        let (median, ninetieth) = (figures[figures.len() / 2], figures[last * 9 / 10]);
        Summary { median, ninetieth, min: figures[0], max: figures[last] }
    }

    /// Summarizes the quotients of paired figures.
    pub fn of_ratios(above: &[f64], below: &[f64]) -> Summary {
        Summary::of(above.iter().zip(below).map(|(above, below)| above / below))
    }
}

/// `1.02 (0.98 to 1.07)`
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        let text = format!("{:.*} ({:.*} to {:.*})", digits, self.median, digits, self.min, digits, self.max);
        f.pad_integral(true, "", &text)
    }
}

/// Prints the text after a figure, and returns whether it is within its limit.
pub fn verdict(figure: f64, bound: f64) -> bool {
    let holds = figure <= bound;
    println!("{bound:>9.2}{}", if holds { "" } else { "  OVER" });
    holds
}
