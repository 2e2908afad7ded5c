"""asr.agreement: what is settled stays."""

from hypothesis import given
from hypothesis import strategies as st

from asr.agreement import Agreement


def test_what_two_hypotheses_share_is_settled() -> None:
    agreement = Agreement()
    assert agreement.update("对真实性") == ("对真实性", 0)
    assert agreement.update("对真实性没有") == ("对真实性没有", 4)
    assert agreement.update("对真实性没有异议") == ("对真实性没有异议", 6)


def test_settled_text_stays_whatever_comes() -> None:
    agreement = Agreement()
    agreement.update("对真实性")
    agreement.update("对真实性没有")
    text, settled = agreement.update("队真实行没有异议")
    assert text.startswith("对真实性")
    assert settled >= 4


@given(st.lists(st.text("一二三四", max_size=8), max_size=10))
def test_settled_text_only_grows(hypotheses: list[str]) -> None:
    agreement, before = Agreement(), ""
    for hypothesis in hypotheses:
        text, settled = agreement.update(hypothesis)
        assert text[:settled].startswith(before)
        before = text[:settled]
