"""Pictures and recordings in the media store."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, tagged
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.refusals import InvalidRequest, PayloadTooLarge
from annotation.domain import media
from annotation.domain.probing import MOST_BYTES
from annotation.models import File
from annotation.queries.media import link


class FileShape(serializers.Serializer[Any]):
    """A picture or recording in the media store, for both modes. Pictures have width and height, recordings seconds and sample_rate."""

    id = serializers.CharField(source="public_id")
    object = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    name = serializers.CharField()
    mime_type = serializers.CharField(source="mime")
    size_bytes = serializers.IntegerField(source="bytes")
    sha256 = serializers.CharField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    sample_rate = serializers.IntegerField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_object(self, _row: Any) -> str:
        """The noun."""
        return "file"

    def get_url(self, row: Any) -> str:
        """Signed, for some minutes."""
        return link(row.public_id, row.organization_id)


class FileInput(serializers.Serializer[Any]):
    """PNG, JPEG, GIF or WebP, or WAV, MP3, OGG or FLAC, at most 20 MB."""

    file = serializers.FileField()
    name = serializers.CharField(required=False, max_length=255)


class FilesView(KeyView):
    """All files."""

    rights = {"GET": "task.read", "POST": "file.add"}
    parser_classes = (MultiPartParser,)

    @operation("listFiles", "Files of the organization", answers=FileShape, listed=True)
    def get(self, request: Request) -> Response:
        """List."""
        return page(request, File.objects.filter(organization=self.organization).defer("peaks"), FileShape)

    @operation(
        "uploadFile",
        "Upload a picture or recording; the same content again is the same file",
        takes={"multipart/form-data": FileInput},
        answers=FileShape,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Upload."""
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise InvalidRequest(parameter="file")
        if (upload.size or 0) > MOST_BYTES:
            raise PayloadTooLarge(limit=MOST_BYTES)
        name = str(request.POST.get("name") or upload.name or "")
        file = media.store(organization=self.organization, name=name, data=upload.read(), by=self.actor)
        return tagged(request, FileShape(file).data, 201, reverse("api_file", args=[file.public_id]))


class FileView(KeyView):
    """One file."""

    rights = {"GET": "task.read", "DELETE": "file.add"}

    @operation("getFile", "A file, with a link for some minutes", answers=FileShape)
    def get(self, request: Request, file: str) -> Response:
        """Read."""
        return Response(FileShape(self.one(File.objects.filter(organization=self.organization), file)).data)

    @operation("deleteFile", "Delete a file that no task shows", answers=None, status=204)
    def delete(self, request: Request, file: str) -> Response:
        """Delete a file that no task shows."""
        row = self.one(File.objects.filter(organization=self.organization), file)
        media.remove(file=row, by=self.actor)
        return Response(status=204)
