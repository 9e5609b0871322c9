// The times in which the tunnel was down, in their places among the rows of the history.
import type { SignalRow, TunnelGap } from "@/bindings";

/** A line of the list: a signal or a gap. */
export type Entry = { key: string; row: SignalRow; gap: null } | { key: string; row: null; gap: TunnelGap };

/** Newest first. A gap below the last row is left out until it is known that no rows follow. */
export function withGaps(rows: readonly SignalRow[], gaps: readonly TunnelGap[], ended: boolean): Entry[] {
  const waiting = [...gaps].sort((one, other) => (one.from < other.from ? 1 : -1));
  const entries: Entry[] = [];
  const gapEntry = (gap: TunnelGap): Entry => ({ key: `gap ${gap.from}`, row: null, gap });
  for (const row of rows) {
    while (waiting[0] && row.received_at < waiting[0].from) {
      const gap = waiting.shift();
      if (gap) entries.push(gapEntry(gap));
    }
    entries.push({ key: row.id, row, gap: null });
  }
  if (ended && rows.length > 0) entries.push(...waiting.map(gapEntry));
  return entries;
}
