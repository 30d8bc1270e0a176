"""Keeping a person's views of the queue."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from tickets.models import SavedView


def save_view(owner: User, *, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a query of the queue under a name; one's own view of that name is replaced."""
    view, _is_new = SavedView.objects.update_or_create(
        owner=owner,
        name=name,
        defaults={"tenant_id": owner.tenant_id, "query": query, "is_shared": is_shared},
    )
    return view


def add_view(owner: User, *, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a query under a name. Raises `Refused` when its owner has a view of that name."""
    view = SavedView(tenant_id=owner.tenant_id, owner=owner, name=name, query=query)
    view.is_shared = is_shared
    _write(view)
    return view


def edit_view(view: SavedView, *, name: str, is_shared: bool) -> SavedView:
    """Give a view another name, and share it or not.

    Raises `Refused` when its owner has another view of that name.
    """
    view.name, view.is_shared = name, is_shared
    _write(view)
    return view


def forget_view(view: SavedView) -> None:
    """Forget a saved view."""
    view.delete()


def _write(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Refused(_("You have another view called %(name)s.") % {"name": view.name}) from error
