//! Names that are like a name that does not exist.

use crate::bar::Field;
use crate::function::Function;

/// Every name that an expression can begin with.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let functions = Function::ALL.iter().map(|function| function.signature().name);
    functions.chain(Field::ALL.iter().map(|field| field.as_str()))
}

/// The names that differ from this one by one slip, or that it begins or that begin it.
pub(super) fn near(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let is_near = |known: &&str| slips(&name, known) <= 1 || begins(&name, known) || begins(known, &name);
    names().filter(is_near).take(3).collect()
}

fn begins(one: &str, other: &str) -> bool {
    one.len() >= 2 && other.starts_with(one)
}

/// The edit distance of Levenshtein, a row of the table at a time.
fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut left_above = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (left_above + usize::from(a != *b)).min(above + 1).min(row[j] + 1);
            left_above = above;
        }
    }
    row[other.len()]
}
