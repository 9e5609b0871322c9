// The theme's colours as text, for what is drawn on a canvas and cannot use CSS variables.

const NAMES = ["text", "dim", "line", "edge", "accent", "up", "down", "warn", "paper", "info"] as const;
type Name = (typeof NAMES)[number];

/** What the lines over candles are drawn in, one after the other; direction has its own two. */
export const LINE_COLOURS = ["accent", "warn", "paper", "info", "dim"] as const satisfies readonly Name[];

export type Colours = Readonly<Record<Name, string>> & {
  /** The colour with this opacity, 0 to 1. */
  faded: (name: Name, opacity: number) => string;
};

/** Must be called while a component is set up; follows the theme and the swapped directions. */
export function themeColours(): { readonly current: Colours } {
  let current = $state.raw(read());
  $effect(() => {
    const root = document.documentElement;
    const observer = new MutationObserver(() => (current = read()));
    observer.observe(root, { attributes: true, attributeFilter: ["data-theme", "data-swap"] });
    return () => observer.disconnect();
  });
  return {
    get current() {
      return current;
    },
  };
}

function read(): Colours {
  const style = getComputedStyle(document.documentElement);
  const found = Object.fromEntries(
    NAMES.map((name) => [name, full(style.getPropertyValue(`--${name}`).trim())]),
  ) as Record<Name, string>;
  return { ...found, faded: (name, opacity) => faded(found[name], opacity) };
}

/** "#abc" as "#aabbcc"; without a theme, a grey. */
function full(colour: string): string {
  if (/^#[0-9a-f]{3}$/i.test(colour)) return colour.replace(/[0-9a-f]/gi, "$&$&");
  return colour === "" ? "#808080" : colour;
}

/** "#rrggbb" with an opacity. */
export function faded(colour: string, opacity: number): string {
  const channels = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  return `rgba(${channels.join(", ")}, ${opacity})`;
}
