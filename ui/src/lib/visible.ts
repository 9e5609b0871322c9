// Payloads are text of unknown origin. Svelte writes it as text nodes; this makes the characters that act on
// their surroundings (direction overrides, controls, zero-width marks) visible instead.

/* eslint-disable no-control-regex -- control characters are what is looked for */
const ACTING =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The text with every acting character spelled out, such as ⟨U+202E⟩. */
export function visible(text: string): string {
  return text.replace(ACTING, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `\u27e8U+${code}\u27e9`;
  });
}

/** As `visible`, on one line and cut to a length. */
export function oneLine(text: string, max = 120): string {
  const line = visible(text.slice(0, max + 1).replace(/\s+/g, " "));
  return line.length > max ? `${line.slice(0, max)}…` : line;
}
