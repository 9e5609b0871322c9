// A desk inside the page, for a plain browser and for tests: it answers the same methods with made-up data.
// Nothing of it is in the application: only dev.html and tests import this folder.
import { mockIPC } from "@tauri-apps/api/mocks";
import type {
  Batch,
  NewReplay,
  NewWebhook,
  Preferences,
  RpcError,
  RpcSchema,
  SignalQuery,
  SignalRow,
  Status,
  StorageDown,
  Webhook,
} from "@/bindings";
import { samplePasted } from "@/dev/alerts";
import {
  sampleAccountReport,
  sampleFills,
  sampleInstruments,
  samplePrices,
  sampleTrades,
  sampleUses,
  sampleWorkingOrders,
} from "@/dev/books";
import { DEFINITIONS } from "@/dev/definitions";
import { type MarketScene, placed, sampleCandles, sampleChart, sampleVenues } from "@/dev/market";
import { sampleCheck, sampleStrategies, sampleTest, savedStrategy } from "@/dev/strategies";
import { sampleTimeline, sampleTunnel, type TunnelScene } from "@/dev/tunnel";
import {
  detailOf,
  fillOf,
  NOW,
  order,
  REASONS,
  page,
  sampleAccounts,
  samplePositions,
  sampleRows,
  sampleWebhooks,
} from "@/dev/sample";

export type Scene = "full" | "empty" | "killed" | "offline" | "error" | "slow";

type Handlers = {
  [K in keyof RpcSchema]?: (
    params: RpcSchema[K]["params"],
  ) => RpcSchema[K]["result"] | Promise<RpcSchema[K]["result"]>;
};

/** What a channel hands over to the page: numbered, so that order is kept. */
interface Internals {
  runCallback: (id: number, message: { index: number; message: Batch }) => void;
}

export class PageDesk {
  rows: SignalRow[];
  webhooks: Webhook[];
  preferences: Preferences = {};
  killed: boolean;
  storageDown: StorageDown | null = null;
  clipboard: RpcSchema["clipboard.write"]["params"] = { text: "", secret: false };
  readonly calls: { method: string; params: unknown }[] = [];
  /** Answers to use in place of the made-up ones. */
  answers: Handlers = {};
  scene: Scene;
  tunnel: TunnelScene;
  market: MarketScene;
  strategies = sampleStrategies();
  #channel: number | null = null;
  #index = 0;
  #made = 0;

  constructor(scene: Scene, size = 400) {
    this.scene = scene;
    this.tunnel = scene === "empty" ? "off" : "online";
    this.market = scene === "empty" ? "none" : "up";
    this.webhooks = scene === "empty" ? [] : sampleWebhooks();
    this.rows = scene === "empty" ? [] : sampleRows(this.webhooks, size);
    this.killed = scene === "killed";
    for (const webhook of this.webhooks) {
      const last = this.rows.find((row) => row.webhook_id === webhook.id);
      if (last) webhook.last_signal = { id: last.id, at: last.received_at, status: last.status };
    }
  }

  install(): this {
    mockIPC(async (command, payload) => {
      const given = payload as { method: string; params: never; channel?: { id: number } };
      if (this.scene === "offline") throw new Error("connection refused");
      if (command === "subscribe") {
        this.#channel = given.channel?.id ?? null;
        this.#index = 0;
        return null;
      }
      const method = given.method as keyof RpcSchema;
      this.calls.push({ method, params: given.params });
      if (this.scene === "slow") await new Promise(() => undefined);
      const broken = [
        "signals.list",
        "webhooks.list",
        "accounts.list",
        "settings.get",
        "doctor",
        "tunnel.status",
        "market.status",
        "strategies.list",
      ].includes(method);
      if (this.scene === "error" && broken) {
        throw refusal(
          "STORAGE_UNAVAILABLE",
          "The database cannot be read: the disk is full. Free some space.",
        );
      }
      const handler = this.answers[method] ?? this.#handlers[method];
      if (!handler) throw refusal("UNKNOWN_METHOD", `There is no method ${method}.`);
      return structuredClone(await handler(given.params));
    });
    return this;
  }

