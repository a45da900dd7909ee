from __future__ import annotations

import dataclasses
import io
import resource

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr import memory
from ocr.pipeline import PIPELINE_VERSION, pipeline_id, read_file
from tally.election import load_election
from tally.errors import FormError, PhotoError
from tally.model import Mark, Outcome, PageReading, Status
from tests.ocr.committed import (
    BLURRED,
    BOXES,
    FORM,
    INCONSISTENT,
    TABLE,
    WORDS,
    exact_cells,
    photo_bytes,
    read,
    truths,
    wrong_numbers,
)

SAMPLES = [TABLE, WORDS, BOXES, INCONSISTENT]


def png(pixels: np.ndarray) -> bytes:
    ok, data = cv2.imencode(".png", pixels)
    assert ok
    return data.tobytes()


# What is on the paper:


@pytest.mark.parametrize("name", SAMPLES)
def test_no_accepted_sheet_holds_a_wrong_number(name):
    page = read(name)
    if page.status is Status.ACCEPTED:
        assert wrong_numbers(page, truths()[name]) == {}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_cell_that_counts_as_sure_is_wrong(name):
    assert wrong_numbers(read(name), truths()[name], settled_only=True) == {}


def test_nearly_every_number_of_readable_photos_is_read():
    shares = [exact_cells(read(name), truths()[name]) for name in SAMPLES]
    assert sum(shares) / len(shares) >= 0.85


def test_some_good_photo_is_accepted_without_a_person():
    assert Status.ACCEPTED in {read(name).status for name in SAMPLES}


def test_a_sheet_that_contradicts_itself_is_read_as_it_stands_and_not_accepted():
    page, truth = read(INCONSISTENT), truths()[INCONSISTENT]
    assert not truth["consistent"]
    assert page.status is Status.REVIEW
    assert Outcome.BROKEN in {check.outcome for check in page.checks}
    planted = truth["planted"]
    assert planted is not None
    assert wrong_numbers(page, truth) == {}


@pytest.mark.parametrize("name", SAMPLES)
def test_marks_without_ink_numbers_are_not_numbers(name):
    page = read(name)
    for code, mark in truths()[name]["marks"].items():
        assert page.fields[code].mark is not Mark.READ or page.fields[code].confidence < 0.9, (code, mark)


# The picture:


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_photo_gives_the_same_numbers(turns):
    upright, turned = read(WORDS), read(WORDS, turns)
    sure = {c: r.value for c, r in turned.fields.items() if r.value is not None and r.confidence > 0.9}
    assert wrong_numbers(turned, truths()[WORDS], settled_only=True) == {}
    assert len(sure) >= 0.85 * len(upright.fields)


def test_corners_lie_on_the_cells_of_the_photo_as_it_was_taken():
    page, cells = read(TABLE), truths()[TABLE]["cells"]
    for code, reading in page.fields.items():
        if code not in cells or reading.quad_px is None:
            continue
        middle = np.mean(cells[code]["quad_px"], axis=0)
        inside = cv2.pointPolygonTest(np.array(reading.quad_px, np.float32), tuple(map(float, middle)), False)
        assert inside >= 0, f"{code} points beside its cell"


