"""The placement: performance and potential, told as a strategy."""

from __future__ import annotations

from talenthub.sdk import Outcome, Stage, State, Task, Transition, Workflow, days, system
from talenthub_career import forms
from talenthub_career import placement_effects as effects
from talenthub_career import placement_guards as guards
from talenthub_career.accepting import accept_review
from talenthub_career.cases import Placement
from talenthub_career.relations import auditor, hr_desk, hr_partner, manager, upper

placement = Workflow(
    name="career.placement",
    ref="PLC",
    version=1,
    stage=Stage.CAREER,
    title="placement",
    data=Placement,
    initial="rating",
    open_by=hr_desk | manager,
    viewers=manager | upper | hr_desk | auditor,
    # The person is shown the strategy, in the plan; never two bands.
    subject_sees="nothing",
    participants=("rater",),
    from_handoff=accept_review,
    opening=[effects.begin],
    personal=(
        "results",
        "competencies",
        "ratings",
        "notes",
        "agility",
        "discussion",
        "changes",
        "aspiration",
        "performance",
        "potential",
        "proposed",
        "course",
        "reason",
    ),
    states=[
        State("rating", tasks=()),
        State("calibrating", due=days(14), tasks=(Task("Calibrate: compare the raters", hr_partner),)),
        State("calibrated", due=days(7), tasks=(Task("Agree on the strategy", hr_partner),)),
        State("placed", outcome=Outcome.SUCCESS, afterwards="talent career place PERSON --occasion …"),
        State("cancelled", outcome=Outcome.NEUTRAL, afterwards="talent career place PERSON --occasion …"),
    ],
    transitions=[
        Transition(
            "prepare",
            "rating",
            "rating",
            by=system,
            guards=[guards.role_is_known, guards.not_prepared_yet],
            effects=[effects.prepare],
            title="ask the raters",
        ),
        Transition(
            "reveal",
            "rating",
            "calibrating",
            by=system,
            guards=[guards.all_have_locked],
            effects=[effects.gather],
            title="show the ratings to each other",
        ),
        Transition(
            "discuss",
            "calibrating",
            "calibrating",
            by=hr_partner | manager | upper,
            form=forms.Because,
            effects=[effects.keep_discussion],
            title="note what was discussed",
        ),
        Transition(
            "calibrate",
            "calibrating",
            "calibrated",
            by=hr_partner,
            form=forms.Calibrated,
            guards=[
                guards.did_not_rate,
                guards.raters_agree_or_discussed,
                guards.performance_is_known,
                guards.changes_have_words,
            ],
            effects=[effects.calibrate],
        ),
        Transition(
            "weigh",
            "calibrated",
            "calibrated",
            by=system,
            guards=[guards.not_weighed_yet],
            effects=[effects.weigh],
            title="work out what it means",
        ),
        Transition(
            "weigh_again",
            "calibrated",
            "calibrated",
            by=hr_partner,
            effects=[effects.weigh],
            title="work it out again",
        ),
        Transition(
            "place",
            "calibrated",
            "placed",
            by=hr_partner,
            form=forms.Placed,
            guards=[
                guards.did_not_rate,
                guards.potential_is_known,
                guards.strategy_or_reason,
            ],
            effects=[effects.place],
        ),
        Transition(
            "cancel", ["rating", "calibrating", "calibrated"], "cancelled", by=hr_partner, form=forms.Because
        ),
    ],
)
