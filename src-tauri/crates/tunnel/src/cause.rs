//! Why the tunnel is not online: a code for programs, a sentence and a fix for people.

use std::fmt;
use std::time::Duration;

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $user:literal, $sentence:literal, $fix:literal;)+) => {
        /// Why the tunnel is not online.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Cause {
            $($(#[$doc])* $name,)+
        }

        impl Cause {
            /// Every cause.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code, stable.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// Reads the code back.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|cause| cause.code() == code)
            }

            /// What is wrong.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),+ }
            }

            /// What to do about it.
            #[must_use]
            pub fn fix(self) -> &'static str {
                match self { $(Self::$name => $fix),+ }
            }

            /// Whether waiting alone will not mend it.
            #[must_use]
            pub fn needs_the_user(self) -> bool {
                match self { $(Self::$name => $user),+ }
            }
        }
    };
}

causes! {
    /// `tunnel.mode` says so.
    SwitchedOff, "SWITCHED_OFF", true,
        "The tunnel is switched off.",
        "Set tunnel.mode to ngrok or own-url to receive alerts from the internet.";
    /// `serve --no-tunnel`.
    NotWanted, "NOT_WANTED", true,
        "Pitwire was started with --no-tunnel.",
        "Start it without --no-tunnel to receive alerts from the internet.";
    /// Nothing to sign in with.
    NoAuthtoken, "NO_AUTHTOKEN", true,
        "There is no ngrok authtoken.",
        "Copy it from dashboard.ngrok.com under Your Authtoken and hand it to pitwire tunnel set-token; where there is no keychain, start Pitwire with it in NGROK_AUTHTOKEN.";
    /// The keychain did not give it.
    KeychainSilent, "KEYCHAIN_SILENT", true,
        "The keychain did not give the authtoken.",
        "Unlock the keychain, or start Pitwire with the variable NGROK_AUTHTOKEN.";
    /// Own URL without a URL.
    NoOwnUrl, "NO_OWN_URL", true,
        "There is no public URL to show.",
        "Set tunnel.own_url to the address of your reverse proxy, such as https://alerts.example.com.";
    /// The process was not there.
    NotRunning, "NOT_RUNNING", false,
        "Pitwire was not running.",
        "Keep it running, or let the system start it: alerts are sent once.";
    /// TCP or DNS.
    Unreachable, "UNREACHABLE", false,
        "The tunnel service cannot be reached.",
        "Check the internet connection, and that a firewall lets connections to connect.ngrok-agent.com port 443 out.";
    /// The handshake.
    NotTrusted, "NOT_TRUSTED", false,
        "The connection to the tunnel service could not be secured.",
        "If something on the network inspects traffic, let connections to connect.ngrok-agent.com through, or set tunnel.root_cas.";
    /// The CA file.
    RootCas, "ROOT_CAS", true,
        "The file of tunnel.root_cas cannot be used.",
        "Let tunnel.root_cas name a PEM file with certificates, or clear it.";
    /// No answer in time.
    TimedOut, "TIMED_OUT", false,
        "The tunnel service did not answer in time.",
        "Nothing needs to be done; it is tried again. If it stays so, see status.ngrok.com.";
    /// The connection broke.
    Cut, "CUT", false,
        "The connection to the tunnel service broke.",
        "Nothing needs to be done; it is connected again.";
    /// No heartbeat.
    Silent, "SILENT", false,
        "The tunnel service stopped answering heartbeats.",
        "Nothing needs to be done; it is connected again.";
    /// The machine slept.
    Woke, "WOKE", false,
        "The machine was asleep.",
        "Keep it awake while alerts are expected: tunnel.prevent_sleep does that.";
    /// The settings.
    Changed, "CHANGED", false,
        "The settings of the tunnel were changed.",
        "Nothing needs to be done; it is connected again.";
    /// A wish.
    Asked, "ASKED", false,
        "A new connection was asked for.",
        "Nothing needs to be done; it is connected again.";
    /// A command from the dashboard.
    RestartAsked, "RESTART_ASKED", false,
        "The ngrok dashboard asked for a restart.",
        "Nothing needs to be done; it is connected again.";
    /// A command from the dashboard.
    StoppedInDashboard, "STOPPED_IN_DASHBOARD", true,
        "The tunnel was stopped in the ngrok dashboard.",
        "Reconnect it with pitwire tunnel reconnect or in the window when it is wanted again.";
    /// The service closed it.
    ClosedByService, "CLOSED_BY_SERVICE", false,
        "The tunnel service closed the tunnel.",
        "Nothing needs to be done; it is connected again. If it happens often, look into the ngrok dashboard.";
    /// 105.
    TokenMalformed, "TOKEN_MALFORMED", true,
        "The ngrok authtoken is not written as one.",
        "Copy it again from dashboard.ngrok.com under Your Authtoken; an API key or a tunnel credential of another kind is none.";
    /// 106.
    TokenOutdated, "TOKEN_OUTDATED", true,
        "The authtoken is of the first version of ngrok, which is no longer served.",
        "Copy the present one from dashboard.ngrok.com under Your Authtoken.";
    /// 107.
    TokenRefused, "TOKEN_REFUSED", true,
        "ngrok does not accept the authtoken: it was revoked, or belongs to a deleted account.",
        "Copy the present one from dashboard.ngrok.com under Your Authtoken.";
    /// 300.
    TokenRevoked, "TOKEN_REVOKED", true,
        "The credential behind the authtoken was revoked while it was in use.",
        "Make a new one in the ngrok dashboard and hand it to pitwire tunnel set-token.";
    /// 4018.
    AccountNeeded, "ACCOUNT_NEEDED", true,
        "ngrok wants a verified account and its authtoken.",
        "Sign up at dashboard.ngrok.com, verify the e-mail address, and hand the authtoken to pitwire tunnel set-token.";
    /// 108.
    TooManySessions, "TOO_MANY_SESSIONS", true,
        "The ngrok account has as many agents online as its plan allows.",
        "Stop the agents on other machines, in the dashboard under Agents, or take a larger plan.";
    /// 120.
    AgentTooOld, "AGENT_TOO_OLD", true,
        "ngrok no longer serves agents as old as this one.",
        "Update Pitwire.";
    /// 334.
    EndpointTaken, "ENDPOINT_TAKEN", false,
        "The domain is still online in another session, often the one that was just cut.",
        "It is asked for again every few seconds. If it stays so, stop the other Pitwire or ngrok agent that uses it.";
    /// 319, 320 and their like.
    DomainRefused, "DOMAIN_REFUSED", true,
        "ngrok does not give this account the domain in tunnel.domain.",
        "Look it up in dashboard.ngrok.com under Domains and set tunnel.domain to it, or clear it for the free one.";
    /// 734, 1214 and their like.
    RateLimited, "RATE_LIMITED", false,
        "ngrok limits how often this account may connect or be used.",
        "Wait a minute; it is tried again. If it stays so, look at the usage in the ngrok dashboard.";
    /// Any other answer.
    ServiceRefused, "SERVICE_REFUSED", false,
        "The tunnel service refused.",
        "Look the code up at ngrok.com/docs/errors; it is tried again.";
    /// Binding the port.
    PortTaken, "PORT_TAKEN", true,
        "The port that the reverse proxy points at cannot be listened at.",
        "Close the program that uses it, or set tunnel.listen_port and point the reverse proxy there.";
}

