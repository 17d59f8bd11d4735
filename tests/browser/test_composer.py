"""Writing, in a browser: what the composer does with JavaScript, and that all of it can be done without."""

import re

import pytest
from playwright.sync_api import expect

from community.discussions.models import Draft, Mention, Post, Topic
from factories.discussions import make_forum, make_topic
from factories.members import UserFactory


@pytest.fixture
def writer(fresh_database):
    return UserFactory(practitioner=True, display_name="Wren Ito")


@pytest.fixture
def topic(fresh_database):
    maren = UserFactory(practitioner=True, display_name="Maren Aldous")
    words = "I have begun to work *harder* than they do.\n\nAnd I leave our sessions tired."
    return make_topic(make_forum("Case consultation"), by=maren, subject="What do you change first?", body=words)


@pytest.fixture
def composing(page, log_in, site_url, writer, topic):
    """A page with the box to answer in, and the box."""
    log_in(page, writer)
    page.goto(f"{site_url}{topic.get_absolute_url()}")
    return page, box_of(page)


def box_of(page):
    return page.locator("textarea[name=body]")


def select(box, words: str) -> None:
    box.evaluate(
        """(box, words) => {
            const at = box.value.indexOf(words);
            box.focus();
            box.setSelectionRange(at, at + words.length);
        }""",
        words,
    )


def status(page):
    return page.locator("[data-status]")


# The toolbar --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "selected", "after"),
    [
        ("Bold", "so it is", "it", "so **it** is"),
        ("Italic", "so it is", "it ", "so *it* is"),
        ("Code", "so it is", "it", "so `it` is"),
        ("Code", "one\ntwo", "one\ntwo", "```\none\ntwo\n```\n"),
        ("Quote", "one\ntwo", "one\ntwo", "> one\n> two"),
        ("List", "one\ntwo", "one\ntwo", "- one\n- two"),
        ("Numbered list", "one\ntwo", "one\ntwo", "1. one\n2. two"),
        ("Link", "see here now", "here", "see [here](address) now"),
        ("Link", "see https://example.org/a", "https://example.org/a", "see [words](https://example.org/a)"),
    ],
)
def test_a_button_writes_markdown_and_undo_takes_it_back(composing, name, before, selected, after):
    page, box = composing
    box.fill(before)
    select(box, selected)

    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()

    assert box.input_value() == after
    expect(box).to_be_focused()
    page.keyboard.press("Control+z")
    assert box.input_value() == before


@pytest.mark.parametrize("name", ["Bold", "Italic", "Quote", "List", "Numbered list"])
def test_the_same_button_again_takes_it_away(composing, name):
    page, box = composing
    box.fill("so it is")
    select(box, "so it is")
    button = page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)

    button.click()
    button.click()

    assert box.input_value() == "so it is"


def test_keys_do_what_the_buttons_do(composing):
    page, box = composing
    for keys, after in {
        "Control+b": "**it**",
        "Control+i": "*it*",
        "Control+e": "`it`",
        "Control+Shift+Period": "> it",
        "Control+Shift+Digit8": "- it",
        "Control+Shift+Digit7": "1. it",
        "Control+k": "[it](address)",
    }.items():
        box.fill("it")
        select(box, "it")
        page.keyboard.press(keys)
        assert box.input_value() == after, keys
    bold = page.get_by_role("toolbar").get_by_role("button", name="Bold")
    assert bold.get_attribute("aria-keyshortcuts") == "Control+B"


