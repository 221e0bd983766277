"""The list of a registry, served on loopback in place of the national one, brought into ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.heraultdata.cli import heraultdata

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

SCHEMA = {"lastModified": "2024-03-01", "fields": [{"name": "nom", "type": "string"}]}


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and remembers what was asked for."""

    asked: list[str]

    def __init__(self, asked: list[str], *arguments: Any, **keywords: Any) -> None:
        self.asked = asked
        super().__init__(*arguments, **keywords)

    def do_GET(self) -> None:
        """Answer with a file of the folder."""
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Site:
    """A registry on loopback: a folder that is served, and what was asked of it."""

    def __init__(self, folder: Path, address: str, asked: list[str]) -> None:
        self.folder = folder
        self.address = address
        self.asked = asked

    def publish(self, path: str, schema: object = SCHEMA) -> str:
        """Put a schema on the site, and give its address."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(schema), encoding="utf-8")
        return f"{self.address}/{path}"

    def list_(self, *entries: object) -> None:
        """Publish the list."""
        self.publish("schemas.json", {"version": "1.0", "schemas": list(entries)})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty registry, which the setting names."""
    asked: list[str] = []
    handler = partial(Handler, asked, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setitem(tk.config, "heraultdata.standards_registry_url", f"{address}/schemas.json")
    monkeypatch.setitem(tk.config, "heraultdata.fetch_private_addresses", True)
    yield Site(tmp_path, address, asked)
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(cli: Any) -> Callable[..., Any]:
    """Run a command of `ckan heraultdata standard`."""

    def invoke(*words: str) -> Any:
        return cli.invoke(heraultdata, ["standard", *words])

    return invoke


def entry(name: str, *versions: tuple[str, str], **fields: Any) -> dict[str, Any]:
    """A standard of the list, with the addresses of its versions."""
    return {
        "name": name,
        "title": f"Titre de {name}",
        "description": "Une description",
        "schema_type": "tableschema",
        "labels": [],
        "homepage": "https://forge.example/schema",
        "versions": [{"version_name": number, "schema_url": url} for number, url in versions],
        **fields,
    }


def report_of(outcome: Any) -> dict[str, Any]:
    """The report that a run prints."""
    # Older releases of click give the progress, on the other stream, before it.
    return json.loads(outcome.stdout[outcome.stdout.index("{") :])


def test_what_is_new_is_added(site: Site, run: Callable[..., Any]) -> None:
    first = site.publish("schemas/scdl/arbres/1.0.0/schema.json")
    second = site.publish("schemas/scdl/arbres/1.1.0/schema.json")
    site.list_(
        entry(
            "scdl/arbres",
            ("1.0.0", first),
            ("1.1.0", second),
            labels=["Socle Commun des Données Locales"],
        )
    )

    outcome = run("sync", "--json")

    assert outcome.exit_code == 0, outcome.output
    assert report_of(outcome)["standards_added"] == ["scdl-arbres"]
    shown = call_action("heraultdata_standard_show", id="scdl-arbres")
    assert (shown["title"], shown["issuer"], shown["level"]) == (
        "Titre de scdl/arbres",
        "scdl",
        "national",
    )
    assert (shown["scdl"], shown["priority"]) == (True, True)
    assert [(v["version"], v["published_on"]) for v in shown["versions"]] == [
        ("1.1.0", "2024-03-01"),
        ("1.0.0", "2024-02-29"),
    ]
    assert shown["versions"][0]["source_url"] == second


def test_a_second_run_reads_nothing_but_the_list(site: Site, run: Callable[..., Any]) -> None:
    site.list_(entry("a/b", ("1.0.0", site.publish("schemas/a/b/1.0.0/schema.json"))))
    run("sync")
    site.asked.clear()

    outcome = run("sync", "--json")

    assert outcome.exit_code == 0
    assert report_of(outcome)["unchanged"] == 1
    assert site.asked == ["/schemas.json"]


def test_a_dry_run_only_says_what_is_new(site: Site, run: Callable[..., Any]) -> None:
    site.list_(entry("a/b", ("1.0.0", site.publish("schemas/a/b/1.0.0/schema.json"))))

    outcome = run("sync", "--dry-run", "--json")

    assert report_of(outcome)["versions_added"] == [{"standard": "a-b", "version": "1.0.0"}]
    assert site.asked == ["/schemas.json"]
    assert call_action("heraultdata_standard_list")["count"] == 0


def test_one_that_is_not_reached_does_not_stop_the_others(
    site: Site, run: Callable[..., Any]
) -> None:
    good = site.publish("schemas/a/b/1.1.0/schema.json")
    empty = site.publish("schemas/a/c/1.0.0/schema.json", {"title": "rien"})
    lost = f"{site.address}/schemas/a/b/1.0.0/schema.json"
    site.list_(entry("a/b", ("1.0.0", lost), ("1.1.0", good)), entry("a/c", ("1.0.0", empty)))

    outcome = run("sync", "--json")

    report = report_of(outcome)
    assert outcome.exit_code == 1
    assert report["versions_added"] == [{"standard": "a-b", "version": "1.1.0"}]
    assert [(each["standard"], each["url"]) for each in report["unreachable"]] == [
        ("a-b", lost),
        ("a-c", empty),
    ]
    assert "404" in report["unreachable"][0]["reason"]

    site.publish("schemas/a/b/1.0.0/schema.json")
    again = report_of(run("sync", "--json"))
    assert again["versions_added"] == [{"standard": "a-b", "version": "1.0.0"}]
    versions = call_action("heraultdata_standard_show", id="a-b")["versions"]
    assert [version["version"] for version in versions] == ["1.1.0", "1.0.0"]


def test_what_leaves_the_list_is_kept(site: Site, run: Callable[..., Any]) -> None:
    site.list_(entry("a/b", ("1.0.0", site.publish("schemas/a/b/1.0.0/schema.json"))))
    run("sync")
    call_action("heraultdata_standard_create", name="ours", title="Le nôtre", level="territorial")
    site.list_()

    outcome = run("sync", "--json")

    assert outcome.exit_code == 0
    assert report_of(outcome)["kept"] == [{"standard": "a-b", "version": "1.0.0"}]
    assert call_action("heraultdata_standard_version_list")["count"] == 1


def test_documents_and_packages(site: Site, run: Callable[..., Any]) -> None:
    address = f"{site.address}/schemas/a/text/1.0.0/schema.yml"
    site.list_(
        entry("a/text", ("1.0.0", address), schema_type="other"),
        entry("a/package", ("1.0.0", address), schema_type="datapackage"),
    )

    outcome = run("sync", "--json")

    version = call_action("heraultdata_standard_version_show", standard="a-text", version="1.0.0")
    assert (version["kind"], version["source_url"]) == ("document", address)
    assert report_of(outcome)["packages"] == ["a-package"]
    assert site.asked == ["/schemas.json"]


def test_what_is_odd_in_the_list_is_passed_over(site: Site, run: Callable[..., Any]) -> None:
    good = site.publish("schemas/a/b/1.0.0/schema.json")
    site.list_(
        12,
        {"name": None},
        entry("///", ("1.0.0", good)),
        entry("a/b", ("1.0.0", good), labels=None, homepage=12, description=["x"]),
        entry("a/c", ("../..", good), ("1.0.0", "ftp://a.example/schema.json")),
        entry("a/d") | {"versions": {"a": 1}},
    )

    outcome = run("sync", "--json")

    assert outcome.exit_code == 0, outcome.output
    assert report_of(outcome)["versions_added"] == [{"standard": "a-b", "version": "1.0.0"}]


@pytest.mark.parametrize("listed", ["[]", "{}", "{", '{"schemas": 1}', "<html>"])
def test_no_list_changes_nothing(site: Site, run: Callable[..., Any], listed: str) -> None:
    (site.folder / "schemas.json").write_text(listed, encoding="utf-8")

    outcome = run("sync")

    assert outcome.exit_code == 1
    assert "no list of schemas" in outcome.output


def test_a_registry_within_the_network_is_not_read(
    site: Site, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.list_()
    monkeypatch.setitem(tk.config, "heraultdata.fetch_private_addresses", False)

    outcome = run("sync")

    assert outcome.exit_code == 1
    assert "public Internet" in outcome.output
    assert site.asked == []


def test_one_schema_is_imported_from_the_web(site: Site, run: Callable[..., Any]) -> None:
    address = site.publish("schemas/a/b/1.0.0/schema.json")

    outcome = run("import", address, "--level", "de_facto", "--published-on", "2025-01-01")

    assert outcome.exit_code == 0, outcome.output
    assert "a-b 1.0.0: added (published on 2025-01-01)" in outcome.output
    assert call_action("heraultdata_standard_show", id="a-b")["level"] == "de_facto"
    assert "unchanged" in run("import", address).output

    site.publish("schemas/a/b/1.0.0/schema.json", {**SCHEMA, "title": "Autre"})
    refused = run("import", address)
    assert refused.exit_code == 1
    assert "refused" in refused.output


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["import", "nowhere.json"], 1),
        (["import", "http://127.0.0.1:1/schema.json"], 1),
        (["import", "x.json", "--name", "Arbres Urbains"], 2),
        (["import", "x.json", "--standard-version", "a/b"], 2),
        (["import", "x.json", "--published-on", "01/01/2025"], 2),
        (["import", "x.json", "--scdl", "--level", "territorial"], 2),
    ],
)
def test_wrong_usage(run: Callable[..., Any], words: list[str], status: int) -> None:
    outcome = run(*words)

    assert outcome.exit_code == status
    assert outcome.output


