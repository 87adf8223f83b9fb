//! Presets: factory documents and the user's, as a list to go through.

use csound_session::document::presets::{Kind, Preset, Presets, Source};
use csound_session::document::{Document, factory_folder};

use super::render_kit::{Kit, instr, peak};

const NAMED: &str = "version = 1\nname = \"Zither\"\nauthor = \"me\"\ndescription = \"Plucked.\"\ntags = [\"pluck\"]\n";

/// A folder with two documents, one of them below, and with files that are none.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let body = instr("tone", "|kmidi=60|\nouts a(0), a(0)").replace("version = 1\n", "");
    write("zither.toml", &format!("{NAMED}{body}"));
    write("mine/Nameless.toml", &format!("version = 1\n{body}"));
    write("zither.score.toml", "end = 1");
    write("broken.toml", "version = 1\nname = ");
    write("notes.txt", "version = 1");
    folder
}

#[test]
fn a_folder_lists_its_documents_and_nothing_else() {
    let folder = folder();
    let presets = Presets::in_folder(folder.path());
    let names: Vec<_> = presets.iter().map(|preset| preset.name.as_str()).collect();
    assert_eq!(names, ["Nameless", "Zither"]);
    let zither = presets.iter().nth(1).unwrap();
    assert_eq!(
        (zither.author.as_str(), zither.description.as_str()),
        ("me", "Plucked.")
    );
    assert_eq!(zither.tags, ["pluck"]);
    assert_eq!(zither.kind(), Kind::Instrument);
    assert_eq!(zither.load().unwrap().name, "Zither");
}

#[test]
fn presets_go_round() {
    let folder = folder();
    let presets = Presets::in_folder(folder.path());
    let [first, last] = [0, 1].map(|at| presets.iter().nth(at).unwrap());
    assert_eq!(presets.next(None), Some(first));
    assert_eq!(presets.previous(None), Some(last));
    assert_eq!(presets.next(Some(&first.source)), Some(last));
    assert_eq!(presets.next(Some(&last.source)), Some(first));
    assert_eq!(presets.previous(Some(&first.source)), Some(last));
    let gone = Source::File("/nowhere.toml".into());
    assert_eq!(presets.next(Some(&gone)), Some(first));
    assert_eq!(Presets::default().next(Some(&gone)), None);
    assert_eq!(Presets::default().previous(None), None);
}

#[test]
fn factory_presets_are_loaded_by_name_with_their_samples() {
    let presets = Presets::factory();
    assert_eq!(presets.iter().count(), Document::factory().len());
    let effects = presets.of_kind(Kind::Effect);
    assert!(
        effects
            .iter()
            .all(|preset| preset.tags.contains(&"effect".to_owned()))
    );
    assert!(
        effects.iter().count() >= 10
            && effects
                .find(&Source::Factory("reverb.toml".into()))
                .is_some()
    );
    let grains = Preset::of_factory("grains.toml").unwrap();
    let document = grains.load().unwrap();
    assert!(document.path_of("samples/glass.flac").is_file());
    assert_eq!(
        grains.source.path(),
        Some(factory_folder().unwrap().join("grains.toml"))
    );
    // As a project keeps it: the state finds the sample too.
    let state = Document::from_state(&document.to_state()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.toml");
    let sample = state.path_of("samples/glass.flac");
    std::fs::create_dir(folder.path().join("samples")).unwrap();
    std::fs::copy(sample, folder.path().join("samples/glass.flac")).unwrap();
    state.save(&path).unwrap();
    let mut kit = Kit::new(&std::fs::read_to_string(&path).unwrap());
    kit.job.document = path;
    let heard = kit.score("[[note]]\nkey = 60\ndur = 0.5\n").left();
    assert!(peak(&heard) > 0.01);
}

#[test]
fn what_is_gone_is_told() {
    assert_eq!(Preset::of_factory("gone.toml"), None);
    let told = Source::Factory("gone.toml".into()).load().unwrap_err();
    assert!(told[0].message.contains("gone.toml"), "{told:?}");
    assert!(Preset::of_file("/nowhere.toml".as_ref()).is_err());
}
