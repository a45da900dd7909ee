"""A rendered dispute is what the demo runs on: copies, versions and typed rows must be what they claim."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from samples import dispute_plans, disputes
from samples.__main__ import main
from samples.dispute_plans import DISPUTES
from samples.disputes import DisputeSet, render_dispute, typed_for
from samples.make_committed import MOST_BYTES, PHOTOS
from samples.photo import decode
from samples.plan import SheetPlan
from samples.sample import Sample
from samples.sheet import NOTICE
from tally.errors import UsageError


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[DisputeSet, list[tuple[int, int]]]:
    """A few sheets of the smallest dispute, with all that were planted in it; drawn once."""
    calls: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disputes, "plans", lambda dispute: few(dispute_plans.plans(dispute)))
        out = tmp_path_factory.mktemp("dispute")
        return render_dispute(14, out, lambda done, total: calls.append((done, total))), calls


def few(sheets: list[SheetPlan]) -> list[SheetPlan]:
    return [plan for n, plan in enumerate(sheets) if n < 6 or plan.planted or plan.marks]


def truth_of(dispute: DisputeSet) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(dispute.truth.read_text("utf-8"))
    return data


def test_one_photo_per_precinct_and_three_more(rendered: tuple[DisputeSet, object]) -> None:
    dispute = rendered[0]
    truth = truth_of(dispute)

    assert [path.name for path in dispute.photos] == sorted(truth)
    assert all(re.fullmatch(r"IMG-20230319-WA\d{4}\.jpg", name) for name in truth)
    assert Counter(sheet["copy"] for sheet in truth.values()) == {
        "": len(few(dispute_plans.plans(DISPUTES[14]))),
        "version": 1,
        "duplicate": 1,
        "resent": 1,
    }
    assert all(sheet["synthetic"] == NOTICE for sheet in truth.values())


def test_the_photos_show_what_was_planned(rendered: tuple[DisputeSet, object]) -> None:
    sheets = {s["header"]["precinct"]: s for s in truth_of(rendered[0]).values() if not s["copy"]}

    assert rendered[0].sums == {"ahmediarov": 14816, "quspan": 8922}
    for plan in few(dispute_plans.plans(DISPUTES[14])):
        sheet = sheets[plan.precinct]
        assert sheet["fields"] == {**plan.values, **dict.fromkeys(plan.marks)}
        assert sheet["candidate_ids"] == {"votes.1": "ahmediarov", "votes.2": "quspan"}
        assert sheet["consistent"] == (plan.planted is None)


def test_copies_are_copies(rendered: tuple[DisputeSet, object]) -> None:
    dispute = rendered[0]
    truth = truth_of(dispute)
    hashes = Counter(hashlib.sha256(path.read_bytes()).hexdigest() for path in dispute.photos)
    by_precinct: dict[int, list[dict[str, Any]]] = {}
    for sheet in truth.values():
        by_precinct.setdefault(sheet["header"]["precinct"], []).append(sheet)
    doubled = {max(s["copy"] for s in pair): pair for pair in by_precinct.values() if len(pair) == 2}

    assert sorted(hashes.values())[-2:] == [1, 2]
    assert doubled["duplicate"][0]["fields"] == doubled["duplicate"][1]["fields"]
    assert doubled["resent"][0]["fields"] == doubled["resent"][1]["fields"]
    assert doubled["version"][0]["fields"] != doubled["version"][1]["fields"]
    assert doubled["version"][0]["fields"]["votes.1"] == doubled["version"][1]["fields"]["votes.1"]


def test_cells_lie_inside_their_photos(rendered: tuple[DisputeSet, object]) -> None:
    for sheet in truth_of(rendered[0]).values():
        wide, high = sheet["size"]
        for cell in sheet["cells"].values():
            assert all(0 <= x < wide and 0 <= y < high for x, y in cell["quad_px"])


def test_progress_reaches_the_end(rendered: tuple[object, list[tuple[int, int]]]) -> None:
    calls = rendered[1]

    assert calls == [(n, len(calls)) for n in range(1, len(calls) + 1)]


def test_official_figures_come_as_published(rendered: tuple[DisputeSet, object]) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered[0].official.read_text("utf-8"))))

    assert {row["candidate"]: (row["votes"], row["printed"]) for row in rows} == {
        "quspan": ("126784", "126,784"),
        "ahmediarov": ("46172", "46,172"),
    }
    assert rendered[0].official_source
    assert rendered[0].official_as_of


def test_typing_gives_what_the_paper_says(rendered: tuple[DisputeSet, object]) -> None:
    dispute = rendered[0]
    truth = truth_of(dispute)
    wanted = [name for name in truth if truth[name]["planted"] or truth[name]["marks"]]

    rows = list(csv.DictReader(io.StringIO(dispute.typed_for(wanted))))

    assert [row["file"] for row in rows] == wanted
    for row in rows:
        sheet = truth[row["file"]]
        assert row["precinct"] == str(sheet["header"]["precinct"])
        assert row["district"] == "14"
        for code, value in sheet["fields"].items():
            assert row[code] == (sheet["marks"][code] if value is None else str(value))


def test_typing_an_unknown_photo_is_refused() -> None:
    with pytest.raises(KeyError):
        typed_for({}, ["IMG-1.jpg"])


def test_a_district_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="district 5"):
        render_dispute(5, tmp_path)
    assert main([str(tmp_path), "--district", "5"]) == 2


def test_the_command_writes_what_it_was_asked_for(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--count", "2", "--seed", "8"]) == 0

    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert sorted(truth) == [path.name for path in sorted((tmp_path / "photos").iterdir())]
    assert sorted(truth) == ["sample-000008.jpg", "sample-000009.jpg"]


@pytest.mark.slow
def test_several_processes_give_the_same_samples() -> None:
    queue = disputes.shoots(disputes.plans(DISPUTES[14])[:2], 14)

    alone: list[Sample] = list(disputes._rendered(queue, None, 1))

    assert list(disputes._rendered(queue, None, 2)) == alone


def test_the_committed_dozen_is_small_and_true() -> None:
    truth = json.loads((PHOTOS / "truth.json").read_text("utf-8"))
    photos = sorted(PHOTOS.glob("*.jpg"))

    assert [path.name for path in photos] == sorted(truth)
    assert len(photos) == 12
    assert {sheet["layout"] for sheet in truth.values()} == {"table", "boxes", "words", "lines"}
    for path in photos:
        assert path.stat().st_size <= MOST_BYTES
        picture = decode(path.read_bytes())
        sheet = truth[path.name]
        assert [picture.shape[1], picture.shape[0]] == sheet["size"]
        assert sheet["synthetic"] == NOTICE
        assert {"form", "fields", "marks", "consistent", "header"} <= set(sheet)
        assert sheet["consistent"] == (sheet["planted"] is None)
