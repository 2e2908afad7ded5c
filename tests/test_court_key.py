"""The court's key: made outside the data folder, for its owner's eyes, and verified with the standard library."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casefile.ed25519 import digits_of, fingerprint, from_pem, to_pem, verify
from casefile.errors import CourtKeyInside, CourtKeyLocked, NoCourtKey, UnfitCourtKey
from tests.test_main import tingji
from tingji.court_key import make, open_key, public_file, read_public

VECTORS = [  # RFC 8032 §7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032(public: str, message: str, signature: str) -> None:
    assert verify(*map(bytes.fromhex, (public, message, signature)))
    for place in range(64):
        wrong = bytearray.fromhex(signature)
        wrong[place] ^= 1 << (place % 8)
        assert not verify(bytes.fromhex(public), bytes.fromhex(message), bytes(wrong))
    assert not verify(bytes.fromhex(public), b"another", bytes.fromhex(signature))


def test_it_agrees_with_cryptography() -> None:
    for number in range(12):
        private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        public, message = private.public_key().public_bytes_raw(), bytes(range(number * 7))
        signature = private.sign(message)
        assert verify(public, message, signature)
        flipped = bytearray(public)
        flipped[number] ^= 4
        assert verify(bytes(flipped), message, signature) == _theirs(bytes(flipped), message, signature)


def _theirs(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_a_signature_with_a_bigger_s_is_refused() -> None:
    public, message, signature = map(bytes.fromhex, VECTORS[1])
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(signature[32:], "little") + order
    assert not verify(public, message, signature[:32] + s.to_bytes(32, "little"))
    assert not verify(public, message, signature[:-1])
    assert not verify(b"\xff" * 32, message, signature)


def test_a_key_is_its_owners_alone_and_has_a_fingerprint_to_read_aloud(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "court.key"
    said = make(path, tmp_path / "data", "八个字符的口令啊")
    assert path.stat().st_mode & 0o777 == 0o600
    assert "ENCRYPTED" in path.read_text()
    key = open_key(path, tmp_path / "data", "八个字符的口令啊")
    assert verify(key.public, b"x", key.sign(b"x"))
    assert read_public(public_file(path)) == key.public
    assert said == fingerprint(key.public)
    assert [len(group) for group in said.split()] == [5] * 8
    assert digits_of(said) == said.replace(" ", "")
    for passphrase in (None, "", "wrong one"):
        with pytest.raises(CourtKeyLocked):
            open_key(path, tmp_path / "data", passphrase)


def test_the_public_key_is_what_openssl_reads(tmp_path: Path) -> None:
    make(tmp_path / "k", tmp_path / "data", None)
    (tmp_path / "m").write_bytes(b"message")
    (tmp_path / "s").write_bytes(open_key(tmp_path / "k", tmp_path / "data", None).sign(b"message"))
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "k.pub",
        "-rawin",
        "-in",
        "m",
        "-sigfile",
        "s",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verified Successfully" in done.stdout


def test_never_in_the_data_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "link").symlink_to(data)
    for path in (data / "court.key", data / "tls" / "k", tmp_path / "link" / "k"):
        with pytest.raises(CourtKeyInside):
            make(path, data, None)
        assert not path.exists()
    make(tmp_path / "k", data, None)
    (tmp_path / "k").rename(data / "k")
    with pytest.raises(CourtKeyInside):
        open_key(data / "k", data, None)


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    data, path = tmp_path / "data", tmp_path / "k"
    with pytest.raises(NoCourtKey):
        open_key(None, data, None)
    with pytest.raises(NoCourtKey):
        open_key(path, data, None)
    make(path, data, None)
    with pytest.raises(FileExistsError):
        make(path, data, None)
    path.chmod(0o640)
    with pytest.raises(UnfitCourtKey):
        open_key(path, data, None)
    path.chmod(0o600)
    path.write_text("nothing")
    with pytest.raises(UnfitCourtKey):
        open_key(path, data, None)
    with pytest.raises(ValueError, match="public key"):
        from_pem(to_pem(b"\x01" * 32).replace("MC", "MD"))


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    key = tmp_path / "court.key"
    assert tingji("key", "make", "--out", data / "k", "--no-passphrase", "--data", data) == 1
    assert "may not lie in the data folder" in capsys.readouterr().err
    assert tingji("key", "make", "--out", key, "--no-passphrase", "--data", data) == 0
    assert "court_key" in capsys.readouterr().out
    assert tingji("key", "make", "--out", key, "--no-passphrase", "--data", data) == 1
    assert tingji("key", "show", "--data", data) == 1
    (data / "tingji.toml").write_text(f'court_key = "{key}"\n')
    capsys.readouterr()
    assert tingji("key", "show", "--data", data) == 0
    assert fingerprint(read_public(public_file(key))) in capsys.readouterr().out
