import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Json from "@/components/shared/Json.svelte";
import { curlCommand, shellQuote } from "@/lib/curl";
import { prettyTokens } from "@/lib/json";
import { oneLine, visible } from "@/lib/visible";

test("hostile payloads are shown as text", () => {
  const check = (text: string) => {
    const { container, unmount } = render(Json, { text, label: "Payload" });
    expect(container.querySelector("img, script, a, iframe, svg"), text).toBeNull();
    expect(container.textContent).toContain("onerror");
    unmount();
  };
  check('{"comment":"<img src=x onerror=alert(1)>"}');
  check("<img src=x onerror=alert(1)>");
  check('</pre><script>onerror</script>{"a":1}');
  check('{"<svg onerror=1>":"<a href=javascript:alert(1)>"}');
});

test("what is no JSON is shown as it was sent", () => {
  for (const text of ['{"price":100 "x":1}', '{"a":1,}', '{"close":{{close}}}', "buy  BTCUSDT"]) {
    expect(prettyTokens(text), text).toBeNull();
    const { container, unmount } = render(Json, { text, label: "Payload" });
    expect(container.textContent).toContain(text);
    unmount();
  }
});

test("characters that act on their surroundings are spelled out", () => {
  const check = (text: string, expected: string) => expect(visible(text)).toBe(expected);
  check("buy \u202eTDSU", "buy \u27e8U+202E\u27e9TDSU");
  check("a\u0000b\u001b[31m", "a\u27e8U+0000\u27e9b\u27e8U+001B\u27e9[31m");
  check("zero\u200bwidth\ufeff", "zero\u27e8U+200B\u27e9width\u27e8U+FEFF\u27e9");
  check("tab\tand\nline stay", "tab\tand\nline stay");
  check("שלום عربى 日本", "שלום عربى 日本");
  const { container } = render(Json, { text: '{"a":"\u202e"}', label: "Payload" });
  expect(container.textContent).toContain("\u27e8U+202E\u27e9");
});

test("a line is cut where it gets too long", () => {
  expect(oneLine("a\nb", 10)).toBe("a b");
  expect(oneLine("x".repeat(11), 10)).toBe(`${"x".repeat(10)}…`);
});

test("JSON is indented without being read and written again", () => {
  const pretty = (text: string) =>
    prettyTokens(text)
      ?.map((token) => token.text)
      .join("") ?? null;
  // Numbers keep their digits and doubled keys stay doubled.
  expect(pretty('{"a":1.10,"a":12345678901234567890}')).toBe(
    '{\n  "a": 1.10,\n  "a": 12345678901234567890\n}',
  );
  expect(pretty('{"a":[],"b":{}}')).toBe('{\n  "a": [],\n  "b": {}\n}');
  expect(pretty("[1,[2]]")).toBe("[\n  1,\n  [\n    2\n  ]\n]");
  expect(pretty("buy BTCUSDT")).toBeNull();
  expect(pretty('{"a":NaN}')).toBeNull();
  expect(pretty('"text"')).toBeNull();
  expect(pretty("")).toBeNull();
});

test("keys, texts and numbers are told apart", () => {
  const kinds = prettyTokens('{"k":"v","n":-1.5e3,"t":true}')
    ?.filter((token) => token.kind !== "space" && token.kind !== "mark")
    .map((token) => `${token.kind} ${token.text}`);
  expect(kinds).toEqual(['key "k"', 'text "v"', 'key "n"', "number -1.5e3", 'key "t"', "word true"]);
});

test("a large payload is cut for the eye", () => {
  const { container } = render(Json, { text: "x".repeat(20_000), label: "Payload" });
  expect(container.querySelector("pre")?.textContent).toHaveLength(16_384);
  expect(container.textContent).toContain("The first 16 KiB of 20 KiB");
});

test("a curl command survives every quote", () => {
  expect(shellQuote("it's")).toBe("'it'\\''s'");
  expect(curlCommand("http://127.0.0.1:8787/x/<token>", '{"a":"\'$(rm)"}', null)).toBe(
    "curl -X POST 'http://127.0.0.1:8787/x/<token>' \\\n" +
      "  -H 'Content-Type: application/json' \\\n" +
      "  --data-binary '{\"a\":\"'\\''$(rm)\"}'",
  );
});
