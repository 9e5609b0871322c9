// What can be done from the keyboard right now. Views offer their commands while they are shown.
import { untrack } from "svelte";
import type { CommandId } from "@/lib/keymap";

export interface Command {
  id: CommandId | `extra.${string}`;
  title: string;
  group: "Go to" | "Signal" | "Webhook" | "Strategy" | "Everything" | "Look";
  run: () => void;
}

class CommandStore {
  #offered = $state.raw<readonly Command[]>([]);

  get all(): readonly Command[] {
    return this.#offered;
  }

  /** Offers commands; the answer takes them back. A later offer of the same id wins. */
  offer(commands: readonly Command[]): () => void {
    // Offered from effects, which must not depend on what others offer.
    this.#offered = [...untrack(() => this.#offered), ...commands];
    return () => {
      this.#offered = untrack(() => this.#offered).filter((command) => !commands.includes(command));
    };
  }

  /** Runs a command; false when nobody offers it. */
  run(id: string): boolean {
    const command = this.#offered.findLast((offered) => offered.id === id);
    command?.run();
    return command !== undefined;
  }
}

export const commands = new CommandStore();
