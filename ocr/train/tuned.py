"""A text recogniser tuned on digits: its trunk and neck under a new 14-class head.

Recipe: head initialised from the old head's columns; neck and head tuned on cached features; then all but
the stem with a ten times smaller rate for the convolution stages; normalisation statistics stay frozen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from ocr.digits import ALPHABET
from ocr.prepared import HEIGHT
from ocr.train.bases import Base, in_integers
from ocr.train.cells import Renderer
from ocr.train.graph import GraphModule, cut, store_half
from ocr.train.loop import FURTHER, batches, ctc, greedy, train


def base_graph(base: Base, source: Path) -> onnx.ModelProto:
    """The recogniser cut before its head, taking one grey channel instead of three equal ones."""
    model = cut(base.graph(source), base.features)
    first = next(w for w in model.graph.initializer if w.name == model.graph.node[0].input[1])
    summed = numpy_helper.to_array(first).sum(1, keepdims=True)
    first.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(summed), first.name))
    shape = model.graph.input[0].type.tensor_type.shape
    shape.dim[1].dim_value, shape.dim[2].dim_value = 1, HEIGHT
    return model


def head_columns(base: Base, source: Path) -> tuple[Tensor, Tensor]:
    """Weight (14, 120) and bias (14,) of the new head, from the old head's classes of the same characters."""
    model = base.graph(source)
    weights = {w.name: numpy_helper.to_array(w) for w in model.graph.initializer if base.head in w.name}
    original = onnx.load(str(source))
    characters = next(p.value for p in original.metadata_props if p.key == "character").split("\n")
    classes = [0, *(characters.index(c) + 1 for c in ALPHABET)]
    return torch.tensor(weights[f"{base.head}.w_0"][:, classes].T.copy()), torch.tensor(
        weights[f"{base.head}.b_0"][classes]
    )


