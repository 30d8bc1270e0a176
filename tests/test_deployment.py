"""The production shape in `docker-compose.yml`, as far as it can be read without running it."""

from pathlib import Path

import pytest
import yaml

from nova.runtime.postgres import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
NOVA = ["migrate", "web", "worker", "beat"]
SERVING = sorted(set(SERVICES) - {"migrate"})


def test_every_part_of_nova_runs_one_image():
    assert {SERVICES[name]["image"] for name in NOVA} == {"nova:latest"}


@pytest.mark.parametrize("name", SERVING)
def test_what_serves_says_whether_it_is_well_and_comes_back_when_it_fails(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]


@pytest.mark.parametrize("name", ["jit", "max_parallel_workers_per_gather", "max_connections"])
def test_the_database_plans_as_the_embedded_one(name):
    assert f"-c {name}={SETTINGS[name]}" in SERVICES["postgres"]["command"]


def test_the_database_compares_text_by_code_point():
    assert (
        "--builtin-locale=C.UTF-8" in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    )


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_product_works_behind_the_fence_on_a_migrated_database(name):
    environment = SERVICES[name]["environment"]

    assert environment["DATABASE_URL"].startswith("postgresql://nova_app:")
    assert "OWNER" not in " ".join([*environment, *map(str, environment.values())])
    assert SERVICES[name]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }


def test_no_secret_has_a_value_here():
    secrets = [
        value
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if name.endswith(("PASSWORD", "KEY", "AUTH"))
    ]

    assert len(secrets) >= 5
    assert all(value.startswith("${") for value in secrets)


def test_every_volume_and_configuration_that_is_used_is_declared():
    mounted = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }
    configured = {entry["source"] for entry in SERVICES["proxy"]["configs"]}

    assert mounted == set(COMPOSE["volumes"])
    assert configured == set(COMPOSE["configs"])


def test_the_settings_read_what_the_services_are_told():
    settings = (ROOT / "nova" / "settings.py").read_text()
    unread = [name for name in SERVICES["web"]["environment"] if f'"{name}"' not in settings]

    assert unread == []
