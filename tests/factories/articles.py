import io

import factory
from django.apps import apps
from django.core.files.base import ContentFile
from PIL import Image

from articles.models import ArticlePage, StandardPage
from core.models import SiteImage, Subject


def picture_file(width: int = 64, height: int = 48, kind: str = "PNG") -> bytes:
    """The bytes of a small plain picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, kind)
    return file.getvalue()


class SubjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Subject

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class ImageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SiteImage

    title = factory.Sequence(lambda n: f"Picture {n}")
    file = factory.Sequence(lambda n: ContentFile(picture_file(), name=f"picture-{n}.png"))


class PageFactory(factory.django.DjangoModelFactory):
    """A published page below the page that its model names as parent. `subjects` are set like a form does."""

    class Meta:
        abstract = True

    title = factory.Sequence(lambda n: f"Page {n}")
    slug = factory.Sequence(lambda n: f"page-{n}")
    audience = "world"

    @classmethod
    def _create(cls, model_class, *args, subjects=(), **kwargs):
        page = model_class(*args, **kwargs)
        if subjects:
            page.subjects = list(subjects)
        parent = apps.get_model(model_class.parent_page_types[0]).objects.get()
        return parent.add_child(instance=page)


class ArticleFactory(PageFactory):
    class Meta:
        model = ArticlePage

    intro = "What it is about."
    author_text = "Somebody else"


class StandardPageFactory(PageFactory):
    class Meta:
        model = StandardPage
