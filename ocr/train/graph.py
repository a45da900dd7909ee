"""An ONNX recogniser as a trainable torch module, and back.

The graph is interpreted node by node, after four patterns that the exporter spelled out are joined again
(bias of a convolution, GELU, layer norm, hard swish). Weights keep their ONNX names, so that tuned ones can be written
into the same graph. Only the operators of PP-OCR's recognisers (v4, v6) are known; anything else raises KeyError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

Attrs = dict[str, Any]


def cut(model: onnx.ModelProto, output: str) -> onnx.ModelProto:
    """Copy of the model that ends at value ``output``; identities, unused nodes and weights dropped."""
    alias: dict[str, str] = {}
    nodes = []
    for node in model.graph.node:
        inputs = [alias.get(i, i) for i in node.input]
        if node.op_type == "Identity":
            alias[node.output[0]] = inputs[0]
        else:
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            del copy.input[:]
            copy.input.extend(inputs)
            nodes.append(copy)
    needed, kept = {alias.get(output, output)}, []
    for node in reversed(nodes):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    weights = [w for w in model.graph.initializer if w.name in needed]
    out = onnx.helper.make_tensor_value_info(alias.get(output, output), onnx.TensorProto.FLOAT, None)
    graph = onnx.helper.make_graph(kept[::-1], "digits", list(model.graph.input), [out], weights)
    result = onnx.helper.make_model(graph, opset_imports=model.opset_import)
    result.ir_version = model.ir_version
    return result


def shown_as_ink(graph: onnx.GraphProto) -> None:
    """Let a graph that takes paper as 1 and ink as -1 take ``x``, paper 0 and ink 1: :class:`ocr.printed.LineNet`'s."""
    image = graph.input[0].name
    for node in graph.node:
        node.input[:] = ["shown" if name == image else name for name in node.input]
    for name, value in (("twice", -2.0), ("one", 1.0)):
        graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), name))
    before = [
        onnx.helper.make_node("Mul", ["x", "twice"], ["darker"]),
        onnx.helper.make_node("Add", ["darker", "one"], ["shown"]),
    ]
    nodes = [*before, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.input[0].name = "x"


def store_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """Keep large weights as 16-bit floats, cast when the file is loaded: half the size, the same speed."""
    casts = []
    for weight in model.graph.initializer:
        array = numpy_helper.to_array(weight)
        if array.dtype == np.float32 and array.size > 256:
            name = weight.name
            weight.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}.half"))
            casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


class GraphModule(nn.Module):
    """Runs a cut graph.

    Float weights with two or more elements are parameters under ``weights`` (dots become '|'); with
    ``fixed_filters`` those of depthwise convolutions are not.
    """

    def __init__(self, model: onnx.ModelProto, fixed_filters: bool = False) -> None:
        super().__init__()
        self.input, self.output = model.graph.input[0].name, model.graph.output[0].name
        self.weights = nn.ParameterDict()
        self.constants: dict[str, Tensor] = {}
        frozen = {i for n in model.graph.node if n.op_type == "BatchNormalization" for i in n.input[3:5]}
        if fixed_filters:
            frozen |= {n.input[1] for n in model.graph.node if n.op_type == "Conv" and _group(n) > 1}
        for weight in model.graph.initializer:
            array = torch.from_numpy(numpy_helper.to_array(weight).copy())
            if array.is_floating_point() and array.numel() > 1 and weight.name not in frozen:
                self.weights[key(weight.name)] = nn.Parameter(array)
            else:
                self.constants[weight.name] = array
        self.program = fuse(model)
        self.last_use = {i: k for k, (_, inputs, _, _) in enumerate(self.program) for i in inputs}

    def forward(self, image: Tensor) -> Tensor:
        """(N, 3, 48, W) in -1..1 to the cut value."""
        values: dict[str, Tensor] = {self.input: image}
        for k, (kind, inputs, output, attrs) in enumerate(self.program):
            values[output] = OPS[kind]([self._value(values, i) for i in inputs], attrs)
            for name in inputs:
                if self.last_use.get(name) == k:
                    values.pop(name, None)
        return values[self.output]

    def _value(self, values: dict[str, Tensor], name: str) -> Tensor:
        if name in values:
            return values[name]
        return self.weights[key(name)] if key(name) in self.weights else self.constants[name]

    def write_back(self, model: onnx.ModelProto) -> None:
        """Replace the weights of the graph this module was made from."""
        for weight in model.graph.initializer:
            if key(weight.name) in self.weights:
                array = self.weights[key(weight.name)].detach().numpy()
                weight.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), weight.name))


