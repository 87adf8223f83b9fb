//! The part of the page that is written by the bench: it stands between two marks, the rest is written by hand.

use super::Row;
use super::machine::Machine;
use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- Written by `cargo xtask bench`, up to the next mark. -->\n";
const END: &str = "<!-- End of what `cargo xtask bench` writes. -->\n";

/// Puts the figures between the marks of a page.
pub fn update(page: &Path, machine: &Machine, rows: &[Row]) -> Result<()> {
    let old =
        fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let new = between(&old, &text(machine, rows))
        .with_context(|| format!("{} has lost its marks", page.display()))?;
    fs::write(page, new).with_context(|| format!("cannot write {}", page.display()))
}

/// The page with `text` between its marks.
fn between(page: &str, text: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{text}\n{END}{after}"))
}

fn text(machine: &Machine, rows: &[Row]) -> String {
    let (growth, bars): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.growth);
    let mut text = format!("{}\n\n", machine.sentence());
    text.push_str("| figure | measured | bar | |\n|---|---:|---:|---|\n");
    for row in bars {
        let bar = row.bar.map_or(String::new(), |bar| format!("{bar}"));
        let verdict = match row.met {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "",
        };
        let _ = writeln!(
            text,
            "| {} | {} | {bar} | {verdict} |",
            row.name,
            measured(row)
        );
    }
    text.push_str("\n| how it grows | measured |\n|---|---:|\n");
    for row in growth {
        let _ = writeln!(text, "| {} | {} |", row.name, measured(row));
    }
    text
}

/// A figure with as many places as it needs: ratios take three, all else two.
fn measured(row: &Row) -> String {
    let places = match (row.figure.fract() == 0.0, row.unit.is_empty()) {
        (true, _) => 0,
        (false, true) => 3,
        (false, false) => 2,
    };
    format!("{:.places$} {}", row.figure, row.unit)
        .trim_end()
        .to_owned()
}

#[test]
fn only_what_stands_between_the_marks_is_replaced() {
    let page = format!("before\n{BEGIN}old\n{END}after\n");
    let expected = format!("before\n{BEGIN}\nnew\n{END}after\n");
    assert_eq!(between(&page, "new"), Some(expected));
    assert_eq!(between("no marks", "new"), None);
}
