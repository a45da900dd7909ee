"""Chat exports of every kind of phone: read in one way, or asked about; never guessed."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.chats import (
    Chat,
    Hint,
    Question,
    hint_of,
    looks_like_telegram,
    looks_like_whatsapp,
    parse_mail,
    parse_telegram,
    parse_whatsapp,
    without_contacts,
)

NNBSP, LRM = "\u202f", "\u200e"
WHEN = datetime.fromisoformat("2023-03-19T21:41:05")
PHOTO = "IMG-20230319-WA0001.jpg"
IOS_PHOTO = "00000002-PHOTO-2023-03-19-21-41-05.jpg"

# How the date and time of a message are written, and the words around a file, by phone.
PHONES = {
    "android ru": ("{0:%d.%m.%Y}, {0:%H:%M} - ", "(файл добавлен)"),
    "android ru, two digits": ("{0:%d.%m.%y}, {0:%H:%M} - ", "(файл добавлен)"),
    "android kk": ("{0:%d.%m.%Y}, {0:%H:%M} - ", "(файл тіркелді)"),
    "android kk, no comma": ("{0:%d.%m.%y} {0:%H:%M} - ", "(файл тіркелді)"),
    "android ru, year word": ("{0:%d.%m.%Y} г., {0:%H:%M} - ", "(файл добавлен)"),
    "android en-US": ("{0.month}/{0.day}/{0:%y}, {1}:{0:%M} {2} - ", "(file attached)"),
    "android en-US, narrow space": (
        "{0.month}/{0.day}/{0:%y}, {1}:{0:%M}" + NNBSP + "{2} - ",
        "(file attached)",
    ),
    "android en-GB": ("{0:%d/%m/%Y}, {0:%H:%M} - ", "(file attached)"),
    "android ISO": ("{0:%Y-%m-%d}, {0:%H:%M} - ", "(file attached)"),
    "ios ru": ("[{0:%d.%m.%Y}, {0:%H:%M:%S}] ", "прикреплено"),
    "ios kk": ("[{0:%d.%m.%y}, {0:%H:%M:%S}] ", "тіркелді"),
    "ios en-US": ("[{0.month}/{0.day}/{0:%y}, {1}:{0:%M:%S}" + NNBSP + "{2}] ", "attached"),
    "ios en-GB": ("[{0:%d/%m/%Y}, {0:%H:%M:%S}] ", "attached"),
    "ios no comma": ("[{0:%d/%m/%Y} {0:%H:%M:%S}] ", "attached"),
}


def stamp(phone: str, when: datetime) -> str:
    return PHONES[phone][0].format(when, (when.hour - 1) % 12 + 1, "PM" if when.hour >= 12 else "AM")


def export(phone: str, when: datetime = WHEN, name: str = "", sender: str = "Айгүл Ә.") -> str:
    """A chat as this kind of phone writes it: system line, photo with caption, text, a missing photo."""
    ios, words = phone.startswith("ios"), PHONES[phone][1]
    name = name or (IOS_PHOTO if ios else PHOTO)
    later = when + timedelta(minutes=1)
    if ios:
        lines = [
            f"{stamp(phone, when)}{sender}: {LRM}Сообщения защищены сквозным шифрованием.",
            f"{LRM}{stamp(phone, when)}{sender}: УИК №379 округ 4 {LRM}<{words}: {name}>",
            f"{stamp(phone, when)}~{NNBSP}Марат: рахмет",
            "екінші жол",
            f"{LRM}{stamp(phone, later)}{sender}: {LRM}<{words}: 00000009-PHOTO-2023-03-19-21-42-05.jpg>",
        ]
        return "\r\n".join(lines)
    lines = [
        f"{stamp(phone, when)}Сообщения защищены сквозным шифрованием.",
        f"{stamp(phone, when)}{sender}: {LRM}{name} {words}",
        "УИК №379 округ 4",
        f"{stamp(phone, when)}Марат: рахмет",
        "екінші жол",
        f"{stamp(phone, later)}{sender}: IMG-20230319-WA0009.jpg {words}",
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("phone", PHONES)
def test_every_kind_of_phone(phone: str) -> None:
    names = {PHOTO, IOS_PHOTO}
    chat = parse_whatsapp(export(phone).encode(), names)

    (message,) = chat.messages
    seconds = ":05" if phone.startswith("ios") else ":00"
    assert message.time == f"2023-03-19T21:41{seconds}"
    assert message.sender == "Айгүл Ә."
    assert message.files == ((IOS_PHOTO if phone.startswith("ios") else PHOTO),)
    assert hint_of(message.text) == Hint(379, 4)
    assert len(chat.missing) == 1
    assert not chat.backwards
    assert looks_like_whatsapp(export(phone)[:200], "any.txt")


def read_or_asked(data: bytes, names: set[str]) -> tuple[Chat | None, Question | None]:
    try:
        return parse_whatsapp(data, names), None
    except Question as question:
        return None, question


@pytest.mark.parametrize("phone", PHONES)
@given(days=st.integers(0, 2000), minutes=st.integers(0, 1439))
def test_a_time_is_read_back_or_asked_about(phone: str, days: int, minutes: int) -> None:
    when = datetime.fromisoformat("2019-01-01") + timedelta(days=days, minutes=minutes)
    chat, question = read_or_asked(export(phone, when, "a.jpg").encode(), {"a.jpg"})
    if question is None:
        assert chat is not None
        assert chat.messages[0].time[:16] == when.isoformat()[:16]
    else:
        assert question.code == "date_order"
        assert when.day <= 12
        assert when.date().isoformat() in question.readings.values()


@pytest.mark.parametrize("phone", [phone for phone in PHONES if "ISO" not in phone])
def test_a_date_with_two_readings_is_asked_about_and_the_answer_settles_it(phone: str) -> None:
    text = (
        export(phone, datetime.fromisoformat("2023-04-03T09:41:05"), "протокол.jpg")
        .replace("20230319", "x")
        .encode()
    )
    text = text.replace(b"2023-03-19", b"x")
    with pytest.raises(Question) as asked:
        parse_whatsapp(text, {"протокол.jpg"})

    assert asked.value.code == "date_order"
    assert set(asked.value.readings.values()) == {"2023-04-03", "2023-03-04"}
    assert "Айгүл" not in json.dumps(asked.value.to_dict(), ensure_ascii=False)
    order = "mdy" if "US" in phone else "dmy"
    chat = parse_whatsapp(text, {"протокол.jpg"}, order=order)
    assert chat.messages[0].time.startswith("2023-04-03")


def test_the_names_of_media_settle_the_order() -> None:
    for name, day in (("IMG-20230403-WA0001.jpg", "2023-04-03"), ("IMG-20230304-WA0001.jpg", "2023-03-04")):
        text = f"4/3/23, 9:41 - A: {name} (file attached)\n"
        assert parse_whatsapp(text.encode(), {name}).messages[0].time.startswith(day)


def test_media_that_speak_for_both_orders_settle_nothing() -> None:
    text = b"4/3/23, 9:41 - A: IMG-20230403-WA0001.jpg (x)\n4/3/23, 9:42 - A: IMG-20230304-WA0002.jpg (x)\n"
    with pytest.raises(Question, match="date_order"):
        parse_whatsapp(text, {"IMG-20230403-WA0001.jpg", "IMG-20230304-WA0002.jpg"})


def test_days_that_fit_no_single_order_are_asked_about() -> None:
    with pytest.raises(Question, match="date_order"):
        parse_whatsapp(b"19/3/23, 9:41 - A: x\n3/19/23, 9:42 - A: y\n", set())


def test_an_answer_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Question, match="wrong_answer"):
        parse_whatsapp(export("android ru").encode(), {PHOTO}, order="mdy")


def test_two_formats_in_one_text_are_asked_about_and_quoted_text_can_be_declared() -> None:
    text = export("android ru") + "[19.03.2023, 21:41:05] Другой: чужое сообщение\n"
    with pytest.raises(Question) as asked:
        parse_whatsapp(text.encode(), {PHOTO})
    assert asked.value.code == "two_formats"
    assert "Другой" not in str(asked.value.to_dict())

    chat = parse_whatsapp(text.encode(), {PHOTO}, quoted=True)
    assert "Другой" not in chat.authors


@pytest.mark.parametrize(
    "broken", ["45.13.2023, 21:41 - A: x\n", "19.03.2023, 25:41 - A: x\n", "3/19/23, 13:41 PM - A: x\n"]
)
def test_a_date_that_does_not_exist_is_not_repaired(broken: str) -> None:
    with pytest.raises(Question, match="no_such_date"):
        parse_whatsapp(broken.encode(), set())


def test_a_text_without_headers_is_no_chat() -> None:
    with pytest.raises(Question, match="unknown_format"):
        parse_whatsapp("просто текст\n".encode(), set())
    with pytest.raises(Question, match="encoding"):
        parse_whatsapp(b"\xff\xfa\xfb", set())
    assert not looks_like_whatsapp("просто текст", "notes.txt")
    assert looks_like_whatsapp("новый формат", "_chat.txt")


def test_a_colon_in_a_name_does_not_cut_it() -> None:
    text = (
        f"19.03.2023, 21:41 - УИК: Айгуль: {LRM}{PHOTO} (файл добавлен)\n"
        f"19.03.2023, 21:42 - УИК: Айгуль: ещё b.jpg\n"
    )
    chat = parse_whatsapp(text.encode(), {PHOTO, "b.jpg"})
    assert {message.sender for message in chat.messages} == {"УИК: Айгуль"}


def test_a_second_line_in_the_format_of_the_chat_is_a_message_because_the_text_cannot_tell() -> None:
    chat = parse_whatsapp(b"19.03.2023, 21:41 - A: x\n19.03.2023, 21:41 - B: y\n", set())
    assert set(chat.authors) == {"A", "B"}


def test_words_after_a_name_are_not_taken_for_a_file() -> None:
    chat = parse_whatsapp("19.03.2023, 21:41 - A: смотри a.pdf (там)\n".encode(), set())
    assert chat.missing == ()


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("<Без медиафайлов>", [""]),
        ("<Медиафайл жоқ>", [""]),
        (f"{LRM}изображение отсутствует", [""]),
        (f"{LRM}видеосообщение отсутствует", [""]),
        (f"{LRM}video note omitted", [""]),
        (f"{LRM}сурет қосылмаған", [""]),
        (f"протокол.pdf • {LRM}1 страница {LRM}документ отсутствует", ["протокол.pdf"]),
        (f"hattama 4.pdf • {LRM}2 pages {LRM}document omitted", ["hattama 4.pdf"]),
        (f"хаттама.pdf • {LRM}1 бет {LRM}құжат жоқ", ["хаттама.pdf"]),
        (f"{LRM}<Сообщение изменено>", []),
        ("протокол отсутствует", []),
        ("председатель отсутствует", []),
        ("Данное сообщение удалено", []),
        ("ОПРОС:\nКто на 379?\nВАРИАНТ: я (1 голос)", []),
    ],
)
def test_what_a_phone_left_out_is_missed_and_what_people_write_is_not(body: str, missing: list[str]) -> None:
    chat = parse_whatsapp(f"[19.03.2023, 21:41:05] Айгүл: {body}\n".encode(), set())
    assert [one.name for one in chat.missing] == missing
    assert chat.count == 1


def test_time_that_goes_back_is_named() -> None:
    text = "19.03.2023, 21:41 - A: x\n19.03.2023, 21:40 - A: y\n19.03.2023, 21:45 - A: z\n"
    assert parse_whatsapp(text.encode(), set()).backwards == (2,)


@given(st.text(max_size=300))
def test_any_text_is_read_or_asked_about(text: str) -> None:
    for data in (
        text.encode("utf-8", "surrogatepass"),
        export("ios ru").encode() + text.encode("utf-8", "replace"),
    ):
        chat, question = read_or_asked(data, {PHOTO, IOS_PHOTO})
        assert (chat is None) != (question is None)


def test_a_hostile_text_takes_no_longer_than_its_length() -> None:
    start = "19.03.2023, 21:41 - "
    for line in ("a: " * 60_000, "a" * 200_000, "<" * 200_000, "a.b" * 60_000 + " (", "(" * 200_000):
        before = time.process_time()
        parse_whatsapp(f"{start}{line}\n{line}".encode(), {"a.jpg"})
        assert time.process_time() - before < 3
    many = "".join(f"{start}a{n}: IMG-20230319-WA{n:05}.jpg (x)\n" for n in range(3_000))
    before = time.process_time()
    parse_whatsapp(many.encode(), {f"IMG-20230319-WA{n:05}.jpg" for n in range(3_000)})
    assert time.process_time() - before < 5


# Telegram


def telegram(*messages: dict[str, object], **more: object) -> bytes:
    return json.dumps(
        {"name": "Округ 4", "type": "private_group", "id": 1, "messages": [*messages], **more}
    ).encode()


def message(number: int = 1, **more: object) -> dict[str, object]:
    base = {"id": number, "type": "message", "date": "2023-03-19T21:41:05", "date_unixtime": "1679240465"}
    return base | {"from": "Айгуль", "from_id": "user77012345678", "text": ""} | more


def test_telegram_photos_files_and_what_was_not_exported() -> None:
    gone = "(File not included. Change data exporting settings to download.)"
    data = telegram(
        message(
            1,
            photo="photos/photo_1@19-03-2023_21-41-05.jpg",
            text=["участок ", {"type": "bold", "text": "379"}],
        ),
        message(2, file="files/a.heic", file_name="a.heic", mime_type="image/heic", forwarded_from="Марат"),
        message(3, photo=gone, width=1, height=1),
        message(4, file=gone, file_name="протокол.pdf"),
        message(5, photo="photos/lost.jpg"),
        {"id": 6, "type": "service", "date_unixtime": "1679240470", "action": "pin_message"},
    )
    assert looks_like_telegram(data, "result.json")
    chat = parse_telegram(data, {"photos/photo_1@19-03-2023_21-41-05.jpg", "files/a.heic"})

    first, second = chat.messages
    assert (first.time, first.how, first.text) == ("2023-03-19T15:41:05Z", "photo", "участок 379")
    assert (second.how, second.forwarded) == ("file", True)
    assert [one.name for one in chat.missing] == ["", "протокол.pdf", "lost.jpg"]
    assert chat.count == 6


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        telegram({"type": "message"}),
        telegram(
            message(
                1,
                photo=7,
            )
        ),
        b'{"messages": 5}',
        b"[" * 100_000,
    ],
)
def test_half_a_telegram_export_is_not_taken_for_a_whole_one(data: bytes) -> None:
    with pytest.raises(Question, match="not_telegram"):
        parse_telegram(data, set())


# Captions


@pytest.mark.parametrize(
    ("caption", "precinct", "district"),
    [
        ("участок 379", 379, None),
        ("УИК №379 округ 4", 379, 4),
        ("379 учаске", 379, None),
        ("Участок: 379", 379, None),
        ("№379 учаскесі, 4 округ", 379, 4),
        ("4 округ 379 участок", 379, 4),
        ("379-ші учаске", 379, None),
        ("уч.379, явка 512", 379, None),
        ("19.03.2023 21:40 участок 379", 379, None),
        ("Uchaske 379 +7 701 234 56 78", 379, None),
        ("participants: 12", None, None),
        ("379", None, None),
        ("участок 379 и участок 380", None, None),
        ("учаске 379-380", None, None),
        ("379 округ участок", None, None),
        ("", None, None),
    ],
)
def test_captions(caption: str, precinct: int | None, district: int | None) -> None:
    assert hint_of(caption) == Hint(precinct, district)


@given(st.text(max_size=100))
def test_a_hint_is_always_a_number_that_stands_in_the_caption(caption: str) -> None:
    for number in hint_of(caption).to_dict().values():
        assert str(number) in caption


def test_contacts_do_not_stay_in_a_caption() -> None:
    said = "Айгуль Ахметова: участок 379, звоните +7 (701) 234-56-78, 87012345678, a.b@mail.kz, @aigul"
    kept = without_contacts(said, ["Айгуль Ахметова"])
    assert "участок 379" in kept
    for secret in ("Айгуль", "701", "mail", "aigul"):
        assert secret not in kept


def test_a_mail_with_attachments() -> None:
    data = (
        b"From: =?utf-8?b?0JDQudCz0YPQu9GM?= <a@mail.kz>\r\nDate: Sun, 19 Mar 2023 21:41:05 +0600\r\n"
        b"Subject: uchastok 379\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--x\r\nContent-Type: image/jpeg\r\n"
        b'Content-Disposition: attachment; filename="a.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/\r\n'
        b"--x--\r\n"
    )
    mail = parse_mail(data)
    assert (mail.time, mail.attachments[0].name) == ("2023-03-19T21:41:05+06:00", "a.jpg")
    assert mail.attachments[0].data == b"\xff\xd8\xff"
    assert "Айгуль" in mail.sender
    assert hint_of(mail.text).precinct == 379
