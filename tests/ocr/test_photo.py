from __future__ import annotations

import hashlib
import io
import struct
import tracemalloc
import zlib

import cv2
import numpy as np
import pillow_heif
import pypdfium2 as pdfium
import pytest
from PIL import Image

from ocr import photo
from ocr.photo import Photo, open_photos
from tally.errors import PhotoError

pillow_heif.register_heif_opener()  # the reader does so only when a photo needs it

ADVICE_NEEDED = "every refusal says what to do"

# Colours of the four corners of an upright picture, RGB: top left, top right, bottom right, bottom left.
CORNERS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))
# How the stored picture must be made from the upright one for each EXIF orientation.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def upright() -> Image.Image:
    """Twice as high as wide, another colour in each corner."""
    pixels = np.full((80, 40, 3), 255, np.uint8)
    pixels[:20, :20], pixels[:20, 20:] = CORNERS[0], CORNERS[1]
    pixels[60:, 20:], pixels[60:, :20] = CORNERS[2], CORNERS[3]
    return Image.fromarray(pixels)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def the_page(data: bytes, name: str = "photo.jpg") -> Photo:
    (page,) = open_photos(data, name)
    assert page.pixels.dtype == np.uint8
    assert page.pixels.ndim == 3
    return page


def corner_colours(pixels: np.ndarray) -> list[tuple[int, ...]]:
    """RGB near the four corners of a BGR picture, in the order of CORNERS."""
    height, width = pixels.shape[:2]
    at = [(5, 5), (5, width - 6), (height - 6, width - 6), (height - 6, 5)]
    return [tuple(int(v) for v in pixels[y, x][::-1]) for y, x in at]


def assert_upright(pixels: np.ndarray, slack: int = 40) -> None:
    assert pixels.shape == (80, 40, 3)
    for seen, wanted in zip(corner_colours(pixels), CORNERS, strict=True):
        assert max(abs(a - b) for a, b in zip(seen, wanted, strict=True)) <= slack


def refused(data: bytes, name: str = "photo.jpg") -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        list(open_photos(data, name))
    assert caught.value.advice, ADVICE_NEEDED
    assert caught.value.file == name
    return caught.value


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one short, valid but far too small stream: about 100 kB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = zlib.compress(bytes(100 * 2**20), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def pdf_of(pages: int) -> bytes:
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 300)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def locked_pdf() -> bytes:
    """A PDF whose standard security handler asks for a password that is not the empty one."""
    encryption = (
        b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <"
        + b"11" * 32
        + b"> /U <"
        + b"22" * 32
        + b"> >>"
    )
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        encryption,
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    name = b"00" * 16
    trailer = b"<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<" + name + b"> <" + name + b">] >>"
    end = b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer\n" + trailer
    return body + end + b"\nstartxref\n%d\n%%%%EOF\n" % len(body)


# Refused, with words:


def test_an_empty_file_is_called_empty():
    assert "empty" in refused(b"").message


def test_a_text_renamed_to_jpg_is_called_text():
    assert "text" in refused(b"dear observer, the photo follows\n" * 20).message


def test_an_office_file_renamed_to_jpg_is_called_an_archive():
    assert "zip" in refused(b"PK\x03\x04" + bytes(200)).message


def test_random_bytes_are_refused():
    noise = np.random.default_rng(1).integers(0, 256, 5000, np.uint8).tobytes()
    refused(b"\x00\x01" + noise)


def test_a_huge_picture_in_a_small_file_is_refused_by_its_header_alone():
    bomb = png_header(30_000, 30_000)
    assert len(bomb) < 150_000
    tracemalloc.start()
    error = refused(bomb, "bomb.png")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "30000 x 30000" in error.message or "pixels" in error.message
    assert peak < 5 * 2**20, f"{peak} bytes were taken before the refusal"


def test_a_picture_just_above_the_limit_is_refused_too():
    error = refused(png_header(10_001, 6_400), "large.png")  # Pillow itself would not even warn
    assert "10001 x 6400" in error.message


def test_a_file_above_the_limit_is_refused_before_any_decoder_sees_it(monkeypatch):
    monkeypatch.setattr(photo, "MAX_BYTES", 1000)
    monkeypatch.setattr(photo.Image, "open", lambda *_, **__: pytest.fail("a decoder was called"))
    assert "MB" in refused(bytes(1001)).message


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.1])
def test_a_truncated_jpeg_is_refused_and_not_half_read(kept):
    noisy = Image.fromarray(np.random.default_rng(2).integers(0, 255, (300, 300, 3), np.uint8))
    data = encoded(noisy, "JPEG")
    assert "damaged" in refused(data[: int(len(data) * kept)]).message


def test_a_jpeg_cut_inside_its_header_is_refused():
    refused(encoded(upright(), "JPEG")[:30])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "BMP"])
