"""Sources of ckanext-harvest: what they brought to a partner, and has been public, stays."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.heraultdata.withdrawals import keeping
from tests import factories
from tests.withdrawals import making

PLUGINS = (
    "heraultdata heraultdata_validation scheming_datasets scheming_organizations dcat "
    "structured_data datastore activity text_view image_view datatables_view "
    "harvest dcat_rdf_harvester"
)

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("heraultdata.publication_gate", "off"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "harvest_tables", "clean_index"),
]


@pytest.fixture
def harvest_tables(migrate_db_for: Any) -> None:
    migrate_db_for("harvest")


@pytest.fixture
def partner() -> dict[str, Any]:
    made = factories.partner(name="aniane", title="Aniane")
    factories.signed_convention(made["id"])
    return made


@pytest.fixture
def source(partner: dict[str, Any]) -> dict[str, Any]:
    """A public source of the partner."""
    return call_action(
        "harvest_source_create",
        making.site_context(),
        name="portail-aniane",
        title="Portail d'Aniane",
        url="https://data.aniane.example/catalog.ttl",
        source_type="dcat_rdf",
        owner_org=partner["id"],
        private=False,
    )


@pytest.fixture
def brought(partner: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """A public dataset that came from the source."""
    from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

    dataset = making.public_dataset(partner, name="arbres")
    job = HarvestJob(source=HarvestSource.get(source["id"]))
    model.Session.add(job)
    model.Session.add(
        HarvestObject(package_id=dataset["id"], harvest_source_id=source["id"], job=job)
    )
    model.Session.commit()
    return dataset


def test_a_partner_cannot_clear_what_has_been_public(
    partner: dict[str, Any], source: dict[str, Any], brought: dict[str, Any]
) -> None:
    admin = factories.people(partner["id"]).partner_admin
    with pytest.raises(keeping.KeptError, match="Ask for it here"):
        factories.act(admin, "harvest_source_clear", id=source["id"])
    assert model.Package.get(brought["id"]) is not None


def test_a_stranger_is_refused_as_one(
    partner: dict[str, Any], source: dict[str, Any], brought: dict[str, Any]
) -> None:
    visitor = factories.people(partner["id"]).visitor
    with pytest.raises(tk.NotAuthorized) as refused:
        factories.act(visitor, "harvest_source_clear", id=source["id"])
    assert not isinstance(refused.value, keeping.KeptError)


def test_deleting_a_source_with_what_it_brought_is_refused_whole(
    partner: dict[str, Any], source: dict[str, Any], brought: dict[str, Any]
) -> None:
    admin = factories.people(partner["id"]).partner_admin
    context = {"user": admin.name, "ignore_auth": False, "clear_source": True}
    with pytest.raises(keeping.KeptError):
        call_action("harvest_source_delete", context, id=source["id"])
    kept = model.Package.get(source["id"])
    assert kept is not None
    assert kept.state == "active"


def test_a_partner_deletes_its_source_and_keeps_what_it_brought(
    partner: dict[str, Any], source: dict[str, Any], brought: dict[str, Any]
) -> None:
    admin = factories.people(partner["id"]).partner_admin
    factories.act(admin, "harvest_source_delete", id=source["id"])
    gone, kept = model.Package.get(source["id"]), model.Package.get(brought["id"])
    assert gone is not None
    assert kept is not None
    assert (gone.state, kept.state) == ("deleted", "active")


def test_what_is_withdrawn_is_cleared_by_nobody(
    partner: dict[str, Any], source: dict[str, Any], brought: dict[str, Any]
) -> None:
    request = making.executed(partner, brought)
    with pytest.raises(keeping.KeptError, match=request["reference"]):
        call_action("harvest_source_clear", making.site_context(), id=source["id"])
    assert model.Package.get(brought["id"]) is not None


def test_the_departement_clears(source: dict[str, Any], brought: dict[str, Any]) -> None:
    call_action("harvest_source_clear", making.site_context(), id=source["id"])
    model.Session.expire_all()
    assert model.Package.get(brought["id"]) is None
