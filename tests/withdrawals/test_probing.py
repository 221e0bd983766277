"""Whether platforms of each kind are asked rightly, and what they answer is read rightly."""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.validation.engine.limits import Limits
from ckanext.heraultdata.withdrawals.kinds import PlatformKind
from ckanext.heraultdata.withdrawals.probing.asking import Asker, Reply
from ckanext.heraultdata.withdrawals.probing.matching import same_title
from ckanext.heraultdata.withdrawals.probing.model import (
    Evidence,
    Failure,
    Sought,
    SoughtFile,
    Way,
)
from ckanext.heraultdata.withdrawals.probing.probe import platform_at, probe
from tests import factories

from . import making
from .platforms_fakes import (
    Fake,
    FakeCatalogue,
    FakeCkan,
    FakeOpendatasoft,
    FakeUdata,
    running,
)

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
OURS = "0b7d1f2c-4a5e-4d55-9d4d-3f7f0d1c8a11"
FILE = "5c8d0a77-2f10-4b39-8a0b-9a4b6a1f2e22"
OTHER_FILE = "7e2f6b10-91a4-4c02-b1d3-6a0d3a7c5b33"
PAGE = "https://data.departement.example/dataset/budget-2025"
TITLE = 'Budget de "Gignac" : l’exercice 2025'
SOUGHT = Sought(
    identifiers=(OURS, "gignac:budget\\2025"),
    addresses=(PAGE, f"https://data.departement.example/dataset/{OURS}"),
    title=TITLE,
)
SOUGHT_FILE = replace(
    SOUGHT,
    file=SoughtFile(
        FILE,
        (
            f"https://data.departement.example/dataset/{OURS}/resource/{FILE}",
            "https://files.gignac.example/budget.csv",
        ),
        "Budget.csv",
    ),
)
FAKES = {
    PlatformKind.CKAN: FakeCkan,
    PlatformKind.OPENDATASOFT: FakeOpendatasoft,
    PlatformKind.UDATA: FakeUdata,
    PlatformKind.DCAT: FakeCatalogue,
}
_rank = itertools.count(1)
KINDS = pytest.mark.parametrize("kind", list(PlatformKind))


def ask(kind: PlatformKind, fake: Fake, sought: Sought = SOUGHT, seconds: float = 5) -> Evidence:
    """What a probe of a platform sees."""
    asker = Asker(allow_private=True, limits=Limits(bytes=2**20, seconds=seconds))
    return probe(platform_at(kind, fake.url, asker), sought, NOW)


@pytest.fixture
def fake(kind: PlatformKind) -> Iterator[Fake]:
    """A platform of a kind, without any dataset."""
    with running(FAKES[kind](), "/catalog.ttl" if kind is PlatformKind.DCAT else "") as platform:
        yield platform


def shown(kind: PlatformKind, **fields: Any) -> dict[str, Any]:
    """A dataset as a platform shows it: `title`, `identifier`, `landing`, `files`."""
    title = fields.get("title", "Another title")
    identifier = fields.get("identifier", "")
    landing = fields.get("landing", "")
    files = fields.get("files", [])
    if kind is PlatformKind.CKAN:
        extras = [{"key": "guid", "value": identifier}] if identifier else []
        resources = [{"id": "r", "name": file["title"], "url": file["url"]} for file in files]
        return {
            "id": "theirs",
            "name": "a-copy",
            "title": title,
            "url": landing,
            "extras": extras,
            "resources": resources,
        }
    if kind is PlatformKind.OPENDATASOFT:
        return {
            "dataset_id": "a-copy",
            "has_records": not files,
            "metas": {
                "default": {"title": title, "references": landing},
                "dcat": {"identifier": identifier},
            },
            "attachments": files,
        }
    if kind is PlatformKind.UDATA:
        harvested = {"remote_id": identifier, "remote_url": landing}
        harvest = {key: value for key, value in harvested.items() if value}
        return {
            "id": "5f0e1a",
            "slug": "a-copy",
            "title": title,
            "description": "What it is about.",
            "tags": [],
            "page": "https://udata.example/datasets/a-copy/",
            "archived": None,
            "deleted": None,
            "harvest": harvest or None,
            "resources": files,
        }
    return {
        "uri": f"https://region.example/dataset/{next(_rank)}",
        "title": title.replace('"', '\\"'),
        "texts": {"dct:identifier": identifier} if identifier else {},
        "links": {"dcat:landingPage": landing} if landing else {},
        "files": files,
    }


@KINDS
def test_an_empty_platform_holds_no_copy(kind: PlatformKind, fake: Fake) -> None:
    fake.datasets = [shown(kind, identifier="other", landing="https://other.example/dataset/x")]
    seen = ask(kind, fake)
    assert (seen.found, seen.status, seen.by, seen.error) == (False, 200, None, None)
    assert seen.address.startswith(fake.url)
    assert seen.at == NOW


