"""The paper that a judge reads: the same bytes, the same numbers in every language, every Kazakh letter."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from cli.crops import PhotoCutter
from tally.bundle.contents import contents_of
from tally.bundle.write import write_bundle
from tally.catalogue import LANGUAGES, messages
from tally.model import PageReading, Status
from tally.report.render import render
from tests.cli import bundling
from tests.cli.bundling import check, repair_manifests, said

KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"


@pytest.fixture(scope="module")
def bag(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    case = bundling.make_case(folder / "case")
    write_bundle(case, contents_of(case), folder / "bag", PhotoCutter(), LANGUAGES)
    return folder / "bag"


def words(bag: Path, language: str) -> list[str]:
    """Text of every page, as a reader of the file extracts it."""
    with pdfplumber.open(io.BytesIO((bag / f"data/report/report-{language}.pdf").read_bytes())) as document:
        return [page.extract_text() for page in document.pages]


@pytest.fixture(scope="module")
def pages(bag) -> dict[str, list[str]]:
    return {language: words(bag, language) for language in LANGUAGES}


def test_a_bundle_with_reports_is_whole_and_reports_are_the_same_bytes_again(bag):
    # verify typesets them once more and compares the bytes
    found = check(bag)
    assert said(found) == ""
    assert "no_report" not in found.notes


def test_the_numbers_are_equal_in_all_languages(bag):
    """Numbers of every table, taken from the data that the template prints."""
    from tally.bundle.verified import contents_of_bundle
    from tally.report.data import report_data
    from tally.report.evidence import Evidence

    found, evidence = contents_of_bundle(bag), Evidence.of(bag / "data")
    per_language = []
    for language in LANGUAGES:
        content = report_data(found, evidence, "0" * 16, language)
        shown = []
        for contest in content["contests"]:
            shown += [row[1:] for row in contest["rows"]] + [contest["counts"][0]]
            for sheet in contest["sheets"]:
                shown += [[row["program"], row["people"], row["counts"]] for row in sheet["rows"]]
        text = json.dumps(shown, ensure_ascii=False)
        per_language.append(re.sub(r"(?<=\d)[,\u00a0](?=\d)", "", text))
    assert per_language[0] == per_language[1] == per_language[2]


def test_every_number_of_the_sums_is_on_the_paper(bag, pages):
    totals = json.loads((bag / "data/totals.json").read_bytes())
    for language in LANGUAGES:
        text = re.sub(r"(?<=\d)[,\u00a0 ](?=\d{3})", "", "\n".join(pages[language]))
        for one in totals["contests"][0]["sums"].values():
            shown = str(one["low"]) if one["low"] == one["high"] else f"{one['low']}–{one['high']}"
            assert shown in text, (language, shown)


def test_all_kazakh_letters_come_back_from_the_paper(bag):
    from tally.bundle.verified import contents_of_bundle
    from tally.report.data import report_data
    from tally.report.evidence import Evidence
    from tally.report.render import pdf
    from tally.report.volumes import bind

    (content,) = bind(report_data(contents_of_bundle(bag), Evidence.of(bag / "data"), "0" * 16, "kk"))
    content["words"]["title"] = f"{KAZAKH} № ₸"
    with pdfplumber.open(io.BytesIO(pdf(content, bag / "data"))) as document:
        assert f"{KAZAKH} № ₸" in document.pages[0].extract_text()


def test_every_page_has_the_bundle_and_its_number(bag, pages):
    name = check(bag).bundle
    for text in pages.values():
        for number, page in enumerate(text, 1):
            foot = page.splitlines()[-1]
            assert name in foot
            assert re.findall(r"\d+", foot.replace(name, "")) == [str(number), str(len(text))]


def test_it_is_a4_and_an_archive_file(bag):
    data = (bag / "data/report/report-kk.pdf").read_bytes()
    assert b"pdfaid:part" in data
    with pdfplumber.open(io.BytesIO(data)) as document:
        assert {(round(page.width), round(page.height)) for page in document.pages} == {(595, 842)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_program_finds_no_error_in_the_file(bag, language):
    program = shutil.which("qpdf")
    if program is None:
        pytest.skip("qpdf is not installed")
    path = bag / f"data/report/report-{language}.pdf"
    done = subprocess.run([program, "--check", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "No syntax or stream encoding errors" in done.stdout


def extracted(bag: Path, language: str) -> str:
    """The text as another program extracts it; unlike pdfplumber's it keeps no-break spaces."""
    with pypdfium2.PdfDocument(bag / f"data/report/report-{language}.pdf") as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_papers_themselves_hold_the_same_numbers(bag):
    """Every number that comes back from the PDF: as often in Kazakh as in Russian and English, footers aside."""
    counted = []
    for language in LANGUAGES:
        text = extracted(bag, language).replace("3 000", "3000")
        text = re.sub(r"(?<=\d)[,\u00a0](?=\d{3}(?!\d))", "", text)  # thousands
        found = re.findall(r"(?<![\w.])\d+(?:[.,]\d+)?(?!\w)", text)
        counted.append(Counter(number.replace(",", ".") for number in found))
    assert counted[0] == counted[1] == counted[2]
    assert sum(counted[0].values()) > 300


