//! Two kinds of tests in one binary: `commands` drives the real `anji` as its
//! users do; `house` holds what `ARCHITECTURE.md` and `CONTRIBUTING.md` claim
//! about the source, so that "the tests pass" means that it is true.

mod integration {
    mod commands {
        mod bad_days;
        mod doctor;
        mod evidence;
        mod explain;
        mod first_morning;
        mod fix;
        mod formats;
        mod pages;
        mod query;
        mod record;
        mod report;
        mod rights;
        mod support;
        mod words;
    }
    mod house {
        pub(crate) mod arrows;
        pub(crate) mod functions;
        mod pages;
        pub(crate) mod purity;
        pub(crate) mod tidy;
        pub(crate) mod tree;
        pub(crate) mod walks;
    }
}
