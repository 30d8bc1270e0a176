"""Serve attached files without trusting them."""

from django.http import FileResponse

from tickets.models import Attachment

# What a browser may show in place, by how such a file begins. Never SVG: it is a program.
BEGINNINGS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
WEBP_AT, LONGEST = 8, 12


def safe_response(file: Attachment) -> FileResponse:
    """Return the file as a download that a browser neither shows nor guesses the type of.

    Whatever was uploaded, it never runs as a page of ours.
    """
    response = FileResponse(
        file.file.open("rb"),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def may_preview(file: Attachment) -> bool:
    """Say whether a file claims to be an image that we show. `preview_response` verifies it."""
    return file.media_type in BEGINNINGS


def preview_response(file: Attachment) -> FileResponse:
    """Return an image to be shown in place, if its first bytes say that it is one.

    Anything else comes as a download, whatever it claims to be.
    """
    with file.file.open("rb") as stored:
        media_type = sniffed(stored.read(LONGEST))
    response = safe_response(file)
    if not media_type:
        return response
    response["Content-Type"] = media_type
    response["Content-Disposition"] = "inline"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def sniffed(beginning: bytes) -> str:
    """Return the media type of an image that we show, by its first bytes, or ""."""
    for media_type, marks in BEGINNINGS.items():
        is_one = beginning.startswith(marks)
        if is_one and (media_type != "image/webp" or beginning[WEBP_AT:LONGEST] == b"WEBP"):
            return media_type
    return ""
