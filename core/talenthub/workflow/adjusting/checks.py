"""What is wrong with an organisation's adjustments, with file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from talenthub.config.adjusting import WorkflowAdjustment
from talenthub.config.layers import Layers
from talenthub.errors import Problem
from talenthub.workflow.adjusting.adjust import adjusted, extended
from talenthub.workflow.adjusting.check_guards import guard_problems
from talenthub.workflow.adjusting.check_states import state_problems, waiting_problems
from talenthub.workflow.adjusting.check_steps import transition_problems
from talenthub.workflow.adjusting.named_guards import NamedGuard
from talenthub.workflow.adjusting.words import Page
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.checks import problems
from talenthub.workflow.checks.words import choice
from talenthub.workflow.definition import State, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Written:
    """What talenthub.toml and the files over it say of workflows."""

    adjustments: Mapping[str, WorkflowAdjustment]
    layers: Layers


@dataclass(frozen=True, slots=True)
class Known:
    """What an adjustment may name."""

    workflows: Mapping[str, Loaded]
    """The newest version of each, as the plugins declare them."""
    guards: Mapping[str, NamedGuard]
    grants: Collection[str]
    silent: Collection[str]
    """Plugins that are installed but not on: what is said of theirs waits."""

    @property
    def visible(self) -> list[str]:
        """Return the workflows whose cases everybody may know of."""
        return [
            name
            for name, each in self.workflows.items()
            if not each.workflow.confidential and each.workflow.blind is None
        ]


def adjusted_workflows(written: Written, known: Known) -> tuple[list[Loaded], list[Problem]]:
    """Return the workflows as adjusted, and every fault of the adjustments."""
    made: list[Loaded] = []
    faults: list[Problem] = []
    for name, given in written.adjustments.items():
        page = Page(written.layers, ("workflow", name))
        loaded = known.workflows.get(name)
        if loaded is None:
            faults += _unknown(page, name, known)
            continue
        wrong = list(_problems(page, loaded, given, known))
        faults += wrong
        if not wrong:
            made.append(adjusted(loaded, given, known.guards, page.place))
    return made, faults


def _unknown(page: Page, name: str, known: Known) -> Iterable[Problem]:
    if name.partition(".")[0] not in known.silent:
        yield page.problem((), "unknown workflow", "workflow", **choice(name, known.workflows))


def _problems(page: Page, loaded: Loaded, given: WorkflowAdjustment, known: Known) -> Iterator[Problem]:
    wrong = list(waiting_problems(page, loaded.workflow, given))
    if wrong:
        # What else is said may speak of the states that were added: not of these now.
        rest = _without_added(given)
        yield from wrong
        yield from state_problems(page, loaded.workflow, rest)
        yield from transition_problems(page, loaded.workflow, rest, known.guards)
        return
    workflow = extended(loaded.workflow, given, page.place)
    wrong += state_problems(page, workflow, given)
    wrong += transition_problems(page, workflow, given, known.guards)
    # Guards may name fields that were added.
    with_fields = adjusted(loaded, _without_guards(given), known.guards).workflow
    wrong += guard_problems(page, with_fields, given, known.guards, known.visible, known.grants)
    yield from wrong or _static(page, adjusted(loaded, given, known.guards, page.place))


def _without_added(given: WorkflowAdjustment) -> WorkflowAdjustment:
    """Return it without what is said of states and transitions that it adds."""
    names = {name for each in given.waiting for name in (each.name, each.entering)}
    kept = {
        "state": {name: each for name, each in given.state.items() if name not in names},
        "transition": {name: each for name, each in given.transition.items() if name not in names},
    }
    return given.model_copy(update=kept)


def _without_guards(given: WorkflowAdjustment) -> WorkflowAdjustment:
    steps = {name: each.model_copy(update={"guard": ()}) for name, each in given.transition.items()}
    return given.model_copy(update={"transition": steps})


def _static(page: Page, made: Loaded) -> Iterator[Problem]:
    """Yield what the checks of declarations say of the adjusted one."""
    plugin_lines = {each.declared_at for each in _parts(made.declared)}
    for each in problems(made.workflow, plugin=made.plugin):
        part = (each.path or "").partition(", ")[2]
        own = each.place if each.place not in plugin_lines else None
        said = f"adjusted like this, {part}: {each.text}"
        yield replace(each, text=said, place=own or page.place(), path=page.path(()))


def _parts(loaded: Loaded) -> Iterator[Workflow | State | Transition]:
    yield loaded.workflow
    yield from loaded.workflow.states
    yield from loaded.workflow.transitions
