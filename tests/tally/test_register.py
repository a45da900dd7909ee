from __future__ import annotations

from pathlib import Path

import pytest

from tally.case import Case
from tally.custody import check_case
from tally.errors import TableError, UsageError
from tally.register import add_register
from tally.state import state
from tally.totals import ContestTotals, totals
from tests.tally.building import full, make_case, page, put


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = make_case(tmp_path / "c")
    for precinct in (1, 2, 7):
        put(made, page(precinct, full([10, 20])))
    return made


def counted(case: Case) -> ContestTotals:
    return totals(state(case), case.election()).contests[0]


def listed(case: Case, tmp_path: Path, text: str, source: str = "ЦИК") -> None:
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    add_register(case, tmp_path / "r.csv", source)


def test_a_missing_protocol_has_no_name(case: Case, tmp_path: Path) -> None:
    assert counted(case).missing is None
    listed(case, tmp_path, "участок;адрес\n1;Школа 5\n2;\n3;Библиотека\n4;\n")
    found = counted(case)

    assert (found.total, found.missing, found.with_protocol) == (4, 2, 3)
    assert found.coverage is not None
    assert [(one.precinct, one.name) for one in found.coverage.missing] == [(3, "Библиотека"), (4, "")]
    assert [one.precinct for one in found.coverage.unlisted] == [7]
    assert not found.is_complete
    assert check_case(case).official == 1


def test_a_complete_district_with_a_stranger_is_not_complete(case: Case, tmp_path: Path) -> None:
    listed(case, tmp_path, "precinct\n1\n2\n")
    assert counted(case).missing == 0
    assert not counted(case).is_complete
    listed(case, tmp_path, "precinct\n1\n2\n7\n")  # a later register replaces the earlier one
    assert counted(case).is_complete


def test_a_district_without_any_protocol_is_shown_with_its_register(tmp_path: Path) -> None:
    case = make_case(tmp_path / "c")
    listed(case, tmp_path, "precinct,district\n1,27\n2,27\n")
    assert counted(case).missing == 2


def test_all_problems_of_a_register(case: Case, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        listed(case, tmp_path, "precinct,district\n1,27\n1,27\nx,27\n,27\n5,99\n6,14\n")
    for part in (
        "row 3: precinct 1 is listed twice",
        "row 4",
        "row 5: the precinct is missing",
        "row 6",
        "row 7",
    ):
        assert part in caught.value.message
    assert state(case).register == {}
    with pytest.raises(UsageError, match="come from"):
        listed(case, tmp_path, "precinct\n1\n", " ")
