from collections import Counter

import pytest

from benchmarks.simulator import world
from benchmarks.simulator.world import DAY_S, HOG, Size

SIZE = Size(tasks=5_000, people=100, projects=20, organizations=5)


@pytest.fixture(scope="module")
def drawn():
    return world.draw(SIZE, seed=3, load=1.1)


def test_the_same_seed_draws_the_same_day(drawn):
    assert world.draw(SIZE, seed=3, load=1.1) == drawn
    assert world.draw(SIZE, seed=4, load=1.1) != drawn


def test_all_tasks_are_posted_by_time_in_the_shares_of_the_classes(drawn):
    tasks = Counter()
    for post in drawn.posts:
        tasks[post.service_class] += post.tasks
    assert tasks == {"urgent": 600, "standard": 1_900, "bulk": 2_500}
    assert [post.at for post in drawn.posts] == sorted(post.at for post in drawn.posts)
    assert [post.number for post in drawn.posts] == list(range(len(drawn.posts)))


def test_the_hog_posts_most_bulk_work_at_midnight(drawn):
    of_hog = [post for post in drawn.posts if drawn.works[post.project].organization == HOG]
    assert sum(post.tasks for post in of_hog) == 1_750
    assert {(post.at, post.service_class, post.due) for post in of_hog} == {(0.0, "bulk", None)}


def test_urgent_work_has_a_deadline_within_the_hour(drawn):
    left = [post.due - post.at for post in drawn.posts if post.service_class == "urgent"]
    assert left
    assert all(1_800 <= each <= 3_600 for each in left)


def test_people_sit_within_the_day_one_sitting_after_the_other(drawn):
    for person in drawn.people:
        times = [time for sitting in person.sittings for time in sitting]
        assert times == sorted(times)
        assert all(0 <= time <= DAY_S for time in times)


def test_more_is_posted_than_can_be_done(drawn):
    supply = sum(end - start for person in drawn.people for start, end in person.sittings)
    pace = sum(person.pace for person in drawn.people) / len(drawn.people) * 2.718281828 ** (world.SIGMA**2 / 2)
    wanted = sum(
        post.tasks * world.ANSWERS[drawn.works[post.project].overlap[0]] * drawn.works[post.project].seconds
        for post in drawn.posts
    )
    assert wanted * pace == pytest.approx(1.1 * supply, rel=1e-6)


def test_an_effort_is_the_same_whenever_it_is_asked_for(drawn):
    person, work = drawn.people[0], drawn.works[0]
    first = drawn.effort(person, work, 7)
    assert drawn.effort(person, drawn.works[1], 8) != first
    assert drawn.effort(person, work, 7) == first


def test_somebody_may_what_asks_for_nothing_or_for_their_skill(drawn):
    plain = next(work for work in drawn.works if not work.skill)
    french = next(work for work in drawn.works if work.skill == "french")
    unskilled = next(person for person in drawn.people if not person.skills)
    assert unskilled.may(plain)
    assert not unskilled.may(french)
