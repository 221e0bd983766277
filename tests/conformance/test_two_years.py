"""Two years of ten partners, day by day, beside a reckoning that shares nothing with ours.

What happens is drawn by chance (always the same): conventions signed and ended, versions published
and adopted, files checked, conformity declared, extensions granted, absences declared. What the
tracker says of each day is compared with a naive reading of the design's sentences.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.model.types import make_uuid

from ckanext.heraultdata.clock import PARIS
from ckanext.heraultdata.conformance import tracker
from ckanext.heraultdata.conformance.model import Absence, Declaration, Extension
from ckanext.heraultdata.conventions.model import Convention, ConventionEvent
from ckanext.heraultdata.standards.model import Standard, StandardVersion
from ckanext.heraultdata.validation.checks.model import Check
from tests import factories
from tests.conformance.test_actions import dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

FIRST, LAST = date(2024, 11, 24), date(2026, 11, 24)
NOON = 12
Row = tuple[object, ...]


@dataclass
class Published:
    """A version: its own due date comes of one of three dates."""

    id: str
    number: str
    published_on: date
    kind: str = "table"
    decree: date | None = None
    adopted_on: date | None = None


@dataclass
class Norm:
    """A standard and its versions, the oldest first."""

    id: str
    name: str
    level: str
    priority: bool
    versions: list[Published] = field(default_factory=list)


@dataclass
class Story:
    """All that happens."""

    partners: list[str] = field(default_factory=list)
    norms: list[Norm] = field(default_factory=list)
    in_force: list[tuple[str, date, date | None]] = field(default_factory=list)
    files: list[tuple[str, str, str, str]] = field(default_factory=list)
    checks: list[tuple[str, str, date, bool]] = field(default_factory=list)
    declared: list[tuple[str, str, date]] = field(default_factory=list)
    extensions: list[tuple[str, str, date, date]] = field(default_factory=list)
    absences: list[tuple[str, str, date, date | None]] = field(default_factory=list)


def test_each_state_of_each_day_is_what_the_sentences_say() -> None:
    story = tell(random.Random("Hérault"))  # noqa: S311 - a story, no secret
    seen: set[object] = set()
    day = FIRST
    while day <= LAST:
        expected = sorted(naive(story, day), key=repr)
        found = tracker.on(day)
        actual = sorted((row_of(found, each) for each in found.standings), key=repr)
        assert actual == expected, day
        seen.update(row[3] for row in actual)
        day += timedelta(days=1)
    assert seen == {
        "conforming",
        "pending",
        "due_soon",
        "overdue",
        "no_deadline",
        "unchecked",
        "missing",
    }


def row_of(found: tracker.Tracker, standing: tracker.Standing) -> Row:
    reckoned = standing.conformance
    return (
        standing.organization_id,
        standing.package_id,
        standing.standard,
        standing.status.value,
        found.label(standing, reckoned.target),
        found.label(standing, reckoned.valid),
        reckoned.due_on,
        reckoned.days_left,
        reckoned.days_late,
    )


def naive(story: Story, day: date) -> Iterator[Row]:
    """The sentences of the design's "Standards" and "Conformance", one after the other."""
    for partner in story.partners:
        for norm in story.norms:
            out = [version for version in norm.versions if version.published_on <= day]
            if not out:
                continue
            held = {file[1] for file in story.files if file[2] == partner and file[3] == norm.name}
            for package in held:
                yield (partner, package, norm.name, *of_dataset(story, norm, out, package, day))
            if held or not norm.priority or floor(story, partner, day) is None:
                continue
            if any(
                absence[:2] == (partner, norm.name)
                and absence[2] <= day < min(a_year_after(absence[2]), absence[3] or date.max)
                for absence in story.absences
            ):
                continue
            dated = deadline(story, norm, out, partner, day)
            yield (partner, None, norm.name, "missing", out[-1].number, None, *dated[1:])


