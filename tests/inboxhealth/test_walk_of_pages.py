"""A walk of a list gives every row once, and believes only what its pages prove."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.inboxhealth.pagination import Page, State, Walk


def page(
    ids: list[int], number: int | None = None, pages: int | None = None, **beside: Any
) -> dict[str, Any]:
    """An answer; with a number it has a meta."""
    rows = [{"id": id_, "enterprise_id": 1} for id_ in ids]
    if number is None:
        return {"patients": rows}
    meta = {"current_page": number, "per_page": 25, "total_pages": pages, "has_more": number < (pages or 0)}
    return {"patients": rows, "meta": meta | beside}


def walk_through(walk: Walk, *answers: Any) -> list[int]:
    """The ids of all rows that the walk gave."""
    ids: list[int] = []
    for data in answers:
        if walk.state is not State.MORE:
            break
        ids += [row["id"] for row in walk.feed(data)]
    return ids


@given(
    ids=st.lists(st.integers(1, 10**6), unique=True, max_size=60),
    size=st.integers(1, 20),
    order=st.sampled_from(["asc", "desc"]),
    meta=st.booleans(),
)
def test_a_well_behaved_list_is_walked_whole_and_proven(
    ids: list[int], size: int, order: Any, meta: bool
) -> None:
    ordered = sorted(ids, reverse=order == "desc")
    walk, seen = Walk("patients", order=order, parent={"enterprise_id": 1}), []
    pages = max(1, -(-len(ordered) // size))
    while walk.state is State.MORE:
        number = walk.next_page
        rows = ordered[(number - 1) * size : number * size]
        seen += [row["id"] for row in walk.feed(page(rows, number if meta else None, pages))]
    assert (walk.state, walk.proven, seen) == (State.FINISHED, True, ordered)


@pytest.mark.parametrize(
    ("reason", "answers", "options"),
    [
        ("root_missing", [{"people": []}], {}),
        ("root_missing", [[{"id": 1}]], {}),
        ("root_missing", [None], {}),
        ("root_missing", [{"patients": [{"id": 1}, "two"]}], {}),
        ("row_without_id", [{"patients": [{"name": "Ed"}]}], {}),
        ("row_without_id", [{"patients": [{"id": "1"}]}], {}),
        ("loop", [page([1, 2], 1, 9), page([1, 2], 2, 9)], {}),
        ("loop", [page([1, 2]), page([1, 2])], {}),
        ("loop", [page([1, 2], 1, 9), page([3, 4], 2, 9), page([1, 2], 3, 9)], {"order": None}),
        ("page_ignored", [page([1, 2], 1, 9), page([1, 2], 1, 9)], {}),
        ("order", [page([1, 3, 2], 1, 1)], {}),
        ("order", [page([1, 1], 1, 1)], {}),
        ("order", [page([5, 6], 1, 2), page([3, 4], 2, 2)], {}),
        ("order", [page([1, 2, 3], 1, 1)], {"order": "desc"}),
        ("order", [page([5, 6], 1, 2), page([6, 7], 2, 2)], {}),
        ("filter", [page([1, 2], 1, 1)], {"parent": {"enterprise_id": 2}}),
        ("filter", [page([1, 2], 1, 1)], {"matching": {"enterprise_id": "2"}}),
        ("shrank", [page([1, 2], 1, 9), page([3, 4], 2, 8)], {}),
        ("shrank", [page([1, 2], 1, 9, total=18), page([3, 4], 2, 9, total=17)], {}),
        ("short_page", [page([1, 2], 1, 9), page([3], 2, 9)], {}),
        ("short_page", [page([], 1, 9)], {}),
    ],
)
def test_a_list_that_misbehaves_breaks_the_walk(
    reason: str, answers: list[Any], options: dict[str, Any]
) -> None:
    walk = Walk("patients", **options)
    walk_through(walk, *answers)
    assert (walk.state, walk.reason, walk.proven) == (State.BROKEN, reason, False)


def test_fewer_rows_a_page_than_asked_for_are_fine() -> None:
    walk = Walk("patients", per_page=100)
    assert walk_through(walk, page([1, 2], 1, 2, per_page=100), page([3], 2, 2, per_page=100)) == [1, 2, 3]
    assert walk.proven


def test_a_list_that_grows_is_fine() -> None:
    walk = Walk("patients")
    assert walk_through(walk, page([1, 2], 1, 2), page([3, 4], 2, 3), page([5], 3, 3)) == [1, 2, 3, 4, 5]
    assert walk.proven


def test_what_is_added_while_walking_down_is_not_given_twice() -> None:
    walk = Walk("patients", order="desc")
    answers = page([9, 8, 7], 1, 2), page([7, 6, 5], 2, 3), page([4], 3, 3)
    assert walk_through(walk, *answers) == [9, 8, 7, 6, 5, 4]
    assert walk.proven


def test_without_meta_only_an_empty_page_is_the_end() -> None:
    walk = Walk("patients")
    walk.feed(page([1, 2, 3]))
    walk.feed(page([4]))
    assert (walk.state, walk.next_page) == (State.MORE, 3)
    walk.feed(page([]))
    assert walk.proven


def test_metas_that_disagree_do_not_end_a_walk() -> None:
    walk = Walk("patients")
    walk.feed(page([1, 2], 1, 4, has_more=False))
    assert walk.state is State.MORE


def test_rows_that_do_not_show_the_filter_prove_nothing() -> None:
    walk = Walk("patients", matching={"last_name": "Edison"})
    walk.feed(page([1, 2], 1, 1))
    assert (walk.state, walk.proven) == (State.FINISHED, False)


def test_a_text_filter_may_be_read_as_contains_whatever_the_case() -> None:
    rows = [{"id": 1, "last_name": "EDISON"}, {"id": 2, "last_name": "Medison-Lee"}]
    walk = Walk("patients", matching={"last_name": "edison"})
    walk.feed({"patients": rows, "meta": {"has_more": False}})
    assert walk.proven


def test_a_walk_without_an_order_proves_nothing() -> None:
    walk = Walk("patients", order=None)
    assert walk_through(walk, page([3, 1, 2], 1, 1)) == [3, 1, 2]
    assert (walk.state, walk.proven) == (State.FINISHED, False)


def test_walking_down_ends_at_the_highest_id_that_was_known() -> None:
    walk = Walk("patients", order="desc", above=7)
    assert walk_through(walk, page([9, 8], 1, 50), page([7, 6], 2, 50)) == [9, 8, 7, 6]
    assert walk.proven


def test_one_row_alone_shows_no_order_and_ends_nothing() -> None:
    walk = Walk("patients", order="desc", above=7)
    walk.feed(page([3], 1, 50))
    assert walk.state is State.MORE


def test_the_query_asks_for_page_order_and_filter() -> None:
    walk = Walk(
        "patients", order="desc", matching={"last_name": "Ed"}, parent={"enterprise_id": 1}, per_page=50
    )
    assert walk.query == {"page": 1, "per_page": 50, "sort": "-id", "filter[last_name]": "Ed"}


def test_a_walk_that_has_ended_takes_no_more() -> None:
    walk = Walk("patients")
    walk.feed(page([], 1, 1))
    with pytest.raises(ValueError, match="finished"):
        walk.feed(page([1], 2, 2))


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_any_answer_is_read_as_a_page(data: object) -> None:
    for shaped in (data, {"patients": data}, {"patients": [data], "meta": data}):
        assert Page.of(shaped, "patients").meta.total_pages is None
        Walk("patients").feed(shaped)
