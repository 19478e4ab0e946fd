//! Measures production code: lines of files and functions, counted without
//! whatever is compiled for tests only.

use super::tree;
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// One function and its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) path: String,
    pub(crate) name: String,
    /// From the line of the signature to the closing brace, both counted.
    pub(crate) lines: usize,
}

/// A call that ends the program when an assumption is wrong.
#[derive(Debug)]
pub(crate) struct Assumption {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) method: String,
    /// The reason, where one is given.
    pub(crate) reason: Option<String>,
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Measure {
    /// Lines of each file, test modules left out.
    pub(crate) files: BTreeMap<String, usize>,
    pub(crate) functions: Vec<Function>,
    pub(crate) assumptions: Vec<Assumption>,
    /// Files that are modules compiled for tests only.
    pub(crate) test_files: BTreeSet<String>,
}

/// Measures the production code of the whole workspace.
pub(crate) fn measure() -> Measure {
    let mut measure = Measure::default();
    for path in tree::production() {
        let text = tree::read(&path);
        measure.add(&path, &text);
    }
    let test_files = measure.test_files.clone();
    measure.files.retain(|path, _| !is_test_file(path, &test_files));
    measure.functions.retain(|function| !is_test_file(&function.path, &test_files));
    measure.assumptions.retain(|call| !is_test_file(&call.path, &test_files));
    measure
}

/// Test modules may have modules of their own in a folder beside them.
fn is_test_file(path: &str, test_files: &BTreeSet<String>) -> bool {
    test_files.iter().any(|test| {
        let folder = test.strip_suffix("/mod.rs").or(test.strip_suffix(".rs")).unwrap_or(test);
        path == test || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    })
}

impl Measure {
    /// Counts one file.
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut visitor = Counter { path, measure: self, test_lines: 0 };
        visitor.visit_file(&file);
        let test_lines = visitor.test_lines;
        self.files.insert(path.to_owned(), text.lines().count() - test_lines);
    }
}

struct Counter<'a> {
    path: &'a str,
    measure: &'a mut Measure,
    test_lines: usize,
}

impl Counter<'_> {
    fn function(&mut self, name: &syn::Ident, start: Span, end: Span) {
        let lines = end.end().line + 1 - start.start().line;
        let (path, name) = (self.path.to_owned(), name.to_string());
        self.measure.functions.push(Function { path, name, lines });
    }

    /// Remembers the places where the text of `mod name;` may stand.
    fn test_module(&mut self, name: &str) {
        let folder = match self.path.rsplit_once('/') {
            Some((folder, "lib.rs" | "main.rs" | "mod.rs")) => folder,
            _ => self.path.strip_suffix(".rs").unwrap_or(self.path),
        };
        self.measure.test_files.insert(format!("{folder}/{name}.rs"));
        self.measure.test_files.insert(format!("{folder}/{name}/mod.rs"));
    }
}

impl<'ast> Visit<'ast> for Counter<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(attributes(item)) {
            return visit::visit_item(self, item);
        }
        let span = item.span();
        self.test_lines += span.end().line + 1 - span.start().line;
        if let syn::Item::Mod(module) = item
            && module.content.is_none()
        {
            self.test_module(&module.ident.to_string());
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig.ident, item.sig.span(), item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if is_for_tests(&item.attrs) {
            let span = item.span();
            self.test_lines += span.end().line + 1 - span.start().line;
            return;
        }
        self.function(&item.sig.ident, item.sig.span(), item.block.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig.ident, item.sig.span(), block.span());
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        let reason = match (method.as_str(), call.args.first()) {
            ("unwrap" | "unwrap_err", None) => Some(None),
            ("expect" | "expect_err", Some(syn::Expr::Lit(literal))) => match &literal.lit {
                syn::Lit::Str(text) => Some(Some(text.value())),
                _ => None, // a parser's `expect(b'{')`, not the one of `Option`
            },
            _ => None,
        };
        if let Some(reason) = reason {
            let (path, line) = (self.path.to_owned(), call.method.span().start().line);
            self.measure.assumptions.push(Assumption { path, line, method, reason });
        }
        visit::visit_expr_method_call(self, call);
    }
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    use syn::Item;
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

/// Whether one of the attributes is `#[cfg(test)]` or `#[test]`.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            list.tokens.to_string().replace(' ', "") == "test"
        }
        _ => false,
    })
}

#[test]
fn test_code_is_left_out_of_the_count() {
    let text = "//! Doc.\nfn one() {\n    two()\n}\n#[cfg(test)]\nmod tests {\n    fn three() {}\n}\n#[cfg(test)]\nmod samples;\n";
    let mut measure = Measure::default();
    measure.add("crates/x/src/a.rs", text);
    assert_eq!(measure.files["crates/x/src/a.rs"], 4);
    let lengths: Vec<_> =
        measure.functions.iter().map(|function| (function.name.as_str(), function.lines)).collect();
    assert_eq!(lengths, [("one", 3)]);
    assert!(is_test_file("crates/x/src/a/samples.rs", &measure.test_files));
    assert!(!is_test_file("crates/x/src/a/samples_of.rs", &measure.test_files));
}