def of_dataset(
    story: Story, norm: Norm, out: list[Published], package: str, day: date
) -> tuple[object, ...]:
    partner = next(file[2] for file in story.files if file[1] == package)
    meets: list[set[str]] = []
    for file in story.files:
        if file[1] != package or file[3] != norm.name:
            continue
        past = [check for check in story.checks if check[0] == file[0] and check[2] <= day]
        of_norm = [c for c in past if c[1] in {version.id for version in norm.versions}]
        last = {check[1]: check[3] for check in sorted(of_norm, key=lambda check: check[2])}
        said = {d[1] for d in story.declared if d[0] == package and d[2] <= day}
        documents = {version.id for version in norm.versions if version.kind == "document"}
        if last:
            checked_valid = {version for version, is_valid in last.items() if is_valid}
            meets.append(checked_valid | (said & documents))
        elif said & {version.id for version in norm.versions}:
            meets.append(said)
        else:
            dated = deadline(story, norm, out, partner, day)
            return ("unchecked", out[-1].number, None, *dated[1:])
    met = [version for version in out if all(version.id in file for file in meets)]
    if met and met[-1] is out[-1]:
        return ("conforming", out[-1].number, out[-1].number, None, None, None)
    newer = out[out.index(met[-1]) + 1 :] if met else out
    status, *dates = deadline(story, norm, newer, partner, day)
    return (status, out[-1].number, met[-1].number if met else None, *dates)


def deadline(
    story: Story, norm: Norm, versions: list[Published], partner: str, day: date
) -> tuple[object, ...]:
    due = [on for on in (due_on(story, norm, v, partner, day) for v in versions) if on]
    late = [on for on in due if on < day]
    if late:
        return ("overdue", late[0], None, (day - late[0]).days)
    if not due:
        return ("no_deadline", None, None, None)
    left = (min(due) - day).days
    return ("due_soon" if left <= 90 else "pending", min(due), left, None)


def due_on(story: Story, norm: Norm, version: Published, partner: str, day: date) -> date | None:
    if norm.level == "territorial":
        own = a_year_after(version.published_on)
    elif version.decree:
        own = version.decree
    elif version.adopted_on and version.adopted_on <= day:
        own = a_year_after(version.adopted_on)
    else:
        return None
    moved = [floor(story, partner, day) or own]
    if not version.decree:
        moved += [
            to
            for who, which, granted_on, to in story.extensions
            if (who, which) == (partner, version.id) and granted_on <= day
        ]
    return max(own, *moved)


def floor(story: Story, partner: str, day: date) -> date | None:
    for who, start, end in story.in_force:
        if who == partner and start <= day and (end is None or day < end):
            return start
    return None


def a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


def tell(chance: random.Random) -> Story:
    """Write the story into the database, and give it back in plain words."""
    story = Story(partners=[factories.partner()["id"] for _ in range(10)])
    # The last one's newest version is a text that no program can check.
    story.norms = [
        norm_of(chance, level, priority)
        for level, priority in (
            ("territorial", True),
            ("national", True),
            ("national", False),
            ("de_facto", False),
            ("territorial", False),
        )
    ]
    of_texts = story.norms[-1].versions[-1]
    of_texts.kind = "document"
    model.Session.flush()
    model.Session.execute(
        sa.update(StandardVersion)
        .where(StandardVersion.id == of_texts.id)
        .values(kind="document", schema=None)
    )
    for rank, partner in enumerate(story.partners[:8]):
        sign(story, partner, chance, ends=rank % 3 == 0)
    for rank, partner in enumerate(story.partners):
        for norm in chance.sample(story.norms, 2 if rank % 2 else 1):
            publish(story, partner, norm, chance)
    for partner in story.partners:
        for norm in story.norms:
            record(story, partner, norm, chance)
    model.Session.commit()
    return story


def norm_of(chance: random.Random, level: str, priority: bool) -> Norm:
    made = factories.standard(level=level, priority=priority)
    norm = Norm(str(made["id"]), made["name"], level, priority)
    start = FIRST - timedelta(days=500)
    for rank in range(3):
        start += timedelta(days=chance.randrange(200, 420))
        version = Published(make_uuid(), f"{rank + 1}.0.0", start)
        if level == "national" and rank % 2:
            version.decree = start + timedelta(days=chance.randrange(30, 400))
        elif level != "territorial" and rank == 0:
            version.adopted_on = start + timedelta(days=chance.randrange(1, 300))
        norm.versions.append(version)
        model.Session.add(
            StandardVersion(
                id=version.id,
                standard_id=norm.id,
                version=version.number,
                kind="table",
                published_on=version.published_on,
                due_on=version.decree,
                adopted_on=version.adopted_on,
                schema={"fields": [{"name": "nom"}]},
                created_at=moment(FIRST),
            )
        )
    assert model.Session.get(Standard, norm.id)
    return norm


