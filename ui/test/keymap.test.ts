import { expect, test } from "vitest";
import { BINDINGS, isTyping, keyLabel, Keymap } from "@/lib/keymap";

const press = (key: string, modifiers: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});
const FREE = { lettersOff: false, typing: false };

test("every key has its command", () => {
  const check = (key: string, expected: string | null) =>
    expect(new Keymap(BINDINGS).command(press(key), 0, FREE), key).toBe(expected);
  check("j", "signals.next");
  check("ArrowDown", "signals.next");
  check("k", "signals.previous");
  check("r", "signal.replay");
  check("e", "signal.edit");
  check("y", "signal.copy");
  check("c", "signal.curl");
  check("/", "search");
  check("?", "help");
  check("Escape", "back");
  check("Enter", "signals.open");
  check("x", "signals.mark");
  check("R", "signals.replay");
  check("X", null);
  check("g", null);
  check("z", null);
});

test("Ctrl and Cmd are one", () => {
  const keymap = new Keymap(BINDINGS);
  expect(keymap.command(press("k", { ctrlKey: true }), 0, FREE)).toBe("palette");
  expect(keymap.command(press("K", { metaKey: true }), 0, FREE)).toBe("palette");
  expect(keymap.command(press(".", { ctrlKey: true }), 0, FREE)).toBe("pause.all");
  expect(keymap.command(press("q", { ctrlKey: true }), 0, FREE)).toBe("quit");
  // Copying a selection must not copy a payload.
  expect(keymap.command(press("c", { ctrlKey: true }), 0, FREE)).toBeNull();
  expect(keymap.command(press("r", { metaKey: true }), 0, FREE)).toBeNull();
  expect(keymap.command(press("r", { altKey: true }), 0, FREE)).toBeNull();
});

test("two keys in a row within a second", () => {
  const check = (second: string, after: number, expected: string | null) => {
    const keymap = new Keymap(BINDINGS);
    expect(keymap.command(press("g"), 0, FREE)).toBeNull();
    expect(keymap.command(press(second), after, FREE), `g ${second} after ${after} ms`).toBe(expected);
  };
  check("s", 500, "go.signals");
  check("w", 1_000, "go.webhooks");
  check("a", 10, "go.account");
  check("s", 1_001, null);
  // What is no pair is the key alone.
  check("j", 100, "signals.next");
});

test("letters are inert while typing, keys with a modifier are not", () => {
  const typing = { lettersOff: false, typing: true };
  const keymap = new Keymap(BINDINGS);
  for (const key of ["j", "r", "/", "?", "g", "Enter", "ArrowDown", "Escape"]) {
    expect(keymap.command(press(key), 0, typing), key).toBeNull();
  }
  expect(keymap.command(press("k", { ctrlKey: true }), 0, typing)).toBe("palette");
  expect(keymap.command(press(".", { ctrlKey: true }), 0, typing)).toBe("pause.all");
});

test("letters can be switched off; arrows and Escape stay", () => {
  const off = { lettersOff: true, typing: false };
  const keymap = new Keymap(BINDINGS);
  for (const key of ["j", "r", "/", "?", "g"]) expect(keymap.command(press(key), 0, off), key).toBeNull();
  expect(keymap.command(press("s"), 1, off)).toBeNull();
  expect(keymap.command(press("ArrowDown"), 0, off)).toBe("signals.next");
  expect(keymap.command(press("Escape"), 0, off)).toBe("back");
});

test("fields take what is typed into them", () => {
  for (const name of ["input", "textarea", "select"])
    expect(isTyping(document.createElement(name))).toBe(true);
  expect(isTyping(document.createElement("button"))).toBe(false);
  expect(isTyping(null)).toBe(false);
});

test("keys are named as they stand on the keyboard", () => {
  expect(keyLabel("Mod+k", false)).toBe("Ctrl K");
  expect(keyLabel("Mod+k", true)).toBe("⌘K");
  expect(keyLabel("R", false)).toBe("Shift R");
  expect(keyLabel("R", true)).toBe("⇧R");
  expect(keyLabel("g s", false)).toBe("g s");
  expect(keyLabel("ArrowDown", false)).toBe("↓");
});

test("no key means two things", () => {
  const strokes = Object.values(BINDINGS).flat();
  expect(new Set(strokes).size).toBe(strokes.length);
});
