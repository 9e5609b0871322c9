// A strategy being edited: what it is now, every step back, and what is chosen in it.
import type { Strategy } from "@/components/pipeline/file";
import { NOTHING, writeFile } from "@/components/pipeline/file";
import { type Problems, problemsOf } from "@/components/pipeline/problems";
import {
  childrenOf,
  type Condition,
  copied,
  find,
  insert,
  type Leaf,
  move,
  parentOf,
  remove,
  replace,
  shift,
  unwrap,
  wrap,
} from "@/components/pipeline/tree";

/** The most steps that can be taken back. */
const STEPS_MAX = 200;

export class Draft {
  #now = $state.raw<Strategy>(NOTHING);
  #past = $state.raw<readonly Strategy[]>([]);
  #future = $state.raw<readonly Strategy[]>([]);
  #saved = $state.raw("");
  /** What typing went into last: more of it is the same step. */
  #field: string | null = null;
  /** The condition that is looked at. */
  chosen = $state<string | null>(null);

  readonly problems: Problems = $derived(problemsOf(this.#now));
  readonly changed: boolean = $derived(writeFile(this.#now) !== this.#saved);
  readonly selected: Condition | null = $derived(
    this.chosen === null ? null : find(this.#now.when, this.chosen),
  );

  /** `isNew`: nothing of it is saved yet. */
  constructor(strategy: Strategy, isNew: boolean) {
    this.#now = strategy;
    this.#saved = isNew ? "" : writeFile(strategy);
  }

  get strategy(): Strategy {
    return this.#now;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** What it is now has been saved. */
  kept(): void {
    this.#saved = writeFile(this.#now);
    this.#field = null;
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.#now, ...this.#future];
    this.#now = before;
    this.#field = null;
  }

  redo(): void {
    const [next, ...later] = this.#future;
    if (!next) return;
    this.#past = [...this.#past, this.#now];
    this.#future = later;
    this.#now = next;
    this.#field = null;
  }

  /** One step; `field` names what is typed into, so that a word is one step and not one a letter. */
  change(strategy: Strategy, field: string | null = null): void {
    if (strategy === this.#now) return;
    if (field === null || field !== this.#field) {
      this.#past = [...this.#past, this.#now].slice(-STEPS_MAX);
    }
    this.#future = [];
    this.#field = field;
    this.#now = strategy;
  }

  set(part: Partial<Omit<Strategy, "when">>, field: string | null = null): void {
    this.change({ ...this.#now, ...part }, field);
  }

  edit(id: string, part: Partial<Omit<Leaf, "kind" | "id">>): void {
    const node = find(this.#now.when, id);
    if (node?.kind !== "leaf") return;
    this.#tree(replace(this.#now.when, id, { ...node, ...part }), `${id}.${Object.keys(part).join()}`);
  }

  setKind(id: string, kind: "all" | "any"): void {
    const node = find(this.#now.when, id);
    if (!node || node.kind === "leaf" || node.kind === "not") return;
    this.#tree(replace(this.#now.when, id, { ...node, kind }));
  }

  /** Into what is chosen, beside it where it is a condition, else at the end of the whole. */
  add(node: Condition, into: string | null = this.chosen): void {
    const root = this.#now.when;
    this.#tree(insert(root, into !== null && find(root, into) ? into : root.id, node));
    this.chosen = node.id;
  }

  duplicate(id: string): void {
    const node = find(this.#now.when, id);
    const parent = parentOf(this.#now.when, id);
    if (!node) return;
    const twin = copied(node);
    const place = parent ? childrenOf(parent).findIndex((child) => child.id === id) + 1 : undefined;
    this.#tree(insert(this.#now.when, parent?.id ?? id, twin, place));
    this.chosen = twin.id;
  }

  remove(id: string): void {
    const parent = parentOf(this.#now.when, id);
    const beside = parent ? childrenOf(parent) : [];
    const place = beside.findIndex((child) => child.id === id);
    this.#tree(remove(this.#now.when, id));
    this.chosen = (beside[place + 1] ?? beside[place - 1] ?? parent)?.id ?? this.#now.when.id;
  }

  move(id: string, into: string): void {
    this.#tree(move(this.#now.when, id, into));
  }

  shift(id: string, by: -1 | 1): void {
    this.#tree(shift(this.#now.when, id, by));
  }

  wrap(id: string, kind: "all" | "any" | "not"): void {
    this.#tree(wrap(this.#now.when, id, kind));
    this.chosen = parentOf(this.#now.when, id)?.id ?? id;
  }

  unwrap(id: string): void {
    const inner = find(this.#now.when, id);
    this.#tree(unwrap(this.#now.when, id));
    if (inner && !find(this.#now.when, id)) this.chosen = childrenOf(inner)[0]?.id ?? this.#now.when.id;
  }

  #tree(when: Condition | null, field: string | null = null): void {
    if (when && when !== this.#now.when) this.change({ ...this.#now, when }, field);
  }
}