def test_an_address_without_anything_adds_nothing(site: Site, run: Callable[..., Any]) -> None:
    outcome = run("import", f"{site.address}/nowhere", "--name", "page")

    assert outcome.exit_code == 1
    assert "404" in outcome.output
    assert call_action("heraultdata_standard_list")["count"] == 0


def test_the_standards_are_listed(run: Callable[..., Any]) -> None:
    call_action("heraultdata_standard_create", name="ours", title="Le nôtre", level="territorial")

    assert run("list").output == "ours\tterritorial\t-\tTrue\tLe nôtre\n"
    assert [each["name"] for each in json.loads(run("list", "--json").output)] == ["ours"]


def test_the_official_list(site: Site, run: Callable[..., Any], shared_folder: Path) -> None:
    standards = shared_folder / "standards"
    (site.folder / "official").symlink_to(standards / "official")
    listed = json.loads((standards / "registry-schemas.json").read_text(encoding="utf-8"))
    folders = {(path.parent.name, path.name) for path in (standards / "official").glob("*/*")}
    expected = set()
    missing = set()
    for each in listed["schemas"]:
        folder = _folder_of(each["name"])
        for version in each["versions"]:
            key = (folder, version["version_name"])
            file = Path(version["schema_url"]).suffix
            version["schema_url"] = f"{site.address}/official/{'/'.join(key)}/schema{file}"
            if each["schema_type"] != "datapackage":
                there = key in folders or each["schema_type"] == "other"
                (expected if there else missing).add(key)
    site.list_(*listed["schemas"])

    report = report_of(run("sync", "--json"))

    added = {(each["standard"], each["version"]) for each in report["versions_added"]}
    assert added == expected
    assert {(each["standard"], each["version"]) for each in report["unreachable"]} == missing
    assert report["refused"] == []
    again = report_of(run("sync", "--json"))
    assert (again["versions_added"], again["unchanged"]) == ([], len(expected))


def _folder_of(name: str) -> str:
    owner, schema = name.lower().replace("_", "-").split("/")
    return f"{owner}-{schema.removeprefix('schema-')}"
