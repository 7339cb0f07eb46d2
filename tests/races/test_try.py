import os
import time

import pytest

from tests.races.acts import ACTS
from tests.races.arena import Arena
from tests.races.meeting import meeting, spots_of
from tests.races.ways import WAYS


@pytest.mark.django_db
@pytest.mark.timeout(3000)
def test_x(arena: Arena) -> None:
    out = open("/tmp/points-try.txt", "a")
    for name in os.environ["WAYS"].split("|"):
        way = WAYS[name]
        t = time.time()
        spots = spots_of(arena, way)
        print(name, len(spots), "spots", time.time() - t, file=out, flush=True)
        print(spots, file=out)
        only = os.environ.get("SPOT")
        spots = [s for s in spots if not s.startswith("stamped")]
        for spot in spots:
            if only == "points" and "+" in spot:
                continue
            for act in ACTS[way.noun]:
                if os.environ.get("ACT") and os.environ["ACT"] != act.__name__:
                    continue
                t = time.time()
                met, wrong = meeting(arena, way, spot, act)
                if wrong or not met:
                    print(
                        f"{name} | {spot} | {act.__name__} | met {met} | {wrong} {time.time() - t:.2f}",
                        file=out,
                        flush=True,
                    )
                else:
                    print(f"ok {name} {spot} {act.__name__} {time.time() - t:.2f}", file=out, flush=True)
