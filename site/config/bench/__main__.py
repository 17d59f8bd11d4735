"""Starts the site for measuring, without the worker, measures, and stops it."""

import os
import sys

from config import embedded
from config.supervisor import GUNICORN, Stopped, Supervisor, Trouble, say, the_only_one


class Bench(Supervisor):
    """The site on its gunicorn with the bare view beside it, for as long as the measuring takes."""

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