def test_kazakh_sentences_come_back_letter_by_letter(bag):
    text = " ".join(extracted(bag, "kk").split())
    for key in ("report.claim.3", "report.unclaim.3", "report.guide.11", "report.limit.4"):
        assert messages()[key]["kk"] in text, key
    assert set("әғқңөұүі") <= set(text)  # һ stands in no word of it


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reviewed")
    case = bundling.reviewed_case(folder / "case")
    blank = case.add_bytes((bundling.SAMPLES / "district-27-3.jpg").read_bytes() + b"x", "faint.jpg")
    case.record_pages(
        blank.sha256, [PageReading("faint.jpg", 1, blank.sha256, None, 0.0, Status.UNREADABLE)], "t"
    )
    row = {"reader": "truth.csv", "kind": "file", "contest": "smd-27", "region": "turkistan", "precinct": 77}
    case.add_bytes((bundling.SAMPLES / "district-27-3.jpg").read_bytes() + b"y", "waiting.jpg")
    case.record("typed", row | {"sha256": blank.sha256, "page": 1, "fields": {"altaev": 5}, "reason": ""})
    write_bundle(case, contents_of(case), folder / "bag", PhotoCutter(), ("ru",))
    return folder / "bag"


def test_a_sheet_shows_both_reviewers_and_the_decision(reviewed):
    (sheet,) = (page for page in words(reviewed, "ru") if "Решение: Aida" in page)
    assert "Проверяющий 1: Bolat" in sheet
    assert "Проверяющий 2: Dana" in sheet
    votes = next(line for line in sheet.splitlines() if line.startswith("Альтаев"))
    assert votes.split()[2:] == ["869", "·", "100", "%", "869", "1", "869", "869"]
    assert any("(не в счёте): Bolat" in page for page in words(reviewed, "ru"))  # taken back, and shown


def test_numbers_without_a_photo_do_not_name_their_reader_as_one(reviewed):
    (sheet,) = (page for page in words(reviewed, "ru") if "Без фото" in page)
    assert "Без фото, источник чисел: aliya" in sheet
    assert "Фото: aliya" not in sheet


def test_the_error_rates_of_the_case_follow_from_its_own_review(reviewed):
    from tally.bundle.verified import contents_of_bundle
    from tally.report.rates import in_case

    # 2 sheets of 14 cells each, typed by two people; one cell of one entry was wrong.
    assert in_case(contents_of_bundle(reviewed)) == {"program": (0, 28), "entry": (1, 56), "pair": (1, 28)}


def test_the_list_of_exhibits_names_the_page_of_each_sheet(reviewed):
    pages = words(reviewed, "ru")
    (listed,) = (page for page in pages if "Опись приложений" in page)
    row = next(line for line in listed.splitlines() if "district-27-2.jpg" in line)
    assert "Участок 303" in pages[int(row.split()[-1]) - 1]


