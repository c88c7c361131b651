//! Files that are kept beside the code that they are made from.

use std::{env, fmt, fs, io, path::Path};

use similar::TextDiff;

/// A file, and what it should say.
pub(crate) struct Kept<'a> {
    pub(crate) path: &'a Path,
    /// The name of the file's kind, for people.
    pub(crate) what: &'static str,
    /// Set to anything, this variable has files written instead of compared.
    pub(crate) update: &'static str,
    pub(crate) current: String,
    /// A text in the form in which two are compared.
    pub(crate) comparable: fn(&str) -> serde_json::Result<String>,
}

/// The reasons for which a file does not say what it should.
enum Outdated {
    Unreadable(io::Error),
    Invalid(serde_json::Error),
    Different(String),
}

impl Kept<'_> {
    /// Compares the file, or writes it.
    ///
    /// # Panics
    ///
    /// When the file says something else, or cannot be read or written.
    #[track_caller]
    pub(crate) fn assert_current(&self) {
        if env::var_os(self.update).is_some() {
            if let Err(error) = fs::write(self.path, &self.current) {
                panic!("{} cannot be written: {error}", self.path.display());
            }
        } else if let Err(outdated) = self.compare() {
            let path = self.path.display();
            panic!("{path} {}", Told(self, &outdated));
        }
    }

    fn compare(&self) -> Result<(), Outdated> {
        let kept = fs::read_to_string(self.path).map_err(Outdated::Unreadable)?;
        let kept = (self.comparable)(&kept).map_err(Outdated::Invalid)?;
        let current = (self.comparable)(&self.current).map_err(Outdated::Invalid)?;
        if kept == current {
            return Ok(());
        }
        let diff = TextDiff::from_lines(&kept, &current);
        let mut diff = diff.unified_diff();
        let made = format!("the {}", self.what);
        let diff = diff.context_radius(3).header("the file", &made);
        Err(Outdated::Different(diff.to_string()))
    }
}

/// A file with why it is not current.
struct Told<'a>(&'a Kept<'a>, &'a Outdated);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Kept { what, update, .. }, outdated) = self;
        match outdated {
            Outdated::Unreadable(error) => write!(f, "cannot be read: {error}")?,
            Outdated::Invalid(error) => write!(f, "is not JSON: {error}")?,
            Outdated::Different(diff) => {
                write!(f, "is not the channels' {what} any more:\n\n{diff}")?;
            }
        }
        write!(f, "\nto write the file, run the test with {update}=1")
    }
}
