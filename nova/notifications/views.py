"""The bell, the list of notifications, and alerts as toasts."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from nova.notifications import services
from nova.notifications.models import Delivery
from nova.web.http import Request
from nova.web.numbers import number_in

PAGE, MOST_TOASTS, MOST_COUNTED = 30, 5, 100


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
    return render(request, name, {"page": page, "now": timezone.now()})


@require_GET
def alerts(request: Request) -> HttpResponse:
    """Show the unread alerts that came after the last one that the page has."""
    after = number_in(request.GET.get("after", "")) or 0
    unread = Delivery.objects.visible_to(request.user).unread().alerts().filter(pk__gt=after)
    newest = list(unread.order_by("-id")[:MOST_TOASTS])
    return render(request, "notifications/_alerts.html", {"alerts": reversed(newest)})


@require_POST
def read(request: Request, pk: int | None = None) -> HttpResponse:
    """Mark one notification as read, or all of them."""
    services.mark_read(request.user, None if pk is None else [pk], now=timezone.now())
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "nova:read"})
    return redirect("notifications:list")
