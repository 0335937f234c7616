"""Addresses of the workspace."""

from django.urls import path

from annotation.web import workspace, workspace_page

urlpatterns = [
    path("workspace/", workspace_page.start, name="workspace_start"),
    path("workspace/me", workspace_page.me, name="workspace_me"),
    path("workspace/<str:project>/", workspace_page.page, name="workspace"),
    path("workspace/<str:project>/schema/<int:number>", workspace_page.schema, name="workspace_schema"),
    path("workspace/<str:project>/guideline", workspace_page.guideline, name="workspace_guideline"),
    path("workspace/<str:project>/feedback", workspace_page.feedback, name="workspace_feedback"),
    path("workspace/<str:project>/ahead", workspace.ahead, name="workspace_ahead"),
    path("workspace/<str:project>/take", workspace.take, name="workspace_take"),
    path("workspace/a/<str:assignment>/beat", workspace.beat, name="workspace_beat"),
    path("workspace/a/<str:assignment>/together", workspace.together, name="workspace_together"),
    path("workspace/a/<str:assignment>/extend", workspace.extend, name="workspace_extend"),
    path("workspace/a/<str:assignment>/draft", workspace.draft, name="workspace_draft"),
    path("workspace/a/<str:assignment>/submit", workspace.submit, name="workspace_submit"),
    path("workspace/a/<str:assignment>/recall", workspace.take_back, name="workspace_recall"),
    path("workspace/a/<str:assignment>/return", workspace.give_back, name="workspace_return"),
    path("workspace/a/<str:assignment>/leaving", workspace.leaving, name="workspace_leaving"),
]
