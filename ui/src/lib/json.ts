// JSON for the eye. The text itself is tokenised and indented: parsing and writing it again would change
// numbers and drop doubled keys, which is just what a trader wants to see.

export type TokenKind = "key" | "text" | "number" | "word" | "mark" | "space";

export interface Token {
  kind: TokenKind;
  text: string;
}

const LEXEME = /\s+|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;

/** The lexemes of JSON text without its spaces, or null when it is not made of such. */
function lexemes(text: string): string[] | null {
  const found: string[] = [];
  LEXEME.lastIndex = 0;
  while (LEXEME.lastIndex < text.length) {
    const match = LEXEME.exec(text);
    if (!match) return null;
    if (match[0].trim() !== "") found.push(match[0]);
  }
  return found;
}

/** Indented tokens, or null when the text is no JSON object or array: what is broken is shown as it was sent. */
export function prettyTokens(text: string): Token[] | null {
  const found = isJson(text) ? lexemes(text) : null;
  if (!found || (found[0] !== "{" && found[0] !== "[")) return null;
  const tokens: Token[] = [];
  let depth = 0;
  const line = () => tokens.push({ kind: "space", text: `\n${"  ".repeat(Math.max(0, depth))}` });
  found.forEach((lexeme, index) => {
    const previous = found[index - 1];
    const next = found[index + 1];
    const opens = lexeme === "{" || lexeme === "[";
    const closes = lexeme === "}" || lexeme === "]";
    if (closes) {
      depth -= 1;
      if (previous !== "{" && previous !== "[") line();
    }
    tokens.push({ kind: kind(lexeme, next), text: lexeme });
    if (opens) {
      depth += 1;
      if (next !== "}" && next !== "]") line();
    } else if (lexeme === ",") line();
    else if (lexeme === ":") tokens.push({ kind: "space", text: " " });
  });
  return tokens;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function kind(lexeme: string, next: string | undefined): TokenKind {
  if (lexeme.startsWith('"')) return next === ":" ? "key" : "text";
  if (/^[-\d]/.test(lexeme)) return "number";
  return /^[tfn]/.test(lexeme) ? "word" : "mark";
}
