//! The chunked transfer coding (RFC 9112, 7.1), as far as its end must be known.

use super::message::Malformed;

/// How long the line of a chunk's size may be, with its extensions, in bytes.
const LONGEST_LINE: u32 = 256;
/// How many bytes of trailer fields may follow the last chunk.
const LONGEST_TRAILER: u32 = 8 * 1024;

/// How far a chunked body was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunks {
    step: Step,
    /// The size of the chunk, as far as its line was read.
    size: u64,
    /// Bytes of the line, or of the trailer, under way.
    line: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Before the first digit of a size.
    Begin,
    /// In the digits of a size.
    Size,
    /// In the extensions after a size.
    Extension,
    /// Before the line feed that ends the line of a size.
    SizeEnd,
    /// In the data; so many bytes are to come.
    Data(u64),
    /// Before the carriage return after the data.
    DataEnd,
    /// Before the line feed after the data.
    DataFeed,
    /// At the beginning of a line after the last chunk.
    Trailer,
    /// In a trailer field.
    Field,
    /// Before the line feed that ends a trailer field.
    FieldEnd,
    /// Before the very last line feed.
    End,
    /// After it.
    Done,
}

impl Chunks {
    /// Before the first chunk.
    pub(super) const fn new() -> Self {
        Self { step: Step::Begin, size: 0, line: 0 }
    }

    pub(super) fn is_done(self) -> bool {
        self.step == Step::Done
    }

    /// Goes through `bytes`; says how many of them belong to the body.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize, Malformed> {
        let mut taken = 0;
        while let Some(rest) = bytes.get(taken..).filter(|rest| !rest.is_empty() && !self.is_done()) {
            taken += if let Step::Data(left) = self.step {
                let now = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                let left = left.saturating_sub(u64::try_from(now).unwrap_or(u64::MAX));
                self.step = if left == 0 { Step::DataEnd } else { Step::Data(left) };
                now
            } else {
                self.step_over(rest.first().copied().unwrap_or_default())?;
                1
            };
        }
        Ok(taken)
    }

    fn step_over(&mut self, byte: u8) -> Result<(), Malformed> {
        self.line += 1;
        let longest = if matches!(self.step, Step::Trailer | Step::Field | Step::FieldEnd) { LONGEST_TRAILER } else { LONGEST_LINE };
        if self.line > longest {
            return Err(Malformed);
        }
        self.step = match (self.step, byte) {
            (Step::Begin | Step::Size, digit) if digit.is_ascii_hexdigit() => {
                let digit = char::from(digit).to_digit(16).map_or(0, u64::from);
                self.size = self.size.checked_mul(16).and_then(|size| size.checked_add(digit)).ok_or(Malformed)?;
                Step::Size
            }
            (Step::Size, b';' | b' ' | b'\t') => Step::Extension,
            (Step::Size | Step::Extension, b'\r') => Step::SizeEnd,
            (Step::Extension, byte) if byte != b'\n' => Step::Extension,
            (Step::SizeEnd, b'\n') if self.size == 0 => Step::Trailer,
            (Step::SizeEnd, b'\n') => Step::Data(self.size),
            (Step::DataEnd, b'\r') => Step::DataFeed,
            (Step::DataFeed, b'\n') => Step::Begin,
            (Step::Trailer, b'\r') => Step::End,
            (Step::Field, b'\r') => Step::FieldEnd,
            (Step::Trailer | Step::Field, byte) if byte != b'\n' => Step::Field,
            (Step::FieldEnd, b'\n') => Step::Trailer,
            (Step::End, b'\n') => Step::Done,
            _ => return Err(Malformed),
        };
        if matches!(self.step, Step::Data(_) | Step::Begin) {
            (self.size, self.line) = (0, 0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes the body takes when it comes whole, and when it comes byte by byte.
    fn taken(text: &str) -> Option<usize> {
        let mut whole = Chunks::new();
        let at_once = whole.take(text.as_bytes()).ok()?;
        let mut dripped = Chunks::new();
        let each = text.bytes().map(|byte| dripped.take(&[byte])).sum::<Result<usize, _>>().ok()?;
        assert_eq!((whole, at_once), (dripped, each), "{text:?}");
        whole.is_done().then_some(at_once)
    }

    #[test]
    fn a_body_ends_where_its_last_chunk_says() {
        assert_eq!(taken("0\r\n\r\n"), Some(5));
        assert_eq!(taken("3\r\nabc\r\n0\r\n\r\n"), Some(13));
        assert_eq!(taken("3;name=value\r\nabc\r\n00\r\nField: value\r\n\r\nGET / HTTP/1.1"), Some(39));
        assert_eq!(taken("A\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"), Some(20), "the data may look like an end");
        assert_eq!(taken("3\r\nab"), None);
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for text in ["x\r\n", "\r\n", "-1\r\n", "3\nabc", "3\r\nabcd\r\n", "11111111111111111\r\n", "0\r\nField\n\r\n", "0\r\n\r\r"] {
            assert_eq!(Chunks::new().take(text.as_bytes()), Err(Malformed), "{text:?}");
        }
        assert_eq!(Chunks::new().take(format!("1;{}", "x".repeat(300)).as_bytes()), Err(Malformed));
        assert_eq!(Chunks::new().take(format!("0\r\n{}", "a: b\r\n".repeat(2000)).as_bytes()), Err(Malformed));
    }
}
