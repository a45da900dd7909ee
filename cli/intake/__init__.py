"""Taking in what people hand over: files, folders, zips, exports of messengers, mails.

``source`` finds the files, ``exports`` pairs them with what a chat or a mail claims about them, ``take`` keeps them,
``look`` decodes them in a worker, ``pseudonyms`` keeps the people behind them out of the case.
"""

from __future__ import annotations

from cli.intake.handed import MAX_STORED_BYTES, Answers, Claim, Handed, Opened
from cli.intake.source import count, handed_in, must_be_there, photos_in
from cli.intake.take import OUTCOMES, Taken, TakenChat, add_all, counted, exit_code

__all__ = [
    "MAX_STORED_BYTES",
    "OUTCOMES",
    "Answers",
    "Claim",
    "Handed",
    "Opened",
    "Taken",
    "TakenChat",
    "add_all",
    "count",
    "counted",
    "exit_code",
    "handed_in",
    "must_be_there",
    "photos_in",
]
