"""Quantiles that are counted are NumPy's, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.quantiles import median, percentile, quantile


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.9, 0.992, 1.0])
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_a_counted_quantile_is_another_one(share, kind):
    rng = np.random.default_rng(1)
    for _ in range(50):
        values = (255 * rng.random(tuple(rng.integers(1, 40, 2)))).astype(kind)
        assert quantile(values, share) == float(np.quantile(values, share))


@pytest.mark.parametrize("percent", [1, 50, 95, 98, 99.7, 100])
def test_a_quantile_of_many_values_is_another_one(percent):
    values = (np.random.default_rng(2).random((90, 200)) ** 3).astype(np.float32)
    for some in (values, values.round(2), np.zeros_like(values)):
        assert percentile(some, percent) == float(np.percentile(some, percent))


def test_the_counted_median_or_percentile_is_another_one():
    rng = np.random.default_rng(1)
    for _ in range(50):
        grey = rng.integers(0, 256, tuple(rng.integers(1, 30, 2)), dtype=np.uint8)
        assert median(grey) == np.median(grey)
        assert percentile(grey, 99.7) == np.percentile(grey, 99.7)