def test_a_photo_on_which_only_people_found_numbers_has_its_page(reviewed):
    sheet = next(page for page in words(reviewed, "ru") if "faint.jpg" in page and "Опись" not in page)
    assert "truth.csv" in sheet
    assert said(check(reviewed)) == ""


def test_a_photo_that_waits_to_be_read_is_named(reviewed):
    (page,) = (page for page in words(reviewed, "ru") if "не прочитаны: в суммах их нет" in page)
    after = page[page.index("не прочитаны: в суммах их нет") :]
    assert "waiting.jpg" in after
    assert "district" not in after.split("waiting.jpg")[0]


def test_the_picture_of_a_page_taken_away_or_swapped(reviewed, tmp_path):
    copy = tmp_path / "bag"
    shutil.copytree(reviewed, copy)
    one, other, *_ = sorted((copy / "data/views").iterdir())
    one.write_bytes(other.read_bytes())
    other.unlink()
    repair_manifests(copy)
    shown = said(check(copy))
    assert f"crop data/views/{one.name} is not what the photo shows" in shown
    assert f"crop data/views/{other.name} is missing" in shown


def test_what_a_stranger_typed_is_text_and_not_a_program(tmp_path):
    case = bundling.make_case(tmp_path / "case")
    case.add_bytes(b"x", '#panic("x") $ \\ *bold* @ref <label> [.jpg', "cannot be decoded")
    found = contents_of(case)
    write_bundle(case, found, tmp_path / "bag", PhotoCutter(), ("ru",))
    with pdfplumber.open(tmp_path / "bag/data/report/report-ru.pdf") as document:
        assert '#panic("x")' in "".join(page.extract_text() for page in document.pages)


def test_a_report_with_another_number(bag, tmp_path):
    copy = tmp_path / "bag"
    shutil.copytree(bag, copy)
    found = contents_of_other(copy)
    other = dict(render(found, copy / "data", check(copy).bundle, ("ru",)))["report/report-ru.pdf"]
    (copy / "data/report/report-ru.pdf").write_bytes(other)
    repair_manifests(copy)
    assert "report data/report/report-ru.pdf is not the report that follows from the data" in said(
        check(copy)
    )


def contents_of_other(bag: Path):
    """The contents of a bundle with one typed number changed."""
    from tally.bundle.contents import derive
    from tally.bundle.verified import events_of
    from tally.ledger import Event

    events = []
    for event in events_of(bag):
        body = dict(event.body)
        if event.kind == "typed":
            body["fields"] = {"altaev": 999}
        events.append(Event(**event.to_dict() | {"body": body}))
    return derive(events, "kz-2023-majilis", (27,))


def test_texts_are_complete_in_every_language():
    for key, told in messages().items():
        if key.startswith("report."):
            assert set(told) == set(LANGUAGES), key
            assert all(told.values()), key
            assert len({tuple(re.findall(r"\{\w+\}|\d+", text)) for text in told.values()}) == 1, key


def test_a_draft_complaint_names_its_bundle_and_says_that_nobody_has_checked_the_law(bag):
    name = check(bag).bundle
    for language, unconfirmed in (("kk", "ЗАҢГЕР РАСТАМАҒАН"), ("ru", "НЕ ПОДТВЕРЖДЕНО ЮРИСТОМ")):
        text = (bag / f"data/report/complaint-smd-27-{language}.txt").read_text("utf-8")
        assert name in text
        assert text.count(unconfirmed) >= 5
        assert "D1" in text  # the official 11 is below what the protocols hold
        assert "  [" not in text
        assert f"{messages()['report.law.until'][language]}: 2023-03-29 [" in text
        assert f"{messages()['report.note'][language]}: a test" in text


