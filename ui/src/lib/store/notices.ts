// Short messages in the corner: what was done, and what could not be.
import { toast } from "svelte-sonner";
import { failure, rpc } from "@/lib/rpc";

interface Action {
  label: string;
  onClick: () => void;
}

export function done(title: string, description?: string, action?: Action): void {
  toast.success(title, { ...(description ? { description } : {}), ...(action ? { action } : {}) });
}

export function warn(title: string, description: string, action?: Action): void {
  toast.warning(title, { description, duration: 9_000, ...(action ? { action } : {}) });
}

/** Says what is on the clipboard now, and what is missing in it. */
export function told(copied: { label: string; complete: boolean }): void {
  if (copied.complete) done(`Copied: ${copied.label}`);
  else {
    warn(
      `Copied: ${copied.label}, without the token`,
      "The token is not kept here. Put it in <token>'s place, or regenerate it to get a new one.",
    );
  }
}

/** Tells of a failure; its sentence already says how to fix it. */
export function failed(title: string, thrown: unknown): void {
  const problem = failure(thrown);
  toast.error(title, { description: `${problem.message} (${problem.code})`, duration: 12_000 });
}

/** Puts a text that the page shows on the clipboard and says what it was; clipboard histories skip a secret. */
export async function copyText(text: string, what: string, secret = false): Promise<void> {
  try {
    await rpc("clipboard.write", { text, secret });
    done(`Copied: ${what}`);
  } catch (thrown) {
    failed(`${what} was not copied`, thrown);
  }
}
