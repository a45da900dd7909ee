"""Forms: what a wrong form file could do to a count, and what the shipped ones must hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.errors import ExitCode, FormError
from tally.form import load_form, shipped_form_ids, shipped_forms, validate_file, value_span
from tally.form_lines import LineIndex
from tally.model import Mark, Reading, Span

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"
KAZAKH = (
    "kz-2019-president",
    "kz-2022-president",
    "kz-2023-majilis-party",
    "kz-2023-majilis-smd",
    "kz-referendum",
)
FOREIGN = (
    "id-2019-c1",
    "ke-2022-34a",
    "ng-2023-ec8a",
    "ru-2021-duma-party",
    "tr-2023-president",
    "ug-2021-president",
)

GOOD = """id = "t-1"
source = "test"
source_seen = true
reconstruction = false
languages = ["eng"]

[title]
kk = "a"
ru = "b"
en = "c"

[[header]]
code = "precinct"
digits = 4
labels = { en = ["Precinct"] }

[[field]]
code = "found"
digits = 3
ceiling = 500
labels = { en = ["Found"] }

[[field]]
code = "invalid"
digits = 3
ceiling = 500
dash = "zero"
labels = { en = ["Invalid"] }

[[field]]
code = "votes"
repeat = true
digits = 3
ceiling = 500
labels = { en = ["Candidate"] }

