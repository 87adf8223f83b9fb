//! What the window costs while somebody writes in it.

use crate::editor_kit::frames_of_2000_lines;
use crate::rows::Row;

pub fn rows() -> Vec<Row> {
    let (_, frames) = frames_of_2000_lines();
    let row = |what: &str, figure| {
        let name = format!("frame of the window, 2,000 lines of code, {what}");
        Row::with_bar(name, figure, "ms", 16.0)
    };
    vec![
        row("typing", frames.typing),
        row("moving", frames.moving),
        row("at rest", frames.resting),
    ]
}
