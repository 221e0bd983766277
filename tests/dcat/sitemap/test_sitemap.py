"""The map of the site: what stands in it, for whom, and in which form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories as ckan_factories
from ckan.tests.helpers import CKANTestApp, call_action
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ckanext.heraultdata.dcat.model import CataloguePiece
from ckanext.heraultdata.dcat.pieces import refreshing
from ckanext.heraultdata.dcat.sitemap import writing
from tests import factories
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

SITE = "http://test.ckan.net"
SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
INDEX, PAGES, DATASETS = "/sitemap.xml", "/sitemap-pages-1.xml", "/sitemap-datasets-1.xml"


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner(name="grand-pic", title="CC du Grand Pic")


def parsed(app: CKANTestApp, address: str) -> Any:
    """The root of a file of the map."""
    return etree.fromstring(app.get(address, status=200).get_data())


def refresh(app: CKANTestApp) -> None:
    """Bring the catalogue up to date, as the job does."""
    with app.flask_app.app_context():
        refreshing.refresh()


def locations(app: CKANTestApp, address: str) -> list[str]:
    """What a file names, without the address of the site."""
    found = parsed(app, address).findall("*/s:loc", SPACES)
    return [location.text.removeprefix(SITE) for location in found]


def test_the_index_names_files_that_are_there(app: CKANTestApp, partner: dict[str, Any]) -> None:
    making.public_dataset(partner, name="arbres")
    index = parsed(app, INDEX)
    assert index.tag == f"{{{SPACES['s']}}}sitemapindex"
    assert locations(app, INDEX) == [PAGES, DATASETS]
    for address in locations(app, INDEX):
        assert parsed(app, address).tag == f"{{{SPACES['s']}}}urlset"


def test_a_site_without_a_dataset_has_a_map_all_the_same(app: CKANTestApp) -> None:
    assert locations(app, INDEX) == [PAGES]
    assert "/" in locations(app, PAGES)
    app.get(DATASETS, status=404)


@pytest.mark.parametrize(
    "address",
    [
        "/sitemap-pages-0.xml",
        "/sitemap-pages-2.xml",
        "/sitemap-datasets-0.xml",
        "/sitemap-datasets-99999999999.xml",
        "/sitemap-pages--1.xml",
        "/sitemap-datasets-x.xml",
        "/sitemap-others-1.xml",
    ],
)
def test_there_is_no_other_file(app: CKANTestApp, address: str) -> None:
    app.get(address, status=404)


def test_a_dataset_stands_there_in_each_language(
    app: CKANTestApp, partner: dict[str, Any], at: Callable[[str], None]
) -> None:
    at("2026-11-20")
    making.public_dataset(partner, name="arbres")
    refresh(app)
    english, french = parsed(app, DATASETS).findall("s:url", SPACES)
    assert english.findtext("s:loc", namespaces=SPACES) == f"{SITE}/dataset/arbres"
    assert french.findtext("s:loc", namespaces=SPACES) == f"{SITE}/fr/dataset/arbres"
    for url in (english, french):
        assert url.findtext("s:lastmod", namespaces=SPACES) == "2026-11-20T10:00:00+00:00"
        links = url.findall("x:link", SPACES)
        assert {link.get("rel") for link in links} == {"alternate"}
        assert {link.get("hreflang"): link.get("href") for link in links} == {
            "en": f"{SITE}/dataset/arbres",
            "fr": f"{SITE}/fr/dataset/arbres",
            "x-default": f"{SITE}/dataset/arbres",
        }
    for address in locations(app, DATASETS):
        app.get(address, status=200)
    lastmod = parsed(app, INDEX).findall("s:sitemap/s:lastmod", SPACES)
    assert [moment.text for moment in lastmod] == ["2026-11-20T10:00:00+00:00"]


@pytest.mark.ckan_config("ckan.locales_offered", "")
def test_a_site_that_names_no_language_is_mapped_in_its_own(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    making.public_dataset(partner, name="arbres")
    refresh(app)
    (url,) = parsed(app, DATASETS).findall("s:url", SPACES)
    assert url.findall("x:link", SPACES) == []


def test_the_other_public_pages_stand_there(app: CKANTestApp, partner: dict[str, Any]) -> None:
    factories.standard(name="herault-brouillon")
    standard = factories.standard(name="herault-arbres")
    factories.version(standard=standard["name"], published_on="2026-01-01")
    ckan_factories.Group(name="transports")
    gone = factories.partner(name="disparu")
    call_action("organization_delete", making.site_context(), id=gone["id"])
    named = locations(app, PAGES)
    for address in (
        "/",
        "/fr/",
        "/dataset/",
        "/fr/dataset/",
        "/partners",
        "/standards",
        "/register",
        "/organization/grand-pic",
        "/fr/organization/grand-pic",
        "/standard/herault-arbres",
        "/group/transports",
    ):
        assert address in named, address
    assert "/standard/herault-brouillon" not in named
    assert "/organization/disparu" not in named
    assert len(named) == len(set(named))
    for address in named:
        app.get(address, status=200)


def test_what_is_not_public_never_stands_there(app: CKANTestApp, partner: dict[str, Any]) -> None:
    administrator = {"Authorization": factories.token(factories.user(sysadmin=True))}
    making.private_dataset(partner, name="prive")
    for name in ("arbres", "retire", "supprime", "cache", "brouillon"):
        making.public_dataset(partner, name=name)
    refresh(app)
    assert "/dataset/retire" in locations(app, DATASETS)
    making.executed(partner, {"id": _id("retire")})
    call_action("package_delete", making.site_context(), id="supprime")
    call_action("package_patch", making.site_context(), id="cache", private=True)
    draft = model.Package.get("brouillon")
    assert draft is not None
    draft.state = "draft"
    model.Session.commit()
    for headers in ({}, administrator):
        body = app.get(DATASETS, headers=headers).get_data(as_text=True)
        assert "/dataset/arbres" in body
        for name in ("prive", "retire", "supprime", "cache", "brouillon"):
            assert f"/dataset/{name}<" not in body, name


def test_a_dataset_that_was_never_served_yet_stands_there(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    making.many_datasets(partner, 3)
    app.get(INDEX)
    assert len(locations(app, DATASETS)) == 6


def test_files_hold_no_more_than_the_protocol_takes(
    app: CKANTestApp, partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_URLS", 40)
    names = making.many_datasets(partner, 45)
    files = [each for each in locations(app, INDEX) if "datasets" in each]
    assert files == [f"/sitemap-datasets-{number}.xml" for number in (1, 2, 3)]
    named = [locations(app, each) for each in files]
    assert [len(each) for each in named] == [40, 40, 10]
    assert sorted(each for file in named for each in file if "/fr/" not in each) == [
        f"/dataset/{name}" for name in names
    ]
    # One that leaves moves none of the others.
    leaving = named[0][0].removeprefix("/dataset/")
    call_action("package_delete", making.site_context(), id=leaving)
    assert locations(app, files[0]) == named[0][2:]
    assert locations(app, files[1]) == named[1]


def test_pages_fill_several_files_too(
    app: CKANTestApp, partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = locations(app, PAGES)
    monkeypatch.setattr(writing, "MOST_URLS", 10)
    files = locations(app, INDEX)
    assert len(files) > 1
    assert [address for each in files for address in locations(app, each)] == every


@pytest.mark.parametrize("address", [INDEX, PAGES, DATASETS])
def test_a_client_that_has_it_already_is_told_so(
    app: CKANTestApp, partner: dict[str, Any], address: str
) -> None:
    making.public_dataset(partner, name="arbres")
    app.get(INDEX)
    refresh(app)
    first = app.get(address)
    assert first.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert "Set-Cookie" not in first.headers
    known = {"If-None-Match": first.headers["ETag"]}
    again = app.get(address, headers=known)
    assert (again.status_code, again.text) == (304, "")
    head = app.test_client().head(address)
    assert (head.headers["ETag"], head.get_data()) == (first.headers["ETag"], b"")
    factories.partner(name="autre")
    making.public_dataset(partner, name="bancs")
    refresh(app)
    changed = app.get(address, headers=known)
    assert changed.status_code == 200


def test_it_makes_as_many_queries_for_many_datasets_as_for_one(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    def asked(address: str) -> int:
        with counted_queries() as made:
            app.get(address, status=200)
        return len(made)

    making.many_datasets(partner, 1)
    app.get(INDEX)
    for_one = [asked(address) for address in (INDEX, PAGES, DATASETS)]
    making.many_datasets(partner, 60)
    for _ in range(5):
        factories.partner()
    app.get(INDEX)
    assert [asked(address) for address in (INDEX, PAGES, DATASETS)] == for_one


def test_the_languages_of_the_address_change_nothing(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    making.public_dataset(partner, name="arbres")
    for address in (INDEX, PAGES, DATASETS):
        assert app.get(f"/fr{address}").text == app.get(address).text


def test_robots_are_told_of_it(app: CKANTestApp) -> None:
    for address in ("/robots.txt", "/fr/robots.txt"):
        lines = app.get(address).text.splitlines()
        assert f"Sitemap: {SITE}/sitemap.xml" in lines
        # CKAN's own lines stay.
        assert "User-agent: *" in lines
        assert "Disallow: /api/" in lines


def _id(name: str) -> str:
    package = model.Package.get(name)
    assert package is not None
    return package.id


def test_a_moment_is_written_in_utc() -> None:
    moment = datetime(2026, 11, 20, 10, 0, 30, 999, tzinfo=timezone.utc)
    page = writing.Page({"fr": "https://portail.example/?a=1&b=<\">'"}, moment)
    root = etree.fromstring("".join(writing.pages([page])).encode())
    assert root.findtext("s:url/s:lastmod", namespaces=SPACES) == "2026-11-20T10:00:30+00:00"
    assert root.findtext("s:url/s:loc", namespaces=SPACES) == "https://portail.example/?a=1&b=<\">'"


def test_pieces_without_a_place_are_left_out(app: CKANTestApp, partner: dict[str, Any]) -> None:
    making.public_dataset(partner, name="arbres")
    app.get(INDEX)
    model.Session.execute(sa.update(CataloguePiece).values(slot=None))
    model.Session.commit()
    app.get(DATASETS, status=404)
