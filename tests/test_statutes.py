"""Statutes: cited by name as written and as spoken, linked to the court's own texts, and nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from asr.statutes import articles, citations, short_name
from casefile.errors import NoLaws
from tests.courthouse import Courthouse
from tests.test_main import tingji
from tests.test_pages import open_hearing
from tingji.laws import LawTexts, add_laws

CODE = """# 中华人民共和国民法典（节选，测试用）

## 第三编 合同

### 第八章 违约责任

**第五百七十七条** 测试条文甲。

第五百八十四条　测试条文乙第一款。
测试条文乙第二款：
（一）第一项。

第一千零五十八条之一 测试条文丙。
## 第四编 人格权
此行不属于任何条文。
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "中华人民共和国民法典.md").write_text(CODE, "utf-8")
    (folder / "合同法（1999）.txt").write_bytes("第一百零七条 测试条文丁。".encode("gb18030"))
    (folder / "说明.txt").write_text("这不是法律。", "utf-8")
    return folder


def test_the_articles_of_a_text_with_their_paragraphs() -> None:
    found = articles(CODE)
    assert list(found) == ["577", "584", "1058-1"]
    assert found["584"].splitlines() == ["测试条文乙第一款。", "测试条文乙第二款：", "（一）第一项。"]
    assert found["1058-1"] == "测试条文丙。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("依照《民法典》第五百八十四条第二款之规定", ("民法典", "584", 2, 0)),
        ("依照民法典第五百八十四条第二款第一项判决", ("民法典", "584", 2, 1)),
        ("《中华人民共和国民法典》第584条", ("民法典", "584", 0, 0)),
        ("中华人民共和国民法典的第五百八十四条", ("民法典", "584", 0, 0)),
        ("民法典第一千零五十八条之一", ("民法典", "1058-1", 0, 0)),
        ("该法第五百八十四条", None),
        ("第五百八十四条", None),
        ("刑法第二百六十四条", None),
        ("民法典的精神", None),
    ],
)
def test_citations_as_written_and_as_spoken(text: str, found: tuple[str, str, int, int] | None) -> None:
    made = [(one.law, one.article, one.paragraph, one.item) for one in citations(text, ["民法典"])]
    assert made == ([found] if found else [])


def test_names_are_known_without_country_and_year() -> None:
    assert [short_name(one) for one in ("中华人民共和国民法典", "《合同法》", "合同法（1999）")] == [
        "民法典",
        "合同法",
        "合同法",
    ]


def test_laws_are_added_by_folder_and_only_what_is_there_is_linked(texts: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert add_laws(texts, data) == {"民法典": 3, "合同法": 1}
    laws = LawTexts(data)
    said = "依照民法典第五百八十四条、合同法第一百零七条、民法典第九百条，以及刑法第一条"
    assert [(one.law, one.article, one.words) for one in laws.cited(said)] == [
        ("民法典", "584", "测试条文乙第一款。\n测试条文乙第二款：\n（一）第一项。"),
        ("合同法", "107", "测试条文丁。"),
    ]
    (data / "laws" / "刑法.txt").write_text("第一条 测试条文戊。", "utf-8")
    assert [one.law for one in laws.cited(said)] == ["民法典", "合同法", "刑法"]


def test_a_folder_without_laws_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoLaws):
        add_laws(tmp_path, tmp_path / "data")
    (tmp_path / "empty").mkdir()
    assert tingji("laws", "add", tmp_path / "empty", "--data", tmp_path / "data") == 1
    assert "no law text" in capsys.readouterr().err


def test_the_route_says_where_and_what(court: Courthouse, texts: Path) -> None:
    add_laws(texts, court.settings.data)
    client = court.client()
    (found,) = client.post("/api/laws/cited", json={"text": "按民法典第五百七十七条。"}).json()["cited"]
    assert (found["start"], found["end"], found["words"]) == (1, 11, "测试条文甲。")
    assert client.post("/api/laws/cited", json={"text": 5}).status_code == 400
    assert client.post("/api/laws/cited", json={"text": "长" * 20_001}).status_code == 400


@pytest.mark.browser
def test_the_article_is_shown_where_it_is_cited(page: Page, court: Courthouse, texts: Path) -> None:
    add_laws(texts, court.settings.data)
    hearing_id = court.hearing()
    court.say(hearing_id, "第五百八十四条是关键，依照民法典第五百八十四条第二款，另见刑法第三条。", 0, 0)
    open_hearing(page, hearing_id)
    marks = page.locator("article.turn .number")
    expect(marks.first).to_be_visible()
    marks.first.hover()
    expect(page.locator(".statute")).to_have_count(0)  # no law was named: nothing is guessed
    marks.nth(1).hover()
    expect(page.locator(".statute strong")).to_have_text("《民法典》第584条")
    expect(page.locator(".statute .named")).to_have_text("测试条文乙第二款：")
    marks.last.hover()
    expect(page.locator(".statute")).to_have_count(0)
