"""@pyne

Every indicator of the comparison as a Pine script, run by PyneCore. Called by compare.py; the docstring's first word
is what PyneCore knows its scripts by.
"""
from pynecore.lib import close, high, hlc3, low, plot, script, ta


@script.indicator("Every indicator")
def main():
    plot(ta.sma(close, 20), "sma(close,20)")
    plot(ta.ema(close, 20), "ema(close,20)")
    plot(ta.rma(close, 14), "rma(close,14)")
    plot(ta.wma(close, 20), "wma(close,20)")
    plot(ta.stdev(close, 20), "stdev(close,20)")
    plot(ta.highest(high, 20), "highest(high,20)")
    plot(ta.lowest(low, 20), "lowest(low,20)")
    plot(ta.roc(close, 10), "roc(close,10)")
    plot(ta.rsi(close, 14), "rsi(close,14)")
    plot(ta.cci(hlc3, 20), "cci(hlc3,20)")
    plot(ta.mfi(hlc3, 14), "mfi(hlc3,14)")
    line, signal, histogram = ta.macd(close, 12, 26, 9)
    plot(line, "macd(close,12,26,9).macd")
    plot(signal, "macd(close,12,26,9).signal")
    plot(histogram, "macd(close,12,26,9).hist")
    basis, upper, lower = ta.bb(close, 20, 2.0)
    plot(upper, "bb(close,20,2).upper")
    plot(basis, "bb(close,20,2).basis")
    plot(lower, "bb(close,20,2).lower")
    plot(ta.stoch(close, high, low, 14), "stoch(close,high,low,14)")
    plot(ta.atr(14), "atr(14)")
    plus, minus, adx = ta.dmi(14, 14)
    plot(plus, "dmi(14,14).plus")
    plot(minus, "dmi(14,14).minus")
    plot(adx, "dmi(14,14).adx")
    value, direction = ta.supertrend(3.0, 10)
    plot(value, "supertrend(3,10).value")
    plot(direction, "supertrend(3,10).direction")
    plot(ta.obv(), "obv()")
    plot(ta.wpr(14), "wpr(14)")
    plot(ta.sma(ta.rsi(close, 14), 3), "sma(rsi(close,14),3)")


if __name__ == "__main__":
    from pynecore.standalone import run

    run(__file__)
