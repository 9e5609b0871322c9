//! Days and trading hours in a time zone. The tables of the time zones are bundled, so that a machine's own tables
//! decide nothing; no clock is read.

use domain::Timestamp;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::fmt;

const DAY_US: i64 = 86_400_000_000;
const DAY_MINUTES: u32 = 1_440;

/// A time zone by its IANA name; offsets follow the zone's own history of summer times.
#[derive(Debug, Clone)]
pub struct Zone {
    name: Box<str>,
    /// Nothing for UTC, which needs no table.
    table: Option<TimeZone>,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".into(), table: None }
    }

    /// Finds a zone: `UTC`, `America/New_York`, …
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("utc") {
            return Some(Self::utc());
        }
        let table = TimeZoneDatabase::bundled().get(text).ok()?;
        let name = table.iana_name()?.into();
        Some(Self { name, table: Some(table) })
    }

    /// The day of `at`, as days since 1970-01-01 in this zone.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> i64 {
        at.as_micros().saturating_add(self.offset_us(at)).div_euclid(DAY_US)
    }

    /// When the day of `at` ends: the next midnight of this zone, or the first moment after it that exists.
    #[must_use]
    pub fn day_end(&self, at: Timestamp) -> Timestamp {
        self.moment(self.day(at).saturating_add(1), 0)
    }

    /// Day and minute of the day of `at`.
    fn local(&self, at: Timestamp) -> (i64, u32) {
        let local = at.as_micros().saturating_add(self.offset_us(at));
        let minute = local.rem_euclid(DAY_US) / 60_000_000;
        (local.div_euclid(DAY_US), u32::try_from(minute).unwrap_or(0))
    }

    /// The first moment of `minute` of `day`; minutes may go beyond the day.
    fn moment(&self, day: i64, minute: u32) -> Timestamp {
        let utc = day.saturating_mul(DAY_US).saturating_add(i64::from(minute) * 60_000_000);
        let Some(table) = &self.table else { return Timestamp::from_micros(utc) };
        let epoch = DateTime::from_parts(Date::constant(1970, 1, 1), jiff::civil::Time::midnight());
        let local = epoch.checked_add(SignedDuration::from_micros(utc));
        let found = local.and_then(|local| table.to_timestamp(local));
        found.map_or(Timestamp::from_micros(utc), |found| Timestamp::from_micros(found.as_microsecond()))
    }

    fn offset_us(&self, at: Timestamp) -> i64 {
        let Some(table) = &self.table else { return 0 };
        jiff::Timestamp::from_microsecond(at.as_micros())
            .map_or(0, |at| i64::from(table.to_offset(at).seconds()) * 1_000_000)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// When entries are allowed, by day of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradingHours {
    text: Box<str>,
    windows: Vec<Window>,
}

/// From a minute to a minute of a day, the latter not included; past 24:00 it reaches into the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    /// 0 is Monday.
    weekday: i64,
    from: u32,
    to: u32,
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The longest text of trading hours, in bytes.
const HOURS_TEXT_MAX: usize = 400;

impl TradingHours {
    /// Reads windows such as `Mon-Fri 09:30-16:00, Sun 18:00-24:00`; one that ends before it begins ends the next day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > HOURS_TEXT_MAX {
            return None;
        }
        let mut windows = Vec::new();
        for part in text.split(',') {
            let (days, times) = part.trim().split_once(' ')?;
            let (from, to) = times.trim().split_once('-')?;
            let (from, to) = (minute(from)?, minute(to)?);
            if from == to || from == DAY_MINUTES {
                return None;
            }
            let to = if to < from { to + DAY_MINUTES } else { to };
            windows.extend(weekdays(days)?.map(|weekday| Window { weekday, from, to }));
        }
        Some(Self { text: text.into(), windows })
    }

    /// Whether `at` is within them.
    #[must_use]
    pub fn contain(&self, zone: &Zone, at: Timestamp) -> bool {
        self.session_end(zone, at).is_some()
    }

    /// When the session that `at` is in ends; nothing outside of the hours.
    #[must_use]
    pub fn session_end(&self, zone: &Zone, at: Timestamp) -> Option<Timestamp> {
        let (day, minute) = zone.local(at);
        let end = |window: &Window| {
            [(day, minute), (day - 1, minute + DAY_MINUTES)].into_iter().find_map(|(day, minute)| {
                // 1970-01-01 was a Thursday.
                let same_day = (day + 3).rem_euclid(7) == window.weekday;
                (same_day && (window.from..window.to).contains(&minute)).then(|| zone.moment(day, window.to))
            })
        };
        self.windows.iter().filter_map(end).max()
    }
}

