//! The time stamp of the entries: [`DosTime`].

/// Local date and time as an archive holds them: from 1980 to 2107, to two seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DosTime {
    pub(super) date: u16,
    pub(super) time: u16,
}

/// 1980-01-01 00:00:00, in seconds since 1970.
const EARLIEST: u64 = 315_532_800;
/// 2107-12-31 23:59:58.
const LATEST: u64 = 4_354_819_198;

impl DosTime {
    /// Seconds since 1970, in UTC; none is 1980-01-01. Times outside the range of the format become its nearest one.
    pub(super) fn from_epoch(seconds: Option<u64>) -> Self {
        let seconds = seconds.unwrap_or(EARLIEST).clamp(EARLIEST, LATEST);
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        let mut day = days - EARLIEST / 86_400;
        let mut year = 1980;
        while day >= days_of_year(year) {
            day -= days_of_year(year);
            year += 1;
        }
        let mut month = 1;
        while day >= days_of_month(year, month) {
            day -= days_of_month(year, month);
            month += 1;
        }
        Self {
            date: ((year - 1980) << 9 | month << 5 | (day + 1)) as u16,
            time: ((second / 3600) << 11 | (second / 60 % 60) << 5 | (second % 60 / 2)) as u16,
        }
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::DosTime;

    fn fields(seconds: Option<u64>) -> (u16, u16, u16, u16, u16, u16) {
        let DosTime { date, time } = DosTime::from_epoch(seconds);
        ((date >> 9) + 1980, date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)
    }

    #[test]
    fn without_a_value_it_is_the_first_day_of_the_format() {
        assert_eq!(fields(None), (1980, 1, 1, 0, 0, 0));
        assert_eq!(DosTime::from_epoch(None), DosTime { date: 0x0021, time: 0 });
    }

    /// Expected values from `date -u -d @SECONDS`.
    #[test]
    fn seconds_since_1970_become_date_and_time() {
        assert_eq!(fields(Some(1_709_210_096)), (2024, 2, 29, 12, 34, 56));
        assert_eq!(fields(Some(951_782_399)), (2000, 2, 28, 23, 59, 58));
        assert_eq!(fields(Some(4_107_542_400)), (2100, 3, 1, 0, 0, 0));
        assert_eq!(fields(Some(1_735_689_599)), (2024, 12, 31, 23, 59, 58));
    }

    #[test]
    fn times_outside_the_format_become_its_ends() {
        assert_eq!(fields(Some(0)), (1980, 1, 1, 0, 0, 0));
        assert_eq!(fields(Some(u64::MAX)), (2107, 12, 31, 23, 59, 58));
    }
}
