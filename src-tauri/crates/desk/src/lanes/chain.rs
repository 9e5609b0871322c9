//! The order of a strategy's alerts by the positions that they name: an alert that leads from one position to another
//! comes after the one that led to the first. Pure; asked by `order`.

use domain::{Intent, NetQuantity, Side, Signal};
use rust_decimal::Decimal;

/// Links that are put in order at most; more than that keep the order in which they came. Each is looked at for each,
/// and nobody's strategy fills so many orders at once.
pub(crate) const LINKS_MAX: usize = 64;

/// A position of a strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holding {
    side: Option<Side>,
    /// Nothing where only the side is known.
    size: Option<Decimal>,
}

impl Holding {
    const FLAT: Self = Self { side: None, size: Some(Decimal::ZERO) };

    fn of_side(side: Side) -> Self {
        Self { side: Some(side), size: None }
    }

    /// Whether both are the same, as far as their sizes are known.
    pub(crate) fn is(self, other: Self) -> bool {
        let by_side = self.size.is_none() || other.size.is_none();
        self.key(by_side) == other.key(by_side)
    }

    /// A number that is the same for the same position: signed units, or only the sign.
    fn key(self, by_side: bool) -> Decimal {
        let sign = match self.side {
            None => Decimal::ZERO,
            Some(Side::Long) => Decimal::ONE,
            Some(Side::Short) => Decimal::NEGATIVE_ONE,
        };
        match self.size {
            Some(size) if !by_side => {
                if sign.is_sign_negative() {
                    -size
                } else {
                    size
                }
            }
            Some(_) | None => sign,
        }
    }
}

impl From<NetQuantity> for Holding {
    fn from(net: NetQuantity) -> Self {
        Self { side: net.side(), size: Some(net.magnitude().get()) }
    }
}

/// What an alert says of the strategy: from which position to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) from: Holding,
    pub(crate) to: Holding,
}

impl Link {
    /// The link that a signal names; nothing unless it says both positions. One that names sides alone says both when
    /// one of them is flat.
    pub(crate) fn of(signal: &Signal) -> Option<Self> {
        let (before, after) = (signal.previous_position, signal.target_position);
        match (before, after, signal.intent, signal.side) {
            (Some(before), Some(after), _, _) => Some(Self { from: before.into(), to: after.into() }),
            (Some(before), None, Intent::Open, Some(side)) if before.side().is_none() => {
                Some(Self { from: Holding::FLAT, to: Holding::of_side(side) })
            }
            (None, Some(after), Intent::Close, Some(side)) if after.side().is_none() => {
                Some(Self { from: Holding::of_side(side), to: Holding::FLAT })
            }
            (_, _, _, _) => None,
        }
    }

    #[cfg(test)]
    pub(crate) fn between(from: NetQuantity, to: NetQuantity) -> Self {
        Self { from: from.into(), to: to.into() }
    }
}

/// The places of `links` in the order of the strategy's position, from `start` on (flat where nothing is known).
///
/// Where several orders are possible, the one that is nearest to the given order is taken; where a link is missing,
/// the next piece begins with a link that no other leads to.
pub(crate) fn order(links: &[Link], start: Option<Holding>) -> Vec<usize> {
    if links.len() > LINKS_MAX {
        return (0..links.len()).collect();
    }
    let by_side = links.iter().any(|link| link.from.size.is_none() || link.to.size.is_none());
    let steps: Vec<Step> =
        links.iter().map(|link| Step { from: link.from.key(by_side), to: link.to.key(by_side) }).collect();
    let mut at = start.unwrap_or(Holding::FLAT).key(by_side);
    let mut left: Vec<usize> = (0..steps.len()).collect();
    let mut ordered = Vec::with_capacity(steps.len());
    while !left.is_empty() {
        let next = onward(&steps, &left, at).unwrap_or_else(|| beginning(&steps, &left));
        let step = left.remove(next);
        at = steps[step].to;
        ordered.push(step);
    }
    ordered
}

