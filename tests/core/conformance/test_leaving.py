"""A plugin goes while its cases stand everywhere: what is lost then is found."""

from __future__ import annotations

from talenthub.conformance import leaving
from talenthub.conformance.leaving import gone_and_back
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.versions.parked import parked


def test_open_waiting_and_closed_cases_go_and_return(spoil, tmp_path, monkeypatch) -> None:
    found = spoil("leaves")
    stood: set[tuple[str, bool]] = set()
    stand = leaving._stand_everywhere

    def noted(scene, loaded, histories):
        stand(scene, loaded, histories)
        cases, *_ = leaving._stored(scene)
        stood.update((row.state, row.closed_at is None) for row in cases)

    monkeypatch.setattr(leaving, "_stand_everywhere", noted)
    assert list(gone_and_back(found, tmp_path / "house")) == []
    assert stood == {("planned", True), ("held", False)}


def test_what_goes_wrong_is_named(spoil, tmp_path, monkeypatch) -> None:
    def answer(tx, catalogue):
        # Nobody is told while it is away, and all stay parked for ever.
        return parked(tx, Catalogue([])) if len(list(catalogue)) else []

    monkeypatch.setattr(leaving, "parked", answer)
    away, back = [problem for _, problem in gone_and_back(spoil("stays"), tmp_path / "house")]
    assert "nobody is told that cases of stays.talk version 1 are parked" in away.text
    assert "cases of stays.talk version 1 stay parked" in back.text
    assert "workflows.py:" in str(away.place)
