//! The last so many numbers of a series.

use crate::indicator::count;
use std::collections::VecDeque;

/// The last `length` numbers, oldest first. What is computed over it depends on these numbers alone and not on what
/// came before them: sums are made anew for every bar, so that no rounding is carried along.
#[derive(Debug, Clone)]
pub struct Window {
    length: usize,
    numbers: VecDeque<f64>,
}

impl Window {
    /// An empty window; a length of 0 counts as 1.
    #[must_use]
    pub fn new(length: usize) -> Self {
        let length = length.max(1);
        Self { length, numbers: VecDeque::with_capacity(length) }
    }

    /// Takes a number in, and lets the oldest go when it is full. Whether it is full now.
    pub fn push(&mut self, number: f64) -> bool {
        if self.numbers.len() == self.length {
            self.numbers.pop_front();
        }
        self.numbers.push_back(number);
        self.numbers.len() == self.length
    }

    /// How many numbers it holds when it is full.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// The numbers it holds, oldest first.
    pub fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        let (old, new) = self.numbers.as_slices();
        old.iter().chain(new).copied()
    }

    /// The oldest number.
    #[must_use]
    pub fn oldest(&self) -> Option<f64> {
        self.numbers.front().copied()
    }

    /// The newest number.
    #[must_use]
    pub fn newest(&self) -> Option<f64> {
        self.numbers.back().copied()
    }

    /// The mean of what it holds. It is summed as distances from the newest number, so that the mean of equal numbers
    /// is exactly that number.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let origin = self.newest()?;
        let distances: f64 = self.numbers().map(|x| x - origin).sum();
        Some(origin + distances / count(self.numbers.len()))
    }
}
