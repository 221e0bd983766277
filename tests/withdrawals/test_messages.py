"""The tray: who reads it, what it shows of a hostile message, and how a message leaves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp

from ckanext.heraultdata import clock
from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.withdrawals import incoming, tray
from ckanext.heraultdata.withdrawals.model import WithdrawalMessage
from tests import factories
from tests.reading import Reader, counted_queries, error_of, text_of
from tests.withdrawals import making
from tests.withdrawals.test_incoming import REFERENT, SITE, mail

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

TRAY = "/withdrawals/messages"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner with one référent."""
    made = factories.partner(name="vallee", title="Vallée de l'Hérault")
    factories.referent(made["id"], email=REFERENT)
    return made


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    """Users of all roles around the partner."""
    return factories.people(partner["id"])


@pytest.fixture
def reader(app: CKANTestApp, people: factories.People) -> Reader:
    """An agent of the département."""
    return Reader.of(app, people.department_admin)


def message(text: str = "Retirez tout", **headers: str) -> str:
    """The address of a message in the tray."""
    kept = incoming.keep(mail(text, **headers), clock.now())
    assert kept.why
    [line] = tray.waiting(1, 0)[1]
    return f"{TRAY}/{line.id}"


@pytest.mark.parametrize(
    "role", ["partner_admin", "partner_editor", "partner_member", "other_partner_admin", "visitor"]
)
def test_nobody_but_the_departement_reads_it(
    app: CKANTestApp, people: factories.People, role: str
) -> None:
    address = message("Un secret")
    other = Reader.of(app, people.of(role))
    for path in (TRAY, address, f"{address}/message.eml"):
        assert "secret" not in text_of(other.get(path, 403))
    other.post(address, status=403)
    assert Reader.of(app, None).get(TRAY, 403)
    assert tray.waiting(1, 0)[0] == 1


def test_it_shows_what_waits_and_why(reader: Reader, partner: dict[str, Any]) -> None:
    assert "No message waits." in text_of(reader.get(TRAY))
    address = message("URGENT Retirez tout", subject="Nos arbres")
    listed = reader.get(TRAY)
    assert listed.find("a", href=address)
    for page in (listed, reader.get(address)):
        said = text_of(page)
        for words in ("Nos arbres", REFERENT, "no address of a dataset", "Says that it is urgent"):
            assert words in said


def test_a_hostile_message_is_shown_as_text(reader: Reader) -> None:
    address = message(
        "<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3))",
        subject="<b>gras</b>",
    )
    for path in (TRAY, address):
        page = reader.get(path)
        assert "<b>gras</b>" in text_of(page)
        main = page.find(id="content") or page
        assert not main.find_all("b", string="gras")
        assert not main.find_all("img", src="x")
    [shown] = reader.get(address).find_all("pre")
    assert shown.get_text().startswith("<script>alert(1)</script>")


def test_the_whole_message_is_given_to_save_and_never_shown(reader: Reader) -> None:
    address = message("<script>alert(1)</script>")
    answer = reader.app.get(f"{address}/message.eml", headers=reader.headers)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "public" not in answer.headers["Cache-Control"]
    assert answer.data == mail("<script>alert(1)</script>")


def test_it_leads_to_the_form_with_what_the_message_names(
    reader: Reader, partner: dict[str, Any]
) -> None:
    files = {"arbres.csv": b"nom\nplatane\n"}
    trees = making.public_dataset(partner, files=files, name="arbres", title="Arbres")
    address = message(f"{SITE}/dataset/arbres {trees['resources'][0]['url']}")
    page = reader.get(address)
    links = [str(link["href"]) for link in page.select("#make ~ ul a")]
    file = trees["resources"][0]["id"]
    assert links == [
        "/withdrawals/new?organization=vallee&dataset=arbres",
        f"/withdrawals/new?organization=vallee&dataset=arbres&resource={file}",
    ]
    for link in links:
        assert "Arbres" in text_of(reader.get(link))


def test_a_message_is_put_away_once(reader: Reader, people: factories.People) -> None:
    address = message()
    assert "The message is put away." in text_of(reader.post(address))
    assert "No message waits." in text_of(reader.get(TRAY))
    reader.get(address, 404)
    reader.get(f"{address}/message.eml", 404)
    reader.post(address, status=404)
    row = model.Session.scalars(sa.select(WithdrawalMessage)).one()
    assert (row.settled_by, row.settled_at) == (people.department_admin.id, clock.now())
    # Nothing is lost, and the journal holds nothing of who wrote.
    assert row.content == mail("Retirez tout")
    [entry] = model.Session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "withdrawal_message.put_away")
    )
    assert REFERENT not in str(vars(entry))


def test_it_is_put_away_with_the_request_that_was_made_of_it(
    reader: Reader, partner: dict[str, Any]
) -> None:
    request = making.ask(partner, making.public_dataset(partner), channel="mail")
    address = message()
    page = reader.post(address, {"reference": "R-1999-0001"}, 400)
    assert "There is no request R-1999-0001" in error_of(page, "field-reference")
    reader.post(address, {"reference": f" {request['reference'].lower()} "})
    row = model.Session.scalars(sa.select(WithdrawalMessage)).one()
    assert row.withdrawal_id == request["id"]


@pytest.mark.parametrize("unknown", ["nothing", "3f2b7c1e-0000-4000-8000-0123456789ab"])
def test_what_is_not_there_is_not_found(reader: Reader, unknown: str) -> None:
    for path in (f"{TRAY}/{unknown}", f"{TRAY}/{unknown}/message.eml"):
        reader.get(path, 404)


def test_the_list_makes_the_same_queries_for_two_as_for_ten(reader: Reader) -> None:
    def count() -> int:
        with counted_queries() as statements:
            reader.get(TRAY)
        return len(statements)

    for rank in range(2):
        message(f"{rank}")
    count()
    for_two = count()
    for rank in range(2, 10):
        incoming.keep(mail(f"{rank}"), clock.now())
    assert count() == for_two
