//! How far equity was below its highest value so far: at every mark, and at the end of every day.

use super::convert::{nearest, number, shown};
use super::input::EquityCurve;
use super::sample::Samples;
use super::statistic::finite;
use crate::exact::{self, Overflow};
use domain::{Money, Timestamp};

/// Equity and its distance from the highest value so far, the opening capital being the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawdownPoint {
    /// When.
    pub at: Timestamp,
    /// The equity.
    pub equity: Money,
    /// The highest equity so far.
    pub peak: Money,
    /// Peak minus equity; zero or above.
    pub amount: Money,
    /// Equity over peak minus 1: zero or below, under -1 for a debt.
    pub fraction: f64,
}

/// The drawdown at every mark.
///
/// # Errors
/// [`Overflow`] when the distance cannot be held exactly.
pub fn drawdown_curve(curve: &EquityCurve) -> Result<Vec<DrawdownPoint>, Overflow> {
    let mut peak = curve.base();
    curve
        .points()
        .iter()
        .map(|point| {
            peak = peak.max(point.equity);
            let amount = Money::new(exact::sub(peak.get(), point.equity.get())?);
            let fraction = nearest(point.equity.get()) / nearest(peak.get()) - 1.0;
            Ok(DrawdownPoint { at: point.at, equity: point.equity, peak, amount, fraction })
        })
        .collect()
}

/// The deepest drawdown, as a fraction (zero or below) and as an amount (zero or above). The two may have been at
/// different times.
pub(super) fn deepest(points: &[DrawdownPoint]) -> (f64, Money) {
    points.iter().fold((0.0, Money::ZERO), |(fraction, amount), point| {
        (point.fraction.min(fraction), point.amount.max(amount))
    })
}

/// The fractions at the ends of days.
fn daily(samples: &Samples) -> impl Iterator<Item = f64> {
    samples.days.iter().scan(samples.base, |peak, (_, equity)| {
        *peak = peak.max(*equity);
        Some(equity / *peak - 1.0)
    })
}

/// The longest run of days that ended below the peak; one that has not ended counts too.
pub(super) fn longest_underwater(samples: &Samples) -> u32 {
    let (longest, _) = daily(samples).fold((0, 0), |(longest, run): (usize, usize), fraction| {
        let run = if fraction < 0.0 { run + 1 } else { 0 };
        (longest.max(run), run)
    });
    shown(longest)
}

/// The root of the sum of squared daily drawdowns over n - 1; nothing below two days.
pub(super) fn ulcer_index(samples: &Samples) -> Option<f64> {
    let squares: f64 = daily(samples).map(|fraction| fraction * fraction).sum();
    let divisor = number(samples.days.len()) - 1.0;
    if divisor > 0.0 { finite((squares / divisor).sqrt()) } else { None }
}
