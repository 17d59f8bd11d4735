"""Words that are put together once in each language."""

from django.utils import translation

from core.words import once_a_language


def test_words_are_put_together_once_for_each_value_and_language():
    asked = []

    @once_a_language
    def words(number: int, *, loud: bool = False) -> str:
        asked.append((translation.get_language(), number, loud))
        return f"{translation.get_language()} {number}{'!' if loud else ''}"

    with translation.override("en-us"):
        first = [words(1), words(1), words(2), words(1, loud=True)]
    with translation.override("de"):
        second = [words(1), words(1)]

    assert (first, second) == (["en-us 1", "en-us 1", "en-us 2", "en-us 1!"], ["de 1", "de 1"])
    assert asked == [("en-us", 1, False), ("en-us", 2, False), ("en-us", 1, True), ("de", 1, False)]
