//! Group commit, and what becomes of the others when one breaks.

use crate::support::{TestSignal, TestStore, signal_id};
use std::sync::mpsc;
use std::time::Duration;
use store::{Busy, Options, Outage, QUEUE_MAX, Store, StoreError, Tx, Writer};

fn set(key: &str) -> impl FnOnce(&Tx) -> Result<(), StoreError> + Send + 'static {
    let key = key.to_owned();
    move |tx| store::settings::set(tx, &key, "v")
}

fn keys(store: &Store) -> Vec<String> {
    store.reader().read(store::settings::list).unwrap().into_iter().map(|(key, _)| key).collect()
}

/// Holds the writer inside a job until the returned sender is used or dropped, so that what is submitted next
/// makes one group.
fn hold(writer: &Writer) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (began, begun) = mpsc::channel();
    writer
        .submit(
            move |_| {
                began.send(()).unwrap();
                let _released = held.recv();
                Ok(())
            },
            |_| {},
        )
        .unwrap();
    begun.recv().unwrap();
    release
}

type AnyJob = Box<dyn FnOnce(&Tx) -> Result<(), StoreError> + Send>;

/// Submits the jobs as one group and gives their answers in order.
fn group(writer: &Writer, jobs: Vec<AnyJob>) -> Vec<Result<(), StoreError>> {
    let count = jobs.len();
    let (answer, answers) = mpsc::channel();
    let release = hold(writer);
    for (place, job) in jobs.into_iter().enumerate() {
        let answer = answer.clone();
        writer.submit(job, move |result| answer.send((place, result)).unwrap()).unwrap();
    }
    drop(release);
    let mut found: Vec<_> = (0..count).map(|_| answers.recv().unwrap()).collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn what_waits_is_committed_together_and_answered_after() {
    let test = TestStore::new();
    let before = test.writer().stats();
    let jobs = (0..100).map(|n| Box::new(set(&format!("k{n:03}"))) as Box<_>).collect();
    let answers = group(test.writer(), jobs);
    assert!(answers.iter().all(Result::is_ok));
    let after = test.writer().stats();
    // The job that held the writer, then one group of a hundred.
    assert_eq!((after.commits - before.commits, after.jobs - before.jobs), (2, 101));
    assert_eq!(keys(&test).len(), 100);
}

#[test]
fn an_answer_comes_when_others_can_see_the_row() {
    let test = TestStore::new();
    let reader = test.reader().clone();
    let (answer, answered) = mpsc::channel();
    test.writer()
        .submit(set("k"), move |_| {
            answer.send(reader.read(|view| store::settings::get(view, "k")).unwrap()).unwrap();
        })
        .unwrap();
    assert_eq!(answered.recv().unwrap().as_deref(), Some("v"));
}

#[test]
fn many_submitters_share_commits() {
    let test = TestStore::new();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let writer = test.writer().clone();
            scope.spawn(move || {
                for n in 0..25 {
                    writer.run(set(&format!("{thread}-{n}"))).unwrap();
                }
            });
        }
    });
    let stats = test.writer().stats();
    assert_eq!(stats.jobs, 400);
    assert!(stats.commits < stats.jobs, "{stats:?}");
    assert_eq!(keys(&test).len(), 400);
}

#[test]
fn a_failing_and_a_panicking_job_undo_only_themselves() {
    let failing = |tx: &Tx| {
        store::settings::set(tx, "half", "v")?;
        Err(StoreError::Missing { what: "thing" })
    };
    let panicking = |tx: &Tx| {
        store::settings::set(tx, "torn", "v")?;
        panic!("out of cheese")
    };
    let test = TestStore::new();
    let answers = group(
        test.writer(),
        vec![Box::new(set("first")), Box::new(failing), Box::new(panicking), Box::new(set("last"))],
    );
    let panicked = StoreError::Panicked { message: "out of cheese".to_owned() };
    assert_eq!(answers, [Ok(()), Err(StoreError::Missing { what: "thing" }), Err(panicked.clone()), Ok(())]);
    assert_eq!(keys(&test), ["first", "last"]);
    // Alone in their transaction, without a savepoint.
    assert_eq!(test.writer().run(failing), Err(StoreError::Missing { what: "thing" }));
    assert_eq!(test.writer().run::<()>(panicking), Err(panicked));
    test.writer().run(set("after")).unwrap();
    assert_eq!(keys(&test), ["after", "first", "last"]);
}

