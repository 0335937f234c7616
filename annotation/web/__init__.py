"""Pages, and the small JSON protocol of the workspace: translate, permit, one domain call, answer."""
