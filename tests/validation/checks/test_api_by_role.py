"""The API of checks and of standards, over HTTP, with the token of each role."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import CKANTestApp

from ckanext.heraultdata.validation import service as adapter
from ckanext.heraultdata.validation.checks import running
from tests import factories
from tests.validation.checks import standards
from tests.validation.conftest import run_jobs

ROLES = (
    "visitor", "partner_member", "partner_editor", "partner_admin", "other_partner_admin",
    "department_admin", "sysadmin",
)  # fmt: skip
MEMBERS = ("partner_member", "partner_editor", "partner_admin", "department_admin", "sysadmin")
DEPARTMENT = ("department_admin", "sysadmin")


class Api:
    """The API of the portal, and a dataset of a partner with a file that follows a standard."""

    def __init__(self, app: CKANTestApp, private: bool = False) -> None:
        self._app = app
        standards.standard()
        partner = standards.partner()
        self._people = factories.people(partner["id"])
        self._tokens = {role: factories.token(self._people.of(role)) for role in ROLES}
        self.package = standards.dataset(partner["id"], private=private)
        self.resource = standards.resource(self.package, standards.OF_BOTH)
        run_jobs()

    def send(self, role: str | None, action: str, data: object, **form: Any) -> tuple[int, Any]:
        """What the API answers a role, None for who has no account."""
        headers = {"Authorization": self._tokens[role]} if role else {}
        sent = {"data": form} if form else {"json": data}
        answer = self._app.post(f"/api/3/action/{action}", headers=headers, **sent)
        body = answer.get_json()
        if isinstance(body, dict) and body["success"]:
            return answer.status_code, body["result"]
        return answer.status_code, body["error"] if isinstance(body, dict) else body

    def check(self, schema: object, **more: Any) -> tuple[int, Any]:
        """Check a small file against a schema, as a visitor."""
        file = (BytesIO(b"a;b\n1;2\n"), "a.csv")
        text = schema if isinstance(schema, str) else json.dumps(schema)
        return self.send(None, "heraultdata_file_check", None, upload=file, schema=text, **more)


@pytest.fixture(autouse=True)
def site(
    at: Any, with_plugins: None, clean_db: None, clean_index: None, clean_queues: None
) -> None:
    at("2026-11-24")
    adapter.create_tables()
    redis = connect_to_redis()
    for key in redis.scan_iter("ckan:*:heraultdata:checks-of:*"):
        redis.delete(key)


@pytest.fixture
def api(app: CKANTestApp) -> Api:
    return Api(app)


@pytest.mark.parametrize("private", [False, True])
def test_who_reads_and_asks_for_checks(app: CKANTestApp, private: bool) -> None:
    api = Api(app, private)
    of_file = {"resource_id": api.resource["id"]}
    for role in (None, *ROLES):
        is_member = role in MEMBERS
        show, shown = api.send(role, "heraultdata_check_show", of_file)
        listed, _ = api.send(role, "heraultdata_check_list", of_file)
        checked, _ = api.send(role, "heraultdata_resource_check", of_file)
        assert show == (200 if is_member or not private else 403), (role, shown)
        assert (listed, checked) == ((200, 200) if is_member else (403, 403)), role


def test_who_writes_standards(api: Api) -> None:
    for rank, role in enumerate((None, *ROLES)):
        name = f"bancs-{rank}"
        created, _ = api.send(
            role, "heraultdata_standard_create", {"name": name, "title": "A", "level": "national"}
        )
        updated, _ = api.send(
            role, "heraultdata_standard_update", {"id": standards.NAME, "title": "Arbres"}
        )
        version, _ = api.send(
            role, "heraultdata_standard_version_create",
            {"standard": standards.NAME, "version": f"9.{rank}", "kind": "table",
             "schema": {"fields": [{"name": "a"}]}},
        )  # fmt: skip
        changed, _ = api.send(
            role, "heraultdata_standard_version_update",
            {"standard": standards.NAME, "version": "1.0"},
        )  # fmt: skip
        may = role in DEPARTMENT
        assert (created, updated, version, changed) == ((200,) * 4 if may else (403,) * 4), role


def test_everybody_reads_standards_and_checks_files(api: Api) -> None:
    version = {"standard": standards.NAME, "version": "2.0"}
    for role in (None, *ROLES):
        for action, data in (
            ("heraultdata_standard_list", {}),
            ("heraultdata_standard_show", {"id": standards.NAME}),
            ("heraultdata_standard_version_list", {}),
            ("heraultdata_standard_version_show", version),
        ):
            assert api.send(role, action, data)[0] == 200, (role, action)
        file = (BytesIO(standards.OF_BOTH.encode()), "arbres.csv")
        status, report = api.send(
            role, "heraultdata_file_check", None, upload=file, standard=standards.NAME
        )
        assert (status, report["valid"]) == (200, True), role


@pytest.mark.ckan_config("heraultdata.file_checks_per_hour", 2)
def test_the_limit_counts_each_caller_and_not_the_departement(api: Api) -> None:
    schema = {"fields": [{"name": "a"}]}
    assert [api.check(schema)[0] for _ in range(3)] == [200, 200, 409]
    status, error = api.check(schema)
    assert status == 409
    assert "2" in error["rate_limit"][0]
    for role, expected in (("visitor", [200, 200, 409]), ("department_admin", [200] * 4)):
        statuses = [
            api.send(
                role, "heraultdata_file_check", None, upload=(BytesIO(b"a\n1\n"), "a.csv"),
                schema=json.dumps(schema),
            )[0]
            for _ in expected
        ]  # fmt: skip
        assert statuses == expected, role


@pytest.mark.ckan_config("heraultdata.file_checks_per_hour", 2)
def test_a_token_that_changes_and_a_forged_address_do_not_move_the_limit(
    api: Api, app: CKANTestApp
) -> None:
    statuses = []
    for rank in range(4):
        answer = app.post(
            "/api/3/action/heraultdata_file_check",
            data={"upload": (BytesIO(b"a\n1\n"), "a.csv"), "schema": '{"fields": [{"name": "a"}]}'},
            headers={"X-Forwarded-For": f"198.51.100.{rank}", "Authorization": f"forged-{rank}"},
        )
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 409, 409]


@pytest.mark.parametrize(
    "schema",
    [
        " ", "null", "[]", "3", "{", '"a"', "\x00", "{}", '{"fields": 3}', '{"fields": []}',
        '{"fields": [null]}', '{"fields": [3]}', '{"fields": {}}', "[" * 100_000,
        '{"a":' * 100_000, "x" * 300_000,
        '{"$schema": 3}', '{"$schema": "http://json-schema.org/draft-07/schema#", "type": 3}',
        '{"$schema": "x", "$ref": "http://127.0.0.1:9/a.json"}',
        '{"$schema": "x", "$ref": "file:///etc/passwd"}',
        '{"$schema": "x", "$ref": "#"}',
    ],
)  # fmt: skip
def test_absurd_schemas_are_refused_or_read_never_a_failure(api: Api, schema: str) -> None:
    status, answer = api.check(schema)
    assert status in (200, 409), answer
    if status == 409:
        assert set(answer) - {"__type"} <= {"schema", "standard"}, answer


@pytest.mark.parametrize(
    "field",
    [
        {}, {"name": None}, {"name": 3}, {"name": ""}, {"name": ["a"]}, {"name": "a\x00"},
        {"name": "a", "type": []}, {"name": "a", "type": {"a": 1}}, {"name": "a", "format": 3},
        {"name": "a", "constraints": []}, {"name": "a", "constraints": "required"},
        {"name": "a", "constraints": {"pattern": "("}},
        {"name": "a", "constraints": {"pattern": 3}},
        {"name": "a", "constraints": {"pattern": "(a+)+$"}},
        {"name": "a", "constraints": {"enum": {}}}, {"name": "a", "constraints": {"enum": [[1]]}},
        {"name": "a", "constraints": {"enum": [{"a": 1}, None]}},
        {"name": "a", "constraints": {"minimum": "x", "maximum": []}},
        {"name": "a", "constraints": {"minLength": -1, "maxLength": "x"}},
        {"name": "a", "constraints": {"minLength": 1e400, "maxLength": float("nan")}},
        {"name": "a", "type": "date", "format": "%" * 50},
        {"name": "a", "type": "date", "constraints": {"minimum": "2024-99-99"}},
        {"name": "a", "type": "integer", "constraints": {"minimum": 10**400}},
        {"name": "a", "type": "number", "decimalChar": "", "groupChar": 3},
        {"name": "a", "type": "boolean", "trueValues": 3, "falseValues": [1, None]},
        {"name": "a", "type": "array", "arrayItem": 3},
        {"name": "a", "title": {"a": 1}, "description": [1], "example": {"a": []}},
    ],
)  # fmt: skip
def test_absurd_fields_are_remarks_and_never_a_failure(api: Api, field: dict[str, Any]) -> None:
    fields = [field, {"name": "b"}]
    status, answer = api.check({"fields": fields, "primaryKey": 3, "missingValues": "x"})
    assert status in (200, 409), answer
    status, answer = api.check(
        {
            "fields": [*fields, field],
            "primaryKey": [field.get("name"), {}],
            "foreignKeys": [{"fields": 3}, 4],
            "missingValues": [3, None],
            "custom_checks": [{"name": 3}, "x", {"name": "cohesive-columns-value", "params": 3}],
        }
    )
    assert status in (200, 409), answer


def test_a_schema_of_five_thousand_columns_is_read(api: Api) -> None:
    fields = [{"name": f"c{rank}", "type": "integer"} for rank in range(5_000)]
    status, answer = api.check({"fields": fields})
    assert status == 200, answer


@pytest.mark.parametrize("example", [None, "a" * 60 + "!"])
def test_a_pattern_without_end_does_not_hold_the_site(
    api: Api, monkeypatch: pytest.MonkeyPatch, example: str | None
) -> None:
    monkeypatch.setattr(running, "REQUEST_SECONDS", 1)
    file = (BytesIO(b"a\n" + b"a" * 60 + b"!\n"), "a.csv")
    field = {"name": "a", "constraints": {"pattern": "(a+)+$"}, "example": example}
    schema = {"fields": [field]}
    status, answer = api.send(
        None, "heraultdata_file_check", None, upload=file, schema=json.dumps(schema)
    )
    assert status == 409
    assert "patterns simpler" in answer["schema"][0]


@pytest.mark.parametrize("data", [[], "x", 3, None, {"resource_id": ["a"]}, {"id": {"a": 1}}])
def test_arguments_that_are_none(api: Api, data: object) -> None:
    for action in (
        "heraultdata_file_check", "heraultdata_resource_check", "heraultdata_check_show",
        "heraultdata_check_list", "heraultdata_standard_create", "heraultdata_standard_show",
        "heraultdata_standard_version_create", "heraultdata_standard_version_show",
    ):  # fmt: skip
        for role in (None, "partner_editor", "sysadmin"):
            status, answer = api.send(role, action, data)
            assert 400 <= status < 500, (action, role, answer)
