//! Directional movement.

use crate::atr::TrueRange;
use crate::bar::Bar;
use crate::indicator::{Indicator, TOLERANCE};
use crate::rma::Rma;

/// `dmi(di_len, adx_len)`: the directional indicators and the average directional index, each 0 to 100. Movements up
/// and down that are equal within Pine's tolerance are no movement, though their floating-point differences are not
/// zero. Ranges and movements begin with the second bar: first indicators at bar `di_len`, first index at bar
/// `di_len + adx_len - 1`; two of Wilder's averages one after the other decay as long as both together. While nothing
/// has moved at all it is na. Source: Pine's `ta.dmi`.
#[derive(Debug, Clone)]
pub struct Dmi {
    previous: Option<[f64; 2]>,
    range: TrueRange,
    ranges: Rma,
    ups: Rma,
    downs: Rma,
    index: Rma,
}

/// The lines, the index once there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Movement {
    /// The indicator of upward movement.
    pub plus: f64,
    /// The indicator of downward movement.
    pub minus: f64,
    /// The average directional index.
    pub adx: Option<f64>,
}

impl Dmi {
    /// Indicators over `length` bars, smoothed over `smoothing`.
    #[must_use]
    pub fn new(length: usize, smoothing: usize) -> Self {
        Self {
            previous: None,
            range: TrueRange::default(),
            ranges: Rma::new(length),
            ups: Rma::new(length),
            downs: Rma::new(length),
            index: Rma::new(smoothing),
        }
    }
}

/// The movements up and down between two bars, of which at least one is none.
fn movements(up: f64, down: f64) -> (f64, f64) {
    let is_up = up - down > TOLERANCE && up > TOLERANCE;
    let is_down = down - up > TOLERANCE && down > TOLERANCE;
    (if is_up { up } else { 0.0 }, if is_down { down } else { 0.0 })
}

impl Indicator for Dmi {
    type Input = Bar;
    type Output = Movement;

    fn next(&mut self, bar: Bar) -> Option<Movement> {
        let [high, low, _] = bar.range()?;
        let range = self.range.after_the_first(&bar);
        let [high_before, low_before] = self.previous.replace([high, low])?;
        let (up, down) = movements(high - high_before, low_before - low);
        let range = self.ranges.next(range?);
        let up = self.ups.next(up);
        let down = self.downs.next(down);
        let (range, up, down) = (range?, up?, down?);
        if range <= 0.0 {
            return None;
        }
        let (plus, minus) = (100.0 * up / range, 100.0 * down / range);
        let sum = plus + minus;
        let moved = (plus - minus).abs() / if sum > 0.0 { sum } else { 1.0 };
        let adx = self.index.next(moved).map(|index| 100.0 * index);
        Some(Movement { plus, minus, adx })
    }
}
