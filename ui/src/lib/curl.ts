// A signal as a curl command. The token is not known to the page: its place is left for the user.

/** Single quotes for a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function curlCommand(url: string, body: string, contentType: string | null): string {
  return [
    `curl -X POST ${shellQuote(url)}`,
    `  -H ${shellQuote(`Content-Type: ${contentType ?? "application/json"}`)}`,
    `  --data-binary ${shellQuote(body)}`,
  ].join(" \\\n");
}
