import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { VenueStatus } from "@/bindings";
import App from "@/App.svelte";
import { PageDesk, refusal } from "@/dev/desk";
import { type MarketScene, sampleVenues } from "@/dev/market";
import { ACCOUNT_ID, NOW } from "@/dev/sample";
import { desk as machine } from "@/lib/store/desk.svelte";
import { market } from "@/lib/store/market.svelte";
import { navigation } from "@/lib/store/navigation.svelte";
import { preferences } from "@/lib/store/preferences.svelte";
import { retryWords, sinceWords, troubleWords, venueLook, waitingWords } from "@/lib/venue";
import Market from "@/views/Market.svelte";
// The window reads its views when they are shown: here, before the clock of a test runs.
import "@/views/Account.svelte";

// The simulated browser has no canvas.
vi.mock("@/components/shared/chart/plot", () => {
  const plot = () => ({ show: () => undefined, end: () => undefined });
  return { equityPlot: plot, pricePlot: plot };
});

let desk: PageDesk;

beforeEach(async () => {
  desk = new PageDesk("full").install();
  machine.now = NOW;
  desk.preferences = { time_zone: "utc" };
  await preferences.load();
  navigation.go("signals");
});

async function shown(scene: MarketScene) {
  desk.market = scene;
  await market.load();
  render(Market);
}

const text = (element: Element) => element.textContent.replace(/\s+/g, " ").trim();
const ofVenue = (name: string) =>
  within(screen.getAllByTestId("venue").find(({ dataset }) => dataset.venue === name)!);

test("each venue says where it stands, since when, why and what next; trouble comes first", async () => {
  await shown("down");
  const states = screen.getAllByTestId("venue-state").map((pill) => [pill.dataset.state, text(pill)]);
  expect(states).toEqual([
    ["down", "down since 14:27 (3 min)"],
    ["connecting", "connecting since 14:31 (2 s)"],
    ["connected", "connected since 12:26 (2 h)"],
  ]);
  expect(text(ofVenue("binance").getByTestId("venue-error"))).toBe(
    "Binance cannot be reached: the connection was refused. Check the network and the venue's status page; " +
      "it is tried again by itself. The next attempt is in 18 s.",
  );
  expect(ofVenue("kraken").queryByTestId("venue-error")).toBeNull();
});

test("what is heard is listed with the age of its last quote, and an old one is pointed out", async () => {
  await shown("down");
  const symbols = ofVenue("kraken").getAllByTestId("venue-symbol").map(text);
  expect(symbols).toEqual(["BTCUSD 1 s ago", "ETHUSD 2 s ago", "SOLUSD 1 min ago"]);
  const old = ofVenue("kraken")
    .getAllByTestId("quote-age")
    .map((age) => age.classList.contains("text-warn"));
  expect(old).toEqual([false, false, true]);
  expect(ofVenue("bybit").getAllByTestId("venue-symbol").map(text)).toEqual(["BTCUSDT.P no quote yet"]);
});

test("the candles that pipelines need are named where there are any", async () => {
  await shown("down");
  const candles = ofVenue("kraken").getAllByTestId("venue-candles").map(text);
  expect(candles).toEqual(["BTCUSD 1h", "BTCUSD 15m"]);
  expect(ofVenue("binance").queryByTestId("venue-candles")).toBeNull();
});

test("lanes that wait are counted and named", async () => {
  await shown("down");
  const waiting = ofVenue("binance");
  expect(text(waiting.getByTestId("venue-waiting"))).toBe("4 signals in 2 lanes wait for it.");
  expect(waiting.getAllByTestId("venue-lane").map(text)).toEqual(["BTCUSDT of Paper", "ETHUSDT of Paper: 3"]);
  expect(text(ofVenue("kraken").getByTestId("venue-waiting"))).toBe("No signal waits for it.");
});

test("a symbol shows its candles, in the timeframe that is chosen", async () => {
  await shown("up");
  const asked = () => desk.calls.filter(({ method }) => method === "candles.list").at(-1)?.params;
  await waitFor(() =>
    expect(asked()).toEqual({ venue: "kraken", symbol: "BTCUSD", timeframe: "15m", limit: 200 }),
  );
  await fireEvent.click(screen.getAllByTestId("venue-symbol")[1]!);
  await fireEvent.click(screen.getByTestId("timeframe-1h"));
  await waitFor(() =>
    expect(asked()).toEqual({ venue: "kraken", symbol: "ETHUSD", timeframe: "1h", limit: 200 }),
  );
});

