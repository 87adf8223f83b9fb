//! The file format of VST3 presets: a head, chunks, and a list of the chunks at the end. Numbers are little-endian.

use std::fmt::Write;

/// In the description of each preset that this program writes, and in no other.
const MARK: &str = "CsoundSessionDocument";
const VERSION: i32 = 1;
/// `VST3`, the version, the class in 32 digits, where the list begins.
const HEAD: usize = 4 + 4 + 32 + 8;

/// What a host's browser shows.
pub(super) struct About<'a> {
    pub(super) plugin: &'a str,
    pub(super) vendor: &'a str,
    /// `Instrument` or `Fx`.
    pub(super) category: &'a str,
    pub(super) name: &'a str,
    pub(super) author: &'a str,
    pub(super) description: &'a str,
    pub(super) tags: &'a [String],
}

/// A file that holds this state for a plugin of that class.
pub(super) fn pack(class: [u8; 16], state: &[u8], about: &About) -> Vec<u8> {
    let about = about.xml();
    let chunks = [(*b"Comp", state), (*b"Info", about.as_bytes())];
    let list = HEAD + chunks.iter().map(|(_, chunk)| chunk.len()).sum::<usize>();
    let mut file = Vec::with_capacity(list + 8 + 20 * chunks.len());
    file.extend_from_slice(b"VST3");
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(digits(class).as_bytes());
    file.extend_from_slice(&(list as i64).to_le_bytes());
    let mut entries = Vec::new();
    for (name, chunk) in chunks {
        entries.extend_from_slice(&name);
        entries.extend_from_slice(&(file.len() as i64).to_le_bytes());
        entries.extend_from_slice(&(chunk.len() as i64).to_le_bytes());
        file.extend_from_slice(chunk);
    }
    file.extend_from_slice(b"List");
    file.extend_from_slice(&(chunks.len() as i32).to_le_bytes());
    file.extend_from_slice(&entries);
    file
}

/// Whether this program wrote the file.
pub(super) fn is_ours(file: &[u8]) -> bool {
    file.starts_with(b"VST3")
        && file
            .windows(MARK.len())
            .any(|bytes| bytes == MARK.as_bytes())
}

fn digits(class: [u8; 16]) -> String {
    class
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02X}"))
}

impl About<'_> {
    fn xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<MetaInfo>\n");
        for (id, value) in [
            ("MediaType", "VstPreset"),
            ("PlugInCategory", self.category),
            ("PlugInName", self.plugin),
            ("PlugInVendor", self.vendor),
            ("Name", self.name),
            ("Author", self.author),
            ("Comment", self.description),
            (MARK, &self.tags.join(", ")),
        ] {
            // Writing into a text cannot fail.
            let _ = writeln!(
                xml,
                "\t<Attribute id=\"{id}\" value=\"{}\" type=\"string\" flags=\"\"/>",
                escaped(value)
            );
        }
        xml + "</MetaInfo>\n"
    }
}

fn escaped(text: &str) -> String {
    let entity = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        c if c.is_control() => " ".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(entity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lists_its_chunks_where_they_are() {
        let about = About {
            plugin: "P",
            vendor: "V",
            category: "Fx",
            name: "<a> & \"b\"",
            author: "",
            description: "",
            tags: &[],
        };
        let file = pack(*b"CsoundSessionIns", b"state", &about);
        let number = |at: usize| {
            let bytes = file[at..at + 8].try_into().expect("eight bytes");
            i64::from_le_bytes(bytes) as usize
        };
        assert_eq!(&file[8..40], b"43736F756E6453657373696F6E496E73");
        let list = number(40);
        assert_eq!(&file[list..list + 12], b"List\x02\0\0\0Comp");
        let (at, length) = (number(list + 12), number(list + 20));
        assert_eq!(&file[at..at + length], b"state");
        let (at, length) = (number(list + 32), number(list + 40));
        let info = String::from_utf8_lossy(&file[at..at + length]).into_owned();
        assert!(info.contains("&lt;a&gt; &amp; &quot;b&quot;"), "{info}");
        assert_eq!(list + 48, file.len());
        assert!(is_ours(&file) && !is_ours(&file[1..]) && !is_ours(b"VST3"));
    }
}
