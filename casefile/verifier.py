"""The single file that verifies an archive, for anybody who has Python and nothing else.

It holds the program's own modules, word for word, as text, and loads them: what sealed a record is what verifies it.
"""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).parent.parent
MODULES = (
    "casefile.chain", "casefile.errors.base", "casefile.errors.sound", "casefile.errors.case_file", "casefile.packed",
    "casefile.manifest", "casefile.ed25519", "casefile.verdict", "casefile.verify_sound", "casefile.verify",
    "casefile.package", "casefile.verify_extract", "casefile.verify_package", "casefile.verify_main",
)  # fmt: skip
"""In the order in which they are loaded: each needs only those before it."""
_HEAD = '''\
#!/usr/bin/env python3
"""校验庭记归档包：只需 Python 3.11 或更新版本，不需要网络，不更改任何文件。
Verifies an archive of Tingji: needs Python 3.11 or newer and nothing else; no network; changes nothing.

    python3 verify.py [FOLDER or ZIP] [--key court.pub | --fingerprint "12345 ..."]

The modules below are those of the program, word for word. Put together by casefile/verifier.py.
"""

import sys
import types

if sys.version_info < (3, 11):
    sys.exit("需要 Python 3.11 或更新版本。 Python 3.11 or newer is needed.")

SOURCES = {}
'''
_TAIL = """\
for name in ("casefile", "casefile.errors"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
for name, source in SOURCES.items():
    module = sys.modules[name] = types.ModuleType(name)
    module.__file__ = __file__
    exec(compile(source, name, "exec"), module.__dict__)

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console that has no Chinese
    sys.exit(sys.modules["casefile.verify_main"].main())
"""


def source_of(module: str) -> str:
    """The module's own text, which must be quotable as it is. Raises ValueError."""
    source = (_ROOT / (module.replace(".", "/") + ".py")).read_text("utf-8")
    if "'''" in source or source.endswith("\\"):
        raise ValueError(f"{module} cannot be quoted")
    return source


def verifier() -> str:
    """The file's text."""
    parts = [f"SOURCES[{module!r}] = r'''{source_of(module)}'''\n" for module in MODULES]
    return "\n".join([_HEAD, *parts, _TAIL])