#[test]
fn a_panic_in_an_answer_does_not_stop_the_writer() {
    let test = TestStore::new();
    test.writer().submit(set("k"), |_| panic!("nobody listens")).unwrap();
    test.writer().run(set("l")).unwrap();
    assert_eq!(keys(&test), ["k", "l"]);
}

#[test]
fn a_full_queue_refuses_without_waiting() {
    let test = TestStore::new();
    let release = hold(test.writer());
    for _ in 0..QUEUE_MAX {
        test.writer().submit(|_| Ok(()), |_| {}).unwrap();
    }
    assert_eq!(test.writer().submit(set("late"), |_| panic!("not taken")), Err(Busy::QueueFull));
    assert_eq!(test.writer().run(set("late")), Err(StoreError::QueueFull));
    assert_eq!(test.writer().stats().waiting, QUEUE_MAX);
    drop(release);
    // There is room again once a group was taken; what is queued behind the others ends after them.
    while test.writer().run(set("k")) == Err(StoreError::QueueFull) {
        std::thread::yield_now();
    }
    assert_eq!(keys(&test), ["k"]);
}

#[test]
fn closing_finishes_what_waits_and_refuses_what_comes() {
    let test = TestStore::new();
    let (writer, path) = (test.writer().clone(), test.file());
    let release = hold(&writer);
    let (answer, answers) = mpsc::channel();
    for n in 0..300 {
        let answer = answer.clone();
        writer.submit(set(&format!("k{n}")), move |result| answer.send(result).unwrap()).unwrap();
    }
    drop(release);
    let folder = test.folder;
    test.store.close();
    assert_eq!(answers.try_iter().filter(Result::is_ok).count(), 300);
    assert_eq!(writer.submit(set("late"), |_| {}), Err(Busy::ShuttingDown));
    assert_eq!(writer.run(set("late")), Err(StoreError::ShuttingDown));
    assert_eq!(keys(&Store::open(&path, Options::default()).unwrap()).len(), 300);
    drop(folder);
}

#[test]
fn a_full_disk_loses_the_whole_group_and_nothing_else() {
    // An empty file has fewer than 150 pages of 4 KiB; a body of 64 KiB takes 17.
    let test = TestStore::with(Options { pages_max: Some(200), ..Options::default() });
    test.writer()
        .run(|tx| {
            store::accounts::insert(tx, &crate::support::account("acc_main"))?;
            store::webhooks::insert(tx, &crate::support::webhook("wh_aaaaaaaaaaaa"), "{}")
        })
        .unwrap();
    let big = |n: usize| {
        let mut signal = TestSignal::new(&format!("sig_{n}"));
        signal.body = vec![b'x'; 64 << 10];
        move |tx: &Tx| store::signals::insert(tx, &signal.row()).map(|_| ())
    };
    let mut stored = Vec::new();
    let full = (0..100)
        .find_map(|n| match test.writer().run(big(n)) {
            Ok(()) => {
                stored.push(format!("sig_{n}"));
                None
            }
            Err(error) => Some(error),
        })
        .unwrap();
    assert!(matches!(full, StoreError::Unavailable { outage: Outage::DiskFull, .. }), "{full:?}");
    assert!(!stored.is_empty());
    // A group in which only one does not fit: none of those that were answered `Err` is there.
    let answers = group(
        test.writer(),
        vec![Box::new(set("small")), Box::new(big(200)), Box::new(big(201)), Box::new(set("tiny"))],
    );
    assert!(answers[1].is_err() && answers[2].is_err(), "{answers:?}");
    let kept = keys(&test);
    assert_eq!(kept.contains(&"small".to_owned()), answers[0].is_ok());
    assert_eq!(kept.contains(&"tiny".to_owned()), answers[3].is_ok());
    assert_eq!(test.number("SELECT count(*) FROM signals"), i64::try_from(stored.len()).unwrap());
    assert_eq!(test.quick_check(), Ok(()));
    // Room again: the same writer goes on by itself.
    let first = signal_id(&stored[0]);
    test.writer()
        .run(move |tx| {
            let done = crate::support::decision(domain::SignalStatus::Executed);
            store::signals::decide(tx, &first, &done)?;
            store::signals::retain(tx, 0)
        })
        .unwrap();
    assert_eq!(test.writer().run(big(300)), Ok(()));
}

