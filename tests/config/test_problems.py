"""The pages behind the `type` of a problem."""

import pytest
from django.test import Client

from config.api import STATUS

pytestmark = pytest.mark.django_db


def test_a_code_is_explained():
    answer = Client().get("/problems/unique_id_taken")

    assert answer.status_code == 200
    assert "unique_id" in answer.content.decode()


def test_an_unknown_code_is_not_found():
    assert Client().get("/problems/no_such_code").status_code == 404


@pytest.mark.parametrize("code", sorted(STATUS))
def test_every_code_of_the_table_has_a_page(code):
    assert Client().get(f"/problems/{code}").status_code == 200
