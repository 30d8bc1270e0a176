"""Who else is here, as a fragment."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from nova.live import presence
from nova.live.topics import PRESENCE, resolve
from nova.web.http import Request


@require_GET
def present(request: Request, topic: str) -> HttpResponse:
    """Show the others at a topic, such as "ticket:42", to whoever may follow it."""
    group = resolve(request.user, f"{PRESENCE}:{topic}")
    if group is None:
        raise Http404
    people = presence.present(request.user.tenant_id, group, now=timezone.now())
    others = [person for person in people if person.person_id != request.user.pk]
    return render(request, "components/_presence.html", {"presence": others})