#[test]
fn after_a_disk_failure_the_connection_is_opened_anew() {
    let failing = |tx: &Tx| {
        store::settings::set(tx, "lost", "v")?;
        Err(StoreError::Unavailable { outage: Outage::InputOutput, message: "disk I/O error".to_owned() })
    };
    let test = TestStore::new();
    let answers =
        group(test.writer(), vec![Box::new(set("before")), Box::new(failing), Box::new(set("after"))]);
    for answer in &answers {
        assert!(
            matches!(answer, Err(StoreError::Unavailable { outage: Outage::InputOutput, .. })),
            "{answers:?}"
        );
    }
    assert_eq!(keys(&test), Vec::<String>::new());
    assert_eq!(test.writer().stats().commits_lost, 1);
    assert_eq!(test.writer().down().map(|down| down.outage), Some(Outage::InputOutput));
    test.writer().run(set("k")).unwrap();
    assert_eq!(keys(&test), ["k"]);
    assert_eq!(test.writer().down(), None);
}

#[test]
fn a_probe_finds_the_way_free_again_and_changes_nothing() {
    let test = TestStore::new();
    let before = test.number("PRAGMA user_version");
    let failing = |_: &Tx| -> Result<(), StoreError> {
        Err(StoreError::Unavailable { outage: Outage::DiskFull, message: String::new() })
    };
    test.writer().run(failing).unwrap_err();
    let first = test.writer().down().unwrap();
    test.writer().run(failing).unwrap_err();
    assert_eq!(test.writer().down(), Some(first), "it lasts since the first write that was lost");
    test.writer().run_repeatable(store::probe).unwrap();
    assert_eq!((test.writer().down(), test.number("PRAGMA user_version")), (None, before));
}

#[test]
fn two_stores_write_one_file_without_losing_a_row() {
    let test = TestStore::ready();
    let patient = Options { busy_timeout: Duration::from_secs(30), ..Options::default() };
    let other = Store::open(&test.file(), patient).unwrap();
    std::thread::scope(|scope| {
        for (name, writer) in [("a", test.writer()), ("b", other.writer())] {
            scope.spawn(move || {
                for n in 0..200 {
                    let signal = TestSignal::new(&format!("sig_{name}{n}"));
                    while writer
                        .run({
                            let signal = signal.clone();
                            move |tx| store::signals::insert(tx, &signal.row())
                        })
                        .is_err()
                    {
                        std::thread::yield_now();
                    }
                }
            });
        }
    });
    let counts = other.reader().read(store::counts::all).unwrap();
    assert_eq!((counts.received, counts.total()), (400, 400));
    assert_eq!(test.number("SELECT count(*) FROM signals"), 400);
    assert_eq!(test.quick_check(), Ok(()));
}

#[test]
fn a_writer_that_is_kept_out_says_so_and_goes_on_later() {
    let test = TestStore::with(Options { busy_timeout: Duration::from_millis(20), ..Options::default() });
    let raw = test.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let kept_out = test.writer().run(set("k")).unwrap_err();
    assert!(matches!(kept_out, StoreError::Unavailable { outage: Outage::Locked, .. }), "{kept_out:?}");
    raw.execute_batch("ROLLBACK").unwrap();
    test.writer().run(set("k")).unwrap();
    assert_eq!(keys(&test), ["k"]);
}

#[test]
fn a_read_sees_one_state_and_gives_its_connection_back_even_by_a_panic() {
    let test = TestStore::with(Options { read_connections: 1, ..Options::default() });
    let seen = test
        .reader()
        .read(|view| {
            let before = store::settings::get(view, "k")?;
            test.writer().run(set("k"))?;
            Ok((before, store::settings::get(view, "k")?))
        })
        .unwrap();
    assert_eq!(seen, (None, None));
    let reader = test.reader().clone();
    assert!(std::thread::spawn(move || reader.read::<()>(|_| panic!("boo"))).join().is_err());
    assert_eq!(keys(&test), ["k"]);
}
