//! Where a sound file says that it can be looped: the `smpl` chunk of WAV, the sustain loop of AIFF. Files are
//! anybody's: what does not fit together means no loop.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// More chunks, loops or markers than this are not looked through.
const MOST: u32 = 1000;

/// The first frame of the first forward loop, and the one after its last. Opens the file.
pub(super) fn points(path: &Path) -> Option<Range<u64>> {
    let mut file = BufReader::new(File::open(path).ok()?);
    read(&mut file)
        .ok()
        .flatten()
        .filter(|it| it.start < it.end)
}

fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<Range<u64>>> {
    let [id, _, kind] = [four(file)?, four(file)?, four(file)?];
    match (&id, &kind) {
        (b"RIFF", b"WAVE") => of_wav(file),
        (b"FORM", b"AIFF" | b"AIFC") => of_aiff(file),
        _ => Ok(None),
    }
}

fn of_wav(file: &mut (impl Read + Seek)) -> io::Result<Option<Range<u64>>> {
    let sampler = chunk(file, b"smpl", u32::from_le_bytes)?;
    file.seek(SeekFrom::Start(sampler + 28))?;
    let loops = u32::from_le_bytes(four(file)?).min(MOST);
    file.seek(SeekFrom::Current(4))?;
    for _ in 0..loops {
        let mut fields = [0; 6];
        for field in &mut fields {
            *field = u32::from_le_bytes(four(file)?);
        }
        let [_, direction, first, last, ..] = fields;
        if direction == 0 {
            return Ok(Some(u64::from(first)..u64::from(last) + 1));
        }
    }
    Ok(None)
}

fn of_aiff(file: &mut (impl Read + Seek)) -> io::Result<Option<Range<u64>>> {
    let instrument = chunk(file, b"INST", u32::from_be_bytes)?;
    file.seek(SeekFrom::Start(instrument + 8))?;
    let [mode, first, last] = [two(file)?, two(file)?, two(file)?];
    if mode != 1 {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(12))?;
    let markers = chunk(file, b"MARK", u32::from_be_bytes)?;
    file.seek(SeekFrom::Start(markers))?;
    let count = u32::from(two(file)?).min(MOST);
    let (mut start, mut end) = (None, None);
    for _ in 0..count {
        let id = two(file)?;
        let place = u64::from(u32::from_be_bytes(four(file)?));
        if id == first {
            start = Some(place);
        }
        if id == last {
            end = Some(place);
        }
        let mut length = [0];
        file.read_exact(&mut length)?;
        // The name and its length fill an even number of bytes.
        file.seek(SeekFrom::Current(i64::from(length[0] | 1)))?;
    }
    Ok(start.zip(end).map(|(start, end)| start..end))
}

/// Where the content of the next chunk of that name begins, from the current chunk on.
fn chunk(
    file: &mut (impl Read + Seek),
    wanted: &[u8; 4],
    size: fn([u8; 4]) -> u32,
) -> io::Result<u64> {
    for _ in 0..MOST {
        let (id, length) = (four(file)?, size(four(file)?));
        if id == *wanted {
            return file.stream_position();
        }
        file.seek(SeekFrom::Current(i64::from(length) + i64::from(length & 1)))?;
    }
    Err(io::ErrorKind::InvalidData.into())
}

fn four(file: &mut impl Read) -> io::Result<[u8; 4]> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn two(file: &mut impl Read) -> io::Result<u16> {
    let mut bytes = [0; 2];
    file.read_exact(&mut bytes)?;
    Ok(u16::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn loop_of(bytes: &[u8]) -> Option<Range<u64>> {
        read(&mut Cursor::new(bytes)).ok().flatten()
    }

    /// A chunk, filled up to an even length.
    fn part(id: &[u8; 4], size: [u8; 4], content: &[u8]) -> Vec<u8> {
        let mut part = [&id[..], &size, content].concat();
        part.resize(part.len().next_multiple_of(2), 0);
        part
    }

    fn wav(loops: &[[u32; 6]]) -> Vec<u8> {
        let mut sampler = vec![0; 28];
        sampler.extend((loops.len() as u32).to_le_bytes());
        sampler.extend([0; 4]);
        sampler.extend(loops.concat().iter().flat_map(|field| field.to_le_bytes()));
        let size = |content: &[u8]| (content.len() as u32).to_le_bytes();
        let odd = part(b"data", size(&[1, 2, 3]), &[1, 2, 3]);
        let sampler = part(b"smpl", size(&sampler), &sampler);
        [b"RIFF\0\0\0\0WAVE", &odd[..], &sampler].concat()
    }

    fn aiff(mode: u16) -> Vec<u8> {
        let size = |content: &[u8]| (content.len() as u32).to_be_bytes();
        let mut markers = 2_u16.to_be_bytes().to_vec();
        for (id, place, name) in [(7_u16, 5_000_u32, &b"\x03end"[..]), (3, 100, b"\x04here\0")] {
            markers.extend(id.to_be_bytes());
            markers.extend(place.to_be_bytes());
            markers.extend(name);
        }
        let mut instrument = vec![0; 8];
        instrument.extend(
            [mode, 3, 7, 0, 0, 0]
                .iter()
                .flat_map(|field| field.to_be_bytes()),
        );
        let parts = [(b"INST", &instrument), (b"MARK", &markers)];
        let parts = parts.map(|(id, content)| part(id, size(content), content));
        [&b"FORM\0\0\0\0AIFF"[..], &parts.concat()].concat()
    }

    #[test]
    fn the_first_forward_loop_counts() {
        let loops = [
            [0, 1, 5, 9, 0, 0],
            [1, 0, 100, 199, 0, 0],
            [2, 0, 1, 2, 0, 0],
        ];
        assert_eq!(loop_of(&wav(&loops)), Some(100..200));
        assert_eq!(loop_of(&wav(&[])), None);
        assert_eq!(loop_of(&aiff(1)), Some(100..5_000));
        assert_eq!(loop_of(&aiff(0)), None);
    }

    #[test]
    fn a_file_that_ends_anywhere_or_lies_has_none() {
        let whole = wav(&[[0, 0, 100, 199, 0, 0]]);
        for file in [&whole, &aiff(1)] {
            for end in 0..file.len() - 8 {
                loop_of(&file[..end]);
            }
        }
        let mut many = whole.clone();
        let count = many.len() - 32;
        many[count..count + 4].fill(0xff);
        assert_eq!(loop_of(&many), Some(100..200));
        assert_eq!(loop_of(b"OggS"), None);
        assert_eq!(
            loop_of(&[b"RIFF\0\0\0\0WAVE", &[0xff; 4000][..]].concat()),
            None
        );
    }
}
