//! Texts and bytes, spoilt at random: what the fuzz tests feed to the readers.

use std::path::Path;
use test_hosts::Random;

/// Longer inputs are cut.
const LONGEST: usize = 200_000;

/// Pieces that mean something to one reader or another, and numbers at their ends.
const PIECES: [&str; 60] = [
    "[[",
    "]]",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "(",
    ")",
    "'''",
    "\"\"\"",
    "\"",
    "'",
    "\\",
    "\\u0000",
    "|",
    ",",
    "..",
    "=",
    ":",
    ";",
    "#",
    "//",
    "/*",
    "*/",
    "@",
    "@note",
    "$",
    "<",
    ">",
    "</",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{e9}",
    "\u{1f3b9}",
    "0",
    "-1",
    "1e308",
    "1e400",
    "-1e308",
    "nan",
    "inf",
    "1e-320",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "4294967296",
    "65536",
    "256",
    "128",
    "instr",
    "endin",
    "i 1 0 1\n",
    "[[instr]]\nname = \"a\"\nbody = \"\"\n",
    "(0..1 log step 0)",
    "smooth 1e9ms",
];

/// The files of folders with these endings.
pub fn files(folders: &[&str], endings: &[&str]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        let wanted = |path: &Path| {
            let name = path.to_string_lossy().into_owned();
            endings.iter().any(|ending| name.ends_with(ending))
        };
        let contents = paths.iter().filter(|path| wanted(path)).map(std::fs::read);
        found.extend(contents.map(|content| content.expect("a file of this repository")));
    }
    found
}

/// One of the corpus, spoilt in one to six places.
pub fn spoilt(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = corpus[random.below(corpus.len())].clone();
    for _ in 0..random.below(6) + 1 {
        spoil(&mut bytes, corpus, random);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn spoil(bytes: &mut Vec<u8>, corpus: &[Vec<u8>], random: &mut Random) {
    let part = range(bytes.len(), random);
    match random.below(9) {
        0 => drop(bytes.drain(part)),
        1 => bytes.truncate(part.start),
        2 => bytes
            .iter_mut()
            .skip(part.start)
            .take(1)
            .for_each(|byte| *byte = random.below(256) as u8),
        3 => bytes
            .iter_mut()
            .skip(part.start)
            .take(1)
            .for_each(|byte| *byte ^= 1 << random.below(8)),
        4 => {
            let copy = bytes[part.clone()].to_vec();
            bytes.splice(part.start..part.start, copy);
        }
        5 => {
            let times = 1 << random.below(12);
            let piece = piece(random).repeat(times);
            bytes.splice(part.start..part.start, piece);
        }
        6 => {
            let number = number_at(bytes, part.start);
            bytes.splice(number, piece(random));
        }
        7 => {
            let other = &corpus[random.below(corpus.len())];
            let from = range(other.len(), random);
            bytes.splice(part, other[from].iter().copied());
        }
        _ => drop(bytes.splice(part, piece(random))),
    }
}

fn piece(random: &mut Random) -> Vec<u8> {
    PIECES[random.below(PIECES.len())].as_bytes().to_vec()
}

/// Some of so many bytes, more often few than many.
fn range(length: usize, random: &mut Random) -> std::ops::Range<usize> {
    let start = random.below(length + 1);
    let most = [4, 60, length][random.below(3)].min(length - start);
    start..start + random.below(most + 1)
}

/// The next number from a place on; empty if there is none.
fn number_at(bytes: &[u8], start: usize) -> std::ops::Range<usize> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let Some(found) = bytes[start..].iter().position(u8::is_ascii_digit) else {
        return start..start;
    };
    let first = start + found;
    let length = bytes[first..]
        .iter()
        .take_while(|byte| is_part(byte))
        .count();
    first..first + length
}
