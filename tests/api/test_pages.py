"""Cursor pages: complete, in order, forth and back, and of constant cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts.models import Region, Site
from nova.api import keyset

ORDERS = [
    "zone,-name,pk",
    "-zone,name,-pk",
    "name,pk",
    "-pk",
    "region_id,pk",
    "-region_id,-zone,pk",
    "region__name,zone,-pk",
    "-region__name,pk",
]


@pytest.fixture
def sites(tenant):
    """Return 60 sites with many ties, and some without a region."""
    regions = Region.objects.bulk_create(Region(tenant=tenant, name=f"R{n}") for n in range(3))
    return Site.objects.bulk_create(
        Site(
            tenant=tenant,
            name=f"S{n:02}",
            zone=["UTC", "Asia/Tokyo", "Europe/Oslo"][n % 3],
            region=[*regions, None][n * 7 % 4],
        )
        for n in range(60)
    )


def expected(order):
    return [site.name for site in Site.objects.order_by(*order.split(","))]


def walk(program, url, way):
    found = []
    while url:
        body = program.get(url).json()
        found.append(body["results"])
        url = body[way]
    return found


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 7, 60, 200])
def test_pages_forth_hold_each_row_once_in_order(program, sites, order, size):
    pages = walk(program, f"/api/support/sites?order={order}&page_size={size}", "next")

    assert [name for page in pages for name in page] == expected(order)


@pytest.mark.parametrize("order", ORDERS)
def test_pages_back_hold_what_came_before(program, sites, order):
    start = f"/api/support/sites?order={order}&page_size=7"
    forth = walk(program, start, "next")
    url = start
    while following := program.get(url).json()["next"]:
        url = following
    back = walk(program, url, "previous")

    assert back[::-1][-len(forth) :] == forth


def test_rows_that_come_and_go_do_not_shift_the_pages(program, sites, tenant):
    first = program.get("/api/support/sites?order=name,pk&page_size=10").json()
    Site.objects.filter(name="S00").delete()
    Site.objects.create(tenant=tenant, name="A0")
    second = program.get(first["next"]).json()

    assert second["results"] == [f"S{n}" for n in range(10, 20)]


def test_rows_of_values_page_as_well(program, sites):
    pages = walk(program, "/api/support/lean?order=zone,-name,pk&page_size=13", "next")

    assert [row["name"] for page in pages for row in page] == expected("zone,-name,pk")


def test_count_comes_on_request_only(program, sites):
    assert program.get("/api/support/sites?count=true&page_size=5").json()["count"] == 60
    assert "count" not in program.get("/api/support/sites").json()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=ten", "page_size"),
        ("count=perhaps", "count"),
        ("cursor=garbage", "cursor"),
        ("cursor=%00%ff", "cursor"),
        ("cursor=" + "A" * 64, "cursor"),
    ],
)
def test_garbage_is_refused_by_name(program, sites, query, field):
    response = program.get(f"/api/support/sites?{query}")

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


def test_a_cursor_of_another_order_is_refused(program, sites):
    link = program.get("/api/support/sites?order=name,pk&page_size=5").json()["next"]

    assert program.get(link.replace("order=name", "order=zone")).status_code == 400


def test_a_cursor_says_nothing_of_the_row(program, sites):
    link = program.get("/api/support/sites?order=name,pk&page_size=5").json()["next"]

    assert "S04" not in link


def test_a_deep_page_reads_one_range_of_an_index(program, sites):
    """Two directions need one query per run, and none with OFFSET or OR."""
    order = keyset.order_of(Site.objects.all(), ["-zone", "name", "pk"])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset.after(Site.objects.all(), order, ("UTC", "S30", 1), 5)

    assert len(queries) == 1
    assert '("accounts_site"."name", "accounts_site"."id") > (' in queries[0]["sql"]
    assert "OFFSET" not in queries[0]["sql"]
