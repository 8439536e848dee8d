"""An address is one address, also to a mail program."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from talenthub.errors import UsageError
from talenthub.people.persons import check_email

ONE = (
    "amara@example.org",
    "a.b+c@mail.example.org",
    "jürgen@exämple.de",
    "o'neil@example.org",
    "a/b=c@x.org",
)
NOT_ONE = (
    *("evil,amara@example.org", "evil;amara@example.org", "amara@example.org,evil", "team:amara@example.org"),
    *("boss<evil@example.org>", '"amara"@example.org', "amara(boss)@example.org", "amara@[127.0.0.1]"),
    *(
        "a\x00b@example.org",
        "a\x1bb@example.org",
        "a\x9bb@example.org",
        "a@example.org\n",
        "a\r\nBcc:b@x.org",
    ),
    *("a@b@example.org", "amara", "amara@example", "@example.org", "amara@example.", "amara@"),
)


@pytest.mark.parametrize("address", ONE)
def test_what_people_have_is_taken_and_is_one_receiver(address: str) -> None:
    assert check_email(address) == address
    message = EmailMessage(policy=SMTP)
    message["To"] = address
    assert len(message["To"].addresses) == 1


@pytest.mark.parametrize("address", NOT_ONE)
def test_what_is_more_or_less_than_one_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="no e-mail address") as caught:
        check_email(address)
    assert caught.value.problems[0].found is None, "messages repeat no address"
