//! The text of the Instrs: one body at a time, kept as typed until it is applied.

use super::desk::{Desk, Edit, InstrText, View};
use crate::session::When;
use egui::{Key, Modifiers, TextEdit, Ui};

/// The text pane's state.
#[derive(Default)]
pub(super) struct Code {
    /// What the document says.
    applied: Vec<InstrText>,
    /// What stands in the pane.
    typed: Vec<InstrText>,
    selected: usize,
}

impl Code {
    /// Follows the document. Bodies that were changed here and not applied yet stay.
    pub(super) fn follow(&mut self, view: &View) {
        let kept = |instr: &InstrText| {
            let of = |list: &[InstrText]| {
                list.iter()
                    .find(|i| i.name == instr.name)
                    .map(|i| i.body.clone())
            };
            let (typed, applied) = (of(&self.typed), of(&self.applied));
            typed
                .filter(|typed| Some(typed) != applied.as_ref())
                .unwrap_or_else(|| instr.body.clone())
        };
        let typed: Vec<_> = view
            .instrs
            .iter()
            .map(|instr| InstrText {
                name: instr.name.clone(),
                body: kept(instr),
            })
            .collect();
        (self.applied, self.typed) = (view.instrs.clone(), typed);
        self.selected = self.selected.min(self.typed.len().saturating_sub(1));
    }

    /// The bodies that differ from the document's.
    fn changed(&self) -> Vec<InstrText> {
        self.typed
            .iter()
            .filter(|instr| !self.applied.contains(instr))
            .cloned()
            .collect()
    }

    /// Shows the pane. Ctrl+Enter or the button applies what was changed.
    pub(super) fn show(&mut self, ui: &mut Ui, desk: &dyn Desk) {
        let changed = self.changed();
        let shortcut = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
        ui.horizontal_wrapped(|ui| {
            for (index, instr) in self.typed.iter().enumerate() {
                let mark = if changed.iter().any(|c| c.name == instr.name) {
                    " *"
                } else {
                    ""
                };
                ui.selectable_value(&mut self.selected, index, format!("{}{mark}", instr.name));
            }
            let apply =
                ui.add_enabled(!changed.is_empty(), egui::Button::new("Apply (Ctrl+Enter)"));
            let revert = ui.add_enabled(!changed.is_empty(), egui::Button::new("Revert"));
            if (apply.clicked() || shortcut) && !changed.is_empty() {
                desk.apply(Edit::Bodies(changed), When::Now);
            }
            if revert.clicked() {
                self.typed = self.applied.clone();
            }
        });
        if let Some(instr) = self.typed.get_mut(self.selected) {
            let pane = TextEdit::multiline(&mut instr.body)
                .code_editor()
                .desired_width(f32::INFINITY);
            ui.add_sized(ui.available_size(), pane);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(bodies: &[(&str, &str)]) -> View {
        let text = |&(name, body): &(&str, &str)| InstrText {
            name: name.into(),
            body: body.into(),
        };
        View {
            instrs: bodies.iter().map(text).collect(),
            ..View::default()
        }
    }

    #[test]
    fn what_was_typed_outlives_a_new_view() {
        let mut code = Code::default();
        code.follow(&view(&[("a", "1"), ("b", "2")]));
        code.typed[0].body = "typed".into();
        code.follow(&view(&[("a", "1"), ("b", "3")]));
        assert_eq!(
            code.changed(),
            [InstrText {
                name: "a".into(),
                body: "typed".into()
            }]
        );
        assert_eq!(code.typed[1].body, "3");
        code.follow(&view(&[("a", "typed")]));
        assert!(code.changed().is_empty());
    }
}
