import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test } from "vitest";
import type { SignalRow, TunnelGap } from "@/bindings";
import App from "@/App.svelte";
import { withGaps } from "@/components/signal/gaps";
import { PageDesk, refusal } from "@/dev/desk";
import { NOW } from "@/dev/sample";
import { sampleTimeline, sampleTunnel, type TunnelScene } from "@/dev/tunnel";
import { desk as machine } from "@/lib/store/desk.svelte";
import { navigation } from "@/lib/store/navigation.svelte";
import { tunnel } from "@/lib/store/tunnel.svelte";
import { gapWords, lossWords, stateLook } from "@/lib/tunnel";
import Tunnel from "@/views/Tunnel.svelte";

let desk: PageDesk;

beforeEach(() => {
  desk = new PageDesk("full").install();
  machine.now = NOW;
  navigation.go("signals");
});

async function shown(scene: TunnelScene) {
  desk.tunnel = scene;
  await tunnel.load();
  render(Tunnel);
}

test("every state has its word, its meaning and its way out", async () => {
  const check = async (scene: TunnelScene, state: string, reason: string | null) => {
    await shown(scene);
    expect(screen.getByTestId("tunnel-state").dataset.state).toBe(state);
    expect(
      screen
        .queryByTestId("tunnel-reason")
        ?.textContent.replace(/\s+/g, " ")
        .includes(reason ?? ""),
    ).toBe(reason === null ? undefined : true);
    document.body.replaceChildren();
  };
  await check("online", "online", null);
  await check("off", "off", "There is no authtoken of ngrok.");
  await check("down", "reconnecting", "6 attempts so far; the next in 18 s.");
  await check("failed", "failed", "ERR_NGROK_107");
});

test("an address of one's own is not called online before something came through it", () => {
  const last_test = sampleTunnel("online").last_test;
  expect(last_test).not.toBeNull();
  const word = (mode: string, last: typeof last_test) =>
    stateLook("online", { ...sampleTunnel("online"), mode, last_test: last }).word;
  expect(word("own-url", null)).toBe("not checked");
  // A test of the time before says nothing of now.
  expect(word("own-url", { ...last_test!, at: "2001-01-01T00:00:00Z" })).toBe("not checked");
  expect(word("own-url", { ...last_test!, ok: false })).toBe("not answering");
  expect(word("own-url", last_test)).toBe("online");
  expect(word("ngrok", null)).toBe("online");
});

test("an authtoken goes to the keychain and leaves the page", async () => {
  await shown("off");
  const input = await screen.findByTestId<HTMLInputElement>("token-input");
  expect(input.type).toBe("password");
  await fireEvent.input(input, { target: { value: " 2abc_secret " } });
  await fireEvent.click(screen.getByTestId("set-token"));
  await waitFor(() => expect(screen.getByTestId("token-hint").textContent).toBe("…q9f4"));
  expect(desk.calls.find(({ method }) => method === "tunnel.set_token")?.params).toEqual({
    token: "2abc_secret",
  });
  expect(document.body.innerHTML).not.toContain("2abc_secret");
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("token-input").value).toBe(""));

  await fireEvent.click(screen.getByTestId("clear-token"));
  await fireEvent.click(await screen.findByTestId("confirm-yes"));
  await waitFor(() => expect(screen.queryByTestId("token-hint")).toBeNull());
});

test("a refused authtoken is said at its field, and kept there to be mended", async () => {
  desk.answers["tunnel.set_token"] = () => {
    throw refusal("INVALID_FIELD", "This is no authtoken: it has blanks.", "token");
  };
  await shown("off");
  await fireEvent.input(await screen.findByTestId("token-input"), { target: { value: "a b" } });
  await fireEvent.click(screen.getByTestId("set-token"));
  expect(await screen.findByText("This is no authtoken: it has blanks.")).toBeTruthy();
  expect(screen.getByTestId<HTMLInputElement>("token-input").value).toBe("a b");
});

test("without a keychain there is no field to put a token into", async () => {
  const status = sampleTunnel("off");
  desk.answers["tunnel.status"] = () => ({ ...status, token: { ...status.token, can_be_kept: false } });
  await shown("off");
  expect((await screen.findByTestId("tunnel-token")).textContent).toContain("NGROK_AUTHTOKEN");
  expect(screen.queryByTestId("token-input")).toBeNull();
});

test("the self-test names the broken hop and how to mend it", async () => {
  await shown("down");
  const hops = screen.getAllByTestId("hop").map(({ dataset }) => dataset.outcome);
  expect(hops).toEqual(["ok", "failed", "not_reached", "not_reached", "not_reached"]);
  const broken = screen.getByTestId("broken-hop").textContent;
  expect(broken).toContain("Edge");
  expect(broken).toContain("Press Try now");
  await fireEvent.click(screen.getByTestId("run-test"));
  await waitFor(() => expect(screen.queryByTestId("broken-hop")).toBeNull());
});

test("a way that was followed in part only is not called whole", async () => {
  const status = sampleTunnel("online");
  const test = status.last_test!;
  const hops = test.hops.map((hop) =>
    hop.name === "token" || hop.name === "queue"
      ? { ...hop, outcome: "not_reached" as const, finding: "There is no webhook to try." }
      : hop,
  );
  desk.answers["tunnel.status"] = () => ({ ...status, last_test: { ...test, hops } });
  await shown("online");
  const words = screen.getByTestId("untried-hop").textContent.replace(/\s+/g, " ").trim();
  expect(words).toMatch(/^It works as far as it could be followed.*\. Token: There is no webhook to try\.$/);
  expect(screen.getByTestId("self-test").textContent).not.toContain("The whole way works");
});

