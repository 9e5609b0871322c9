import { expect, test, vi } from "vitest";
import type { Batch, SignalRow } from "@/bindings";
import { PageDesk } from "@/dev/desk";
import { NO_FILTER, SignalFeed, WINDOW_MAX } from "@/lib/store/signals.svelte";

async function loaded(size = 450, filter = NO_FILTER) {
  const desk = new PageDesk("full", size).install();
  const feed = new SignalFeed();
  await feed.load(filter);
  return { desk, feed };
}

function batch(...signals: SignalRow[]): Batch {
  return { signals, overflow: false, account: false, webhooks: false, status: null, tunnel: null };
}

const ids = (rows: SignalRow[]) => rows.map((row) => row.id);

test("pages follow one another without a gap or a double, to the end", async () => {
  const { desk, feed } = await loaded();
  expect(feed.rows).toHaveLength(200);
  expect(feed.ended).toBe(false);
  await feed.older();
  await feed.older();
  expect(ids(feed.rows)).toEqual(ids(desk.rows));
  expect(feed.ended).toBe(true);
  const calls = desk.calls.length;
  await feed.older();
  expect(desk.calls).toHaveLength(calls);
});

test("the same page is not asked for twice at a time", async () => {
  const { desk, feed } = await loaded();
  const before = desk.calls.length;
  await Promise.all([feed.older(), feed.older(), feed.older()]);
  expect(desk.calls.length - before).toBe(1);
  expect(feed.rows).toHaveLength(400);
});

test("new rows come on top and changed rows stay in place", async () => {
  const { desk, feed } = await loaded();
  const fresh = desk.arrive({ status: "received" });
  feed.apply(batch(fresh));
  expect(feed.rows[0]?.id).toBe(fresh.id);
  feed.apply(batch({ ...fresh, status: "executed" }));
  expect(feed.rows[0]?.status).toBe("executed");
  expect(feed.rows).toHaveLength(201);
});

test("the signals of one message stand as they will after it is read again", async () => {
  const { desk, feed } = await loaded();
  const first = desk.arrive();
  const second = { ...first, id: `${first.id}2`, leg: 1 };
  const third = { ...first, id: `${first.id}3`, leg: 2 };
  feed.apply(batch(third, first, second));
  expect(ids(feed.rows).slice(0, 3)).toEqual([third.id, second.id, first.id]);
});

test("a list that is read is held still and counts what came", async () => {
  const { desk, feed } = await loaded();
  const before = ids(feed.rows);
  feed.hold(true);
  const one = desk.arrive();
  const two = desk.arrive();
  feed.apply(batch(one, two));
  feed.apply(batch(two));
  expect(ids(feed.rows)).toEqual(before);
  expect(feed.fresh).toBe(2);
  feed.hold(false);
  await settled(feed);
  expect(ids(feed.rows).slice(0, 2)).toEqual([two.id, one.id]);
  expect(feed.fresh).toBe(0);
});

test("rows that may fit a search are looked for when the list moves again", async () => {
  const { desk, feed } = await loaded();
  await feed.load({ ...NO_FILTER, words: "BTCUSDT" });
  feed.hold(true);
  const fresh = desk.arrive({ symbol: "BTCUSDT" });
  feed.apply(batch(fresh));
  expect([feed.unsure, feed.fresh, feed.rows[0]?.id === fresh.id]).toEqual([true, 0, false]);
  feed.hold(false);
  await settled(feed);
  expect([feed.unsure, feed.rows[0]?.id]).toEqual([false, fresh.id]);
});

test("a filter holds for rows that arrive, too", async () => {
  const { desk, feed } = await loaded(450, { ...NO_FILTER, status: ["rejected"] });
  expect(feed.rows.every((row) => row.status === "rejected")).toBe(true);
  const size = feed.rows.length;
  feed.apply(batch(desk.arrive({ status: "executed" })));
  expect(feed.rows).toHaveLength(size);
  const fresh = desk.arrive({ status: "rejected" });
  feed.apply(batch(fresh));
  expect(feed.rows[0]?.id).toBe(fresh.id);
  // A row that no longer fits leaves.
  feed.apply(batch({ ...fresh, status: "executed" }));
  expect(feed.rows).toHaveLength(size);
});

test("replays are found by their own filter, whatever became of them", async () => {
  const { feed } = await loaded(450, { ...NO_FILTER, status: ["replayed"] });
  expect(feed.rows.map((row) => [row.replayed, row.status])).toEqual([[true, "executed"]]);
});

test("a change of a row far below does not look like an arrival", async () => {
  const { desk, feed } = await loaded();
  const old = desk.rows[300]!;
  feed.apply(batch({ ...old, replays: ["replayed-sig_x"] }));
  expect(ids(feed.rows)).not.toContain(old.id);
});

test("the window stays bounded while rows are read downward", async () => {
  const { feed } = await loaded(WINDOW_MAX + 400);
  let gone = 0;
  while (!feed.ended) gone += await feed.older();
  expect(feed.rows).toHaveLength(WINDOW_MAX);
  expect(gone).toBe(400);
  feed.hold(false);
  await settled(feed);
  expect(feed.rows).toHaveLength(200);
});

test("rows that were left out of a batch are read again", async () => {
  const { desk, feed } = await loaded();
  const fresh = desk.arrive();
  feed.apply({ ...batch(), overflow: true });
  await settled(feed);
  expect(feed.rows[0]?.id).toBe(fresh.id);
});

test("a page that cannot be read says why, and is read at the next try", async () => {
  const desk = new PageDesk("error").install();
  const feed = new SignalFeed();
  await feed.load();
  expect(feed.phase).toBe("failed");
  expect(feed.problem?.code).toBe("STORAGE_UNAVAILABLE");
  desk.scene = "full";
  await feed.load();
  expect(feed.phase).toBe("ready");
  expect(feed.problem).toBeNull();
});

test.for([
  { known: "nothing", first: true },
  { known: "an earlier page", first: false },
])("a change told of while a page is read over $known is not lost with that page", async ({ first }) => {
  const desk = new PageDesk("full", 450).install();
  const feed = new SignalFeed();
  if (!first) await feed.load();
  const before = lists(desk);
  // The page is made before the change, and comes after it.
  const old = { signals: desk.rows.slice(0, 200), next: null };
  const { answer, arrive } = held(old);
  desk.answers["signals.list"] = () => answer;
  const reading = feed.load();
  const fresh = desk.arrive();
  feed.apply(batch(fresh));
  await vi.waitFor(() => expect(lists(desk)).toBe(before + 1));
  delete desk.answers["signals.list"];
  arrive();
  await reading;
  await vi.waitFor(() => expect(feed.rows[0]?.id).toBe(fresh.id));
  expect(lists(desk)).toBe(before + 2);
});

test("a batch without signals makes no second read of a page", async () => {
  const { desk, feed } = await loaded();
  const { answer, arrive } = held({ signals: desk.rows.slice(0, 200), next: null });
  desk.answers["signals.list"] = () => answer;
  const reading = feed.load();
  feed.apply({ ...batch(), account: true });
  arrive();
  await reading;
  expect(lists(desk)).toBe(2);
});

/** How often a page was asked for. */
const lists = (desk: PageDesk) => desk.calls.filter(({ method }) => method === "signals.list").length;

/** An answer that arrives when it is told to. */
function held<T>(value: T) {
  let arrive: () => void = () => undefined;
  const answer = new Promise<T>((resolve) => (arrive = () => resolve(value)));
  return { answer, arrive: () => arrive() };
}

/** Until the page that was asked for has come. */
async function settled(feed: SignalFeed): Promise<void> {
  await feed.load();
}