  /** Pushes a batch as the desk would. */
  push(batch: Partial<Batch>): void {
    if (this.#channel === null) return;
    const internals = (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;
    internals.runCallback(this.#channel, {
      index: this.#index++,
      message: {
        signals: [],
        overflow: false,
        account: false,
        webhooks: false,
        status: null,
        tunnel: null,
        ...batch,
      },
    });
  }

  /** A signal arrives. */
  arrive(over: Partial<SignalRow> = {}): SignalRow {
    const sample = sampleRows(sampleWebhooks(), 4)[2]!;
    this.#made += 1;
    const id = `sig_new${this.#made}`;
    const at = new Date(NOW + this.#made * 1000).toISOString();
    const row: SignalRow = {
      ...sample,
      id,
      received_at: at,
      orders: [order(id, "buy", "ES1!", at, "6012.25")],
      ...over,
    };
    this.rows = [row, ...this.rows];
    this.push({ signals: [row], account: true, webhooks: true, status: this.status() });
    return row;
  }

  status(): Status {
    const full = this.scene !== "empty";
    const count = (status: string) => this.rows.filter((row) => row.status === status).length;
    return {
      version: "0.1.0",
      data_dir: "/home/ada/.local/share/pitwire",
      listener: { state: "listening", url: "http://127.0.0.1:8787" },
      storage_down: this.storageDown,
      tunnel: sampleTunnel(this.tunnel).state,
      public_url: sampleTunnel(this.tunnel).public_url,
      kill_switch: this.killed,
      secrets_home: "keychain",
      counts: full
        ? { all: 12408, received: 1, executed: 11902, rejected: 431, failed: 38, replayed: 37 }
        : {
            all: this.rows.length,
            received: count("received"),
            executed: count("executed"),
            rejected: count("rejected"),
            failed: count("failed"),
            replayed: 0,
          },
      webhooks: this.webhooks.length,
      max_webhooks: 5,
      equity: full ? "102418.55" : "100000",
      currency: "USD",
      accounts: full ? 2 : 1,
      account: "Paper",
      total_return: full ? 0.0241855 : 0,
      positions: full ? 4 : 0,
      reply_p50_us: full ? 1100 : null,
      reply_p99_us: full ? 1700 : null,
      now: new Date(NOW).toISOString(),
    };
  }

  readonly #handlers: Handlers = {
    status: () => this.status(),
    "kill.set": ({ on }) => {
      this.killed = on;
      return this.status();
    },
    doctor: () => [
      { name: "port", outcome: "ok", finding: "127.0.0.1:8787 is listening.", fix: null },
      { name: "database", outcome: "ok", finding: "12,408 signals, 41 MB, no error found.", fix: null },
      { name: "ledger", outcome: "ok", finding: "Every balance follows from its fills.", fix: null },
      {
        name: "keychain",
        outcome: "warning",
        finding: "No keychain answers; the app key is in app.key.",
        fix: "Install gnome-keyring, or keep the file as safe as a password.",
      },
      { name: "clock", outcome: "ok", finding: "0.2 s behind the system's time server.", fix: null },
      {
        name: "disk",
        outcome: "error",
        finding: "310 MB are free.",
        fix: "Free some space: 500 MB at least.",
      },
    ],
    "market.status": () => ({ venues: sampleVenues(this.market) }),
    "candles.list": (query) => sampleCandles(query),
    "tunnel.status": () => sampleTunnel(this.tunnel),
    "tunnel.timeline": () => sampleTimeline(this.tunnel),
    "tunnel.reconnect": () => sampleTunnel(this.tunnel),
    "tunnel.set_token": () => sampleTunnel((this.tunnel = "online")),
    "tunnel.clear_token": () => sampleTunnel((this.tunnel = "off")),
    "tunnel.test": () => ({ ...sampleTunnel("online").last_test!, at: new Date(NOW).toISOString() }),
    "tunnel.acknowledge": () => sampleTunnel((this.tunnel = "online")),
    "strategies.list": () => (this.scene === "empty" ? [] : this.strategies),
    "strategies.show": ({ id }) => this.#strategy(id),
    "strategies.add": ({ file }) => {
      const made = savedStrategy(`str_${this.strategies.length + 1}`, file);
      this.strategies = [...this.strategies, made];
      return made;
    },
    "strategies.edit": ({ id, file }) => {
      const { revision, revisions } = this.#strategy(id);
      const edited = savedStrategy(id, file, revision + 1, revisions);
      this.strategies = this.strategies.map((one) => (one.id === id ? edited : one));
      return edited;
    },
    "strategies.enable": ({ id }) => Object.assign(this.#strategy(id), { enabled: true }),
    "strategies.disable": ({ id }) => Object.assign(this.#strategy(id), { enabled: false }),
    "strategies.delete": ({ id }) => {
      this.strategies = this.strategies.filter((one) => one.id !== id);
      return { id };
    },
    "strategies.check": ({ file }) => sampleCheck(file),
    "strategies.test": (request) => sampleTest(request, this.rows),
    "webhooks.list": () => this.webhooks,
    "webhooks.create": (given) => this.#created(given),
    "webhooks.edit": ({ id, name }) => {
      const webhook = this.#webhook(id);
      if (name !== undefined) webhook.name = name;
      return webhook;
    },
    "webhooks.pause": ({ id }) => Object.assign(this.#webhook(id), { paused: true, state: "paused" }),
    "webhooks.resume": ({ id }) => Object.assign(this.#webhook(id), { paused: false, state: "active" }),
    "webhooks.rotate": ({ id }) => this.#secrets(this.#webhook(id)),
    "webhooks.delete": ({ id }) => {
      this.webhooks = this.webhooks.filter((webhook) => webhook.id !== id);
      return { id };
    },
    "messages.paste": (request) => samplePasted(request, this.rows[2]!),
    reasons: () =>
      Object.entries(REASONS).map(([code, [sentence, fix]]) => ({ code, sentence, fix, docs: page(code) })),
    "webhooks.template": ({ kind, dialect }) => ({
      dialect: dialect ?? "vantixs",
      message:
        kind === "indicator"
          ? '{"action":"buy","symbol":"{{ticker}}","price":{{close}},"time":"{{timenow}}"}'
          : '{"action":"{{strategy.order.action}}","symbol":"{{ticker}}","quantity":{{strategy.order.contracts}},"position":"{{strategy.market_position}}","order_id":"{{strategy.order.id}}","time":"{{timenow}}"}',
    }),
    "webhooks.copy": ({ id, kind }) => {
      const webhook = this.#webhook(id);
      const words = {
        url: `URL of ${webhook.name}`,
        curl: `cURL command of ${webhook.name}`,
        message_strategy: "message for a strategy alert",
        message_indicator: "message for an indicator alert",
      };
      return { label: words[kind], complete: webhook.token_sealed };
    },
    "webhooks.test": ({ id }) => {
      const webhook = this.#webhook(id);
      const row = this.arrive({ webhook_id: id, webhook_name: webhook.name, test: true, symbol: "BTCUSDT" });
      return { http_status: 202, answer: { status: "accepted" }, signal_id: row.id };
    },
    "signals.list": (query) => this.#page(query),
    "signals.show": ({ id }) => {
      const row = this.rows.find((one) => one.id === id);
      if (!row) throw refusal("NOT_FOUND", `There is no signal "${id}".`);
      return detailOf(row);
    },
    "signals.chart": (query) => sampleChart(query),
    "signals.replay": (given) => this.#replay(given),
    "signals.export": ({ format }) => ({ path: `/home/me/signals.${format}`, signals: this.rows.length }),
    "accounts.list": () =>
      placed(
        this.scene === "empty" ? sampleAccounts().slice(0, 1).map(fresh) : sampleAccounts(),
        this.market,
      ),
    "accounts.create": () => sampleAccounts()[1]!,
    "accounts.set": () => sampleAccounts()[0]!,
    "accounts.deposit": () => sampleAccounts()[0]!,
    "accounts.withdraw": () => {
      throw refusal("INSUFFICIENT_BALANCE", "Only 68,212.44 USD are available.", "amount");
    },
    "accounts.reset": () => sampleAccounts()[0]!,
    "accounts.archive": (which) => which,
    "positions.list": ({ account_id }) =>
      this.scene === "empty" || account_id === "acc_second" ? [] : samplePositions(),
    "positions.close": () => [],
    "positions.flatten": () => [],
    "accounts.risk": () => (this.scene === "empty" ? [] : sampleUses()),
    "orders.cancel": ({ id }) => ({ ...sampleWorkingOrders()[0]!, id, status: "cancelled", live: false }),
    "trades.list": () => ({ trades: this.scene === "empty" ? [] : sampleTrades(), next: null }),
    report: ({ account_id, webhook_id }) =>
      sampleAccountReport(account_id ?? "acc_paper", webhook_id ?? null, this.scene === "empty"),
    "report.definitions": () => [...DEFINITIONS],
    "instruments.list": () => (this.scene === "empty" ? [] : sampleInstruments()),
    "prices.list": ({ symbol }) => ({
      account_id: "acc_paper",
      symbol,
      points: samplePrices(),
      fills: sampleFills().map((fill) => ({ ...fill, symbol })),
    }),
    "orders.list": ({ live }) =>
      live && this.scene !== "empty"
        ? { orders: sampleWorkingOrders(), next: null }
        : { orders: this.rows.flatMap((row) => row.orders).slice(0, 100), next: null },
    "fills.list": () => ({
      fills: this.rows
        .flatMap((row) => row.orders)
        .slice(0, 100)
        .map(fillOf),
      next: null,
    }),
    "settings.get": () => ({
      values: {
        "limits.max_webhooks": "5",
        "retention.max_signals": "1000000",
        "listen.port": "8787",
        "tunnel.domain": "calm-otter.ngrok-free.app",
        "tunnel.own_url": "https://alerts.example.com",
        "tunnel.listen_port": "8788",
        "tunnel.monthly_requests": "20000",
      },
    }),
    "settings.set": ({ key, value }) => ({ values: { [key]: value } }),
    "preferences.get": () => this.preferences,
    "preferences.set": (change) => (this.preferences = { ...this.preferences, ...change }),
    "clipboard.write": (given) => {
      this.clipboard = given;
      return {};
    },
    quit: () => ({}),
  };

  #strategy(id: string) {
    const strategy = this.strategies.find((one) => one.id === id);
    if (!strategy) throw refusal("NOT_FOUND", `There is no strategy "${id}".`);
    return strategy;
  }

  #webhook(id: string): Webhook {
    const webhook = this.webhooks.find((one) => one.id === id);
    if (!webhook) throw refusal("NOT_FOUND", `There is no webhook "${id}".`);
    return webhook;
  }

  #created(given: NewWebhook) {
    if (this.webhooks.some((webhook) => webhook.name === given.name)) {
      throw refusal("INVALID_FIELD", `There is a webhook ${given.name} already.`, "name");
    }
    const webhook: Webhook = {
      ...sampleWebhooks()[0]!,
      id: `wh_new${this.webhooks.length}aaaaaaa`,
      name: given.name,
      description: given.description ?? "",
      sizing: given.sizing ?? null,
      sell_mode: given.sell_mode ?? "directional",
      counts: { all: 0, received: 0, executed: 0, rejected: 0, failed: 0, replayed: 0 },
      last_signal: null,
      recent_3min: 0,
    };
    this.webhooks = [...this.webhooks, webhook];
    return this.#secrets(webhook);
  }

  #secrets(webhook: Webhook) {
    const token = `pw_${webhook.id.slice(3)}_mfrggzdfmztwq2lknnwg23tpobyxe43u`;
    const path = webhook.url_path.replace("<token>", token);
    return {
      webhook,
      token,
      url_path: path,
      signing_secret: "whsec_bm90IGEgcmVhbCBzZWNyZXQsIGEgc2FtcGxlIG9ubHk=",
      local_url: `http://127.0.0.1:8787${path}`,
      public_url: null,
    };
  }

  #page(query: SignalQuery) {
    const fits = (row: SignalRow) =>
      (query.webhook_id === undefined || row.webhook_id === query.webhook_id) &&
      (query.status === undefined ||
        query.status.includes(row.status) ||
        (row.replayed && query.status.includes("replayed"))) &&
      (query.query === undefined ||
        `${row.action ?? ""} ${row.symbol ?? ""}`.toLowerCase().includes(query.query.toLowerCase()));
    const all = this.rows.filter(fits);
    const start = query.before === undefined ? 0 : all.findIndex((row) => row.id === query.before) + 1;
    const signals = all.slice(start, start + (query.limit ?? 100));
    const more = start + signals.length < all.length;
    return { signals, next: more ? (signals.at(-1)?.id ?? null) : null };
  }

