"""Our normalisation against the library itself, Debian's `ruby-oauth`. `make signature-check`: 100,000."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from integrations.inboxhealth.normalizing import NotNormalError, normalized
from integrations.inboxhealth.signature import parsed
from tests.signature.bodies import body

SCRIPT = Path(__file__).parent.parent / "signature" / "oauth_normalize.rb"
BODIES = int(os.environ.get("SIGNATURE_BODIES", "2000"))
SEED = int(os.environ.get("SIGNATURE_SEED", "1"))


def _ruby() -> str:
    ruby = shutil.which("ruby")
    if ruby is None or subprocess.run([ruby, "-e", "require 'oauth'"], capture_output=True).returncode:
        if os.environ.get("REQUIRE_RUBY"):
            pytest.fail("no ruby with the library oauth: apt-get install ruby ruby-oauth")
        pytest.skip("no ruby with the library oauth: apt-get install ruby ruby-oauth")
    return ruby


def _as_the_library_does(bodies: list[str]) -> list[tuple[str | None, str | None]]:
    """What it makes of each: as it is installed, and as its newer versions are; None where it raises."""
    done = subprocess.run(
        [_ruby(), "-W0", str(SCRIPT)], input="\n".join(bodies).encode(), capture_output=True, check=True
    )
    return [tuple(json.loads(line)) for line in done.stdout.decode().splitlines()]


def _ours(text: str) -> list[str]:
    try:
        return normalized(parsed(text.encode()))
    except NotNormalError:
        return []


def test_random_bodies_are_written_as_the_library_writes_them() -> None:
    chance = Random(SEED)
    bodies = [body(chance) for _ in range(BODIES)]
    differing = []
    for text, (installed, newer) in zip(bodies, _as_the_library_does(bodies), strict=True):
        wanted = [one for one in dict.fromkeys((newer, installed)) if one is not None]
        if sorted(_ours(text)) != sorted(wanted):
            differing.append((text, wanted, _ours(text)))
    assert not differing, differing[:3]
