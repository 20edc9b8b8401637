//! Nobody who uses the library sees a type of `zip`, `quick-xml` or `rusqlite`: another version of one of them is no change of ours.
//!
//! Reads the sources, module by module from `src/lib.rs`, and looks at what a `pub` item says to the outside: signatures, public fields,
//! variants, aliases, constants, and the heads of `impl` blocks. What is `pub` counts, whether or not it can be reached.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use syn::visit::{self, Visit};
use syn::{Attribute, Fields, ImplItem, Item, UseTree, Visibility};

/// Crates of which no type is shown.
const HIDDEN: &[&str] = &["zip", "quick_xml", "rusqlite"];

/// What names mean in one module.
#[derive(Default)]
struct Scope {
    /// From the name to the path that it stands for.
    names: BTreeMap<String, Vec<String>>,
    /// The types of the module that nobody outside sees.
    private: Vec<String>,
}

impl Scope {
    fn of(items: &[Item]) -> Self {
        let mut scope = Self::default();
        for item in items {
            match item {
                Item::Use(item) => scope.take(Vec::new(), &item.tree),
                // A module of our own may be called as a crate is.
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    scope.names.insert(name.clone(), vec!["self".to_owned(), name]);
                }
                Item::Type(item) if is_private(&item.vis) => {
                    let mut first = Paths::default();
                    first.visit_type(&item.ty);
                    let hidden = first.0.into_iter().find(|path| scope.is_hidden(path));
                    if let Some(path) = hidden {
                        scope.names.insert(item.ident.to_string(), path);
                    }
                }
                Item::Struct(item) if is_private(&item.vis) => scope.private.push(item.ident.to_string()),
                Item::Enum(item) if is_private(&item.vis) => scope.private.push(item.ident.to_string()),
                _ => {}
            }
        }
        scope
    }

    fn take(&mut self, mut before: Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.take(before, &path.tree);
            }
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = before.last() {
                    self.names.insert(last.clone(), before.clone());
                }
            }
            UseTree::Name(name) => {
                before.push(name.ident.to_string());
                self.names.insert(name.ident.to_string(), before);
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    before.push(rename.ident.to_string());
                }
                self.names.insert(rename.rename.to_string(), before);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take(before.clone(), tree)),
            // The names are not known here: `*` stands for them, and is refused of a hidden crate.
            UseTree::Glob(_) => {
                before.push("*".to_owned());
                self.names.insert(before.join("::"), before);
            }
        }
    }

    /// Whether a path leads to one of the crates.
    fn is_hidden(&self, path: &[String]) -> bool {
        let Some(first) = path.first() else { return false };
        match self.names.get(first) {
            Some(named) if named.first() != Some(first) => self.is_hidden(named),
            Some(named) => HIDDEN.contains(&&*named[0]),
            None => HIDDEN.contains(&&**first),
        }
    }
}

/// Every path in a piece of code.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    // What a body or a value does is nobody's business, and neither is an attribute.
    fn visit_block(&mut self, _: &'ast syn::Block) {}
    fn visit_expr(&mut self, _: &'ast syn::Expr) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

fn is_private(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Public(_))
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

/// The words of a macro, those in its groups too.
fn words(tokens: proc_macro2::TokenStream, into: &mut Vec<String>) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => words(group.stream(), into),
            proc_macro2::TokenTree::Ident(word) => into.push(word.to_string()),
            _ => {}
        }
    }
}

/// What one module shows of the hidden crates, as `place: path`; and the modules that it has in files of their own.
fn look(place: &str, items: &[Item], shown: &mut Vec<String>, modules: &mut Vec<String>) {
    let scope = Scope::of(items);
    for path in scope.names.values().filter(|path| path.last().is_some_and(|last| last == "*")) {
        if scope.is_hidden(path) {
            shown.push(format!("{place}: use {}", path.join("::")));
        }
    }
    for item in items {
        let mut paths = Paths::default();
        let (name, attributes) = match item {
            Item::Mod(item) => {
                if !is_for_tests(&item.attrs) {
                    match &item.content {
                        Some((_, items)) => look(place, items, shown, modules),
                        None => modules.push(item.ident.to_string()),
                    }
                }
                continue;
            }
            Item::Use(item) => {
                // Also what is passed on inside of the crate: under its new name nobody would know it.
                if !matches!(item.vis, Visibility::Inherited) {
                    let mut passed_on = Scope::default();
                    passed_on.take(Vec::new(), &item.tree);
                    paths.0.extend(passed_on.names.into_values());
                }
                ("use".to_owned(), &item.attrs)
            }
            Item::Type(item) => {
                if !matches!(item.vis, Visibility::Inherited) {
                    paths.visit_item_type(item);
                }
                (item.ident.to_string(), &item.attrs)
            }
            Item::Fn(item) => {
                if !is_private(&item.vis) {
                    paths.visit_signature(&item.sig);
                }
                (item.sig.ident.to_string(), &item.attrs)
            }
            Item::Const(item) => {
                if !is_private(&item.vis) {
                    paths.visit_type(&item.ty);
                }
                (item.ident.to_string(), &item.attrs)
            }
            Item::Static(item) => {
                if !is_private(&item.vis) {
                    paths.visit_type(&item.ty);
                }
                (item.ident.to_string(), &item.attrs)
            }
            Item::Struct(item) => {
                if !is_private(&item.vis) {
                    paths.visit_generics(&item.generics);
                    public_fields(&item.fields, &mut paths);
                }
                (item.ident.to_string(), &item.attrs)
            }
            Item::Enum(item) => {
                if !is_private(&item.vis) {
                    paths.visit_item_enum(item);
                }
                (item.ident.to_string(), &item.attrs)
            }
            Item::Trait(item) => {
                if !is_private(&item.vis) {
                    paths.visit_item_trait(item);
                }
                (item.ident.to_string(), &item.attrs)
            }
            Item::Impl(item) => {
                let mut own = Paths::default();
                own.visit_type(&item.self_ty);
                let own = own.0.into_iter().next().unwrap_or_default();
                if !own.first().is_some_and(|name| scope.private.contains(name)) {
                    of_impl(item, &mut paths);
                }
                (format!("impl {}", own.join("::")), &item.attrs)
            }
            Item::Macro(item) => {
                let mut found = Vec::new();
                words(item.mac.tokens.clone(), &mut found);
                paths.0.extend(found.into_iter().map(|word| vec![word]));
                ("macro".to_owned(), &item.attrs)
            }
            _ => continue,
        };
        if is_for_tests(attributes) {
            continue;
        }
        let hidden = paths.0.iter().filter(|path| scope.is_hidden(path));
        shown.extend(hidden.map(|path| format!("{place}: {name}: {}", path.join("::"))));
    }
}