@KINDS
@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"identifier": OURS}, Way.IDENTIFIER),
        ({"landing": PAGE}, Way.LANDING_PAGE),
        ({"landing": f"{PAGE}/"}, Way.LANDING_PAGE),
        ({"title": TITLE}, Way.TITLE),
    ],
)
def test_a_copy_is_found_by_each_way(
    kind: PlatformKind, fake: Fake, fields: dict[str, str], by: Way
) -> None:
    if kind is PlatformKind.UDATA:
        # Its search reads titles and descriptions only; what it harvested is told in the answer.
        fields = {**fields, "title": TITLE}
    fake.datasets = [shown(kind, identifier=""), shown(kind, **fields)]
    seen = ask(kind, fake)
    assert (seen.found, seen.by) == (True, by)
    assert seen.page is not None


@KINDS
def test_the_surest_way_is_told(kind: PlatformKind, fake: Fake) -> None:
    fake.datasets = [
        shown(kind, title=TITLE),
        shown(kind, title=TITLE, identifier=OURS, landing=PAGE),
    ]
    assert ask(kind, fake).by is Way.IDENTIFIER


@pytest.mark.parametrize("kind", [PlatformKind.CKAN, PlatformKind.UDATA])
def test_a_title_is_no_copy_of_ours_where_it_was_harvested_elsewhere(
    kind: PlatformKind, fake: Fake
) -> None:
    fake.datasets = [shown(kind, title=TITLE, identifier="https://other.example/dataset/7")]
    assert ask(kind, fake).found is False


@KINDS
@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ((500, "text/plain", b"oops"), Failure.REFUSED),
        ((503, "text/html", b"<h1>maintenance</h1>"), Failure.REFUSED),
        ((403, "application/json", b"{}"), Failure.REFUSED),
        ((401, "application/json", b"{}"), Failure.REFUSED),
        ((429, "application/json", b"{}"), Failure.REFUSED),
        ((200, "text/html", b"<html><body>Welcome</body></html>"), Failure.NOT_READABLE),
        ((200, "application/json", b'{"total": 0, "data": ['), Failure.NOT_READABLE),
        ((200, "application/json", b"[]"), Failure.NOT_READABLE),
        ((200, "application/json", b'{"success": false}'), Failure.NOT_READABLE),
        ((200, "application/json", b"[" * 100_000), Failure.NOT_READABLE),
        ((200, "text/turtle", b"<a> <b> "), Failure.NOT_READABLE),
        ((200, "text/turtle", b""), Failure.NOT_READABLE),
    ],
)
def test_what_cannot_be_read_is_not_gone(
    kind: PlatformKind, fake: Fake, answer: tuple[int, str, bytes], failure: Failure
) -> None:
    fake.broken = answer
    seen = ask(kind, fake)
    assert (seen.found, seen.error, seen.status) == (None, failure, answer[0])


@KINDS
def test_a_server_that_is_not_there_is_not_gone(kind: PlatformKind) -> None:
    fake = FAKES[kind]()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        fake.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    seen = ask(kind, fake)
    assert (seen.found, seen.error, seen.status) == (None, Failure.NO_ANSWER, None)


@KINDS
def test_a_server_that_never_answers_is_given_up(kind: PlatformKind) -> None:
    fake = FAKES[kind]()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        fake.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        seen = ask(kind, fake, seconds=0.3)
    assert (seen.found, seen.error) == (None, Failure.NO_ANSWER)


@KINDS
def test_an_answer_that_is_too_large_is_not_gone(kind: PlatformKind, fake: Fake) -> None:
    fake.broken = (200, "application/json", b" " * (2**20 + 1))
    assert ask(kind, fake).found is None


@KINDS
def test_a_private_address_is_not_asked(kind: PlatformKind, fake: Fake) -> None:
    seen = probe(platform_at(kind, fake.url, Asker(allow_private=False)), SOUGHT, NOW)
    assert (seen.found, seen.error) == (None, Failure.NOT_PUBLIC)
    assert fake.asked == []


@pytest.mark.parametrize("kind", [PlatformKind.CKAN, PlatformKind.OPENDATASOFT])
def test_a_copy_beyond_the_first_page_is_found(kind: PlatformKind, fake: Fake) -> None:
    fake.datasets = [shown(kind, title=f"{TITLE} {rank}") for rank in range(250)]
    fake.datasets.append(shown(kind, title=TITLE))
    assert ask(kind, fake).by is Way.TITLE


@KINDS
def test_a_list_that_cannot_be_read_to_its_end_is_not_gone(kind: PlatformKind, fake: Fake) -> None:
    if isinstance(fake, FakeCatalogue):
        fake.page_size = 1
    fake.datasets = [shown(kind, title=f"{TITLE} {rank}") for rank in range(1100)]
    seen = ask(kind, fake, seconds=60)
    assert (seen.found, seen.error) == (None, Failure.INCOMPLETE)