class TunedNet(nn.Module):
    """(N, 1, 48, W) in -1..1 to (N, W / 8, 14) logits."""

    def __init__(self, base: Base, source: Path) -> None:
        super().__init__()
        self.base = base
        self.graph = base_graph(base, source)
        self.body = GraphModule(self.graph, base.fixed_filters)
        self.head = nn.Linear(120, len(ALPHABET) + 1)
        weight, bias = head_columns(base, source)
        self.head.load_state_dict({"weight": weight, "bias": bias})
        for name, parameter in self.body.weights.items():
            parameter.requires_grad_(not name.startswith(base.stem))

    def forward(self, image: Tensor) -> Tensor:
        """Prepared cells to logits."""
        logits: Tensor = self.head(self.body(image))
        return logits

    def trunk_end(self) -> int:
        """Number of program steps in the convolution stages."""
        return 1 + next(k for k, node in enumerate(self.body.program) if node[2] == self.base.trunk_end)

    def groups(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """Trainable parameters of the convolution stages, and of neck and head."""
        early = {i for node in self.body.program[: self.trunk_end()] for i in node[1]}
        named = [(n.replace("|", "."), p) for n, p in self.body.weights.items() if p.requires_grad]
        stages, neck = [p for n, p in named if n in early], [p for n, p in named if n not in early]
        return stages, [*neck, *self.head.parameters()]

    def export(self, target: Path) -> None:
        """Write the tuned weights and the new head into an ONNX file.

        'x' (N, 1, 48, W) to 'logits' (N, T, 14).
        """
        model = onnx.ModelProto()
        model.CopyFrom(self.graph)
        self.body.write_back(model)
        graph = model.graph
        features = graph.output[0].name
        for name, array in (
            ("head.w", self.head.weight.detach().numpy().T),
            ("head.b", self.head.bias.detach().numpy()),
        ):
            graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        graph.node.append(onnx.helper.make_node("MatMul", [features, "head.w"], ["head.m"]))
        graph.node.append(onnx.helper.make_node("Add", ["head.m", "head.b"], ["logits"]))
        del graph.output[:]
        graph.output.append(
            onnx.helper.make_tensor_value_info(
                "logits", onnx.TensorProto.FLOAT, ["N", "T", len(ALPHABET) + 1]
            )
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        onnx.save(store_half(model), str(partial))
        partial.replace(target)

    def resume(self, shipped: Path) -> None:
        """Take the weights of an exported file: training goes on where an earlier version stopped."""
        if in_integers(shipped):
            raise SystemExit(
                f"{shipped} is in integers: go on from its float parent, which training leaves in CACHE/work"
            )
        stored = {w.name: numpy_helper.to_array(w) for w in onnx.load(str(shipped)).graph.initializer}
        weights = {name.removesuffix(".half"): torch.tensor(a.astype(a.dtype)) for name, a in stored.items()}
        with torch.no_grad():
            for name, parameter in self.body.weights.items():
                parameter.copy_(weights[name.replace("|", ".")].float())
            self.head.weight.copy_(weights["head.w"].float().T)
            self.head.bias.copy_(weights["head.b"].float())


class _Rest(nn.Module):
    """Neck and head alone, fed with cached features of the convolution stages."""

    def __init__(self, net: TunedNet) -> None:
        super().__init__()
        self.net = net
        self.tail = net.body.program[net.trunk_end() :]

    def forward(self, features: Tensor) -> Tensor:
        """Cached features to logits."""
        body = self.net.body
        program, start, body.program, body.input = (
            body.program,
            body.input,
            self.tail,
            self.net.base.trunk_end,
        )
        kept, body.last_use = body.last_use, {}
        try:
            logits: Tensor = self.net.head(body(features))
            return logits
        finally:
            body.program, body.input, body.last_use = program, start, kept


def tune_neck(net: TunedNet, renderer: Renderer, samples: int, passes: int, rate: float) -> None:
    """Tune neck and head for some passes over cached features of ``samples`` cells."""
    cached: list[tuple[Tensor, list[str]]] = []
    source = batches(renderer, 11, 0, 16)
    trunk, output = net.body.program, net.body.output
    net.body.program, net.body.output = trunk[: net.trunk_end()], net.base.trunk_end
    with torch.no_grad():
        for _ in range(samples // 16):
            images, texts = next(source)
            cached.append((net.body(images), texts))
    net.body.program, net.body.output = trunk, output
    print(f"  features of {samples} cells cached", file=sys.stderr, flush=True)
    rest, (_, late) = _Rest(net), net.groups()
    optimiser = torch.optim.AdamW(late, lr=rate, weight_decay=0.01)
    steps = passes * len(cached)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    order = np.random.default_rng(5)
    for k in range(passes):
        right = 0
        for at in order.permutation(len(cached)):
            logits = rest(cached[at][0])
            loss = ctc(logits, cached[at][1])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(late, 5.0)
            optimiser.step()
            schedule.step()
            right += sum(a == b for a, b in zip(greedy(logits.detach()), cached[at][1], strict=True))
        print(f"  neck pass {k + 1}: exact {right / samples:.4f}", file=sys.stderr, flush=True)


def train_tuned(
    base: Base,
    source: Path,
    renderer: Renderer,
    minutes: float,
    work: Path,
    shipped: Path | None = None,
) -> TunedNet:
    """The whole recipe, or, with ``shipped``, more of its last step; checkpoints in ``work``, goes on from them."""
    net = TunedNet(base, source)
    early, full = work / f"{base.reader}-neck.pt", work / f"{base.reader}.pt"
    if shipped is not None:
        net.resume(shipped)
    elif early.exists():
        net.load_state_dict(torch.load(early, weights_only=True))
    else:
        tune_neck(net, renderer, *base.neck)
        torch.save(net.state_dict(), early)
        net.export(work / f"{base.reader}-neck.onnx")
    stages, late = net.groups()

    def feed(step: int) -> Iterator[tuple[Tensor, list[str]]]:
        return batches(renderer, base.stream + (FURTHER if shipped else 0), step, 16)

    gentle = 0.5 if shipped else 1.0  # a trained network loses first what a high rate teaches it later
    rates = [(stages, base.rate * gentle), (late, 10 * base.rate * gentle)]
    train(net, rates, feed, minutes, full, channels_last=not base.fixed_filters)
    return net
