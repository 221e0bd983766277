"""Choosing datasets: a search by words, boxes, and what is ticked beyond what is shown."""

from __future__ import annotations

from ckanext.heraultdata.withdrawals import choosing


def datasets(count: int) -> list[choosing.Choosable]:
    return [
        choosing.Choosable(f"id-{rank:04}", f"jeu-{rank:04}", f"École {rank:04}", True)
        for rank in range(count)
    ]


def test_words_are_found_whatever_their_accents_and_case() -> None:
    made = choosing.choice(datasets(12), "ECOLE 001", ())
    assert [one.id for one in made.shown] == ["id-0010", "id-0011"]
    assert (made.found, made.count) == (2, 12)


def test_a_name_is_found_too() -> None:
    assert choosing.choice(datasets(3), "jeu-0002", ()).found == 1


def test_what_is_ticked_is_kept_when_the_search_does_not_show_it() -> None:
    made = choosing.choice(datasets(12), "0011", ["id-0001", "id-0011"])
    assert made.ticked == {"id-0001", "id-0011"}
    assert made.kept == ("id-0001",)


def test_what_is_no_dataset_of_the_partner_is_left_out() -> None:
    assert choosing.choice(datasets(2), "", ["id-0001", "of-another"]).ticked == {"id-0001"}


def test_all_that_is_found_is_ticked_beyond_what_is_shown() -> None:
    all_of_them = datasets(1000)
    made = choosing.choice(all_of_them, "", ())
    assert len(made.shown) == choosing.MOST_SHOWN
    ticked = choosing.with_all_found(all_of_them, made)
    assert len(ticked.ticked) == 1000
    assert len(ticked.kept) == 1000 - choosing.MOST_SHOWN


def test_unticking_leaves_what_the_search_does_not_find() -> None:
    all_of_them = datasets(20)
    made = choosing.choice(all_of_them, "école 001", [one.id for one in all_of_them])
    left = choosing.with_none_found(all_of_them, made)
    assert left.ticked == {f"id-{rank:04}" for rank in range(10)}
