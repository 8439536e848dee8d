"""The template that HR fills: every sheet with one example that fits."""

from __future__ import annotations

from talenthub.framework.content import Document
from talenthub.framework.formats import yaml
from talenthub.framework.formats.sheet_writing import written_sheets
from talenthub.framework.formats.workbook_writing import workbook_of

_EXAMPLE = """\
framework:
  id: my-framework
  name: Our competency framework
  version: "1.0"
  language: en
  licence: internal use
  attribution: Our organisation
  checks: lenient
  organisation: {name: Our organisation, short: ORG, headcount: 120, purpose: What we are here for.}
  rating_scale:
    - {value: 1, label: Below, anchor: The evidence shows the opposite.}
    - {value: 2, label: Partly, anchor: The evidence shows some of it.}
    - {value: 3, label: Meets, anchor: The evidence shows what the words of the role say.}
    - {value: 4, label: More, anchor: The evidence shows this and some of the next level.}
    - {value: 5, label: Above, anchor: The evidence shows the next level.}
values:
  - {id: care, name: Care, statement: We look after those who depend on us.}
levels:
  - {id: 1, key: L1, name: With guidance, summary: Does it when somebody shows how.}
  - {id: 2, key: L2, name: Alone, summary: Does it without being asked twice.}
  - {id: 3, key: L3, name: For others, summary: Makes it possible for others.}
competencies:
  - id: LISTENING
    name: Listening
    definition: Finding out what somebody needs before answering.
    values: [care]
    levels:
      1:
        descriptor: Lets others finish and repeats what was asked.
        indicators: [Waits for the end of the sentence.]
        watch_for: Answers before the question is over.
      2: {descriptor: Finds the question behind the question.}
      3: {descriptor: Teaches a team to hear what customers do not say.}
roles:
  - id: adviser
    title: Adviser
    family: Service
    track: Specialist
    headcount: 12
    purpose: Helps people to the service they need.
    levels:
      - id: senior-adviser
        title: Senior adviser
        level: 2
        purpose: Takes the cases that others pass on.
        requires: {LISTENING: {level: 2, rationale: Cases are seldom what they seem.}}
        critical: [LISTENING]
        focus: [LISTENING]
interview_questions:
  LISTENING: {past: When did you last answer the wrong question?}
learning_catalogue:
  - {id: L-1, competency: LISTENING, kind: assignment, levels: [1, 2], hours: 8, heat: 2, title: A day out}
strategy_weights: {LISTENING: 0.5}
"""


def example() -> Document:
    """Return the example that the template shows."""
    return yaml.read(_EXAMPLE.encode(), "template")


def template() -> bytes:
    """Return the workbook that a person fills in; it can be read as it is."""
    return workbook_of(written_sheets(example()))
