//! Rate limits, in whole microseconds of a clock that is passed in.

use crate::Rate;
use domain::WebhookId;
use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

const SECOND_US: u64 = 1_000_000;
const MINUTE_US: u64 = 60 * SECOND_US;
/// The most addresses whose failures are counted apart; beyond, the rest share one bucket.
const ADDRESSES_MAX: usize = 4096;
/// The most webhooks whose rates are kept; there are far fewer, deleted ones are swept when it is reached.
const WEBHOOKS_MAX: usize = 1024;

/// Too many; may be tried again after this many microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TryAgainUs(pub(crate) u64);

impl TryAgainUs {
    /// Whole seconds for `Retry-After`, rounded up.
    pub(crate) fn seconds(self) -> u64 {
        self.0.div_ceil(SECOND_US).max(1)
    }
}

/// A bucket of so many, refilled one by one, as the time at which it will be full again (GCRA).
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    full_at: u64,
}

impl Bucket {
    /// When one more fits; zero when now. `size` are refilled in `period_us`.
    fn wait(self, size: u32, period_us: u64, now: u64) -> u64 {
        let missing = self.full_at.saturating_sub(now);
        missing.saturating_sub(period_us - interval(size, period_us))
    }

    fn take(&mut self, size: u32, period_us: u64, now: u64) {
        self.full_at = self.full_at.max(now) + interval(size, period_us);
    }
}

fn interval(size: u32, period_us: u64) -> u64 {
    (period_us / u64::from(size.max(1))).max(1)
}

/// The rates of all webhooks.
#[derive(Default)]
pub(crate) struct WebhookRates(Mutex<HashMap<WebhookId, WebhookRate>>);

#[derive(Default)]
struct WebhookRate {
    bucket: Bucket,
    /// When the newest requests of the last second came, oldest first.
    recent: VecDeque<u64>,
}

impl WebhookRates {
    /// Counts a request of `webhook`, or says how long it has to wait; a refused one is not counted.
    pub(crate) fn take(&self, webhook: &WebhookId, rate: Rate, now: u64) -> Result<(), TryAgainUs> {
        let Rate::On { per_minute, per_second } = rate else { return Ok(()) };
        let mut rates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !rates.contains_key(webhook) {
            if rates.len() >= WEBHOOKS_MAX {
                rates.retain(|_, r| r.bucket.full_at > now);
            }
            rates.insert(webhook.clone(), WebhookRate::default());
        }
        let Some(state) = rates.get_mut(webhook) else { return Ok(()) };
        while state.recent.front().is_some_and(|at| now.saturating_sub(*at) >= SECOND_US) {
            state.recent.pop_front();
        }
        let in_second = state.recent.len();
        let second_full = per_second.and_then(|m| usize::try_from(m.get()).ok()).and_then(|most| {
            // The request that has to leave the second before one more fits; after a lowered limit not the oldest.
            let leaves = in_second.checked_sub(most)?;
            state.recent.get(leaves).copied()
        });
        let wait_second = second_full.map_or(0, |at| (at + SECOND_US).saturating_sub(now));
        let wait = state.bucket.wait(per_minute.get(), MINUTE_US, now).max(wait_second);
        if wait > 0 {
            return Err(TryAgainUs(wait));
        }
        state.bucket.take(per_minute.get(), MINUTE_US, now);
        if per_second.is_some() {
            state.recent.push_back(now);
        }
        Ok(())
    }
}

/// Failed authentications by address; of IPv6 by /64, which is what one sender has.
pub(crate) struct Failures {
    per_minute: u32,
    addresses: Mutex<HashMap<IpAddr, Bucket>>,
}

impl Failures {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, addresses: Mutex::default() }
    }

    /// Counts a failure, or says how long the address has to wait.
    pub(crate) fn take(&self, address: IpAddr, now: u64) -> Result<(), TryAgainUs> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = sender_of(address);
        if addresses.len() >= ADDRESSES_MAX && !addresses.contains_key(&key) {
            addresses.retain(|_, bucket| bucket.full_at > now);
            if addresses.len() >= ADDRESSES_MAX {
                key = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
            }
        }
        let bucket = addresses.entry(key).or_default();
        let wait = bucket.wait(self.per_minute, MINUTE_US, now);
        if wait > 0 {
            return Err(TryAgainUs(wait));
        }
        bucket.take(self.per_minute, MINUTE_US, now);
        Ok(())
    }
}

