"""The three readers trained, each in a process of its own on one thread."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import torch

from ocr.digits import MODELS
from ocr.train import sources
from ocr.train.bases import LARGE, THIRD
from ocr.train.pools import training_renderer
from ocr.train.small import train_small
from ocr.train.tuned import train_tuned

SHARES = {"large": 0.5, "third": 0.3, "small": 0.2}
"""Share of the time that each reader gets, the longest first: with two jobs both cores end together."""


@dataclass(frozen=True)
class Job:
    """What all trainings of one run share."""

    digits: Path
    """Folder with the collections of handwriting."""
    cache: Path
    """Downloads."""
    work: Path
    """Checkpoints and exported weights."""
    minutes: float
    """Time of all trainings together, on one core."""
    resume: Path | None
    """Folder with exported float weights to go on from."""


def one_thread() -> None:
    """What one process may use, and where its random numbers begin."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)


def train_readers(names: Sequence[str], job: Job, at_once: int) -> None:
    """Train readers, ``at_once`` of them at the same time; the first error ends the run."""
    with ProcessPoolExecutor(max(1, at_once), get_context("spawn"), one_thread) as pool:
        for trained in [pool.submit(_train, name, job) for name in names]:
            trained.result()


def _train(name: str, job: Job) -> None:
    """Train one reader for its share of the time and put its weights in place."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    renderer = training_renderer(job.digits, job.cache)
    start = job.resume / f"{name}.onnx" if job.resume else None
    minutes, target = job.minutes * SHARES[name], job.work / f"{name}.onnx"
    if name == "small":
        train_small(renderer, minutes, job.work, start).export(target)
    else:
        base = {"large": LARGE, "third": THIRD}[name]
        source = sources.recogniser(job.cache, base)
        train_tuned(base, source, renderer, minutes, job.work, start).export(target)
    shutil.copy(target, MODELS)