test("an account leads from the market, and the market from an account whose venue is down", async () => {
  desk.market = "down";
  render(App);
  await fireEvent.click(await screen.findByTestId("nav-account"));
  const note = await screen.findByTestId("account-venue-down");
  expect(text(note)).toContain("Binance is down since 14:27 (3 min). Binance cannot be reached");
  await fireEvent.click(screen.getByTestId("show-market"));
  await waitFor(() => expect(navigation.pane).toBe("market"));
  await fireEvent.click((await screen.findAllByTestId("venue-account"))[2]!);
  expect(navigation.pane).toBe("account");
  await waitFor(() => expect(screen.getByTestId("account-venue").textContent).toContain("Kraken"));
  expect(screen.queryByTestId("account-venue-down")).toBeNull();
});

test("a signal that waits for a venue says so in its row and before all else in its detail", async () => {
  desk.market = "down";
  render(App);
  const marks = await screen.findAllByTestId("row-waits");
  const rows = screen.getAllByTestId("signal-row");
  const received = rows.filter((row) => row.querySelector('[data-status="received"]'));
  expect(marks).toHaveLength(received.length);
  expect(marks[0]!.title).toBe("Waits for Binance");
  await fireEvent.click(rows[0]!);
  expect(text(await screen.findByTestId("waits-for-venue"))).toBe(
    "Waiting for Binance · Binance is down since 14:27 (3 min). Binance cannot be reached: the connection was refused.",
  );
  expect(text(screen.getByTestId("nav-market"))).toBe("Market 1 down");
});

test("only the lane of an account in a symbol waits", async () => {
  desk.market = "down";
  await market.load();
  expect(market.waitedFor(ACCOUNT_ID, "ETHUSDT")?.venue).toBe("binance");
  expect(market.waitedFor(ACCOUNT_ID, "SOLUSDT")).toBeNull();
  expect(market.waitedFor("acc_second", "ETHUSDT")).toBeNull();
  expect(market.waitedFor(null, null)).toBeNull();
});

test("without a venue it is said how to use one", async () => {
  await shown("none");
  expect(screen.queryAllByTestId("venue")).toHaveLength(0);
  await fireEvent.click(await screen.findByTestId("to-account"));
  expect(navigation.pane).toBe("account");
});

test("venues that cannot be read say why and are tried again", async () => {
  market.phase = "loading";
  desk.answers["market.status"] = () => {
    throw refusal("STORAGE_UNAVAILABLE", "The disk is full.");
  };
  await shown("up");
  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full.");
  delete desk.answers["market.status"];
  await fireEvent.click(screen.getByText("Try again"));
  expect(await screen.findAllByTestId("venue")).toHaveLength(2);
});

test("words of a venue", () => {
  const venue = sampleVenues("down").find((one) => one.venue === "binance")!;
  const check = (
    over: Partial<VenueStatus>,
    words: (venue: VenueStatus) => string | null,
    expected: string | null,
  ) => expect(words({ ...venue, ...over })).toBe(expected);
  check({}, (one) => troubleWords(one, "utc", NOW), "Binance is down since 14:27 (3 min)");
  check({ since: null }, (one) => troubleWords(one, "utc", NOW), "Binance is down");
  check({ retry_at: null }, (one) => retryWords(one, NOW), null);
  check({}, (one) => retryWords(one, NOW), "in 18 s");
  check({}, (one) => retryWords(one, NOW + 20_000), "now");
  check({ waiting: 1, lanes: venue.lanes.slice(0, 1) }, waitingWords, "1 signal in 1 lane waits for it.");
  const many = Array.from({ length: 100 }, () => venue.lanes[0]!);
  check({ waiting: 120, lanes: many }, waitingWords, "120 signals in 100 lanes or more wait for it.");
  expect(sinceWords("2026-11-19T09:05:00Z", "utc", NOW)).toBe("since 11-19 09:05 (1 day)");
  expect(venueLook("resting").word).toBe("resting");
});
