import pytest
from annotation.models import Role
from tests.factories import make_member, make_project, make_contributor, make_alias, grant_skill, fresh
from tests.journeys.conftest import sound
from tests.quality.web.test_reviewers import decided, looked
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

def test_shot(open_page):
    project = make_project(name="Reviews of trains")
    owner = make_member(project.organization, Role.OWNER).user
    for n in range(3):
        person = make_contributor(); grant_skill(person, "review"); make_alias(project.organization, person)
        other = make_contributor()
        for k in range(12):
            r = decided(project, person, "reject" if k % 3 == 0 else "accept", second_p=0.1)
            if k < 7:
                looked(r, "second" if k else "adjudication", float(bool(k)), "" if k else "false_reject")
                decided(project, other, r.decision if k else "accept", second_of=r)
            if k == 9:
                looked(r, "appeal", float(n > 0), "" if n else "false_reject")
    page = open_page(owner, f"/projects/{project.public_id}/people/")
    page.get_by_text("Krippendorff").or_(page.get_by_text("beyond chance")).first.wait_for()
    sound(page)
    page.screenshot(path="/work/tmp/appeals/people.png", full_page=True)
    page = open_page(owner, f"/projects/{project.public_id}/people/", viewport={"width": 380, "height": 800})
    page.get_by_text("beyond chance").first.wait_for()
    sound(page)
    page.screenshot(path="/work/tmp/appeals/people-narrow.png", full_page=True)
    page = open_page(person.user, "/review/")
    sound(page)
    page.screenshot(path="/work/tmp/appeals/reviews.png", full_page=True)
