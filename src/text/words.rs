//! Looks at eight bytes of a text at once, in a number: a compiler that builds for size does not make that of a loop over bytes.

/// One in each byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);
/// The highest bit of each byte.
const HIGH: u64 = ONES << 7;

/// Where the first byte is that is below `limit`, at most 128, and none of `but`.
pub(crate) fn position_below<const N: usize>(bytes: &[u8], limit: u8, but: [u8; N]) -> Option<usize> {
    debug_assert!(limit <= 128, "the highest bit tells");
    let addend = ONES * u64::from(128 - limit);
    let but = but.map(|byte| ONES * u64::from(byte));
    // The highest bit of each byte that is meant; no sum reaches into the byte beside it.
    let found = |word: u64| {
        let below = !(((word & !HIGH) + addend) | word) & HIGH;
        if below == 0 {
            return 0;
        }
        but.iter().fold(below, |found, byte| {
            let other = word ^ byte;
            found & (((other & !HIGH) + !HIGH) | other)
        })
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, bytes) in words.iter().enumerate() {
        let found = found(u64::from_le_bytes(*bytes));
        if found != 0 {
            return Some(number * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    // Bytes of the highest bit are not below any limit.
    let mut last = [u8::MAX; 8];
    last[..rest.len()].copy_from_slice(rest);
    let found = found(u64::from_le_bytes(last));
    (found != 0).then(|| words.len() * 8 + found.trailing_zeros() as usize / 8)
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
        fn as_byte_by_byte(
            mut bytes in prop::collection::vec(prop_oneof![Just(9_u8), Just(10), 30..=34_u8, 120..=140_u8, any::<u8>()], 0..100),
            limit in prop_oneof![Just(32_u8), 0..=128_u8],
            but in [0..=40_u8, 0..=255_u8],
            first in 0..100_usize,
        ) {
            for rare in [false, true] {
                if rare {
                    // One such byte behind many that are none.
                    let least = limit.max(32);
                    for byte in bytes.iter_mut().take(first) {
                        *byte = (*byte).max(least);
                    }
                }
                let expected = bytes.iter().position(|&byte| byte < limit && !but.contains(&byte));
                prop_assert_eq!(position_below(&bytes, limit, but), expected);
            }
            prop_assert_eq!(position_below(&bytes, limit, []), bytes.iter().position(|&byte| byte < limit));
            prop_assert_eq!(count_characters(&bytes), bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count());
        }

        #[test]
        fn characters_are_counted(text in "\\PC{0,60}") {
            prop_assert_eq!(count_characters(text.as_bytes()), text.chars().count());
        }
    }
}
