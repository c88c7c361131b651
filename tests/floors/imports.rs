//! The imports between modules, each name resolved to the module that defines it.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Crate, Module, Names, joined};

/// The imports between the modules of one crate.
pub(crate) struct Imports {
    floors: Vec<String>,
    edges: BTreeMap<Names, BTreeSet<Names>>,
    /// Names that are taken from the root though another module owns them.
    through_the_root: BTreeSet<String>,
}

/// The place that a path leads to.
struct Found {
    module: Names,
    /// True if the path names the module itself.
    is_module: bool,
}

impl Imports {
    pub(crate) fn of(source: &Crate) -> Self {
        let mut imports = Self {
            floors: source.floors.clone(),
            edges: BTreeMap::new(),
            through_the_root: BTreeSet::new(),
        };
        for (path, module) in &source.modules {
            // The root and what the macros name do nothing but re-export.
            if path.is_empty() || path[0].starts_with("__private") {
                continue;
            }
            for import in &module.uses {
                let found = find(source, path, &import.path, 0);
                // A module re-exports what stands in its own folder.
                let is_own = |found: &Found| import.is_re_export && found.module.starts_with(path);
                imports.add(path, &import.path, found.filter(|found| !is_own(found)));
            }
            for written in &module.written {
                imports.add(path, written, find(source, path, written, 0));
            }
        }
        imports
    }

    fn add(&mut self, from: &Names, path: &Names, found: Option<Found>) {
        let Some(found) = found else { return };
        let names_a_floor = path.len() > 1 && self.floors.contains(&path[1]);
        if path[0] == "crate" && !names_a_floor && !found.module.is_empty() {
            let from = from.join("::");
            self.through_the_root
                .insert(format!("{from}: {}", path.join("::")));
        }
        if found.module != *from && !(found.is_module && from.starts_with(&found.module)) {
            let targets = self.edges.entry(from.clone()).or_default();
            targets.insert(found.module);
        }
    }

    /// The imports from a floor above, or of the root's own.
    pub(crate) fn upward(&self) -> Vec<String> {
        let floor = |path: &Names| {
            let name = path.first()?;
            self.floors.iter().position(|floor| floor == name)
        };
        let mut upward = Vec::new();
        for (from, targets) in &self.edges {
            for to in targets
                .iter()
                .filter(|to| floor(to).is_none_or(|to| Some(to) > floor(from)))
            {
                upward.push(format!("{} → {}", from.join("::"), to.join("::")));
            }
        }
        upward
    }

    pub(crate) fn through_the_root(&self) -> Vec<String> {
        self.through_the_root.iter().cloned().collect()
    }

    /// The modules that can be reached from themselves, circle by circle.
    pub(crate) fn circles(&self) -> Vec<String> {
        let mut circles = BTreeSet::new();
        for module in self.edges.keys() {
            let below = self.reached_from(module);
            if below.contains(module) {
                let mut circle: Vec<_> = below
                    .iter()
                    .filter(|other| self.reached_from(other).contains(module))
                    .map(|other| other.join("::"))
                    .collect();
                circle.sort();
                circles.insert(circle.join(" ⇄ "));
            }
        }
        circles.into_iter().collect()
    }

    fn reached_from(&self, module: &Names) -> BTreeSet<Names> {
        let mut reached = BTreeSet::new();
        let mut open = vec![module];
        while let Some(module) = open.pop() {
            for next in self.edges.get(module).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        reached
    }
}

/// The place that defines `path`, as `from` writes it; `None` where that is another crate.
fn find(source: &Crate, from: &Names, path: &[String], depth: usize) -> Option<Found> {
    let (mut module, rest) = start(source, from, path, depth)?;
    let mut is_module = true;
    for name in rest {
        let here: &Module = source.modules.get(&module)?;
        if here.children.contains(name) {
            module = joined(&module, name);
            continue;
        }
        let known = here.uses.iter().find(|import| import.name == *name);
        let by_glob = || here.uses.iter().find(|import| import.name == "*");
        match known.or_else(by_glob) {
            // A circle of re-exports would not compile.
            Some(import) if depth < 8 => {
                let mut path = import.path.clone();
                if import.name == "*" {
                    path.push(name.clone());
                }
                let found = find(source, &module, &path, depth + 1)?;
                if found.is_module {
                    module = found.module;
                    continue;
                }
                return Some(found);
            }
            // Defined here, or the name of a variant or method of what is.
            _ => {
                is_module = false;
                break;
            }
        }
    }
    Some(Found { module, is_module })
}

/// The module that a path starts from, and what is left of it.
fn start<'a>(
    source: &Crate,
    from: &Names,
    path: &'a [String],
    depth: usize,
) -> Option<(Names, &'a [String])> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => Some((Names::new(), rest)),
        "self" => Some((from.clone(), rest)),
        "super" => {
            let mut parent = from.clone();
            parent.pop()?;
            let mut rest = rest;
            while let Some(("super", behind)) = rest.split_first().map(|(f, r)| (f.as_str(), r)) {
                parent.pop()?;
                rest = behind;
            }
            Some((parent, rest))
        }
        _ if source.modules.get(from)?.children.contains(first) => {
            Some((joined(from, first), rest))
        }
        // A module that was imported by its name.
        _ if depth < 8 => {
            let here = source.modules.get(from)?;
            let import = here.uses.iter().find(|import| import.name == *first)?;
            if import.path == *path {
                return None;
            }
            let found = find(source, from, &import.path, depth + 1)?;
            found.is_module.then_some((found.module, rest))
        }
        _ => None,
    }
}
