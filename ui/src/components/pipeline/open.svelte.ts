// The strategy in the editor. With changes it stays open while another pane is shown.
import type { Draft } from "@/components/pipeline/draft.svelte";

/** A saved strategy, or one that is not saved yet. */
export interface Open {
  id: string | null;
  draft: Draft;
  revision: number | null;
}

class Editing {
  open = $state.raw<Open | null>(null);

  /** Whether the editor has what nothing else has. */
  get unsaved(): boolean {
    return this.open !== null && this.open.draft.changed && this.open.draft.canUndo;
  }
}

export const editing = new Editing();
