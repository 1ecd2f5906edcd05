"""Notes in three languages: written from tickets and tasks, translated with a glossary, read as page, text and feed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.kit.errors import Conflict, Invalid
from releases.actions.generate_notes import generate_notes
from releases.actions.set_term import set_term
from releases.actions.translate_notes import translate_notes
from releases.actions.withdraw_release import withdraw_release
from releases.languages import notes_in, plain_text
from releases.models import NotesTranslation, Term
from tests.releases.world import World

ATOM = "{http://www.w3.org/2005/Atom}"


def test_plain_text_has_no_signs_of_markdown() -> None:
    notes = "# Autopilot\n\n## Fixed\n\n- Reject \\*steps\\* \\_now\\_ (FB-1)\n\nA **bold** word"
    assert plain_text(notes).splitlines() == [
        "Autopilot", "=========", "", "Fixed", "-----", "", "- Reject *steps* _now_ (FB-1)", "", "A bold word"
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_release_with_a_change_and_its_revert_tells_of_neither(world: World) -> None:
    sha = world.box.commit("Mistake")
    world.box.commit(f'Revert "Mistake"\n\nThis reverts commit {sha}.')
    release = generate_notes(actor=world.cast.actor("kari"), release=world.draft("1.1", "Good"))
    assert "Good" in release.notes
    assert "Mistake" not in release.notes


@pytest.mark.django_db
def test_a_language_that_is_missing_falls_back_and_one_that_is_old_says_so(world: World) -> None:
    release, kari = world.draft("1.1"), world.cast.actor("kari")
    NotesTranslation.objects.all().delete()
    assert notes_in(release, "nb").falls_back
    translate_notes(actor=kari, release=release, language="nb", text="Nytt")
    assert (notes_in(release, "nb").text, notes_in(release, "nb").stale) == ("Nytt", False)
    client = world.cast.client_of("kari")
    client.post(f"{release.get_absolute_url()}notes/", {"notes": "Changed"})
    release.refresh_from_db()
    assert notes_in(release, "nb").stale
    page = client.get(f"{release.get_absolute_url()}notes/read/?lang=uk").content.decode()
    assert "not translated yet" in page
    assert 'lang="en"' in page
    with pytest.raises(Invalid, match="no language"):
        translate_notes(actor=kari, release=release, language="de", text="x")
    release = withdraw_release(actor=kari, release=world.published("1.2"), reason="Bad.")
    with pytest.raises(Conflict, match="withdrawn"):
        translate_notes(actor=kari, release=release, language="nb", text="x")


@pytest.mark.django_db
def test_the_glossary_stands_beside_the_translation(world: World) -> None:
    release, cast = world.draft("1.1", "Warm up the link faster"), world.cast
    client = cast.client_of("kari")
    data = {"programme": cast.programme.pk, "en": "link", "uk": "канал", "nb": ""}
    assert client.post("/glossary/set/", data).status_code == 302
    set_term(actor=cast.actor("kari"), programme=cast.programme, en="gyroscope", uk="гіроскоп")
    page = client.get(f"{release.get_absolute_url()}notes/in/uk/").content.decode()
    assert "канал" in page
    assert "not used yet" in page
    assert "гіроскоп" not in page, "the notes do not use it"
    client.post(f"{release.get_absolute_url()}notes/in/uk/", {"notes": "Канал прогрівається швидше"})
    page = client.get(f"{release.get_absolute_url()}notes/in/uk/").content.decode()
    assert "not used yet" not in page
    assert "канал" in client.get("/glossary/").content.decode()
    client.post("/glossary/set/", data | {"uk": ""})
    assert not Term.objects.filter(en="link").exists()


@pytest.mark.django_db
def test_notes_come_as_markdown_and_text_also_by_the_lasting_address(world: World) -> None:
    release = world.published("1.1")
    client = world.cast.client_of("olena")
    response = client.get(f"{release.get_absolute_url()}notes.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.content.decode().startswith("# Autopilot 1.1\n")
    response = client.get("/releases/autopilot/latest/notes.txt?lang=nb", follow=True)
    assert response.redirect_chain[0][0] == "/releases/autopilot/1.1/notes.txt?lang=nb"
    assert "#" not in response.content.decode()
    assert client.get(f"{release.get_absolute_url()}notes.pdf").status_code == 404
    world.draft("1.2")
    assert client.get("/releases/autopilot/1.2/notes.md").status_code == 404, "not published yet"


@pytest.mark.django_db
def test_the_feed_of_a_channel_is_read_with_a_token(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    world.published("1.1")
    world.published("1.2", "pilot")
    cast = world.cast

    def titles(client: Client, channel: str = "fleet") -> list[str]:
        response = client.get(f"/releases/autopilot/feed/{channel}/")
        assert response.status_code == 200, response.content
        root = ET.fromstring(response.content)
        return [entry.findtext(f"{ATOM}title") or "" for entry in root.iter(f"{ATOM}entry")]

    assert titles(cast.api_client_of("olena")) == ["Autopilot 1.1"]
    assert titles(cast.client_of("olena"), "pilot") == ["Autopilot 1.2", "Autopilot 1.1"]
    assert Client().get("/releases/autopilot/feed/fleet/").status_code == 401
    assert cast.api_client_of("olena", ["feedback:read"]).get("/releases/autopilot/feed/fleet/").status_code == 401
    assert cast.client_of("vira").get("/releases/autopilot/feed/fleet/").status_code == 404
    client = cast.client_of("olena")
    with django_assert_max_num_queries(12):
        assert len(titles(client, "lab")) == 2
