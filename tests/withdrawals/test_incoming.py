"""`ckan heraultdata withdrawal from-email`: a request or the tray, and nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy.exc import OperationalError

from ckanext.heraultdata import clock
from ckanext.heraultdata.cli import heraultdata
from ckanext.heraultdata.messages import Message
from ckanext.heraultdata.withdrawals import incoming, incoming_rules, requests, service, tray
from ckanext.heraultdata.withdrawals.kinds import Channel, Initiative, ItemState, Scope, State
from ckanext.heraultdata.withdrawals.model import Withdrawal, WithdrawalMessage, WithdrawalPaper
from tests import factories
from tests.withdrawals import making

REFERENT = "camille@vallee.example"
SITE = "http://test.ckan.net"
pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_queues")


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner with one référent, whose address is written with a capital."""
    made = factories.partner(name="vallee", title="Vallée de l'Hérault")
    factories.referent(made["id"], email="Camille@vallee.example")
    return made


@pytest.fixture
def trees(partner: dict[str, Any]) -> dict[str, Any]:
    """A public dataset with two files."""
    files = {"arbres.csv": b"nom\nplatane\n", "haies.csv": b"nom\nbuis\n"}
    return making.public_dataset(partner, files=files, name="arbres", title="Arbres")


def mail(text: str, sender: str = REFERENT, **headers: str) -> bytes:
    """A message as a mail server pipes it."""
    made = EmailMessage()
    made["From"] = f"Camille Fabre <{sender}>"
    made["To"] = "retrait@herault.example"
    made["Subject"] = headers.pop("subject", "Retrait")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def keep(text: str, sender: str = REFERENT, **headers: str) -> incoming.Kept:
    """What becomes of a message."""
    return incoming.keep(mail(text, sender, **headers), clock.now())


def waiting() -> list[tray.TrayLine]:
    """The messages of the tray."""
    return tray.waiting(100, 0)[1]


def count(table: Any) -> int:
    """How many rows a table has."""
    return model.Session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_message_of_a_referent_becomes_a_request_that_waits(
    partner: dict[str, Any], trees: dict[str, Any]
) -> None:
    content = mail(
        f"Bonjour,\nmerci de retirer {SITE}/dataset/arbres.", subject="Retrait des arbres"
    )
    kept = incoming.keep(content, clock.now())
    assert kept.reference
    request = requests.get(kept.reference)
    assert (request.state, request.channel, request.initiative, request.scope) == (
        State.RECEIVED,
        Channel.MAIL,
        Initiative.PARTNER,
        Scope.DATASETS,
    )
    assert request.organization_id == partner["id"]
    assert request.received_on == clock.today()
    assert request.created_by is None
    assert request.reason
    assert request.reason.startswith("Retrait des arbres\n\nBonjour")
    [item] = request.items
    assert (item.package_id, item.resource_id, item.state) == (trees["id"], None, ItemState.ASKED)
    [paper] = model.Session.scalars(sa.select(WithdrawalPaper))
    assert (paper.content, paper.media_type) == (content, "message/rfc822")
    assert waiting() == []


@pytest.mark.parametrize(
    "path",
    ["/dataset/{id}", "/fr/dataset/arbres", "/dataset/arbres.ttl", "/dataset/vieux-nom"],
)
def test_a_dataset_is_known_by_all_its_addresses(trees: dict[str, Any], path: str) -> None:
    if "vieux" in path:
        for name in ("vieux-nom", "arbres"):
            call_action("package_patch", making.site_context(), id=trees["id"], name=name)
    kept = keep(SITE + path.format(id=trees["id"]))
    assert kept.reference, kept.why
    assert [item.package_id for item in requests.get(kept.reference).items] == [trees["id"]]


def test_files_are_known_by_their_addresses(trees: dict[str, Any]) -> None:
    first, second = trees["resources"]
    kept = keep(f"{first['url']}\n{SITE}/en/dataset/arbres/resource/{second['id']}")
    assert kept.reference, kept.why
    request = requests.get(kept.reference)
    assert request.scope is Scope.RESOURCES
    assert {item.resource_id for item in request.items} == {first["id"], second["id"]}


def test_an_admin_of_the_partner_may_ask_and_an_editor_may_not(
    partner: dict[str, Any], trees: dict[str, Any]
) -> None:
    for role, may in (("admin", True), ("editor", False)):
        person = factories.user()
        factories.join(person, partner["id"], role)
        kept = keep(f"{SITE}/dataset/arbres", sender=str(person.email))
        assert bool(kept.reference) == may
        if may:
            call_action(
                "heraultdata_withdrawal_cancel",
                making.site_context(),
                id=requests.get(str(kept.reference)).id,
            )


def test_urgency_suspends_nothing_and_is_shown(trees: dict[str, Any]) -> None:
    kept = keep(f"URGENT, données personnelles : {SITE}/dataset/arbres")
    request = requests.get(str(kept.reference))
    assert not request.urgent
    assert request.suspended_at is None
    assert [item.state for item in request.items] == [ItemState.ASKED]
    assert tray.said_urgent([request.id]) == {request.id}


