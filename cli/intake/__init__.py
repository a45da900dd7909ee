"""Taking in what people hand over: files, folders, zips, exports of messengers, mails.

``source`` finds the files, ``exports`` pairs them with what a chat or a mail claims about them, ``take`` keeps them,
``look`` decodes them in a worker, ``pseudonyms`` keeps the people behind them out of the case. ``take`` needs a case
and its database, so it is imported by its own name; finding photos does not.
"""

from __future__ import annotations

from cli.intake.handed import MAX_STORED_BYTES, Answers, Claim, Handed, Opened
from cli.intake.source import count, handed_in, must_be_there, photos_in

__all__ = [
    "MAX_STORED_BYTES",
    "Answers",
    "Claim",
    "Handed",
    "Opened",
    "count",
    "handed_in",
    "must_be_there",
    "photos_in",
]