def test_a_photo_of_half_a_sheet_is_not_accepted():
    pixels = cv2.imdecode(np.frombuffer(photo_bytes(WORDS), np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    (page,) = read_file(png(pixels[: int(0.62 * pixels.shape[0])]), "half.png", FORM)
    assert page.status is not Status.ACCEPTED
    assert wrong_numbers(page, truths()[WORDS], settled_only=True) == {}


def test_a_very_small_copy_is_not_accepted_with_a_wrong_number():
    picture = Image.open(io.BytesIO(photo_bytes(WORDS)))
    small = io.BytesIO()
    picture.resize((picture.width // 4, picture.height // 4)).save(small, "JPEG", quality=60)
    (page,) = read_file(small.getvalue(), "preview.jpg", FORM)
    assert page.status is not Status.ACCEPTED or wrong_numbers(page, truths()[WORDS]) == {}


def test_a_protocol_that_is_only_blurred_is_not_called_something_else():
    page = read(BLURRED)
    assert page.status is Status.UNREADABLE
    assert "blurred" in " ".join(page.reasons)


def test_a_blurred_protocol_is_never_accepted():
    assert read(BLURRED).status is not Status.ACCEPTED


# Something else:


def landscape() -> np.ndarray:
    rng = np.random.default_rng(7)
    picture = np.zeros((900, 1200, 3), np.uint8)
    picture[:500] = (230, 180, 120)
    picture[500:] = (60, 130, 70)
    for _ in range(40):
        at = (int(rng.integers(0, 1200)), int(rng.integers(420, 900)))
        cv2.circle(
            picture, at, int(rng.integers(10, 90)), tuple(int(v) for v in rng.integers(20, 200, 3)), -1
        )
    return picture


def spots() -> np.ndarray:
    rough = np.random.default_rng(8).integers(0, 256, (30, 22, 3), np.uint8).astype(np.uint8)
    return np.asarray(cv2.resize(rough, (700, 960), interpolation=cv2.INTER_CUBIC), np.uint8)


def white_noise() -> np.ndarray:
    return np.random.default_rng(8).integers(0, 256, (700, 500, 3), np.uint8).astype(np.uint8)


OTHER_THINGS = {
    "landscape": landscape,
    "spots": spots,
    "white": lambda: np.full((900, 700, 3), 255, np.uint8),
    "black": lambda: np.zeros((900, 700, 3), np.uint8),
    "pixel": lambda: np.zeros((1, 1, 3), np.uint8),
    "strip": lambda: np.full((2, 900, 3), 90, np.uint8),
}


@pytest.mark.parametrize("kind", OTHER_THINGS)
def test_a_picture_of_something_else_is_no_protocol(kind):
    (page,) = read_file(png(OTHER_THINGS[kind]()), f"{kind}.png", FORM)
    assert page.status in (Status.NOT_A_PROTOCOL, Status.UNREADABLE)
    assert page.form is None
    assert not page.fields
    assert page.reasons


def test_noise_does_not_cost_minutes():
    """Tesseract takes 4 s for a dozen strips of noise; what the print reader finds no print in never gets there."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    (page,) = read_file(png(white_noise()), "noise.png", FORM)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert page.form is None
    assert after.ru_utime - before.ru_utime < 2.0


@pytest.mark.parametrize(
    "form",
    [
        "kz-2022-president",
        "kz-2019-president",
        "kz-referendum",
        "ng-2023-ec8a",
    ],
)
def test_a_sheet_of_another_form_is_not_accepted(form):
    assert read(WORDS, form=form).status is not Status.ACCEPTED


def test_auto_does_not_take_a_sheet_for_its_twin():
    assert read(WORDS, form="auto").form in (FORM, None)


def test_an_unknown_form_is_named_in_the_error():
    with pytest.raises(FormError, match="no-such-form"):
        read_file(photo_bytes(WORDS), WORDS, "no-such-form")


def test_bytes_that_are_no_picture_are_refused_by_name():
    with pytest.raises(PhotoError, match=r"note\.jpg"):
        read_file(b"not a photo", "note.jpg", FORM)


# The answer:


def test_reading_twice_gives_the_same_answer():
    (again,) = read_file(photo_bytes(WORDS), WORDS, FORM)
    assert dataclasses.replace(again, elapsed_ms=0) == dataclasses.replace(read(WORDS), elapsed_ms=0)


def test_the_name_of_a_file_changes_nothing():
    (renamed,) = read_file(photo_bytes(WORDS), "other.png", FORM)
    assert dataclasses.replace(renamed, elapsed_ms=0, file=WORDS) == dataclasses.replace(
        read(WORDS), elapsed_ms=0
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_survives_being_written_down(name):
    page = read(name)
    assert PageReading.from_dict(page.to_dict()).to_dict() == page.to_dict()


@pytest.mark.parametrize("name", SAMPLES)
def test_fields_come_in_printed_order(name):
    page = read(name)
    codes = list(page.fields)
    votes = [code for code in codes if code.startswith("votes.")]
    assert votes == [f"votes.{n}" for n in range(1, len(votes) + 1)]
    assert codes.index("ballots_found") < codes.index("ballots_valid") < codes.index(votes[0])


def test_the_candidates_of_a_known_contest_are_named_and_the_others_are_not():
    election = load_election("kz-2023-majilis")
    (page,) = read_file(photo_bytes(WORDS), WORDS, "auto", election=election, contests=["smd-4"])
    known = {c.id for contest in election.contests if contest.id == "smd-4" for c in contest.candidates}
    assert page.form == FORM
    assert page.candidates
    assert set(page.candidates.values()) <= known
    assert len(set(page.candidates.values())) == len(page.candidates)


def test_the_pipeline_names_itself_with_its_weights():
    version, printed, words, digits = pipeline_id().split("/")
    assert version == PIPELINE_VERSION
    assert printed.startswith("print ")
    assert words.startswith("words sha256:")
    assert digits.startswith("digits ")


# Two sheets in one photo: the one that is not read would be lost without a word.


def pixels(name: str) -> np.ndarray:
    decoded = cv2.imdecode(np.frombuffer(photo_bytes(name), np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded


@pytest.mark.parametrize("stack", [np.vstack, np.hstack])
def test_two_sheets_in_one_photo_are_never_accepted_as_one(stack):
    first, second = pixels(TABLE), pixels(BOXES)
    second = cv2.resize(second, (first.shape[1], first.shape[0]))
    page = read_file(png(stack([first, second])), "two.png", FORM)[0]
    assert page.status is not Status.ACCEPTED


def test_one_sheet_is_not_taken_for_two():
    page = read(BOXES)
    assert not any("more than one sheet" in reason for reason in page.reasons)
    assert page.form_confidence >= 0.7


def test_a_computer_without_glibc_is_an_error(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "darwin")
    memory.keep_memory()
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _name: object())
    memory.keep_memory()
