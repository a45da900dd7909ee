"""Procedural writers: digits as pen strokes in the shapes taught in Kazakh and Russian schools.

No collection of Kazakh or Russian digits is public, so their habits (1 with flag and foot, crossed 7, open 4,
slashed 0, looped 2, flat-topped 3) are drawn from control points that every invented writer bends
differently. Coordinates: x to the right, y down, one digit is 1 high; strokes are (N, 2) float arrays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
Stroke = list[tuple[float, float]]

# Every digit: variants with a weight; a variant is a list of strokes; corners split a stroke in two.
# fmt: off
_OVAL: Stroke = [(.36, .02), (.08, .22), (.05, .62), (.26, .98), (.53, .76), (.55, .30), (.36, .02)]
SHAPES: dict[str, list[tuple[float, list[Stroke]]]] = {
    "0": [(6, [_OVAL]), (1, [[*_OVAL[:-1], (.45, .06)]]), (1, [_OVAL, [(.55, .05), (.06, .95)]]),
          (2, [[(.42, .05), (.15, .1), (.04, .5), (.2, .95), (.5, .85), (.56, .4), (.4, .06), (.28, .1)]]),
          # tails: through the foot as in a Q, into the bowl where the pen began or where it closed the ring
          (.8, [_OVAL, [(.26, .64), (.64, 1.02)]]), (.5, [[(.3, .42), (.42, .1), *_OVAL]]),
          (.8, [[*_OVAL, (.24, .2), (.34, .46)]]), (.4, [[*_OVAL[3:], *_OVAL[1:4], (.4, .78), (.3, .6)]])],
    "1": [(2, [[(.3, 0), (.26, .5), (.25, 1)]]), (4, [[(.05, .3), (.35, 0)], [(.35, 0), (.32, .5), (.3, 1)]]),
          (3, [[(.0, .5), (.2, .25), (.4, 0)], [(.4, 0), (.38, .5), (.36, 1)]]),
          (3, [[(.08, .28), (.35, 0)], [(.35, 0), (.33, 1)], [(.06, 1), (.6, .99)]])],
    "2": [(4, [[(.05, .25), (.2, .02), (.5, .1), (.46, .42), (.22, .75), (.02, .98)],
               [(.02, .98), (.3, .95), (.6, .97)]]),
          (3, [[(.05, .25), (.25, .02), (.52, .15), (.4, .5), (.12, .9), (.02, .86), (.14, .77), (.36, .96),
                (.63, .9)]]),
          (1, [[(.02, .12), (.3, .0), (.5, .2), (.3, .6), (.04, .95), (.4, .93), (.62, .82)]])],
    "3": [(4, [[(.08, .1), (.3, 0), (.52, .15), (.42, .4), (.2, .47)],
               [(.2, .47), (.5, .55), (.55, .8), (.3, 1), (.03, .88)]]),
          (2, [[(.05, .03), (.3, .0), (.55, .02)], [(.55, .02), (.25, .4)],
               [(.25, .4), (.52, .5), (.54, .82), (.25, 1), (.0, .88)]]),
          (2, [[(.08, .1), (.32, 0), (.5, .18), (.3, .45), (.2, .44), (.34, .45), (.55, .72), (.28, 1),
                (.02, .9)]])],
    "4": [(4, [[(.12, 0), (.03, .55)], [(.03, .55), (.6, .53)], [(.5, .1), (.45, 1)]]),
          (3, [[(.45, 0), (.2, .35), (0, .66)], [(0, .66), (.62, .64)], [(.45, 0), (.44, 1)]]),
          (3, [[(.08, 0), (.05, .35), (.2, .5), (.5, .42)], [(.52, 0), (.48, 1)]])],
    "5": [(4, [[(.14, .02), (.08, .42)], [(.08, .42), (.35, .37), (.55, .62), (.4, .95), (.02, .92)],
               [(.14, .02), (.6, 0)]]),
          (2, [[(.55, .02), (.3, .02), (.14, .06), (.08, .4), (.4, .4), (.55, .7), (.3, 1), (0, .9)]]),
          (1, [[(.15, .1), (.1, .45), (.4, .45), (.5, .75), (.2, 1), (.0, .95)], [(.2, .08), (.65, -.06)]])],
    "6": [(4, [[(.5, .02), (.2, .25), (.05, .65), (.2, .98), (.5, .88), (.5, .6), (.25, .52), (.07, .7)]]),
          (2, [[(.35, 0), (.12, .4), (.05, .75), (.25, 1), (.5, .8), (.4, .58), (.1, .7)]]),
          (2, [[(.52, .12), (.4, .0), (.14, .2), (.05, .65), (.25, 1), (.53, .78), (.32, .52), (.08, .68)]])],
    "7": [(3, [[(.02, .05), (.55, .02)], [(.55, .02), (.35, .45), (.2, 1)]]),
          (4, [[(.02, .05), (.55, .02)], [(.55, .02), (.36, .45), (.22, 1)], [(.1, .52), (.52, .46)]]),
          (1, [[(.02, .18), (.05, .03)], [(.05, .03), (.58, .04)], [(.58, .04), (.3, .5), (.28, 1)],
               [(.12, .5), (.5, .5)]]),
          (1, [[(.0, .1), (.15, .02), (.35, .08), (.55, .0)], [(.55, .0), (.3, .5), (.25, 1)]])],
    "8": [(4, [[(.5, .12), (.25, 0), (.08, .2), (.3, .46), (.52, .75), (.28, 1), (.05, .78), (.28, .48),
                (.5, .2), (.46, .08)]]),
          (2, [[(.3, 0), (.1, .2), (.28, .45), (.5, .22), (.3, 0)],
               [(.28, .45), (.03, .72), (.28, 1), (.54, .75), (.28, .45)]]),
          (1, [[(.5, .05), (.15, .05), (.12, .3), (.5, .7), (.3, 1), (.05, .8), (.25, .5), (.55, .05)]])],
    "9": [(4, [[(.5, .15), (.28, .0), (.05, .25), (.2, .5), (.48, .35), (.52, .1)],
               [(.52, .1), (.5, .6), (.42, 1)]]),
          (3, [[(.5, .15), (.28, .0), (.05, .25), (.2, .5), (.48, .35), (.52, .12), (.54, .6), (.35, .97),
                (.03, .95)]]),
          (2, [[(.48, .08), (.2, .02), (.06, .3), (.25, .52), (.5, .3), (.48, .08)],
               [(.5, .25), (.46, .7), (.2, 1)]])],
}
# fmt: on


def smooth(points: Points, steps: int = 5) -> Points:
    """Catmull-Rom curve through (N, 2) points, ``steps`` samples a span.

    Fewer than three points stay straight.
    """
    if len(points) < 3:
        return points
    padded = np.concatenate([points[:1] * 2 - points[1:2], points, points[-1:] * 2 - points[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[None, :, None]
    a, b, c, d = (padded[i : len(padded) - 3 + i, None, :] for i in range(4))
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return np.concatenate([curve.reshape(-1, 2), points[-1:]]).astype(np.float32)


def _one(rng: np.random.Generator) -> list[Stroke]:
    """A 1 with a flag: the flag falls from the tip at 28 to 70 degrees, the stem stands; foot or none."""
    angle, length = np.deg2rad(rng.uniform(28, 70)), float(rng.uniform(0.2, 0.62))
    tip, lean = 0.45, float(rng.normal(0, 0.04))
    far = (tip - length * float(np.cos(angle)), length * float(np.sin(angle)))
    sag = float(rng.uniform(-0.06, 0.08))
    middle = ((far[0] + tip) / 2 + sag * 0.5, far[1] / 2 + sag)
    flag: Stroke = [far, middle, (tip, 0)] if rng.random() < 0.6 else [far, (tip, 0)]
    stem: Stroke = [(tip, 0), (tip - lean / 2, 0.5), (tip - lean, 1)]
    strokes = [flag, stem] if rng.random() < 0.75 else [[*flag, *stem[1:]]]
    if rng.random() < 0.25:
        half = float(rng.uniform(0.12, 0.32))
        strokes.append([(tip - lean - half, 1 + float(rng.normal(0, 0.01))), (tip - lean + half, 1)])
    return _to_left(strokes)


def _seven(rng: np.random.Generator) -> list[Stroke]:
    """A 7: the bar lies (within 12 degrees) and the leg falls back under it; crossbar or none."""
    wide = float(rng.uniform(0.42, 0.68))
    drop = float(np.tan(np.deg2rad(rng.uniform(-12, 12)))) * wide
    foot = wide * float(rng.uniform(0.1, 0.55))
    bow = float(rng.uniform(-0.02, 0.12)) * wide
    bar: Stroke = [(0, max(drop, 0.0)), (wide / 2, max(drop, 0.0) / 2 + bow / 2), (wide, max(-drop, 0.0))]
    if rng.random() < 0.2:
        bar = [(0.0, 0.16), *bar]
    leg: Stroke = [bar[-1], ((wide + foot) / 2 - bow, 0.5), (foot, 1)]
    strokes = [bar, leg]
    if rng.random() < 0.5:
        at, half = float(rng.uniform(0.42, 0.6)), float(rng.uniform(0.12, 0.25))
        mid = wide + (foot - wide) * at - bow
        strokes.append([(mid - half, at + 0.03), (mid + half, at - float(rng.uniform(0, 0.05)))])
    return _to_left(strokes)


def _to_left(strokes: list[Stroke]) -> list[Stroke]:
    """The same strokes with their leftmost point at x = 0."""
    left = min(x for stroke in strokes for x, _ in stroke)
    return [[(x - left, y) for x, y in stroke] for stroke in strokes]


class SchoolHand:
    """One invented writer.

    A fixed variant and bend for every digit, small tremor from one sample to the next.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.aspect = float(rng.uniform(0.45, 1.35))
        self.tremor = float(rng.uniform(0.008, 0.03))
        bend = float(rng.uniform(0.015, 0.05))
        self.shapes: dict[str, list[Points]] = {}
        for digit, variants in SHAPES.items():
            weights = np.array([w for w, _ in variants], dtype=float)
            strokes = variants[int(rng.choice(len(variants), p=weights / weights.sum()))][1]
            if digit in "17" and rng.random() < 0.7:  # the pair that costs most: every flag and every bar
                strokes = _one(rng) if digit == "1" else _seven(rng)
            joints: dict[
                tuple[float, float], Points
            ] = {}  # strokes that met at a corner still meet after the bend
            for point in (p for s in strokes for p in s):
                joints.setdefault(
                    point, np.array(point, dtype=np.float32) + rng.normal(0, bend, 2).astype(np.float32)
                )
            self.shapes[digit] = [np.stack([joints[p] for p in s]) for s in strokes]

    def strokes(self, digit: str, rng: np.random.Generator) -> list[Points]:
        """One sample of a digit: strokes of about unit height."""
        scale = np.array([self.aspect, 1.0], dtype=np.float32)
        return [
            smooth(s + rng.normal(0, self.tremor, s.shape).astype(np.float32)) * scale
            for s in self.shapes[digit]
        ]
