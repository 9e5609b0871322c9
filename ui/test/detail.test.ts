import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import Detail from "@/components/signal/Detail.svelte";
import { PageDesk, refusal } from "@/dev/desk";
import { detailOf } from "@/dev/sample";
import { commands } from "@/lib/store/commands.svelte";
import { desk as machine } from "@/lib/store/desk.svelte";

let desk: PageDesk;
const opened = vi.fn<(id: string) => void>();

beforeEach(() => {
  desk = new PageDesk("full").install();
  opened.mockReset();
});

async function shown(status: string) {
  const row = desk.rows.find((one) => one.status === status)!;
  render(Detail, { id: row.id, onopen: opened });
  await screen.findByTestId("detail-title");
  return row;
}

const replays = () => desk.calls.filter(({ method }) => method === "signals.replay");

test("an executed signal is replayed after a question only", async () => {
  const row = await shown("executed");
  commands.run("signal.replay");
  const yes = await screen.findByTestId("confirm-yes");
  expect(screen.getByTestId("confirm").textContent).toContain("a second time");
  expect(replays()).toHaveLength(0);
  await fireEvent.click(yes);
  await waitFor(() => expect(replays().map(({ params }) => params)).toEqual([{ ids: [row.id] }]));
});

test("a rejected signal is replayed at once", async () => {
  const row = await shown("rejected");
  commands.run("signal.replay");
  await waitFor(() => expect(replays().map(({ params }) => params)).toEqual([{ ids: [row.id] }]));
  expect(screen.queryByTestId("confirm-yes")).toBeNull();
});

test("pressing the key five times replays once", async () => {
  let release: () => void = () => undefined;
  desk.answers["signals.replay"] = () =>
    new Promise((resolve) => (release = () => resolve({ signals: [], next: null })));
  await shown("failed");
  for (let times = 0; times < 5; times += 1) commands.run("signal.replay");
  await waitFor(() => expect(replays()).toHaveLength(1));
  expect(screen.getByTestId<HTMLButtonElement>("replay").disabled).toBe(true);
  release();
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("replay").disabled).toBe(false));
  expect(replays()).toHaveLength(1);
});

test("what was refused before authentication can be edited only", async () => {
  desk.answers["signals.show"] = () => ({ ...detailOf(desk.rows[1]!), replayable: false });
  await shown("rejected");
  expect(screen.getByTestId<HTMLButtonElement>("replay").disabled).toBe(true);
  commands.run("signal.replay");
  expect(replays()).toHaveLength(0);
  await fireEvent.click(screen.getByTestId("edit-replay"));
  expect((await screen.findByTestId("editor-replay")).textContent.trim()).toBe("Send as test");
});

test("why comes first: the code, its sentence and its fix", async () => {
  const row = await shown("rejected");
  const why = screen.getByTestId("why").textContent;
  expect(why).toContain(row.reason_code);
  expect(why).toContain(row.reason);
  expect(why).toContain(row.fix);
});

test("a hostile signal is text everywhere", async () => {
  const hostile = '<img src=x onerror="alert(1)">\u202e';
  desk.answers["signals.show"] = () => ({
    ...detailOf(desk.rows[1]!, `{"comment":"${hostile}"}`),
    action: hostile,
    reason: hostile,
    webhook_name: hostile,
    repairs: [hostile],
    headers: { [hostile]: hostile },
    details: { field: hostile },
    config: { name: hostile },
  });
  const row = desk.rows[1]!;
  const { container } = render(Detail, { id: row.id, onopen: opened });
  await screen.findByTestId("detail-title");
  expect(container.querySelector("img")).toBeNull();
  expect(container.textContent).toContain("onerror");
  expect(container.textContent).not.toContain("\u202e");
});

test("a dry run says what would happen and trades nothing", async () => {
  const row = await shown("rejected");
  await fireEvent.click(screen.getByTestId("dry-run"));
  expect((await screen.findByTestId("trial")).textContent).toContain("Executed");
  expect(replays().map(({ params }) => params)).toEqual([{ ids: [row.id], dry_run: true }]);
});

test("an edited message that cannot be read is pointed at", async () => {
  desk.answers["signals.replay"] = () => {
    throw { ...refusal("MALFORMED_JSON", "The message is not valid JSON."), line: 2, column: 7 };
  };
  await shown("rejected");
  await fireEvent.click(screen.getByTestId("edit-replay"));
  await fireEvent.input(await screen.findByTestId("editor-body"), { target: { value: "{" } });
  await fireEvent.click(screen.getByTestId("editor-replay"));
  expect((await screen.findByTestId("editor-problem")).textContent).toContain("line 2, column 7");
  expect(opened).not.toHaveBeenCalled();
});

test("original and replays lead to one another", async () => {
  const replay = desk.rows.find((row) => row.replayed)!;
  render(Detail, { id: replay.id, onopen: opened });
  await fireEvent.click(await screen.findByTestId("replay-of"));
  expect(opened).toHaveBeenCalledWith(replay.replay_of);
});

test("a decision that comes later is shown when it comes", async () => {
  await machine.connect();
  const row = await shown("received");
  expect(screen.getByTestId("signal-status").dataset.status).toBe("received");
  row.status = "executed";
  desk.push({ signals: [row] });
  await waitFor(() => expect(screen.getByTestId("signal-status").dataset.status).toBe("executed"));
});
