import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test } from "vitest";
import { PageDesk, refusal } from "@/dev/desk";
import { accounts } from "@/lib/store/accounts.svelte";
import { desk as machine } from "@/lib/store/desk.svelte";
import { webhooks } from "@/lib/store/webhooks.svelte";
import Webhooks from "@/views/Webhooks.svelte";

let desk: PageDesk;

beforeEach(async () => {
  desk = new PageDesk("full").install();
  await Promise.all([webhooks.load(), accounts.load(), machine.refresh()]);
});

async function created(name = "NQ breakout") {
  render(Webhooks);
  await fireEvent.click(await screen.findByTestId("create-webhook"));
  await fireEvent.input(await screen.findByTestId("webhook-name"), { target: { value: name } });
  await fireEvent.click(screen.getByTestId("webhook-save"));
}

test("the token is shown once, and left by its own button only", async () => {
  await created();
  const token = await screen.findByTestId("token-value");
  expect(token.textContent).toMatch(/^pw_/);
  expect(screen.getByTestId("token-url").textContent).toContain(token.textContent);

  await fireEvent.keyDown(document, { key: "Escape" });
  const veil = document.querySelector("[data-dialog-overlay]");
  expect(veil).not.toBeNull();
  await fireEvent.pointerDown(veil!);
  await fireEvent.pointerUp(veil!);
  await fireEvent.click(veil!);
  expect(screen.getByTestId("token-value")).toBe(token);
  expect(screen.queryByLabelText("Close")).toBeNull();

  const text = token.textContent;
  await fireEvent.click(screen.getByTestId("close-token"));
  await waitFor(() => expect(screen.queryByTestId("token-value")).toBeNull());
  expect(document.body.textContent).not.toContain(text);
  expect(JSON.stringify(webhooks.list)).not.toContain(text);
});

test("what is shown once is copied whole, and as a secret", async () => {
  await created();
  await screen.findByTestId("token-dialog");
  for (const mark of ["token-url", "token-value", "token-secret"]) {
    await fireEvent.click(screen.getByTestId(`copy-${mark}`));
    const text = screen.getByTestId(mark).textContent;
    await waitFor(() => expect(desk.clipboard).toEqual({ text, secret: true }));
  }
});

test("what the keychain means for Copy URL is said at once", async () => {
  const check = async (sealed: boolean, expected: string) => {
    desk = new PageDesk("full").install();
    for (const webhook of desk.webhooks) webhook.token_sealed = sealed;
    render(Webhooks);
    await fireEvent.click((await screen.findAllByTestId("rotate-webhook"))[0]!);
    await fireEvent.input(await screen.findByTestId("confirm-name"), { target: { value: "ES long" } });
    await fireEvent.click(screen.getByTestId("confirm-yes"));
    expect((await screen.findByTestId("token-notice")).textContent).toContain(expected);
    await fireEvent.click(screen.getByTestId("close-token"));
    document.body.replaceChildren();
  };
  await check(true, "sealed in this computer's keychain");
  await check(false, "There is no keychain");
});

test("an empty name is refused before it is sent", async () => {
  await created("");
  expect(await screen.findByText("Give it a name.")).toBeTruthy();
  expect(desk.calls.map(({ method }) => method)).not.toContain("webhooks.create");
});

test("what Rust refuses is shown at its field", async () => {
  await created("ES long");
  expect(await screen.findByText("There is a webhook ES long already.")).toBeTruthy();
  expect(screen.getByTestId("webhook-name").getAttribute("aria-invalid")).toBe("true");
});

test("a refusal without a field is shown in the form", async () => {
  desk.answers["webhooks.create"] = () => {
    throw refusal("WEBHOOK_LIMIT", "5 webhooks are in use.");
  };
  await created();
  expect((await screen.findByTestId("form-problem")).textContent).toBe("5 webhooks are in use.");
});

test("deleting asks for the name and says what goes", async () => {
  render(Webhooks);
  await fireEvent.click((await screen.findAllByTestId("delete-webhook"))[0]!);
  const yes = await screen.findByTestId<HTMLButtonElement>("confirm-yes");
  expect(screen.getByTestId("confirm").textContent.replace(/\s+/g, " ")).toContain(
    "4,120 signals are deleted",
  );
  expect(yes.disabled).toBe(true);
  await fireEvent.input(screen.getByTestId("confirm-name"), { target: { value: "es long" } });
  expect(yes.disabled).toBe(true);
  await fireEvent.input(screen.getByTestId("confirm-name"), { target: { value: " ES  long" } });
  expect(yes.disabled, "a page shows two spaces as one").toBe(false);
  await fireEvent.click(yes);
  await waitFor(() => expect(webhooks.list.map(({ name }) => name)).toEqual(["BTC RSI", "Scanner"]));
});
