import pytest

from core.ways_back import way_back


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("target", ["/", "/events/?kind=social#later", "/a/b.c/"])
def test_a_path_of_ours_is_a_way_back(rf, method, target):
    assert way_back(getattr(rf, method)("/", {"next": target}), "/home/") == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "foo",
        "portal",
        "events:list",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "https://evil.example/",
        "https://[",
        "javascript:alert(1)",
        "\x00/",
        "\x01//evil.example",
    ],
)
def test_anything_else_is_none(rf, target):
    assert way_back(rf.post("/", {"next": target}), "/home/") == "/home/"