def _group(node: onnx.NodeProto) -> int:
    return next((int(a.i) for a in node.attribute if a.name == "group"), 1)


def key(name: str) -> str:
    """Parameter name of an ONNX weight: torch allows no dots."""
    return name.replace(".", "|")


Node = tuple[str, list[str], str, Attrs]


def fuse(model: onnx.ModelProto) -> list[Node]:
    """Nodes as (kind, inputs, output, attributes) with the four patterns joined."""
    weights = {w.name: w for w in model.graph.initializer}
    nodes: list[Node] = [
        (
            n.op_type,
            list(n.input),
            n.output[0],
            {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute},
        )
        for n in model.graph.node
    ]
    result: list[Node] = []
    k = 0
    while k < len(nodes):
        kinds = [n[0] for n in nodes[k : k + 9]]
        if (
            kinds[:2] == ["Conv", "Add"]
            and nodes[k + 1][1][0] == nodes[k][2]
            and nodes[k + 1][1][1] in weights
        ):
            result.append(("Conv", [*nodes[k][1], nodes[k + 1][1][1]], nodes[k + 1][2], nodes[k][3]))
            k += 2
        elif kinds[:5] == ["Div", "Erf", "Add", "Mul", "Mul"]:
            result.append(("Gelu", nodes[k][1][:1], nodes[k + 4][2], {}))
            k += 5
        elif kinds == ["ReduceMean", "Sub", "Pow", "ReduceMean", "Add", "Sqrt", "Div", "Mul", "Add"]:
            epsilon = float(numpy_helper.to_array(weights[nodes[k + 4][1][1]]).reshape(-1)[0])
            inputs = [nodes[k][1][0], nodes[k + 7][1][1], nodes[k + 8][1][1]]
            result.append(("LayerNorm", inputs, nodes[k + 8][2], {"epsilon": epsilon}))
            k += 9
        elif kinds[:2] == ["HardSigmoid", "Mul"] and set(nodes[k + 1][1]) == {nodes[k][1][0], nodes[k][2]}:
            result.append(("HardSwish", nodes[k][1], nodes[k + 1][2], {}))
            k += 2
        else:
            result.append(nodes[k])
            k += 1
    return result