fn sender_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// How often the directory may be asked for something newer.
pub(crate) struct Refreshes {
    per_second: u32,
    bucket: Mutex<Bucket>,
}

impl Refreshes {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second, bucket: Mutex::default() }
    }

    /// Whether one more is allowed now; it is counted then.
    pub(crate) fn take(&self, now: u64) -> bool {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let allowed = bucket.wait(self.per_second, SECOND_US, now) == 0;
        if allowed {
            bucket.take(self.per_second, SECOND_US, now);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    fn webhook() -> WebhookId {
        WebhookId::parse("wh_abcdefghij23").unwrap()
    }

    fn rate(per_minute: u32, per_second: Option<u32>) -> Rate {
        let per_minute = NonZeroU32::new(per_minute).unwrap();
        Rate::On { per_minute, per_second: per_second.map(|n| NonZeroU32::new(n).unwrap()) }
    }

    #[test]
    fn ten_in_any_second_and_thirty_then_one_every_two_seconds() {
        let rates = WebhookRates::default();
        let take = |now| rates.take(&webhook(), Rate::default(), now);
        // Ten within 0.9 s; the eleventh fits when the first is a second old, not before.
        let start = 5 * MINUTE_US;
        for n in 0..10 {
            assert_eq!(take(start + n * 100_000), Ok(()), "{n}");
        }
        assert_eq!(take(start + 950_000), Err(TryAgainUs(50_000)));
        assert_eq!(take(start + 999_999), Err(TryAgainUs(1)));
        assert_eq!(take(start + SECOND_US), Ok(()));
        // Each take puts the time at which the bucket is full 2 s further: after k takes it is start + 2k s. One fits
        // while that is at most 58 s away. With k = 11 + j at start + 2 s + j/10: 22 + 2j - 2 - j/10 <= 58, so up to
        // j = 20, which are 21 takes.
        let mut now = start + 2 * SECOND_US;
        let mut fitted = 0;
        while take(now).is_ok() {
            fitted += 1;
            now += 100_000;
        }
        assert_eq!(fitted, 21);
        // 32 taken, full at start + 64 s, so one fits at start + 6 s.
        assert_eq!(take(now), Err(TryAgainUs(start + 6 * SECOND_US - now)));
    }

    #[test]
    fn retry_after_is_in_whole_seconds_rounded_up() {
        assert_eq!(TryAgainUs(1).seconds(), 1);
        assert_eq!(TryAgainUs(1_000_000).seconds(), 1);
        assert_eq!(TryAgainUs(1_000_001).seconds(), 2);
    }

    #[test]
    fn no_limit_is_no_limit_and_a_new_limit_holds_at_once() {
        let rates = WebhookRates::default();
        for _ in 0..1000 {
            assert_eq!(rates.take(&webhook(), Rate::Off, 0), Ok(()));
        }
        for _ in 0..20 {
            assert_eq!(rates.take(&webhook(), rate(600, Some(20)), 0), Ok(()));
        }
        // Twenty in this second, now only five are allowed: wait for the sixteenth to be a second old.
        assert_eq!(rates.take(&webhook(), rate(600, Some(5)), 10), Err(TryAgainUs(SECOND_US - 10)));
        assert_eq!(rates.take(&webhook(), rate(600, None), 10), Ok(()));
    }

    #[test]
    fn failures_are_counted_by_sender_in_bounded_memory() {
        let failures = Failures::new(2);
        let at = |text: &str| failures.take(text.parse().unwrap(), 0).is_ok();
        assert!(at("192.0.2.1") && at("192.0.2.1") && !at("192.0.2.1"));
        assert!(at("192.0.2.2"));
        assert!(at("2001:db8::1") && at("2001:db8::2") && !at("2001:db8::3"));
        for n in 0..10_000_u32 {
            let _counted = failures.take(IpAddr::from(n.to_be_bytes()), 0);
        }
        assert!(failures.addresses.lock().unwrap().len() <= ADDRESSES_MAX + 1);
        // 30 s later one of two has come back.
        assert!(failures.take("192.0.2.1".parse().unwrap(), MINUTE_US / 2).is_ok());
    }

    #[test]
    fn the_directory_is_asked_so_many_times_a_second() {
        let refreshes = Refreshes::new(20);
        assert_eq!((0..100).filter(|_| refreshes.take(0)).count(), 20);
        assert_eq!((0..100).filter(|_| refreshes.take(SECOND_US / 2)).count(), 10);
    }
}
