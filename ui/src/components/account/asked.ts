// What the account's pane asks in a dialog.
import type { Instrument, Order, Position } from "@/bindings";

/** Dialogs that need nothing but the account. */
export type AskedOfAccount =
  "deposit" | "withdraw" | "settings" | "risk" | "reset" | "archive" | "create" | "flatten";

export type Asked =
  | { kind: AskedOfAccount }
  | { kind: "close"; position: Position }
  | { kind: "cancel"; order: Order }
  | { kind: "instrument"; instrument: Instrument | null };
