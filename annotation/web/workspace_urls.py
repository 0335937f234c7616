"""Addresses of the workspace."""

from django.urls import path

from annotation.web import workspace

urlpatterns = [
    path("workspace/<str:project>/ahead", workspace.ahead, name="workspace_ahead"),
    path("workspace/<str:project>/take", workspace.take, name="workspace_take"),
    path("workspace/a/<str:assignment>/beat", workspace.beat, name="workspace_beat"),
    path("workspace/a/<str:assignment>/extend", workspace.extend, name="workspace_extend"),
    path("workspace/a/<str:assignment>/draft", workspace.draft, name="workspace_draft"),
    path("workspace/a/<str:assignment>/submit", workspace.submit, name="workspace_submit"),
    path("workspace/a/<str:assignment>/return", workspace.give_back, name="workspace_return"),
    path("workspace/a/<str:assignment>/leaving", workspace.leaving, name="workspace_leaving"),
]
