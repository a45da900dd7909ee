"""Renderer: one random cell crop and its transcript, from a pool of writers.

``Renderer.sample(seed)`` is a pure function of the seed, so that a run can be repeated or resumed at any
sample.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.train import content, degrade, marks, paper
from ocr.train.glyphs import FontWriter, Glyph, Mask, Writer
from ocr.train.marks import cross, dash, scribble, strike
from ocr.train.pen import glyph_width, paste, put

LABELLED = 0.07
"""Share of cells without boxes at whose left end print of the form is left standing."""
JOINED = 0.1
"""Share of numbers in which a stroke of one digit runs on into the next."""
SPECKED = 0.04
"""Share of numbers with dots of the pen beside them."""
WriterPool = Callable[[np.random.Generator], Writer]
Step = tuple[float, float, Glyph | None, str]  # left edge, width, glyph or None for a mark, character
Plan = Callable[[np.random.Generator], content.Content]
WordPool = Callable[[np.random.Generator], FontWriter]


class Renderer:
    """Draws cells.

    ``writers`` picks the hand of one cell, ``words`` a typeface with letters, ``plan`` what is written; ``prints`` a
    typeface of the form, the end of whose text now and then stands before the number.

    ``severity`` is the range from which each cell draws how badly it was photographed: 0 = clean, 1 = barely
    legible.
    """

    def __init__(
        self,
        writers: WriterPool,
        words: WordPool,
        plan: Plan = content.sample,
        severity: tuple[float, float] = (0.0, 1.0),
        prints: WordPool | None = None,
    ) -> None:
        self.writers, self.words, self.plan, self.severity = writers, words, plan, severity
        self.prints = prints

    def sample(self, seed: tuple[int, int]) -> tuple[NDArray[np.uint8], str]:
        """Grey crop (H, W) uint8, 18..60 px high, and its transcript."""
        rng = np.random.default_rng(seed)
        what = self.plan(rng)
        harsh = float(rng.uniform(*self.severity))
        height = int(rng.integers(52, 84))
        if what.kind == "boxes":
            return self._finish(*self._boxes(what, height, rng), 26, harsh, rng), what.text
        text = what.text
        line = float(np.clip(rng.normal(0.62, 0.16), 0.27, 0.95)) * height
        ink, line_y = self._free(what, height, line, harsh, rng)
        if what.kind == "corrected":
            other = content.number(rng)[:3]
            ink, text = self._append(ink, other, line, rng), "~" + other
        elif self.prints is not None and what.kind in ("number", "blank") and rng.random() < LABELLED:
            ink = self._label(ink, line, line_y, rng)
        return self._finish(
            ink, np.zeros(ink.shape, np.float32), line_y, (20 - 9 * harsh) * height / line, harsh, rng
        ), text

    def _free(
        self, what: content.Content, height: int, line: float, harsh: float, rng: np.random.Generator
    ) -> tuple[Mask, float]:
        """Ink of a cell without boxes and the y of its writing line."""
        writer = self.writers(rng)
        pen = pen_width(line, rng)
        steps, right = self._advance(what.pieces, writer, line, pen, rng)
        margin = line * (0.12 if rng.random() < 0.25 * harsh else 0.3)
        natural = right + 2 * margin
        if what.kind in ("scribble", "word", "blank"):
            natural = line * rng.uniform(1.6, 4.5)
        width = int(np.clip(max(natural, height * np.exp(rng.normal(0.9, 0.5))), height, 8.5 * height))
        layer: Mask = np.zeros((height, max(width, int(natural))), np.uint8)
        room = layer.shape[1] - natural
        x0 = margin + room * float(rng.choice([0.0, 0.5, 1.0, rng.uniform()]))
        top = (height - line) * float(np.clip(rng.normal(0.5, 0.22), 0.05 - 0.2 * harsh, 0.95 + 0.2 * harsh))
        drift = rng.normal(0, 0.025)
        for x, wide, glyph, piece in steps:
            y = top + drift * x + rng.normal(0, 0.035) * line
            size = line * float(np.clip(rng.normal(1, 0.06), 0.8, 1.2))
            if glyph is None:
                (dash if piece == "-" else cross)(layer, x0 + x, top, wide, line, pen, rng)
            else:
                put(layer, glyph, x0 + x, y + (line - size) / 2, size, pen, rng)
        box = (x0, top, x0 + max(natural - 2 * margin, line * 0.8), top + line)
        if what.kind in ("number", "filled"):
            self._flourish(layer, steps, box, pen, rng)
        if what.kind in ("struck", "corrected"):
            strike(layer, box, pen, rng)
        elif what.kind == "scribble":
            scribble(layer, box, pen, rng)
        elif what.kind == "word":
            self._word(layer, box, rng)
        elif what.kind == "overwritten":
            x, _, _, piece = steps[what.text.index("~")]
            other = str(rng.choice([digit for digit in content.OVERWRITTEN if digit != piece]))
            put(layer, writer.glyph(other, rng), x0 + x, top, line, pen * float(rng.uniform(1, 1.6)), rng)
        elif what.kind == "cut":
            layer = _cut_through(layer, steps, x0, what.text.startswith("~"), rng)
        return layer, top + line * rng.uniform(1.0, 1.12)

    @staticmethod
    def _flourish(
        layer: Mask, steps: list[Step], box: marks.Box, pen: float, rng: np.random.Generator
    ) -> None:
        """Now and then a stroke from one digit into the next, or dots: neither changes the number."""
        x0, top, right, bottom = box
        pairs = [k for k in range(len(steps) - 1) if steps[k][2] is not None and steps[k + 1][2] is not None]
        if pairs and rng.random() < JOINED:
            reaching = [k for k in pairs if steps[k][3] in marks.REACHING] or pairs
            k = reaching[int(rng.integers(len(reaching)))]
            first, second = ((x0 + x, top, x0 + x + wide, bottom) for x, wide, _, _ in steps[k : k + 2])
            marks.join(layer, first, second, steps[k][3], pen, rng)
        if rng.random() < SPECKED:
            marks.specks(layer, (x0, top, right, bottom), pen, rng)

    def _advance(
        self, pieces: tuple[str, ...], writer: Writer, line: float, pen: float, rng: np.random.Generator
    ) -> tuple[list[Step], float]:
        """Place of every piece, with touching, overlapping and wide gaps; and the right end, in px."""
        x, steps = 0.0, []
        mean = float(np.clip(rng.normal(0.14, 0.12), -0.08, 0.6)) * line + pen * 0.8
        filler = line * float(rng.uniform(0.5, 1.2) if rng.random() < 0.6 else rng.uniform(1.0, 3.0))
        for piece in pieces:
            glyph = writer.glyph(piece, rng) if piece.isdigit() else None
            wide = max(glyph_width(glyph, line), 0.08 * line) if glyph else filler
            steps.append((x, wide, glyph, piece))
            x += wide + max(mean + rng.normal(0, 0.05) * line, -0.12 * line)
        return steps, x

    def _neighbour(self, dark: NDArray[np.float32], rng: np.random.Generator) -> None:
        """Tops or feet of the number in the row below or above, cut off by the crop's edge."""
        height, width = dark.shape
        line = height * float(rng.uniform(0.45, 0.8))
        writer, pen, shown = self.writers(rng), pen_width(line, rng), line * float(rng.uniform(0.03, 0.2))
        steps, right = self._advance(tuple(content.number(rng)), writer, line, pen, rng)
        layer: Mask = np.zeros((height, width), np.uint8)
        left = float(rng.uniform(-0.1, 1.0)) * max(width - right, 1.0)
        top = shown - line if rng.random() < 0.5 else height - shown
        for x, _, glyph, _ in steps:
            if glyph is not None:
                put(layer, glyph, left + x, top, line, pen, rng)
        depth = np.float32(rng.uniform(0.4, 1) / 255)
        np.maximum(dark, layer.astype(np.float32) * depth, out=dark)

    def _append(self, layer: Mask, digits: str, line: float, rng: np.random.Generator) -> Mask:
        """Write a second number after the first, by the same kind of pen."""
        writer, pen = self.writers(rng), pen_width(line, rng)
        used = np.flatnonzero(layer.max(0) > 60)
        start = float(used.max() + line * 0.3) if len(used) else 0.0
        steps, right = self._advance(tuple(digits), writer, line, pen, rng)
        wide: Mask = np.zeros(
            (layer.shape[0], max(layer.shape[1], int(start + right + line * 0.3))), np.uint8
        )
        wide[:, : layer.shape[1]] = layer
        top = (layer.shape[0] - line) / 2
        for x, _, glyph, _ in steps:
            if glyph is not None:
                put(wide, glyph, start + x, top, line, pen, rng)
        return wide

    def _label(self, layer: Mask, line: float, line_y: float, rng: np.random.Generator) -> Mask:
        """The form's own print before the number, its beginning outside the cell: not part of the transcript."""
        assert self.prints is not None
        font = self.prints(rng)
        known = [w for w in content.LABELS if set(w) - set(" №,:") <= set(font.letters)]
        word = font.word(str(rng.choice(known)) if known else "No")
        tall = max(5, int(line * rng.uniform(0.3, 0.55)))
        size = (max(4, word.shape[1] * tall // word.shape[0]), tall)
        word = np.asarray(cv2.resize(word, size, interpolation=cv2.INTER_AREA), np.uint8)
        word = word[:, int(rng.uniform(0, 0.8) * word.shape[1]) :]
        gap = int(line * rng.uniform(0.25, 1.2))
        wide: Mask = np.pad(layer, ((0, 0), (word.shape[1] + gap, 0)))
        paste(wide, word, 0, max(0, round(line_y - tall)))
        return wide

    def _word(self, layer: Mask, box: tuple[float, float, float, float], rng: np.random.Generator) -> None:
        """A word in letters, or a few printed ones."""
        font = self.words(rng)
        known = [w for w in content.WORDS if set(w) <= set(font.letters)]
        letters = [c for c in font.letters if c not in "oOоОlIіІxXхХ"] or ["a"]
        random_word = "".join(rng.choice(letters, int(rng.integers(3, 10))))
        mask = font.word(str(rng.choice(known)) if known and rng.random() < 0.75 else random_word)
        scale = min(max(box[3] - box[1], 6) / mask.shape[0], layer.shape[1] * 0.95 / mask.shape[1])
        size = (max(2, round(mask.shape[1] * scale)), max(2, round(mask.shape[0] * scale)))
        paste(
            layer,
            np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.uint8),
            1,
            round(box[1]),
        )

    def _boxes(
        self, what: content.Content, height: int, rng: np.random.Generator
    ) -> tuple[Mask, NDArray[np.float32], float]:
        """One digit a box: ink, the boxes' separators and the writing line."""
        writer, count = self.writers(rng), len(what.pieces)
        pitch = height * rng.uniform(0.6, 1.15)
        ink: Mask = np.zeros((height, max(height, int(pitch * count))), np.uint8)
        rules = np.zeros(ink.shape, np.float32)
        line = min(height * rng.uniform(0.5, 0.9), pitch * 1.3)
        pen, depth, thick = pen_width(line, rng), float(rng.uniform(0.25, 1)), int(rng.integers(1, 4))
        for k in range(1, count):
            x = pitch * k + rng.normal(0, 0.5)
            paper.line(rules, (x, -5), (x + rng.normal(0, 1), height + 5), thick, depth)
            if rng.random() < 0.1 and x + pitch * 0.1 < ink.shape[1]:  # separate boxes have double rules
                paper.line(rules, (x + pitch * 0.1, -5), (x + pitch * 0.1, height + 5), thick, depth)
        for k, piece in enumerate(what.pieces):
            top = (height - line) / 2 + rng.normal(0, 0.06) * height
            if piece.isdigit():
                glyph = writer.glyph(piece, rng)
                size = min(line, line * pitch * 1.0 / max(glyph_width(glyph, line), 1))
                x = pitch * k + (pitch - glyph_width(glyph, size)) / 2 + rng.normal(0, 0.08) * pitch
                put(ink, glyph, x, top + (line - size) / 2, size, pen, rng)
            elif piece in "-x":
                mark = dash if piece == "-" else cross
                wide = pitch * rng.uniform(0.4, 0.85)
                mark(ink, pitch * k + (pitch - wide) / 2, top, wide, line, pen, rng)
        return ink, rules, height * 1.2

    def _finish(
        self,
        ink: Mask,
        rules: NDArray[np.float32],
        line_y: float,
        least: float,
        harsh: float,
        rng: np.random.Generator,
    ) -> NDArray[np.uint8]:
        """Put ink on paper, add rules and strangers' ink, photograph."""
        ink = degrade.thicken(degrade.bend(ink, rng), rng)
        dark = paper.blank_paper(rng, (ink.shape[0], ink.shape[1]))
        paper.edge_rules(rules, rng)
        if line_y < ink.shape[0] * 1.1 and rng.random() < 0.22:
            paper.underscore(rules, rng, line_y)
        if rng.random() < 0.1 + 0.35 * harsh:
            paper.intruders(rules, rng)
        if rng.random() < 0.12:
            self._neighbour(rules, rng)
        strength = ink.astype(np.float32) * np.float32(rng.uniform(0.9 - 0.4 * harsh, 1.0) / 255)
        if rng.random() < 0.4:  # a ballpoint that skips
            strength *= 1 - np.clip(
                paper.coarse_noise(rng, (ink.shape[0], ink.shape[1]), 8), 0, 1
            ) * np.float32(rng.uniform(0, 0.5))
        rules *= np.float32(rng.uniform(0.6, 1))
        return degrade.photograph(1 - (1 - dark) * (1 - rules) * (1 - strength), rng, harsh, least)


def _cut_through(layer: Mask, steps: list[Step], x0: float, left: bool, rng: np.random.Generator) -> Mask:
    """The layer without the outer 35 to 75 % of its first or last digit, as a cell that was found too narrow."""
    x, wide, *_ = steps[0 if left else -1]
    gone = float(rng.uniform(0.35, 0.75)) * wide
    part = layer[:, max(0, int(x0 + x + gone)) :] if left else layer[:, : max(8, int(x0 + x + wide - gone))]
    return np.ascontiguousarray(part)


def pen_width(line: float, rng: np.random.Generator) -> float:
    """Pen width in px for a line of ``line`` px: from a sharp ballpoint to a marker."""
    return max(1.0, line * float(np.clip(rng.lognormal(-2.55, 0.45), 0.03, 0.24)))
