// One answer of the desk that is kept as new as the books: a report, the symbols, the prices of one.
import { failure, type RpcFailure } from "@/lib/rpc";
import { desk } from "@/lib/store/desk.svelte";
import { Turns } from "@/lib/store/turns";

export class Reading<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<RpcFailure | null>(null);
  again: () => void = () => undefined;

  /** Reads now and whenever the account changes, at most once in `rest` ms; the answer ends it. */
  follow(read: () => Promise<T>, rest = 0): () => void {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.value = null;
    this.problem = null;
    const turns = new Turns(async () => {
      try {
        const value = await read();
        if (ended) return;
        this.value = value;
        this.problem = null;
      } catch (thrown) {
        if (!ended) this.problem = failure(thrown);
      }
    });
    this.again = () => void turns.ask();
    this.again();
    const deaf = desk.listen((batch) => {
      if (!batch.account && !batch.overflow) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void turns.ask();
      }, rest);
    });
    return () => {
      ended = true;
      clearTimeout(timer);
      deaf();
    };
  }
}
