"""Nova Core: the admin site, and what each of its pages shares."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from unfold.sites import UnfoldAdminSite

if TYPE_CHECKING:
    from nova.accounts.models import User


class CoreSite(UnfoldAdminSite):
    """Open to those who hold `accounts.enter_core`, and fenced to their tenant like every page."""

    def has_permission(self, request: HttpRequest) -> bool:
        user: User = request.user  # type: ignore[assignment]
        return user.is_active and user.is_staff
