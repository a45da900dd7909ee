"""The small reader: an own convolutional CTC network, trained from scratch, some 1.5 ms a cell.

It shares no weight and no architecture with the large reader, so that their mistakes differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

from ocr.digits import ALPHABET
from ocr.train.cells import Renderer
from ocr.train.loop import FURTHER, batches, train


def _pairs(part: nn.Module) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """Every convolution with the normalisation behind it, in the order of the graph."""
    layers = [m for m in part.modules() if isinstance(m, nn.Conv2d | nn.BatchNorm2d)]
    for conv, norm in zip(layers[::2], layers[1::2], strict=True):
        assert isinstance(conv, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        yield conv, norm


def _block(
    inputs: int, outputs: int, size: int = 3, stride: int = 1, pad: int | tuple[int, int] | None = None
) -> nn.Sequential:
    padding = size // 2 if pad is None else pad
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Residual(nn.Module):
    """Two convolutions beside a shortcut; adds nothing at first, so that it can join a trained network."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _block(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )
        nn.init.zeros_(self.second[1].weight)

    def forward(self, image: Tensor) -> Tensor:
        """(N, C, H, W), same shape."""
        return F.relu(image + self.second(self.first(image)))


class SmallNet(nn.Module):
    """(N, 1, 48, W) in -1..1 to (N, W / 4, 14) logits; about 740,000 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            _block(1, 16, 5, 2),
            _block(16, 32),
            nn.MaxPool2d(2),
            _block(32, 64),
            _block(64, 64),
            Residual(64),
            nn.MaxPool2d((2, 1)),
            _block(64, 96),
            Residual(96),
            nn.MaxPool2d((2, 1)),
            _block(96, 128, pad=(0, 1)),
        )
        self.near = nn.Conv1d(128, 128, 3, padding=1)
        self.wide = nn.Conv1d(128, 128, 3, padding=2, dilation=2)
        self.far = nn.Conv1d(128, 128, 3, padding=4, dilation=4)
        nn.init.normal_(self.far.weight, std=1e-3)
        self.head = nn.Linear(128, len(ALPHABET) + 1)

    def forward(self, image: Tensor) -> Tensor:
        """Prepared cells to logits."""
        row = self.look(image).squeeze(2)
        row = row + F.relu(self.near(row))
        row = row + F.relu(self.wide(row))
        row = row + F.relu(self.far(row))
        logits: Tensor = self.head(row.transpose(1, 2))
        return logits

    def resume(self, shipped: Path, cells: Tensor) -> None:
        """Take the weights of an exported file; one without the residual blocks fits as well.

        The export joined every normalisation into its convolution; ``cells`` (N, 1, 48, W) give the statistics
        that take them apart again.
        """
        graph = onnx.load(str(shipped)).graph
        stored = {w.name: torch.tensor(numpy_helper.to_array(w)) for w in graph.initializer}
        joined = [n.input for n in graph.node if n.op_type == "Conv" and stored[n.input[1]].dim() == 4]
        pairs = list(_pairs(self))
        if len(joined) < len(pairs):
            inner = {
                conv for part in self.modules() if isinstance(part, Residual) for conv, _ in _pairs(part)
            }
            pairs = [pair for pair in pairs if pair[0] not in inner]
        self.eval()
        with torch.no_grad():
            for (conv, norm), (_, weight, bias) in zip(pairs, joined, strict=True):
                conv.weight.copy_(stored[weight])
                seen: list[Tensor] = []
                hook = conv.register_forward_hook(lambda _m, _i, out, kept=seen: kept.append(out))
                self.look(cells)
                hook.remove()
                variance, mean = torch.var_mean(seen[0], (0, 2, 3))
                norm.running_mean.copy_(mean)
                norm.running_var.copy_(variance)
                norm.weight.copy_(torch.sqrt(variance + norm.eps))
                norm.bias.copy_(stored[bias] + mean)
            for name, parameter in self.named_parameters():
                if name in stored:
                    parameter.copy_(stored[name])
            last = next(n for n in reversed(graph.node) if n.op_type == "MatMul")
            self.head.weight.copy_(stored[last.input[1]].T)
        self.train()

    def export(self, target: Path) -> None:
        """Write the network to an ONNX file: 'x' (N, 1, 48, W) to 'logits' (N, T, 14)."""
        self.eval()
        partial = target.with_suffix(".partial")
        axes = {"x": {0: "N", 3: "W"}, "logits": {0: "N", 1: "T"}}
        torch.onnx.export(
            self,
            (torch.zeros(1, 1, 48, 96),),
            str(partial),
            input_names=["x"],
            output_names=["logits"],
            dynamic_axes=axes,
            opset_version=13,
            dynamo=False,
        )
        partial.replace(target)
        self.train()


def train_small(renderer: Renderer, minutes: float, work: Path, shipped: Path | None = None) -> SmallNet:
    """Train for ``minutes`` of a core, from nothing or from ``shipped``; checkpoint in ``work``, goes on from it."""
    torch.manual_seed(3)
    net = SmallNet()

    def feed(step: int) -> Iterator[tuple[Tensor, list[str]]]:
        return batches(renderer, 32 + (FURTHER if shipped else 0), step, 48)

    if shipped is not None:
        net.resume(
            shipped, torch.cat([F.pad(x, (0, 384 - x.shape[3]), value=1.0) for x, _ in islice(feed(0), 4)])
        )
    train(net, [(list(net.parameters()), 1e-3 if shipped else 2e-3)], feed, minutes, work / "small.pt")
    return net
