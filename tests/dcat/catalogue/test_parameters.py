"""What may be asked of the catalogue, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.heraultdata.dcat.catalogue.parameters import Asked, asked, profiles
from ckanext.heraultdata.messages import RuleError


def test_nothing_asked_is_the_first_page_of_all() -> None:
    empty = {"page": "", "modified_since": "", "q": " ", "fq": "", "profiles": ""}
    assert asked({}) == asked(empty) == Asked(page=1)
    assert asked({}).is_whole


@pytest.mark.parametrize(("value", "page"), [("1", 1), ("12", 12), (3, 3), ("0002", 2)])
def test_a_page(value: object, page: int) -> None:
    assert asked({"page": value}).page == page


@pytest.mark.parametrize(
    "value", ["0", "-1", "1.5", "one", "²", "१", "1_0", " 1", "10000000", True, 1.0, ["1"], 0, -4]
)
def test_no_page(value: object) -> None:
    with pytest.raises(RuleError, match="page: give a whole number") as refusal:
        asked({"page": value})
    assert refusal.value.field == "page"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-20", "2026-11-20T00:00:00Z"),
        ("2026-11-20T08:30:00", "2026-11-20T08:30:00Z"),
        ("2026-11-20T08:30:00Z", "2026-11-20T08:30:00Z"),
        ("2026-11-20 08:30:00", "2026-11-20T08:30:00Z"),
        ("2026-11-20T08:30:00+02:00", "2026-11-20T06:30:00Z"),
        # As a form decodes a plus sign that was not escaped.
        ("2026-11-20T08:30:00 02:00", "2026-11-20T06:30:00Z"),
        ("2026-11-20T08:30:00.123456", "2026-11-20T08:30:00.123456Z"),
    ],
)
def test_since_a_moment(value: str, moment: str) -> None:
    found = asked({"modified_since": value})
    assert found.filters() == {"modified_since": moment}
    assert not found.is_whole


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2026-13-01",
        "20/11/2026",
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:59:59-02:00",
        "²",
        5,
        ["2026-11-20"],
    ],
)
def test_since_no_moment(value: object) -> None:
    with pytest.raises(RuleError, match="modified_since: give a date") as refusal:
        asked({"modified_since": value})
    assert refusal.value.field == "modified_since"


def test_queries() -> None:
    found = asked({"q": " arbres ", "fq": "organization:x"})
    assert (found.q, found.fq) == ("arbres", "organization:x")
    assert not found.is_whole
    assert asked({"q": "*:*", "fq": None}) == Asked()


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", 7, ["a"]])
@pytest.mark.parametrize("name", ["q", "fq"])
def test_no_query(name: str, value: object) -> None:
    with pytest.raises(RuleError, match=f"{name}: give a query as text") as refusal:
        asked({name: value})
    assert refusal.value.field == name


def test_profiles() -> None:
    assert profiles("euro_dcat_ap_3, schemaorg") == ("euro_dcat_ap_3", "schemaorg")
    assert profiles(["schemaorg"]) == ("schemaorg",)
    assert profiles("heraultdata_dcat_ap") == ()
    assert profiles(None) == profiles(" , ") == ()
    assert asked({"profiles": "schemaorg"}).is_whole


@pytest.mark.parametrize("value", [7, [7], {"a": "b"}])
def test_no_profiles(value: object) -> None:
    with pytest.raises(RuleError, match="profiles: give names"):
        profiles(value)


def test_what_nobody_knows_is_passed_over() -> None:
    assert asked({"utm_source": "x", "pages": "0"}) == Asked()


anything = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text()))


@given(
    st.dictionaries(st.sampled_from(["page", "modified_since", "q", "fq", "profiles"]), anything)
)
@example({"modified_since": "T"})
def test_anything_is_read_or_refused(arguments: dict[str, object]) -> None:
    with suppress(RuleError):
        assert asked(arguments).page >= 1


moments = st.datetimes(timezones=st.just(timezone.utc)).filter(lambda moment: moment.year > 999)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)


@given(
    since=st.none() | moments,
    q=st.none() | words,
    names=st.lists(st.sampled_from(["schemaorg", "euro_dcat_ap_3"])),
)
def test_the_parameters_of_an_address_ask_for_the_same(
    since: datetime | None, q: str | None, names: list[str]
) -> None:
    found = asked({"modified_since": since and since.isoformat(), "q": q, "profiles": names})
    assert asked(found.filters()) == found
