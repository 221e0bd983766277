"""Who is told what of a withdrawal, by a real mail server, and once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest
from ckan import model
from ckan.lib import jobs
from ckan.tests.helpers import call_action
from rq import SimpleWorker

from ckanext.heraultdata.mailing import preferences
from ckanext.heraultdata.mailing.preferences import Wishes
from ckanext.heraultdata.withdrawals import mails, telling
from tests import factories
from tests.mails import Mailbox, html_of, text_of
from tests.reading import counted_queries
from tests.withdrawals import making

DEPARTMENT = "data@herault.example"
REFERENT = "camille@vallee.example"
ASKER = "asker@vallee.example"
pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_queues"),
    pytest.mark.ckan_config("heraultdata.department_email", DEPARTMENT),
]


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner with one référent."""
    made = factories.partner(name="vallee", title="Vallée de l'Hérault")
    factories.referent(made["id"], email=REFERENT, name="Camille Fabre")
    return made


@pytest.fixture
def asker(partner: dict[str, Any]) -> model.User:
    """An editor of the partner."""
    made = factories.user(email=ASKER, fullname="Sacha Asker")
    factories.join(made, partner["id"], "editor")
    return made


@pytest.fixture
def trees(partner: dict[str, Any]) -> dict[str, Any]:
    """A public dataset."""
    return making.public_dataset(partner, name="arbres", title="Arbres d'alignement")


@pytest.fixture(autouse=True)
def worker(app: Any) -> Iterator[None]:
    """What `ckan jobs worker` gives to the jobs that it makes."""
    with click.Context(click.Command("worker")) as context:
        context.meta["flask_app"] = app.flask_app
        yield


def work() -> None:
    """Make the jobs that are queued, as the worker does."""
    queue = jobs.get_queue()
    SimpleWorker([queue], connection=queue.connection).work(burst=True)
    model.Session.remove()


def asked(
    asker: model.User, partner: dict[str, Any], *datasets: dict[str, Any], **fields: Any
) -> dict[str, Any]:
    """A request by a member through the portal, its mails sent."""
    values = {
        "organization_id": partner["id"],
        "scope": "datasets",
        "package_ids": [each["id"] for each in datasets],
        "reason_class": "error",
        "reason": "Madame Durand habite au 3",
    }
    made = factories.act(asker, "heraultdata_withdrawal_create", **{**values, **fields})
    work()
    return made