@pytest.mark.parametrize("kind", [each for each in PlatformKind if each is not PlatformKind.DCAT])
def test_a_copy_that_was_found_is_there_though_another_question_failed(
    kind: PlatformKind, fake: Fake
) -> None:
    fake.datasets = [shown(kind, title=TITLE)]
    whole = fake.answer
    failures = iter([(500, "text/plain", b"oops")])
    fake.answer = lambda path, query: next(failures, None) or whole(path, query)
    assert ask(kind, fake).by is Way.TITLE


@KINDS
def test_all_the_ways_must_agree_that_nothing_is_there(kind: PlatformKind, fake: Fake) -> None:
    whole = fake.answer
    answers = iter([(500, "text/plain", b"oops")])
    fake.answer = lambda path, query: next(answers, None) or whole(path, query)
    assert ask(kind, fake).found is None


@KINDS
@pytest.mark.parametrize(
    ("url", "title", "by"),
    [
        (f"https://data.departement.example/dataset/{OURS}/resource/{FILE}/x.csv", "x", "found"),
        ("https://files.gignac.example/budget.csv", "x", "found"),
        ("https://cache.region.example/9.csv", "Budget.csv", "found"),
        ("https://cache.region.example/9.csv", "Other.csv", "gone"),
        (
            f"https://data.departement.example/dataset/{OURS}/resource/{OTHER_FILE}/x.csv",
            "Budget.csv",
            "gone",
        ),
    ],
)
def test_a_file_is_looked_for_in_the_copy_of_its_dataset(
    kind: PlatformKind, fake: Fake, url: str, title: str, by: str
) -> None:
    files = [
        {"title": "Notice.pdf", "url": f"{PAGE}/resource/notice"},
        {"title": title, "url": url},
    ]
    fake.datasets = [shown(kind, identifier=OURS, title=TITLE, files=files)]
    assert ask(kind, fake, SOUGHT_FILE).found is (by == "found")


def test_a_portal_that_does_not_say_of_which_files_its_data_are_still_holds_them() -> None:
    kind = PlatformKind.OPENDATASOFT
    with running(FakeOpendatasoft()) as fake:
        fake.datasets = [shown(kind, landing=PAGE)]
        assert ask(kind, fake, SOUGHT_FILE).found is True


def test_what_udata_archived_is_still_there_by_its_own_identifier() -> None:
    with running(FakeUdata()) as fake:
        copy = shown(PlatformKind.UDATA, title="Renamed", identifier=OURS)
        fake.datasets = [copy]
        copy["archived"] = "2026-03-09T00:00:00"
        assert ask(PlatformKind.UDATA, fake).found is False
        known = replace(SOUGHT, key=copy["id"])
        assert ask(PlatformKind.UDATA, fake, known).by is Way.IDENTIFIER
        copy["deleted"] = "2026-03-10T00:00:00"
        assert ask(PlatformKind.UDATA, fake, known).found is False


def test_what_udata_archived_is_still_there_by_the_short_name_of_its_title() -> None:
    with running(FakeUdata()) as fake:
        copy = shown(PlatformKind.UDATA, title=TITLE, identifier=OURS)
        copy |= {"archived": "2026-03-09T00:00:00", "slug": "budget-de-gignac-lexercice-2025"}
        fake.datasets = [copy]
        assert ask(PlatformKind.UDATA, fake).by is Way.IDENTIFIER


def test_what_a_platform_gives_as_a_page_is_a_link_only_where_it_is_of_the_web() -> None:
    with running(FakeUdata()) as fake:
        copy = shown(PlatformKind.UDATA, title=TITLE)
        fake.datasets = [{**copy, "page": "javascript:alert(1)"}]
        seen = ask(PlatformKind.UDATA, fake)
        assert (seen.found, seen.page) == (True, None)


@KINDS
def test_a_platform_that_is_asked_too_much_is_left_alone(kind: PlatformKind, fake: Fake) -> None:
    fake.broken = (429, "text/plain", b"Too Many Requests")
    assert ask(kind, fake).is_down
    assert len(fake.asked) == 1


