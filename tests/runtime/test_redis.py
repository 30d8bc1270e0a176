import os
import signal

import redis

from nova.runtime.home import open_home
from nova.runtime.redis import open_redis
from nova.runtime.supervisor import Supervisor
from tests.runtime.conftest import until


async def test_the_path_of_a_home_may_hold_blanks_and_quotes(folder, console):
    home = open_home(folder / 'Ann\'s "desk" ä')
    supervisor = Supervisor(home.path, console)
    server = open_redis(home)
    await supervisor.start(server.part())
    await supervisor.stop()

    assert (home.path / "redis" / "appendonlydir").exists()


async def test_the_embedded_redis_wants_its_password_and_survives_kill_9(home, supervisor):
    server = open_redis(home)
    await supervisor.start(server.part())
    client = redis.Redis.from_url(server.url)
    client.set("task", "kept")
    client.execute_command("WAITAOF", 1, 0, 2000)
    killed = client.info("server")["process_id"]
    os.kill(killed, signal.SIGKILL)
    await until(server.answers)

    assert client.get("task") == b"kept"
    assert client.info("server")["process_id"] != killed
    await supervisor.stop()


def test_nobody_else_may_read_the_password(home):
    open_redis(home)

    assert (home.path / "redis" / "redis.conf").stat().st_mode & 0o777 == 0o600
