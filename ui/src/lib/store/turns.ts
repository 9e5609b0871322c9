// Reads that are asked for more often than they can be answered.

/** Runs one at a time; whatever is asked for meanwhile is one more run afterwards, however often it was asked for. */
export class Turns {
  readonly #run: () => Promise<void>;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  /** The answer is there when a run that began after this call is over. */
  ask(): Promise<void> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#start();
    this.#next = this.#running.then(() => {
      this.#next = null;
      return this.#start();
    });
    return this.#next;
  }

  #start(): Promise<void> {
    const running = this.#run().finally(() => (this.#running = null));
    this.#running = running;
    return running;
  }
}
