//! The inside of a backup: a tar (ustar), so that `age -d … | tar x` gives files that `psql` can copy in, whatever
//! became of this program. Only what we write is read: plain files with short names.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;
/// The largest file that is read: parts of tables are smaller.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
const NAME: std::ops::Range<usize> = 0..100;
const SIZE: std::ops::Range<usize> = 124..136;
const CHECKSUM: std::ops::Range<usize> = 148..156;

fn wrong(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the inside of the backup is not as it was written: {what}"),
    )
}

fn checksum(header: &[u8; BLOCK]) -> u32 {
    let counted = header.iter().enumerate();
    counted.map(|(at, byte)| u32::from(if CHECKSUM.contains(&at) { b' ' } else { *byte })).sum()
}

/// Writes a file.
pub(super) fn write_file(out: &mut impl Write, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    assert!(name.len() < NAME.len(), "names of tables are short");
    put(NAME.start, name);
    put(100, "0000600\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(SIZE.start, &format!("{:011o}\0", bytes.len()));
    put(136, "00000000000\0");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum = format!("{:06o}\0 ", checksum(&header));
    header[CHECKSUM].copy_from_slice(sum.as_bytes());
    out.write_all(&header)?;
    out.write_all(bytes)?;
    out.write_all(&[0; BLOCK][..padding(bytes.len())])
}

/// Writes the end.
pub(super) fn write_end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0; 2 * BLOCK])
}

const fn padding(length: usize) -> usize {
    (BLOCK - length % BLOCK) % BLOCK
}

/// Reads the next file; `None` at the end, which must be the end of everything.
pub(super) fn read_file(from: &mut impl Read) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut header = [0; BLOCK];
    from.read_exact(&mut header)?;
    if header == [0; BLOCK] {
        from.read_exact(&mut header)?;
        let more = from.read(&mut [0; 1])?;
        return if header == [0; BLOCK] && more == 0 {
            Ok(None)
        } else {
            Err(wrong("something behind the end"))
        };
    }
    let text = |range: std::ops::Range<usize>| {
        let bytes = header[range].split(|byte| *byte == 0).next().unwrap_or_default();
        std::str::from_utf8(bytes).map(str::trim).map_err(|_| wrong("a header"))
    };
    let number =
        |text: &str, radix| u64::from_str_radix(text, radix).map_err(|_| wrong("a number in a header"));
    if number(text(CHECKSUM)?, 8)? != u64::from(checksum(&header)) {
        return Err(wrong("a header"));
    }
    let size = number(text(SIZE)?, 8)?;
    if size > MOST_BYTES {
        return Err(wrong("a file that is too large"));
    }
    let mut bytes = vec![0; size as usize];
    from.read_exact(&mut bytes)?;
    from.read_exact(&mut [0; BLOCK][..padding(bytes.len())])?;
    Ok(Some((text(NAME)?.to_owned(), bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let files = [("a.json", vec![]), ("intake/seekers.000001", vec![7; 512]), ("b", vec![1, 2, 3])];
        let mut tar = Vec::new();
        for (name, bytes) in &files {
            write_file(&mut tar, name, bytes).unwrap();
        }
        write_end(&mut tar).unwrap();
        let mut left = &tar[..];
        for (name, bytes) in &files {
            assert_eq!(read_file(&mut left).unwrap(), Some(((*name).to_owned(), bytes.clone())));
        }
        assert_eq!(read_file(&mut left).unwrap(), None);
        tar.push(0);
        let mut left = &tar[..];
        assert!((0..4).any(|_| read_file(&mut left).is_err()), "something behind the end");
    }
}