test("no second probe is asked for within five minutes", async () => {
  const status = sampleTunnel("online");
  const next_at = new Date(NOW + 200_000).toISOString();
  desk.answers["tunnel.status"] = () => ({ ...status, last_test: { ...status.last_test!, next_at } });
  await shown("online");
  const button = screen.getByTestId<HTMLButtonElement>("run-test");
  expect([button.disabled, button.textContent.trim()]).toEqual([true, "Again in 3 min"]);
});

test("settings are kept by their keys", async () => {
  await shown("own");
  await fireEvent.click(await screen.findByTestId("prevent-sleep"));
  const port = await screen.findByTestId("tunnel-port");
  await fireEvent.input(port, { target: { value: "9000" } });
  await fireEvent.blur(port);
  await fireEvent.click(screen.getByTestId("tunnel-mode-off"));
  await waitFor(() =>
    expect(desk.calls.filter(({ method }) => method === "settings.set").map(({ params }) => params)).toEqual([
      { key: "tunnel.prevent_sleep", value: "off" },
      { key: "tunnel.listen_port", value: "9000" },
      { key: "tunnel.mode", value: "off" },
    ]),
  );
  expect(screen.getByTestId("recipes").textContent).toContain("reverse_proxy 127.0.0.1:8788");
});

test("a gap says when, how long, and what may have been lost", () => {
  const [open, past] = sampleTimeline("down").gaps as [TunnelGap, TunnelGap];
  expect(gapWords(past, "utc", NOW)).toBe("Tunnel down 14:02 to 14:09 (7 min): alerts sent then were lost");
  expect(gapWords(open, "utc", NOW)).toBe("Tunnel down since 14:28 (3 min): alerts sent now are lost");
  expect(gapWords(past, "utc", NOW + 86_400_000)).toBe(
    "Tunnel down 11-20 14:02 to 14:09 (7 min): alerts sent then were lost",
  );
  expect(lossWords(past)).toBe(
    "By the week before, alerts due in that time: BTC RSI about 3.1, ES long about 0.9.",
  );
  expect(lossWords({ ...past, webhooks: [] })).toContain("no alert was due");
});

test("gaps stand among the signals where their time is", () => {
  const rows = ["05", "03", "01"].map((at) => ({ id: at, received_at: at })) as SignalRow[];
  const gap = (from: string) => ({ from }) as TunnelGap;
  const check = (gaps: string[], ended: boolean, expected: string[]) =>
    expect(withGaps(rows, gaps.map(gap), ended).map(({ key }) => key)).toEqual(expected);
  check([], true, ["05", "03", "01"]);
  check(["04"], false, ["05", "gap 04", "03", "01"]);
  check(["06"], false, ["gap 06", "05", "03", "01"]);
  check(["02", "04"], false, ["05", "gap 04", "03", "gap 02", "01"]);
  check(["00"], false, ["05", "03", "01"]);
  check(["00"], true, ["05", "03", "01", "gap 00"]);
  expect(withGaps([], [gap("00")], true)).toEqual([]);
});

test("the header tells where the tunnel stands, and the history what is missing", async () => {
  desk.tunnel = "down";
  render(App);
  await fireEvent.click(await screen.findByTestId("history-gap").then((row) => row.querySelector("button")!));
  expect(navigation.pane).toBe("tunnel");
  expect((await screen.findByTestId("tunnel-pill")).textContent).toContain("Tunnel reconnecting");
  expect(screen.queryByTestId("copy-address")).toBeNull();

  desk.tunnel = "online";
  desk.push({ tunnel: sampleTunnel("online"), status: desk.status() });
  await fireEvent.click(await screen.findByTestId("copy-address"));
  await waitFor(() => expect(desk.clipboard.text).toBe("https://calm-otter.ngrok-free.app"));
});

test("a changed address lists every webhook with its old and new URL until it is done", async () => {
  desk.tunnel = "moved";
  render(App);
  await fireEvent.click(await screen.findByTestId("moved-list"));
  const moved = screen.getAllByTestId("moved-webhook");
  expect(moved).toHaveLength(2);
  expect(moved[0]!.textContent).toContain("brave-lynx");
  expect(moved[0]!.textContent).toContain("calm-otter");
  await fireEvent.click(moved[1]!.querySelector("button")!);
  await waitFor(() =>
    expect(desk.calls.at(-1)).toEqual({
      method: "webhooks.copy",
      params: { id: "wh_c4xzt6yhq3ne", kind: "url" },
    }),
  );
  await fireEvent.click(screen.getByTestId("moved-done"));
  await waitFor(() => expect(screen.queryByTestId("address-changed")).toBeNull());
});

test("a tunnel that cannot be read says why and is tried again", async () => {
  tunnel.phase = "loading";
  tunnel.status = null;
  desk.answers["tunnel.status"] = () => {
    throw refusal("STORAGE_UNAVAILABLE", "The disk is full.");
  };
  await shown("online");
  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full.");
  delete desk.answers["tunnel.status"];
  await fireEvent.click(screen.getByText("Try again"));
  expect((await screen.findByTestId("tunnel-state")).dataset.state).toBe("online");
});
