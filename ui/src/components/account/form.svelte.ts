// The state of a form over settings: texts, what is wrong with them, what Rust refused.
import {
  changesOf,
  problemsOf,
  type Setting,
  type Settings,
  type Values,
  valuesOf,
  written,
} from "@/components/account/settings";
import { failure } from "@/lib/rpc";

type Problems = Partial<Record<string, string>>;

const focus = (form: HTMLFormElement, field: Setting): void =>
  form.querySelector<HTMLElement>(`[data-field="${field.key}"]`)?.focus();

export class SettingsForm {
  readonly fields: readonly Setting[];
  values = $state<Values>({});
  busy = $state(false);
  /** A refusal that belongs to no field. */
  refusedBecause = $state<string | null>(null);
  #sent = $state(false);
  #refused = $state.raw<Problems>({});
  readonly #before: Values;
  readonly #also: (values: Values) => Problems;
  readonly #found = $derived.by(() => ({
    ...problemsOf(this.fields, this.values),
    ...this.#also(this.values),
  }));

  /** `also` judges what depends on several fields. */
  constructor(
    fields: readonly Setting[],
    settings: Settings,
    absent: Settings = {},
    also: (values: Values) => Problems = () => ({}),
  ) {
    this.fields = fields;
    this.#also = also;
    this.#before = valuesOf(fields, settings, absent);
    this.values = { ...this.#before };
  }

  /** What of these fields differs from before. */
  changes(fields: readonly Setting[] = this.fields): Record<string, string> {
    return changesOf(fields, this.#before, this.values);
  }

  /** The value that a field will have; the one from before as long as what is written is none. */
  wanted(field: Setting): string {
    const isWrong = this.#found[field.key] !== undefined;
    return written(field, (isWrong ? this.#before : this.values)[field.key] ?? "");
  }

  /** What is wrong with a field: found here once the form was sent, or refused by Rust. */
  problem(key: string): string | null {
    return this.#refused[key] ?? (this.#sent ? (this.#found[key] ?? null) : null);
  }

  touched(): void {
    this.#refused = {};
  }

  /** Saves; true when it was taken. The first field that is wrong gets the focus. */
  async submit(form: HTMLFormElement, save: () => Promise<void>): Promise<boolean> {
    this.#sent = true;
    this.#refused = {};
    this.refusedBecause = null;
    const wrong = this.fields.find(({ key }) => this.#found[key] !== undefined);
    if (wrong) {
      focus(form, wrong);
      return false;
    }
    if (this.busy) return false;
    this.busy = true;
    try {
      await save();
      return true;
    } catch (thrown) {
      const answer = failure(thrown);
      // A symbol's settings are refused with the symbol before their name.
      const named = answer.field ?? "";
      const field = this.fields.find(({ key }) => key === named || named.endsWith(`.${key}`));
      if (field) {
        this.#refused = { [field.key]: answer.message };
        focus(form, field);
      } else this.refusedBecause = answer.message;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
