import { expect, test } from "vitest";
import { readSearch, webhookWord, writeSearch } from "@/lib/search";

test("words, statuses and a webhook are told apart", () => {
  const check = (text: string, status: string[], webhook: string | null, words: string) =>
    expect(readSearch(text), text).toMatchObject({ status, webhook, words, problem: null });
  check("", [], null, "");
  check("BTCUSDT", [], null, "BTCUSDT");
  check("status:failed,rejected", ["failed", "rejected"], null, "");
  check('status:Failed webhook:"ES long" nasdaq  open', ["failed"], "ES long", "nasdaq open");
  check("webhook:scanner", [], "scanner", "");
  check('"two words" x', [], null, '"two words" x');
  check("webhook:", [], null, "");
  check("status:", [], null, "");
});

test("an unknown status is said, not ignored", () => {
  expect(readSearch("status:done").problem).toBe(
    "There is no status done. There are received, executed, rejected, failed, replayed.",
  );
});

test("what is no word is said, not searched for in silence", () => {
  const check = (text: string, said: RegExp | null) => {
    const { problem } = readSearch(text);
    if (said === null) expect(problem, text).toBeNull();
    else expect(problem, text).toMatch(said);
  };
  check("age:2h", /no age: to narrow by/);
  check("-ETHUSDT", /cannot be left out/);
  check("body.price>100", /nothing is compared/);
  check("-5 BTC-USD http://x 12:30 BINANCE:BTCUSDT", null);
});

test("what is written is read back", () => {
  for (const text of ["", "status:failed", 'webhook:"ES long" buy', "status:executed,failed webhook:x y"]) {
    expect(writeSearch(readSearch(text))).toBe(text);
  }
});

test("a webhook is named so that the search finds it, and no other", () => {
  const all = [
    { id: "wh_1", name: "ES long" },
    { id: "wh_2", name: "es LONG" },
    { id: "wh_3", name: '5" gap' },
    { id: "wh_4", name: "NQ  short" },
  ];
  const words = all.map((webhook) => webhookWord(webhook, all));
  expect(words).toEqual(["wh_1", "wh_2", "wh_3", "NQ  short"]);
  for (const word of words) {
    expect(readSearch(writeSearch({ status: [], webhook: word, words: "" })).webhook).toBe(word);
  }
});