def test_the_toolbar_is_one_stop_of_the_tab_key(composing):
    page, box = composing
    tools = page.get_by_role("toolbar", name="Formatting")
    tools.get_by_role("button", name="Bold").focus()

    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("End")
    expect(tools.get_by_role("button", name="Code")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(tools.get_by_role("button", name="Bold")).to_be_focused()


# Preview ------------------------------------------------------------------------------------------------------------


def test_the_preview_stands_beside_in_a_tab(composing, axe):
    page, box = composing
    box.fill("So *it* is, @Maren Aldous.")

    page.get_by_role("tab", name="Preview").click()

    panel = page.get_by_role("tabpanel", name="Preview")
    expect(panel.locator("em")).to_have_text("it")
    expect(panel.get_by_role("link", name="@Maren Aldous")).to_be_visible()
    expect(box).to_be_hidden()
    axe(page)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Write")).to_be_focused()
    expect(box).to_be_visible()
    assert box.input_value() == "So *it* is, @Maren Aldous."


def test_an_unreachable_preview_says_so_and_keeps_the_words(composing, troubles):
    page, box = composing
    box.fill("So it is.")
    page.route("**/preview/", lambda route: route.abort())

    page.get_by_role("tab", name="Preview").click()

    expect(page.get_by_role("tabpanel", name="Preview")).to_contain_text("Your words are still here")
    page.get_by_role("tab", name="Write").click()
    assert box.input_value() == "So it is."
    troubles.clear()


# Names, quotes, the counter -----------------------------------------------------------------------------------------


def test_a_colleague_is_called_by_a_few_letters(composing, axe):
    UserFactory(display_name="Marek Novak")
    page, box = composing
    box.press_sequentially("Well, @mar", delay=20)
    names = page.get_by_role("listbox", name="Colleagues")
    expect(names.get_by_role("option")).to_have_text([re.compile("Maren Aldous"), re.compile("Marek Novak")])
    axe(page)

    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == names.get_by_role("option").nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    assert box.input_value() == "Well, @Maren Aldous "
    expect(names).to_be_hidden()
    box.press_sequentially("what do you say?")
    page.get_by_role("button", name="Post reply").click()
    page.get_by_role("link", name="@Maren Aldous").wait_for()
    assert Mention.objects.get().user.display_name == "Maren Aldous"


def test_escape_closes_the_names_and_keeps_what_was_typed(composing):
    page, box = composing
    box.press_sequentially("@mar", delay=20)
    names = page.get_by_role("listbox", name="Colleagues")
    expect(names).to_be_visible()

    page.keyboard.press("Escape")

    expect(names).to_be_hidden()
    assert box.input_value() == "@mar"
    page.keyboard.press("Enter")
    assert box.input_value() == "@mar\n"


def test_selected_words_are_quoted_with_their_author(composing):
    page, box = composing
    box.fill("First of all:")
    page.evaluate(
        """() => {
            const words = document.querySelector("article .prose p");
            const range = document.createRange();
            range.selectNodeContents(words);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )

    page.get_by_role("link", name="Quote Maren Aldous").click()

    expected = "First of all:\n\n> **Maren Aldous:**\n>\n> I have begun to work harder than they do.\n\n"
    expect(box).to_have_value(expected)
    page.get_by_role("button", name="Post reply").click()
    page.get_by_text("First of all:").first.wait_for()
    assert Post.objects.get(position=2).quoted == Post.objects.get(position=1)


def test_without_a_selection_the_whole_post_is_quoted(composing):
    page, box = composing

    page.get_by_role("link", name="Quote Maren Aldous").click()

    lines = [
        "**Maren Aldous:**",
        "",
        "I have begun to work *harder* than they do.",
        "",
        "And I leave our sessions tired.",
    ]
    expect(box).to_have_value("".join(f"> {line}".rstrip() + "\n" for line in lines) + "\n")


def test_near_the_cap_the_counter_says_what_is_left(composing):
    page, box = composing
    count, said = page.locator("[data-count]"), page.locator("[data-said]")
    expect(count).to_be_hidden()

    box.fill("a" * 19_950)
    expect(count).to_have_text("50 characters left")
    expect(said).to_have_text("50 characters left")
    box.fill("a" * 20_002)
    expect(count).to_have_text("2 characters too many")
    expect(said).to_have_text("2 characters too many")


# Files --------------------------------------------------------------------------------------------------------------


def test_a_file_is_dropped_and_comes_with_the_post(composing):
    page, box = composing
    box.fill("See what I brought.")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["Half a page of notes."], "Notes.txt", { type: "text/plain" }));
            const form = document.querySelector("[data-composer]");
            for (const kind of ["dragover", "drop"]) {
                form.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
        }"""
    )

    expect(page.locator("[data-files]").get_by_role("link", name="Notes.txt")).to_be_visible()
    page.get_by_role("button", name="Post reply").click()
    page.get_by_text("See what I brought.").first.wait_for()
    assert Post.objects.get(position=2).attachments.get().name == "Notes.txt"


def test_a_file_that_is_refused_says_why(composing, troubles):
    page, _box = composing

    page.locator("input[type=file]").set_input_files({"name": "x.exe", "mimeType": "x/y", "buffer": b"MZ\x90\x00" * 9})

    expect(page.get_by_role("alert").filter(has_text="x.exe")).to_be_visible()
    troubles.clear()  # the browser notes the 422


# Without JavaScript, and as a whole ---------------------------------------------------------------------------------


def test_without_javascript_all_of_it_is_there(page_without_js, log_in, site_url, writer, topic):
    page = page_without_js
    log_in(page, writer)
    page.goto(f"{site_url}{topic.get_absolute_url()}")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    box_of(page).fill("So *it* is, @Maren Aldous.")

    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="This is how it will look")
    expect(preview.locator("em")).to_have_text("it")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Your draft is saved")).to_be_visible()
    assert box_of(page).input_value() == "So *it* is, @Maren Aldous."
    page.goto(f"{site_url}{topic.get_absolute_url()}")
    page.get_by_role("link", name="Quote Maren Aldous").click()
    assert box_of(page).input_value().startswith("So *it* is, @Maren Aldous.\n\n> **Maren Aldous:**")
    page.get_by_role("button", name="Post reply").click()
    page.get_by_role("link", name="@Maren Aldous").wait_for()

    assert not Draft.objects.exists()
    assert Mention.objects.count() == 1


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_composers_are_accessible(open_page, log_in, site_url, writer, axe, width, dark):
    page = open_page(width=width, dark=dark)
    log_in(page, writer)
    topic = make_topic(make_forum("Hard cases", audience="practitioners"), by=writer, subject="Stuck")
    Topic.objects.filter(pk=topic.pk).update(kind="case")
    Draft.objects.create(user=writer, topic=topic, body="Half a sentence")
    addresses = [
        f"/discussions/{topic.forum.slug}/new/",
        f"{topic.get_absolute_url()}reply/",
        f"/discussions/post/{topic.first_post_id}/edit/",
        "/discussions/drafts/",
    ]
    for address in addresses:
        page.goto(f"{site_url}{address}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