def test_error_rates_are_those_of_the_benchmark(repository):
    measured = tomllib.loads((repository / "tally/data/measured.toml").read_text("utf-8"))
    result = json.loads((repository / "benchmarks/results/generated.json").read_text("utf-8"))
    run = result["all"]
    assert (measured["date"], measured["reader"]) == (
        result["date"],
        f"digits {result['versions']['digits']}",
    )
    assert (measured["accepted"]["wrong"], measured["accepted"]["of"]) == (
        run["accepted_wrong"],
        run["accepted"],
    )
    settled = (measured["settled"]["wrong"], measured["settled"]["of"])
    assert settled == (run["cells_settled_wrong"], run["cells_settled"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_chosen_by_the_sums_says_so_on_its_page(tmp_path, language):
    from benchmarks.bundle import SAMPLES, faultless
    from tally.case import create_case
    from tally.report.data import report_data
    from tally.report.evidence import Evidence

    case = create_case(tmp_path / "case", "kz-2023-majilis", [27], actor="user:test")
    for name, chosen in (("district-27-1.jpg", ("against_all",)), ("district-27-2.jpg", ())):
        sha256 = case.add_photo(SAMPLES / name).sha256
        case.record_pages(sha256, [replace(faultless(name, sha256), arbitrated=chosen)], "test 1")
    content = report_data(contents_of(case), Evidence([], {}, {}, frozenset()), "0" * 16, language)
    said_of = {sheet["name"]: sheet["people"] for sheet in content["contests"][0]["sheets"]}
    told = messages()["report.arbitrated"][language].format(rows="").strip()
    (line,) = said_of["district-27-1.jpg"]
    assert line.startswith(told)
    assert len(line) > len(told) + 3  # and names the row
    assert said_of["district-27-2.jpg"] == []


def test_every_number_stands_beside_its_own_piece_of_the_photo(bag):
    """Not beside that of another row: what a judge compares by eye is looked for on the page, where the row is."""
    import cv2
    import numpy as np

    crops = {
        (crop["photo"], read["code"]): bag / "data" / crop["file"]
        for crop in json.loads((bag / "data/crops.json").read_bytes())
        for read in crop["read_as"]
    }
    scale = 150 / 72
    with pdfplumber.open(bag / "data/report/report-en.pdf") as document:
        sheets = [
            page
            for page in document.pages
            if "Precinct" in page.extract_text()[:60] and "district-27" in page.extract_text()
        ]
        assert len(sheets) == 2
        for page in sheets:
            begins = re.search(r"\b[0-9a-f]{32}\b", page.extract_text())[0]
            drawn = np.asarray(page.to_image(resolution=150).original.convert("L"))
            table = max(page.find_tables(), key=lambda found: len(found.rows))
            sought = [(c, path) for (photo, c), path in crops.items() if photo.startswith(begins)]
            values = truth_of(bag, begins)
            seen = 0
            for row, texts in zip(table.rows[1:], table.extract()[1:], strict=True):
                x0, top, x1, bottom = (round(v * scale) for v in row.cells[1])
                cell = drawn[top:bottom, x0:x1]
                (code,) = [c for c in values if texts[2].replace(",", "").split(" ·")[0] == str(values[c])][
                    :1
                ]
                scores = {
                    c: likeness(cell, cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)) for c, path in sought
                }
                best = max(scores, key=scores.__getitem__)
                assert values.get(best) == values[code], (code, best)
                seen += 1
            assert seen > 10


def truth_of(bag: Path, begins: str) -> dict[str, int]:
    for line in (bag / "data/readings.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        if told["sha256"].startswith(begins):
            return {code: cell["value"] for code, cell in told["reading"]["fields"].items()}
    raise AssertionError(begins)


def likeness(cell, piece) -> float:
    """How well a crop fits some place of a cell of the page, at any of the sizes that it may be printed in."""
    import cv2

    found = []
    for height in range(cell.shape[0] - 10, cell.shape[0] + 1, 2):
        size = (round(piece.shape[1] * height / piece.shape[0]), height)
        if size[0] <= cell.shape[1]:
            shown = cv2.resize(piece, size, interpolation=cv2.INTER_AREA)
            found.append(float(cv2.matchTemplate(cell, shown, cv2.TM_CCOEFF_NORMED).max()))
    return max(found)