  #replay({ ids, dry_run }: NewReplay) {
    const originals = ids.map((id) => {
      const original = this.rows.find((row) => row.id === id);
      if (!original) throw refusal("NOT_FOUND", "There is no such signal.");
      return original;
    });
    const signals = originals.map((original) => (dry_run ? tried(original) : this.#again(original)));
    return { signals, next: null };
  }

  #again(original: SignalRow): SignalRow {
    const made = this.arrive({
      id: `replayed-${original.id}${this.#made}`,
      action: original.action,
      symbol: original.symbol,
      replayed: true,
      replay_of: original.id,
    });
    original.replays = [...original.replays, made.id];
    this.push({ signals: [original] });
    return made;
  }
}

/** What a replay would become. */
function tried(original: SignalRow): SignalRow {
  return {
    ...original,
    status: "executed",
    reason_code: null,
    reason: null,
    fix: null,
    docs: null,
    orders: [order("sig_trial", "buy", original.symbol ?? "", original.received_at, "187.42")],
  };
}

function fresh(account: ReturnType<typeof sampleAccounts>[number]) {
  const zero = {
    realized_gross: "0",
    unrealized: "0",
    fees: "0",
    margin: "0",
    positions: 0,
    total_return: 0,
  };
  const whole = {
    opening: "100000",
    cash: "100000",
    balance: "100000",
    equity: "100000",
    available: "100000",
  };
  return { ...account, ...zero, ...whole, settings: {} };
}

export function refusal(code: string, error: string, field?: string): RpcError {
  return field === undefined ? { code, error } : { code, error, field };
}
