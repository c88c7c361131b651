//! The part of a page that shows what is seen in terminals.

/// The events in one or several terminals, in order of time.
pub(crate) struct Transcript(pub(crate) Vec<Line>);

/// Whose terminal it is; there may be only one, without a name.
type Name = String;

#[derive(Debug)]
pub(crate) enum Line {
    /// `$ npx wscat …`
    Connect(Name, Wscat),
    /// `$ …`
    Run(String),
    /// `> …`
    Type(Name, String),
    /// `< …`
    Read(Name, String),
    /// `^C`
    Leave(Name),
    /// The output of a command.
    Print(String),
}

/// A client's command line.
#[derive(Debug)]
pub(crate) struct Wscat {
    pub(crate) url: String,
    /// Names and values.
    pub(crate) headers: Vec<(String, String)>,
}

impl Transcript {
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.lines().map(Line::parse).collect())
    }
}

impl Line {
    fn parse(line: &str) -> Self {
        if let Some(line) = Self::of("", line) {
            return line;
        }
        let named = line.split_once(' ');
        named
            .and_then(|(name, rest)| Self::of(name, rest))
            .unwrap_or_else(|| Self::Print(line.to_owned()))
    }

    /// A line in somebody's terminal, unless it is what a command prints.
    fn of(name: &str, line: &str) -> Option<Self> {
        let name = name.to_owned();
        if line == "^C" {
            return Some(Self::Leave(name));
        }
        let (sign, rest) = line.split_once(' ')?;
        match sign {
            "$" => Some(match Wscat::parse(rest) {
                Some(wscat) => Self::Connect(name, wscat),
                None => Self::Run(rest.to_owned()),
            }),
            ">" => Some(Self::Type(name, rest.to_owned())),
            "<" => Some(Self::Read(name, rest.to_owned())),
            _ => None,
        }
    }
}

impl Wscat {
    fn parse(command: &str) -> Option<Self> {
        let arguments = words(command.strip_prefix("npx wscat ")?);
        let (mut url, mut headers) = (None, Vec::new());
        for option in arguments.chunks(2) {
            match option {
                [flag, value] if flag == "-c" => url = Some(value.clone()),
                [flag, value] if flag == "-H" => {
                    let (name, value) = value.split_once(": ").expect("a header");
                    headers.push((name.to_owned(), value.to_owned()));
                }
                _ => panic!("{option:?} is not known here: {command}"),
            }
        }
        let url = url.expect("a client connects to an address");
        Some(Self { url, headers })
    }
}

/// As a shell has them, where quotes are around whole words.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('\'').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(ToOwned::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}
