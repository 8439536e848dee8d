"""`talent framework sign` and `verify`: whose word a published version is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.framework.files import (
    FILE,
    chosen_content,
    code_argument,
    entered,
    read_files,
    right,
    version_argument,
    write_all,
)
from talenthub.cli.output import Column

if TYPE_CHECKING:
    from talenthub.framework.content import Content
    from talenthub.framework.library import FrameworkVersion
    from talenthub.framework.signing import Signature
    from talenthub.storage.transaction import Transaction

_SIGNED = tuple(Column(each) for each in ("framework", "version", "signer", "signed_at"))


@click.command()
@code_argument
@version_argument
@click.option("--key", type=FILE, required=True, help="An SSH key; a public one is asked for of the agent.")
@click.option("-O", "--to", "target", type=FILE, help="Write the signature to this file, too.")
@writes
def sign(desk: Desk, code: str | None, number: str | None, key: Path, target: Path | None) -> None:
    """Sign a published version with your SSH key; the signature is kept.

    \b
    talent framework sign hpsa-core --key ~/.ssh/id_ed25519 --to core.sig
    talent framework verify hpsa-core.yaml --signers signers
    """
    from talenthub.framework.rights import right_verdict
    from talenthub.framework.signing import keep_signature, may_sign, signature_by

    def chosen(tx: Transaction) -> tuple[FrameworkVersion, Content]:
        found, content = chosen_content(tx, code, number)
        may_sign(found, right_verdict(tx, right(tx, "framework_owner")))
        return found, content

    found, content = entered(desk, chosen)
    made = signature_by(key, content)
    desk.run(lambda tx: keep_signature(tx, found, made, right=right(tx, "framework_owner")))
    desk.emit_record({"framework": found.code, "version": found.number, "signed_with": str(key)})
    if target is not None and not desk.dry_run:
        write_all(target, {target.name: made.text.encode()}, force=True)
        desk.say(f"Written: {target}")


@click.command()
@click.argument("source", metavar="FILE|CODE")
@version_argument
@click.option(
    "--signers", type=FILE, required=True, help="Whose keys count: a line each, as ssh-keygen(1) says."
)
@click.option("--signature", "given", type=FILE, help="Of a FILE; default: FILE.sig.")
@reads
def verify(desk: Desk, source: str, number: str | None, signers: Path, given: Path | None) -> None:
    """Tell who signed a version, or a file that it was exported to."""
    from talenthub.framework.signing import signer

    place = Path(source)
    if place.exists() or place.suffix:
        content, signed = _in_file(desk, place, given)
    else:
        content, signed = entered(desk, lambda tx: _in_workspace(tx, source, number))
    head = content.framework
    rows: list[dict[str, Any]] = [
        {
            "framework": head.code,
            "version": head.version,
            "signer": signer(content, each, signers),
            "signed_at": each.signed_at,
        }
        for each in signed
    ]
    desk.emit(rows, _SIGNED)
    desk.say("The content is what they signed, whole. When, only the clock of the workspace says.")


def _in_file(desk: Desk, place: Path, given: Path | None) -> tuple[Content, list[Signature]]:
    from talenthub.cli.output import file_problem
    from talenthub.errors import FileError
    from talenthub.framework.signing import Signature

    beside = given or place.with_name(f"{place.name}.sig")
    content = read_files(desk, (place,), None, None).content
    try:
        return content, [Signature(beside.read_text("utf-8", "replace"))]
    except OSError as error:
        raise FileError(file_problem(error)) from None


def _in_workspace(tx: Transaction, code: str, number: str | None) -> tuple[Content, list[Signature]]:
    from talenthub.errors import Problem, Refused
    from talenthub.framework.signing import signatures

    found, content = chosen_content(tx, code, number)
    kept = list(signatures(tx, found.id))
    if not kept:
        mend = f"talent framework sign {found.code} --key FILE"
        problem = Problem(text=f"nobody has signed {found.name}", mend=mend, code="framework.unsigned")
        raise Refused(problem)
    return content, kept