fn public_fields<'ast>(fields: &'ast Fields, paths: &mut Paths) {
    let public = fields.iter().filter(|field| !is_private(&field.vis));
    public.for_each(|field: &'ast syn::Field| paths.visit_type(&field.ty));
}

/// The head, and of the block itself what is public; all of it where it is the block of a trait.
fn of_impl(item: &syn::ItemImpl, paths: &mut Paths) {
    let of_trait = item.trait_.is_some();
    if of_trait {
        paths.visit_item_impl(item);
        return;
    }
    paths.visit_type(&item.self_ty);
    for inner in &item.items {
        match inner {
            ImplItem::Fn(method) if !is_private(&method.vis) => {
                paths.visit_generics(&item.generics);
                paths.visit_signature(&method.sig);
            }
            ImplItem::Const(value) if !is_private(&value.vis) => paths.visit_type(&value.ty),
            _ => {}
        }
    }
}

/// What a crate shows, from the file of its root.
fn shown(root: &Utf8Path) -> Vec<String> {
    let mut shown = Vec::new();
    let mut files: Vec<(Utf8PathBuf, Utf8PathBuf)> =
        vec![(root.to_owned(), root.parent().expect("a folder").to_owned())];
    let mut read = 0;
    while let Some((file, folder)) = files.pop() {
        let text = fs_err::read_to_string(&file).expect("a source file");
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut modules = Vec::new();
        look(file.as_str(), &parsed.items, &mut shown, &mut modules);
        for module in modules {
            let below = folder.join(&module);
            let file = folder.join(format!("{module}.rs"));
            files.push(if file.is_file() { (file, below) } else { (below.join("mod.rs"), below) });
        }
        read += 1;
    }
    assert!(read > 250, "only {read} files were found");
    shown
}

#[test]
fn no_type_of_what_reads_zips_xml_and_sqlite_is_shown() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let shown = shown(&root);
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

/// Every public item that shows such a type is found, under whatever name.
#[test]
fn what_shows_such_a_type_is_found() {
    let found = |text: &str| {
        let parsed = syn::parse_file(text).expect("code");
        let mut shown = Vec::new();
        look("x", &parsed.items, &mut shown, &mut Vec::new());
        shown
    };
    for text in [
        "pub fn open() -> zip::ZipArchive<File> { todo!() }",
        "pub fn open() -> ::zip::ZipArchive<File> { todo!() }",
        "pub fn read(each: impl Fn(&rusqlite::Row<'_>)) {}",
        "use rusqlite::{Connection as Open, Row}; pub struct S { pub inner: Vec<Open> }",
        "use quick_xml as xml; pub fn read<R>(r: R) where R: Into<xml::Error> {}",
        "use quick_xml::{self}; pub const C: Option<quick_xml::Error> = None;",
        "#[derive(Debug)] pub enum E { Store { error: rusqlite::Error } }",
        "pub enum E { Store(#[from] rusqlite::Error) }",
        "pub struct E; impl From<zip::result::ZipError> for E { fn from(e: zip::result::ZipError) -> Self { E } }",
        "pub struct E; impl std::ops::Deref for E { type Target = rusqlite::Connection; }",
        "pub struct E; impl E { pub fn inner(&self) -> &rusqlite::Connection { &self.0 } }",
        "type R<T> = rusqlite::Result<T>; pub fn f() -> R<u8> { Ok(1) }",
        "pub trait T { fn row(&self) -> rusqlite::Row<'_>; }",
        "pub(crate) use rusqlite::Connection;",
        "pub(crate) type R<T> = rusqlite::Result<T>;",
        "use quick_xml::*;",
        "errors! { pub enum E { A(quick_xml::Error) } }",
        "mod inner { pub type Z = zip::ZipArchive<()>; }",
    ] {
        assert!(!found(text).is_empty(), "{text}");
    }
    for text in [
        "mod zip; pub fn open() -> zip::Source { todo!() }",
        "use super::zip; pub fn open() -> zip::Source { todo!() }",
        "use rusqlite::Row; fn read(row: &Row<'_>) {} pub(super) fn other(row: &Row<'_>) {}",
        "pub struct S { inner: rusqlite::Connection }",
        "pub struct S(rusqlite::Connection); impl S { fn inner(&self) -> &rusqlite::Connection { &self.0 } }",
        "struct E; impl From<rusqlite::Error> for E {}",
        "pub fn f() { let a: rusqlite::Error = g(); }",
        "#[cfg(test)] pub fn f() -> zip::Z { todo!() }",
        "type R<T> = rusqlite::Result<T>; fn f() -> R<u8> { Ok(1) }",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}
