"""The trained print reader in eight bits: half of the time a line, and a third of the size.

Weights have seven of their eight bits: processors without VNNI add products in 16 bits, which eight would overflow, and
the same line would read differently on another computer. The first layer, which sees the picture, and the last one,
which tells letters apart, stay as they were trained.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from ocr.printed import batch_of
from ocr.segments import Pixels

TOGETHER = 4


class _Lines(CalibrationDataReader):
    """Lines from which the range of every layer is taken."""

    def __init__(self, lines: Sequence[Pixels]) -> None:
        ordered = sorted(lines, key=lambda line: line.shape[1])
        parts = [ordered[at : at + TOGETHER] for at in range(0, len(ordered), TOGETHER)]
        self._left: Iterator[NDArray[np.float32]] = iter([batch_of(part) for part in parts])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        batch = next(self._left, None)
        return None if batch is None else {"x": batch}


def quantise(weights: Path, lines: Sequence[Pixels]) -> None:
    """Replace a network's file by the same network in eight bits.

    Args:
        lines: (32, W) grey uint8 as :class:`ocr.printed.PrintReader` takes them; some hundred.

    Raises:
        ValueError: the network is in eight bits already.
    """
    layers = [node for node in onnx.load(weights).graph.node if node.op_type == "Conv"]
    if any("DequantizeLinear" in name for node in layers for name in node.input):
        raise ValueError(f"{weights} is in eight bits already: train it again, or take it from the history")
    with TemporaryDirectory() as folder:
        prepared, packed = Path(folder) / "prepared.onnx", Path(folder) / "packed.onnx"
        quant_pre_process(str(weights), str(prepared), skip_symbolic_shape=True)
        convolutions = [node.name for node in onnx.load(prepared).graph.node if node.op_type == "Conv"]
        quantize_static(
            str(prepared),
            str(packed),
            _Lines(lines),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=[convolutions[0], convolutions[-1]],
        )
        packed.replace(weights.with_suffix(".partial"))
    weights.with_suffix(".partial").replace(weights)
