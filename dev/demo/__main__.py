"""Command line of the demo's content: `python -m demo --config FILE --output FILE`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ckan.cli import load_config
from ckan.config.middleware import make_app


def main() -> None:
    """Fill the portal of a configuration, and write the accounts."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="CKAN's configuration file")
    parser.add_argument("--output", type=Path, required=True, help="where the accounts go")
    options = parser.parse_args()

    application = make_app(load_config(str(options.config)))
    with application._wsgi_app.test_request_context():  # type: ignore[attr-defined]
        # Reads CKAN's settings when it is imported.
        from .content import fill

        fill(options.output)


if __name__ == "__main__":
    main()
