"""Packages of CASE as others write them: document, items, associations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from talenthub.framework.content import Document
from talenthub.framework.formats.case_parts import (
    ASSOCIATION,
    BACKWARDS,
    CHILD,
    EXTENDED,
    NEWER_TYPES,
    SAME,
    TYPES,
    UUID,
)
from talenthub.framework.formats.case_rubrics import Criterion, Rubrics, read_rubrics
from talenthub.framework.formats.fields import Fields
from talenthub.framework.formats.naming import slug
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import Outline, leave_rest, place_of, said

_DOCUMENT = ("description", "adoptionStatus", "notes", "officialSourceURL", "subject")
_ITEM = ("alternativeLabel", "notes", "conceptKeywords", "educationLevel", "CFItemType", "listEnumeration")


@dataclass(slots=True)
class Item:
    """An item: its words, and where it stands in the tree."""

    identifier: str
    statement: Node
    short: Node | None
    scheme: str | None
    fields: Fields
    code: str = ""
    parent: str | None = None
    children: list[tuple[bool, int, str]] = field(default_factory=list)
    """Without number, number and identifier of what stands below."""


@dataclass(frozen=True, slots=True)
class Association:
    """A link between two ends, which may be anywhere."""

    type: str
    origin: str
    target: str
    title: str | None
    number: int | None
    place: str


def read_package(top: Fields) -> Document:
    """Return the framework in a package; FileError holds all problems."""
    outline = Outline(top.notes, place_of(top))
    package = _Package(outline)
    document = top.fields("CFDocument", required=True)
    if document is not None:
        package.document(document, top)
    package.items = {each.identifier: each for each in read_items(top)}
    package.associate(read_associations(top))
    package.grow(read_rubrics(top, outline))
    for key in ("CFDefinitions", "extensions"):
        top.get(key)
    leave_rest(top, outline, "package", package.seen)
    return outline.document()


def read_items(top: Fields) -> Iterator[Item]:
    """Return the items that have an identifier and a statement."""
    known: set[str] = set()
    for each in top.records("CFItems"):
        identifier, statement = said(each, "identifier"), each.get("fullStatement", required=True)
        if identifier is None:
            each.get("identifier", required=True)
        elif identifier in known:
            top.notes.add(each.node, each.path, "two items have this identifier", "clash", found=identifier)
        elif statement is not None:
            known.add(identifier)
            short = each.get("abbreviatedStatement") if said(each, "abbreviatedStatement") else None
            yield Item(identifier, statement, short, said(each, "humanCodingScheme"), each)


def read_associations(top: Fields) -> Iterator[Association]:
    """Return the associations that have a type and two ends."""
    for each in top.records("CFAssociations"):
        kind = each.word("associationType", required=True)
        origin = each.fields("originNodeURI", required=True)
        target = each.fields("destinationNodeURI", required=True)
        number = each.whole("sequenceNumber", lowest=-(2**31))
        if kind is None or origin is None or target is None:
            continue
        if kind not in TYPES + NEWER_TYPES and not EXTENDED.fullmatch(kind):
            node = each.node.value["associationType"]
            top.notes.unknown(
                node, each.at("associationType"), "type of association", kind, TYPES + NEWER_TYPES
            )
            continue
        yield Association(kind, _end(origin), _end(target), said(target, "title"), number, place_of(each))


def _end(link: Fields) -> str:
    return said(link, "identifier") or said(link, "uri") or ""


@dataclass(slots=True)
class _Package:
    outline: Outline
    items: dict[str, Item] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    _own: str | None = None
    """The identifier of the document."""
    _top: list[tuple[bool, int, str]] = field(default_factory=list)
    _links: list[Association] = field(default_factory=list)

    def document(self, fields: Fields, top: Fields) -> None:
        """Read name, origin and terms."""
        self._own, title = said(fields, "identifier"), fields.get("title", required=True)
        creator = said(fields, "creator")
        self.outline.head(
            id=slug((title and title.name) or "case"),
            name=title,
            version=said(fields, "version") or "1",
            language=said(fields, "language") or "en",
            licence=_licence(fields.get("licenseURI"), top),
            attribution=said(fields, "publisher") or creator,
            source=said(fields, "uri"),
        )
        place = place_of(fields)
        self.outline.point(place, None, SAME, self._own or "")
        self.outline.point(place, None, f"{ASSOCIATION}creator", creator or "")
        self._keep(fields, None, _DOCUMENT, ("lastChangeDateTime", "caseVersion", "CFPackageURI"))
        leave_rest(fields, self.outline, "document", self.seen)

    def associate(self, associations: Iterable[Association]) -> None:
        """Put the items into a tree; what is no place in it is kept."""
        for each in associations:
            child = self.items.get(each.origin)
            order = (each.number is None, each.number or 0, each.origin)
            if each.type != CHILD or child is None:
                self._links.append(each)
            elif each.target == self._own:
                self._top.append(order)
            elif each.target in self.items and child.parent is None:
                child.parent = each.target
                self.items[each.target].children.append(order)
            else:
                self._links.append(each)

    def grow(self, rubrics: Rubrics) -> None:
        """Add the items in their order, with the words of their levels."""
        for each in self._ordered():
            self._add(each, rubrics)
        for criterion in rubrics.loose(self.items):
            self._add_criterion(criterion)
        for link in self._links:
            self._link(link)

    def _ordered(self) -> Iterator[Item]:
        listed = [identifier for _, _, identifier in sorted(self._top, key=_by_number)]
        roots = dict.fromkeys([*listed, *self.items])
        waiting = [each for each in roots if self.items[each].parent is None][::-1]
        met: set[str] = set()
        while waiting:
            item = self.items[waiting.pop()]
            if item.identifier not in met:
                met.add(item.identifier)
                yield item
                waiting += [each for _, _, each in sorted(item.children, key=_by_number)][::-1]
        # What no top leads to stands in a ring: the reader of our YAML says so.
        yield from (each for each in self.items.values() if each.identifier not in met)

    def _add(self, item: Item, rubrics: Rubrics) -> None:
        place, fields = place_of(item.fields), item.fields
        if not UUID.fullmatch(item.identifier):
            self.outline.leave(
                place, "this identifier is no UUID", "identifier", "kept", found=item.identifier
            )
        code = self._code(item)
        criterion = rubrics.of(item.identifier)
        scale = None
        if criterion is not None:
            scale = self.outline.scale(criterion.levels)
        elif not item.children:
            scale = self.outline.held()
        made = self.outline.competency(
            place,
            code,
            item.short or item.statement,
            definition=item.statement if item.short else None,
            parent=self._code(self.items[item.parent]) if item.parent else None,
            scale=scale,
        )
        for ordinal, text in criterion.words.items() if criterion else ():
            self.outline.words(made, ordinal, text)
        if code != item.identifier:
            self.outline.point(place, code, SAME, item.identifier)
        if item.scheme is not None and item.scheme != code:
            self.outline.point(place, code, f"{ASSOCIATION}humanCodingScheme", item.scheme)
        self._keep(fields, code, _ITEM, ("uri", "lastChangeDateTime", "CFDocumentURI", "CFItemTypeURI"))
        leave_rest(fields, self.outline, "item", self.seen)

    def _code(self, item: Item) -> str:
        if not item.code:
            wanted = item.scheme if item.scheme and self.outline.is_free(item.scheme) else item.identifier
            item.code = self.outline.code(wanted, item.statement.raw)
        return item.code

    def _add_criterion(self, criterion: Criterion) -> None:
        if criterion.item is not None:
            text, done = "this criterion names an item that is not in the package", "kept as a competency"
            self.outline.leave(criterion.place, text, "dangling", done, found=criterion.item)
        code = self.outline.code(criterion.identifier, criterion.title)
        made = self.outline.competency(
            criterion.place, code, criterion.title, scale=self.outline.scale(criterion.levels)
        )
        for ordinal, words in criterion.words.items():
            self.outline.words(made, ordinal, words)
        self.outline.point(criterion.place, code, f"{ASSOCIATION}CFItemURI", criterion.item or "")

    def _link(self, link: Association) -> None:
        origin, target = self.items.get(link.origin), self.items.get(link.target)
        inside = link.origin == self._own or origin is not None
        if not inside or (target is None and link.target != self._own):
            text, done = "one end of this association is not in the package", "kept as a pointer"
            found = link.target if inside else link.origin
            self.outline.leave(link.place, text, "dangling", done, found=found, allowed=link.type)
        elif link.type == CHILD:
            text, done = "this item stands in two places", "the second is kept as a pointer"
            self.outline.leave(link.place, text, "second-parent", done, found=link.target)
        kind, far = f"{ASSOCIATION}{link.type}", link.target if target is None else target.code
        if not inside:
            # The far end stands outside: the pointer is turned round, and says so.
            kind, far = f"{kind}{BACKWARDS}", link.origin
        of = origin if inside else target
        title = link.title if inside and target is None else None
        self.outline.point(link.place, None if of is None else of.code, kind, far, title)

    def _keep(self, fields: Fields, of: str | None, keys: Iterable[str], silent: Iterable[str]) -> None:
        for key in keys:
            for word in _listed(fields, key):
                self.outline.point(place_of(fields), of, f"{ASSOCIATION}{key}", word)
        for key in silent:
            fields.get(key)


def _by_number(order: tuple[bool, int, str]) -> tuple[bool, int]:
    return order[:2]


def _listed(fields: Fields, key: str) -> list[str]:
    node = fields.get(key)
    nodes = [] if node is None else node.value if isinstance(node.value, list) else [node]
    return [each.raw for each in nodes if isinstance(each.value, str | int | float)]


def _licence(link: Node | None, top: Fields) -> str | None:
    """Return what a licence is called; its text where it has no name."""
    if link is None or not isinstance(link.value, dict):
        return None
    named = Fields(link, "licenseURI", top.notes)
    definitions = top.get("CFDefinitions")
    if definitions is not None and isinstance(definitions.value, dict):
        for each in Fields(definitions, "CFDefinitions", top.notes).records("CFLicenses"):
            if said(each, "identifier") == said(named, "identifier"):
                return said(each, "title") or said(each, "licenseText")
    return said(named, "title")
