"""A password that a server repeats is in nothing that is told, shown or kept."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from app.engines import registry
from app.engines.base import ConnectionSpec, Login
from app.engines.check import run_check
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed, clean
from app.engines.facts import IdentityFact, PrivilegeFact, ServerFact, TlsFact
from app.engines.ladder import Ladder
from app.engines.redaction import HIDDEN, Redaction
from tests.support.checking import OpenGuard
from tests.support.planted import find, reachable

SECRET = "S3cret that-is  echoed!"
SAID = f"you said {SECRET}, did you not"


def scrambled(text):
    return bytes(int(f"{one:02x}"[::-1], 16) ^ 0xA5 for one in text.encode("utf-16-le"))


ENCODED = {
    "plain": str,
    "upper": lambda text: text.encode().upper().decode(),
    "json": json.dumps,
    "percent": lambda text: quote(text, safe=""),
    "lower percent": lambda text: quote(text, safe="").lower(),
    "form": quote_plus,
    "hex": lambda text: text.encode().hex().upper(),
    "as latin": lambda text: text.encode().decode("latin-1"),
    "utf-16 as latin": lambda text: text.encode("utf-16-le").decode("latin-1"),
    "hex of utf-16": lambda text: text.encode("utf-16-le").hex(),
    "hex of tds": lambda text: scrambled(text).hex(),
    "tds": lambda text: scrambled(text).decode("utf-16-le", "replace"),
    "tds as latin": lambda text: scrambled(text).decode("latin-1"),
    **{
        f"base64 behind {before}": lambda text, before=before: base64.b64encode(b"#" * before + text.encode()).decode()
        for before in range(3)
    },
    "base64 of utf-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "url-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}


class Echoes:
    """An engine whose server repeats the password wherever it has words of its own."""

    def climb(self, spec, addresses, ladder):
        with ladder.step("connect") as step:
            step.detail["banner"] = [{"line": SAID}, (SAID, 5, None)]
        ladder.skip("greeting", detail={"why": SAID})
        ladder.found.tls = TlsFact(subject=f"CN={SECRET}", names=(SECRET, "db1"))
        ladder.found.server = ServerFact(
            engine="postgresql",
            version_text=SAID,
            role="primary",
            session_user=SECRET,
            identity=IdentityFact(lineage=SECRET, strength="strong"),
        )
        ladder.found.privileges.append(PrivilegeFact(need="accounts", missing=[SECRET], server_text=SAID))
        with ladder.step("login"):
            raise StepFailed("login.refused", code=SECRET, text=SAID)


def run(engine, monkeypatch, *, username="muster", password=SECRET):
    told = []
    monkeypatch.setattr(registry, "find_engine", lambda _: engine)
    login = Login(username=username, password=password)
    spec = ConnectionSpec(db_type="postgresql", host="127.0.0.1", port=5432, guard=OpenGuard(), login=login)
    done = run_check(spec, tell=told.append)
    assert told == done.steps
    return done, {one.step: one for one in done.steps}


class TestAPasswordThatIsEchoed:
    def test_is_in_no_step(self, monkeypatch):
        _, steps = run(Echoes(), monkeypatch)

        assert steps["connect"].detail["banner"] == [
            {"line": "you said …, did you not"},
            ("you said …, did you not", 5, None),
        ]
        assert steps["greeting"].detail == {"why": "you said …, did you not"}
        assert steps["login"].detail == {"server_code": "…", "server_text": "you said …, did you not"}

    def test_is_in_nothing_that_was_found(self, monkeypatch):
        found = run(Echoes(), monkeypatch)[0].found

        assert SECRET not in repr(found)
        assert "S3cret" not in repr(found)
        assert (found.server.version_text, found.server.engine) == ("you said …, did you not", "postgresql")
        assert found.server.identity == IdentityFact(lineage="…", strength="strong")
        assert found.tls.names == ("…", "db1")
        assert found.privileges[0].server_text == "you said …, did you not"


class TestWhatLeavesAStep:
    """A step that fails raises on to the engine, and out of it."""

    def failing(self, work):
        ladder = Ladder(Deadline(60_000), lambda _: None, Redaction.of(SECRET))
        with pytest.raises((StepFailed, DeadlinePassed)) as caught, ladder.step("login"):
            work()
        return caught.value

    @pytest.mark.parametrize("kind", [lambda: StepFailed("login.refused", code=SECRET, text=SAID), DeadlinePassed])
    def test_holds_neither_the_servers_words_nor_the_drivers_exception(self, kind):
        def work():
            try:
                raise ValueError(SECRET)  # noqa: TRY301 - as a driver does
            except ValueError:
                raise kind() from None

        failed = self.failing(work)

        assert find(SECRET, reachable(failed)) == []
        assert (failed.__cause__, failed.detail.get("server_text", "you said …, did you not")) == (
            None,
            "you said …, did you not",
        )


class TestARedaction:
    @pytest.mark.parametrize("engine", ["mysql", "primary", "accounts"])
    def test_leaves_what_is_chosen_out_of_our_own_words(self, engine):
        fact = ServerFact(engine="mysql", role="primary", version_text=f"this is {engine}")

        shown = Redaction.of(engine).apply(fact)

        assert shown == ServerFact(engine="mysql", role="primary", version_text="this is …")

    def test_hides_what_is_left_of_a_password_where_a_text_was_cut(self):
        assert Redaction.of("a-long-password").apply("he said a-long-pass…") == "he said …"
        assert Redaction.of("a-long-password").apply("it ends in a-…") == "it ends in a-…"

    def test_hides_it_as_bytes_are_shown(self):
        assert Redaction.of("a-long-password").apply(b"xa-long-passwordy".hex()) == "78…79"

    @pytest.mark.parametrize("encode", ENCODED.values(), ids=ENCODED)
    @pytest.mark.parametrize("password", ["a-long-password", 'Ein "Wört"? +/ 密码\\n', "p+q/r=s"])
    def test_hides_it_however_it_is_encoded(self, password, encode):
        said = f"you said {encode(password)}, did you not"

        shown = Redaction.of(password).apply(clean(said))

        assert find(password, said)
        assert find(password, shown) == []
        assert HIDDEN in shown
        assert shown.startswith("you said ")
        assert shown.endswith(", did you not")

    @pytest.mark.parametrize("password", ["", "abc", None])
    def test_hides_nothing_that_is_too_short_to_be_told_from_chance(self, password):
        assert Redaction.of(password).apply("an abc of words") == "an abc of words"

    def test_does_not_tell_that_the_password_is_the_name(self):
        assert Redaction.of("muster", known="muster_ro").apply("no access for muster_ro") == "no access for muster_ro"
