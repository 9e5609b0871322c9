"""Compares `pitwire analyze` with quantstats, empyrical and ffn on random equity curves and trades.

    compare.py PITWIRE [--seed N] [--curves N]

Each curve and each list of trades is written as a CSV, given to the program, and read by pandas; every figure that
a library computes in the same sense must agree to 1e-9, and what is undefined there must be null here. What no
library has (the sampling itself, TradingView's column, R) is computed with pandas and numpy. docs/ANALYTICS.md says
where the definitions differ; such figures are not compared, or only where they must coincide.

The seed is printed; `--seed` repeats a run. Called by `cargo xtask test`, which installs requirements.txt.
"""

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import empyrical
import ffn
import numpy as np
import pandas as pd
import quantstats.stats as qs

RELATIVE = 1e-9
# Differences of numbers near 1 carry an error of 1e-16, and a ratio may lie near zero.
ABSOLUTE = 1e-12

TRADE_COLUMNS = "entry_time exit_time direction quantity entry_price exit_price fees net r mae mfe".split()


class Comparison:
    """Counts agreements and gathers differences."""

    def __init__(self):
        self.agreed = {}
        self.differences = []

    def check(self, case, source, figure, ours, theirs):
        theirs = None if theirs is None or not math.isfinite(theirs) else float(theirs)
        ours = None if ours is None else float(ours)
        if ours is None or theirs is None:
            same = ours is theirs
        else:
            same = math.isclose(ours, theirs, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
        if same:
            self.agreed[source] = self.agreed.get(source, 0) + 1
        else:
            self.differences.append(f"{case}: {figure} is {ours!r}, in {source} {theirs!r}")


def random_marks(rng, periods):
    """Marks of an account: sometimes one a day, sometimes many or none, some curves short."""
    days = int(rng.choice([3, 12, 60, 250, 700]))
    start = pd.Timestamp("2019-01-01", tz="UTC") + pd.Timedelta(days=int(rng.integers(0, 2000)))
    frequency = "D" if periods == 365 else "B"
    dates = pd.date_range(start, periods=days, freq=frequency)
    style = rng.choice(["daily", "gaps", "intraday"])
    if style == "gaps":
        keep = rng.random(days) < 0.7
        keep[:2] = True
        dates = dates[keep]
    if style == "intraday":
        times = [d + pd.Timedelta(seconds=int(s)) for d in dates for s in sorted(rng.integers(0, 86_400, 4))]
        dates = pd.DatetimeIndex(times)
    drift, spread = rng.uniform(-0.004, 0.006), rng.uniform(0.001, 0.05)
    steps = rng.normal(drift, spread, len(dates)).clip(-0.5, 1.0)
    steps[0] = 0.0
    equity = np.round(rng.choice([1_000.0, 100_000.0]) * np.cumprod(1.0 + steps), 4).clip(0.01)
    return pd.Series(equity, index=dates)


def time_text(rng, at):
    return rng.choice([str(int(at.timestamp())), at.isoformat().replace("+00:00", "Z")])


def write_equity(path, rng, marks):
    rows = [f"{time_text(rng, at)},{float(value)!r}" for at, value in marks.items()]
    path.write_text("time,equity\n" + "\n".join(rows) + "\n")


def random_trades(rng, marks):
    """Closed trades, some without result; sometimes only winners or losers, or none."""
    count = int(rng.choice([0, 1, 5, 40, 200]))
    net = np.round(rng.normal(rng.uniform(-20, 30), 100, count), 2)
    net[rng.random(count) < rng.choice([0.0, 0.1])] = 0.0
    mood = rng.choice(["mixed", "mixed", "mixed", "winners", "losers"])
    net = {"mixed": net, "winners": abs(net), "losers": -abs(net)}[str(mood)]
    seconds = np.sort(rng.choice(10_000_000, count, replace=False)) + int(marks.index[0].timestamp())
    risk = np.round(rng.uniform(20, 200, count), 0)
    return pd.DataFrame(
        {
            "entry_time": seconds - 60,
            "exit_time": seconds,
            "direction": rng.choice(["long", "short"], count),
            "quantity": np.round(rng.uniform(0.1, 5, count), 3),
            "entry_price": np.round(rng.uniform(10, 20, count), 2),
            "exit_price": np.round(rng.uniform(10, 20, count), 2),
            "fees": np.round(rng.uniform(0, 3, count), 2),
            "net": net,
            "r": np.round(net / risk, 6),
            "mae": -np.round(rng.uniform(0, 100, count), 2),
            "mfe": np.round(rng.uniform(0, 100, count), 2),
        },
        columns=TRADE_COLUMNS,
    )


def daily_equity(marks, periods):
    """The last mark of each day, held over days without one."""
    return marks.resample("D" if periods == 365 else "B").last().ffill()


def compare_equity(check, ours, marks, periods, rate):
    equity = daily_equity(marks, periods)
    r = equity.pct_change().iloc[1:]
    free = (1.0 + rate) ** (1.0 / periods) - 1.0
    is_daily = len(equity) == len(marks)

    check("pandas", "n", len(r))
    check("quantstats", "volatility", qs.volatility(r, periods=periods))
    if rate >= 0 and len(r) > 1:
        # It takes a rate below zero for none, and finds a downside in one return.
        check("quantstats", "sharpe", qs.sharpe(r, rf=rate, periods=periods))
        check("quantstats", "sortino", qs.sortino(r, rf=rate, periods=periods))
    check("quantstats", "cagr", qs.cagr(r, periods=periods))
    check("quantstats", "ulcer_index", qs.ulcer_index(r))
    check("empyrical", "volatility", empyrical.annual_volatility(r, annualization=periods))
    check("empyrical", "sharpe", empyrical.sharpe_ratio(r, risk_free=free, annualization=periods))
    check("empyrical", "sortino", empyrical.sortino_ratio(r, required_return=free, annualization=periods))
    check("empyrical", "cagr", empyrical.cagr(r, annualization=periods))
    if len(r) > 1:
        check("ffn", "sharpe", ffn.calc_sharpe(r, rf=rate, nperiods=periods))
        check("ffn", "sortino", ffn.calc_sortino_ratio(r, rf=rate, nperiods=periods))
    check("ffn", "total_return", ffn.calc_total_return(marks))
    check("ffn", "max_drawdown_pct", ffn.calc_max_drawdown(marks))
    check("pandas", "max_drawdown_abs", float((marks.cummax() - marks).max()))
    underwater = (equity < equity.cummax()).iloc[1:]
    check("pandas", "longest_underwater_periods", underwater.groupby((~underwater).cumsum()).sum().max())
    if is_daily:
        # The libraries see daily returns only, and so the falls within a day would be missing.
        check("quantstats", "max_drawdown_pct", qs.max_drawdown(r))
        check("empyrical", "max_drawdown_pct", empyrical.max_drawdown(r))
        falls = qs.max_drawdown(r) < 0
        check("quantstats", "calmar", qs.calmar(r, periods=periods) if falls else None)
        check("empyrical", "calmar", empyrical.calmar_ratio(r, annualization=periods))
        # ffn's index is in percent and divides by all values of equity, of which there is one more than returns.
        n = len(r)
        ulcer = ffn.core.to_ulcer_index(equity) / 100
        check("ffn", "ulcer_index", ulcer * math.sqrt((n + 1) / (n - 1)) if n > 1 else None)
        if periods == 365:
            details = qs.drawdown_details(qs.to_drawdown_series(r.tz_localize(None)))
            # It does not list a fall that begins with the first return and never ends.
            if len(details) or not falls:
                check("quantstats", "longest_underwater_periods", details["days"].max() if falls else 0)
    compare_tradingview(check, ours["tradingview"], equity, r, periods)


def compare_tradingview(check, ours, equity, r, periods):
    """TradingView's column: returns of months where there are three, else of days."""
    ends = equity.iloc[1:].groupby(equity.index[1:].strftime("%Y-%m")).last()
    monthly = (ends / ends.shift(1, fill_value=equity.iloc[0]) - 1.0).to_numpy()
    chosen, word, free = (monthly, "month", 0.02 / 12) if len(monthly) >= 3 else (r.to_numpy(), "day", 0.02 / periods)
    if len(chosen) < 3:
        chosen, word = np.array([]), None
    check("pandas", "tradingview.n", len(chosen))
    check("pandas", "tradingview.period", None if word == ours["period"] else 1.0)
    if word is None:
        return
    below = np.sqrt(np.mean(np.minimum(0.0, chosen - free) ** 2))
    with np.errstate(divide="ignore"):
        check("pandas", "tradingview.sharpe", (chosen.mean() - free) / chosen.std(ddof=0))
        check("pandas", "tradingview.sortino", (chosen.mean() - free) / below)


def compare_trades(check, trades):
    # quantstats takes a series for prices when it is never below zero and above 1 somewhere.
    scale = 1e-6
    net = pd.Series(trades["net"].to_numpy() * scale, dtype=float)
    wins, losses, count = int((net > 0).sum()), int((net < 0).sum()), len(net)
    check("pandas", "trades.trades", count)
    check("pandas", "trades.wins", wins)
    check("pandas", "trades.losses", losses)
    check("pandas", "trades.breakeven", count - wins - losses)
    check("pandas", "trades.win_rate", wins / count if count else None)
    check("pandas", "trades.net_profit", trades["net"].sum())
    check("pandas", "trades.gross_loss", -trades["net"].clip(upper=0).sum())
    check("pandas", "trades.total_fees", trades["fees"].sum())
    check("pandas", "trades.avg_trade", trades["net"].mean() if count else None)
    check("pandas", "trades.expectancy", trades["net"].mean() if count else None)
    check("pandas", "trades.expectancy_r", trades["r"].mean() if count else None)
    check("pandas", "trades.avg_mae", trades["mae"].mean() if count else None)
    check("pandas", "trades.avg_mfe", trades["mfe"].mean() if count else None)
    check("pandas", "trades.sqn", trades["r"].mean() / trades["r"].std() * math.sqrt(count) if count > 1 else None)
    if count == 0:
        return
    plain = {"prepare_returns": False}
    check("quantstats", "trades.profit_factor", qs.profit_factor(net, **plain) if losses else None)
    check("quantstats", "trades.avg_win", qs.avg_win(net, **plain) / scale)
    check("quantstats", "trades.avg_loss", -qs.avg_loss(net, **plain) / scale)
    check("quantstats", "trades.payoff_ratio", qs.payoff_ratio(net, **plain))
    check("quantstats", "trades.max_consecutive_wins", qs.consecutive_wins(net, **plain))
    check("quantstats", "trades.max_consecutive_losses", qs.consecutive_losses(net, **plain))
    if wins + losses:
        check("quantstats", "trades.win_rate_ex_breakeven", qs.win_rate(net, **plain))
    if wins + losses == count:
        # With breakeven trades it takes the rate without them.
        check("quantstats", "trades.kelly", qs.kelly_criterion(net, **plain))
    if wins:
        check("quantstats", "trades.largest_win", qs.best(net, compounded=False, **plain) / scale)
    if losses:
        check("quantstats", "trades.largest_loss", -qs.worst(net, compounded=False, **plain) / scale)


def figure(ours, path):
    for key in path.split("."):
        ours = ours[key]
    return None if isinstance(ours, str) and path == "tradingview.period" else ours


def run_case(pitwire, directory, seed, case, comparison):
    rng = np.random.default_rng([seed, case])
    periods = int(rng.choice([365, 252]))
    rate = float(rng.choice([0.0, 0.02, 0.1, -0.01]))
    marks = random_marks(rng, periods)
    trades = random_trades(rng, marks)
    equity_file, trades_file = directory / "equity.csv", directory / "trades.csv"
    write_equity(equity_file, rng, marks)
    trades.sample(frac=1.0, random_state=case).to_csv(trades_file, index=False)
    command = [pitwire, "--json", "analyze", "--equity", equity_file, "--trades", trades_file]
    command += ["--periods", str(periods), "--rf", repr(rate)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        comparison.differences.append(f"curve {case}: {done.stderr.strip()}")
        return
    ours = json.loads(done.stdout)

    def check(source, path, theirs):
        comparison.check(f"curve {case}", source, path, figure(ours, path), theirs)

    compare_equity(check, ours, marks, periods, rate)
    compare_trades(check, trades)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pitwire", help="the program to run")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--curves", type=int, default=60)
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, {arguments.curves} curves", flush=True)
    # Divisions by zero are among the cases.
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as directory:
        for case in range(arguments.curves):
            run_case(arguments.pitwire, Path(directory), arguments.seed, case, comparison)
    for difference in comparison.differences[:40]:
        print(difference)
    counts = ", ".join(f"{source} {count}" for source, count in sorted(comparison.agreed.items()))
    print(f"figures that agree: {counts}; that differ: {len(comparison.differences)}")
    if comparison.differences:
        print(f"to repeat it: add --seed {arguments.seed}")
    return 1 if comparison.differences or not comparison.agreed else 0


if __name__ == "__main__":
    sys.exit(main())
