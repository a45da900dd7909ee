"""``add`` and ``status`` on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cli.console import note, out
from cli.intake.reasons import file_in, reason_in
from cli.intake.take import OUTCOMES, Taken, TakenChat
from cli.intake.texts import question, text, way
from cli.lang import Lang, pick
from cli.render import show, table
from cli.words import heads, word

_CHATS = ("whatsapp", "telegram")


def show_taken(
    taken: Sequence[Taken], chats: Sequence[TakenChat], counts: Mapping[str, int], lang: Lang
) -> None:
    """What became of each file; chats, sums and questions go to stderr."""
    rows = [
        (
            file_in(one.file, lang),
            word(one.outcome, lang),
            one.sha256[:12],
            way(one.provenance.kind, lang) if one.provenance else None,
            hinted(one.hint, lang),
            reason_in(one.reason, lang),
        )
        for one in taken
    ]
    titles = [*heads(lang, "file", "outcome"), "sha256", text("provenance", lang), text("hint", lang)]
    show(out(), table([*titles, *heads(lang, "why")], rows))
    note(", ".join(f"{word(key, lang)} {counts[key]}" for key in OUTCOMES))
    for chat in chats:
        _note_chat(chat.to_dict(), lang)


def hinted(hint: Mapping[str, int], lang: Lang) -> str:
    """``участок 379, округ 4``: always as what a caption says."""
    return ", ".join(f"{word(key, lang)} {number}" for key, number in hint.items())


def _note_chat(chat: Mapping[str, Any], lang: Lang) -> None:
    if asked := chat["question"]:
        note(question(chat["chat"], asked, lang))
    else:
        kind = "chat" if chat["channel"] in _CHATS else chat["channel"]
        parts = [text(kind, lang, **chat), text("sealed" if chat["sealed"] else "not_sealed", lang)]
        if back := chat["backwards"]:
            parts.append(text("backwards", lang, n=back[0], count=len(back)))
        note("; ".join(parts))


def show_status(case: str, found: Mapping[str, Any], lang: Lang) -> None:
    """The object of ``status --json`` as tables."""
    console = out()
    rows: list[tuple[str, object]] = [(word("election", lang), found["election"])]
    rows.append((word("district", lang), ", ".join(map(str, found["districts"])) or "-"))
    rows += [
        (word(key, lang), found[key])
        for key in ("photos", "quarantined", "not_read", "waiting", "typed", "ledger")
    ]
    rows += [(f"  {word(key, lang)}", number) for key, number in found["pages"].items()]
    rows += [(f"  {way(kind, lang)}", number) for kind, number in found["provenance"].items() if number]
    rows += [
        (text(key, lang), len(found[name]))
        for key, name in (("missing_files", "missing"), ("open_question", "questions"))
        if found[name]
    ]
    console.print(case, soft_wrap=True)
    show(console, table((), rows, numbers=(1,)))
    covered = [tuple(one.values()) for one in found["coverage"]]
    columns = heads(lang, "contest", "total", "with_protocol", "missing", "unlisted_precincts")
    show(console, table(columns, covered, numbers=(1, 2, 3, 4)))
    listed = [(file_in(one["file"], lang), reason_in(one["reason"], lang)) for one in found["quarantine"]]
    show(console, table(heads(lang, "quarantined", "why"), listed))
    gone = [
        (file_in(f"{one['chat']}!{one['file']}", lang), reason_in(one["reason"], lang))
        for one in found["missing"]
    ]
    show(console, table([text("missing_files", lang), *heads(lang, "why")], gone))
    pairs = [[file_in(name, lang) for name in one["files"]] for one in found["resent"]]
    show(console, table([text("resent", lang), ""], pairs))
    same = [
        (
            one["contest"],
            one["precinct"],
            one["shots"],
            ", ".join(file_in(name, lang) for name in one["files"]),
        )
        for one in found["same_sheet"]
    ]
    titles = [*heads(lang, "contest", "precinct"), text("shots", lang), text("same_sheet", lang)]
    show(console, table(titles, same, numbers=(2,)))
    other = [
        (file_in(one["file"], lang), hinted(one["hint"], lang), hinted(one["read"], lang))
        for one in found["captions_differ"]
    ]
    show(console, table([text("caption_differs", lang), text("hint", lang), *heads(lang, "read")], other))
    terms = [_term(one, lang) for one in found["deadlines"]]
    show(console, table(heads(lang, "last_day", "days_left", "deadline", "state"), terms, numbers=(1,)))
    for one in found["questions"]:
        note(question(one["chat"], one["question"], lang))


def _term(one: Mapping[str, Any], lang: Lang) -> tuple[object, ...]:
    """A legal term; one that is over shows no number, and one that no lawyer has confirmed says so."""
    left = one["days_left"] if one["days_left"] >= 0 else word("term_over", lang)
    state = word("law_confirmed" if one["confirmed"] else "law_unconfirmed", lang)
    state += "" if one["confirmed"] or one["seen"] else f"; {word('law_not_seen', lang)}"
    return one["last_day"], left, pick(one["text"], lang), state
