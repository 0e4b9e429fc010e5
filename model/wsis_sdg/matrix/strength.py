"""How strongly two labels go together in a body of text, beyond what chance brings about.

Three figures a cell, all against independence, under which a line that stands in ``a`` of ``n``
paragraphs and a label that stands in ``b`` meet in ``a * b / n`` of them:

* **lift**: paragraphs in which both were tagged over those expected;
* **q-value**: Fisher's exact test, one-sided, that they meet more often than expected, adjusted
  over all cells that could be tested (Benjamini and Hochberg 1995);
* **strength**: lift from the probabilities instead of the tags, drawn towards 1 where little
  was expected: the geometric mean of a gamma-Poisson posterior whose prior is fitted to the
  table's own tags (DuMouchel 1999, "Bayesian data mining in large frequency tables", EBGM), with
  the bounds of its 90 % interval (EB05, EB95).

Strength ranks the cells. A plain count would rank the labels that are frequent anywhere first in
every row, which is the baseline to beat, and a plain lift the cells that were seen once. The
prior comes from the tags, since sums of probabilities vary less than counts do and would make
every cell look alike; between random halves of the labelled set this order is the stablest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]

FALSE_DISCOVERY_RATE: Final = 0.05
"""Of the cells called linked, at most this share is expected to have met by chance."""
LEAST_LIFT: Final = 1.5
"""Half as often again as chance: in a large corpus trifles pass the test as well."""
INTERVAL: Final = (0.05, 0.95)
_LOG_PRIOR_BOUNDS: Final = (-4.0, 6.0)


@dataclass(frozen=True, slots=True)
class Cells:
    """The figures of all cells between the action lines and one label space.

    Every array is ``(18, k)``: action lines by goals (``k`` = 17) or by targets (169).

    Attributes:
        together: Paragraphs that carry both labels.
        expected: Paragraphs that would, were the labels independent.
        lift: ``together / expected``; 0 where nothing is expected.
        p_value: One-sided Fisher test; 1 where a label never occurs.
        q_value: The same, adjusted for the number of cells tested.
        soft: Sum over paragraphs of the product of both probabilities.
        soft_expected: What independence makes of the probabilities' sums.
        strength: Shrunken lift of ``soft`` over ``soft_expected``.
        low: Lower bound of the 90 % interval of strength.
        high: Its upper bound.
        linked: Whether the text links the two, by :func:`decide_links`.
    """

    together: Counts
    expected: Doubles
    lift: Doubles
    p_value: Doubles
    q_value: Doubles
    soft: Doubles
    soft_expected: Doubles
    strength: Doubles
    low: Doubles
    high: Doubles
    linked: Bools


def measure_cells(
    lines: NDArray[np.float32], labels: NDArray[np.float32], lines_given: Bools, labels_given: Bools
) -> Cells:
    """Measure every cell between action lines and labels.

    Args:
        lines: Probabilities ``(n, 18)``.
        labels: Probabilities ``(n, k)``.
        lines_given: Which lines were tagged, ``(n, 18)``.
        labels_given: Which labels were tagged, ``(n, k)``.
    """
    n = len(lines)
    together = np.rint(lines_given.T.astype(np.float32) @ labels_given.astype(np.float32))
    together = together.astype(np.int64)
    of_line = lines_given.sum(axis=0, dtype=np.int64)[:, None]
    of_label = labels_given.sum(axis=0, dtype=np.int64)[None, :]
    expected = of_line * of_label / max(n, 1)
    lift = np.divide(together, expected, out=np.zeros_like(expected), where=expected > 0)
    p_value = chance_p_values(together, of_line, of_label, n=n)
    q_value = adjust_p_values(p_value, testable=(of_line > 0) & (of_label > 0))
    soft = (lines.T @ labels).astype(np.float64)
    line_sums = lines.sum(axis=0, dtype=np.float64)[:, None]
    soft_expected = line_sums * labels.sum(axis=0, dtype=np.float64)[None, :] / max(n, 1)
    strength, low, high = shrink_lift(
        soft, soft_expected, shape=fit_prior(together.astype(np.float64), expected)
    )
    return Cells(
        together=together,
        expected=expected,
        lift=lift,
        p_value=p_value,
        q_value=q_value,
        soft=soft,
        soft_expected=soft_expected,
        strength=strength,
        low=low,
        high=high,
        linked=decide_links(q_value, lift),
    )


def decide_links(q_value: Doubles, lift: Doubles) -> Bools:
    """The rule: linked where the q-value is at most 0.05 and lift at least 1.5.

    Both bounds are conventions, set before the official matrix was looked at.
    """
    return (q_value <= FALSE_DISCOVERY_RATE) & (lift >= LEAST_LIFT)


def chance_p_values(together: Counts, of_line: Counts, of_label: Counts, *, n: int) -> Doubles:
    """Fisher's exact test, one-sided: the chance of meeting this often or more.

    Args:
        together: ``(18, k)`` paragraphs with both.
        of_line: ``(18, 1)`` paragraphs with the line.
        of_label: ``(1, k)`` paragraphs with the label.
        n: All paragraphs.
    """
    from scipy.stats import hypergeom

    if n == 0:
        return np.ones(together.shape)
    values: Doubles = hypergeom.sf(together - 1, n, of_line, of_label)
    return np.clip(values, 0.0, 1.0)


def adjust_p_values(p_value: Doubles, *, testable: Bools) -> Doubles:
    """Benjamini-Hochberg q-values over the testable cells; 1 in all others.

    A cell whose line or label never occurs cannot be tested, so it is no test to pay for.
    """
    from scipy.stats import false_discovery_control

    adjusted = np.ones_like(p_value)
    if testable.any():
        adjusted[testable] = false_discovery_control(p_value[testable])
    return adjusted


def shrink_lift(
    observed: Doubles, expected: Doubles, *, shape: float
) -> tuple[Doubles, Doubles, Doubles]:
    """Lift drawn towards 1 the more, the less was expected, with its 90 % interval.

    ``observed`` is taken as Poisson with mean ``lift * expected``, and lift as gamma with mean 1.

    Args:
        observed: Counts or sums of probabilities.
        expected: What independence makes of them.
        shape: Of the gamma prior, from :func:`fit_prior`: the higher, the stronger the pull.

    Returns:
        Geometric mean, lower and upper bound of the posterior, each of the shape given.
    """
    from scipy.special import digamma
    from scipy.stats import gamma

    posterior, rate = shape + observed, shape + expected
    low, high = (gamma.ppf(bound, posterior, scale=1 / rate) for bound in INTERVAL)
    return np.exp(digamma(posterior) - np.log(rate)), low, high


def fit_prior(observed: Doubles, expected: Doubles) -> float:
    """The shape of the gamma prior that makes counts likeliest; 1 where nothing is expected."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    seen = expected > 0
    if not seen.any():
        return 1.0
    o, e = observed[seen], expected[seen]

    def loss(log_shape: float) -> float:
        a = np.exp(log_shape)
        likelihood = gammaln(a + o) - gammaln(a) + a * np.log(a) - (a + o) * np.log(a + e)
        return -float(likelihood.sum())

    found = minimize_scalar(loss, bounds=_LOG_PRIOR_BOUNDS, method="bounded")
    return float(np.exp(found.x))
