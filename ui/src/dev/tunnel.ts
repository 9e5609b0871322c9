// A made-up tunnel in each of its states.
import type { Timeline, TunnelHop, TunnelReason, TunnelStatus } from "@/bindings";
import { NOW } from "@/dev/sample";

const iso = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString().replace("Z", "000Z");

export const ADDRESS = "https://calm-otter.ngrok-free.app";

const LOST: TunnelReason = {
  code: "CONNECTION_LOST",
  sentence: "The connection to ngrok was cut.",
  fix: "Nothing is to be done: it comes back by itself.",
  service_code: null,
};

const REFUSED: TunnelReason = {
  code: "TOKEN_REFUSED",
  sentence: "ngrok does not know this authtoken.",
  fix: "Copy it again from dashboard.ngrok.com and set it here.",
  service_code: "ERR_NGROK_107",
};

function hops(broken: number | null): TunnelHop[] {
  const found: [string, string][] = [
    ["internet", "This machine reaches the internet."],
    ["edge", "ngrok's edge answered for the domain."],
    ["listener", "The tunnel's listener answered."],
    ["token", "The webhook's token was taken."],
    ["queue", "The probe was committed and read back."],
  ];
  return found.map(([name, finding], index) => ({
    name,
    outcome: broken === null || index < broken ? "ok" : index === broken ? "failed" : "not_reached",
    finding: index === broken ? "The edge answered 502: the agent is not connected." : finding,
    fix: index === broken ? "Press Try now; if it stays, restart Pitwire." : null,
  }));
}

export type TunnelScene = "online" | "off" | "down" | "failed" | "moved" | "own";

export function sampleTunnel(scene: TunnelScene): TunnelStatus {
  const online: TunnelStatus = {
    mode: scene === "own" ? "own-url" : "ngrok",
    state: "online",
    reason: null,
    public_url: scene === "own" ? "https://alerts.example.com" : ADDRESS,
    domain: "calm-otter.ngrok-free.app",
    since: iso(22),
    attempts: 0,
    retry_at: null,
    elsewhere: false,
    token: { present: true, hint: "…q9f4", source: "keychain", can_be_kept: true },
    only_tradingview: false,
    quota: {
      month: "2026-11",
      requests: 12_408,
      limit: 20_000,
      expected: 18_612,
      level: "warning",
      sentence: "At this rate the month comes to 93 % of what the plan allows.",
    },
    replies: { count: 12_408, p50_us: 1_100, p99_us: 1_700, limit_us: 3_000_000 },
    last_test: {
      at: iso(9),
      by: "probe",
      ok: true,
      hops: hops(null),
      reply_us: 84_000,
      fresh: true,
      next_at: iso(4),
    },
    address_change: null,
    sleep: { wanted: true, held: true, error: null },
  };
  switch (scene) {
    case "online":
    case "own":
      return online;
    case "off":
      return {
        ...online,
        state: "off",
        reason: {
          code: "TOKEN_MISSING",
          sentence: "There is no authtoken of ngrok.",
          fix: "Set one below; a free account is enough.",
          service_code: null,
        },
        public_url: null,
        domain: null,
        token: { present: false, hint: null, source: null, can_be_kept: true },
        quota: {
          ...online.quota,
          requests: 0,
          expected: 0,
          level: "ok",
          sentence: "Nothing was counted yet.",
        },
        replies: { ...online.replies, count: 0, p50_us: null, p99_us: null },
        last_test: null,
        sleep: { wanted: false, held: false, error: null },
      };
    case "down":
      return {
        ...online,
        state: "reconnecting",
        reason: LOST,
        since: iso(3),
        attempts: 6,
        retry_at: iso(-0.3),
        last_test: { ...online.last_test!, ok: false, hops: hops(1), reply_us: null },
      };
    case "failed":
      return {
        ...online,
        state: "failed",
        reason: REFUSED,
        public_url: null,
        attempts: 2,
        retry_at: iso(-0.4),
      };
    case "moved":
      return {
        ...online,
        address_change: {
          at: iso(5),
          old_url: "https://brave-lynx.ngrok-free.app",
          new_url: ADDRESS,
          webhooks: ["ES long", "BTC RSI"].map((name, index) => ({
            id: ["wh_7k2mq4d5sa2b", "wh_c4xzt6yhq3ne"][index]!,
            name,
            old_url: `https://brave-lynx.ngrok-free.app/webhooks/tradingview/wh_7k2mq4d5sa2b/<token>`,
            new_url: `${ADDRESS}/webhooks/tradingview/wh_7k2mq4d5sa2b/<token>`,
          })),
        },
      };
  }
}

export function sampleTimeline(scene: TunnelScene): Timeline {
  if (scene === "off") return { rows: [], gaps: [], next: null };
  const row = (
    id: number,
    ago: number,
    state: Timeline["rows"][number]["state"],
    reason: TunnelReason | null,
  ) => ({
    id: String(id),
    at: iso(ago),
    state,
    reason,
    public_url: state === "online" ? ADDRESS : null,
  });
  const rows = [
    ...(scene === "down" ? [row(6, 3, "reconnecting", LOST)] : []),
    row(5, 22, "online", null),
    row(4, 29, "reconnecting", LOST),
    row(3, 1_500, "online", null),
    row(2, 1_500.2, "connecting", null),
    row(1, 1_501, "off", REFUSED),
  ];
  const loss = [
    { id: "wh_c4xzt6yhq3ne", name: "BTC RSI", alerts_7d: 4_300, at_risk: 3.1 },
    { id: "wh_7k2mq4d5sa2b", name: "ES long", alerts_7d: 1_400, at_risk: 0.9 },
  ];
  const past = { from: iso(29), to: iso(22), seconds: 420, reason: LOST, webhooks: loss };
  const now = { from: iso(3), to: null, seconds: 180, reason: LOST, webhooks: loss };
  return { rows, gaps: scene === "down" ? [now, past] : [past], next: null };
}
