"""PP-OCRv6 small tuned on words: its trunk and neck under a new head for Cyrillic letters, which it did not know.

The trunk sees a column for every four pixels and the neck one for every eight, which are too few for narrow cursive:
here the columns are pooled one pixel on instead of two, so that the neck and the head have one for every four.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from ocr.scripts import CURSIVE
from ocr.train.bases import LARGE
from ocr.train.graph import GraphModule, store_half
from ocr.train.tuned import base_graph

HEIGHT = 48
COLUMN = 4
"""Pixels a column of the answer."""
WIDTH = 120
"""Of the features that the head reads."""
ALIKE = {
    "а": "aɑ", "б": "6δ", "в": "B", "г": "rг", "д": "gδ", "е": "e", "з": "3з", "и": "u", "й": "ŭŭ", "к": "kκ",
    "л": "л", "м": "M", "н": "Hʜ", "о": "o", "п": "nπ", "р": "p", "с": "c", "т": "mτT", "у": "yу", "ф": "φ",
    "х": "x", "ч": "r4ч", "ш": "ɯw", "щ": "ɯ", "ь": "ƄЬ", "ъ": "Ƅ", "ы": "ы", "э": "ɜз", "ю": "ю", "я": "ᴙʁ",
    "ц": "ų", "ж": "Жж", "і": "i",
}  # fmt: skip
"""Characters of the old head that look like a letter, in print or in cursive; unknown ones are passed over."""


def pooled_closer(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph with the last pooling of the trunk one column on at a time."""
    (pool,) = [node for node in model.graph.node if node.output[0] == LARGE.trunk_end]
    for entry in pool.attribute:
        if entry.name == "strides":
            entry.ints[1] = 1
    return model


def head_columns(source: Path) -> tuple[Tensor, Tensor]:
    """Weight (classes, 120) and bias (classes) of the new head: the mean of the old columns of what looks alike.

    A letter without any is begun small and at the mean bias of those that have one.
    """
    original = onnx.load(str(source))
    weights = {w.name: numpy_helper.to_array(w) for w in original.graph.initializer if LARGE.head in w.name}
    old, bias = weights[f"{LARGE.head}.w_0"], weights[f"{LARGE.head}.b_0"]
    characters = next(p.value for p in original.metadata_props if p.key == "character").split("\n")
    generator = np.random.default_rng(5)
    columns, biases = [old[:, 0]], [float(bias[0])]
    for letter in CURSIVE.letters.letters:
        # The classes of the file end with the space, which its list of characters lacks.
        at = [characters.index(c) + 1 for c in ALIKE.get(letter, letter) if c in characters]
        at = at or ([old.shape[1] - 1] if letter == " " else [])
        columns.append(old[:, at].mean(1) if at else generator.normal(0, old.std() / 2, len(old)))
        biases.append(float(bias[at].mean()) if at else np.nan)
    known = np.array(biases, np.float32)
    known[np.isnan(known)] = np.nanmean(known[1:])
    return torch.tensor(np.stack(columns).astype(np.float32)), torch.tensor(known)


class BodyNet(nn.Module):
    """(N, 1, 48, W) in -1..1, paper 1, to (N, W / 4 - 1, classes) logits; 3.0 million weights."""

    def __init__(self, source: Path, closer: bool = True) -> None:
        super().__init__()
        graph = base_graph(LARGE, source)
        self.graph = pooled_closer(graph) if closer else graph
        self.body = GraphModule(self.graph)
        self.head = nn.Linear(WIDTH, len(CURSIVE.letters.letters) + 1)
        weight, bias = head_columns(source)
        self.head.load_state_dict({"weight": weight, "bias": bias})
        for name, parameter in self.body.weights.items():
            parameter.requires_grad_(not name.startswith(LARGE.stem))

    def forward(self, image: Tensor) -> Tensor:
        """Lines to logits."""
        logits: Tensor = self.head(self.body(image))
        return logits

    def trunk(self) -> int:
        """Number of program steps before the last pooling."""
        return next(k for k, node in enumerate(self.body.program) if node[2] == LARGE.trunk_end)

    def groups(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """Trainable parameters of the convolution stages, and of neck and head."""
        early = {i for node in self.body.program[: self.trunk()] for i in node[1]}
        named = [(n.replace("|", "."), p) for n, p in self.body.weights.items() if p.requires_grad]
        stages, neck = [p for n, p in named if n in early], [p for n, p in named if n not in early]
        return stages, [*neck, *self.head.parameters()]

    def export(self, target: Path) -> None:
        """Write an ONNX file with 16-bit weights: 'x' (N, 1, 48, W), paper 1, to 'logits' (N, T, classes)."""
        model = onnx.ModelProto()
        model.CopyFrom(self.graph)
        self.body.write_back(model)
        graph = model.graph
        features, start = graph.output[0].name, graph.input[0].name
        weight, bias = self.head.weight.detach().numpy().T, self.head.bias.detach().numpy()
        for name, array in (("head.w", weight), ("head.b", bias)):
            graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        graph.node.append(onnx.helper.make_node("MatMul", [features, "head.w"], ["head.m"]))
        graph.node.append(onnx.helper.make_node("Add", ["head.m", "head.b"], ["logits"]))
        del graph.output[:]
        shape = ["N", "T", len(self.head.bias)]
        graph.output.append(onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, shape))
        graph.input[0].name = "x"
        for node in graph.node:
            node.input[:] = ["x" if name == start else name for name in node.input]
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        onnx.save(store_half(model), str(partial))
        partial.replace(target)
