"""The settings of ckanext-validation and its two interfaces."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any, ClassVar

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException
from ckan.lib import jobs as queue
from ckan.tests import factories, helpers
from redis import ConnectionPool

from ckanext.heraultdata.validation import model as store
from ckanext.heraultdata.validation import upstream
from ckanext.heraultdata.validation.plugin import HeraultDataValidationPlugin

from .conftest import (
    INVALID,
    PLUGINS,
    SCHEMA,
    VALID,
    Web,
    create,
    csv_file,
    resource_of,
    run_jobs,
    validation_of,
)

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("site")]


class Witness(p.SingletonPlugin):
    """A plugin of somebody else, that refuses some files and reads the reports."""

    p.implements(upstream.interfaces.IDataValidation)
    p.implements(upstream.interfaces.IPipeValidation)
    reports: ClassVar[list[dict[str, Any]]] = []

    def can_validate(self, context: dict[str, Any], data_dict: dict[str, Any]) -> bool:
        return data_dict.get("name") != "refused"

    def receive_validation_report(self, validation_report: dict[str, Any]) -> None:
        self.reports.append(validation_report)


@pytest.fixture
def witness(site: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    # As CKAN 2.12's own `provide_plugin`, which 2.11 has not.
    monkeypatch.setattr("ckan.plugins.core._get_service", lambda _name: Witness())
    p.load("validation_witness")
    Witness.reports.clear()
    yield Witness.reports
    p.unload("validation_witness")


@pytest.mark.parametrize(
    ("setting", "on_create", "on_update"),
    [("run_on_create_async", 0, 1), ("run_on_update_async", 1, 0)],
)
def test_checks_can_be_turned_off(
    dataset: dict[str, Any],
    ckan_config: dict[str, Any],
    setting: str,
    on_create: int,
    on_update: int,
) -> None:
    ckan_config[f"ckanext.validation.{setting}"] = False

    resource = create(dataset)
    assert run_jobs() == on_create
    helpers.call_action("resource_patch", id=resource["id"], upload=csv_file(INVALID))
    assert run_jobs() == on_update


def test_a_file_that_is_no_longer_checked_loses_the_report_of_the_one_before(
    dataset: dict[str, Any],
) -> None:
    resource = create(dataset)
    run_jobs()

    helpers.call_action(
        "resource_patch", id=resource["id"], upload=csv_file("%PDF", "a.pdf"), format="PDF"
    )

    assert len(queue.get_queue()) == 0
    assert "validation_status" not in resource_of(resource["id"])
    with pytest.raises(tk.ObjectNotFound):
        validation_of(resource["id"])


def test_formats_are_those_of_the_setting(
    dataset: dict[str, Any], ckan_config: dict[str, Any]
) -> None:
    ckan_config["ckanext.validation.formats"] = "xlsx"

    create(dataset)

    assert len(queue.get_queue()) == 0


def test_default_options_reach_every_check(
    dataset: dict[str, Any], ckan_config: dict[str, Any]
) -> None:
    ckan_config["ckanext.validation.default_validation_options"] = json.dumps(
        {"skip_errors": ["type-error", "constraint-error"]}
    )
    resource = create(dataset, INVALID)

    run_jobs()

    assert resource_of(resource["id"])["validation_status"] == "success"


def test_an_invalid_file_is_not_created_when_checked_first(
    dataset: dict[str, Any], ckan_config: dict[str, Any]
) -> None:
    ckan_config["ckanext.validation.run_on_create_sync"] = True

    with pytest.raises(tk.ValidationError) as refusal:
        create(dataset, INVALID)

    assert "validation" in refusal.value.error_dict
    assert "'valid': False" in str(refusal.value.error_dict["validation"])
    assert helpers.call_action("package_show", id=dataset["id"])["resources"] == []
    assert model.Session.query(upstream.Validation).count() == 0
    assert len(queue.get_queue()) == 0


def test_a_valid_file_is_created_with_its_report_when_checked_first(
    dataset: dict[str, Any], ckan_config: dict[str, Any], web: Web
) -> None:
    ckan_config["ckanext.validation.run_on_create_sync"] = True

    by_upload = create(dataset)
    by_url = helpers.call_action(
        "resource_create",
        package_id=dataset["id"],
        url=web.serve("a.csv", VALID),
        schema=json.dumps(SCHEMA),
    )

    assert len(queue.get_queue()) == 0
    for resource in (by_upload, by_url):
        assert resource["validation_status"] == "success"
        assert json.loads(validation_of(resource["id"])["report"])["valid"] is True


def test_the_file_before_stays_when_an_invalid_one_is_refused(
    app: Any,
    dataset: dict[str, Any],
    ckan_config: dict[str, Any],
) -> None:
    resource = create(dataset)
    run_jobs()
    before = resource_of(resource["id"])
    ckan_config["ckanext.validation.run_on_update_sync"] = True

    with pytest.raises(tk.ValidationError):
        helpers.call_action("resource_patch", id=resource["id"], upload=csv_file(INVALID))

    assert resource_of(resource["id"]) == before
    assert app.get(before["url"]).body == VALID
    renamed = helpers.call_action("resource_patch", id=resource["id"], name="Sans contrôle")
    assert renamed["validation_timestamp"] == before["validation_timestamp"]


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_when_checked_first(
    dataset: dict[str, Any], ckan_config: dict[str, Any]
) -> None:
    ckan_config["ckanext.validation.run_on_create_sync"] = True

    with pytest.raises(tk.ValidationError) as refusal:
        helpers.call_action(
            "resource_create", package_id=dataset["id"], url="file:///etc/passwd", format="csv"
        )

    assert "does not start with http" in str(refusal.value.error_dict["validation"])


def test_a_plugin_may_refuse_a_check_that_nobody_asked_for(
    dataset: dict[str, Any], witness: list[dict[str, Any]]
) -> None:
    resource = create(dataset, name="refused")
    run_jobs()
    assert "validation_status" not in resource_of(resource["id"])

    helpers.call_action("resource_validation_run", resource_id=resource["id"])
    run_jobs()

    assert resource_of(resource["id"])["validation_status"] == "success"
    assert [(report["resource_id"], report["status"]) for report in witness] == [
        (resource["id"], "success")
    ]


def test_a_site_without_the_table_saves_its_files(
    dataset: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    store.table.drop(bind=model.Session.connection())
    model.Session.commit()

    resource = create(dataset)

    assert resource_of(resource["id"])["format"] == "CSV"
    assert "ckan heraultdata init" in caplog.text
    assert len(queue.get_queue()) == 0


def test_what_an_organisation_erases_leaves_no_report() -> None:
    dataset = factories.Dataset(owner_org=factories.Organization()["id"])
    create(dataset, INVALID)
    run_jobs()

    helpers.call_action("dataset_purge", id=dataset["id"])

    assert model.Session.query(upstream.Validation).count() == 0


def test_a_file_is_saved_while_the_queue_is_away(
    dataset: dict[str, Any], monkeypatch: pytest.MonkeyPatch, ckan_config: dict[str, Any]
) -> None:
    with monkeypatch.context() as away:
        away.setattr(queue.get_queue().connection, "connection_pool", nowhere())
        resource = create(dataset)
    assert len(queue.get_queue()) == 0
    assert validation_of(resource["id"])["status"] == "created"

    helpers.call_action("resource_validation_run_batch")

    assert run_jobs() == 1
    assert resource_of(resource["id"])["validation_status"] == "success"


def nowhere() -> ConnectionPool:
    return ConnectionPool(host="127.0.0.1", port=9)


def test_a_check_that_takes_too_long_is_said(
    dataset: dict[str, Any], ckan_config: dict[str, Any]
) -> None:
    ckan_config["ckan.jobs.timeout"] = 1
    ckan_config["heraultdata.fetch_private_addresses"] = True
    with socket.create_server(("127.0.0.1", 0)) as silent:
        resource = helpers.call_action(
            "resource_create",
            package_id=dataset["id"],
            url=f"http://127.0.0.1:{silent.getsockname()[1]}/a.csv",
            format="csv",
        )

        run_jobs()

    validation = validation_of(resource["id"])
    assert validation["status"] == "error"
    assert "too long" in validation["error"]["message"][0]


def test_the_adapter_and_the_plugin_that_it_stands_in_for_exclude_each_other(
    site: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter: Any = HeraultDataValidationPlugin()
    with monkeypatch.context() as both:
        both.setattr("ckan.plugins.core._PLUGINS", ["validation", "heraultdata_validation"])

        with pytest.raises(CkanConfigurationException, match="only one of them"):
            adapter.update_config(tk.config)
