"""One year of days: the mails and their lines, counted beside a naive computation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from ckan.tests.helpers import call_action
from dateutil.relativedelta import relativedelta

from tests import factories
from tests.conformance.test_actions import check, dataset
from tests.mails import Mailbox

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("heraultdata.department_email", "data@herault.example"),
]

FIRST, LAST = date(2025, 5, 20), date(2026, 5, 19)
PUBLISHED = {
    "arbres": (date(2023, 1, 10), date(2025, 6, 1)),
    "bornes": (date(2025, 1, 1),),
    "menus": (date(2025, 9, 15),),
}
TOLD_ON = {
    ("arbres", date(2024, 1, 10)): date(2023, 1, 10),
    ("arbres", date(2026, 6, 1)): date(2025, 6, 1),
    ("bornes", date(2025, 8, 31)): date(2025, 1, 1),
}
READERS = {"vallee": ["anne", "basile"], "lodeve": ["basile"], "ganges": ["chloe"]}
DAY = timedelta(days=1)


class Naive:
    """What goes, computed a day at a time from the list of the API and the text of article 5."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.seen: set[tuple[object, ...]] = set()
        self.lines = 0
        self.mails: list[tuple[date, str]] = []
        self.weeks: set[tuple[int, int]] = set()

    def live(self, day: date) -> None:
        """Count what goes on a day."""
        readers: set[str] = set()
        for row in call_action("heraultdata_conformance_list", on=str(day), limit=1000)["results"]:
            if row["status"] == "conforming":
                continue
            partner = self.names[row["organization_id"]]
            for key in self._keys(row, day):
                for reader in READERS[partner]:
                    if (reader, partner, *key) not in self.seen:
                        self.seen.add((reader, partner, *key))
                        self.lines += 1
                        readers.add(reader)
        week = day.isocalendar()[:2]
        if week not in self.weeks:
            self.weeks.add(week)
            self.lines += 1
            readers.add("data")
        self.mails += [(day, reader) for reader in sorted(readers)]

    def _keys(self, row: dict[str, Any], day: date) -> list[tuple[object, ...]]:
        standard = row["standard"]
        keys: list[tuple[object, ...]] = []
        newest = max(each for each in PUBLISHED[standard] if each <= day)
        if day - newest <= timedelta(days=30):
            keys.append(("news", standard, newest))
        if row["due_on"] is None:
            return keys
        due_on = date.fromisoformat(row["due_on"])
        known = [due_on - timedelta(days=before) for before in (180, 90, 30, 7)]
        known += [due_on + relativedelta(months=month) for month in range(40)]
        come = [each for each in known if TOLD_ON[standard, due_on] < each <= day]
        if come:
            keys.append(("deadline", standard, row["package_id"], due_on, max(come)))
        return keys


@pytest.fixture
def names() -> dict[str, str]:
    """Three partners with what they hold; names by identifier."""
    made = {name: factories.partner(name=name, title=name) for name in READERS}
    for name, readers in READERS.items():
        for reader in readers:
            factories.referent(made[name]["id"], email=f"{reader}@partner.example")
    factories.standard(name="arbres", level="territorial", priority=False)
    factories.standard(name="bornes", level="national", priority=False)
    factories.standard(name="menus", level="de_facto", priority=False)
    versions = {
        (standard, day): factories.version(
            standard=standard,
            version=f"{rank}.0.0",
            published_on=str(day),
            **({"due_on": "2025-08-31"} if standard == "bornes" else {}),
        )
        for standard, published in PUBLISHED.items()
        for rank, day in enumerate(published, start=1)
    }
    held = {
        (name, standard): dataset(made[name], standard)["resources"][0]
        for name, standard in (
            ("vallee", "arbres"),
            ("vallee", "bornes"),
            ("lodeve", "arbres"),
            ("ganges", "menus"),
            ("ganges", "bornes"),
        )
    }
    old, new = (versions["arbres", day] for day in PUBLISHED["arbres"])
    check(held["vallee", "arbres"], old, date(2025, 1, 1), valid=True)
    check(held["vallee", "arbres"], new, date(2026, 3, 20), valid=True)
    check(held["vallee", "bornes"], versions["bornes", date(2025, 1, 1)], date(2025, 8, 1), True)
    check(held["lodeve", "arbres"], old, date(2025, 7, 1), valid=True)
    return {partner["id"]: name for name, partner in made.items()}


@pytest.mark.parametrize("step", [1, 11])
def test_a_year_of_days(
    names: dict[str, str], mailbox: Mailbox, daily: Callable[..., Any], step: int
) -> None:
    naive = Naive(names)
    lines = 0
    day = FIRST
    sent: list[tuple[date, str]] = []
    while day <= LAST:
        before = len(mailbox.mails)
        outcome = daily(str(day))
        assert outcome.exit_code == 0, outcome.output
        lines += int(outcome.output.split(" lines")[-2].split()[-1])
        readers = [mail["To"].addresses[0].username for mail in mailbox.mails[before:]]
        sent += [(day, reader) for reader in sorted(readers)]
        naive.live(day)
        day += step * DAY
    assert sent == naive.mails
    assert lines == naive.lines
    assert len(sent) > 40
