"""Defects of ckanext-validation 2.2.0: the day one is mended, its test names what can go."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from sqlalchemy.exc import SQLAlchemyError

from ckanext.heraultdata.validation import upstream

from .conftest import PLUGINS, create


@contextmanager
def broken(piece: str, *errors: type[Exception]) -> Iterator[None]:
    """Fail, naming the piece of the adapter that can go, when the block works."""
    try:
        yield
    except errors:
        return
    gone(piece)


def gone(piece: str) -> None:
    pytest.fail(f"ckanext-validation has mended this: delete {piece}")


def execute(file: str) -> None:
    """Import a module of upstream afresh, under another name."""
    spec = importlib.util.spec_from_file_location(
        f"ckanext.validation.fresh_{file}", upstream.DIRECTORY / f"{file}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def plugin_class() -> ast.ClassDef:
    tree = ast.parse((upstream.DIRECTORY / "plugin.py").read_text(encoding="utf-8"))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef))


def test_settings_need_tabulator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tabulator", None)

    with broken("_tabulator_or_its_absence in validation/upstream.py", ImportError):
        execute("settings")


def test_validators_need_tableschema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tableschema", None)

    with broken("validation/validators.py", ImportError):
        execute("validators")


@pytest.mark.parametrize("name", ["tables_exist", "create_tables"])
def test_the_table_is_bound_to_no_engine(name: str) -> None:
    from ckanext.validation import model as upstream_model

    with broken(
        f"{name} in validation/{{model,service}}.py, init_db in validation/cli.py",
        AttributeError,
        TypeError,
        SQLAlchemyError,
    ):
        getattr(upstream_model, name)()


def test_fields_of_a_schema_need_a_constant_that_ckan_has_no_more() -> None:
    # CKAN 2.11 still has it, 2.12 has not.
    if "ALLOWED_UPLOAD_TYPES" not in inspect.getsource(upstream.utils.process_schema_fields):
        gone("validation/schema_fields.py")


def test_no_hook_sees_that_a_dataset_was_saved() -> None:
    methods = {node.name for node in plugin_class().body if isinstance(node, ast.FunctionDef)}

    if {"after_dataset_create", "after_dataset_update"} <= methods:
        gone("the queueing in validation/hooks.py, once its tests pass without")


def test_state_is_kept_in_the_class() -> None:
    names = {
        target.id
        for node in plugin_class().body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    if not names & {"resources_to_validate", "packages_to_skip"}:
        gone("the comparison in validation/hooks.py, once its tests pass without")


def test_checking_before_keeping_calls_hooks_that_ckan_has_no_more() -> None:
    for action in (upstream.action.resource_create, upstream.action.resource_update):
        calls_old_hooks = "plugin.before_" in inspect.getsource(action)
        if not calls_old_hooks or hasattr(p.IResourceController, "before_create"):
            gone(f"{action.__name__} in validation/actions.py")


def test_the_job_asks_for_api_keys_and_reads_one_kind_of_upload() -> None:
    source = inspect.getsource(upstream.jobs.run_validation_job)

    if "get_site_user_api_key" not in source or hasattr(upstream.utils, "get_site_user_api_key"):
        gone("validation/sources.py, if the job also reads CKAN's storages")
    if "resource_patch" not in source:
        gone("finish in validation/service.py, if the job writes the two fields alone")


def test_the_badge_does_not_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream.helpers, "url_for", lambda *_, **__: "/")
    resource = {
        "id": "1",
        "package_id": "2",
        "validation_status": "success",
        "validation_timestamp": '"><script>',
    }

    monkeypatch.setattr(upstream.helpers, "_", str)
    if "<script>" not in upstream.helpers.get_validation_badge(resource):
        gone("get_validation_badge in validation/helpers.py")


def test_every_theme_but_one_is_taken_for_bootstrap_2(
    ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.base_public_folder", "public-midnight-blue")

    if upstream.helpers.bootstrap_version() != "2":
        gone("bootstrap_version in validation/helpers.py")


def test_the_dialog_is_one_of_bootstrap_3() -> None:
    snippets = upstream.DIRECTORY / "templates/validation/snippets"
    dialog = (snippets / "validation_report_dialog.html").read_text(encoding="utf-8")

    if "data-bs-dismiss" in dialog:
        gone("validation_report_dialog.html in validation/templates")


def test_the_full_report_reads_reports_of_another_frictionless() -> None:
    from ckanext.validation import common

    if "['tables']" not in inspect.getsource(common._process_row_full):
        gone("report_full in validation/cli.py and listed_errors in validation/batch.py")


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.usefixtures("site")
def test_a_check_asked_for_reads_the_resource_as_a_visitor() -> None:
    dataset = factories.Dataset(owner_org=factories.Organization()["id"], private=True)
    resource = create(dataset)

    with broken("resource_validation_run in validation/actions.py", tk.NotAuthorized):
        upstream.action.resource_validation_run(
            {"ignore_auth": True, "model": model}, {"resource_id": resource["id"]}
        )
