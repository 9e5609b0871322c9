//! Pages and counts against a model: whatever happened before, they say what a full scan would.

use crate::support::{TestSignal, TestStore, decision, webhook, webhook_id};
use domain::{SignalId, SignalStatus, Symbol};
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::signals::{Cursor, SignalFilter};
use store::webhooks::Removal;

const WEBHOOKS: [&str; 3] = ["wh_aaaaaaaaaaaa", "wh_bbbbbbbbbbbb", "wh_cccccccccccc"];
const SYMBOLS: [&str; 3] = ["BTCUSDT.P", "AAPL", "ES1!"];
const WORDS: [&str; 4] = ["alpha", "beta", "gamma", "alphabet"];

#[derive(Debug, Clone)]
enum Step {
    Add { webhook: usize, status: usize, symbol: usize, word: usize, replay: bool },
    Decide { pick: usize, status: usize },
    Retain { max: u64 },
    DeleteWebhook { webhook: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (0..3_usize, 0..4_usize, 0..3_usize, 0..4_usize, any::<bool>()).prop_map(
            |(webhook, status, symbol, word, replay)| Step::Add { webhook, status, symbol, word, replay }
        ),
        6 => (any::<prop::sample::Index>(), 1..4_usize)
            .prop_map(|(pick, status)| Step::Decide { pick: pick.index(1_000), status }),
        1 => (5..40_u64).prop_map(|max| Step::Retain { max }),
        1 => (1..3_usize).prop_map(|webhook| Step::DeleteWebhook { webhook }),
    ]
}

#[derive(Debug, Clone)]
struct Kept {
    signal: TestSignal,
    word: &'static str,
}

/// The same rules in the plainest form.
struct Model {
    test: TestStore,
    rows: Vec<Kept>,
    alive: [bool; 3],
    made: usize,
}

impl Model {
    fn new() -> Self {
        let test = TestStore::ready();
        for id in &WEBHOOKS[1..] {
            test.writer().run(move |tx| store::webhooks::insert(tx, &webhook(id), "{}")).unwrap();
        }
        Self { test, rows: Vec::new(), alive: [true; 3], made: 0 }
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Add { webhook, status, symbol, word, replay } if self.alive[webhook] => {
                self.made += 1;
                let signal = TestSignal {
                    webhook: webhook_id(WEBHOOKS[webhook]),
                    status: SignalStatus::ALL[status],
                    symbol: Symbol::new(SYMBOLS[symbol]).ok(),
                    body: format!("{{\"note\":\"{}\"}}", WORDS[word]).into_bytes(),
                    replay_of: if replay { self.rows.first().map(|k| k.signal.id.clone()) } else { None },
                    ..TestSignal::new(&format!("sig_{}", self.made))
                };
                self.test.add(signal.clone());
                self.rows.push(Kept { signal, word: WORDS[word] });
            }
            Step::Decide { pick, status } => self.decide(pick, SignalStatus::ALL[status]),
            Step::Retain { max } => {
                self.test.writer().run(move |tx| store::signals::retain(tx, max)).unwrap();
                let mut excess = self.rows.len().saturating_sub(usize::try_from(max).unwrap());
                self.rows.retain(|kept| {
                    let goes = excess > 0 && kept.signal.status != SignalStatus::Received;
                    excess -= usize::from(goes);
                    !goes
                });
            }
            Step::DeleteWebhook { webhook } if self.alive[webhook] => {
                let id = webhook_id(WEBHOOKS[webhook]);
                self.alive[webhook] = false;
                self.rows.retain(|kept| kept.signal.webhook != id);
                let marked = id.clone();
                let at = crate::support::at(9);
                self.test.writer().run(move |tx| store::webhooks::mark_deleted(tx, &marked, at)).unwrap();
                loop {
                    let id = id.clone();
                    let removal = self.test.writer().run(move |tx| store::webhooks::remove_chunk(tx, &id));
                    if removal.unwrap() == Removal::Done {
                        break;
                    }
                }
            }
            Step::Add { .. } | Step::DeleteWebhook { .. } => {}
        }
    }

    fn decide(&mut self, pick: usize, status: SignalStatus) {
        if self.rows.is_empty() {
            return;
        }
        let place = pick % self.rows.len();
        let signal = &mut self.rows[place].signal;
        let id = signal.id.clone();
        let decided = self.test.writer().run(move |tx| store::signals::decide(tx, &id, &decision(status)));
        assert_eq!(decided.is_ok(), signal.status == SignalStatus::Received);
        if decided.is_ok() {
            signal.status = status;
        }
    }

    fn expected(&self, filter: &SignalFilter) -> Vec<SignalId> {
        self.rows
            .iter()
            .rev()
            .filter(|kept| {
                let signal = &kept.signal;
                filter.webhook.as_ref().is_none_or(|w| *w == signal.webhook)
                    && (filter.statuses.is_empty() || filter.statuses.contains(&signal.status))
                    && (!filter.replayed || signal.replay_of.is_some())
                    && filter.symbol.as_ref().is_none_or(|s| Some(s) == signal.symbol.as_ref())
                    && filter.words.as_ref().is_none_or(|words| match words.strip_suffix('*') {
                        Some(beginning) => kept.word.starts_with(beginning),
                        None => kept.word == words,
                    })
            })
            .map(|kept| kept.signal.id.clone())
            .collect()
    }

    fn paged(&self, filter: &SignalFilter, limit: u32) -> Vec<SignalId> {
        let (mut found, mut before) = (Vec::new(), None::<String>);
        loop {
            let cursor = before.map(|text| Cursor::parse(&text).unwrap());
            let page =
                self.test.reader().read(|view| store::signals::list(view, filter, cursor, limit)).unwrap();
            assert!(page.signals.len() <= usize::try_from(limit).unwrap());
            found.extend(page.signals.into_iter().map(|s| s.id));
            match page.next {
                Some(next) => before = Some(next.to_string()),
                None => return found,
            }
        }
    }
}

