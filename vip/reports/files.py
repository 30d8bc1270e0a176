"""Reports about VIPs as files. Each that is taken is on record."""

from itertools import chain

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from nova.errors import Refused
from nova.text import csv_file
from vip.reports.handling import AskedHandling, every_line
from vip.reports.writing import exactly, in_words
from vip.services import note_export

# A PDF is laid out as a whole, within a request; a CSV streams.
MOST_ON_PAPER = 2000


def handling_file(asked: AskedHandling, form: str) -> HttpResponseBase:
    """Answer how VIPs' tickets were handled, as "csv" or "pdf".

    Raises `Refused` where a PDF would hold more tickets than are laid out at once.
    """
    if form == "pdf" and asked.tickets().count() > MOST_ON_PAPER:
        said = _("These are more than %(most)s tickets. Take the CSV, or a shorter period.")
        raise Refused(said % {"most": MOST_ON_PAPER})
    days = {"since": asked.since, "until": asked.until}
    note_export("handling", **days, form=form, actor=asked.viewer, now=asked.now)
    return FORMS[form](asked)


def _csv(asked: AskedHandling) -> HttpResponseBase:
    return csv_file("vip-handling", chain([asked.heads()], every_line(asked, exactly(asked.zone))))


def _pdf(asked: AskedHandling) -> HttpResponseBase:
    from vip.reports.paper import pdf_of  # noqa: PLC0415 - large, and most processes write none

    said = {"since": asked.since, "until": asked.until, "zone": asked.zone.key}
    lead = _("Tickets of VIPs opened from %(since)s to %(until)s, %(zone)s.") % said
    lines = every_line(asked, in_words(asked.zone))
    content = pdf_of(_("VIP handling"), lead, asked.heads(), lines)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="vip-handling.pdf"'
    return response


FORMS = {"csv": _csv, "pdf": _pdf}
