"""The review: one person in one cycle, from objectives to acknowledgement."""

from __future__ import annotations

from talenthub.sdk import Outcome, Stage, State, Task, Transition, Workflow, days, subject, system
from talenthub_performance import missing
from talenthub_performance import review_effects as effects
from talenthub_performance import review_guards as guards
from talenthub_performance.cases import Review
from talenthub_performance.forms import (
    Acknowledged,
    Because,
    Changes,
    Lodged,
    LookedAfter,
    NewManager,
    Nomination,
    Objectives,
    Progress,
    Release,
    Scheduled,
    Taken,
)
from talenthub_performance.relations import auditor, hr, manager, upper

BEFORE_RATING = ("preparing",)
WHILE_RATING = ("writing", "submitted", "calibrated")
AFTER_RELEASE = ("released", "acknowledged", "appealed", "closed")
LIVE = ("preparing", "writing", "submitted", "calibrated", "signed_off")
either = subject | manager


def _schedules(state: str) -> Transition:
    return Transition(
        "schedule",
        state,
        state,
        by=either,
        form=Scheduled,
        effects=[effects.open_conversation],
        title="schedule a conversation",
    )


def _looks_after(state: str) -> tuple[Transition, ...]:
    return (
        Transition(
            "pass_up",
            state,
            state,
            by=system,
            guards=[missing.missed_in_a_row],
            effects=[missing.ask_above],
            title="ask the manager above about missed conversations",
        ),
        Transition(
            "look_after",
            state,
            state,
            by=upper | hr,
            form=LookedAfter,
            guards=[missing.missed_in_a_row],
            effects=[missing.take_off],
            title="say what is done about missed conversations",
        ),
    )


def _asks_around(state: str) -> tuple[Transition, ...]:
    return (
        Transition(
            "nominate",
            state,
            state,
            by=either | hr,
            form=Nomination,
            guards=[guards.raters_fit, guards.nobody_is_asked_twice],
            effects=[effects.open_round],
            title="nominate raters",
        ),
        Transition(
            "take_answers",
            state,
            state,
            by=system,
            form=Taken,
            guards=[guards.review_is_rated, guards.round_was_closed],
            effects=[effects.keep_answers],
        ),
    )


def _objectives(state: str) -> tuple[Transition, ...]:
    return (
        Transition(
            "set_objectives",
            state,
            state,
            by=either,
            form=Objectives,
            guards=[guards.weights_make_a_whole],
            effects=[effects.keep_objectives],
        ),
        Transition(
            "agree_objectives",
            state,
            state,
            by=either,
            guards=[guards.objectives_are_there],
            effects=[effects.agree_objectives],
        ),
        Transition(
            "report_progress",
            state,
            state,
            by=either,
            form=Progress,
            guards=[guards.objectives_are_known],
            effects=[effects.keep_progress],
        ),
        Transition(
            "change_manager",
            state,
            state,
            by=hr,
            form=NewManager,
            guards=[guards.manager_is_somebody_else],
            effects=[effects.change_manager],
        ),
    )


review = Workflow(
    name="performance.review",
    ref="REV",
    version=1,
    stage=Stage.PERFORMANCE,
    title="review",
    data=Review,
    parent="performance.cycle",
    initial="preparing",
    open_by=hr,
    viewers=upper | hr | auditor,
    subject_sees="status",
    subject_sees_all_in=("preparing", *AFTER_RELEASE),
    participants=("manager",),
    personal=(
        "objectives",
        "ratings",
        "notes",
        "results",
        "texts",
        "groups",
        "changes",
        "explanation",
        "statement",
        "reason",
        "note",
    ),
    states=[
        State("preparing", tasks=(Task("Agree the objectives", manager),)),
        # The open tasks are those of the statements; one here would tell who has not submitted.
        State("writing", tasks=()),
        State("submitted", due=days(14), tasks=(Task("Sign off, or give it back", upper),)),
        State("calibrated", due=days(7), tasks=(Task("Sign off, or give it back", upper),)),
        State("signed_off", due=days(7), tasks=(Task("Talk about it, then release it", manager),)),
        State("released", due=days(7), tasks=(Task("Read your review and acknowledge it", subject),)),
        State("acknowledged", tasks=()),
        State("appealed", tasks=()),
        State("closed", outcome=Outcome.SUCCESS),
        State("cancelled", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        *(each for state in BEFORE_RATING for each in _objectives(state)),
        *(_schedules(state) for state in LIVE),
        *(each for state in LIVE for each in _looks_after(state)),
        *(each for state in WHILE_RATING for each in _asks_around(state)),
        Transition(
            "begin",
            "preparing",
            "writing",
            by=manager | hr,
            effects=[effects.open_statements],
            title="ask for the statements",
        ),
        Transition(
            "reveal",
            "writing",
            "submitted",
            by=system,
            guards=[guards.all_statements_in, guards.manager_has_rated],
            effects=[effects.reveal_statements],
            title="show the statements to each other",
        ),
        Transition(
            "calibrate",
            ["submitted", "calibrated"],
            "calibrated",
            by=system,
            form=Changes,
            effects=[effects.keep_changes],
        ),
        Transition(
            "return",
            ["submitted", "calibrated"],
            "writing",
            by=upper | hr,
            form=Because,
            guards=[guards.signer_did_not_rate],
            effects=[effects.reopen_manager_statement],
            title="give it back to the manager",
        ),
        Transition(
            "sign_off",
            ["submitted", "calibrated"],
            "signed_off",
            by=upper | hr,
            guards=[guards.signer_did_not_rate, guards.rounds_are_closed],
            effects=[effects.sign, effects.close_statements],
        ),
        Transition(
            "release",
            "signed_off",
            "released",
            by=manager | hr,
            form=Release,
            guards=[guards.talk_is_not_ahead, guards.no_surprise],
            effects=[effects.release, effects.record_evidence, effects.use_descriptors],
        ),
        Transition(
            "acknowledge",
            "released",
            "acknowledged",
            by=subject,
            form=Acknowledged,
            effects=[effects.keep_statement],
            title="acknowledge: seen, not agreed",
        ),
        Transition(
            "appeal",
            ["released", "acknowledged"],
            "appealed",
            by=subject,
            form=Lodged,
            guards=[guards.within_the_window],
            effects=[effects.open_appeal],
        ),
        Transition(
            "settle",
            "appealed",
            "acknowledged",
            by=system,
            form=Changes,
            effects=[effects.settle],
            title="end the appeal",
        ),
        Transition(
            "close",
            ["released", "acknowledged"],
            "closed",
            by=hr | system,
            guards=[guards.window_is_over],
        ),
        Transition("cancel", LIVE, "cancelled", by=hr, form=Because),
    ],
)
