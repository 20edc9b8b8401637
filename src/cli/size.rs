//! Sizes as options give them: `512`, `64K`, `10M`, `2G`.

/// Reads a number of bytes; K, M, G and T are steps of 1,024.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let steps = match unit.trim().to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 1,
        "M" | "MB" | "MIB" => 2,
        "G" | "GB" | "GIB" => 3,
        "T" | "TB" | "TIB" => 4,
        _ => return Err("not a size: write bytes, or a number with K, M or G, such as 500M".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "not a size: write a number such as 500M".to_owned())?;
    number.checked_mul(1 << (10 * steps)).ok_or_else(|| "more than can be counted".to_owned())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn suffixes_are_steps_of_1024() {
        assert_eq!(size("512"), Ok(512));
        assert_eq!(size("64K"), Ok(65_536));
        assert_eq!(size("10 mb"), Ok(10 << 20));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        for wrong in ["", "K", "1.5G", "-1", "12X", "99999999999T", "18446744073709551616"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
