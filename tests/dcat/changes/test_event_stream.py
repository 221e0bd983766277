"""The event streams, read as their clients read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, RDFS, XSD

from ckanext.heraultdata.dcat.changes.views import FEED_SIZE, LOG_SIZE
from ckanext.heraultdata.dcat.kinds import ChangeKind, Serialisation
from ckanext.heraultdata.dcat.model import CatalogueChange, CataloguePiece
from ckanext.heraultdata.dcat.pieces import reading, writing
from tests import factories
from tests.dcat.changes.making import (
    AS,
    CREATE,
    DELETE,
    FEED,
    LDES,
    LOG,
    MEDIA_TYPES,
    SITE,
    START,
    TREE,
    UPDATE,
    Client,
    default_graph,
    parsed,
    tell,
    tell_all,
    uri,
)
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "from_one")

ALL = (*LOG, *FEED)


def extension_of(address: str) -> str:
    return address.rpartition(".")[2]


def many(count: int, kind: ChangeKind = UPDATE, first_minute: int = 0) -> list[int]:
    """As many changes of three datasets, a minute apart."""
    return tell_all([(kind, "abc"[rank % 3], first_minute + rank) for rank in range(count)])


@pytest.fixture
def story() -> list[int]:
    """Two datasets of which one is withdrawn."""
    return tell_all([(CREATE, "a", 0), (CREATE, "b", 1), (UPDATE, "a", 2), (DELETE, "b", 3)])


@pytest.mark.parametrize("address", LOG)
def test_the_log_tells_all_that_happened_in_its_order(
    app: CKANTestApp, story: list[int], address: str
) -> None:
    client = Client(app)
    client.walk(address)
    assert client.kinds == [("Create", "a"), ("Create", "b"), ("Update", "a"), ("Delete", "b")]
    assert list(client.members) == [f"{SITE}/catalog/changes/{number}" for number in story]
    assert [member.published for member in client.members.values()] == [
        START + timedelta(minutes=minute) for minute in range(4)
    ]
    assert not client.graphs


@pytest.mark.parametrize("address", FEED)
def test_the_feed_tells_the_last_of_each_dataset_with_its_description(
    app: CKANTestApp, story: list[int], address: str
) -> None:
    client = Client(app)
    client.walk(address)
    assert client.kinds == [("Update", "a"), ("Delete", "b")]
    (name, graph), *others = client.graphs.items()
    assert others == []
    assert name == f"{SITE}/catalog/changes/{story[2]}"
    assert {str(value) for value in graph.objects(URIRef(uri("a")))} >= {"A"}


@pytest.mark.parametrize("addresses", [LOG, FEED])
@pytest.mark.parametrize("query", ["", "?after=1", "?since=2026-11-20"])
def test_the_forms_say_the_same(
    app: CKANTestApp, story: list[int], addresses: tuple[str, ...], query: str
) -> None:
    read = []
    for address in addresses:
        extension = extension_of(address)
        answer = app.get(address + query)
        assert answer.headers["Content-Type"] == f"{MEDIA_TYPES[extension]}; charset=utf-8"
        pages = f"{SITE}{address}"
        text = answer.text.replace(pages, pages.removesuffix(extension))
        read.append({(*quad[:3], str(quad[3])) for quad in parsed(text, extension).quads()})
    assert read[0]
    assert all(each == read[0] for each in read)


@pytest.mark.parametrize("address", ALL)
def test_the_same_changes_are_the_same_bytes(
    app: CKANTestApp, story: list[int], address: str
) -> None:
    assert app.get(address).data == app.get(address).data


@pytest.mark.parametrize("address", LOG)
def test_a_walk_meets_each_change_once_while_others_come(app: CKANTestApp, address: str) -> None:
    before = many(2 * LOG_SIZE + 7)
    client = Client(app)
    came: list[int] = []

    def meanwhile() -> None:
        came.extend(tell_all([(UPDATE, "c", 5000 + len(came)), (CREATE, "d", 5000 + len(came))]))

    client.walk(address, meanwhile)
    assert len(client.pages) == 3
    client.walk(address)
    assert list(client.members) == [f"{SITE}/catalog/changes/{each}" for each in before + came]
    once = [name for page in client.final for name in members(app, page)]
    assert len(once) == len(set(once)) == 2 * LOG_SIZE
    # What said that it is final was not read again; the last page grew.
    assert len(client.pages) == 4


def members(app: CKANTestApp, page: str) -> list[str]:
    graph = default_graph(
        parsed(app.get(page.removeprefix(SITE)).text, extension_of(page.partition("?")[0]))
    )
    return [str(member) for member in graph.objects(None, TREE.member)]


def test_what_is_final_says_so_and_never_changes(app: CKANTestApp) -> None:
    many(LOG_SIZE)
    first = app.get("/catalog/changes.ttl")
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    tell(CREATE, "d", 3000)
    complete = app.get("/catalog/changes.ttl")
    assert complete.headers["Cache-Control"] == "public, max-age=604800, immutable"
    assert complete.headers["ETag"] != first.headers["ETag"]
    tell_all([(DELETE, each, 4000) for each in "abcd"])
    many(2 * LOG_SIZE, CREATE, 5000)
    assert app.get("/catalog/changes.ttl").data == complete.data
    assert app.get("/catalog/changes.ttl").headers["ETag"] == complete.headers["ETag"]


def test_numbers_that_were_never_given_are_passed_over(app: CKANTestApp) -> None:
    tell(CREATE, "a", 0)
    model.Session.execute(
        sa.text("SELECT setval('heraultdata_dcat_change_id_seq', :last)"), {"last": 10 * LOG_SIZE}
    )
    model.Session.commit()
    tell(CREATE, "b", 1)
    client = Client(app)
    client.walk("/catalog/changes.ttl")
    assert client.kinds == [("Create", "a"), ("Create", "b")]
    assert client.pages[1] == f"{SITE}/catalog/changes.ttl?after={10 * LOG_SIZE}"


@pytest.mark.parametrize("address", ALL)
def test_it_is_complete_since_any_moment(app: CKANTestApp, address: str) -> None:
    # Two changes a minute; the last ones of the datasets are among the last of all.
    numbers = tell_all([(UPDATE, "abcdef"[rank % 6], rank // 2) for rank in range(600)])
    whole = Client(app)
    whole.walk(address)
    for minute in (0, 1, 124, 125, 299):
        moment = START + timedelta(minutes=minute)
        client = Client(app)
        client.walk(f"{address}?since={moment.strftime('%Y-%m-%dT%H:%M:%SZ')}")
        expected = [name for name, each in whole.members.items() if each.published >= moment]
        assert list(client.members) == expected
        assert expected
    assert f"{SITE}/catalog/changes/{numbers[-1]}" in whole.members


@pytest.mark.parametrize(
    ("since", "kinds"),
    [
        ("2026-11-20", ["Create", "Create", "Update", "Delete"]),
        ("2026-11-20T09:02:00", ["Update", "Delete"]),
        ("2026-11-20T09:02:00 01:00", ["Update", "Delete"]),
        ("2026-11-20T09:02:00%2B01:00", ["Update", "Delete"]),
        ("2026-11-20T08:02:00.000001Z", ["Delete"]),
        ("2026-11-21", []),
        ("9999-12-31", []),
        ("0001-01-01", ["Create", "Create", "Update", "Delete"]),
    ],
)
@pytest.mark.parametrize("address", LOG)
def test_since_is_a_date_of_paris_or_a_moment(
    app: CKANTestApp, story: list[int], address: str, since: str, kinds: list[str]
) -> None:
    client = Client(app)
    client.read(f"{address}?since={since.replace(' ', '+')}")
    assert [kind for kind, _ in client.kinds] == kinds


def test_since_the_future_there_is_nothing_until_it_comes(app: CKANTestApp) -> None:
    tell(CREATE, "a", 0)
    address = "/catalog/changes.ttl?since=2026-11-21"
    client = Client(app)
    client.walk(address)
    assert client.members == {}
    assert app.get(address).headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    tell(CREATE, "b", 2000)
    client.walk(address)
    assert client.kinds == [("Create", "b")]


@pytest.mark.parametrize("address", ALL)
def test_an_empty_stream_is_one_all_the_same(app: CKANTestApp, address: str) -> None:
    client = Client(app)
    client.walk(address)
    assert (client.members, len(client.pages), client.final) == ({}, 1, set())
    assert "Last-Modified" not in app.get(address).headers


def test_a_client_may_start_at_the_root_and_since_a_moment(
    app: CKANTestApp, story: list[int]
) -> None:
    def view(query: str, address: str = LOG[0]) -> Graph:
        return default_graph(parsed(app.get(address + query).text, extension_of(address)))

    stream = URIRef(f"{SITE}/catalog/changes#stream")
    root = view("")
    assert root.value(stream, TREE.view) == URIRef(f"{SITE}/catalog/changes.ttl")
    assert root.value(None, LDES.startingFrom) is None
    later = view("?since=2026-11-20T09:01:00%2B01:00")
    page = URIRef(f"{SITE}/catalog/changes.ttl?since=2026-11-20T09:01:00%2B01:00")
    assert later.value(stream, TREE.view) == page
    policy = later.value(page, LDES.retentionPolicy)
    starting = later.value(policy, LDES.startingFrom)
    assert starting == Literal("2026-11-20T08:01:00+00:00", datatype=XSD.dateTime)
    assert view("?after=1").value(stream, TREE.view) is None
    feed = view("", FEED[0])
    policy = feed.value(URIRef(f"{SITE}/catalog/feed.trig"), LDES.retentionPolicy)
    assert feed.value(policy, LDES.versionAmount) == Literal(1)
    assert (policy, RDF.type, LDES.LatestVersionSubset) in feed


@pytest.mark.parametrize("address", [*ALL, "/catalog/changes.atom"])
def test_nothing_of_a_withdrawn_dataset_is_told(app: CKANTestApp, address: str) -> None:
    tell_all([(CREATE, "maison-fabre", 0), (UPDATE, "maison-fabre", 1), (CREATE, "b", 2)])
    shown = app.get(address).text
    assert ("MAISON-FABRE" in shown) == (address not in LOG)
    tell(DELETE, "maison-fabre", 3)
    gone = app.get(address).text
    assert "MAISON-FABRE" not in gone
    assert uri("maison-fabre") in gone


def test_what_is_being_withdrawn_is_not_described_before_its_change_is_told(
    app: CKANTestApp,
) -> None:
    tell_all([(CREATE, "a", 0), (CREATE, "b", 1)])
    model.Session.execute(
        sa.update(CataloguePiece)
        .where(CataloguePiece.package_id == "a")
        .values(is_public=False, slot=None, digest=None)
    )
    model.Session.commit()
    for address in FEED:
        client = Client(app)
        client.walk(address)
        assert client.kinds == [("Create", "b")]


def test_a_dataset_that_comes_back_is_described_again(app: CKANTestApp) -> None:
    tell_all([(CREATE, "a", 0)])
    tell(DELETE, "a", 1)
    tell(CREATE, "a", 2)
    client = Client(app)
    client.walk(FEED[0])
    assert client.kinds == [("Create", "a")]
    assert len(client.graphs) == 1


def test_pages_of_the_feed_that_hold_nothing_any_more_are_passed_over(app: CKANTestApp) -> None:
    tell(CREATE, "d", 0)
    many(8 * FEED_SIZE)
    client = Client(app)
    client.walk(FEED[0])
    assert client.kinds == [("Create", "d"), ("Update", "c"), ("Update", "a"), ("Update", "b")]
    assert len(client.pages) <= 3
    # A client that was promised such a page finds its way on.
    old = Client(app)
    old.walk(f"{FEED[0]}?after={FEED_SIZE}")
    assert [dataset for _, dataset in old.kinds] == ["c", "a", "b"]


def test_the_feed_follows_what_becomes_of_the_datasets(app: CKANTestApp) -> None:
    numbers = tell_all([(CREATE, f"set-{rank}", rank) for rank in range(2 * FEED_SIZE + 9)])
    client = Client(app)
    client.walk(FEED[1])
    assert len(client.members) == len(numbers) == len(client.graphs)
    tell_all([(UPDATE, "set-3", 3000), (DELETE, "set-4", 3001), (CREATE, "set-new", 3002)])
    read_before = len(client.pages)
    client.walk(FEED[1])
    assert client.kinds[-3:] == [("Update", "set-3"), ("Delete", "set-4"), ("Create", "set-new")]
    assert len(client.pages) == read_before + 1
    assert set(client.times.values()) == {1, 2}
    fresh = Client(app)
    fresh.walk(FEED[1])
    last = {dataset: kind for kind, dataset in client.kinds}
    assert {dataset: kind for kind, dataset in fresh.kinds} == last


def test_pages_of_the_feed_are_asked_for_each_time(app: CKANTestApp) -> None:
    tell_all([(CREATE, f"set-{rank}", rank) for rank in range(FEED_SIZE + 1)])
    page = app.get(FEED[0])
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "ldes:immutable" in page.text


def test_an_activity_is_at_its_address(app: CKANTestApp, story: list[int]) -> None:
    log = default_graph(parsed(app.get(LOG[0]).text, "ttl"))
    for number in story:
        name = f"/catalog/changes/{number}"
        for extension in ("ttl", "xml", "jsonld"):
            answer = app.get(name, headers={"Accept": MEDIA_TYPES[extension]})
            assert answer.headers["Vary"] == "Accept, Accept-Encoding"
            assert answer.headers["Cache-Control"].endswith("immutable")
            told = default_graph(parsed(answer.text, extension))
            assert set(told.triples((URIRef(SITE + name), None, None))) == set(
                log.triples((URIRef(SITE + name), None, None))
            )


@pytest.mark.parametrize("text", ["@prefix dct: <http://evil.example/> .", "@prefix is a word"])
def test_a_text_that_looks_like_a_prefix_is_a_text(app: CKANTestApp, text: str) -> None:
    graph = Graph()
    graph.add((URIRef(uri("a")), DCTERMS.description, Literal(f"one\n{text}\ntwo")))
    number = tell(CREATE, "a")
    piece = model.Session.get(CataloguePiece, "a")
    assert piece is not None
    piece.turtle = writing.body(graph, Serialisation.TURTLE)
    model.Session.commit()

    answer = app.get("/catalog/feed.trig")

    told = parsed(answer.text, "trig").graph(URIRef(f"{SITE}/catalog/changes/{number}"))
    assert set(graph) <= set(told)


@pytest.mark.parametrize("number", ["999", "9" * 18, "9" * 40])
def test_an_activity_that_is_not_there(app: CKANTestApp, number: str) -> None:
    answer = app.get(f"/catalog/changes/{number}")
    assert answer.status_code == 404
    assert number in answer.text


@pytest.mark.parametrize(
    ("address", "accept", "media_type"),
    [
        ("/catalog/changes", "", "text/turtle"),
        ("/catalog/changes", "text/html", "text/turtle"),
        ("/catalog/changes", "application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("/catalog/changes", "application/rdf+xml", "application/rdf+xml"),
        ("/catalog/feed", "*/*", "application/trig"),
        ("/catalog/feed", "application/ld+json", "application/ld+json"),
    ],
)
def test_the_form_may_be_negotiated(
    app: CKANTestApp, story: list[int], address: str, accept: str, media_type: str
) -> None:
    answer = app.get(address, headers={"Accept": accept})
    assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    own = answer.headers["Content-Location"]
    assert app.get(own.removeprefix(SITE)).data == answer.data


@pytest.mark.parametrize("address", [*ALL, "/catalog/changes.atom", "/catalog/changes"])
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("since=yesterday", "since: yesterday is not a moment"),
        ("since=2026-02-30", "since: 2026-02-30 is not a moment"),
        ("since=2026-11-20T25:00", "since: "),
        ("since=%00", "since: "),
        ("after=-1", "after: -1 is not the number of a change"),
        ("after=x", "after: "),
        ("after=%D9%A3", "after: "),
        ("after=" + "9" * 30, "after: "),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    app: CKANTestApp, address: str, query: str, named: str
) -> None:
    answer = app.get(f"{address}?{query}")
    assert answer.status_code == 400
    assert answer.text.startswith(named)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_empty_is_left_out(app: CKANTestApp, story: list[int]) -> None:
    assert app.get("/catalog/changes.ttl?since=&after=").data == app.get(LOG[0]).data


@pytest.mark.parametrize("address", [*ALL, "/catalog/changes.atom", "/catalog/changes"])
def test_everyone_reads_the_same(app: CKANTestApp, story: list[int], address: str) -> None:
    visitor = app.get(address)
    for person in (factories.user(), factories.user(sysadmin=True)):
        told = app.get(address, headers={"Authorization": factories.token(person)})
        assert (told.data, told.headers) == (visitor.data, visitor.headers)


@pytest.mark.parametrize("address", [LOG[0], FEED[0], "/catalog/changes.atom"])
def test_the_cookie_of_a_sysadmin_changes_nothing(
    app: CKANTestApp, story: list[int], address: str
) -> None:
    admin = factories.user(sysadmin=True, password="a-long-password")
    browser = app.test_client()
    browser.post("/user/login", data={"login": admin.name, "password": "a-long-password"})
    assert browser.get("/user/edit").status_code == 200
    visitor, told = app.get(address), browser.get(address)
    assert (told.data, told.headers) == (visitor.data, visitor.headers)
    assert browser.get("/user/edit").status_code == 200


@pytest.mark.parametrize("address", [*ALL, "/catalog/changes.atom"])
def test_a_client_that_has_it_already_is_told_so(
    app: CKANTestApp, story: list[int], address: str
) -> None:
    first = app.get(address)
    head = app.test_client().head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]
    assert head.headers["Content-Length"] == first.headers["Content-Length"]
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
    for known in (by_tag, by_date):
        again = app.get(address, headers=known)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    tell(UPDATE, "a", 60)
    for known in (by_tag, by_date):
        assert app.get(address, headers=known).status_code == 200


@pytest.mark.parametrize("address", [*ALL, "/catalog/changes.atom", "/catalog/changes/1"])
def test_pages_of_other_sites_may_ask(app: CKANTestApp, address: str) -> None:
    answer = app.options(address, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("address", [*ALL, "/catalog/changes.atom"])
def test_it_makes_as_many_queries_for_many_changes_as_for_one(
    app: CKANTestApp, address: str
) -> None:
    def asked() -> int:
        with counted_queries() as made:
            app.get(address)
        return len(made)

    tell(CREATE, "z", 0)
    app.get(address)
    for_one = asked()
    tell_all([(CREATE, f"set-{rank}", rank) for rank in range(50)])
    assert asked() == for_one


def test_addresses_that_an_editor_typed_are_written_in_each_form(app: CKANTestApp) -> None:
    odd = 'http://é.example/a b<c>"d"{e}\\f|g^h`i&j=1'
    model.Session.add(CatalogueChange(package_id="a", uri=odd, kind="delete", at=START, title=None))
    model.Session.commit()
    read = set()
    for address in ALL:
        client = Client(app)
        client.walk(address)
        read |= {member.dataset for member in client.members.values()}
    assert read == {"http://é.example/a%20b%3Cc%3E%22d%22%7Be%7D%5Cf%7Cg%5Eh%60i&j=1"}


def test_prefixes_of_a_description_s_own_stand_outside_its_graph(app: CKANTestApp) -> None:
    tell(CREATE, "a", 0)
    piece = model.Session.get(CataloguePiece, "a")
    assert piece is not None
    piece.turtle = f'@prefix own: <http://own.example/> .\n<{uri("a")}> own:says "@prefix x" .'
    model.Session.commit()
    client = Client(app)
    client.walk(FEED[0])
    (graph,) = client.graphs.values()
    assert list(graph.objects()) == [Literal("@prefix x")]


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner(title="CC du Grand Pic")


def test_what_people_do_is_told_at_once(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = making.public_dataset(partner, title="Arbres")
    making.private_dataset(partner, title="Brouillon")
    log, feed = Client(app), Client(app)
    log.walk(LOG[0])
    feed.walk(FEED[0])
    assert log.kinds == feed.kinds == [("Create", made["id"])]
    name = making.site_context()["user"]
    call_action("package_patch", {"user": name}, id=made["id"], title="Arbres remarquables")
    log.walk(LOG[0])
    feed.walk(FEED[0])
    assert log.kinds[1:] == feed.kinds[1:] == [("Update", made["id"])]
    described = reading.of_dataset(made["id"], Serialisation.TURTLE)
    assert described is not None
    assert "Arbres remarquables" in described.body
    graph = list(feed.graphs.values())[-1]
    whole = Graph().parse(data=app.get(f"/dataset/{made['id']}.ttl").text, format="turtle")
    assert len(graph)
    assert isomorphic(graph, whole)
    making.executed(partner, made)
    log.walk(LOG[0])
    feed.walk(FEED[0])
    assert log.kinds[2:] == feed.kinds[2:] == [("Delete", made["id"])]
    for address in (*ALL, "/catalog/changes.atom"):
        text = app.get(address).text
        assert "Arbres" not in text
        assert "Brouillon" not in text


def test_the_log_says_where_a_dataset_is_described(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(partner, title="Arbres")
    graph = default_graph(parsed(app.get(LOG[0]).text, "ttl"))
    (dataset,) = graph.objects(None, AS.object)
    address = str(graph.value(dataset, RDFS.seeAlso))
    assert address == f"{SITE}/dataset/{made['id']}.ttl"
    described = Graph().parse(data=app.get(address.removeprefix(SITE)).text, format="turtle")
    assert (dataset, RDF.type, None) in described


def test_the_same_serialisation_whatever_the_language(app: CKANTestApp, story: list[int]) -> None:
    for address in ALL:
        assert app.get(f"/fr{address}").data == app.get(address).data
