"""Checks of files against standards: by the worker, at once, asked for; kept and read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.validation import service as adapter
from ckanext.heraultdata.validation.checks import progress, service
from ckanext.heraultdata.validation.checks.model import Check
from tests import factories
from tests.reading import counted_queries
from tests.validation.checks import standards
from tests.validation.conftest import Web, run_jobs

DAY = "2026-11-24"


@pytest.fixture(autouse=True)
def site(
    at: Callable[[str], None],
    with_plugins: None,
    clean_db: None,
    clean_index: None,
    clean_queues: None,
) -> Iterator[None]:
    at(DAY)
    adapter.create_tables()
    standards.standard()
    yield
    model.Session.rollback()


@pytest.fixture
def partner() -> dict[str, Any]:
    return standards.partner()


@pytest.fixture
def package(partner: dict[str, Any]) -> dict[str, Any]:
    return standards.dataset(partner["id"], private=True)


class TestByTheWorker:
    def test_each_published_version_has_its_report(self, package: dict[str, Any]) -> None:
        resource = standards.resource(package, standards.OF_THE_FIRST)
        assert run_jobs() > 0

        shown = call_action("heraultdata_check_show", resource_id=resource["id"])

        assert [report["version"] for report in shown["reports"]] == ["2.0", "1.0"]
        assert [report["valid"] for report in shown["reports"]] == [False, True]
        assert (shown["valid"], shown["stale"]) == (False, False)
        assert shown["reports"][0]["standard"] == standards.NAME

    def test_the_badge_says_whether_the_file_meets_a_version(self, package: dict[str, Any]) -> None:
        files = (standards.OF_BOTH, standards.OF_THE_FIRST, standards.OF_NONE)
        resources = [standards.resource(package, file) for file in files]
        run_jobs()

        assert [_status(each) for each in resources] == ["success", "success", "failure"]

    def test_the_report_of_ckanext_validation_has_our_sentences(
        self, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, standards.OF_NONE)
        run_jobs()

        shown = json.loads(
            call_action("resource_validation_show", resource_id=resource["id"])["report"]
        )
        errors = shown["tasks"][0]["errors"]

        assert [error["type"] for error in errors] == ["type-error", "type-error"]
        assert "2024-02-26" in errors[0]["message"]
        assert shown["stats"]["errors"] == 2

    def test_another_standard_is_another_check(self, package: dict[str, Any]) -> None:
        resource = standards.resource(package, standards.OF_BOTH)
        run_jobs()
        standards.change(resource, standard="")
        run_jobs()

        assert call_action("heraultdata_check_show", resource_id=resource["id"])["stale"]
        assert _status(resource) == "success"

    def test_a_new_version_makes_the_last_check_stale(
        self, package: dict[str, Any], at: Callable[[str], None]
    ) -> None:
        at("2025-01-01")
        resource = standards.resource(package, standards.OF_THE_FIRST)
        run_jobs()
        before = call_action("heraultdata_check_show", resource_id=resource["id"])
        at(DAY)
        after = call_action("heraultdata_check_show", resource_id=resource["id"])

        assert (len(before["reports"]), before["valid"], before["stale"]) == (1, True, False)
        assert after["stale"]

    def test_a_standard_that_is_not_known_leaves_the_check_to_ckanext_validation(
        self, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, standards.OF_BOTH, standard="bancs")
        run_jobs()

        assert _status(resource) == "success"
        with pytest.raises(tk.ObjectNotFound):
            call_action("heraultdata_check_show", resource_id=resource["id"])

    @pytest.mark.parametrize(
        ("format_", "name"), [("JSON", "a.json"), ("ODS", "a.ods"), ("ZIP", "a.zip")]
    )
    def test_more_formats_are_checked_against_a_standard(
        self, package: dict[str, Any], format_: str, name: str
    ) -> None:
        resource = standards.resource(
            package, "", upload=standards.file(standards.OF_BOTH, name), format=format_
        )
        run_jobs()

        # It is read as what it is: text, under whatever name.
        assert _status(resource) == "success"

    def test_the_progress_is_told_while_the_check_runs_and_forgotten(
        self, package: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[int] = []
        row = "34172;2024-02-26;platane\n"
        monkeypatch.setattr(progress, "_BETWEEN_WRITES_SECONDS", 0)
        resource = standards.resource(package, "insee;date;essence\n" + row * 60_000)
        with progress.progress_of(resource["id"]) as write:
            write(60_000)
            told.append(progress.rows_checked(resource["id"]))
        run_jobs()

        assert told == [60_000]
        assert progress.rows_checked(resource["id"]) == 0
        assert (
            call_action("heraultdata_check_show", resource_id=resource["id"])["reports"][0]["rows"]
            == 60_000
        )


class TestAtOnce:
    """In a request: the API and the forms alike."""

    def _send(
        self, app: CKANTestApp, partner: dict[str, Any], package: dict[str, Any], text: str
    ) -> dict[str, Any]:
        editor = factories.people(partner["id"]).partner_editor
        answer = app.post(
            "/api/3/action/resource_create",
            data={
                "package_id": package["id"],
                "name": "Arbres",
                "format": "CSV",
                "standard": standards.NAME,
                "upload": (BytesIO(text.encode()), "arbres.csv"),
            },
            headers={"Authorization": factories.token(editor)},
        )
        return answer.get_json()["result"]

    def test_a_small_file_has_its_report_when_it_is_saved(
        self, app: CKANTestApp, partner: dict[str, Any], package: dict[str, Any]
    ) -> None:
        saved = self._send(app, partner, package, standards.OF_BOTH)

        assert saved["validation_status"] == "success"
        count = call_action("heraultdata_check_list", resource_id=saved["id"])["count"]
        run_jobs()
        again = call_action("heraultdata_check_list", resource_id=saved["id"])["count"]
        assert (count, again) == (1, 1)

    @pytest.mark.ckan_config("heraultdata.check_at_once_bytes", 10)
    def test_a_large_one_waits_for_the_worker(
        self, app: CKANTestApp, partner: dict[str, Any], package: dict[str, Any]
    ) -> None:
        saved = self._send(app, partner, package, standards.OF_BOTH)

        assert not saved.get("validation_status")
        run_jobs()
        assert _status(saved) == "success"


class TestAskedFor:
    def test_it_answers_the_report_of_each_version(self, package: dict[str, Any]) -> None:
        resource = standards.resource(package, standards.OF_THE_FIRST)

        made = call_action("heraultdata_resource_check", resource_id=resource["id"])

        assert [report["valid"] for report in made["reports"]] == [False, True]
        assert made == call_action("heraultdata_check_show", id=made["id"])

    def test_a_link_is_fetched_where_the_setting_allows_it(
        self, package: dict[str, Any], web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = web.serve("arbres.csv", standards.OF_BOTH)
        resource = standards.link(package, address)
        made = call_action("heraultdata_resource_check", resource_id=resource["id"])
        monkeypatch.setitem(tk.config, "heraultdata.fetch_private_addresses", False)
        other = standards.link(package, address)
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_resource_check", resource_id=other["id"])

        assert "not on the public Internet" in factories.sentence_of(refusal, "resource_id")
        assert made["valid"]
        assert made["reports"][0]["file"] == "arbres.csv"

    @pytest.mark.parametrize("name", ["a.csv", "schema.json"])
    def test_the_check_of_frictionless_reads_nothing_of_this_network_either(
        self, package: dict[str, Any], web: Web, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        served = web.serve(name, json.dumps(standards.FIRST) if "json" in name else "insee\n1\n")
        monkeypatch.setitem(tk.config, "heraultdata.fetch_private_addresses", False)
        fields = {"schema": served} if "json" in name else {"url": served, "upload": None}
        resource = standards.resource(package, "insee\n1\n", standard="", **fields)
        run_jobs()

        assert _status(resource) == "error"

    def test_a_file_without_a_standard_that_can_be_checked(self, package: dict[str, Any]) -> None:
        for standard in ("", "bancs"):
            resource = standards.resource(package, standards.OF_BOTH, standard=standard)
            with pytest.raises(tk.ValidationError) as refusal:
                call_action("heraultdata_resource_check", resource_id=resource["id"])
            assert factories.sentence_of(refusal, "standard")

    def test_what_is_not_there(self) -> None:
        with pytest.raises(tk.ObjectNotFound):
            call_action("heraultdata_resource_check", resource_id="none")


class TestHistory:
    def test_runs_are_kept_the_newest_first(
        self, package: dict[str, Any], at: Callable[[str], None]
    ) -> None:
        resource = standards.resource(package, standards.OF_THE_FIRST)
        at("2026-11-20")
        run_jobs()
        at(DAY)
        standards.change(resource, upload=standards.file(standards.OF_BOTH))
        run_jobs()

        found = call_action("heraultdata_check_list", resource_id=resource["id"])
        page = call_action("heraultdata_check_list", resource_id=resource["id"], limit=1, offset=1)

        assert found["count"] == page["count"] == 2
        assert [run["valid"] for run in found["results"]] == [True, False]
        assert [run["made_at"][:10] for run in found["results"]] == [DAY, "2026-11-20"]
        assert page["results"] == found["results"][1:]
        assert [each["version"] for each in found["results"][0]["versions"]] == ["2.0", "1.0"]
        assert [each["error_count"] for each in found["results"][0]["versions"]] == [0, 0]

    def test_the_last_checks_of_many_files_take_one_query(self, partner: dict[str, Any]) -> None:
        package = standards.dataset(partner["id"], private=True)
        resources = [standards.resource(package, standards.OF_BOTH) for _ in range(3)]
        run_jobs()
        run_jobs()

        with counted_queries() as queries:
            of_package = service.last_checks(package_ids=[package["id"]])
        of_resources = service.last_checks(resource_ids=[item["id"] for item in resources])

        assert len(queries) == 1
        assert of_package == of_resources
        assert sorted((check.resource_id, check.version) for check in of_package) == sorted(
            (item["id"], version) for item in resources for version in ("1.0", "2.0")
        )

    def test_a_past_moment_has_the_checks_of_that_time(
        self, package: dict[str, Any], at: Callable[[str], None]
    ) -> None:
        at("2026-11-20")
        resource = standards.resource(package, standards.OF_THE_FIRST)
        run_jobs()
        at(DAY)
        standards.change(resource, upload=standards.file(standards.OF_BOTH))
        run_jobs()

        def newest(until: datetime | None) -> list[bool]:
            found = service.last_checks(resource_ids=[resource["id"]], until=until)
            return [check.valid for check in found if check.version == "2.0"]

        assert newest(None) == [True]
        assert newest(datetime(2026, 11, 21, tzinfo=timezone.utc)) == [False]
        assert newest(datetime(2026, 11, 19, tzinfo=timezone.utc)) == []

    def test_a_report_is_bounded_and_counts_all(self, package: dict[str, Any]) -> None:
        resource = standards.resource(package, "insee;date;essence\n" + "1;2;\n" * 1_000)
        run_jobs()

        report = call_action("heraultdata_check_show", resource_id=resource["id"])["reports"][0]

        assert len(report["errors"]) == 1_000
        assert report["error_count"] == 3_000


class TestWhoReads:
    @pytest.fixture
    def public(self) -> dict[str, Any]:
        """A public file of an organisation that is no partner, checked twice."""
        organization = factories.organization(name="association")
        resource = standards.resource(standards.dataset(organization["id"]), standards.OF_BOTH)
        run_jobs()
        call_action("heraultdata_resource_check", resource_id=resource["id"])
        return resource

    def test_anyone_reads_the_last_run_of_a_public_file_and_no_other(
        self, public: dict[str, Any]
    ) -> None:
        runs = call_action("heraultdata_check_list", resource_id=public["id"])["results"]

        assert factories.act(None, "heraultdata_check_show", resource_id=public["id"])["valid"]
        assert factories.act(None, "heraultdata_check_show", id=runs[0]["id"])["valid"]
        with pytest.raises(tk.NotAuthorized):
            factories.act(None, "heraultdata_check_show", id=runs[1]["id"])
        for action in ("heraultdata_check_list", "heraultdata_resource_check"):
            with pytest.raises(tk.NotAuthorized):
                factories.act(None, action, resource_id=public["id"])

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("sysadmin", True),
            ("department_admin", True),
            ("partner_admin", True),
            ("partner_editor", True),
            ("partner_member", True),
            ("other_partner_admin", False),
            ("visitor", False),
        ],
    )
    def test_of_a_private_file_members_and_the_department_alone(
        self, partner: dict[str, Any], package: dict[str, Any], role: str, allowed: bool
    ) -> None:
        resource = standards.resource(package, standards.OF_BOTH)
        run_jobs()
        reader = factories.people(partner["id"]).of(role)

        for action in (
            "heraultdata_check_show",
            "heraultdata_check_list",
            "heraultdata_resource_check",
        ):
            if allowed:
                assert factories.act(reader, action, resource_id=resource["id"])
            else:
                with pytest.raises(tk.NotAuthorized):
                    factories.act(reader, action, resource_id=resource["id"])

    def test_a_run_is_named_in_one_way(self, public: dict[str, Any]) -> None:
        for arguments in ({}, {"id": "a", "resource_id": "b"}):
            with pytest.raises(tk.ValidationError):
                call_action("heraultdata_check_show", **arguments)
        with pytest.raises(tk.ObjectNotFound):
            call_action("heraultdata_check_show", id="none")


class TestAFileThatIsNotKept:
    def test_against_a_standard_its_newest_version_or_another(self) -> None:
        newest, first = (
            _check(upload=standards.file(standards.OF_THE_FIRST), standard=standards.NAME, **more)
            for more in ({}, {"version": "1.0"})
        )

        assert (newest["valid"], newest["version"]) == (False, "2.0")
        assert (first["valid"], first["version"], first["file"]) == (True, "1.0", "arbres.csv")

    @pytest.mark.parametrize("schema", [standards.FIRST, json.dumps(standards.FIRST)])
    def test_against_a_schema(self, schema: object) -> None:
        report = _check(upload=standards.file(standards.OF_THE_FIRST), schema=schema)

        assert report["valid"]
        assert (report["standard"], report["version"]) == (None, None)

    def test_at_an_address(self, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
        address = web.serve("arbres.csv", standards.OF_BOTH)
        report = _check(url=address, standard=standards.NAME)
        monkeypatch.setitem(tk.config, "heraultdata.fetch_private_addresses", False)
        with pytest.raises(tk.ValidationError) as refusal:
            _check(url=address, standard=standards.NAME)

        assert report["valid"]
        assert "not on the public Internet" in factories.sentence_of(refusal, "url")

    def test_nothing_is_kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        _check(upload=standards.file(standards.OF_NONE), standard=standards.NAME)

        assert list(tmp_path.iterdir()) == []
        assert model.Session.query(Check).count() == 0

    @pytest.mark.parametrize(
        ("arguments", "field"),
        [
            ({"standard": standards.NAME}, "upload"),
            ({"standard": standards.NAME, "upload": "text"}, "upload"),
            ({"standard": standards.NAME, "upload": ..., "url": "https://a.example"}, "url"),
            ({"standard": standards.NAME, "url": "file:///etc/passwd"}, "url"),
            ({"upload": ...}, "standard"),
            ({"upload": ..., "version": "1.0"}, "standard"),
            ({"upload": ..., "standard": "bancs"}, "standard"),
            ({"upload": ..., "standard": "bancs", "version": "1"}, "standard"),
            ({"upload": ..., "standard": standards.NAME, "version": "9"}, "version"),
            ({"upload": ..., "standard": standards.NAME, "schema": {}}, "schema"),
            ({"upload": ..., "schema": {}}, "schema"),
            ({"upload": ..., "schema": "not JSON"}, "schema"),
            ({"upload": ..., "schema": ["a"]}, "schema"),
            ({"upload": ..., "schema": 1}, "schema"),
            ({"upload": ..., "schema": standards.FIRST, "kept": True}, "kept"),
        ],
    )
    def test_bad_input_gets_a_sentence_on_the_field(
        self, arguments: dict[str, Any], field: str
    ) -> None:
        given = {
            key: standards.file(standards.OF_BOTH) if value is ... else value
            for key, value in arguments.items()
        }
        with pytest.raises(tk.ValidationError) as refusal:
            _check(**given)

        assert factories.sentence_of(refusal, field)

    @pytest.mark.ckan_config("heraultdata.file_checks_per_hour", 2)
    def test_too_many_are_refused_to_one_visitor_and_not_to_another(self, app: CKANTestApp) -> None:
        _forget_visitors()
        statuses = [_sent(app, "192.0.2.1") for _ in range(3)]

        assert statuses == [200, 200, 409]
        assert _sent(app, "192.0.2.2") == 200


def _check(**arguments: Any) -> dict[str, Any]:
    return factories.act(None, "heraultdata_file_check", **arguments)


def _sent(app: CKANTestApp, address: str) -> int:
    answer = app.post(
        "/api/3/action/heraultdata_file_check",
        data={
            "standard": standards.NAME,
            "upload": (BytesIO(standards.OF_BOTH.encode()), "arbres.csv"),
        },
        environ_overrides={"REMOTE_ADDR": address},
    )
    return answer.status_code


def _forget_visitors() -> None:
    redis = connect_to_redis()
    for key in redis.scan_iter("*:heraultdata:checks-of:*"):
        redis.delete(key)


def _status(resource: dict[str, Any]) -> str:
    return call_action("resource_show", id=resource["id"]).get("validation_status")
