"""Webhooks: signed, told again with one key, silent about people."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from talenthub.errors import ConfigurationError
from talenthub.outbound import posting
from talenthub.outbound.posting import Post, is_public
from talenthub.outbound.sending import PAUSES
from talenthub.outbound.signing import key_of, signed

OLDER = "whsec_" + base64.b64encode(b"the key of the year before last").decode()


def test_a_signature_is_that_of_the_published_example() -> None:
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_!", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
)
def test_what_is_no_key_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        key_of(secret)
    assert not secret or secret not in str(told.value).replace("whsec_ and", "")


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check a signature as a receiver does, by the published words alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")


def test_a_receiver_that_stumbles_is_told_again_with_the_same_key(firm, receiver) -> None:
    (firm_ := firm(webhook=[receiver.webhook("trial.loan.grant", previous_secret={"file": "older"})]))
    (firm_.folder / "older").write_text(OLDER)
    receiver.answers = [503]
    ref = firm_.open()
    firm_.fire(ref, "grant")
    [row] = firm_.rows()
    done = firm_.executor().round()
    assert (done.sent, done.failed) == (0, 1)
    assert firm_.rows()[0].error == "the receiver answered 503"
    assert firm_.executor().round().total == 0, "it waits before it is tried again"
    firm_.now += PAUSES[0]
    assert firm_.executor().round().sent == 1
    firm_.now += timedelta(days=30)
    firm_.executor().round()
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [f"msg_{row.id}"] * 2
    for headers, body in receiver.got:
        assert verified((firm_.folder / "key").read_text(), headers, body)
        assert verified(OLDER, headers, body), "while a key is changed both sign"
        assert json.loads(body) == {
            "type": "trial.loan.grant",
            "timestamp": "2026-01-05T09:00:00+00:00",
            "data": {"ref": ref, "version": 2, "state": "granted"},
        }


def test_an_event_that_two_words_name_is_told_once_and_a_secret_case_only_by_name(firm, receiver) -> None:
    made = firm(webhook=[receiver.webhook("*", "trial.loan.open", "trial.loan.asked", "trial.pact.grant")])
    made.open()
    pact = made.open("trial.pact")
    assert [row.origin for row in made.rows()] == ["LOAN-1/1"]
    made.fire(pact, "grant")
    assert [row.origin for row in made.rows()] == ["LOAN-1/1", f"{pact}/2"]


@pytest.mark.parametrize(
    ("answer", "dead", "error"),
    [(410, True, "the receiver answered 410"), (302, False, "the receiver answered 302")],
)
def test_who_has_gone_is_not_asked_again_and_who_points_elsewhere_not_followed(
    firm, receiver, answer, dead, error
) -> None:
    made = firm(webhook=[receiver.webhook()])
    receiver.answers = [answer]
    made.open()
    made.executor().round()
    [row] = made.rows()
    assert (row.dead_at is not None, row.error) == (dead, error)


def test_it_dies_after_all_its_tries(firm, receiver) -> None:
    made = firm(webhook=[receiver.webhook()])
    receiver.answers = [500] * 99
    made.open()
    for pause in (*PAUSES, timedelta()):
        assert made.rows()[0].dead_at is None
        made.executor().round()
        made.now += pause
    assert made.rows()[0].dead_at is not None
    assert len(receiver.got) == len(PAUSES) + 1


def test_a_private_address_is_refused_before_anything_is_sent(receiver) -> None:
    sent = Post(receiver.url, {}, b"{}").send()
    assert sent.final
    assert "private" in str(sent.error)
    assert receiver.got == []


def test_who_answers_drop_by_drop_is_hung_up_on(monkeypatch) -> None:
    monkeypatch.setattr(posting, "LONGEST", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            other, _ = server.accept()
            with other, suppress(OSError):
                for _ in range(200):
                    other.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                    time.sleep(0.02)

        threading.Thread(target=drip, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        sent = Post(url, {}, b"{}", allow_private=True).send()
    assert "could not be reached" in str(sent.error)
    assert not sent.final


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.9",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "0.0.0.0",
        "fd00::1",
        "64:ff9b::a00:1",
    ],
)
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.215.14")
