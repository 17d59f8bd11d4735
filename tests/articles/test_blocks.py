import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.images.blocks import ImageBlock

from articles.models import ArticlePage
from core.blocks import VideoBlock, video_at
from factories.articles import ArticleFactory, ImageFactory
from factories.members import UserFactory


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.youtube.com/watch?v=abc_DEF-123", ("YouTube", "https://www.youtube.com/watch?v=abc_DEF-123")),
        ("https://youtu.be/abc_DEF-123?si=tracking", ("YouTube", "https://www.youtube.com/watch?v=abc_DEF-123")),
        ("https://m.youtube.com/shorts/abc_DEF-123", ("YouTube", "https://www.youtube.com/watch?v=abc_DEF-123")),
        ("https://vimeo.com/123456", ("Vimeo", "https://vimeo.com/123456")),
        ("https://player.vimeo.com/video/123456", ("Vimeo", "https://vimeo.com/123456")),
        ("https://vimeo.com/", ("", "")),
        ("https://youtube.com.evil.example/watch?v=abc_DEF-123", ("", "")),
        ("https://example.org/watch?v=abc_DEF-123", ("", "")),
        ("javascript:alert(1)//youtu.be/abcdefghijk", ("", "")),
        ('https://youtu.be/"><script>', ("", "")),
        ("https://[", ("", "")),
        ("", ("", "")),
    ],
)
def test_only_videos_that_we_know_become_a_card(url, found):
    assert video_at(url) == found


def test_a_video_from_elsewhere_is_refused_beside_the_field():
    block = VideoBlock()

    with pytest.raises(ValidationError) as caught:
        block.clean(block.to_python({"url": "https://example.org/video", "title": "A talk", "note": ""}))

    assert "url" in caught.value.block_errors


def test_a_video_is_a_link_and_loads_nothing_from_elsewhere(client, db):
    video = {"url": "https://youtu.be/abcdefghijk", "title": "A talk <b>", "note": "12 minutes"}
    ArticleFactory(slug="seen", body=[("embed", video)])

    response = client.get("/articles/seen/")

    html = response.content.decode()
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in html
    assert "Watch on YouTube" in html
    assert "A talk &lt;b&gt;" in html
    assert "<iframe" not in html
    assert "youtube" not in response["Content-Security-Policy"]


def test_a_picture_in_a_text_needs_words_or_is_said_to_be_decoration(db):
    block = ImageBlock()
    image = ImageFactory()

    with pytest.raises(ValidationError):
        block.clean(block.to_python({"image": image.pk, "alt_text": "", "decorative": False}))
    block.clean(block.to_python({"image": image.pk, "alt_text": "", "decorative": True}))
    block.clean(block.to_python({"image": image.pk, "alt_text": "A tree", "decorative": False}))


def test_words_beside_a_picture_win_over_the_library_s(client, db):
    image = ImageFactory(title="DSC_0042")
    pictures = [
        ("image", {"image": {"image": image, "alt_text": "A tree in a field", "decorative": False}, "caption": "Ours"}),
        ("image", {"image": {"image": image, "alt_text": "", "decorative": True}, "caption": ""}),
    ]
    article = ArticleFactory(slug="pictured")
    article.body = [(kind, {"image": _image(value["image"]), "caption": value["caption"]}) for kind, value in pictures]
    article.save_revision().publish()

    html = client.get("/articles/pictured/").content.decode()

    assert html.count('alt="A tree in a field"') == 1
    assert html.count('alt=""') >= 1
    assert "DSC_0042" not in html


def _image(value):
    return ImageBlock().to_python({**value, "image": value["image"].pk})


def test_every_block_renders(client, db):
    body = [
        ("paragraph", "<p>Text with a <a href='https://example.org'>link</a>.</p>"),
        ("heading", "A heading"),
        ("quote", {"text": "Words", "source": "A colleague"}),
        ("callout", {"title": "Take care", "text": "Of yourself."}),
        ("reading_list", {"title": "To read", "items": [{"text": "A letter", "url": "https://example.org/letter"}]}),
    ]
    ArticleFactory(slug="whole", body=body)

    html = client.get("/articles/whole/").content.decode()

    for words in ("Text with a", "A heading", "A colleague", "Take care", "https://example.org/letter"):
        assert words in html
    assert " style=" not in html.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("name", ["paragraph", "heading", "quote", "callout", "embed", "reading_list"])
def test_editors_see_what_a_block_looks_like_before_they_add_it(client, db, name):
    client.force_login(UserFactory(superuser=True))
    block = ArticlePage.body.field.stream_block.child_blocks[name]

    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assert block.is_previewable
    assert block.get_description()
    assert response.status_code == 200
    assert "css/site" in response.content.decode()
