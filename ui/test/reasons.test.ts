import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import App from "@/App.svelte";
import { PageDesk, refusal } from "@/dev/desk";
import { navigation } from "@/lib/store/navigation.svelte";

test("a code of a signal leads to its meaning, and from there to all of them", async () => {
  const desk = new PageDesk("full").install();
  navigation.signalId = desk.rows[1]!.id;
  render(App);
  await fireEvent.click(await screen.findByTestId("reason-code"));
  await waitFor(() => expect(screen.getAllByTestId("reason-entry")).toHaveLength(1));
  expect(screen.getByTestId("reason-entry").textContent).toContain("There is no position to exit.");
  await fireEvent.input(screen.getByTestId("reason-search"), { target: { value: "pause" } });
  expect(screen.getByTestId("reason-entry").textContent).toContain("KILL_SWITCH_ACTIVE");
  await fireEvent.input(screen.getByTestId("reason-search"), { target: { value: "zzz" } });
  await fireEvent.click(screen.getByText("Show all"));
  expect(screen.getAllByTestId("reason-entry").length).toBeGreaterThan(3);
  navigation.overlay = null;
  navigation.reason = null;
  navigation.signalId = null;
});

test("reasons that cannot be read are tried again", async () => {
  const desk = new PageDesk("full").install();
  desk.answers.reasons = () => {
    throw refusal("STORAGE_UNAVAILABLE", "The disk is full.");
  };
  const { default: Reasons } = await import("@/components/frame/Reasons.svelte");
  render(Reasons, { open: true });
  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full.");
  delete desk.answers.reasons;
  await fireEvent.click(screen.getByText("Try again"));
  expect((await screen.findAllByTestId("reason-entry")).length).toBeGreaterThan(3);
});
