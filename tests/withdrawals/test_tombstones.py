"""What the addresses of what is withdrawn answer, to each and in each form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF

from ckanext.heraultdata.withdrawals import tombstone_views, tombstones
from tests import factories
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "at_work")

DAY = "2026-11-20"
ADMS_STATUS = URIRef("http://www.w3.org/ns/adms#status")
WITHDRAWN = URIRef("http://publications.europa.eu/resource/authority/distribution-status/WITHDRAWN")
DCAT_DATASET = URIRef("http://www.w3.org/ns/dcat#Dataset")
SECRET = "Doléances de Camille Fabre"
SECRET_NAME = "doleances-camille-fabre"


@pytest.fixture
def at_work(at: Callable[[str], None]) -> None:
    """The day of the withdrawals."""
    at(DAY)


@pytest.fixture
def partner(with_plugins: None, clean_db: None) -> dict[str, Any]:
    """A partner."""
    return factories.partner(title="CC du Grand Pic")


def dataset(partner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A public dataset with one uploaded file."""
    return making.public_dataset(
        partner, files={"arbres.csv": b"nom\nchene\n"}, title="Arbres", **fields
    )


def addresses(made: dict[str, Any]) -> list[str]:
    """The addresses of a dataset and of its file under a name or an identifier."""
    file_id = made["resources"][0]["id"]
    return [
        address
        for name in (made["name"], made["id"])
        for address in (
            f"/dataset/{name}",
            f"/fr/dataset/{name}",
            f"/en/dataset/{name}",
            *(f"/dataset/{name}.{e}" for e in ("ttl", "xml", "rdf", "n3", "jsonld", "json")),
            f"/dataset/groups/{name}",
            f"/dataset/followers/{name}",
            f"/dataset/resources/{name}",
            f"/dataset/activity/{name}",
            f"/dataset/changes/{name}",
            f"/dataset/edit/{name}",
            f"/dataset/{name}/resource/{file_id}",
            f"/dataset/{name}/resource/{file_id}/view",
            f"/dataset/{name}/resource/{file_id}/view/1234",
            f"/dataset/{name}/resource/{file_id}/views",
            f"/dataset/{name}/resource/{file_id}/download",
            f"/dataset/{name}/resource/{file_id}/download/arbres.csv",
            f"/dataset/{name}/resource/{file_id}/check",
            f"/dataset/{name}/dictionary/{file_id}",
            f"/datastore/dump/{file_id}",
        )
    ]


def wrong(app: CKANTestApp, addresses: list[str], status: int, **asked: Any) -> dict[str, int]:
    """The addresses that do not answer with a status."""
    found = {
        address: app.get(address, follow_redirects=False, **asked).status_code
        for address in addresses
    }
    return {address: code for address, code in found.items() if code != status}


