"""A page names the modules behind its scripts, all of them and each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.app import PAGES, STATIC
from web.preload import with_preloads


def test_every_module_that_is_imported_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "page.html").write_text(
        '<head><script type="module" src="/static/a.js"></script></head>', "utf-8"
    )
    (tmp_path / "a.js").write_text('import "./b.js";\nimport { x } from "./vendor/c.js";\n', "utf-8")
    (tmp_path / "b.js").write_text(
        'export { y } from "./a.js";\nimport {\n  x,\n} from "./vendor/c.js";\n', "utf-8"
    )
    (tmp_path / "vendor" / "c.js").write_text('export const x = "from nowhere";\n', "utf-8")
    text = with_preloads(tmp_path / "page.html")
    links = [line for line in text.split(">") if "modulepreload" in line]
    assert [link.split('"')[3] for link in links] == ["/static/a.js", "/static/b.js", "/static/vendor/c.js"]


@pytest.mark.parametrize("name", sorted(set(PAGES.values())))
def test_every_page_names_only_modules_that_are_there(name: str) -> None:
    text = with_preloads(STATIC / f"{name}.html")
    named = [part.split('"')[0] for part in text.split('rel="modulepreload" href="/static/')[1:]]
    assert named
    assert all((STATIC / one).is_file() for one in named)
