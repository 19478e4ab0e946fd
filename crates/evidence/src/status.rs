//! Exit statuses by which a capture body tells its parser what it met.
//! They lie outside the range that the commands themselves use.

/// The account may not read it.
pub const DENIED: i32 = 43;
/// The thing is not there, by fact.
pub const ABSENT: i32 = 44;
/// The target lacks every tool that could tell.
pub const NO_TOOL: i32 = 45;
/// The file is larger than what is read of one; the end of it was not seen.
pub const TOO_LARGE: i32 = 47;
/// A folder, a pipe or a device stands where a file is looked for.
pub const NOT_A_FILE: i32 = 48;
/// A live fact was asked of another root directory.
pub const NOT_LIVE: i32 = 46;
