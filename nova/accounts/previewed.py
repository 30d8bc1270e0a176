"""Pages of Core that show what a form would do before it is saved."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nova.accounts.core import CoreAdmin, CoreForm

CONFIRMED = "_confirmed"
BACK = "_back"  # pressed on the preview: one wants to see the form again
OWN_FIELDS = {CONFIRMED, BACK, "csrfmiddlewaretoken"}


class PreviewedForm(CoreForm):
    """A form that can be gone back to from its preview."""

    def clean(self) -> dict[str, Any]:
        if BACK in self.data:
            raise ValidationError(_("It is not saved yet."))
        return super().clean()


class PreviewedAdmin(CoreAdmin):
    """Shows what a valid form would do, until that page is affirmed."""

    def preview(self, request: HttpRequest, record: Any, form: Any) -> HttpResponse | None:
        """Return a page that extends `admin/previewed.html`; None: there is nothing to show."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if request.method == "POST" and CONFIRMED not in request.POST:
            record = self.get_object(request, object_id) if object_id else None
            may = self.has_change_permission if object_id else self.has_add_permission
            form = self.get_form(request, record, change=bool(record))(
                request.POST, instance=record
            )
            if may(request, record) and form.is_valid():
                shown = self.preview(request, record, form)
                if shown is not None:
                    return shown
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return answer

    def context(self, request: HttpRequest, **named: Any) -> dict[str, Any]:
        """Add what was posted, so that affirming it posts the same."""
        posted = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in OWN_FIELDS
            for value in values
        ]
        return {**super().context(request, **named), "posted": posted}
