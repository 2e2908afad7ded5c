"""Verifies an archive, an extract or a sealed record and says in both languages what was found.

    python3 verify.py [FOLDER or ZIP] [--key court.pub | --fingerprint "12345 ..."]

Without a name: the folder in which this file lies. Exit code 0: whole, 1: not, 2: wrong usage. Nothing is changed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from casefile.ed25519 import digits_of, fingerprint, from_pem
from casefile.verdict import foreign
from casefile.verify import Verified
from casefile.verify_package import verify_any


def report(found: Verified, known: bool) -> list[str]:
    """What to tell, Chinese and English; `known`: the court's own key, or its fingerprint, was given."""
    if not found.ok:
        return [line for problem in found.problems for line in (problem.zh, problem.en)]
    after = f"，其中封存后 {found.events - found.sealed_events} 条" if found.sealed_events else ""
    more = f", {found.events - found.sealed_events} of them after sealing" if found.sealed_events else ""
    lines = [
        f"完整，未被改动：文件 {found.files} 个，事件 {found.events} 条{after}，声音 {found.blocks} 块。",
        f"Whole and unchanged: {found.files} files, {found.events} events{more}, {found.blocks} blocks of sound.",
        f"manifest.json SHA-256 {found.manifest_sha256}",
    ]
    return [*lines, *signature_lines(found, known), *_limits(found)]


def signature_lines(found: Verified, known: bool) -> list[str]:
    """Whose signature it is, and how far that says something."""
    if not found.signed_by:
        return []
    said = [f"签名公钥指纹 / fingerprint of the signing key: {fingerprint(found.signed_by)}"]
    if known:
        return [*said, "签名与所给的本院密钥一致。", "Signed by the court's key that was given."]
    return [
        *said,
        "注意：未提供本院公钥，只能证明签名与包内公钥一致。请向法院核对上述指纹，或用 --key 本院公钥文件再校验。",
        "Note: no key of the court was given. This shows only that the signature fits the key inside the archive: compare "
        "the fingerprint with the court, or verify again with --key FILE.",
    ]


def _limits(found: Verified) -> list[str]:
    lines = []
    if found.damaged or found.missing:
        lines += [
            f"封存时已注明：{len(found.damaged)} 块声音损坏，{len(found.missing)} 处缺失。",
            f"Sealed as such: {len(found.damaged)} damaged blocks, {len(found.missing)} missing ranges.",
        ]
    if found.blocks and not found.decoded:
        lines += [
            "声音文件已按校验值核对，未解码逐块核对（需要安装庭记）。",
            "The files of sound were checked by their digests; they were not decoded (that needs Tingji installed).",
        ]
    return lines


def by_fingerprint(found: Verified, wanted: str) -> Verified:
    """`found`, broken when it was signed by a key of another fingerprint."""
    if not found.ok or digits_of(fingerprint(found.signed_by)) == digits_of(wanted):
        return found
    return Verified((foreign("manifest.sig"),))


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module."""
    given = _parser().parse_args(arguments)
    path = Path(given.archive) if given.archive else Path(__file__).resolve().parent
    if not path.exists():
        print("没有这个文件或文件夹。 There is no such file or folder.", file=sys.stderr)  # noqa: T201 - a command
        return 2
    try:
        court = from_pem(Path(given.key).read_text(encoding="ascii")) if given.key else None
    except (OSError, ValueError):
        print("公钥文件无法读取。 The public key cannot be read.", file=sys.stderr)  # noqa: T201 - a command
        return 2
    found = verify_any(path, court)
    found = by_fingerprint(found, given.fingerprint) if given.fingerprint else found
    lines = report(found, bool(given.key or given.fingerprint))
    print("\n".join(lines))  # noqa: T201 - a command
    return 0 if found.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="校验归档包。 Verifies an archive of Tingji.")
    parser.add_argument("archive", nargs="?", help="文件夹或 ZIP / folder or ZIP")
    parser.add_argument("--key", help="本院公钥文件 / the court's public key")
    parser.add_argument("--fingerprint", help="本院公钥指纹 / its fingerprint")
    return parser


if __name__ == "__main__":
    sys.exit(main())
