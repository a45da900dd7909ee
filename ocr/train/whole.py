"""Which convolutions of a reader become integers, and its channels brought to similar ranges for that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import onnx

from ocr.train.ranges import Range
from ocr.train.simplify import Array, Graph

_POOLED = frozenset({"AveragePool", "GlobalAveragePool", "ReduceMean"})


class Plan:
    """Which convolutions become integers, and what reads what."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.source = {out: node for node in graph.nodes for out in node.output}
        convs = [n for n in graph.nodes if n.op_type == "Conv" and not _is_depthwise(n)]
        self.points = [n for n in convs if self._size(n) == 1 and not self._is_gate(n)]
        self.windows = [
            n
            for n in convs
            if self._size(n) > 1 and graph.weights[n.input[1]].shape[1] > 1 and graph.after(n, "Relu")
        ]

    def relu(self, conv: onnx.NodeProto) -> onnx.NodeProto:
        """The ReLU behind a convolution with a window."""
        found = self.graph.after(conv, "Relu")
        assert found is not None
        return found

    def scale_of(self, value: str) -> tuple[str, ...]:
        """The values that must share one scale with this one: what is joined is joined as integers."""
        joined = self.source.get(value)
        return (value, *joined.input) if joined is not None and joined.op_type == "Concat" else (value,)

    def readers(self, value: str, first: int = 0) -> Iterator[tuple[onnx.NodeProto, int]]:
        """Who reads a value, through joins and pools of maxima, and which of the reader's channels it is first."""
        for node in self.graph.readers(value):
            if node.op_type == "MaxPool":
                yield from self.readers(node.output[0], first)
            elif node.op_type == "Concat":
                before = list(node.input)[: list(node.input).index(value)]
                yield from self.readers(node.output[0], first + sum(map(self._channels, before)))
            else:
                yield node, first

    def _channels(self, value: str) -> int:
        node = self.source[value]
        if node.op_type == "Conv":
            return len(self.graph.weights[node.input[1]])
        return self._channels(node.input[0])

    def _size(self, conv: onnx.NodeProto) -> int:
        return int(np.prod(self.graph.weights[conv.input[1]].shape[2:]))

    def _is_gate(self, conv: onnx.NodeProto) -> bool:
        """Whether a convolution sees means of channels, not a picture."""
        node = self.source.get(conv.input[0])
        if node is not None and node.op_type == "Relu":
            node = self.source.get(node.input[0])
            node = self.source.get(node.input[0]) if node is not None and node.op_type == "Conv" else node
        return node is not None and node.op_type in _POOLED


def _is_depthwise(conv: onnx.NodeProto) -> bool:
    return next((int(a.i) for a in conv.attribute if a.name == "group"), 1) > 1


def equalise(plan: Plan, seen: dict[str, Range]) -> None:
    """Bring the channels before each ReLU to similar ranges; their readers take the factors back."""
    graph = plan.graph
    for relu in [n for n in graph.nodes if n.op_type == "Relu"]:
        conv, out = plan.source[relu.input[0]], relu.output[0]
        uses = list(plan.readers(out))
        if out not in seen or conv.op_type != "Conv" or any(n.op_type != "Conv" for n, _ in uses):
            continue
        top = np.maximum(seen[out].high, 1e-3)
        largest = np.max([np.abs(_part(graph, *use, len(top))).max((1, 2, 3)) for use in uses], 0)
        factor = np.sqrt(top / np.maximum(largest, 1e-6))
        factor = (factor / np.exp(np.log(factor).mean())).astype(np.float32)
        graph.rescale(conv, 1 / factor, np.zeros(1, np.float32))
        for node, first in uses:
            graph.weights[node.input[1]] = graph.weights[node.input[1]].copy()
            _part(graph, node, first, len(top))[:] *= factor.reshape(-1, 1, 1, 1)


def _part(graph: Graph, conv: onnx.NodeProto, first: int, count: int) -> Array:
    """View of a convolution's weights for ``count`` of its input channels, these in front."""
    weight = graph.weights[conv.input[1]]
    return (weight if _is_depthwise(conv) else weight.swapaxes(0, 1))[first : first + count]
