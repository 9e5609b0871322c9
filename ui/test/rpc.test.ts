import { mockIPC } from "@tauri-apps/api/mocks";
import { expect, test, vi } from "vitest";
import { refusal } from "@/dev/desk";
import { failure, rpc, rpcWithin, UNREACHABLE } from "@/lib/rpc";

test("a call carries its method and parameters", async () => {
  const heard = vi.fn((command: string, payload: unknown) => ({ command, payload }));
  mockIPC(heard);
  await rpc("webhooks.pause", { id: "wh_1" });
  expect(heard).toHaveBeenCalledWith("rpc", { method: "webhooks.pause", params: { id: "wh_1" } });
});

test("a refusal keeps its code, field and position", async () => {
  mockIPC(() => {
    throw { ...refusal("MALFORMED_JSON", "The message is not valid JSON.", "body"), line: 3, column: 14 };
  });
  const thrown = failure(await rpc("explain", { body: "{" }).catch((error: unknown) => error));
  expect(thrown).toMatchObject({
    code: "MALFORMED_JSON",
    message: "The message is not valid JSON.",
    field: "body",
    line: 3,
    column: 14,
  });
});

test("whatever else is thrown means that nobody answers", () => {
  const check = (thrown: unknown, cause: string) => {
    const problem = failure(thrown);
    expect(problem.code).toBe(UNREACHABLE);
    expect(problem.message).toContain(cause);
    expect(problem.field).toBeNull();
  };
  check(new TypeError("invoke is not a function"), "invoke is not a function");
  check("command rpc not allowed", "command rpc not allowed");
  check({ code: 7, error: "no text" }, "object");
  check(undefined, "undefined");
});

test("a call without Tauri is a failure, not a crash", async () => {
  await expect(rpc("status", {})).rejects.toMatchObject({ code: UNREACHABLE });
});

test("a call that must answer at once is given up", async () => {
  vi.useFakeTimers();
  mockIPC(() => new Promise(() => undefined));
  const answer = expect(rpcWithin(6_000, "status", {})).rejects.toMatchObject({
    code: UNREACHABLE,
    message: expect.stringContaining("no answer within 6 s") as string,
  });
  await vi.advanceTimersByTimeAsync(6_000);
  await answer;
  vi.useRealTimers();
});
