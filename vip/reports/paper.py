"""VIP handling on paper: a PDF with headings, page numbers, bookmarks and its language.

One ticket is one block, so that nothing is cut to fit a column.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import font_roboto
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)

from vip.reports.handling import NAMED

PLAIN, BOLD = "Roboto", "Roboto-Bold"
MARGIN = 18 * mm
TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=24)
LEAD = ParagraphStyle("lead", fontName=PLAIN, fontSize=10, leading=14, spaceAfter=6 * mm)
HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=11, leading=15, spaceAfter=1 * mm)
BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=9, leading=12.5)


def pdf_of(title: str, lead: str, heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    """Return the document. Each line is a block: its first two cells are its heading."""
    _fonts()
    file = BytesIO()
    document = _Document(
        file,
        pagesize=A4,
        title=title,
        author="Nova",
        lang=get_language() or "en",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    blocks = [block for line in lines for block in _block(heads, line)]
    nothing = [] if blocks else [Paragraph(_("There is no such ticket."), BODY)]
    story = [_Heading(title, TITLE, 0), Paragraph(escape(lead), LEAD), *blocks, *nothing]
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


class _Heading(Paragraph):
    """A heading that the reader's outline shows, too."""

    def __init__(self, text: str, style: ParagraphStyle, level: int) -> None:
        super().__init__(escape(text), style)
        self.words, self.level = text, level


class _Document(SimpleDocTemplate):
    """A document that notes its headings as bookmarks while it is laid out."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        if isinstance(flowable, _Heading):
            key = f"heading-{id(flowable)}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.words, key, flowable.level)


def _block(heads: Sequence[str], line: Sequence[Any]) -> list[Flowable]:
    """Return one ticket: its heading, then what there is to say of it, a line each."""
    heading = _Heading(" ".join(str(cell) for cell in line[:NAMED]), HEAD, 1)
    told = [
        Paragraph(f"<b>{escape(head)}:</b> {escape(str(cell))}", BODY)
        for head, cell in zip(heads[NAMED:], line[NAMED:], strict=True)
        if cell not in ("", None)
    ]
    # The heading stays with what follows it; the rest may go over the page.
    return [KeepTogether([heading, *told[:4]]), *told[4:], Spacer(0, 5 * mm)]


def _number(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont(PLAIN, 8)
    words = _("Page %(number)s") % {"number": document.page}
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, words)
    canvas.drawString(MARGIN, 10 * mm, document.title)
    canvas.restoreState()


@cache
def _fonts() -> None:
    """Register letters of Latin, Greek and Cyrillic, once per process."""
    folder = Path(font_roboto.__file__).parent / "files"
    pdfmetrics.registerFont(TTFont(PLAIN, folder / "Roboto-Regular.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, folder / "Roboto-Bold.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
