// The states of the tunnel in words, for every part of the window that shows them.
import type { TunnelGap, TunnelState, TunnelStatus } from "@/bindings";
import { clock, day, instant, span, type Zone } from "@/lib/time";

interface Look {
  word: string;
  /** What it means for the user. */
  what: string;
  tone: string;
}

export const STATES: Record<TunnelState, Look> = {
  off: {
    word: "off",
    what: "Only this computer reaches the listener; TradingView does not.",
    tone: "bg-raise text-dim",
  },
  connecting: { word: "connecting", what: "The first attempt is on its way.", tone: "bg-warn-bg text-warn" },
  online: {
    word: "online",
    what: "Alerts can come in. The self-test follows one from the internet to the queue.",
    tone: "bg-ok-bg text-green",
  },
  reconnecting: {
    word: "reconnecting",
    what: "It was online and comes back by itself. Alerts sent meanwhile are lost: TradingView does not repeat them.",
    tone: "bg-warn-bg text-warn",
  },
  failed: {
    word: "failed",
    what: "Only you can mend it. It is tried again every half minute all the same.",
    tone: "bg-bad-bg text-red",
  },
};

/** An address of one's own is only believed until something has come through it. */
const UNPROVED: Look = {
  word: "not checked",
  what: "The reverse proxy is yours: nothing is known of it until an alert, or the self-test, comes through.",
  tone: "bg-warn-bg text-warn",
};

const BROKEN: Look = {
  word: "not answering",
  what: "The last self-test did not come through your address: see below which part of the way is broken.",
  tone: "bg-bad-bg text-red",
};

/** The state as far as it can be vouched for; `known` is what else is known of the tunnel. */
export function stateLook(
  state: TunnelState,
  known: Pick<TunnelStatus, "mode" | "since" | "last_test"> | null,
): Look {
  if (state !== "online" || known?.mode !== "own-url") return STATES[state];
  const test = known.last_test;
  const tried = (instant(test?.at ?? null) ?? 0) >= (instant(known.since) ?? 0);
  if (test === null || !tried) return UNPROVED;
  return test.ok ? STATES.online : BROKEN;
}

/** "14:02" today, "11-19 14:02" on other days. */
function minute(milliseconds: number, zone: Zone, now: number): string {
  const time = clock(milliseconds, zone).slice(0, 5);
  return day(milliseconds, zone) === day(now, zone) ? time : `${day(milliseconds, zone).slice(5)} ${time}`;
}

/** "Tunnel down 14:02 to 14:09 (7 min): alerts sent then were lost". */
export function gapWords(gap: TunnelGap, zone: Zone, now: number): string {
  const from = instant(gap.from) ?? now;
  const to = instant(gap.to);
  if (to === null) {
    return `Tunnel down since ${minute(from, zone, now)} (${span(now - from)}): alerts sent now are lost`;
  }
  const end = day(from, zone) === day(to, zone) ? clock(to, zone).slice(0, 5) : minute(to, zone, now);
  return `Tunnel down ${minute(from, zone, now)} to ${end} (${span(gap.seconds * 1000)}): alerts sent then were lost`;
}

/** Which webhooks may have lost how much: an estimate from the week before. */
export function lossWords(gap: TunnelGap): string {
  const risky = gap.webhooks.filter(({ at_risk }) => at_risk >= 0.05);
  if (risky.length === 0) return "By the week before, no alert was due in that time.";
  const parts = risky.map(
    ({ name, at_risk }) => `${name} about ${at_risk < 10 ? at_risk.toFixed(1) : at_risk.toFixed(0)}`,
  );
  return `By the week before, alerts due in that time: ${parts.join(", ")}.`;
}
