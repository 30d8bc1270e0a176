"""Coming in: e-mail and password, then a code where an authenticator app is set up."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nova.accounts import services
from nova.accounts.forms import CodeForm, SignInForm
from nova.accounts.identity import person_by_id
from nova.accounts.models import User
from nova.accounts.services.factors import asks_for_code
from nova.accounts.services.sign_in import SignInRefused
from nova.accounts.throttling import DEVICE_COOKIE, DEVICE_SECONDS, device_mark, visitor

PENDING = "accounts.sign_in"
PENDING_SECONDS = 600
INVALID = 422


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password."""
    onward = _onward(request)
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(onward)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            person = services.prove_password(
                **form.cleaned_data, visitor=visitor(request), now=timezone.now()
            )
        except SignInRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _next_step(request, person, onward)
    context = {"form": form, "next": onward, "has_demo": settings.DEMO}
    status = INVALID if form.is_bound else None
    return render(request, "accounts/sign_in.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, once the password was right."""
    person, onward = _pending(request)
    if person is None:
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        try:
            services.check_code(person, form.cleaned_data["code"], now=now)
        except SignInRefused as refused:
            services.record_failure(person, "code", visitor=visitor(request), now=now)
            form.add_error("code", str(refused))
        else:
            del request.session[PENDING]
            return enter(request, person, onward)
    status = INVALID if form.is_bound else None
    return render(request, "accounts/sign_in_code.html", {"form": form}, status=status)


def enter(request: HttpRequest, person: User, onward: str) -> HttpResponse:
    """Begin a session for a person who has proven who they are."""
    login(request, person)
    services.record_sign_in(person, "page", visitor=visitor(request), now=timezone.now())
    return remembering(redirect(onward), request, person)


def remembering(response: HttpResponse, request: HttpRequest, person: User) -> HttpResponse:
    """Mark the browser as one that this person uses, so that strangers cannot lock them out."""
    response.set_cookie(
        DEVICE_COOKIE,
        device_mark(person.email),
        max_age=DEVICE_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _next_step(request: HttpRequest, person: User, onward: str) -> HttpResponse:
    if not asks_for_code(person):
        return enter(request, person, onward)
    request.session.cycle_key()
    request.session[PENDING] = [person.pk, timezone.now().timestamp(), onward]
    return redirect("accounts:sign_in_code")


def _pending(request: HttpRequest) -> tuple[User | None, str]:
    person_id, at, onward = request.session.get(PENDING, (0, 0.0, ""))
    if timezone.now().timestamp() - at > PENDING_SECONDS:
        return None, ""
    return person_by_id(person_id), onward


def _onward(request: HttpRequest) -> str:
    """Return where to go after signing in; never to another site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse(settings.LOGIN_REDIRECT_URL)
