"""What the values inside a reader look like on drawn cells: their ranges, means and second moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from ocr.digits import INPUT


@dataclass
class Range:
    """Of one value, by channel: lowest, highest, sum, and (C, C) sum of products, over ``count`` pixels."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    total: NDArray[np.float64]
    products: NDArray[np.float64]
    count: int

    @classmethod
    def of(cls, pixels: NDArray[np.float32], products: bool) -> Range:
        """Of (pixels, C)."""
        squares = pixels.T @ pixels if products else np.zeros((0, 0))
        low, high = pixels.min(0).astype(np.float64), pixels.max(0).astype(np.float64)
        return cls(low, high, pixels.sum(0, dtype=np.float64), squares.astype(np.float64), len(pixels))

    def join(self, other: Range) -> None:
        """Count another batch."""
        self.low, self.high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)
        self.total, self.count = self.total + other.total, self.count + other.count
        self.products = self.products + other.products

    @property
    def mean(self) -> NDArray[np.float64]:
        """(C,) mean of each channel."""
        return self.total / self.count

    @property
    def moments(self) -> NDArray[np.float64]:
        """(C, C) mean products of channels."""
        return self.products / self.count


def batches_of(cells: Sequence[NDArray[np.uint8]], size: int = 8) -> list[NDArray[np.float32]]:
    """Prepared cells as networks take them, (N, 1, 48, W) in -1..1, those of one width together."""
    widths: dict[int, list[NDArray[np.uint8]]] = defaultdict(list)
    for cell in cells:
        widths[cell.shape[1]].append(cell)
    return [
        np.stack(group[at : at + size])[:, None].astype(np.float32) / np.float32(127.5) - 1
        for _, group in sorted(widths.items())
        for at in range(0, len(group), size)
    ]


def observe(
    model: onnx.ModelProto,
    batches: Iterable[NDArray[np.float32]],
    names: Sequence[str],
    products: Collection[str] = (),
) -> dict[str, Range]:
    """The ranges of these (N, C, H, W) values, with second moments for those in ``products``."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    for name in names:
        shown.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    session = session_of(shown)
    seen: dict[str, Range] = {}
    for batch in batches:
        for name, value in zip(names, session.run(list(names), {INPUT: batch}), strict=True):
            pixels = np.moveaxis(value, 1, -1).reshape(-1, value.shape[1])
            part = Range.of(pixels, name in products)
            if name in seen:
                seen[name].join(part)
            else:
                seen[name] = part
    return seen


def session_of(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """A model ready to run, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
