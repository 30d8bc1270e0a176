"""Nova Core's page of people who are brought in step, and how far it is."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from nova.accounts.core import CoreAdmin
from nova.events.models import EventRecord
from vip import services
from vip.admin.asking import ask
from vip.admin.progress import progress_of
from vip.choices import ReassessmentStatus
from vip.models import Reassessment


@admin.register(Reassessment)
class ReassessmentAdmin(CoreAdmin):
    """Evidence: nobody writes it here. One that has stopped can be gone on with."""

    permission = "vip.designate_vip"
    read_only = True
    list_display = ["__str__", "because", "status", "progress", "author", "created_at"]
    list_filter = ["status"]
    list_select_related = ["author"]
    fields = ["because", "status", "progress", "designation", "rule", "author", "created_at"]
    fields += ["moved_at", "ended_at"]
    readonly_fields = ["progress"]
    actions_detail = ["resume"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reassessment]:
        rows = super().get_queryset(request)
        return rows.defer("person_ids").order_by("-pk")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer to go on only with what has stopped."""
        stopped = Reassessment.objects.filter(pk=object_id, status=ReassessmentStatus.FAILED)
        offered: list[Any] = super().get_actions_detail(request, object_id)
        return offered if stopped.exists() else []

    @action(description=_("Go on"), permissions=["view"])
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return ask(
            self,
            request,
            services.resume_reassessment,
            self.one(request, object_id),
            title=gettext("Go on?"),
            text=gettext("It stopped because one portion failed several times. It goes on there."),
            label=gettext("Go on"),
        )

    def history_of(self, obj: Reassessment) -> QuerySet[EventRecord]:
        return EventRecord.objects.about("reassessment", obj.pk)

    @admin.display(description=_("progress"))
    def progress(self, row: Reassessment) -> str:
        return progress_of(row)
