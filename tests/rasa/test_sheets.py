"""What can be printed, from the really running server: pages, CSV, headers, refusals, and that nothing of it is kept."""
import hashlib
import re
import socket
from base64 import b64encode
from html import unescape
from urllib.parse import urljoin

import httpx
import pytest

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, default_knowledge
from opi_advisor.project import LOGS

KNOWN = default_knowledge()
REFUSED = KNOWN.profile.refused
PLACED = "goals=1-5&incentives=x-3&horizon=2-2&risk=4-2&decision_speed=5-2&organisation_type=1-4"
PATHS = ("/profile", "/comparison", "/comparison.csv")


@pytest.fixture()
def anyone(server):
    """A client without a cookie."""
    with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
        yield client


def raw(server, target: bytes) -> bytes:
    """The answer to a GET of `target` just as it stands, which HTTP libraries would mend."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", [*PARTIES, None])
@pytest.mark.parametrize("query", ["", PLACED], ids=["typical", "placed"])
def test_the_profile(anyone, language, side, query):
    got = anyone.get("/profile?" + "&".join(filter(None, (f"lang={language}", f"side={side}" if side else "", query))))
    assert got.status_code == 200 and got.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{language}">' in got.text
    for dimension in KNOWN.dimensions.values():
        assert all(dimension.parties[party].answer[language] in unescape(got.text) for party in PARTIES)
    assert (KNOWN.profile.profile.legend_placed[language] in got.text) == bool(query)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_comparison(anyone, language):
    page, table = (anyone.get(path, params={"lang": language}) for path in PATHS[1:])
    assert page.status_code == table.status_code == 200
    assert table.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert table.headers["content-disposition"] == f'attachment; filename="opi-comparison-{language}.csv"'
    assert table.content.startswith(b"\xef\xbb\xbfdimension,")
    for name in DIMENSIONS:
        for party in PARTIES:
            for statement in KNOWN.of_party(name, party):
                assert statement.text[language] in unescape(page.text) and statement.id in table.text


def test_danish_is_what_nobody_asked_for(anyone):
    assert all('<html lang="da">' in anyone.get(path).text for path in PATHS[:2])


@pytest.mark.parametrize("path", [*PATHS, "/profile?risk=1"])
def test_head_is_get_without_a_body(anyone, path):
    got, head = anyone.get(path), anyone.head(path)
    assert head.status_code == got.status_code and head.content == b""
    assert head.headers["content-length"] == str(len(got.content)) and head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("path", ["/profile/", "/comparison/", "/comparison.csv/"])
def test_an_address_from_which_the_links_would_be_wrong_is_none(anyone, path):
    assert anyone.get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_it_can_be_read_only(anyone, path):
    answer = anyone.post(path)
    assert answer.status_code == 405 and answer.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", [*PATHS, "/profile?risk=1"])
def test_headers(anyone, path):
    got = anyone.get(path)
    assert got.headers["x-content-type-options"] == "nosniff" and got.headers["referrer-policy"] == "no-referrer"
    assert got.headers["cache-control"] == "no-store" and "set-cookie" not in got.headers and "etag" not in got.headers
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy and policy.endswith("frame-ancestors 'self'") and "unsafe" not in policy
    for style in re.findall(r"<style>(.*?)</style>", got.text, re.DOTALL):
        assert f"style-src 'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy
        assert "script-src" not in policy and "<script" not in got.text


def test_other_pages_keep_the_policy_of_the_server(anyone):
    for path in ("/", "/api/start", "/webhooks/rest/", "/nothing"):
        assert "script-src 'self'" in anyone.get(path).headers["content-security-policy"]


BAD = {
    "markup": ("risk=<script>alert(1)</script>", "places"),
    "encoded markup": ("risk=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "places"),
    "markup as a name": ("%3Cscript%3E=1-5", "unknown"),
    "out of range": ("risk=999", "places"),
    "empty": ("risk=", "places"),
    "doubled": ("risk=1-5&risk=1-5", "doubled"),
    "unknown": ("name=x", "unknown"),
    "no such side": ("side=both", "side"),
    "too long": ("risk=" + "1" * 10_000, "too_long"),
    "NUL": ("risk=1-5%00", "places"),
    "no percent encoding": ("risk=%zz", "places"),
    "no UTF-8": ("risk=%ff", "unreadable"),
    "half a surrogate pair": ("risk=%ED%A0%80", "unreadable"),
    "no value": ("risk", "unreadable"),
    "braces": ("risk={0}{name}{{7*7}}", "places"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query, reason", BAD.values(), ids=BAD)
def test_a_bad_value_gives_a_page_that_says_so_and_leads_on(server, anyone, language, query, reason):
    answer = raw(server, f"/profile?lang={language}&{query}".encode())
    head, _, page = answer.decode("utf-8").partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 400 ") and "text/html" in head
    assert f'<html lang="{language}">' in page and REFUSED.title[language] in unescape(page)
    said = getattr(REFUSED, reason)[language].partition("{")[0]
    assert said in unescape(page)
    assert "<script" not in page and "Traceback" not in page
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    assert len(links) == 2
    for link in links:
        followed = anyone.get(urljoin("/profile?x=y", link))
        assert followed.status_code == 200 and "text/html" in followed.headers["content-type"]


@pytest.mark.parametrize("path", PATHS)
def test_a_language_that_there_is_not(anyone, path):
    answer = anyone.get(path, params={"lang": "xx"})
    assert answer.status_code == 400 and REFUSED.language.da.format(value="xx") in answer.text
    assert anyone.get(urljoin(path, unescape(re.findall(r'href="([^"]+)"', answer.text)[0]))).status_code == 200


def test_the_comparison_takes_no_placements(anyone):
    for path in PATHS[1:]:
        answer = anyone.get(path, params={"lang": "en", "risk": "1-5"})
        assert answer.status_code == 400 and REFUSED.unknown.en.format(name="risk", known="lang") in unescape(answer.text)


@pytest.mark.parametrize("value", [b"\xc3\xa6", b"\xff", b"\x00", b"1" * 20_000])
def test_bytes_that_are_no_address_do_no_harm(server, anyone, value):
    answer = raw(server, b"/profile?risk=" + value)
    assert not answer or re.match(rb"HTTP/1.1 4\d\d ", answer)
    assert anyone.get("/profile").status_code == 200


def test_nothing_of_it_is_kept(server, anyone):
    """Neither what was placed nor what was refused may be found in a log."""
    before = {path: path.stat().st_size for path in LOGS.glob("*")}
    assert anyone.get("/profile?lang=en&incentives=4-1&horizon=3-5").status_code == 200
    assert anyone.get("/profile?risk=marker-of-a-test").status_code == 400
    new = b"".join(path.read_bytes()[before.get(path, 0):] for path in LOGS.glob("*")) + server.text().encode()
    assert b"incentives=4-1" not in new and b"marker-of-a-test" not in new
