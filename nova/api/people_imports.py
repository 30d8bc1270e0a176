"""Imports of people from files, by API: dry run, look, apply, undo."""

from collections.abc import Callable
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from nova.accounts import services
from nova.accounts.choices import ImportKind
from nova.accounts.csv_rows import MOST_BYTES, Unreadable
from nova.accounts.models import PeopleImport, PeopleImportLine, User
from nova.accounts.models.imports import IMPORT
from nova.api.parsers import StrictJsonParser
from nova.api.views import EndpointSet

FILE = {"multipart/form-data": {"properties": {"file": {"type": "string", "format": "binary"}}}}
MOST_FAULTY = 100  # lines whose errors are told with the import itself
KIND = OpenApiParameter("kind", enum=ImportKind.values, description="Lines of this kind only.")


class LineErrorSerializer(serializers.Serializer):
    """What is wrong with a cell, or was not done of it. No column: it concerns the whole line."""

    line = serializers.IntegerField()
    email = serializers.CharField()
    column = serializers.CharField()
    error = serializers.CharField()


class PeopleImportSerializer(serializers.ModelSerializer):
    """An import: how far it is, and what it comes to by kind of line."""

    author = serializers.CharField(source="author.name")
    counts = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = PeopleImport
        fields = [
            *("id", "file_name", "status", "author", "created_at", "applied_at", "undone_at"),
            *("counts", "to_do", "done", "problem"),
        ]
        read_only_fields = fields


class OnePeopleImportSerializer(PeopleImportSerializer):
    """The same with what is wrong, line by line: the first of it, all being among the lines."""

    errors = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta(PeopleImportSerializer.Meta):
        fields = [*PeopleImportSerializer.Meta.fields, "errors"]
        read_only_fields = fields

    @extend_schema_field(LineErrorSerializer(many=True))
    def get_errors(self, batch: PeopleImport) -> list[dict[str, Any]]:
        faulty = batch.lines.faulty()[:MOST_FAULTY]
        return [error for line in faulty for error in line.errors()]


class PeopleImportLineSerializer(serializers.ModelSerializer):
    """A line of the file: what it changes, each column before and after in words."""

    email = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()
    errors = LineErrorSerializer(many=True)  # type: ignore[assignment]

    class Meta:
        model = PeopleImportLine
        fields = ["line", "email", "kind", "state", "changes", "errors"]
        read_only_fields = fields

    def get_email(self, line: PeopleImportLine) -> str:
        return str(line.said.get("email", ""))

    @extend_schema_field(serializers.DictField(child=serializers.ListField()))
    def get_changes(self, line: PeopleImportLine) -> dict[str, list[str]]:
        return {column: change["shown"] for column, change in line.changes.items()}


class PeopleImportViewSet(EndpointSet):
    """Files of people: previewed at first, then applied in the background, perhaps undone."""

    serializer_class = PeopleImportSerializer
    parser_classes = [MultiPartParser, StrictJsonParser]
    permissions = dict.fromkeys(("list", "retrieve", "lines", "create", "apply", "undo"), IMPORT)
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[PeopleImport]:
        found = PeopleImport.objects.visible_to(cast(User, self.request.user))
        return found.select_related("author").order_by(*self.ordering)

    def list(self, request: Request) -> Response:
        """Imports, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(PeopleImportSerializer(page, many=True).data)

    @extend_schema(responses=OnePeopleImportSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One import: how far it is, what it comes to, and what is wrong with its lines."""
        return Response(OnePeopleImportSerializer(self.get_object()).data)

    @extend_schema(request=FILE, responses={201: OnePeopleImportSerializer})
    def create(self, request: Request) -> Response:
        """Send a CSV file as `file` of a multipart form, and learn what it would do."""
        uploads = request.FILES.getlist("file")
        if len(uploads) != 1:
            raise ValidationError({"file": [_("Send one file.")]})
        if uploads[0].size > MOST_BYTES:
            raise ValidationError({"file": [_("The file is larger than 5 MB.")]})
        try:
            made = services.preview_import(
                uploads[0].name, uploads[0].read(), **self._acting(request)
            )
        except Unreadable as unreadable:
            raise ValidationError({"file": [str(unreadable)]}) from unreadable
        return Response(OnePeopleImportSerializer(made).data, status=201)

    @extend_schema(parameters=[KIND], responses=PeopleImportLineSerializer(many=True))
    def lines(self, request: Request, pk: int) -> Response:
        """The lines of the file, and what became of each."""
        kind = request.query_params.get("kind", "")
        if kind and kind not in ImportKind.values:
            raise ValidationError({"kind": [", ".join(ImportKind.values)]})
        lines = self.get_object().lines.order_by("pk")
        page = self.paginate_queryset(lines.filter(kind=kind) if kind else lines)
        return self.get_paginated_response(PeopleImportLineSerializer(page, many=True).data)

    @extend_schema(request=None, responses={202: OnePeopleImportSerializer})
    def apply(self, request: Request, pk: int) -> Response:
        """Begin to do what was previewed; one that stopped midway goes on."""
        return self._begin(services.apply_import, request)

    @extend_schema(request=None, responses={202: OnePeopleImportSerializer})
    def undo(self, request: Request, pk: int) -> Response:
        """Begin to let those go who came with it, and to put the others back."""
        return self._begin(services.undo_import, request)

    def _begin(self, verb: Callable[..., PeopleImport], request: Request) -> Response:
        begun = verb(self.get_object().pk, **self._acting(request))
        return Response(OnePeopleImportSerializer(begun).data, status=202)

    def _acting(self, request: Request) -> dict[str, Any]:
        now = timezone.now()
        return {"actor": request.user, "now": now}
