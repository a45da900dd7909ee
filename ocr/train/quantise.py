"""The large reader in 8-bit integers where most of its time goes: the 1x1 convolutions.

Static quantisation of ONNX Runtime, one scale per channel, activations measured on drawn training cells. Weights
keep 7 bits, so that processors without the newer integer instructions do not saturate and read the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.version_converter
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime import quantization
from onnxruntime.quantization import calibrate

from ocr.train.cells import Renderer
from ocr.train.loop import batches

OPSET = 13  # the first with one scale per channel
BATCHES, SIZE = 24, 8


class Cells(calibrate.CalibrationDataReader):  # type: ignore[misc]
    """Batches of drawn cells, as the quantiser asks for them."""

    def __init__(self, renderer: Renderer, name: str) -> None:
        source = batches(renderer, 51, 0, SIZE)
        self.found: Iterator[dict[str, NDArray[np.float32]]] = iter(
            [{name: next(source)[0].numpy()} for _ in range(BATCHES)]
        )

    def get_next(self) -> dict[str, Any] | None:
        """One batch, or None at the end."""
        return next(self.found, None)


def quantise(source: Path, target: Path, renderer: Renderer) -> None:
    """Write the exported network ``source`` to ``target`` with 1x1 convolutions in 8 bits."""
    plain = target.with_suffix(".plain")
    model = _unfolded(onnx.load(str(source)))
    onnx.save(model, str(plain))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(plain)
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    model = onnx.version_converter.convert_version(onnx.load(str(plain)), OPSET)
    onnx.save(model, str(plain))
    shapes = {w.name: tuple(w.dims) for w in model.graph.initializer}
    points = [
        node.name
        for node in model.graph.node
        if node.op_type == "Conv" and shapes.get(node.input[1], ())[2:] == (1, 1)
    ]
    partial = target.with_suffix(".partial")
    quantization.quantize_static(
        str(plain),
        str(partial),
        Cells(renderer, model.graph.input[0].name),
        quant_format=quantization.QuantFormat.QDQ,
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_quantize=points,
    )
    plain.unlink()
    partial.replace(target)


def _unfolded(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with weights in 32 bits again: the export stores halves and casts them."""
    halves = {w.name: w for w in model.graph.initializer if w.name.endswith(".half")}
    nodes = [n for n in model.graph.node if n.op_type != "Cast" or n.input[0] not in halves]
    for weight in halves.values():
        array = numpy_helper.to_array(weight).astype(np.float32)
        weight.CopyFrom(numpy_helper.from_array(array, weight.name.removesuffix(".half")))
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model
