//! What every indicator is: a state that is given one input after the other.

/// Pine's tolerance in comparisons of floating-point numbers: what differs by no more counts as equal.
pub const TOLERANCE: f64 = 1e-10;

/// Numbers beyond this, of either sign, are na: their squares and sums could not be held.
pub const MAGNITUDE_MAX: f64 = 1e100;

/// An indicator. Its clone is the peek at a bar that is not closed yet.
pub trait Indicator: Clone {
    /// What it is given for every bar.
    type Input;
    /// What it says of every bar, once it can.
    type Output;

    /// Takes the input of the next bar. Nothing (na) until there were enough, and for an input that is na, which
    /// changes no state.
    fn next(&mut self, input: Self::Input) -> Option<Self::Output>;
}

/// The number, where it is one that can be computed with.
#[must_use]
pub(crate) fn defined(number: f64) -> Option<f64> {
    (number.abs() <= MAGNITUDE_MAX).then_some(number)
}

/// The quotient, where it is a number that can be computed with.
#[must_use]
pub(crate) fn quotient(numerator: f64, denominator: f64) -> Option<f64> {
    defined(numerator / denominator)
}

/// A length as a number to compute with.
#[must_use]
pub(crate) fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length).unwrap_or(u32::MAX))
}
