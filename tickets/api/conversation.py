"""What belongs to one ticket: comments, files, activity, watchers, working time."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from nova.accounts.models import User
from nova.api.permissions import SIGNED_IN
from nova.web.http import ApiRequest
from tickets import conversation as shown
from tickets import serializers as stated
from tickets import services
from tickets.api.base import TicketEndpoints
from tickets.files import safe_response
from tickets.models import Rating
from tickets.proxies import may_rate, person_behind

ROWS = OpenApiTypes.OBJECT
NEWEST = 200


class ConversationViewSet(TicketEndpoints):
    """What people said about a ticket, sent with it and recorded on it."""

    serializer_class = stated.CommentSerializer
    pagination_class = None
    permissions = {
        "comments": SIGNED_IN,
        "add_comment": SIGNED_IN,
        "attachments": SIGNED_IN,
        "attach": "tickets.attach_file",
        "download": SIGNED_IN,
        "activities": SIGNED_IN,
        "watchers": SIGNED_IN,
        "watch": "tickets.watch_ticket",
        "unwatch": "tickets.watch_ticket",
        "time_tracking": "tickets.track_time",
        "track": "tickets.track_time",
        "rating": SIGNED_IN,
        "rate": SIGNED_IN,
    }

    @extend_schema(responses=ROWS)
    @action(detail=True, methods=["get"])
    def comments(self, request: ApiRequest, reference: str) -> Response:
        """The conversation, oldest first."""
        found = shown.comments_of(self.get_object(), self.lens)
        return Response({"results": [shown.comment_shape(c, self.lens) for c in found]})

    @extend_schema(request=stated.CommentSerializer, responses={201: ROWS})
    @comments.mapping.post
    def add_comment(self, request: ApiRequest, reference: str) -> Response:
        """Reply, or write an internal note."""
        ticket = self.get_object()
        form = stated.CommentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        is_internal = form.validated_data["is_internal"]
        if is_internal:
            self.need("tickets.note_ticket", "You may not write internal notes.")
        elif self.lens.desk:
            self.need("tickets.reply_ticket", "You may not reply to requesters.")
        comment = services.add_comment(
            ticket.pk,
            form.validated_data["body"],
            is_internal=is_internal,
            seen=form.validated_data.get("seen_version"),
            on_behalf_of=self.behind(ticket),
            actor=request.user,
            now=timezone.now(),
        )
        return Response(shown.comment_shape(comment, self.lens), status=201)

    @extend_schema(responses=ROWS)
    @action(detail=True, methods=["get"], parser_classes=[MultiPartParser])
    def attachments(self, request: ApiRequest, reference: str) -> Response:
        """The files, oldest first."""
        found = shown.attachments_of(self.get_object(), self.lens).select_related("uploaded_by")
        return Response({"results": [shown.attachment_shape(file) for file in found]})

    @extend_schema(
        request={"multipart/form-data": {"properties": {"file": {"format": "binary"}}}},
        responses={201: ROWS},
    )
    @attachments.mapping.post
    def attach(self, request: ApiRequest, reference: str) -> Response:
        """Send one file, as `file` of a multipart form; `is_internal=true` hides it."""
        uploads = request.FILES.getlist("file")
        if len(uploads) != 1:
            raise serializers.ValidationError({"file": ["Send one file."]})
        form = stated.FileSerializer(data=request.POST.dict())
        form.is_valid(raise_exception=True)
        is_internal = form.validated_data["is_internal"]
        if is_internal:
            self.need("tickets.note_ticket", "You may not send internal files.")
        ticket = self.get_object()
        file = services.attach_file(
            ticket.pk,
            uploads[0],
            is_internal=is_internal,
            on_behalf_of=self.behind(ticket),
            actor=request.user,
            now=timezone.now(),
        )
        return Response(shown.attachment_shape(file), status=201)

    @extend_schema(responses=OpenApiTypes.BINARY)
    @action(detail=True, methods=["get"], url_path="attachments/(?P<key>[0-9a-f-]{36})")
    def download(self, request: ApiRequest, reference: str, key: str) -> FileResponse:
        """One file, always as a download."""
        found = shown.attachments_of(self.get_object(), self.lens)
        return safe_response(get_object_or_404(found, key=key))

    @extend_schema(responses=ROWS)
    @action(detail=True, methods=["get"])
    def activities(self, request: ApiRequest, reference: str) -> Response:
        """What happened to the ticket, oldest first, as far as the caller may know it."""
        found = shown.activity_of(self.get_object(), request.user)[:NEWEST]
        return Response({"results": [shown.activity_shape(r, request.user) for r in found]})

    @extend_schema(responses=ROWS)
    @action(detail=True, methods=["get"])
    def watchers(self, request: ApiRequest, reference: str) -> Response:
        """Who is told of what happens; requesters see only whether they are."""
        found = self.get_object().watchers.order_by("name")
        if not self.lens.desk:
            found = found.filter(pk=request.user.pk)
        return Response({"results": [{"id": p.pk, "name": p.name} for p in found]})

    @extend_schema(request=stated.WatcherSerializer, responses={204: None})
    @watchers.mapping.post
    def watch(self, request: ApiRequest, reference: str) -> Response:
        """Tell a person, by default the caller, of what happens."""
        ticket, person = self.get_object(), self._person(request)
        services.add_watcher(ticket, person, actor=request.user, now=timezone.now())
        return Response(status=204)

    @extend_schema(request=stated.WatcherSerializer, responses={204: None})
    @watchers.mapping.delete
    def unwatch(self, request: ApiRequest, reference: str) -> Response:
        """Stop telling a person, by default the caller."""
        ticket, person = self.get_object(), self._person(request)
        services.remove_watcher(ticket, person, actor=request.user, now=timezone.now())
        return Response(status=204)

    @extend_schema(responses=ROWS)
    @action(detail=True, methods=["get"], url_path="time-tracking")
    def time_tracking(self, request: ApiRequest, reference: str) -> Response:
        """Work done, oldest first."""
        entries = self.get_object().time_entries.select_related("person").order_by("pk")
        return Response({"results": [shown.time_shape(entry) for entry in entries]})

    @extend_schema(request=stated.TimeEntrySerializer, responses={201: ROWS})
    @time_tracking.mapping.post
    def track(self, request: ApiRequest, reference: str) -> Response:
        """Record work done."""
        form = stated.TimeEntrySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()
        worked_on = form.validated_data.pop("worked_on", now.date())
        entry = services.track_time(
            self.get_object(),
            **form.validated_data,
            worked_on=worked_on,
            actor=request.user,
            now=now,
        )
        return Response(shown.time_shape(entry), status=201)

    @extend_schema(responses=ROWS)
    @action(detail=True, methods=["get"])
    def rating(self, request: ApiRequest, reference: str) -> Response:
        """How the requester's side said that it was; 404 as long as nobody has said."""
        rating = get_object_or_404(Rating, ticket=self.get_object())
        return Response(shown.rating_shape(rating))

    @extend_schema(request=stated.RatingSerializer, responses=ROWS)
    @rating.mapping.post
    def rate(self, request: ApiRequest, reference: str) -> Response:
        """Say how it was, from 1 to 5: the requester, or who may answer in their name."""
        ticket = self.get_object()
        if not may_rate(ticket, request.user):
            self.permission_denied(request, "Only the requester's side says how it was.")
        form = stated.RatingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        rating = services.rate_ticket(
            ticket.pk,
            **form.validated_data,
            actor=request.user,
            on_behalf_of=person_behind(ticket, request.user),
            now=timezone.now(),
        )
        return Response(shown.rating_shape(rating))

    def _person(self, request: ApiRequest) -> User:
        form = stated.WatcherSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        person: User = form.validated_data.get("person", request.user)
        if person != request.user:
            self.need("tickets.view_ticket", "You may watch for yourself only.")
        return person
