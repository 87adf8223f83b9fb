//! Documents that these tests play.

/// A filtered saw for each note, with a release.
pub const FILTERED: &str = r#"
version = 1
name = "Filtered saw"

[[instr]]
name = "saw"
body = '''
|kfreq=440, ivel=1, kcutoff=2000 (100..10000 log Hz "Cutoff"), kres=0.2 (0..0.9 "Resonance")|
aenv linsegr 0, 0.002, 1, 0.05, 0
asig vco2 0.2 * ivel, kfreq
asig moogladder2 asig, kcutoff, kres
outs asig * aenv, asig * aenv
'''

[[layer]]
name = "saw"
voices = 8
parts = [ { instr = "saw" } ]
"#;

/// A bare sine without any envelope: its first and last samples are those of the note.
pub const SINE: &str = r#"
version = 1
name = "Bare sine"

[[instr]]
name = "sine"
body = '''
|kfreq=440, klevel=0.5 (0..1 "Level")|
asig oscili klevel, kfreq, -1, 0.25
outs asig, asig
'''
"#;

/// An effect: the main input at a gain, and the sidechain at another.
pub const MIXER: &str = r#"
version = 1
name = "Mixer"

[[instr]]
name = "mixer"
body = '''
|kmain=1 (0..1 "Main"), kside=0 (0..1 "Side")|
amain1, amain2 inch 1, 2
aside1, aside2 inch 3, 4
outs amain1 * kmain + aside1 * kside, amain2 * kmain + aside2 * kside
'''
"#;

/// A literal division by zero: Csound dies of it, so it must never reach the host's process.
pub const DEADLY: &str = r#"
version = 1
name = "Deadly"

[[instr]]
name = "deadly"
body = '''
|kfreq=440|
ivalue = 1/0
asig oscili 0.5, kfreq
outs asig, asig
'''
"#;

/// A loop without an end at init time.
pub const ENDLESS: &str = r#"
version = 1
name = "Endless"

[[instr]]
name = "endless"
body = '''
|kfreq=440|
ivalue = 0
while ivalue < 1 do
  ivalue = 0
od
asig oscili 0.5, kfreq
outs asig, asig
'''
"#;
