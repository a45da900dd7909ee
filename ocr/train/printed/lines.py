"""One training line: drawn with a font, photographed, and cut out with the reader's own line splitter."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.lines import Line, even, split_lines
from ocr.train.degrade import motion
from ocr.train.printed.fonts import Face
from ocr.train.printed.text import Texts, clean

Grey = NDArray[np.uint8]
DRAWN = 36
"""Font size in pixels before the photo makes it smaller."""
LONGEST = 75
"""Characters of a line; longer ones are cut at a space."""


class Printer:
    """Draws training lines. The same seed gives the same line."""

    def __init__(self, faces: list[Face]) -> None:
        self.faces, self.texts = faces, Texts()

    def sample(self, seed: tuple[int, ...]) -> tuple[Grey, str]:
        """A line's crop (32, W) and what it says in the reader's alphabet."""
        rng = np.random.default_rng(seed)
        while True:
            face = self.faces[int(rng.integers(len(self.faces)))]
            text = _shortened(self.texts.draw(rng), int(rng.integers(20, LONGEST)))
            said = clean(text)
            if not said or not face.covers(text):
                continue
            crop = self.picture(text, face, rng)
            if crop is not None:
                return crop, said

    def picture(self, text: str, face: Face, rng: np.random.Generator) -> Grey | None:
        """The text as a phone sees it on paper; ``None`` if nothing of it can be made out as a line."""
        size = float(np.clip(rng.normal(16, 4.5), 8.5, 34))
        dark = _drawn(text, face, rng)
        tile = even(_photographed(dark, size / DRAWN, rng))
        lines = split_lines(tile)
        best = max(lines, key=lambda line: line.picture.shape[1], default=None)
        if best is None or (len(lines) > 1 and not _alone(lines, best)):
            return None
        return best.picture


def _alone(lines: list[Line], best: Line) -> bool:
    """True if the other lines are scraps of neighbours or of a rule."""
    return all(line is best or line.picture.shape[1] < 0.5 * best.picture.shape[1] for line in lines)


def _shortened(text: str, longest: int) -> str:
    words, out = text.split(), ""
    for word in words:
        if out and len(out) + 1 + len(word) > longest:
            break
        out = f"{out} {word}".strip()
    return out[:LONGEST]


def _drawn(text: str, face: Face, rng: np.random.Generator) -> NDArray[np.float32]:
    """Darkness (H, W) in 0..1 of the line at full size, with what else is printed near it."""
    runs = face.runs(text, DRAWN)
    spread = float(rng.choice([0, 0, 0, 1, 2, -0.6]))
    width = int(sum(font.getlength(part) + spread * len(part) for part, font in runs)) + 80
    height = DRAWN * 3
    canvas = Image.new("L", (max(width, 60), height), 0)
    draw = ImageDraw.Draw(canvas)
    x, base = 36.0, 2 * DRAWN
    for part, font in runs:
        for piece in (part,) if not spread else part:
            draw.text((x, base), piece, font=font, fill=255, anchor="ls")
            x += font.getlength(piece) + spread
    dark = np.asarray(np.asarray(canvas, np.float32) / np.float32(255), np.float32)
    if rng.random() < 0.25:
        _rule(dark, rng)
    if rng.random() < 0.15:
        _watermark(dark, rng)
    slope = float(rng.normal(0, 0.004))
    matrix = np.array([[1, rng.normal(0, 0.02), 0], [slope, 1, -slope * width / 2]], np.float32)
    return np.asarray(
        cv2.warpAffine(dark, matrix, (dark.shape[1], dark.shape[0]), flags=cv2.INTER_LINEAR), np.float32
    )


def _rule(dark: NDArray[np.float32], rng: np.random.Generator) -> None:
    """A rule of the table above, below or beside the line."""
    thick = int(rng.integers(1, 4))
    if rng.random() < 0.7:
        y = int(rng.choice([rng.integers(4, 26), rng.integers(84, 104)]))
        dark[y : y + thick] = np.maximum(dark[y : y + thick], rng.uniform(0.5, 1))
    else:
        x = int(rng.choice([rng.integers(2, 24), dark.shape[1] - rng.integers(6, 30)]))
        dark[:, x : x + thick] = np.maximum(dark[:, x : x + thick], rng.uniform(0.5, 1))


def _watermark(dark: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Broad pale strokes across the print."""
    pale = np.zeros(dark.shape, np.uint8)
    for _ in range(int(rng.integers(1, 5))):
        ends = rng.integers((0, 0), (dark.shape[1], dark.shape[0]), (2, 2))
        cv2.line(pale, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 255, int(rng.integers(6, 22)))
    dark[:] = np.maximum(dark, pale / 255.0 * rng.uniform(0.08, 0.3))


def _photographed(dark: NDArray[np.float32], scale: float, rng: np.random.Generator) -> Grey:
    """Darkness at full size to the grey picture of a phone at the sheet's scale."""
    harsh = float(rng.random()) ** 1.5
    pale = rng.uniform(0.75 - 0.35 * harsh, 1.0)
    first = min(
        1.0, scale * float(rng.choice([1.0, 1.0, 1.3, 0.8]))
    )  # the photo's own scale, before the sheet's
    image = _scaled(dark * np.float32(pale), first)
    if rng.random() < 0.7:
        sigma = float(rng.uniform(0.25, 0.5 + 0.9 * harsh))
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.float32)
    if rng.random() < 0.12:
        image = np.asarray(cv2.filter2D(image, -1, motion(rng, 24)), np.float32)
    white = rng.uniform(150, 250)
    slope = np.linspace(1 - rng.uniform(0, 0.35), 1, image.shape[1], dtype=np.float32)
    grey = (white * (1 - image) + rng.uniform(10, 50) * image) * (
        slope if rng.random() < 0.5 else slope[::-1]
    )
    noisy = grey + rng.normal(0, rng.uniform(0.5, 2 + 8 * harsh), grey.shape)
    out = np.clip(noisy, 0, 255).astype(np.uint8)
    if rng.random() < 0.85:
        quality = int(rng.integers(88 - round(55 * harsh), 95))
        out = np.asarray(
            cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0), np.uint8
        )
    if first != scale:
        out = np.asarray(_scaled(out.astype(np.float32), scale / first).clip(0, 255), np.uint8)
    return out


def _scaled(image: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    size = (max(8, round(image.shape[1] * scale)), max(8, round(image.shape[0] * scale)))
    mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=mode), np.float32)
