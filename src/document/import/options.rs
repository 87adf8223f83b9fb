//! The options of a CSD.

use super::Left;
use super::sections::Section;

/// The p-fields to which options route what a note does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    /// `--midi-key`
    pub key: Option<u32>,
    /// `--midi-key-cps`
    pub key_cps: Option<u32>,
    /// `--midi-key-oct`
    pub key_oct: Option<u32>,
    /// `--midi-key-pch`
    pub key_pch: Option<u32>,
    /// `--midi-velocity`
    pub velocity: Option<u32>,
    /// `--midi-velocity-amp`
    pub velocity_amp: Option<u32>,
    /// MIDI comes from a device or a file.
    pub listens: bool,
}

impl Routes {
    /// Whether a p-field is given by the notes.
    pub fn any(&self) -> bool {
        let all = [
            self.key,
            self.key_cps,
            self.key_oct,
            self.key_pch,
            self.velocity,
            self.velocity_amp,
        ];
        all.iter().any(Option::is_some)
    }
}

/// Options that say where sound and messages go, or how fast: what the host decides.
const OF_THE_HOST: [&str; 26] = [
    "-d",
    "-n",
    "-o",
    "-i",
    "-W",
    "-A",
    "-h",
    "-f",
    "-s",
    "-3",
    "-b",
    "-B",
    "-m",
    "-r",
    "-k",
    "-g",
    "-G",
    "-odac",
    "-iadc",
    "-+rt",
    "--format",
    "--nodisplays",
    "--displays",
    "--messagelevel",
    "--sample-rate",
    "--realtime",
];

/// Reads the options; those that mean nothing to a document are listed.
pub fn read(section: Option<&Section<'_>>, left: &mut Vec<Left>) -> Routes {
    let mut routes = Routes::default();
    let Some(section) = section else {
        return routes;
    };
    for (line, text) in (section.line..).zip(section.text.split('\n')) {
        let text = text.split(';').next().unwrap_or_default();
        for option in text.split_whitespace().filter(|word| word.starts_with('-')) {
            if !route(option, &mut routes)
                && !OF_THE_HOST.iter().any(|known| option.starts_with(known))
            {
                left.push(Left::new(
                    line,
                    format!("the option {option} has no counterpart"),
                ));
            }
        }
    }
    routes
}

fn route(option: &str, routes: &mut Routes) -> bool {
    let (name, number) = option.split_once('=').unwrap_or((option, ""));
    let number = number
        .parse()
        .ok()
        .filter(|number| (4..=100).contains(number));
    match name {
        "--midi-key" => routes.key = number,
        "--midi-key-cps" => routes.key_cps = number,
        "--midi-key-oct" => routes.key_oct = number,
        "--midi-key-pch" => routes.key_pch = number,
        "--midi-velocity" => routes.velocity = number,
        "--midi-velocity-amp" => routes.velocity_amp = number,
        _ if name.starts_with("-M")
            || name.starts_with("-F")
            || name.starts_with("-+rtmidi")
            || name.starts_with("--midi") => {}
        _ => return false,
    }
    routes.listens = true;
    true
}
