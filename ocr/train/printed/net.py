"""The network of the print reader and its training: one thread, fixed seeds, goes on from a checkpoint."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn

from ocr.printed import ALPHABET, batch_of
from ocr.segments import Pixels

SIZE, POOL = 40, 12
RATE = 2.5e-3


def _block(
    inputs: int, outputs: int, stride: tuple[int, int], size: int | tuple[int, int] = 3
) -> nn.Sequential:
    pad = 1 if size == 3 else (0, 1)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, pad, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Draws(Protocol):
    """What draws training lines."""

    def sample(self, seed: tuple[int, ...]) -> tuple[Pixels, str]:
        """A line's crop (32, W) and what it says in the network's alphabet."""


class _Along(nn.Module):
    """Residual separable convolution along the line."""

    def __init__(self, width: int, reach: int) -> None:
        super().__init__()
        self.near = nn.Conv1d(width, width, 5, padding=2 * reach, dilation=reach, groups=width, bias=False)
        self.mix = nn.Conv1d(width, width, 1, bias=False)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, row: Tensor) -> Tensor:
        return row + F.relu(self.norm(self.mix(self.near(row))))


class PrintNet(nn.Module):
    """(N, 1, 32, W) ink in 0..1 to (N, W / 4, classes) logits; some 260,000 weights."""

    def __init__(self, alphabet: str = ALPHABET) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.look = nn.Sequential(
            _block(1, 16, (2, 2)),
            _block(16, 32, (2, 2)),
            _block(32, 64, (2, 1)),
            _block(64, 96, (2, 1)),
            _block(96, 160, (1, 1), (2, 3)),
        )
        self.along = nn.Sequential(*(_Along(160, reach) for reach in (1, 1, 2, 2)))
        self.drop = nn.Dropout(0.1)
        self.head = nn.Conv1d(160, len(alphabet) + 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        """Lines to logits."""
        row = self.along(self.look(image).squeeze(2))
        logits: Tensor = self.head(self.drop(row)).transpose(1, 2)
        return logits

    def export(self, target: Path) -> None:
        """Write the network to an ONNX file: 'x' (N, 1, 32, W) to 'logits' (N, T, classes)."""
        self.eval()
        partial = target.with_suffix(".partial")
        torch.onnx.export(
            self,
            (torch.zeros(1, 1, 32, 128),),
            str(partial),
            input_names=["x"],
            output_names=["logits"],
            dynamic_axes={"x": {0: "N", 3: "W"}, "logits": {0: "N", 1: "T"}},
            opset_version=13,
            dynamo=False,
        )
        partial.replace(target)
        self.train()


def batches(
    printer: Draws, stream: int, start: int, size: int = SIZE, together: int = POOL
) -> Iterator[tuple[Tensor, list[str]]]:
    """Endless batches of ``size`` lines of like width, ``together`` of them sorted at a time; ``start`` in batches."""
    pool = start // together
    order = np.random.default_rng((stream, pool))
    while True:
        drawn = [printer.sample((stream, pool * together * size + k)) for k in range(together * size)]
        drawn.sort(key=lambda line: line[0].shape[1])
        for k in order.permutation(together):
            part = drawn[k * size : (k + 1) * size]
            yield torch.from_numpy(batch_of([picture for picture, _ in part])), [text for _, text in part]
        pool += 1


def loss_of(logits: Tensor, texts: list[str], alphabet: str = ALPHABET) -> Tensor:
    """Mean CTC loss a character."""
    targets = torch.tensor([alphabet.index(c) + 1 for text in texts for c in text], dtype=torch.long)
    lengths = torch.tensor([len(text) for text in texts])
    steps = torch.full((len(texts),), logits.shape[1])
    log_probs = F.log_softmax(logits, 2).transpose(0, 1)
    loss = F.ctc_loss(log_probs, targets, steps, lengths, reduction="none", zero_infinity=True)
    return (loss / lengths).mean()


def texts_of(logits: Tensor, alphabet: str = ALPHABET) -> list[str]:
    """Best paths."""
    out = []
    for row in logits.argmax(2).tolist():
        line = "".join(
            alphabet[c - 1] for c, before in zip(row, [0, *row], strict=False) if c and c != before
        )
        out.append(" ".join(line.split()))
    return out


def mistakes(read: list[str], said: list[str]) -> float:
    """Share of characters read wrongly (edit distance over length)."""
    wrong = sum(Levenshtein.distance(a, b) for a, b in zip(read, said, strict=True))
    return wrong / max(1, sum(map(len, said)))


def train_print(
    printer: Draws, minutes: float, checkpoint: Path, net: PrintNet | None = None, rate: float = RATE
) -> PrintNet:
    """Train for ``minutes`` of wall time; the learning rate follows the time spent and ends at 0."""
    torch.manual_seed(5)
    net = PrintNet() if net is None else net
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    step, spent = 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        step, spent = state["step"], state["spent"]
    begin, feed = time.monotonic() - spent, batches(printer, 7, step)
    losses: list[float] = []
    errors: list[float] = []
    while spent < minutes * 60:
        warm = min(1.0, (step + 1) / 150)
        for group in optimiser.param_groups:
            group["lr"] = rate * warm * 0.5 * (1 + math.cos(math.pi * spent / (minutes * 60)))
        images, texts = next(feed)
        logits = net(images)
        loss = loss_of(logits, texts, net.alphabet)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step, spent = step + 1, time.monotonic() - begin
        losses.append(float(loss.detach()))
        errors.append(
            mistakes(texts_of(logits.detach(), net.alphabet), texts) if step % 10 == 0 else math.nan
        )
        done = spent >= minutes * 60
        if step % 100 == 0 or done:
            wrong = float(np.nanmean(errors)) if step >= 10 else math.nan
            print(
                f"  step {step} loss {np.mean(losses):.3f} characters wrong {wrong:.4f} {spent / 60:.1f} min",
                file=sys.stderr,
                flush=True,
            )
            losses, errors = [], []
        if step % 200 == 0 or done:
            state = {
                "net": net.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step,
                "spent": spent,
            }
            torch.save(state, checkpoint.with_suffix(".partial"))
            checkpoint.with_suffix(".partial").replace(checkpoint)
    return net
