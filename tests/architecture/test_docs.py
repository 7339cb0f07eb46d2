"""The documents: each relative link leads somewhere, each picture is shown, the catalogue is up to date."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from partnerportal.console.catalogue_document import document
from partnerportal.console.guide_chapters import CHAPTERS, anchor_of
from tests.architecture.source import ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "integrations" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
PAGES = [page for page in PAGES if page.exists()]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def links(page: Path) -> list[str]:
    return _LINK.findall(_CODE.sub("", page.read_text()))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#{1,6} (.+)$", re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL), re.M)
    return {anchor_of(re.sub(r"[`*]", "", heading).strip()) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_leads_to_something(page: Path) -> None:
    broken = []
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_each_chapter_of_the_guide_stands_in_its_list_and_each_file_is_a_chapter() -> None:
    folder = ROOT / "docs" / "guide"
    slugs = {slug for slug, _, _ in CHAPTERS}
    listed = {link.removesuffix(".md") for link in links(folder / "README.md")}
    assert listed == slugs | {"errors"}
    assert {page.stem for page in folder.glob("*.md")} == listed | {"README"}


def test_the_error_catalogue_in_docs_is_what_the_table_says() -> None:
    written = (ROOT / "docs" / "guide" / "errors.md").read_text()
    assert written == document(), "write it anew: python -m partnerportal.console.catalogue_document"


def test_each_picture_is_shown_somewhere() -> None:
    shown = {Path(link).name for page in PAGES for link in links(page)}
    assert {path.name for path in (ROOT / "docs" / "images").glob("*.png")} - shown == set()


def test_each_document_is_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        found = [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
        waiting += [target for target in found if target.exists() and target != page]
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - reached == set()


def test_no_tracked_file_holds_a_merge_conflict() -> None:
    marks = ["<" * 7 + " ", "|" * 7 + " ", ">" * 7 + " "]
    found = subprocess.run(
        ["git", "grep", "-nIE", "|".join(f"^{re.escape(mark)}" for mark in marks)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if found.returncode > 1:
        pytest.skip("not a git checkout")
    assert found.stdout == ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_paragraph_stands_twice(page: Path) -> None:
    """What a merge leaves when it takes both sides."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    lines = [line for line in text.splitlines() if len(line) > 60 and not line.startswith("|")]
    assert sorted({line for line in lines if lines.count(line) > 1}) == []
