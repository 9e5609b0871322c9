import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import App from "@/App.svelte";
import { PageDesk } from "@/dev/desk";

test("the first run leads from a webhook to the first row", async () => {
  const desk = new PageDesk("empty").install();
  render(App);
  const guide = await screen.findByTestId("guide");
  expect(guide.querySelectorAll('[data-done="true"]')).toHaveLength(0);
  await fireEvent.click(within(guide).getByTestId("guide-action"));
  await fireEvent.input(await screen.findByTestId("webhook-name", {}, { timeout: 5_000 }), {
    target: { value: "First" },
  });
  await fireEvent.click(screen.getByTestId("webhook-save"));
  await fireEvent.click(await screen.findByTestId("close-token"));
  await waitFor(() =>
    expect(screen.getByTestId("guide").querySelectorAll('[data-done="true"]')).toHaveLength(1),
  );
  await fireEvent.click(screen.getByTestId("guide-action"));
  await waitFor(() => expect(desk.rows).toHaveLength(1));
  await waitFor(() => expect(screen.getByTestId("detail-title").textContent).toContain("BTCUSDT"));
});
