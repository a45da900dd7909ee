"""Photos from phones: in pieces, resumed, bounded, with a receipt that can be checked without us."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from cli.intake.look import look_at
from cli.review.incoming import MAX_UPLOAD_BYTES
from cli.review.roles import Role
from tally import merkle
from tally.checkpoint import leaf
from tally.state import state
from tests.cli.conftest import jpeg
from tests.cli.fakes import fake_read_one
from tests.cli.reviewing import House, fake_reader, filled, house

__all__ = ["fake_reader", "filled", "house"]


class Here:
    """Stands in for a worker: runs the function in this process."""

    def __init__(self, function: Callable) -> None:
        self.run = function

    def stop(self) -> None:
        pass


@pytest.fixture
def phone(house: House) -> TestClient:
    house.room.receiver.looking = Here(look_at)  # type: ignore[assignment]
    house.room.receiver.reading = Here(fake_read_one)  # type: ignore[assignment]
    return house.join("Observer", Role.OBSERVER)


def begin(phone: TestClient, name: str, data: bytes, **more: str) -> dict:
    body = {"name": name, "size": len(data), **more}
    return phone.post("/api/upload/begin", json=body).json()


def piece(phone: TestClient, upload: str, offset: int, data: bytes):
    kind = {"Content-Type": "application/octet-stream"}
    return phone.post(f"/upload/{upload}/chunk?offset={offset}", content=data, headers=kind)


def send(phone: TestClient, name: str, data: bytes, **more: str) -> dict:
    upload = begin(phone, name, data, **more)["upload"]
    for at in range(0, len(data), 300):
        assert piece(phone, upload, at, data[at : at + 300]).status_code == 200
    return phone.post(f"/api/upload/{upload}/finish", json={}).json()


def test_a_photo_arrives_as_it_was_and_says_what_was_read(phone: TestClient, house: House) -> None:
    data = jpeg(77)
    done = send(phone, "p9.jpg", data)

    sha256 = hashlib.sha256(data).hexdigest()
    assert house.case.photo_bytes(sha256) == data
    assert phone.get(f"/api{done['next']}").json()["state"] == "reading"
    house.room.receiver.read_waiting()
    told = phone.get(f"/api{done['next']}").json()
    assert told["state"] == "read"
    assert told["pages"][0]["precinct"] == 9
    assert phone.get(done["next"]).status_code == 200
    assert state(house.case).review.uploaders[sha256] == {"observer"}


def test_a_receipt_proves_that_the_photo_was_there(phone: TestClient, house: House) -> None:
    receipt = send(phone, "p9.jpg", jpeg(77))["receipt"]

    events = list(house.case.ledger.events())
    mine = events[receipt["event"] - 1]
    assert mine.body["sha256"] == receipt["sha256"]
    size, root = int(receipt["checkpoint"].splitlines()[1]), receipt["checkpoint"].splitlines()[2]
    proof = [bytes.fromhex(node) for node in receipt["proof"]]
    leaf_hash = merkle.leaf_hash(leaf(mine))
    assert merkle.includes(leaf_hash, mine.seq - 1, size, proof, base64.b64decode(root))


def test_a_dropped_connection_goes_on_where_it_stopped(phone: TestClient, house: House) -> None:
    data = jpeg(78)
    upload = begin(phone, "p9.jpg", data)["upload"]
    piece(phone, upload, 0, data[:100])

    assert piece(phone, upload, 250, data[250:]).status_code == 409  # a hole
    assert phone.get(f"/api/upload/{upload}").json()["offset"] == 100
    assert piece(phone, upload, 0, data[:100]).json()["offset"] == 100  # the answer was lost: sent again
    assert phone.post(f"/api/upload/{upload}/finish", json={}).status_code == 422
    piece(phone, upload, 100, data[100:])
    assert phone.post(f"/api/upload/{upload}/finish", json={}).status_code == 201
    assert phone.get(f"/api/upload/{upload}").status_code == 404


def test_what_was_begun_survives_a_restart(phone: TestClient, house: House) -> None:
    data = jpeg(79)
    upload = begin(phone, "p9.jpg", data)["upload"]
    piece(phone, upload, 0, data[:200])

    reborn = House(house.case)
    reborn.room.receiver.looking = Here(look_at)  # type: ignore[assignment]
    again = TestClient(reborn.app, base_url="http://localhost", headers={"Origin": "http://localhost"})
    again.cookies.update(phone.cookies)
    assert again.get(f"/api/upload/{upload}").json()["offset"] == 200
    piece(again, upload, 200, data[200:])
    assert again.post(f"/api/upload/{upload}/finish", json={}).status_code == 201


def test_asvs_5_2_1_no_more_bytes_than_announced_and_no_more_than_a_photo(phone: TestClient) -> None:
    upload = begin(phone, "p9.jpg", b"x" * 10)["upload"]

    assert piece(phone, upload, 0, b"x" * 11).status_code == 422
    for size in (0, -1, MAX_UPLOAD_BYTES + 1, "many"):
        body = {"name": "a.jpg", "size": size}
        assert phone.post("/api/upload/begin", json=body).status_code == 422


def test_asvs_5_2_2_what_is_no_photo_is_kept_and_said_and_never_shown(
    phone: TestClient, house: House
) -> None:
    done = send(phone, "evil.html", b"<script>alert(1)</script>")

    assert done["reason"]
    sha256 = done["receipt"]["sha256"]
    assert phone.get(f"/api/sent/{sha256}").json()["state"] == "quarantined"
    lead = house.join("Lead", Role.LEAD)
    original = lead.get(f"/photo/{sha256}/original")
    assert original.headers["content-type"] == "application/octet-stream"
    assert lead.get(f"/photo/{sha256}/1.jpg").status_code == 404


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00b.jpg", "C:\\x\\y.jpg", "\u202egpj.exe", "x" * 5000, ""]
)
def test_asvs_5_3_2_a_name_is_a_label_and_never_a_path(phone: TestClient, house: House, name: str) -> None:
    before = {p for p in house.case.path.parent.rglob("*") if house.case.path not in p.parents}
    done = send(phone, name, jpeg(80))

    assert done["receipt"]["outcome"] in ("new", "duplicate")
    assert {p for p in house.case.path.parent.rglob("*") if house.case.path not in p.parents} == before
    shown = phone.get(done["next"])
    assert shown.status_code == 200
    assert "\x00" not in shown.text


def test_a_link_takes_in_its_precincts_and_its_quota(phone: TestClient, house: House) -> None:
    scoped = house.join("Scoped", Role.OBSERVER, precincts=(9, 10), quota=1)

    assert scoped.post("/api/upload/begin", json={"name": "a", "size": 5, "precinct": 8}).status_code == 422
    assert scoped.post("/api/upload/begin", json={"name": "a", "size": 5}).status_code == 422
    send(scoped, "p11.jpg", jpeg(81), precinct="9")
    again = scoped.post("/api/upload/begin", json={"name": "a", "size": 5, "precinct": 9})
    assert again.status_code == 422
    house.room.receiver.read_waiting()
    sha256 = hashlib.sha256(jpeg(81)).hexdigest()
    assert scoped.get(f"/api/sent/{sha256}").json()["pages"][0]["other_precinct"]


def test_an_upload_belongs_to_one_person(phone: TestClient, house: House) -> None:
    upload = begin(phone, "p9.jpg", jpeg(82))["upload"]
    done = send(phone, "p8.jpg", jpeg(83))
    other = house.join("Other", Role.OBSERVER)

    assert piece(other, upload, 0, b"x").status_code == 404
    assert other.get(f"/api/upload/{upload}").status_code == 404
    assert other.get(f"/api{done['next']}").status_code == 404
    assert len(upload) == 32


def test_too_many_open_uploads_of_one_person_are_refused(phone: TestClient) -> None:
    codes = [phone.post("/api/upload/begin", json={"name": "a", "size": 5}).status_code for _ in range(21)]
    assert codes == [201] * 20 + [422]


def test_a_piece_of_another_type_is_refused(phone: TestClient) -> None:
    upload = begin(phone, "p9.jpg", jpeg(84))["upload"]
    answer = phone.post(
        f"/upload/{upload}/chunk?offset=0", content=b"x", headers={"Content-Type": "image/jpeg"}
    )
    assert answer.status_code == 415
