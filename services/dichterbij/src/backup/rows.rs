//! Counts the rows in what `COPY … (format binary)` gives, as it passes by.

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Signature,
    ExtensionLength,
    FieldCount,
    FieldLength { fields_left: u16 },
    Bytes { left: u32, fields_left: u16 },
    Extension { left: u32 },
    Nothing,
}

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0";

/// A count under way.
#[derive(Debug)]
pub(super) struct Rows {
    next: Next,
    held: Vec<u8>,
    count: u64,
}

/// Not what PostgreSQL gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotACopy;

impl Default for Rows {
    fn default() -> Self {
        Self { next: Next::Signature, held: Vec::new(), count: 0 }
    }
}

impl Rows {
    /// Looks at the next bytes.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) -> Result<(), NotACopy> {
        while !bytes.is_empty() {
            let skipped = match self.next {
                Next::Bytes { left, .. } | Next::Extension { left } => Some(left.min(bytes.len() as u32)),
                _ => None,
            };
            if let Some(skipped) = skipped {
                bytes = &bytes[skipped as usize..];
                self.skip(skipped);
                continue;
            }
            let wanted = match self.next {
                Next::Signature => SIGNATURE.len(),
                Next::FieldCount => 2,
                Next::ExtensionLength | Next::FieldLength { .. } => 4,
                _ => return Err(NotACopy),
            };
            let taken = bytes.len().min(wanted - self.held.len());
            self.held.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.held.len() == wanted {
                let held = std::mem::take(&mut self.held);
                self.next = self.after(&held)?;
            }
        }
        Ok(())
    }

    fn skip(&mut self, skipped: u32) {
        self.next = match self.next {
            Next::Bytes { left, fields_left } if left > skipped => {
                Next::Bytes { left: left - skipped, fields_left }
            }
            Next::Bytes { fields_left, .. } => self.fields(fields_left),
            Next::Extension { left } if left > skipped => Next::Extension { left: left - skipped },
            _ => Next::FieldCount,
        };
    }

    fn after(&mut self, held: &[u8]) -> Result<Next, NotACopy> {
        let long = || held.try_into().map(i32::from_be_bytes).map_err(|_| NotACopy);
        Ok(match self.next {
            Next::Signature if held == SIGNATURE => Next::ExtensionLength,
            Next::ExtensionLength => match u32::try_from(long()?).map_err(|_| NotACopy)? {
                0 => Next::FieldCount,
                left => Next::Extension { left },
            },
            Next::FieldCount => match held.try_into().map(i16::from_be_bytes).map_err(|_| NotACopy)? {
                -1 => Next::Nothing,
                fields => {
                    let fields = u16::try_from(fields).map_err(|_| NotACopy)?;
                    self.fields(fields)
                }
            },
            Next::FieldLength { fields_left } => match long()? {
                -1 | 0 => self.fields(fields_left - 1),
                length => Next::Bytes {
                    left: u32::try_from(length).map_err(|_| NotACopy)?,
                    fields_left: fields_left - 1,
                },
            },
            _ => return Err(NotACopy),
        })
    }

    fn fields(&mut self, left: u16) -> Next {
        if left == 0 {
            self.count += 1;
            return Next::FieldCount;
        }
        Next::FieldLength { fields_left: left }
    }

    /// How many rows there were; only when the end passed by.
    pub(super) fn finish(&self) -> Result<u64, NotACopy> {
        if self.next == Next::Nothing { Ok(self.count) } else { Err(NotACopy) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_however_the_bytes_are_cut() {
        let row = [&[0, 3][..], &(-1_i32).to_be_bytes(), &[0, 0, 0, 2, 9, 9], &[0, 0, 0, 0]].concat();
        let copy = [SIGNATURE, &[0; 4], &row, &row, &row, &[0xff, 0xff]].concat();
        for size in 1..copy.len() {
            let mut rows = Rows::default();
            for part in copy.chunks(size) {
                rows.pass(part).unwrap();
            }
            assert_eq!(rows.finish(), Ok(3), "{size}");
        }
        let mut cut = Rows::default();
        cut.pass(&copy[..copy.len() - 1]).unwrap();
        assert_eq!(cut.finish(), Err(NotACopy));
        assert_eq!(Rows::default().pass(b"PGCOPX\n\xff\r\n\0\0\0\0\0"), Err(NotACopy));
        let mut more = Rows::default();
        assert_eq!(more.pass(&[&copy[..], &[0]].concat()), Err(NotACopy));
    }
}
