"""The model card says what was measured on the weights that lie beside it, and nothing else."""

from __future__ import annotations

import copy
import importlib.util
import json

import pytest

if importlib.util.find_spec("fontTools") is None:
    pytest.skip("training environment only (make train)", allow_module_level=True)

from ocr.digits import MODELS
from ocr.train.card import lines
from tests.conftest import REPOSITORY

FIGURES = json.loads((REPOSITORY / "benchmarks" / "results" / "digits.json").read_text(encoding="utf-8"))
SETTINGS = json.loads((MODELS / "digits.json").read_text(encoding="utf-8"))


def test_the_card_is_the_one_that_the_figures_make() -> None:
    card = (MODELS / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card == "\n".join(lines(FIGURES, SETTINGS)) + "\n"


def test_figures_of_other_weights_are_refused() -> None:
    other = copy.deepcopy(FIGURES)
    other["readers"]["large"]["sha256"] = "0" * 64
    with pytest.raises(ValueError, match="large"):
        list(lines(other, SETTINGS))
