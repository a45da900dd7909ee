"""A recogniser's graph with what an exporter spelled out joined again: same values, half the time.

PP-OCRv4's convolution blocks are written as convolution, scale, shift, a hard swish in five steps, scale and shift.
Everything constant among it goes into the convolutions, and the hard swish becomes two operators.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Array = NDArray[np.float32]


def simplify(model: onnx.ModelProto) -> onnx.ModelProto:
    """Copy of the model with constants as weights, and scales, shifts and normalisations inside convolutions."""
    graph = Graph(model)
    for node in list(graph.nodes):
        if node.op_type == "BatchNormalization":
            graph.join_norm(node)
    for conv in [n for n in graph.nodes if n.op_type == "Conv"]:
        graph.join_affine(conv)
    for start in [n for n in graph.nodes if n.op_type == "Add"]:
        graph.join_hard_swish(start)
    for product in [n for n in graph.nodes if n.op_type == "Mul"]:
        graph.push_affine(product)
    return graph.model()


def _is_half(node: onnx.NodeProto) -> bool:
    """True for what makes 32-bit floats of a weight stored in 16 bits; sizes are cast to whole numbers and stay so."""
    return node.op_type == "Cast" and node.attribute[0].i == onnx.TensorProto.FLOAT


class Graph:
    """Nodes in order, weights by name, and who reads what."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.source = model
        self.weights = {w.name: numpy_helper.to_array(w) for w in model.graph.initializer}
        self.nodes: list[onnx.NodeProto] = []
        for node in model.graph.node:
            if node.op_type == "Constant":
                self.weights[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            elif node.input and node.input[0] in self.weights and _is_half(node):
                self.weights[node.output[0]] = self.weights.pop(node.input[0]).astype(np.float32)
            else:
                copy = onnx.NodeProto()
                copy.CopyFrom(node)
                self.nodes.append(copy)

    def readers(self, name: str) -> list[onnx.NodeProto]:
        """The nodes that read a value."""
        return [n for n in self.nodes if name in n.input]

    def after(self, node: onnx.NodeProto, kind: str) -> onnx.NodeProto | None:
        """The only reader of the node's output, if it is of this kind."""
        found = self.readers(node.output[0])
        return found[0] if len(found) == 1 and found[0].op_type == kind else None

    def scalar(self, node: onnx.NodeProto) -> float | None:
        """The one number among the inputs of a Mul, Add or Div."""
        sizes = [self.weights[i] for i in node.input if i in self.weights and self.weights[i].size == 1]
        return float(sizes[0].reshape(-1)[0]) if len(sizes) == 1 else None

    def drop(self, node: onnx.NodeProto, instead: str) -> None:
        """Remove a node; its readers read ``instead``."""
        for reader in self.readers(node.output[0]):
            names = [instead if i == node.output[0] else i for i in reader.input]
            del reader.input[:]
            reader.input.extend(names)
        self.nodes = [n for n in self.nodes if n is not node]

    def rescale(self, conv: onnx.NodeProto, scale: Array, shift: Array) -> None:
        """Conv followed by ``scale`` and ``shift`` per output channel, as one conv."""
        weight = self.weights[conv.input[1]]
        old = self.weights[conv.input[2]] if len(conv.input) > 2 else np.zeros(len(weight), np.float32)
        self._set(conv, weight * scale.reshape(-1, 1, 1, 1), old * scale.reshape(-1) + shift.reshape(-1))

    def _set(self, conv: onnx.NodeProto, weight: Array, bias: Array) -> None:
        name = conv.input[1]
        self.weights[name] = weight.astype(np.float32)
        if len(conv.input) < 3:
            conv.input.append(f"{name}.bias")
        self.weights[conv.input[2]] = np.broadcast_to(bias, (len(weight),)).astype(np.float32)

    def join_norm(self, norm: onnx.NodeProto) -> None:
        """A normalisation behind a convolution goes into it."""
        conv = next((n for n in self.nodes if n.output[0] == norm.input[0] and n.op_type == "Conv"), None)
        if conv is None:
            return
        gain, bias, mean, variance = (self.weights[i] for i in norm.input[1:5])
        epsilon = next((a.f for a in norm.attribute if a.name == "epsilon"), 1e-5)  # the default of ONNX
        scale = gain / np.sqrt(variance + epsilon)
        self.rescale(conv, scale, bias - mean * scale)
        self.drop(norm, conv.output[0])

    def join_bias(self, conv: onnx.NodeProto) -> None:
        """A shift per channel that stands behind a convolution becomes its bias."""
        step = self.after(conv, "Add")
        shift = next((self.weights[i] for i in step.input if i in self.weights), None) if step else None
        if step is not None and shift is not None and shift.size == len(self.weights[conv.input[1]]):
            self.rescale(conv, np.ones(1, np.float32), shift.reshape(-1))
            self.drop(step, conv.output[0])

    def join_affine(self, conv: onnx.NodeProto) -> None:
        """A scale and a shift by one number behind a convolution go into it."""
        for kind in ("Mul", "Add"):
            step = self.after(conv, kind)
            value = self.scalar(step) if step is not None else None
            if step is None or value is None:
                return
            one, zero = np.ones(1, np.float32), np.zeros(1, np.float32)
            self.rescale(conv, one * value if kind == "Mul" else one, zero if kind == "Mul" else one * value)
            self.drop(step, conv.output[0])

    def join_hard_swish(self, add: onnx.NodeProto) -> None:
        """``y * clip(y + 3, 0, 6) / 6`` as HardSigmoid and Mul."""
        clip = self.after(add, "Clip")
        product = self.after(clip, "Mul") if clip is not None else None
        by_six = self.after(product, "Div") if product is not None else None
        if clip is None or product is None or by_six is None or self.scalar(add) != 3:
            return
        gate = onnx.helper.make_node("HardSigmoid", [add.input[0]], [clip.output[0]], alpha=1 / 6, beta=0.5)
        self.nodes[next(k for k, n in enumerate(self.nodes) if n is clip)] = gate
        self.nodes = [n for n in self.nodes if n is not add]
        self.drop(by_six, product.output[0])

    def push_affine(self, product: onnx.NodeProto) -> None:
        """``s * h + b`` before a convolution: the scale into it, the shift too where nothing is padded."""
        shift = self.after(product, "Add")
        conv = self.after(shift, "Conv") if shift is not None else None
        scale, bias = self.scalar(product), self.scalar(shift) if shift is not None else None
        if shift is None or conv is None or not scale or bias is None:
            return
        weight = self.weights[conv.input[1]]
        old = self.weights[conv.input[2]] if len(conv.input) > 2 else np.zeros(len(weight), np.float32)
        plain = next(i for i in product.input if i not in self.weights)
        self.drop(product, plain)
        if any(v for a in conv.attribute if a.name == "pads" for v in a.ints):
            name = next(i for i in shift.input if i in self.weights)
            self.weights[name] = np.full(1, bias / scale, np.float32)
            self._set(conv, weight * scale, old)
        else:
            self._set(conv, weight * scale, old + bias * weight.sum((1, 2, 3)))
            self.drop(shift, plain)

    def model(self) -> onnx.ModelProto:
        """The graph as a model, without weights that nobody reads."""
        used = {i for n in self.nodes for i in n.input}
        weights = [
            numpy_helper.from_array(np.ascontiguousarray(a), name)
            for name, a in self.weights.items()
            if name in used
        ]
        source = self.source.graph
        graph = onnx.helper.make_graph(
            self.nodes, source.name, list(source.input), list(source.output), weights
        )
        result = onnx.helper.make_model(graph, opset_imports=self.source.opset_import)
        result.ir_version = self.source.ir_version
        return result