fn filter() -> impl Strategy<Value = SignalFilter> {
    let words = prop_oneof![
        3 => Just(None),
        1 => prop::sample::select(vec!["alpha", "beta", "alpha*", "delta"]).prop_map(|w| Some(w.to_owned())),
    ];
    (
        prop::option::of(0..3_usize),
        prop::collection::vec(0..4_usize, 0..4),
        prop::bool::weighted(0.2),
        prop::option::weighted(0.3, 0..3_usize),
        words,
    )
        .prop_map(|(webhook, statuses, replayed, symbol, words)| SignalFilter {
            webhook: webhook.map(|w| webhook_id(WEBHOOKS[w])),
            statuses: statuses.into_iter().map(|s| SignalStatus::ALL[s]).collect(),
            replayed,
            symbol: symbol.and_then(|s| Symbol::new(SYMBOLS[s]).ok()),
            words,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_and_counts_say_what_a_full_scan_says(
        steps in prop::collection::vec(step(), 1..80),
        filters in prop::collection::vec((filter(), 1..12_u32), 12),
    ) {
        let mut model = Model::new();
        for step in &steps {
            model.apply(step);
        }
        model.test.writer().index_signals().unwrap();
        for (filter, limit) in &filters {
            prop_assert_eq!(model.paged(filter, *limit), model.expected(filter), "{:?}", filter);
        }
        check_counts(&model);
        prop_assert_eq!(model.test.quick_check(), Ok(()));
    }
}

fn check_counts(model: &Model) {
    let raw = model.test.raw();
    let mut scanned: BTreeMap<String, u64> = BTreeMap::new();
    let mut statement = raw.prepare("SELECT coalesce(status, 'received'), count(*) FROM signals LEFT JOIN signal_decisions ON signal = id GROUP BY 1").unwrap();
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)?.unsigned_abs()))).unwrap();
    scanned.extend(rows.map(Result::unwrap));
    let of = |status: &str| scanned.get(status).copied().unwrap_or(0);
    let counts = model.test.reader().read(store::counts::all).unwrap();
    assert_eq!(
        (counts.received, counts.executed, counts.rejected, counts.failed),
        (of("received"), of("executed"), of("rejected"), of("failed"))
    );
    let replayed = model.test.number("SELECT count(*) FROM signals WHERE replay_of IS NOT NULL");
    assert_eq!(counts.replayed, replayed.unsigned_abs());
    assert_eq!(counts.total(), u64::try_from(model.rows.len()).unwrap());
    for id in WEBHOOKS {
        let counts = model.test.reader().read(|v| store::counts::of_webhook(v, &webhook_id(id))).unwrap();
        let kept = model.rows.iter().filter(|k| k.signal.webhook.as_str() == id).count();
        assert_eq!(counts.total(), u64::try_from(kept).unwrap());
    }
}

#[test]
fn only_texts_that_a_page_gave_out_are_cursors() {
    for good in ["s0", "s17", "s9223372036854775807"] {
        assert_eq!(Cursor::parse(good).unwrap().to_string(), good);
    }
    for wrong in ["", "s", "17", "s-1", "s+1", "s9223372036854775808", "s1 ", "S1"] {
        assert_eq!(Cursor::parse(wrong), Err(store::StoreError::BadCursor), "{wrong:?}");
    }
}
