"""What both trainings share: batches, loss, schedule, checkpoints, progress."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from ocr.digits import ALPHABET
from ocr.prepared import HEIGHT, prepare
from ocr.train.cells import Renderer

POOL = 16  # batches that are sorted by width together
FURTHER = 2000  # added to the stream of a reader that goes on from shipped weights: cells it has not seen yet


def batches(renderer: Renderer, stream: int, start: int, size: int) -> Iterator[tuple[Tensor, list[str]]]:
    """Endless batches ((N, 1, 48, W) float in -1..1, transcripts) of cells of similar width.

    ``start`` in batches.
    """
    order = np.random.default_rng(stream)
    pool_at = start // POOL
    while True:
        seeds = range(pool_at * POOL * size, (pool_at + 1) * POOL * size)
        drawn = [renderer.sample((stream, s)) for s in seeds]
        cells = sorted(((prepare(image), text) for image, text in drawn), key=lambda c: c[0].shape[1])
        for k in order.permutation(POOL):
            part = cells[k * size : (k + 1) * size]
            yield torch.from_numpy(stack([c[0] for c in part])), [c[1] for c in part]
        pool_at += 1


def stack(cells: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Prepared cells (48, W_i) to (N, 1, 48, max W) float32 in -1..1, padded with paper on both sides."""
    wide = max(c.shape[1] for c in cells)
    out = np.ones((len(cells), 1, HEIGHT, wide), np.float32)
    for row, cell in zip(out, cells, strict=True):
        left = (wide - cell.shape[1]) // 2
        row[0, :, left : left + cell.shape[1]] = cell / np.float32(127.5) - 1
    return out


def ctc(logits: Tensor, texts: list[str], alphabet: str = ALPHABET) -> Tensor:
    """Mean CTC loss of (N, T, classes) logits against transcripts in an alphabet."""
    targets = torch.tensor([alphabet.index(c) + 1 for t in texts for c in t], dtype=torch.long)
    lengths = torch.tensor([len(t) for t in texts])
    steps = torch.full((len(texts),), logits.shape[1])
    loss = F.ctc_loss(
        F.log_softmax(logits, 2).transpose(0, 1),
        targets,
        steps,
        lengths,
        reduction="none",
        zero_infinity=True,
    )
    return (loss / lengths.clamp(min=1)).mean()


def greedy(logits: Tensor, alphabet: str = ALPHABET) -> list[str]:
    """Best path transcripts of (N, T, classes) logits."""
    best = logits.argmax(2).tolist()
    return [
        "".join(alphabet[c - 1] for c, before in zip(row, [0, *row], strict=False) if c and c != before)
        for row in best
    ]


def train(
    net: nn.Module,
    groups: list[tuple[list[nn.Parameter], float]],
    feed: Callable[[int], Iterator[tuple[Tensor, list[str]]]],
    minutes: float,
    checkpoint: Path,
    warm: int = 100,
    channels_last: bool = True,
    alphabet: str = ALPHABET,
) -> None:
    """AdamW with warm-up and cosine over ``minutes`` of this process; goes on from ``checkpoint`` if that exists.

    The schedule follows the processor time spent (kept in the checkpoint): on a busy machine a training takes longer
    and learns as much.
    """
    optimiser = torch.optim.AdamW([{"params": p, "lr": lr} for p, lr in groups], weight_decay=0.01)
    step, spent = 0, 0.0
    layout = (
        torch.channels_last if channels_last else torch.contiguous_format
    )  # depthwise nets prefer the latter
    for parameter in net.parameters():
        if parameter.dim() == 4:  # with 16-bit products below: 1.6 times as many cells a minute
            parameter.data = parameter.data.contiguous(memory_format=layout)
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        step, spent = state["step"], state["spent"]
    begin, source, report = time.process_time() - spent, feed(step), Report()
    while spent < minutes * 60:
        scale = min(1.0, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * spent / (minutes * 60)))
        for group, (_, rate) in zip(optimiser.param_groups, groups, strict=True):
            group["lr"] = rate * scale
        images, texts = next(source)
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(images.contiguous(memory_format=layout)).float()
        loss = ctc(logits, texts, alphabet)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([p for ps, _ in groups for p in ps], 5.0)
        optimiser.step()
        step, spent = step + 1, time.process_time() - begin
        report.add(float(loss.detach()), greedy(logits.detach(), alphabet), texts)
        done = spent >= minutes * 60
        if step % 100 == 0 or done:
            report.show(step, spent)
        if step % 250 == 0 or done:
            state = {
                "net": net.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step,
                "spent": spent,
            }
            torch.save(state, checkpoint.with_suffix(".partial"))
            checkpoint.with_suffix(".partial").replace(checkpoint)


class Report:
    """Running figures of the training cells since the last line on stderr."""

    def __init__(self) -> None:
        self.loss, self.right, self.seen, self.batches = 0.0, 0, 0, 0

    def add(self, loss: float, read: list[str], truth: list[str]) -> None:
        """Count one batch."""
        self.loss, self.batches, self.seen = self.loss + loss, self.batches + 1, self.seen + len(truth)
        self.right += sum(a == b for a, b in zip(read, truth, strict=True))

    def show(self, step: int, spent: float) -> None:
        """Print and start again."""
        figures = f"loss {self.loss / self.batches:.4f} exact {self.right / self.seen:.4f}"
        print(f"  step {step} {figures} {spent / 60:.1f} min", file=sys.stderr, flush=True)
        self.loss, self.right, self.seen, self.batches = 0.0, 0, 0, 0
