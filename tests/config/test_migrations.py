"""The migrations of each app are one chain: two branches of work that both add one are noticed before they meet."""

import pytest
from django.db.migrations.loader import MigrationLoader


@pytest.mark.parametrize("app", ["workforce", "annotation", "quality"])
def test_each_migration_follows_exactly_one(app: str) -> None:
    graph = MigrationLoader(None).graph
    ours = {key for key in graph.nodes if key[0] == app}
    followed = [parent.key for key in ours for parent in graph.node_map[key].parents if parent.key in ours]
    assert len(graph.leaf_nodes(app)) == 1
    assert sorted(followed) == sorted(ours - set(graph.leaf_nodes(app)))
