//! A price that moves: a sum of triangle waves and a little noise, all whole numbers, so that the same seed, symbol and
//! second give the same price on every machine.

/// The waves: period in seconds, and how far they swing, in hundredths of a percent of the base.
const WAVES: [(i64, i64); 5] = [(97, 12), (641, 40), (4_703, 130), (30_011, 350), (211_007, 700)];
/// How far the noise of a second swings, as the waves.
const NOISE: i64 = 4;

/// The price at `second` in hundredths of the quote currency, around `base`.
pub(super) fn price(seed: u64, symbol: &str, base: i64, second: i64) -> i64 {
    let own = hash(seed, symbol.as_bytes());
    let mut share = 0;
    for (period, swing) in WAVES {
        let phase = remainder(hash(own, &period.to_le_bytes()), period);
        share += swing * triangle(second + phase, period) / 1_000;
    }
    let noise = remainder(hash(own, &second.to_le_bytes()), 2 * NOISE + 1) - NOISE;
    (base + base * (share + noise) / 10_000).max(1)
}

/// From -1000 up to 1000 and back within a period.
fn triangle(at: i64, period: i64) -> i64 {
    let quarter = 4_000 * at.rem_euclid(period) / period;
    match quarter {
        0..=999 => quarter,
        1_000..=2_999 => 2_000 - quarter,
        _ => quarter - 4_000,
    }
}

fn remainder(hash: u64, below: i64) -> i64 {
    i64::try_from(hash >> 2).unwrap_or(0) % below
}

/// FNV-1a, mixed once more so that neighbours differ in every bit.
pub(super) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325 ^ seed;
    for byte in bytes {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    state ^= state >> 33;
    state = state.wrapping_mul(0xff51_afd7_ed55_8ccd);
    state ^ (state >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_prices_and_they_move_within_bounds() {
        let day = |seed: u64| {
            (0..86_400).step_by(60).map(|s| price(seed, "BTCUSDT", 6_700_000, s)).collect::<Vec<_>>()
        };
        let (one, same, other) = (day(7), day(7), day(8));
        assert!(one == same && one != other);
        assert!(one.iter().all(|price| (5_800_000..7_600_000).contains(price)));
        let distinct = one.iter().collect::<std::collections::BTreeSet<_>>().len();
        assert!(distinct > 500, "{distinct}");
        assert_eq!([0, 25, 50, 75, 100].map(|at| triangle(at, 100)), [0, 1_000, 0, -1_000, 0]);
    }
}
