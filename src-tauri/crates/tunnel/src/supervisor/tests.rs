//! The supervisor under a paused clock, with a connector that follows a script.

use super::*;
use crate::connector::Held;
use crate::{NgrokPlan, State};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

/// What an attempt comes to.
enum Attempt {
    Fails(Cause),
    /// Takes the connection and says nothing.
    Hangs,
    Works,
}

/// The other end of a link that was made.
struct FarEnd {
    beats: mpsc::Sender<Beat>,
    end: Option<oneshot::Sender<Fault>>,
    closed: Arc<Mutex<Option<&'static str>>>,
}

#[derive(Debug)]
struct ScriptedHold(Arc<Mutex<Option<&'static str>>>);

impl Held for ScriptedHold {
    fn close(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        *self.0.lock().unwrap() = Some("in order");
        Box::pin(std::future::ready(()))
    }
}

impl Drop for ScriptedHold {
    fn drop(&mut self) {
        self.0.lock().unwrap().get_or_insert("cut");
    }
}

struct Script {
    attempts: Arc<Mutex<VecDeque<Attempt>>>,
    made: mpsc::UnboundedSender<FarEnd>,
    at: Arc<Mutex<Vec<Instant>>>,
}

impl Connector for Script {
    async fn connect(&mut self, _plan: &Plan) -> Result<Link, Fault> {
        self.at.lock().unwrap().push(Instant::now());
        let attempt = self.attempts.lock().unwrap().pop_front().unwrap_or(Attempt::Works);
        match attempt {
            Attempt::Fails(cause) => Err(Fault::of(cause)),
            Attempt::Hangs => std::future::pending().await,
            Attempt::Works => {
                let (beat, beats) = mpsc::channel(8);
                let (end, ended) = oneshot::channel();
                let (_visitor, visitors) = mpsc::channel(1);
                let closed = Arc::default();
                let far = FarEnd { beats: beat, end: Some(end), closed: Arc::clone(&closed) };
                self.made.send(far).unwrap();
                Ok(Link {
                    url: "https://name.example".to_owned(),
                    incoming: Incoming::Session(visitors),
                    beats,
                    ended,
                    hold: Box::new(ScriptedHold(closed)),
                })
            }
        }
    }
}

struct Trial {
    plans: watch::Sender<Plan>,
    wishes: mpsc::Sender<Wish>,
    made: mpsc::UnboundedReceiver<FarEnd>,
    said: Arc<Mutex<Vec<Standing>>>,
    at: Arc<Mutex<Vec<Instant>>>,
    /// How far the wall clock is ahead of the paused one, in seconds.
    slept_s: Arc<AtomicI64>,
    began: Instant,
    running: JoinHandle<()>,
}

fn plan(token: &str) -> Plan {
    Plan::Ngrok(NgrokPlan {
        authtoken: Zeroizing::new(token.to_owned()),
        domain: None,
        server_addr: None,
        root_cas: None,
        allow: Vec::new(),
        version: "0".to_owned(),
        timing: Timing::default(),
    })
}

impl Trial {
    fn of(attempts: Vec<Attempt>) -> Self {
        let (made, receiver) = mpsc::unbounded_channel();
        let (plans, plans_seen) = watch::channel(plan("a"));
        let (wishes, wishes_seen) = mpsc::channel(4);
        let said = Arc::new(Mutex::new(Vec::<Standing>::new()));
        let at = Arc::new(Mutex::new(Vec::<Instant>::new()));
        let slept_s = Arc::new(AtomicI64::new(0));
        let began = Instant::now();
        let (clock, hear) = (Arc::clone(&slept_s), Arc::clone(&said));
        let connector = Script { attempts: Arc::new(Mutex::new(attempts.into())), made, at: Arc::clone(&at) };
        let running = tokio::spawn(supervise(Supervised {
            connector,
            plans: plans_seen,
            wishes: wishes_seen,
            say: move |standing: &Standing| hear.lock().unwrap().push(standing.clone()),
            open: |_: &str, _: Incoming| {},
            now: move || {
                let awake = i64::try_from(began.elapsed().as_micros()).unwrap();
                Timestamp::from_micros(awake + clock.load(Ordering::SeqCst) * 1_000_000)
            },
            chance: || 0.0,
        }));
        Self { plans, wishes, made: receiver, said, at, slept_s, began, running }
    }

    /// When attempts were made, in seconds since the beginning.
    fn attempts_s(&self) -> Vec<u64> {
        self.at.lock().unwrap().iter().map(|at| (*at - self.began).as_secs()).collect()
    }

    fn words(&self) -> Vec<String> {
        let word = |s: &Standing| {
            format!("{} {}", s.state.as_str(), s.fault.as_ref().map_or("-", |f| f.cause.code()))
        };
        let mut words: Vec<String> = self.said.lock().unwrap().iter().map(word).collect();
        words.dedup();
        words
    }

    async fn online(&mut self) -> FarEnd {
        let far = self.made.recv().await.unwrap();
        // The supervisor has still to take it in.
        sleep(Duration::from_millis(1)).await;
        assert_eq!(self.said.lock().unwrap().last().unwrap().state, State::Online);
        far
    }

    async fn end(self) {
        drop(self.plans);
        self.running.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_outage_is_tried_at_1_2_5_10_and_then_every_30_seconds() {
    let mut attempts = vec![Attempt::Works];
    attempts.extend((0..8).map(|_| Attempt::Fails(Cause::Unreachable)));
    let mut trial = Trial::of(attempts);
    let far = trial.online().await;
    drop(far);
    trial.online().await;
    // Lost at 0: 1 s after it, then 1, 2, 5, 10, 30, 30, 30 and 30 s after each failure.
    assert_eq!(trial.attempts_s(), [0, 1, 2, 4, 9, 19, 49, 79, 109, 139]);
    assert_eq!(
        trial.words(),
        ["connecting -", "online -", "reconnecting CUT", "reconnecting UNREACHABLE", "online -"]
    );
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_hangs_is_given_up() {
    let mut trial = Trial::of(vec![Attempt::Hangs, Attempt::Works]);
    let _far = trial.online().await;
    assert_eq!(trial.attempts_s(), [0, 21]);
    assert_eq!(trial.words(), ["connecting -", "connecting TIMED_OUT", "online -"]);
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn silence_of_three_heartbeats_ends_a_session_and_answers_keep_it() {
    let mut trial = Trial::of(vec![]);
    let far = trial.online().await;
    for _ in 0..20 {
        sleep(Duration::from_secs(10)).await;
        far.beats.send(Beat::Answered).await.unwrap();
    }
    assert_eq!(trial.attempts_s(), [0]);
    let _next = trial.made.recv().await.unwrap();
    assert_eq!(trial.attempts_s(), [0, 231], "the last answer at 200 s, 30 s of silence, 1 s of waiting");
    assert_eq!(trial.words(), ["connecting -", "online -", "reconnecting SILENT", "online -"]);
    assert_eq!(*far.closed.lock().unwrap(), Some("cut"));
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_missed_heartbeat_ends_a_session_at_once() {
    let mut trial = Trial::of(vec![]);
    let far = trial.online().await;
    far.beats.send(Beat::Missed).await.unwrap();
    let _next = trial.online().await;
    assert_eq!(trial.attempts_s(), [0, 1]);
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_sleep_of_the_machine_is_noticed_online_and_while_waiting() {
    let fails = || Attempt::Fails(Cause::Unreachable);
    let mut trial = Trial::of(vec![Attempt::Works, fails(), fails(), fails(), fails(), fails()]);
    let far = trial.online().await;
    trial.slept_s.fetch_add(3_600, Ordering::SeqCst);
    sleep(Duration::from_secs(6)).await;
    // Noticed at 5 s; then 1, 2, 5 and 10 s.
    assert_eq!(trial.attempts_s(), [0, 5, 6]);
    assert_eq!(*far.closed.lock().unwrap(), Some("cut"));
    sleep(Duration::from_secs(30)).await;
    assert_eq!(trial.attempts_s(), [0, 5, 6, 8, 13, 23]);
    // Asleep again while 30 s are waited from 23 s on.
    trial.slept_s.fetch_add(3_600, Ordering::SeqCst);
    let _far = trial.online().await;
    assert_eq!(trial.attempts_s().last(), Some(&38));
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_a_little_or_back_changes_nothing() {
    let mut trial = Trial::of(vec![]);
    let far = trial.online().await;
    for set_s in [10, -7_200, 14] {
        trial.slept_s.fetch_add(set_s, Ordering::SeqCst);
        sleep(Duration::from_secs(10)).await;
        far.beats.send(Beat::Answered).await.unwrap();
    }
    assert_eq!(trial.attempts_s(), [0]);
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn another_token_is_tried_at_once_and_the_same_changes_nothing() {
    let mut trial = Trial::of(vec![Attempt::Fails(Cause::TokenRefused), Attempt::Works]);
    sleep(Duration::from_secs(10)).await;
    trial.plans.send(plan("a")).unwrap();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(trial.attempts_s(), [0]);
    trial.plans.send(plan("b")).unwrap();
    let far = trial.online().await;
    assert_eq!(trial.attempts_s(), [0, 12]);
    assert_eq!(trial.words(), ["connecting -", "failed TOKEN_REFUSED", "connecting -", "online -"]);
    trial.plans.send(Plan::Off(Fault::of(Cause::SwitchedOff))).unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(*far.closed.lock().unwrap(), Some("in order"));
    assert_eq!(trial.words().last().map(String::as_str), Some("off SWITCHED_OFF"));
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_wish_shortens_the_wait_and_a_stop_in_the_dashboard_waits_for_one() {
    let mut trial = Trial::of(vec![Attempt::Fails(Cause::TokenRefused)]);
    sleep(Duration::from_secs(3)).await;
    trial.wishes.send(Wish::Reconnect).await.unwrap();
    let mut far = trial.online().await;
    assert_eq!(trial.attempts_s(), [0, 3]);
    far.end.take().unwrap().send(Fault::of(Cause::StoppedInDashboard)).unwrap();
    sleep(Duration::from_secs(7_200)).await;
    assert_eq!(trial.attempts_s(), [0, 3]);
    trial.wishes.send(Wish::Reconnect).await.unwrap();
    trial.online().await;
    assert_eq!(trial.attempts_s(), [0, 3, 7_203]);
    trial.end().await;
}

#[tokio::test(start_paused = true)]
async fn the_end_closes_the_link_in_order() {
    let mut trial = Trial::of(vec![]);
    let far = trial.online().await;
    trial.end().await;
    assert_eq!(*far.closed.lock().unwrap(), Some("in order"));
}
