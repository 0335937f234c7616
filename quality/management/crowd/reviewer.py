"""A simulated reviewer: looks at the answers side by side, accepts a right one, else writes the right one down."""

from collections.abc import Mapping
from random import Random
from typing import Any

from annotation.questions.schema import Schema
from quality.domain import consensus
from quality.management.crowd import mind
from quality.management.crowd.labeler import Manner, Person, Place

NOTE = "Please read the guideline again and look once more."


class Reviewer(Person):
    """A contributor with the review grant, at the desk."""

    async def work(self, place: Place, manner: Manner, *, returned: float = 0.0, leave: int = 0) -> bool:
        """One review; False if there was none. `leave`: so many reviews stay for others; `returned`: as `decision_on` says."""
        if leave:
            queue = (await self.ask("GET", f"/review/{place.project}/queue")).json()
            if len(queue.get("waiting", [])) <= leave:
                self.idle = True
                return False
        lease = (await self.ask("POST", f"/review/{place.project}/take", {"resume": True})).json()
        self.idle = not lease.get("item")
        if self.idle:
            return False
        active_ms = await self.think(manner.pace_s)
        body = {
            "epoch": lease["epoch"],
            "active_ms": active_ms,
            **decision_on(lease["item"], place, self.random, returned),
        }
        reply = await self.ask("POST", f"/review/a/{lease['assignment']}/decide", body)
        if reply.status == 200:
            manner.tally.reviews += 1
        else:
            manner.tally.refusals += 1
            await self.ask("POST", f"/review/a/{lease['assignment']}/return", {"epoch": lease["epoch"]})
        return True


def decision_on(item: Mapping[str, Any], place: Place, random: Random, returned: float) -> dict[str, Any]:
    """What to say of an item of the desk (`schema`, `payload`, `answers` with id, value and the value before a return).

    This share of the time send a wrong answer back to its author, once; else accept the best of those that are good enough, or correct.
    """
    schema, payload = Schema.load(item["schema"]), item["payload"]
    right = mind.truth(schema, payload, place.known.get(mind.digest(payload), mind.Known()))
    given = {each["id"]: each for each in item["answers"] if each["value"] is not None}
    near = {key: consensus.compare(schema, payload, each["value"], right) for key, each in given.items()}
    correct = [key for key, each in given.items() if consensus.meets(schema, payload, each["value"], right)]
    wrong = [key for key in given if key not in correct]
    if wrong and random.random() < returned and not any(each["before"] for each in given.values()):
        return {"decision": "return", "answer": wrong[0], "reasons": ["guideline_breach"], "note": NOTE}
    if correct:
        return {"decision": "accept", "answer": max(correct, key=lambda key: consensus.mean_score(near[key]))}
    if given and right:
        return {"decision": "correct", "value": right}
    return {"decision": "accept", "answer": item["answers"][0]["id"]}
