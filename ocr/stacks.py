"""Stacks of cells that begin and end together: the columns of a table, and which of them lie side by side."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.boxes import Box, hull_of

MIN_STACK = 4
"""Cells that must agree before they count as a column; smaller tables are read line by line."""
ALIGNED = 0.011
"""Edges this near, as a share of the table's right end, are one column edge."""


def sections_of(table: Sequence[Box]) -> list[list[list[Box]]]:
    """Stacks side by side; two tables under one another that touch are two sections.

    Args:
        table: closed cells that touch each other, in sheet pixels.
    """
    reach = ALIGNED * max(box.x1 for box in table)
    sections: list[list[list[Box]]] = []
    for stack in sorted(_stacks(table, reach), key=len, reverse=True):
        home = next((section for section in sections if _is_beside(stack, section)), None)
        if home is None:
            sections.append([stack])
        elif not any(usual_of(other).overlap_x(usual_of(stack)) > 0.4 for other in home):
            home.append(stack)
    return sections


def usual_of(stack: Sequence[Box]) -> Box:
    """The stack's extent with median edges: a leaning column is not as wide as its hull."""
    lefts, rights = sorted(cell.x0 for cell in stack), sorted(cell.x1 for cell in stack)
    return Box(stack[0].y0, lefts[len(lefts) // 2], stack[-1].y1, rights[len(rights) // 2])


def _is_beside(stack: Sequence[Box], section: Sequence[Sequence[Box]]) -> bool:
    """True if it lies beside most of the section's stacks: one of them may reach up into the table above."""
    beside = sum(hull_of(stack).overlap_y(hull_of(other)) >= 0.5 for other in section)
    return 2 * beside >= len(section)


def _stacks(table: Sequence[Box], reach: float) -> list[list[Box]]:
    groups: list[list[Box]] = []
    for cell in sorted(table):
        near = [
            g
            for g in groups
            if abs(g[-1].x0 - cell.x0) <= reach
            and abs(g[-1].x1 - cell.x1) <= reach
            and g[-1].y1 <= cell.y0 + 4
        ]
        if near:
            max(near, key=len).append(cell)
        else:
            groups.append([cell])
    return [group for group in groups if len(group) >= MIN_STACK]
