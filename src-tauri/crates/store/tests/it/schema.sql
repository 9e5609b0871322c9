-- format 1
CREATE TABLE accounts (
  no          INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  currency    TEXT NOT NULL,
  venue       TEXT NOT NULL,
  opening     TEXT NOT NULL,
  config      TEXT NOT NULL,
  state       TEXT NOT NULL,
  cash        TEXT NOT NULL,
  realized    TEXT NOT NULL,
  fees        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  opened_at   INTEGER NOT NULL,
  archived_at INTEGER
) STRICT;
CREATE TABLE webhooks (
  no                 INTEGER PRIMARY KEY AUTOINCREMENT,
  id                 TEXT NOT NULL UNIQUE,
  name               TEXT NOT NULL,
  description        TEXT NOT NULL,
  mode               TEXT NOT NULL CHECK (mode IN ('direct', 'pipeline')),
  strategy_id        TEXT,
  account_id         TEXT NOT NULL,
  dialect            TEXT,
  sizing             TEXT,
  sell_mode          TEXT NOT NULL,
  symbol             TEXT,
  default_side       TEXT,
  settings           TEXT NOT NULL,
  digest             BLOB NOT NULL CHECK (length(digest) = 32),
  token_preview      TEXT NOT NULL,
  token_expires_at   INTEGER,
  signing_generation INTEGER NOT NULL,
  paused             INTEGER NOT NULL CHECK (paused IN (0, 1)),
  reduce_only        INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
  allow_list         TEXT NOT NULL,
  rate               TEXT NOT NULL,
  dedupe_ms          INTEGER NOT NULL,
  hold_ms            INTEGER,
  max_lag_s          INTEGER,
  delay_s            INTEGER,
  remind_after_s     INTEGER,
  position           INTEGER NOT NULL,
  revision           INTEGER NOT NULL,
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  deleted_at         INTEGER
) STRICT;
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE webhook_revisions (
  id         INTEGER PRIMARY KEY,
  webhook    INTEGER NOT NULL REFERENCES webhooks (no),
  config     TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_revisions_webhook ON webhook_revisions (webhook);
CREATE TABLE signals (
  id            INTEGER PRIMARY KEY,
  uid           TEXT NOT NULL UNIQUE,
  webhook       INTEGER NOT NULL,
  revision      INTEGER,
  mode          TEXT NOT NULL,
  source        TEXT NOT NULL,
  source_ip     TEXT,
  received_at   INTEGER NOT NULL,
  dialect       TEXT,
  action        TEXT,
  symbol        TEXT,
  repairs       TEXT,
  replay_of     TEXT,
  parent_uid    TEXT,
  leg           INTEGER NOT NULL,
  alert_time    INTEGER,
  lag_ms        INTEGER,
  test          INTEGER NOT NULL CHECK (test IN (0, 1)),
  refused_count INTEGER NOT NULL,
  timings       TEXT,
  content_type  TEXT,
  headers       TEXT,
  canonical     TEXT,
  raw_body      BLOB NOT NULL
) STRICT;
CREATE TABLE signal_numbers (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  removed INTEGER NOT NULL
) STRICT;
CREATE INDEX signals_symbol ON signals (symbol, id);
CREATE INDEX signals_replayed ON signals (id) WHERE replay_of IS NOT NULL;
CREATE INDEX signals_replay_of ON signals (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX signals_parent ON signals (parent_uid) WHERE parent_uid IS NOT NULL;
CREATE TRIGGER signals_evidence_is_fixed
  BEFORE UPDATE OF id, uid, webhook, revision, source, received_at, replay_of, timings, content_type, headers, canonical,
    raw_body ON signals
  BEGIN SELECT RAISE (ABORT, 'a signal is evidence'); END;
CREATE TABLE signal_queue (
  signal INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE signal_decisions (
  signal      INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE,
  webhook     INTEGER NOT NULL,
  status      TEXT NOT NULL CHECK (status = 'executed' OR status = 'rejected' OR status = 'failed'),
  reason_code TEXT,
  reason      TEXT,
  details     TEXT,
  timings     TEXT,
  checks      TEXT
) STRICT;
CREATE INDEX signal_decisions_webhook ON signal_decisions (webhook, status, signal);
CREATE INDEX signal_decisions_status ON signal_decisions (status, signal);
CREATE TRIGGER signal_decisions_are_final BEFORE UPDATE ON signal_decisions
  BEGIN SELECT RAISE (ABORT, 'a decision is final'); END;
CREATE VIEW signal_texts AS
  SELECT id, CAST(substr(raw_body, 1, 8192) AS TEXT) AS body, symbol, action
  FROM signals;
CREATE VIRTUAL TABLE signal_search USING fts5 (
  body, symbol, action,
  content = 'signal_texts', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii'
);
CREATE TABLE 'signal_search_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'signal_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE 'signal_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE signal_search_progress (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  indexed INTEGER NOT NULL
) STRICT;
CREATE TRIGGER signals_leave_search BEFORE DELETE ON signals
  WHEN old.id <= (SELECT indexed FROM signal_search_progress) BEGIN
    INSERT INTO signal_search (signal_search, rowid, body, symbol, action)
      SELECT 'delete', id, body, symbol, action FROM signal_texts WHERE id = old.id;
  END;
CREATE TABLE counts (
  webhook INTEGER NOT NULL,
  status  TEXT NOT NULL,
  n       INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (webhook, status)
) STRICT, WITHOUT ROWID;
CREATE TABLE dedupe (
  webhook    INTEGER NOT NULL REFERENCES webhooks (no),
  key        BLOB NOT NULL,
  first_at   INTEGER NOT NULL,
  signal_uid TEXT NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (webhook, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_expires ON dedupe (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE orders (
  no              INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,
  number          INTEGER NOT NULL,
  client_order_id TEXT NOT NULL UNIQUE,
  signal_id       TEXT,
  webhook_id      TEXT,
  account_id      TEXT NOT NULL REFERENCES accounts (id),
  symbol          TEXT NOT NULL,
  side            TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  type            TEXT NOT NULL,
  time_in_force   TEXT NOT NULL,
  quantity        TEXT NOT NULL,
  filled          TEXT NOT NULL,
  limit_price     TEXT,
  stop_price      TEXT,
  trail           TEXT,
  trail_unit      TEXT,
  activation      TEXT,
  watermark       TEXT,
  expires_at      INTEGER,
  price_expected  TEXT NOT NULL,
  waits_for_alert INTEGER NOT NULL CHECK (waits_for_alert IN (0, 1)),
  status          TEXT NOT NULL CHECK (
    status = 'held' OR status = 'working' OR status = 'triggered' OR status = 'partially_filled'
    OR status = 'filled' OR status = 'cancelled' OR status = 'expired' OR status = 'rejected'),
  reason_code     TEXT,
  reduce_only     INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
  parent_id       TEXT,
  created_at      INTEGER NOT NULL,
  working_since   INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_account ON orders (account_id, no);
CREATE INDEX orders_signal ON orders (signal_id) WHERE signal_id IS NOT NULL;
CREATE INDEX orders_live ON orders (account_id, no)
  WHERE status = 'held' OR status = 'working' OR status = 'triggered' OR status = 'partially_filled';
CREATE TRIGGER orders_done_is_final BEFORE UPDATE ON orders
  WHEN old.status = 'filled' OR old.status = 'cancelled' OR old.status = 'expired' OR old.status = 'rejected'
  BEGIN SELECT RAISE (ABORT, 'an order that is done does not change'); END;
CREATE TABLE fills (
  no         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  order_id   TEXT NOT NULL REFERENCES orders (id),
  signal_id  TEXT,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  symbol     TEXT NOT NULL,
  side       TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity   TEXT NOT NULL,
  price      TEXT NOT NULL,
  fee        TEXT NOT NULL,
  realized   TEXT NOT NULL,
  liquidity  TEXT NOT NULL CHECK (liquidity IN ('maker', 'taker')),
  at         INTEGER NOT NULL,
  why        TEXT NOT NULL
) STRICT;
CREATE INDEX fills_account ON fills (account_id, no);
CREATE INDEX fills_order ON fills (order_id);
CREATE TRIGGER fills_do_not_change BEFORE UPDATE ON fills
  BEGIN SELECT RAISE (ABORT, 'a fill does not change'); END;
CREATE TRIGGER fills_stay BEFORE DELETE ON fills
  BEGIN SELECT RAISE (ABORT, 'a fill is not deleted'); END;
CREATE TABLE trades (
  no           INTEGER PRIMARY KEY,
  account_id   TEXT NOT NULL REFERENCES accounts (id),
  symbol       TEXT NOT NULL,
  direction    TEXT NOT NULL CHECK (direction IN ('long', 'short')),
  opened_by    TEXT NOT NULL,
  closed_by    TEXT NOT NULL UNIQUE,
  quantity_max TEXT NOT NULL,
  price_entry  TEXT NOT NULL,
  price_exit   TEXT NOT NULL,
  gross        TEXT NOT NULL,
  fees         TEXT NOT NULL,
  net          TEXT NOT NULL,
  risk         TEXT,
  r            TEXT,
  mae          TEXT NOT NULL,
  mfe          TEXT NOT NULL,
  bars         INTEGER NOT NULL,
  exits        TEXT NOT NULL,
  opened_at    INTEGER NOT NULL,
  closed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX trades_account ON trades (account_id, no);
CREATE TRIGGER trades_do_not_change BEFORE UPDATE ON trades
  BEGIN SELECT RAISE (ABORT, 'a round trip does not change'); END;
CREATE TRIGGER trades_stay BEFORE DELETE ON trades
  BEGIN SELECT RAISE (ABORT, 'a round trip is not deleted'); END;
CREATE TABLE ledger (
  no         INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  kind       TEXT NOT NULL,
  reference  TEXT,
  at         INTEGER NOT NULL,
  entries    TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_account_no ON ledger (account_id, no);
CREATE INDEX ledger_transfers ON ledger (account_id, no) WHERE kind IN ('deposit', 'withdrawal');
CREATE TRIGGER ledger_does_not_change BEFORE UPDATE ON ledger
  BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
  BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TABLE positions (
  account_id    TEXT NOT NULL REFERENCES accounts (id),
  symbol        TEXT NOT NULL,
  quantity      TEXT NOT NULL,
  cost          TEXT NOT NULL,
  price_average TEXT,
  mark          TEXT,
  mark_at       INTEGER,
  realized      TEXT NOT NULL,
  state         TEXT NOT NULL,
  PRIMARY KEY (account_id, symbol)
) STRICT, WITHOUT ROWID;
CREATE TABLE equity_points (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  at         INTEGER NOT NULL,
  equity     TEXT NOT NULL,
  balance    TEXT NOT NULL,
  available  TEXT NOT NULL,
  PRIMARY KEY (account_id, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE config_generation (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  generation INTEGER NOT NULL
) STRICT;
CREATE TABLE commands (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT NOT NULL,
  payload     TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status = 'queued' OR status = 'done' OR status = 'failed'),
  result      TEXT,
  created_at  INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX commands_queued ON commands (id) WHERE status = 'queued';
CREATE TRIGGER commands_finished_is_final BEFORE UPDATE ON commands WHEN old.status <> 'queued'
  BEGIN SELECT RAISE (ABORT, 'a command is finished once'); END;
CREATE TABLE stated_positions (
  webhook    INTEGER NOT NULL REFERENCES webhooks (no),
  symbol     TEXT NOT NULL,
  strategy   TEXT NOT NULL,
  previous   TEXT,
  position   TEXT NOT NULL,
  sized      INTEGER NOT NULL CHECK (sized IN (0, 1)),
  signal_uid TEXT NOT NULL,
  fired_at   INTEGER,
  heard_at   INTEGER NOT NULL,
  PRIMARY KEY (webhook, symbol, strategy)
) STRICT, WITHOUT ROWID;
CREATE TABLE candles (
  venue     TEXT NOT NULL,
  symbol    TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  open      TEXT NOT NULL,
  high      TEXT NOT NULL,
  low       TEXT NOT NULL,
  close     TEXT NOT NULL,
  volume    TEXT NOT NULL,
  PRIMARY KEY (venue, symbol, timeframe, opened_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE instruments (
  venue        TEXT NOT NULL,
  symbol       TEXT NOT NULL,
  tick         TEXT,
  step         TEXT,
  min_qty      TEXT,
  max_qty      TEXT,
  min_notional TEXT,
  fetched_at   INTEGER NOT NULL,
  PRIMARY KEY (venue, symbol)
) STRICT, WITHOUT ROWID;
CREATE TABLE strategies (
  no         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  revision   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE TABLE strategy_revisions (
  strategy   INTEGER NOT NULL REFERENCES strategies (no),
  number     INTEGER NOT NULL,
  file       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (strategy, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER strategy_revisions_stay_as_they_are BEFORE UPDATE ON strategy_revisions
  BEGIN SELECT RAISE (ABORT, 'a revision stays as it is'); END;
CREATE TABLE verdicts (
  signal   INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE,
  strategy TEXT NOT NULL,
  revision INTEGER NOT NULL,
  verdict  TEXT NOT NULL CHECK (verdict = 'confirm' OR verdict = 'deny' OR verdict = 'unknown'),
  report   TEXT NOT NULL
) STRICT;
CREATE TRIGGER verdicts_are_final BEFORE UPDATE ON verdicts
  BEGIN SELECT RAISE (ABORT, 'a verdict is final'); END;
CREATE TABLE tunnel_timeline (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state = 'off' OR state = 'connecting' OR state = 'online'
    OR state = 'reconnecting' OR state = 'failed'),
  code         TEXT,
  service_code TEXT,
  detail       TEXT,
  public_url   TEXT
) STRICT;
CREATE INDEX tunnel_timeline_online ON tunnel_timeline (id) WHERE state = 'online';
CREATE TABLE tunnel_requests (
  day      TEXT PRIMARY KEY,
  requests INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tunnel_facts (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
