//! What an edit may be, and what must come of it.

/// What must come of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comes {
    /// It is taken up. What it does later is another matter.
    Taken,
    /// It changes nothing.
    Refused,
}

/// A kind of edit.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) comes: Comes,
    code: &'static str,
}

const fn taken(name: &'static str, code: &'static str) -> Kind {
    let comes = Comes::Taken;
    Kind { name, comes, code }
}

const fn refused(name: &'static str, code: &'static str) -> Kind {
    let comes = Comes::Refused;
    Kind { name, comes, code }
}

const GOOD: Kind = taken("good", "asig oscili 0.1, mtof:k(kmidi)");

/// What is bad and soon found to be. The late ones go wrong with keys that the preflight does not play.
const BAD: [Kind; 17] = [
    refused("unknown opcode", "asig nosuchopcode 0.1"),
    refused("init error", "asig oscili 0.1, 440, 7777"),
    refused(
        "perf error",
        "kvalues[] fillarray 1, 2\nkvalue = kvalues[9]\nasig upsamp kvalue",
    ),
    refused("1/0", "ivalue = 1/0\nasig upsamp k(ivalue)"),
    refused("syntax error", "asig oscili 0.1, mtof:k(kmidi"),
    refused("exitnow", "exitnow 3\nasig = 0"),
    refused("10 GB", "anull = 0\nasig delay anull, 30000"),
    refused("recursion", "ivalue = deep(0)\nasig upsamp k(ivalue)"),
    refused("system", "asig system \"true\""),
    refused("empty", ""),
    refused("end", "event_i \"e\", 0, 0\nasig = 0"),
    taken("NaN", "asig upsamp sqrt(-1 - kmidi)"),
    taken("1e30", "asig upsamp k(1e30)"),
    taken(
        "late init error",
        "itable = i(kmidi) > 65 ? 7777 : -1\nasig oscili 0.1, mtof:k(kmidi), itable",
    ),
    taken(
        "late perf error",
        "kvalues[] fillarray 0.1, 0.2\nkplace = kmidi > 65 ? 9 : 0\nkvalue = kvalues[kplace]\nasig upsamp kvalue",
    ),
    taken(
        "late end",
        "if i(kmidi) > 70 then\nevent_i \"e\", 0, 0\nendif\nasig oscili 0.1, mtof:k(kmidi)",
    ),
    taken("late NaN", "asig upsamp 0.1 * sqrt(68 - kmidi)"),
];

/// What is known to be bad only after two seconds.
const ENDLESS: [Kind; 2] = [
    refused(
        "endless i-loop",
        "ivalue = 0\nwhile ivalue < 1 do\nivalue = 0\nod\nasig = 0",
    ),
    refused(
        "endless k-loop",
        "kvalue = 0\nwhile kvalue < 1 do\nkvalue = 0\nod\nasig = 0",
    ),
];
/// One edit in so many is endless.
const ENDLESS_EVERY: usize = 250;

/// An opcode without end, in the init code of the document.
pub(super) const DEEP: &str =
    "opcode deep, i, i\nicount xin\niout = deep(icount + 1)\nxout iout\nendop";

/// The kind of an edit: every other one is good, the others go through all kinds in turn.
pub(super) fn kind(number: usize) -> &'static Kind {
    static ALL: ([Kind; 17], [Kind; 2], Kind) = (BAD, ENDLESS, GOOD);
    let (bad, endless, good) = &ALL;
    if number % ENDLESS_EVERY == ENDLESS_EVERY - 1 {
        return &endless[number / ENDLESS_EVERY % endless.len()];
    }
    match number % 2 {
        0 => good,
        _ => &bad[number / 2 % bad.len()],
    }
}

/// How many edits go through all kinds that are soon judged.
pub(super) const ROUND: usize = 2 * BAD.len();

impl Kind {
    /// The body of such an edit, another one for each number.
    pub(super) fn body(&self, number: usize) -> String {
        let code = self.code;
        format!(
            "|kmidi|\n{code}\nasig *= linsegr:a(0, 0.002, 1, 0.01, 0)\nanull = 0\nouts anull, asig ; {number}"
        )
    }
}
