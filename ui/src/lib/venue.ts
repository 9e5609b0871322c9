// The states of a venue in words, for every part of the window that shows them.
import type { VenueStatus } from "@/bindings";
import { ago, clock, day, instant, span, type Zone } from "@/lib/time";

export type VenueState = "idle" | "connecting" | "connected" | "down";

interface Look {
  word: string;
  /** What it means for the user. */
  what: string;
  tone: string;
}

export const VENUE_STATES: Record<VenueState, Look> = {
  idle: {
    word: "idle",
    what: "No position or working order needs its prices now; a signal asks for what it needs.",
    tone: "bg-raise text-dim",
  },
  connecting: { word: "connecting", what: "The first answer is on its way.", tone: "bg-warn-bg text-warn" },
  connected: { word: "connected", what: "Its prices come in.", tone: "bg-ok-bg text-green" },
  down: {
    word: "down",
    what: "No prices come from it. Only signals that need it wait; all others go on.",
    tone: "bg-bad-bg text-red",
  },
};

/** A state that this window does not know is shown as idle, under its own word. */
export function venueLook(state: string): Look {
  const known = Object.keys(VENUE_STATES).find((one): one is VenueState => one === state);
  return known ? VENUE_STATES[known] : { ...VENUE_STATES.idle, word: state };
}

/** So many lanes are named at most. */
const LANES_TOLD = 100;

/** A quote older than this is pointed out while the venue counts as connected, ms. */
export const QUOTE_OLD_MS = 60_000;

/** "since 14:02 (3 min)", "since 11-19 14:02 (2 days)"; nothing where the time is not known. */
export function sinceWords(since: string | null, zone: Zone, now: number): string {
  const at = instant(since);
  if (at === null) return "";
  const minute = clock(at, zone).slice(0, 5);
  const when = day(at, zone) === day(now, zone) ? minute : `${day(at, zone).slice(5)} ${minute}`;
  return `since ${when} (${span(now - at)})`;
}

/** "Binance is down since 14:02 (3 min)", of a venue that has trouble. */
export function troubleWords(venue: VenueStatus, zone: Zone, now: number): string {
  return [venue.title, "is", venueLook(venue.state).word, sinceWords(venue.since, zone, now)]
    .filter((part) => part !== "")
    .join(" ");
}

/** "3 signals in 2 lanes wait for it." */
export function waitingWords(venue: VenueStatus): string {
  if (venue.waiting === 0) return "No signal waits for it.";
  const signals = venue.waiting === 1 ? "1 signal" : `${venue.waiting} signals`;
  const count = venue.lanes.length;
  const lanes = count === 1 ? "1 lane" : count < LANES_TOLD ? `${count} lanes` : `${count} lanes or more`;
  return `${signals} in ${lanes} ${venue.waiting === 1 ? "waits" : "wait"} for it.`;
}

/** "in 18 s", "now", or nothing where no attempt is planned. */
export function retryWords(venue: VenueStatus, now: number): string | null {
  const at = instant(venue.retry_at);
  if (at === null) return null;
  return at > now ? `in ${span(at - now)}` : "now";
}

/** Age of a quote: "2 s ago", "no quote yet". */
export function quoteWords(quotedAt: string | null, now: number): string {
  return quotedAt === null ? "no quote yet" : ago(quotedAt, now);
}
