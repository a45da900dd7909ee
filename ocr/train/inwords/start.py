"""Where the training begins: at the installed print reader, which knows the letters in print."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from ocr import printed
from ocr.train.printed.net import PrintNet
from ocr.wordings import folded

Floats = NDArray[np.float32]


def begun(alphabet: str, lines: Tensor, weights: Path = printed.WEIGHTS) -> PrintNet:
    """A network for ``alphabet`` that answers as the print reader does, as far as their letters are the same.

    Args:
        alphabet: of the new network.
        lines: (N, 1, 32, W) some of its training lines; the range of each layer is taken from them.
        weights: the print reader's file, in eight bits or not.
    """
    torch.manual_seed(5)
    net = PrintNet(alphabet)
    kernels = _convolutions(weights)
    layers = [module for module in net.modules() if isinstance(module, nn.Conv1d | nn.Conv2d)]
    # In the file, normalisation is part of the layer before it.
    for layer, (kernel, _) in zip(layers[:-1], kernels[:-1], strict=True):
        layer.weight.data.copy_(torch.from_numpy(kernel))
    normalised = [bias for layer, (_, bias) in zip(layers, kernels, strict=True) if layer.groups == 1]
    _normalise(net, normalised[:-1], lines)
    _head(net, *kernels[-1])
    return net


def _convolutions(weights: Path) -> list[tuple[Floats, Floats | None]]:
    """(weights, bias) of every convolution, in order, as floats."""
    graph = onnx.load(weights).graph
    constants = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in constants:
            whole, scale = constants[node.input[0]], constants[node.input[1]]
            shape = (-1,) + (1,) * (whole.ndim - 1)
            constants[node.output[0]] = whole.astype(np.float32) * np.reshape(
                scale, shape if scale.ndim else ()
            )
    return [
        (
            np.array(constants[node.input[1]], np.float32),
            np.array(constants[node.input[2]], np.float32) if len(node.input) > 2 else None,
        )
        for node in graph.node
        if node.op_type == "Conv"
    ]


def _normalise(net: PrintNet, biases: list[Floats | None], lines: Tensor) -> None:
    """Set every normalisation so that together with it the layer answers as in the file."""
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)]
    waiting = iter(zip(norms, biases, strict=True))

    def fit(norm: nn.Module, given: tuple[Tensor, ...]) -> None:
        known, bias = next(waiting)
        assert known is norm
        rest = [dim for dim in range(given[0].dim()) if dim != 1]
        mean, spread = given[0].mean(rest), given[0].var(rest, unbiased=False)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)
        norm.weight.data.copy_((spread + norm.eps).sqrt())
        norm.bias.data.copy_(mean + (0 if bias is None else torch.from_numpy(bias)))

    hooks = [norm.register_forward_pre_hook(fit) for norm in norms]
    net.eval()
    with torch.no_grad():
        net(lines)
    for hook in hooks:
        hook.remove()
    net.train()


def _head(net: PrintNet, kernel: Floats, bias: Floats | None) -> None:
    """Letters that the print reader knows begin as it knows them; others as its blank does, less surely."""
    classes = [0] + [_class_of(char) for char in net.alphabet]
    net.head.weight.data.copy_(torch.from_numpy(kernel[classes]))
    if bias is not None:
        net.head.bias.data.copy_(torch.from_numpy(bias[classes]))


def _class_of(char: str) -> int:
    known = [k for k, letter in enumerate(printed.ALPHABET, 1) if letter == char or folded(letter) == char]
    return known[0] if known else printed.ALPHABET.index("#") + 1
