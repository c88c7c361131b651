//! The rules of the `garde` crate, whose errors become violations.

use garde::{Path, Report, Validate};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Location, Violation,
    summary::{MAX_TOLD, more, summary},
};

/// The first 20 errors of a report, and how many more there are.
///
/// Paths and texts are made of those alone, not of what is only counted.
fn told(report: &Report, path_of: impl Fn(Vec<Location>) -> Vec<Location>) -> Vec<Violation> {
    let mut errors = report.iter();
    let told = errors.by_ref().take(MAX_TOLD);
    let mut told: Vec<_> = told
        .map(|(path, error)| Violation {
            path: path_of(steps(path).collect()),
            ..Violation::value(error.message().to_owned())
        })
        .collect();
    told.extend(more(errors.count()));
    summary(told)
}

/// A type with rules that the garde of chanx checks.
///
/// A bound of its own, because one of garde's is answered with all types of
/// both versions where the application uses another than chanx.
#[diagnostic::on_unimplemented(
    message = "the garde that chanx uses finds no rules for `{Self}`",
    label = "has `#[garde(…)]` rules",
    note = "derive `garde::Validate`, without a context, by the version of garde that is `chanx::garde`"
)]
pub trait HasRules {
    /// Checks the value.
    ///
    /// # Errors
    ///
    /// The rules that it breaks.
    #[doc(hidden)]
    fn check(&self) -> Result<(), Broken>;
}

/// The rules that a value breaks, so that no type of garde's stands in a signature.
#[doc(hidden)]
#[derive(Debug)]
pub struct Broken(Report);

#[diagnostic::do_not_recommend]
impl<T: Validate<Context = ()>> HasRules for T {
    fn check(&self) -> Result<(), Broken> {
        self.validate().map_err(Broken)
    }
}

/// Checks a value by its own rules.
///
/// Paths are of the names that the value has in JSON.
///
/// # Errors
///
/// The first 20 rules that the value breaks, and how many more there are.
pub fn garde_validate<T>(value: &T) -> Result<(), Vec<Violation>>
where
    T: HasRules + Serialize,
{
    value.check().map_err(|broken| {
        let json = serde_json::to_value(value).unwrap_or_default();
        told(&broken.0, |path| in_json(path, &json))
    })
}

/// A step of a path as garde writes it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Into something that has one part only, which JSON does not show.
    None,
    Key,
    Index,
}

fn steps(path: &Path) -> impl Iterator<Item = Location> {
    let steps = serde_json::to_value(path).and_then(serde_json::from_value);
    let steps: Vec<(Step, String)> = steps.unwrap_or_default();
    steps.into_iter().filter_map(|(step, name)| match step {
        Step::None => None,
        Step::Key => Some(Location::from(name)),
        Step::Index => name.parse::<usize>().ok().map(Location::from),
    })
}

/// The path of what goes by these Rust names, in the names of its JSON.
///
/// `rename_all` changes the case of a name, `flatten` and newtypes leave a step
/// out. The last name stands even if it is not there, since what is missing may
/// be what is wrong.
fn in_json(path: Vec<Location>, mut json: &Value) -> Vec<Location> {
    let mut found = Vec::with_capacity(path.len());
    let mut rest = path.into_iter().peekable();
    while let Some(step) = rest.next() {
        if let Some((step, part)) = part(json, &step) {
            found.push(step);
            json = part;
        } else if rest.peek().is_none() && json.is_object() {
            found.push(step);
        }
    }
    found
}

fn part<'v>(json: &'v Value, step: &Location) -> Option<(Location, &'v Value)> {
    match step {
        Location::Index(index) => Some((Location::from(*index), json.as_array()?.get(*index)?)),
        Location::Key(name) => {
            let members = json.as_object()?;
            let member = members.get_key_value(name.as_ref());
            let (key, part) =
                member.or_else(|| members.iter().find(|(key, _)| same_words(key, name)))?;
            Some((Location::from(key.clone()), part))
        }
    }
}

/// True if two names differ in their case and their separators alone.
fn same_words(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> {
        let letters = name.chars().filter(|letter| !matches!(letter, '_' | '-'));
        letters.flat_map(char::to_lowercase)
    }
    letters(one).eq(letters(other))
}
