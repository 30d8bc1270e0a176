import socket
from pathlib import Path

import pytest

from nova.runtime import up
from nova.runtime.errors import CannotRun
from nova.runtime.ports import INTERNAL_PORTS, internal_port


@pytest.mark.parametrize(
    ("words", "url"),
    [
        pytest.param([], "http://127.0.0.1:8000", id="by default"),
        pytest.param(["--port", "9000"], "http://127.0.0.1:9000", id="another port"),
        pytest.param(["--host", "0.0.0.0"], "http://127.0.0.1:8000", id="every address"),
        pytest.param(["--host", "::"], "http://[::1]:8000", id="every address, IPv6"),
        pytest.param(["--host", "10.0.0.5"], "http://10.0.0.5:8000", id="one address"),
    ],
)
def test_the_address_it_names_is_one_that_a_browser_here_can_open(words, url):
    assert up.read_options(words).url == url


def test_the_home_comes_from_the_environment_unless_an_option_says_otherwise(monkeypatch):
    monkeypatch.setenv("NOVA_HOME", "/srv/nova")

    assert up.read_options([]).home == Path("/srv/nova")
    assert up.read_options(["--home", "/srv/other"]).home == Path("/srv/other")


def test_a_port_in_use_is_said_plainly(home, console):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = up.read_options(["--home", str(home.path), "--port", str(port)])
        with pytest.raises(CannotRun, match=f"port {port} of 127.0.0.1 is in use"):
            up._clear_the_way(home, options, console)


def test_servers_of_this_machine_stay_clear_of_ports_for_outgoing_connections():
    assert internal_port() in INTERNAL_PORTS
    assert INTERNAL_PORTS.stop <= 32768


def test_the_demo_names_its_people_and_keeps_a_chosen_password_to_itself(monkeypatch):
    monkeypatch.setenv("NOVA_DEMO_PASSWORD", "chosen-word")
    ready, people, _ = up._welcome(up.read_options([]))

    assert ready == "Nova is ready: http://127.0.0.1:8000"
    assert "vip@" in people
    assert "chosen-word" not in people


def test_without_the_demo_there_is_nobody_to_name():
    assert len(up._welcome(up.read_options(["--empty"]))) == 2
