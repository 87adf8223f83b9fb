//! The current face of each host parameter slot: name, group, default and text, following the document.

use std::sync::{Arc, RwLock};

/// How a control's value is written and read. Values are normalized, 0..=1 along its range and curve.
pub trait Scale: Send + Sync {
    /// The value in the control's own units.
    fn text(&self, normalized: f64) -> String;
    /// The value of a text; `None` if it says nothing.
    fn parse(&self, text: &str) -> Option<f64>;
}

/// What a host shows of one slot.
#[derive(Clone)]
pub struct SlotFace {
    /// The control's label.
    pub name: String,
    /// The group it stands in: its Instr.
    pub group: String,
    /// Its default, normalized.
    pub default: f64,
    /// How its values read.
    pub scale: Arc<dyn Scale>,
}

/// The faces of all slots; a slot without one is unused and hidden. Shared by the session's side, which writes it,
/// and by the host's threads that ask for names and texts. Never used on the audio thread.
#[derive(Default)]
pub struct SlotNames {
    faces: RwLock<Vec<Option<SlotFace>>>,
}

impl SlotNames {
    /// Replaces all faces, by slot. Returns whether a name, a group, a default or the use of a slot has changed.
    pub fn replace(&self, faces: Vec<Option<SlotFace>>) -> bool {
        let Ok(mut current) = self.faces.write() else {
            return false;
        };
        let longest = current.len().max(faces.len());
        let differs = |slot| !looks_alike(face(&current, slot), face(&faces, slot));
        let changed = (0..longest).any(differs);
        *current = faces;
        changed
    }

    /// The face of a slot in use.
    pub fn get(&self, slot: usize) -> Option<SlotFace> {
        face(&self.faces.read().ok()?, slot).cloned()
    }

    /// The slots in use and their faces, in order.
    pub fn list(&self) -> Vec<(usize, SlotFace)> {
        let Ok(faces) = self.faces.read() else {
            return Vec::new();
        };
        let used = faces.iter().enumerate();
        used.filter_map(|(slot, face)| Some((slot, face.clone()?)))
            .collect()
    }

    /// A normalized value in the units of the control. An unused slot shows the plain number.
    pub fn text(&self, slot: usize, normalized: f64) -> String {
        self.get(slot).map_or_else(
            || format!("{normalized:.3}"),
            |face| face.scale.text(normalized),
        )
    }

    /// The normalized value of a text.
    pub fn parse(&self, slot: usize, text: &str) -> Option<f64> {
        match self.get(slot) {
            Some(face) => face.scale.parse(text).filter(|v| v.is_finite()),
            None => text.trim().parse().ok().filter(|v: &f64| v.is_finite()),
        }
        .map(|v| v.clamp(0.0, 1.0))
    }
}

fn face(faces: &[Option<SlotFace>], slot: usize) -> Option<&SlotFace> {
    faces.get(slot)?.as_ref()
}

fn looks_alike(a: Option<&SlotFace>, b: Option<&SlotFace>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.name == b.name && a.group == b.group && a.default == b.default,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Percent;

    impl Scale for Percent {
        fn text(&self, normalized: f64) -> String {
            format!("{:.0} %", normalized * 100.0)
        }
        fn parse(&self, text: &str) -> Option<f64> {
            text.trim_end_matches('%')
                .trim()
                .parse::<f64>()
                .ok()
                .map(|v| v / 100.0)
        }
    }

    fn face(name: &str) -> Option<SlotFace> {
        Some(SlotFace {
            name: name.into(),
            group: "g".into(),
            default: 0.5,
            scale: Arc::new(Percent),
        })
    }

    #[test]
    fn texts_follow_the_face() {
        let names = SlotNames::default();
        assert_eq!(names.text(3, 0.25), "0.250");
        assert!(names.replace(vec![None, None, None, face("Depth")]));
        assert_eq!(names.text(3, 0.25), "25 %");
        assert_eq!(names.parse(3, "40 %"), Some(0.4));
        assert_eq!(names.parse(3, "400 %"), Some(1.0));
        assert_eq!(names.parse(3, "much"), None);
    }

    #[test]
    fn only_a_visible_change_counts() {
        let names = SlotNames::default();
        assert!(!names.replace(vec![None, None]));
        assert!(names.replace(vec![face("A")]));
        assert!(!names.replace(vec![face("A"), None]));
        assert!(names.replace(vec![face("B")]));
    }
}