def handled(mailbox: Mailbox, verb: str, request: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A step taken by the portal; the mailbox holds the mails of it alone."""
    mailbox.mails.clear()
    made = call_action(
        f"heraultdata_withdrawal_{verb}", making.site_context(), id=request["id"], **fields
    )
    work()
    return made


def told(mailbox: Mailbox) -> dict[str, list[str]]:
    """The subjects by address."""
    by_address: dict[str, list[str]] = {}
    for mail in mailbox.mails:
        by_address.setdefault(mail["To"].addresses[0].addr_spec, []).append(str(mail["Subject"]))
    return by_address


def body(mailbox: Mailbox, address: str) -> str:
    """The text of the one mail to an address; its HTML says the same."""
    [mail] = [each for each in mailbox.mails if each["To"].addresses[0].addr_spec == address]
    text = text_of(mail)
    assert str(mail["Subject"]).split(":")[0] in html_of(mail).replace("&#39;", "'")
    return text


def test_a_member_gets_a_receipt_and_the_departement_a_notice(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    request = asked(asker, partner, trees)
    reference = request["reference"]
    assert told(mailbox) == {
        ASKER: [f"Withdrawal {reference}: request received"],
        DEPARTMENT: [f"Withdrawal {reference} asked for: Vallée de l'Hérault"],
    }
    text = body(mailbox, ASKER)
    assert "Arbres d'alignement" in text
    assert "March 2, 2026" in text
    assert f"http://test.ckan.net/withdrawals/{reference}" in text
    for mail in mailbox.mails:
        assert "Durand" not in text_of(mail) + html_of(mail)
        assert str(mail["To"]).count("@") == 1
        assert mail["Cc"] is None


def test_an_urgent_request_says_so_and_the_referents_hear_that_access_is_closed(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    request = asked(asker, partner, trees, urgent=True)
    reference = request["reference"]
    assert told(mailbox) == {
        ASKER: [f"Withdrawal {reference}: request received"],
        DEPARTMENT: [f"Urgent: withdrawal {reference}, Vallée de l'Hérault"],
        REFERENT: [f"Withdrawal {reference}: access suspended"],
    }
    for address in (ASKER, DEPARTMENT, REFERENT):
        assert "access has been suspended since" in body(mailbox, address)
        assert ASKER not in body(mailbox, REFERENT)


@pytest.mark.parametrize("channel", ["letter", "phone", "mail"])
def test_of_what_the_departement_records_the_referents_get_the_receipt(
    mailbox: Mailbox, partner: dict[str, Any], trees: dict[str, Any], channel: str
) -> None:
    request = making.ask(partner, trees, channel=channel)
    work()
    assert told(mailbox)[REFERENT] == [f"Withdrawal {request['reference']}: request received"]
    assert ("confirm it by a letter" in body(mailbox, REFERENT)) == (channel == "phone")
    assert set(told(mailbox)) == {REFERENT, DEPARTMENT}


def test_the_execution_reaches_the_partner_and_who_asked(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    request = asked(asker, partner, trees)
    handled(mailbox, "execute", request)
    subject = f"Withdrawal {request['reference']}: executed"
    assert told(mailbox) == {ASKER: [subject], REFERENT: [subject]}


def test_who_left_the_partner_hears_no_more_of_its_data(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    request = asked(asker, partner, trees)
    call_action(
        "organization_member_delete",
        making.site_context(),
        id=partner["id"],
        username=asker.name,
    )
    handled(mailbox, "execute", request)
    assert ASKER not in told(mailbox)
    assert REFERENT in told(mailbox)


@pytest.mark.parametrize("urgent", [True, False])
def test_the_reason_of_an_inadmissible_request_is_told(
    mailbox: Mailbox,
    partner: dict[str, Any],
    asker: model.User,
    trees: dict[str, Any],
    urgent: bool,
) -> None:
    request = asked(asker, partner, trees, urgent=urgent)
    handled(mailbox, "reject", request, reason="Ces données ne sont pas les vôtres.")
    subject = f"Withdrawal {request['reference']}: inadmissible"
    assert told(mailbox) == {ASKER: [subject], REFERENT: [subject]}
    for address in (ASKER, REFERENT):
        assert "Ces données ne sont pas les vôtres." in body(mailbox, address)
        assert ("Access is open again" in body(mailbox, address)) == urgent


def test_a_cancellation_reaches_the_departement_too(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    request = asked(asker, partner, trees)
    mailbox.mails.clear()
    factories.act(asker, "heraultdata_withdrawal_cancel", id=request["id"])
    work()
    subject = f"Withdrawal {request['reference']}: cancelled"
    assert told(mailbox) == {key: [subject] for key in (ASKER, REFERENT, DEPARTMENT)}


def test_what_is_restored_is_named(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    parks = making.public_dataset(partner, name="parcs", title="Parcs")
    request = handled(mailbox, "execute", asked(asker, partner, trees, parks))
    [item] = [item for item in request["items"] if item["package_id"] == parks["id"]]
    handled(mailbox, "restore", request, item_ids=[item["id"]])
    assert set(told(mailbox)) == {ASKER, REFERENT}
    assert "Parcs" in body(mailbox, REFERENT)
    assert "Arbres" not in body(mailbox, REFERENT)


@pytest.mark.ckan_config("heraultdata.erase_delay_days", 0)
def test_what_is_erased_is_told(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    request = handled(mailbox, "execute", asked(asker, partner, trees))
    handled(mailbox, "erase", request, reference=request["reference"])
    subject = f"Withdrawal {request['reference']}: data erased"
    assert told(mailbox) == {ASKER: [subject], REFERENT: [subject]}
    assert "Arbres d'alignement" in body(mailbox, REFERENT)


def test_the_decision_of_the_departement_reaches_the_partner_with_its_reason(
    mailbox: Mailbox, partner: dict[str, Any], trees: dict[str, Any]
) -> None:
    request = making.ask(partner, trees, initiative="department", reason="Fichier infecté")
    work()
    reference = request["reference"]
    assert told(mailbox)[REFERENT] == [f"Decision of the département about your data ({reference})"]
    assert "Reason: Fichier infecté" in body(mailbox, REFERENT)
    handled(mailbox, "execute", request)
    assert "Reason: Fichier infecté" in body(mailbox, REFERENT)
    assert set(told(mailbox)) == {REFERENT}


def follower(dataset: dict[str, Any], **fields: Any) -> model.User:
    """A person who follows a dataset."""
    values = {"activity_streams_email_notifications": True}
    made = factories.user(**{**values, **fields})
    factories.act(made, "follow_dataset", id=dataset["id"])
    return made


@pytest.mark.parametrize("reason_class", ["error", "personal_data"])
def test_followers_hear_that_it_is_withdrawn_without_more_than_the_public_may_read(
    mailbox: Mailbox,
    partner: dict[str, Any],
    asker: model.User,
    trees: dict[str, Any],
    reason_class: str,
) -> None:
    follower(trees, email="follower@example.org")
    follower(trees, email="silent@example.org", activity_streams_email_notifications=False)
    left = follower(trees, email="left@example.org")
    left.state = model.State.DELETED
    model.Session.commit()
    request = asked(asker, partner, trees, reason_class=reason_class)
    assert "follower@example.org" not in told(mailbox)
    handled(mailbox, "execute", request)
    assert set(told(mailbox)) == {ASKER, REFERENT, "follower@example.org"}
    text = body(mailbox, "follower@example.org")
    assert ("Arbres" in text) == (reason_class == "error")
    assert request["reference"] not in text
    assert "/register" in text


def test_a_follower_may_stop_them_and_the_partner_may_not(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    follower(trees, email="follower@example.org")
    now = telling.clock.now()
    for address in ("follower@example.org", REFERENT):
        preferences.record(address, Wishes(stopped=True), now)
    handled(mailbox, "execute", asked(asker, partner, trees))
    assert set(told(mailbox)) == {ASKER, REFERENT}


def test_a_referent_who_asks_or_follows_gets_one_mail(
    mailbox: Mailbox, partner: dict[str, Any], trees: dict[str, Any]
) -> None:
    same = follower(trees, email=REFERENT)
    factories.join(same, partner["id"], "admin")
    request = asked(same, partner, trees, urgent=True)
    assert told(mailbox)[REFERENT] == [f"Withdrawal {request['reference']}: request received"]
    handled(mailbox, "execute", request)
    assert told(mailbox) == {REFERENT: [f"Withdrawal {request['reference']}: executed"]}


def test_a_referent_named_afterwards_hears_nothing_of_it(
    mailbox: Mailbox,
    partner: dict[str, Any],
    trees: dict[str, Any],
    daily: Callable[..., Any],
) -> None:
    making.executed(partner, trees, channel="letter")
    work()
    daily("2026-03-03")
    factories.referent(partner["id"], email="new@vallee.example")
    mailbox.mails.clear()
    assert daily("2026-03-04").exit_code == 0
    assert told(mailbox) == {}


def test_each_is_told_in_its_language(
    mailbox: Mailbox, partner: dict[str, Any], asker: model.User, trees: dict[str, Any]
) -> None:
    preferences.record(ASKER, Wishes(language="fr"), telling.clock.now())
    asked(asker, partner, trees)
    assert "2 mars 2026" in body(mailbox, ASKER)
    assert "March 2, 2026" not in body(mailbox, ASKER)


def test_it_does_not_count_as_the_mail_of_the_day_and_goes_once(
    mailbox: Mailbox,
    partner: dict[str, Any],
    asker: model.User,
    trees: dict[str, Any],
    daily: Callable[..., Any],
) -> None:
    alone = factories.partner(title="Seule", email=ASKER)
    factories.signed_convention(alone["id"])
    request = asked(asker, partner, trees)
    mailbox.mails.clear()
    daily("2026-03-02")
    assert told(mailbox) == {ASKER: ["Seule: please name a référent"]}
    mailbox.mails.clear()
    handled(mailbox, "execute", request)
    assert set(told(mailbox)) == {ASKER, REFERENT}
    telling.send_for(request["id"])
    daily("2026-03-03")
    assert set(told(mailbox)) == {ASKER, REFERENT}


def test_what_the_mail_server_refused_goes_with_the_daily_work(
    mailbox: Mailbox,
    partner: dict[str, Any],
    asker: model.User,
    trees: dict[str, Any],
    daily: Callable[..., Any],
) -> None:
    mailbox.refused = {ASKER}
    request = asked(asker, partner, trees)
    assert set(told(mailbox)) == {DEPARTMENT}
    mailbox.refused = set()
    mailbox.mails.clear()
    # Its mail of the day went: what cannot wait goes nevertheless.
    outcome = daily("2026-03-02")
    assert outcome.exit_code == 0, outcome.output
    assert told(mailbox)[ASKER] == [f"Withdrawal {request['reference']}: request received"]


def test_a_queue_that_is_down_refuses_nothing_and_the_daily_work_sends(
    mailbox: Mailbox,
    partner: dict[str, Any],
    asker: model.User,
    trees: dict[str, Any],
    daily: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    ckan_config: dict[str, Any],
) -> None:
    values = {"scope": "datasets", "package_ids": [trees["id"]], "reason_class": "error"}
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "connect_to_redis", _no_redis)
        jobs._queues.clear()
        request = factories.act(
            asker, "heraultdata_withdrawal_create", organization_id=partner["id"], **values
        )
    jobs._queues.clear()
    assert told(mailbox) == {}
    shown = daily("2026-03-03", "--dry-run")
    assert f"Withdrawal {request['reference']}: request received" in shown.output
    assert told(mailbox) == {}
    daily("2026-03-03")
    assert set(told(mailbox)) == {ASKER, DEPARTMENT}


def _no_redis() -> Any:
    from redis import Redis

    return Redis(port=1)


def test_requests_past_their_target_are_in_the_digest_of_the_week(
    mailbox: Mailbox,
    partner: dict[str, Any],
    asker: model.User,
    trees: dict[str, Any],
    daily: Callable[..., Any],
) -> None:
    request = asked(asker, partner, trees)
    executed = making.executed(partner, making.public_dataset(partner), channel="letter")
    work()
    for day, is_told in (("2026-03-03", False), ("2026-03-30", True), ("2026-03-31", False)):
        mailbox.mails.clear()
        daily(day)
        texts = [text_of(mail) for mail in mailbox.mails]
        assert any(f"{request['reference']}, Vallée" in text for text in texts) == is_told
        assert not any(f"{executed['reference']}, Vallée" in text for text in texts)


def test_a_partner_without_anybody_is_no_fault(
    mailbox: Mailbox, trees: dict[str, Any], partner: dict[str, Any]
) -> None:
    alone = factories.partner(title="Seule")
    making.executed(alone, making.public_dataset(alone), channel="letter")
    work()
    assert DEPARTMENT in told(mailbox)


def test_the_number_of_queries_does_not_grow_with_the_requests(partner: dict[str, Any]) -> None:
    def read() -> int:
        now = telling.clock.now()
        with counted_queries() as statements:
            assert [*mails.lines(now.date(), now)]
        return len(statements)

    making.executed(partner, making.public_dataset(partner), channel="letter")
    for_one = read()
    for _ in range(4):
        other = factories.partner()
        factories.referent(other["id"])
        making.executed(other, making.public_dataset(other), channel="letter")
        making.ask(other, making.public_dataset(other))
    assert read() == for_one
