//! Ways through the states, as words: what happened, what it led to.

use super::*;

const URL: &str = "https://name.example";

fn wanted() -> Happened {
    Happened::Wanted { backoff: Backoff { max: Duration::from_secs(30) } }
}

fn connected() -> Happened {
    Happened::Connected { url: URL.to_owned() }
}

fn refused(cause: Cause) -> Happened {
    Happened::Refused(Fault::of(cause))
}

fn lost(cause: Cause) -> Happened {
    Happened::Lost(Fault::of(cause))
}

fn off() -> Happened {
    Happened::Unwanted(Fault::of(Cause::SwitchedOff))
}

/// `state cause next`, where next is `rest`, `connect`, `watch` or the wait in seconds.
fn told(machine: &Machine, next: Next) -> String {
    let standing = machine.standing();
    let cause = standing.fault.as_ref().map_or("-", |f| f.cause.code());
    let next = match next {
        Next::Rest => "rest".to_owned(),
        Next::Connect => "connect".to_owned(),
        Next::Watch => "watch".to_owned(),
        Next::Wait(wait) => wait.as_secs().to_string(),
    };
    assert_eq!(standing.public_url.is_some(), standing.state == State::Online);
    format!("{} {cause} {next}", standing.state.as_str())
}

fn check(way: Vec<(Happened, &str)>) {
    let mut machine = Machine::new(Fault::of(Cause::SwitchedOff));
    for (step, (happened, expected)) in way.into_iter().enumerate() {
        let shown = format!("{happened:?}");
        let next = machine.take(happened, 0.0);
        assert_eq!(told(&machine, next), expected, "step {step}: {shown}");
    }
}

#[test]
fn an_outage_is_waited_out_with_growing_waits() {
    check(vec![
        (wanted(), "connecting - connect"),
        (connected(), "online - watch"),
        (lost(Cause::Cut), "reconnecting CUT 1"),
        (Happened::Due, "reconnecting CUT connect"),
        (refused(Cause::Unreachable), "reconnecting UNREACHABLE 1"),
        (Happened::Due, "reconnecting UNREACHABLE connect"),
        (refused(Cause::Unreachable), "reconnecting UNREACHABLE 2"),
        (Happened::Due, "reconnecting UNREACHABLE connect"),
        (refused(Cause::TimedOut), "reconnecting TIMED_OUT 5"),
        (Happened::Due, "reconnecting TIMED_OUT connect"),
        (refused(Cause::Unreachable), "reconnecting UNREACHABLE 10"),
        (Happened::Due, "reconnecting UNREACHABLE connect"),
        (refused(Cause::Unreachable), "reconnecting UNREACHABLE 30"),
        (Happened::Due, "reconnecting UNREACHABLE connect"),
        (refused(Cause::Unreachable), "reconnecting UNREACHABLE 30"),
        (Happened::Due, "reconnecting UNREACHABLE connect"),
        (connected(), "online - watch"),
        (lost(Cause::Silent), "reconnecting SILENT 1"),
    ]);
}

#[test]
fn the_first_attempt_may_fail_too() {
    check(vec![
        (wanted(), "connecting - connect"),
        (refused(Cause::Unreachable), "connecting UNREACHABLE 1"),
        (Happened::Due, "connecting UNREACHABLE connect"),
        (refused(Cause::NotTrusted), "connecting NOT_TRUSTED 2"),
        (off(), "off SWITCHED_OFF rest"),
    ]);
}

#[test]
fn an_address_that_is_still_taken_is_asked_for_every_few_seconds() {
    check(vec![
        (wanted(), "connecting - connect"),
        (connected(), "online - watch"),
        (lost(Cause::Woke), "reconnecting WOKE 1"),
        (Happened::Due, "reconnecting WOKE connect"),
        (refused(Cause::EndpointTaken), "reconnecting ENDPOINT_TAKEN 5"),
        (Happened::Due, "reconnecting ENDPOINT_TAKEN connect"),
        (refused(Cause::EndpointTaken), "reconnecting ENDPOINT_TAKEN 5"),
        (Happened::Due, "reconnecting ENDPOINT_TAKEN connect"),
        (connected(), "online - watch"),
    ]);
}

#[test]
fn what_only_the_user_can_mend_is_said_and_tried_patiently() {
    for cause in Cause::ALL.iter().filter(|c| c.needs_the_user()) {
        let code = cause.code();
        check(vec![
            (wanted(), "connecting - connect"),
            (refused(*cause), &format!("failed {code} 30")),
            (Happened::Due, &format!("failed {code} connect")),
            (connected(), "online - watch"),
        ]);
    }
    check(vec![
        (wanted(), "connecting - connect"),
        (refused(Cause::TokenRefused), "failed TOKEN_REFUSED 30"),
        // Another token is another plan.
        (wanted(), "connecting - connect"),
        (connected(), "online - watch"),
        (lost(Cause::TokenRevoked), "failed TOKEN_REVOKED 30"),
        (Happened::Due, "failed TOKEN_REVOKED connect"),
        (refused(Cause::Unreachable), "reconnecting UNREACHABLE 1"),
    ]);
}

#[test]
fn the_service_is_given_the_time_it_asks_for() {
    check(vec![
        (wanted(), "connecting - connect"),
        (refused(Cause::RateLimited), "connecting RATE_LIMITED 30"),
        (Happened::Due, "connecting RATE_LIMITED connect"),
        (refused(Cause::Unreachable), "connecting UNREACHABLE 2"),
    ]);
}

#[test]
fn a_stop_in_the_dashboard_holds_until_somebody_asks() {
    check(vec![
        (wanted(), "connecting - connect"),
        (connected(), "online - watch"),
        (lost(Cause::StoppedInDashboard), "failed STOPPED_IN_DASHBOARD rest"),
        (Happened::Anew(Fault::of(Cause::Asked)), "reconnecting ASKED connect"),
        (connected(), "online - watch"),
        (lost(Cause::RestartAsked), "reconnecting RESTART_ASKED 1"),
    ]);
}

#[test]
fn a_wish_and_a_wake_up_shorten_every_wait_and_change_nothing_when_off() {
    check(vec![
        (Happened::Anew(Fault::of(Cause::Asked)), "off SWITCHED_OFF rest"),
        (wanted(), "connecting - connect"),
        (refused(Cause::Unreachable), "connecting UNREACHABLE 1"),
        (Happened::Anew(Fault::of(Cause::Woke)), "connecting WOKE connect"),
        (connected(), "online - watch"),
        (Happened::Anew(Fault::of(Cause::Woke)), "reconnecting WOKE connect"),
        (refused(Cause::Unreachable), "reconnecting UNREACHABLE 1"),
    ]);
}

#[test]
fn another_plan_interrupts_and_none_ends() {
    check(vec![
        (wanted(), "connecting - connect"),
        (connected(), "online - watch"),
        (wanted(), "reconnecting CHANGED connect"),
        (connected(), "online - watch"),
        (off(), "off SWITCHED_OFF rest"),
        (wanted(), "connecting - connect"),
    ]);
}
