"""The page's colours are read from its style sheet, in both schemes."""

from api.pages.colours import page_colours

CLASSES = ("hated", "disliked", "liked", "loved")


def test_both_schemes_have_the_colours_of_the_classes() -> None:
    light, dark = page_colours(), page_colours(is_dark=True)
    for name in CLASSES:
        assert light[name].startswith("#")
        assert light[name] != dark[name]


def test_what_the_dark_scheme_leaves_is_as_in_the_light_one() -> None:
    light, dark = page_colours(), page_colours(is_dark=True)
    assert set(dark) >= set(light)
    kept = {name for name in light if light[name] == dark[name]}
    assert kept
    assert kept != set(light)
