"""Pages of lists, by cursor: as fast at the end of a million rows as at the start."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.exceptions import ValidationError as FieldError
from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from nova.api import keyset
from nova.api.cursors import BadCursor, Cursor, unseal

USUAL, MOST = 50, 200
SIZES = {str(size): size for size in range(1, MOST + 1)}
ANSWERS = {"true": True, "1": True, "false": False, "0": False, "": False}


class CursorPages(BasePagination):
    """Answers `{"results", "next", "previous"}`, and `count` when asked for.

    The order is the queryset's own, or the view's `ordering`; it must be total, so it ends with
    a unique column. Rows of `values()` must contain the columns that they are sorted by.
    """

    after: Callable[..., list[Any]] = staticmethod(keyset.after)
    counted: QuerySet | None = None

    def reads_by(self, after: Callable[..., list[Any]], *, counts: QuerySet) -> None:
        """Read as `keyset.after` does, but by `after`, which keeps those of `counts` alone."""
        self.after, self.counted = after, counts

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet, request: Request, view: Any | None = None
    ) -> list[Any]:
        self.request = request
        names = _names(queryset, view)
        counted = queryset if self.counted is None else self.counted
        self.count = counted.order_by().count() if self._asks_for_count() else None
        self.order = keyset.order_of(queryset, names)
        self.bound = f"{queryset.model._meta.label_lower}:{','.join(names)}"
        return self._read(queryset, self._cursor(), self._size())

    def get_paginated_response(self, data: Any) -> Response:
        body = {"results": data, "next": self.next, "previous": self.previous}
        return Response(body if self.count is None else {**body, "count": self.count})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        count = {"type": "integer", "description": "All rows; only with ?count=true."}
        properties = {"results": schema, "next": link, "previous": link, "count": count}
        required = ["results", "next", "previous"]
        return {"type": "object", "required": required, "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            _parameter("cursor", {"type": "string"}, "Where to go on: from `next` or `previous`."),
            _parameter("page_size", size, "How many rows."),
            _parameter("count", {"type": "boolean"}, "Also count all rows."),
        ]

    def _read(self, queryset: QuerySet, cursor: Cursor | None, size: int) -> list[Any]:
        is_back = cursor is not None and cursor.is_back
        order = keyset.reverse(self.order) if is_back else self.order
        try:
            rows = self.after(queryset, order, cursor.values if cursor else None, size + 1)
        except FieldError as error:  # a column has changed its type since
            raise _bad_cursor() from error
        has_more, rows = len(rows) > size, rows[:size]
        if is_back:
            rows.reverse()
        self.next = self._link(rows, -1, is_back=False) if is_back or has_more else None
        came_from = has_more if is_back else cursor is not None
        self.previous = self._link(rows, 0, is_back=True) if came_from else None
        return rows

    def _link(self, rows: Sequence[Any], place: int, *, is_back: bool) -> str | None:
        url = self.request.build_absolute_uri()
        if not rows:  # all of them went away: begin anew
            return remove_query_param(url, "cursor")
        cursor = Cursor(keyset.values_of(rows[place], self.order), is_back)
        return replace_query_param(url, "cursor", cursor.seal(self.bound))

    def _cursor(self) -> Cursor | None:
        token = self.request.query_params.get("cursor")
        if not token:
            return None
        try:
            return unseal(token, self.bound)
        except BadCursor as error:
            raise _bad_cursor() from error

    def _size(self) -> int:
        given = self.request.query_params.get("page_size", str(USUAL))
        size = SIZES.get(given)
        if size is None:
            raise ValidationError({"page_size": [f"Give a number from 1 to {MOST}."]})
        return size

    def _asks_for_count(self) -> bool:
        given = self.request.query_params.get("count", "").lower()
        if given not in ANSWERS:
            raise ValidationError({"count": ["Give true or false."]})
        return ANSWERS[given]


def _names(queryset: QuerySet, view: Any) -> list[str]:
    names = queryset.query.order_by or getattr(view, "ordering", ())
    found = [name for name in names if isinstance(name, str)]
    if not found or len(found) < len(names):
        raise ImproperlyConfigured(f"{view} must say by which columns its list is sorted")
    return found


def _bad_cursor() -> ValidationError:
    return ValidationError({"cursor": ["This is no cursor of this list. Start without one."]})


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }
