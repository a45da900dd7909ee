"""Training of the larger network of words: neck and head on kept features of the trunk first, then all but the stem."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ocr.scripts import CURSIVE
from ocr.train.inwords.body import BodyNet
from ocr.train.inwords.lines48 import SIZE, Lines, batches
from ocr.train.loop import ctc, greedy, train
from ocr.train.printed.net import mistakes

NECK = (2400, 4, 1.5e-3)
"""Lines, passes, and rate of neck and head alone."""
RATE = 6e-4
"""Of neck and head."""
SLOWER = 10
"""How many times slower the convolution stages learn. At 1e-3 and a fifth of it more letters of the same lines were
wrong after 150 steps, 29 % instead of 24."""
WARM = 80
LETTERS = CURSIVE.letters.letters


class _Rest(nn.Module):
    """Pooling, neck and head, fed with kept features of the trunk."""

    def __init__(self, net: BodyNet, source: str) -> None:
        super().__init__()
        self.net, self.source = net, source
        self.tail = net.body.program[net.trunk() :]

    def forward(self, features: Tensor) -> Tensor:
        """(N, 384, 3, W / 4) to logits."""
        body = self.net.body
        kept = body.program, body.input, body.last_use
        body.program, body.input, body.last_use = self.tail, self.source, {}
        try:
            logits: Tensor = self.net.head(body(features))
            return logits
        finally:
            body.program, body.input, body.last_use = kept


def tune_neck(net: BodyNet, lines: Lines, count: int, passes: int, rate: float) -> float:
    """Tune neck and head on kept features of ``count`` lines; the last pass's share of wrong letters."""
    body, at = net.body, net.trunk()
    middle = body.program[at][1][0]
    kept: list[tuple[Tensor, list[str]]] = []
    feed, program, output = batches(lines, 31, 0), body.program, body.output
    body.program, body.output = program[:at], middle
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for _ in range(count // SIZE):
            images, texts = next(feed)
            kept.append((body(images).bfloat16(), texts))
    body.program, body.output = program, output
    _say(f"features of {count} lines kept")
    rest, (_, late) = _Rest(net, middle), net.groups()
    optimiser = torch.optim.AdamW(late, lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=passes * len(kept))
    order, wrong = np.random.default_rng(5), 1.0
    for k in range(passes):
        losses, errors = [], []
        for which in order.permutation(len(kept)):
            features, texts = kept[which]
            with torch.autocast("cpu", torch.bfloat16):
                logits = rest(features).float()
            loss = ctc(logits, texts, LETTERS)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(late, 5.0)
            optimiser.step()
            losses.append(float(loss.detach()))
            errors.append(mistakes(greedy(logits.detach(), LETTERS), texts))
            schedule.step()
        wrong = float(np.mean(errors))
        _say(f"neck pass {k + 1}: loss {np.mean(losses):.3f} letters wrong {wrong:.4f}")
    return wrong


def train_body(net: BodyNet, lines: Lines, minutes: float, checkpoint: Path) -> None:
    """Train all but the stem for ``minutes`` of this process; goes on from ``checkpoint``."""
    stages, late = net.groups()
    rates = [(stages, RATE / SLOWER), (late, RATE)]
    train(net, rates, lambda step: batches(lines, 32, step), minutes, checkpoint, WARM, alphabet=LETTERS)


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
