"""Which server a program of ours believes by TLS: the certificate of its own folder, or what an authority signed."""

from __future__ import annotations

import ssl
from pathlib import Path

from casefile.errors import BadCertificate

END = "-----END CERTIFICATE-----\n"


def trust(certificate: Path | None, authority: Path | None = None) -> ssl.SSLContext | None:
    """For a client. None: what the system believes.

    `certificate`: the server's own, on this machine: exactly this one is believed, under whatever name.
    `authority`: of a server elsewhere, whose name must be right. Raises BadCertificate.
    """
    file = authority or certificate
    if file is None:
        return None
    try:
        believed = file.read_text(encoding="ascii")
        context = ssl.create_default_context(cadata=believed if authority else _first(believed))
    except (OSError, ValueError, ssl.SSLError) as error:
        raise BadCertificate(file=file.name, why=type(error).__name__) from error
    if authority is None:
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _first(chain: str) -> str:
    """The server's own certificate, without those who signed it."""
    return chain.partition(END)[0] + END


def refuse_unusable(certificate: Path, private_key: Path) -> None:
    """Raises BadCertificate unless both can be loaded and belong together."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, private_key)
    except (OSError, ssl.SSLError) as error:
        raise BadCertificate(file=certificate.name, why=type(error).__name__) from error