def _conv(x: list[Tensor], a: Attrs) -> Tensor:
    image, bias = x[0], x[2].reshape(-1) if len(x) > 2 else None
    if a.get("auto_pad") == b"SAME_UPPER":  # strides are 1 wherever this occurs
        (h, w), pads = a["kernel_shape"], (0, 0)
        image = F.pad(image, ((w - 1) // 2, w // 2, (h - 1) // 2, h // 2))
    else:
        pads = (a["pads"][0], a["pads"][1])
    if a["group"] > 1 and not x[1].requires_grad and image.requires_grad:
        result: Tensor = FixedFilters.apply(image, x[1], bias, tuple(a["strides"]))
        return result
    return F.conv2d(image, x[1], bias, tuple(a["strides"]), pads, tuple(a["dilations"]), a["group"])


class FixedFilters(torch.autograd.Function):
    """Depthwise convolution, padded by half a filter, whose filters are not trained.

    Its gradient is the same convolution with turned filters, which on a CPU takes an eighth of the general one's time.
    """

    @staticmethod
    def forward(
        ctx: Any, image: Tensor, filters: Tensor, bias: Tensor | None, strides: tuple[int, int]
    ) -> Tensor:
        """(N, C, H, W), (C, 1, K, K) and (C,)."""
        ctx.save_for_backward(filters)
        ctx.shape, ctx.strides = image.shape, strides
        return F.conv2d(image, filters, bias, strides, filters.shape[2] // 2, 1, len(filters))

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, Tensor, None]:
        """Of image and bias."""
        (filters,) = ctx.saved_tensors
        down, right = ctx.strides
        spread = gradient
        if (down, right) != (1, 1):
            spread = gradient.new_zeros(ctx.shape)
            spread[:, :, ::down, ::right] = gradient
        turned = filters.flip(2, 3).to(gradient.dtype)
        image = F.conv2d(spread, turned, None, 1, filters.shape[2] // 2, 1, len(filters))
        return image, None, gradient.float().sum((0, 2, 3)), None


def _max_pool(x: list[Tensor], a: Attrs) -> Tensor:
    h, w = a["kernel_shape"]
    image = F.pad(x[0], ((w - 1) // 2, w // 2, (h - 1) // 2, h // 2), value=float("-inf"))
    return F.max_pool2d(image, (h, w), tuple(a["strides"]))


def _reshape(x: list[Tensor], _: Attrs) -> Tensor:
    shape = [int(v) for v in x[1].tolist()]
    return x[0].reshape([x[0].shape[i] if v == 0 else v for i, v in enumerate(shape)] if shape else [])


def _slice(x: list[Tensor], _: Attrs) -> Tensor:
    data, (starts, ends) = x[0], (x[1].tolist(), x[2].tolist())
    axes = x[3].tolist() if len(x) > 3 else range(len(starts))
    for start, end, axis in zip(starts, ends, axes, strict=True):
        data = data.narrow(axis, start, min(end, data.shape[axis]) - start)
    return data


def _squeeze(x: list[Tensor], a: Attrs) -> Tensor:
    for axis in sorted(a["axes"], reverse=True):
        x[0] = x[0].squeeze(axis)
    return x[0]


OPS: dict[str, Callable[[list[Tensor], Attrs], Tensor]] = {
    "Conv": _conv,
    "MaxPool": _max_pool,
    "Reshape": _reshape,
    "Slice": _slice,
    "Squeeze": _squeeze,
    "AveragePool": lambda x, a: F.avg_pool2d(x[0], tuple(a["kernel_shape"]), tuple(a["strides"])),
    "BatchNormalization": lambda x, a: F.batch_norm(x[0], x[3], x[4], x[1], x[2], False, 0.0, a["epsilon"]),
    "Gelu": lambda x, _: F.gelu(x[0]),
    "LayerNorm": lambda x, a: F.layer_norm(x[0], (x[0].shape[-1],), x[1], x[2], a["epsilon"]),
    "HardSwish": lambda x, _: F.hardswish(x[0]),
    "GlobalAveragePool": lambda x, _: x[0].mean((2, 3), keepdim=True),
    "Cast": lambda x, _: x[0].long(),
    "HardSigmoid": lambda x, a: torch.clamp(x[0] * a["alpha"] + a["beta"], 0, 1),
    "ReduceMean": lambda x, a: x[0].mean(tuple(a["axes"]), keepdim=bool(a.get("keepdims", 1))),
    "Add": lambda x, _: x[0] + x[1],
    "Sub": lambda x, _: x[0] - x[1],
    "Mul": lambda x, _: x[0] * x[1],
    "Div": lambda x, _: x[0] / x[1],
    "MatMul": lambda x, _: x[0] @ x[1],
    "Relu": lambda x, _: F.relu(x[0]),
    "Sigmoid": lambda x, _: torch.sigmoid(x[0]),
    "Softmax": lambda x, a: F.softmax(x[0], a["axis"]),
    "Concat": lambda x, a: torch.cat(x, a["axis"]),
    "Transpose": lambda x, a: x[0].permute(*a["perm"]),
    "Unsqueeze": lambda x, a: x[0].unsqueeze(a["axes"][0]),
    "Shape": lambda x, _: torch.tensor(x[0].shape),
}
