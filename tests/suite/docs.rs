//! What the manual shows, as it stands there: documents are rendered and heard, scores played, code compiled, commands
//! known.

use std::path::{Path, PathBuf};

use super::plugin_kit::binary;
use super::render_kit::{Kit, peak};
use test_hosts::measure::onset;
use test_hosts::{BlockSizes, Event, Note, Project, Result, Take};

const MUSIC: &str = "end = 3\n[[note]]\nkey = 48\ndur = 1\n[[note]]\nkey = 72\nat = 1\ndur = 1\n";
/// All pages.
const PAGES: [&str; 4] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(page: &str) -> String {
    std::fs::read_to_string(root().join(page)).unwrap()
}

/// The pages of the manual by their paths.
fn pages() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("docs")).unwrap().flatten();
    let names = entries.map(|entry| format!("docs/{}", entry.file_name().display()));
    let pages = names.filter(|name| name.ends_with(".md"));
    pages.chain(PAGES.map(str::to_owned)).collect()
}

/// The blocks of a page in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let (text, fence) = (text(page), format!("```{language}\n"));
    let blocks = text.split(&fence).skip(1);
    blocks
        .filter_map(|block| block.split("```").next())
        .map(str::to_owned)
        .collect()
}

/// The blocks of a page that are documents of their own.
fn documents(page: &str) -> Vec<String> {
    let blocks = blocks(page, "toml").into_iter();
    blocks
        .filter(|block| block.starts_with("version = 1"))
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

/// No page has a block that no test here looks at.
#[test]
fn every_block_of_the_manual_is_tried() {
    let tried = [
        ("README.md", "toml"),
        ("docs/writing-instruments.md", "toml"),
        ("docs/scores.md", "toml"),
        ("docs/session-interface.md", "toml"),
        ("CONTRIBUTING.md", "rust"),
    ];
    for page in pages() {
        let text = text(&page);
        let fences = text.lines().filter_map(|line| line.strip_prefix("```"));
        for language in fences.filter(|language| !language.is_empty()) {
            let known = tried.contains(&(page.as_str(), language));
            assert!(
                known,
                "{page} has a block of {language:?} that nobody tries"
            );
        }
    }
    let all = blocks("docs/writing-instruments.md", "toml").len();
    assert_eq!(documents("docs/writing-instruments.md").len(), all);
}

#[test]
fn the_scores_of_the_manual_are_played() {
    let [document, events, notes] = &blocks("docs/scores.md", "toml")[..] else {
        panic!("docs/scores.md has a document, its score and one of notes");
    };
    let heard = Kit::new(document).score(events).left();
    assert_eq!(heard.len(), 3 * 48_000);
    for (from, to) in [(0.1, 0.4), (0.6, 1.0), (1.9, 2.0)] {
        let [from, to] = [from, to].map(|time: f64| (time * 48_000.0) as usize);
        assert!(peak(&heard[from..to]) > 0.05, "{from} to {to}");
    }
    assert_eq!(peak(&heard[108_000..]), 0.0, "both have ended");
    let body = "|kfreq=440, kcutoff=2000 (20..20000)|\nasig vco2 0.3, kfreq\nasig butterlp asig, kcutoff\nouts asig, asig";
    let heard = Kit::instr("synth", body).score(notes).left();
    let level = |from: usize, to: usize| peak(&heard[from..to]);
    assert!(level(0, 24_000) == 0.0 && level(30_000, 47_000) > 0.1);
    assert!(
        level(60_000, 71_000) < level(30_000, 47_000),
        "the parameter closes the filter"
    );
}

/// One block shows what stands in a document, and what stands in a score of it.
#[test]
fn the_samples_of_the_manual_are_played() {
    let [block] = &blocks("docs/session-interface.md", "toml")[..] else {
        panic!("docs/session-interface.md has one block");
    };
    let (document, score) = block.split_once("[[event]]").unwrap();
    let mut kit = Kit::new(&format!("version = 1\n{document}"));
    kit = kit.score(&format!(
        "[[event]]{score}[[note]]\nkey = 60\nat = 3\ndur = 1\n"
    ));
    let file: PathBuf = kit.file("in.wav", "").with_file_name("samples");
    std::fs::create_dir(&file).unwrap();
    kit.sound_file("samples/choir.wav", 1, &vec![0.25; 96_000]);
    let heard = kit.left();
    assert!(peak(&heard[48_000..90_000]) > 0.1, "the event");
    // As soon as there is an event, the layers that the document spells out are active, and this is one.
    assert!(peak(&heard[160_000..190_000]) > 0.1, "the note");
}

/// The host's example, word by word.
fn example(document: &str) -> Result<()> {
    let binary_of_the_text = binary();
    let mut plugin = binary_of_the_text.open("Csound Session")?;
    plugin.load(&Project::of_toml(document)?.clap_state())?;
    plugin.activate(48_000.0, 512)?;
    let take = Take::new(48_000)
        .blocks(BlockSizes::Random(1))
        .at(1_017, Event::NoteOn(Note::key(69), 1.0));
    let heard = plugin.play(&take)?;
    assert_eq!(
        onset(heard.left(), 1e-6),
        Some(1_017 + plugin.latency() as usize)
    );
    Ok(())
}

#[test]
fn the_code_of_the_manual_compiles_and_holds() {
    let [block] = &blocks("CONTRIBUTING.md", "rust")[..] else {
        panic!("CONTRIBUTING.md has one block");
    };
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let own = squeezed(include_str!("docs.rs"));
    let linked = "Binary::linked(&csound_session::plugin::clap_entry,c\"\")?";
    assert!(squeezed(block).contains(linked));
    // Its first line, which the tests share, is in `plugin_kit`; the last name of the second is this one's.
    for line in block.lines().skip(1) {
        let line = squeezed(line).replace("binary.open", "binary_of_the_text.open");
        assert!(
            own.replace(",)", ")").contains(&line.replace(",)", ")")),
            "{line}"
        );
    }
    example(super::plugin_kit::SINE).unwrap();
}

/// Every command that a page names is one.
#[test]
fn the_commands_of_the_manual_exist() {
    let usage = text("xtask/src/main.rs");
    let cli = text("src/bin/csound-session/main.rs") + &text("src/bin/csound-session/args.rs");
    let word = |rest: &str| -> String {
        rest.chars()
            .take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')
            .collect()
    };
    // `export-csd` is `ExportCsd` in the code.
    let variant = |command: &str| -> String {
        let parts = command.split('-').map(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            first.to_ascii_uppercase() + rest
        });
        parts.collect()
    };
    for page in pages() {
        let text = text(&page);
        for rest in text.split("cargo xtask ").skip(1) {
            let command = word(rest);
            let known = usage.contains(&format!("(\"{command}\", "));
            assert!(known || command.is_empty(), "{page}: cargo xtask {command}");
        }
        for rest in text.split("`csound-session ").skip(1) {
            let command = word(rest);
            let known = cli.contains(&format!("{}(", variant(&command)));
            assert!(
                known || command.is_empty(),
                "{page}: csound-session {command}"
            );
        }
    }
}