#[derive(Debug, Clone, Copy)]
struct Step {
    from: Decimal,
    to: Decimal,
}

/// The step to take from `at`: the first after which all that is left still hangs together with where it leads, since
/// a step that cuts the rest off can only be the last of them. Where there is none, but all of it hangs together from
/// another beginning on, `at` is not where the strategy was.
fn onward(steps: &[Step], left: &[usize], at: Decimal) -> Option<usize> {
    let possible = || (0..left.len()).filter(|&place| steps[left[place]].from == at);
    let whole = |place: &usize| hangs_together(steps, left, *place);
    let elsewhere = || (0..left.len()).filter(|&place| begins(steps, left, place)).find(whole);
    possible().find(whole).or_else(elsewhere).or_else(|| possible().next())
}

/// Whether every step of `left` but the one at `place` is connected with where that one leads.
fn hangs_together(steps: &[Step], left: &[usize], place: usize) -> bool {
    let mut apart: Vec<usize> =
        left.iter().enumerate().filter(|(p, _)| *p != place).map(|(_, s)| *s).collect();
    let mut reached = vec![steps[left[place]].to];
    let mut looked = 0;
    while let Some(&position) = reached.get(looked) {
        looked += 1;
        apart.retain(|&step| {
            let Step { from, to } = steps[step];
            let touches = from == position || to == position;
            if touches {
                reached.push(if from == position { to } else { from });
            }
            !touches
        });
    }
    apart.is_empty()
}

/// Where a new piece begins: at the first step from a position that is left more often than it is reached.
fn beginning(steps: &[Step], left: &[usize]) -> usize {
    (0..left.len()).find(|&place| begins(steps, left, place)).unwrap_or(0)
}