/// A cause with what the service said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Why.
    pub cause: Cause,
    /// The service's own code, such as `ERR_NGROK_107`.
    pub service_code: Option<String>,
    /// The service's or the system's own words, without control characters, at most 300 characters.
    pub detail: Option<String>,
    /// How long before it was noticed it began, where that is known: a sleep, a silence.
    pub ago: Option<Duration>,
}

/// The longest foreign text that is kept, in characters.
const DETAIL_MAX: usize = 300;

impl Fault {
    /// A cause of our own.
    #[must_use]
    pub fn of(cause: Cause) -> Self {
        Self { cause, service_code: None, detail: None, ago: None }
    }

    /// A cause with words of somebody else's.
    #[must_use]
    pub fn with(cause: Cause, detail: &str) -> Self {
        Self { detail: tidied(detail), ..Self::of(cause) }
    }

    /// A cause that was there for a while before it was noticed.
    #[must_use]
    pub fn since(cause: Cause, ago: Duration) -> Self {
        Self { ago: Some(ago), ..Self::of(cause) }
    }

    /// A refusal of ngrok's, by its code where it has one.
    #[must_use]
    pub fn of_service(code: Option<&str>, message: &str) -> Self {
        let number = code.and_then(|c| c.trim().strip_prefix("ERR_NGROK_"));
        let cause = match number {
            Some("105") => Cause::TokenMalformed,
            Some("106") => Cause::TokenOutdated,
            Some("107") => Cause::TokenRefused,
            Some("108") => Cause::TooManySessions,
            Some("120" | "121") => Cause::AgentTooOld,
            Some("300") => Cause::TokenRevoked,
            Some("334") => Cause::EndpointTaken,
            Some("314" | "319" | "320" | "326" | "15002" | "15013") => Cause::DomainRefused,
            Some("4018" | "4019") => Cause::AccountNeeded,
            Some("702" | "703" | "725" | "726" | "727" | "734" | "1214") => Cause::RateLimited,
            Some(_) | None => Cause::ServiceRefused,
        };
        let service_code = code.map(|c| c.trim().chars().filter(|c| c.is_ascii_graphic()).take(40).collect());
        Self { cause, service_code, detail: tidied(message), ago: None }
    }

