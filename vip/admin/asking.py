"""A page that asks before a verb is done."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from nova.accounts.core import CoreAdmin, viewer
from nova.errors import Refused
from vip.forms import ReasonForm


def ask(
    page: CoreAdmin, request: HttpRequest, verb: Any, record: Model, **words: Any
) -> HttpResponse:
    """Ask by these `words`; when that is affirmed, do the verb, with a reason if one is asked for.

    A refusal is said on the page of the record, to which it goes back.
    """
    back = reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk]
    )
    needs_reason = words.pop("needs_reason", False)
    form = ReasonForm(request.POST or None) if needs_reason else None
    if request.method != "POST" or (form and not form.is_valid()):
        context = page.context(request, form=form or (), back=back, **words)
        return TemplateResponse(request, "admin/vip/ask.html", context)
    stated = form.cleaned_data if form else {}
    try:
        verb(record.pk, **stated, actor=viewer(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(back)
