"""Compares `pitwire indicator` with PyneCore and TA-Lib on series of every temper.

    compare.py PITWIRE [--seed N] [--bars N]

PyneCore runs Pine scripts outside of TradingView, so it must agree on every bar from the first on. TA-Lib begins some
averages elsewhere; it is compared from where that has decayed (see docs/PIPELINES.md), and not where the two are
defined differently: without any movement it says 0 where Pine says 100 or nothing. What neither has (the
volume-weighted price) is computed with numpy. Prices are multiples of 1/64, which binary numbers hold exactly, so that
equal movements are equal in every program.

The seed is printed; `--seed` repeats a run. Called by `cargo xtask test`, which installs requirements.txt.
"""

import argparse
import csv
import math
import random
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import talib

RELATIVE = 1e-8
ABSOLUTE = 1e-8
HOUR = 3600
START = 1_700_006_400  # midnight UTC

# Bars until the two beginnings differ by less than RELATIVE: 18.5 n of Wilder's averages, 9.3 n of the others.
RMA14, EMA20, MACD, ADX14 = 275, 0, 330, 560


def walk(rng, bars, drift, spread, flat=0.0, gap=0.0):
    """Hours of a market: each goes on where the last one closed, or leaves a gap."""
    close, rows = 4000.0, []
    for _ in range(bars):
        open_ = close + (rng.normal(0, 12 * spread) if rng.random() < gap else 0.0)
        if rng.random() < flat:
            rows.append([open_] * 4 + [0.0])
            close = open_
            continue
        close = open_ + drift + rng.normal(0, spread)
        high = max(open_, close) + abs(rng.normal(0, spread))
        low = min(open_, close) - abs(rng.normal(0, spread))
        rows.append([open_, high, low, close, float(rng.integers(1, 5000))])
    table = np.array(rows)
    table[:, :4] = np.round(np.maximum(table[:, :4], 1.0) * 64) / 64
    table[:, 1] = table[:, :4].max(axis=1)
    table[:, 2] = table[:, :4].min(axis=1)
    return table


def one_sided(bars, step):
    close = 1000.0 + step * np.arange(bars)
    table = np.stack([close - step / 2, close + 1, close - 1, close, np.full(bars, 10.0)], axis=1)
    table[:, 1] = table[:, :4].max(axis=1)
    table[:, 2] = table[:, :4].min(axis=1)
    return table


def series(rng, bars):
    yield "trending", walk(rng, bars, 0.05, 0.6)
    yield "falling", walk(rng, bars, -0.02, 0.4)
    yield "gapping", walk(rng, bars, 0.0, 1.0, gap=0.15)
    yield "halting", walk(rng, bars, 0.0, 0.5, flat=0.5)
    yield "rising alone", one_sided(bars, 0.25)
    yield "falling alone", one_sided(bars, -0.25)
    yield "flat", np.full((bars, 5), 100.0)


def write(path, table):
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow("time open high low close volume".split())
        for index, row in enumerate(table):
            rows.writerow([START + HOUR * index] + [repr(float(cell)) for cell in row])


def number(text):
    return math.nan if text.strip().lower() in ("", "na", "nan") else float(text)


