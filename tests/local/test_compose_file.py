"""docker-compose.yml without Docker: its shape by schema, its rules by reading, its commands by a table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from partnerportal.kernel import server_log
from partnerportal.local import programs
from partnerportal.local.layout import PROJECT

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# Who runs under the restricted role.
RESTRICTED = ["web", "worker", "worker-interactive", "beat"]

# What the compose specification says about the parts that we use; an unknown word is a misspelt one.
STRINGS = {"type": "array", "items": {"type": "string"}}
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
HEALTH = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "test": {**STRINGS, "contains": {"enum": ["CMD"]}, "minItems": 2},
        "disable": {"type": "boolean"},
        "interval": DURATION,
        "timeout": DURATION,
        "start_period": DURATION,
        "retries": {"type": "integer"},
    },
}
SIZE = {"type": "string", "pattern": r"^\d+[mg]$"}
CONDITIONS = ["service_started", "service_healthy", "service_completed_successfully"]
NEEDS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": False,
        "required": ["condition"],
        "properties": {"condition": {"enum": CONDITIONS}},
    },
}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image"],
    "properties": {
        "image": {"type": "string"},
        "build": {"type": "string"},
        "env_file": {"type": ["string", "array"]},
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "command": STRINGS,
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "user": {"type": "string", "pattern": r"^\d+:\d+$"},
        "mem_limit": SIZE,
        "shm_size": SIZE,
        "networks": STRINGS,
        "cap_drop": STRINGS,
        "cap_add": STRINGS,
        "security_opt": STRINGS,
        "tmpfs": STRINGS,
        "volumes": STRINGS,
        "ports": {"type": "array", "items": {"pattern": r"^(127\.0\.0\.1:.+:\d+|80:80|443:443)$"}},
        "profiles": STRINGS,
        "healthcheck": HEALTH,
        "depends_on": NEEDS,
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "required": ["services"],
    "properties": {
        "services": {"type": "object", "additionalProperties": SERVICE},
        "volumes": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
        "networks": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
    },
}


def test_it_is_a_compose_file() -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(COMPOSE)


def test_a_misspelt_word_would_be_found() -> None:
    wrong = {"services": {"web": {"image": "partnerportal", "heathcheck": {"disable": True}}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(wrong)


def test_every_part_of_a_deployment_is_there() -> None:
    assert set(SERVICES) == {"postgres", "redis", "migrate", "sandbox", "proxy", *RESTRICTED}
    assert SERVICES["sandbox"]["profiles"] == ["sandbox"]
    assert not [name for name, service in SERVICES.items() if "profiles" in service and name != "sandbox"]


def test_what_a_service_needs_and_mounts_exists() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (PROJECT / source).is_file(), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name


def test_every_image_from_elsewhere_is_pinned_and_every_container_is_bounded() -> None:
    for name, service in SERVICES.items():
        assert service["image"] == "partnerportal" or "@sha256:" in service["image"], name
        assert service["mem_limit"], name
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
    assert re.search(r"^FROM \S+@sha256:[0-9a-f]{64}$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)


def test_only_the_proxy_is_reached_from_outside_and_the_stores_by_nobody() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    for store in ("postgres", "redis"):
        assert SERVICES[store]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert "data" not in SERVICES["proxy"]["networks"]


def test_no_command_line_shows_a_secret() -> None:
    for name, service in SERVICES.items():
        assert not re.search(r"(?<!\$)\$\{\w*(PASSWORD|KEY|URL)", " ".join(service.get("command", []))), name


def test_who_waits_for_health_waits_for_someone_who_reports_it() -> None:
    for service in SERVICES.values():
        for other, needed in service.get("depends_on", {}).items():
            if needed["condition"] == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"]


@pytest.mark.parametrize("name", RESTRICTED)
def test_services_run_under_the_restricted_role_after_the_migration(name: str) -> None:
    service = SERVICES[name]
    assert service["environment"]["SERVICE_DATABASE_URL"].startswith("${SERVICE_DATABASE_URL")
    assert service["environment"]["DATABASE_URL"] == service["environment"]["OWNER_DATABASE_PASSWORD"] == ""
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_migrations_run_under_the_owning_role_and_end() -> None:
    migrate = SERVICES["migrate"]
    assert "portal_owner" in migrate["environment"]["DATABASE_URL"]
    assert SERVICES["postgres"]["environment"]["POSTGRES_USER"] == "portal_owner"
    assert migrate["restart"] == "no"


def test_the_web_reports_its_health_and_no_secret_stands_in_the_file() -> None:
    assert "/healthz" in " ".join(SERVICES["web"]["healthcheck"]["test"])
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|KEY|AUTH|SECRET|DATABASE_URL", variable):
                assert value == "" or "${" in value, variable


# Each command line and what runs the very same one in a test. Ports and addresses differ, nothing else does.
RUN_BY = {
    "web": (programs.web("0.0.0.0:8000"), "test_demo_in_one_folder.py"),
    "worker": (programs.WORKER, "test_demo_in_one_folder.py"),
    "worker-interactive": (programs.INTERACTIVE, "test_demo_in_one_folder.py"),
    "beat": (programs.BEAT, "test_demo_in_one_folder.py"),
    "migrate": (
        [
            "sh",
            "-c",
            "python manage.py migrate --no-input && python manage.py grant_service_role "
            "&& python manage.py restored --at-start",
        ],
        "test_deployment_commands.py",
    ),
    "postgres": (["postgres", *server_log.flags()], "../kernel/test_server_log.py"),
    "redis": (
        [
            "sh",
            "-c",
            'echo "requirepass $$REDISCLI_AUTH" | exec valkey-server - --appendonly yes --dir /data',
        ],
        "test_deployment_commands.py",
    ),
    "proxy": (["caddy", "run", "--config", "/etc/caddy/Caddyfile"], "test_the_proxy.py"),
    "sandbox": (
        [
            *programs.sandbox(8001, "/data"),
            *("--host", "0.0.0.0", "--webhook-host", "${SANDBOX_WEBHOOK_HOST:-web}"),
        ],
        "test_demo_in_one_folder.py",
    ),
}


def test_every_command_is_one_that_a_test_runs() -> None:
    with_command = {name for name, service in SERVICES.items() if "command" in service}
    assert with_command == set(RUN_BY)
    for name, (command, test) in RUN_BY.items():
        assert sorted(SERVICES[name]["command"]) == sorted(command), name
        assert (Path(__file__).parent / test).exists()
