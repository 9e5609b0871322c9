import { waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { sampleWorkingOrders } from "@/dev/books";
import { PageDesk, refusal } from "@/dev/desk";
import { AccountStore } from "@/lib/store/accounts.svelte";
import { desk as followed } from "@/lib/store/desk.svelte";
import { Pages, type ReadPage } from "@/lib/store/pages.svelte";
import { Reading } from "@/lib/store/reading.svelte";
import { Turns } from "@/lib/store/turns";

interface Row {
  id: string;
  text: string;
}

/** A list of numbers, newest first, read as the desk reads it: the cursor is the last id of the page before. */
function numbers(size: number) {
  const list = { size, text: "", reads: [] as [number, string | null][] };
  const read: ReadPage<Row> = (limit, before) => {
    list.reads.push([limit, before]);
    const from = before === null ? list.size : Number(before) - 1;
    const rows: Row[] = [];
    for (let at = from; at > 0 && rows.length < limit; at -= 1)
      rows.push({ id: String(at), text: list.text });
    const last = rows.at(-1)?.id ?? null;
    return Promise.resolve({ rows, next: last === null || last === "1" ? null : last });
  };
  return { list, read };
}

/** A promise that is kept when the test says so. */
function gate<T>() {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (open = resolve));
  return { promise, open };
}

const ids = (pages: Pages<Row>) => pages.rows.map(({ id }) => Number(id));
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => from - at);

async function followedPages(size: number, page: number) {
  const { list, read } = numbers(size);
  const pages = new Pages<Row>(page);
  const end = pages.follow(read);
  await waitFor(() => expect(pages.phase).toBe("ready"));
  return { list, pages, end };
}

test("pages follow one another without a gap or a double, to the end", async () => {
  const { list, pages, end } = await followedPages(25, 10);
  await Promise.all([pages.older(), pages.older()]);
  expect(list.reads).toHaveLength(2);
  await pages.older();
  expect(ids(pages)).toEqual(down(25, 1));
  expect(pages.complete).toBe(true);
  await pages.older();
  expect(list.reads).toHaveLength(3);
  end();
});

test("what is new comes on top, and what was read below stays and is as new", async () => {
  const { list, pages, end } = await followedPages(25, 10);
  await pages.older();
  list.size = 28;
  list.text = "changed";
  await pages.load();
  // 20 rows were there: 28 to 9 are read again, and 8 to 6 stay below them.
  expect(list.reads.at(-1)).toEqual([20, null]);
  expect(ids(pages)).toEqual(down(28, 6));
  expect(pages.rows.filter(({ text }) => text === "changed")).toHaveLength(20);
  await pages.older();
  expect(ids(pages)).toEqual(down(28, 1));
  expect(pages.complete).toBe(true);
  end();
});

test("a list that begins again leaves nothing behind, nor does one with a gap", async () => {
  const { list, pages, end } = await followedPages(25, 10);
  await pages.older();
  list.size = 90;
  await pages.load();
  expect(ids(pages)).toEqual(down(90, 71));
  list.size = 0;
  await pages.load();
  expect(pages.rows).toEqual([]);
  expect(pages.complete).toBe(true);
  end();
});

test("an answer for the list before is dropped", async () => {
  const slow = gate<{ rows: Row[]; next: null }>();
  const pages = new Pages<Row>();
  pages.follow(() => slow.promise)();
  const end = pages.follow(numbers(3).read);
  slow.open({ rows: [{ id: "of another account", text: "" }], next: null });
  await waitFor(() => expect(ids(pages)).toEqual([3, 2, 1]));
  end();
});

test("reads do not pile up, and the last one begins after it was asked for", async () => {
  let begun = 0;
  const gates = [gate<undefined>(), gate<undefined>()];
  const turns = new Turns(() => gates[begun++]?.promise ?? Promise.resolve());
  const all = [turns.ask(), turns.ask(), turns.ask()];
  expect(begun).toBe(1);
  gates[0]?.open(undefined);
  gates[1]?.open(undefined);
  await Promise.all(all);
  expect(begun).toBe(2);
});

test("a reading is read again when the books change, and keeps its value when that fails", async () => {
  const desk = new PageDesk("full").install();
  const stop = followed.start();
  await waitFor(() => expect(followed.link).toBe("online"));
  let reads = 0;
  const reading = new Reading<number>();
  const end = reading.follow(() => {
    reads += 1;
    return reads === 2 ? Promise.reject(new Error("gone")) : Promise.resolve(reads);
  });
  await waitFor(() => expect(reading.value).toBe(1));
  desk.push({ account: true });
  await waitFor(() => expect(reading.problem).not.toBeNull());
  expect(reading.value).toBe(1);
  desk.push({ account: true });
  await waitFor(() => expect(reading.value).toBe(3));
  expect(reading.problem).toBeNull();
  end();
  stop();
});

test("an account that is chosen shows nothing of the one before", async () => {
  const desk = new PageDesk("full").install();
  const store = new AccountStore();
  await store.load();
  expect(store.positions).not.toEqual([]);
  expect(store.orders.map(({ id }) => id)).toEqual(sampleWorkingOrders().map(({ id }) => id));
  const chosen = store.choose("acc_second");
  expect(store.positions).toEqual([]);
  await chosen;
  expect(store.current?.id).toBe("acc_second");
  const asked = desk.calls.filter(({ method }) => method === "orders.list").at(-1);
  expect(asked?.params).toEqual({ account_id: "acc_second", live: true });
});

test("an order that is refused to be cancelled is read again", async () => {
  const desk = new PageDesk("full").install();
  desk.answers["orders.cancel"] = () => {
    desk.answers["orders.list"] = () => ({ orders: [], next: null });
    throw refusal("ORDER_NOT_LIVE", "It was filled already.");
  };
  const store = new AccountStore();
  await store.load();
  const order = store.orders[0]!;
  await expect(store.cancel(order)).rejects.toThrow("It was filled already.");
  expect(store.orders).toEqual([]);
});
