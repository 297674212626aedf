"""Writes equivalence.json: what SciPy makes of the two one-sided t-tests, and of their power.

    python lib/analysis/scipy/make_equivalence.py        (SciPy 1.15.3)

The tests are `scipy.stats.ttest_1samp` with `alternative`; the power is the integral of the normal probability of the mean over the
distribution of the estimated deviation, by `scipy.integrate.quad` and `scipy.stats.chi`.
"""

import json
import pathlib

import numpy
import scipy
from scipy import integrate, stats

generator = numpy.random.default_rng(7)


def tests():
    for count, center, spread, to, margin in [
        (2, 8.75, 0.2, 8.75, 0.5),
        (3, 8.7, 0.1, 8.75, 0.4),
        (5, 9.85, 0.44, 8.75, 0.5),
        (5, 6.97, 0.25, 7.51, 0.27),
        (8, 7.5, 0.2, 7.51, 0.27),
        (12, 0.1, 1.0, 0.0, 0.6),
        (31, -2.0, 3.0, -1.5, 1.0),
    ]:
        values = [round(value, 3) for value in generator.normal(center, spread, count).tolist()]
        above = stats.ttest_1samp(values, to - margin, alternative="greater").pvalue
        below = stats.ttest_1samp(values, to + margin, alternative="less").pvalue
        low, high = stats.ttest_1samp(values, to).confidence_interval(0.9)
        yield {"values": values, "to": to, "margin": margin, "p": max(above, below), "lower": low, "upper": high}


def power(runs, deviation, margin, difference, level):
    quantile = stats.t.ppf(1 - level, runs - 1)
    error = deviation / runs**0.5

    def chance(chi):
        room = margin - quantile * error * chi / (runs - 1) ** 0.5
        if room <= 0:
            return 0.0
        between = stats.norm.cdf((room - difference) / error) - stats.norm.cdf((-room - difference) / error)
        return between * stats.chi.pdf(chi, runs - 1)

    end = margin * (runs - 1) ** 0.5 / (quantile * error)
    return integrate.quad(chance, 0, end, limit=500, points=[min(end, (runs - 1) ** 0.5)])[0]


def powers():
    for runs, deviation, margin, difference, level in [
        (2, 0.2, 0.27, 0.0, 0.05),
        (3, 0.2, 0.27, 0.0, 0.05),
        (5, 0.2, 0.27, 0.0, 0.05),
        (7, 0.2, 0.27, 0.05, 0.05),
        (8, 0.2, 0.27, 0.1, 0.05),
        (20, 1.0, 0.5, 0.0, 0.05),
        (50, 1.0, 0.5, 0.1, 0.01),
    ]:
        plan = {"deviation": deviation, "margin": margin, "difference": difference, "level": level}
        yield {"runs": runs, **plan, "power": power(runs, **plan)}


made = {"scipy": scipy.__version__, "tests": list(tests()), "powers": list(powers())}
path = pathlib.Path(__file__).with_name("equivalence.json")
path.write_text(json.dumps(made, indent=2) + "\n")
