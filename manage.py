#!/usr/bin/env python
"""Django's command line, with `site/` as a source root and the embedded database when no other is named."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "site"))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line  # idem, and slow: not for an import

    from config import embedded  # only importable once `site/` is on the path

    with embedded.database_for(os.environ["DJANGO_SETTINGS_MODULE"]):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
