"""The transitions of a request, on a real database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.heraultdata import clock
from ckanext.heraultdata.journal import service as journal
from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.withdrawals import requests, service
from ckanext.heraultdata.withdrawals.kinds import (
    Channel,
    Initiative,
    ItemState,
    ReasonClass,
    Scope,
    State,
)
from ckanext.heraultdata.withdrawals.model import Withdrawal, WithdrawalItem, WithdrawalPaper
from tests import factories
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

SOMEBODY = journal.Actor("user-1", "camille")


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


def _new(partner: dict[str, Any], *datasets: dict[str, Any], **fields: Any) -> service.NewRequest:
    values: dict[str, Any] = {
        "organization_id": partner["id"],
        "scope": Scope.DATASETS if datasets else Scope.ALL,
        "package_ids": tuple(dataset["id"] for dataset in datasets),
        "resource_ids": (),
        "reason_class": ReasonClass.ERROR,
        "reason": "Camille Fabre is named in it",
        "urgent": False,
        "channel": Channel.PORTAL,
        "received_on": date(2026, 3, 2),
        "initiative": Initiative.PARTNER,
    }
    return service.NewRequest(**{**values, **fields})


def _create(new: service.NewRequest, **fields: Any) -> str:
    return service.create(new, SOMEBODY, clock.now(), **fields)


def _state_of(dataset: dict[str, Any]) -> str:
    query = sa.select(model.package_table.c.state).where(model.package_table.c.id == dataset["id"])
    return str(model.Session.scalar(query))


def _state_of_file(resource_id: str) -> str:
    resource = model.resource_table.c
    return str(model.Session.scalar(sa.select(resource.state).where(resource.id == resource_id)))


def _verbs(withdrawal_id: str) -> list[str]:
    lines = model.Session.scalars(
        sa.select(JournalEntry.action)
        .where(JournalEntry.subject_type == "withdrawal", JournalEntry.subject_id == withdrawal_id)
        .order_by(JournalEntry.id)
    )
    return [line.removeprefix("withdrawal.") for line in lines]


def _count(entity: type[Withdrawal | WithdrawalItem | WithdrawalPaper]) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(entity)) or 0


class TestAsking:
    """A request recorded, with its items and papers."""

    def test_a_request_waits_and_changes_nothing(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)

        made = requests.get(_create(_new(partner, dataset)))

        assert (made.reference, made.state) == ("R-2026-0001", State.RECEIVED)
        assert [(item.package_id, item.state) for item in made.items] == [
            (dataset["id"], ItemState.ASKED)
        ]
        assert _state_of(dataset) == "active"
        assert _verbs(made.id) == ["received"]

    def test_references_count_by_year_of_receipt(self, partner: dict[str, Any]) -> None:
        days = (date(2025, 12, 31), date(2026, 1, 2), date(2026, 3, 2))
        references = [
            requests.get(
                _create(_new(partner, making.public_dataset(partner), received_on=day))
            ).reference
            for day in days
        ]
        assert references == ["R-2025-0001", "R-2026-0001", "R-2026-0002"]

    def test_references_go_on_beyond_four_digits(self, partner: dict[str, Any]) -> None:
        _create(_new(partner, making.public_dataset(partner)))
        model.Session.execute(sa.update(Withdrawal).values(reference="R-2026-9999"))

        later = requests.get(_create(_new(partner, making.public_dataset(partner))))
        last = requests.get(_create(_new(partner, making.public_dataset(partner))))

        assert (later.reference, last.reference) == ("R-2026-10000", "R-2026-10001")

    def test_all_covers_private_datasets_and_no_drafts(self, partner: dict[str, Any]) -> None:
        public = making.public_dataset(partner)
        private = making.private_dataset(partner)
        making.private_dataset(partner, state="draft")
        making.public_dataset(factories.partner())

        made = requests.get(_create(_new(partner)))

        assert {(item.package_id, item.was_public) for item in made.items} == {
            (public["id"], True),
            (private["id"], False),
        }

    def test_urgent_closes_access_with_the_record(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)

        made = requests.get(_create(_new(partner, dataset, urgent=True)))

        assert made.state is State.RECEIVED
        assert made.suspended_at == clock.now()
        assert [item.state for item in made.items] == [ItemState.SUSPENDED]
        assert _state_of(dataset) == "deleted"
        assert _verbs(made.id) == ["received", "suspended"]

    def test_papers_are_kept(self, partner: dict[str, Any]) -> None:
        letter = service.NewPaper("letter.pdf", "application/pdf", b"%PDF-1.7")

        withdrawal_id = _create(_new(partner, making.public_dataset(partner)), papers=[letter])

        kept = model.Session.scalars(sa.select(WithdrawalPaper)).one()
        assert (kept.withdrawal_id, kept.file_name, kept.size) == (withdrawal_id, "letter.pdf", 8)
        assert bytes(kept.content) == letter.content

    def test_the_journal_keeps_neither_the_reason_nor_a_title(
        self, partner: dict[str, Any]
    ) -> None:
        dataset = making.public_dataset(partner, title="Debts of Camille Fabre")
        withdrawal_id = _create(_new(partner, dataset, urgent=True))
        service.reject(withdrawal_id, "Camille Fabre agrees", SOMEBODY, clock.now())

        told = model.Session.scalars(
            sa.select(JournalEntry.after).where(JournalEntry.subject_type == "withdrawal")
        ).all()

        assert len(told) == 3
        assert "Camille" not in str(told)

    def test_ten_thousand_are_asked_for_at_once(self, partner: dict[str, Any]) -> None:
        making.many_datasets(partner, 10_000)

        made = requests.get(_create(_new(partner)))

        assert len(made.items) == _count(WithdrawalItem) == 10_000

    def test_ten_thousand_named_are_asked_for_at_once(self, partner: dict[str, Any]) -> None:
        names = making.many_datasets(partner, 10_000)

        made = _create(_new(partner, scope=Scope.DATASETS, package_ids=tuple(names)))

        assert len(requests.get(made).items) == 10_000


class TestRefused:
    """What cannot be asked for leaves nothing behind."""

    def _refused(self, new: service.NewRequest, field: str, *words: str) -> None:
        before = (_count(Withdrawal), _count(WithdrawalItem))
        with pytest.raises(RuleError) as refusal:
            _create(new)
        model.Session.rollback()
        assert refusal.value.field == field
        for word in words:
            assert word in str(refusal.value.message)
        assert (_count(Withdrawal), _count(WithdrawalItem)) == before

    def test_a_dataset_of_another_partner(self, partner: dict[str, Any]) -> None:
        own = making.public_dataset(partner)
        foreign = making.public_dataset(factories.partner())
        self._refused(_new(partner, own, foreign), "package_ids", foreign["id"])

    def test_a_dataset_that_is_none(self, partner: dict[str, Any]) -> None:
        self._refused(_new(partner, {"id": "nothing"}), "package_ids", "nothing")

    def test_a_draft(self, partner: dict[str, Any]) -> None:
        draft = making.private_dataset(partner, state="draft")
        self._refused(_new(partner, draft), "package_ids", "draft")

    def test_a_partner_without_datasets(self, partner: dict[str, Any]) -> None:
        self._refused(_new(partner), "scope", "no dataset")

    def test_an_organisation_that_is_no_partner(self) -> None:
        organization = factories.organization(name="office", title="Office")
        dataset = making.private_dataset(organization)
        self._refused(_new(organization, dataset), "organization_id", "not a partner")

    def test_the_departement_itself(self) -> None:
        department = factories.department()
        dataset = making.private_dataset(department)
        self._refused(_new(department, dataset), "organization_id", "not a partner")

    def test_a_file_of_another_partner(self, partner: dict[str, Any]) -> None:
        foreign = making.public_dataset(factories.partner(), files={"trees.csv": b"a\n"})
        resource_id = foreign["resources"][0]["id"]
        new = _new(partner, scope=Scope.RESOURCES, package_ids=(), resource_ids=(resource_id,))
        self._refused(new, "resource_ids", resource_id)

    def test_a_file_of_another_dataset(self, partner: dict[str, Any]) -> None:
        one = making.public_dataset(partner)
        two = making.public_dataset(partner, files={"trees.csv": b"a\n"})
        resource_id = two["resources"][0]["id"]
        new = _new(partner, one, scope=Scope.RESOURCES, resource_ids=(resource_id,))
        self._refused(new, "resource_ids", resource_id)

    def test_what_was_asked_for(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, title="Trees")
        _create(_new(partner, dataset))
        self._refused(_new(partner, dataset), "package_ids", "R-2026-0001", "Trees")
        self._refused(_new(partner), "scope", "R-2026-0001", "Trees")

    def test_what_is_suspended(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        _create(_new(partner, dataset, urgent=True))
        self._refused(_new(partner, dataset), "package_ids", "R-2026-0001")

    def test_what_is_withdrawn(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        making.executed(partner, dataset)
        self._refused(_new(partner, dataset), "package_ids", "Withdrawn already", "R-2026-0001")

    def test_a_file_of_a_dataset_that_was_asked_for(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"a\n"})
        _create(_new(partner, dataset))
        resource_ids = (dataset["resources"][0]["id"],)
        new = _new(partner, scope=Scope.RESOURCES, resource_ids=resource_ids)
        self._refused(new, "resource_ids", "R-2026-0001")

    def test_a_file_that_was_asked_for(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"a\n", "oaks.csv": b"b\n"})
        trees, oaks = dataset["resources"]
        making.ask_for_files(partner, trees)
        both = _new(partner, scope=Scope.RESOURCES, resource_ids=(trees["id"], oaks["id"]))
        self._refused(both, "resource_ids", "R-2026-0001", "trees.csv")
        _create(_new(partner, scope=Scope.RESOURCES, resource_ids=(oaks["id"],)))

    def test_what_a_titles_list_would_be_too_long_for(self, partner: dict[str, Any]) -> None:
        names = making.many_datasets(partner, 8)
        new = _new(partner, scope=Scope.DATASETS, package_ids=tuple(names))
        _create(new)
        self._refused(new, "package_ids", "and 3 more")

    def test_what_past_the_lock_was_asked_for_too(
        self, partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dataset = making.public_dataset(partner)
        _create(_new(partner, dataset))
        monkeypatch.setattr(
            "ckanext.heraultdata.withdrawals.covering._refuse_live", lambda *_: None
        )
        self._refused(_new(partner, dataset), "package_ids", "just asked")


class TestWhatCanBeAskedAgain:
    """An item is free again once its request is over or it is back."""

    def test_after_a_cancellation(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        service.cancel(_create(_new(partner, dataset)), SOMEBODY, clock.now())
        _create(_new(partner, dataset))

    def test_after_a_restoration(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        request = making.executed(partner, dataset)
        item_ids = [item["id"] for item in request["items"]]
        service.restore(request["id"], item_ids, SOMEBODY, clock.now())
        _create(_new(partner, dataset))

    def test_a_dataset_one_of_whose_files_is_withdrawn(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"a\n"})
        making.execute(making.ask_for_files(partner, dataset["resources"][0]))
        _create(_new(partner, dataset))


class TestExecuting:
    """All the items or none, once."""

    def test_executing_takes_all_the_items_away(self, partner: dict[str, Any]) -> None:
        first = making.public_dataset(partner, files={"trees.csv": b"name\noak\n"})
        second = making.public_dataset(partner)
        left = making.public_dataset(partner)
        request_id = _create(_new(partner, first, second))

        service.execute(request_id, SOMEBODY, clock.now())

        executed = requests.get(request_id)
        assert executed.executed_at == clock.now()
        assert {item.state for item in executed.items} == {ItemState.WITHDRAWN}
        assert [_state_of(each) for each in (first, second, left)] == [
            "deleted",
            "deleted",
            "active",
        ]

    def test_a_request_is_closed_at_once_where_no_platform_is_known(
        self, partner: dict[str, Any]
    ) -> None:
        request_id = _create(_new(partner, making.public_dataset(partner)))

        service.execute(request_id, SOMEBODY, clock.now())

        assert requests.get(request_id).state is State.CLOSED
        assert _verbs(request_id) == ["received", "executed", "closed"]

    def test_a_suspended_request_is_executed(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        request_id = _create(_new(partner, dataset, urgent=True))

        service.execute(request_id, SOMEBODY, clock.now())

        assert [item.state for item in requests.get(request_id).items] == [ItemState.WITHDRAWN]
        assert _state_of(dataset) == "deleted"

    def test_what_passed_to_another_organisation_is_not_taken_from_it(
        self, partner: dict[str, Any]
    ) -> None:
        dataset = making.public_dataset(partner, title="Arbres")
        request_id = _create(_new(partner, dataset))
        other = factories.partner(name="aniane")
        model.Session.execute(
            sa.update(model.package_table)
            .where(model.package_table.c.id == dataset["id"])
            .values(owner_org=other["id"])
        )
        model.Session.commit()

        with pytest.raises(RuleError, match="“Arbres”"):
            service.execute(request_id, SOMEBODY, clock.now())

        model.Session.rollback()
        assert _state_of(dataset) == "active"

    def test_executing_twice_says_so(self, partner: dict[str, Any]) -> None:
        request_id = _create(_new(partner, making.public_dataset(partner)))
        service.execute(request_id, SOMEBODY, clock.now())

        with pytest.raises(RuleError, match=r"executed on .* already"):
            service.execute(request_id, SOMEBODY, clock.now())

        assert _verbs(request_id).count("executed") == 1

    def test_two_people_who_execute_at_once(self, partner: dict[str, Any]) -> None:
        request_id = _create(_new(partner, making.public_dataset(partner)))

        outcomes = _at_once(lambda: service.execute(request_id, SOMEBODY, clock.now()))

        assert [type(outcome) for outcome in outcomes].count(RuleError) == 2
        assert _verbs(request_id) == ["received", "executed", "closed"]

    def test_what_fails_half_way_leaves_nothing_behind(
        self, partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dataset = making.public_dataset(partner)
        request_id = _create(_new(partner, dataset))

        def fail(withdrawal_id: str, now: object) -> None:
            raise OSError("No space left on device")

        monkeypatch.setattr(service.followups, "open_for", fail)
        with pytest.raises(OSError, match="No space"):
            service.execute(request_id, SOMEBODY, clock.now())
        model.Session.rollback()

        assert requests.get(request_id).state is State.RECEIVED
        assert _state_of(dataset) == "active"

    def test_a_call_waits_for_its_writing(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        request_id = _create(_new(partner, dataset, channel=Channel.PHONE))
        with pytest.raises(RuleError, match="by telephone"):
            service.execute(request_id, SOMEBODY, clock.now())
        model.Session.rollback()
        assert _state_of(dataset) == "active"

        letter = service.NewPaper("letter.pdf", "application/pdf", b"%PDF-1.7")
        service.confirm(
            request_id, date(2026, 3, 2), "Called back", SOMEBODY, clock.now(), [letter]
        )
        service.execute(request_id, SOMEBODY, clock.now())

        confirmed = requests.get(request_id)
        assert (confirmed.confirmed_on, confirmed.confirmation_note) == (
            date(2026, 3, 2),
            "Called back",
        )
        assert _verbs(request_id) == ["received", "confirmed", "executed", "closed"]
        assert _count(WithdrawalPaper) == 1

    def test_an_urgent_call_suspends_and_waits(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        request_id = _create(_new(partner, dataset, channel=Channel.PHONE, urgent=True))

        assert _state_of(dataset) == "deleted"
        with pytest.raises(RuleError, match="by telephone"):
            service.execute(request_id, SOMEBODY, clock.now())

    def test_files_go_alone(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"a\n", "oaks.csv": b"b\n"})
        trees, oaks = dataset["resources"]

        making.execute(making.ask_for_files(partner, trees))

        assert (_state_of_file(trees["id"]), _state_of_file(oaks["id"])) == ("deleted", "active")
        assert _state_of(dataset) == "active"


class TestTwoRequests:
    """Two people who ask for the same dataset at once."""

    def test_one_is_taken_and_the_other_is_told(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)

        outcomes = _at_once(lambda: _create(_new(partner, dataset)))

        refused = [outcome for outcome in outcomes if isinstance(outcome, RuleError)]
        assert len(refused) == 2
        assert all("R-2026-0001" in str(each.message) for each in refused)
        assert (_count(Withdrawal), _count(WithdrawalItem)) == (1, 1)

    def test_requests_of_several_partners_have_references_of_their_own(self) -> None:
        asked = [
            _new(made, making.public_dataset(made))
            for made in (factories.partner() for _ in range(3))
        ]

        def create() -> str:
            return _create(asked.pop())

        outcomes = [requests.get(str(outcome)).reference for outcome in _at_once(create)]

        assert sorted(outcomes) == ["R-2026-0001", "R-2026-0002", "R-2026-0003"]


class TestEnding:
    """Cancelled or inadmissible: what was suspended is open again."""

    @pytest.mark.parametrize("urgent", [False, True])
    def test_cancelled(self, partner: dict[str, Any], urgent: bool) -> None:
        dataset = making.public_dataset(partner)
        request_id = _create(_new(partner, dataset, urgent=urgent))

        service.cancel(request_id, SOMEBODY, clock.now())

        ended = requests.get(request_id)
        assert ended.state is State.CANCELLED
        assert [item.state for item in ended.items] == [ItemState.RELEASED]
        assert _state_of(dataset) == "active"
        assert _verbs(request_id)[-1] == "cancelled"

    @pytest.mark.parametrize("urgent", [False, True])
    def test_inadmissible(self, partner: dict[str, Any], urgent: bool) -> None:
        dataset = making.public_dataset(partner)
        request_id = _create(_new(partner, dataset, urgent=urgent))

        service.reject(request_id, "These are not yours", SOMEBODY, clock.now())

        ended = requests.get(request_id)
        assert (ended.state, ended.decision_reason) == (State.INADMISSIBLE, "These are not yours")
        assert _state_of(dataset) == "active"

    @pytest.mark.parametrize("end", [service.cancel, partial(service.reject, reason="Too late")])
    def test_not_after_the_execution(
        self, partner: dict[str, Any], end: Callable[..., None]
    ) -> None:
        dataset = making.public_dataset(partner)
        request_id = making.executed(partner, dataset)["id"]

        with pytest.raises(RuleError, match="executed on"):
            end(request_id, actor=SOMEBODY, now=clock.now())
        model.Session.rollback()

        assert requests.get(request_id).decision_reason is None
        assert _state_of(dataset) == "deleted"


class TestRestoring:
    """Any item, exactly."""

    def test_one_item_comes_back_and_the_other_stays(self, partner: dict[str, Any]) -> None:
        first, second = making.public_dataset(partner), making.public_dataset(partner)
        request = making.executed(partner, first, second)
        item = next(each for each in request["items"] if each["package_id"] == first["id"])

        service.restore(request["id"], [item["id"], item["id"]], SOMEBODY, clock.now())

        assert (_state_of(first), _state_of(second)) == ("active", "deleted")
        states = {each.package_id: each.state for each in requests.get(request["id"]).items}
        assert states == {first["id"]: ItemState.RESTORED, second["id"]: ItemState.WITHDRAWN}
        assert _verbs(request["id"])[-1] == "restored"

    def test_twice_is_refused(self, partner: dict[str, Any]) -> None:
        request = making.executed(partner, making.public_dataset(partner))
        item_ids = [request["items"][0]["id"]]
        service.restore(request["id"], item_ids, SOMEBODY, clock.now())
        with pytest.raises(RuleError, match="restored already"):
            service.restore(request["id"], item_ids, SOMEBODY, clock.now())

    def test_an_item_of_another_request_is_refused(self, partner: dict[str, Any]) -> None:
        first = making.executed(partner, making.public_dataset(partner))
        second = making.executed(partner, making.public_dataset(partner))
        with pytest.raises(RuleError, match="not of this request"):
            service.restore(first["id"], [second["items"][0]["id"]], SOMEBODY, clock.now())

    def test_a_suspended_item_is_refused(self, partner: dict[str, Any]) -> None:
        request = making.ask(partner, making.public_dataset(partner), urgent=True)
        with pytest.raises(RuleError, match="cancel the request"):
            service.restore(request["id"], [request["items"][0]["id"]], SOMEBODY, clock.now())

    def test_an_erased_item_is_refused(self, partner: dict[str, Any]) -> None:
        request = making.executed(partner, making.public_dataset(partner))
        model.Session.execute(sa.update(WithdrawalItem).values(state=ItemState.ERASED.value))
        with pytest.raises(RuleError, match="was erased"):
            service.restore(request["id"], [request["items"][0]["id"]], SOMEBODY, clock.now())


class TestErasing:
    """Ordered with a delay, lifted by restoring."""

    def test_an_order_waits_for_its_day(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        request = making.executed(partner, dataset)

        service.order_erasure(request["id"], "R-2026-0001", SOMEBODY, clock.now())

        assert requests.get(request["id"]).erase_on == date(2026, 4, 1)
        assert _state_of(dataset) == "deleted"
        assert _verbs(request["id"])[-1] == "erase_ordered"

    def test_restoring_lifts_it(self, partner: dict[str, Any]) -> None:
        request = making.executed(partner, making.public_dataset(partner))
        service.order_erasure(request["id"], "R-2026-0001", SOMEBODY, clock.now())

        service.restore(request["id"], [request["items"][0]["id"]], SOMEBODY, clock.now())

        assert requests.get(request["id"]).erase_on is None

    def test_it_is_too_late_on_its_day(
        self, partner: dict[str, Any], at: Callable[[str], None]
    ) -> None:
        request = making.executed(partner, making.public_dataset(partner))
        service.order_erasure(request["id"], "R-2026-0001", SOMEBODY, clock.now())
        at("2026-04-01")
        with pytest.raises(RuleError, match="being erased"):
            service.restore(request["id"], [request["items"][0]["id"]], SOMEBODY, clock.now())

    def test_another_reference_is_refused(self, partner: dict[str, Any]) -> None:
        request = making.executed(partner, making.public_dataset(partner))
        with pytest.raises(RuleError, match="R-2026-0001"):
            service.order_erasure(request["id"], "R-2026-0002", SOMEBODY, clock.now())
        model.Session.rollback()
        assert requests.get(request["id"]).erase_on is None


def test_a_request_that_is_none() -> None:
    for step in (
        lambda: service.execute("none", SOMEBODY, clock.now()),
        lambda: service.cancel("none", SOMEBODY, clock.now()),
        lambda: requests.get("none"),
    ):
        with pytest.raises(requests.WithdrawalNotFoundError):
            step()


def test_settling_what_waits_changes_nothing(partner: dict[str, Any]) -> None:
    request_id = _create(_new(partner, making.public_dataset(partner)))
    service.settle(request_id, clock.now())
    assert requests.get(request_id).state is State.RECEIVED


def _at_once(step: Callable[[], object]) -> list[object]:
    """What three people are answered who do the same at once: a result, or a refusal."""
    people = 3
    together = threading.Barrier(people)
    outcomes: list[object] = []

    def run() -> None:
        try:
            together.wait()
            outcomes.append(step())
        except RuleError as refusal:
            model.Session.rollback()
            outcomes.append(refusal)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=run) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    model.Session.remove()
    assert len(outcomes) == people
    return outcomes


@pytest.mark.ckan_config("heraultdata.erase_delay_days", 0)
def test_without_a_delay_it_is_destroyed_at_once(partner: dict[str, Any]) -> None:
    request = making.executed(partner, making.public_dataset(partner))

    service.order_erasure(request["id"], request["reference"], SOMEBODY, clock.now())

    assert [item.state for item in requests.get(request["id"]).items] == [ItemState.ERASED]
    assert _verbs(request["id"])[-1] == "erased"
