"""Everything by keyboard, with a focus that can be seen."""
from playwright.sync_api import expect

from tests.browser.chat import Chat, words

HAS_FOCUS = "(element) => element === element.getRootNode().activeElement"
FOCUS_OUTLINE = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  // The field for the question has its outline on the frame around it.
  const outlines = [focused, focused.parentElement].filter((one) => one?.matches(":focus-within")).map((one) => getComputedStyle(one));
  const isSeen = outlines.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  return { name: focused.ariaLabel || focused.innerText || focused.id || focused.tagName, isSeen, atEnd: focused === document.body };
}"""
TARGETS = """(minimum) => {
  const found = { all: 0, small: [] };
  const visit = (root) => root.querySelectorAll("*").forEach((element) => {
    if (element.shadowRoot) visit(element.shadowRoot);
    if (!element.matches("a, button, summary, textarea")) return;
    const { width, height } = element.getBoundingClientRect();
    if (width && !element.matches(".skip")) found.all += 1;
    if (width && (width < minimum || height < minimum)) found.small.push(element.outerHTML.slice(0, 80));
  });
  visit(document);
  return found;
}"""


def tab_to(chat: Chat, target, key: str) -> None:
    """Press `key` until `target` has the focus."""
    for _ in range(15):
        if target.evaluate(HAS_FOCUS):
            return
        chat.page.keyboard.press(key)
    raise AssertionError(f"{key} does not reach {target}")


def test_from_the_address_bar_to_a_follow_up_and_a_rating(open_page, ratings):
    chat = open_page()
    keyboard = chat.page.keyboard
    keyboard.press("Tab")
    expect(chat.page.get_by_role("link", name=words("da", "skip_to_input"))).to_be_focused()
    keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    keyboard.type("Hvem beslutter hurtigst?")
    chat.reply_to(lambda: keyboard.press("Enter"))
    expect(chat.field).to_be_focused()
    tab_to(chat, chat.buttons.first, "Shift+Tab")
    chat.reply_to(lambda: keyboard.press("Enter"))
    expect(chat.field).to_be_focused()
    before = ratings()
    tab_to(chat, chat.button("da", "feedback_down"), "Shift+Tab")
    keyboard.press("Space")
    tab_to(chat, chat.page.get_by_label(words("da", "feedback_missing")), "Tab")
    keyboard.type("Mere om regioner")
    tab_to(chat, chat.button("da", "feedback_send"), "Tab")
    keyboard.press("Enter")
    expect(chat.button("da", "feedback_down")).to_be_focused()
    assert [rating["missing"] for rating in ratings() if rating not in before] == ["Mere om regioner"]


def test_sources_table_and_a_dimension_by_keyboard(open_page):
    chat = open_page()
    chat.ask("Hvem beslutter hurtigst?")
    sources = chat.page.locator("opi-sources summary")
    tab_to(chat, sources, "Shift+Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("opi-sources cite").first).to_be_visible()
    tab_to(chat, chat.button("da", "show_table"), "Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("table")).to_be_visible()
    chat.page.keyboard.press("Enter")
    tab_to(chat, chat.page.locator("opi-comparison a").first, "Tab")
    chat.reply_to(lambda: chat.page.keyboard.press("Enter"))
    assert chat.answer["reply"]["dimensions"] == ["goals"]


def test_the_focus_can_be_seen_on_every_stop(open_page):
    chat = open_page()
    chat.ask("Hvem beslutter hurtigst?")
    chat.page.evaluate("document.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.blur()")
    stops = []
    while not stops or not stops[-1]["atEnd"]:
        chat.page.keyboard.press("Tab")
        stops.append(chat.page.evaluate(FOCUS_OUTLINE))
        assert len(stops) < 60, "the focus does not leave the page"
    assert [stop["name"] for stop in stops[:-1] if not stop["isSeen"]] == []
    assert len(stops) > 10


def test_a_focus_that_can_not_be_seen_is_found(open_page):
    page = open_page().page
    page.evaluate("""() => {
        const plain = document.createElement("button");
        plain.style.outline = "none";
        document.body.append(plain);
        plain.focus();
    }""")
    assert page.evaluate(FOCUS_OUTLINE)["isSeen"] is False


def test_targets_are_large_enough(open_page):
    for viewport in ({"width": 1280, "height": 900}, {"width": 320, "height": 640}):
        chat = open_page(viewport=viewport)
        chat.ask("Hvem beslutter hurtigst?")
        targets = chat.page.evaluate(TARGETS, 24)
        assert targets["all"] > 15 and targets["small"] == []
        assert chat.page.evaluate(TARGETS, 1000)["small"]
