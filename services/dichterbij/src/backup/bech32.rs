//! Bech32 (BIP 173, without its limit of length), in which keys of age are written: a typing mistake is noticed.

const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CHECKSUM_LETTERS: usize = 6;

fn polymod(values: impl Iterator<Item = u8>) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.fold(1, |checksum, value| {
        let next = ((checksum & 0x01ff_ffff) << 5) ^ u32::from(value);
        let top = checksum >> 25;
        (0..5).filter(|bit| top >> bit & 1 == 1).fold(next, |next, bit| next ^ GENERATOR[bit])
    })
}

fn expanded(prefix: &str) -> impl Iterator<Item = u8> {
    let (high, low) = (prefix.bytes().map(|byte| byte >> 5), prefix.bytes().map(|byte| byte & 31));
    high.chain(std::iter::once(0)).chain(low).collect::<Vec<_>>().into_iter()
}

/// Regroups bits; what is left at the end is filled with zeros when `pad` says so, and must be zeros otherwise.
fn regroup(values: &[u8], from: u32, to: u32, pad: bool) -> Option<Vec<u8>> {
    let (mut held, mut bits, mut out) = (0_u32, 0, Vec::new());
    for value in values {
        held = (held << from) | u32::from(*value);
        bits += from;
        while bits >= to {
            bits -= to;
            out.push((held >> bits & ((1 << to) - 1)) as u8);
        }
        held &= (1 << bits) - 1;
    }
    if pad && bits > 0 {
        out.push((held << (to - bits)) as u8);
    } else if !pad && (bits >= from || held != 0) {
        return None;
    }
    Some(out)
}

/// Writes bytes under a prefix, in small letters.
pub(super) fn encode(prefix: &str, bytes: &[u8; 32]) -> String {
    let values = regroup(bytes, 8, 5, true).expect("padding always fits");
    let zeros = [0; CHECKSUM_LETTERS];
    let checksum = polymod(expanded(prefix).chain(values.iter().copied()).chain(zeros)) ^ 1;
    let checksum = (0..CHECKSUM_LETTERS).map(|index| (checksum >> (5 * (5 - index)) & 31) as u8);
    let letters = values.iter().copied().chain(checksum).map(|value| char::from(LETTERS[usize::from(value)]));
    format!("{prefix}1{}", letters.collect::<String>())
}

/// Reads 32 bytes under a prefix; `None` when a letter is wrong.
pub(super) fn decode(prefix: &str, text: &str) -> Option<[u8; 32]> {
    if text.chars().any(char::is_uppercase) && text.chars().any(char::is_lowercase) {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let letters = text.strip_prefix(prefix)?.strip_prefix('1')?;
    let values: Vec<u8> = letters
        .bytes()
        .map(|letter| LETTERS.iter().position(|known| *known == letter).map(|value| value as u8))
        .collect::<Option<_>>()?;
    if polymod(expanded(prefix).chain(values.iter().copied())) != 1 {
        return None;
    }
    let (values, _) = values.split_at_checked(values.len().checked_sub(CHECKSUM_LETTERS)?)?;
    regroup(values, 5, 8, false)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_wrong_letter_is_noticed() {
        let bytes: [u8; 32] = std::array::from_fn(|index| index as u8 * 7);
        let text = encode("age", &bytes);
        assert_eq!(decode("age", &text), Some(bytes));
        assert_eq!(decode("age", &text.to_ascii_uppercase()), Some(bytes));
        for place in 4..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[place] = if wrong[place] == b'q' { b'p' } else { b'q' };
            assert_eq!(decode("age", std::str::from_utf8(&wrong).unwrap()), None, "letter {place}");
        }
        for wrong in ["", "age", "age1", "age1qqqqq", "age-secret-key-1qqqqqqqq", &text[1..]] {
            assert_eq!(decode("age", wrong), None, "{wrong}");
        }
    }
}
