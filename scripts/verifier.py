"""Writes casefile/verifier/verify.py, the single file that verifies an archive: python scripts/verifier.py [--check]

It holds the program's own modules, word for word, as text, and loads them: what sealed a record is what verifies it.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUT = ROOT / "casefile" / "verifier" / "verify.py"
MODULES = (
    "casefile.chain", "casefile.errors.base", "casefile.errors.sound", "casefile.errors.case_file", "casefile.packed",
    "casefile.manifest", "casefile.ed25519", "casefile.verdict", "casefile.verify_sound", "casefile.verify",
    "casefile.package", "casefile.verify_extract", "casefile.verify_package", "casefile.verify_main",
)  # fmt: skip
"""In the order in which they are loaded: each needs only those before it."""
HEAD = '''\
#!/usr/bin/env python3
"""校验庭记归档包：只需 Python 3.11 或更新版本，不需要网络，不更改任何文件。
Verifies an archive of Tingji: needs Python 3.11 or newer and nothing else; no network; changes nothing.

    python3 verify.py [FOLDER or ZIP] [--key court.pub | --fingerprint "12345 ..."]

The modules below are those of the program, word for word. Written by scripts/verifier.py.
"""

import sys
import types

if sys.version_info < (3, 11):
    sys.exit("需要 Python 3.11 或更新版本。 Python 3.11 or newer is needed.")

SOURCES = {}
'''
TAIL = """\
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


def verifier() -> str:
    """The file's text."""
    parts = [HEAD]
    for name in MODULES:
        source = (ROOT / (name.replace(".", "/") + ".py")).read_text("utf-8")
        if "'''" in source or source.endswith("\\"):
            raise SystemExit(f"{name} cannot be quoted")
        parts.append(f"SOURCES[{name!r}] = r'''{source}'''\n")
    return "\n".join([*parts, TAIL])


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(
            0 if OUT.read_text("utf-8") == verifier() else "casefile/verifier/verify.py is not up to date"
        )
    OUT.write_text(verifier(), "utf-8")
