"""A reader in integers reads as its float parent does, and no sum of it can overflow on a processor without VNNI."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

if importlib.util.find_spec("onnx") is None:
    pytest.skip("training environment only (make train)", allow_module_level=True)

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from ocr.prepared import prepare
from ocr.train.integers import LIMIT, STEPS, clipped, rounded, to_integers
from ocr.train.ranges import batches_of

RNG = np.random.default_rng(7)
PAIR = 2**15 - 1
"""The largest sum of two products that AVX2 keeps before it cuts."""


def network() -> onnx.ModelProto:
    """Everything that the readers have: windows, a pool, a join, a gate, a shortcut, GELU, a depthwise filter."""
    shapes = {"first": (8, 1, 3, 3), "window": (8, 8, 2, 2), "wide": (16, 16, 3, 3), "filters": (16, 1, 3, 3)}
    shapes |= {"narrow": (4, 16, 1, 1), "broad": (16, 4, 1, 1), "up": (32, 16, 1, 1), "down": (16, 32, 1, 1)}
    weights = {n: RNG.normal(size=s) * 2 / np.sqrt(np.prod(s[1:])) for n, s in shapes.items()}
    weights["window"][0] *= 8  # one loud channel
    weights |= {f"{n}.b": RNG.normal(size=(1, s[0], 1, 1)) * 0.2 for n, s in shapes.items()}
    weights |= {"root": np.array(2**0.5), "one": np.array(1.0), "half": np.array(0.5)}
    nodes = [
        *conv("x", "first", 3, 1, "a"),
        helper.make_node("Relu", ["a"], ["ra"]),
        *conv("ra", "window", 2, 1, "b"),
        helper.make_node("Relu", ["b"], ["rb"]),
        helper.make_node(
            "MaxPool", ["ra"], ["pool"], kernel_shape=[2, 2], strides=[1, 1], auto_pad="SAME_UPPER"
        ),
        helper.make_node("Concat", ["pool", "rb"], ["joined"], axis=1),
        *conv("joined", "wide", 3, 1, "c"),
        helper.make_node("Relu", ["c"], ["rc"]),
        *conv("rc", "filters", 3, 16, "d"),
        helper.make_node("ReduceMean", ["d"], ["mean"], axes=[2, 3], keepdims=1),
        *conv("mean", "narrow", 1, 1, "n"),
        helper.make_node("Relu", ["n"], ["rn"]),
        *conv("rn", "broad", 1, 1, "g"),
        helper.make_node("HardSigmoid", ["g"], ["gate"], alpha=0.2, beta=0.5),
        helper.make_node("Mul", ["d", "gate"], ["e"]),
        *conv("e", "up", 1, 1, "u"),
        helper.make_node("Div", ["u", "root"], ["u1"]),
        helper.make_node("Erf", ["u1"], ["u2"]),
        helper.make_node("Add", ["u2", "one"], ["u3"]),
        helper.make_node("Mul", ["u", "u3"], ["u4"]),
        helper.make_node("Mul", ["u4", "half"], ["u5"]),
        *conv("u5", "down", 1, 1, "v"),
        helper.make_node("Add", ["e", "v"], ["y"]),
    ]
    stored = [numpy_helper.from_array(np.asarray(a, np.float32), n) for n, a in weights.items()]
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("x", "y")]
    graph = helper.make_graph(nodes, "net", ends[:1], ends[1:], stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)])
    model.ir_version = 8
    return model


def conv(source: str, weight: str, size: int, group: int, out: str) -> list[onnx.NodeProto]:
    same = {"kernel_shape": [size, size], "auto_pad": "SAME_UPPER", "group": group}
    return [
        helper.make_node("Conv", [source, weight], [f"{out}.plain"], **same),
        helper.make_node("Add", [f"{out}.plain", f"{weight}.b"], [out]),
    ]


def cells() -> list[np.ndarray]:
    found = []
    for number in (7, 31, 142, 2065, 998):
        crop = np.full((52, 170), 236, np.uint8)
        cv2.putText(crop, str(number), (14, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.15, 40, 2, cv2.LINE_AA)
        found.append(prepare(crop))
    return found


def run(model: onnx.ModelProto, image: np.ndarray) -> np.ndarray:
    return np.asarray(onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": image})[0])


def test_the_network_in_integers_gives_what_the_floats_give() -> None:
    model, shown = network(), cells()
    whole = to_integers(model, shown)
    kinds = [node.op_type for node in whole.graph.node]
    assert kinds.count("QLinearConv") == 2  # both windows with several channels
    assert kinds.count("MatMulIntegerToFloat") == 2
    for image in batches_of(shown):
        floats, integers = run(model, image), run(whole, image)
        assert (
            np.sqrt(np.mean((floats - integers) ** 2)) < 0.06 * floats.std()
        )  # untrained and loud: worse than a reader


def test_a_sum_of_two_products_fits_where_pairs_are_added_in_16_bits() -> None:
    assert 2 * STEPS * LIMIT <= PAIR
    whole = to_integers(network(), cells())
    stored = [numpy_helper.to_array(w) for w in whole.graph.initializer]
    kept = [a for a in stored if a.dtype == np.int8]
    assert len(kept) >= 4
    assert all(np.abs(a.astype(int)).max() <= LIMIT for a in kept)


def test_what_is_drawn_alone_does_not_change_beside_others() -> None:
    """One scale for all: a cell's reading must not hang on the cells that go through the network with it."""
    shown = cells()
    whole = to_integers(network(), shown)
    (batch,) = [b for b in batches_of(shown) if len(b) > 1][:1]
    np.testing.assert_array_equal(run(whole, batch)[:1], run(whole, batch[:1]))


def test_rounding_by_moments_loses_less_than_plain_rounding() -> None:
    inputs = RNG.normal(size=(500, 24)) @ RNG.normal(size=(24, 24))
    weight = RNG.normal(size=(6, 24))
    step = clipped(weight) * 4  # few steps, so that the difference is plain
    plain = np.clip(np.round(weight / step[:, None]), -LIMIT, LIMIT)
    better = rounded(weight, step, inputs.T @ inputs / len(inputs))
    lost = [float((((q * step[:, None] - weight) @ inputs.T) ** 2).mean()) for q in (plain, better)]
    assert lost[1] < 0.7 * lost[0]


def test_a_reader_in_integers_is_told_from_one_in_floats(tmp_path: Path) -> None:
    from ocr.train.bases import in_integers

    onnx.save(network(), str(tmp_path / "floats.onnx"))
    onnx.save(to_integers(network(), cells()), str(tmp_path / "integers.onnx"))
    assert not in_integers(tmp_path / "floats.onnx")
    assert in_integers(tmp_path / "integers.onnx")
