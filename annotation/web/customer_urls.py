"""Addresses of the customer's own affairs: people, organization, keys, webhooks."""

from django.urls import path

from annotation.web import invitations, keys, organizations, people, webhooks

urlpatterns = [
    path("organizations/new/", organizations.new, name="organization_new"),
    path("organizations/<str:organization>/switch/", organizations.switch, name="organization_switch"),
    path("organization/", organizations.settings, name="organization"),
    path("organization/leave/", organizations.leave, name="organization_leave"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("people/", people.members, name="people"),
    path("people/invite/", people.invite, name="people_invite"),
    path("people/invitations/<str:invitation>/withdraw/", people.withdraw, name="people_withdraw"),
    path("people/contributors/", people.contributors, name="people_contributors"),
    path("people/contributors/<str:contributor>/review/", people.grant_review, name="people_review"),
    path("people/<str:member>/", people.member, name="people_member"),
    path("people/<str:member>/remove/", people.remove, name="people_remove"),
    path("keys/", keys.keys, name="keys"),
    path("keys/new/", keys.new, name="key_new"),
    path("keys/<str:key>/rotate/", keys.rotate, name="key_rotate"),
    path("keys/<str:key>/revoke/", keys.revoke, name="key_revoke"),
    path("webhooks/", webhooks.endpoints, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook_new"),
    path("webhooks/deliveries/<str:delivery>/retry/", webhooks.retry, name="webhook_retry"),
    path("webhooks/<str:endpoint>/", webhooks.endpoint, name="webhook"),
    path("webhooks/<str:endpoint>/edit/", webhooks.edit, name="webhook_edit"),
    path("webhooks/<str:endpoint>/switch/", webhooks.switch, name="webhook_switch"),
    path("webhooks/<str:endpoint>/ping/", webhooks.ping, name="webhook_ping"),
    path("webhooks/<str:endpoint>/rotate/", webhooks.rotate, name="webhook_rotate"),
    path("webhooks/<str:endpoint>/replay/", webhooks.replay, name="webhook_replay"),
]
