"""What a cell holds besides the number: paper, light, rules, stamps, neighbours, bleed-through.

Everything works in place on a darkness layer: float32 (H, W), 0 = white paper, 1 = black.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.train.glyphs import Mask
from ocr.train.pen import draw_strokes, wander

Dark = NDArray[np.float32]


def coarse_noise(rng: np.random.Generator, shape: tuple[int, int], cells: int) -> Dark:
    """Smooth noise in about -1..1 with some ``cells`` blobs over the height."""
    height, width = shape
    grid = rng.normal(0, 0.5, (cells + 1, max(2, cells * width // height + 1))).astype(np.float32)
    return np.asarray(cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def blank_paper(rng: np.random.Generator, shape: tuple[int, int]) -> Dark:
    """Paper with texture, a shadow or light gradient and sometimes a security pattern."""
    height, width = shape
    dark = np.full(shape, rng.uniform(0, 0.2), np.float32)
    if rng.random() < 0.6:
        ramp = np.linspace(-1, 1, width, dtype=np.float32)[None] * rng.normal(0, 0.08)
        dark += ramp + np.linspace(-1, 1, height, dtype=np.float32)[:, None] * rng.normal(0, 0.05)
    if rng.random() < 0.3:
        dark += coarse_noise(rng, shape, 2) * rng.uniform(0.02, 0.10)
    if rng.random() < 0.12:  # the edge of a shadow across the cell
        where = (
            np.arange(width, dtype=np.float32)[None] * rng.normal()
            + np.arange(height, dtype=np.float32)[:, None] * rng.normal()
        )
        dark += rng.uniform(0.1, 0.3) / (
            1 + np.exp(np.clip((where.mean() - where) / rng.uniform(1, 8), -30, 30))
        )
    if rng.random() < 0.18:
        pattern(dark, rng)
    return dark


def pattern(dark: Dark, rng: np.random.Generator) -> None:
    """Guilloche or screen moire as wavy stripes; tiny security print; or a watermark larger than the cell."""
    kind = rng.random()
    if kind < 0.25:
        small_print(dark, rng)
        return
    if kind < 0.6:
        large_print(dark, rng)
        return
    ys, xs = np.mgrid[: dark.shape[0], : dark.shape[1]].astype(np.float32)
    for _ in range(int(rng.integers(1, 3))):
        turn, pitch = rng.uniform(0, 3.14), rng.uniform(2.5, 14)
        wave = np.sin(xs / rng.uniform(5, 30)) * rng.uniform(0, 3)
        stripes = np.sin((xs * np.cos(turn) + ys * np.sin(turn) + wave) * 6.28 / pitch)
        dark += np.clip(stripes, rng.uniform(-1, 0.5), 1) * rng.uniform(0.02, 0.12)


def small_print(dark: Dark, rng: np.random.Generator) -> None:
    """Rows of faint capitals behind the writing."""
    layer: Mask = np.zeros(dark.shape, np.uint8)
    scale, phase = float(rng.uniform(0.25, 0.6)), int(rng.integers(0, 20))
    text = "".join(rng.choice(list("ABCDEHIKLMNOPRSTUVY "), 160))
    for k, y in enumerate(range(-4, dark.shape[0] + 20, int(30 * scale))):
        cv2.putText(
            layer, text[k:], (-phase * (k % 3), y), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 1, cv2.LINE_AA
        )
    dark += layer.astype(np.float32) * np.float32(rng.uniform(0.03, 0.16) / 255)


def large_print(dark: Dark, rng: np.random.Generator) -> None:
    """Parts of a watermark that goes over many rows: broad bands, huge letters, rows of drops, with sharp edges."""
    height, width = dark.shape
    layer: Mask = np.zeros(dark.shape, np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        x, what = float(rng.uniform(-0.1, 1.0)) * width, rng.random()
        if what < 0.45:
            broad, lean = height * float(rng.uniform(0.25, 1.2)), height * float(rng.normal(0, 0.7))
            band = [(x, -2), (x + broad, -2), (x + broad + lean, height + 2), (x + lean, height + 2)]
            cv2.fillPoly(layer, [np.array(band, np.int32)], 255, cv2.LINE_AA)
        elif what < 0.75:
            letter, scale = (
                str(rng.choice(list("ABCDEHIKMNOPRSUY"))),
                height / 22 * float(rng.uniform(0.7, 3.0)),
            )
            at = (int(x), int(height * rng.uniform(0.6, 2.2)))
            cv2.putText(layer, letter, at, 0, scale, 255, max(2, int(scale * rng.uniform(2, 7))), cv2.LINE_AA)
        else:
            size = (
                max(2, int(height * rng.uniform(0.06, 0.16))),
                max(2, int(height * rng.uniform(0.04, 0.1))),
            )
            step, turn = height * float(rng.uniform(0.25, 0.5)), float(rng.uniform(0, 180))
            for k in range(5):
                spot = (
                    int(x + k * step * np.cos(np.deg2rad(turn))),
                    int(k * step * np.sin(np.deg2rad(turn))),
                )
                cv2.ellipse(layer, spot, size, turn, 0, 360, 255, -1, cv2.LINE_AA)
    dark += layer.astype(np.float32) * np.float32(rng.uniform(0.04, 0.3) / 255)


def line(dark: Dark, start: tuple[float, float], end: tuple[float, float], thick: int, depth: float) -> None:
    """One straight line, blended as ``depth`` darkness."""
    layer = np.zeros(dark.shape, np.uint8)
    cv2.line(
        layer, (round(start[0]), round(start[1])), (round(end[0]), round(end[1])), 255, thick, cv2.LINE_AA
    )
    np.maximum(dark, layer.astype(np.float32) * np.float32(depth / 255), out=dark)


def edge_rules(dark: Dark, rng: np.random.Generator) -> None:
    """Rests of the cell's own border at some edges, partly cut, slightly turned."""
    height, width = dark.shape
    chance = rng.choice([0.0, 0.35, 0.9], p=[0.4, 0.35, 0.25])
    depth, thick = float(rng.uniform(0.35, 1)), int(rng.integers(1, max(2, height // 22) + 1))
    for side in range(4):
        if rng.random() > chance:
            continue
        reach = height * (0.10 if rng.random() < 0.7 else 0.22)  # the writing often crosses the rules
        a, tilt = rng.uniform(-0.02 * height, reach), rng.normal(0, 0.012 if rng.random() < 0.75 else 0.04)
        if side < 2:
            y = a if side == 0 else height - 1 - a
            line(dark, (-5, y - tilt * width / 2), (width + 5, y + tilt * width / 2), thick, depth)
        else:
            x = a if side == 2 else width - 1 - a
            line(dark, (x - tilt * height / 2, -5), (x + tilt * height / 2, height + 5), thick, depth)


def underscore(dark: Dark, rng: np.random.Generator, y: float) -> None:
    """The blank's own line below the number: solid or dotted."""
    height, width = dark.shape
    depth, thick = float(rng.uniform(0.3, 1)), int(rng.integers(1, max(2, height // 26) + 1))
    tilt = rng.normal(0, 0.008) * width
    if rng.random() < 0.6:
        line(
            dark, (rng.uniform(-10, width * 0.1), y), (rng.uniform(0.9, 1.1) * width, y + tilt), thick, depth
        )
        return
    pitch, dot = float(rng.uniform(3, 8)), max(1, thick)
    for k, x in enumerate(np.arange(0, width, pitch)):
        dark[max(0, int(y + tilt * k * pitch / width)) :][:dot, int(x) : int(x) + dot] = depth


def ring_text(layer: Mask, centre: tuple[int, int], radius: int, rng: np.random.Generator) -> None:
    """Letters and digits around a stamp, upright or upside down, as large as a stamp's may be in a cell."""
    tall = int(np.clip(rng.uniform(0.22, 0.5) * layer.shape[0], 8, max(8, radius - 2)))
    strip: Mask = np.zeros((tall, max(16, int(6.3 * radius))), np.uint8)
    text = "".join(rng.choice(list("ABEKMHOPCTXNS0123456789 "), 200))
    cv2.putText(
        strip,
        text,
        (0, tall - 3),
        cv2.FONT_HERSHEY_SIMPLEX,
        tall / 30,
        255,
        int(rng.integers(1, 3)),
        cv2.LINE_AA,
    )
    if rng.random() < 0.5:
        strip = np.asarray(cv2.rotate(strip, cv2.ROTATE_180), np.uint8)
    ys, xs = np.mgrid[: layer.shape[0], : layer.shape[1]].astype(np.float32)
    dx, dy = xs - centre[0], ys - centre[1]
    angle = np.mod(np.arctan2(dy, dx) + float(rng.uniform(0, 6.28)), 2 * np.pi)
    along, across = angle * radius, radius - np.sqrt(dx * dx + dy * dy)
    ring = cv2.remap(strip, along.astype(np.float32), across.astype(np.float32), cv2.INTER_LINEAR)
    np.maximum(layer, np.asarray(ring, np.uint8), out=layer)


def intruders(dark: Dark, rng: np.random.Generator) -> None:
    """Ink that belongs to others.

    Stamp arcs, a signature's stroke, parts of neighbouring rows, bleed-through.
    """
    height, width = dark.shape
    layer: Mask = np.zeros(dark.shape, np.uint8)
    depth = float(rng.uniform(0.15, 0.6))
    what = rng.random()
    if what < 0.35:  # stamp: concentric arcs, faint
        radius = rng.uniform(1.0, 5) * height
        centre = (
            int(rng.uniform(-0.3, 1.3) * width),
            int(rng.choice([-1, 1]) * radius * rng.uniform(0.5, 1.1) + height / 2),
        )
        for ring in (0.0, rng.uniform(4, 12), rng.uniform(14, 30)):
            cv2.circle(layer, centre, max(2, int(radius - ring)), 255, int(rng.integers(1, 4)), cv2.LINE_AA)
        if rng.random() < 0.6:
            ring_text(layer, centre, int(radius), rng)
        depth = float(rng.uniform(0.1, 0.45))
    elif what < 0.55:  # one stroke of a signature that enters from an edge
        start = wander(
            rng, int(rng.integers(3, 5)), (-0.2 * width, -0.6 * height, 0.5 * width, 0.25 * height)
        )
        if rng.random() < 0.5:
            start[:, 1] = height - start[:, 1]
        if rng.random() < 0.5:
            start[:, 0] = width - start[:, 0]
        draw_strokes(layer, [start], float(rng.uniform(1, 3)), rng)
        depth = float(rng.uniform(0.2, 0.8))
    elif what < 0.85:  # feet and tails of the rows above and below
        for _ in range(int(rng.integers(1, 4))):
            x, reach = rng.uniform(0, width), rng.uniform(0.03, 0.14) * height
            stroke = np.array(
                [[x, -4], [x + rng.normal(0, 3), reach], [x + rng.normal(0, 5), reach * 0.8]], np.float32
            )
            if rng.random() < 0.5:
                stroke[:, 1] = height - stroke[:, 1]
            draw_strokes(layer, [stroke], float(rng.uniform(1, 3.5)), rng)
        depth = float(rng.uniform(0.3, 0.95))
    else:  # the other side of the sheet
        for _ in range(int(rng.integers(1, 5))):
            x = rng.uniform(0, width)
            draw_strokes(layer, [wander(rng, 5, (x, 0, x + height, height))], 2.5, rng)
        layer = np.asarray(cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(1.5, 3))), np.uint8)
        depth = float(rng.uniform(0.05, 0.2))
    np.maximum(dark, layer.astype(np.float32) * np.float32(depth / 255), out=dark)
    specks = int(rng.poisson(1.0))
    for _ in range(specks):
        at = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        cv2.circle(dark, at, int(rng.integers(0, 2)), float(rng.uniform(0.2, 0.9)), -1)
