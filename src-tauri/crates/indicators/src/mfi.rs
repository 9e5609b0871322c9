//! Money flow index.

use crate::indicator::{Indicator, TOLERANCE, defined};
use crate::window::Window;

/// `mfi(src, n)`: `100 - 100 / (1 + up / down)` of the money (volume times source) that flowed while the source rose
/// and fell in n bars. 0 to 100; without any downward flow 100, on a flat series too. A change within Pine's tolerance
/// is none; the first bar, which has no change, counts as both. First value at bar n - 1; depends on n + 1 bars and no
/// others. Source: Pine's `ta.mfi`.
#[derive(Debug, Clone)]
pub struct Mfi {
    previous: Option<f64>,
    up: Window,
    down: Window,
}

impl Mfi {
    /// Over `length` bars.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { previous: None, up: Window::new(length), down: Window::new(length) }
    }
}

impl Indicator for Mfi {
    /// The source and the volume.
    type Input = [f64; 2];
    type Output = f64;

    fn next(&mut self, [source, volume]: [f64; 2]) -> Option<f64> {
        let (x, flow) = (defined(source)?, defined(source * volume)?);
        let change = self.previous.replace(x).map(|previous| x - previous);
        let rose = change.is_none_or(|change| change > TOLERANCE);
        let fell = change.is_none_or(|change| change < -TOLERANCE);
        self.up.push(if rose { flow } else { 0.0 });
        if !self.down.push(if fell { flow } else { 0.0 }) {
            return None;
        }
        let (up, down): (f64, f64) = (self.up.numbers().sum(), self.down.numbers().sum());
        if down.abs() <= TOLERANCE { Some(100.0) } else { Some(100.0 - 100.0 / (1.0 + up / down)) }
    }
}
