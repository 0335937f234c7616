"""Pages of floor 3: the reviewer desk and the quality of a project. Translate, permit, one domain call, answer."""