@pytest.mark.parametrize("link", ["hydra:next", "hydra:nextPage"])
def test_a_catalogue_is_read_to_its_last_page_once(link: str) -> None:
    with running(FakeCatalogue(), "/catalog.ttl") as fake:
        fake.link = link
        for rank in range(5):
            fake.datasets.append(shown(PlatformKind.DCAT, title=f"Dataset {rank}"))
        fake.datasets[-1]["texts"] = {"dct:identifier": OURS}
        asker = Asker(allow_private=True)
        platform = platform_at(PlatformKind.DCAT, fake.url, asker)
        assert probe(platform, SOUGHT, NOW).by is Way.IDENTIFIER
        assert probe(platform, replace(SOUGHT, identifiers=("none",)), NOW).found is False
        assert len(fake.asked) == 3


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://[::1"])
def test_a_next_page_that_is_no_address_of_the_web_is_not_asked(address: str) -> None:
    with running(FakeCatalogue(), "/catalog.ttl") as fake:
        page = (
            "@prefix hydra: <http://www.w3.org/ns/hydra/core#> .\n"
            f"<{fake.url}> a <http://www.w3.org/ns/dcat#Catalog> ; hydra:next <{address}> ."
        )
        fake.broken = (200, "text/turtle", page.encode())
        seen = ask(PlatformKind.DCAT, fake)
        assert (seen.error, seen.address) == (Failure.NOT_READABLE, fake.url)


def test_a_catalogue_that_goes_round_in_circles_says_nothing_of_what_is_gone() -> None:
    with running(FakeCatalogue(), "/catalog.ttl") as fake:
        fake.datasets = [shown(PlatformKind.DCAT) for _ in range(3)]
        whole = fake.answer
        fake.answer = lambda path, query: whole(path, {})
        fake.link = f"hydra:next <{fake.url}> ; hydra:previous"
        assert ask(PlatformKind.DCAT, fake).error is Failure.INCOMPLETE


def test_a_catalogue_with_a_broken_page_says_nothing_of_what_is_gone() -> None:
    with running(FakeCatalogue(), "/catalog.ttl") as fake:
        fake.cuts_at = 2
        fake.datasets = [shown(PlatformKind.DCAT) for _ in range(3)]
        assert ask(PlatformKind.DCAT, fake).error is Failure.REFUSED


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Budget 2025", "budget  2025", True),
        ("Délibérations", "Deliberations", True),
        ("L’eau", "L'eau", True),
        ("Budget 2025", "Budget 2024", False),
        ("", "", False),
        ("!", "?", False),
    ],
)
def test_titles_are_compared_by_their_letters(one: str, other: str, same: bool) -> None:
    assert same_title(one, other) is same


class WithinProcess(Asker):
    """Asks the CKAN under test as a visitor: its real Solr reads the filters."""

    def json(self, address: str, parameters: Mapping[str, str | int]) -> tuple[str, dict[str, Any]]:
        """Ask it."""
        action = address.removeprefix("http://ckan.example/api/3/action/")
        visitor = {"user": "", "ignore_auth": False}
        found = call_action(action, context=visitor, **parameters)
        # As it comes over the web.
        return address, json.loads(json.dumps({"success": True, "result": found}))


@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"id": OURS}, Way.IDENTIFIER),
        ({"extras": [{"key": "guid", "value": f"https://x.example/{OURS}"}]}, Way.IDENTIFIER),
        ({"identifier": "gignac:budget\\2025"}, Way.IDENTIFIER),
        ({"url": PAGE}, Way.LANDING_PAGE),
        ({"extras": [{"key": "uri", "value": PAGE}]}, Way.LANDING_PAGE),
        ({"title": TITLE}, Way.TITLE),
        ({}, None),
    ],
)
def test_a_real_ckan_finds_its_copy(fields: dict[str, Any], by: Way | None) -> None:
    making.public_dataset(factories.partner(), **{"title": "Another title", **fields})
    asker = WithinProcess(allow_private=True)
    seen = probe(platform_at(PlatformKind.CKAN, "http://ckan.example", asker), SOUGHT, NOW)
    assert seen.error is None
    assert (seen.found, seen.by) == (by is not None, by)


@dataclass(frozen=True)
class ByApplication(Asker):
    """Asks the portal under test for its own catalogue, as ckanext-dcat writes it."""

    app: CKANTestApp | None = None

    def get(self, address: str, accept: str) -> Reply:
        """Ask it."""
        assert self.app is not None
        answer = self.app.get(address.removeprefix("http://test.ckan.net"), status=200)
        return Reply(address, answer.mimetype or "", answer.data)


@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", 2)
@pytest.mark.parametrize("extension", ["ttl", "rdf", "xml"])
def test_a_real_catalogue_is_read_to_its_end(app: CKANTestApp, extension: str) -> None:
    partner = factories.partner()
    datasets = [making.public_dataset(partner, title=f"Trees {rank}") for rank in range(5)]
    asker = ByApplication(allow_private=True, app=app)
    address = f"http://test.ckan.net/catalog.{extension}"
    platform = platform_at(PlatformKind.DCAT, address, asker)
    for dataset in datasets:
        ours = Sought((dataset["id"],), ("https://elsewhere.example/x",), "Another title")
        assert probe(platform, ours, NOW).by is Way.IDENTIFIER
    seen = probe(platform, SOUGHT, NOW)
    assert (seen.found, seen.error) == (False, None)
