//! Figures, the bars they must reach, and where they are written.

use serde_json::json;

/// One figure. Smaller is better.
pub struct Row {
    group: Group,
    name: String,
    figure: f64,
    unit: &'static str,
    bar: Option<f64>,
}

/// What a figure is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// What must be reached, and what helps to understand it.
    Bars,
    /// How the cost grows with something.
    Growth,
}

impl Row {
    /// A figure that must not exceed its bar.
    pub fn with_bar(name: impl Into<String>, figure: f64, unit: &'static str, bar: f64) -> Self {
        Self {
            bar: Some(bar),
            ..Self::free(name, figure, unit)
        }
    }

    /// A figure without a bar.
    pub fn free(name: impl Into<String>, figure: f64, unit: &'static str) -> Self {
        Self {
            group: Group::Bars,
            name: name.into(),
            figure,
            unit,
            bar: None,
        }
    }

    /// One of the figures that show how the cost grows.
    pub fn growth(name: impl Into<String>, figure: f64, unit: &'static str) -> Self {
        Self {
            group: Group::Growth,
            ..Self::free(name, figure, unit)
        }
    }

    fn met(&self) -> Option<bool> {
        self.bar.map(|bar| self.figure <= bar)
    }

    fn print(&self) {
        let bar = self.bar.map_or(String::new(), |bar| format!("<= {bar}"));
        let verdict = match self.met() {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "",
        };
        println!(
            "{:72} {:>10.3} {:<6} {bar:<9} {verdict}",
            self.name, self.figure, self.unit
        );
    }

    fn json(&self) -> serde_json::Value {
        let growth = self.group == Group::Growth;
        json!({
            "name": self.name, "figure": self.figure, "unit": self.unit, "bar": self.bar, "met": self.met(),
            "growth": growth
        })
    }
}

/// Prints each row as it comes, and writes them all to the file that `$BENCH_JSON` names.
pub fn report(rows: impl Iterator<Item = Row>) {
    let rows: Vec<_> = rows.inspect(Row::print).map(|row| row.json()).collect();
    if let Ok(path) = std::env::var("BENCH_JSON") {
        let text = serde_json::Value::Array(rows).to_string() + "\n";
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}
