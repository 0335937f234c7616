"""Addresses of projects in the console. The list, the board and the known answers are floor 3's: they say what is trusted."""

from django.urls import URLPattern, path

from annotation.web import (
    project_batches,
    project_builder,
    project_data,
    project_exports,
    project_guidelines,
    project_people,
    project_settings,
    project_tasks,
    why,
)

urlpatterns: list[URLPattern] = [
    path("projects/new/", project_builder.choose, name="project_new"),
    path("projects/new/<slug:preset>/", project_builder.build, name="project_build"),
    path("projects/check/", project_builder.check, name="project_check"),
    path("projects/guideline-preview/", project_guidelines.preview, name="guideline_preview"),
    path("projects/<str:project>/questions/", project_builder.questions, name="project_questions"),
    path("projects/<str:project>/tasks/", project_tasks.task_list, name="project_tasks"),
    path("projects/<str:project>/batches/", project_batches.batch_list, name="project_batches"),
    path("projects/<str:project>/batches/new/", project_batches.batch_new, name="batch_new"),
    path("projects/<str:project>/batches/<str:batch>/", project_batches.batch_page, name="batch"),
    path("projects/<str:project>/batches/<str:batch>/change/", project_batches.batch_change, name="batch_change"),
    path("projects/<str:project>/batches/<str:batch>/cancel/", project_batches.batch_cancel, name="batch_cancel"),
    path("projects/<str:project>/data/", project_data.data, name="project_data"),
    path("projects/<str:project>/data/<str:job>/", project_data.one, name="project_import"),
    path("projects/<str:project>/data/<str:job>/start/", project_data.start, name="import_start"),
    path("projects/<str:project>/data/<str:job>/discard/", project_data.discard, name="import_discard"),
    path("projects/<str:project>/data/<str:job>/refused/", project_data.failed, name="import_failed"),
    path("projects/<str:project>/exports/", project_exports.exports_page, name="project_exports"),
    path("projects/<str:project>/exports/download/", project_exports.download, name="export_download"),
    path("projects/<str:project>/guidelines/", project_guidelines.guidelines, name="project_guidelines"),
    path("projects/<str:project>/guidelines/publish/", project_guidelines.publish, name="guideline_publish"),
    path("projects/<str:project>/people/", project_people.project_people_page, name="project_people"),
    path("projects/<str:project>/people/member/", project_people.list_member, name="project_member"),
    path("projects/<str:project>/people/contributor/", project_people.place_contributor, name="project_contributor"),
    path("projects/<str:project>/settings/", project_settings.settings, name="project_settings"),
    path("projects/<str:project>/pause/", project_settings.pause, name="project_pause"),
    path("projects/<str:project>/resume/", project_settings.resume, name="project_resume"),
    path("projects/<str:project>/archive/", project_settings.archive, name="project_archive"),
    path("tasks/<str:task>/", project_tasks.task_page, name="task"),
    path("projects/<str:project>/people/<str:contributor>/why/", why.person, name="person_why"),
    path("tasks/<str:task>/why/", why.task, name="task_why"),
    path("tasks/<str:task>/cancel/", project_tasks.task_cancel, name="task_cancel"),
]
