"""Static files as they are served: hashed names, compressed, the style sheets of the site in one file."""

import posixpath
import re
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLE_SHEET = "css/site.css"
_IMPORT = re.compile(r'@import url\("(?P<url>[^":]+)"\)(?: layer\((?P<layer>[\w-]+)\))?;')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_INDENT = re.compile(r"\n\s*")


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed static files, with the imports of ES modules rewritten too.

    A style sheet that imports others would be asked for first, and only then the others: one more round trip before
    anything can be painted. So `collectstatic` puts them into one file. With DEBUG the browser follows the imports.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run and STYLE_SHEET in paths:
            joined: set[str] = set()
            text = self._joined(STYLE_SHEET, paths, joined)
            Path(self.path(STYLE_SHEET)).write_text(_INDENT.sub("\n", _COMMENT.sub("", text)))
            paths = {name: place for name, place in paths.items() if name not in joined}
            paths[STYLE_SHEET] = (self, STYLE_SHEET)
        yield from super().post_process(paths, dry_run, **options)

    def _joined(self, name: str, paths, joined: set[str]) -> str:
        """The text of a style sheet with each of its imports in place; their names are added to `joined`."""
        storage, path = paths[name]
        with storage.open(path) as file:
            text = file.read().decode()

        def put_in(match: re.Match) -> str:
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["url"]))
            joined.add(imported)
            inside = self._joined(imported, paths, joined)
            return f"@layer {match['layer']} {{\n{inside}}}\n" if match["layer"] else inside

        return _IMPORT.sub(put_in, text)

    def compress_files(self, paths):
        """Compress what is asked for by its hashed name, unless an earlier run did: same name, same content."""
        hashed = set(self.hashed_files.values())
        return super().compress_files(
            path for path in paths if path in hashed and not Path(self.path(path) + ".br").exists()
        )
