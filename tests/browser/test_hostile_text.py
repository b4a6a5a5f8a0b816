"""Text that tries to become code, a command, a picture or a dangerous link stays text."""
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

HOSTILE = [
    "<script>window.harmed = 1</script>",
    "<img src=x onerror=\"window.harmed = 1\">",
    "<svg onload=window.harmed=1><a href='javascript:window.harmed=1'>her</a></svg>",
    "[her](javascript:window.harmed=1) **fed** `kode` # overskrift",
    "![billede](https://tracker.example/pixel.png)",
    "[[opi]] {{7*7}} ${7*7} &lt;b&gt;",
]
COUNT_DANGEROUS = """() => {
  let count = 0;
  const visit = (root) => root.querySelectorAll("*").forEach((element) => {
    if (element.shadowRoot) visit(element.shadowRoot);
    const isLink = element.matches("a") && !/^(https?:|mailto:)/.test(element.href);
    const isOurs = document.head.contains(element) || document.body === element;
    const hasHandler = [...element.attributes].some((attribute) => attribute.name.startsWith("on"));
    if (!isOurs && (isLink || hasHandler || element.matches("img, script, iframe, object, embed, form[action]"))) count += 1;
  });
  visit(document);
  return count;
}"""


def assert_harmless(page):
    assert page.evaluate("window.harmed") is None
    assert page.evaluate(COUNT_DANGEROUS) == 0


def test_typed_text_is_shown_as_it_is(open_page):
    chat = open_page()
    for text in HOSTILE:
        chat.ask(text)
        assert chat.asked() == text
    assert_harmless(chat.page)


def test_text_in_the_address_is_shown_as_it_is(open_page):
    chat = open_page()
    for text in HOSTILE:
        chat.reply_to(lambda: chat.page.goto(f"/?lang=da&q={quote(text)}"))
        assert chat.asked() == text
    assert_harmless(chat.page)


@pytest.mark.parametrize("kind", ["answer", "of_a_later_version"])
def test_a_reply_with_such_text_in_it_is_harmless(open_page, kind):
    chat = open_page()
    chat.page.route("**/api/messages", lambda route: answer_with(route, "\n\n".join(HOSTILE), kind))
    card = chat.ask("Hvem beslutter hurtigst?")
    expect(card.locator(".text").first).to_contain_text("<script>window.harmed = 1</script>")
    expect(card.locator(".text strong").first).to_have_text("fed")  # Markdown is read
    assert_harmless(chat.page)


def answer_with(route, text, kind):
    """The server's own answer, with `text` in every place that shows words of the knowledge base; the page shows the
    whole text of a reply whose kind it does not know."""
    response = route.fetch()
    answer = response.json()
    reply = answer["reply"]
    reply.update(kind=kind, opening=text, note=text)
    for section in reply["sections"]:
        section.update(title=text, answer=text, contrast=section["contrast"] and text)
    for shown in reply["statements"] + reply["suggestions"]:
        shown["text"] = text
    for button in answer["buttons"]:
        button["title"] = text
    route.fulfill(response=response, json={**answer, "text": text})


def test_the_count_of_dangerous_elements_finds_them(open_page, watch):
    watch.provoke("inline event handler")
    watch.provoke("security policy: script-src-attr blocked inline")
    page = open_page().page
    page.evaluate("""document.querySelector("opi-page").shadowRoot.querySelector("main").insertAdjacentHTML("beforeend",
        '<a href="javascript:void 0">x</a><p onclick="void 0">y</p>')""")
    assert page.evaluate(COUNT_DANGEROUS) == 2


@pytest.mark.parametrize("text", ["/restart", "/greet", '/inform{"party": "public"}', " \u00a0/restart"])
def test_a_typed_command_is_no_command(open_page, text):
    chat = open_page()
    chat.ask("Hvem beslutter hurtigst?")
    chat.ask(text)
    chat.ask("Hvorfor er det sådan?")
    assert chat.answer["reply"]["dimensions"] == ["decision_speed"]
