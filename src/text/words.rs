//! Looks at eight bytes of a text at once, in a number: a compiler that builds for size does not make that of a loop over bytes.

/// One in each byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);
/// The highest bit of each byte.
const HIGH: u64 = ONES << 7;

/// Where the first byte is that is below `limit`, at most 128, and is looked for; few of those below should not be.
pub(crate) fn position_below(bytes: &[u8], limit: u8, is: impl Fn(u8) -> bool) -> Option<usize> {
    debug_assert!(limit <= 128, "the highest bit tells");
    let limits = ONES * u64::from(limit);
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, bytes) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*bytes);
        if word.wrapping_sub(limits) & !word & HIGH != 0
            && let Some(at) = bytes.iter().position(|&byte| byte < limit && is(byte))
        {
            return Some(number * 8 + at);
        }
    }
    rest.iter().position(|&byte| byte < limit && is(byte)).map(|at| words.len() * 8 + at)
}

/// How many characters a text in UTF-8 has: every byte that does not continue a character starts one.
pub(crate) fn count_characters(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    let continued = |bytes: &[u8; 8]| {
        let word = u64::from_le_bytes(*bytes);
        let continues = (word & HIGH & !(word << 1)) >> 7;
        // The sum of all bytes, in the highest one.
        (continues.wrapping_mul(ONES) >> 56) as usize
    };
    let continued: usize = words.iter().map(continued).sum();
    bytes.len() - continued - rest.iter().filter(|&&byte| byte & 0xC0 == 0x80).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_byte_by_byte(bytes in prop::collection::vec(any::<u8>(), 0..100), limit in 0..=128_u8) {
            let is = |byte: u8| !byte.is_multiple_of(3);
            prop_assert_eq!(
                position_below(&bytes, limit, is),
                bytes.iter().position(|&byte| byte < limit && is(byte))
            );
            prop_assert_eq!(count_characters(&bytes), bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count());
        }

        #[test]
        fn characters_are_counted(text in "\\PC{0,60}") {
            prop_assert_eq!(count_characters(text.as_bytes()), text.chars().count());
        }
    }
}
