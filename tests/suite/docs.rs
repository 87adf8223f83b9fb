//! The documents that the manual shows: each is rendered as it stands there, and heard.

use std::path::Path;

use super::render_kit::{Kit, peak};

const MUSIC: &str = "end = 3\n[[note]]\nkey = 48\ndur = 1\n[[note]]\nkey = 72\nat = 1\ndur = 1\n";

/// The blocks of a page that are documents of their own.
fn documents(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let blocks = text.split("```toml\n").skip(1);
    blocks
        .filter_map(|block| block.split("```").next())
        .filter(|block| block.starts_with("version = 1"))
        .map(str::to_owned)
        .collect()
}

/// The loudest sample of what a document makes of two notes, or of its input if it is an effect.
fn loudness(document: &str) -> f64 {
    let mut kit = Kit::new(document).score(MUSIC);
    if document.contains("inch ") {
        let noise: Vec<f64> = (0..144_000)
            .map(|i| f64::from(i * 7919 % 199) / 400.0 - 0.25)
            .collect();
        kit.job.input = Some(kit.sound_file("in.wav", 1, &noise));
    }
    peak(&kit.left())
}

#[test]
fn every_document_of_the_manual_is_heard() {
    for (page, least) in [("README.md", 1), ("docs/writing-instruments.md", 7)] {
        let documents = documents(page);
        assert!(documents.len() >= least, "{page}: {}", documents.len());
        for document in documents {
            let loudness = loudness(&document);
            assert!((0.02..1.0).contains(&loudness), "{loudness}: {document}");
        }
    }
}