def test_a_truncated_picture_of_any_kind_is_refused(kind):
    noisy = Image.fromarray(np.random.default_rng(3).integers(0, 255, (200, 200, 3), np.uint8))
    data = encoded(noisy, kind)
    refused(data[: len(data) // 2])


def test_a_pdf_of_500_pages_is_refused_before_a_page_is_drawn(monkeypatch):
    monkeypatch.setattr(photo, "_draw", lambda *_: pytest.fail("a page was drawn"))
    error = refused(pdf_of(500), "book.pdf")
    assert "500 pages" in error.message


def test_a_picture_of_500_frames_is_refused():
    frames = [Image.new("L", (4, 4), i % 250) for i in range(500)]
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert "500 pages" in refused(data, "pages.tif").message


def test_a_locked_pdf_says_that_it_is_locked():
    assert "password" in refused(locked_pdf(), "locked.pdf").message


def test_a_damaged_pdf_is_refused():
    assert "damaged" in refused(b"%PDF-1.7\nnothing follows", "damaged.pdf").message


def test_a_pdf_page_as_large_as_a_wall_is_refused():
    document = pdfium.PdfDocument.new()
    document.new_page(14_000, 14_000)  # about 5 m: 1,500 Mpx at 200 dpi
    out = io.BytesIO()
    document.save(out)
    document.close()
    assert "pixels" in refused(out.getvalue(), "wall.pdf").message


# Read, and the right way up:


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(orientation):
    turn = STORED[orientation]
    stored = upright() if turn is None else upright().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = the_page(encoded(stored, "JPEG", exif=exif, quality=95, subsampling=0))
    assert_upright(page.pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_of_an_iphone_is_turned_once_and_not_twice(orientation):
    """HEIC says twice how it lies: in its own boxes and in the EXIF data."""
    turn = STORED[orientation]
    stored = upright() if turn is None else upright().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = the_page(encoded(stored, "HEIF", exif=exif.tobytes(), quality=95), "IMG_0001.HEIC")
    assert_upright(page.pixels)


def test_a_nonsense_exif_orientation_is_ignored():
    exif = Image.Exif()
    exif[0x0112] = 99
    assert_upright(the_page(encoded(upright(), "JPEG", exif=exif, quality=95, subsampling=0)).pixels)


def test_transparent_paper_is_white_and_not_black():
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.putpixel((10, 10), (0, 0, 0, 255))
    pixels = the_page(encoded(clear, "PNG")).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[10, 10].tolist() == [0, 0, 0]


def test_a_palette_with_a_transparent_colour_is_white_there():
    palette = Image.new("P", (10, 10), 0)
    palette.putpalette([0, 0, 0, 200, 0, 0])
    pixels = the_page(encoded(palette, "PNG", transparency=0)).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_sixteen_bits_a_pixel_keep_their_brightness(suffix):
    ramp = np.tile(np.linspace(0, 65_535, 64).astype(np.uint16), (16, 1))
    ok, data = cv2.imencode(suffix, ramp)
    assert ok
    pixels = the_page(data.tobytes()).pixels
    assert pixels[8, 0, 0] <= 3
    assert pixels[8, 63, 0] >= 250
    assert 110 <= pixels[8, 31, 0] <= 140


def test_sixteen_bit_colour_is_read():
    ramp = np.full((16, 16, 3), 40_000, np.uint16)
    ok, data = cv2.imencode(".png", ramp)
    assert ok
    assert abs(int(the_page(data.tobytes()).pixels[3, 3, 1]) - 156) <= 3


def test_a_cmyk_jpeg_is_not_inverted():
    pixels = the_page(encoded(Image.new("CMYK", (16, 16), (0, 0, 0, 0)), "JPEG")).pixels
    assert pixels.min() >= 245  # no ink at all is white paper


def test_a_grey_jpeg_becomes_three_equal_channels():
    pixels = the_page(encoded(Image.new("L", (16, 16), 90), "JPEG")).pixels
    assert pixels.shape == (16, 16, 3)
    assert abs(int(pixels[5, 5, 0]) - 90) <= 2
    assert (pixels[..., 0] == pixels[..., 2]).all()


def test_black_and_white_fax_tiff_is_read():
    assert the_page(encoded(Image.new("1", (16, 16), 1), "TIFF", compression="group4")).pixels.min() == 255


def test_a_phone_jpeg_with_a_second_picture_inside_is_one_page():
    first, second = upright(), Image.new("RGB", (10, 10))
    data = encoded(first, "MPO", save_all=True, append_images=[second], quality=95, subsampling=0)
    assert_upright(the_page(data).pixels)


def test_every_page_of_a_tiff_is_read_in_order():
    frames = [Image.new("RGB", (8, 8), (level, level, level)) for level in (10, 120, 240)]
    pages = list(open_photos(encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:]), "x.tif"))
    assert [page.page for page in pages] == [1, 2, 3]
    assert [int(page.pixels[0, 0, 0]) for page in pages] == [10, 120, 240]


def test_an_animated_webp_is_opened_frame_by_frame():
    frames = [Image.new("RGB", (16, 16), (level, level, level)) for level in (250, 10)]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    pages = list(open_photos(data, "moving.webp"))
    assert int(pages[0].pixels[3, 3, 0]) > 240
    assert len(pages) == len({page.page for page in pages})


def test_one_pixel_is_a_picture():
    assert the_page(encoded(Image.new("RGB", (1, 1)), "PNG")).pixels.shape == (1, 1, 3)


def test_every_page_of_a_pdf_is_drawn_on_white():
    pages = list(open_photos(pdf_of(2), "two.pdf"))
    assert [page.page for page in pages] == [1, 2]
    assert pages[0].pixels.shape == (834, 556, 3)  # 300 x 200 points at 200 dpi
    assert pages[0].pixels.min() == 255


def test_colours_are_blue_green_red():
    pixels = the_page(encoded(Image.new("RGB", (4, 4), (250, 0, 10)), "PNG")).pixels
    assert pixels[0, 0].tolist() == [10, 0, 250]


# Where a number comes from:


def test_the_hash_is_that_of_the_original_bytes():
    data = encoded(upright(), "PNG")
    page = the_page(data, "somewhere/else/IMG-1.png")
    assert page.sha256 == hashlib.sha256(data).hexdigest()
    assert page.name == "IMG-1.png"


def test_the_content_decides_and_not_the_name():
    assert the_page(encoded(upright(), "PNG"), "picture.pdf").pixels.shape == (80, 40, 3)
    (page,) = open_photos(pdf_of(1), "scan.jpg")
    assert page.pixels.shape == (834, 556, 3)
