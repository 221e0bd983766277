"""The points of data.europa.eu: what each gap costs, of several files, and what to mend first."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.dcat.quality import rules
from ckanext.heraultdata.dcat.quality.places import FIELDS
from ckanext.heraultdata.dcat.quality.rules import Facts, FileFacts, Gap, Mend, Rating, score

FULL_FILE = FileFacts(**dict.fromkeys((each.name for each in fields(FileFacts)), True))
FULL = Facts(
    **{each.name: True for each in fields(Facts) if each.name != "files"},  # pyright: ignore[reportArgumentType]
    files=(FULL_FILE,),
)
DATES = {"issued": False, "modified": False}


def without(*names: str) -> Facts:
    """A dataset of one file that has everything but these."""
    of_file = {name: False for name in names if Gap(name) in rules.OF_FILE}
    of_dataset = {name: False for name in names if Gap(name) in rules.OF_DATASET}
    return replace(FULL, files=(replace(FULL_FILE, **of_file, **DATES),), **of_dataset)


@pytest.mark.parametrize(
    ("gap", "points"),
    [
        ("keywords", 30),
        ("theme", 30),
        ("spatial", 20),
        ("temporal", 20),
        ("access_url", 50),
        ("download_url", 20),
        ("download_answer", 30),
        ("format", 20),
        ("media_type", 10),
        ("vocabularies", 10),
        ("non_proprietary", 20),
        ("machine_readable", 20),
        ("dcat_ap", 30),
        ("licence", 20),
        ("known_licence", 10),
        ("access_rights", 10),
        ("known_access_rights", 5),
        ("contact", 20),
        ("publisher", 10),
        ("rights", 5),
        ("size", 5),
        ("issued", 5),
        ("modified", 5),
    ],
)
def test_each_gap_costs_its_points(gap: str, points: int) -> None:
    found = score(without(gap))
    assert found.gaps == (gap,)
    assert found.points == 405 - points


def test_what_has_everything_has_all_the_points() -> None:
    assert rules.MAXIMUM == 405
    assert score(FULL) == rules.Score(405, ())


def test_what_has_nothing_has_none() -> None:
    found = score(Facts())
    assert found.points == 0
    assert set(found.gaps) == {"files", *(gap.value for gap in rules.OF_DATASET)}
    assert score(Facts(files=(FileFacts(),))).points == 0


def test_without_a_file_all_the_points_of_files_are_lost_in_one_gap() -> None:
    found = score(replace(FULL, files=()))
    assert found.gaps == ("files",)
    assert found.points == 405 - 220


def test_the_best_file_counts_and_the_gaps_of_the_others_are_told() -> None:
    found = score(replace(FULL, files=(FileFacts(format=True), FULL_FILE)))
    assert found.points == 405
    assert "licence" in found.gaps
    assert "format" not in found.gaps


@pytest.mark.parametrize(
    ("of_dataset", "of_file", "is_lost"),
    [(True, False, False), (False, True, False), (True, True, False), (False, False, True)],
)
def test_dates_count_where_the_dataset_or_a_file_bears_them(
    of_dataset: bool, of_file: bool, is_lost: bool
) -> None:
    file = replace(FULL_FILE, issued=of_file, modified=of_file)
    found = score(replace(FULL, issued=of_dataset, modified=of_dataset, files=(file,)))
    assert found.points == (395 if is_lost else 405)
    assert found.gaps == (("issued", "modified") if is_lost else ())


@pytest.mark.parametrize(
    ("points", "rating"),
    [
        (405, Rating.EXCELLENT),
        (351, Rating.EXCELLENT),
        (350, Rating.GOOD),
        (221, Rating.GOOD),
        (220, Rating.SUFFICIENT),
        (121, Rating.SUFFICIENT),
        (120, Rating.BAD),
        (0, Rating.BAD),
    ],
)
def test_ratings_begin_where_data_europa_eu_lets_them(points: int, rating: Rating) -> None:
    assert Rating.of(points) is rating


@pytest.mark.parametrize(
    ("codes", "mends"),
    [
        ((), []),
        (("keywords",), [Mend(Gap.KEYWORDS, 30)]),
        (("size", "keywords"), [Mend(Gap.KEYWORDS, 30), Mend(Gap.SIZE, 5)]),
        (("licence", "known_licence"), [Mend(Gap.LICENCE, 30)]),
        (("known_licence",), [Mend(Gap.KNOWN_LICENCE, 10)]),
        (("download_url", "download_answer"), [Mend(Gap.DOWNLOAD_URL, 50)]),
        (("access_url", "download_answer"), [Mend(Gap.ACCESS_URL, 80)]),
        (
            ("access_url", "download_url", "download_answer"),
            [Mend(Gap.ACCESS_URL, 50), Mend(Gap.DOWNLOAD_URL, 50)],
        ),
        (
            ("format", "vocabularies", "non_proprietary", "machine_readable"),
            [Mend(Gap.FORMAT, 70)],
        ),
        (("media_type", "vocabularies"), [Mend(Gap.MEDIA_TYPE, 20)]),
        (("theme", "of another version"), [Mend(Gap.THEME, 30)]),
        (("theme", "keywords"), [Mend(Gap.KEYWORDS, 30), Mend(Gap.THEME, 30)]),
    ],
)
def test_what_wins_the_most_comes_first_with_what_follows_from_it(
    codes: tuple[str, ...], mends: list[Mend]
) -> None:
    assert rules.to_mend(codes) == mends


def test_every_gap_has_points_and_a_place() -> None:
    assert set(rules.POINTS) == set(Gap) == set(FIELDS)


facts = st.builds(
    Facts,
    **{each.name: st.booleans() for each in fields(Facts) if each.name != "files"},
    files=st.lists(
        st.builds(FileFacts, **{each.name: st.booleans() for each in fields(FileFacts)}),
        max_size=4,
    ).map(tuple),
)


@given(facts)
def test_points_lie_between_nothing_and_everything(some: Facts) -> None:
    found = score(some)
    assert 0 <= found.points <= rules.MAXIMUM
    lost = sum(rules.POINTS[Gap(code)] for code in found.gaps)
    assert found.points + lost >= rules.MAXIMUM
    if len(some.files) <= 1:
        assert found.points + lost == rules.MAXIMUM
    assert sum(mend.points for mend in rules.to_mend(found.gaps)) == lost


@given(facts, st.sampled_from([each.name for each in fields(Facts) if each.name != "files"]))
def test_filling_something_in_never_costs_points(some: Facts, name: str) -> None:
    assert score(replace(some, **{name: True})).points >= score(some).points
