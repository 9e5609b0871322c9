// The search box: words, and `status:` and `webhook:` to narrow.

export const STATUSES = ["received", "executed", "rejected", "failed", "replayed"] as const;
export type StatusWord = (typeof STATUSES)[number];

export interface Search {
  status: StatusWord[];
  webhook: string | null;
  words: string;
  /** What could not be understood, as a sentence. */
  problem: string | null;
}

const PART = /(\w+):("[^"]*"|\S*)|"[^"]*"|\S+/g;
/** The word for a webhook: its name, or its id where a quote in the name would end it or others have the same name. */
export function webhookWord(webhook: { id: string; name: string }, all: readonly { name: string }[]): string {
  const name = webhook.name.toLowerCase();
  const namesakes = all.filter((other) => other.name.toLowerCase() === name);
  return name.includes('"') || namesakes.length > 1 ? webhook.id : webhook.name;
}

export function readSearch(text: string): Search {
  const search: Search = { status: [], webhook: null, words: "", problem: null };
  const words: string[] = [];
  for (const [whole, key, value] of text.matchAll(PART)) {
    const named = value?.replace(/^"|"$/g, "") ?? "";
    if (key === "status") {
      for (const word of named.split(",").filter(Boolean)) {
        const known = STATUSES.find((status) => status === word.toLowerCase());
        if (known) search.status.push(known);
        else search.problem = `There is no status ${word}. There are ${STATUSES.join(", ")}.`;
      }
    } else if (key === "webhook") search.webhook = named === "" ? null : named;
    else {
      words.push(whole);
      search.problem ??= notUnderstood(whole, key, named);
    }
  }
  search.words = words.join(" ");
  return search;
}

/** What other histories narrow by. Not every word before a colon is a field: BINANCE:BTCUSDT is a symbol. */
const FIELDS_ELSEWHERE = [
  "action",
  "age",
  "body",
  "has",
  "header",
  "id",
  "is",
  "latency",
  "side",
  "source",
  "symbol",
  "tag",
];

/** What looks like more than a word, and is searched for as one. */
function notUnderstood(whole: string, key: string | undefined, value: string): string | null {
  if (key !== undefined && value !== "" && FIELDS_ELSEWHERE.includes(key)) {
    return `There is no ${key}: to narrow by; there are status: and webhook:.`;
  }
  if (/^-[A-Za-z]/.test(whole)) return "Words cannot be left out; this finds them.";
  return /^[\w.]+[<>]=?/.test(whole) ? "Only words are searched for; nothing is compared." : null;
}

export function writeSearch(search: Pick<Search, "status" | "webhook" | "words">): string {
  const parts: string[] = [];
  if (search.status.length > 0) parts.push(`status:${search.status.join(",")}`);
  if (search.webhook !== null) {
    parts.push(`webhook:${/\s/.test(search.webhook) ? `"${search.webhook}"` : search.webhook}`);
  }
  if (search.words !== "") parts.push(search.words);
  return parts.join(" ");
}
