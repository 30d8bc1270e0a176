"""Give ids to the names of people, teams and categories that another system's log uses."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from nova.accounts.services.named import people_named, teams_named
from nova.accounts.system import system_of
from nova.tenancy.models import Tenant
from tickets.importing.story import Changed, Story
from tickets.models import Category

UNKNOWN_CALLER = "Unknown caller"
PEOPLE = ("requester", "assignee")
CategoryKey = tuple[str, str]


class Directory:
    """The ids by name of one tenant, found or made batch by batch, and kept.

    People named "" stand for nobody known: as a requester "Unknown caller", as an actor Nova.
    """

    def __init__(self, tenant: Tenant, system: str) -> None:
        self.tenant = tenant
        self.system = system
        self.people: dict[str, int] = {}
        self.teams: dict[str, int] = {}
        self.categories: dict[CategoryKey, int] = {}
        self.nova_id = system_of(tenant.pk).pk

    def learn(self, stories: Iterable[Story], *, now: datetime) -> None:
        """Find or make all that these stories name."""
        people, teams, categories = {UNKNOWN_CALLER}, set[str](), set[CategoryKey]()
        for story in stories:
            people |= _people_of(story)
            teams |= _values_of(story, "team")
            categories.add(_category_of(story))
        unknown = people - self.people.keys() - {""}
        self.people |= people_named(unknown, self.tenant, system=self.system, now=now)
        self.teams |= teams_named(teams - self.teams.keys() - {""}, self.tenant)
        self._learn_categories(categories - self.categories.keys())

    def actor(self, name: str) -> int:
        return self.people[name] if name else self.nova_id

    def requester(self, story: Story) -> int:
        return self.people[str(story.values.get("requester", "")) or UNKNOWN_CALLER]

    def assignee(self, story: Story) -> int | None:
        return self.people.get(str(story.values.get("assignee", "")))

    def team(self, story: Story) -> int | None:
        return self.teams.get(str(story.values.get("team", "")))

    def category(self, story: Story) -> tuple[int | None, int | None]:
        """Return the ids of category and subcategory."""
        name, sub = _category_of(story)
        return self.categories.get((name, "")), self.categories.get((name, sub)) if sub else None

    def plain(self, key: str, value: str | int) -> object:
        """Return a value as the facts of tickets bear it: people and teams by id and name."""
        if not value:
            return None
        if key in PEOPLE:
            return {"id": self.people[str(value)], "name": value}
        return {"id": self.teams[str(value)], "name": value} if key == "team" else value

    def _learn_categories(self, wanted: set[CategoryKey]) -> None:
        tops = {name for name, _ in wanted if name}
        self._add({(name, ""): None for name in tops})
        subs = {(name, sub): self.categories[name, ""] for name, sub in wanted if name and sub}
        self._add(subs)

    def _add(self, parents: Mapping[CategoryKey, int | None]) -> None:
        fresh = {key: parent for key, parent in parents.items() if key not in self.categories}
        rows = [
            Category(tenant=self.tenant, parent_id=parent, name=sub or name)
            for (name, sub), parent in fresh.items()
        ]
        Category.objects.bulk_create(rows, ignore_conflicts=True)
        found = Category.objects.filter(tenant=self.tenant, name__in=[row.name for row in rows])
        ids = {
            (parent, name): pk for pk, parent, name in found.values_list("pk", "parent", "name")
        }
        for (name, sub), parent in fresh.items():
            self.categories[name, sub] = ids[parent, sub or name]


def _people_of(story: Story) -> set[str]:
    named = {story.opened_by} | {fact.by for fact in story.facts}
    return named.union(*(_values_of(story, key) for key in PEOPLE))


def _values_of(story: Story, key: str) -> set[str]:
    """Return every value that `key` ever had."""
    values = {str(story.values.get(key, ""))}
    for fact in story.facts:
        if isinstance(fact, Changed) and key in fact.changes:
            values |= {str(value) for value in fact.changes[key]}
    return values


def _category_of(story: Story) -> CategoryKey:
    return str(story.values.get("category", "")), str(story.values.get("subcategory", ""))
