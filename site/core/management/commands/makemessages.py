"""Django's makemessages, which finds the sentences of `*.jinja` too."""

from pathlib import Path

from django.core.management.commands import makemessages
from django.template import engines
from jinja2.ext import extract_from_ast

from core.jinja import ENDING


class BuildFile(makemessages.BuildFile):
    def preprocess(self):
        if not self.path.endswith(ENDING):
            return super().preprocess()
        parsed = engines["jinja2"].env.parse(Path(self.path).read_text(encoding="utf-8"))
        calls: dict[int, str] = {}  # by line, so that a sentence is found where it stands
        for line, function, words in extract_from_ast(parsed, ["_", "ngettext"], babel_style=False):
            calls[line] = f"{calls.get(line, '')}{function}({', '.join(map(repr, words))}); "
        lines = [calls.get(line, "") for line in range(1, max(calls, default=0) + 1)]
        Path(self.work_path).write_text("\n".join(lines), encoding="utf-8")


class Command(makemessages.Command):
    build_file_class = BuildFile

    def handle(self, *args, **options):
        if options["domain"] == "django" and not options["extensions"]:
            options["extensions"] = ["html,txt,py", ENDING]
        super().handle(*args, **options)
