"""Serve attached files without trusting them."""

from django.http import FileResponse

from tickets.models import Attachment


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
