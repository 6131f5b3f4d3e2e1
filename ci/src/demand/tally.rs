// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which uses oldstable-compat serves, by its list of items.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Result;

use super::lint::Use;
use crate::retire::table::{name_of, rows, Row};

/// Whether a use has only to change its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Served,
    /// It is used in a const context, where oldstable-compat's item is not allowed.
    Const,
    Lacking,
    /// No item of the list has this name: the list omits core::arch and trait implementations.
    Unlisted,
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Class::Served => "served",
            Class::Const => "const",
            Class::Lacking => "lacking",
            Class::Unlisted => "unlisted",
        }
    }
}

/// The uses of all items with the same name and release.
pub struct Demand {
    pub class: Class,
    /// The candidates, since the lint names no type.
    pub api: String,
    pub since: String,
    pub uses: usize,
    pub packages: BTreeSet<String>,
}

impl Demand {
    /// Half of all uses in the registry are of these, so a share that includes them says little.
    fn is_c_type(&self) -> bool {
        self.api.starts_with("ffi::c_")
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (class, api, since) = (self.class.name(), &self.api, &self.since);
        write!(f, "{class}\t{api}\t{since}\t{}\t{}", self.uses, self.packages.len())
    }
}

/// Returns the demand, the most used first.
pub fn tally(uses: &[Use], list: &str) -> Result<Vec<Demand>> {
    let rows: Vec<_> = rows(list).collect::<Result<_>>()?;
    let mut found: BTreeMap<(String, String, bool), Demand> = BTreeMap::new();
    for use_ in uses {
        let since = use_.since.release().to_string();
        let key = (use_.name.clone(), since.clone(), use_.in_const);
        let demand = found.entry(key).or_insert_with(|| {
            let (class, api) = look_up(use_, &rows);
            Demand { class, api, since, uses: 0, packages: BTreeSet::new() }
        });
        demand.uses += 1;
        demand.packages.insert(use_.package.clone());
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| (b.uses, &a.api).cmp(&(a.uses, &b.api)));
    Ok(found)
}

/// In a const context the lint names the release since which the item is const.
fn look_up(use_: &Use, rows: &[Row]) -> (Class, String) {
    let since = use_.since.release();
    let named = || rows.iter().filter(|row| name_of(row.item) == use_.name);
    let then = |row: &&Row| if use_.in_const { row.const_since == since.to_string() } else { row.since == since };
    let mut fits: Vec<_> = named().filter(then).collect();
    if fits.is_empty() && use_.name.starts_with(char::is_uppercase) {
        // The list states the release of the path: `os::fd` is newer than its types in `os::unix::io`.
        fits = named().filter(|row| row.since > since && row.kind != "variant").collect();
    }
    if fits.is_empty() {
        // An item that is older than the list and has only become const since then has no row.
        let class = if use_.in_const { Class::Const } else { Class::Unlisted };
        return (class, use_.name.clone());
    }
    let api = fits.iter().map(|row| row.item).collect::<Vec<_>>().join("|");
    let class = if fits.iter().all(|row| row.here == "left") {
        Class::Lacking
    } else if !use_.in_const || fits.iter().any(|row| row.here != "left" && row.is_const) {
        Class::Served
    } else {
        Class::Const
    };
    (class, api)
}

/// Returns the shares, the one of all uses last.
pub fn shares(demand: &[Demand]) -> Vec<String> {
    let count = |counts: &dyn Fn(&Demand) -> bool| -> usize {
        demand.iter().filter(|demand| counts(demand)).map(|demand| demand.uses).sum()
    };
    let share = |what: &str, counts: &dyn Fn(&Demand) -> bool| {
        let all = count(counts);
        let served = count(&|demand| counts(demand) && demand.class == Class::Served);
        if all == 0 {
            return format!("0 of 0 uses {what} are provided");
        }
        let percent = served as f64 * 100.0 / all as f64;
        format!("{served} of {all} uses {what} are provided: {percent:.1} %")
    };
    let listed = |demand: &Demand| demand.class != Class::Unlisted;
    vec![
        format!("{} uses of items that are not in the list are not counted", count(&|demand| !listed(demand))),
        share("with the C types", &listed),
        share("without the C types and const contexts", &|demand| {
            listed(demand) && !demand.is_c_type() && demand.class != Class::Const
        }),
        share("without the C types", &|demand| listed(demand) && !demand.is_c_type()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "item\tkind\tsince\tconst since\there\tconst here\tnote\n\
                        ptr::from_ref\tfn\t1.76\t1.76\town\t-\t\n\
                        hint::black_box\tfn\t1.66\t1.86\town\t1.48\t\n\
                        ffi::c_int\ttype\t1.64\t-\town\t-\t\n\
                        any::Any::downcast\tmethod\t1.51\t-\tleft\t-\twhy\n";

    fn used(name: &str, since: &str, in_const: bool) -> Use {
        Use { package: "p 1.0.0".into(), name: name.into(), since: since.parse().unwrap(), in_const }
    }

    #[test]
    fn each_class_is_told_from_the_others() {
        let cases = [
            (used("from_ref", "1.76.0", false), Class::Served),
            (used("from_ref", "1.76.0", true), Class::Const),
            (used("black_box", "1.86.0", true), Class::Served),
            (used("downcast", "1.51.0", false), Class::Lacking),
            (used("from_ref", "1.53.0", false), Class::Unlisted),
            (used("transmute", "1.56.0", true), Class::Const),
        ];
        for (use_, class) in cases {
            assert_eq!(tally(std::slice::from_ref(&use_), LIST).unwrap()[0].class, class, "{use_:?}");
        }
    }

    #[test]
    fn the_last_line_leaves_the_types_of_c_out() {
        let uses = [
            used("c_int", "1.64.0", false),
            used("from_ref", "1.76.0", false),
            used("from_ref", "1.76.0", true),
            used("downcast", "1.51.0", false),
            used("_mm_pause", "1.60.0", false),
        ];
        let lines = shares(&tally(&uses, LIST).unwrap());
        assert_eq!(lines[0], "1 uses of items that are not in the list are not counted");
        assert_eq!(lines[1], "2 of 4 uses with the C types are provided: 50.0 %");
        assert_eq!(lines[2], "1 of 2 uses without the C types and const contexts are provided: 50.0 %");
        assert_eq!(lines[3], "1 of 3 uses without the C types are provided: 33.3 %");
        assert_eq!(shares(&[])[3], "0 of 0 uses without the C types are provided");
    }
}