impl fmt::Display for TradingHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn minute(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let two_digits = |part: &str| (part.len() == 2).then(|| part.parse::<u32>().ok()).flatten();
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY_MINUTES).then_some(minute)
}

/// `Mon`, or `Mon-Fri`, which may go over Sunday.
fn weekdays(text: &str) -> Option<impl Iterator<Item = i64>> {
    let place = |name: &str| WEEKDAYS.iter().position(|day| name.eq_ignore_ascii_case(day));
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (place(first.trim())?, place(last.trim())?);
    let count = (last + 7 - first) % 7;
    Some((0..=count).filter_map(move |n| i64::try_from((first + n) % 7).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_day_ends_at_the_zones_own_midnight() {
        let check = |zone: &str, at: &str, end: &str| {
            let zone = Zone::parse(zone).unwrap();
            assert_eq!(zone.day_end(time(at)), time(end), "{zone} {at}");
            assert_eq!(zone.day(time(end)), zone.day(time(at)) + 1);
        };
        check("UTC", "2026-03-08T23:59:59.999999Z", "2026-03-09T00:00:00Z");
        check("utc", "1969-12-31T12:00:00Z", "1970-01-01T00:00:00Z");
        // New York is five hours behind, from 2026-03-08 07:00 UTC to 2026-11-01 06:00 UTC four.
        check("America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T05:00:00Z");
        check("America/New_York", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z");
        check("America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
        check("Asia/Kolkata", "2026-11-01T18:29:59Z", "2026-11-01T18:30:00Z");
        assert_eq!(Zone::parse("America/New York"), None);
        assert_eq!(Zone::parse("america/new_york").unwrap().to_string(), "America/New_York");
        assert_eq!(Zone::parse(""), None);
    }

    #[test]
    fn hours_are_local_and_end_with_their_session() {
        // 2026-03-06 is a Friday; from 2026-03-08 New York is at UTC-4.
        let check = |hours: &str, at: &str, end: Option<&str>| {
            let zone = Zone::parse("America/New_York").unwrap();
            let hours = TradingHours::parse(hours).unwrap();
            assert_eq!(hours.session_end(&zone, time(at)), end.map(time), "{hours} {at}");
            assert_eq!(hours.contain(&zone, time(at)), end.is_some());
        };
        let stocks = "Mon-Fri 09:30-16:00";
        check(stocks, "2026-03-06T14:29:59Z", None);
        check(stocks, "2026-03-06T14:30:00Z", Some("2026-03-06T21:00:00Z"));
        check(stocks, "2026-03-06T20:59:59.999999Z", Some("2026-03-06T21:00:00Z"));
        check(stocks, "2026-03-06T21:00:00Z", None);
        check(stocks, "2026-03-07T15:00:00Z", None);
        check(stocks, "2026-03-09T13:30:00Z", Some("2026-03-09T20:00:00Z"));
        let futures = "Sun-Thu 18:00-17:00";
        check(futures, "2026-03-06T21:59:00Z", Some("2026-03-06T22:00:00Z"));
        check(futures, "2026-03-06T22:00:00Z", None);
        check(futures, "2026-03-06T23:30:00Z", None);
        check(futures, "2026-03-08T22:00:00Z", Some("2026-03-09T21:00:00Z"));
        check("Sat 00:00-24:00, Fri-Sat 10:00-11:00", "2026-03-07T15:30:00Z", Some("2026-03-08T05:00:00Z"));
        check("sat-sun 00:00-24:00", "2026-03-09T03:59:00Z", Some("2026-03-09T04:00:00Z"));
    }

    #[test]
    fn hours_that_say_nothing_are_none() {
        for wrong in [
            "",
            "Mon",
            "Mon 9:30-16:00",
            "Mon 09:30-09:30",
            "Mon 09:30",
            "Mon 24:00-10:00",
            "Mon 25:00-26:00",
            "Mon 09:60-10:00",
            "Lun 09:00-10:00",
            "Mon 09:00-10:00,",
            "09:00-10:00",
            "Mon -1:00-10:00",
        ] {
            assert_eq!(TradingHours::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn hours_may_be_as_long_as_a_settings_field() {
        // A window is 15 bytes and a comma, so 25 of them are 399 bytes.
        let windows = ["Mon 09:00-10:00"; 25].join(",");
        assert!(TradingHours::parse(&format!("{windows} ")).is_some(), "400 bytes");
        assert_eq!(TradingHours::parse(&format!("{windows}  ")), None, "401 bytes");
    }
}
