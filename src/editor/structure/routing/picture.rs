//! The routing, drawn: boxes in rows, curves between them.

use super::{Node, Routing};
use crate::editor::parts::{boxed, tiny};
use crate::editor::theme::{GRID, Palette};
use egui::epaint::CubicBezierShape;
use egui::{
    Align2, Color32, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// Height of a row, points.
const ROW: f32 = 40.0;
const BOX: f32 = 24.0;

/// Draws the picture. Gives back the Instr that was clicked.
pub(in crate::editor::structure) fn show(ui: &mut Ui, routing: &Routing) -> Option<String> {
    let rows = routing.rows();
    let used: Vec<usize> = (0..=rows.iter().copied().max()?)
        .filter(|row| rows.contains(row))
        .collect();
    let size = vec2(ui.available_width(), used.len() as f32 * ROW);
    let (all, _) = ui.allocate_exact_size(size, Sense::hover());
    let place = |index: usize| {
        let row = rows[index];
        let beside: Vec<usize> = (0..rows.len())
            .filter(|other| rows[*other] == row)
            .collect();
        let column = beside.iter().position(|other| *other == index).unwrap_or(0) as f32;
        let width = (all.width() / beside.len() as f32).min(150.0);
        let left = all.center().x - width * beside.len() as f32 / 2.0;
        let height = used.iter().position(|used| *used == row).unwrap_or(0) as f32 * ROW;
        let center = pos2(
            left + (column + 0.5) * width,
            all.top() + height + ROW / 2.0,
        );
        Rect::from_center_size(center, Vec2::new(width - GRID, BOX))
    };
    let places: Vec<Rect> = (0..rows.len()).map(place).collect();
    for (from, to) in &routing.edges {
        let color = edge_color(ui, &routing.nodes[*from], &routing.nodes[*to]);
        curve(ui, places[*from], places[*to], color);
    }
    let mut clicked = None;
    for (node, place) in routing.nodes.iter().zip(&places) {
        if draw(ui, node, *place)
            && let Node::Part(_, instr) = node
        {
            clicked = Some(instr.clone());
        }
    }
    clicked
}

fn edge_color(ui: &Ui, from: &Node, to: &Node) -> Color32 {
    let colors = Palette::of(ui);
    match (from, to) {
        (_, Node::Output) => colors.good,
        (Node::Input, _) => colors.wait,
        _ => colors.accent,
    }
}

fn curve(ui: &Ui, from: Rect, to: Rect, color: Color32) {
    let down = from.center().y < to.center().y;
    let (start, end) = if down {
        (from.center_bottom(), to.center_top())
    } else {
        (from.center_top(), to.center_bottom())
    };
    let bend = vec2(0.0, (end.y - start.y) * 0.5);
    let points = [start, start + bend, end - bend, end];
    let stroke = Stroke::new(1.5, color.gamma_multiply(0.8));
    ui.painter().add(CubicBezierShape::from_points_stroke(
        points,
        false,
        Color32::TRANSPARENT,
        stroke,
    ));
    let up = if down { -5.0 } else { 5.0 };
    let head: Vec<Pos2> = vec![end, end + vec2(-3.0, up), end + vec2(3.0, up)];
    ui.painter()
        .add(egui::Shape::convex_polygon(head, color, Stroke::NONE));
}

/// One box; whether it was clicked.
fn draw(ui: &Ui, node: &Node, place: Rect) -> bool {
    let colors = Palette::of(ui);
    match node {
        Node::Part(priority, name) => draw_part(ui, *priority, name, place),
        Node::Bus(name) => draw_pill(ui, &format!("@{name}"), place, colors.accent),
        Node::Input => draw_pill(ui, "Input", place, colors.wait),
        Node::Output => draw_pill(ui, "Output", place, colors.good),
    }
}

fn draw_part(ui: &Ui, priority: u32, name: &str, place: Rect) -> bool {
    let colors = Palette::of(ui);
    let id = ui.scope_id().with(("part", priority, name));
    let response = ui.interact(place, id, Sense::click());
    let fill = if response.hovered() {
        colors.line
    } else {
        colors.raised
    };
    let line = Stroke::new(1.0, colors.line);
    ui.painter()
        .rect(place, 5.0, fill, line, StrokeKind::Inside);
    boxed(ui, place.shrink2(vec2(16.0, 0.0)), name, colors.text);
    let at = place.left_center() + vec2(6.0, 0.0);
    tiny(
        ui,
        at,
        Align2::LEFT_CENTER,
        &priority.to_string(),
        colors.weak,
    );
    let about = format!("{name} at priority {priority}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &about));
    response.on_hover_text(about).clicked()
}

fn draw_pill(ui: &Ui, name: &str, place: Rect, color: Color32) -> bool {
    let line = Stroke::new(1.0, color);
    let fill = Palette::of(ui).sunken;
    ui.painter()
        .rect(place, 12.0, fill, line, StrokeKind::Inside);
    boxed(ui, place.shrink2(vec2(10.0, 0.0)), name, color);
    false
}
