"""From a relation that fails to the finding of its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tally.audit import findings_rows as rows
from tally.audit import findings_wide as wide
from tally.audit.context import Context
from tally.audit.model import AuditFinding
from tally.audit.relations import Relation


def finding_of(relation: Relation, context: Context) -> AuditFinding:
    """The finding of a relation that does not hold."""
    return _RULES[relation.code](relation, context)


_RULES: Mapping[str, Callable[[Relation, Context], AuditFinding]] = {
    "T1": rows.adds,
    "T2": rows.adds,
    "T3": rows.share,
    "T4": rows.one_base,
    "T5": rows.hundred,
    "T6": rows.turnout,
    "T7": wide.at_most,
    "T8": wide.falls,
    "T9": wide.hour,
    "T10": wide.across,
    "T11": wide.across,
}
