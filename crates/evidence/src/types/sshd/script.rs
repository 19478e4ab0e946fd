//! The capture bodies.

pub(super) const PRESENCE_BODY: &str = "return 45";
pub(super) const SETTINGS_BODY: &str = "return 45";
pub(super) const CONFIG_BODY: &str = "return 45";
pub(super) fn hostkeys_body() -> String {
    "return 45".to_owned()
}
