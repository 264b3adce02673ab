"""The console as it is served: its page under every screen, its files as they are cached, and what is not its own."""

import gzip
import re

import pytest

from app import web
from app.bootstrap import create_app
from tests.support.store import make_settings

SCRIPT = "console.log(1);" * 20
PAGE = '<!doctype html><meta nonce="{{csp_nonce}}"><script src="/assets/index-1a2b.js" nonce="{{csp_nonce}}"></script>'
SCREENS = ["/", "/login", "/instances", "/instances/", "/instances/5", "/instances/5/edit", "/audit", "/apis", "/资产"]
OF_PROGRAMS = [
    "/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/instances", "/auth/api", "/auth/api/nothing",
    "/instances/api", "/instances/api/nothing", "/health", "/health/nothing", "/metrics", "/metrics/nothing",
]  # fmt: skip
NO_FILES = [
    "/assets", "/assets/", "/assets/nothing.js", "/assets/index", "/assets/index-1a2b.js.br", "/assets/nothing",
    "/nothing.js", "/index.html", "/.sources", "/.env", "/.well-known/security", "/robots.txt", "/a/b.js",
    "/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/..%2f.sources", "/assets/assets/index-1a2b.js",
    "/..%2fconftest.py", "/a//b",
]  # fmt: skip
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A build as npm leaves it, in the place of the real one."""
    built = tmp_path / "static"
    (built / "assets").mkdir(parents=True)
    for name, content in {
        "index.html": PAGE.encode(),
        "favicon.svg": b"<svg/>",
        ".sources": b"hash",
        "assets/index-1a2b.js": SCRIPT.encode(),
        "assets/index-1a2b.js.br": b"as brotli",
        "assets/index-1a2b.js.gz": gzip.compress(SCRIPT.encode()),
        "assets/index-3c4d.css": b"a {}",
        "assets/plex-5e6f.woff2": b"font",
        "assets/odd-7a8b.xyz": b"?",
    }.items():
        (built / name).write_bytes(content)
    monkeypatch.setattr(web, "FOLDER", built)
    return built


@pytest.fixture
def client(folder, tmp_path):
    """A client of a Muster that never makes a store for any of this."""
    settings = make_settings(tmp_path / "data")
    yield create_app(settings).test_client()
    assert not settings.data_dir.exists()


@pytest.fixture
def storeless(folder, tmp_path):
    """A client of a Muster whose store cannot be opened."""
    (tmp_path / "data").touch()
    return create_app(make_settings(tmp_path / "data")).test_client()


def policy(answer):
    return dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))


class TestTheScreens:
    @pytest.mark.parametrize("path", SCREENS)
    def test_are_the_page(self, client, path):
        answer = client.get(path)

        assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
        assert re.sub(r'nonce="[\w-]+"', 'nonce="{{csp_nonce}}"', answer.text) == PAGE
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers

    def test_carry_a_nonce_of_their_own_in_policy_and_page(self, client):
        answers = [client.get("/") for _ in range(3)]

        told = [set(re.findall(r'nonce="([^"]+)"', answer.text)) for answer in answers]
        allowed = [set(re.findall(r"'nonce-([^']+)'", policy(answer)["style-src"])) for answer in answers]
        assert told == allowed
        assert len(set.union(*told)) == 3
        assert all(len(nonce) >= 22 for nonce in set.union(*told))

    def test_have_the_policy_of_the_console(self, client):
        answer = client.get("/audit")

        found = policy(answer)
        assert re.fullmatch(r"'self' 'nonce-[\w-]+'", found.pop("style-src"))
        assert found == {
            "default-src": "'none'", "script-src": "'self'", "img-src": "'self' data:", "font-src": "'self'",
            "connect-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'", "form-action": "'self'",
        }  # fmt: skip
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("path", SCREENS)
    def test_have_a_head_and_take_no_write(self, client, path):
        head, post = client.head(path), client.post(path)

        assert (head.status_code, head.data, head.content_type) == (200, b"", "text/html; charset=utf-8")
        assert int(head.headers["Content-Length"]) == len(client.get(path).data)
        assert (post.status_code, post.json["message_code"]) == (405, "METHOD_NOT_ALLOWED")

    def test_refuse_a_foreign_host(self, client):
        answer = client.get("/", base_url="http://rebound.example.com")

        assert (answer.status_code, answer.json["extra"]["reason"]) == (400, "error.host_not_allowed")

    def test_are_there_while_the_store_is_not(self, storeless):
        assert storeless.get("/api/v1/auth/me").status_code == 503
        assert storeless.get("/instances").status_code == 200
        assert storeless.get("/assets/index-1a2b.js").status_code == 200


class TestWhatIsNotTheConsoles:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_stays_a_404_of_the_api(self, folder, app, method):
        for path in OF_PROGRAMS:
            answer = app.test_client().open(path, method=method, headers={"Accept": "text/html"})

            assert (answer.status_code, answer.json["message_code"]) == (404, "RESOURCE_NOT_FOUND"), path

    @pytest.mark.parametrize("path", NO_FILES)
    def test_is_no_file_either(self, client, path):
        answer = client.get(path, headers={"Accept": "text/html"})

        assert (answer.status_code, answer.json["message_code"]) == (404, "RESOURCE_NOT_FOUND")
        assert "immutable" not in answer.headers.get("Cache-Control", "")


class TestAFile:
    @pytest.mark.parametrize(
        ("path", "media_type", "caching"),
        [
            ("/assets/index-1a2b.js", "text/javascript; charset=utf-8", FOR_EVER),
            ("/assets/index-3c4d.css", "text/css; charset=utf-8", FOR_EVER),
            ("/assets/plex-5e6f.woff2", "font/woff2", FOR_EVER),
            ("/assets/odd-7a8b.xyz", "application/octet-stream", FOR_EVER),
            ("/favicon.svg", "image/svg+xml", "public, max-age=3600"),
        ],
    )
    def test_says_what_it_is_and_how_long_it_keeps(self, client, folder, path, media_type, caching):
        answer = client.get(path)

        assert (answer.status_code, answer.data) == (200, (folder / path[1:]).read_bytes())
        assert (answer.content_type, answer.headers["Cache-Control"]) == (media_type, caching)
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize(
        ("accepted", "coding"),
        [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, deflate", "gzip"),
            ("gzip;q=1, br;q=0.5", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("*", "br"),
            ("identity", None),
            ("br;q=0, gzip;q=0", None),
            ("nonsense;;q=x", None),
            (None, None),
        ],
    )
    def test_comes_as_the_browser_takes_it_best(self, client, folder, accepted, coding):
        answer = client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": accepted} if accepted else {})

        suffix = {"br": ".br", "gzip": ".gz", None: ""}[coding]
        assert answer.headers.get("Content-Encoding") == coding
        assert answer.data == (folder / f"assets/index-1a2b.js{suffix}").read_bytes()
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.content_type == "text/javascript; charset=utf-8"

    def test_that_has_one_encoding_varies_with_nothing(self, client):
        answer = client.get("/assets/index-3c4d.css", headers={"Accept-Encoding": "br"})

        assert "Vary" not in answer.headers
        assert "Content-Encoding" not in answer.headers

    @pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
    def test_is_not_sent_again_to_whoever_has_it(self, client, coding):
        accepted = {"Accept-Encoding": coding}
        tag = client.get("/assets/index-1a2b.js", headers=accepted).headers["ETag"]

        same = client.get("/assets/index-1a2b.js", headers={**accepted, "If-None-Match": tag})
        other = client.get("/assets/index-1a2b.js", headers={**accepted, "If-None-Match": '"another"'})

        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
        assert (same.headers["Cache-Control"], same.headers["Vary"]) == (FOR_EVER, "Accept-Encoding")
        assert other.status_code == 200

    def test_has_a_tag_for_each_encoding(self, client):
        accepted = [{"Accept-Encoding": coding} for coding in ("br", "gzip", "identity")]

        assert len({client.get("/assets/index-1a2b.js", headers=one).headers["ETag"] for one in accepted}) == 3

    def test_has_a_head_and_takes_no_write(self, client):
        head, post = client.head("/assets/index-1a2b.js"), client.post("/assets/index-1a2b.js")

        assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(SCRIPT)))
        assert post.status_code == 405

    def test_is_read_from_the_disk_once(self, client, folder):
        (folder / "assets" / "index-1a2b.js").unlink()
        (folder / "assets" / "later-9c0d.js").write_text("late", encoding="ascii")

        assert client.get("/assets/index-1a2b.js").text == SCRIPT
        assert client.get("/assets/later-9c0d.js").status_code == 404


class TestAConsoleThatIsNotBuilt:
    @pytest.fixture(params=[True, False])
    def docs(self, request):
        return request.param

    @pytest.fixture
    def client(self, tmp_path, monkeypatch, docs):
        monkeypatch.setattr(web, "FOLDER", tmp_path / "static")
        app = create_app(make_settings(tmp_path / "data", docs=docs))
        yield app.test_client()
        parts = app.extensions["muster"]._parts
        if parts is not None:
            parts.database.close()

    @pytest.mark.parametrize("path", ["/", "/instances/5"])
    def test_is_told_in_both_languages_with_the_way_to_the_documents(self, client, docs, path):
        answer = client.get(path)

        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert "网页控制台尚未构建" in answer.text
        assert "The web console is not built" in answer.text
        assert "make console" in answer.text
        assert "{{" not in answer.text
        links = set(re.findall(r'href="([^"]+)"', answer.text))
        assert links == {"/api/v1/docs" if docs else "/api/v1/openapi.json"}
        with client.get(links.pop()) as document:
            assert document.status_code == 200

    def test_has_no_files(self, client):
        assert {client.get(path).status_code for path in ("/favicon.svg", "/assets/index-1a2b.js")} == {404}

    def test_styles_its_page_by_the_nonce(self, client):
        answer = client.get("/")

        [nonce] = re.findall(r'<style nonce="([^"]+)"', answer.text)
        assert f"'nonce-{nonce}'" in policy(answer)["style-src"]
