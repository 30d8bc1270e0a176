"""People: who they are, and which roles they hold."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from nova.accounts import services
from nova.accounts.choices import PersonKind
from nova.accounts.core import CoreAdmin, CoreForm, viewer
from nova.accounts.models import Role, User
from nova.accounts.models.people import UserQuerySet
from nova.accounts.zones import zone_names
from nova.errors import Refused
from nova.events.models import EventRecord

FIELDS = [
    "email",
    "name",
    "kind",
    "title",
    "phone",
    "organisation",
    "department",
    "site",
    "floor",
    "manager",
    "zone",
    "away_until",
    "stands_in",
]


class PersonForm(CoreForm):
    """A person, with a box for each role."""

    granted = forms.ModelMultipleChoiceField(
        label=_("Roles"),
        queryset=Role.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in (PersonKind.PERSON, PersonKind.SERVICE)],
        widget=UnfoldAdminSelectWidget,
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in zone_names()],
        initial="UTC",
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = User
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "granted" in self.fields:
            self.fields["granted"].queryset = Role.objects.order_by("name")  # type: ignore[attr-defined]
            held = self.instance.roles.all() if self.instance.pk else []
            self.initial["granted"] = [role.pk for role in held]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class PersonAdmin(CoreAdmin):
    """Nobody is deleted here: what people did stays theirs. They are deactivated."""

    permission = "accounts.manage_people"
    form = PersonForm
    list_display = ["name", "email", "title", "department", "site", "is_active", "last_login"]
    list_filter = ["is_active", "kind", "roles", "department", "site"]
    list_select_related = ["department", "site"]
    search_fields = ["name", "email", "title"]
    autocomplete_fields = ["organisation", "department", "site", "manager", "stands_in"]
    actions = ["invite", "deactivate", "reactivate", "remove_second_factor"]
    readonly_fields = ["notes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: UserQuerySet = super().get_queryset(request)
        return people.who_sign_in().order_by("name", "pk")

    def get_object(self, *args: Any, **kwargs: Any) -> User | None:
        request, person = args[0], super().get_object(*args, **kwargs)
        if person is not None:
            person.said = _notes_on(person, viewer(request), timezone.now())
        return person

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        may_grant = viewer(request).has_perm("accounts.manage_roles")
        notes = ["notes"] if getattr(obj, "said", "") else []
        return [*notes, *FIELDS, "granted"] if may_grant else [*notes, *FIELDS]

    @admin.display(description=_("Worth knowing"))
    def notes(self, person: User) -> str:
        return str(person.said)  # type: ignore[attr-defined]  # set by `get_object`

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_in_reach = obj is None or services.may_manage(viewer(request), obj)
        return is_in_reach and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Leave it to the services, which also tell of it."""
        now, actor = timezone.now(), viewer(request)
        wanted = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
        if change:
            services.edit_person(obj.pk, wanted, actor=actor, now=now)
        else:
            obj.pk = services.add_person(**wanted, actor=actor, now=now).pk
            obj.joined_at = now
            obj._state.adding = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Grant and revoke what was ticked and unticked."""
        if "granted" in form.changed_data:
            wanted = set(form.cleaned_data["granted"])
            held = set(form.instance.roles.all())
            self._regrant(request, form.instance, wanted - held, held - wanted)

    def _regrant(
        self, request: HttpRequest, person: User, granted: Iterable[Role], taken: Iterable[Role]
    ) -> None:
        now, actor = timezone.now(), viewer(request)
        for role in granted:
            services.grant_role(person, role, actor=actor, now=now)
        for role in taken:
            services.revoke_role(person, role, actor=actor, now=now)

    def announce(self, request: HttpRequest, obj: Any, action: str, changes: Any) -> None:
        """Say nothing: the services have told it already."""

    def history_of(self, obj: User) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("person", obj.pk)

    @admin.action(description=_("Send a link to choose a password"))
    def invite(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(request, people, lambda person: services.invite_person(person.pk))

    @admin.action(description=_("Deactivate"))
    def deactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        now, actor = timezone.now(), viewer(request)
        self._each(
            request, people, lambda who: services.deactivate_person(who.pk, actor=actor, now=now)
        )

    @admin.action(description=_("Reactivate"))
    def reactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        now, actor = timezone.now(), viewer(request)
        self._each(
            request, people, lambda who: services.reactivate_person(who.pk, actor=actor, now=now)
        )

    @admin.action(description=_("Remove a lost authenticator app"))
    def remove_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        now, actor = timezone.now(), viewer(request)
        self._each(
            request, people, lambda who: services.remove_second_factor(who, actor=actor, now=now)
        )

    def _each(
        self, request: HttpRequest, people: QuerySet[User], act: Callable[[User], object]
    ) -> None:
        """Do it to each, and say of whom it was refused and why."""
        for person in people:
            try:
                act(person)
            except Refused as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, _("Done for %(person)s.") % {"person": person})


def _notes_on(person: User, viewer: User, now: datetime) -> str:
    """Return what other apps have to say of a person to this viewer, a sentence each."""
    said = [import_string(path)(person, viewer, at=now) for path in settings.PERSON_NOTES]
    return " ".join(filter(None, said))