[[check]]
id = "C1"
left = ["found"]
relation = "=="
right = ["votes.*", "invalid"]
law = "arithmetic"
[check.says]
kk = "a"
ru = "b"
en = "c"
"""


def problems(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    path = tmp_path / "form.toml"
    path.write_text(text, encoding="utf-8")
    return [(p.line, p.message) for p in validate_file(path)]


def line_of(text: str, part: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize("form_id", shipped_form_ids())
def test_a_shipped_form_is_broken(form_id: str) -> None:
    form = load_form(form_id)
    assert form.id == form_id
    assert form.title.keys() == {"kk", "ru", "en"}
    assert all(check.law and check.says.keys() == {"kk", "ru", "en"} for check in form.checks)


def test_a_form_is_missing_from_the_shipped_ones() -> None:
    assert set(shipped_form_ids()) == {*KAZAKH, *FOREIGN}
    assert [form.id for form in shipped_forms()] == sorted((*KAZAKH, *FOREIGN))


@pytest.mark.parametrize("form_id", KAZAKH)
def test_a_reconstruction_passes_for_the_real_form(form_id: str) -> None:
    form = load_form(form_id)
    assert form.reconstruction
    assert not form.source_seen
    assert form.languages == ("rus", "kaz")


@pytest.mark.parametrize("form_id", KAZAKH)
def test_a_kazakh_row_has_only_one_wording(form_id: str) -> None:
    for field in load_form(form_id).fields:
        for lang in ("ru", "kk"):
            variants = field.rows[0].labels[lang] if field.rows else field.labels[lang]
            assert len(variants) >= 2, (field.code, lang)
            assert len(set(variants)) == len(variants)


def test_codes_or_order_drift_from_the_contract() -> None:
    assert load_form("kz-2023-majilis-smd").codes_for(3) == (
        *("voters_listed", "ballots_received", "ballots_issued", "voted_outside", "voted_absentee"),
        *("ballots_cancelled", "ballots_found", "ballots_invalid", "ballots_valid"),
        *("votes.1", "votes.2", "votes.3", "against_all"),
    )
    assert [check.id for check in load_form("kz-2023-majilis-smd").checks] == [f"K{i}" for i in range(1, 10)]
    party = load_form("kz-2023-majilis-party").codes_for(0)
    assert [code for code in party if code.startswith("votes.")] == [f"votes.{i}" for i in range(1, 8)]
    assert "against_all" not in load_form("kz-2019-president").codes_for(2)
    referendum = load_form("kz-referendum").codes_for(0)
    assert {"votes.yes", "votes.no", "ballots_not_counted", "ballots_invalid"} <= set(referendum)


@pytest.mark.skipif(not REAL.exists(), reason="the measuring set is not here")
def test_truth_names_a_field_that_no_form_has() -> None:
    for path in REAL.glob("*/truth.json"):
        for sheet in json.loads(path.read_text(encoding="utf-8")).values():
            form = load_form(sheet["form"])
            for code in (*sheet["fields"], *sheet.get("header", {})):
                assert form.has(code), (form.id, code)


def test_the_good_file_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []
    form = load_form(tmp_path / "form.toml")
    assert form.field("invalid").dash == "zero"
    assert form.field("found").dash == "unknown"
    assert load_form(str(tmp_path / "form.toml")) == form


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            'code = "invalid"',
            'code = "found"',
            'code = "invalid"',
            "'found' is used twice (first on line 18)",
        ),
        ('code = "invalid"', 'code = "Invalid rows"', 'code = "invalid"', "may hold a-z"),
        ('right = ["votes.*", "invalid"]', 'right = ["votes.*", "spoilt"]', "right =", "names 'spoilt'"),
        ('right = ["votes.*", "invalid"]', 'right = ["votes.*", "found"]', "right =", "names found twice"),
        ('right = ["votes.*", "invalid"]', 'right = ["votes.*", "votes.1"]', "right =", "beside the sum"),
        ('right = ["votes.*", "invalid"]', 'right = ["votes", "invalid"]', "right =", "write votes.*"),
        ('right = ["votes.*", "invalid"]', 'right = ["precinct"]', "right =", "not a counted field"),
        ('right = ["votes.*", "invalid"]', "right = [-5]", "right =", "0 or more"),
        ('right = ["votes.*", "invalid"]', "right = []", "right =", "right must be a list"),
        ('relation = "=="', 'relation = "="', "relation =", "one of ==, <=, ~"),
        ('relation = "=="', 'relation = "~"', "[[check]]", "tolerance of at least 1"),
        ('relation = "=="', 'relation = "=="\ntolerance = 3', "relation =", "with the relation ~ only"),
        ('relation = "=="', 'relation = "=="\nfactor = "1.01"', "relation =", "votes are whole numbers"),
        ('relation = "=="', 'relation = "<="\nfactor = 1.01', "relation =", "exact number above 0 in quotes"),
        ('labels = { en = ["Invalid"] }', "", 'code = "invalid"', "has no labels"),
        (
            'ceiling = 500\ndash = "zero"',
            'ceiling = 1000\ndash = "zero"',
            'dash = "zero"',
            "does not fit into 3",
        ),
        (
            'ceiling = 500\ndash = "zero"',
            'ceiling = 500\ndash = "nil"',
            'dash = "zero"',
            "one of zero, unknown",
        ),
        ('{ en = ["Invalid"] }', '{ en = ["FOUND"] }', '{ en = ["Invalid"] }', "is a label of found too"),
        ('{ en = ["Invalid"] }', "{ en = [5] }", '{ en = ["Invalid"] }', "labels.en must be a list of texts"),
        ("digits = 4", "digits = 8", "digits = 4", "must be 1 to 7"),
        ("digits = 4", "digits = 99999999999", "digits = 4", "must be 1 to 7"),
        ("repeat = true", "repeat = true\ncount = 99999999", "repeat = true", "no ballot has more than 200"),
        ("digits = 4", 'digits = "4"', "digits = 4", "a whole number"),
        ("digits = 4", "digits = true", "digits = 4", "a whole number"),
        ("digits = 4", "", 'code = "precinct"', "digits is missing"),
        ("digits = 4", "digits = 4\ndigit = 4", "digits = 4", "unknown key 'digit'"),
        ("source_seen = true", 'source_seen = "yes"', "source_seen", "true or false"),
        ('id = "t-1"', 'id = "T 1"', "id =", "a-z, 0-9 and hyphens"),
        ('kk = "a"\nru = "b"\nen = "c"\n\n[[header', 'kk = "a"\n\n[[header', "[title]", "no text in ru, en"),
        ('code = "found"', 'code = "found"\nrepeat = true', "code = ", "only one field"),
        ('code = "found"', 'code = "found"\ncount = 2', 'code = "found"', "does not repeat"),
    ],
)
def test_a_mistake_is_not_blamed_on_its_line(
    tmp_path: Path, old: str, new: str, line: str, message: str
) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    hits = [number for number, text in found if message in text]
    assert hits, found
    if "\n" not in new and new and "repeat" not in new:
        assert abs(hits[0] - line_of(GOOD, line)) <= 1, (found, line_of(GOOD, line))


def test_only_the_first_mistake_is_told(tmp_path: Path) -> None:
    text = (
        GOOD.replace("digits = 4", "digits = 9").replace('"=="', '"="').replace('dash = "zero"', "colour = 1")
    )
    found = problems(tmp_path, text)
    assert [line for line, _ in found] == sorted(line for line, _ in found)
    assert len(found) == 3
    with pytest.raises(FormError) as error:
        load_form(tmp_path / "form.toml")
    assert all(f"line {line}:" in str(error.value) for line, _ in found)
    assert error.value.line == found[0][0]
    assert error.value.exit_code is ExitCode.UNKNOWN_FORM


def test_a_slip_of_the_pen_in_toml_gives_a_traceback(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD.replace('code = "found"', "code = found"))
    assert [line for line, _ in found] == [line_of(GOOD, 'code = "found"')]
    assert "not TOML" in found[0][1]


def test_an_empty_or_foreign_file_gives_a_traceback(tmp_path: Path) -> None:
    assert problems(tmp_path, "")
    assert problems(tmp_path, 'field = "x"\ncheck = [1]\nlayout = 3\n[title]\nkk = 1\n')
    path = tmp_path / "form.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FormError, match="not UTF-8"):
        validate_file(path)
    with pytest.raises(FormError, match="cannot be opened"):
        validate_file(tmp_path / "absent.toml")


def test_an_unknown_form_does_not_say_which_exist() -> None:
    with pytest.raises(FormError, match="kz-2023-majilis-smd"):
        load_form("kz-2024")


def test_the_guide_shows_a_form_that_does_not_load(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert problems(tmp_path, blocks[0]) == []


def test_a_row_loses_its_printed_name() -> None:
    form = load_form("ng-2023-ec8a")
    assert form.field("votes.LP").labels == {"en": ("LP",)}
    assert not form.has("votes.XYZ")
    assert len([code for code in form.codes_for(0) if code.startswith("votes.")]) == 18
    with pytest.raises(FormError, match="has no field"):
        form.field("votes.XYZ")


def test_a_row_beyond_the_printed_ones_is_accepted() -> None:
    form = load_form("ke-2022-34a")
    assert form.has("votes.4")
    assert not form.has("votes.5")
    assert not form.has("votes.0")
    assert load_form("kz-2023-majilis-smd").field("votes.12").ceiling == 3030


@pytest.mark.parametrize("form_id", KAZAKH)
@pytest.mark.parametrize("mark", [mark for mark in Mark if mark is not Mark.READ])
def test_a_missing_number_counts_as_zero(form_id: str, mark: Mark) -> None:
    for field in load_form(form_id).fields:
        assert value_span(field, Reading(mark)) == Span(0, field.ceiling)


def test_a_mark_means_what_another_form_says() -> None:
    crossed, dash = Reading(Mark.CROSSED), Reading(Mark.DASH)
    indonesia, turkey = load_form("id-2019-c1"), load_form("tr-2023-president")
    assert value_span(indonesia.field("invalid"), crossed) == Span.exactly(0)
    assert value_span(indonesia.field("invalid"), dash) == Span(0, 999)
    assert value_span(turkey.field("n10"), dash) == Span.exactly(0)
    assert value_span(turkey.field("votes.OGAN"), dash) == Span(0, 999)


@given(value=st.integers(0, 10**7))
def test_a_number_above_the_ceiling_is_trimmed(value: int) -> None:
    field = load_form("kz-2023-majilis-smd").field("ballots_found")
    assert value_span(field, Reading(Mark.READ, value, 0.9)) == Span.exactly(value)


def test_lines_shift_after_a_long_text_or_list() -> None:
    text = (
        'a = """\n[[field]]\ncode = 1\n"""\nb = [\n  "x",\n]\n[[field]]\ncode = 2\n[field.labels]\nru = "z"\n'
    )
    index = LineIndex(text)
    assert index.line(("field", 0)) == 8
    assert index.line(("field", 0, "code")) == 9
    assert index.line(("field", 0, "labels", "ru")) == 11
    assert index.line(("field", 0, "unknown")) == 8
    assert index.line(("nowhere", "at", "all")) == 1


def test_a_mistake_in_a_printed_row_is_blamed_on_the_field(tmp_path: Path) -> None:
    rows = '[[field.rows]]\ncode = "votes.A"\nlabels = { en = "A" }\n'
    rows += '[[field.rows]]\ncode = "votes.A"\nlabels = { en = "A" }\n[[field.rows]]\ncode = "party"\n'
    text = GOOD.replace('labels = { en = ["Candidate"] }\n', f'labels = {{ en = ["Candidate"] }}\n{rows}')
    start = line_of(text, "[[field.rows]]")
    assert problems(tmp_path, text) == [
        (start + 4, "row 'votes.A' of votes is listed twice"),
        (start + 6, "row party has no labels"),
        (start + 7, "row 'party' must be named votes.SOMETHING"),
    ]
