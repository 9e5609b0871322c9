// Typed calls. Callers branch on `code`, never on the sentence.
import type { RpcError, RpcSchema } from "@/bindings";
import { ask } from "@/lib/platform";

/** The code of a call that nobody answered: the desk is gone, or this page runs outside of Pitwire. */
export const UNREACHABLE = "UNREACHABLE";

export class RpcFailure extends Error {
  readonly code: string;
  readonly field: string | null;
  readonly line: number | null;
  readonly column: number | null;

  constructor(error: RpcError) {
    super(error.error);
    this.name = "RpcFailure";
    this.code = error.code;
    this.field = error.field ?? null;
    this.line = error.line ?? null;
    this.column = error.column ?? null;
  }
}

export async function rpc<K extends keyof RpcSchema>(
  method: K,
  params: RpcSchema[K]["params"],
): Promise<RpcSchema[K]["result"]> {
  try {
    return (await ask(method, params)) as RpcSchema[K]["result"];
  } catch (thrown) {
    throw failure(thrown);
  }
}

/** As `rpc`, but given up after a while: for calls that must answer at once or mean that nobody is there. */
export async function rpcWithin<K extends keyof RpcSchema>(
  milliseconds: number,
  method: K,
  params: RpcSchema[K]["params"],
): Promise<RpcSchema[K]["result"]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(failure(`no answer within ${Math.round(milliseconds / 1000)} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([rpc(method, params), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whatever was thrown, as a failure with a code. */
export function failure(thrown: unknown): RpcFailure {
  if (thrown instanceof RpcFailure) return thrown;
  if (isRpcError(thrown)) return new RpcFailure(thrown);
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  return new RpcFailure({ code: UNREACHABLE, error: `Pitwire's engine does not answer (${cause}).` });
}

function isRpcError(value: unknown): value is RpcError {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "error" in value &&
    typeof value.error === "string"
  );
}
