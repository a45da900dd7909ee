"""The small reader: an own convolutional CTC network, trained from scratch, some 1 ms a cell.

It shares no weight and no architecture with the large reader, so that their mistakes differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ocr.digits import ALPHABET
from ocr.train.cells import Renderer
from ocr.train.loop import batches, train


def _block(
    inputs: int, outputs: int, size: int = 3, stride: int = 1, pad: int | tuple[int, int] | None = None
) -> nn.Sequential:
    padding = size // 2 if pad is None else pad
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class SmallNet(nn.Module):
    """(N, 1, 48, W) in -1..1 to (N, W / 4, 14) logits; about 330,000 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            _block(1, 16, 5, 2),
            _block(16, 32),
            nn.MaxPool2d(2),
            _block(32, 64),
            _block(64, 64),
            nn.MaxPool2d((2, 1)),
            _block(64, 96),
            nn.MaxPool2d((2, 1)),
            _block(96, 128, pad=(0, 1)),
        )
        self.near = nn.Conv1d(128, 128, 3, padding=1)
        self.wide = nn.Conv1d(128, 128, 3, padding=2, dilation=2)
        self.head = nn.Linear(128, len(ALPHABET) + 1)

    def forward(self, image: Tensor) -> Tensor:
        """Prepared cells to logits."""
        row = self.look(image).squeeze(2)
        row = row + F.relu(self.near(row))
        row = row + F.relu(self.wide(row))
        logits: Tensor = self.head(row.transpose(1, 2))
        return logits

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


def train_small(renderer: Renderer, minutes: float, work: Path) -> SmallNet:
    """Train for ``minutes`` of wall time; checkpoint in ``work``, goes on from it."""
    torch.manual_seed(3)
    net = SmallNet()

    def feed(step: int) -> Iterator[tuple[Tensor, list[str]]]:
        return batches(renderer, 31, step, 48)

    train(net, [(list(net.parameters()), 2e-3)], feed, minutes, work / "small.pt")
    return net
