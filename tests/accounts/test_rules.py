"""What is decided about people, keys and codes, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.core.checks import run_checks

from nova.accounts import roles, rules, totp
from nova.accounts.permissions import declared_permissions, permission_names
from nova.accounts.sealing import seal, unseal
from nova.accounts.throttling import Limit, Visitor

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" in base32


@pytest.mark.parametrize(
    ("scopes", "left"),
    [
        (["*"], {"a", "b"}),
        (["a"], {"a"}),
        (["a", "z"], {"a"}),
        ([], set()),
        (["a", "*"], {"a", "b"}),
    ],
)
def test_scopes_narrow_and_never_widen(scopes, left):
    assert rules.narrowed({"a", "b"}, scopes) == left


@pytest.mark.parametrize(
    ("actor", "person", "may"),
    [
        ({"x"}, {"x"}, True),
        ({"x", "y"}, {"x"}, True),
        ({"x"}, {"x", "y"}, False),
        ({"accounts.manage_roles"}, {"x", "y"}, True),
        (set(), set(), True),
    ],
)
def test_nobody_manages_somebody_stronger(actor, person, may):
    assert rules.may_manage(actor, person) is may


@pytest.mark.parametrize("typed", ["ab3de-fgh4k", "AB3DE FGH4K", " ab3defgh4k\n"])
def test_a_code_is_read_however_it_was_typed(typed):
    assert rules.plain_code(typed) == "ab3defgh4k"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds, code):
    assert totp.code_at(RFC_SECRET, seconds // 30) == code


@pytest.mark.parametrize(
    ("drift", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_off(drift, is_taken):
    step = int(NOW.timestamp()) // 30
    code = totp.code_at(RFC_SECRET, step)
    now = NOW + timedelta(seconds=drift)

    assert (totp.matching_step(RFC_SECRET, code, now=now, after=0) == step) is is_taken


def test_a_step_taken_before_is_not_taken_again():
    step = int(NOW.timestamp()) // 30

    code = totp.code_at(RFC_SECRET, step)

    assert totp.matching_step(RFC_SECRET, code, now=NOW, after=step) is None


class TestSealing:
    def test_what_is_sealed_opens_again_and_looks_like_nothing(self):
        sealed = seal("secret")

        assert "secret" not in sealed
        assert unseal(sealed) == "secret"

    def test_a_former_key_still_opens(self, settings):
        sealed = seal("secret")
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another"

        assert unseal(sealed) == "secret"

    def test_another_key_does_not(self, settings):
        sealed = seal("secret")
        settings.SECRET_KEY = "another"

        with pytest.raises(InvalidToken):
            unseal(sealed)


class TestWithoutRedis:
    def test_everybody_is_admitted(self, monkeypatch):
        monkeypatch.setattr("nova.volatile.attempt", lambda command, default: default)
        limits = Visitor("192.0.2.1").limits_for("ada@example.com")

        assert all(limit.admit() for limit in limits * 10)
        limits[0].forgive()


def test_a_limit_counts_up_to_its_most():
    limit = Limit("test", 2)

    assert [limit.admit() for _ in range(4)] == [True, True, False, False]


class TestPermissions:
    def test_permissions_are_grouped_by_app(self):
        declared = declared_permissions()

        assert "accounts.manage_keys" in declared["accounts"]
        assert permission_names() >= set(declared["tickets"])

    def test_a_role_that_names_an_unknown_one_stops_the_start(self, monkeypatch):
        wrong = {"admin": ["accounts.manage_keys", "tickets.do_magic"]}
        monkeypatch.setattr(roles, "ROLES", wrong)

        (error,) = [e for e in run_checks() if e.id == "nova.E020"]

        assert "tickets.do_magic" in error.msg
