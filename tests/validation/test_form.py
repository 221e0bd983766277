"""The form of a file, with the presets of ckanext-validation for ckanext-scheming."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from ckan.tests import factories, helpers

from .conftest import INVALID, SCHEMA, VALID, Web, create, resource_of, run_jobs

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "heraultdata_validation scheming_datasets datastore"),
    pytest.mark.ckan_config("scheming.dataset_schemas", "tests.validation:form.yaml"),
    pytest.mark.ckan_config(
        "scheming.presets", "ckanext.scheming:presets.json ckanext.validation:presets.json"
    ),
    pytest.mark.usefixtures("site"),
]


class Form:
    """The form of a file, as an editor has it before them."""

    def __init__(self, app: Any, address: str) -> None:
        editor = factories.SysadminWithToken()
        self.app = app
        self.address = address
        self.headers = {"Authorization": editor["token"]}

    def page(self) -> BeautifulSoup:
        answer = self.app.get(self.address, headers=self.headers)
        return BeautifulSoup(answer.body, "html.parser")

    def fields(self) -> dict[str, str]:
        """What a browser sends when nothing is touched, but for files and buttons."""
        form = self.page().select_one("#resource-edit")
        assert isinstance(form, Tag)
        sent: dict[str, str] = {}
        for item in form.select("input[name], textarea[name], select[name]"):
            if item.get("type") not in ("file", "submit", "checkbox", "radio"):
                value = item.get_text() if item.name == "textarea" else item.get("value", "")
                sent[str(item["name"])] = str(value).removeprefix("\n")
        return sent

    def send(self, refused: bool = False, **changes: object) -> BeautifulSoup:
        data = {**self.fields(), "save": "go-dataset-complete", **changes}
        answer = self.app.post(self.address, data=data, headers=self.headers, status=200)
        page = BeautifulSoup(answer.body, "html.parser")
        assert bool(page.select(".error-explanation")) is refused
        return page


def file(text: str, name: str = "deliberations.csv") -> tuple[BytesIO, str]:
    return BytesIO(text.encode()), name


def resources(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    return helpers.call_action("package_show", id=dataset["id"])["resources"]


def test_an_upload_with_a_schema_is_checked(app: Any, dataset: dict[str, Any]) -> None:
    form = Form(app, f"/dataset/{dataset['name']}/resource/new")

    form.send(
        upload=file(INVALID),
        url_type="upload",
        format="CSV",
        schema_upload=file(json.dumps(SCHEMA), "schema.json"),
    )

    (resource,) = resources(dataset)
    assert resource["schema"] == SCHEMA
    assert run_jobs() == 1
    assert resource_of(resource["id"])["validation_status"] == "failure"


def test_every_field_has_its_label(app: Any, dataset: dict[str, Any]) -> None:
    page = Form(app, f"/dataset/{dataset['name']}/resource/new").page()

    labels = {str(label.get("for")) for label in page.select("label")}
    ids = {"field-schema-upload", "field-schema-url", "field-schema-json"}
    assert ids | {"field-validation_options"} <= labels
    assert {str(item["id"]) for item in page.select("[id^=field-schema]")} == ids


def test_saving_the_form_untouched_changes_nothing(app: Any, dataset: dict[str, Any]) -> None:
    options = json.dumps({"limit_errors": 5})
    resource = create(dataset, validation_options=options)
    run_jobs()
    before = resource_of(resource["id"])

    Form(app, f"/dataset/{dataset['name']}/resource/{resource['id']}/edit").send()

    assert run_jobs() == 0
    after = resource_of(resource["id"])
    kept = ("schema", "validation_options", "validation_status", "validation_timestamp")
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}


@pytest.mark.parametrize("hidden", [False, True])
def test_a_schema_given_by_its_address(
    app: Any,
    dataset: dict[str, Any],
    web: Web,
    ckan_config: dict[str, Any],
    hidden: bool,
) -> None:
    address = web.serve("schema.json", json.dumps(SCHEMA))
    resource = create(dataset, schema=address)
    run_jobs()
    for source in ("upload", "url", "json"):
        ckan_config[f"ckanext.validation.form.hide_{source}_source"] = hidden
    form = Form(app, f"/dataset/{dataset['name']}/resource/{resource['id']}/edit")

    form.send()

    assert run_jobs() == 0
    assert resource_of(resource["id"])["schema"] == address


def test_a_schema_emptied_is_taken_away(app: Any, dataset: dict[str, Any]) -> None:
    resource = create(dataset, INVALID)
    run_jobs()
    form = Form(app, f"/dataset/{dataset['name']}/resource/{resource['id']}/edit")

    form.send(schema_json="")

    assert not resource_of(resource["id"]).get("schema")
    assert run_jobs() == 1
    assert resource_of(resource["id"])["validation_status"] == "success"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema_json": "{"}, "This is not JSON"),
        ({"schema_json": '{"fields": 3}'}, "no list of"),
        ({"schema_url": "ftp://x.example/s.json"}, "must start with http"),
        ({"validation_options": '{"extrapaths": []}'}, "extrapaths"),
    ],
)
def test_what_is_wrong_is_said_in_the_form(
    app: Any,
    dataset: dict[str, Any],
    changes: dict[str, str],
    said: str,
) -> None:
    form = Form(app, f"/dataset/{dataset['name']}/resource/new")

    sent = {"upload": file(VALID), "url_type": "upload", "format": "CSV", **changes}
    page = form.send(refused=True, **sent)

    assert said in page.select("#resource-edit")[0].get_text()
    assert resources(dataset) == []


def test_the_report_of_a_refused_file_stands_in_the_form(
    app: Any,
    dataset: dict[str, Any],
    ckan_config: dict[str, Any],
) -> None:
    ckan_config["ckanext.validation.run_on_create_sync"] = True
    form = Form(app, f"/dataset/{dataset['name']}/resource/new")

    page = form.send(
        refused=True,
        upload=file(INVALID),
        url_type="upload",
        format="CSV",
        schema_json=json.dumps(SCHEMA),
    )

    (report,) = page.select("#validation-report")
    assert len(report.select("tbody tr")) == 2
    assert page.select('a[href="#validation-report"]')
    assert resources(dataset) == []
