"""Starts the site for measuring, without the worker and on a copy of the data, measures, and stops it."""

import os
import sys
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from config import embedded
from config.supervisor import GUNICORN, Stopped, Supervisor, Trouble, say, the_only_one


class Bench(Supervisor):
    """The site on its gunicorn with the bare view beside it, for as long as the measuring takes."""

    copy = ""  # the name of the database that is measured

    def _serve(self) -> None:
        """The measuring adds and archives groups: so it gets a database of its own."""
        own = urlsplit(self.env["DATABASE_URL"])
        name = own.path.lstrip("/")
        self.copy = f"{name}_bench"
        self._drop_copy()  # which a run left behind that was killed
        self._ask_server("CREATE DATABASE {} TEMPLATE {}", self.copy, name)
        self.env["DATABASE_URL"] = own._replace(path=f"/{self.copy}").geturl()
        super()._serve()

    def _stop(self) -> None:
        if self.copy:
            self._drop_copy()
        super()._stop()

    def _drop_copy(self) -> None:
        self._ask_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.copy)

    def _ask_server(self, words: str, *names: str) -> None:
        url = urlsplit(self.env["DATABASE_URL"])._replace(path="/postgres").geturl()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SQL(words).format(*map(Identifier, names)))

    def services(self) -> dict[str, tuple[str, ...]]:
        return {"web server": (*GUNICORN, "config.bench.wsgi")}

    def _greet(self) -> None:
        say("Measuring (a few minutes; a quiet machine gives steadier numbers) ...\n")

    def _watch(self) -> None:
        pid = str(self.children["web server"].pid)
        self._step("measure", "-m", "config.bench.measure", self.address, pid, *sys.argv[1:])
        raise Stopped


def main() -> int:
    try:
        with the_only_one(embedded.data_dir()):
            return Bench("127.0.0.1", int(os.environ.get("PORT") or 8000), debug=False, demo=True).run()
    except Trouble as trouble:
        say(str(trouble))
        return 1


if __name__ == "__main__":
    sys.exit(main())
