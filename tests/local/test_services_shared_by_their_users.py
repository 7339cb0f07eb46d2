"""PostgreSQL and Valkey under one DATA_DIR: found or started, shared, ended by the last one out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from partnerportal.local import local_env
from partnerportal.local.layout import PROJECT, Layout, LocalError
from partnerportal.local.processes import wait_until
from partnerportal.local.services import Hold, held
from tests.local.leftovers import processes_of

HOLDER = """
import sys
from partnerportal.local.layout import layout
from partnerportal.local.services import Hold
hold = Hold(layout())
print("held", flush=True)
sys.stdin.read()
"""
LISTENER = """
import socket, sys
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", flush=True)
sys.stdin.read()
"""


def gone(place: Layout) -> bool:
    return wait_until(lambda: not processes_of(place.root), 12)


def ask(place: Layout, statement: str) -> object:
    url = local_env.read(place.env_file)["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def other_user(place: Layout) -> subprocess.Popen[bytes]:
    """Another process that holds the services until it is told or killed."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=PROJECT,
        env={**os.environ, "DATA_DIR": str(place.root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    return child


def test_the_last_one_out_stops_them_and_the_data_stay(place: Layout) -> None:
    first = Hold(place)
    with held(place):
        ask(place, "CREATE TABLE kept (n int)")
    assert ask(place, "SELECT count(*) FROM kept") == 0
    assert first.alive()
    first.release_and_wait()
    assert gone(place)
    with held(place):
        assert ask(place, "SELECT count(*) FROM kept") == 0


def parent_of(pid: int) -> int:
    """The parent's process id; 0 where the process is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


@pytest.mark.long
def test_two_users_at_once_start_one_pair(place: Layout) -> None:
    children = [other_user(place), other_user(place)]
    named = [pid for pid, line in processes_of(place.root).items() if "postgres -D" in line]
    # A process that a server has just forked still has its command line.
    assert len([pid for pid in named if parent_of(pid) not in named]) == 1
    for child in children:
        child.communicate(timeout=10)
    assert gone(place)


def test_a_killed_user_leaves_nothing_behind(place: Layout) -> None:
    child = other_user(place)
    child.kill()
    child.wait()
    assert gone(place)


@pytest.mark.long
def test_a_killed_keeper_takes_the_services_with_it_and_the_next_start_works(place: Layout) -> None:
    hold = Hold(place)
    ask(place, "CREATE TABLE kept (n int)")
    keeper = [pid for pid, line in processes_of(place.root).items() if " keep" in line]
    os.kill(keeper[0], signal.SIGKILL)
    assert gone(place)
    hold.release()
    with held(place):
        assert ask(place, "SELECT count(*) FROM kept") == 0


@pytest.mark.long
def test_a_stale_pid_file_harms_neither_the_stranger_nor_the_start(place: Layout) -> None:
    with held(place) as layout:
        data = Path(str(ask(layout, "SHOW data_directory")))
    assert gone(place)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n0\n5432\n\n127.0.0.1\n\n\n")
        place.running.write_text(f'{{"{stranger.pid}": "not-its-start-time"}}')
        with held(place):
            assert ask(place, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.long
def test_addresses_and_secrets_are_for_their_owner_only(place: Layout) -> None:
    with held(place):
        known = local_env.read(place.env_file)
        assert place.env_file.stat().st_mode & 0o777 == 0o600
        shown = " ".join(processes_of(place.root).values())
        secrets = [value for name, value in known.items() if name.endswith(("PASSWORD", "_KEY", "KEYS"))]
        assert len(secrets) == 6
        assert not [secret for secret in secrets if secret in shown]


@pytest.mark.long
def test_a_taken_port_moves_the_service_elsewhere(place: Layout) -> None:
    with held(place):
        pass
    assert gone(place)
    known = local_env.read(place.env_file)
    address = psycopg.conninfo.conninfo_to_dict(known["DATABASE_URL"])
    listener = subprocess.Popen(
        [sys.executable, "-c", LISTENER, str(address["port"])], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert listener.stdout is not None
    listener.stdout.readline()
    with held(place):
        assert ask(place, "SHOW port") != str(address["port"])
    listener.communicate(timeout=5)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets a folder that the database's user can't reach")
def test_a_folder_that_only_its_owner_may_enter_is_no_obstacle(place: Layout) -> None:
    closed = place.root.parent / "closed"
    closed.mkdir(mode=0o700)
    within = Layout(closed / "var")
    with held(within):
        data = Path(str(ask(within, "SHOW data_directory")))
        assert not data.is_relative_to(closed)
        assert data.stat().st_uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    place.root.mkdir()
    within.postgres_home.rename(place.postgres_home)  # the fixture takes the folder away


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets a folder that the database's user can't reach")
def test_a_copied_data_dir_is_refused_and_told_so(place: Layout) -> None:
    place.make()
    elsewhere = place.root.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "belongs-to").write_text("/some/other/var")
    place.postgres_home.write_text(str(elsewhere))
    with pytest.raises(LocalError, match="belongs to another DATA_DIR"):
        Hold(place)
