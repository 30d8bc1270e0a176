"""The bell, the list of notifications, alerts as toasts, and the devices that show them, too."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from nova.errors import Refused
from nova.notifications import services
from nova.notifications.answers import answered
from nova.notifications.devices import add_device, public_key, remove_device, renew_device
from nova.notifications.middleware import device_of, remember
from nova.notifications.models import Delivery, PushSubscription
from nova.notifications.outbound import NotReached, refuse_scheme
from nova.notifications.rules import device_named
from nova.notifications.webpush import is_point, is_secret
from nova.tenancy.fence import inside
from nova.web.http import Request
from nova.web.numbers import number_in

PAGE, MOST_TOASTS, MOST_COUNTED, MOST_SHOWN = 30, 5, 100, 100
WORKER = settings.BASE_DIR / "static" / "js" / "worker.js"


@require_GET
def bell(request: Request) -> HttpResponse:
    """Count what is unread, up to what the bell can show, and name the last alert among it."""
    unread = Delivery.objects.visible_to(request.user).unread()
    newest = unread.alerts().order_by("-id").values_list("id", flat=True).first()
    context = {"count": unread[:MOST_COUNTED].count(), "newest": newest or 0}
    return render(request, "components/_bell_count.html", context)


@require_GET
def notifications(request: Request) -> HttpResponse:
    """Show what one was told, newest first. htmx asks for the rows of a further page."""
    rows = Delivery.objects.visible_to(request.user).order_by("-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    name = "notifications/_rows.html" if request.htmx else "notifications/list.html"
    context = {"page": page, "rows": answered(list(page), request.user), "now": timezone.now()}
    return render(request, name, context)


@require_GET
def alerts(request: Request) -> HttpResponse:
    """Show the unread alerts that came after the last one that the page has.

    Of those that it shows it is told which were read or settled elsewhere: they go.
    """
    after = number_in(request.GET.get("after", "")) or 0
    unread = Delivery.objects.visible_to(request.user).unread().alerts().filter(pk__gt=after)
    newest = list(unread.order_by("-id")[:MOST_TOASTS])[::-1]
    context = {"alerts": answered(newest, request.user)}
    response = render(request, "notifications/_alerts.html", context)
    shown = [number for text in request.GET.getlist("shown") if (number := number_in(text))]
    settled = Delivery.objects.visible_to(request.user).filter(pk__in=shown[:MOST_SHOWN])
    gone = list(settled.exclude(read_at=None).values_list("pk", flat=True)) if shown else []
    return trigger_client_event(response, "nova:settled", {"ids": gone}) if gone else response


@require_POST
def read(request: Request, pk: int | None = None) -> HttpResponse:
    """Mark one notification as read, or all of them."""
    services.mark_read(request.user, None if pk is None else [pk], now=timezone.now())
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "nova:read"})
    return redirect("notifications:list")


class DeviceForm(forms.Form):
    """What the browser gives to the script of the page."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        try:
            refuse_scheme(endpoint)
        except NotReached as error:
            raise forms.ValidationError(str(error)) from error
        return endpoint

    def clean(self) -> None:
        given = self.cleaned_data
        if not (is_point(given.get("p256dh", "")) and is_secret(given.get("auth", ""))):
            raise forms.ValidationError(_("These are no keys of a browser."))


@never_cache
@require_http_methods(["GET", "POST"])
def devices(request: Request) -> HttpResponse:
    """Show one's devices, and turn alerts on in the browser that asks."""
    if request.method == "POST":
        return _turn_on(request)
    here = device_of(request)
    context = {
        "devices": PushSubscription.objects.filter(person=request.user).order_by("-pk"),
        "here": here.pk if here and here.person_id == request.user.pk else None,
        "public_key": public_key(request.user.tenant_id, now=timezone.now()),
        "now": timezone.now(),
    }
    return render(request, "notifications/devices.html", context)


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Tell one of one's devices of nothing any more."""
    device = get_object_or_404(PushSubscription, pk=pk, person=request.user)
    because = _("Its person removed it.")
    remove_device(device.pk, because=because, actor=request.user, now=timezone.now())
    messages.success(request, _("%(device)s shows no alerts any more.") % {"device": device})
    return redirect("notifications:devices")


@login_not_required
@require_GET
def worker(request: Request) -> HttpResponse:
    """The script that a browser keeps to show alerts; it looks for a newer one by itself."""
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(
        WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers
    )


@login_not_required  # a session may be over; the signed cookie says which device this browser is
@never_cache
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """Give the worker what it takes to register anew, and take the new address."""
    known = device_of(request)
    if known is None or request.user.pk not in (None, known.person_id):
        raise Refused(_("Alerts are not on in this browser any more."))
    with inside(known.tenant_id):
        device = get_object_or_404(
            PushSubscription.objects.select_related("person"), pk=known.pk, person=known.person_id
        )
        now = timezone.now()
        if request.method == "GET":
            key = public_key(known.tenant_id, now=now)
            return JsonResponse({"public_key": key, "csrf_token": get_token(request)})
        renew_device(device.pk, **_given(request), person=device.person, now=now)
    return HttpResponse(status=204)


def _given(request: HttpRequest) -> dict[str, str]:
    form = DeviceForm(request.POST)
    if not form.is_valid():
        raise Refused(_("The browser gave nothing that alerts can be sent to."))
    return form.cleaned_data


def _turn_on(request: Request) -> HttpResponse:
    given = _given(request)
    label = device_named(request.headers.get("User-Agent", ""))
    now = timezone.now()
    device = add_device(request.user, **given, label=label, now=now)
    messages.success(request, _("Alerts are on in this browser."))
    response = redirect("notifications:devices")
    remember(response, device)
    return response
