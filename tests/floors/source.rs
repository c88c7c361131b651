//! A crate's source as a tree of modules: what each defines, and the paths it writes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, Visibility};

/// A path, segment by segment. That of the crate's root is empty.
pub(crate) type Names = Vec<String>;

/// The modules of a crate by their paths, in order of declaration.
#[derive(Default)]
pub(crate) struct Crate {
    pub(crate) modules: BTreeMap<Names, Module>,
    /// The modules that the root declares, the lowest floor first.
    pub(crate) floors: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Module {
    pub(crate) children: Vec<String>,
    /// The imports and re-exports, by the names that they have here.
    pub(crate) uses: Vec<Use>,
    /// Paths that are written out, with two segments or more.
    pub(crate) written: Vec<Names>,
}

pub(crate) struct Use {
    pub(crate) path: Names,
    pub(crate) name: String,
    pub(crate) is_re_export: bool,
}

impl Crate {
    /// Reads a crate from its root, file by file.
    pub(crate) fn read(root: &Path) -> Self {
        let mut source = Self::default();
        let folder = root.parent().expect("a file stands in a folder");
        source.read_module(root, folder, Names::new());
        source
    }

    /// A crate whose modules are given with the text of their files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut source = Self::default();
        for (path, text) in files {
            let path = path.split("::").filter(|name| !name.is_empty());
            source.add(path.map(str::to_owned).collect(), &parse(text), None);
        }
        source
    }

    fn read_module(&mut self, file: &Path, folder: &Path, path: Names) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        self.add(path, &parse(&text), Some(folder));
    }

    /// Adds a module; those of its children that are files are read from `folder`.
    fn add(&mut self, path: Names, items: &[Item], folder: Option<&Path>) {
        let mut module = Module::default();
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(child) => {
                    let name = child.ident.to_string();
                    module.children.push(name.clone());
                    let path = joined(&path, &name);
                    let inside = folder.map(|folder| folder.join(&name));
                    match (&child.content, folder) {
                        (Some((_, items)), _) => self.add(path, items, inside.as_deref()),
                        (None, Some(folder)) => {
                            let file = file_of(folder, &name, &child.attrs);
                            self.read_module(&file, &folder.join(&name), path);
                        }
                        (None, None) => {}
                    }
                }
                Item::Use(item) => {
                    let is_re_export = !matches!(item.vis, Visibility::Inherited);
                    let mut paths = Vec::new();
                    leaves(&item.tree, &mut Names::new(), &mut paths);
                    module
                        .uses
                        .extend(paths.into_iter().map(|(path, name)| Use {
                            path,
                            name,
                            is_re_export,
                        }));
                }
                other => written(other.to_token_stream(), &mut module.written),
            }
        }
        if path.is_empty() {
            self.floors.clone_from(&module.children);
        }
        self.modules.insert(path, module);
    }
}

fn parse(text: &str) -> Vec<Item> {
    syn::parse_file(text)
        .expect("a file of the workspace")
        .items
}

pub(crate) fn joined(path: &[String], name: &str) -> Names {
    let mut path = path.to_vec();
    path.push(name.to_owned());
    path
}

fn file_of(folder: &Path, name: &str, attributes: &[Attribute]) -> PathBuf {
    let given = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("path"));
    if let Some(given) = given {
        let value = &given.meta.require_name_value().expect("a path").value;
        let value: syn::LitStr = syn::parse2(value.to_token_stream()).expect("a text");
        return folder.join(value.value());
    }
    let file = folder.join(format!("{name}.rs"));
    if file.exists() {
        return file;
    }
    folder.join(name).join("mod.rs")
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let of_tests = |attribute: &Attribute| {
        let condition = attribute.to_token_stream().to_string();
        attribute.path().is_ident("cfg") && condition.contains("test") && !condition.contains("not")
    };
    attributes.iter().any(of_tests)
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The paths of a tree of imports, each with the name that it gives.
fn leaves(tree: &syn::UseTree, path: &mut Names, paths: &mut Vec<(Names, String)>) {
    match tree {
        syn::UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            leaves(&tree.tree, path, paths);
            path.pop();
        }
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                leaves(tree, path, paths);
            }
        }
        syn::UseTree::Name(name) if name.ident == "self" => {
            paths.push((path.clone(), path.last().cloned().unwrap_or_default()));
        }
        syn::UseTree::Name(name) => {
            let name = name.ident.to_string();
            paths.push((joined(path, &name), name));
        }
        syn::UseTree::Rename(name) => {
            paths.push((
                joined(path, &name.ident.to_string()),
                name.rename.to_string(),
            ));
        }
        syn::UseTree::Glob(_) => paths.push((path.clone(), "*".to_owned())),
    }
}

/// Collects the paths in tokens, those inside of macros and functions too.
fn written(tokens: TokenStream, paths: &mut Vec<Names>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut path = Names::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Ident(ident) => {
                if colons != 2 {
                    flush(&mut path, paths);
                }
                // `::name` without anything before it is another crate's.
                if colons != 2 || !path.is_empty() {
                    path.push(ident.to_string());
                }
                colons = 0;
            }
            TokenTree::Group(group) => {
                let prefix = (colons == 2).then(|| std::mem::take(&mut path));
                flush(&mut path, paths);
                colons = 0;
                let mut inside = Vec::new();
                written(group.stream(), &mut inside);
                // `use` inside of a function: the group goes on with the path before it.
                if let Some(prefix) = prefix {
                    paths.push(prefix);
                }
                paths.append(&mut inside);
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {
                flush(&mut path, paths);
                colons = 0;
            }
        }
    }
    flush(&mut path, paths);
}

fn flush(path: &mut Names, paths: &mut Vec<Names>) {
    let path = std::mem::take(path);
    if path.len() > 1 {
        paths.push(path);
    }
}
