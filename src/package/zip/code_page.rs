//! The code page of names that are not flagged as UTF-8.
//!
//! Read [`decode`] first.

/// Code page 437 from 0x80 on. Below it is ASCII.
const UPPER_HALF: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅ",
    "ÉæÆôöòûùÿÖÜ¢£¥₧ƒ",
    "áíóúñÑªº¿⌐¬½¼¡«»",
    "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
    "└┴┬├─┼╞╟╚╔╩╦╠═╬╧",
    "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
    "αßΓπΣσµτΦΘΩδ∞φε∩",
    "≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
);

/// A name in code page 437. Control characters stay what they are, so that they are refused as such.
pub(super) fn decode(name: &[u8]) -> String {
    let upper =
        |byte: u8| UPPER_HALF.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER);
    name.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { upper(byte) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_character() {
        assert_eq!(UPPER_HALF.chars().count(), 128);
        assert_eq!(decode(b"\x81\x82.txt"), "üé.txt");
        assert_eq!(decode(b"\x80\xe1\xfe\xff\n"), "Çß■\u{a0}\n");
    }
}
