"""Keeping a person's views of the queue."""

from nova.accounts.models import User
from tickets.models import SavedView


def save_view(owner: User, *, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a query of the queue under a name; one's own view of that name is replaced."""
    view, _is_new = SavedView.objects.update_or_create(
        owner=owner,
        name=name,
        defaults={"tenant_id": owner.tenant_id, "query": query, "is_shared": is_shared},
    )
    return view


def forget_view(view: SavedView) -> None:
    """Forget a saved view."""
    view.delete()