def test_what_cannot_be_made_a_request_says_why(
    partner: dict[str, Any], trees: dict[str, Any]
) -> None:
    other = factories.partner(title="Autre")
    parks = making.public_dataset(other, name="parcs")
    outside = making.public_dataset(factories.organization(name="sans-type"), name="libre")
    file = trees["resources"][0]
    expected: list[tuple[bytes, Message | str]] = [
        (mail(f"{SITE}/dataset/arbres", sender="evil@evil.example"), incoming.UNKNOWN_SENDER),
        (mail("Retirez nos arbres"), incoming_rules.NO_ADDRESS),
        (mail(f"{SITE}/dataset/arbre"), incoming.NOT_FOUND),
        (mail(f"{SITE}/dataset/arbres {SITE}/dataset/arbre"), incoming.NOT_FOUND),
        (mail(f"{SITE}/dataset/arbres/resource/nothing"), incoming.NOT_FOUND),
        (mail(f"{SITE}/dataset/{parks['name']}"), incoming.OTHER_PARTNER),
        (mail(f"{SITE}/dataset/arbres {SITE}/dataset/parcs"), incoming.OTHER_PARTNER),
        (mail(f"{SITE}/dataset/{outside['name']}"), incoming.OTHER_PARTNER),
        (mail(f"{SITE}/dataset/arbres {file['url']}"), incoming.MIXED),
        (mail(f"{SITE}/dataset/arbres", Auto_Submitted="auto-replied"), incoming_rules.AUTOMATIC),
        (b"", incoming_rules.NO_SENDER),
        (b"\0\xff\xfe" * 1000, incoming_rules.NO_SENDER),
    ]
    for content, why in expected:
        kept = incoming.keep(content, clock.now())
        assert kept.reference is None
        assert kept.why is not None
        template = why if isinstance(why, str) else why.template
        assert kept.why.template == template, content
    lines = waiting()
    assert len(lines) == len(expected)
    assert any(str(line.why).count(": arbre.") for line in lines)
    assert count(Withdrawal) == 0


def test_a_referent_of_two_partners_asks_for_one_at_a_time(
    partner: dict[str, Any], trees: dict[str, Any]
) -> None:
    other = factories.partner(title="Autre")
    factories.referent(other["id"], email=REFERENT)
    parks = making.public_dataset(other, name="parcs")
    both = keep(f"{SITE}/dataset/arbres {SITE}/dataset/parcs")
    assert both.why == incoming.SEVERAL_PARTNERS
    one = keep(f"{SITE}/dataset/parcs")
    assert [item.package_id for item in requests.get(str(one.reference)).items] == [parks["id"]]


def test_what_is_asked_for_already_is_left_to_a_person_with_the_reason(
    partner: dict[str, Any], trees: dict[str, Any]
) -> None:
    first = making.ask(partner, trees)
    kept = keep(f"{SITE}/dataset/arbres")
    assert kept.reference is None
    assert first["reference"] in str(kept.why)
    [line] = waiting()
    assert (str(line.why), line.organization_id) == (str(kept.why), partner["id"])


def test_a_message_that_comes_twice_is_kept_once(trees: dict[str, Any]) -> None:
    asked, unclear = f"{SITE}/dataset/arbres", "Retirez nos arbres"
    for text in (asked, unclear):
        first = keep(text)
        assert first != incoming.Kept()
        assert keep(text, Received="from mx2 by mx1; later") == incoming.Kept()
    assert count(Withdrawal) == 1
    assert len(waiting()) == 1


def test_a_message_whose_reading_was_stopped_is_read_again(
    trees: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = mail(f"{SITE}/dataset/arbres")
    with monkeypatch.context() as broken:
        broken.setattr(service, "create", _stopped)
        with pytest.raises(KeyboardInterrupt):
            incoming.keep(content, clock.now())
    model.Session.rollback()
    [line] = waiting()
    assert "read again" in str(line.why)
    kept = incoming.keep(content, clock.now())
    assert kept.reference
    assert waiting() == []


def _stopped(*_: object) -> str:
    raise KeyboardInterrupt


def test_a_request_made_before_the_stop_is_not_made_twice(
    trees: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = mail(f"{SITE}/dataset/arbres")
    with monkeypatch.context() as broken:
        broken.setattr(tray, "made", _stopped)
        with pytest.raises(KeyboardInterrupt):
            incoming.keep(content, clock.now())
    model.Session.rollback()
    incoming.keep(content, clock.now())
    assert count(Withdrawal) == 1
    assert len(waiting()) == 1


def test_of_a_message_that_is_too_large_the_beginning_is_kept() -> None:
    content = mail("x") + b"y" * (incoming_rules.MOST_BYTES + 10)
    kept = incoming.keep(content[: incoming_rules.MOST_BYTES + 1], clock.now())
    assert kept.why == incoming_rules.TOO_LARGE
    [line] = waiting()
    assert line.size == incoming_rules.BEGINNING
    assert line.sender == REFERENT


def test_the_command_reads_standard_input(cli: Any, trees: dict[str, Any]) -> None:
    asked = mail(f"{SITE}/dataset/arbres")
    for said in ("Request R-2026-0001.", "This message is kept already."):
        outcome = cli.invoke(heraultdata, ["withdrawal", "from-email"], input=asked)
        assert (outcome.exit_code, outcome.output.strip()) == (0, said)
    outcome = cli.invoke(heraultdata, ["withdrawal", "from-email"], input=b"")
    assert outcome.exit_code == 0
    assert outcome.output.startswith("To be looked at: ")


def test_the_command_gives_back_what_it_could_not_keep(
    cli: Any, trees: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = mail(f"{SITE}/dataset/arbres")
    with monkeypatch.context() as broken:
        broken.setattr(model.Session, "commit", _no_database)
        outcome = cli.invoke(heraultdata, ["withdrawal", "from-email"], input=message)
    assert outcome.exit_code == os.EX_TEMPFAIL
    assert count(WithdrawalMessage) == 0
    outcome = cli.invoke(heraultdata, ["withdrawal", "from-email"], input=message)
    assert outcome.output.strip() == "Request R-2026-0001."


def _no_database(*_: object) -> None:
    raise OperationalError("COMMIT", {}, Exception("server closed the connection"))
