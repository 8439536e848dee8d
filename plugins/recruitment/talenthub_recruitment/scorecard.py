"""The scorecard: what one assessor rates, blind until all have locked."""

from __future__ import annotations

from talenthub.sdk import Blind, Outcome, Stage, State, Task, Transition, Workflow, days, system
from talenthub_recruitment import rating_effects as effects
from talenthub_recruitment import rating_guards as guards
from talenthub_recruitment.cases import Scorecard
from talenthub_recruitment.forms import Because, Ratings, Reopening
from talenthub_recruitment.relations import assessor, chair, onlookers, recruiter

# Every step of a person locks the application first, so that of the last
# scorecards one always wakes it, and nobody enters and rates at once.
PARENT_TOO = ("parent",)

scorecard = Workflow(
    name="recruitment.scorecard",
    ref="SCO",
    version=1,
    stage=Stage.SELECTION,
    title="scorecard",
    data=Scorecard,
    parent="recruitment.application",
    initial="assigned",
    viewers=onlookers,
    subject_sees="nothing",
    participants=("assessor", "chair"),
    personal=("ratings", "notes", "first", "reason"),
    blind=Blind("assessor", states=("assigned", "in_progress"), until_revealed=("locked", "excused")),
    states=[
        State("assigned", due=days(3), tasks=(Task("Rate the candidate", assessor),)),
        State("in_progress", due=days(3), tasks=(Task("Finish and lock your ratings", assessor),)),
        State("locked", tasks=()),
        State("revealed", tasks=()),
        State("reopened", due=days(2), tasks=(Task("Rate again what was discussed, and lock", assessor),)),
        State("locked_again", tasks=()),
        State("closed", outcome=Outcome.SUCCESS),
        State("excused", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "rate",
            ["assigned", "in_progress"],
            "in_progress",
            by=assessor | recruiter,
            form=Ratings,
            guards=[guards.enters_or_rates, guards.ratings_fit_the_plan],
            effects=[effects.keep_ratings],
            locks=PARENT_TOO,
        ),
        Transition(
            "lock",
            "in_progress",
            "locked",
            by=assessor | recruiter,
            guards=[guards.enters_or_rates, guards.scorecard_is_complete],
            effects=[effects.wake_application],
            locks=PARENT_TOO,
        ),
        Transition("reveal", "locked", "revealed", by=system),
        Transition(
            "reopen",
            ["revealed", "locked_again"],
            "reopened",
            by=system,
            form=Reopening,
            effects=[effects.reopen_ratings],
        ),
        Transition(
            "rate",
            "reopened",
            "reopened",
            by=assessor | recruiter,
            form=Ratings,
            guards=[
                guards.enters_or_rates,
                guards.ratings_fit_the_plan,
                guards.only_what_was_discussed,
            ],
            effects=[effects.keep_ratings],
            locks=PARENT_TOO,
        ),
        Transition(
            "lock",
            "reopened",
            "locked_again",
            by=assessor | recruiter,
            guards=[guards.enters_or_rates, guards.scorecard_is_complete],
            effects=[effects.keep_discussed],
            locks=PARENT_TOO,
        ),
        Transition("close", ["revealed", "locked_again"], "closed", by=system),
        Transition(
            "excuse",
            ["assigned", "in_progress"],
            "excused",
            by=chair,
            form=Because,
            effects=[effects.wake_application],
            locks=PARENT_TOO,
        ),
    ],
)
