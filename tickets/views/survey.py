"""How it was: asked in the portal, and by the link of a mail without signing in."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from nova.accounts.models import User
from nova.accounts.throttling import Limit, client_address
from nova.errors import Refused
from nova.web.http import Request
from tickets import portal as shown
from tickets import services
from tickets.models import Ticket
from tickets.portal_forms import RatingForm
from tickets.proxies import may_rate, person_behind
from tickets.survey import Asked, LinkExpired, NotAsked, asked_of, opened

MOST_PER_LINK, MOST_PER_ADDRESS = 30, 300


@require_POST
def rate(request: Request, reference: str) -> HttpResponse:
    """Take the answer of who is signed in."""
    try:
        ticket = shown.own_ticket(request.user, reference)
    except Ticket.DoesNotExist as error:
        raise Http404 from error
    if not may_rate(ticket, request.user):
        raise PermissionDenied
    form = RatingForm(request.POST)
    if form.is_valid():
        _keep(ticket, request.user, form)
        if not request.htmx:
            messages.success(request, _("Thank you for your answer."))
            return redirect("portal:ticket", reference)
    asked = asked_of(ticket, request.user, now=timezone.now())
    context = {"ticket": ticket, "asked": asked, "rating_form": _shown(form, asked)}
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    template = "portal/_rate.html" if request.htmx else "portal/rate.html"
    return render(request, template, context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def rate_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and take the answer. To open the link changes nothing: scanners of mail open it too."""
    limits = (
        Limit(f"rating:{client_address(request)}", MOST_PER_ADDRESS),
        Limit(f"rating:{token[-40:]}", MOST_PER_LINK),
    )
    admitted = [limit.admit() for limit in limits]  # each counts, whatever the other says
    if not all(admitted):
        words = _("Too many tries. Wait a quarter of an hour and try again.")
        return _unasked(request, words, HTTPStatus.TOO_MANY_REQUESTS)
    try:
        with opened(token) as (ticket, person):
            return _asked_by_link(request, ticket, person)
    except LinkExpired:
        words = _("This link was good for thirty days. In the portal you can still answer.")
        return _unasked(request, words, HTTPStatus.GONE)
    except NotAsked:
        words = _("This link does not work, or not any more. Open it once more from the mail.")
        return _unasked(request, words, HTTPStatus.NOT_FOUND)
    except Refused as refused:
        return _unasked(request, str(refused), HTTPStatus.CONFLICT)


def _asked_by_link(request: HttpRequest, ticket: Ticket, person: User) -> HttpResponse:
    form = RatingForm(request.POST or None)
    is_kept = form.is_valid()
    if is_kept:
        _keep(ticket, person, form)
    asked = asked_of(ticket, person, now=timezone.now())
    context = {
        "ticket": ticket,
        "asked": asked,
        "rating_form": _shown(form, asked),
        "by_link": True,
        "is_kept": is_kept,
    }
    is_wrong = form.is_bound and not is_kept
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return _unlisted(render(request, "portal/rate.html", context, status=status))


def _keep(ticket: Ticket, person: User, form: RatingForm) -> None:
    services.rate_ticket(
        ticket.pk,
        form.cleaned_data["stars"],
        form.cleaned_data["comment"],
        actor=person,
        on_behalf_of=person_behind(ticket, person),
        now=timezone.now(),
    )


def _shown(form: RatingForm, asked: Asked | None) -> RatingForm:
    """Return the form to show: what was refused as it was sent, else the answer so far."""
    if form.is_bound and not form.is_valid():
        return form
    return RatingForm.of(asked.rating if asked else None)


def _unasked(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    context = {"problem": problem, "by_link": True}
    return _unlisted(render(request, "portal/rate.html", context, status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep the page of a link out of search engines."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
