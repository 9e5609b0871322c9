// Keys to commands. Letters are inert while typing and can be switched off; keys with Ctrl or Cmd always work.

/** A key, or two in a row: "r", "g s", "Mod+k", "Shift+?" is written "?". `Mod` is Cmd on a Mac, else Ctrl. */
export type Stroke = string;

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey?: boolean;
}

/** Milliseconds within which the second key of a pair must follow. */
const PAIR_MS = 1_000;

export function stroke(press: KeyPress): Stroke {
  if (press.ctrlKey || press.metaKey) {
    const key = press.key.toLowerCase();
    return press.shiftKey && /^[a-z]$/.test(key) ? `Mod+Shift+${key}` : `Mod+${key}`;
  }
  if (press.altKey) return `Alt+${press.key}`;
  return press.key;
}

/** Whether a key may be typed by mistake: a lone character without a modifier. */
export function isLetter(keys: Stroke): boolean {
  return keys.split(" ").every((part) => [...part].length === 1);
}

/** Whether keys typed there belong to the element and not to the window. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** "⌘K" on a Mac, "Ctrl K" elsewhere. */
export function keyLabel(keys: Stroke, mac: boolean): string {
  return keys
    .split(" ")
    .map((part) => {
      const named = part.replace("ArrowDown", "↓").replace("ArrowUp", "↑").replace("Escape", "Esc");
      if (/^[A-Z]$/.test(named)) return mac ? `⇧${named}` : `Shift ${named}`;
      if (!named.startsWith("Mod+")) return named;
      const shift = named.includes("Shift+");
      const key = named.replace(/Mod\+(Shift\+)?/, "").toUpperCase();
      return mac ? `${shift ? "⇧" : ""}⌘${key}` : `Ctrl ${shift ? "Shift " : ""}${key}`;
    })
    .join(" ");
}

export interface Options {
  lettersOff: boolean;
  typing: boolean;
}

/** Remembers the first key of a pair. One per window. */
export class Keymap {
  readonly #bindings = new Map<Stroke, string>();
  readonly #firsts = new Set<Stroke>();
  #pending: { stroke: Stroke; at: number } | null = null;

  constructor(bindings: Record<string, readonly Stroke[]>) {
    for (const [command, strokes] of Object.entries(bindings)) {
      for (const keys of strokes) {
        this.#bindings.set(keys, command);
        const [first, second] = keys.split(" ");
        if (first !== undefined && second !== undefined) this.#firsts.add(first);
      }
    }
  }

  /** The command of this key, or null; `now` in milliseconds. */
  command(press: KeyPress, now: number, options: Options): string | null {
    const key = stroke(press);
    const pending = this.#pending;
    this.#pending = null;
    const inert = (keys: Stroke) => isLetter(keys) && (options.typing || options.lettersOff);
    if (pending && now - pending.at <= PAIR_MS) {
      const pair = `${pending.stroke} ${key}`;
      const command = this.#bindings.get(pair);
      if (command !== undefined && !inert(pair)) return command;
    }
    if (this.#firsts.has(key) && !inert(key)) {
      this.#pending = { stroke: key, at: now };
      return null;
    }
    const command = this.#bindings.get(key);
    if (command === undefined || inert(key)) return null;
    // Arrows, Enter and Escape belong to the field while typing.
    return options.typing && !key.startsWith("Mod+") ? null : command;
  }
}

/** What every key does; the help (`?`) and the palette show the same table. */
export const BINDINGS = {
  "signals.next": ["j", "ArrowDown"],
  "signals.previous": ["k", "ArrowUp"],
  "signals.open": ["Enter"],
  "signal.replay": ["r"],
  "signal.edit": ["e"],
  "signal.copy": ["y"],
  "signal.curl": ["c"],
  "signals.mark": ["x"],
  "signals.replay": ["R"],
  "signals.newest": ["t"],
  "webhook.create": ["n"],
  "strategy.undo": ["Mod+z"],
  "strategy.redo": ["Mod+y", "Mod+Shift+z"],
  "strategy.save": ["Mod+s"],
  search: ["/"],
  "go.signals": ["g s"],
  "go.webhooks": ["g w"],
  "go.account": ["g a"],
  "go.pipelines": ["g p"],
  "go.market": ["g m"],
  "go.tunnel": ["g t"],
  "go.settings": ["g ,"],
  palette: ["Mod+k"],
  "pause.all": ["Mod+."],
  quit: ["Mod+q"],
  help: ["?"],
  back: ["Escape"],
} as const satisfies Record<string, readonly Stroke[]>;

export type CommandId = keyof typeof BINDINGS;
