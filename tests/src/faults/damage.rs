//! Damage to the files of a stream while its server is down (RELIABILITY T14, T15).

use std::{
    fs::{self, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use super::Dice;

/// What happens to the store of the streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// A bit flips in a block of messages.
    FlippedBit,
    /// A block of messages ends early.
    Truncated,
    /// The whole store is gone.
    Deleted,
}

impl Damage {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::FlippedBit, Self::Truncated, Self::Deleted];

    /// Its name in the counts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FlippedBit => "flipped bit in the stream's file",
            Self::Truncated => "truncated file of the stream",
            Self::Deleted => "deleted store",
        }
    }
}

/// Does it to the store in this folder. The server must not run.
///
/// # Panics
/// When there is nothing to damage: then the test would prove nothing.
pub fn damage(store: &Path, stream: &str, what: Damage, dice: &Dice) {
    if what == Damage::Deleted {
        fs::remove_dir_all(store).expect("the store goes");
        return;
    }
    let mut blocks = Vec::new();
    find_blocks(store, stream, &mut blocks);
    let block = blocks.iter().max_by_key(|(_, size)| *size).expect("the stream has a file of messages");
    let (path, size) = block;
    let mut file = OpenOptions::new().read(true).write(true).open(path).expect("a file of messages");
    assert!(*size > 200, "{} holds too little to damage", path.display());
    if what == Damage::Truncated {
        file.set_len(size - size / 4).expect("it ends early");
        return;
    }
    // In the middle, so that what follows is doubted too.
    let place = size / 4 + dice.below(size / 2);
    let mut byte = [0_u8];
    file.seek(SeekFrom::Start(place)).expect("a place");
    file.read_exact(&mut byte).expect("a byte");
    byte[0] ^= 1 << dice.below(8);
    file.seek(SeekFrom::Start(place)).expect("a place");
    file.write_all(&byte).expect("another byte");
}

/// Files of messages of a stream below a folder, with their sizes.
fn find_blocks(folder: &Path, stream: &str, found: &mut Vec<(PathBuf, u64)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            find_blocks(&path, stream, found);
        } else if path.extension().is_some_and(|end| end == "blk")
            && path.components().any(|part| part.as_os_str() == stream)
        {
            let size = entry.metadata().map_or(0, |about| about.len());
            found.push((path, size));
        }
    }
}