def ours(pitwire, path, expression):
    command = [pitwire, "indicator", expression, "--candles", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise SystemExit(f"{expression}: {done.stderr.strip()}")
    rows = list(csv.reader(done.stdout.splitlines()))
    return np.array([number(row[1]) for row in rows[1:]])


def pine(directory, path):
    """Every plot of pine.py by its title, which is our expression."""
    script = directory / "pine.py"
    shutil.copy(Path(__file__).with_name("pine.py"), script)
    done = subprocess.run([sys.executable, script, path], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"PyneCore: {done.stderr.strip()}")
    with open(directory / "pine.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = [title for title in rows[0] if "(" in title]
    return {title: np.array([number(row[title]) for row in rows]) for title in titles}


def ta_lib(table):
    """Each expression with TA-Lib's numbers, the bar from which they agree, and whether a flat market is left out."""
    _, high, low, close, volume = (np.ascontiguousarray(column) for column in table.T)
    typical = (high + low + close) / 3
    upper, basis, lower = talib.BBANDS(close, 20, 2.0, 2.0, talib.MA_Type.SMA)
    macd, signal, histogram = talib.MACD(close, 12, 26, 9)
    fast, _ = talib.STOCHF(high, low, close, 14, 1, 0)
    yield "sma(close,20)", talib.SMA(close, 20), 0, False
    yield "ema(close,20)", talib.EMA(close, 20), EMA20, False
    yield "wma(close,20)", talib.WMA(close, 20), 0, False
    yield "highest(high,20)", talib.MAX(high, 20), 0, False
    yield "lowest(low,20)", talib.MIN(low, 20), 0, False
    yield "roc(close,10)", talib.ROC(close, 10), 0, False
    yield "bb(close,20,2).basis", basis, 0, False
    yield "rsi(close,14)", talib.RSI(close, 14), 0, True
    yield "cci(hlc3,20)", talib.CCI(high, low, close, 20), 0, True
    yield "wpr(14)", talib.WILLR(high, low, close, 14), 0, True
    yield "stoch(close,high,low,14)", fast, 0, True
    yield "atr(14)", talib.ATR(high, low, close, 14), RMA14, False
    yield "macd(close,12,26,9).macd", macd, MACD, False
    yield "macd(close,12,26,9).signal", signal, MACD, False
    yield "macd(close,12,26,9).hist", histogram, MACD, False
    yield "dmi(14,14).plus", talib.PLUS_DI(high, low, close, 14), RMA14, True
    yield "dmi(14,14).minus", talib.MINUS_DI(high, low, close, 14), RMA14, True
    yield "dmi(14,14).adx", talib.ADX(high, low, close, 14), ADX14, True
    # Its deviations are sums carried along, good to some digits less.
    yield "stdev(close,20)", talib.STDDEV(close, 20, 1.0), 0, True
    yield "bb(close,20,2).upper", upper, 0, True
    yield "bb(close,20,2).lower", lower, 0, True
    # From the second window on: the first bar counts in both flows in Pine, in none in TA-Lib.
    yield "mfi(hlc3,14)", talib.MFI(high, low, close, volume, 14), 15, True
    # The level depends on the first bar; what counts are the changes.
    yield "obv()", talib.OBV(close, volume) - volume[0], 1, False


def session_price(table):
    day = np.arange(len(table)) * HOUR // 86_400
    typical, volume = table[:, 1:4].sum(axis=1) / 3, table[:, 4]
    price = np.full(len(table), math.nan)
    for index in range(len(table)):
        within = (day == day[index]) & (np.arange(len(table)) <= index)
        total = volume[within].sum()
        if total > 0:
            price[index] = (typical[within] * volume[within]).sum() / total
    return price


def exact_deviation(close, length):
    """In fractions: of a high price that hardly moves, a difference of squares in floats keeps few digits."""
    prices = [Fraction(price) for price in close.tolist()]
    deviation = np.full(len(prices), math.nan)
    for index in range(length - 1, len(prices)):
        window = prices[index - length + 1 : index + 1]
        mean = sum(window) / length
        deviation[index] = math.sqrt(sum((price - mean) ** 2 for price in window) / length)
    return deviation


def near(a, b):
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


class Comparison:
    """Counts agreements and gathers differences."""

    def __init__(self):
        self.agreed = {}
        self.differences = []

    def check(self, case, source, expression, found, expected, first, either, exact=None):
        """`either`: bars on which one of the two says nothing are left out. `exact`, where it is known, decides
        between two that differ."""
        for index in range(first, len(found)):
            a, b = found[index], expected[index]
            if either and (math.isnan(a) or math.isnan(b)):
                continue
            same = math.isnan(a) and math.isnan(b)
            if not (same or near(a, b) or (exact is not None and near(a, exact[index]))):
                self.differences.append(f"{case}: {expression} at bar {index} is {a!r}, in {source} {b!r}")
                return
        self.agreed[source] = self.agreed.get(source, 0) + 1


def run_case(pitwire, directory, name, table, comparison):
    path = directory / "candles.csv"
    write(path, table)
    moves = not np.all(table[:, :4] == table[0, 0])
    by_pine = pine(directory, path)
    known = {}
    exact = {"stdev(close,20)": exact_deviation(table[:, 3], 20)}

    def figure(expression):
        if expression not in known:
            known[expression] = ours(pitwire, path, expression)
        return known[expression]

    for expression, expected in by_pine.items():
        # PyneCore has a value of 0 on the very first bar, as Pine has, which no chart shows.
        first = 9 if expression.startswith("supertrend") else 0
        # Where it gives no number it may say infinite, or nothing.
        comparison.check(name, "PyneCore", expression, figure(expression), np.where(np.isinf(expected), np.nan, expected), first, False, exact.get(expression))
    for expression, expected, first, needs_movement in ta_lib(table):
        if moves or not needs_movement:
            comparison.check(name, "TA-Lib", expression, figure(expression), expected, first, True, exact.get(expression))
    for expression, expected in exact.items():
        comparison.check(name, "fractions", expression, figure(expression), expected, 0, False)
    comparison.check(name, "numpy", "vwap()", figure("vwap()"), session_price(table), 0, False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pitwire", help="the program to run")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--bars", type=int, default=900)
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, {arguments.bars} bars", flush=True)
    np.seterr(all="ignore")
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as directory:
        for name, table in series(np.random.default_rng(arguments.seed), arguments.bars):
            run_case(arguments.pitwire, Path(directory), name, table, comparison)
    for difference in comparison.differences[:40]:
        print(difference)
    counts = ", ".join(f"{source} {count}" for source, count in sorted(comparison.agreed.items()))
    print(f"series that agree: {counts}; that differ: {len(comparison.differences)}")
    if comparison.differences:
        print(f"to repeat it: add --seed {arguments.seed}")
    return 1 if comparison.differences or not comparison.agreed else 0


if __name__ == "__main__":
    sys.exit(main())
