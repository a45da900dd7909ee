"""A recogniser's graph is rewritten before it is tuned: not one value of it may change by that."""

from __future__ import annotations

import importlib.util

import pytest

if importlib.util.find_spec("torch") is None:
    pytest.skip("training environment only (make train)", allow_module_level=True)

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

from ocr.train.graph import FixedFilters, GraphModule
from ocr.train.simplify import simplify


def spelled_out() -> onnx.ModelProto:
    """A convolution, normalisation, then twice: scale, shift, hard swish in five steps, scale, shift, convolution."""
    rng = np.random.default_rng(1)
    constants = {
        "first": rng.normal(size=(8, 1, 3, 3)),
        "gain": rng.uniform(0.5, 2, 8),
        "offset": rng.normal(size=8),
        "mean": rng.normal(size=8),
        "variance": rng.uniform(0.5, 2, 8),
        "three": np.full(1, 3.0),
        "zero": np.array(0.0),
        "six": np.array(6.0),
        "sixth": np.full(1, 6.0),
        "filters": rng.normal(size=(8, 1, 3, 3)),
        "point": rng.normal(size=(4, 8, 1, 1)),
        **{name: rng.normal(size=1) for name in ("s0", "b0", "s1", "b1", "s2", "b2", "s3", "b3")},
    }
    nodes = [
        helper.make_node("Constant", [], [name], value=numpy_helper.from_array(value.astype(np.float32)))
        for name, value in constants.items()
    ]
    nodes += [
        conv("x", "first", "c0", 1, 1),
        helper.make_node("BatchNormalization", ["c0", "gain", "offset", "mean", "variance"], ["n0"]),
    ]
    nodes += [*swish("n0", "0", "1"), conv("n0.out", "filters", "c1", 1, 8), *swish("c1", "2", "3")]
    nodes.append(conv("c1.out", "point", "y", 0, 1))
    image, out = (helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("x", "y"))
    graph = helper.make_graph(nodes, "net", [image], [out])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)])
    model.ir_version = 8
    return model


def conv(source: str, weight: str, out: str, pad: int, group: int) -> onnx.NodeProto:
    size = 3 if pad else 1
    more = {"kernel_shape": [size, size], "pads": [pad] * 4, "strides": [1, 1], "dilations": [1, 1]}
    return helper.make_node("Conv", [source, weight], [out], group=group, **more)


def swish(source: str, before: str, after: str) -> list[onnx.NodeProto]:
    steps = [
        ("Mul", [f"s{before}", source], "scaled"),
        ("Add", [f"{source}.scaled", f"b{before}"], "in"),
        ("Add", [f"{source}.in", "three"], "up"),
        ("Clip", [f"{source}.up", "zero", "six"], "gate"),
        ("Mul", [f"{source}.in", f"{source}.gate"], "gated"),
        ("Div", [f"{source}.gated", "sixth"], "swish"),
        ("Mul", [f"s{after}", f"{source}.swish"], "again"),
        ("Add", [f"{source}.again", f"b{after}"], "out"),
    ]
    return [helper.make_node(kind, inputs, [f"{source}.{out}"]) for kind, inputs, out in steps]


def run(model: onnx.ModelProto, image: np.ndarray) -> np.ndarray:
    return np.asarray(onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": image})[0])


IMAGE = np.random.default_rng(2).normal(size=(2, 1, 9, 11)).astype(np.float32)


def test_the_rewritten_graph_gives_the_same_values_at_the_edges_too() -> None:
    model = spelled_out()
    short = simplify(model)
    assert len(short.graph.node) < 12 < len(model.graph.node)
    np.testing.assert_allclose(run(short, IMAGE), run(model, IMAGE), rtol=1e-4, atol=1e-4)


def test_the_trained_module_gives_what_the_file_gives() -> None:
    short = simplify(spelled_out())
    for fixed in (False, True):
        module = GraphModule(short, fixed)
        read = module(torch.from_numpy(IMAGE)).detach().numpy()
        np.testing.assert_allclose(read, run(short, IMAGE), rtol=1e-4, atol=1e-4)
        assert ("filters" in module.weights) is not fixed


@pytest.mark.parametrize("strides", [(1, 1), (2, 1), (1, 2)])
def test_the_short_cut_of_the_gradient_is_the_gradient(strides: tuple[int, int]) -> None:
    torch.manual_seed(1)
    filters = torch.randn(3, 1, 5, 5)
    bias = torch.randn(3, requires_grad=True)
    found = []
    for short in (True, False):
        image = torch.arange(3.0 * 12 * 10).reshape(1, 3, 12, 10).requires_grad_()
        bias.grad = None
        if short:
            out = FixedFilters.apply(image, filters, bias, strides)
        else:
            out = torch.nn.functional.conv2d(image, filters, bias, strides, 2, 1, 3)
        (out * torch.linspace(-1, 1, out.numel()).reshape(out.shape)).sum().backward()
        found.append((image.grad, bias.grad))
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


def test_sizes_that_a_graph_casts_stay_whole_numbers():
    """Cast to floats, they stood beside whole ones, and the third reader's fresh export could not be loaded."""
    size = numpy_helper.from_array(np.array([8], np.int32), "size")
    nodes = [
        helper.make_node("Cast", ["size"], ["whole"], to=TensorProto.INT64),
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Concat", ["whole", "shape"], ["y"], axis=0),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N"])
    y = helper.make_tensor_value_info("y", TensorProto.INT64, [2])
    model = helper.make_model(
        helper.make_graph(nodes, "sizes", [x], [y], [size]),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )
    session = onnxruntime.InferenceSession(simplify(model).SerializeToString())
    assert session.run(None, {"x": np.zeros(3, np.float32)})[0].tolist() == [8, 3]
