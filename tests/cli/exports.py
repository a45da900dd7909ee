"""Exports and photos as observers hand them over, made on the spot."""

from __future__ import annotations

import io
import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

LRM = "\u200e"
SENDER, PHONE = "Айгуль Ахметова", "+7 701 234 56 78"
SECRETS = (SENDER, "Айгуль", "Ахметова", PHONE, "7012345678", "234 56 78", "aigul@mail.kz", "SERIAL-77")
CHAT_TXT = f"""19.03.2023, 20:00 - Сообщения защищены.
19.03.2023, 21:41 - {SENDER}: {LRM}IMG-20230319-WA0001.jpg (файл добавлен)
УИК №379 округ 27, звоните {PHONE}
19.03.2023, 21:42 - {PHONE}: {LRM}IMG-20230319-WA0002.jpg (файл добавлен)
380 учаске
19.03.2023, 21:43 - {SENDER}: {LRM}протокол.jpg (файл добавлен)
19.03.2023, 21:44 - {PHONE}: {LRM}IMG-20230319-WA0009.jpg (файл добавлен)
19.03.2023, 21:45 - {PHONE}: <Без медиафайлов>
"""


def scene(seed: int, size: tuple[int, int] = (96, 72)) -> Image.Image:
    """A picture with shapes; another seed gives another shot."""
    coarse = np.random.default_rng(seed).integers(0, 256, (24, 32), np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).convert("RGB")


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def camera_jpeg(seed: int) -> bytes:
    """As a phone writes it: make, model, time, place, serial number, a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x9C9C] = "Samsung", "SM-A525F", "SERIAL-77".encode("utf-16-le")
    exif.get_ifd(0x8769)[0x9003] = "2023:03:19 21:40:00"
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-77"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (43.0, 14.0, 20.0)
    return encoded(scene(seed), exif=exif, comment=b"SERIAL-77")


def whatsapp_files(text: str = CHAT_TXT) -> dict[str, bytes]:
    return {
        "Чат WhatsApp с контактом Айгуль Ахметова.txt": text.encode(),
        "IMG-20230319-WA0001.jpg": encoded(scene(1)),
        "IMG-20230319-WA0002.jpg": encoded(scene(2)),
        "протокол.jpg": camera_jpeg(3),
        "Айгуль.vcf": f"BEGIN:VCARD\nFN:{SENDER}\nTEL:{PHONE}\nEND:VCARD\n".encode(),
    }


def telegram_files() -> dict[str, bytes]:
    base = {"type": "message", "date": "2023-03-19T21:41:05", "date_unixtime": "1679240465", "from": SENDER}
    gone = "(File not included. Change data exporting settings to download.)"
    messages = [
        base | {"id": 1, "photo": "photos/photo_1@19-03-2023_21-41-05.jpg", "text": f"участок 379 {PHONE}"},
        base | {"id": 2, "file": "files/sheet.heic", "file_name": "sheet.heic", "text": ""},
        base | {"id": 3, "file": gone, "file_name": "lost.pdf", "text": ""},
    ]
    chat = {"name": SENDER, "type": "personal_chat", "id": 7, "messages": messages}
    return {
        "result.json": json.dumps(chat, ensure_ascii=False).encode(),
        "photos/photo_1@19-03-2023_21-41-05.jpg": encoded(scene(4)),
        "files/sheet.heic": encoded(scene(5), "HEIF"),
    }


def mail(files: dict[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = f"{SENDER} <aigul@mail.kz>", "штаб <hq@mail.kz>"
    message["Date"], message["Subject"] = "Sun, 19 Mar 2023 21:41:05 +0600", "участок 381"
    message.set_content("во вложении")
    for name, data in files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def unpacked(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def pdf(seed: int) -> bytes:
    return encoded(scene(seed), "PDF")
