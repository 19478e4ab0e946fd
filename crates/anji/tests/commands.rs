//! The `anji` command as its users meet it: the real binary on real roots.

mod commands {
    mod bad_days;
    mod first_morning;
    mod rights;
    mod support;
    mod words;
}
