"""What people write, and what is secret, is in no log: neither when all goes well nor when something fails."""
import json
import os
import signal

import httpx

from tests.exposure.conftest import SECRET, TOKEN, reply_of, say
from tests.exposure.test_action_process import process_of

MARK = "Mærkværdigord"
JSON = {"Content-Type": "application/json"}


def test_neither_words_nor_secrets_nor_addresses_are_logged(guarded):
    actions, _ = process_of(guarded, "opi_advisor.action_process")
    with httpx.Client(base_url=guarded.url, trust_env=False, timeout=30, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        assert reply_of(say(client, f"hvem beslutter hurtigst, {MARK}?", "logged 1"))
        assert reply_of(say(client, MARK * 200, "logged 2"))["kind"] == "refusal"
        for body in (f'{{"message": "{MARK}"', json.dumps({"sender": MARK * 40, "message": MARK}),
                     json.dumps({"sender": [MARK], "message": {MARK: 1}})):
            assert client.post("/webhooks/rest/webhook", content=body.encode(), headers=JSON).status_code in (400, 413)
        assert say(client, MARK, "logged 3", metadata={"a": MARK}).status_code == 200
        wrong = {"Authorization": f"Bearer x{TOKEN}"}
        assert client.post("/webhooks/rest/webhook", json={"message": MARK}, headers=wrong).status_code == 401
        browser = {"Origin": guarded.url, "X-Forwarded-For": "203.0.113.250"}
        conversation = client.post("/api/conversations", json={}, headers=browser).json()["conversation"]
        assert client.post("/api/messages", json={"conversation": conversation, "text": MARK}, headers=browser).status_code == 200
        os.kill(actions, signal.SIGSTOP)
        try:
            length = len(guarded.text())
            assert say(client, f"hvad med risiko, {MARK}?", "logged 4").json()[1]["custom"]["kind"] == "trouble"
            assert len(guarded.text()) > length, "a failure is logged"
        finally:
            os.kill(actions, signal.SIGCONT)
    log = guarded.text()
    environment = dict(line.split("=", 1) for line in open(f"/proc/{actions}/environ").read().split("\0") if "=" in line)
    for secret in (TOKEN, SECRET, environment["OPI_ADVISOR_ACTIONS_SECRET"], conversation, "203.0.113.250"):
        assert secret and secret not in log
    for form in (MARK, ascii(MARK)[1:-1], json.dumps(MARK)[1:-1], MARK.lower()):
        assert form not in log
