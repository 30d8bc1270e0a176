"""Tokens for programs: a person signs in, and goes on for a day."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import RefreshToken

from nova.accounts import services, tokens
from nova.accounts.authentication import CHALLENGE
from nova.accounts.models import User
from nova.accounts.services.factors import asks_for_code
from nova.accounts.services.sign_in import SignInRefused, TooManyTries
from nova.accounts.throttling import WINDOW_SECONDS, visitor
from nova.api.problems import problem
from nova.api.renderers import PROBLEM
from nova.api.serializers import StrictSerializer


class SignInSerializer(StrictSerializer):
    """`otp` is the code of the authenticator app, or a recovery code, where one is set up."""

    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    otp = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=2000)


class AccessSerializer(serializers.Serializer):
    """An access token, and for how long it is good."""

    access = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds")


class TokenPairSerializer(AccessSerializer):
    refresh = serializers.CharField()


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
