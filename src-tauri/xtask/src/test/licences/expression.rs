//! Licence expressions: `MIT OR (Apache-2.0 AND Zlib)`, and the older `MIT/Apache-2.0`.

/// Whether the licences that may be chosen from are enough. An expression that cannot be read is not.
pub(super) fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words, allowed) == Some(true) && words.peek().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>, allowed: &[&str]) -> Option<bool> {
    let mut one = all(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        one |= all(words, allowed)?;
    }
    Some(one)
}

fn all(words: &mut Words<'_>, allowed: &[&str]) -> Option<bool> {
    let mut every = licence(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        every &= licence(words, allowed)?;
    }
    Some(every)
}

fn licence(words: &mut Words<'_>, allowed: &[&str]) -> Option<bool> {
    let name = match words.next()? {
        "(" => {
            let inner = any(words, allowed)?;
            return words.next_if_eq(&")").map(|_| inner);
        }
        ")" | "OR" | "AND" | "WITH" => return None,
        name => name,
    };
    if words.next_if_eq(&"WITH").is_some() {
        let exception = words.next()?;
        return Some(allowed.contains(&format!("{name} WITH {exception}").as_str()));
    }
    Some(allowed.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_needs_one_and_a_sum_needs_all() {
        let allowed = ["MIT", "Apache-2.0", "Zlib", "Apache-2.0 WITH LLVM-exception"];
        let check = |expression: &str, expected: bool| {
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression:?}");
        };
        check("MIT", true);
        check("GPL-3.0", false);
        check("GPL-3.0 OR MIT", true);
        check("MIT/GPL-3.0", true);
        check("MIT / GPL-3.0", true);
        check("MIT AND GPL-3.0", false);
        check("MIT AND Zlib", true);
        check("GPL-3.0 OR MIT AND Zlib", true);
        check("(MIT OR GPL-3.0) AND Zlib", true);
        check("(MIT OR Zlib) AND GPL-3.0", false);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("MIT WITH LLVM-exception", false);
        check("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true);
        check("", false);
        check("MIT OR", false);
        check("(MIT", false);
        check("MIT)", false);
        check("MIT Zlib", false);
    }
}
