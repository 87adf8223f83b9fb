use super::*;

fn ramp() -> Vec<f64> {
    (0..4001)
        .flat_map(|n| [f64::from(n - 2000) / 2048.0, f64::from(n % 7) / 8.0])
        .collect()
}

fn round_trip(name: &str, encoding: Option<Encoding>) -> (Sound, Written) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let target = Target::new(&path, encoding).unwrap();
    let mut writer = SoundWriter::create(target, 44_100, 2).unwrap();
    for chunk in ramp().chunks(1000) {
        writer.write(chunk).unwrap();
    }
    let written = writer.finish().unwrap();
    (read(&path).unwrap(), written)
}

#[test]
fn every_form_gives_back_what_it_can_hold() {
    let cases = [
        ("a.wav", Some(Encoding::Pcm16), 0.5 / 32_768.0),
        ("a.wav", Some(Encoding::Pcm24), 0.0),
        ("a.wav", Some(Encoding::Pcm32), 0.0),
        ("a.wav", Some(Encoding::Float32), 0.0),
        ("a.wav", Some(Encoding::Float64), 0.0),
        ("a.flac", None, 0.0),
        ("a.flac", Some(Encoding::Pcm16), 0.5 / 32_768.0),
    ];
    for (name, encoding, tolerance) in cases {
        let (sound, written) = round_trip(name, encoding);
        assert_eq!(
            (sound.sample_rate, sound.channels),
            (44_100, 2),
            "{name} {encoding:?}"
        );
        assert_eq!(
            written,
            Written {
                frames: 4001,
                clipped: 0
            },
            "{name} {encoding:?}"
        );
        assert_eq!(sound.frames(), 4001, "{name} {encoding:?}");
        for (got, wanted) in sound.samples.iter().zip(ramp()) {
            assert!(
                (got - wanted).abs() <= tolerance,
                "{name} {encoding:?}: {got} for {wanted}"
            );
        }
    }
}

#[test]
fn float64_keeps_every_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let target = Target::new(&path, Some(Encoding::Float64)).unwrap();
    let mut writer = SoundWriter::create(target, 48_000, 1).unwrap();
    let samples = [1.0 / 3.0, -1.0e-30, 17.0, f64::MIN_POSITIVE];
    writer.write(&samples).unwrap();
    writer.finish().unwrap();
    assert_eq!(read(&path).unwrap().samples, samples);
}

#[test]
fn integers_clip_and_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let target = Target::new(&path, Some(Encoding::Pcm16)).unwrap();
    let mut writer = SoundWriter::create(target, 48_000, 1).unwrap();
    writer.write(&[1.5, -1.5, -1.0, 0.25]).unwrap();
    assert_eq!(
        writer.finish().unwrap(),
        Written {
            frames: 4,
            clipped: 2
        }
    );
    assert_eq!(
        read(&path).unwrap().samples,
        [32_767.0 / 32_768.0, -1.0, -1.0, 0.25]
    );
}

#[test]
fn an_unfinished_file_leaves_nothing_and_keeps_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    std::fs::write(&path, "old").unwrap();
    let target = Target::new(&path, None).unwrap();
    let mut writer = SoundWriter::create(target, 48_000, 1).unwrap();
    writer.write(&[0.5; 100_000]).unwrap();
    drop(writer);
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn names_and_forms_that_cannot_be_are_refused() {
    assert!(Target::new(Path::new("a.mp3"), None).is_err());
    assert!(Target::new(Path::new("out"), None).is_err());
    assert!(Target::new(Path::new("a.flac"), Some(Encoding::Float32)).is_err());
    assert!("pcm8".parse::<Encoding>().is_err());
    let nowhere = Target::new(Path::new("/nowhere/at/all/a.wav"), None).unwrap();
    assert!(SoundWriter::create(nowhere, 48_000, 2).is_err());
}

#[test]
fn what_is_no_sound_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    std::fs::write(&path, "RIFF....WAVEfmt ").unwrap();
    assert!(read(&path).is_err());
    std::fs::write(&path, "hello").unwrap();
    assert!(
        read(&path)
            .unwrap_err()
            .to_string()
            .contains("a.wav: is no sound file")
    );
    assert!(
        read(Path::new("/nowhere.wav"))
            .unwrap_err()
            .to_string()
            .contains("cannot be read")
    );
}
