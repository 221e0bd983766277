"""The command `ckan heraultdata`: installation and lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.model as model
import pytest

from ckanext.heraultdata.cli import heraultdata
from tests import factories
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")


@pytest.fixture
def run(cli: Any) -> Callable[..., Any]:
    def invoke(*words: str) -> Any:
        return cli.invoke(heraultdata, list(words))

    return invoke


class TestInit:
    def test_it_makes_the_departments_organisation(self, run: Callable[..., Any]) -> None:
        outcome = run("init")
        assert outcome.exit_code == 0, outcome.output
        assert model.Group.get(factories.DEPARTMENT).extras["partner_type"] == "department"  # type: ignore[union-attr]

    def test_it_can_be_run_again(self, run: Callable[..., Any]) -> None:
        for _ in range(2):
            assert run("init").exit_code == 0

    @pytest.mark.ckan_config("heraultdata.department_organization", "")
    def test_it_says_what_is_not_set(self, run: Callable[..., Any]) -> None:
        outcome = run("init")
        assert outcome.exit_code == 0
        assert "Set heraultdata.department_organization" in outcome.output


class TestLists:
    def test_conventions(self, run: Callable[..., Any]) -> None:
        signed = factories.signed_convention(factories.partner()["id"])
        factories.convention(factories.partner()["id"])
        rows = json.loads(run("convention", "list", "--json").output)
        assert [row["state"] for row in rows] == ["active", "draft"]
        active = run("convention", "list", "--state", "active").output
        assert active.startswith(signed["id"])
        assert len(active.splitlines()) == 1

    def test_a_state_that_is_none(self, run: Callable[..., Any]) -> None:
        outcome = run("convention", "list", "--state", "asleep")
        assert outcome.exit_code == 2
        assert "asleep is none of" in outcome.output

    def test_the_journal(self, run: Callable[..., Any]) -> None:
        partner = factories.partner()
        factories.partner()
        rows = json.loads(
            run("journal", "list", "--json", "--organization", partner["name"]).output
        )
        assert [row["action"] for row in rows] == ["organization.created"]
        assert "organization.created" in run("journal", "list").output

    def test_withdrawals(self, run: Callable[..., Any]) -> None:
        partner, other = factories.partner(), factories.partner()
        waiting = making.ask(
            partner, scope="datasets", package_ids=making.many_datasets(partner, 1)
        )
        done = making.executed(other, scope="datasets", package_ids=making.many_datasets(other, 1))
        rows = json.loads(run("withdrawal", "list", "--json").output)
        assert [row["id"] for row in rows] == [waiting["id"], done["id"]]
        closed = run("withdrawal", "list", "--state", "closed").output
        assert closed.split("\t")[:2] == [done["reference"], "closed"]
        of_partner = run("withdrawal", "list", "--organization", partner["name"]).output
        assert of_partner.startswith(waiting["reference"])
        assert len(of_partner.splitlines()) == 1

    def test_nothing(self, run: Callable[..., Any]) -> None:
        assert json.loads(run("convention", "list", "--json").output) == []