/// Whether the position that a step leaves is left more often than it is reached.
fn begins(steps: &[Step], left: &[usize], place: usize) -> bool {
    let from = steps[left[place]].from;
    let count = |is: &dyn Fn(Step) -> bool| left.iter().filter(|&&step| is(steps[step])).count();
    count(&|step| step.from == from) > count(&|step| step.to == from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Symbol, parse_decimal};
    use proptest::prelude::*;

    fn net(text: &str) -> NetQuantity {
        NetQuantity::new(parse_decimal(text).unwrap())
    }

    fn links(steps: &[(&str, &str)]) -> Vec<Link> {
        steps.iter().map(|(from, to)| Link::between(net(from), net(to))).collect()
    }

    #[test]
    fn links_follow_the_position_of_the_strategy() {
        let check = |start: Option<&str>, steps: &[(&str, &str)], expected: &[usize]| {
            let start = start.map(|text| net(text).into());
            assert_eq!(order(&links(steps), start), expected, "{steps:?} from {start:?}");
        };
        check(None, &[], &[]);
        check(None, &[("0", "1")], &[0]);
        // An exit and the entry after it, the right way and reversed.
        check(Some("1"), &[("1", "0"), ("0", "-1")], &[0, 1]);
        check(Some("1"), &[("0", "-1"), ("1", "0")], &[1, 0]);
        check(None, &[("0", "-1"), ("1", "0")], &[1, 0]);
        // The entry before them was missed.
        check(Some("0"), &[("0", "-1"), ("1", "0")], &[1, 0]);
        // 1 and 1.00 are the same position.
        check(None, &[("0", "-1"), ("1.00", "0.0")], &[1, 0]);
        // Two partial exits, then the rest.
        check(Some("3"), &[("1", "0"), ("3", "2"), ("2", "1")], &[1, 2, 0]);
        // In and out again, then short: the step that would cut off the rest is the last.
        check(Some("0"), &[("0", "-1"), ("0", "1"), ("1", "0")], &[1, 2, 0]);
        // A round can begin anywhere: where the strategy was last, and flat where nobody knows.
        check(Some("1"), &[("0", "1"), ("1", "0")], &[1, 0]);
        check(Some("0"), &[("1", "0"), ("0", "1")], &[1, 0]);
        check(None, &[("1", "0"), ("0", "1")], &[1, 0]);
        // A link is missing: from where it goes on, else as they came.
        check(Some("0"), &[("2", "3"), ("1", "2")], &[1, 0]);
        check(Some("0"), &[("0", "1"), ("0", "-1")], &[0, 1]);
        check(Some("5"), &[("7", "8"), ("1", "2")], &[0, 1]);
        // The same step twice is taken twice.
        check(Some("0"), &[("0", "1"), ("0", "1"), ("1", "0")], &[0, 2, 1]);
    }

    #[test]
    fn a_link_is_what_a_signal_says_of_both_positions() {
        let check = |intent, before: Option<&str>, after: Option<&str>, expected: Option<(&str, &str)>| {
            let mut signal = Signal::new(intent, Some(Side::Long), "buy", Symbol::new("AAPL").unwrap());
            (signal.previous_position, signal.target_position) = (before.map(net), after.map(net));
            let found = Link::of(&signal);
            let shown = found.map(|link| (link.from.key(false), link.to.key(false)));
            let expected = expected.map(|(from, to)| (net(from).get(), net(to).get()));
            assert_eq!(shown, expected, "{intent:?} {before:?} {after:?}");
        };
        check(Intent::Open, Some("0"), Some("2"), Some(("0", "2")));
        check(Intent::Reverse, Some("-1"), Some("2"), Some(("-1", "2")));
        // Sides alone: a message that says flat on the one end says with its intent what is on the other.
        check(Intent::Open, Some("0"), None, Some(("0", "1")));
        check(Intent::Close, None, Some("0"), Some(("1", "0")));
        check(Intent::Open, None, Some("2"), None);
        check(Intent::Close, Some("2"), None, None);
        check(Intent::Reduce, None, Some("0"), None);
        check(Intent::Open, None, None, None);
    }

    #[test]
    fn where_a_size_is_missing_sides_are_compared() {
        let side = |side| Holding::of_side(side);
        let entry = Link { from: Holding::FLAT, to: side(Side::Short) };
        let exit = Link { from: side(Side::Long), to: Holding::FLAT };
        assert_eq!(order(&[entry, exit], Some(net("5").into())), [1, 0]);
        let sized = Link::between(net("5"), net("0"));
        assert_eq!(order(&[entry, sized], None), [1, 0]);
    }

    #[test]
    fn too_many_links_keep_their_order() {
        let many = vec![Link::between(net("1"), net("0")); LINKS_MAX + 1];
        assert_eq!(order(&many, None), (0..=LINKS_MAX).collect::<Vec<_>>());
    }

    proptest! {
        /// However the links of a walk are mixed, they are put into a walk again, from the same start to the same end.
        #[test]
        fn a_mixed_walk_is_a_walk_again(
            start in -2_i64..=2,
            walk in prop::collection::vec(-2_i64..=2, 1..10),
            mix in any::<prop::sample::Index>(),
            seed in prop::collection::vec(any::<prop::sample::Index>(), 10),
        ) {
            let mut at = start;
            let mut links = Vec::new();
            for to in walk {
                if to != at {
                    links.push(Link::between(NetQuantity::new(at.into()), NetQuantity::new(to.into())));
                    at = to;
                }
            }
            prop_assume!(!links.is_empty());
            let end = at;
            for (place, index) in seed.iter().enumerate().take(links.len()) {
                let other = index.index(links.len());
                links.swap(place, other);
            }
            let turned = mix.index(links.len());
            links.rotate_left(turned);
            let ordered = order(&links, Some(NetQuantity::new(start.into()).into()));
            let mut seen = ordered.clone();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..links.len()).collect::<Vec<_>>());
            let mut at = Decimal::from(start);
            for place in ordered {
                prop_assert_eq!(links[place].from.key(false), at, "{:?}", links);
                at = links[place].to.key(false);
            }
            prop_assert_eq!(at, Decimal::from(end));
        }
    }
}
