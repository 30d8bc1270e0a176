"""No hook leads into a private network."""

import socket
import ssl
from ipaddress import ip_network

import pytest

from nova.notifications.outbound import NotReached, allowed_address, post


@pytest.fixture(autouse=True)
def _guarded(settings):
    settings.OUTBOUND_ANYWHERE = False


@pytest.fixture
def names(monkeypatch):
    """Let names point where the test says; looking them up would leave the process."""

    def point(*addresses):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)

    return point


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
    ],
)
def test_a_name_that_points_inside_is_refused(names, address):
    names(address)

    with pytest.raises(NotReached, match="private network"):
        post("https://hooks.example/x", {}, {})


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/x", "ftp://a/b", "file:///etc/passwd", "https://", "x", "https://[::1"],
)
def test_only_https_is_posted_to(url):
    with pytest.raises(NotReached):
        post(url, {}, {})


def test_a_public_address_beside_a_private_one_is_the_one_used(names):
    names("10.0.0.1", "93.184.216.34")

    assert allowed_address("hooks.example", 443) == "93.184.216.34"


@pytest.mark.parametrize(
    ("address", "is_plain", "is_asked"),
    [
        ("10.1.2.3", False, True),
        ("10.1.2.3", True, True),
        ("fd00:7::1", True, True),
        ("::ffff:10.1.2.3", True, True),
        ("10.1.3.3", False, False),
        ("169.254.169.254", False, False),
        ("93.184.216.34", False, True),
        ("93.184.216.34", True, False),
    ],
)
def test_the_operator_allows_networks_by_name_and_only_these_in_the_clear(
    settings, names, address, is_plain, is_asked
):
    settings.OUTBOUND_NETWORKS = [ip_network("10.1.2.0/24"), ip_network("fd00:7::/32")]
    names(address)

    if is_asked:
        assert allowed_address("hr.example", 443, is_plain=is_plain) == address
    else:
        with pytest.raises(NotReached, match="network"):
            allowed_address("hr.example", 443, is_plain=is_plain)


def test_a_public_place_is_not_asked_in_the_clear_where_an_inner_one_may_be(settings, names):
    settings.OUTBOUND_NETWORKS = [ip_network("10.1.2.0/24")]
    names("93.184.216.34")

    with pytest.raises(NotReached, match="neither https"):
        post("http://hooks.example/x", {}, {})


FAULTS = [
    (socket.gaierror(-2, "Name or service not known"), "Its name is not known"),
    (ConnectionRefusedError(111, "Connection refused"), "It cannot be reached"),
    (TimeoutError("timed out"), "It did not answer in time"),
    (ssl.SSLCertVerificationError("self-signed certificate"), "Its certificate is not trusted"),
]


@pytest.mark.parametrize(("fault", "words"), FAULTS)
def test_why_it_was_not_reached_is_said_in_words_with_the_error_beside(monkeypatch, fault, words):
    def fail(*_args, **_options):
        raise fault

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(NotReached) as told:
        post("https://hooks.example/x", {}, {})
    assert str(told.value).startswith(f"{words} (")
    assert str(fault.args[-1]) in str(told.value)
