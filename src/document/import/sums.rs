//! Sums in a score: `[60 * 4 + 2^3]`.

use std::iter::Peekable;
use std::str::Chars;

/// How deep parentheses and signs may stand in one another.
const DEPTH: u32 = 50;

/// The value of a sum of numbers, `+ - * / % ^` and parentheses; `None` for anything else.
pub fn value(text: &str) -> Option<f64> {
    let mut sum = Sum {
        rest: text.chars().peekable(),
        depth: 0,
    };
    let value = sum.added()?;
    (sum.next().is_none() && value.is_finite()).then_some(value)
}

struct Sum<'a> {
    rest: Peekable<Chars<'a>>,
    depth: u32,
}

impl Sum<'_> {
    /// The next character that is no space, which stays.
    fn next(&mut self) -> Option<char> {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
        self.rest.peek().copied()
    }

    /// One of these characters, if it is next.
    fn take(&mut self, wanted: &str) -> Option<char> {
        let next = self.next()?;
        self.rest.next_if(|_| wanted.contains(next))
    }

    fn added(&mut self) -> Option<f64> {
        let mut value = self.multiplied()?;
        while let Some(sign) = self.take("+-") {
            let next = self.multiplied()?;
            value = if sign == '+' {
                value + next
            } else {
                value - next
            };
        }
        Some(value)
    }

    fn multiplied(&mut self) -> Option<f64> {
        let mut value = self.raised()?;
        while let Some(sign) = self.take("*/%") {
            let next = self.raised()?;
            value = match sign {
                '*' => value * next,
                '/' => value / next,
                _ => value % next,
            };
        }
        Some(value)
    }

    fn raised(&mut self) -> Option<f64> {
        self.depth += 1;
        let base = (self.depth < DEPTH).then(|| self.single())??;
        let value = match self.take("^") {
            Some(_) => base.powf(self.raised()?),
            None => base,
        };
        self.depth -= 1;
        Some(value)
    }

    fn single(&mut self) -> Option<f64> {
        if self.take("-").is_some() {
            return Some(-self.raised()?);
        }
        if self.take("(").is_some() {
            let value = self.added()?;
            return self.take(")").map(|_| value);
        }
        self.next()?;
        let mut number = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_digit() || *c == '.') {
            number.push(c);
        }
        number.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_worked_out_and_nothing_else() {
        for (text, expected) in [
            ("60*4", 240.0),
            ("1 + 2 * 3 - 4 / 2", 5.0),
            ("2^14", 16384.0),
            ("-(1 + .5)", -1.5),
            ("7 % 4", 3.0),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        let deep = "(".repeat(10_000);
        for text in ["", "~ * 2", "1 +", "(1", "$X", "1/0", "2 3", &deep] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