    /// The sentence for people, with the foreign words where they say more than the cause.
    #[must_use]
    pub fn sentence(&self) -> String {
        let own = self.cause.sentence();
        let says_more = matches!(
            self.cause,
            Cause::ServiceRefused
                | Cause::ClosedByService
                | Cause::Unreachable
                | Cause::NotTrusted
                | Cause::RootCas
                | Cause::PortTaken
                | Cause::KeychainSilent
        );
        match &self.detail {
            Some(detail) if says_more => format!("{} ({detail})", own.trim_end_matches('.')) + ".",
            Some(_) | None => own.to_owned(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

fn tidied(text: &str) -> Option<String> {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(DETAIL_MAX);
    let text = spaced.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.').to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_that_users_meet_has_its_cause() {
        for (code, cause, needs_the_user) in [
            ("ERR_NGROK_105", Cause::TokenMalformed, true),
            ("ERR_NGROK_106", Cause::TokenOutdated, true),
            ("ERR_NGROK_107", Cause::TokenRefused, true),
            ("ERR_NGROK_108", Cause::TooManySessions, true),
            ("ERR_NGROK_120", Cause::AgentTooOld, true),
            ("ERR_NGROK_300", Cause::TokenRevoked, true),
            ("ERR_NGROK_319", Cause::DomainRefused, true),
            ("ERR_NGROK_334", Cause::EndpointTaken, false),
            ("ERR_NGROK_734", Cause::RateLimited, false),
            ("ERR_NGROK_1214", Cause::RateLimited, false),
            ("ERR_NGROK_4018", Cause::AccountNeeded, true),
            ("ERR_NGROK_99999", Cause::ServiceRefused, false),
            ("something else", Cause::ServiceRefused, false),
        ] {
            let fault = Fault::of_service(Some(code), "words");
            assert_eq!((fault.cause, fault.cause.needs_the_user()), (cause, needs_the_user), "{code}");
        }
        assert_eq!(Fault::of_service(None, "words").cause, Cause::ServiceRefused);
    }

    #[test]
    fn every_cause_has_a_code_of_its_own_a_sentence_and_a_fix() {
        let codes: BTreeSet<&str> = Cause::ALL.iter().map(|c| c.code()).collect();
        assert_eq!(codes.len(), Cause::ALL.len());
        for cause in Cause::ALL {
            assert!(cause.code().bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{cause:?}");
            assert!(cause.sentence().ends_with('.') && cause.fix().ends_with('.'), "{cause:?}");
        }
    }

    #[test]
    fn foreign_words_are_bounded_and_harmless() {
        let fault = Fault::of_service(Some(" ERR_NGROK_1\u{1b}[31m\n"), "a\u{1b}[31m\r\n\n b.");
        assert_eq!(fault.service_code.as_deref(), Some("ERR_NGROK_1[31m"));
        assert_eq!(fault.sentence(), "The tunnel service refused (a [31m b).");
        assert_eq!(Fault::with(Cause::Cut, "x").sentence(), Cause::Cut.sentence());
        assert_eq!(Fault::of_service(None, &"x".repeat(9_999)).detail.unwrap().len(), DETAIL_MAX);
        assert_eq!(Fault::of_service(None, " \n").detail, None);
    }
}
