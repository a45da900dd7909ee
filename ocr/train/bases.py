"""The text recognisers that are tuned on digits, and where their parts lie in the exported graphs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # only the training environment has it, and the card is written and tested without
    import onnx


def in_integers(exported: Path) -> bool:
    """Whether an exported reader went through ``ocr.train.integers`` (told without onnx)."""
    return b"MatMulIntegerToFloat" in exported.read_bytes()


@dataclass(frozen=True)
class Base:
    """One recogniser.

    ``reader`` is the name of the reader made of it, ``trunk_end`` the last value of its convolution stages,
    ``features`` what its old head reads ((N, T, 120)), ``head`` the prefix of that head's weights, ``stem`` the
    prefixes of weights that stay as they are (dots as '|'), ``stream`` the seed of its training cells, ``rate`` the
    learning rate of its stages, ``neck`` how many cells, passes and which
    rate tune neck and head alone at first.
    """

    reader: str
    wheel: str
    file: str
    trunk_end: str
    features: str
    head: str
    stem: tuple[str, ...]
    stream: int
    rate: float
    neck: tuple[int, int, float]
    spelled_out: bool = False
    """Whether scales and shifts stand beside the convolutions and must be joined with them."""
    fixed_filters: bool = False
    """Whether depthwise filters are left as they are: training them costs more than all the rest."""

    def graph(self, source: Path) -> onnx.ModelProto:
        """The graph as it is tuned."""
        import onnx

        from ocr.train.simplify import simplify

        model = onnx.load(str(source))
        return simplify(model) if self.spelled_out else model


LARGE = Base(
    reader="large",
    wheel="rapidocr==3.10.0",
    file="PP-OCRv6_rec_small.onnx",
    trunk_end="p2o.pd_op.pool2d.1.0",
    features="p2o.pd_op.transpose.8.0",
    head="linear_8",
    stem=(
        *(f"conv2d_{k}" for k in range(68, 73)),
        *(f"p2o|pd_op|reshape|{k}|" for k in range(5)),
    ),
    stream=22,
    rate=4e-5,
    neck=(5600, 12, 1e-3),
)
THIRD = Base(
    reader="third",
    wheel="rapidocr-onnxruntime==1.4.4",
    file="ch_PP-OCRv4_rec_infer.onnx",
    trunk_end="p2o.AveragePool.1",
    features="transpose_51.tmp_0",
    head="linear_85",
    stem=("conv2d_10|", "conv2d_157|", "conv2d_158|"),
    stream=23,
    rate=3e-5,
    neck=(3200, 7, 2e-4),
    spelled_out=True,
    fixed_filters=True,
)
