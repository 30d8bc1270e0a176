"""What the pages share whose records are looked at once a year: still right, or not?"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nova.accounts.core import viewer
from nova.errors import Refused

REVIEW = "vip.review_vip"


class ReviewFilter(admin.SimpleListFilter):
    """What nobody has confirmed for a year."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("Not reviewed for a year"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        kept: QuerySet[Any] = (
            queryset.unreviewed(timezone.now()) if self.value() == "due" else queryset
        )
        return kept


class StillRight:
    """Offers to confirm the selected records. `confirm_service` takes the id of one."""

    confirm_service: ClassVar[Callable[..., Any]]
    actions = ["still_right"]

    def has_review_permission(self, request: HttpRequest) -> bool:
        return viewer(request).has_perm(REVIEW)

    @admin.action(description=_("Still right"), permissions=["review"])
    def still_right(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Note that these were looked at, and are still right."""
        done = 0
        for row in queryset:
            try:
                self.confirm_service(row.pk, actor=viewer(request), now=timezone.now())
                done += 1
            except Refused as refused:
                messages.error(request, f"{row}: {refused}")
        said = ngettext("%(count)s confirmed.", "%(count)s confirmed.", done)
        messages.success(request, said % {"count": done})
