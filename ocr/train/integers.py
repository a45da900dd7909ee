"""A trained reader's convolutions in 8-bit integers: the last step before it is calibrated and shipped.

Products of integers are exact, so every processor adds them up to the same number; floats are rounded differently
by each. Where integers begin, no float sum may come before whose order depends on the processor:
that is why the first convolutions, with several channels and a window, are among them.

Weights get seven bits, inputs eight without sign: two products of 255 x 63 fit the 16 bits in which AVX2 without
VNNI adds pairs; with eight bits they overflow there. Their rounding follows GPTQ (Frantar et al., arXiv:2210.17323);
channels before a ReLU are brought to similar ranges first (Nagel et al., arXiv:1906.04721). Ranges come from drawn
cells by hands of the training. Depthwise convolutions, gates, sums of shortcuts, neck and head stay floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from ocr.train.ranges import Range, batches_of, observe
from ocr.train.simplify import Array, Graph
from ocr.train.whole import Plan, equalise

Doubles = NDArray[np.float64]
LIMIT = 63
"""Largest weight."""
STEPS = 255
"""Largest input."""
_ELEMENTWISE = frozenset({"Add", "Div", "Erf", "HardSigmoid", "Mul", "Relu", "Sigmoid", "Sub"})
_CLIPS = (1.0, 0.95, 0.9, 0.85, 0.8)


def to_integers(model: onnx.ModelProto, cells: Sequence[NDArray[np.uint8]]) -> onnx.ModelProto:
    """Copy of an exported reader with integer convolutions; ``cells`` are prepared ones, (48, W) each."""
    graph = Graph(model)
    for conv in [n for n in graph.nodes if n.op_type == "Conv"]:
        graph.join_bias(conv)
    for norm in [n for n in graph.nodes if n.op_type == "BatchNormalization"]:
        graph.join_norm(norm)
    plan = Plan(graph)
    chosen = [*plan.windows, *plan.points]
    values = {v for conv in chosen for v in (conv.input[0], *plan.scale_of(conv.input[0]))}
    values |= {plan.relu(conv).output[0] for conv in plan.windows}
    equalise(plan, observe(graph.model(), batches_of(cells), sorted(values)))
    seen = observe(graph.model(), batches_of(cells), sorted(values), {c.input[0] for c in plan.points})
    return Writer(plan, seen).model()


@dataclass(frozen=True)
class Scale:
    """Real value = step * (integer - zero)."""

    step: float
    zero: int

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> Scale:
        """The scale that holds all of them."""
        kept = list(ranges)
        low, high = min(0.0, *(r.low.min() for r in kept)), max(1e-6, *(r.high.max() for r in kept))
        step = float(np.float32((high - low) / STEPS))
        return cls(step, round(-low / step))


class Writer:
    """Writes the graph again. Pictures lie channels first or last, as floats or integers; what is missing is made."""

    def __init__(self, plan: Plan, seen: dict[str, Range]) -> None:
        self.plan, self.seen = plan, seen
        self.nodes: list[onnx.NodeProto] = []
        self.weights = dict(plan.graph.weights)
        self.last: set[str] = set()
        """Values that were written with their channels last."""
        self.whole: set[str] = set()
        """Values that were written as integers."""
        self.made: set[str] = set()
        chosen = {id(n): n for n in (*plan.windows, *plan.points)}
        points, relus = {id(n) for n in plan.points}, {id(plan.relu(n)) for n in plan.windows}
        for node in plan.graph.nodes:
            if id(node) in points:
                self._point(node)
            elif id(node) in chosen:
                self._window(node)
            elif id(node) not in relus:
                self._plain(node)

    def model(self) -> onnx.ModelProto:
        """The graph as a model."""
        graph = self.plan.graph
        for value in self.last.intersection(out.name for out in graph.source.graph.output):
            self._add("Transpose", [f"{value}.last"], value, perm=[0, 3, 1, 2])
        graph.nodes, graph.weights = self.nodes, self.weights
        model = graph.model()
        model.opset_import[0].version = max(model.opset_import[0].version, 12)
        model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
        return model

    def _add(self, kind: str, inputs: list[str], out: str, **attributes: object) -> str:
        """A node, once."""
        if out not in self.made:
            self.made.add(out)
            self.nodes.append(onnx.helper.make_node(kind, inputs, [out], **attributes))
        return out

    def _first(self, value: str) -> str:
        """The value as floats, channels first."""
        if value in self.last:
            return self._add("Transpose", [f"{value}.last"], f"{value}.first", perm=[0, 3, 1, 2])
        if value in self.whole:
            return self._add("DequantizeLinear", [f"{value}.whole", *self._scale(value)], f"{value}.first")
        return value

    def _last(self, value: str) -> str:
        """The value as floats, channels last."""
        return f"{value}.last" if value in self.last else self._turned(self._first(value), f"{value}.last")

    def _turned(self, value: str, out: str) -> str:
        return self._add("Transpose", [value], out, perm=[0, 2, 3, 1])

    def _scale(self, value: str) -> tuple[str, str]:
        """Names of the step and the zero of a value."""
        group = next((g for g in map(self.plan.scale_of, self.seen) if value in g[1:]), None)
        group = group or self.plan.scale_of(value)
        found = Scale.of(self.seen[one] for one in group)
        step, zero = f"{group[0]}.step", f"{group[0]}.zero"
        self.weights[step] = np.array(found.step, np.float32)
        self.weights[zero] = np.array(found.zero, np.uint8)
        return step, zero

    def _whole(self, value: str, last: bool = False) -> str:
        """The value as integers, channels first or last."""
        if value in self.whole:
            return self._turned(f"{value}.whole", f"{value}.whole.last") if last else f"{value}.whole"
        joined = self.plan.source[value]
        if joined.op_type == "Concat":
            parts = [self._whole(part) for part in joined.input]
            out = self._add("Concat", parts, f"{value}.whole", axis=1)
            return self._turned(out, f"{out}.last") if last else out
        picture, end = (self._last(value), ".whole.last") if last else (self._first(value), ".whole")
        return self._add("QuantizeLinear", [picture, *self._scale(value)], value + end)

    def _point(self, conv: onnx.NodeProto) -> None:
        """A convolution of single pixels is a product of matrices, with a float for an output."""
        source, out, name = conv.input[0], conv.output[0], conv.input[1]
        weight, ours = self.weights[name][:, :, 0, 0].astype(np.float64), self.seen[source]
        step = clipped(weight)
        whole = rounded(weight, step, ours.moments)
        lost = (weight - whole * step[:, None]) @ ours.mean  # would be missing in the mean of the output
        self._store(name, whole.T, step, self._bias(conv) + lost.astype(np.float32))
        scale, zero = self._scale(source)
        parts = [
            self._whole(source, last=True),
            f"{name}.whole",
            scale,
            f"{name}.step",
            zero,
            "",
            f"{name}.bias",
        ]
        self._add("MatMulIntegerToFloat", parts, f"{out}.last", domain="com.microsoft")
        self.last.add(out)

    def _window(self, conv: onnx.NodeProto) -> None:
        """A convolution with a window and its ReLU: below zero there are no integers."""
        source, name, out = conv.input[0], conv.input[1], self.plan.relu(conv).output[0]
        weight = self.weights[name].astype(np.float64)
        flat = weight.reshape(len(weight), -1)
        step = clipped(flat)
        whole = np.clip(np.round(flat / step[:, None]), -LIMIT, LIMIT).reshape(weight.shape)
        (of_input, zero_in), (of_output, zero_out) = self._scale(source), self._scale(out)
        self._store(name, whole, step, np.round(self._bias(conv) / (step * self.weights[of_input])))
        self.weights[f"{name}.bias"] = self.weights[f"{name}.bias"].astype(np.int32)
        self.weights[f"{name}.zero"] = np.array(0, np.int8)
        parts = [self._whole(source), of_input, zero_in, f"{name}.whole", f"{name}.step", f"{name}.zero"]
        self._add("QLinearConv", [*parts, of_output, zero_out, f"{name}.bias"], f"{out}.whole")
        self.nodes[-1].attribute.extend(conv.attribute)
        self.whole.add(out)

    def _bias(self, conv: onnx.NodeProto) -> Array:
        return self.weights[conv.input[2]] if len(conv.input) > 2 else np.zeros(1, np.float32)

    def _store(self, name: str, whole: Doubles, step: Doubles, bias: Array | Doubles) -> None:
        self.weights[f"{name}.whole"] = whole.astype(np.int8)
        self.weights[f"{name}.step"] = step.astype(np.float32)
        self.weights[f"{name}.bias"] = np.broadcast_to(bias, step.shape).astype(np.float32)

    def _plain(self, node: onnx.NodeProto) -> None:
        """Any other node, channels last where it matters to none and one of its inputs lies so."""
        if node.op_type == "Concat" and any(i in self.whole for i in node.input):
            return  # joined where it is read
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        del copy.input[:]
        if node.op_type in _ELEMENTWISE and any(i in self.last for i in node.input):
            copy.input.extend(i if i in self.weights else self._last(i) for i in node.input)
            copy.output[0] = f"{node.output[0]}.last"
            self.last.add(node.output[0])
        else:
            copy.input.extend(self._first(i) for i in node.input)
        self.nodes.append(copy)


def clipped(weight: Doubles) -> Doubles:
    """(N, K) weights to one step a row: the largest weights are cut off where the rest gains more."""
    steps = np.abs(weight).max(1) * np.reshape(_CLIPS, (-1, 1)) / LIMIT
    steps = np.maximum(steps, 1e-12)[..., None]
    error = ((np.clip(np.round(weight / steps), -LIMIT, LIMIT) * steps - weight) ** 2).sum(2)
    best: Doubles = steps[error.argmin(0), np.arange(len(weight)), 0]
    return best


def rounded(weight: Doubles, step: Doubles, moments: Doubles) -> Doubles:
    """(N, K) weights as integers; later columns make good what earlier ones lost, on inputs with (K, K) moments."""
    left, inputs = weight.copy(), weight.shape[1]
    damped = moments + np.eye(inputs) * 0.01 * np.trace(moments) / inputs
    upper = np.linalg.cholesky(np.linalg.inv(damped)).T
    whole = np.zeros_like(left)
    for k in range(inputs):
        whole[:, k] = np.clip(np.round(left[:, k] / step), -LIMIT, LIMIT)
        lost = (left[:, k] - whole[:, k] * step) / upper[k, k]
        left[:, k:] -= lost[:, None] * upper[k, k:]
    return whole
