"""How long it takes to withdraw 1 000 datasets of 2 uploaded files, some with DataStore tables.

The request is executed through the action, after which nobody reads anything of it; then the files,
the tables and the index follow until nothing is left.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

DATASETS = 1_000
FILES = 2
TABLES = 100
CONTENT = b"commune;habitants\n" + b"Aniane;2964\n" * 2_000
DATABASE = "HERAULTDATA_BENCH_DATABASE"
PARTNER = "organization-0"


def main() -> None:
    """Measure, and print one figure a line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--config", required=True)
    configuration = arguments.parse_args().config
    os.environ["CKAN_SQLALCHEMY_URL"] = os.environ[DATABASE]
    program = Path(sys.executable).with_name("ckan")
    subprocess.run(  # noqa: S603 - our own words
        [str(program), "-c", configuration, "db", "upgrade"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    _measure(configuration)


def _measure(configuration: str) -> None:
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config(configuration))
    with app._wsgi_app.test_request_context():
        import ckan.plugins.toolkit as tk

        from ckanext.heraultdata import clock
        from ckanext.heraultdata.withdrawals import work

        ids = _make_datasets()
        _index(ids)
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

        def act(action: str, **values: object) -> dict[str, Any]:
            return tk.get_action(action)({"ignore_auth": True, "user": user}, values)

        try:
            request = act(
                "heraultdata_withdrawal_create",
                organization_id=PARTNER,
                scope="datasets",
                package_ids=ids,
                reason_class="error",
            )
            started = time.perf_counter()
            act("heraultdata_withdrawal_execute", id=request["id"])
            closed = time.perf_counter()
            left = work.run(clock.now())
            ended = time.perf_counter()
            _require_out_of_reach(ids, left)
            print(f"FIGURE withdrawal_close_s={closed - started:.2f}", flush=True)
            print(f"FIGURE withdrawal_1000_s={ended - started:.1f}", flush=True)
        finally:
            _destroy(ids)


def _make_datasets() -> list[str]:
    """Write the datasets, their files and their tables; give the identifiers of the datasets."""
    import ckan.model as model
    import sqlalchemy as sa
    from ckan.lib import uploader
    from ckan.plugins import plugin_loaded

    if model.Session.get(model.Group, PARTNER) is None:
        model.Session.execute(model.group_table.insert(), [_organization()])
    ids = [str(uuid.uuid4()) for _ in range(DATASETS)]
    resources = [resource for rank in range(DATASETS) for resource in _resources(ids[rank])]
    model.Session.execute(model.package_table.insert(), list(_packages(ids)))
    model.Session.execute(model.resource_table.insert(), resources)
    model.Session.commit()
    model.Session.execute(sa.text("ANALYZE"))
    model.Session.commit()
    for resource in resources:
        path = Path(uploader.get_resource_uploader(dict(resource)).get_path(resource["id"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(CONTENT)
    if plugin_loaded("datastore"):
        for resource in resources[:TABLES]:
            _make_table(resource["id"])
    return ids


def _organization() -> dict[str, Any]:
    return {
        "id": PARTNER,
        "name": "commune-0",
        "title": "Commune 0",
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "created": datetime(2024, 1, 1),  # noqa: DTZ001 - CKAN's own column
        "extras": {"partner_type": "commune"},
    }


def _packages(ids: list[str]) -> Iterator[dict[str, Any]]:
    for package_id in ids:
        yield {
            "id": package_id,
            "name": f"withdrawn-{package_id}",
            "title": "Dataset to withdraw",
            "notes": "What the communes of the département count.",
            "license_id": "lov2",
            "type": "dataset",
            "owner_org": PARTNER,
            "private": False,
            "state": "active",
            "metadata_created": datetime(2026, 1, 5),  # noqa: DTZ001 - CKAN's own column
            "metadata_modified": datetime(2026, 1, 5),  # noqa: DTZ001 - CKAN's own column
        }


def _resources(package_id: str) -> Iterator[dict[str, Any]]:
    for position in range(FILES):
        yield {
            "id": str(uuid.uuid4()),
            "package_id": package_id,
            "name": f"File {position}",
            "url": "communes.csv",
            "url_type": "upload",
            "format": "CSV",
            "position": position,
            "state": "active",
            "created": datetime(2026, 1, 5),  # noqa: DTZ001 - CKAN's own column
        }


def _make_table(resource_id: str) -> None:
    import ckan.plugins.toolkit as tk

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tk.get_action("datastore_create")(
        {"ignore_auth": True, "user": user},
        {
            "resource_id": resource_id,
            "force": True,
            "fields": [{"id": "commune", "type": "text"}],
            "records": [{"commune": "Aniane"}],
        },
    )


def _index(ids: list[str]) -> None:
    from ckan.lib import search

    search.rebuild(package_ids=ids)
    search.commit()


def _require_out_of_reach(ids: list[str], left: int) -> None:
    """Refuse figures of work that was not done."""
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.heraultdata.withdrawals.model import WithdrawnFile

    kept = model.Session.scalar(
        sa.select(sa.func.count(WithdrawnFile.resource_id))
        .join(model.Resource, model.Resource.id == WithdrawnFile.resource_id)
        .where(model.Resource.package_id.in_(ids))
    )
    if left or kept != DATASETS * FILES:
        raise SystemExit(f"{left} steps are left, {kept} files are kept")


def _destroy(ids: list[str]) -> None:
    """Leave no file and no table behind: the database alone is made anew."""
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.heraultdata.withdrawals import file_store, tables

    model.Session.rollback()
    for resource_id in model.Session.scalars(
        sa.select(model.Resource.id).where(model.Resource.package_id.in_(ids))
    ).all():
        file_store.destroy(resource_id)
        tables.destroy(resource_id)


if __name__ == "__main__":
    main()
