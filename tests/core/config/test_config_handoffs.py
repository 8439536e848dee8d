"""Wrong handoffs: `talent config check` tells each with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from talenthub.workspace.composing import catalogue_of, handoffs_of
from talenthub.workspace.handoff_rules import handoff_problems
from talenthub.workspace.opening import Configuration, configure

HEAD = '[plugins]\nenabled = ["recruitment", "career", "succession"]\n'
APPLY = 'on = "career.move.apply"\nopen = "recruitment.application"\n'
HIRE = 'on = "recruitment.application.hired"\nopen = "onboarding.plan"\n'


def configured(folder: Path, *rules: str) -> Configuration:
    text = HEAD + "".join(f"[[handoff]]\n{each}" for each in rules)
    (folder / "talenthub.toml").write_text(text, encoding="utf-8")
    return configure(folder)


def told(folder: Path, *rules: str) -> list[str]:
    found = configured(folder, *rules)
    return [str(each) for each in handoff_problems(found, catalogue_of(found.host, found.plugins))]


@pytest.mark.parametrize(
    "rule",
    [
        HIRE,
        APPLY + 'under = "vacancy"\n',
        'on = "hub.post.vacated"\nopen = "recruitment.requisition"\n',
        'on = "learning.course.passed"\nopen = "career.plan"\n',
    ],
)
def test_a_rule_may_wait_for_a_plugin_that_is_off(tmp_path: Path, rule: str) -> None:
    assert told(tmp_path, rule) == []


@pytest.mark.parametrize(
    ("rule", "line", "said"),
    [
        ('on = "career.move.aply"\nopen = "career.plan"\n', "toml:4 handoff[0].on", "'career.move.apply'?"),
        ('on = "career.plan.close"\nopen = "career.plam"\n', "toml:5 handoff[0].open", "'career.plan'?"),
        (APPLY, "toml:5 handoff[0].open", "does not say which: under"),
        (APPLY + 'under = "vacany"\n', "toml:6 handoff[0].under", "did you mean 'vacancy'?"),
        (HIRE.replace("onboarding", "career") + 'under = "post"\n', "toml:6 handoff[0].under", "by itself"),
        (
            'on = "succession.nomination.activate"\nopen = "career.plan"\n',
            "toml:4 handoff[0].on",
            "it would tell of it",
        ),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(tmp_path: Path, rule: str, line: str, said: str) -> None:
    [problem] = told(tmp_path, rule)
    assert line in problem
    assert said in problem


def test_a_rule_that_stands_twice_is_told_and_hands_over_once(tmp_path: Path) -> None:
    [problem] = told(tmp_path, HIRE, HIRE)
    assert "toml:7 handoff[1].on: this rule stands twice" in problem
    assert len(handoffs_of(configured(tmp_path, HIRE, HIRE).settings)) == 1
