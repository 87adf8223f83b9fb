//! The note in parentheses after an argument's default: `(20..20000 log Hz "Cutoff" smooth 20 ms)`.

use super::arg::{ArgNote, Curve};
use super::cursor::{Cursor, Problem};
use super::units;

/// Reads a note, its opening parenthesis already behind, up to and with the closing one.
pub(super) fn parse(cursor: &mut Cursor<'_>, name: &str) -> Result<ArgNote, Problem> {
    let open = *cursor;
    let mut reader = NoteReader {
        name,
        note: ArgNote::default(),
        curve: None,
    };
    loop {
        cursor.take_while(|c| c.is_whitespace() || c == ',');
        match cursor.peek() {
            None => {
                return Err(open.problem(format!("the note of {name} is not closed with \")\"")));
            }
            Some(')') => break,
            Some(_) => reader.item(cursor)?,
        }
    }
    cursor.bump();
    reader.finish(&open)
}

struct NoteReader<'a> {
    name: &'a str,
    note: ArgNote,
    curve: Option<Curve>,
}

impl NoteReader<'_> {
    fn item(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let start = *cursor;
        if let Some(choices) = choices(cursor)? {
            return once(
                &start,
                self.name,
                self.note.choices.is_empty(),
                "list of choices",
            )
            .map(|()| self.note.choices = choices);
        }
        match cursor.peek() {
            Some('"') => {
                let label = cursor.string()?;
                once(&start, self.name, self.note.label.is_none(), "label")?;
                self.note.label = Some(label);
                Ok(())
            }
            Some(c) if c.is_ascii_digit() || "+-.".contains(c) => self.range(cursor),
            _ => self.word(cursor),
        }
    }

    fn range(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let start = *cursor;
        let min = cursor.number().ok_or_else(|| start.expected("a number"))?;
        cursor.take_while(char::is_whitespace);
        if !cursor.eat("..") {
            let help = "a range is written 0..1, a step \"step 0.1\", choices saw/square";
            let message = format!("{min} in the note of {} says nothing by itself", self.name);
            return Err(start.problem(message).with_help(help));
        }
        cursor.take_while(char::is_whitespace);
        let max = cursor
            .number()
            .ok_or_else(|| cursor.expected("the end of the range"))?;
        if max <= min {
            let message = format!("the range of {} ends at {max}, not above {min}", self.name);
            return Err(start.problem(message));
        }
        once(&start, self.name, self.note.range.is_none(), "range")?;
        self.note.range = Some((min, max));
        Ok(())
    }

    fn word(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let start = *cursor;
        let word = cursor.take_while(|c| c.is_alphabetic() || "%°_".contains(c));
        match word {
            "lin" => self.curve(&start, Curve::Linear),
            "log" => self.curve(&start, Curve::Log),
            "exp" => {
                let power = positive(cursor, "exp")?;
                self.curve(&start, Curve::Exp(power))
            }
            "step" => {
                let step = positive(cursor, "step")?;
                once(&start, self.name, self.note.step.is_none(), "step")?;
                self.note.step = Some(step);
                Ok(())
            }
            "smooth" => self.smooth(cursor, &start),
            "internal" => {
                self.note.internal = true;
                Ok(())
            }
            _ if units::is_unit(word) => {
                once(&start, self.name, self.note.unit.is_empty(), "unit")?;
                word.clone_into(&mut self.note.unit);
                Ok(())
            }
            _ => Err(self.unknown(&start)),
        }
    }

    fn unknown(&self, start: &Cursor<'_>) -> Problem {
        let message = format!(
            "the note of {} has {:?}, which means nothing",
            self.name,
            start.sample()
        );
        let known = "lin, log, exp N, step N, smooth N ms, internal, \"label\", a/b/c";
        start
            .problem(message)
            .with_help(format!("known: {known}, {}", units::NAMES.join(" ")))
    }

    fn curve(&mut self, start: &Cursor<'_>, curve: Curve) -> Result<(), Problem> {
        once(start, self.name, self.curve.is_none(), "curve")?;
        self.curve = Some(curve);
        Ok(())
    }

    fn smooth(&mut self, cursor: &mut Cursor<'_>, start: &Cursor<'_>) -> Result<(), Problem> {
        let time = positive(cursor, "smooth")?;
        cursor.take_while(|c| c == ' ');
        let after = *cursor;
        let scale = match cursor.take_while(char::is_alphabetic) {
            "s" => 1000.0,
            "ms" => 1.0,
            // A word of its own after a bare number is the next item.
            _ => {
                *cursor = after;
                1.0
            }
        };
        once(start, self.name, self.note.smooth_ms.is_none(), "smooth")?;
        self.note.smooth_ms = Some(time * scale);
        Ok(())
    }

    fn finish(mut self, open: &Cursor<'_>) -> Result<ArgNote, Problem> {
        let refuse = |message: String| Err(open.problem(message));
        let (name, note) = (self.name, &mut self.note);
        let chosen = !note.choices.is_empty();
        if chosen && (note.range.is_some() || self.curve.is_some() || note.step.is_some()) {
            return refuse(format!(
                "{name} has choices, so it takes no range, curve or step"
            ));
        }
        match (self.curve, note.range) {
            (None, _) => {}
            (Some(_), None) => {
                return refuse(format!("the curve of {name} needs a range, like 20..20000"));
            }
            (Some(Curve::Log), Some((min, _))) if min <= 0.0 => {
                return refuse(format!(
                    "a logarithmic range starts above 0, that of {name} at {min}"
                ));
            }
            (Some(curve), Some(_)) => note.curve = curve,
        }
        if let (Some(step), Some((min, max))) = (note.step, note.range)
            && step > max - min
        {
            return refuse(format!("the step of {name} is larger than its range"));
        }
        Ok(self.note)
    }
}

fn once(at: &Cursor<'_>, name: &str, first: bool, what: &str) -> Result<(), Problem> {
    if first {
        Ok(())
    } else {
        Err(at.problem(format!("{name} has more than one {what}")))
    }
}

fn positive(cursor: &mut Cursor<'_>, what: &str) -> Result<f64, Problem> {
    cursor.take_while(char::is_whitespace);
    let start = *cursor;
    match cursor.number() {
        Some(number) if number > 0.0 => Ok(number),
        _ => Err(start.expected(&format!("a number above 0 after {what}"))),
    }
}

/// Reads `a/b/c`; leaves the place alone if no slash follows the first item.
fn choices(cursor: &mut Cursor<'_>) -> Result<Option<Vec<String>>, Problem> {
    let mut ahead = *cursor;
    let mut labels = vec![choice(&mut ahead)?];
    loop {
        ahead.take_while(char::is_whitespace);
        if !ahead.eat("/") {
            break;
        }
        ahead.take_while(char::is_whitespace);
        let start = ahead;
        let label = choice(&mut ahead)?;
        if label.is_empty() {
            return Err(start.expected("the label of a choice"));
        }
        if labels.contains(&label) {
            return Err(start.problem(format!("the choice {label:?} is listed twice")));
        }
        labels.push(label);
    }
    if labels.len() < 2 || labels[0].is_empty() {
        return Ok(None);
    }
    *cursor = ahead;
    Ok(Some(labels))
}

fn choice(cursor: &mut Cursor<'_>) -> Result<String, Problem> {
    if cursor.peek() == Some('"') {
        return cursor.string();
    }
    Ok(cursor
        .take_while(|c| !c.is_whitespace() && !",()/|{}\"".contains(c))
        .to_owned())
}
