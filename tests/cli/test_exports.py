"""Exports of messengers and mails: everything is taken in, claims are claims, and nobody is named."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import pyrage
import pytest

from cli.intake import Answers
from cli.intake.take import Taken, TakenChat, add_all
from tally.case import Case, create_case, open_case
from tally.state import state
from tests.cli.conftest import ELECTION, Run
from tests.cli.exports import (
    CHAT_TXT,
    PHONE,
    SECRETS,
    SENDER,
    camera_jpeg,
    encoded,
    mail,
    packed,
    pdf,
    scene,
    telegram_files,
    unpacked,
    whatsapp_files,
)


def added(run: Run, case: Case, *args: object) -> dict[str, Any]:
    return json.loads(run("add", case.path, *args, "--json").stdout)


def status(run: Run, case: Case) -> dict[str, Any]:
    return json.loads(run("status", case.path, "--json").stdout)


def own(name: str) -> str:
    return name.rpartition("!")[2]


def everything_in(folder: Path) -> bytes:
    """All bytes and all names below a folder, but for the originals."""
    files = [path for path in folder.rglob("*") if path.is_file() and "originals" not in path.parts]
    return b"\n".join(path.read_bytes() + str(path.relative_to(folder)).encode() for path in files)


def assert_nobody_named(folder: Path) -> None:
    held = everything_in(folder)
    for secret in SECRETS:
        escaped = json.dumps(secret).strip('"').encode()  # as canonical JSON writes it
        assert secret.encode() not in held, secret
        assert escaped not in held, secret


@pytest.mark.parametrize("kind", ["zip", "folder", "files"])
def test_a_whatsapp_export(run: Run, case: Case, tmp_path: Path, kind: str) -> None:
    folder = unpacked(tmp_path / "export", whatsapp_files())
    archive = packed(tmp_path / "Чат WhatsApp с контактом Айгуль Ахметова.zip", whatsapp_files())
    paths = {"zip": [archive], "folder": [folder], "files": sorted(folder.iterdir())}[kind]

    found = added(run, case, *paths)

    files = {own(one["file"]): one for one in found["files"]}
    assert {name: one["outcome"] for name, one in files.items()} == {
        "IMG-20230319-WA0001.jpg": "new",
        "IMG-20230319-WA0002.jpg": "new",
        "протокол.jpg": "new",
        "IMG-20230319-WA0009.jpg": "missing",
        "(1)": "missing",
    }
    assert files["IMG-20230319-WA0001.jpg"]["hint"] == {"precinct": 379, "district": 27}
    assert files["IMG-20230319-WA0002.jpg"]["hint"] == {"precinct": 380}
    assert files["IMG-20230319-WA0001.jpg"]["provenance"]["class"] == "recompressed"
    assert files["протокол.jpg"]["provenance"]["class"] == "document"
    chat = next(one for one in found["chats"] if one["channel"] == "whatsapp")
    assert (chat["messages"], chat["with_files"], chat["missing"], chat["people"]) == (6, 3, 2, 2)
    claims = {own(one["file"]): one["claims"][0] for one in status(run, case)["items"]}
    assert claims["протокол.jpg"]["sender"] == claims["IMG-20230319-WA0001.jpg"]["sender"]
    assert claims["протокол.jpg"]["sender"] != claims["IMG-20230319-WA0002.jpg"]["sender"]
    assert claims["протокол.jpg"]["time"] == "2023-03-19T21:43:00"
    assert_nobody_named(case.path)


def test_a_chat_with_two_readings_is_asked_about_and_the_photos_are_in(
    run: Run, case: Case, tmp_path: Path
) -> None:
    text = "4/3/23, 9:41 - A: протокол.jpg (file attached)\n4/3/23, 9:42 - A: участок\n"
    archive = packed(
        tmp_path / "WhatsApp Chat.zip", {"_chat.txt": text.encode(), "протокол.jpg": camera_jpeg(1)}
    )

    asked = run("add", case.path, archive)
    assert asked.exit_code == 2
    for reading in ("2023-03-04", "2023-04-03", "--date-order dmy", "--date-order mdy"):
        assert reading in asked.stderr
    before = status(run, case)
    assert before["photos"] == 1
    assert before["items"][0]["claims"] == []
    assert before["questions"][0]["question"]["code"] == "date_order"

    assert run("add", case.path, archive, "--date-order", "dmy").exit_code == 0
    after = status(run, case)
    assert after["photos"] == 1
    assert after["items"][0]["claims"][0]["time"] == "2023-03-04T09:41:00"
    assert after["questions"] == []


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_telegram_export(run: Run, case: Case, tmp_path: Path, kind: str) -> None:
    files = telegram_files()
    path = packed(tmp_path / "x.zip", files) if kind == "zip" else unpacked(tmp_path / "x", files)

    found = {own(one["file"]): one for one in added(run, case, path)["files"]}

    assert {name: one["outcome"] for name, one in found.items()} == {
        "photo_1@19-03-2023_21-41-05.jpg": "new",
        "sheet.heic": "new",
        "lost.pdf": "missing",
    }
    assert found["photo_1@19-03-2023_21-41-05.jpg"]["provenance"]["class"] == "recompressed"
    assert found["sheet.heic"]["provenance"]["class"] == "document"
    assert found["photo_1@19-03-2023_21-41-05.jpg"]["hint"] == {"precinct": 379}
    listed = status(run, case)
    assert [one["file"] for one in listed["missing"]] == ["lost.pdf"]
    assert {claim["time"] for one in listed["items"] for claim in one["claims"]} == {"2023-03-19T15:41:05Z"}
    assert_nobody_named(case.path)


def test_a_telegram_page_is_no_photo_and_its_names_are_not_kept(run: Run, case: Case, tmp_path: Path) -> None:
    page = f'<!DOCTYPE html><html><body><div class="page_wrap">{SENDER} {PHONE} УИК 379</div></body></html>'
    photo = {"photos/photo_1@19-03-2023_21-41-05.jpg": encoded(scene(1))}
    path = unpacked(tmp_path / "x", {"messages.html": page.encode(), **photo})

    asked = run("add", case.path, path, "--lang", "en")

    assert "as JSON" in asked.stderr
    listed = status(run, case)
    assert (listed["photos"], listed["quarantined"]) == (1, 0)
    assert listed["questions"][0]["question"]["code"] == "telegram_page"
    assert_nobody_named(case.path)


def test_a_mail_with_a_photo_a_pdf_and_a_chat_in_a_zip(run: Run, case: Case, tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", whatsapp_files()).read_bytes()
    (tmp_path / "a.eml").write_bytes(mail({"a.jpg": encoded(scene(9)), "b.pdf": pdf(8), "chat.zip": inner}))

    found = {own(one["file"]): one for one in added(run, case, tmp_path / "a.eml")["files"]}

    assert found["a.jpg"]["hint"] == {"precinct": 381}
    assert found["a.jpg"]["provenance"]["class"] == found["b.pdf"]["provenance"]["class"] == "document"
    assert found["IMG-20230319-WA0001.jpg"]["hint"] == {"precinct": 379, "district": 27}
    assert_nobody_named(case.path)


def test_names_are_sealed_for_the_key_of_the_case_and_for_nobody_else(run: Run, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    case = tmp_path / "c"
    made = run("new", case, "--election", ELECTION, "--recipient", identity.to_public())
    assert made.exit_code == 0
    run("add", case, unpacked(tmp_path / "export", whatsapp_files()))

    assert_nobody_named(case)
    opened = [pyrage.decrypt(path.read_bytes(), [identity]).decode() for path in (case / "sealed").iterdir()]
    (names,) = [json.loads(text) for text in opened if text.startswith("{")]
    claims = {photo.names[0]: photo.claims[0] for photo in state(open_case(case)).photos.values()}
    sender = next(claim["sender"] for name, claim in claims.items() if name.endswith("WA0001.jpg"))
    assert names["people"][sender] == "Айгуль Ахметова"
    assert CHAT_TXT in opened


def test_a_secret_key_is_refused_as_recipient(run: Run, tmp_path: Path) -> None:
    secret = str(pyrage.x25519.Identity.generate())
    result = run("new", tmp_path / "c", "--election", ELECTION, "--recipient", secret)
    assert result.exit_code == 2
    assert "secret" in result.stderr
    assert secret not in result.stderr
    assert not (tmp_path / "c").exists()


def test_ids_are_drawn_and_not_computed(tmp_path: Path) -> None:
    export = unpacked(tmp_path / "export", whatsapp_files())
    senders = []
    for name in ("one", "two"):
        case = create_case(tmp_path / name, ELECTION)
        list(add_all(case, [export], jobs=1))
        senders.append({claim["sender"] for photo in state(case).photos.values() for claim in photo.claims})
    assert senders[0].isdisjoint(senders[1])


def test_a_longer_export_of_the_same_chat_keeps_the_ids(case: Case, tmp_path: Path) -> None:
    longer = CHAT_TXT + "20.03.2023, 08:00 - Новый: IMG-20230320-WA0001.jpg (файл добавлен)\n"
    files = whatsapp_files(longer) | {"IMG-20230320-WA0001.jpg": encoded(scene(20))}
    list(add_all(case, [unpacked(tmp_path / "a", whatsapp_files())], jobs=1))
    before = {photo.sha256: photo.claims[0]["sender"] for photo in state(case).photos.values()}
    list(add_all(case, [unpacked(tmp_path / "b", files)], jobs=1))
    after = state(case)
    for sha256, sender in before.items():
        assert {claim["sender"] for claim in after.photos[sha256].claims} == {sender}
    assert len({claim["sender"] for photo in after.photos.values() for claim in photo.claims}) == 3


def test_the_same_material_twice_in_any_order_changes_nothing_but_receipts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_this_process = lambda look, tasks, *_, **__: ((task, look(task)) for task in tasks)  # noqa: E731
    monkeypatch.setattr("cli.intake.take.run_all", in_this_process)
    sources = [
        unpacked(tmp_path / "folder", whatsapp_files()),
        packed(tmp_path / "t.zip", telegram_files()),
        tmp_path / "a.eml",
        tmp_path / "loose.jpg",
    ]
    sources[2].write_bytes(mail({"a.jpg": encoded(scene(1)), "b.pdf": pdf(8)}))
    sources[3].write_bytes(encoded(scene(2)))

    def known(*orders: tuple[Path, ...]) -> tuple[object, int]:
        case = create_case(tmp_path / f"case{hash(orders)}", ELECTION)
        for order in orders:
            list(add_all(case, order, jobs=1))
        return timeless(case)

    def timeless(case: Case) -> tuple[object, int]:
        """What the case knows but for times and receipts; people by what they sent, because ids are drawn."""
        folded = state(case)
        sent: dict[str, set[str]] = {}
        for photo in folded.photos.values():
            for claim in photo.claims:
                sent.setdefault(claim["sender"], set()).add(photo.sha256)
        photos = {
            photo.sha256: (
                frozenset(photo.names),
                frozenset(
                    (c["chat"], c["time"], c.get("caption", ""), frozenset(sent[c["sender"]]))
                    for c in photo.claims
                ),
                frozenset(json.dumps(grade) for grade in photo.graded),
                photo.quarantined,
                photo.phash,
            )
            for photo in folded.photos.values()
        }
        stored = {path.name for path in case.originals.root.rglob("*") if path.is_file()}
        assert stored == set(photos)
        return (photos, frozenset(folded.chats)), sum(photo.receipts for photo in folded.photos.values())

    once, receipts = known(tuple(sources))
    for order in list(permutations(sources))[1::3]:
        assert known(order) == (once, receipts)
    twice, more = known(tuple(sources), tuple(reversed(sources)))
    assert twice == once
    assert more == 2 * receipts


def test_what_a_chat_speaks_of_is_no_longer_missing_when_it_comes(
    run: Run, case: Case, tmp_path: Path
) -> None:
    added(run, case, unpacked(tmp_path / "export", whatsapp_files()))
    assert "IMG-20230319-WA0009.jpg" in [one["file"] for one in status(run, case)["missing"]]
    (tmp_path / "IMG-20230319-WA0009.jpg").write_bytes(encoded(scene(9)))
    added(run, case, tmp_path / "IMG-20230319-WA0009.jpg")
    assert [one["file"] for one in status(run, case)["missing"]] == ["(1)"]


def test_a_shot_that_was_sent_again_smaller_is_hinted_and_kept(run: Run, case: Case, tmp_path: Path) -> None:
    shot = scene(1, (800, 600))
    smaller = shot.resize((400, 300))
    files = {
        "a.jpg": encoded(shot, quality=95),
        "b.jpg": encoded(smaller, quality=60),
        "c.jpg": encoded(scene(2)),
    }
    added(run, case, unpacked(tmp_path / "x", files))
    found = status(run, case)
    assert found["photos"] == 3
    assert [pair["files"] for pair in found["resent"]] == [["a.jpg", "b.jpg"]]


def test_a_grade_for_each_way_of_handing_in(run: Run, case: Case, tmp_path: Path) -> None:
    files = {
        "IMG_0001.jpg": camera_jpeg(1),
        "IMG-20230319-WA0007.jpg": encoded(scene(2)),
        "WhatsApp Image 2023-03-19 at 21.41.05.jpeg": encoded(scene(3)),
        "Screenshot_20230319.png": encoded(scene(4), "PNG"),
        "scan.pdf": pdf(5),
    }
    found = {
        one["file"]: one["provenance"] for one in added(run, case, unpacked(tmp_path / "x", files))["files"]
    }
    assert {name: grade["class"] for name, grade in found.items()} == {
        "IMG_0001.jpg": "original",
        "IMG-20230319-WA0007.jpg": "recompressed",
        "WhatsApp Image 2023-03-19 at 21.41.05.jpeg": "recompressed",
        "Screenshot_20230319.png": "unknown",
        "scan.pdf": "unknown",
    }
    assert {"camera_data", "time_of_exposure", "holds_a_place"} <= set(found["IMG_0001.jpg"]["facts"])
    assert Counter(status(run, case)["provenance"]) == {
        "original": 1, "document": 0, "recompressed": 2, "unknown": 2
    }  # fmt: skip
    assert b"SERIAL-77" not in everything_in(case.path)
    assert b"SM-A525F" not in everything_in(case.path)


def test_bytes_are_stored_before_anything_decodes_them(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(scene(1)))

    def dies(task: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.intake.take.look_at", dies)
    monkeypatch.setattr(
        "cli.intake.take.run_all", lambda function, tasks, *_, **__: (function(task) for task in tasks)
    )
    with pytest.raises(KeyboardInterrupt):
        list(add_all(case, [tmp_path / "a.jpg"], jobs=1))
    assert len([path for path in case.originals.root.rglob("*") if path.is_file()]) == 1
    monkeypatch.undo()
    (taken,) = add_all(case, [tmp_path / "a.jpg"], jobs=1)
    assert isinstance(taken, Taken)
    assert taken.outcome == "new"


def test_a_file_that_kills_its_worker_is_kept_and_named(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(scene(1)))
    monkeypatch.setattr(
        "cli.intake.take.run_all", lambda _, tasks, *__, **___: ((task, MemoryError()) for task in tasks)
    )
    (taken,) = add_all(case, [tmp_path / "a.jpg"], jobs=1)
    assert isinstance(taken, Taken)
    assert (taken.outcome, "cannot be decoded" in taken.reason) == ("quarantined", True)
    assert taken.sha256 in case.originals


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_screen_names_nobody(run: Run, case: Case, tmp_path: Path, lang: str) -> None:
    result = run("add", case.path, unpacked(tmp_path / "x", whatsapp_files()), "--lang", lang)
    shown = result.stdout + result.stderr + run("status", case.path, "--lang", lang).stdout
    for secret in SECRETS:
        assert secret not in shown
    assert "379" in shown


def test_two_chats_of_two_formats_are_read_each_by_itself(case: Case, tmp_path: Path) -> None:
    ios = "[19.03.2023, 21:41:05] A: участок 5 <прикреплено: 00000001-PHOTO-2023-03-19-21-41-05.jpg>\n"
    files = {"_chat.txt": ios.encode(), "00000001-PHOTO-2023-03-19-21-41-05.jpg": encoded(scene(6))}
    unpacked(tmp_path / "x" / "ios", files)
    unpacked(tmp_path / "x" / "android", whatsapp_files())
    found = list(add_all(case, [tmp_path / "x"], Answers(), jobs=1))
    chats = [one for one in found if isinstance(one, TakenChat) and one.opened.channel == "whatsapp"]
    assert [chat.opened.question for chat in chats] == [None, None]
    photos = {photo.names[0]: photo for photo in state(case).photos.values()}
    assert len([photo for photo in photos.values() if photo.claims]) == 4
