"""Files that people of the demo send along, made on the spot."""

import struct
import zlib
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

WIDTH, HEIGHT, MARGIN, BAR_HEIGHT = 320, 180, 30, 14
DARK, LIGHT = b"\x33\x3a\x45", b"\xf2\xf3\xf5"
LOG = """\
{time} INFO  start of {app}
{time} INFO  signed in
{time} WARN  slow answer: 4,218 ms
{time} ERROR {error}
{time} INFO  closed
"""


def upload(dice: Random, details: dict[str, str], time: str) -> SimpleUploadedFile:
    """Return a picture of a screen, or the log of a program."""
    if dice.random() < 0.5:  # noqa: PLR2004 - either
        return SimpleUploadedFile("screen.png", _picture(dice), content_type="image/png")
    text = LOG.format(time=time, **details)
    return SimpleUploadedFile("client.log", text.encode(), content_type="text/plain")


def _picture(dice: Random) -> bytes:
    """Return a PNG with a window on a coloured ground (ISO/IEC 15948)."""
    ground = bytes(dice.randrange(40, 200) for _ in range(3))
    side, edge = ground * MARGIN, b"\0" + ground * WIDTH
    bar, pane = (b"\0" + side + colour * (WIDTH - 2 * MARGIN) + side for colour in (DARK, LIGHT))
    pane_height = HEIGHT - 2 * MARGIN - BAR_HEIGHT
    rows = edge * MARGIN + bar * BAR_HEIGHT + pane * pane_height + edge * MARGIN
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + checksum
