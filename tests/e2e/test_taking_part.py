"""The calendar of a partner and the comments on a draft in a browser: readable by everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from playwright.sync_api import Page

from ckanext.heraultdata import clock
from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import OpenPage, faults, open_all

DRAFT = {"standard": "parcs", "version": "2.0.0"}
COMMENTS = "/standard/parcs/version/2.0.0/comments"


@pytest.fixture
def admin(empty_portal: Portal, department_admin: Member, page_of: OpenPage) -> Page:
    """The window of an administrator of the département, with a draft that is commented."""
    factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    factories.standard(name="parcs", title="Parcs et jardins", level="territorial")
    factories.version(**DRAFT, comments_until=str(clock.today() + timedelta(days=30)))
    for column, text in (
        (None, "Une licence ?"),
        ("nom", "Le nom d'usage, ou celui du cadastre ?"),
    ):
        made = call_action(
            "heraultdata_standard_comment_create",
            context={"user": factories.user(sysadmin=True).name},
            text=text,
            **DRAFT,
            **({"column": column} if column else {}),
        )
    call_action("heraultdata_standard_comment_answer", id=made["id"], answer="Le nom d'usage.")
    model.Session.commit()
    return page_of(department_admin)


def test_they_can_be_read_by_everybody(admin: Page) -> None:
    found: list[str] = []
    admin.goto("/partner/vallee/calendar")
    found += faults(admin)
    admin.get_by_role("button", name="Créer son adresse privée").click()
    admin.wait_for_selector("#calendar-address")
    found += faults(admin)
    for address in (COMMENTS, "/standard/parcs/version/2.0.0/publish", "/standard/parcs"):
        admin.goto(address)
        open_all(admin)
        found += faults(admin)
    admin.goto(COMMENTS)
    admin.get_by_role("button", name="Envoyer le commentaire").click()
    admin.wait_for_selector("#field-text-error")
    found += faults(admin)
    assert found == [], "\n".join(found)
