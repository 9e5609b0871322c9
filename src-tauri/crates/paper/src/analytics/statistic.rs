//! Means, deviations and quotients that are a finite number or nothing.

use super::convert::number;

/// Values here are fractions and multiples of risk, computed with an error of about 1e-16; what spreads less than
/// this, relative to the greatest of them or to 1, does not spread at all.
const NOISE: f64 = 1e-13;

/// The number, if it is one.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A quotient; nothing when the divisor is zero.
pub(super) fn quotient(dividend: f64, divisor: f64) -> Option<f64> {
    finite(dividend / divisor)
}

/// The arithmetic mean; nothing of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    quotient(values.iter().sum(), number(values.len()))
}

/// The standard deviation of a sample (divisor n - 1); nothing below two values.
pub(super) fn sample_deviation(values: &[f64]) -> Option<f64> {
    deviation(values, number(values.len()) - 1.0).filter(|_| values.len() > 1)
}

/// The standard deviation of all there is (divisor n).
pub(super) fn population_deviation(values: &[f64]) -> Option<f64> {
    deviation(values, number(values.len()))
}

/// The root of the mean square of what is below `target`, over **all** values; zero when nothing is below.
pub(super) fn downside_deviation(values: &[f64], target: f64) -> Option<f64> {
    let squares = values.iter().map(|value| (value - target).min(0.0).powi(2)).sum::<f64>();
    quotient(squares, number(values.len())).map(|square| silenced(square.sqrt(), values))
}

fn deviation(values: &[f64], divisor: f64) -> Option<f64> {
    let mean = mean(values)?;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    quotient(squares, divisor).map(|square| silenced(square.sqrt(), values))
}

fn silenced(spread: f64, values: &[f64]) -> f64 {
    let scale = values.iter().fold(1.0_f64, |scale, value| scale.max(value.abs()));
    if spread > NOISE * scale { spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_those_of_the_textbook() {
        let check = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
            (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-15, "{found} {expected}"),
            (None, None) => {}
            _ => panic!("{found:?} {expected:?}"),
        };
        // Mean 5; squares 9+1+1+1+0+0+4+16 = 32: 32/8 = 4, 32/7.
        let eight = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        check(mean(&eight), Some(5.0));
        check(population_deviation(&eight), Some(2.0));
        check(sample_deviation(&eight), Some((32.0_f64 / 7.0).sqrt()));
        // Below 5: 9+1+1+1 = 12 over all eight.
        check(downside_deviation(&eight, 5.0), Some((12.0_f64 / 8.0).sqrt()));
        check(downside_deviation(&eight, 0.0), Some(0.0));
        check(mean(&[]), None);
        check(sample_deviation(&[1.0]), None);
        check(population_deviation(&[]), None);
        check(downside_deviation(&[], 0.0), None);
        // What is noise grows with the numbers: 1e-12 is some among thousands, and a spread among ones.
        assert_eq!((silenced(1e-12, &[1_000.0]), silenced(1e-12, &[1.0])), (0.0, 1e-12));
        // Ten times 0.1 sums to 0.9999999999999999: noise is no spread.
        check(sample_deviation(&[0.1; 10]), Some(0.0));
        check(quotient(1.0, 0.0), None);
        check(quotient(0.0, 0.0), None);
    }
}