def test_all_addresses_of_a_withdrawn_dataset_are_gone(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = dataset(partner)
    assert app.get(f"/dataset/{made['name']}").status_code == 200
    making.executed(partner, made)
    assert wrong(app, addresses(made), 410) == {}


def test_a_request_for_the_head_is_told_the_same(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = dataset(partner)
    making.executed(partner, made)
    answer = app.test_client().head(f"/dataset/{made['name']}")
    assert answer.status_code == 410
    assert answer.get_data() == b""


@pytest.mark.parametrize(
    ("language", "sentence", "reason"),
    [
        (
            "en",
            "The dataset “Arbres” of CC du Grand Pic was withdrawn on November 20, 2026.",
            "Error in the data",
        ),
        ("fr", "20 novembre 2026", "Arbres"),
    ],
)
def test_people_read_what_happened_and_whom_to_write_to(
    app: CKANTestApp,
    partner: dict[str, Any],
    ckan_config: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    sentence: str,
    reason: str,
) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.department_email", "opendata@herault.example")
    made = dataset(partner)
    request = making.executed(partner, made, reason="La colonne du maire est fausse")
    page = app.get(f"/{language}/dataset/{made['name']}").text
    assert sentence in page
    assert reason in page
    assert request["reference"] in page
    assert "mailto:opendata@herault.example" in page
    assert f'href="/{language}/register"' in page or 'href="/register"' in page
    assert "La colonne du maire" not in page
    assert "og:title" not in page


def test_programs_read_the_same_in_json(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = dataset(partner)
    request = making.executed(partner, made)
    for asked in (
        {"url": f"/dataset/{made['name']}.json"},
        {"url": f"/dataset/{made['id']}", "headers": {"Accept": "application/json"}},
    ):
        told = app.get(**asked).get_json()
        assert told.pop("message") == (
            "The dataset “Arbres” of CC du Grand Pic was withdrawn on November 20, 2026."
        )
        assert told.pop("register").endswith("/register")
        assert told == {
            "status": 410,
            "reference": request["reference"],
            "organization_title": "CC du Grand Pic",
            "package_id": made["id"],
            "resource_id": None,
            "title": "Arbres",
            "resource_name": None,
            "reason_class": "error",
            "withdrawn_on": DAY,
        }


RDF_FORMS = {
    "ttl": ("turtle", "text/turtle"),
    "xml": ("xml", "application/rdf+xml"),
    "rdf": ("xml", "application/rdf+xml"),
    "n3": ("n3", "text/n3"),
    "jsonld": ("json-ld", "application/ld+json"),
}


# The readers of RDF that these tests lean on warn of themselves.
@pytest.mark.filterwarnings(r"ignore::DeprecationWarning:rdflib\..*")
@pytest.mark.parametrize("ending", RDF_FORMS)
def test_harvesters_read_a_tombstone_of_the_same_uri(
    app: CKANTestApp, partner: dict[str, Any], ending: str
) -> None:
    form, media_type = RDF_FORMS[ending]
    made = dataset(partner, extras=[{"key": "uri", "value": "https://grand-pic.example/set/7"}])
    address = f"/dataset/{made['name']}.{ending}"
    before = Graph().parse(data=app.get(address).text, format=form)
    (uri,) = before.subjects(RDF.type, DCAT_DATASET)
    making.executed(partner, made)
    answer = app.get(address)
    assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    told = Graph().parse(data=answer.text, format=form)
    assert set(told.subjects()) == {uri}
    assert told.value(uri, ADMS_STATUS) == WITHDRAWN
    assert told.value(uri, DCTERMS.title) == Literal("Arbres")
    at = told.value(uri, PROV.invalidatedAtTime)
    assert isinstance(at, Literal)
    assert at.toPython().isoformat() == f"{DAY}T10:00:00+00:00"
    assert list(told.subjects(RDF.type, DCAT_DATASET)) == []


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml;q=0.9, text/html;q=0.1", "application/rdf+xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("image/png", "text/html"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_the_form_is_the_one_that_the_client_accepts(
    app: CKANTestApp, partner: dict[str, Any], accept: str, media_type: str
) -> None:
    made = dataset(partner)
    making.executed(partner, made)
    answer = app.get(f"/dataset/{made['id']}", headers={"Accept": accept})
    assert answer.status_code == 410
    assert answer.headers["Content-Type"].startswith(media_type)


def test_the_name_of_a_file_says_nothing_of_the_form(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(partner, files={"arbres.json": b"{}"})
    making.executed(partner, made)
    file_id = made["resources"][0]["id"]
    answer = app.get(f"/dataset/{made['id']}/resource/{file_id}/download/arbres.json")
    assert answer.status_code == 410
    assert answer.headers["Content-Type"].startswith("text/html")


def test_no_cache_keeps_it(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = dataset(partner)
    making.executed(partner, made)
    for ending in ("", ".ttl", ".json"):
        answer = app.get(f"/dataset/{made['name']}{ending}")
        assert "no-store" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]
        assert {"Accept", "Cookie", "Authorization"} <= set(answer.vary)


@pytest.mark.parametrize("by", ["id", "name"])
def test_nothing_tells_the_title_where_the_reason_is_personal_data(
    app: CKANTestApp, partner: dict[str, Any], by: str
) -> None:
    made = making.public_dataset(
        partner, files={"camille-fabre.csv": b"nom\nx\n"}, title=SECRET, name=SECRET_NAME
    )
    making.executed(partner, made, reason_class="personal_data", reason="Camille Fabre y figure")
    for address in addresses(made):
        if by == "id" and SECRET_NAME in address:
            continue
        answer = app.get(address, follow_redirects=False)
        assert answer.status_code == 410
        # What the client asked for comes back in the selector of languages.
        body = answer.text.replace(address.removeprefix("/fr").removeprefix("/en"), "")
        told = (body + str(answer.headers)).replace(address, "").lower()
        assert "camille" not in told, address
        assert "doléances" not in told, address


ROLES = ("partner_admin", "partner_editor", "partner_member", "other_partner_admin", "visitor")


def test_members_of_the_partner_read_what_the_public_reads(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = dataset(partner)
    people = factories.people(partner["id"])
    tokens = {role: factories.token(people.of(role)) for role in ROLES}
    making.executed(partner, made)
    for role, token in tokens.items():
        headers = {"Authorization": token}
        assert wrong(app, addresses(made), 410, headers=headers) == {}, role


@pytest.mark.parametrize("role", ["sysadmin", "department_admin"])
def test_the_departement_sees_the_page_as_before(
    app: CKANTestApp, partner: dict[str, Any], role: str
) -> None:
    made = dataset(partner)
    headers = {"Authorization": factories.token(factories.people(partner["id"]).of(role))}
    making.executed(partner, made)
    page = app.get(f"/dataset/{made['name']}", headers=headers)
    assert page.status_code == 200
    assert "Arbres" in page.text


def test_only_the_file_is_gone_from_a_dataset_that_lives(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(
        partner, files={"arbres.csv": b"nom\nchene\n", "bancs.csv": b"nom\nb1\n"}, title="Arbres"
    )
    trees, benches = made["resources"]
    making.execute(making.ask_for_files(partner, trees))
    here = f"/dataset/{made['name']}"
    gone = [
        f"{here}/resource/{trees['id']}",
        f"{here}/resource/{trees['id']}/download/arbres.csv",
        f"{here}/resource/{trees['id']}/view",
        f"/datastore/dump/{trees['id']}",
    ]
    assert wrong(app, gone, 410) == {}
    living = [here, f"{here}.ttl", f"{here}/resource/{benches['id']}", f"{here}.jsonld"]
    assert wrong(app, living, 200) == {}
    page = app.get(gone[0]).text
    assert "The file “arbres.csv” of CC du Grand Pic was withdrawn" in page
    assert f'href="{here}"' in page
    told = Graph().parse(
        data=app.get(gone[0], headers={"Accept": "text/turtle"}).text, format="turtle"
    )
    (subject,) = set(told.subjects())
    assert str(subject).endswith(f"/dataset/{made['id']}/resource/{trees['id']}")
    assert told.value(subject, ADMS_STATUS) == WITHDRAWN


def test_the_name_of_a_file_with_personal_data_is_not_told(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(partner, files={"camille-fabre.csv": b"n\nx\n"}, title="Arbres")
    (file,) = made["resources"]
    making.execute(making.ask_for_files(partner, file, reason_class="personal_data"))
    here = f"/dataset/{made['id']}/resource/{file['id']}"
    for accept in ("text/html", "application/json", "text/turtle"):
        answer = app.get(here, headers={"Accept": accept})
        assert answer.status_code == 410
        assert "camille" not in answer.text.lower()


def test_what_is_suspended_is_gone_until_the_request_is_refused(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = dataset(partner)
    request = making.ask(partner, made, urgent=True)
    assert wrong(app, addresses(made), 410) == {}
    call_action(
        "heraultdata_withdrawal_reject", making.site_context(), id=request["id"], reason="Non"
    )
    assert app.get(f"/dataset/{made['name']}").status_code == 200


def test_what_is_only_asked_for_is_there(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = dataset(partner)
    making.ask(partner, made)
    assert app.get(f"/dataset/{made['name']}").status_code == 200


def test_what_is_restored_is_there_again(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = dataset(partner)
    request = making.executed(partner, made)
    assert app.get(f"/dataset/{made['name']}").status_code == 410
    call_action(
        "heraultdata_withdrawal_restore",
        making.site_context(),
        id=request["id"],
        item_ids=[item["id"] for item in request["items"]],
    )
    here = [f"/dataset/{made['name']}", f"/dataset/{made['id']}.ttl"]
    assert wrong(app, here, 200) == {}


def erase(request: dict[str, Any]) -> None:
    """Destroy at once what a request withdrew."""
    call_action(
        "heraultdata_withdrawal_erase",
        making.site_context(),
        id=request["id"],
        reference=request["reference"],
    )
    for item in request["items"]:
        assert model.Package.get(item["package_id"]) is None


@pytest.mark.ckan_config("heraultdata.erase_delay_days", 0)
def test_what_is_erased_stays_gone_under_all_its_names(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = dataset(partner, name="vieux-nom")
    call_action("package_patch", making.site_context(), id=made["id"], name="nouveau-nom")
    erase(making.executed(partner, made))
    names = ("vieux-nom", "nouveau-nom", made["id"])
    assert wrong(app, [f"/dataset/{name}" for name in names], 410) == {}
    assert wrong(app, [f"/dataset/{name}.ttl" for name in names], 410) == {}


@pytest.mark.ckan_config("heraultdata.erase_delay_days", 0)
def test_a_new_dataset_may_take_the_name_of_one_that_is_erased(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    old = dataset(partner, name="arbres")
    erase(making.executed(partner, old))
    new = making.public_dataset(partner, name="arbres", title="Arbres de 2026")
    assert "Arbres de 2026" in app.get("/dataset/arbres").text
    assert app.get(f"/dataset/{old['id']}").status_code == 410
    making.executed(partner, new, reason_class="replaced")
    assert "Replaced by other data" in app.get("/dataset/arbres").text


def test_a_former_name_leads_there_unless_a_dataset_bears_it(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = dataset(partner, name="vieux-nom")
    call_action("package_patch", making.site_context(), id=made["id"], name="nouveau-nom")
    making.executed(partner, made)
    assert wrong(app, ["/dataset/vieux-nom", "/dataset/vieux-nom.jsonld"], 410) == {}
    making.public_dataset(partner, name="vieux-nom")
    assert app.get("/dataset/vieux-nom").status_code == 200


def test_an_identifier_stays_gone_where_a_dataset_takes_it_for_its_name(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = dataset(partner)
    making.executed(partner, made)
    making.public_dataset(partner, name=made["id"])
    assert app.get(f"/dataset/{made['id']}").status_code == 410


def test_what_was_never_public_is_not_told_of(app: CKANTestApp, partner: dict[str, Any]) -> None:
    public = dataset(partner)
    private = making.private_dataset(partner, name="brouillon", title="Brouillon")
    making.executed(partner)
    assert app.get(f"/dataset/{public['name']}").status_code == 410
    for address in ("/dataset/brouillon", f"/dataset/{private['id']}", "/dataset/brouillon.ttl"):
        assert app.get(address).status_code in (403, 404), address


def test_names_of_datasets_are_no_words_of_other_addresses(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    living = making.public_dataset(partner, files={"arbres": b"nom\n"}, name="vivant")
    taken = [
        making.public_dataset(partner, name=name) for name in ("ttl", "groups", "arbres", "vivre")
    ]
    making.executed(partner, *taken)
    there = [
        "/catalog.ttl",
        "/dataset/",
        "/dataset/groups/vivant",
        "/dataset/vivant",
        f"/dataset/vivant/resource/{living['resources'][0]['id']}/download/arbres",
    ]
    assert [code for code in wrong(app, there, 200).values() if code == 410] == []


def test_the_catalogue_does_not_name_it(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = dataset(partner)
    making.public_dataset(partner, title="Bancs")
    making.executed(partner, made)
    for ending in ("ttl", "xml", "jsonld"):
        catalogue = app.get(f"/catalog.{ending}").text
        assert "Bancs" in catalogue
        assert made["id"] not in catalogue
        assert "WITHDRAWN" not in catalogue


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/dataset/vivant", 1),
        ("/dataset/vivant/resource/1234/download/arbres.csv", 1),
        ("/datastore/dump/1234", 1),
        ("/dataset/", 0),
        ("/about", 0),
        ("/catalog.ttl", 0),
        ("/base/images/ckan-logo.png", 0),
        ("/nowhere/at/all", 0),
        ("/api/3/action/package_show?id=vivant", 0),
    ],
)
def test_it_asks_the_database_once_and_only_where_it_may_be(
    app: CKANTestApp, address: str, most: int
) -> None:
    with app.flask_app.test_request_context(address), counted_queries() as made:
        assert tombstone_views.answer_gone() is None
    assert len(made) == most


@pytest.mark.parametrize("dataset_name", ["a\x00b", "\ud800", "é", "x" * 5000, "%s", "' or 1=1"])
def test_strange_names_find_nothing(dataset_name: str) -> None:
    assert tombstones.of_dataset(dataset_name) is None
    assert tombstones.of_resource(dataset_name) is None
