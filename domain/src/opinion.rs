//! The written opinion.

/// How an opinion fits on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageFit {
    /// Lines that it needs.
    pub lines: usize,
    /// Lines that a page has.
    pub max_lines: usize,
}