def sign(story: Story, partner: str, chance: random.Random, ends: bool) -> None:
    start = FIRST + timedelta(days=chance.randrange(-400, 500))
    end = start + timedelta(days=chance.randrange(100, 300)) if ends else None
    convention = make_uuid()
    story.in_force.append((partner, start, end))
    model.Session.add(Convention(id=convention, organization_id=partner, created_at=moment(start)))
    model.Session.flush()
    events: list[tuple[str, date, dict[str, Any]]] = [
        ("signed", start, {"party": "partner"}),
        ("signed", start, {"party": "department"}),
    ]
    if end is not None:
        # Ended by mutual consent: one month after the letter.
        letter = (end.replace(day=1) - timedelta(days=1)).replace(day=min(end.day, 28))
        events.append(("mutual_termination", letter, {}))
        story.in_force[-1] = (partner, start, end.replace(day=min(end.day, 28)))
    for kind, day, values in events:
        model.Session.add(
            ConventionEvent(
                convention_id=convention, kind=kind, date=day, recorded_at=moment(day), **values
            )
        )
        model.Session.flush()


def publish(story: Story, partner: str, norm: Norm, chance: random.Random) -> None:
    organization = {"id": partner, "name": partner[:8]}
    made = dataset(organization, norm.name, files=chance.choice((1, 1, 2)))
    for resource in made["resources"]:
        story.files.append((resource["id"], made["id"], partner, norm.name))
        if chance.random() < 0.2:
            continue
        for _ in range(chance.randrange(1, 9)):
            day = FIRST + timedelta(days=chance.randrange(-100, 730))
            for version in norm.versions:
                if version.kind == "table" and version.published_on <= day:
                    check(story, resource["id"], made["id"], version, day, chance)
    if chance.random() < 0.6:
        version = norm.versions[-1] if chance.random() < 0.5 else chance.choice(norm.versions)
        day = version.published_on + timedelta(days=chance.randrange(0, 400))
        story.declared.append((made["id"], version.id, day))
        model.Session.add(
            Declaration(package_id=made["id"], version_id=version.id, grounds="Vu", declared_on=day)
        )


def check(
    story: Story,
    resource: str,
    package: str,
    version: Published,
    day: date,
    chance: random.Random,
) -> None:
    if any(c[:3] == (resource, version.id, day) for c in story.checks):
        return
    is_valid = chance.random() < 0.55
    story.checks.append((resource, version.id, day, is_valid))
    model.Session.add(
        Check(
            run_id=f"{resource}-{day}",
            resource_id=resource,
            package_id=package,
            version_id=version.id,
            valid=is_valid,
            error_count=int(not is_valid),
            facts={},
            report={},
            made_at=moment(day),
        )
    )


def record(story: Story, partner: str, norm: Norm, chance: random.Random) -> None:
    if chance.random() < 0.3:
        version = chance.choice(norm.versions)
        granted_on = FIRST + timedelta(days=chance.randrange(0, 600))
        to = granted_on + timedelta(days=chance.randrange(30, 500))
        story.extensions.append((partner, version.id, granted_on, to))
        model.Session.add(
            Extension(
                organization_id=partner,
                version_id=version.id,
                due_on=to,
                reason="Un an de plus",
                asked_on=granted_on,
                granted=True,
                decided_on=granted_on,
            )
        )
    if chance.random() < 0.3:
        said_on = FIRST + timedelta(days=chance.randrange(-300, 600))
        taken_back = said_on + timedelta(days=chance.randrange(1, 500))
        ended_on = taken_back if chance.random() < 0.5 else None
        story.absences.append((partner, norm.name, said_on, ended_on))
        model.Session.add(
            Absence(
                organization_id=partner,
                standard_id=norm.id,
                reason="Aucun arbre",
                declared_on=said_on,
                ended_on=ended_on,
            )
        )


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, NOON, tzinfo=PARIS)
