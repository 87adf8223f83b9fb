//! Who writes which bus, and who reads it, in the order in which it happens.

mod picture;

use crate::document::{Document, Scalar};
pub(super) use picture::show;
/// What the picture joins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    /// The host's input.
    Input,
    /// A bus, without its `@`.
    Bus(String),
    /// An Instr at a priority.
    Part(u32, String),
    /// What is heard.
    Output,
}

/// The picture as data: nodes, and which leads to which, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Routing {
    pub nodes: Vec<Node>,
    pub edges: Vec<(usize, usize)>,
}

impl Routing {
    /// The routing of a document, read from its layers and from what bodies call.
    pub(super) fn of(document: &Document) -> Self {
        let mut routing = Self::default();
        let implied = document.layer.is_empty().then_some(&document.instr);
        let implied = implied
            .into_iter()
            .flatten()
            .map(|entry| (entry.name.as_str(), 1, None));
        let parts = document.layer.iter().flat_map(|layer| &layer.parts);
        let written = parts.map(|part| {
            let least = document
                .instr(&part.instr)
                .and_then(|entry| entry.min_priority);
            let priority = part.priority.map_or(least.unwrap_or(1), |p| {
                if p < 0 {
                    (11 + p).max(1) as u32
                } else {
                    p as u32
                }
            });
            (part.instr.as_str(), priority, Some(&part.args))
        });
        for (instr, priority, args) in implied.chain(written) {
            let Some(entry) = document.instr(instr) else {
                continue;
            };
            let part = routing.node(Node::Part(priority, instr.to_owned()));
            let calls = Calls::of(&entry.body);
            for (argument, value) in args.into_iter().flatten() {
                let Scalar::Text(text) = value else { continue };
                let Some(bus) = text.strip_prefix('@') else {
                    continue;
                };
                routing.join(
                    part,
                    &bus_node(bus),
                    calls.reads(argument),
                    calls.writes(argument),
                );
            }
            routing.join(part, &Node::Output, false, calls.plays);
            routing.join(part, &Node::Input, calls.listens, false);
        }
        routing
    }

    fn node(&mut self, node: Node) -> usize {
        self.nodes
            .iter()
            .position(|known| *known == node)
            .unwrap_or_else(|| {
                self.nodes.push(node);
                self.nodes.len() - 1
            })
    }

    fn join(&mut self, part: usize, other: &Node, reads: bool, writes: bool) {
        if !reads && !writes {
            return;
        }
        let other = self.node(other.clone());
        let edges = [(reads, (other, part)), (writes, (part, other))];
        for (_, edge) in edges.into_iter().filter(|(is, _)| *is) {
            if !self.edges.contains(&edge) {
                self.edges.push(edge);
            }
        }
    }

    /// The row of each node: a part below those of lower priority, a bus below the first that writes it.
    fn rows(&self) -> Vec<usize> {
        let mut priorities: Vec<u32> = self.nodes.iter().filter_map(priority).collect();
        priorities.sort_unstable();
        priorities.dedup();
        let row_of = |p: u32| 1 + 2 * priorities.iter().position(|known| *known == p).unwrap_or(0);
        let last = 2 * priorities.len();
        let row = |index: usize| match &self.nodes[index] {
            Node::Input => 0,
            Node::Part(priority, _) => row_of(*priority),
            Node::Output => last,
            Node::Bus(_) => {
                let writers = self.edges.iter().filter(|(_, to)| *to == index);
                let rows = writers.filter_map(|(from, _)| priority(&self.nodes[*from]).map(row_of));
                rows.min().map_or(0, |row| row + 1)
            }
        };
        (0..self.nodes.len()).map(row).collect()
    }
}

fn priority(node: &Node) -> Option<u32> {
    match node {
        Node::Part(priority, _) => Some(*priority),
        _ => None,
    }
}

fn bus_node(name: &str) -> Node {
    if name.starts_with("input") || name.starts_with("sidechain") {
        Node::Input
    } else {
        Node::Bus(name.to_owned())
    }
}

/// What a body calls, as far as routing goes.
struct Calls<'a> {
    lines: Vec<&'a str>,
    plays: bool,
    listens: bool,
}

impl<'a> Calls<'a> {
    fn of(body: &'a str) -> Self {
        let lines: Vec<&str> = body
            .lines()
            .map(|line| line.split(';').next().unwrap_or_default())
            .collect();
        let calls = |names: &[&str]| {
            lines
                .iter()
                .any(|line| words(line).any(|word| names.contains(&word)))
        };
        Self {
            plays: calls(&[
                "out", "outs", "outs1", "outs2", "outch", "outc", "outall", "outq",
            ]),
            listens: calls(&["in", "ins", "inch", "inall"]),
            lines,
        }
    }

    fn reads(&self, argument: &str) -> bool {
        self.has(argument, &["busin"])
    }

    fn writes(&self, argument: &str) -> bool {
        self.has(argument, &["busout", "busmix"])
    }

    fn has(&self, argument: &str, opcodes: &[&str]) -> bool {
        let with = |line: &&&str| words(line).any(|word| word == argument);
        self.lines
            .iter()
            .filter(with)
            .any(|line| words(line).any(|word| opcodes.contains(&word)))
    }
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pad_goes_from_voices_over_buses_to_the_output() {
        let pad = Document::factory()
            .into_iter()
            .find(|(name, _)| *name == "pad.toml")
            .expect("the pad")
            .1;
        let routing = Routing::of(&pad);
        let at = |node: &Node| {
            routing
                .nodes
                .iter()
                .position(|known| known == node)
                .expect("a node")
        };
        let bus = |name: &str| at(&Node::Bus(name.into()));
        let (voice, glass) = (
            at(&Node::Part(1, "voice".into())),
            at(&Node::Part(2, "glass".into())),
        );
        let mut edges = routing.edges.clone();
        edges.sort_unstable();
        let mut expected = vec![
            (voice, bus("note")),
            (voice, bus("note2")),
            (bus("note"), glass),
            (bus("note2"), glass),
            (glass, at(&Node::Output)),
        ];
        expected.sort_unstable();
        assert_eq!(edges, expected);
        let rows = routing.rows();
        assert!(
            rows[voice] < rows[bus("note")]
                && rows[bus("note")] < rows[glass]
                && rows[glass] < rows[at(&Node::Output)]
        );
    }
}
