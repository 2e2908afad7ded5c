"""The fold of reading and signing: who is to sign, what was asked and decided, what was signed."""

from __future__ import annotations

from dataclasses import dataclass, field

from casefile.signatures import CorrectionDecision, CorrectionRequest, Signatory, Signature


@dataclass(slots=True)
class Signing:
    """By id of the signatory or of the request; a later signature of one person takes the place of the earlier."""

    signatories: dict[str, Signatory] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    requests: dict[str, CorrectionRequest] = field(default_factory=dict)
    decisions: dict[str, CorrectionDecision] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)

    def name(self, signatory: Signatory) -> None:
        """Somebody is to sign, or the facts about them have changed."""
        self.signatories[signatory.id] = signatory

    def remove(self, signatory_id: str) -> None:
        """Somebody is not to sign after all; what they asked for stays on record."""
        self.signatories.pop(signatory_id, None)
        self.signatures.pop(signatory_id, None)

    def has_read(self, signatory_id: str, seq: int) -> None:
        """Somebody read their part as of event number `seq`."""
        self.read[signatory_id] = seq

    def ask(self, request: CorrectionRequest) -> None:
        """A request stands once, as it came first."""
        self.requests.setdefault(request.id, request)

    def decide(self, decision: CorrectionDecision) -> None:
        """The first decision of a request counts."""
        if decision.request_id in self.requests:
            self.decisions.setdefault(decision.request_id, decision)

    def sign(self, signature: Signature) -> None:
        """Only who is to sign does."""
        if signature.signatory_id in self.signatories:
            self.signatures[signature.signatory_id] = signature
