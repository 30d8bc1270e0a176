"""Saved views: the queue's address, kept under a name."""

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nova.errors import Refused
from nova.text import Text
from nova.web.http import Request
from tickets.models import SavedView
from tickets.services import edit_view, forget_view, save_view
from tickets.views.queue import desk


class ViewForm(forms.Form):
    """A name, and whether everybody on the desk shall have the view."""

    name = Text(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share with the whole desk"), required=False)


class SaveViewForm(ViewForm):
    """The same, for the queue as it is filtered now."""

    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        """Return the address in its one form: it leads back to the queue as a header's words."""
        return QueryDict(self.cleaned_data["query"]).urlencode()


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


@require_GET
@desk
def views(request: Request) -> HttpResponse:
    """Show one's own views, to arrange, and those that others share."""
    return _list(request)


@require_POST
@desk
def edit(request: Request, pk: int) -> HttpResponse:
    """Rename a view of one's own, and share it or not."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    form = ViewForm(request.POST, auto_id=f"view{pk}-%s")
    if form.is_valid():
        try:
            edit_view(view, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("tickets:views")
    return _list(request, wrong={pk: form})


@require_POST
@desk
def forget(request: Request, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    forget_view(view)
    messages.success(request, gettext("%(view)s is forgotten.") % {"view": view.name})
    return redirect("tickets:views")


def _list(request: Request, wrong: Mapping[int, ViewForm] | None = None) -> HttpResponse:
    kept = SavedView.objects.usable_by(request.user).select_related("owner")
    mine = [view for view in kept if view.owner == request.user]
    context = {
        "mine": [(view, (wrong or {}).get(view.pk) or _form_of(view)) for view in mine],
        "others": [view for view in kept if view.owner != request.user],
    }
    return render(request, "tickets/views.html", context, status=422 if wrong else 200)


def _form_of(view: SavedView) -> ViewForm:
    initial = {"name": view.name, "is_shared": view.is_shared}
    return ViewForm(initial=initial, auto_id=f"view{view.pk}-%s")


def _done(request: Request, url: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
