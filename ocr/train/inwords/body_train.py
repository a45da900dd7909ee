"""Training of the larger network of words: neck and head on kept features of the trunk first, then all but the stem."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ocr.scripts import CURSIVE
from ocr.train.inwords.body import BodyNet
from ocr.train.inwords.lines48 import SIZE, Lines, batches
from ocr.train.printed.net import loss_of, mistakes, texts_of

NECK = (2400, 4, 1.5e-3)
"""Lines, passes, and rate of neck and head alone."""
RATE = 6e-4
"""Of neck and head."""
SLOWER = 10
"""How many times slower the convolution stages learn. At 1e-3 and a fifth of it more letters of the same lines were
wrong after 150 steps, 29 % instead of 24."""
WARM = 80
KEPT = 100
"""Steps between checkpoints."""


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
            losses.append(_step(logits, texts, optimiser, late))
            errors.append(mistakes(texts_of(logits.detach(), CURSIVE.letters.letters), texts))
            schedule.step()
        wrong = float(np.mean(errors))
        _say(f"neck pass {k + 1}: loss {np.mean(losses):.3f} letters wrong {wrong:.4f}")
    return wrong


def train_body(net: BodyNet, lines: Lines, minutes: float, checkpoint: Path, rate: float = RATE) -> None:
    """Train all but the stem for ``minutes`` of this process; the rate ends at 0. Goes on from ``checkpoint``."""
    stages, late = net.groups()
    every = [*stages, *late]
    optimiser = torch.optim.AdamW(
        [{"params": stages, "lr": rate / SLOWER}, {"params": late, "lr": rate}], weight_decay=0.01
    )
    for parameter in net.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    step, spent = 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        step, spent = state["step"], state["spent"]
    begin, feed = time.process_time() - spent, batches(lines, 32, step)
    losses: list[float] = []
    errors: list[float] = []
    while spent < minutes * 60:
        scale = min(1.0, (step + 1) / WARM) * 0.5 * (1 + math.cos(math.pi * spent / (minutes * 60)))
        for group, full in zip(optimiser.param_groups, (rate / SLOWER, rate), strict=True):
            group["lr"] = full * scale
        images, texts = next(feed)
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(images.contiguous(memory_format=torch.channels_last)).float()
        losses.append(_step(logits, texts, optimiser, every))
        errors.append(mistakes(texts_of(logits.detach(), CURSIVE.letters.letters), texts))
        step, spent = step + 1, time.process_time() - begin
        done = spent >= minutes * 60
        if step % 50 == 0 or done:
            _say(f"step {step} loss {np.mean(losses):.3f} wrong {np.mean(errors):.4f} {spent / 60:.1f} min")
            losses, errors = [], []
        if step % KEPT == 0 or done:
            state = {
                "net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "spent": spent,
            }  # fmt: skip
            torch.save(state, checkpoint.with_suffix(".partial"))
            checkpoint.with_suffix(".partial").replace(checkpoint)


def _step(
    logits: Tensor, texts: list[str], optimiser: torch.optim.Optimizer, parameters: list[nn.Parameter]
) -> float:
    loss = loss_of(logits, texts, CURSIVE.letters.letters)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(parameters, 5.0)
    optimiser.step()
    return float(loss.detach())


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
