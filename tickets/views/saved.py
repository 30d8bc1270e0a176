"""Saved views: the queue's address, kept under a name."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from nova.web.http import Request
from tickets.models import SavedView
from tickets.services import forget_view, save_view
from tickets.views.queue import desk


class SaveViewForm(forms.Form):
    """A name, and whether everybody on the desk shall have the view."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share with the whole desk"), required=False)
    query = forms.CharField(max_length=1000, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@desk
def save(request: Request) -> HttpResponse:
    """Ask for a name, and keep the view; the same name replaces it."""
    form = SaveViewForm(request.POST or None, initial={"query": request.GET.urlencode()})
    if request.method == "POST" and form.is_valid():
        save_view(request.user, **form.cleaned_data)
        return _done(request, f"{reverse('tickets:pulse')}?{form.cleaned_data['query']}")
    status = 422 if form.is_bound else 200
    context = {"form": form, "action": reverse("tickets:save_view")}
    return render(request, "tickets/save_view.html", context, status=status)


@require_POST
@desk
def forget(request: Request, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    forget_view(get_object_or_404(SavedView, pk=pk, owner=request.user))
    return _done(request, reverse("tickets:pulse"))


def _done(request: Request, url: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
