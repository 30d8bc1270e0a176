"""Tokens, keys, and who is who, at the API."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet
from rest_framework_simplejwt.tokens import RefreshToken

from nova.accounts import services, tokens
from nova.accounts.authentication import CHALLENGE
from nova.accounts.models import ApiKey, User
from nova.accounts.serializers import (
    AccessSerializer,
    ApiKeySerializer,
    CreateApiKeySerializer,
    MeSerializer,
    NewApiKeySerializer,
    PersonSerializer,
    RefreshSerializer,
    SignInSerializer,
    TokenPairSerializer,
)
from nova.accounts.services.factors import asks_for_code
from nova.accounts.services.sign_in import SignInRefused, TooManyTries
from nova.accounts.throttling import WINDOW_SECONDS, visitor
from nova.api.permissions import SIGNED_IN
from nova.api.problems import problem
from nova.api.renderers import PROBLEM


class TokenView(APIView):
    """Sign a program in as a person: an access token for minutes, a refresh token for a day."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=SignInSerializer, responses=TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        asked = SignInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            person = _proven(request, now=timezone.now(), **asked.validated_data)
        except SignInRefused as refused:
            # Answered and not raised: an error would undo the record of the failure.
            return _refusal(refused)
        token = tokens.issue(person)
        return Response({**_access(token), "refresh": str(token)})


class RefreshView(APIView):
    """Get another access token."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=RefreshSerializer, responses=AccessSerializer, auth=[])
    def post(self, request: Request) -> Response:
        found = _refresh_token(request)
        return Response(_access(found[1])) if found else _refusal(_not_valid())


class RevokeView(APIView):
    """Take a refresh token back. Access tokens made by it end with their few minutes."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=RefreshSerializer, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        found = _refresh_token(request)
        if found is None:
            return _refusal(_not_valid())
        person, token = found
        services.revoke_token(
            token["jti"],
            tenant_id=person.tenant_id,
            expires_at=datetime.fromtimestamp(token["exp"], UTC),
            now=timezone.now(),
        )
        return Response(status=HTTPStatus.NO_CONTENT)


class MeView(APIView):
    """Whoever asks, and what they may do."""

    permissions = {"get": SIGNED_IN}

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)


class PersonViewSet(mixins.ListModelMixin, GenericViewSet):
    """People to pick from, by name."""

    permissions = {"list": ("accounts.look_up_people", "accounts.manage_people")}
    serializer_class = PersonSerializer
    ordering = ("name", "pk")

    def get_queryset(self) -> QuerySet[User]:
        people = User.objects.visible_to(_viewer(self.request)).active().who_sign_in()
        found = people.matching(self.request.query_params.get("search", ""))
        return found.select_related("department", "site").order_by(*self.ordering)

    @extend_schema(parameters=[OpenApiParameter("search", description="Words of name or e-mail")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class ApiKeyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """One's own keys; for those who manage keys, everybody's."""

    permissions = dict.fromkeys(("list", "retrieve", "create", "destroy"), SIGNED_IN)
    serializer_class = ApiKeySerializer
    ordering = ("-created_at", "-pk")

    def get_queryset(self) -> QuerySet[ApiKey]:
        keys = ApiKey.objects.visible_to(_viewer(self.request))
        people = ("person__department", "person__site")
        return keys.select_related("person", *people).order_by(*self.ordering)

    @extend_schema(request=CreateApiKeySerializer, responses={201: NewApiKeySerializer})
    def create(self, request: Request) -> Response:
        _refuse_keys(request)
        asked = CreateApiKeySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        viewer = _viewer(request)
        wanted = {"person": viewer, **asked.validated_data}
        if wanted["person"] != viewer and not viewer.has_perm("accounts.manage_keys"):
            raise PermissionDenied("You may make keys for yourself only.")
        key, text = services.create_api_key(**wanted, actor=viewer, now=timezone.now())
        shown = ApiKeySerializer(key, context=self.get_serializer_context()).data
        return Response({**shown, "key": text}, HTTPStatus.CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke a key."""
        _refuse_keys(request)
        services.revoke_api_key(self.get_object().pk, actor=_viewer(request), now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)


def _viewer(request: Request) -> User:
    return cast(User, request.user)


def _refuse_keys(request: Request) -> None:
    """Refuse a key that would make or end keys: one with few scopes would make a stronger one."""
    if isinstance(request.auth, ApiKey):
        raise PermissionDenied("Keys are managed by people, not with a key.")


def _proven(request: Request, *, email: str, password: str, otp: str, now: datetime) -> User:
    """Return the person. Raises `SignInRefused`."""
    where = visitor(request)
    person = services.prove_password(email, password, visitor=where, now=now)
    if asks_for_code(person):
        _prove_code(person, otp, request, now)
    services.record_sign_in(person, "token", visitor=where, now=now)
    return person


def _prove_code(person: User, otp: str, request: Request, now: datetime) -> None:
    if not otp:
        raise SignInRefused("A code of the authenticator app is needed, as `otp`.")
    try:
        services.check_code(person, otp, now=now)
    except SignInRefused:
        services.record_failure(person, "code", visitor=visitor(request), now=now)
        raise


def _refresh_token(request: Request) -> tuple[User, RefreshToken] | None:
    asked = RefreshSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return tokens.read_refresh(asked.validated_data["refresh"])


def _access(token: RefreshToken) -> dict[str, Any]:
    access = token.access_token
    return {"access": str(access), "expires_in": int(access.lifetime.total_seconds())}


def _not_valid() -> SignInRefused:
    return SignInRefused("This token is not valid, or it has expired.")


def _refusal(refused: SignInRefused) -> Response:
    many = isinstance(refused, TooManyTries)
    status = HTTPStatus.TOO_MANY_REQUESTS if many else HTTPStatus.UNAUTHORIZED
    wait = {"Retry-After": str(WINDOW_SECONDS)} if many else {"WWW-Authenticate": CHALLENGE}
    return Response(problem(status, str(refused)), status, headers=wait, content_type=PROBLEM)


auth_urls = [
    path("token", TokenView.as_view(), name="token"),
    path("token/refresh", RefreshView.as_view(), name="token_refresh"),
    path("token/revoke", RevokeView.as_view(), name="token_revoke"),
]
support_urls = [
    path("me", MeView.as_view(), name="me"),
    path("people", PersonViewSet.as_view({"get": "list"}), name="people"),
    path("api-keys", ApiKeyViewSet.as_view({"get": "list", "post": "create"}), name="api_keys"),
    path(
        "api-keys/<int:pk>",
        ApiKeyViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api_key",
    ),
]
