"""Files with a few bytes or words out of place, the same for the same seed."""

from __future__ import annotations

import io
import random
import zipfile

TOKENS = (
    b"", b"\0", b'"', b"'", b",", b";", b"\n", b"\r\n", b"[", b"]", b"{", b"}", b"=", b"#", b"-1", b"nan",
    b"true", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"99999999999999999999", b"1e999", b"2026-02-30",
    b"=1+1", b"../", b"jonas", b"kofi", "é👩‍🎓".encode(), b"x" * 400,
)  # fmt: skip


def mutant(seed: str, data: bytes, most: int = 4) -> bytes:
    """Return `data` after one to `most` changes that the seed decides."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.randint(1, most)):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(6):
            case 0 if at < len(made):
                made[at] ^= 1 << chance.randrange(8)
            case 1:
                made[at:at] = chance.choice(TOKENS)
            case 2:
                del made[at : at + chance.randint(1, 40)]
            case 3:
                made[at:at] = made[max(0, at - chance.randint(1, 60)) : at]
            case 4:
                lines = bytes(made).split(b"\n")
                chance.shuffle(lines)
                made = bytearray(b"\n".join(lines))
            case _:
                made[at : at + chance.randint(1, 8)] = chance.choice(TOKENS)
    return bytes(made)


def book_mutant(seed: str, data: bytes) -> bytes:
    """Return a workbook with faults in its archive, or in one of its parts."""
    chance = random.Random(f"book {seed}")
    if chance.random() < 0.3:
        return mutant(seed, data)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w") as after:
        broken = chance.choice([each for each in before.namelist() if each.startswith("xl/")])
        for each in before.namelist():
            part = before.read(each)
            after.writestr(each, mutant(seed, part) if each == broken else part)
    return made.getvalue()
